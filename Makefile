# One command each; `make` alone lists them. Everything needed is set up first, and redone only
# when what it was made from has changed.

PYTHON ?= python3
BIN := .venv/bin
WEB := vue_project
WEB_SOURCES := $(shell find $(WEB)/src $(WEB)/public -type f 2>/dev/null) \
	$(WEB)/index.html $(WEB)/vite.config.ts $(WEB)/tsconfig.json $(WEB)/package.json

.DEFAULT_GOAL := help
# Two processes of one thread each are faster than one process of two; each takes half a gigabyte.
SIDE_BY_SIDE := OMP_NUM_THREADS=1 $(BIN)/pytest -q -n logical --maxprocesses 8 --dist worksteal

.PHONY: help run demo check test test-processes test-browser bench fix types screenshots clean

help: ## list the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

run: .venv/.run $(WEB)/dist/index.html ## serve page and API on http://127.0.0.1:8000
	$(BIN)/modelfoundry serve

demo: .venv/.run ## cut one class out of a network and print before and after, without a browser
	$(BIN)/modelfoundry modularize --model cnn-digits --target 3 --out demo-module

check: .venv/.dev $(WEB)/node_modules/.ready ## lint, types, layers, fast tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	@$(BIN)/python -m modelfoundry.api.openapi | cmp - $(WEB)/openapi.json || \
		{ echo "The API has changed; run: make types"; exit 1; }
	cd $(WEB) && npm run --silent api:check && npm run --silent lint && npm run --silent types
	cd $(WEB) && npm run --silent test
	$(SIDE_BY_SIDE) -m "not gpu and not slow and not e2e"

test: check $(WEB)/dist/index.html ## everything: check, slow tests, real processes, real browser
	$(SIDE_BY_SIDE) -m "not gpu and slow and not e2e"
	tests/e2e/browser/install-chromium
	@echo "Real processes and real browser, side by side; each is shown when it is done"
	@$(MAKE) --no-print-directory --jobs 2 --output-sync test-processes test-browser

test-processes: .venv/.dev
	$(BIN)/pytest -q -m "not gpu and e2e" --reruns 2 # real processes on a busy machine

test-browser: $(WEB)/dist/index.html
	cd $(WEB) && npm run --silent e2e

bench: .venv/.dev ## speed, beside the published way of doing it; takes minutes
	$(BIN)/python benchmarks/seam_engine.py
	$(BIN)/python benchmarks/card_search.py
	$(BIN)/python benchmarks/server_start.py
	$(BIN)/python benchmarks/job_start.py
	$(BIN)/python benchmarks/long_log.py
	$(BIN)/python benchmarks/streams.py

fix: .venv/.dev $(WEB)/node_modules/.ready ## format, and repair what linters can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	cd $(WEB) && npm run --silent fix

types: .venv/.run $(WEB)/node_modules/.ready ## make the client's types from the server's OpenAPI
	$(BIN)/python -m modelfoundry.api.openapi > $(WEB)/openapi.json
	cd $(WEB) && npm run --silent api:generate

screenshots: .venv/.run $(WEB)/dist/index.html ## take the pictures of docs/screenshots anew
	cd $(WEB) && npm run --silent screenshots

clean: ## remove what the other targets made here
	rm -rf .venv demo-module $(WEB)/node_modules $(WEB)/dist

.venv/.run: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed; name it with: make PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || \
		{ echo "Python's venv module is missing; on Debian: apt install python3-venv"; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --constraint constraints.txt --editable .
	@touch $@

.venv/.dev: .venv/.run
	$(BIN)/pip install --quiet --constraint constraints.txt --editable '.[dev]'
	@touch $@

$(WEB)/node_modules/.ready: $(WEB)/package-lock.json
	@command -v npm >/dev/null || { echo "npm is missing; install Node.js 20 or newer"; exit 1; }
	cd $(WEB) && npm ci --no-audit --no-fund
	@touch $@

$(WEB)/dist/index.html: $(WEB)/node_modules/.ready $(WEB_SOURCES)
	cd $(WEB) && npm run --silent build
	@touch $@
