"""The page to teach from: what it expects is what the figures say that it opens."""

import re
from collections.abc import Iterator

import pytest
from conftest import ROOT
from test_chapters import LINK, Numeral, figures, numerals, prose, read

from inferlib.explorable.controls import Picker
from inferlib.explorable.figure import Explorable
from inferlib.show import show

PAGE = ROOT / "book" / "teach.ipynb"
ROLES = ("Ask", "Expect", "Say")


def text() -> str:
    """All that the page says."""
    cells = read(PAGE)["cells"]
    return "\n\n".join("".join(c["source"]) for c in cells if c["cell_type"] == "markdown")


def steps() -> dict[str, str]:
    """The steps of the path, by their headings."""
    parts = re.split(r"^### (\d+\. .+)$", text(), flags=re.M)
    ends = (re.split(r"^## ", part, flags=re.M)[0] for part in parts[2::2])
    return dict(zip(parts[1::2], ends, strict=True))


def expected() -> Iterator[tuple[str, str, str]]:
    """A linked chapter, the state of a figure, and what is said right behind the link."""
    for paragraph in re.split(r"\n\s*\n|^- ", text(), flags=re.M):
        for match in LINK.finditer(paragraph):
            behind = paragraph[match.end() :].partition("](")[0].rpartition("[")
            yield match["page"], match["state"], behind[0] or behind[2]


def said(one: Explorable, pairs: list[str]) -> set[Numeral]:
    """The numerals of all quantities of a figure in a state, as the figure prints them."""
    controls = {control.name: control for control in one.controls}
    state: dict[str, float | str] = {}
    for name, value in (pair.split(":", 1) for pair in pairs):
        control = controls[name]
        state[name] = value if isinstance(control, Picker) else float(value) * control.scale
    solved = one.situations(state)[""].solution
    texts = [show(value, one.quantities[name].unit) for name, value in solved.items()]
    return {spelled for shown in texts for _, spelled in numerals(shown)}


EXPECTED = [(page, state, first) for page, state, first in expected() if [*numerals(prose(first))]]


def test_most_links_are_followed_by_a_number() -> None:
    assert len(EXPECTED) >= 20


@pytest.mark.parametrize(("page", "state", "behind"), EXPECTED, ids=[e[1] for e in EXPECTED])
def test_the_number_behind_a_link_is_what_its_figure_says(
    page: str, state: str, behind: str
) -> None:
    figure, *pairs = state.split(";")
    one = figures((PAGE.parent / page).resolve())[figure]
    word, first = next(numerals(prose(behind)))
    assert first.stands_in(said(one, pairs)), f"{state}: the page expects {word}"


def test_a_number_of_another_state_is_noticed() -> None:
    one = figures(ROOT / "chapters" / "what-an-inference-chip-is.ipynb")["roofline"]
    (_, step), (_, other) = numerals("10.4 ms and 6.65 ms")
    assert step.stands_in(said(one, ["concurrency:64"]))
    assert not other.stands_in(said(one, ["concurrency:64"]))
    assert other.stands_in(said(one, ["concurrency:1"]))


def test_every_step_has_its_place_in_the_timetable_and_its_words() -> None:
    cells = {cell["id"]: cell for cell in read(PAGE)["cells"]}
    printed = "".join(output["text"] for output in cells["teach-times"]["outputs"])
    row = re.compile(r"^\| \d:\d\d \| \d+ min \| (\d+\. .+) \|$", re.M)
    assert [match[0] for match in row.finditer(text())] == [
        match[0] for match in row.finditer(printed)
    ]
    assert row.findall(text()) == [*steps()]
    assert "end, after 90 minutes" in printed
    for name, words in steps().items():
        roles = [role for role in ROLES if f"**{role}.**" in words]
        assert "Ask" in roles or name.endswith("Break"), name
        if "#x=" in words and not name.endswith("Break"):
            assert roles == [*ROLES], name
