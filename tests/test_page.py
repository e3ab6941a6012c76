"""Promises of every page: silent, alone, usable by anyone, from a folder and without scripts."""

import math
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT, watch
from fixture_figures import COMPONENT, FIGURE, figures, look, nudged, pages, pass_guess, written
from fixture_reader import touch_everything, wake
from playwright.sync_api import Browser, BrowserContext, Page, expect

# What is not copied with the repository, because it is made from it.
# What a build leaves stays, so that it could wrongly be taken for what an edit asks for.
MADE = shutil.ignore_patterns(".git", ".venv", "__pycache__", ".mypy_cache", ".ruff_cache")
PAGES = [*pages(), "search.html", "404.html"]
each_page = pytest.mark.parametrize("name", PAGES)
each_page_with_figures = pytest.mark.parametrize("name", sorted({name for name, _ in figures()}))


@each_page_with_figures
def test_works_from_a_folder(
    context: BrowserContext, site: Path, tmp_path: Path, name: str
) -> None:
    folder = shutil.copytree(site, tmp_path / "a folder")
    page = context.new_page()
    heard = watch(page, "file:")
    page.goto((folder / name).as_uri())
    for id in wake(page):
        pass_guess(page, id)
        before = look(page, id)
        for _ in nudged(page.locator(f"figure#{id}")):
            after = look(page, id)
            if after.rows != before.rows:
                break
        assert after.rows != before.rows
        assert after.drawing != before.drawing
    if name == COMPONENT:
        touch_everything(page)
    assert heard == []


@each_page_with_figures
def test_reads_without_scripts(browser: Browser, origin: str, name: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    heard = watch(page, origin)
    page.goto(f"{origin}/{name}")
    for id, one in written(name).items():
        figure = page.locator(f"figure#{id}")
        expect(figure.locator("[data-answer]")).to_have_text(one.say())
        expect(figure.locator("[data-answer]")).to_be_visible()
        assert figure.locator("svg:visible").count() == len(one.charts)
        assert figure.locator(":is(input, select, button):visible").count() == 0
        for summary in figure.locator("details > summary:visible").all():
            summary.click()
        assert figure.locator("math:visible").count() >= len(one.formulas)
        assert figure.locator("tbody tr:visible").count() > 0
    assert heard == []
    context.close()


@pytest.mark.parametrize("width", [1280, 360])
@each_page_with_figures
def test_live_charts_take_the_place_of_the_still_ones(
    page: Page, browser: Browser, origin: str, name: str, width: int
) -> None:
    without = browser.new_context(java_script_enabled=False)
    still = without.new_page()
    for one in (still, page):
        one.set_viewport_size({"width": width, "height": 800})
        one.goto(f"{origin}/{name}")
    wake(page)
    for chart, live in zip(
        still.locator(".chart").all(), page.locator(".chart").all(), strict=True
    ):
        assert chart.bounding_box()["height"] == live.bounding_box()["height"]
        assert live.locator("svg").count() == 1
        assert live.locator(".still").count() == 0
    without.close()


def test_search_finds_each_page_by_its_title(page: Page, origin: str, site: Path) -> None:
    for name in pages():
        html = (site / name).read_text(encoding="utf-8")
        title = re.sub(r"<[^>]+>|&#?\w+;", " ", re.findall(r"<h1>(.*?)</h1>", html, re.DOTALL)[0])
        words = "+".join(re.findall(r"[A-Za-z]{4,}", title))
        page.goto(f"{origin}/search.html?q={words}")
        page.wait_for_selector(f"#search-results a[href*='{name}']")


@each_page
def test_theme_switch_changes_the_colours(page: Page, origin: str, name: str) -> None:
    page.goto(f"{origin}/{name}")
    seen = set()
    for _ in range(3):
        page.locator(".theme-switch-button:visible").first.click()
        ground = "getComputedStyle(document.body).backgroundColor"
        seen.add((page.locator("html").get_attribute("data-theme"), page.evaluate(ground)))
    assert {theme for theme, _ in seen} == {"light", "dark"}
    assert len(seen) == 2, "each theme has a ground of its own"


def build(root: Path) -> None:
    """Build the site of a copy of the repository, with the copy's package."""
    environment = os.environ | {"PYTHONPATH": str(root)}
    told = {"cwd": root, "env": environment, "capture_output": True, "text": True}
    where = [sys.executable, "-c", "import inferlib; print(inferlib.__file__)"]
    assert subprocess.run(where, **told).stdout.startswith(str(root))
    ran = subprocess.run([sys.executable, "tools/site.py"], **told)
    assert ran.returncode == 0, ran.stdout + ran.stderr


def edit(file: Path, old: str, new: str) -> None:
    """Replace what stands in a file exactly once."""
    text = file.read_text(encoding="utf-8")
    assert text.count(old) == 1
    file.write_text(text.replace(old, new), encoding="utf-8")


def answers(root: Path) -> dict[str, str]:
    """The default answer of each explorable of a built site, by id."""
    found: dict[str, str] = {}
    for page in (root / "_build/html").rglob("*.html"):
        html = page.read_text(encoding="utf-8")
        said = re.findall(r"data-answer>(.*?)</p>", html, re.DOTALL)
        found |= dict(zip(FIGURE.findall(html), said, strict=True))
    return found


def test_an_edited_formula_and_look_reach_the_page(browser: Browser, tmp_path: Path) -> None:
    root = shutil.copytree(ROOT, tmp_path / "copy", ignore=MADE)
    before = answers(root)
    edit(
        root / "inferlib/formulas/training.py",
        "6 * active_parameters * training_tokens",
        "7 * active_parameters * training_tokens",
    )
    with (root / "inferlib/explorable/front/explorable.css").open("a") as sheet:
        sheet.write("\nfigure.explorable { --edited: figure; }\n")
    with (root / "book/styles/book.css").open("a") as sheet:
        sheet.write("\nbody { --edited: page; }\n")
    with (root / "book/styles/page.js").open("a") as script:
        script.write('\ndocument.documentElement.dataset.edited = "yes";\n')
    build(root)
    after = answers(root)
    assert before.keys() == after.keys()
    assert [id for id in before if before[id] != after[id]]
    page = browser.new_page()
    page.goto((root / "_build/html/book/intro.html").as_uri())
    page.wait_for_selector("html[data-edited='yes']")
    found = page.evaluate("window.inferlib.figures.get('crossing').figure.values()")
    given = found["active_parameters"] * found["training_tokens"]
    assert math.isclose(found["training_flops"], 7 * given)
    style = "(one) => getComputedStyle(one).getPropertyValue('--edited').trim()"
    assert page.locator("figure.explorable").first.evaluate(style) == "figure"
    assert page.locator("body").evaluate(style) == "page"
    page.close()
