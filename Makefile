# What is done often while working on this; `make` lists it. The virtual environment `.venv` is made when it is needed.

PYTHON ?= python3
INSTALLED := .venv/.installed

.DEFAULT_GOAL := help
.PHONY: help check test test-fast serve bench mutants audit ci

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 12

check: $(INSTALLED) ## style, security rules, types and the collection: all that is not a test
	.ci/run style security types collection

test: $(INSTALLED) ## the tests of the README, in one process for each processor
	.venv/bin/pytest

test-fast: $(INSTALLED) ## the same without a browser
	.venv/bin/pytest --ignore=tests/features

serve: $(INSTALLED) ## the collection at http://127.0.0.1:8000, built again when a file changes
	.venv/bin/kb serve

bench: $(INSTALLED) ## a tenth of the benchmarks, beside SQLite FTS5, tantivy and Datasette; results in var/benchmarks
	.venv/bin/pip install --quiet -c constraints.txt -e '.[test,bench]'
	mkdir -p var/benchmarks
	.venv/bin/python -m benchmarks --quick --out var/benchmarks/RESULTS.md

mutants: $(INSTALLED) ## small faults planted in the code, and which of them no test notices
	.venv/bin/python -m tests.tools.mutants

audit: ## known vulnerabilities of the dependencies, and a list of them (var/sbom.json); needs the open internet
	.ci/run audit

ci: ## everything that has to hold for a change
	.ci/run

$(INSTALLED): pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	.venv/bin/pip install --quiet -c constraints.txt -e '.[test]'
	touch $@
