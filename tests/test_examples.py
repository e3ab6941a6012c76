"""Worked examples of published sources: what they print is what inferlib calculates."""

import ast
import math
import operator
import re
from typing import Any

import pytest
import yaml
from conftest import ROOT

import inferlib as il
from inferlib.formulas import quantities
from inferlib.scenarios import KINDS

FILE = ROOT / "tests/examples.yaml"
EXAMPLES: list[dict[str, Any]] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
NAMES = [one["name"] for one in EXAMPLES]
OPERATIONS = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
}


def number(written: float | str) -> float:
    """A number, or arithmetic on printed numbers, done without inferlib."""

    def value(node: ast.AST) -> float:
        if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
            return node.value
        if isinstance(node, ast.BinOp):
            return OPERATIONS[type(node.op)](value(node.left), value(node.right))
        raise ValueError(f"{written!r} is more than numbers and + - * / **")

    return float(value(ast.parse(str(written), mode="eval").body))


def situation(example: dict[str, Any]) -> dict[str, float]:
    """Inputs of an example: those that are given, over those of the catalog's rows."""
    given = {name: number(value) for name, value in example.get("given", {}).items()}
    kinds = example.get("kinds")
    return dict(il.scenario(**kinds, **given)) if kinds else given


@pytest.mark.parametrize("example", EXAMPLES, ids=NAMES)
def test_agrees_with_its_source(example: dict[str, Any]) -> None:
    wanted = {name: number(value) for name, value in example["want"].items()}
    found = il.solve(wanted, **situation(example))
    for name, value in wanted.items():
        close = math.isclose(found[name], value, rel_tol=example["tolerance"], abs_tol=0)
        message = f"{name} is {found[name]:.15g}, the source has {value:.15g}"
        assert close, f"{message} and allows {example['tolerance']:g}: {example['source']}"


@pytest.mark.parametrize("example", EXAMPLES, ids=NAMES)
def test_says_where_it_comes_from(example: dict[str, Any]) -> None:
    fields = {"name", "source", "kinds", "given", "want", "tolerance", "why", "note"}
    assert set(example) <= fields
    assert set(example) >= fields - {"kinds", "given"}
    assert "kinds" in example or "given" in example
    assert {*example.get("given", {}), *example["want"]} <= set(quantities)
    assert set(example.get("kinds", {})) <= set(KINDS)
    assert isinstance(example["tolerance"], int | float)
    assert 0 <= example["tolerance"] <= 0.03, "an example that is further off proves little"
    for field in ("source", "why", "note"):
        assert len(example[field]) >= 8, field
    assert re.search(r"\d{4}|Hugging Face", example["source"]), "name the work and the place in it"


def test_names_are_not_shared_and_examples_are_many() -> None:
    assert len(set(NAMES)) == len(NAMES)
    assert len(NAMES) >= 60


def test_many_sources_name_the_place() -> None:
    place = r"\b(pages?|sections?|tables?|figures?|appendix|equations?) [\dA-Z]|section \d"
    placed = [one["name"] for one in EXAMPLES if re.search(place, one["source"])]
    assert len(placed) >= 30


def test_each_subject_has_an_example() -> None:
    wanted = {name for one in EXAMPLES for name in one["want"]}
    subjects = {quantities[name].formula.__module__.rpartition(".")[2] for name in wanted}
    every = {
        one.formula.__module__.rpartition(".")[2] for one in quantities.values() if one.formula
    }
    assert subjects == every


@pytest.mark.parametrize("text", ["len('x')", "a + 1", "1 // 2", "-1 * x", "'1' + '2'"])
def test_arithmetic_is_numbers_alone(text: str) -> None:
    with pytest.raises((ValueError, KeyError)):
        number(text)


def test_a_wrong_value_is_caught() -> None:
    wrong = EXAMPLES[0] | {"want": {"parameters": 8030261249}}
    with pytest.raises(
        AssertionError, match=r"parameters is 8030261248, the source has 8030261249"
    ):
        test_agrees_with_its_source(wrong)
