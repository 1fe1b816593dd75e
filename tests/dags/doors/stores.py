"""More of object stores: tricks with endpoints and regions, copies between clouds, paths as objects, mapped tasks."""

from airflow.providers.amazon.aws.operators.emr import EmrAddStepsOperator
from airflow.providers.amazon.aws.operators.glue import GlueJobOperator
from airflow.providers.amazon.aws.operators.lambda_function import LambdaInvokeFunctionOperator
from airflow.providers.amazon.aws.operators.redshift_data import RedshiftDataOperator
from airflow.providers.amazon.aws.operators.s3 import (
    S3CopyPrefixOperator,
    S3CreateBucketOperator,
    S3CreateObjectOperator,
    S3DeleteObjectsOperator,
    S3FileTransformOperator,
    S3ListOperator,
)
from airflow.providers.amazon.aws.operators.sns import SnsPublishOperator
from airflow.providers.amazon.aws.sensors.s3 import S3KeySensor
from airflow.providers.amazon.aws.transfers.gcs_to_s3 import GCSToS3Operator
from airflow.providers.amazon.aws.transfers.http_to_s3 import HttpToS3Operator
from airflow.providers.amazon.aws.transfers.sftp_to_s3 import SFTPToS3Operator
from airflow.providers.common.io.operators.file_transfer import FileTransferOperator
from airflow.providers.google.cloud.operators.cloud_sql import CloudSQLExportInstanceOperator
from airflow.providers.google.cloud.operators.pubsub import PubSubPublishMessageOperator
from airflow.providers.google.cloud.transfers.gcs_to_local import GCSToLocalFilesystemOperator
from airflow.providers.google.cloud.transfers.gcs_to_sftp import GCSToSFTPOperator
from airflow.providers.google.cloud.transfers.sftp_to_gcs import SFTPToGCSOperator
from airflow.providers.microsoft.azure.operators.adls import ADLSCreateObjectOperator
from airflow.providers.microsoft.azure.operators.asb import AzureServiceBusSendMessageOperator
from airflow.providers.microsoft.azure.operators.container_instances import AzureContainerInstancesOperator
from airflow.providers.microsoft.azure.operators.data_factory import AzureDataFactoryRunPipelineOperator
from airflow.providers.microsoft.azure.operators.msgraph import MSGraphAsyncOperator
from airflow.providers.microsoft.azure.operators.wasb_delete_blob import WasbDeleteBlobOperator
from airflow.providers.microsoft.azure.transfers.s3_to_wasb import S3ToAzureBlobStorageOperator
from airflow.sdk import ObjectStoragePath
from corpus import dag

TO = {"s3_bucket": "lac", "s3_key": "x", "data": "x"}

with dag("s3_endpoint_of_another_region"):
    S3CreateObjectOperator(task_id="t", aws_conn_id="aws_two_regions", **TO)

with dag("s3_endpoint_of_the_service"):
    S3CreateObjectOperator(task_id="t", aws_conn_id="aws_service_endpoint", **TO)

with dag("s3_endpoint_with_userinfo"):
    S3CreateObjectOperator(task_id="t", aws_conn_id="aws_userinfo", **TO)

with dag("s3_endpoint_that_looks_alike"):
    S3CreateObjectOperator(task_id="t", aws_conn_id="aws_look_alike", **TO)

with dag("s3_by_a_proxy"):
    S3CreateObjectOperator(task_id="t", aws_conn_id="aws_proxied", **TO)

with dag("s3_prefix_out"):
    S3CopyPrefixOperator(
        task_id="t",
        source_bucket_name="chu-paris",
        source_bucket_prefix="x/",
        dest_bucket_name="us-research",
        dest_bucket_prefix="x/",
        aws_conn_id="aws_paris",
    )

with dag("s3_transform_out"):
    S3FileTransformOperator(
        task_id="t",
        source_s3_key="s3://chu-paris/x",
        dest_s3_key="s3://us-research/x",
        transform_script="/bin/cp",
        source_aws_conn_id="aws_paris",
        dest_aws_conn_id="aws_paris",
    )

with dag("s3_transform_inside"):
    S3FileTransformOperator(
        task_id="t",
        source_s3_key="s3://chu-paris/x",
        dest_s3_key="s3://chu-paris/y",
        transform_script="/bin/cp",
        source_aws_conn_id="aws_paris",
        dest_aws_conn_id="aws_paris",
    )

with dag("s3_delete_inside"):
    S3DeleteObjectsOperator(task_id="t", bucket="chu-paris", keys=["x"], aws_conn_id="aws_paris")

with dag("s3_list_of_a_stranger"):
    S3ListOperator(task_id="t", bucket="us-research", aws_conn_id="aws_paris")

with dag("s3_bucket_made_in_virginia"):
    S3CreateBucketOperator(task_id="t", bucket_name="chu-new", region_name="us-east-1", aws_conn_id="aws_paris")

with dag("s3_sensor_deferred_inside"):
    S3KeySensor(task_id="t", bucket_key="s3://chu-paris/done", aws_conn_id="aws_paris", deferrable=True)

with dag("s3_with_a_role_inside"):
    S3DeleteObjectsOperator(task_id="t", bucket="chu-paris", keys=["x"], aws_conn_id="aws_role")

with dag("s3_mapped_by_kwargs"):
    S3CreateObjectOperator.partial(task_id="t", data="x", aws_conn_id="aws_paris").expand_kwargs(
        [{"s3_bucket": "chu-paris", "s3_key": "x"}, {"s3_key": "s3://us-research/x"}]
    )

with dag("gcs_to_s3_inside"):
    GCSToS3Operator(task_id="t", gcs_bucket="chu-gcs", dest_s3_key="s3://chu-paris/x", dest_aws_conn_id="aws_paris")

with dag("gcs_to_s3_out"):
    GCSToS3Operator(task_id="t", gcs_bucket="chu-gcs", dest_s3_key="s3://us-research/x", dest_aws_conn_id="aws_paris")

with dag("http_to_s3_inside"):
    HttpToS3Operator(
        task_id="t", http_conn_id="http_own", endpoint="x", s3_bucket="chu-paris", s3_key="x", aws_conn_id="aws_paris"
    )

with dag("http_to_s3_from_abroad"):
    HttpToS3Operator(
        task_id="t",
        http_conn_id="http_abroad",
        endpoint="x",
        data={"patients": "x"},
        s3_bucket="chu-paris",
        s3_key="x",
        aws_conn_id="aws_paris",
    )

with dag("sftp_to_s3_out"):
    SFTPToS3Operator(
        task_id="t",
        sftp_path="/x",
        s3_bucket="us-research",
        s3_key="x",
        sftp_conn_id="sftp_own",
        s3_conn_id="aws_paris",
    )

with dag("sns_virginia"):
    SnsPublishOperator(
        task_id="t",
        target_arn="arn:aws:sns:us-east-1:1:t",
        message="x",
        aws_conn_id="aws_paris",
        region_name="us-east-1",
    )

with dag("lambda_elsewhere"):
    LambdaInvokeFunctionOperator(task_id="t", function_name="f", payload="{}", aws_conn_id="aws_virginia")

with dag("glue_given_a_bucket"):
    GlueJobOperator(
        task_id="t", job_name="j", script_args={"--out": "s3://us-research/x"}, aws_conn_id="aws_paris", s3_bucket="b"
    )

with dag("emr_given_a_bucket"):
    EmrAddStepsOperator(
        task_id="t",
        job_flow_id="j",
        steps=[{"Name": "x", "HadoopJarStep": {"Jar": "c.jar", "Args": ["s3-dist-cp", "--dest=s3://us-research/x"]}}],
        aws_conn_id="aws_paris",
    )

with dag("redshift_data_unload"):
    RedshiftDataOperator(
        task_id="t",
        sql="unload ('select * from p') to 's3://us-research/x' iam_role default",
        database="d",
        cluster_identifier="c",
        aws_conn_id="aws_paris",
    )

with dag("path_to_a_stranger"):
    FileTransferOperator(task_id="t", src="/srv/x", dst=ObjectStoragePath("s3://aws_paris@us-research/x"))

with dag("path_to_our_own"):
    FileTransferOperator(
        task_id="t", src=ObjectStoragePath("file:///srv/x"), dst=ObjectStoragePath("s3://aws_paris@chu-paris/x")
    )

with dag("path_as_text_to_our_own"):
    FileTransferOperator(task_id="t", src="file:///srv/x", dst="s3://aws_paris@chu-paris/x")

with dag("gcs_to_sftp_out"):
    GCSToSFTPOperator(
        task_id="t", source_bucket="chu-gcs", source_object="x", destination_path="/in", sftp_conn_id="sftp_abroad"
    )

with dag("gcs_to_sftp_inside"):
    GCSToSFTPOperator(
        task_id="t", source_bucket="chu-gcs", source_object="x", destination_path="/in", sftp_conn_id="sftp_own"
    )

with dag("sftp_to_gcs_inside"):
    SFTPToGCSOperator(task_id="t", source_path="/x", destination_bucket="chu-gcs", sftp_conn_id="sftp_own")

with dag("gcs_to_a_local_file"):
    GCSToLocalFilesystemOperator(task_id="t", bucket="chu-gcs", object_name="x", filename="/srv/x")


with dag("pubsub"):
    PubSubPublishMessageOperator(task_id="t", topic="t", messages=[{"data": b"x"}], project_id="p")

with dag("cloud_sql_export"):
    CloudSQLExportInstanceOperator(
        task_id="t", instance="i", body={"exportContext": {"uri": "gs://us-research/x", "fileType": "sql"}}
    )

with dag("adls_of_a_stranger"):
    ADLSCreateObjectOperator(
        task_id="t", file_system_name="f", file_name="x", data="x", azure_data_lake_conn_id="lake_abroad"
    )

with dag("service_bus"):
    AzureServiceBusSendMessageOperator(task_id="t", queue_name="q", message="x", azure_service_bus_conn_id="bus")

with dag("container_instance"):
    AzureContainerInstancesOperator(
        task_id="t",
        ci_conn_id="azure_own",
        resource_group="g",
        name="n",
        image="i",
        region="westus",
        environment_variables={"OUT": "https://partner.blob.core.windows.net/x"},
    )

with dag("data_factory"):
    AzureDataFactoryRunPipelineOperator(
        task_id="t",
        pipeline_name="p",
        azure_data_factory_conn_id="azure_own",
        parameters={},
        resource_group_name="g",
        factory_name="f",
    )

with dag("graph"):
    MSGraphAsyncOperator(task_id="t", url="me/sendMail", method="POST", conn_id="azure_own", data={"x": 1})

with dag("wasb_delete_inside"):
    WasbDeleteBlobOperator(task_id="t", container_name="c", blob_name="x", wasb_conn_id="wasb_own")

with dag("wasb_by_a_signed_address"):
    WasbDeleteBlobOperator(task_id="t", container_name="c", blob_name="x", wasb_conn_id="wasb_sas")

with dag("s3_to_wasb_inside"):
    S3ToAzureBlobStorageOperator(
        task_id="t",
        s3_bucket="chu-paris",
        s3_key="x",
        container_name="c",
        blob_name="x",
        aws_conn_id="aws_paris",
        wasb_conn_id="wasb_own",
    )
