# The two commands: `make book` and `make test`. Each does all of its own set-up.
PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python
SITE := _build/html
PORT ?= 8000
PIP = $(PY) -m pip install -qq --disable-pip-version-check
# Number of processes in which tests run, each file in one of them (unit tests: in any): `make test JOBS=4`.
JOBS ?= 2
PYTEST = $(PY) -m pytest -q --numprocesses $(JOBS) --dist loadfile
FRONTEND := $(addprefix book/frontend/,package.json package-lock.json build.mjs widgets.mjs src/live.js src/quizzes.js src/widgets.js) \
  $(foreach kind,js css,$(wildcard lifbook/page/*.$(kind) lifbook/page/shared/*.$(kind) lifbook/page/widgets/*.$(kind)))

.DEFAULT_GOAL := help
.PHONY: help book test quick lint unit notebooks grading browser engines lab pythons serve bundles refresh posters new-chapter new-widget new-table picture datapackage questions assignments grade bench bench-grading lock clean

help:  ## what can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1|\2/' | column -t -s'|'

$(VENV)/.ready: requirements.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "make: Python 3.11 or newer is needed. Install it, or name one: make PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null \
	  || { echo "make: Python's venv is missing. Install it (Debian: apt-get install python3-venv)"; exit 1; }
	@echo "== Python packages, into $(VENV) (up to a minute)"
	@$(PYTHON) -m venv $(VENV)
	@# uv does it in a fifth of the time; where it cannot be had, or finds no packages, pip does it.
	@# Compiled once, here: some processes of the tests and the grading may not write bytecode, and would compile at each start.
	@$(PIP) "$$(grep ^uv== requirements.txt)" 2>/dev/null \
	  && $(PY) -m uv pip install --quiet --compile-bytecode --python $(PY) --requirement requirements.txt 2>/dev/null \
	  || { echo "   uv cannot install them here, pip does (a minute or more)"; $(PIP) --requirement requirements.txt; }
	@$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

build/assets/manifest.json: $(FRONTEND) tools/assets.py $(VENV)/.ready
	@echo "== Front-end packages, bundled into build/assets"
	@$(PY) tools/assets.py build/assets

book: build/assets/manifest.json  ## build the site into _build/html
	@echo "== The book"
	@$(PY) tools/build.py
	@echo "== Done. Open it with: make serve   (then http://localhost:$(PORT))"

serve: book  ## build, then show the site on http://localhost:8000
	@echo "== http://localhost:$(PORT)   (stop with Ctrl+C)"
	@$(PY) -m http.server --directory $(SITE) --bind 127.0.0.1 $(PORT)

test: book  ## build, then run every test
	@$(PY) tools/browser.py
	@$(MAKE) --no-print-directory -o book lint unit notebooks browser engines grading lab

quick: $(VENV)/.ready  ## after a small change: tests of what it reaches, in two minutes (SINCE=commit)
	@$(PY) tools/quick.py "$(SINCE)" $(JOBS)

lint: build/assets/manifest.json  ## how the sources are written: style, types, imports, examples, scripts
	@echo "== How the sources are written"
	@$(PY) tools/lint.py $(CHECKS)

unit: $(VENV)/.ready  ## unit, property and data tests
	@echo "== Unit, property and data tests"
	@$(PYTEST) --dist worksteal tests/unit

notebooks: $(VENV)/.ready  ## nbval (strict) on every chapter, and tests of the net itself
	@echo "== Notebooks: nbval, strict"
	@$(PYTEST) --nbval --nbval-sanitize-with tests/notebooks/sanitize.cfg chapters
	@$(PYTEST) --dist loadgroup tests/notebooks

grading: $(VENV)/.ready  ## the grading: a class that tries everything, killed runs, PostgreSQL, the real sets
	@echo "== The grading"
	@$(PYTEST) tests/grading

browser: book  ## the built site in Chromium
	@echo "== The site in Chromium"
	@$(PYTEST) tests/browser

engines: book  ## the built site in Firefox and WebKitGTK, where they can be had (LIF_ENGINES=none: in neither)
	@$(PY) tools/browser.py firefox webkit
	@echo "== The site in Firefox and WebKitGTK"
	@$(PYTEST) --dist loadgroup tests/engines

lab: book  ## Binder's environment, in JupyterLab and Notebook; the other Pythons; the oldest packages
	@echo "== Binder's environment, the other Pythons, the oldest packages"
	@# One process for each environment: much of their time is waiting, for packages and for JupyterLab.
	@$(PYTEST) --numprocesses 3 --dist loadgroup tests/lab

pythons: build/assets/manifest.json  ## build, notebooks and unit tests under each Python 3.11 and newer that the machine has
	@JOBS=$(JOBS) $(PY) tools/pythons.py

bundles: $(VENV)/.ready  ## bundle the widgets' scripts and styles for Jupyter (after a change of one)
	@$(PY) tools/assets.py --bundles

refresh: bundles  ## execute the chapters again, store outputs and widget state
	@$(PY) tools/refresh.py

# Names reach the program through the environment: they may hold anything.
export NAME FILE

new-chapter: build/assets/manifest.json  ## a short chapter that passes all tests: NAME=name
	@$(PY) tools/new.py chapter "$$NAME"

new-widget: build/assets/manifest.json  ## a widget that passes all tests: NAME=name
	@$(PY) tools/new.py widget "$$NAME"

new-table: $(VENV)/.ready  ## the entry of data/FILE, drafted from the file: FILE=name.csv
	@$(PY) tools/new.py table "$$FILE"

picture: $(VENV)/.ready  ## draw which room uses which, into CONTRIBUTING.md
	@$(PY) tools/picture.py

posters: book  ## draw the pictures that stand in for the 3D views (after a change of a scene)
	@$(PY) tools/browser.py chromium
	@$(PY) tools/posters.py

datapackage: $(VENV)/.ready  ## write sizes and checksums of data/ into datapackage.json
	@$(PY) tools/datapackage.py

questions: $(VENV)/.ready  ## quiz questions for learning platforms (QTI, Moodle XML) into build/questions
	@$(PY) tools/export_questions.py

assignments: $(VENV)/.ready  ## student and instructor copies of the problem sets (PARAMETERS=term.json)
	@echo "== The problem sets"
	@$(PY) tools/assignments.py "$(PARAMETERS)"

# Settings reach the program through the environment, so that names may have blanks.
GRADE := SUBMISSIONS ASSIGNMENT PARAMETERS ROSTER COURSE DB WORKERS SECONDS CELL_SECONDS MEMORY UNSAFE
export $(GRADE)

grade: $(VENV)/.ready  ## grade a class: SUBMISSIONS=folder ASSIGNMENT=structure (more: README)
	@$(PY) tools/grade.py

bench: book  ## measure times and bytes
	@$(PY) tools/bench.py

bench-grading: $(VENV)/.ready  ## measure the grading of 200 submissions (about 25 minutes)
	@$(PY) tools/bench_grading.py

lock: $(VENV)/.ready  ## pin requirements.in, binder/requirements.in and the oldest that pyproject.toml allows
	@$(PY) tools/lock.py

clean:  ## remove what was built (not the environment)
	rm -rf _build build
