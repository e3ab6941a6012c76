"""What pages say of themselves, where they can be mended, the page for a lost reader, search."""

import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import date
from functools import partial
from http.server import ThreadingHTTPServer
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest
from conftest import ROOT, watch
from docutils import nodes
from docutils.core import publish_doctree
from fixture_figures import pages
from playwright.sync_api import BrowserContext, Page, expect
from test_site_files import SITE, tags

import inferlib as il

sys.path.insert(0, str(ROOT / "book"))
sys.path.insert(0, str(ROOT / "tools"))
import serve
from extensions import about, lost, policy

PAGES = pages()
# What a copy does without; the outputs of its notebooks it keeps.
UNNEEDED = shutil.ignore_patterns(
    ".git", ".venv", "__pycache__", ".mypy_cache", ".ruff_cache", "html", "tests"
)
each_page = pytest.mark.parametrize("name", PAGES)


def metas(name: str) -> dict[str, str]:
    """What the head of a page says, by name or property."""
    found = [attrs for tag, attrs in tags(SITE / name) if tag == "meta"]
    return {a.get("name") or a.get("property", ""): a.get("content", "") for a in found}


def source(name: str) -> Path:
    """The file that a page is made from."""
    place = (ROOT / name).with_suffix("")
    return next(file for end in (".ipynb", ".md") if (file := place.with_suffix(end)).exists())


def foot(name: str) -> str:
    """The last lines of a page."""
    html = (SITE / name).read_text(encoding="utf-8")
    return " ".join(re.findall(r'<p class="page-foot">(.*?)</p>', html, re.S))


# Head and foot


@each_page
def test_a_page_tells_what_it_is_about(name: str) -> None:
    said = metas(name)
    assert 40 <= len(said["description"]) <= about.LONGEST, said["description"]
    assert said["og:description"] == said["description"]
    assert not re.search(r"[<>`\\{}]|\[\d|\(\)|\[\]| [.,]", said["description"])
    title = re.search(r"<title>(.*?)</title>", (SITE / name).read_text(encoding="utf-8"))
    assert title
    assert len(title[1]) <= 90
    assert title[1].endswith("Inference, explained")
    assert title[1].startswith(said["og:title"][:20].replace("&", "&amp;"))


def test_no_two_pages_tell_the_same() -> None:
    for key in ("description", "og:title"):
        told = [metas(name)[key] for name in PAGES]
        assert len(set(told)) == len(told)


@each_page
def test_a_page_tells_its_version_and_its_days(name: str) -> None:
    said = foot(name)
    assert f"Version {il.__version__}," in said
    days = re.findall(r'<time datetime="([\d-]+)">(.*?)</time>', said)
    assert days[0][0] == il.catalog.AS_OF.isoformat()
    changed = about.changes(ROOT).get(source(name).relative_to(ROOT).as_posix())
    assert len(days) == (2 if changed else 1), "build again: the page was committed since"
    for day, words in days:
        assert words == f"{date.fromisoformat(day):%-d %B %Y}"
        assert day <= date.today().isoformat()


@each_page
def test_a_page_tells_how_it_is_mended(name: str) -> None:
    said, file = foot(name), source(name).relative_to(ROOT).as_posix()
    if "Edit this page" in said:
        assert f'/{file}">Edit this page</a>' in said
        assert "Report a mistake" in said
    else:
        assert f"<code>{file}</code>" in said
    assert "creativecommons.org/licenses/by/4.0" in said


def test_the_neighbours_of_a_page_have_titles() -> None:
    for name in PAGES:
        html = (SITE / name).read_text(encoding="utf-8")
        for way, side in (("left-prev", "prev"), ("right-next", "next")):
            found = re.search(
                rf'class="{way}"\s+href="([^"]+)".*?prev-next-title">(.*?)<', html, re.S
            )
            linked = re.search(rf'<link rel="{side}" title="([^"]+)" href="([^"]+)"', html)
            assert (found is None) == (linked is None)
            if found and linked:
                assert (linked[2], linked[1]) == found.groups()


def test_every_page_but_the_first_and_the_last_has_two_neighbours() -> None:
    count = [
        len(re.findall(r'class="(?:left-prev|right-next)"', (SITE / n).read_text())) for n in PAGES
    ]
    assert sorted(count) == [1, 1, *[2] * (len(PAGES) - 2)]


def read(text: str) -> nodes.document:
    """A document of one section, as docutils reads it."""
    return publish_doctree(f"Title\n=====\n\n{text}", settings_overrides={"report_level": 5})


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("One *two*. Three.\n\nFour.", "One two. Three."),
        (".. note:: Not this.\n\nBut this.", "But this."),
        ("A roof [1]_ stands.\n\n.. [1] A note.", "A roof stands."),
        ("No word of it.\n   \n", "No word of it."),
        (f"{'Word ' * 30}ends. {'Word ' * 40}ends.", f"{'Word ' * 30}ends."),
        ("Word " * 90, f"{('Word ' * 59).strip()}…"),
        ("* a list alone", ""),
    ],
)
def test_a_description_is_the_first_paragraph(text: str, told: str) -> None:
    assert about.description(wrapped(read(text))) == told


def wrapped(tree: nodes.document) -> nodes.document:
    """The document with its title's section, which docutils lifts and Sphinx does not."""
    section = nodes.section("", *(child.deepcopy() for child in tree.children))
    tree.children = [section]
    section.parent = tree
    return tree


# Addresses, where they are configured


class Config:
    """Of a configuration what the addresses need."""

    html_baseurl = ""
    sources = ""

    def __init__(self, url: str = "", base: str = "") -> None:
        """Keep what `_config.yml` says."""
        self.html_theme_options = {"repository_url": url, "repository_branch": "main"}
        self.html_baseurl = base


def test_addresses_come_from_the_configuration_or_the_workflow(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("BOOK_ADDRESS", "BOOK_REPOSITORY"):
        monkeypatch.delenv(name, raising=False)
    none, given = Config(), Config("https://h.example/a/b/", "https://a.example/b")
    for config in (none, given):
        about.find_addresses(None, config)  # type: ignore[arg-type]
    assert (none.html_baseurl, none.sources) == ("", "")
    assert about.mend(none, "book/x.md", "X") == {}  # type: ignore[arg-type]
    assert (given.html_baseurl, given.sources) == ("https://a.example/b/", "https://h.example/a/b")
    assert about.mend(given, "book/x y.md", "Why? & how") == {  # type: ignore[arg-type]
        "edit": "https://h.example/a/b/edit/main/book/x%20y.md",
        "report": "https://h.example/a/b/issues/new?title=Mistake+in+%E2%80%9CWhy%3F+%26+how%E2%80%9D"
        "&body=In+book%2Fx+y.md%3A%0A%0A",
    }
    monkeypatch.setenv("BOOK_ADDRESS", "https://c.example")
    about.find_addresses(None, none)  # type: ignore[arg-type]
    assert none.html_baseurl == "https://c.example/"


def test_a_canonical_address_is_no_request() -> None:
    page = '<meta charset="utf-8"><link rel="{}" href="https://a.example/">'
    assert policy.complaints(page.format("canonical")) == []
    assert policy.complaints(page.format("stylesheet")) == ["loads https://a.example/"]


def test_a_published_site_knows_its_addresses(tmp_path: Path) -> None:
    root = shutil.copytree(ROOT, tmp_path / "copy", ignore=UNNEEDED)
    given = {
        "PYTHONPATH": str(root),
        "BOOK_ADDRESS": "https://a.example/book",
        "BOOK_REPOSITORY": "https://h.example/a/book",
    }
    ran = subprocess.run(
        [sys.executable, "tools/site.py"],
        cwd=root,
        env=os.environ | given,
        capture_output=True,
        text=True,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    out = root / "_build/html"
    for name in PAGES:
        html = (out / name).read_text(encoding="utf-8")
        assert f'<link rel="canonical" href="https://a.example/book/{name}"' in html
        assert f'property="og:url" content="https://a.example/book/{name}"' in html
        assert 'property="og:image" content="https://a.example/book/_static/card.png"' in html
        file = source(name).relative_to(ROOT).as_posix()
        assert f'<a href="https://h.example/a/book/edit/main/{file}">Edit this page</a>' in html
        assert '<a href="https://h.example/a/book/issues/new?title=Mistake+in+' in html
        assert policy.complaints(html) == []
    assert (out / "_static/card.png").read_bytes() == (ROOT / about.CARD).read_bytes()
    assert 'href="https://a.example/book/book/intro.html"' in (out / "index.html").read_text()
    assert 'href="/book/_static/book.css' in (out / "404.html").read_text()


def test_a_shallow_history_dates_nothing(tmp_path: Path) -> None:
    assert about.git(tmp_path, "log") == "", "no repository is no error"
    assert about.changes(tmp_path) == {}


def test_what_the_foot_of_a_page_says_makes_the_site_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    spec = spec_from_file_location("site_tool", ROOT / "tools/site.py")
    assert spec
    assert spec.loader
    tool = module_from_spec(spec)
    spec.loader.exec_module(tool)
    first = tool.digest()
    assert tool.digest() == first
    for name in ("BOOK_ADDRESS", "BOOK_REPOSITORY"):
        with monkeypatch.context() as given:
            given.setenv(name, "https://a.example/")
            assert tool.digest() != first
    monkeypatch.setattr(tool, "last_change", lambda: "another commit")
    assert tool.digest() != first


# The page for who is lost


def test_links_of_the_lost_page_become_absolute() -> None:
    html = (
        '<a href="book/a.html#b"><a href="#c"><a href="https://d.example/">'
        '<html data-content_root="./" data-theme="auto"><script src="_static/e.js?v=1">'
    )
    assert lost.absolute(html, "/base/") == (
        '<a href="/base/book/a.html#b"><a href="#c"><a href="https://d.example/">'
        '<html data-content_root="/base/" data-theme="auto"><script src="/base/_static/e.js?v=1">'
    )
    assert lost.base("https://a.example/b/") == "/b/"
    assert lost.base("") == "/"


@pytest.fixture(scope="module")
def served() -> Iterator[str]:
    """The site as `make serve` serves it."""
    handler = partial(serve.Handler, directory=str(SITE))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.mark.parametrize("path", ["gone.html", "chapters/gone.html", "a/b/c/gone"])
def test_a_lost_reader_finds_the_way_from_any_depth(
    context: BrowserContext, served: str, path: str
) -> None:
    page = context.new_page()
    heard = watch(page, served)
    answer = page.goto(f"{served}/{path}")
    assert answer
    assert answer.status == 404
    expect(page.locator("h1")).to_have_text("There is no page here")
    ground = page.evaluate("getComputedStyle(document.body).fontFamily")
    assert "Serif" in ground or "Source" in ground, "the style sheet is found"
    links = [link.evaluate("(one) => one.href") for link in page.locator("a[href]").all()]
    own = {link.split("#")[0] for link in links if link.startswith(served)} - {page.url}
    assert len(own) >= len(PAGES)
    for link in own:
        assert page.request.get(link).ok, link
    page.locator("article input[type=search]").fill("bandwidth")
    page.locator("article input[type=search]").press("Enter")
    page.wait_for_selector("#search-results li a")
    # The browser itself says that the page was not found; nothing else is said.
    assert [one for one in heard if "404" not in one] == []
    assert len(heard) <= 1


# Search


def test_search_from_a_folder_lists_what_pages_are_about(
    context: BrowserContext, site: Path, tmp_path: Path
) -> None:
    folder = shutil.copytree(site, tmp_path / "a folder")
    page = context.new_page()
    heard = watch(page, "file:")
    page.goto((folder / PAGES[-1]).as_uri())
    page.keyboard.press("Control+k")
    page.locator("#pst-search-dialog input").fill("bandwidth")
    page.keyboard.press("Enter")
    hit = page.locator("#search-results li", has=page.locator("a[href$='inference-chip-is.html']"))
    about_it = metas("chapters/what-an-inference-chip-is.html")["description"]
    expect(hit.locator("p.context")).to_have_text(about_it)
    hit.locator("a").click()
    expect(page.locator("h1")).to_contain_text("bandwidth")
    assert heard == []


def test_search_over_http_shows_where_words_stand(page: Page, origin: str) -> None:
    page.goto(f"{origin}/search.html?q=bandwidth")
    hits = page.locator("#search-results li", has=page.locator("a[href*='inference-chip-is']"))
    expect(hits.locator("p.context").first).to_contain_text(re.compile("bandwidth", re.I))
    expect(page.locator(".search-summary")).to_have_text(re.compile(r"^Pages found: \d+\.$"))
    page.goto(f"{origin}/search.html?q=zzzz")
    expect(page.locator(".search-summary")).to_contain_text("No page has all of these words.")


def test_the_way_in_is_described() -> None:
    said = metas("index.html")
    assert said["description"] == metas("book/intro.html")["description"]
