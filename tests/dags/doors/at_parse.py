"""What no connection could move, and what would run unseen: import errors, one of which Airflow keeps a file."""

from airflow.providers.amazon.aws.operators.s3 import (
    S3CreateObjectOperator,
)
from airflow.providers.amazon.aws.operators.sqs import SqsPublishOperator
from airflow.providers.common.io.operators.file_transfer import FileTransferOperator
from airflow.providers.google.cloud.operators.gcs import GCSCreateBucketOperator, GCSSynchronizeBucketsOperator
from airflow.providers.google.cloud.transfers.bigquery_to_gcs import BigQueryToGCSOperator
from airflow.providers.google.cloud.transfers.gcs_to_gcs import GCSToGCSOperator
from airflow.providers.google.cloud.transfers.local_to_gcs import LocalFilesystemToGCSOperator
from airflow.providers.google.cloud.transfers.s3_to_gcs import S3ToGCSOperator
from airflow.providers.standard.operators.bash import BashOperator
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


class FromTrigger(BaseOperator):
    """Would start in the triggerer."""

    start_from_trigger = True

    def execute(self, context):  # noqa: ARG002 - Airflow's signature
        return None


with dag("s3_create_without_a_connection"):
    S3CreateObjectOperator(task_id="t", s3_bucket="lac", s3_key="x", data="x", aws_conn_id=None)

with dag("sqs_virginia"):
    SqsPublishOperator(
        task_id="t",
        sqs_queue="https://sqs.us-east-1.amazonaws.com/1/q",
        message_content="x",
        aws_conn_id="aws_virginia",
    )

with dag("unknown_destination"):
    Upload(task_id="t", destination="https://drop.partner.example/x")

with dag("from_trigger"):
    FromTrigger(task_id="t")

with dag("as_another_user"):
    BashOperator(task_id="t", bash_command="true", run_as_user="root")

with dag("gcs_unverified"):
    LocalFilesystemToGCSOperator(task_id="t", src="/srv/x", dst="x", bucket="us-research")

with dag("gcs_copy_out"):
    GCSToGCSOperator(task_id="t", source_bucket="chu-gcs", source_object="x", destination_bucket="us-research")

with dag("bigquery_to_gcs"):
    BigQueryToGCSOperator(
        task_id="t", source_project_dataset_table="a.b", destination_cloud_storage_uris=["gs://us-research/x"]
    )

with dag("file_transfer_out"):
    FileTransferOperator(task_id="t", src="/srv/x", dst="s3://us-research/x")

with dag("file_transfer_to_https"):
    FileTransferOperator(task_id="t", src="/srv/x", dst="https://drop.partner.example/x")

with dag("gcs_synchronized_out"):
    GCSSynchronizeBucketsOperator(task_id="t", source_bucket="chu-gcs", destination_bucket="us-research")

with dag("gcs_bucket_made_in_the_us"):
    GCSCreateBucketOperator(task_id="t", bucket_name="chu-new", location="US")

with dag("s3_to_gcs_out"):
    S3ToGCSOperator(task_id="t", bucket="chu-paris", dest_gcs="gs://us-research/x", aws_conn_id="aws_paris")
