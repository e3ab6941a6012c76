"""The drawn graph: each dependency of a formula is an arc, and each quantity tells its chapters."""

import re
import sys
from collections import Counter
from functools import cache

import nbformat
import pytest
from conftest import ROOT, SITE
from test_formula_page import entries

from inferlib.formulas import quantities

sys.path.insert(0, str(ROOT / "book"))
from extensions import graph

SUBJECTS = graph.subjects(ROOT / "book/formulas.md")
HOME = {one.name: subject for subject in SUBJECTS for one in graph.declared(subject)}


@cache
def drawings() -> list[tuple[list[str], Counter[tuple[str, str]]]]:
    """Of each drawing of the page the targets of its rows, and its arcs as pairs of them."""
    html = (SITE / "book/formulas.html").read_text(encoding="utf-8")
    found = []
    for svg in re.findall(r'<svg class="arcs".*?</svg>', html, re.S):
        rows = re.findall(r'<a href="#(\w+)">', svg)
        ends = re.findall(r'data-from="(\d+)" data-to="(\d+)"', svg)
        found.append((rows, Counter((rows[int(a)], rows[int(b)]) for a, b in ends)))
    return found


def test_all_formulas_are_in_a_subject():
    assert set(HOME) == {name for name, one in quantities.items() if one.formula}


@pytest.mark.parametrize("subject", SUBJECTS)
def test_every_dependency_within_a_subject_is_an_arc(subject):
    own = [name for name, home in HOME.items() if home == subject]
    (drawn,) = [arcs for rows, arcs in drawings()[1:] if set(rows) == set(own)]
    needed = {(need, name) for name in own for need in quantities[name].needs if need in own}
    assert set(drawn) == needed


@pytest.mark.parametrize("subject", SUBJECTS)
def test_arcs_within_a_subject_lead_down(subject):
    order = graph.ordered([one.name for one in graph.declared(subject)])
    for place, name in enumerate(order):
        assert not set(quantities[name].needs) & set(order[place:])


def test_every_dependency_between_subjects_is_in_the_first_drawing():
    rows, arcs = drawings()[0]
    titles = list(SUBJECTS)
    first = {graph.declared(subject)[0].name: subject for subject in titles}
    assert [first[row] for row in rows] == titles
    needed = {
        (HOME[need], home)
        for name, home in HOME.items()
        for need in quantities[name].needs
        if need in HOME and HOME[need] != home
    }
    assert {(first[a], first[b]) for a, b in arcs} == needed


@pytest.mark.parametrize("file", sorted((ROOT / "chapters").glob("*.ipynb")), ids=lambda f: f.stem)
def test_a_quantity_tells_the_chapters_that_use_it(file):
    cells = nbformat.read(file, as_version=4)["cells"]
    code = "\n".join(cell["source"] for cell in cells if cell["cell_type"] == "code")
    named = graph.used(code)
    assert len(named) > 10
    link = f"../chapters/{file.stem}.html"
    assert {name for name in quantities if link in entries().links.get(name, [])} == named
