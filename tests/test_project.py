"""What a maintainer relies on: the workflow, the licences, how the work is cited."""

import re
import tomllib
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
import yaml
from conftest import ROOT

import inferlib as il

WORKFLOWS = sorted(ROOT.glob(".github/workflows/*.yml"))
TARGETS = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M))
MAY_WRITE = {"publish": {"pages", "id-token"}}  # by job; all others read
PINNED = re.compile(r"[\w-]+/[\w-]+@v\d+\.\d+\.\d+")
CITATION: dict[str, Any] = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def faults(workflow: dict[str, Any]) -> Iterator[str]:
    """What is unsafe or broken in a workflow."""
    if any(value != "read" for value in workflow.get("permissions", {"all": "write"}).values()):
        yield "it may write as a whole"
    if "concurrency" not in workflow:
        yield "two runs may meet"
    for name, job in workflow["jobs"].items():
        rights = job.get("permissions", {})
        wide = {key for key, value in rights.items() if value != "read"}
        if wide - MAY_WRITE.get(name, set()):
            yield f"{name} may write {', '.join(sorted(wide - MAY_WRITE.get(name, set())))}"
        if "timeout-minutes" not in job:
            yield f"{name} may run for ever"
        for step in job["steps"]:
            if "uses" in step and not PINNED.fullmatch(step["uses"]):
                yield f"{step['uses']} is not pinned"
            for target in re.findall(r"\bmake (\w+)", step.get("run", "")):
                if target not in TARGETS:
                    yield f"there is no `make {target}`"


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda file: file.name)
def test_a_workflow_is_pinned_and_may_do_little(file: Any) -> None:
    assert list(faults(yaml.safe_load(file.read_text(encoding="utf-8")))) == []


def test_the_site_is_tested_and_then_published() -> None:
    jobs = yaml.safe_load((ROOT / ".github/workflows/pages.yml").read_text())["jobs"]
    steps = jobs["check"]["steps"]
    runs = [step["run"] for step in steps if "run" in step]
    assert runs == ["make test", "make site"]
    assert steps[0]["with"]["fetch-depth"] == 0, "or no page knows when it changed"
    assert set(steps[4]["env"]) == {"BOOK_ADDRESS", "BOOK_REPOSITORY"}
    assert jobs["publish"]["needs"] == "check"


def test_an_unsafe_workflow_is_told() -> None:
    steps = [{"uses": "actions/checkout@v6"}, {"run": "make sute"}]
    unsafe = {"jobs": {"check": {"steps": steps, "permissions": {"contents": "write"}}}}
    assert list(faults(unsafe)) == [
        "it may write as a whole",
        "two runs may meet",
        "check may write contents",
        "check may run for ever",
        "actions/checkout@v6 is not pinned",
        "there is no `make sute`",
    ]


def test_the_version_is_the_same_everywhere() -> None:
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    latest = re.search(r"^## ([\d.]+)", changes, re.M)
    assert latest
    told = {il.__version__, PROJECT["version"], CITATION["version"], latest[1]}
    assert told == {il.__version__}
    assert CITATION["preferred-citation"]["version"] == il.__version__


def test_the_citation_is_complete() -> None:
    needed = {"cff-version", "message", "title", "abstract", "type", "authors", "license"}
    assert needed <= CITATION.keys()
    assert CITATION["cff-version"] == "1.2.0"
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    latest = re.search(r"^## [\d.]+, (.+)$", changes, re.M)
    assert latest
    day = CITATION.get("date-released")
    assert latest[1] == (day.isoformat() if day else "unreleased"), "both say when, or neither"
    assert il.catalog.AS_OF <= (day or date.today()) <= date.today()
    preferred = CITATION["preferred-citation"]
    assert (preferred["title"], preferred["authors"]) == (CITATION["title"], CITATION["authors"])
    assert preferred["year"] == (day or il.catalog.AS_OF).year


def test_code_and_text_have_each_a_licence() -> None:
    code = (ROOT / "LICENSE").read_text(encoding="utf-8")
    text = (ROOT / "LICENSE-TEXT").read_text(encoding="utf-8")
    assert code.startswith("MIT License")
    assert "https://creativecommons.org/licenses/by/4.0/legalcode" in text
    assert CITATION["license"] == [PROJECT["license"], "CC-BY-4.0"]
    for folder in ("book/", "chapters/", "data/"):
        assert folder in text
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert "Code is MIT; text and data are CC BY 4.0" in readme
