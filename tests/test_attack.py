"""Promises under attack: what is wrong is said in a sentence, and what is text stays text."""

import math
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from conftest import watch
from fixture_made import make_page, open_figure
from playwright.sync_api import BrowserContext, Page

import inferlib as il

CHAT = il.scenario(
    model="llama-3.1-8b", chip="h100-sxm", prompt_tokens=1000, output_tokens=500, concurrency=32
)
CHIPS = ["h100-sxm", "h200-sxm"]
HUGE = CHAT.but(users=1e6, requests_per_user=1e-4, elapsed_time=86400.0)
HOSTILE = "</script><img src=x onerror=window.__pwned=1>&{}\"'\u202eעברית😀"


def figure(*charts: Any, id: str = "attacked", **changed: Any) -> Any:
    """A figure that is right, but for what is changed."""
    whole: dict[str, Any] = {
        "answer": "At a batch of {concurrency}, {chip}: {output_throughput}.",
        "controls": [
            il.slider("concurrency", 1, 256, log=True),
            il.picker("chip", CHIPS),
            il.picker("chip", CHIPS, alias="rival", start="h200-sxm"),
        ],
        "charts": charts,
    }
    return il.explore(id, changed.pop("start", CHAT), **whole | changed)


# What authors may call, with arguments that are right.
RIGHT: Mapping[str, tuple[Callable[..., Any], dict[str, Any]]] = {
    "explore": (figure, {
        "id": "attacked", "start": CHAT, "answer": "{output_throughput}", "controls": ["chip"],
        "charts": [], "readouts": {"tpot": "TPOT"}, "formulas": ["tpot"],
        "choices": {"bound": {"weight_time": "weights", "kv_time": "caches"}},
        "presets": {"A": {"chip": "h100-sxm"}}, "guess": None, "quantities": il.quantities,
        "headline": "tpot",
    }),
    "slider": (lambda **k: figure(controls=[il.slider(**k)]), {
        "name": "concurrency", "low": 1, "high": 64, "log": False, "doubling": False, "steps": 9,
        "label": "Batch",
    }),
    "picker": (lambda **k: figure(controls=["chip", il.picker(**k)]), {
        "kind": "chip", "options": CHIPS, "alias": "second", "start": "h200-sxm", "label": "Other",
    }),
    "guess": (lambda **k: figure(guess=il.guess(**k)), {
        "name": "tpot", "question": "How long?", "why": "Weights are read once.",
    }),
    "curve": (lambda **k: figure(il.curve(**k)), {
        "y": "tpot", "over": "concurrency", "title": "T", "span": (1, 256), "domain": (1e-3, 1),
        "by": "chip", "ticks": [1, 10], "y_ticks": [0.01], "band": True, "measured": None,
    }),
    "roofline": (lambda **k: figure(il.roofline(**k)), {
        "over": "concurrency", "span": (1, 512), "title": "T", "intensity": (0.5, 65536),
        "flops": (5e11, 1e16),
    }),
    "crossing": (lambda **k: figure(il.crossing(**k), start=HUGE, answer="{crossing_time}",
                                    controls=[il.slider("users", 1e5, 1e9, log=True)]), {
        "flat": "training_cost", "rising": "serving_cost", "names": ("Once", "Since"),
        "at": "crossing_time", "over": "elapsed_time", "span": (3600, 3e9), "domain": (1e3, 1e11),
        "ticks": [3600, 86400], "title": "T",
    }),
    "bars": (lambda **k: figure(il.bars(**k)), {
        "names": {"output_throughput": "Speed"}, "against": "rival", "domain": (1 / 8, 8),
        "title": "T",
    }),
    "memory": (lambda **k: figure(il.memory(**k)), {
        "names": {"weight_bytes": "Weights", "cache_bytes": "Caches"}, "limit": "usable_memory",
        "title": "T",
    }),
    "timeline": (lambda **k: figure(il.timeline(**k)), {
        "names": {"prefill_time": "Reading"}, "total": "request_time", "rest": "Writing",
        "title": "T",
    }),
    "waterfall": (lambda **k: figure(il.waterfall(**k)), {
        "total": "output_throughput", "parts": {"output_throughput": "All"}, "title": "T",
        "name": "Whole",
    }),
    "scatter": (lambda **k: figure(il.scatter(**k)), {
        "x": "user_throughput", "y": "tokens_per_dollar", "over": "chip", "title": "T",
        "better": ("up", "up"), "x_domain": (1, 1e4), "y_domain": (1e4, 1e9),
    }),
}  # fmt: skip
# What no argument is made for; each is tried for every argument.
WRONG = (
    None, "", " ", -1, 0, 0.0, True, math.nan, math.inf, -math.inf, "x", "<script>", "{", [], {},
    b"x", ["x"], ["chip", "chip"], {"x": "y"}, {1: 2}, {"tpot": ""}, {"tpot": None}, (5, 1), (0, 1),
    (-1, 5), (math.nan, 5), (1, math.inf), (2, 2), (1,), ("a", "b"), object(),
)  # fmt: skip


@pytest.mark.parametrize("name", RIGHT)
def test_every_argument_is_taken_or_refused_in_a_sentence(name: str) -> None:
    make, right = RIGHT[name]
    make(**right)
    for argument in right:
        for wrong in WRONG:
            try:
                make(**right | {argument: wrong})
            except (LookupError, ValueError, TypeError) as error:
                said = str(error.args[0])
                assert "\n" not in said, said
                assert "; " in said or ", did you mean" in said, (argument, wrong, said)


SAID: Mapping[str, tuple[Callable[[], Any], str]] = {
    "no steps": (lambda: il.slider("concurrency", 1, 9, steps=0), "steps"),
    "steps back": (lambda: il.slider("concurrency", 1, 9, steps=-3), "steps"),
    "one stop": (lambda: il.slider("chips", 3, 5, doubling=True), "3"),
    "no title": (lambda: figure(il.roofline(over="concurrency", span=(1, 9), title=" ")), "title"),
    "tick at zero": (
        lambda: figure(il.curve("tpot", over="concurrency", title="T", ticks=[0, 1])), "above zero",
    ),
    "guess of an input": (lambda: figure(guess=il.guess("concurrency", "?", why="!")), "input"),
    "named alike": (
        lambda: il.memory({"weight_bytes": "A", "cache_bytes": "A"}, limit="usable_memory",
                          title="T"),
        "'A'",
    ),
    "bars named alike": (
        lambda: il.bars({"tpot": "A", "ttft": "A"}, against="rival", title="T"), "'A'",
    ),
    "lines named alike": (
        lambda: il.curve({"ttft": "A", "request_time": "A"}, over="concurrency", title="T"), "'A'",
    ),
    "free beside free": (
        lambda: il.memory({"weight_bytes": "Free"}, limit="usable_memory", title="T"), "'Free'",
    ),
    "option twice": (lambda: il.picker("chip", ["h100-sxm", "h100-sxm"]), "h100-sxm"),
    "one text for a list": (lambda: il.picker("chip", "h100-sxm"), "a list of text"),
    "alias of a quantity": (
        lambda: figure(controls=["chip", il.picker("chip", CHIPS, alias="tpot", start=CHIPS[0])]),
        "tpot",
    ),
    "alias of a kind": (
        lambda: figure(controls=["chip", il.picker("chip", CHIPS, alias="model", start=CHIPS[0])]),
        "model",
    ),
    "start without alias": (lambda: il.picker("chip", CHIPS, start="h200-sxm"), "alias"),
    "choice in no kind": (lambda: figure(choices={"bound": 3}), "choices"),
    "deep choice of a number": (
        lambda: figure(choices={"bound": {"weight_time": 3, "kv_time": "c"}}), "has 3",
    ),
    "empty choice": (lambda: figure(answer="{bound} {tpot}", choices={"bound": {}}), "bound"),
    "format": (lambda: figure(answer="{tpot:>10}"), ">10"),
    "empty field": (lambda: figure(answer="{} {tpot}"), "{}"),
    "attribute": (lambda: figure(answer="{tpot.real}"), "tpot.real"),
}  # fmt: skip


@pytest.mark.parametrize("case", SAID)
def test_what_cannot_be_drawn_is_said(case: str) -> None:
    make, said = SAID[case]
    with pytest.raises((LookupError, ValueError, TypeError)) as caught:
        make()
    assert said in str(caught.value.args[0])
    assert "; " in str(caught.value.args[0])


def hostile() -> Any:
    """A figure whose every text is hostile."""
    said = HOSTILE.replace("{", "{{").replace("}", "}}")
    return figure(
        il.curve("tpot", over="concurrency", title=HOSTILE),
        il.memory(
            {"weight_bytes": HOSTILE[:20], "cache_bytes": "<b>&</b>"}, limit="usable_memory",
            title=HOSTILE,
        ),
        il.bars({"output_throughput": HOSTILE}, against="rival", title=HOSTILE),
        answer=said + "{concurrency} {output_throughput} {bound}",
        controls=[
            il.slider("concurrency", 1, 256, log=True, label=HOSTILE),
            il.slider("chips", 1, 8),
            il.picker("chip", CHIPS, label=HOSTILE),
            il.picker("chip", CHIPS, alias="rival", start="h200-sxm", label=HOSTILE),
        ],
        readouts={"tpot": HOSTILE},
        formulas=["tpot"],
        choices={"bound": {"weight_time": HOSTILE, "kv_time": HOSTILE}},
        presets={"<img src=x onerror=window.__pwned=1>": {}, "__proto__": {"chips": 2.0}},
        guess=il.guess("tpot", HOSTILE, why=HOSTILE),
    )  # fmt: skip


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of a page with a hostile figure."""
    return make_page(tmp_path_factory.mktemp("attack"), [hostile()])


@pytest.fixture
def opened(context: BrowserContext, made: str) -> Iterator[Page]:
    """The page, live, which must stay silent."""
    page = context.new_page()
    heard = watch(page, "file:")
    open_figure(page, made, "attacked")
    yield page
    assert heard == []
    assert page.evaluate("window.__pwned ?? 0") == 0


def test_text_stays_text(opened: Page) -> None:
    whole = opened.locator("figure#attacked")
    assert whole.locator("label").first.text_content() == HOSTILE
    whole.locator("[data-do='show']").click()
    assert whole.locator("[data-guessed]").text_content().endswith(HOSTILE)
    for preset in whole.locator("[data-preset]").all():
        preset.click()
        assert preset.get_attribute("aria-pressed") == "true"
    opened.evaluate("document.querySelectorAll('details').forEach((fold) => fold.open = true)")
    whole.locator("[data-do='compare']").click()
    assert HOSTILE in f"{whole.locator('[data-answer]').text_content()}"
    assert whole.locator(":is(img, iframe)").count() == 0


def held(page: Page) -> Any:
    """How many chips the figure has, and what it notes."""
    return page.evaluate("""[inferlib.figures.get("attacked").figure.state.chips,
        document.querySelector("[data-note]").textContent]""")


def test_what_is_counted_stays_whole(opened: Page) -> None:
    opened.locator("[data-do='show']").click()
    box = opened.locator("[data-control='chips'] input[type=number]")
    for text, chips in (("3.6", 4), ("1.2", 1), ("7.5", 8)):
        box.fill(text)
        assert held(opened)[0] % 1 == 0, "while it is written"
        box.press("Tab")
        assert held(opened) == [chips, "Chips is counted whole."]
        assert box.input_value() == str(chips)
    for text, chips, said in (("2.5", 3, "whole"), ("8.2", 8, "whole"), ("1e300", 8, "runs from")):
        opened.evaluate("(hash) => location.hash = hash", f"#x=attacked;chips:{text}")
        opened.wait_for_function("(n) => inferlib.figures.get('attacked').figure.state.chips === n",
                                 arg=chips)  # fmt: skip
        assert said in held(opened)[1]


@pytest.mark.parametrize("lost", ["vega.js", "facts.js"])
def test_a_file_that_does_not_load_takes_nothing_else_along(
    context: BrowserContext, tmp_path: Path, lost: str
) -> None:
    address = make_page(tmp_path, [figure(il.roofline(over="concurrency", span=(1, 9), title="T"))])
    (tmp_path / "_static" / lost).unlink()
    page = context.new_page()
    thrown: list[str] = []
    page.on("pageerror", lambda error: thrown.append(str(error)))
    page.goto(address)
    if lost == "vega.js":
        page.wait_for_selector("[data-note]:not(:empty)", state="attached")
        assert "vega.js did not load" in f"{page.locator('[data-note]').text_content()}"
        assert page.locator(".still").first.is_visible()
    page.locator("input[type=range]").first.press("End")
    answer = page.locator("[data-answer]")
    assert "batch of 256" in f"{answer.text_content()}"
    answer.locator("button").last.click()
    page.locator("dialog .value").wait_for()
    assert ("did not load" in page.locator("dialog").inner_text()) is (lost == "facts.js")
    assert thrown == []
