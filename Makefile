# make run | test | soak | mutants | bench | format | requirements | sbom | clean
SHELL := /bin/sh
.DEFAULT_GOAL := run
.DELETE_ON_ERROR:

# The Python that the image has and all figures are of, where this machine has it too; else its python3.
PYTHON ?= $(shell python3.13 -c 'import ensurepip' 2>/dev/null && echo python3.13 || echo python3)
VENV := .venv
IN_VENV := $(VENV)/bin/python
# Tests and benches start hundreds of processes: each would read the whole source anew, for half a second more.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: run test soak mutants bench format requirements sbom clean

run: $(VENV)/.installed
	@exec $(IN_VENV) cli.py run

# Its databases, made by the hundred, lie in memory where that has room: the folders of a disk take ten times as long.
test: $(VENV)/.installed-dev browser promtool
	@$(MAKE) --no-print-directory -j 2 checked collected
	@room="$(ROOM)/am.$$(id -u).$$(pwd | cksum | cut -d ' ' -f 1)" && mkdir -p "$$room" && [ -O "$$room" ] && \
	  chmod 1777 "$$room" && trap 'rm -rf "$$room"' EXIT HUP INT TERM && \
	  TMPDIR="$$room" TESTS_VAR="$$room/var" $(IN_VENV) -m pytest -n 4 --dist worksteal
ROOM = $(shell [ -w /dev/shm ] && [ "$$(df --output=avail /dev/shm 2>/dev/null | tail -n 1)" -gt 8000000 ] 2>/dev/null && \
  ! grep -q '^[^ ]* /dev/shm .*noexec' /proc/mounts && echo /dev/shm || echo "$${TMPDIR:-/tmp}")

.PHONY: checked collected
checked: $(VENV)/.installed-dev
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/ruff check .
	$(IN_VENV) -m mypy .
	$(IN_VENV) cli.py check

# Meanwhile the tests are compiled: each of four processes would do so for itself. What is wrong with one, its run says.
collected: $(VENV)/.installed-dev
	@$(IN_VENV) -m pytest --collect-only -q -n 0 >/dev/null 2>&1 || true

# Small disks are mounted for it, and Debian's nginx, libfaketime and LibreOffice Calc are installed where they are
# missing. Kills at points wait more than they work, so four houses stand side by side; all else has the machine for
# itself.
# SOAK_SEEDS (200) is how often each crash point kills, SOAK_ROLLS (50) how often all processes begin anew,
# SOAK_FUZZ_SECONDS (60) how long each parser is fuzzed, and SOAK_FUZZ_RUNS how many inputs at most.
# The parts of it add up their figures in one file.
TOTALS := var/test/soak.json
SOAK := SOAK_TOTALS=$(TOTALS) $(IN_VENV) -m pytest -m soak -rP --durations=0 --durations-min=1
POINTS := tests/faults/test_crash_points.py
soak: $(VENV)/.installed-dev
	@[ "$$(id -u)" = 0 ] || { echo "make soak fills disks that only root can mount: run it as root" >&2; exit 1; }
	@rm -f $(TOTALS); points=0; $(SOAK) -n 4 --dist worksteal $(POINTS) || points=$$?; $(SOAK) --ignore=$(POINTS) && exit $$points

# Changes the rooms where a unit or a message could be lost, one place at a time, and sees whether a test fails.
mutants: $(VENV)/.installed-dev
	$(IN_VENV) -m tests.mutants

bench: $(VENV)/.installed-dev
	$(IN_VENV) -m bench --readme
	$(IN_VENV) -m bench.searching
	$(IN_VENV) -m bench.selling
	$(IN_VENV) -m bench.broadcasting
	$(IN_VENV) -m bench.paced
	$(IN_VENV) -m bench.growing --readme
	$(IN_VENV) -m bench.scaling --write

format: $(VENV)/.installed-dev
	$(VENV)/bin/ruff format .
	$(VENV)/bin/ruff check --fix .

# Each pin has the hashes of all its files, of every platform; pip takes no other file.
requirements: $(VENV)/.installed-dev
	@for name in requirements requirements-dev; do \
	  $(IN_VENV) -m piptools compile --quiet --upgrade --generate-hashes --allow-unsafe --strip-extras --no-emit-index-url \
	    --no-emit-trusted-host --no-emit-find-links --no-header --output-file $$name.txt $$name.in || exit 1; \
	done
	@$(MAKE) --no-print-directory sbom

# What a release is made of, with versions and hashes, for whoever looks for known weaknesses: deploy/sbom.json, CycloneDX.
sbom: $(VENV)/.installed-dev
	@$(IN_VENV) -m tests.deploy.bill

# The market's own data, var/, stays: remove it by hand.
clean:
	@if [ -x $(IN_VENV) ]; then for var in var var/test; do [ ! -f $$var/services.lock ] || $(IN_VENV) -c \
	  "from pathlib import Path; from base.embedded import Owner, stop; var = Path('$$var'); owner = Owner(var).__enter__(); stop(var)" \
	  || exit 1; done; fi
	rm -rf $(VENV) var/test .mypy_cache .pytest_cache .ruff_cache .hypothesis

$(IN_VENV):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "Python 3.11 or newer is needed; $(PYTHON) is $$($(PYTHON) --version 2>&1). Try: make PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); \
	  echo "The environment could not be made. On Debian or Ubuntu: apt-get install python3-venv" >&2; exit 1; }

$(VENV)/.installed: requirements.txt | $(IN_VENV)
	$(IN_VENV) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

$(VENV)/.installed-dev: requirements-dev.txt $(VENV)/.installed
	$(IN_VENV) -m pip install --no-compile --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

# Debian's package promtool is that one program: no server and no service comes with it.
.PHONY: promtool
promtool:
	@command -v promtool >/dev/null 2>&1 && exit 0; \
	if command -v apt-get >/dev/null 2>&1 && [ "$$(id -u)" = 0 ]; then \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends promtool >/dev/null; \
	else \
	  echo "The tests of the alarms need promtool: install promtool (or prometheus), then make test again" >&2; exit 1; fi

.PHONY: browser
browser: | $(IN_VENV)
	@$(IN_VENV) -m tests.chromium && exit 0; \
	if command -v apt-get >/dev/null 2>&1 && [ "$$(id -u)" = 0 ]; then \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium >/dev/null; \
	else \
	  echo "The tests of the simulator and of the guide need Chromium: install chromium (or google-chrome), then make test again" >&2; exit 1; fi
