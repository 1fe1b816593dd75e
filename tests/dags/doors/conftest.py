"""These files are read by Airflow in a process of its own, not by pytest."""

collect_ignore_glob = ["*.py"]
