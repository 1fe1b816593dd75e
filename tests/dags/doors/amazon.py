"""What goes to Amazon S3 and its kin: a verified bucket in Paris, an endpoint with a certificate, and elsewhere."""

from airflow.providers.amazon.aws.operators.athena import AthenaOperator
from airflow.providers.amazon.aws.operators.ecs import EcsRunTaskOperator
from airflow.providers.amazon.aws.operators.s3 import S3CopyObjectOperator, S3CreateObjectOperator
from airflow.providers.amazon.aws.sensors.s3 import S3KeySensor
from airflow.providers.amazon.aws.transfers.local_to_s3 import LocalFilesystemToS3Operator
from airflow.providers.amazon.aws.transfers.redshift_to_s3 import RedshiftToS3Operator
from airflow.providers.amazon.aws.transfers.s3_to_sftp import S3ToSFTPOperator
from airflow.providers.amazon.aws.transfers.sql_to_s3 import SqlToS3Operator
from corpus import dag

with dag("s3_create_unverified"):
    S3CreateObjectOperator(task_id="t", s3_bucket="us-research", s3_key="x", data="x", aws_conn_id="aws_paris")

with dag("s3_create_verified"):
    S3CreateObjectOperator(task_id="t", s3_bucket="chu-paris", s3_key="x", data="x", aws_conn_id="aws_paris")

with dag("s3_create_verified_but_declared_in_virginia"):
    S3CreateObjectOperator(task_id="t", s3_bucket="chu-paris", s3_key="x", data="x", aws_conn_id="aws_virginia")

with dag("s3_create_at_certified_endpoint"):
    S3CreateObjectOperator(task_id="t", s3_bucket="lac", s3_key="x", data="x", aws_conn_id="oos")


with dag("s3_create_with_a_missing_connection"):
    S3CreateObjectOperator(task_id="t", s3_bucket="lac", s3_key="x", data="x", aws_conn_id="nowhere")

with dag("s3_key_as_uri"):
    S3CreateObjectOperator(task_id="t", s3_key="s3://us-research/x", data="x", aws_conn_id="aws_paris")

with dag("s3_copy_out"):
    S3CopyObjectOperator(
        task_id="t",
        source_bucket_key="s3://chu-paris/x",
        dest_bucket_key="s3://us-research/x",
        aws_conn_id="aws_paris",
    )

with dag("s3_copy_inside"):
    S3CopyObjectOperator(
        task_id="t",
        source_bucket_key="s3://chu-paris/x",
        dest_bucket_name="chu-paris",
        dest_bucket_key="y",
        aws_conn_id="aws_paris",
    )

with dag("s3_rendered_bucket"):
    LocalFilesystemToS3Operator(
        task_id="t", filename="/srv/x.csv", dest_bucket="{{ 'us' }}-research", dest_key="x", aws_conn_id="aws_paris"
    )

with dag("s3_mapped_one_bad"):
    LocalFilesystemToS3Operator.partial(
        task_id="t", filename="/srv/x.csv", aws_conn_id="aws_paris", dest_key="x"
    ).expand(dest_bucket=["chu-paris", "us-research"])

with dag("s3_mapped_all_good"):
    LocalFilesystemToS3Operator.partial(
        task_id="t", filename="/srv/x.csv", aws_conn_id="aws_paris", dest_key="x"
    ).expand(dest_bucket=["chu-paris"])

with dag("sql_to_s3_out"):
    SqlToS3Operator(
        task_id="t",
        query="select 1",
        s3_bucket="us-research",
        s3_key="x",
        sql_conn_id="pg_own",
        aws_conn_id="aws_paris",
    )

with dag("sql_to_s3_inside"):
    SqlToS3Operator(
        task_id="t", query="select 1", s3_bucket="chu-paris", s3_key="x", sql_conn_id="pg_own", aws_conn_id="aws_paris"
    )

with dag("s3_to_sftp_out"):
    S3ToSFTPOperator(
        task_id="t",
        s3_bucket="chu-paris",
        s3_key="x",
        sftp_path="/in/x",
        sftp_conn_id="sftp_abroad",
        aws_conn_id="aws_paris",
    )

with dag("redshift_to_s3_out"):
    RedshiftToS3Operator(
        task_id="t",
        s3_bucket="us-research",
        s3_key="x",
        schema="public",
        table="patients",
        redshift_conn_id="pg_own",
        aws_conn_id="aws_paris",
    )


with dag("athena_unload"):
    AthenaOperator(
        task_id="t",
        query="UNLOAD (SELECT * FROM p) TO 's3://us-research/x' WITH (format = 'PARQUET')",
        database="d",
        output_location="s3://chu-paris/athena/",
        region_name="eu-west-3",
        aws_conn_id="aws_paris",
    )

with dag("ecs_given_a_bucket"):
    EcsRunTaskOperator(
        task_id="t",
        cluster="c",
        task_definition="d",
        overrides={"containerOverrides": [{"name": "c", "command": ["cp", "s3://us-research/"]}]},
        aws_conn_id="aws_paris",
    )

with dag("s3_sensor_inside"):
    S3KeySensor(task_id="t", bucket_name="chu-paris", bucket_key="done", aws_conn_id="aws_paris")
