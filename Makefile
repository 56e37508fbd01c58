# The press office: `make run` opens it, `make test` proves it. Needs Python 3.11 and make.

PYTHON ?= python3
PORT ?= 8000
# Further words for pytest, as in: make test ARGS="-k visibility"
ARGS ?=

VENV := .venv
PY := $(VENV)/bin/python
MANAGE := $(PY) manage.py
PREFLIGHT = command -v $(PYTHON) >/dev/null || { echo "$(PYTHON) is not installed: install Python \
	3.11 or newer."; exit 1; }; $(PYTHON) -I pressoffice/preflight.py
PIP := $(PY) -m pip --disable-pip-version-check install -qq --require-hashes -r
HTML_VALIDATE := tests/html_validate
TEMPLATES = $(shell find templates -name '*.html' 2>/dev/null)
# Tests decide for themselves what is set; only the database is chosen here.
PLAIN := env -u ALLOWED_HOSTS -u CACHE_URL -u DATABASE_REPLICA_URL -u DEBUG -u EMAIL_URL \
	-u OFFICE_TIME_ZONE -u PAGES_CACHE_URL -u SECRET_KEY -u SITE_URL -u TRUSTED_PROXY
# loadgroup: what starts servers of its own starts them on one worker.
PYTEST := $(PLAIN) $(PY) -m pytest -n auto --dist loadgroup

export PYTHONUNBUFFERED := 1

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help run test lint types format fixtures messages screenshots coverage lock audit clean \
	html-validate preflight runtime development translations

help: ## list what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: export PORT := $(PORT)
run: export SITE_URL := $(or $(SITE_URL),http://127.0.0.1:$(PORT))
run: ## open the office on 127.0.0.1:$PORT, with demo records and staff the first time
	@$(PREFLIGHT) $(PORT)
	@$(MAKE) --no-print-directory runtime translations
	@$(MANAGE) migrate --verbosity 0
	@$(MANAGE) createcachetable --verbosity 0
	@$(MANAGE) setup_roles
	@$(MANAGE) load_demo
	@$(MANAGE) reindex --missing
	@$(MANAGE) make_renditions --missing
	@$(MANAGE) create_demo_staff
	@$(MANAGE) collectstatic --no-input --verbosity 0
	@exec $(VENV)/bin/gunicorn -c pressoffice/gunicorn.conf.py pressoffice.wsgi

test: lint ## lint, then every test on SQLite, and on PostgreSQL where TEST_DATABASE_URL is set
	@echo "Tests on SQLite:"
	DATABASE_URL= $(PYTEST) $(ARGS)
ifneq ($(TEST_DATABASE_URL),)
	@echo "Tests on PostgreSQL:"
	DATABASE_URL=$(TEST_DATABASE_URL) $(PYTEST) $(ARGS)
else
	@echo "TEST_DATABASE_URL is not set: nothing was tested on PostgreSQL."
endif

lint: development ## style of code and templates, missing migrations, Django's own checks
	$(VENV)/bin/ruff check
	$(VENV)/bin/ruff format --check
	$(if $(TEMPLATES),$(VENV)/bin/djade --check $(TEMPLATES))
	$(PLAIN) DATABASE_URL=sqlite://:memory: $(MANAGE) makemigrations --check --dry-run
	$(PLAIN) DATABASE_URL=sqlite://:memory: $(MANAGE) check --fail-level WARNING

types: development ## what mypy says
	$(VENV)/bin/mypy

format: development ## put code and templates into their one style
	$(VENV)/bin/ruff check --fix --exit-zero
	$(VENV)/bin/ruff format
	$(if $(TEMPLATES),$(VENV)/bin/djade $(TEMPLATES))

coverage: development ## which lines no test has run
	DATABASE_URL= $(PYTEST) --cov --cov-report=term $(ARGS)

fixtures: development ## write fixtures/ through the verbs, in a database made for it
	@scratch=$$(mktemp -d) && trap 'rm -rf "$$scratch"' EXIT && \
		export DATABASE_URL="sqlite:///$$scratch/db.sqlite3" && \
		$(PLAIN) $(MANAGE) migrate --verbosity 0 && $(PLAIN) $(MANAGE) build_fixtures

# The texts of the house into locale/, and what libraries lack into locale_libraries/; what is new
# is empty there until somebody translates it. Terms: pressoffice/locale/GLOSSARY.md.
messages: development ## collect the texts to translate into pressoffice/locale*/
	@command -v xgettext >/dev/null || { echo "xgettext is missing: install gettext."; exit 1; }
	$(MANAGE) makemessages --locale ru --locale kk --add-location file --no-wrap --no-obsolete \
		--ignore '$(VENV)' --ignore var --ignore tests
	$(PY) -m pressoffice.library_texts

screenshots: development ## photograph the running site for the README
	$(PY) tests/screenshots.py

# The larger set first: what the extras ask for bounds what the site itself may have.
# The extras stay in the pins: pip reads `coverage` and `coverage[toml]` as two requirements, and of
# an unpinned one it takes the newest release, for which the file has no hash.
lock: ## pin every dependency again, with its hash
	@command -v uv >/dev/null || { echo "uv is missing: install it, as in pipx install uv."; exit 1; }
	uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
		--no-strip-extras --no-header --no-annotate --extra dev pyproject.toml -o requirements-dev.txt
	uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
		--no-strip-extras --no-header --no-annotate -c requirements-dev.txt pyproject.toml \
		-o requirements.txt
	cd $(HTML_VALIDATE) && npm run --silent lock

# --strict: a package that the service knows nothing of, or that it could not be asked about, is no
# sound one. The pins are read as they are: nothing is installed or resolved.
audit: development ## look for known weaknesses in what is pinned (asks the advisory service of PyPI)
	@for file in requirements.txt requirements-dev.txt; do echo "$$file:"; \
		$(VENV)/bin/pip-audit --strict --require-hashes --disable-pip --progress-spinner off \
		-r $$file || { echo "Nothing is known of $$file until this ends without a word: either a \
	weakness is named above, or the advisory service could not be asked (it needs the network)."; \
		exit 1; }; done

# --ignore-scripts: what is installed is read and run by the tests, and never runs by itself.
html-validate: ## install the judge of the pages' markup for the tests (needs npm)
	@command -v npm >/dev/null || { echo "npm is missing: install Node 18.19 or newer."; exit 1; }
	@cd $(HTML_VALIDATE) && { cmp -s package-lock.json node_modules/pinned.json || { \
		echo "Installing html-validate."; \
		npm ci --ignore-scripts --no-audit --no-fund --silent \
		&& cp package-lock.json node_modules/pinned.json; }; } || { \
		echo "html-validate could not be installed: npm must reach its registry."; exit 1; }

clean: ## remove the environment and what tools left; var/, the office's state, stays
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .hypothesis .coverage .coverage.* htmlcov \
		test-results $(HTML_VALIDATE)/node_modules
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# --- What the targets above lean on ---------------------------------------------------------------

preflight:
	@$(PREFLIGHT)

# A copy of the lock file in the environment tells what is installed, by content: a checkout changes
# the times of files that it leaves as they were. An environment that was moved here does not start.
# One that is a link belongs to another checkout: to clear it here would take it from whoever works there.
$(VENV)/%.txt: preflight
	@test ! -L $(VENV) || { \
		echo "$(VENV) is a link to $$(readlink $(VENV)): remove the link, or make its own checkout's."; exit 1; }
	@$(PY) -c "" 2>/dev/null && grep -qsF "$(CURDIR)/$(VENV)" $(VENV)/bin/pip \
		|| $(PYTHON) -m venv --clear $(VENV)
	@cmp -s $*.txt $@ || { \
		echo "Installing $*.txt into $(VENV); the first time takes a minute or two."; \
		$(PIP) $*.txt && cp $*.txt $@; }

runtime: $(VENV)/requirements.txt

development: $(VENV)/requirements-dev.txt translations

translations:
	@$(PY) -m pressoffice.catalogues
