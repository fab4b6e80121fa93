# The front door. `make help` lists what there is; the work is done by scripts/.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help python deps build wheel demo test nightly lint format bench bench-chat bench-run fuzz mutants oracle conformance golden-update clean

# One cache for every build folder: paths are made relative, so release and planted builds share.
export CCACHE_BASEDIR := $(CURDIR)
export CCACHE_NOHASHDIR := 1
export CCACHE_SLOPPINESS := time_macros,pch_defines
PYTHON := .venv/bin/python
JOBS ?= $(shell nproc)

# $(call cmake,PRESET): configures and builds one preset.
cmake = cmake --preset $(1) --log-level=WARNING >/dev/null && \
        cmake --build --preset $(1) --parallel $(JOBS) $(2)

help: ## this list
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  make %-14s %s\n", $$1, $$2}' Makefile

# A fresh Debian has no Python, and the demo and the tests begin with it.
python:
	@command -v python3 >/dev/null || scripts/deps/debian.sh python3-venv

deps: ## install what is missing: Debian packages, .venv, npm packages, the ANTLR tool
	@scripts/deps/debian.sh
	@scripts/deps/antlr.sh >/dev/null
	@scripts/deps/python.sh .venv requirements.txt requirements-dev.txt
	@scripts/deps/node.sh

build: deps ## release binaries: build/bin/ormc and build/bin/ormd
	@$(call cmake,release,--target ormc ormd)

wheel: deps ## build/dist/django_ormc-*.whl: the app, both programs, their libraries
	@rm -rf build/dist
	@$(PYTHON) -m pip wheel -q --disable-pip-version-check --no-deps --wheel-dir build/dist .

demo: python ## the whole path on this machine; DEMO=check compares with Django and exits
	@python3 scripts/demo/main.py $(DEMO)

test: python ## install what is missing and run everything (PARTS="unit lint" for some)
	@python3 scripts/check/main.py $(PARTS)

nightly: ## make test, and what is long: ten minutes a fuzzer, 20,000 random snippets
	@$(MAKE) --no-print-directory test PARTS=all

lint: deps ## clang-format, clang-tidy, ruff, eslint
	@scripts/check/lint.sh

format: deps ## format C++ and Python in place
	@scripts/check/cxx_files.sh | xargs -r clang-format-16 -i
	@.venv/bin/ruff format -q . && .venv/bin/ruff check -q --fix .

bench: deps ## snippet to SQL against Django's own build and compile (BENCH="lookups" for some)
	@$(call cmake,bench,--target ormc compile_bench)
	@scripts/deps/python.sh .venv-bench requirements.txt requirements-bench.txt
	@.venv-bench/bin/python tests/bench/main.py $(BENCH)

bench-chat: build ## ormd against the published package under load (CHAT="--seconds 5 --waiting 9900")
	@scripts/deps/python.sh .venv-bench-chat requirements-bench-chat.txt
	@$(PYTHON) tests/bench_chat/main.py $(CHAT)

bench-run: deps ## ormd's run path against bare libpq, its export against \copy (RUN="--rows 200000")
	@$(call cmake,bench,--target ormd run_bench)
	@$(PYTHON) tests/bench_run/main.py $(RUN)

fuzz: deps ## libFuzzer on what reads bytes from others (tests/fuzz); FUZZ_SECONDS=60 each
	@$(call cmake,checked,--target fuzzers)
	@scripts/check/fuzz.sh $(or $(FUZZ_SECONDS),60)

mutants: deps ## each rule of the security design broken in a copy of the tree: some test must fail (RULES="R8 R24" for some)
	@python3 scripts/demo/with_cluster.py $(PYTHON) tests/attack/mutants.py $(RULES)

oracle: build ## N random snippets against Django (N=2000, SEED=1)
	@$(PYTHON) tests/oracle/main.py --generate $(or $(N),2000) --seed $(or $(SEED),1)

conformance: build ## Django's own tests as questions (APPS="queries lookup" for some)
	@$(PYTHON) tests/conformance/main.py $(APPS)

golden-update: build ## rewrite the golden files; review the diff
	@$(call cmake,release,--target ast_dump)
	@ORMC_GOLDEN_UPDATE=1 ctest --test-dir build -R golden --output-on-failure

clean: ## remove the build folders
	@rm -rf build build-*
