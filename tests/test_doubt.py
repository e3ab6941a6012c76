"""How sure, what matters most, solve for: the page has the numbers of Python, and its sentences."""

import math
import random
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from conftest import watch
from fixture_figures import drawn_at_random, feasible, same, state_of
from fixture_made import make_page
from playwright.sync_api import Browser, Locator, Page, expect

import inferlib as il
from inferlib.explorable import recipes
from inferlib.explorable.axes import spaced
from inferlib.explorable.bands import band_rows
from inferlib.explorable.controls import Slider
from inferlib.explorable.figure import Explorable
from inferlib.scenarios import Scenario
from inferlib.show import show

CHAT = {"prompt_tokens": 1000, "output_tokens": 500, "concurrency": 32}
PROBE = ("bandRows", "band", "inDoubt", "inputsOf", "tornado")

# What the page says of a state: rows of a band, the range of the headline, the tornado.
ASK = """async ([id, state, recipe]) => {
  const { bandRows, band, inDoubt, inputsOf, tornado } = window.probe;
  const { figure, config } = window.inferlib.figures.get(id);
  const { engine } = figure;
  await figure.set(state);
  const inputs = inputsOf(config, state);
  const ranges = inDoubt(engine, config, state, inputs, config.headline);
  const element = document.getElementById(id);
  return {
    rows: bandRows(engine, recipe, config, state, inputs),
    band: band(engine, config, state, inputs, config.headline),
    tornado: tornado(engine, inputs, ranges, config.headline),
    sure: element.querySelector("[data-sure]")?.textContent,
    infeasible: element.hasAttribute("data-infeasible"),
    text: element.innerText,
  };
}"""


def cost() -> Explorable:
    """Choices of rows, a price that is held, and a length that asks too much."""
    chart = il.curve(
        "cost_per_output_token",
        over="concurrency",
        span=(1, 512),
        domain=(1e-8, 1e-3),
        title="Cost",
    )
    return il.explore(
        "cost",
        il.scenario(model="llama-3.1-8b", chip="h100-sxm", utilization=0.5, **CHAT),
        answer="At {concurrency} on {chip}: {cost_per_output_token}.",
        controls=[
            il.slider("concurrency", 1, 512, log=True),
            il.slider("prompt_tokens", 10, 100_000, log=True),
            il.slider("layer_time", 5, 100),
            il.picker("chip", ["h100-sxm", "b200-sxm", "l40s"]),
            il.picker("weights", ["bf16", "fp8"]),
        ],
        charts=[chart],
        readouts={"user_throughput": "One reader sees", "max_concurrency": "Fits"},
    )


def tight() -> Explorable:
    """What fits at some values of an uncertain input only; chips are counted."""
    chart = il.curve("tpot", over="concurrency", span=(1, 64), domain=(1e-3, 1), title="Time")
    return il.explore(
        "tight",
        il.scenario(model="llama-3.1-405b", weights="fp8", chip="h100-sxm", chips=6, **CHAT),
        answer="{chips} write {output_throughput}.",
        controls=[
            il.slider("chips", 1, 64),
            il.slider("concurrency", 1, 64),
            il.picker("model", ["llama-3.1-405b", "llama-3.1-70b"]),
        ],
        charts=[chart],
        headline="tpot",
        readouts={"output_throughput": "All", "weight_bytes": "Weights"},
    )


def certain() -> Explorable:
    """A headline of which nothing is in doubt."""
    chart = il.curve("tpot", over="concurrency", span=(1, 64), domain=(1e-3, 1), title="Time")
    return il.explore(
        "certain",
        il.scenario(model="llama-3.1-8b", chip="l40s", **CHAT),
        answer="{weight_bytes} of weights.",
        controls=[il.slider("concurrency", 1, 64)],
        charts=[chart],
        readouts={"tpot": "Time"},
    )


FIGURES = {one.id: one for one in (cost(), tight(), certain())}
RECIPES = {
    id: next(recipe for recipe in one.charts[0].recipes.values() if recipe["kind"] == "band")
    for id, one in FIGURES.items()
}


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A page with the figures, whose script shows its insides."""
    return make_page(tmp_path_factory.mktemp("doubt"), FIGURES.values(), probe=PROBE)


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """The page of the figures, which must stay silent."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    heard = watch(page, "file:")
    page.goto(address)
    yield page
    page.close()
    assert heard == []


def states(one: Explorable, count: int, seed: int = 1) -> list[dict[str, float | str]]:
    """States at random; what is counted stands at a stop."""
    draw = random.Random(seed)
    found = []
    for _ in range(count):
        texts = drawn_at_random(one, draw)
        for control in one.controls:
            if isinstance(control, Slider) and one.quantities[control.name].whole:
                texts[control.name] = f"{draw.choice(control.stops):g}"
        found.append(state_of(one, texts))
    return found


def at(scenario: Scenario, **changes: float) -> Scenario:
    """A scenario with inputs changed, fractions of what is counted too."""
    return Scenario(scenario.kinds, {**scenario.given, **changes})


@pytest.mark.parametrize("id", ["cost", "tight"])
def test_band_range_and_tornado_are_those_of_python(page: Page, id: str) -> None:
    one, seen = FIGURES[id], set()
    for state in states(one, 25):
        found = page.evaluate(ASK, [id, state, RECIPES[id]])
        scenario = one.scenario(state)
        assert same(found["rows"], band_rows(RECIPES[id], scenario, one.quantities)), state
        band = il.uncertainty(one.headline, scenario)
        assert found["band"]["feasible"] == band.feasible
        assert found["band"]["held"] == sorted(band.held)
        assert found["band"]["drawn"] == sorted(weight.input for weight in band.importance)
        for end in ("low", "high"):
            assert same(found["band"].get(end, -1.0), _or(getattr(band, end))), (state, end)
        _same_tornado(found["tornado"]["bars"], il.sensitivity(one.headline, scenario).rows())
        assert found["sure"] == one.sure(state)
        assert found["infeasible"] is not feasible(one, state)
        assert not any(word in found["text"] for word in ("NaN", "undefined", "Infinity"))
        seen |= {(found["infeasible"], 0 < band.feasible < 1, bool(found["sure"]))}
    assert {(True, False, False), (False, False, True)} <= seen


def _same_tornado(found: list[dict[str, Any]], wanted: list[tuple[Any, ...]]) -> None:
    assert {one["name"] for one in found} == {row[0] for row in wanted}
    rows = {row[0]: row for row in wanted}
    for one in found:
        _, low, high, at_low, at_high, swing, why, reason = rows[one["name"]]
        ours = [one["low"], one["high"], one.get("atLow"), one.get("atHigh")]
        assert same([*map(_or, ours)], [*map(_or, [low, high, at_low, at_high])]), one
        # A swing is a difference of two answers, and has their rounding.
        room = 1e-9 * max(map(abs, one["reached"]), default=1)
        assert math.isclose(one["swing"], _or(swing), rel_tol=1e-9, abs_tol=room), one
        assert bool(one["why"]) is bool(why)
        assert one["from"] == reason
    swings = [one["swing"] for one in found]
    assert swings == sorted(swings, reverse=True)


def _or(value: float | None) -> float:
    return -1.0 if value is None else value


def test_some_state_is_feasible_in_a_share_of_the_draws(page: Page) -> None:
    one = FIGURES["tight"]
    state = next(
        s
        for chips in range(5, 9)
        for users in (1.0, 8.0, 16.0, 32.0, 48.0, 64.0)
        if feasible(one, s := {**one.state, "chips": float(chips), "concurrency": users})
        and il.uncertainty("tpot", one.scenario(s)).feasible < 1
    )
    found = page.evaluate(ASK, ["tight", state, RECIPES["tight"]])
    assert " Not feasible in " in found["sure"] == one.sure(state)
    assert len(found["rows"]) < len(RECIPES["tight"]["at"])


@pytest.mark.parametrize("id", ["cost", "tight"])
def test_a_band_is_uncertainty_at_each_place(id: str) -> None:
    one = FIGURES[id]
    for state in states(one, 4, seed=2):
        rows = {row["x"]: row for row in band_rows(RECIPES[id], one.scenario(state), il.quantities)}
        for x in RECIPES[id]["at"]:
            found = il.uncertainty(RECIPES[id]["y"], at(one.scenario(state), concurrency=x))
            assert (x in rows) == (found.feasible > 1 / 64)
            if x in rows:
                assert same(rows[x], {"x": x, "low": found.low, "high": found.high})


def test_without_doubt_there_is_no_band() -> None:
    flat = recipes.band("weight_bytes", over="concurrency", at=spaced(1, 64, 12))
    assert band_rows(flat, FIGURES["certain"].scenario({}), il.quantities) == []


def test_the_static_figure_says_the_same(address: str, browser: Browser) -> None:
    still = browser.new_page(java_script_enabled=False)
    still.goto(address)
    for one in FIGURES.values():
        said = still.locator(f"#{one.id} [data-sure]")
        assert (said.inner_text() if said.count() else "") == one.sure()
        assert not still.locator(f"#{one.id} .seek").is_visible()
    assert (
        FIGURES["cost"].sure().startswith("Eight chances in ten: cost of an output token between $")
    )
    still.close()


def test_the_range_can_be_switched_off(page: Page) -> None:
    figure, one = page.locator("#cost"), FIGURES["cost"]
    line, box = figure.locator("[data-sure]"), figure.get_by_label("Show the range")
    top = figure.locator(".chart").bounding_box()
    assert line.inner_text() == one.sure()
    box.uncheck()
    assert line.inner_text() == ""
    assert page.evaluate("window.inferlib.figures.get('cost').figure.view.band") is False
    assert figure.locator(".chart").bounding_box() == top
    figure.get_by_role("button", name="Reset").click()
    assert box.is_checked()
    assert line.inner_text() == one.sure()


def test_what_matters_most_says_what_python_says(page: Page) -> None:
    figure, one = page.locator("#cost"), FIGURES["cost"]
    figure.get_by_text("What matters most").click()
    rows = il.sensitivity(one.headline, one.scenario({})).to_dicts()
    lead = figure.locator(".lead").inner_text()
    assert lead.startswith("Most of the doubt is in the price of a chip: from $")
    first = figure.locator("[data-bar]").first
    for name, unit in (("low", "dollar/second/chip"), ("at_high", "dollar/token")):
        assert show(rows[0][name], unit) in first.inner_text()
    assert "Held at this end" in first.inner_text()
    moving = [row["input"] for row in rows if row["swing"] > 0]
    drawn = figure.locator("table").first.locator("[data-bar]").all()
    assert [bar.get_attribute("data-bar") for bar in drawn] == moving
    set_ = figure.locator("table").nth(1).locator("[data-bar]").all()
    assert {bar.get_attribute("data-bar") for bar in set_} == {
        "concurrency",
        "prompt_tokens",
        "layer_time",
    }
    for bar in set_:
        control = next(one for one in one.controls if one.name == bar.get_attribute("data-bar"))
        for stop in (control.stops[0], control.stops[-1]):
            changed = one.scenario({control.name: stop * control.scale})
            found = il.solve(one.headline, **changed)
            told = show(found[one.headline], "dollar/token") if found.feasible else "not feasible"
            assert control.text(stop * control.scale) in bar.inner_text()
            assert told in bar.inner_text()
    assert "not feasible" in figure.locator("[data-bar=prompt_tokens]").inner_text()
    assert "do not fit" in figure.locator("[data-bar=prompt_tokens]").inner_text()


def test_marks_stand_where_the_answers_are(page: Page) -> None:
    figure, one = page.locator("#cost"), FIGURES["cost"]
    figure.get_by_text("What matters most").click()
    frame = il.sensitivity(one.headline, one.scenario({}))
    moving = [row for row in frame.to_dicts() if row["swing"] > 0]
    now = il.solve(one.headline, **one.scenario({}))[one.headline]
    every = [now, *(row[end] for row in moving for end in ("at_low", "at_high"))]
    least, most = min(every), max(every)
    assert most < 10 * least, "so the scale is linear"
    for row in moving:
        marks = figure.locator(f"[data-bar={row['input']}] .bar")
        for mark, value in (("low", row["at_low"]), ("now", now), ("high", row["at_high"])):
            left = marks.locator(f".{mark}").evaluate("(mark) => parseFloat(mark.style.left)")
            assert left == pytest.approx(100 * (value - least) / (most - least), abs=0.01)
    idle = [row["input"] for row in frame.to_dicts() if row["swing"] == 0]
    told = figure.locator(".idle").first.inner_text()
    assert idle
    assert told.startswith("No effect here: ")
    assert told.count(",") == len(idle) - 1


def test_where_nothing_is_in_doubt_it_is_said(page: Page) -> None:
    figure = page.locator("#certain")
    figure.get_by_text("What matters most").click()
    said = "No input behind this answer has a range here, but for the sliders."
    expect(figure.locator(".lead")).to_have_text(said)
    assert figure.locator("table:visible").count() == 0
    assert figure.locator("[data-sure]").count() == 0


# Solve for


class Question:
    """The fold of a figure, and the path that it asks about."""

    def __init__(self, page: Page, id: str, move: str, want: str) -> None:
        """Open the fold and choose."""
        self.page, self.one, self.move, self.want = page, FIGURES[id], move, want
        self.fold: Locator = page.locator(f"#{id} .seek")
        self.fold.evaluate("(fold) => { fold.open = true; }")
        self.fold.locator(".unit").wait_for(state="attached")  # a fold is filled once it opens
        self.fold.locator("select").first.select_option(move)
        self.fold.locator("select").nth(1).select_option(want)

    @property
    def answer(self) -> str:
        return self.fold.locator("[data-found]").inner_text()

    def ask(self, target: float, unit: float) -> str:
        self.fold.get_by_label("Target").fill(f"{target / unit:.15g}")
        return self.answer

    def value(self, x: float) -> float | None:
        found = il.solve(self.want, **at(self.one.scenario({}), **{self.move: x}))
        return float(found[self.want]) if found.feasible else None

    def along(self, count: int) -> dict[float, float]:
        """The feasible values over the slider's range."""
        control = next(c for c in self.one.controls if c.name == self.move)
        assert isinstance(control, Slider)
        low, high = (control.stops[i] * control.scale for i in (0, -1))
        xs = spaced(low, high, count)
        if il.quantities[self.move].whole:
            xs = [float(x) for x in range(int(low), int(high) + 1)]
        if self.move == "concurrency":  # and the edge of what fits
            most = il.solve("max_concurrency", **self.one.scenario({}))["max_concurrency"]
            xs.append(most * (1 - 1e-12))
        return {x: y for x in xs if (y := self.value(x)) is not None}

    def set(self) -> float:
        self.fold.get_by_role("button", name="Set it").click()
        state: Mapping[str, float] = self.page.evaluate(
            "(id) => window.inferlib.figures.get(id).figure.state", self.one.id
        )
        return float(state[self.move])


@pytest.mark.parametrize(
    ("move", "want", "unit"),
    [
        ("concurrency", "cost_per_output_token", 1e-6),
        ("layer_time", "cost_per_output_token", 1e-6),
        ("prompt_tokens", "user_throughput", 1.0),
    ],
)
def test_what_is_found_gives_the_target(page: Page, move: str, want: str, unit: float) -> None:
    values = sorted(Question(page, "cost", move, want).along(50).values())
    draw = random.Random(3)
    for _ in range(6):
        asked = Question(page, "cost", move, want)
        target = draw.uniform(values[0], values[-1])
        said = asked.ask(target, unit)
        found = asked.value(asked.set())
        assert found == pytest.approx(target, rel=1e-6), said
        assert ": " in said
        page.locator("#cost [data-do=reset]").click()


@pytest.mark.parametrize(
    ("id", "move", "want", "unit"),
    [
        ("cost", "concurrency", "cost_per_output_token", 1e-6),
        ("cost", "prompt_tokens", "user_throughput", 1.0),
        ("tight", "chips", "tpot", 1e-3),
    ],
)
def test_what_cannot_be_reached_has_its_true_end(
    page: Page, id: str, move: str, want: str, unit: float
) -> None:
    asked = Question(page, id, move, want)
    values = asked.along(400).values()
    for target, end, word in (
        (min(values) / 3, min(values), "least"),
        (max(values) * 3, max(values), "most"),
    ):
        said = asked.ask(target, unit)
        text = show(end, il.quantities[want].unit)
        assert said.startswith(f"Not reachable in this range: the {word} is "), said
        assert text in said, (text, said)
        assert asked.fold.get_by_role("button").is_disabled()


def test_of_what_is_counted_neighbours_straddle_the_target(page: Page) -> None:
    values = Question(page, "tight", "chips", "tpot").along(0)
    start = values[6.0] if 6.0 in values else max(values.values())
    for target in (0.7 * start, 0.5 * start):
        asked = Question(page, "tight", "chips", "tpot")
        said = asked.ask(target, 1e-3)
        chips = asked.set()
        assert chips.is_integer()
        assert values[chips] <= target < values[chips - 1], said
        assert " or more, which gives " in said
        page.locator("#tight [data-do=reset]").click()


@pytest.mark.parametrize("start", [1, 16])
def test_of_two_answers_the_nearer_is_given(browser: Browser, tmp_path: Path, start: int) -> None:
    want, target, best = "cost_per_speculated_token", 0.18e-6, 4
    drafts = il.scenario(
        model="llama-3.1-8b",
        chip="h100-sxm",
        draft_tokens=start,
        acceptance=0.7,
        draft_cost=0.1,
        **CHAT,
    )
    costs = [il.solve(want, **drafts.but(draft_tokens=n))[want] for n in (1, best, 16)]
    assert costs[1] < target < min(costs[0], costs[2]), "it falls, and rises again"
    one = il.explore(
        "two",
        drafts,
        answer=f"{{{want}}}",
        controls=[il.slider("draft_tokens", 0, 16)],
        charts=[il.curve("tpot", over="concurrency", span=(1, 64), title="Time")],
    )
    page = browser.new_page()
    page.goto(make_page(tmp_path, [one]))
    fold = page.locator("#two .seek")
    fold.locator("summary").click()
    fold.get_by_label("Target").fill(f"{target / 1e-6:g}")
    expect(fold.locator("[data-found]")).to_contain_text("There is another further away.")
    fold.get_by_role("button", name="Set it").click()
    found = page.evaluate("window.inferlib.figures.get('two').figure.state.draft_tokens")
    assert il.solve(want, **drafts.but(draft_tokens=found))[want] == pytest.approx(target)
    assert (found < best) is (start < best)
    page.close()


@pytest.mark.parametrize("junk", ["", "-", "e", "1e999", "--1", "1e", "."])
def test_junk_in_the_box_is_said(page: Page, junk: str) -> None:
    asked = Question(page, "cost", "concurrency", "cost_per_output_token")
    box = asked.fold.get_by_label("Target")
    box.fill("")
    box.press_sequentially(junk)
    assert asked.answer == "Give a number."
    assert asked.fold.get_by_role("button").is_disabled()


@pytest.mark.parametrize("target", ["0", "-5", "1e300", "1e-300"])
def test_odd_numbers_are_not_reachable(page: Page, target: str) -> None:
    asked = Question(page, "cost", "concurrency", "cost_per_output_token")
    asked.fold.get_by_label("Target").fill(target)
    assert asked.answer.startswith("Not reachable in this range: the ")


def test_what_does_not_move_is_said(page: Page) -> None:
    asked = Question(page, "tight", "concurrency", "weight_bytes")
    asked.fold.get_by_label("Target").fill("7")
    assert asked.answer.startswith("It stays at 410")


# What an author may say


def test_the_headline_is_what_the_answer_says_first() -> None:
    assert [one.headline for one in FIGURES.values()] == [
        "cost_per_output_token",
        "tpot",
        "weight_bytes",
    ]
    assert "headline" in cost().config()


@pytest.mark.parametrize(
    ("name", "error", "message"),
    [
        ("tpott", LookupError, "no quantity is called 'tpott'; did you mean 'tpot'"),
        ("concurrency", ValueError, "the headline 'concurrency' is an input; give a quantity"),
    ],
)
def test_a_headline_that_makes_no_sense_is_refused(
    name: str, error: type[Exception], message: str
) -> None:
    start = il.scenario(model="llama-3.1-8b", chip="l40s", **CHAT)
    with pytest.raises(error, match=message):
        il.explore("x", start, answer="{tpot}", controls=[], charts=[], headline=name)


def test_the_ranges_follow_the_choices_and_are_small() -> None:
    one = FIGURES["cost"]
    tables = one.config()["ranges"]
    by_name = {name: table for table in tables for name in table["inputs"]}
    assert by_name["chip_price"]["kinds"] == ["chip"]
    assert by_name["memory_efficiency"]["kinds"] == []
    assert not {"layer_time", "concurrency"} & {*by_name}
    prices = il.ranges(one.scenario({"chip": "b200-sxm"}))["chip_price"]
    column = by_name["chip_price"]["inputs"].index("chip_price")
    assert by_name["chip_price"]["rows"]["b200-sxm"][column] == prices
    assert len(str(tables)) < 3000
