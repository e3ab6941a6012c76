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

# Moves a control many times. An observer is called as soon as the script that changed something is
# through, so its last call is when answer and charts are new. A message to oneself arrives when all
# the work of the event is done; reading a height makes the browser lay the page out.
DRAG = """async ([id, name, events]) => {
  const figure = document.getElementById(id);
  const control = figure.querySelector(`[data-control="${name}"] :is(input, select)`);
  const options = control.list?.options ?? control.options;
  const channel = new MessageChannel();
  const idle = () => new Promise((resolve) => {
    channel.port1.onmessage = resolve;
    channel.port2.postMessage(0);
  });
  const charts = figure.querySelectorAll(".live svg");
  const parts = { attributes: true, characterData: true, childList: true, subtree: true };
  let told, drawn;
  const hears = new MutationObserver(() => (told = performance.now()));
  const sees = new MutationObserver(() => (drawn = performance.now()));
  hears.observe(figure.querySelector("[data-answer]"), parts);
  for (const chart of charts) sees.observe(chart, parts);
  const found = [];
  for (let i = 0; i < events; i += 1) {
    if (control.list) control.value = options[i % options.length].value;
    else if (options) control.selectedIndex = i % options.length;
    else control.value = i % (Number(control.max) + 1);
    told = drawn = 0;
    const start = performance.now();
    control.dispatchEvent(new Event("input", { bubbles: true }));
    await idle();
    figure.offsetHeight;
    const laid = performance.now();
    found.push([Math.max(told, drawn) - start, laid - start, drawn > 0]);
    await window.inferlib.figures.get(id).figure.redraw();
    await idle();
  }
  hears.disconnect();
  sees.disconnect();
  return found;
}"""
# The same with nothing to do but to change a text: what the machine itself adds.
NOTHING = """async (events) => {
  const channel = new MessageChannel();
  const idle = () => new Promise((resolve) => {
    channel.port1.onmessage = resolve;
    channel.port2.postMessage(0);
  });
  const place = document.body.appendChild(document.createElement("p"));
  let told;
  new MutationObserver(() => (told = performance.now())).observe(place, { childList: true });
  place.addEventListener("input", () => (place.textContent = performance.now()));
  const found = [];
  for (let i = 0; i < events; i += 1) {
    const start = performance.now();
    place.dispatchEvent(new Event("input"));
    await idle();
    place.offsetHeight;
    found.push([told - start, performance.now() - start, true]);
  }
  place.remove();
  return found;
}"""


def figures(page: Page, only: str) -> Iterator[tuple[str, str, str]]:
    """Page, figure and control, for every control of the site, with the figure live."""
    for path in sorted([*SITE.glob("book/*.html"), *SITE.glob("chapters/*.html")]):
        if 'class="explorable"' not in path.read_text(encoding="utf-8"):
            continue
        page.goto(path.as_uri())
        for figure in page.locator("figure.explorable").all():
            id = str(figure.get_attribute("id"))
            if only not in ("", id):
                continue
            figure.scroll_into_view_if_needed()
            page.wait_for_selector(f"figure#{id}[data-ready]")
            if figure.get_attribute("data-guessing") is not None:
                figure.locator("[data-do=show]").click()
            for control in figure.locator("[data-control]").all():
                yield path.stem, id, str(control.get_attribute("data-control"))


def summary(times: list[float]) -> tuple[float, float, float]:
    """Median, 95th percentile and largest."""
    return statistics.median(times), statistics.quantiles(times, n=20)[-1], max(times)


def cells(id: str, name: str, found: list[tuple[float, float, bool]]) -> str:
    """A line of the table from the times of each event; it ends in `over` beyond the bars."""
    changed, laid = summary([one[0] for one in found]), summary([one[1] for one in found])
    numbers = "".join(f"{value:>8.1f}" for value in (*changed, *laid))
    kept = changed[0] <= FRAME / 2 and changed[1] <= FRAME
    return f"{id:<14}{name:<20}{len(found):>7}{numbers}{'' if kept else '   over'}"


def measure(page: Page, id: str, name: str, events: int) -> str:
    """The line of one control."""
    page.evaluate(DRAG, [id, name, events // 4])
    found = [one for one in page.evaluate(DRAG, [id, name, events]) if one[2]]
    if len(found) < events // 4:
        return f"{id:<14}{name:<20}{len(found):>7}   changes too seldom to be measured"
    return cells(id, name, found)


def main() -> None:
    """Print a table: one line for each control of each explorable."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--events", type=int, default=240, help="events for each control (240)")
    parser.add_argument("--only", default="", help="the id of one explorable")
    asked = parser.parse_args()
    path = runpy.run_path(str(ROOT / "tools/browser.py"))["find"]()
    print(f"{'':41}{'answer and charts, ms':^24}{'all, and layout, ms':^24}")
    print(f"{'figure':<14}{'control':<20}{'events':>7}" + f"{'median':>8}{'p95':>8}{'most':>8}" * 2)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM)
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        print(cells("(nothing)", "", page.evaluate(NOTHING, asked.events)), flush=True)
        for _, id, name in figures(page, asked.only):
            print(measure(page, id, name, asked.events), flush=True)
        browser.close()


if __name__ == "__main__":
    main()
