"""What runs on other machines: warehouses, Spark, Kubernetes."""

from airflow.providers.apache.spark.operators.spark_sql import SparkSqlOperator
from airflow.providers.apache.spark.operators.spark_submit import SparkSubmitOperator
from airflow.providers.cncf.kubernetes.operators.pod import KubernetesPodOperator
from airflow.providers.databricks.operators.databricks import DatabricksSubmitRunOperator
from airflow.providers.databricks.operators.databricks_sql import DatabricksCopyIntoOperator
from airflow.providers.snowflake.operators.snowflake import SnowflakeSqlApiOperator
from corpus import dag

with dag("snowflake_inside"):
    SnowflakeSqlApiOperator(task_id="t", snowflake_conn_id="snow_paris", sql="select 1", statement_count=1)

with dag("snowflake_abroad"):
    SnowflakeSqlApiOperator(task_id="t", snowflake_conn_id="snow_virginia", sql="select 1", statement_count=1)

with dag("snowflake_unload"):
    SnowflakeSqlApiOperator(
        task_id="t",
        snowflake_conn_id="snow_paris",
        sql="COPY INTO 's3://us-research/x' FROM patients",
        statement_count=1,
    )

with dag("snowflake_named_stage"):
    SnowflakeSqlApiOperator(
        task_id="t", snowflake_conn_id="snow_paris", sql="COPY INTO @partner/x FROM patients", statement_count=1
    )

with dag("snowflake_own_stage"):
    SnowflakeSqlApiOperator(
        task_id="t", snowflake_conn_id="snow_paris", sql="COPY INTO @~/x FROM patients", statement_count=1
    )

with dag("databricks_unknown_place"):
    DatabricksSubmitRunOperator(task_id="t", databricks_conn_id="dbx", notebook_task={"notebook_path": "/x"})

with dag("databricks_own_given_a_bucket"):
    DatabricksSubmitRunOperator(
        task_id="t",
        databricks_conn_id="dbx_own",
        spark_python_task={"python_file": "dbfs:/x.py", "parameters": ["--out", "s3://us-research/x"]},
    )

with dag("databricks_own"):
    DatabricksSubmitRunOperator(
        task_id="t",
        databricks_conn_id="dbx_own",
        spark_python_task={"python_file": "dbfs:/x.py", "parameters": ["--day"]},
    )

with dag("databricks_copy_into"):
    DatabricksCopyIntoOperator(
        task_id="t", databricks_conn_id="dbx_own", table_name="p", file_location="gs://us-research/x", file_format="CSV"
    )

with dag("spark_own"):
    SparkSubmitOperator(
        task_id="t", conn_id="spark_own", application="/srv/x.py", application_args=["--day", "2026-11-25"]
    )

with dag("spark_own_given_a_bucket"):
    SparkSubmitOperator(
        task_id="t", conn_id="spark_own", application="/srv/x.py", application_args=["s3a://us-research/x"]
    )

with dag("spark_abroad"):
    SparkSubmitOperator(task_id="t", conn_id="spark_abroad", application="/srv/x.py")

with dag("spark_local"):
    SparkSubmitOperator(task_id="t", conn_id="spark_local", application="/srv/x.py")

with dag("spark_sql_directory"):
    SparkSqlOperator(
        task_id="t", conn_id="spark_local", sql="INSERT OVERWRITE DIRECTORY 's3a://us-research/x' SELECT * FROM p"
    )

with dag("pod_own"):
    KubernetesPodOperator(
        task_id="t", kubernetes_conn_id="k8s_own", name="x", image="registry.chu.example/etl:1", cmds=["python", "x.py"]
    )

with dag("pod_own_curl"):
    KubernetesPodOperator(
        task_id="t",
        kubernetes_conn_id="k8s_own",
        name="x",
        image="x",
        cmds=["sh", "-c"],
        arguments=["curl -T /srv/x https://drop.partner.example/"],
    )

with dag("pod_own_given_a_bucket"):
    KubernetesPodOperator(
        task_id="t", kubernetes_conn_id="k8s_own", name="x", image="x", env_vars={"OUT": "gs://us-research/x"}
    )

with dag("pod_abroad"):
    KubernetesPodOperator(task_id="t", kubernetes_conn_id="k8s_abroad", name="x", image="x")
