"""The doors that every task of every DAG passes: at parse, before it executes, and (pipeline.airflow.kernel) while it runs.

Nothing here loads a data library or a parser when it is imported: Airflow's every process imports the policy.
"""
