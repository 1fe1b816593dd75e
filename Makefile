# Two commands do everything on a fresh machine: `make demo` and `make test`.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip --disable-pip-version-check --quiet
# The locks are whole and hashed, so nothing is left to resolve; modules compile when they are first imported. Both
# halve the processor time of an installation.
LOCKED := $(PIP) install --require-hashes --no-deps --no-compile --requirement
APT    := DEBIAN_FRONTEND=noninteractive apt-get -qq

.DEFAULT_GOAL := help
.PHONY: help demo demo-cli ui test lint types walls reference docs unit browser postgres mariadb java lock demo-plan bench bench-spark bench-guard fuzz-guard bench-detect sftp bench-notes fuzz-notes train-notes clean

help: ## Show what each target does
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

demo: $(VENV)/airflow.stamp ## Set up, then let Airflow run the sample hospital's export to three destinations
	@$(BIN)/douane demo --airflow

demo-cli: $(VENV)/run.stamp ## The same from the command line, without Airflow
	@$(BIN)/douane demo

ui: $(VENV)/airflow.stamp ## Keep Airflow up with the sample's export; prints address and passwords
	@$(BIN)/douane demo --ui

test: $(VENV)/dev.stamp browser postgres mariadb sftp java lint types walls docs unit ## Set up, then run all the checks

lint: $(VENV)/dev.stamp ## Style and formatting
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check --quiet .

types: $(VENV)/dev.stamp ## Types, strictly
	@$(BIN)/mypy
	@$(BIN)/mypy tests/typing/api.py

walls: $(VENV)/dev.stamp ## Which room may import which
	@$(BIN)/lint-imports

reference: $(VENV)/dev.stamp ## Write the pages of docs/reference that are made from the code
	@$(BIN)/python -m docs.generator

docs: $(VENV)/dev.stamp ## Build the documentation into site/, strictly
	@$(BIN)/mkdocs build --strict --quiet

unit: $(VENV)/dev.stamp ## Unit, property, golden, browser and installation tests
	@$(BIN)/python -m pytest --numprocesses 2

browser: ## Chromium, for the tests that open the report
	@command -v chromium >/dev/null || { $(APT) update && $(APT) install --yes --no-install-recommends chromium >/dev/null; } \
	  || { echo "Install Chromium: the report is tested in a real browser." >&2; exit 1; }

postgres: ## PostgreSQL, for the test that runs two exports at once (a cluster of its own, in a temporary folder)
	@ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || { $(APT) update && $(APT) install --yes --no-install-recommends postgresql >/dev/null; } \
	  || { echo "Install PostgreSQL's server: two exports at once are tested on it." >&2; exit 1; }

mariadb: ## MariaDB, for the tests that read databases by SQLAlchemy (a server of its own, in a temporary folder)
	@command -v mariadbd >/dev/null || { $(APT) update && $(APT) install --yes --no-install-recommends mariadb-server >/dev/null; } \
	  || { echo "Install MariaDB's server: the source of other databases is tested on it." >&2; exit 1; }

sftp: ## OpenSSH's server, for the tests that deliver to one (on the loopback, with keys of its own)
	@test -x /usr/sbin/sshd || { $(APT) update && $(APT) install --yes --no-install-recommends openssh-server >/dev/null; } \
	  || { echo "Install OpenSSH's server: deliveries by SFTP are tested on it." >&2; exit 1; }

java: ## A Java runtime, for the tests that run Spark (a cluster on the loopback)
	@command -v java >/dev/null || { $(APT) update && $(APT) install --yes --no-install-recommends default-jre-headless >/dev/null; } \
	  || { echo "Install a Java runtime of version 17 or newer: Spark is tested on it." >&2; exit 1; }

lock: $(VENV)/dev.stamp ## Lock every dependency anew: names, versions, hashes
	$(BIN)/uv pip compile --quiet --no-header --no-annotate --universal --generate-hashes --python-version 3.11 \
	  --group setup pyproject.toml --output-file requirements/run.txt
	$(BIN)/uv pip compile --quiet --no-header --no-annotate --universal --generate-hashes --python-version 3.11 \
	  --group setup --group dev --extra dicom --extra duckdb --extra excel --extra fhir --extra mariadb \
	  --extra postgres --extra s3 --extra sftp --extra spark --constraint requirements/run.txt pyproject.toml --output-file requirements/dev.txt
	$(BIN)/uv pip compile --quiet --no-header --no-annotate --universal --generate-hashes --python-version 3.11 \
	  --group setup --extra airflow --group doors --constraint requirements/dev.txt pyproject.toml \
	  --output-file requirements/doors.txt
	$(BIN)/uv pip compile --quiet --no-header --no-annotate --universal --generate-hashes --python-version 3.11 \
	  --group setup --extra airflow --constraint requirements/doors.txt pyproject.toml \
	  --output-file requirements/airflow.txt
	$(BIN)/uv pip compile --quiet --no-header --no-annotate --universal --generate-hashes --python-version 3.11 \
	  --group postgres-driver --constraint requirements/dev.txt --output-file requirements/postgres.txt

demo-plan: $(VENV)/run.stamp ## Draft the demonstration's plan anew, for review; what persons decided in it stays
	$(BIN)/douane plan data/samples/hospital --domain demo-hospital --out data/demo/plan.yaml

bench-spark: $(VENV)/dev.stamp java ## Measure Spark: the plan beside an identity mapInArrow and a Python UDF
	@PYTHONPATH=. $(BIN)/python benchmarks/spark.py

bench-guard: $(VENV)/dev.stamp ## Measure the guard: decisions a second, start-up
	@$(BIN)/python benchmarks/guard.py

bench: $(VENV)/dev.stamp ## Measure speed as ratios against named peers; the tables are also in test-output/bench.md
	@$(BIN)/python benchmarks --out test-output/bench.md

fuzz-guard: $(VENV)/dev.stamp ## Look ten minutes for a text that fools the guard; writes benchmarks/fuzz_guard_report.md
	@$(BIN)/python -c 'import atheris' 2>/dev/null || $(PIP) install 'atheris>=3'
	@$(BIN)/python benchmarks/fuzz_guard.py 600 8 benchmarks/fuzz_guard_report.md

bench-detect: $(VENV)/dev.stamp ## Measure detection: precision, recall, calibration, speed (PEER=python with presidio-structured)
	@$(BIN)/python benchmarks/detection.py --kinds $(if $(PEER),--peer $(PEER))

bench-notes: $(VENV)/dev.stamp ## Measure redaction on unseen notes, layer by layer; PEERS=python for Presidio and edsnlp beside
	@$(BIN)/python benchmarks/notes_unseen.py $(if $(PEERS),--peers $(PEERS))

fuzz-notes: $(VENV)/dev.stamp ## Break notes for ten minutes: no crash, nothing slow, no span outside; writes test-output/fuzz-notes.json
	@mkdir -p test-output
	@$(BIN)/python benchmarks/fuzz_notes.py 600 $${SEED:-0} test-output/fuzz-notes.json

train-notes: $(VENV)/dev.stamp ## Train the tagger of names anew: CORPUS=case reports, one JSON line with a text each
	@PYTHONPATH=. $(BIN)/python benchmarks/notes_training.py --corpus $(CORPUS)

clean: ## Remove what the targets made
	rm -rf $(VENV) .douane site dist build test-output .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Douane needs Python 3.11 or newer: make PYTHON=python3.11 ..." >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV)

$(VENV)/run.stamp: requirements/run.txt pyproject.toml | $(BIN)/python
	@echo "Setting up (once) ..."
	@$(LOCKED) requirements/run.txt
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/airflow.stamp: requirements/airflow.txt $(VENV)/run.stamp
	@echo "Setting up Airflow (once) ..."
	@$(LOCKED) requirements/airflow.txt
	@touch $@

$(VENV)/dev.stamp: requirements/dev.txt requirements/doors.txt $(VENV)/airflow.stamp
	@echo "Setting up the checks and the operators that they try (once) ..."
	@$(LOCKED) requirements/doors.txt
	@$(LOCKED) requirements/dev.txt
	@$(PIP) check >/dev/null || { echo "The locks don't agree: make lock." >&2; exit 1; }
	@touch $@
