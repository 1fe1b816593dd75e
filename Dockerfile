# Documentation of a real deployment: Airflow with Douane, one image for every component. See compose.yaml.
FROM python:3.11-slim-bookworm

ENV PYTHONUNBUFFERED=1 \
    PIP_NO_CACHE_DIR=1 \
    AIRFLOW_HOME=/opt/airflow

RUN useradd --create-home --uid 50000 airflow \
 && install --directory --owner airflow --group airflow --mode 0700 /opt/airflow /srv/douane

WORKDIR /opt/douane
COPY requirements/airflow.txt requirements/postgres.txt requirements/
RUN python -m pip install --require-hashes --requirement requirements/airflow.txt --requirement requirements/postgres.txt

COPY pyproject.toml README.md LICENSE ./
COPY transforms transforms
COPY pipeline pipeline
COPY data data
RUN python -m pip install --no-deps --no-build-isolation .

COPY --chown=airflow:airflow dags /opt/airflow/dags
USER airflow
ENV AIRFLOW__CORE__DAGS_FOLDER=/opt/airflow/dags \
    AIRFLOW__CORE__LOAD_EXAMPLES=False \
    AIRFLOW__DOUANE__HOME=/srv/douane
CMD ["airflow", "version"]
