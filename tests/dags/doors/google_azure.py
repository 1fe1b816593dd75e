"""What goes to Google and Azure: the bucket and the account that the DPO verified, and others."""

from airflow.providers.google.cloud.operators.bigquery import BigQueryInsertJobOperator
from airflow.providers.google.cloud.transfers.gcs_to_gcs import GCSToGCSOperator
from airflow.providers.google.cloud.transfers.local_to_gcs import LocalFilesystemToGCSOperator
from airflow.providers.google.cloud.transfers.postgres_to_gcs import PostgresToGCSOperator
from airflow.providers.google.suite.transfers.local_to_drive import LocalFilesystemToGoogleDriveOperator
from airflow.providers.microsoft.azure.transfers.local_to_wasb import LocalFilesystemToWasbOperator
from airflow.providers.microsoft.azure.transfers.sftp_to_wasb import SFTPToWasbOperator
from corpus import dag

with dag("gcs_verified"):
    LocalFilesystemToGCSOperator(task_id="t", src="/srv/x", dst="x", bucket="chu-gcs")

with dag("gcs_rendered"):
    LocalFilesystemToGCSOperator(task_id="t", src="/srv/x", dst="x", bucket="{{ 'us-research' }}")


with dag("gcs_copy_inside"):
    GCSToGCSOperator(task_id="t", source_bucket="chu-gcs", source_object="x", destination_bucket="chu-gcs")

with dag("postgres_to_gcs_inside"):
    PostgresToGCSOperator(task_id="t", sql="select 1", bucket="chu-gcs", filename="x", postgres_conn_id="pg_own")


with dag("bigquery_export_data"):
    BigQueryInsertJobOperator(
        task_id="t",
        configuration={"query": {"query": "EXPORT DATA OPTIONS(uri='gs://us-research/*.csv') AS SELECT 1"}},
    )

with dag("drive"):
    LocalFilesystemToGoogleDriveOperator(task_id="t", local_paths=["/srv/x"], drive_folder="x")

with dag("wasb_unverified"):
    LocalFilesystemToWasbOperator(
        task_id="t", file_path="/srv/x", container_name="c", blob_name="x", wasb_conn_id="wasb_abroad"
    )

with dag("wasb_verified"):
    LocalFilesystemToWasbOperator(
        task_id="t", file_path="/srv/x", container_name="c", blob_name="x", wasb_conn_id="wasb_own"
    )

with dag("wasb_by_a_connection_string"):
    LocalFilesystemToWasbOperator(
        task_id="t", file_path="/srv/x", container_name="c", blob_name="x", wasb_conn_id="wasb_string"
    )

with dag("sftp_to_wasb"):
    SFTPToWasbOperator(
        task_id="t",
        sftp_source_path="/x",
        container_name="c",
        blob_prefix="x",
        sftp_conn_id="sftp_own",
        wasb_conn_id="wasb_abroad",
    )
