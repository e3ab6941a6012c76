"""A drag in the page against the same chart redrawn by a kernel: JupyterChart and a slider.

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
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import nbformat
from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).parents[1]
FIGURE = ROOT / "_build/html/chapters/what-an-inference-chip-is.html"
CHROMIUM = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
PEER = """
import altair as alt, ipywidgets, polars as pl
import inferlib as il

alt.JupyterChart.enable_offline()
COST = "cost_per_output_token"
CHIPS = ["h100-sxm", "h200-sxm", "b200-sxm", "a100-sxm-80gb", "l40s"]
BATCHES = [2 ** (i / 6) for i in range(61)]
known = dict(model="llama-3.1-8b", output_tokens=500, concurrency=32, prompt_tokens=1000)
chips = {chip: il.scenario(chip=chip, **known) for chip in CHIPS}

def drawn(batch):
    frames = []
    for chip, scenario in chips.items():
        free = {n: v for n, v in scenario.items() if n != "concurrency"}
        one = pl.DataFrame({"concurrency": BATCHES, **{n: [v] * 61 for n, v in free.items()}})
        frames.append(one.with_columns(il.columns(COST, one)[COST], chip=pl.lit(chip)))
    rows = pl.concat(frames).select("concurrency", COST, "chip")
    at = il.solve(COST, **chips["h100-sxm"].but(concurrency=batch))[COST]
    x = alt.X("concurrency").scale(type="log")
    lines = alt.Chart(rows).mark_line().encode(x, alt.Y(COST).scale(type="log"), detail="chip")
    here = pl.DataFrame({"concurrency": [batch], COST: [at]})
    return lines + alt.Chart(here).mark_point(size=150).encode(x, COST)

chart = alt.JupyterChart(drawn(32))
slider = ipywidgets.IntSlider(value=32, min=1, max=1024)
slider.observe(lambda change: setattr(chart, "chart", drawn(change["new"])), "value")
ipywidgets.VBox([slider, chart])
"""
# From a key on the slider until the chart in the page is another: text of its drawing is compared.
PRESS = """async ([slider, place, key]) => {
  const now = () => [...document.querySelectorAll(`${place} svg, ${place} canvas`)]
    .map((one) => (one.tagName === "CANVAS" ? one.toDataURL() : one.outerHTML)).join();
  const before = now();
  const start = performance.now();
  PUSH
  while (now() === before || now() === "") {
    await new Promise((done) => setTimeout(done, 0));
    if (performance.now() - start > 10000) return -1;
  }
  return performance.now() - start;
}"""
NATIVE = """const one = document.querySelector(slider);
  one.value = Number(one.value) + (key === "ArrowRight" ? 1 : -1);
  one.dispatchEvent(new Event("input", { bubbles: true }));"""
KEYED = """const one = document.querySelector(slider);
  const code = key === "ArrowRight" ? 39 : 37;
  const told = { key, keyCode: code, which: code, bubbles: true };
  one.dispatchEvent(new KeyboardEvent("keydown", told));"""


@contextmanager
def lab(folder: Path) -> Iterator[str]:
    """The address of a JupyterLab of its own."""
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port = trial.getsockname()[1]
    (folder / "home/labconfig").mkdir(parents=True)
    news = {"disabledExtensions": {"@jupyterlab/apputils-extension:announcements": True}}
    (folder / "home/labconfig/page_config.json").write_text(json.dumps(news))
    names = ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR")
    command = [
        sys.executable, "-m", "jupyter", "lab", "--no-browser", "--allow-root", "--ip=127.0.0.1",
        f"--port={port}", "--IdentityProvider.token=", f"--ServerApp.root_dir={folder}",
        "--LabApp.expose_app_in_browser=True", "--LabApp.extension_manager=readonly",
    ]  # fmt: skip
    told = os.environ | dict.fromkeys(names, str(folder / "home"))
    log = (folder / "log").open("w+")
    with subprocess.Popen(command, env=told, stdout=log, stderr=log) as server:
        while f"127.0.0.1:{port}/lab" not in (folder / "log").read_text():
            if server.poll() is not None:
                sys.exit((folder / "log").read_text())
        yield f"http://127.0.0.1:{port}"
        server.terminate()


def times(page: Page, push: str, slider: str, place: str, moves: int) -> list[float]:
    """How long each of some moves took, to and fro, in milliseconds."""
    script = PRESS.replace("PUSH", push)
    keys = ["ArrowRight", "ArrowLeft"] * (moves // 2 + 2)
    found = [float(page.evaluate(script, [slider, place, key])) for key in keys]
    return [one for one in found[4:] if one >= 0] or sys.exit(f"{place} has not changed")


def main() -> None:
    """Measure both, print the medians and their ratio."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--moves", type=int, default=40, help="moves of each slider (40)")
    moves = parser.parse_args().moves
    path = runpy.run_path(str(ROOT / "tools/browser.py"))["find"]()
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        cell = nbformat.v4.new_code_cell(PEER)
        kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
        nbformat.write(
            nbformat.v4.new_notebook(cells=[cell], metadata=kernel), folder / "peer.ipynb"
        )
        browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM)
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        with lab(folder) as address:
            page.goto(f"{address}/lab/tree/peer.ipynb?reset")
            page.wait_for_selector(".jp-Notebook .jp-CodeCell")
            page.evaluate(
                "window.jupyterapp.shell.currentWidget.sessionContext.ready.then(() => 0)"
            )
            page.evaluate(
                "window.jupyterapp.commands.execute('notebook:run-all-cells').then(() => 0)"
            )
            page.wait_for_selector(".jp-OutputArea .vega-embed :is(canvas, svg)", timeout=30_000)
            theirs = times(page, KEYED, ".noUi-handle", ".jp-OutputArea .vega-embed", moves)
        page.goto(FIGURE.as_uri())
        page.locator("figure#cost").scroll_into_view_if_needed()
        page.wait_for_selector("figure#cost[data-ready]")
        ours = times(page, NATIVE, "figure#cost input[type=range]", "figure#cost .live", moves)
        browser.close()
    for name, found in (("kernel", theirs), ("page", ours)):
        print(f"{name:<7}{len(found):>4} moves, median {statistics.median(found):>7.1f} ms")
    print(f"ratio of medians {statistics.median(theirs) / statistics.median(ours):.1f}")


if __name__ == "__main__":
    main()
