# `make demo` and `make test` do all set-up themselves; they need Python 3.11 to 3.13, make, and a package index.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
UV := $(BIN)/uv
# The system's certificates, for machines behind a proxy of their own.
INSTALL := $(UV) --system-certs pip install --quiet --python $(BIN)/python
# Bytecode makes Dagster start in a third of the time; some machines switch it off for everything.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help setup setup-dev demo up test test-days test-servers bench chaos lint format docs lock clean

help: ## show what there is
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-14s %s\n", $$1, $$2}'

setup: $(VENV)/.installed ## make .venv from the hash-locked file
setup-dev: $(VENV)/.installed-dev

$(UV): requirements-bootstrap.lock
	@$(PYTHON) -c 'import sys; v = sys.version_info[:2]; sys.exit(0 if (3, 11) <= v < (3, 14) else "This needs Python 3.11 to 3.13, and $(PYTHON) is %d.%d: give another one with PYTHON=..." % v)'
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-bootstrap.lock
	@touch $@

$(VENV)/.installed: $(UV) requirements.lock pyproject.toml
	@echo "Installing from requirements.lock ..."
	@$(INSTALL) --compile-bytecode --require-hashes -r requirements.lock
	@$(INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed requirements-dev.lock
	@echo "Installing from requirements-dev.lock ..."
	@$(INSTALL) --compile-bytecode --require-hashes -r requirements-dev.lock
	@touch $@

demo: setup ## one day of outreach, end to end, judged by what the mail world saw
	@$(BIN)/outreach demo $(ARGS)

up: setup ## start the platform on what is there
	@$(BIN)/outreach up $(ARGS)

docs: setup ## build the dbt docs site that the gateway serves
	@$(BIN)/outreach docs

test: setup-dev ## all tests but those against Debian's servers and the whole days
	@$(BIN)/python -m pytest -n 3 --dist loadfile -m "not servers and not end_to_end" $(ARGS)

test-days: setup-dev ## whole days in which the platform's parts are killed, and backfills by the UI's own API
	@$(BIN)/python -m pytest -m end_to_end $(ARGS)

test-servers: setup-dev ## the loop against Debian's Postfix and Dovecot on loopback
	@scripts/install-mail-servers
	@$(BIN)/python -m pytest -m servers $(ARGS)

bench: setup-dev ## measure what the stages cost (ARGS=plan)
	@PYTHONPATH=. $(BIN)/python -m benchmarks $(ARGS)

chaos: setup-dev ## senders under faults, judged by what servers took (ARGS=--short, --long)
	@PYTHONPATH=. $(BIN)/python -m tests.chaos $(ARGS)

lint: setup-dev ## ruff, import-linter, mypy, sqlfluff, dbt-bouncer, dagster definitions validate
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@PYTHONPATH=. $(BIN)/lint-imports --no-cache
	@$(BIN)/mypy
	@$(BIN)/sqlfluff lint --disable-progress-bar --processes 2 dbt_project/models dbt_project/tests
	@$(BIN)/sqlfluff lint --disable-progress-bar --processes 2 --templater placeholder outreach_pipeline/adapters/postgres/queries
	@$(BIN)/dbt parse --quiet --project-dir dbt_project --profiles-dir dbt_project --log-path dbt_project/target
	@$(BIN)/dbt-bouncer run --config-file dbt_project/dbt-bouncer.yml
	@env -u DAGSTER_HOME PYTHONWARNINGS=ignore $(BIN)/dagster definitions validate --log-level warning

format: setup-dev ## put the code in shape
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

lock: $(UV) ## resolve the locked files anew
	@$(UV) --system-certs pip compile pyproject.toml --group pyproject.toml:build --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-annotate --no-header --quiet -o requirements.lock
	@$(UV) --system-certs pip compile pyproject.toml --group pyproject.toml:dev -c requirements.lock --universal --python-version 3.11 \
		--generate-hashes --no-emit-index-url --no-annotate --no-header --quiet -o requirements-dev.lock

clean: ## remove what make has made
	rm -rf $(VENV) dbt_project/target .pytest_cache .mypy_cache .ruff_cache .hypothesis
