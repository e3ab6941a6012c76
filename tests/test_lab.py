"""Promises in JupyterLab: the explorable is a widget on a real kernel, with anyone's formulas."""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from conftest import ROOT, watch
from fixture_figures import figures, nudged, written
from playwright.sync_api import Browser, Locator, Page, expect

from inferlib.show import show

EXPLORE = """
import inferlib as il

chat = il.scenario(
    model="llama-3.1-8b", chip="h100-sxm",
    prompt_tokens=1000, output_tokens=500, concurrency=8,
)

def explorable(id, quantities=None):
    return il.explore(
        id, chat, answer="{concurrency}: {output_throughput}, {kv_bytes_per_token}.",
        controls=[il.slider("concurrency", 1, 64, doubling=True)],
        charts=[
            il.curve("step_time", over="concurrency", span=(1, 64), domain=(1e-3, 1), title="?")
        ],
        readouts={"step_time": "Step"}, formulas=["step_time"], quantities=quantities,
        presets={"Alone": {"concurrency": 1}, "Crowd": {"concurrency": 64}},
    )

one = explorable("usual")
seen = []
one.widget.observe(lambda change: seen.append(change["new"]["concurrency"]), "value")
one
"""
REDEFINE = """
@il.quantity(unit="byte/token", symbol="k", source="inferlib")
def kv_bytes_per_token(layers):
    \"\"\"KV cache of one token, redefined.\"\"\"
    return 1000 * layers

other = explorable("redefined", il.quantities | {"kv_bytes_per_token": kv_bytes_per_token})
other
"""
SEEN = 'print("seen", seen, one.widget.value["concurrency"])'
SET = 'one.widget.value = {"concurrency": 2.0}'
# nbval runs every notebook; these, with the most figures, are looked at in JupyterLab too.
COUNTS = Counter(Path(page).with_suffix(".ipynb") for page, _ in figures())
NOTEBOOKS = [notebook for notebook, _ in COUNTS.most_common(3)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the book's notebooks and one of ours."""
    folder = tmp_path_factory.mktemp("lab")
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(source) for source in (EXPLORE, REDEFINE, SEEN, SET)],
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}},
    )
    nbformat.write(notebook, folder / "figure.ipynb")
    for one in NOTEBOOKS:
        shutil.copy(ROOT / one, folder / one.name)
    return folder


def free_port() -> int:
    """A port of the loopback that nobody listens on."""
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


@pytest.fixture(scope="module")
def lab(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a JupyterLab with settings of its own, that asks nobody for news."""
    home = tmp_path_factory.mktemp("home")
    (home / "labconfig").mkdir()
    news = {"disabledExtensions": {"@jupyterlab/apputils-extension:announcements": True}}
    (home / "labconfig/page_config.json").write_text(json.dumps(news))
    names = ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR")
    port = free_port()
    command = [
        sys.executable, "-m", "jupyter", "lab", "--no-browser", "--allow-root", "--ip=127.0.0.1",
        f"--port={port}", "--ServerApp.port_retries=0", "--IdentityProvider.token=",
        f"--ServerApp.root_dir={folder}", "--LabApp.expose_app_in_browser=True",
        "--LabApp.extension_manager=readonly",
    ]  # fmt: skip
    environment = os.environ | dict.fromkeys(names, str(home))
    environment.pop("INFERLIB_BOOK", None)
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, env=environment, **quiet) as server:
        said = list(until(server.stderr, f"http://127.0.0.1:{port}/lab"))
        rest = threading.Thread(target=server.stderr.read)
        rest.start()
        if server.poll() is not None:
            pytest.fail("".join(said))
        yield f"http://127.0.0.1:{port}"
        server.terminate()
        rest.join()


def until(lines: Iterable[str], mark: str) -> Iterator[str]:
    """The lines up to the one with a mark."""
    for line in lines:
        yield line
        if mark in line:
            return


# Gives JupyterLab a command once the kernel is there, and marks the page when it has been done.
COMMAND = """async (name) => {
  delete document.body.dataset.done;
  await window.jupyterapp.shell.currentWidget.sessionContext.ready;
  window.jupyterapp.commands.execute(name).then((done) => (document.body.dataset.done = done));
}"""


def command(page: Page, name: str) -> None:
    """Give JupyterLab a command, and wait until it has been done without an error in a cell."""
    page.evaluate(f"(name) => void ({COMMAND})(name)", name)
    # A kernel starts within seconds, on a machine that does much else within a minute or two.
    page.wait_for_selector("body[data-done]", state="attached", timeout=120_000)
    assert page.locator("body").get_attribute("data-done") == "true"


def run_all(page: Page, lab: str, notebook: str) -> None:
    """Open a notebook and run its cells."""
    page.goto(f"{lab}/lab/tree/{notebook}?reset")
    page.wait_for_selector(".jp-Notebook .jp-CodeCell")
    command(page, "notebook:run-all-cells")


def run_cell(page: Page, at: int) -> None:
    """Run one cell again."""
    page.locator(".jp-CodeCell").nth(at).locator(".cm-content").click()
    command(page, "notebook:run-cell")


@pytest.fixture
def quiet(browser: Browser, lab: str) -> Iterator[Page]:
    """A page of JupyterLab, in which nothing of ours throws and nothing goes elsewhere."""
    context = browser.new_context(viewport={"width": 1400, "height": 1000})
    page = context.new_page()
    heard = watch(page, lab, lab.replace("http", "ws"))
    yield page
    talk = ("console debug", "console log", "console info", "console warning")
    assert [one for one in heard if not one.startswith(talk)] == []
    context.close()


def test_a_widget_follows_is_observed_and_obeys(quiet: Page, lab: str) -> None:
    here: dict[str, Any] = {}
    exec("\n".join((EXPLORE.rpartition("\none\n")[0], REDEFINE.rpartition("\nother\n")[0])), here)
    run_all(quiet, lab, "figure.ipynb")
    usual, redefined = quiet.locator("figure#usual"), quiet.locator("figure#redefined")
    for figure, one, state in ((usual, here["one"], 2.0), (redefined, here["other"], 8.0)):
        figure.scroll_into_view_if_needed()
        expect(figure).to_have_attribute("data-ready", "")
        assert figure.locator(".live svg").count() == 1
        expect(figure.locator("[data-answer]")).to_have_text(one.say({"concurrency": state}))
    slider = usual.locator("input[type=range]")
    slider.press("ArrowRight")
    slider.press("ArrowRight")
    expect(usual.locator("[data-answer]")).to_have_text(here["one"].say({"concurrency": 8.0}))
    expect(redefined.locator("[data-answer]")).to_have_text(here["other"].say())
    run_cell(quiet, 2)
    expect(quiet.locator(".jp-OutputArea-output", has_text="seen [2.0, 4, 8] 8")).to_be_visible()
    run_cell(quiet, 3)
    expect(usual.locator("[data-answer]")).to_have_text(here["one"].say({"concurrency": 2.0}))


def opened(figure: Locator, *names: str) -> Locator:
    """The card of a figure, followed along numbers, one after the other."""
    card = figure.locator("dialog")
    figure.locator(f"[data-answer] button[data-explain={names[0]}]").click()
    for name in names[1:]:
        card.locator(f"button[data-explain={name}]").click()
    return card


def test_all_of_a_figure_works_in_a_widget(quiet: Page, lab: str) -> None:
    here: dict[str, Any] = {}
    exec("\n".join((EXPLORE.rpartition("\none\n")[0], REDEFINE.rpartition("\nother\n")[0])), here)
    run_all(quiet, lab, "figure.ipynb")
    usual, redefined = quiet.locator("figure#usual"), quiet.locator("figure#redefined")
    for figure, one in ((usual, here["one"]), (redefined, here["other"])):
        figure.scroll_into_view_if_needed()
        expect(figure).to_have_attribute("data-ready", "")
        figure.get_by_role("button", name="Compare").click()
        figure.get_by_role("button", name="Crowd").click()
        crowd = one.situations({"concurrency": 64.0})[""].solution
        expect(figure.locator("[data-answer]")).to_have_text(one.say({"concurrency": 64.0}))
        expect(figure.locator("[data-versus]")).to_contain_text("Step: ")
        figure.get_by_text("Take it away").click()
        box = figure.locator("[data-words=python]")
        expect(box).to_have_value(re.compile("concurrency=64"))
        card = opened(figure, "kv_bytes_per_token", "layers")
        expect(card).to_contain_text("models.csv, row Llama 3.1 8B")
        card.get_by_role("button", name="Close").click()
        card = opened(figure, "kv_bytes_per_token")
        value = show(crowd["kv_bytes_per_token"], "byte/token")
        expect(card.locator(".value")).to_have_text(value)
        shown = f"{card.locator('math').first.text_content()}"
        assert ("1000" in shown.replace(",", "")) is (figure is redefined), shown
        card.get_by_role("button", name="Close").click()
    space: dict[str, Any] = {}
    lines = usual.locator("[data-words=python]").input_value().splitlines()
    exec("\n".join([*lines[:-1], f"found = {lines[-1]}"]), space)
    expect(usual.locator("[data-answer]")).to_contain_text(show(space["found"], "token/second"))
    usually, redefined_ = (here[name].say({"concurrency": 64.0}) for name in ("one", "other"))
    assert usually != redefined_, "the redefined formula moves what the slider gives"


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=str)
def test_the_book_runs_as_it_is(quiet: Page, lab: str, notebook: Path) -> None:
    run_all(quiet, lab, notebook.name)
    for id, one in written(notebook.with_suffix(".html").as_posix()).items():
        figure = quiet.locator(f"figure#{id}")
        figure.scroll_into_view_if_needed()
        expect(figure).to_have_attribute("data-ready", "")
        expect(figure.locator("[data-answer]")).to_have_text(one.say())
        assert figure.locator(".live svg").count() == len(one.charts)
        look_at_once = figure.locator(".guess [data-do='show']:visible")
        if look_at_once.count():
            look_at_once.click()
        before = figure.locator("[data-answer]").inner_text()
        for _ in nudged(figure):
            if figure.locator("[data-answer]").inner_text() != before:
                break
        expect(figure.locator("[data-answer]")).not_to_have_text(before)
