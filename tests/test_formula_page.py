"""The page of formulas: every quantity with label, unit, parts, conditions and source."""

import re
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import pytest
from conftest import ROOT, SITE
from playwright.sync_api import BrowserContext

from inferlib.formulas import quantities

PAGE = SITE / "book/formulas.html"
FORMULAS = [one.name for one in quantities.values() if one.formula]
INPUTS = [one.name for one in quantities.values() if not one.formula]
OWN = {"catalog", "assumptions", "inferlib"}


class Entries(HTMLParser):
    """Text, links and number of formulas of each entry: a `dt` with its `dd`, or a row."""

    def __init__(self, html: str) -> None:
        """Read a page."""
        super().__init__()
        self.text: dict[str, str] = {}
        self.links: dict[str, list[str]] = {"": []}
        self.maths: dict[str, int] = {"": 0}
        self.ids: list[str] = []
        self.inside = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin an entry, note a link or a formula."""
        given = {name: value or "" for name, value in attrs}
        self.ids += [given["id"]] if "id" in given else []
        if tag in ("dt", "tr") and given.get("id") in quantities:
            self.inside = given["id"]
            self.text[self.inside], self.links[self.inside], self.maths[self.inside] = "", [], 0
        elif tag == "a":
            self.links[self.inside].append(given.get("href", ""))
        elif tag == "math":
            self.maths[self.inside] += 1

    def handle_endtag(self, tag: str) -> None:
        """End an entry."""
        if tag in ("dl", "table", "section"):
            self.inside = ""

    def handle_data(self, data: str) -> None:
        """Collect the text of the entry."""
        if self.inside:
            self.text[self.inside] += data


@cache
def entries(file: Path = PAGE) -> Entries:
    """The entries of a built page."""
    assert file.exists(), "the site is not built; run `make site`"
    return Entries(file.read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", quantities)
def test_a_quantity_has_its_anchor_label_unit_and_name(name: str) -> None:
    one, text = quantities[name], entries().text[name]
    label = one.label.replace("'", "’")
    assert text.replace("'", "’").strip().startswith(label) or label in text.replace("'", "’")
    assert ("number" if one.unit == "1" else one.unit.replace("*", "·")) in text
    assert name in text
    assert entries().ids.count(name) == 1


@pytest.mark.parametrize("name", FORMULAS)
def test_a_formula_links_what_it_rests_on_and_what_it_requires(name: str) -> None:
    one, links = quantities[name], entries().links[name]
    assert {f"#{need}" for need in (*one.needs, *one.requires)} <= set(links)
    assert entries().maths[name] == 1 + len(one.needs)


@pytest.mark.parametrize("name", quantities)
def test_a_source_links_into_the_references(name: str) -> None:
    inside = ("#", "../chapters/")
    target = [link for link in entries().links[name] if not link.startswith(inside)]
    assert len(target) == 1
    page, _, key = target[0].partition("#")
    assert key in entries((PAGE.parent / page).resolve()).ids
    source = quantities[name].source
    words = "of this book" if source in OWN else "".join(re.findall(r"\d{4}", source))
    assert re.search(rf"\[[^\]]*{words}", entries().text[name])


def test_every_link_of_the_page_resolves() -> None:
    broken = []
    for link in {link for links in entries().links.values() for link in links}:
        page, _, key = link.partition("#")
        if re.match(r"[a-z]+:", page):
            continue
        file = (PAGE.parent / page).resolve() if page else PAGE
        if not file.is_file() or (key and key not in entries(file).ids):
            broken.append(link)
    assert broken == []


def test_the_index_has_every_symbol() -> None:
    html = PAGE.read_text(encoding="utf-8")
    index = html[html.index('<p class="symbols">') :].partition("</p>")[0]
    assert set(re.findall(r'href="#(\w+)"', index)) == set(quantities)


def test_the_directive_is_called_once_for_each_subject() -> None:
    source = (ROOT / "book/formulas.md").read_text(encoding="utf-8")
    called = re.findall(r"^```\{quantities\} (\w+)$", source, re.MULTILINE)
    subjects = {quantities[name].formula.__module__.rpartition(".")[2] for name in FORMULAS}
    assert len(set(called)) == len(called)
    assert set(called) == subjects | {"symbols", "inputs"}


@pytest.mark.parametrize("width", [360, 1280])
def test_nothing_but_a_wide_formula_scrolls_sideways(
    context: BrowserContext, origin: str, width: int
) -> None:
    page = context.new_page()
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(f"{origin}/book/formulas.html")
    assert page.evaluate("document.documentElement.scrollWidth") == width
    stuck = page.evaluate(
        "[...document.querySelectorAll('.formula')].filter(one => "
        "one.scrollWidth > one.clientWidth + 1 && one.tabIndex < 0).map(one => one.textContent)"
    )
    assert stuck == [], (
        "a wide formula must be reached by key: lower WIDE in extensions/formulas.py"
    )
