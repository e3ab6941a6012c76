"""How long a drag keeps the page busy: from an input event until answer and charts have changed.

Measures the work, not the wait for the next frame. See README.md beside this file.
"""

import argparse
import runpy
import statistics
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).parents[1]
SITE = ROOT / "_build" / "html"
CHROMIUM = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
FRAME = 1000 / 60

# Moves a control many times. A message to oneself arrives when the work of the event is done,
# promises included; reading a height makes the browser lay the page out.
DRAG = """async ([id, name, events]) => {
  const figure = document.getElementById(id);
  const control = figure.querySelector(`[data-control="${name}"] :is(input[type=range], select)`);
  const channel = new MessageChannel();
  const idle = () => new Promise((resolve) => {
    channel.port1.onmessage = resolve;
    channel.port2.postMessage(0);
  });
  const charts = figure.querySelectorAll(".live svg");
  const parts = { attributes: true, characterData: true, childList: true, subtree: true };
  let changed;
  const watcher = new MutationObserver(() => {
    changed = true;
    watcher.disconnect();
  });
  const found = [];
  for (let i = 0; i < events; i += 1) {
    if (control.options) control.selectedIndex = i % control.options.length;
    else control.value = i % (Number(control.max) + 1);
    changed = false;
    for (const chart of charts) watcher.observe(chart, parts);
    const start = performance.now();
    control.dispatchEvent(new Event("input", { bubbles: true }));
    await idle();
    const done = performance.now();
    figure.offsetHeight;
    const laid = performance.now();
    found.push([done - start, laid - start, changed]);
    await window.inferlib.figures.get(id).figure.redraw();
    await idle();
  }
  return found;
}"""


def figures(page: Page) -> Iterator[tuple[str, str, str]]:
    """Page, figure and control, for every control of the site, with the figure live."""
    for path in sorted([*SITE.glob("book/*.html"), *SITE.glob("chapters/*.html")]):
        if 'class="explorable"' not in path.read_text(encoding="utf-8"):
            continue
        page.goto(path.as_uri())
        for figure in page.locator("figure.explorable").all():
            id = str(figure.get_attribute("id"))
            figure.scroll_into_view_if_needed()
            page.wait_for_selector(f"figure#{id}[data-ready]")
            for control in figure.locator("[data-control]").all():
                yield path.stem, id, str(control.get_attribute("data-control"))


def summary(times: list[float]) -> tuple[float, float, float]:
    """Median, 95th percentile and largest."""
    return statistics.median(times), statistics.quantiles(times, n=20)[-1], max(times)


def measure(page: Page, id: str, name: str, events: int) -> tuple[str, bool]:
    """A line of the table for one control, and whether it keeps within the frames."""
    page.evaluate(DRAG, [id, name, events // 4])
    found = [one for one in page.evaluate(DRAG, [id, name, events]) if one[2]]
    if len(found) < events // 4:
        return f"{id:<14}{name:<20}{len(found):>7}   changes too seldom to be measured", True
    work, laid = summary([one[0] for one in found]), summary([one[1] for one in found])
    cells = "".join(f"{value:>8.1f}" for value in (*work, *laid))
    kept = laid[0] <= FRAME and laid[1] <= 2 * FRAME
    return f"{id:<14}{name:<20}{len(found):>7}{cells}{'' if kept else '   over'}", kept


def main() -> None:
    """Print a table: one line for each control of each explorable."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--events", type=int, default=240, help="events for each control (240)")
    parser.add_argument("--only", default="", help="the id of one explorable")
    asked = parser.parse_args()
    path = runpy.run_path(str(ROOT / "tools/browser.py"))["find"]()
    print(f"{'':41}{'work, ms':^24}{'and layout, ms':^24}")
    print(f"{'figure':<14}{'control':<20}{'events':>7}" + f"{'median':>8}{'p95':>8}{'most':>8}" * 2)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM)
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        for _, id, name in figures(page):
            if asked.only in ("", id):
                print(measure(page, id, name, asked.events)[0], flush=True)
        browser.close()


if __name__ == "__main__":
    main()
