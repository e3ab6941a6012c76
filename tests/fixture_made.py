"""Figures that a test makes for itself, in a page of their own that opens from a folder."""

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from conftest import ROOT
from playwright.sync_api import Page

from inferlib.explorable.bundle import widget_sheet
from inferlib.explorable.figure import Explorable
from inferlib.explorable.render import html

sys.path.insert(0, str(ROOT / "book"))
from extensions.bundle import site_files

PAGE = """<!doctype html><html lang="en" data-theme="{theme}"><head><meta charset="utf-8">
<title>Made</title>
<meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src file:; style-src
 file: 'unsafe-inline'; img-src file: data: blob:; font-src file:">
<link rel="icon" href="data:,"><link rel="stylesheet" href="_static/sheet.css">
<style>body {{ margin: 1rem; background: var(--paper); color: var(--ink) }}</style>
<script defer src="_static/explorable.js" data-vega="_static/vega.js"
data-facts="_static/facts.js?v=1"></script></head>
<body><main><h1>Made</h1>{figures}</main></body></html>"""
END = "})();"


def make_page(
    folder: Path, figures: Iterable[Explorable], theme: str = "light", probe: Sequence[str] = ()
) -> str:
    """Write a page of figures with the site's files; its address.

    Args:
        folder: Where to.
        figures: The figures.
        theme: Light or dark.
        probe: Names of functions of the script that the page shows as `window.probe`.
    """
    static = folder / "_static"
    static.mkdir(exist_ok=True)
    for name, content in site_files().items():
        (static / name).write_bytes(content)
    (static / "sheet.css").write_text(widget_sheet(), encoding="utf-8")
    if probe:
        script = static / "explorable.js"
        whole = script.read_text(encoding="utf-8")
        assert whole.endswith(END), "what is shown of the script goes in at its end"
        shown = f"{whole.removesuffix(END)};window.probe = {{ {', '.join(probe)} }};\n{END}"
        script.write_text(shown, encoding="utf-8")
    page = folder / "made.html"
    written = "".join(html(one) for one in figures)
    page.write_text(PAGE.format(theme=theme, figures=written), encoding="utf-8")
    return page.as_uri()


def open_figure(page: Page, address: str, id: str) -> None:
    """Open a page anew, go to a figure, and wait until its charts are live."""
    page.goto("about:blank")
    page.goto(address)
    page.locator(f"figure#{id}").scroll_into_view_if_needed()
    page.wait_for_selector(f"figure#{id}[data-ready]", state="attached")
