"""Terms and references: each says what it means where it is met, to everyone."""

import re
from functools import cache
from html import unescape
from typing import Any

import pytest
from conftest import ROOT, SITE, watch
from fixture_figures import pages
from playwright.sync_api import Browser, Page, expect
from test_access import assert_accessible

from inferlib.references import references

CHAPTER = "chapters/what-an-inference-chip-is.html"
TAG = re.compile(r"<a [^>]*data-tip=[^>]*>")


@cache
def meanings() -> dict[str, str]:
    """The glossary as it is written."""
    text = (ROOT / "book/glossary.md").read_text(encoding="utf-8")
    return dict(re.findall(r"^(\S.*)\n  (.+)$", text.partition("```{glossary}")[2], re.M))


def links(name: str) -> list[dict[str, str]]:
    """The attributes of all links of a page that carry a meaning."""
    found = TAG.findall((SITE / name).read_text(encoding="utf-8"))
    return [{k: unescape(v) for k, v in re.findall(r'([\w-]+)="([^"]*)"', tag)} for tag in found]


def typed(text: str) -> str:
    """A text as the page sets it."""
    return text.replace("'", "’")


def test_the_glossary_is_in_order_and_each_entry_is_short():
    terms = list(meanings())
    assert len(terms) > 50
    assert terms == sorted(terms, key=str.casefold)
    for term, meaning in meanings().items():
        assert meaning.endswith("."), term
        assert all(len(one.split()) <= 30 for one in meaning.split(". ")), term


@pytest.mark.parametrize("name", pages())
def test_links_say_what_they_lead_to(name: str) -> None:
    seen = []
    for link in links(name):
        if "term" in link["class"].split():
            assert link["data-tip"] in map(typed, meanings().values())
            seen.append(link["href"])
        else:
            assert link["data-tip"] in {one.text for one in references().values()}
        assert "title" not in link, "the browser would say it again"
    if name.startswith("chapters/"):
        assert len(seen) >= 5
        assert len(seen) == len(set(seen)), "the first use alone"


def test_a_citation_says_what_its_reference_is() -> None:
    cited = [one for one in links(CHAPTER) if "cited" in one["class"]]
    assert len(cited) >= 3
    assert any("Roofline" in one["data-tip"] for one in cited)


def test_an_entry_of_the_references_leads_to_the_work() -> None:
    html = (SITE / "book/references.html").read_text(encoding="utf-8")
    entries = html.split('class="citation"')[1:]
    places = [one for one in entries if re.search(r"arXiv:\d|doi:10", one)]
    assert len(places) > 20
    for entry in places:
        assert re.search(r'href="https://(arxiv\.org/abs/\d|doi\.org/10)', entry), entry


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 360])
def test_shown_under_the_pointer_until_it_leaves_or_escape(
    page: Page, origin: str, width: int, theme: Any
) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme=theme)
    heard = watch(page, origin)
    page.goto(f"{origin}/{CHAPTER}")
    tip = page.get_by_role("tooltip")
    links = page.locator("a[data-tip]:visible").all()
    far = sorted(links, key=lambda link: -link.evaluate("(one) => one.getClientRects()[0].left"))
    for link in (*links[:3], *far[:3]):  # those at the right leave no room for all of it
        link.hover()
        expect(tip).to_have_text(link.get_attribute("data-tip") or "")
        box = tip.bounding_box() or {}
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
        tip.hover()  # the pointer may move onto it
        page.wait_for_timeout(400)
        expect(tip).to_be_visible()
        page.keyboard.press("Escape")
        expect(tip).to_be_hidden()
        page.mouse.move(0, 0)
    page.locator("a.term").first.hover()
    expect(tip).to_be_visible()
    assert_accessible(page)
    page.mouse.move(0, 790)
    expect(tip).to_be_hidden()
    assert heard == []


def test_shown_at_the_focus(page: Page, origin: str) -> None:
    page.goto(f"{origin}/{CHAPTER}")
    tip, link = page.get_by_role("tooltip"), page.locator("a.term").first
    link.focus()
    expect(tip).to_have_text(link.get_attribute("data-tip") or "")
    expect(link).to_have_accessible_description(link.get_attribute("data-tip") or "")
    page.keyboard.press("Escape")
    expect(tip).to_be_hidden()
    expect(link).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Shift+Tab")
    expect(tip).to_be_visible()
    page.keyboard.press("Enter")
    page.wait_for_url("**/book/glossary.html#term-*")


def test_shown_at_the_first_tap_and_followed_at_the_second(browser: Browser, origin: str) -> None:
    context = browser.new_context(has_touch=True, viewport={"width": 360, "height": 800})
    page = context.new_page()
    page.goto(f"{origin}/{CHAPTER}")
    tip, link = page.get_by_role("tooltip"), page.locator("a.term").first
    link.tap()
    expect(tip).to_be_visible()
    assert page.url.endswith(CHAPTER)
    page.locator("h1").tap()
    expect(tip).to_be_hidden()
    link.tap()
    expect(tip).to_be_visible()
    link.tap()
    page.wait_for_url("**/book/glossary.html#term-*")
    context.close()


def test_without_scripts_a_term_is_a_link(browser: Browser, origin: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{origin}/{CHAPTER}")
    page.locator("a.term").first.click()
    page.wait_for_url("**/book/glossary.html#term-*")
    context.close()
