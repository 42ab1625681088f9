# Everything below needs Python 3.11 or newer and make; nothing else. The demo's state lives in var/.
VENV := .venv
BIN := $(VENV)/bin
LOCKS := elearn/requirements
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
TEST := DJANGO_SETTINGS_MODULE=tests.settings
COMPILE := $(BIN)/uv pip compile pyproject.toml --quiet --generate-hashes --no-emit-index-url --no-header \
	--universal --python-version 3.11
ARGS :=
# A file of tests stays in one process, so that what its tests share is made once.
SIDE_BY_SIDE := -n auto --maxprocesses 4 --dist loadfile

.PHONY: help run reset backup restore test check bench lock messages
.DEFAULT_GOAL := help

help:
	@echo "make run      start the site on this computer (PORT=8000); Ctrl-C stops it"
	@echo "make reset    empty var/: the next start begins anew"
	@echo "make backup   write everything into one file (FILE=...)"
	@echo "make restore  bring a backup back into an empty var/ (FILE=...)"
	@echo "make test     run every test (ARGS='tests/core -k start' chooses)"
	@echo "make check    style, types, arrows between packages, migrations, templates"
	@echo "make bench    what pages cost, with 2,000 learners (ARGS='--help' says what else)"
	@echo "make lock     choose versions again and write $(LOCKS)/"
	@echo "make messages collect the strings to translate (needs gettext)"

# exec: the signal that make passes on reaches the site itself, not a shell in between.
run: $(VENV)/run.stamp
	@exec env DEMO=1 $(BIN)/python manage.py start

reset: $(VENV)/run.stamp
	@DEMO=1 $(BIN)/python manage.py reset

# FILE=/path/to/file; outside the demo, call `manage.py backup` with the site's own settings.
backup: $(VENV)/run.stamp
	@DEMO=1 $(BIN)/python manage.py backup "$(or $(FILE),backup-$(shell date +%Y-%m-%d-%H%M%S).tar.gz)"

restore: $(VENV)/run.stamp
	@test -n "$(FILE)" || { echo "Name the backup: make restore FILE=backup-....tar.gz" >&2; exit 2; }
	@DEMO=1 $(BIN)/python manage.py restore "$(FILE)"

test: $(VENV)/dev.stamp
	$(BIN)/python -m pytest $(SIDE_BY_SIDE) $(ARGS)

check: $(VENV)/dev.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(TEST) $(BIN)/python manage.py makemigrations --check --dry-run
	$(BIN)/python -m pytest -q tests/architecture

bench: $(VENV)/dev.stamp
	$(BIN)/python -m tests.bench.run $(ARGS)

lock: $(VENV)/dev.stamp
	$(PIP) install uv
	$(COMPILE) --upgrade --output-file $(LOCKS)/run.txt
	$(COMPILE) --upgrade --group dev --constraints $(LOCKS)/run.txt --output-file $(LOCKS)/dev.txt

messages: $(VENV)/dev.stamp
	$(TEST) $(BIN)/python manage.py makemessages --all --no-location --ignore "$(VENV)" --ignore "var"

$(VENV)/run.stamp: $(LOCKS)/run.txt $(BIN)/python
	@echo "Installing what the site is made of. This takes a minute."
	@$(PIP) install --require-hashes -r $<
	@touch $@

$(VENV)/dev.stamp: $(LOCKS)/dev.txt $(BIN)/python
	@echo "Installing what development needs. This takes a minute."
	@$(PIP) install --require-hashes -r $<
	@touch $@

# PYTHON=/path/to/python chooses another one than the first that is new enough.
$(BIN)/python:
	@for python in $(PYTHON) python3 python3.14 python3.13 python3.12 python3.11; do \
		if "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
			exec "$$python" -m venv $(VENV); \
		fi; \
	done; \
	echo "No Python 3.11 or newer was found. Install one, or name it: make run PYTHON=/path/to/python3.11" >&2; \
	exit 1
