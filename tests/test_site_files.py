"""The built pages stand alone: nothing from elsewhere, no inline handler, a policy in front."""

import gzip
import re
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path

import pytest

SITE = Path(__file__).parents[1] / "_build/html"
PAGES = sorted(SITE.rglob("*.html"))
LOADING = {"src", "srcset", "poster", "data", "background", "xlink:href"}
LINKING = {"link", "image", "use", "base"}
FONT_BUDGET = 120_000
PAGE_BUDGET = 220_000  # compressed, first visit, a page without maths and explorable


class Tags(HTMLParser):
    """All start tags of a page."""

    def __init__(self, html: str) -> None:
        """Read the page."""
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep the tag."""
        self.found.append((tag, {name: value or "" for name, value in attrs}))


def tags(page: Path) -> list[tuple[str, dict[str, str]]]:
    """Start tags of a page."""
    return Tags(page.read_text(encoding="utf-8")).found


def loads(page: Path) -> list[str]:
    """Addresses that a browser fetches by itself for a page."""
    found = [attrs[name] for _, attrs in tags(page) for name in LOADING & attrs.keys()]
    fetched = [attrs for tag, attrs in tags(page) if tag in LINKING and "href" in attrs]
    skip = {"next", "prev", "search", "canonical", "index"}
    return found + [attrs["href"] for attrs in fetched if attrs.get("rel") not in skip]


def name(page: Path) -> str:
    """Path of a page within the site."""
    return page.relative_to(SITE).as_posix()


def test_the_site_was_built():
    assert SITE / "index.html" in PAGES, "run `make site` first"
    assert len(PAGES) > 3


@pytest.mark.parametrize("page", PAGES, ids=name)
class TestPage:
    """What holds for each page."""

    def test_the_policy_comes_first(self, page: Path):
        head = [(tag, attrs) for tag, attrs in tags(page) if tag not in ("html", "head")]
        assert head[0] == ("meta", {"charset": "utf-8"})
        assert head[1][1].get("http-equiv") == "Content-Security-Policy"
        policy = head[1][1]["content"]
        assert policy.startswith("default-src 'none'; script-src 'self'")
        assert "'unsafe-eval'" not in policy
        assert "'unsafe-inline'" not in policy.split("style-src")[0]

    def test_no_id_stands_twice(self, page: Path):
        ids = Counter(attrs["id"] for _, attrs in tags(page) if "id" in attrs)
        assert [one for one, count in ids.items() if count > 1] == []
        live = [one for one in ids if re.fullmatch(r"clip\d+", one)]
        assert live == [], "Vega calls what clips a live chart so"

    def test_nothing_is_loaded_from_elsewhere(self, page: Path):
        assert [address for address in loads(page) if re.match(r"\s*([a-z]+:)?//", address)] == []

    def test_everything_loaded_is_there(self, page: Path):
        local = [a.split("?")[0].split("#")[0] for a in loads(page) if not a.startswith("data:")]
        # Absolute addresses are those of a page that is shown at any depth; the site is their root.
        there = [(SITE / a[1:]) if a.startswith("/") else page.parent / a for a in local if a]
        assert [file for file in there if not file.resolve().is_file()] == []

    def test_no_inline_handler(self, page: Path):
        assert [
            f"{tag} {key}" for tag, attrs in tags(page) for key in attrs if key.startswith("on")
        ] == []

    def test_no_widget_machinery(self, page: Path):
        html = page.read_text(encoding="utf-8").lower()
        for word in ("require.js", "require.min.js", "thebe", "html-manager", "mathjax@"):
            assert word not in html


def test_fonts_stay_within_their_budget():
    fonts = list(SITE.rglob("*.woff2"))
    assert len(fonts) >= 6
    assert sum(font.stat().st_size for font in fonts) <= FONT_BUDGET
    assert (SITE / "_static/fonts/OFL.txt").read_text(encoding="utf-8").count("Copyright") >= 2


def test_a_page_stays_within_its_budget():
    page = SITE / "book/formulas.html"
    files = {(page.parent / address.split("?")[0]).resolve() for address in loads(page)}
    texts = [page, *(file for file in files if file.suffix in (".css", ".js"))]
    fonts = [font for font in SITE.rglob("*.woff2") if font.stem != "maths"]
    weight = sum(len(gzip.compress(file.read_bytes())) for file in texts)
    assert weight + sum(font.stat().st_size for font in fonts) <= PAGE_BUDGET


def test_no_unused_machinery_is_shipped():
    names = {file.name for file in SITE.rglob("*") if file.is_file()}
    assert not names & {"fontawesome.js", "bootstrap.js", "sphinx-thebe.js", "thebe.js"}
    assert [name for name in names if name.endswith((".map", ".ttf"))] == []


def test_search_from_a_folder_fetches_nothing():
    options = (SITE / "_static/documentation_options.js").read_text(encoding="utf-8")
    assert 'SHOW_SEARCH_SUMMARY: location.protocol !== "file:"' in options
