# Each target sets up what it needs; `make help` lists them. The environment is made by uv from exact, hashed versions.
#   make lab ARGS="--no-browser --port 8899"     arguments for JupyterLab
#   KERAS_BACKEND=jax make lab                   on JAX
#   make lab GPU=1                               TensorFlow with CUDA, in an environment of its own
#   make test ARGS="-k perceptron"               arguments for pytest

SHELL := /bin/sh
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PYTHON ?= python3
ifdef GPU
VENV := .venv-gpu
COURSE_REQUIREMENTS := requirements/gpu.txt
else
VENV := .venv
COURSE_REQUIREMENTS := requirements/course.txt
endif
BIN := $(VENV)/bin
UV := $(shell command -v uv || echo .uv/bin/uv)
UV_PIP := $(UV) pip install --quiet --python $(BIN)/python
EXPORT_ENV := TF_CPP_MIN_LOG_LEVEL=3 TF_ENABLE_ONEDNN_OPTS=0 PATH="$(CURDIR)/$(BIN):$$PATH"

.PHONY: help setup lab grade audit mutants test lint format notebooks adopt bench record site binder-check lock clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | awk -F '\t' '{printf "make %-12s %s\n", $$1, $$2}'

# --- environments ---------------------------------------------------------------------------------------------------

.uv/bin/uv: requirements/uv.txt
	@$(PYTHON) -c '' 2>/dev/null || { echo "make: no '$(PYTHON)' here. Install Python 3.11, 3.12 or 3.13, or name one: make PYTHON=/path/to/python3" >&2; exit 2; }
	@echo "Fetching uv, which makes the environment ..."
	@$(PYTHON) -m venv .uv >/dev/null 2>&1 || { rm -rf .uv; echo "make: '$(PYTHON) -m venv' does not work. Install it (Debian, Ubuntu: apt install python3-venv), or install uv, then run make again." >&2; exit 2; }
	@.uv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/uv.txt
	@touch $@

$(VENV)/pyvenv.cfg: | $(filter .uv/bin/uv,$(UV))
	@UV_PYTHON_DOWNLOADS=never $(UV) venv --quiet --no-project --python '>=3.11,<3.14' $(VENV) 2>/dev/null || { \
	  echo "make: the course needs Python 3.11, 3.12 or 3.13, and none was found ('$(PYTHON)' is $$($(PYTHON) -V 2>&1)). Install one and run make again." >&2; exit 2; }

# A stamp for each set of requirements; `lab` needs only the first.
$(VENV)/.course: $(COURSE_REQUIREMENTS) requirements/build.txt pyproject.toml $(VENV)/pyvenv.cfg
	@echo "Making the environment in $(VENV) (the first time: some 400 MB to download) ..."
	@$(UV_PIP) --require-hashes -r $(COURSE_REQUIREMENTS)
	@$(UV_PIP) --no-deps --build-constraints requirements/build.txt -e .
	@touch $@

$(VENV)/.grading: requirements/grading.txt $(VENV)/.course
	@$(UV_PIP) --require-hashes -r requirements/grading.txt
	@touch $@

$(VENV)/.jax: requirements/jax.txt $(VENV)/.course
	@$(UV_PIP) --require-hashes -r requirements/jax.txt
	@touch $@

$(VENV)/.dev: requirements/dev.txt $(VENV)/.grading
	@$(UV_PIP) --require-hashes -r requirements/dev.txt
	@touch $@

# --- participants ---------------------------------------------------------------------------------------------------

setup: $(VENV)/.course ## make the environment that JupyterLab needs (all other targets make theirs as well)

lab: $(VENV)/.course $(if $(filter jax,$(KERAS_BACKEND)),$(VENV)/.jax) ## open JupyterLab on the start page
	@$(EXPORT_ENV) $(BIN)/python -m dlcourse.lab $(ARGS)

# --- instructors ----------------------------------------------------------------------------------------------------

ASSIGNMENT ?= 01-perceptron

grade: $(VENV)/.grading ## grade the sample class of ASSIGNMENT: table, feedback pages, CSV
	@$(EXPORT_ENV) $(BIN)/autograder sample $(ASSIGNMENT)
	@$(EXPORT_ENV) $(BIN)/autograder release $(ASSIGNMENT)
	@# Exit status 1 says that some submissions could not be graded: the sample class has such ones on purpose.
	@$(EXPORT_ENV) $(BIN)/autograder collect grading/sample --assignment $(ASSIGNMENT) || [ $$? -eq 1 ]
	@$(EXPORT_ENV) $(BIN)/autograder grade $(ASSIGNMENT) $(ARGS) || [ $$? -eq 1 ]

audit: $(VENV)/.grading ## prove that every exercise's tests tell right from wrong
	@$(EXPORT_ENV) $(BIN)/autograder audit --seeds 20 $(ARGS)

mutants: $(VENV)/.dev ## change the solutions a little: do the tests notice?
	@$(EXPORT_ENV) $(BIN)/autograder audit --mutate $(ARGS)

# --- maintainers ----------------------------------------------------------------------------------------------------

test: $(VENV)/.dev ## run the whole test suite
	@$(EXPORT_ENV) $(BIN)/python -m pytest -n auto --dist loadgroup $(ARGS)

lint: $(VENV)/.dev ## check style, notebooks included
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

format: $(VENV)/.dev ## format code, notebooks included, and carry the result back into sources/
	@$(BIN)/ruff check --fix --quiet . || true
	@$(BIN)/ruff format --quiet .
	@$(BIN)/python -m sources.build adopt --all

notebooks: $(VENV)/.dev ## rebuild course/, solutions/, exercises/ from sources/
	@$(BIN)/python -m sources.build build

adopt: $(VENV)/.dev ## take NOTEBOOK=… edited in JupyterLab back into its text
	@$(BIN)/python -m sources.build adopt $(or $(NOTEBOOK),$(error say which: make adopt NOTEBOOK=course/01-perceptron.ipynb))

bench: $(VENV)/.dev ## measure notebooks, imports, backends, training and grading
	@$(EXPORT_ENV) $(BIN)/python -m bench.notebooks
	@$(EXPORT_ENV) $(BIN)/python -m bench.imports
	@$(EXPORT_ENV) $(BIN)/python -m bench.backends
	@$(EXPORT_ENV) $(BIN)/python -m bench.training
	@$(EXPORT_ENV) $(BIN)/python -m bench.grading $(ARGS)

record: $(VENV)/.dev ## measure, and write what was printed into docs/performance.md (ARGS: which blocks)
	@$(EXPORT_ENV) $(BIN)/python -m bench.record $(or $(ARGS),--all)

binder-check: $(VENV)/.course ## build and launch from binder/ alone, and run chapters in 1 GB on one core (ARGS=--all: every chapter)
	@$(EXPORT_ENV) UV="$(UV)" $(BIN)/python -m bench.binder $(ARGS)

site: $(VENV)/.dev ## build the website into site/, chapters with what they print and draw
	@$(EXPORT_ENV) $(BIN)/python -m website.build $(ARGS)

lock: $(VENV)/.dev ## resolve the newest versions into requirements/, environment.yml and binder/
	@UV="$(UV)" $(BIN)/python requirements/lock.py $(ARGS)

clean: ## remove the environments and what grading wrote; sources and notebooks stay
	rm -rf .venv .venv-gpu .uv grading artifacts site
