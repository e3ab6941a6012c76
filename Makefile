# `make serve` to read, `make test` to check. Each does its own set-up, in .venv.
PORT ?= 8000
RUN := .venv/bin/python
.DEFAULT_GOAL := help
.PHONY: help setup serve site lab test format checked lock clean

help:  ## list these targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' Makefile

setup:
	@sh tools/setup.sh

serve:  ## build the site and serve it on 127.0.0.1, port 8000 or PORT=
	@sh tools/setup.sh --port $(PORT)
	@$(RUN) tools/site.py --serve $(PORT)

site: setup  ## build the site into _build/html
	@$(RUN) tools/site.py

lab: setup  ## open the chapters in JupyterLab
	@$(RUN) -m jupyter lab chapters

test: setup  ## run every check: style, types, tests, notebooks, site, browser
	@$(RUN) tools/check.py

format: setup  ## put code and notebooks into the house format
	@$(RUN) -m ruff check --fix-only --quiet .
	@$(RUN) -m ruff format .

checked: setup  ## run the notebooks again and keep the output of their checked cells
	@$(RUN) tools/checked.py

lock: setup  ## pin anew what pyproject.toml asks for
	@$(RUN) tools/lock.py

clean:  ## remove what was built, and .venv
	@rm -rf _build .venv
