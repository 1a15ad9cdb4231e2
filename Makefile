# Everything from a fresh machine with Python 3.11: `make run` serves the demo company, `make test` runs every test.
.DEFAULT_GOAL := help
SHELL := /bin/bash

VENV := .venv
PYTHON := $(VENV)/bin/python
READY := $(VENV)/ready
TOOLS := $(VENV)/ready-to-test

.PHONY: help run test check lint format docs screenshots

help:  ## List these commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: $(READY)  ## Set up what is missing and serve the demo company
	$(PYTHON) -m dashboard serve --demo

test: $(TOOLS)  ## Set up what is missing and run every test
	$(PYTHON) -m pytest -n auto

check: lint  ## Lint, and the fast tests: what a commit must pass
	$(PYTHON) -m pytest -n auto -m "not slow and not browser"

lint: $(TOOLS)  ## Format, lint, types and the import contracts
	$(PYTHON) -m ruff format --check
	$(PYTHON) -m ruff check
	$(PYTHON) -m mypy
	$(VENV)/bin/lint-imports

format: $(TOOLS)  ## Format the code and mend what the linter can mend
	$(PYTHON) -m ruff format
	$(PYTHON) -m ruff check --fix

docs: $(TOOLS)  ## Write the generated pages of docs/ anew
	$(PYTHON) docs/write.py

screenshots: $(TOOLS)  ## Take the pictures of docs/images anew
	$(PYTHON) -m docs.screenshots

# The stamp is written last: a set-up that broke off is done again.
$(READY): pyproject.toml constraints.txt
	@if [ ! -x $(PYTHON) ]; then \
	  for python in python3.11 python3 python3.12 python3.13 python3.14; do \
	    if $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	      $$python -m venv $(VENV) && break; \
	      echo "Error: $$python cannot make a virtual environment. Install its venv module (Debian: python3-venv)."; exit 1; \
	    fi; \
	  done; \
	fi
	@echo "Setting up $(VENV), once: this takes a minute or two."
	@[ -x $(PYTHON) ] || { echo "Error: no Python 3.11 or newer is on the PATH. Install one and run make again."; exit 1; }
	$(PYTHON) -m pip install --quiet --upgrade 'pip>=25.1'
	$(PYTHON) -m pip install --quiet --constraint constraints.txt --editable .
	@touch $@

# What only developers need is not waited for by who wants to look.
$(TOOLS): $(READY)
	$(PYTHON) -m pip install --quiet --constraint constraints.txt --group dev
	@touch $@
