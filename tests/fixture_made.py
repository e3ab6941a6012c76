"""Figures that a test makes for itself, in a page of their own that opens from a folder."""

from collections.abc import Iterable
from pathlib import Path

from playwright.sync_api import Page

from inferlib.explorable.bundle import site_files, widget_sheet
from inferlib.explorable.figure import Explorable
from inferlib.explorable.render import html

PAGE = """<!doctype html><html lang="en" data-theme="light"><meta charset="utf-8">
<title>Made</title>
<meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src file:; style-src
 file: 'unsafe-inline'; img-src file: data:; font-src file:">
<link rel="icon" href="data:,"><link rel="stylesheet" href="sheet.css">
<script defer src="explorable.js" data-vega="vega.js" data-facts="facts.js"></script>
<body><main><h1>Made</h1>{figures}</main></body></html>"""


def make_page(folder: Path, figures: Iterable[Explorable]) -> str:
    """Write a page of figures with the site's files; its address."""
    for name, content in site_files().items():
        (folder / name).write_bytes(content)
    (folder / "sheet.css").write_text(widget_sheet(), encoding="utf-8")
    page = folder / "made.html"
    written = "".join(html(one) for one in figures)
    page.write_text(PAGE.replace("{figures}", written), encoding="utf-8")
    return page.as_uri()


def open_figure(page: Page, address: str, id: str) -> None:
    """Open a page anew, go to a figure, and wait until its charts are live."""
    page.goto("about:blank")
    page.goto(address)
    page.locator(f"figure#{id}").scroll_into_view_if_needed()
    page.wait_for_selector(f"figure#{id}[data-ready]", state="attached")
