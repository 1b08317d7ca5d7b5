# samrutine, from a fresh machine with git, make and Python 3.11 or newer:
#
#   make demo     environment, dependencies, a demo library of nine municipalities
#   make test     environment, dependencies, every test that can run here; names what it skipped and how to get it
#
# Then: make test T=approvals · make check · make proof · make bench · make watch · make docs · make lock · make vendor · make clean

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DEMO_ARGS ?=
T ?=
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet install
# The shells of some machines forbid bytecode; a cold command without it takes three times as long.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo test proof bench check docs watch lock vendor clean
.DEFAULT_GOAL := test

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "samrutine needs Python 3.11 or newer; $(PYTHON) is older. Try: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || \
	  { rm -rf $(VENV); echo "$(PYTHON) cannot make an environment. On Debian: apt-get install python3-venv"; exit 1; }

# What the product needs, and the product itself, with bytecode.
$(VENV)/.run: $(BIN)/python requirements/run.txt requirements/build.txt pyproject.toml
	@echo "Installing what samrutine needs into $(VENV) …" >&2
	@$(PIP) --require-hashes -r requirements/build.txt -r requirements/run.txt
	@$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

# What tests and checks need besides.
$(VENV)/.dev: $(VENV)/.run requirements/dev.txt
	@echo "Installing what the tests need into $(VENV) …" >&2
	@$(PIP) --require-hashes -r requirements/dev.txt
	@touch $@

.PHONY: compiled
compiled: $(VENV)/.run
	@$(BIN)/python -W ignore -m compileall -q src

demo: compiled
	@$(BIN)/samrutine demo $(DEMO_ARGS)

test: $(VENV)/.dev compiled
	@$(BIN)/python -m pytest -n auto -m "not slow and not broad" $(if $(T),-k "$(T)")

# First what shows figures of the whole machine, alone; then the rest, side by side. A choice of T may be in one of them only.
# What is slow says so in its file: to read all other tests too takes ten seconds, twice.
PROOF = $$(grep -rlE 'mark\.slow' tests --include='*.py') --durations=8 -s
proof: $(VENV)/.dev compiled
	@$(BIN)/python -m pytest $(PROOF) -n 0 -m "slow and alone" $(if $(T),-k "$(T)" || [ $$? -eq 5 ])
	@SAMRUTINE_KILLS=$${SAMRUTINE_KILLS:-500} $(BIN)/python -m pytest $(PROOF) -n auto --no-loadscope-reorder \
	  -m "slow and not alone" $(if $(T),-k "$(T)" || [ $$? -eq 5 ])

# Figures of what comes in wrong are worth nothing: first every document of which the truth is known, and every rule broken on
# purpose, which a test must see.
bench: $(VENV)/.dev compiled
	@$(BIN)/python -m pytest -n auto -m broad
	@$(BIN)/python bench/run.py

check: $(VENV)/.dev
	@$(BIN)/ruff format --check --quiet . || { echo "Run: $(BIN)/ruff format ."; exit 1; }
	@$(BIN)/ruff check --quiet .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo
	@$(BIN)/python tools/check_licences.py
	@$(BIN)/python tools/check_repository.py
	@$(BIN)/python tools/vendor.py --check
	@$(BIN)/python tools/reference.py --check

docs: $(VENV)/.dev
	@$(BIN)/python tools/reference.py

watch: $(VENV)/.dev
	@$(BIN)/python tools/watch.py

# Versions with hashes and without addresses; uv only here, in an environment of its own.
lock:
	@$(PYTHON) -m venv $(VENV)-lock && $(VENV)-lock/bin/python -m pip --quiet install uv
	@for name in build run dev; do case $$name in \
	  build) in="requirements/build.in";; run) in="pyproject.toml";; dev) in="pyproject.toml requirements/dev.in -c requirements/run.txt";; esac; \
	  $(VENV)-lock/bin/uv pip compile $$in --python-version 3.11 --universal --generate-hashes --no-annotate --no-header --quiet \
	    --output-file requirements/$$name.txt || exit 1; done
	@rm -rf $(VENV)-lock

# What the pages take from others, as it was published; needs npm.
vendor: $(BIN)/python
	@$(BIN)/python tools/vendor.py

clean:
	@rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache dist
