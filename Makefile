# Everything a developer or a newcomer runs. Each target sets up .venv by itself, from pinned and hashed requirements.
# Needs: git, make, and Python 3.11 or later (or uv, which can bring its own Python).

.DEFAULT_GOAL := help
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.ONESHELL:
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

VENV := .venv
BIN := $(VENV)/bin
PYTHON := $(BIN)/python
JOBS ?= 2
TORTURE_ROUNDS ?= 20
UV := $(shell command -v uv 2>/dev/null)
say = @printf '\n== %s\n'

.PHONY: help setup demo check test lint types layers docs picture bench torture lock clean

help: ## this list
	@echo "make TARGET, where TARGET is one of"
	sed -n 's/^\([a-z]*\):.*## \(.*\)$$/  \1|\2/p' $(MAKEFILE_LIST) | awk -F'|' '{ printf "%-10s %s\n", $$1, $$2 }'

# ---- set-up: one stamp for running, one for developing --------------------------------------------------------------

$(PYTHON):
	@
	if [ -x $(PYTHON) ] && $(PYTHON) -c '' 2>/dev/null; then touch -c $(PYTHON); exit 0; fi
	found=
	needs='import sys$(if $(UV),,, venv, ensurepip)'
	for each in python3 python3.14 python3.13 python3.12 python3.11 python; do
	  if "$$each" -c "$$needs; sys.exit(sys.version_info < (3, 11))" >/dev/null 2>&1; then found=$$each; break; fi
	done
	if [ -n "$(UV)" ]; then
	  "$(UV)" venv --quiet --clear --no-project --python "$${found:-3.12}" $(VENV)
	elif [ -n "$$found" ]; then
	  "$$found" -m venv --clear $(VENV)
	else
	  echo "make: no Python 3.11 or later with venv found; install one (or uv) and try again" >&2; exit 1
	fi

# pip and uv read their own settings for indexes; neither is named here. uv trusts the machine's certificates, as pip does.
export UV_SYSTEM_CERTS ?= 1
ifneq ($(UV),)
install = "$(UV)" pip install --quiet --python $(PYTHON)
else
install = $(PYTHON) -m pip install --quiet --disable-pip-version-check --no-input
endif

$(VENV)/.ready-run: requirements/run.txt Makefile | $(PYTHON)
	@echo "setting up $(VENV): what the program needs" >&2
	$(install) --require-hashes -r requirements/run.txt
	touch $@

$(VENV)/.ready-dev: requirements/dev.txt pyproject.toml $(VENV)/.ready-run
	@echo "setting up $(VENV): what checking and documenting needs, and the program in place" >&2
	$(install) --require-hashes -r requirements/dev.txt
	$(install) --no-deps --no-build-isolation --editable .
	touch $@

setup: $(VENV)/.ready-dev ## .venv with everything, and the program in place

# ---- for newcomers --------------------------------------------------------------------------------------------------

demo: $(VENV)/.ready-run ## the whole flow on bundled traces, ending with a tampering that verify catches
	@PYTHONPATH=src $(PYTHON) -m afterbell demo

# ---- for developers -------------------------------------------------------------------------------------------------

check: lint types layers test docs ## all that must be green: lint, types, layers, tests with coverage, docs
	$(say) "all checks passed"

lint: $(VENV)/.ready-dev ## ruff: rules and format
	$(say) "lint"
	$(BIN)/ruff check --quiet .
	$(BIN)/ruff format --check --quiet . || { echo "not formatted; run: $(BIN)/ruff format ." >&2; exit 1; }
	echo "ruff: no finding"

types: $(VENV)/.ready-dev ## mypy, strict
	$(say) "types"
	$(BIN)/mypy

layers: $(VENV)/.ready-dev ## import-linter: the layers of the architecture
	$(say) "layers"
	$(BIN)/lint-imports --no-cache | sed -n '/^Analyzed/,$$p' | grep -v -e '^-*$$'

test: $(VENV)/.ready-dev ## the tests, on JOBS (2) processes, with branch coverage
	$(say) "tests"
	rm -f .coverage .coverage.*; mkdir -p build
	failed=0; $(BIN)/coverage run -m pytest -q -n $(JOBS) || failed=$$?
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report > build/coverage.txt
	echo "branch coverage: $$($(BIN)/coverage report --format=total)% in all (by file: build/coverage.txt)"
	exit $$failed

docs: $(VENV)/.ready-dev ## the documentation, into build/docs; a warning is an error
	$(say) "docs"
	$(BIN)/sphinx-build --fail-on-warning --keep-going --quiet --jobs $(JOBS) -b html -d build/doctrees docs build/docs
	echo "docs: build/docs/index.html"

picture: $(VENV)/.ready-dev ## draws docs/images/demo.svg anew from what the demo prints
	@$(PYTHON) docs/picture.py

bench: $(VENV)/.ready-dev ## every module in benchmarks/ that starts with bench_, one after the other
	@shopt -s nullglob
	found=(benchmarks/bench_*.py)
	if [ $${#found[@]} -eq 0 ]; then echo "no benchmarks/bench_*.py here yet" >&2; exit 1; fi
	for each in "$${found[@]}"; do printf '\n== %s\n' "$$each"; $(PYTHON) "$$each"; done

torture: $(VENV)/.ready-dev ## the log's crash, power-cut, attack and many-process tests, TORTURE_ROUNDS (20) times over
	@for (( round = 1; round <= $(TORTURE_ROUNDS); round++ )); do
	  printf '== round %s of $(TORTURE_ROUNDS)\n' "$$round"
	  $(BIN)/pytest -q -n $(JOBS) --hypothesis-seed=$$RANDOM tests/disk tests/log
	done

# ---- upkeep ---------------------------------------------------------------------------------------------------------

LOCK = uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
  --no-annotate --no-header

lock: ## pins requirements/*.txt anew from pyproject.toml (needs uv)
	@test -n "$(UV)" || { echo "make lock needs uv" >&2; exit 1; }
	for each in run dev; do
	  groups=; [ $$each = run ] || groups="--group dev --constraints requirements/run.txt"
	  $(LOCK) $$groups pyproject.toml -o requirements/$$each.txt --upgrade
	  printf '# Pinned by `make lock` from pyproject.toml. Do not edit by hand.\n' | cat - requirements/$$each.txt > requirements/$$each.new
	  mv requirements/$$each.new requirements/$$each.txt
	done

clean: ## removes everything that was made here, .venv too
	@rm -rf $(VENV) build dist .coverage .coverage.* .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find src tests docs benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +
