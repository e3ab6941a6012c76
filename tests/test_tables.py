"""The pages of data: every table with every row, its source and its day, to search, sort, take."""

import json
import re
from functools import cache
from html import unescape
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from conftest import ROOT, SITE, watch
from fixture_figures import pages
from playwright.sync_api import Browser, BrowserContext, Page, expect
from test_access import assert_accessible

TABLES = sorted(file.stem for file in (ROOT / "data").glob("*.csv"))
each = pytest.mark.parametrize("table", TABLES)
SAID = ("source", "as_of", "notes")


@cache
def raw(table: str) -> pl.DataFrame:
    """The file, as text."""
    return pl.read_csv(ROOT / f"data/{table}.csv", infer_schema=False).fill_null("")


@cache
def html(table: str) -> str:
    """The built page."""
    page = SITE / f"book/data/{table}.html"
    assert page.exists(), f"write book/data/{table}.md, as its neighbours are, and run `make site`"
    return page.read_text(encoding="utf-8")


@cache
def groups(table: str) -> list[str]:
    """Every row with its source, those included that wait in a script."""
    (shown,) = re.findall(r'<table class="data">(.*?)</table>', html(table), re.S)
    found = re.findall(r"<tbody.*?</tbody>", shown, re.S)
    if waits := re.search(r'data-more="\.\./\.\./(_static/rows-[\w-]+\.js)', html(table)):
        call = (SITE / waits[1]).read_text(encoding="utf-8")
        rest = json.loads(f"[{call.partition('(')[2].rpartition(')')[0]}]")[1]
        found += re.findall(r"<tbody.*?</tbody>", rest, re.S)
    return found


@each
def test_every_row_is_there_with_its_source_and_day(table: str) -> None:
    assert len(groups(table)) == raw(table).height
    for row, group in zip(raw(table).iter_rows(named=True), groups(table), strict=True):
        text = unescape(re.sub(r"<[^>]+>", " ", group))
        assert row["source"].rstrip(".") in text
        assert row["as_of"] in text
        assert row["notes"][1:].rstrip(".") in text


@each
def test_every_column_is_there_and_explained(table: str) -> None:
    head = re.findall(r'<th scope="col"[^>]*>(.*?)</th>', html(table))
    names = [name for name in raw(table).columns if name not in SAID]
    assert head == [name.replace("_", " ") for name in names]
    assert all(f">{name}<" in html(table) for name in names), "data/README.md explains it"


@each
def test_numbers_sort_by_what_the_file_says(table: str) -> None:
    values = [re.findall(r'data-value="([^"]+)"', group) for group in groups(table)]
    for row, found in zip(raw(table).iter_rows(), values, strict=True):
        texts = {float(cell) for cell in row if re.fullmatch(r"-?[\d.]+(e[+-]?\d+)?", cell)}
        assert {float(one) for one in found} <= {float(f"{one:.12g}") for one in texts}


@each
def test_the_file_is_offered_as_it_is(table: str) -> None:
    (place,) = re.findall(rf'href="([^"]+/{table}\.csv)"', html(table))
    offered = (SITE / "book/data" / place).resolve()
    assert offered.read_bytes() == (ROOT / f"data/{table}.csv").read_bytes()


def test_the_list_leads_to_every_table() -> None:
    page = (SITE / "book/data.html").read_text(encoding="utf-8")
    for table in TABLES:
        assert f'href="data/{table}.html"' in page


SORTED = """(column) => [...document.querySelectorAll("table.data tbody")]
  .map((group) => group.rows[0].cells[column])
  .map((cell) => (cell.textContent === "—" ? null : Number(cell.dataset.value)))"""


@each
def test_search_and_sort_by_keyboard_from_a_folder(context: BrowserContext, table: str) -> None:
    page = context.new_page()
    heard = watch(page, "file:")
    page.goto((SITE / f"book/data/{table}.html").as_uri())
    frame = raw(table)
    status = page.get_by_role("status")
    expect(status).to_contain_text(f"{frame.height:,} rows")
    box = page.get_by_label("Search the rows")
    words = [cell for cell in frame.row(-1)[:3] if cell and not cell[0].isdigit()]
    box.fill(" ".join(words))
    expect(status).to_contain_text("found of")
    first = page.locator("table.data tbody tr:first-child").all_inner_texts()
    assert first
    assert all(all(word.lower() in text.lower() for word in words[:1]) for text in first)
    box.fill("no such row anywhere")
    expect(status).to_contain_text("No row has")
    box.fill("")
    heads = page.locator("table.data thead th:visible")
    numbers = [
        i for i, one in enumerate(heads.all()) if "number" in (one.get_attribute("class") or "")
    ]
    columns = [heads.nth(place).evaluate("(one) => one.cellIndex") for place in numbers]
    names = [name for name in frame.columns if name not in SAID]
    # One column of numbers, with blanks if one has them.
    columns.sort(key=lambda column: "" not in frame[names[column]])
    for column in columns[:1]:
        head = page.locator("table.data thead th").nth(column)
        for way, reverse in (("ascending", False), ("descending", True)):
            head.get_by_role("button").press("Enter")
            expect(head).to_have_attribute("aria-sort", way)
            values = page.evaluate(SORTED, column)
            known = sorted((one for one in values if one is not None), reverse=reverse)
            assert known
            assert values == known + [None] * (len(values) - len(known)), "blanks come last"
    assert heard == []


def test_more_rows_and_all_columns(page: Page, origin: str) -> None:
    page.goto(f"{origin}/book/data/measurements.html")
    rows = page.locator("table.data tbody")
    before = rows.count()
    page.get_by_role("button", name="Show more rows").click()
    expect(rows).to_have_count(2 * before)
    every = page.get_by_role("button", name="All columns")
    seen = page.locator("thead th:visible").count()
    every.click()
    expect(every).to_have_attribute("aria-pressed", "true")
    assert page.locator("thead th:visible").count() > seen


@each
def test_reads_without_scripts(browser: Browser, origin: str, table: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{origin}/book/data/{table}.html")
    shown = page.locator("table.data tbody")
    assert shown.count() == min(raw(table).height, 200)
    assert page.locator("table.data thead th:visible").count() == len(raw(table).columns) - 3
    if shown.count() < raw(table).height:
        expect(page.locator(".cut")).to_contain_text("the file has them all")
    context.close()


SEEN = [(table, 360, "dark") for table in TABLES] + [
    (table, width, theme)
    for table in ("chips", "measurements")
    for width, theme in ((1280, "light"), (1280, "dark"), (360, "light"))
]


@pytest.mark.parametrize(("table", "width", "theme"), SEEN)
def test_accessible(page: Page, origin: str, table: str, width: int, theme: Any) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme=theme)
    page.goto(f"{origin}/book/data/{table}.html")
    assert_accessible(page)


def test_a_page_of_data_is_no_chapter() -> None:
    assert not [name for name in pages() if name.startswith("book/data/")], "tested here instead"
    assert Path(SITE / "book/data").is_dir()
