"""Every kind of chart draws and says in the page what Python draws and says, beside a state A."""

import json
import random
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from conftest import watch
from fixture_figures import BROKEN, assert_says_each, drawn_at_random, state_of
from fixture_gallery import gallery
from fixture_made import make_page
from playwright.sync_api import Browser, Page

import inferlib as il
from inferlib.explorable.controls import Slider
from inferlib.explorable.figure import Explorable

CHAT = {
    "model": "llama-3.1-8b",
    "chip": "h100-sxm",
    "concurrency": 8,
    "prompt_tokens": 1000,
    "output_tokens": 500,
}
DRAWN = """async (id) => {
  const { figure } = window.inferlib.figures.get(id);
  await figure.redraw();
  await figure.redraw();
  return document.querySelector(`#${id} .live svg`).outerHTML;
}"""


@pytest.fixture(scope="module")
def live(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Page:
    """The page of all kinds of chart, each of them live."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(make_page(tmp_path_factory.mktemp("gallery"), gallery().values()))
    for id in gallery():
        page.locator(f"figure#{id}").scroll_into_view_if_needed()
        page.wait_for_selector(f"figure#{id}[data-ready]")
    return page


def states(one: Explorable) -> list[dict[str, Any]]:
    """The start, all lows, all highs, and some at random."""
    draw = random.Random(one.id)
    ends = [
        {c.name: c.stops[at] * c.scale for c in one.controls if hasattr(c, "stops")}
        for at in (0, -1)
    ]
    drawn = [state_of(one, drawn_at_random(one, draw)) for _ in range(8)]
    return [dict(one.state), *({**one.state, **end} for end in ends), *drawn]


@pytest.mark.parametrize("id", list(gallery()))
def test_page_draws_lists_and_says_what_python_does(live: Page, id: str) -> None:
    one = gallery()[id]
    heard = watch(live, "file:")
    every = states(one)
    assert_says_each(live, one, list(zip(every, [None, *every[:-1]], strict=True)))
    assert not [word for word in BROKEN if word in live.evaluate(DRAWN, id)]
    for state, pinned in pairwise(every):
        [chart], [data] = one.charts, one.draw(state, pinned)
        assert any(data[name] for name, recipe in chart.recipes.items() if recipe.get("pinned"))
    assert heard == []


def test_a_switch_that_is_on_sets_what_its_author_says(live: Page) -> None:
    box = live.locator("#path [data-control=utilization] input")
    state = "window.inferlib.figures.get('path').figure.state.utilization"
    live.locator("#path [data-do=reset]").click()
    for on, value in ((True, 0.5), (False, 1)):
        box.set_checked(on)
        assert live.evaluate(state) == value
        assert box.is_checked() is on


def axes(chart: Any) -> list[Any]:
    """Title and ticks of the axes of a chart, across and up."""
    layers = chart.spec({}, 600)["layer"]
    found = [next(x["encoding"][way] for x in layers if way in x["encoding"]) for way in "xy"]
    return [(one["axis"]["title"], one["axis"]["values"]) for one in found]


def test_axes_of_one_unit_are_told_apart_and_hours_have_round_ticks() -> None:
    owned = il.scenario(
        **CHAT,
        chip_price=3 / 3600,
        utilization=0.5,
        chip_capital=3e4,
        interest_rate=0.1,
        hardware_life=4 * 365 * 86400,
        residual_share=0,
        owned_power=1000,
        power_share=1,
        colocation_price=0,
        maintenance_share=0,
    )
    one = il.explore(
        "axes",
        owned,
        answer="{cost_per_output_token} {owned_price}",
        controls=[il.slider("concurrency", 1, 64, log=True), il.slider("utilization", 10, 100)],
        charts=[
            il.path("cost_per_input_token", "cost_per_output_token", over="concurrency", title="?"),
            il.crossing(
                flat="owned_price",
                rising="rent_by_use",
                names=("Owned", "Rented"),
                at="owning_break_even",
                over="utilization",
                span=(0.1, 1),
                domain=(0.1 / 3600, 10 / 3600),
                ticks=[0.1, 1],
                title="?",
            ),
        ],
    )
    (across, _), (up, _) = axes(one.charts[0])
    assert across == "cost of an input token, $ a million tokens"
    assert up == "cost of an output token, $ a million tokens"
    (share, _), (hourly, ticks) = axes(one.charts[1])
    assert (share, hourly) == ("utilisation", "$ an hour")
    assert [round(3600 * tick, 9) for tick in ticks] == [0.1, 1, 10]


def test_names_stay_apart() -> None:
    [chart] = gallery()["by"].charts
    for state in states(gallery()["by"]):
        [data] = gallery()["by"].draw(state)
        ys = [row["y"] for row in data["ends"]]
        apart = chart.recipes["ends"]["apart"]
        assert all(a / b >= apart * (1 - 1e-9) for a, b in pairwise(ys))


DOTS = pl.DataFrame({"x": [1.0], "y": [2.0], "zero": [0.0], "of": ["one"], "blank": [""]})


def explored(*charts: Any, more: Sequence[Slider] = ()) -> Explorable:
    """A figure of some charts with one slider, and more."""
    controls = [il.slider("concurrency", 1, 64), *more]
    start = il.scenario(**CHAT, utilization=0.5)
    said = "{step_time} {cost_per_output_token}"
    return il.explore("a", start, answer=said, controls=controls, charts=charts)


WRONG: dict[str, Callable[[], Any]] = {
    "no quantity is called 'nothing'": lambda: il.curve("nothing", over="concurrency", title="?"),
    "upside|runs from 64 to 1": lambda: il.curve(
        "tpot", over="concurrency", span=(64, 1), title="?"
    ),
    "does not depend on": lambda: explored(
        il.curve("chip_price", over="concurrency", title="?", domain=(1e-5, 1))
    ),
    "no slider moves": lambda: explored(il.curve("tpot", over="prompt_tokens", title="?")),
    "one unit": lambda: il.memory({"ttft": "First"}, limit="usable_memory", title="?"),
    "at least one quantity": lambda: il.memory({}, limit="usable_memory", title="?"),
    "all its parts": lambda: explored(
        il.waterfall("cost_per_request", parts={"device_electricity_cost": "Power"}, title="?")
    ),
    "add il.picker": lambda: explored(
        il.scatter("tpot", "ttft", over="chip", better=("down", "down"), title="?")
    ),
    "no column 'nothing'": lambda: il.known(DOTS, x="nothing", y="y", label="of", name="Dots"),
    "axes are logarithmic": lambda: il.known(DOTS, x="x", y="zero", label="of", name="Dots"),
    "has no words in 'blank'": lambda: il.known(DOTS, x="x", y="y", label="blank", name="Dots"),
    "at least one row": lambda: il.known(DOTS.clear(), x="x", y="y", label="of", name="Dots"),
    "give two values": lambda: il.switch("utilization", 40, 40, label="?"),
    "switch does not know": lambda: explored(
        il.curve("tpot", over="concurrency", title="?"),
        more=[il.switch("utilization", 40, 60, label="?")],
    ),
    "'up' and 'down'": lambda: il.scatter(
        "tpot",
        "ttft",
        over="chip",
        better=("up", "left"),
        title="?",  # type: ignore[arg-type]
    ),
}


@pytest.mark.parametrize("sentence", list(WRONG))
def test_wrong_authoring_fails_with_a_sentence(sentence: str) -> None:
    with pytest.raises((LookupError, ValueError), match=sentence):
        WRONG[sentence]()


def test_recipes_are_json(tmp_path: Path) -> None:
    for one in gallery().values():
        assert json.loads(json.dumps(one.config()))["charts"][0]["kind"]
