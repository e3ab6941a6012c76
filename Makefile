# `make serve` to read, `make test` to check. Each does its own set-up, in .venv.
PORT ?= 8000
PYTHON := .venv/bin/python
.DEFAULT_GOAL := help
.PHONY: help setup serve site lab test format checked lock clean

help:  ## list these targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' Makefile

setup:
	@sh tools/setup.sh

serve:  ## build the site and serve it on 127.0.0.1, port 8000 or PORT=
	@sh tools/setup.sh --port $(PORT)
	@$(PYTHON) tools/site.py --serve $(PORT)

site: setup  ## build the site into _build/html
	@$(PYTHON) tools/site.py

lab: setup  ## open the chapters in JupyterLab
	@$(PYTHON) -m jupyter lab chapters

test: setup  ## run every check: style, types, tests, notebooks, site, browser
	@$(PYTHON) tools/check.py

format: setup  ## put code and notebooks into the house format
	@$(PYTHON) -m ruff check --fix-only --quiet .
	@$(PYTHON) -m ruff format .

checked: setup  ## run the notebooks again and keep the output of their checked cells
	@$(PYTHON) tools/checked.py

lock: setup  ## pin anew what pyproject.toml asks for
	@$(PYTHON) tools/lock.py

clean:  ## remove what was built, and .venv
	@rm -rf _build .venv
