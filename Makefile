# One target a habit. Every target sets up what it needs: `.venv`, with pinned, hash-checked packages.
PYTHON ?= python3
BIN := .venv/bin
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: demo test check fix schema bench train test-slow lock clean

demo: .venv/run ## set up, then code, check, build and load back the articles in seeds/
	$(BIN)/eventcode demo

test: check ## set up, then all checks and tests (what CI runs)
	$(BIN)/pytest -m "not slow"

test-slow: .venv/dev ## the tests that take minutes
	$(BIN)/pytest -m slow

check: .venv/dev ## format, lint, types, import layers, freshness of the generated contract
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/eventcode schema --check

fix: .venv/dev ## format and repair what the linter can repair
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

schema: .venv/run ## write the generated files of schema/
	$(BIN)/eventcode schema

bench: .venv/dev ## accuracy and speed figures
	$(BIN)/python benchmarks/run.py
	$(BIN)/python benchmarks/actors.py
	$(BIN)/python benchmarks/voa.py
	$(BIN)/python benchmarks/voa_events.py
	$(BIN)/python benchmarks/voa_circumstances.py
	$(BIN)/python benchmarks/link.py 100000
	$(BIN)/python benchmarks/gate.py 1000000
	$(BIN)/python benchmarks/release.py 100000
	$(BIN)/python benchmarks/floors.py
	$(BIN)/python benchmarks/reign.py
	$(BIN)/python benchmarks/references.py
	$(BIN)/python benchmarks/speed.py

train: .venv/dev .venv-train/ready ## check the training sentences, train the action model on them and calibrate it (an hour on two cores)
	$(BIN)/python training/check.py
	mkdir -p build
	$(BIN)/python training/prepare.py build/instances.jsonl
	.venv-train/bin/python training/train.py build/instances.jsonl
	$(BIN)/python training/calibrate.py build/instances.jsonl
	$(BIN)/python training/breaks.py
	$(BIN)/python training/homes.py
	$(BIN)/python training/referents.py
	$(BIN)/python training/sureness.py

lock: .venv/dev ## renew the pinned requirements (needs uv)
	uv pip compile pyproject.toml --group build --universal --generate-hashes --no-emit-index-url --no-header --python-version 3.11 -q -o requirements.txt
	uv pip compile pyproject.toml --group dev --universal --generate-hashes --no-emit-index-url --no-header --python-version 3.11 -q -o requirements-dev.txt

	uv pip compile training/requirements.in --generate-hashes --no-emit-index-url --no-header --python-version 3.11 -q -o training/requirements.txt

clean: ## remove all that can be made again
	rm -rf .venv .venv-train build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

.venv/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "eventcode needs Python 3.11 or newer; name one with: make PYTHON=python3.12")'
	$(PYTHON) -m venv .venv

.venv/run: requirements.txt pyproject.toml | .venv/bin/python
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements.txt
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	touch $@

.venv/dev: requirements-dev.txt pyproject.toml | .venv/bin/python
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements-dev.txt
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	touch $@ .venv/run

.venv-train/ready: training/requirements.txt
	$(PYTHON) -m venv .venv-train
	.venv-train/bin/python -m pip install --quiet --require-hashes -r training/requirements.txt
	touch $@
