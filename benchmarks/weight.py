"""What a first visit to each page weighs, compressed, and a second page after it.

Counts every request, also those for what the page fetches late. See README.md beside this file.
"""

import gzip
import runpy
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urlparse

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).parents[1]
SITE = ROOT / "_build" / "html"
CHROMIUM = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
PACKED = {".woff2", ".png", ".jpg", ".gif"}  # compressed as they are
KINDS = {".html": "page", ".js": "scripts", ".css": "styles", ".woff2": "fonts"}
COLUMNS = ("page", "scripts", "vega", "styles", "fonts", "other")


@cache
def weight(file: Path) -> int:
    """Bytes of a file as a static host sends it."""
    content = file.read_bytes()
    return len(content) if file.suffix in PACKED else len(gzip.compress(content, 9))


def kind(file: Path) -> str:
    """The column in which a file is counted."""
    return "vega" if file.name == "vega.js" else KINDS.get(file.suffix, "other")


def visited(browser: Browser, path: Path) -> set[Path]:
    """Every file that a reader of a page fetches who scrolls to its end and opens every fold."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(path.as_uri())
    read(page)
    page.close()
    return {Path(unquote(urlparse(url).path)) for url in asked if url.startswith("file:")}


def read(page: Page) -> None:
    """Go through a page as a reader does."""
    for figure in page.locator("figure.explorable").all():
        figure.scroll_into_view_if_needed()
        page.wait_for_selector(f"figure#{figure.get_attribute('id')}[data-ready]")
    page.evaluate("document.querySelectorAll('details').forEach((fold) => (fold.open = true))")
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    page.wait_for_load_state("networkidle")
    page.evaluate("document.fonts.ready.then(() => 0)")


def line(name: str, files: set[Path]) -> str:
    """A line of the table."""
    sums = dict.fromkeys(COLUMNS, 0)
    for file in files:
        sums[kind(file)] += weight(file)
    cells = "".join(f"{sums[column] / 1000:>9.1f}" for column in COLUMNS)
    return f"{name:<46}{len(files):>9}{cells}{sum(sums.values()) / 1000:>9.1f}"


def main() -> None:
    """Print a table of first visits, then one of the next page for a reader of the first."""
    path = runpy.run_path(str(ROOT / "tools/browser.py"))["find"]()
    pages = sorted([*SITE.glob("book/*.html"), *SITE.glob("chapters/*.html"), SITE / "search.html"])
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM)
        found = {page.relative_to(SITE).as_posix(): visited(browser, page) for page in pages}
        browser.close()
    head = f"{'requests':>9}" + "".join(f"{column:>9}" for column in (*COLUMNS, "all"))
    print(f"{'first visit, kB':<46}{head}")
    for name, files in found.items():
        print(line(name, files))
    first = next(name for name, files in found.items() if any(kind(f) == "vega" for f in files))
    print(f"\n{f'next page after {first}, kB':<46}{head}")
    for name, files in found.items():
        if name != first:
            print(line(name, files - found[first]))


if __name__ == "__main__":
    main()
