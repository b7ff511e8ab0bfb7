# Everything a person or CI does with Doorline. Python packages go to .venv, state to var.
# A fresh Debian 12 with python3, make, and root or sudo is enough.

PYTHON ?= python3
BIN := .venv/bin
PY := $(BIN)/python
FUZZ_SECONDS ?= 2

.PHONY: help run install test check style types contracts sizes faces bench fuzz peers screenshots lock clean

help: ## what can be made
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):[^#]*## /\1\t/' | expand -t 12

run: $(BIN)/.run $(BIN)/.faces ## start everything on this machine, with two demonstration sites
	$(PY) -m tooling.supervise

install: $(BIN)/.run $(BIN)/.faces ## what a server needs, and start nothing (docs/deploy.md)

test: check peers ## the checks, all tests with their peers, a short fuzz
	DOORLINE_PEERS=1 $(PY) -m tests.fuzz --seconds $(FUZZ_SECONDS)
	DOORLINE_PEERS=1 $(PY) -m pytest -q -m "not slow" -n 2 --dist loadgroup

check: style types contracts sizes faces ## what needs no running server

style: $(BIN)/.test
	$(BIN)/ruff check .

types: $(BIN)/.test
	$(BIN)/mypy

contracts: $(BIN)/.test
	$(BIN)/lint-imports

sizes: $(BIN)/.test
	$(PY) -m tooling.sizes

faces: $(BIN)/.test $(BIN)/.faces ## types and tests of the three faces' TypeScript
	$(PY) -m tooling.frontend check

bench: $(BIN)/.test peers ## speed beside a peer, one core, printed as a table
	$(PY) -m tests.bench
	$(PY) -m tests.bench.webadmin

fuzz: $(BIN)/.test ## every parser against hostile bytes, FUZZ_SECONDS each
	$(PY) -m tests.fuzz --seconds $(FUZZ_SECONDS)

peers: $(BIN)/.peers $(BIN)/.jssip ## install the programs the tests talk to (needs root or sudo)

screenshots: $(BIN)/.test peers ## pictures of every page of WebAdmin, in var/screenshots
	$(PY) -m tests.screens

lock: $(BIN)/.test ## pin requirements*.in anew, with hashes
	tooling/lock.sh $(BIN)/pip-compile

clean: ## drop the environment and caches; var stays
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

# Stamps: a second call does nothing until what it rests on changes.
$(BIN)/.venv:
	$(PYTHON) -c 'import ensurepip' 2>/dev/null || tooling/packages.sh python3-venv
	$(PYTHON) -m venv .venv
	touch $@

$(BIN)/.run: requirements.txt $(BIN)/.venv
	$(PY) -m pip install -q --disable-pip-version-check --require-hashes -r requirements.txt
	touch $@

$(BIN)/.test: requirements-test.txt $(BIN)/.run
	$(PY) -m pip install -q --disable-pip-version-check --require-hashes -r requirements-test.txt
	touch $@

# The faces: app, station, panel. What they are made of is found; what npm brings is not looked at.
FACES := $(shell find webadmin/frontend -name node_modules -prune -o -type f -print) webadmin/static/tokens.css
$(BIN)/.faces: $(FACES) requirements-node.txt $(BIN)/.run
	$(PY) -m tooling.frontend
	touch $@

$(BIN)/.jssip: $(wildcard tests/peers/*/package-lock.json) $(BIN)/.peers
	for one in jssip browser; do npm ci --prefix tests/peers/$$one --ignore-scripts --no-audit --no-fund --silent || exit 1; done
	touch $@

$(BIN)/.peers: tooling/peers.txt tooling/packages.sh $(BIN)/.venv
	tooling/packages.sh $$(sed 's/#.*//' tooling/peers.txt)
	touch $@
