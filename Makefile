# make demo   everything into demo/, from the bundled lists
# make test   all that CI runs
# make check  the quick part, under a minute
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: demo test check format lint types imports docs docs-check bench wheel clean

demo: $(VENV)/.installed
	$(BIN)/outreach demo demo
	@echo "Next: source $(BIN)/activate, then: outreach new my-campaign (or $(BIN)/outreach new my-campaign)"

$(VENV)/.installed: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet -e .
	touch $@

$(VENV)/.installed-dev: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet -e '.[dev]'
	touch $@ $(VENV)/.installed

test: lint types imports docs-check wheel
	$(BIN)/pytest -q -n auto --dist worksteal

check: lint types imports docs-check
	$(BIN)/pytest -q -n auto --dist worksteal -m "not slow"

lint: $(VENV)/.installed-dev
	$(BIN)/ruff check src tests benchmarks
	$(BIN)/ruff format --check src tests benchmarks

format: $(VENV)/.installed-dev
	$(BIN)/ruff check --fix src tests benchmarks
	$(BIN)/ruff format src tests benchmarks

types: $(VENV)/.installed-dev
	$(BIN)/mypy

imports: $(VENV)/.installed-dev
	$(BIN)/lint-imports

# The wheel alone, in an empty environment and another folder: data/ and letters/ travel with it.
wheel: $(VENV)/.installed-dev
	rm -rf build/wheel
	$(BIN)/python -m build --wheel --outdir build/wheel . > /dev/null
	$(PYTHON) -m venv build/wheel/env
	build/wheel/env/bin/python -m pip install --quiet build/wheel/*.whl
	cd build/wheel && env/bin/outreach demo letters --limit 12
	test "$$(find build/wheel/letters -name '*.pdf' | wc -l)" -ge 12

docs-check: $(VENV)/.installed-dev
	$(BIN)/cog --check docs/*.md

docs: $(VENV)/.installed-dev
	$(BIN)/cog -r docs/*.md

# Each one's question and goals, then what was measured.
BENCHMARKS := $(wildcard benchmarks/*/run.py) benchmarks/letters/mail.py benchmarks/letters/paper.py benchmarks/sending/proofs.py

bench: $(VENV)/.installed-dev
	for script in $(BENCHMARKS); do \
		sed -n '1,/^"""$$/p' $$script; $(BIN)/python $$script || exit 1; \
	done

clean:
	rm -rf $(VENV) demo dist build
