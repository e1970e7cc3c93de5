# The product's commands; each needs only Python 3.11+ and make. The first use of a target installs what it needs into .venv.
SHELL := /bin/sh
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do command -v $$p >/dev/null 2>&1 \
	&& $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' && echo $$p && break; done)
VENV := .venv
PY := $(VENV)/bin/python
PIP := $(PY) -m pip install --quiet --disable-pip-version-check --no-input --only-binary :all:
# pip's stamps: an install is skipped until its list of packages changes
RUN_READY := $(VENV)/.run-installed
DEV_READY := $(VENV)/.dev-installed

.DEFAULT_GOAL := help
.PHONY: help setup setup-dev run mission mission-production gallery test capabilities check bench soak fuzz

help:
	@echo "make run      start the product (PORT=8000 HOST=127.0.0.1); Ctrl-C stops it"
	@echo "make setup    create .venv with what the product needs (make setup-dev: tests and checks too)"
	@echo "make test     all tests, on SQLite and PostgreSQL      make check   ruff, mypy, import-linter"
	@echo "make mission  plays two loans through all stages (MISSION_URL=http://... to use a running product)"
	@echo "make gallery  every page of every demo person is checked with axe-core in both languages and themes, desk and telephone (GALLERY_URL)"
	@echo "make mission-production  the same on PostgreSQL and Valkey with several processes, by the commands of docs/operations.md"
	@echo "make bench    measurements, one JSON object            make soak    the random tests, twenty times as long"
	@echo "make capabilities  what was asked for, row by row, and the test that shows it"
	@echo "make fuzz     FEEL and DMN under the fuzzer atheris (FUZZ_SECONDS=600 of CPU), installed for it alone"

setup: $(RUN_READY)

setup-dev: $(DEV_READY)

$(PY):
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed; set PYTHON=/path/to/python3"; exit 1; }
	@echo "Creating $(VENV) with $(PYTHON) ..."
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo "$(PYTHON) cannot make a virtual environment"; exit 1; }

$(RUN_READY): requirements.txt | $(PY)
	@echo "Installing what the product needs (once, about a minute) ..."
	@$(PIP) -r requirements.txt
	@touch $@

$(DEV_READY): requirements-dev.txt $(RUN_READY) | $(PY)
	@echo "Installing what tests and checks need ..."
	@$(PIP) -r requirements-dev.txt
	@touch $@

run: setup
	@exec $(PY) -m app.supervisor

mission: setup-dev
	@$(PY) -m tests.mission

mission-production: setup-dev
	@$(PY) -m tests.mission.production

gallery: setup-dev
	@$(PY) -m tests.browser.gallery

# three workers on two cores: many tests wait for processes that they started
test: setup-dev
	$(PY) -m pytest -n 3 --dist worksteal tests

capabilities: setup-dev
	@$(PY) -m tests.capabilities

check: setup-dev
	$(PY) -m ruff check .
	$(PY) -m mypy app
	$(VENV)/bin/lint-imports --config tests/importlinter.ini
	$(PY) -m pytest -q tests/test_architecture.py

bench: setup-dev
	@$(PY) -m bench

soak: setup-dev
	SOAK=20 $(PY) -m pytest -n 2 -m soak tests

# atheris is no requirement: it has wheels for some versions of Python only, so it lives in an environment of its own
FUZZ_SECONDS ?= 600
FUZZ_VENV := var/fuzz-venv

fuzz: $(FUZZ_VENV)/.installed
	$(FUZZ_VENV)/bin/python -m tests.feel.fuzz $(FUZZ_SECONDS)

$(FUZZ_VENV)/.installed: requirements.txt | $(PY)
	$(PY) -m venv $(FUZZ_VENV)
	$(FUZZ_VENV)/bin/python -m pip install --quiet --disable-pip-version-check --only-binary :all: -r requirements.txt atheris==3.0.0
	@touch $@
