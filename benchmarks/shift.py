"""What moves and what comes when on pages with figures: layout shift, largest paint, Vega's turn.

Reads the built site over the loopback. See README.md beside this file.
"""

import argparse
import functools
import http.server
import runpy
import statistics
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).parents[1]
SITE = ROOT / "_build" / "html"
CHROMIUM = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
SLOWER = 4
WATCH = """
window.seen = { shift: 0, paint: 0 };
new PerformanceObserver((list) => list.getEntries().forEach((one) => (seen.shift += one.value)))
  .observe({ type: "layout-shift", buffered: true });
new PerformanceObserver((list) => list.getEntries().forEach((one) => (seen.paint = one.startTime)))
  .observe({ type: "largest-contentful-paint", buffered: true });
"""
SCROLL = """async () => {
  for (let y = 0; y < document.body.scrollHeight; y += innerHeight / 2) {
    scrollTo({ top: y, behavior: "instant" });
    await new Promise((done) => setTimeout(done, 150));
  }
}"""
SETTLED = "new Promise((done) => requestAnimationFrame(() => setTimeout(done, 500)))"


@contextmanager
def served() -> Iterator[str]:
    """The address of the built site."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

    handler = functools.partial(Quiet, directory=str(SITE))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def shift(browser: Browser, url: str, width: int) -> tuple[float, bool]:
    """Sum of the layout shifts while one scrolls through, and whether Vega waited for that.

    Scrolling by hand is no excuse that the browser grants, so nothing is left out of the sum.
    """
    page = browser.new_page(viewport={"width": width, "height": 800})
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.add_init_script(WATCH)
    page.goto(url)
    page.evaluate(SETTLED)
    near = page.locator("figure.explorable").first.evaluate(
        "(one) => one.getBoundingClientRect().top < innerHeight + 400"
    )
    early = any("vega" in one for one in asked)
    page.evaluate(SCROLL)
    for figure in page.locator("figure.explorable").all():
        figure.scroll_into_view_if_needed()
        page.wait_for_selector(f"figure#{figure.get_attribute('id')}[data-ready]")
    page.evaluate(SETTLED)
    found = float(page.evaluate("seen.shift"))
    page.close()
    return found, early == near


def paint(browser: Browser, url: str, width: int) -> float:
    """Largest contentful paint of a first visit on a slowed processor, in milliseconds."""
    context = browser.new_context(viewport={"width": width, "height": 800})
    page = context.new_page()
    client = context.new_cdp_session(page)
    client.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    page.add_init_script(WATCH)
    page.goto(url)
    page.evaluate(SETTLED)
    found = float(page.evaluate("seen.paint"))
    context.close()
    return found


def main() -> None:
    """Print a line for each page with figures and width."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=5, help="visits for the paint (5)")
    runs = parser.parse_args().runs
    path = runpy.run_path(str(ROOT / "tools/browser.py"))["find"]()
    print(f"{'page':<40}{'width':>6}{'shift':>9}{'largest paint, ms':>19}   Vega")
    with served() as origin, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM)
        for file in sorted([*SITE.glob("book/*.html"), *SITE.glob("chapters/*.html")]):
            if 'class="explorable"' not in file.read_text(encoding="utf-8"):
                continue
            name = file.relative_to(SITE).as_posix()
            for width in (1280, 360):
                moved, waited = shift(browser, f"{origin}/{name}", width)
                late = statistics.median(
                    paint(browser, f"{origin}/{name}", width) for _ in range(runs)
                )
                word = "when near" if waited else "too early or late"
                print(f"{name:<40}{width:>6}{moved:>9.4f}{late:>19.0f}   {word}", flush=True)
        browser.close()


if __name__ == "__main__":
    main()
