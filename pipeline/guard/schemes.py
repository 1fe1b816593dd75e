"""Which schemes does the guard decide, and what does each of them mean?

The list is closed (REGISTER_FORMAT, "Reading a destination"): a scheme that isn't here is `destination.unsupported`.
"""

from __future__ import annotations

WEB = frozenset(
    ("http", "https", "ws", "wss", "ftp", "ftps", "dav", "davs", "webdav", "webdavs", "webhdfs", "swebhdfs")
)
S3 = frozenset(("s3", "s3a", "s3n"))
GCS = frozenset(("gs", "gcs"))
AZURE = frozenset(("abfs", "abfss", "wasb", "wasbs"))
FILES = frozenset(("sftp", "ssh", "scp", "rsync", "nfs", "smb", "cifs", "hdfs", "git", "git+ssh", "tftp", "telnet"))
IMAGES = frozenset(("docker", "oci"))
MESSAGES = frozenset(("kafka", "amqp", "amqps", "mqtt", "mqtts", "smtp", "smtps"))
SENTINEL = frozenset(("sentinel", "redis+sentinel", "rediss+sentinel", "redis-sentinel", "rediss-sentinel"))
LOCAL_DATABASES = frozenset(("sqlite", "duckdb"))
DATABASES = (
    frozenset(
        (
            *("postgres", "postgresql", "redshift", "mysql", "mariadb", "mssql", "sqlserver", "oracle", "db2"),
            *("clickhouse", "trino", "presto", "hive", "impala", "snowflake", "databricks", "mongodb", "mongodb+srv"),
            *("redis", "rediss", "cassandra", "elasticsearch", "opensearch"),
        )
    )
    | SENTINEL
    | LOCAL_DATABASES
)
SOCKETS = frozenset(("unix", "http+unix"))
PROXIES = frozenset(("socks4", "socks5", "socks5h"))

SERVICES = {
    "hf": "huggingface.co",
    "md": "api.motherduck.com",
    "bigquery": "bigquery.googleapis.com",
}
"""Schemes that mean one host of one service, whatever stands behind the colon."""

ACCOUNT_UNKNOWN = frozenset(("az", "adl"))
"""Azure, but the account comes from the client's own settings."""

KNOWN = (
    WEB
    | S3
    | GCS
    | AZURE
    | FILES
    | IMAGES
    | MESSAGES
    | DATABASES
    | SOCKETS
    | ACCOUNT_UNKNOWN
    | frozenset(SERVICES)
    | frozenset(("file", "jdbc"))
)

FOREIGN = frozenset(
    (
        *("dbfs", "viewfs", "maprfs", "alluxio", "oss", "cos", "cosn", "obs", "ofs", "o3fs", "swift", "har", "lakefs"),
        *("memory", "zip", "tar", "ldap", "ldaps", "gopher", "nats", "imap", "pop3", "news", "data", "view-source"),
    )
)
"""Schemes of others that are also written `scheme:/path`: not the host of an scp destination."""

CLEARTEXT = frozenset(("http", "dav", "webdav", "webhdfs", "ftp", "ws", "tftp", "telnet"))
"""Readable by everyone on the way: health data goes so only to the controller's own premises."""

MANY_HOSTS = DATABASES | MESSAGES
"""Schemes whose clients read a comma between hosts; to a web client a comma is part of a name."""

PORTS: dict[str, tuple[int, ...]] = {
    **dict.fromkeys(("https", "wss", "davs", "webdavs", "docker", "oci", "snowflake", "databricks", "duckdb"), (443,)),
    **dict.fromkeys((*S3, *GCS, *AZURE, *ACCOUNT_UNKNOWN, *SERVICES), (443,)),
    **dict.fromkeys(("http", "ws", "dav", "webdav"), (80,)),
    **dict.fromkeys(("sftp", "ssh", "scp", "git+ssh"), (22,)),
    **dict.fromkeys(("smb", "cifs"), (445,)),
    **dict.fromkeys(("postgres", "postgresql"), (5432,)),
    **dict.fromkeys(("mysql", "mariadb"), (3306,)),
    **dict.fromkeys(("mssql", "sqlserver"), (1433,)),
    **dict.fromkeys(("mongodb", "mongodb+srv"), (27017,)),
    **dict.fromkeys(("redis", "rediss"), (6379,)),
    **dict.fromkeys(SENTINEL, (26379,)),
    **dict.fromkeys(("elasticsearch", "opensearch"), (9200,)),
    **dict.fromkeys(("trino", "presto"), (443, 8080)),
    **dict.fromkeys(PROXIES, (1080,)),
    "ftp": (21,),
    "ftps": (990,),
    "webhdfs": (9870,),
    "swebhdfs": (9871,),
    "hdfs": (8020,),
    "rsync": (873,),
    "nfs": (2049,),
    "file": (445, 2049),
    "git": (9418,),
    "tftp": (69,),
    "telnet": (23,),
    "redshift": (5439,),
    "oracle": (1521,),
    "db2": (50000,),
    "clickhouse": (8123, 8443, 9000, 9440),
    "hive": (10000,),
    "impala": (21050,),
    "cassandra": (9042,),
    "kafka": (9092,),
    "amqp": (5672,),
    "amqps": (5671,),
    "mqtt": (1883,),
    "mqtts": (8883,),
    "smtp": (25,),
    "smtps": (465,),
    "": (22, 2049),  # host:/path without a scheme is scp or NFS
}
"""Where a client of the scheme connects when no port is written (IANA; else the server's documented default)."""

DEFAULT_REGISTRY = "docker.io"
SNOWFLAKE_DOMAIN = "snowflakecomputing.com"
