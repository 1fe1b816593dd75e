"""What do people see of Douane in Airflow: decisions, releases, register, journal and exports, each linked to its task?"""
