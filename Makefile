# Otvet: two commands do everything on a fresh machine: `make run` and `make test`.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

PY := .venv/bin/python
UV := uv pip compile --quiet --generate-hashes --no-emit-index-url --no-header --python-version 3.11

APT_RUN := python3-venv tesseract-ocr tesseract-ocr-rus tesseract-ocr-eng tesseract-ocr-osd libreoffice-writer-nogui \
	libarchive13 fonts-liberation fonts-crosextra-carlito fonts-paratype hunspell-ru
APT_DEV := dovecot-imapd dovecot-lmtpd opensmtpd clamav-daemon chromium postgresql poppler-utils

# Tests that start servers or programs, by ring; `full` ones run in test-full alone.
SLOW := service or mail or ocr or browser or fault
# Three workers for two cores: many tests wait for servers and programs.
PYTEST := $(PY) -m pytest -n 3 --dist loadfile --no-loadscope-reorder --durations 15 --durations-min 5

help: ## show this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

setup: .setup-run .setup-assets .setup-topics ## install what running needs (quick when nothing is missing)
	@tools/apt.sh $(APT_RUN)

.setup-run: requirements/run.txt pyproject.toml tools/venv.sh tools/apt.sh
	@tools/apt.sh $(APT_RUN)
	@echo "Устанавливаю библиотеки Python…"
	@tools/venv.sh requirements/run.txt
	@touch $@

.setup-dev: requirements/dev.txt .setup-run
	@tools/apt.sh $(APT_DEV)
	@echo "Устанавливаю библиотеки для разработки…"
	@tools/venv.sh requirements/dev.txt
	@touch $@

.setup-assets: package-lock.json .setup-run
	@command -v npm >/dev/null || tools/apt.sh npm
	@npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@$(PY) -m desk.assets
	@touch $@

# The models of topics, alarms, segments and kinds are made once, from the rules, and lie in the user's cache: the first letter
# need not wait for them.
.setup-topics: .setup-run rules/ekto.yaml rules/wordings.yaml rules/alarm_wordings.yaml rules/kind_wordings.yaml \
		rules/examples.jsonl classifiers/topics.py steps/sidetraining.py
	@echo "Обучаю модели тематик, тревог и видов писем (до пяти минут)…"
	@$(PY) -m steps.training
	@touch $@

setup-dev: setup .setup-dev ## install what developing and testing needs too

run: setup ## start everything on this machine (the demonstration unless otvet.toml names real sources)
	@if [ -n "$${OTVET_CONFIG:-}" ] || [ -f otvet.toml ]; then exec .venv/bin/otvet run; else exec .venv/bin/otvet run --demo; fi

test: setup-dev ## every kind of test, seeded samples, at most 15 minutes
	$(PYTEST) -m "not full"

test-quick: setup-dev ## unit and property tests, under two minutes
	$(PYTEST) tests/unit tests/property -m "not full and not ($(SLOW))"

test-full: setup-dev ## the full counts, run to close an issue
	$(PYTEST) --hypothesis-profile=searching

check: setup-dev ## what must be clean before a commit
	$(PY) -m ruff format --check .
	$(PY) -m ruff check .
	$(PY) -m mypy
	.venv/bin/lint-imports
	$(MAKE) --no-print-directory test-quick

bench: setup-dev ## print the figures of docs/benchmarks.md
	$(PY) tests/bench/bench_ocr.py
	$(PY) tests/bench/bench_flow.py
	$(PY) tests/bench/bench_run.py
	PYTHONPATH=tests:tests/unit $(PY) tests/bench/bench_check.py
	PYTHONPATH=tests:tests/mail $(PY) tests/bench/bench_mail.py

docs: setup-dev ## write anew the table of modules in docs/architecture.md, docs/letter-rules.md, docs/letter-context.md
	$(PY) tools/modules.py
	$(PY) tools/letter_pages.py

screenshots: setup-dev ## take the pictures of docs/pictures from a running demonstration
	$(PY) tools/screenshots.py

lock: ## pin every library with hashes (needs uv)
	$(UV) requirements/run.in -o requirements/run.txt
	$(UV) requirements/run.in requirements/dev.in -o requirements/dev.txt

clean: ## remove what set-up and tests made, but never the data in var/
	rm -rf .venv node_modules .setup-* .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.PHONY: help setup setup-dev run test test-quick test-full check bench docs screenshots lock clean
