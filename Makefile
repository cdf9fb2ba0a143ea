.PHONY: help setup demo test check bench lock messages
PYTHON ?= python3
BIN := .venv/bin
TEST_DATABASES ?= sqlite postgres
POSTGRES ?= postgres://postgres@127.0.0.1:5432/test
# Somebody who watches sees what is fetched; a log does not need it.
PINS := --quiet --generate-hashes --strip-extras --allow-unsafe --no-header --no-emit-index-url --no-emit-trusted-host
QUIET := $(shell test -t 1 || echo --quiet)

help: ## This list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "make %-12s %s\n", $$1, $$2}'

setup: .venv/ready ## The environment in .venv, with everything pinned

.venv/ready: requirements-dev.lock pyproject.toml $(wildcard hatch_build.py package-lock.json src/allting/locale/*/LC_MESSAGES/*.po)
	$(PYTHON) -m venv .venv
	$(BIN)/pip install $(QUIET) --require-hashes -r requirements-dev.lock
	$(BIN)/pip install $(QUIET) --no-deps -e .
	@touch $@

demo: setup ## A country of made-up people at 127.0.0.1 (PORT, default 8000)
	$(BIN)/allting demo

test: setup ## All tests, on SQLite and PostgreSQL
	@set -e; for database in $(TEST_DATABASES); do \
	  case $$database in \
	    sqlite) echo "== SQLite"; unset DATABASE_URL ;; \
	    postgres) echo "== PostgreSQL"; export DATABASE_URL=$(POSTGRES) ;; \
	  esac; \
	  $(BIN)/pytest -n auto; \
	  $(BIN)/pytest -n 2 -m browser tests/walks; done

check: setup ## Lint, types, walls, migrations, templates, documents, translations, long files
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/allting makemigrations --check --dry-run
	$(BIN)/python -m tools.templates
	$(BIN)/pytest -q --disable-warnings tests/test_docs.py tests/test_deploy.py tests/test_translations.py
	$(BIN)/python -m tools.longest

bench: setup ## Speed against named references: ratios, not limits
	$(BIN)/pip install --quiet --group bench
	$(BIN)/python -m bench

lock: setup ## Pin the dependencies of pyproject.toml, with hashes; those pinned already stay as they are
	$(BIN)/pip-compile $(PINS) --extra dev --extra nation --output-file requirements-dev.lock pyproject.toml
	$(BIN)/pip-compile $(PINS) --constraint requirements-dev.lock --output-file requirements.lock pyproject.toml

messages: setup ## Collect the texts to translate into src/allting/locale
	$(BIN)/python -m tools.messages
