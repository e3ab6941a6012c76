"""A slider in the page against the same chart redrawn by a kernel: JupyterChart and ipywidgets.

Drives JupyterLab on the loopback, then the built site, in one browser. See README.md beside this
file.
"""

import argparse
import json
import os
import runpy
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import nbformat
from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).parents[1]
FIGURE = ROOT / "_build/html/chapters/what-a-token-costs.html"
CHROMIUM = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
WARM = 5  # moves in each direction that are not counted
# The lines of its figure `token`: 14 places for each chip, 40 for the chosen one, and its ring.
PEER = """
import altair as alt, ipywidgets, polars as pl
import inferlib as il

alt.JupyterChart.enable_offline()
COSTS = ["cost_per_input_token", "cost_per_output_token"]
CHIPS = ["h100-sxm", "h200-sxm", "b200-sxm"]
BATCHES = [256 ** (i / 39) for i in range(40)]
x = alt.X(COSTS[0]).scale(type="log", domain=[1e-7, 3e-6])
y = alt.Y(COSTS[1]).scale(type="log", domain=[2e-7, 3e-4])
assistant = il.scenario(
    model="llama-3.1-70b", chip="h100-sxm", chips=4, weights="fp8",
    prompt_tokens=2000, output_tokens=500, concurrency=16,
)

def rows(utilization):
    now = assistant.but(utilization=utilization / 100)
    others = il.sweep(now, chip=CHIPS, concurrency=BATCHES[::3], want=COSTS)
    chosen = il.sweep(now, concurrency=BATCHES, want=COSTS)
    return others, chosen, il.sweep(now, concurrency=[16], want=COSTS)

def drawn(utilization):
    others, chosen, here = (alt.Chart(one).encode(x, y) for one in rows(utilization))
    lines = others.mark_line(strokeWidth=1).encode(detail="chip") + chosen.mark_line()
    return (lines + here.mark_point(size=150)).properties(width=620, height=300)

slider = ipywidgets.IntSlider(value=100, min=10, max=100)
chart = alt.JupyterChart(drawn(100), embed_options={"renderer": "svg", "actions": False})
slider.observe(lambda change: setattr(chart, "chart", drawn(change["new"])), "value")
ipywidgets.VBox([slider, chart])
"""
# Notes the time from a key until the lines and points of a drawing are others. An observer is told
# when the work that changed the drawing is done, and before the browser paints.
WATCH = """(place) => {
  const held = document.querySelector(place);
  const shown = () => [...held.querySelectorAll("svg :is(.mark-line, .mark-symbol) path")].map(
    (one) => one.getAttribute("d") + one.getAttribute("transform")).join();
  let last = shown();
  let start;
  addEventListener("keydown", () => {
    start = performance.now();
    delete document.body.dataset.took;
  }, true);
  const parts = { attributes: true, characterData: true, childList: true, subtree: true };
  new MutationObserver(() => {
    const now = start !== undefined && shown();
    if (!now || now === last) return;
    document.body.dataset.took = performance.now() - start;
    start = undefined;
    last = now;
  }).observe(held, parts);
  return last.length;
}"""
# Lets what is under way come to an end, so that no move waits for the one before it.
REST = "new Promise((done) => setTimeout(done, 200))"
# Gives JupyterLab a command once the kernel is there, and marks the page when it has been done.
RUN = """() => void (async () => {
  const app = window.jupyterapp;
  await app.shell.currentWidget.sessionContext.ready;
  document.body.dataset.done = await app.commands.execute("notebook:run-all-cells");
})()"""


def address() -> str:
    """A place on the loopback that nobody listens on."""
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{trial.getsockname()[1]}"


def prepare(folder: Path) -> dict[str, str]:
    """The peer's notebook in a folder, and the surroundings of a JupyterLab of its own."""
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    cells = [nbformat.v4.new_code_cell(PEER)]
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=kernel), folder / "peer.ipynb")
    (folder / "home/labconfig").mkdir(parents=True)
    news = {"disabledExtensions": {"@jupyterlab/apputils-extension:announcements": True}}
    (folder / "home/labconfig/page_config.json").write_text(json.dumps(news))
    names = ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR")
    return os.environ | dict.fromkeys(names, str(folder / "home"))


@contextmanager
def lab(folder: Path) -> Iterator[str]:
    """The address of a JupyterLab with the peer's notebook."""
    environment, place = prepare(folder), address()
    command = [
        sys.executable, "-m", "jupyter", "lab", "--no-browser", "--allow-root", "--ip=127.0.0.1",
        f"--port={place.rpartition(':')[2]}", "--ServerApp.port_retries=0",
        "--IdentityProvider.token=", f"--ServerApp.root_dir={folder}",
        "--LabApp.expose_app_in_browser=True", "--LabApp.extension_manager=readonly",
    ]  # fmt: skip
    log = folder / "log"
    with (
        log.open("w") as out,
        subprocess.Popen(command, env=environment, stdout=out, stderr=out) as server,
    ):
        try:
            while not answers(f"http://{place}/lab"):
                if server.poll() is not None:
                    sys.exit(log.read_text())
                time.sleep(0.2)
            yield f"http://{place}"
        finally:
            server.terminate()


def answers(url: str) -> bool:
    """Whether a server is there."""
    try:
        with urllib.request.urlopen(url, timeout=60):
            return True
    except urllib.error.URLError:
        return False


def open_peer(page: Page, place: str) -> None:
    """Run the peer's notebook and focus its slider."""
    page.goto(f"{place}/lab/tree/peer.ipynb?reset")
    page.wait_for_selector(".jp-Notebook .jp-CodeCell")
    page.evaluate(RUN)
    page.wait_for_selector("body[data-done]", state="attached")
    page.wait_for_selector(".jp-OutputArea .vega-embed svg .mark-symbol path")
    # Else JupyterLab takes the arrow keys for itself.
    page.eval_on_selector(".noUi-handle", "(one) => (one.dataset.lmSuppressShortcuts = 'true')")
    page.focus(".noUi-handle")


def open_figure(page: Page) -> None:
    """Open the built page and focus the same slider of its figure."""
    page.goto(FIGURE.as_uri())
    page.locator("figure#token").scroll_into_view_if_needed()
    page.wait_for_selector("figure#token[data-ready]")
    page.focus("figure#token [data-control=utilization] input[type=range]")
    page.keyboard.press("End")


def times(page: Page, place: str, moves: int) -> list[float]:
    """How long each of some moves took, down the slider and up again, in milliseconds."""
    if not page.evaluate(WATCH, place):
        sys.exit(f"nothing is drawn in {place}")
    found = []
    for key in ("ArrowLeft", "ArrowRight"):
        for _ in range(moves // 2 + WARM):
            page.evaluate(REST)
            page.keyboard.press(key)
            took = page.wait_for_selector("body[data-took]", state="attached")
            found.append(float(took.get_attribute("data-took") if took else "nan"))
    return [*found[WARM : moves // 2 + WARM], *found[moves // 2 + 2 * WARM :]]


def measure(path: str, moves: int) -> dict[str, list[float]]:
    """The times of both, in one browser."""
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM)
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.set_default_timeout(180_000)  # a start on a busy machine
        with lab(Path(name)) as place:
            open_peer(page, place)
            found = {"kernel": times(page, ".jp-OutputArea-output", moves)}
            page.goto("about:blank")
        open_figure(page)
        found["page"] = times(page, "figure#token .chart", moves)
        browser.close()
    return found


def main() -> None:
    """Measure both, print medians and 95th percentiles, and the ratio of the medians."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--moves", type=int, default=80, help="moves of each slider (80)")
    moves = parser.parse_args().moves
    found = measure(runpy.run_path(str(ROOT / "tools/browser.py"))["find"](), moves)
    for name, took in found.items():
        middle, high = statistics.median(took), statistics.quantiles(took, n=20)[-1]
        print(f"{name:<7}{len(took):>4} moves, median {middle:>6.1f} ms, p95 {high:>6.1f} ms")
    ratio = statistics.median(found["kernel"]) / statistics.median(found["page"])
    print(f"ratio of medians {ratio:.1f}")


if __name__ == "__main__":
    main()
