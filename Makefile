# One environment in .venv, pinned by constraints.txt. `make help` lists what can be done.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/ready

.DEFAULT_GOAL := help
.PHONY: help setup demo test house quick lint format types docs bench bench-themes bench-variants bench-encode bench-kmeans bench-assign bench-end-to-end bench-soft measure-soft measure-soft-speed measure-deep bench-stratified measure-rounds measure-sampler measure-stratified bench-correction measure-correction measure-correction-full measure-correction-cost measure-correction-images measure-correction-memory measure-familiarity measure-label-errors settle-themes settle-variants settle-calibration settle-stratified settle-correction tables picture clean

help: ## this list
	@grep -E '^[a-z-]+:.*##' Makefile | sed -E 's/:[^#]*## /\t/' | expand -t 20

$(READY): pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --upgrade pip
	$(BIN)/pip install --quiet -c constraints.txt -e '.[test,docs,multilingual,images]'
	touch $(READY)

setup: $(READY) ## the environment

demo: $(READY) ## group the example and open the door: parts/report.html
	$(BIN)/matomari group examples/parts.csv --text name -o parts/

test: $(READY) lint types ## everything: linters, types, all tests
	$(BIN)/python -m pytest

house: ## the rules of the house, counted
	@$(PYTHON) tests/builders/house.py

quick: $(READY) ## the tests that take seconds
	$(BIN)/python -m pytest -m 'not long'

lint: $(READY) ## ruff
	$(BIN)/ruff check src tests benchmarks docs
	$(BIN)/ruff format --check src tests benchmarks docs

format: $(READY) ## let ruff mend what it can
	$(BIN)/ruff check --fix src tests benchmarks docs
	$(BIN)/ruff format src tests benchmarks docs

types: $(READY) ## mypy, strict
	$(BIN)/mypy

docs: $(READY) ## the site in site/, every link checked
	$(BIN)/python docs/command_line.py --write
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict

.venv/peers: $(READY)
	$(BIN)/pip install --quiet -c constraints.txt -e '.[benchmarks]'
	touch .venv/peers

bench: ## print the tables from the committed results
	@$(PYTHON) benchmarks/tables.py

bench-themes bench-variants bench-encode bench-kmeans bench-assign bench-end-to-end: .venv/peers ## measure one claim again
	$(BIN)/python benchmarks/bench_$(subst -,_,$(patsubst bench-%,%,$@)).py

bench-soft: ## print the tables of soft k-means from the committed results
	@$(PYTHON) benchmarks/tables_deep.py

measure-soft measure-soft-speed measure-deep: .venv/peers ## measure them again
	$(BIN)/pip install --quiet -c constraints.txt gemclus  # a peer under the GPL: measured here, never a dependency
	$(BIN)/python benchmarks/bench_$(subst -,_,$(patsubst measure-%,%,$@)).py

bench-stratified: ## print the tables of cluster-stratified training from the committed results
	@$(PYTHON) benchmarks/tables_stratified.py
	@$(PYTHON) benchmarks/tables_rounds.py

bench-correction: ## print the tables of latent cluster correction and of the audit from the committed results
	@$(PYTHON) benchmarks/tables_correction.py

measure-correction measure-correction-full measure-correction-cost measure-correction-images measure-correction-memory measure-familiarity measure-label-errors: .venv/peers ## measure it again; wrong labels need cleanlab, which is no dependency
	$(BIN)/python benchmarks/bench_$(subst -,_,$(patsubst measure-%,%,$@)).py

measure-rounds measure-sampler measure-stratified: .venv/peers ## measure it again; DEBIAN_TRANSLATION names the list of packages, see benchmarks/pair_sets.py
	$(BIN)/python benchmarks/bench_$(subst -,_,$(patsubst measure-%,%,$@)).py

settle-themes settle-variants settle-calibration settle-stratified settle-correction: .venv/peers ## choose the constants again, on development data alone
	$(BIN)/python benchmarks/settle_$(patsubst settle-%,%,$@).py

tables: ## the tables again in docs/benchmarks.md
	$(PYTHON) benchmarks/tables.py --write

picture: demo ## the picture in the README
	$(BIN)/python docs/picture.py parts/report.html docs/report.png

clean: ## remove what was made
	rm -rf .venv .cache parts site .pytest_cache .mypy_cache .ruff_cache
