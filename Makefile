# One command each after a clone: `make demo`, `make test`. Both build .venv from a lock with hashes.

PYTHON ?= python3
# uv is quicker and never needed; `make UV= test` leaves it alone.
UV ?= $(shell uv --version >/dev/null 2>&1 && echo uv)

VENV := .venv
BIN := $(VENV)/bin
# A stamp says which lock the environment was last filled from.
DEV := $(VENV)/.dev
RUNTIME := $(VENV)/.runtime
# Empty when the checkout was moved or the Python is gone, which would otherwise fail far from its cause.
USABLE := $(shell test "$$(cat $(VENV)/.place 2>/dev/null)" = "$(CURDIR)" && $(BIN)/python -c '' 2>/dev/null && echo yes)

# Where it is set, every process compiles the whole of Broadsheet anew, and a run of tests starts many.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help install demo test rewritten test-parts faults planted lint fmt goldens bench migrate migration lock clean venv

help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

install: $(DEV) ## build .venv with everything that developing needs

# An environment that is there is used as it is: the demo asks for no tool of a developer's.
demo: $(if $(and $(USABLE),$(wildcard $(DEV))),$(DEV),$(RUNTIME)) ## a thousand made-up people get an issue; nothing leaves this machine (ARGS=--serve)
	@$(BIN)/newsletter demo $(ARGS)

# Four processes, as many tests wait for a server. A file's tests run in one of them: what they share (a build, SpamAssassin's answers) is made once.
ifdef T
test: $(DEV) ## everything that CI checks; T=tests/test_x.py runs these tests only
	$(BIN)/pytest $(T)
else
test: $(if $(filter true,$(CI)),test-parts) $(DEV)
	@$(MAKE) --no-print-directory -j 2 lint rewritten
	$(BIN)/pytest -n 4 --dist loadfile --no-loadscope-reorder
endif

# While one processor lints, the other rewrites the assertions of all tests, or each of the four would.
rewritten: $(DEV)
	@$(BIN)/pytest --collect-only -q >/dev/null 2>&1 || true

test-parts: ## install the real parts that some tests use (Debian: apt, no service is started)
	@$(PYTHON) tests/parts.py install

faults: $(DEV) ## kill, cut off, fill up and break everything at length; prints what was tried (BROADSHEET_SEED=n, BROADSHEET_MINUTES=20)
	BROADSHEET_FAULTS=long $(BIN)/pytest -s -q tests/faults --ignore tests/faults/test_defects.py

planted: $(DEV) ## plant each known defect in a copy of the tree, and see a test of the faults turn red
	BROADSHEET_FAULTS=long $(BIN)/pytest -s -q tests/faults/test_defects.py

lint: $(DEV) ## style, spelling, types and floors
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/codespell
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

fmt: $(DEV) ## format, and mend what can be mended
	$(BIN)/ruff check --fix --exit-zero --quiet
	$(BIN)/ruff format

goldens: $(DEV) ## write the expected emails anew; read the diff before you commit it
	$(BIN)/pytest -m golden --goldens

bench: $(DEV) ## the targets of speed, each beside its yardstick
	$(BIN)/python -m benchmarks.help
	$(BIN)/python -m benchmarks.render
	$(BIN)/python -m benchmarks.compose
	$(BIN)/python -m benchmarks.tracking
	$(BIN)/python -m benchmarks.events
	$(BIN)/python -m benchmarks.ledger
	$(BIN)/python -m benchmarks.freezing
	$(BIN)/python -m benchmarks.growth
	$(BIN)/python -m benchmarks.searching
	$(BIN)/python -m benchmarks.paging
	$(BIN)/python -m benchmarks.audience
	$(BIN)/python -m benchmarks.importing
	$(BIN)/python -m benchmarks.smtp
	$(BIN)/python -m benchmarks.sendgrid
	$(BIN)/python -m benchmarks.memory
	$(BIN)/python -m benchmarks.letters

migrate: $(DEV) ## bring the database of these settings to the newest schema
	$(BIN)/newsletter db upgrade

migration: $(DEV) ## draft a migration from the models: make migration M="add a column"
	@test -n "$(M)" || { echo 'Say what it does: make migration M="add a column"' >&2; exit 2; }
	$(BIN)/alembic revision --autogenerate -m "$(M)"

# The build backend is locked too: an editable install then needs nothing that has no hash.
LOCK = printf 'editables\nhatchling\n' | uv pip compile pyproject.toml - --universal --python-version 3.11 \
	--generate-hashes --no-emit-index-url --no-header --no-annotate --quiet $(LOCKFLAGS)

lock: ## resolve the dependencies anew (LOCKFLAGS=--upgrade for newer ones); the one target that needs uv
	@uv --version >/dev/null 2>&1 || { echo 'make lock needs uv: pip install uv' >&2; exit 2; }
	$(LOCK) --extra dev --extra postgres --output-file requirements-dev.lock
	$(LOCK) --constraint requirements-dev.lock --output-file requirements.lock

clean: ## remove what make made: .venv, .parts and caches
	rm -rf $(VENV) .parts build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(RUNTIME): requirements.lock pyproject.toml $(if $(USABLE),,venv)
	@$(call fill,requirements.lock)
	@touch $@

$(DEV): requirements-dev.lock pyproject.toml $(if $(USABLE),,venv)
	@$(call fill,requirements-dev.lock)
	@touch $@ $(RUNTIME)

venv:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "Broadsheet needs Python 3.11 or newer, and '$(PYTHON)' is not one." >&2; \
	  echo "Mend: make PYTHON=python3.11 $(MAKECMDGOALS)   (or the path of any newer one)" >&2; exit 2; }
	@$(if $(UV),:,$(PYTHON) -c 'import ensurepip' 2>/dev/null) || { \
	  echo "'$(PYTHON)' cannot make an environment: it has no ensurepip." >&2; \
	  echo "Mend: apt-get install python3-venv   (or let PYTHON name another Python)" >&2; exit 2; }
	@echo "Building $(VENV) ..."; rm -rf $(VENV)
	@$(if $(UV),$(UV) venv --quiet --no-python-downloads --python "$$($(PYTHON) -c 'import sys; print(sys.executable)')" $(VENV),$(PYTHON) -m venv $(VENV))
	@echo "$(CURDIR)" > $(VENV)/.place

define fill
echo "Installing what $(1) names ..."; \
$(if $(UV),$(UV) pip install --quiet --python $(BIN)/python,$(BIN)/python -m pip install --quiet --disable-pip-version-check) --require-hashes -r $(1) \
&& $(if $(UV),$(UV) pip install --quiet --python $(BIN)/python,$(BIN)/python -m pip install --quiet --disable-pip-version-check) --no-deps --no-build-isolation -e .
endef
