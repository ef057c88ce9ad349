# Targets for people and for continuous integration alike; `make help` lists them.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/pip --disable-pip-version-check --quiet
LOCK_VENV := build/lock-venv
APT_PACKAGES := chromium fonts-ipafont tesseract-ocr tesseract-ocr-jpn
GATE := build/gate
# A little under what the commit that set them reached (docs/evaluation.md): a change that costs more is looked at.
FLOORS := --min right=0.68 --min key_facts=0.77 --min recall_3000=0.94 --min citation_validity=1 --min supported=0.98 \
	--max false_answers=0.30 --max false_refusals=0.08

# The question reaches the shell as a variable of its environment, taken as it was typed: neither make nor the shell
# looks for anything in it.
override Q := $(value Q)
export Q

# A stamp is written last, so an installation that was broken off starts again.
RUN_STAMP := $(VENV)/.installed-run
DEV_STAMP := $(VENV)/.installed-dev

.PHONY: help
help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1 \2/p' $(MAKEFILE_LIST) | while read -r name text; do \
		printf '%-10s %s\n' "$$name" "$$text"; done

.PHONY: chat
chat: $(RUN_STAMP) ## open the chat page on http://127.0.0.1:8501
	@exec $(BIN)/mamori chat

.PHONY: ask
ask: $(RUN_STAMP) ## answer one question in the terminal: make ask Q='海外の顧客からサンプルを求められた'
	@exec $(BIN)/mamori ask --build -- "$$Q"

.PHONY: install
install: $(RUN_STAMP) ## install what running needs into .venv

.PHONY: test
test: $(DEV_STAMP) browser check ## install what tests need and run every check

.PHONY: check
check: $(DEV_STAMP) ## lint, types, import rules, floors of quality, tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	@$(MAKE) --no-print-directory gate
	$(BIN)/pytest

.PHONY: torture
torture: $(DEV_STAMP) ## kills, mutations, power cuts, full disks and fuzzing in full: forty minutes or more
	$(BIN)/python -m tests.torture

.PHONY: gate
gate: $(DEV_STAMP) ## answers to the development questions, over the digests, are no worse than the floors
	@$(BIN)/mamori index build --data-dir $(GATE) >/dev/null
	$(BIN)/mamori eval gate --no-llm --data-dir $(GATE) --set dev $(FLOORS)

.PHONY: format
format: $(DEV_STAMP) ## format the code and mend what the linter can
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

.PHONY: goldens
goldens: $(DEV_STAMP) ## write the golden files anew; read the difference before you commit it
	$(BIN)/pytest --update-goldens
	git diff --stat -- tests

.PHONY: examples
examples: $(DEV_STAMP) ## make docs/examples anew, from the bundled digests; read the difference before you commit it
	@$(BIN)/python -m training.examples
	git diff --stat -- docs/examples

.PHONY: browser
browser: # browser and OCR tests need some of Debian's packages; without root they skip and say so
	@if dpkg -s $(APT_PACKAGES) >/dev/null 2>&1; then :; \
	elif command -v apt-get >/dev/null && [ "$$(id -u)" = 0 ]; then \
		export DEBIAN_FRONTEND=noninteractive; \
		{ apt-get update -qq && apt-get install -y -qq --no-install-recommends $(APT_PACKAGES) >/dev/null; } </dev/null \
			|| echo 'make: $(APT_PACKAGES) could not be installed: the tests that need them will say so' >&2; \
	else echo 'make: no browser, no OCR for the tests; as root: apt-get install $(APT_PACKAGES)' >&2; fi

.PHONY: lock
lock: ## pin anew, from pyproject.toml, what running and testing need
	rm -rf $(LOCK_VENV)
	$(PYTHON) -m venv $(LOCK_VENV)
	$(LOCK_VENV)/bin/pip install --quiet -e .
	$(LOCK_VENV)/bin/pip freeze --all --exclude pip --exclude-editable | sed 's/+cpu$$//' > $(LOCK_VENV)/run
	$(LOCK_VENV)/bin/pip install --quiet -e '.[dev]'
	$(LOCK_VENV)/bin/pip freeze --all --exclude pip --exclude-editable | sed 's/+cpu$$//' > $(LOCK_VENV)/all
	{ echo '# What running needs, pinned. Written by `make lock`.'; cat $(LOCK_VENV)/run; } > $(LOCK_VENV)/requirements.lock
	{ echo '# What testing needs besides, pinned. Written by `make lock`.'; echo '-r requirements.lock'; \
		grep -vxFf $(LOCK_VENV)/run $(LOCK_VENV)/all; } > $(LOCK_VENV)/requirements-dev.lock
	mv $(LOCK_VENV)/requirements.lock $(LOCK_VENV)/requirements-dev.lock .
	rm -rf $(LOCK_VENV)

.PHONY: clean
clean: ## remove .venv and everything that can be made again; indexes and histories stay
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis .benchmarks
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(BIN)/python:
	@command -v $(PYTHON) >/dev/null || { echo 'make: $(PYTHON) is missing; install Python 3.11 or newer' >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo 'make: Mamori needs Python 3.11 or newer; name one with PYTHON=…' >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null \
		|| { echo 'make: python3-venv is missing; install it (Debian: apt-get install python3-venv)' >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV)

$(RUN_STAMP): requirements.lock pyproject.toml | $(BIN)/python
	@echo 'Installing what Mamori needs into $(VENV); this takes a few minutes, once.' >&2
	@$(PIP) install -r requirements.lock
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

$(DEV_STAMP): requirements-dev.lock $(RUN_STAMP)
	@$(PIP) install -r requirements-dev.lock
	@touch $@
