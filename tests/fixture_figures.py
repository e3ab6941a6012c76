"""The explorables of the built site, what Python says of them, and how a page is asked."""

import contextlib
import io
import json
import math
import random
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from conftest import ROOT, SITE
from playwright.sync_api import Locator, Page

import inferlib as il
from inferlib.explorable.controls import Picker, Slider
from inferlib.explorable.describe import describe, listed
from inferlib.explorable.figure import Explorable
from inferlib.show import show

# What a page must never show.
BROKEN = ("NaN", "Infinity", "undefined", "[object")
COMPONENT = "book/explorables.html"
FIGURE = re.compile(r'<figure class="explorable" id="([\w-]+)"')

# All that a figure shows and holds, once its drawing has followed its state.
LOOK = """async (id) => {
  const { figure } = window.inferlib.figures.get(id);
  const element = document.getElementById(id);
  const boxes = [...element.querySelectorAll("[data-readout]")];
  await figure.redraw();
  await figure.redraw();
  return {
    state: figure.state,
    rows: figure.rows(),
    values: figure.values(),
    answer: element.querySelector("[data-answer]").textContent,
    note: element.querySelector("[data-note]").textContent,
    view: figure.view,
    infeasible: element.hasAttribute("data-infeasible"),
    sure: element.querySelector("[data-sure]")?.textContent ?? "",
    residuals: [...element.querySelectorAll("[data-chart]")].map(({ nextElementSibling: one }) =>
      one?.matches("[data-residual]") ? one.textContent : ""),
    readouts: Object.fromEntries(boxes.map((box) => [box.dataset.readout, box.textContent])),
    text: element.innerText,
    drawing: [...element.querySelectorAll(".live svg")].map((svg) => svg.outerHTML),
  };
}"""

# What a reader does who takes a text from the list of a search box.
CHOOSE = """(box, text) => {
  box.focus();
  box.value = text;
  const kind = { bubbles: true, inputType: "insertReplacementText" };
  box.dispatchEvent(new InputEvent("input", kind));
}"""

# The state, the view and the note of a figure after each of some links: the last is followed as a
# reader does, those before it at once, without time for a drawing.
GO_EACH = """async ([id, hashes]) => {
  const { figure } = window.inferlib.figures.get(id);
  const note = document.getElementById(id).querySelector("[data-note]");
  const found = [];
  for (const [i, hash] of hashes.entries()) {
    if (i < hashes.length - 1) {
      history.replaceState(null, "", hash);
      dispatchEvent(new HashChangeEvent("hashchange"));
    } else {
      const before = location.href;
      const heard = new Promise((done) => addEventListener("hashchange", done, { once: true }));
      location.hash = hash;
      if (location.href !== before) await heard;
    }
    found.push([figure.state, figure.view, note.textContent]);
  }
  return found;
}"""

# All that a figure says in each of some states beside a state A; what waits until the reader rests
# is said at once.
SAY_EACH = """([id, pairs]) => {
  const { figure } = window.inferlib.figures.get(id);
  const element = document.getElementById(id);
  const text = (selector) => element.querySelector(selector)?.textContent ?? "";
  const charts = [...element.querySelectorAll("[data-chart]")];
  const usual = window.setTimeout;
  window.setTimeout = (work, wait) => (wait > 500 ? work() : usual(work, wait));
  const found = pairs.map(([state, pinned]) => {
    figure.see({ pinned: pinned ?? undefined });
    figure.set(state);
    return {
      rows: figure.rows(),
      table: figure.table(),
      answer: text("[data-answer]"),
      spoken: text("[data-live]"),
      sure: text("[data-sure]"),
      told: charts.map((chart) => chart.getAttribute("aria-label")),
      residuals: charts.map(({ nextElementSibling: one }) =>
        one?.matches("[data-residual]") ? one.textContent : ""),
    };
  });
  window.setTimeout = usual;
  return found;
}"""


@dataclass(frozen=True)
class Look:
    """What a figure in a page shows and holds."""

    state: Mapping[str, Any]
    rows: list[dict[str, list[dict[str, Any]]]]
    values: Mapping[str, float]
    answer: str
    note: str
    view: Mapping[str, Any]
    infeasible: bool
    sure: str
    residuals: list[str]
    readouts: Mapping[str, str]
    text: str
    drawing: list[str]


def pages() -> list[str]:
    """The pages of the book, as paths within the site."""
    found = [*SITE.glob("book/*.html"), *SITE.glob("chapters/*.html")]
    return sorted(page.relative_to(SITE).as_posix() for page in found)


def figures() -> list[tuple[str, str]]:
    """Page and id of every explorable of the site."""
    return [
        (page, id)
        for page in pages()
        for id in FIGURE.findall((SITE / page).read_text(encoding="utf-8"))
    ]


def samples() -> list[tuple[str, str]]:
    """Those of the component page, which has each kind of chart, and the first of each other."""
    firsts = {page: id for page, id in reversed(figures())}
    return [(page, id) for page, id in figures() if page == COMPONENT or firsts[page] == id]


@cache
def written(page: str) -> Mapping[str, Explorable]:
    """The explorables that the notebook behind a page makes, by id."""
    notebook = (ROOT / page).with_suffix(".ipynb")
    made: list[Explorable] = []
    explore = il.explore

    def note(*arguments: Any, **named: Any) -> Explorable:
        made.append(explore(*arguments, **named))
        return made[-1]

    il.explore = note
    try:
        with contextlib.chdir(notebook.parent), contextlib.redirect_stdout(io.StringIO()):
            exec("\n".join(cells(json.loads(notebook.read_text()))), {"display": lambda *_: None})
    finally:
        del il.explore
    return {one.id: one for one in made}


def cells(notebook: Mapping[str, Any]) -> Iterator[str]:
    """The code of a notebook."""
    return ("".join(c["source"]) for c in notebook["cells"] if c["cell_type"] == "code")


def show_figure(page: Page, address: str, id: str) -> None:
    """Open a page, go to a figure, wait until its charts are live, and pass by its guess."""
    page.goto(address)
    page.locator(f"figure#{id}").scroll_into_view_if_needed()
    page.wait_for_selector(f"figure#{id}[data-ready]")
    pass_guess(page, id)


def pass_guess(page: Page, id: str) -> None:
    """Show what waits for a guess, if anything does."""
    guess = page.locator(f"figure#{id}[data-guessing] .guess [data-do='show']")
    if guess.count():
        guess.click()


def look(page: Page, id: str) -> Look:
    """What a figure shows, once it has come to rest."""
    return Look(**page.evaluate(LOOK, id))


def go_each(
    page: Page, id: str, hashes: list[str]
) -> list[tuple[dict[str, Any], dict[str, Any], str]]:
    """Follow links in the page that is open; a figure's state, view and note after each."""
    return [tuple(found) for found in page.evaluate(GO_EACH, [id, hashes])]


def moved(figure: Locator, control: Slider | Picker, most: int = 12) -> Iterator[None]:
    """Move a control as a reader does, and stop after each move; try so many options at most."""
    box = figure.locator(f"[data-control='{control.name}']")
    if isinstance(control, Picker):
        options = list(control.options.items())
        for i, (option, text) in enumerate(options[:: -(-len(options) // most)]):
            if box.locator("select").count():
                box.locator("select").select_option(option)
            elif i % 2:
                box.locator("input[list]").evaluate(CHOOSE, text)
            else:
                box.locator("input[list]").fill(text)
                box.locator("input[list]").press("Enter")
            yield
        return
    if control.on is not None:
        for _ in range(2):
            box.locator("input[type=checkbox]").press("Space")
            yield
        return
    for key in ("ArrowRight", "Home", "ArrowRight", "End", "ArrowLeft"):
        box.locator("input[type=range]").press(key)
        yield
    between = (control.stops[0] + control.stops[1]) / 2
    box.locator("input[type=number]").fill(f"{round(between) if _whole(control) else between:g}")
    yield


def nudged(figure: Locator) -> Iterator[None]:
    """Move a slider or a switch after the other, and stop after each move: one at least tells."""
    for control in figure.locator("input[type=range], input[role=switch]").all():
        for key in ("End", "Home") if control.get_attribute("type") == "range" else ("Space",):
            control.press(key)
            yield


def assert_follows(page: Page, one: Explorable, state: Mapping[str, float | str]) -> Look:
    """A figure is in a state, and shows what Python says of it: what it shows."""
    shown = look(page, one.id)
    here = one.situations(state)[""].solution
    possible = feasible(one, state)
    band, pinned = shown.view["band"], shown.view.get("pinned")
    assert same(shown.state, state)
    assert shown.answer == one.say(state)
    assert shown.infeasible is not possible
    assert same(shown.values, dict(here)), state
    assert same(shown.rows, one.draw(state, pinned, band)), (state, pinned, band)
    assert shown.sure == (one.sure(state) if band else ""), state
    assert shown.residuals == one.residual(state), state
    assert all(math.isfinite(number) for number in numbers(shown.rows))
    for readout, text in shown.readouts.items():
        usual = show(here[readout], one.quantities[readout].unit)
        assert text == (usual if here.feasible else "–"), readout
    for text in (shown.text, *shown.drawing):
        assert [word for word in BROKEN if word in text] == [], state
    return shown


def assert_says_each(
    page: Page, one: Explorable, pairs: list[tuple[Mapping[str, Any], Mapping[str, Any] | None]]
) -> None:
    """In each of some states, beside a state A or none, a figure is as Python has it."""
    for (state, pinned), shown in zip(pairs, page.evaluate(SAY_EACH, [one.id, pairs]), strict=True):
        drawn = one.draw(state, pinned)
        charts = list(zip(one.charts, drawn, strict=True))
        assert same(shown["rows"], drawn), (state, pinned)
        assert all(math.isfinite(number) for number in numbers(drawn))
        told = [describe(chart, data, one.quantities) for chart, data in charts]
        assert shown["told"] == told, (state, pinned)
        assert not [text for text in told if any(word in text for word in BROKEN)]
        table = [
            list(cells)
            for chart, data in charts
            for name, recipe in chart.recipes.items()
            for cells in listed(recipe, data[name], one.quantities)
        ]
        assert shown["table"] == table
        assert table, "something is drawn"
        assert shown["answer"] == shown["spoken"] == one.say(state), state
        assert shown["sure"] == one.sure(state), state
        assert shown["residuals"] == one.residual(state), state


def same(found: Any, wanted: Any) -> bool:
    """Whether two trees are equal, numbers to nine digits."""
    if isinstance(wanted, Mapping):
        return found.keys() == wanted.keys() and all(same(found[k], wanted[k]) for k in wanted)
    if isinstance(wanted, list):
        return len(found) == len(wanted) and all(map(same, found, wanted))
    if isinstance(wanted, bool | str) or isinstance(found, bool | str):
        return bool(found == wanted)
    return math.isclose(found, wanted, rel_tol=1e-9, abs_tol=1e-300)


def numbers(tree: Any) -> Iterator[float]:
    """All numbers in a tree."""
    if isinstance(tree, Mapping | list):
        for branch in tree.values() if isinstance(tree, Mapping) else tree:
            yield from numbers(branch)
    elif not isinstance(tree, bool | str):
        yield tree


def feasible(one: Explorable, state: Mapping[str, Any]) -> bool:
    """Whether every condition holds in a state, for each of its choices."""
    return all(situation.solution.feasible for situation in one.situations(state).values())


def drawn_at_random(one: Explorable, draw: random.Random) -> dict[str, str]:
    """A text for every control, as a link has it."""
    return {control.name: _text(control, draw) for control in one.controls}


def _whole(control: Slider) -> bool:
    """Whether a slider is of a whole number, such as chips."""
    return il.quantities[control.name].whole


def _text(control: Slider | Picker, draw: random.Random) -> str:
    if isinstance(control, Picker):
        return draw.choice(list(control.options))
    low, high = control.stops[0], control.stops[-1]
    between = low * (high / low) ** draw.random() if low > 0 else draw.uniform(low, high)
    stop = draw.choice(control.stops)
    between = round(between) if _whole(control) else between
    value = draw.choice([between, between, stop]) if control.on is None else stop
    return f"{min(high, max(low, float(f'{value:.9g}'))):.12g}"


def state_of(one: Explorable, texts: Mapping[str, str]) -> dict[str, float | str]:
    """The state that the texts of a link mean; what they leave out is as at the start."""
    scales = {control.name: getattr(control, "scale", None) for control in one.controls}
    given = {n: float(t) * scales[n] if scales[n] else t for n, t in texts.items() if n in scales}
    return {**one.state, **given}


def link(one: Explorable, texts: Mapping[str, str]) -> str:
    """The hash of a link to a state."""
    return f"#x={';'.join([one.id, *(f'{name}:{text}' for name, text in texts.items())])}"


def linked(address: str, id: str) -> dict[str, str]:
    """The texts that an address has for a figure; empty if it has none."""
    segments = address.partition("#x=")[2].split("~")
    found = next((s.split(";")[1:] for s in segments if s.split(";")[0] == id), [])
    return dict(pair.split(":", 1) for pair in found)
