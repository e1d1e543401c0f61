# On a fresh machine: `make demo` sets everything up and runs the main job, `make test` sets everything up and tests it.

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin

.DEFAULT_GOAL := help
.PHONY: help install demo test test-fast lint types clean

help:
	@echo "make demo       install, then warm-start a search with real trainings and show what that saved"
	@echo "make test       install, then run every test"
	@echo "make test-fast  the same without the slow ones"
	@echo "make lint       ruff; make types: mypy --strict"

$(VENV)/installed: pyproject.toml constraints.txt
	$(PYTHON) -c "import sys; sys.exit(sys.version_info < (3, 11) and 'augury needs Python 3.11 or newer; say: make PYTHON=python3.12 ...')"
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	@touch $@

install: $(VENV)/installed

demo: install
	$(BIN)/augury demo

test: install
	$(BIN)/python -m pytest -n 2

test-fast: install
	$(BIN)/python -m pytest -n 2 -m "not slow"

lint: install
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: install
	$(BIN)/mypy

clean:
	rm -rf $(VENV) build dist augury-demo
