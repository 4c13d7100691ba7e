# osw_stats: `make help` lists what there is.
SHELL := /bin/sh
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# two processes, as a build uses; a file of tests stays in one, for what it makes once, and long ones come first
TESTS := -m pytest -n 2 --dist loadfile --no-loadscope-reorder
# pip warns of every download place it passes by; errors still show
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input install --quiet --quiet

.DEFAULT_GOAL := help
.PHONY: help report test test-quick test-deps browser bench founding lab docs worlds rehearsal fuzz faults attack coverage mutation sbom audit lock size lines clean

help: ## list these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

report: $(VENV)/.report ## make the whole report: tables, figures, site
	@$(BIN)/osw build

test: test-deps browser ## install what the tests need and run them all, lint and types included
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache
	@$(BIN)/deptry .
	@$(BIN)/zizmor --offline --quiet --no-progress .github/workflows
	@$(BIN)/python $(TESTS)

test-quick: test-deps ## the tests that take seconds, not minutes
	@$(BIN)/python $(TESTS) -m "not whole_road"

test-deps: $(VENV)/.test ## install what the tests need into .venv

browser: test-deps ## find a Chromium for the tests of pages, or install one
	@for b in chromium chromium-browser google-chrome google-chrome-stable; do \
		command -v $$b >/dev/null 2>&1 && exit 0; done; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then \
		echo "Installing Chromium and a font"; \
		apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core >/dev/null && exit 0; \
	fi; \
	echo "Installing Playwright's Chromium"; $(BIN)/playwright install chromium && exit 0; \
	echo "No Chromium could be installed. Put one on the path (on Debian: sudo apt install chromium) and run make test again."; exit 1

bench: $(VENV)/.report ## measure what must be fast
	@$(BIN)/python benchmarks/read_million.py
	@$(BIN)/python benchmarks/scan_large.py
	@$(BIN)/python benchmarks/analyses.py
	@$(BIN)/python benchmarks/site.py
	@$(BIN)/python benchmarks/builds.py
	@$(BIN)/python benchmarks/files.py

FOUNDING := build/founding
founding: test-deps ## measure a whole build against the founding commit's notebooks under stock papermill (minutes)
	@mkdir -p $(FOUNDING) && git archive e1e1c9a | tar -x -C $(FOUNDING)
	@test -x $(FOUNDING)/.venv/bin/papermill || { $(BIN)/python -m venv $(FOUNDING)/.venv && $(BIN)/uv pip install --quiet \
		--python $(FOUNDING)/.venv/bin/python --compile-bytecode --require-hashes -r $(FOUNDING)/requirements.lock; }
	@$(BIN)/python benchmarks/founding.py $(FOUNDING) $(FOUNDING)/.venv/bin/python

# what a notebook printed stays out of git; root, as in a container, must be allowed to serve; nothing asks the network
KEYS := codemirror_mode file_extension mimetype nbconvert_exporter pygments_lexer version
lab: $(VENV)/.lab ## open JupyterLab on the notebooks
	@! git rev-parse --git-dir >/dev/null 2>&1 || { $(BIN)/nbstripout --install --attributes "$$(git rev-parse --git-path info/attributes)" && \
		git config filter.nbstripout.extrakeys "$(KEYS:%=metadata.language_info.%)" && \
		git config filter.nbstripout.clean "$$(git config filter.nbstripout.clean) --keep-id"; }
	@$(BIN)/jupyter lab $(if $(filter 0,$(shell id -u)),--allow-root) --LabApp.extension_manager=readonly notebooks

docs: test-deps ## write the reference pages of the front door to build/reference
	@$(BIN)/pdoc --docformat numpy --no-show-source -o build/reference osw_stats.door

worlds: test-deps ## other editions made out of this one, COUNT of them (drawn by SEED), and each figure left out (LEFT_OUT)
	@OSW_WORLDS_COUNT=$(or $(COUNT),200) OSW_WORLDS_SEED=$(or $(SEED),9) OSW_WORLDS_LEFT_OUT=$(or $(LEFT_OUT),-1) \
		OSW_WORLDS_KEEP=$(abspath $(KEEP)) $(BIN)/python -m pytest -q -n auto --maxprocesses 4 tests/worlds

rehearsal: test-deps ## walk next year from files to pages, with figures invented from SEED (minutes)
	@OSW_REHEARSAL_SEED=$(or $(SEED),1) OSW_REHEARSAL_KEEP=$(abspath $(KEEP)) $(BIN)/python -m pytest -q -s tests/rehearsal

fuzz: test-deps ## spoil files for every reader, MINUTES long
	@OSW_FUZZ_MINUTES=$(or $(MINUTES),10) $(BIN)/python -m pytest -q tests/fuzz/test_fuzz.py

faults: test-deps ## kill builds at random moments, KILLS of them (minutes each)
	@OSW_KILLS=$(or $(KILLS),200) $(BIN)/python -m pytest -q tests/faults/test_build_faults.py -k kill_9

attack: test-deps ## attack simulated tables, groups and regions as an outsider would, TABLES of them (hours)
	@OSW_ATTACKS=$(or $(TABLES),500) $(BIN)/python -m pytest -q tests/disclosure

coverage: test-deps ## which lines and branches the tests reach
	@mkdir -p build/coverage
	@$(BIN)/python -m coverage erase
	@$(BIN)/python -m coverage run $(TESTS) -q -m "not whole_road"
	@$(BIN)/python -m coverage combine --quiet
	@$(BIN)/python -m coverage report --sort=cover

size: test-deps ## how often intervals and verdicts are right in SIMULATED worlds; writes docs/reliability.md (minutes)
	@$(BIN)/python -m tests.size.run

mutation: test-deps ## change one place of MODULE at a time and see whether the tests BY notice
	@sed 's#MODULE#$(or $(MODULE),osw_stats/stats/counts/rates.py)#; s#NOTICED_BY#$(or $(BY),tests/stats/test_models_of_counts.py)#' \
		benchmarks/mutmut.cfg >setup.cfg
	@$(BIN)/mutmut run; $(BIN)/mutmut results; rm -f setup.cfg

sbom: $(VENV)/.report ## write build/sbom.json and build/licences.csv
	@$(BIN)/python .ci/sbom.py

audit: $(VENV)/.report ## look up known weaknesses of the locked packages (needs the internet)
	@test -x build/audit/bin/pip-audit || { $(BIN)/python -m venv build/audit && \
		build/audit/bin/python -m pip --disable-pip-version-check install --quiet --quiet pip-audit==2.10.1; }
	@build/audit/bin/pip-audit --disable-pip --require-hashes -r requirements.lock

lock: $(VENV)/.installer ## write the lock files anew: the newest versions that fit each other
	@$(call LOCK,pyproject.toml --group build,requirements.lock)
	@$(call LOCK,pyproject.toml --group build --group test -c requirements.lock,requirements-test.lock)
	@$(call LOCK,pyproject.toml --group build --extra lab -c requirements-test.lock,requirements-lab.lock)
	@$(call LOCK,--group pyproject.toml:installer,requirements-installer.lock)
LOCK = $(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--no-emit-find-links --no-annotate --no-header $(1) -o $(2)

lines: ## lines of Python by folder, as the formatter writes them
	@find osw_stats tests -name '*.py' -exec wc -l {} + | awk '$$2 != "total" {n = $$1; sub("/[^/]*$$", "", $$2); \
		lines[$$2] += n; split($$2, part, "/"); all[part[1]] += n} \
		END {for (d in lines) printf "%6d %s\n", lines[d], d; for (d in all) printf "%6d all of %s\n", all[d], d}' | sort -k2

clean: ## take away everything that was made, .venv included
	rm -rf $(VENV) build mutants _site data/processed/2* figures/2*

$(BIN)/python:
	@echo "Making $(VENV)"
	@$(PYTHON) -c 'import sys; v = sys.version_info; sys.exit(0 if (3, 11) <= v[:2] <= (3, 13) else \
		"Python 3.11, 3.12 or 3.13 is needed; this is %d.%d. Try: make report PYTHON=python3.12" % v[:2])'
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo "Python could not make $(VENV). On Debian, Ubuntu and WSL: sudo apt install python3-venv"; exit 1; }

# uv from its own package, by its hash; where there is none for this machine pip goes on without it
$(VENV)/.installer: requirements-installer.lock | $(BIN)/python
	@$(PIP) --only-binary :all: --require-hashes -r $< 2>/dev/null || echo "uv cannot be had here; pip takes its place and a few minutes"
	@touch $@

# files are copied, so that what somebody changes in one environment changes no other
INSTALL = { [ -x $(BIN)/uv ] && $(BIN)/uv pip install --quiet --python $(BIN)/python --link-mode copy --compile-bytecode $(1); } \
	|| $(PIP) $(1)

$(VENV)/.report: requirements.lock pyproject.toml $(VENV)/.installer
	@echo "Installing what the report needs (once)"
	@$(call INSTALL,--require-hashes -r $<)
	@$(call INSTALL,--no-deps --no-build-isolation -e .)
	@touch $@

$(VENV)/.test: requirements-test.lock $(VENV)/.report
	@echo "Installing what the tests need"
	@$(call INSTALL,--require-hashes -r $<)
	@touch $@

$(VENV)/.lab: requirements-lab.lock $(VENV)/.report
	@echo "Installing JupyterLab"
	@$(call INSTALL,--require-hashes -r $<)
	@$(BIN)/jupyter labextension disable --level=sys_prefix @jupyterlab/apputils-extension:announcements
	@touch $@
