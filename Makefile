# Two commands do all the set-up on a fresh Debian or Ubuntu with Python 3.11+:
#   make run     build, install and start Custodes with its made-up force
#   make test    build, install and run every test
# For work on the code: make dev, then make check.

PYTHON ?= python3
RUN    := .venv-run
TEST   := .venv-test
DEV    := .venv
BUILT  := src/custodes/web/static/built/custodes.js
SOURCES := $(shell find src bench -name '*.py' -o -name '*.html' 2>/dev/null | grep -v __pycache__)
PAGES   := $(shell find frontend/src -type f 2>/dev/null) frontend/package-lock.json frontend/vite.config.ts frontend/one_page.ts

.SECONDARY:
.PHONY: run test dev check mutants drill lock clean frontend

run: $(RUN)/.installed
	$(RUN)/bin/custodes up --demo

test: $(TEST)/.installed .system-packages
	$(MAKE) check ENVIRONMENT=$(TEST)
	$(TEST)/bin/python frontend/npm.py run typecheck
	$(TEST)/bin/python frontend/npm.py test
	$(TEST)/bin/python -m pytest -n 2 --dist loadscope

dev: $(DEV)/.packages $(BUILT)
	$(DEV)/bin/pip install -q --no-deps --no-build-isolation -e .

check:
	$(ENVIRONMENT)/bin/ruff check .
	$(ENVIRONMENT)/bin/ruff format --check .
	$(ENVIRONMENT)/bin/mypy
	$(ENVIRONMENT)/bin/lint-imports --no-cache
	$(ENVIRONMENT)/bin/deptry src
	$(ENVIRONMENT)/bin/vulture

# Every change a mutation tester can make to the retention rules must be noticed; about two minutes.
# Continuous integration asks for it after the tests.
mutants: $(DEV)/.packages
	tools/mutate-rules $(DEV)

# A force's whole archive, 785,000 files, robbed of 96,174: about four minutes and three gigabytes of
# memory. The tests have a hundredth of it; continuous integration asks for the whole besides.
drill: $(DEV)/.packages
	CUSTODES_TEST_ARCHIVE_PART=1 $(DEV)/bin/python -m pytest -n0 \
	  tests/retention/test_inventory.py::test_the_loss_of_a_tenth_of_an_archive_is_counted_exactly_and_listed

# Each environment: packages by hash, then the wheel that everything is tested with.
%/.packages: requirements.lock requirements-run.lock
	tools/make-environment $(PYTHON) $* $(if $(filter $(RUN),$*),requirements-run.lock,requirements.lock)
	touch $@

%/.installed: %/.packages $(SOURCES) pyproject.toml
	$(MAKE) frontend ENVIRONMENT=$*
	rm -rf build/$* && $*/bin/python -m hatchling build -t wheel -d build/$*
	$*/bin/pip install -q --no-deps --force-reinstall build/$*/custodes-*.whl
	touch $@

# The pages are built with the Node that comes as a Python package: none needs to be there.
ENVIRONMENT ?= $(DEV)
frontend: $(BUILT)
$(BUILT): $(PAGES)
	$(ENVIRONMENT)/bin/python frontend/npm.py ci
	$(ENVIRONMENT)/bin/python frontend/npm.py run build

.system-packages: tools/system-packages
	tools/system-packages
	touch $@

lock:
	uv pip compile pyproject.toml --group dev --universal --python-version 3.11 --generate-hashes --no-header --no-annotate -o requirements.lock
	uv pip compile pyproject.toml --group build --universal --python-version 3.11 --generate-hashes --no-header --no-annotate -o requirements-run.lock -c requirements.lock

clean:
	rm -rf $(RUN) $(TEST) build dist .system-packages src/custodes/web/static/built frontend/node_modules
