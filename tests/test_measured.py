"""Promises of dots beside a line: near means near, words and rows are the same in the page."""

import math
import random
from collections.abc import Iterator
from typing import Any

import polars as pl
import pytest
from conftest import watch
from fixture_figures import (
    BROKEN,
    drawn_at_random,
    figures,
    link,
    same,
    show_figure,
    state_of,
    written,
)
from fixture_made import make_page, open_figure
from playwright.sync_api import Browser, Page, expect

import inferlib as il
from inferlib.explorable import measured
from inferlib.explorable.charts import Chart
from inferlib.explorable.describe import listed
from inferlib.explorable.figure import Explorable
from inferlib.formulas import quantities
from inferlib.quantity import order
from inferlib.scenarios import Scenario
from inferlib.validation import predict

CHIPS = ["h100-sxm", "h200-sxm", "mi300x", "l4"]
CHAT = il.scenario(
    model="llama-3.1-8b", chip="h100-sxm", prompt_tokens=1000, output_tokens=500, concurrency=16
)
SITE_FIGURES = figures()
REASON = CHAT.but(
    model="deepseek-r1",
    weights="fp8",
    chip="h200-sxm",
    chips=8,
    prompt_tokens=1000,
    output_tokens=8000,
)


def curve(y: str, domain: tuple[float, float]) -> Chart:
    """A curve, beside which stand the measurements."""
    return il.curve(y, over="concurrency", span=(1, 512), domain=domain, title=f"{y}?")


def made(id: str, start: Scenario, y: str, domain: tuple[float, float]) -> Explorable:
    """A figure with dots."""
    return il.explore(
        id,
        start,
        answer="{tpot} on {chip}.",
        controls=[
            il.slider("concurrency", 1, 512, log=True),
            il.slider("prompt_tokens", 100, 16_000, log=True),
            il.slider("output_tokens", 100, 9000, log=True),
            il.slider("chips", 1, 8, doubling=True),
            il.picker("chip", CHIPS),
            il.picker("model", ["llama-3.1-8b", "deepseek-r1"]),
            il.picker("weights", ["bf16", "fp8"]),
        ],
        charts=[curve(y, domain)],
    )


FIGURES = {
    one.id: one
    for one in (
        made("answer-time", CHAT, "tpot", (1e-3, 1)),
        made("first-token", CHAT, "ttft", (1e-3, 1e3)),
        made("reader", CHAT, "user_throughput", (1, 1e3)),
        made("batch", REASON, "output_throughput", (1, 1e6)),
        made("request", CHAT, "energy_per_request", (1, 1e6)),
    )
}


def recipe_of(one: Explorable) -> Any:
    """The recipe of the dots of a figure."""
    return next(r for r in one.charts[0].recipes.values() if r["kind"] == "measured")


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A page of the figures, whose script lets the rows be asked for."""
    return make_page(tmp_path_factory.mktemp("measured"), FIGURES.values(), probe=["measuredRows"])


@pytest.fixture
def live(browser: Browser) -> Iterator[Page]:
    """A page of a folder that must stay silent."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    heard = watch(page, "file:")
    yield page
    context.close()
    assert heard == []


ASK = """([id, times]) => {
  const { figure, config } = window.inferlib.figures.get(id);
  const recipe = Object.values(config.charts[0].recipes).find(({ kind }) => kind === "measured");
  const rows = config.measured.rows[recipe.y] ?? [];
  const many = Array.from({ length: times }, () => rows).flat();
  const more = { ...config, measured: { ...config.measured, rows: { [recipe.y]: many } } };
  const said = document.querySelector(`#${id} [data-residual]`).textContent;
  const given = [recipe, times > 1 ? more : config, figure.state, figure.inputs()];
  return [window.probe.measuredRows(figure.engine, ...given), said];
}"""


@pytest.mark.parametrize("id", FIGURES)
def test_page_and_python_have_the_same_dots_and_words(live: Page, address: str, id: str) -> None:
    one, draw, some = FIGURES[id], random.Random(id), 0
    open_figure(live, address, id)
    expect(live.locator(f"#{id} [data-residual]")).to_have_text(one.residual()[0])
    near = {n: v if isinstance(v, str) else f"{v:g}" for n, v in one.state.items()}
    near.pop("concurrency")
    texts = [{}]
    for _ in range(60):
        kept = {name: text for name, text in near.items() if draw.random() < 0.85}
        texts.append(drawn_at_random(one, draw) | {"chips": draw.choice("1248")} | kept)
    for given in texts:
        live.evaluate("([id, hash]) => window.inferlib.figures.get(id).figure.restore(hash)",
                      [id, link(one, given)[3:]])  # fmt: skip
        state = state_of(one, given)
        found, said = live.evaluate(ASK, [id, 1])
        wanted = measured.measured_rows(recipe_of(one), one.scenario(state), one.quantities)
        assert same(found, wanted), state
        assert said == one.residual(state)[0], state
        some += bool(wanted)
    assert some > 1, "some states have dots"


def test_of_many_the_nearest_are_drawn_here_and_there(
    live: Page, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = FIGURES["answer-time"]
    open_figure(live, address, one.id)
    usual = measured.published
    monkeypatch.setattr(measured, "published", lambda y: usual(y) * 20)
    found, _ = live.evaluate(ASK, [one.id, 20])
    wanted = measured.measured_rows(recipe_of(one), one.start, one.quantities)
    assert len(found) == measured.MOST
    assert same(found, wanted)
    all_near = len(measured._near(recipe_of(one), one.start))
    assert one.residual()[0].startswith(f"The nearest {measured.MOST} of {all_near} measured")
    assert all("1,024 tokens in, 512 out" in row["label"] for row in wanted[:20])


def test_a_dot_is_the_same_quantity_as_its_line() -> None:
    frame = il.validation.measurements().cast({"value": pl.Float64})
    told = il.validation.situations(frame).with_columns(predicted=predict(frame)["predicted"])
    seen = 0
    for y, metrics in measured.METRICS.items():
        needs = [n for n in order([y], quantities) if quantities[n].formula is None]
        line = il.solve(y, **{name: pl.col(name) for name in needs})
        for (metric, per), dot in metrics.items():
            rows = told.filter(metric=metric, per=per).drop_nulls("predicted")
            rows = rows.with_columns(dot=dot).with_columns(line=line[y])
            seen += rows.height
            for dots, point, said, value in rows.select("line", "dot", "predicted", "value").rows():
                gap = point / dots if y == "user_throughput" else dots / point
                assert math.isclose(gap, said / value, rel_tol=1e-9), (y, metric)
    assert seen > 3000


def test_near_is_what_the_rule_says() -> None:
    frame = il.validation.measurements()
    chips, model = 4.0, "llama-3.1-70b"
    here = il.scenario(
        model=model, chip="h100-sxm", weights="fp8", chips=chips, prompt_tokens=1500,
        output_tokens=700, concurrency=16,
    )  # fmt: skip
    alike = frame.filter(
        model_id=model,
        chip_id="h100-sxm",
        precision_weights="fp8",
        num_chips=chips,
        metric="ttft_s",
    )
    near = alike.filter(
        pl.col("input_tokens").is_between(750, 3000), pl.col("output_tokens").is_between(350, 1400)
    )
    found = measured.measured_rows(measured.dots("ttft", over="concurrency"), here, quantities)
    assert 0 < near.height < alike.height
    wanted = near.select("concurrency_or_batch", pl.col("value").cast(pl.Float64)).rows()
    assert [(row["x"], row["y"]) for row in found] == wanted
    over_chips = measured.measured_rows(measured.dots("ttft", over="chips"), here, quantities)
    assert {row["x"] for row in over_chips} > {chips}
    assert all(f" {n} at once" in " 8 at once 16 at once 32 at once" for n in _at_once(over_chips))


def _at_once(rows: list[dict[str, Any]]) -> set[str]:
    return {row["label"].split(" at once")[0].split(", ")[-1] for row in rows}


def test_words_for_one_for_none_and_for_some() -> None:
    recipe = measured.dots("tpot", over="concurrency")
    none = measured.residual(recipe, CHAT.but(chip="l4"), quantities)
    assert none == "No published measurement of ours lies near this setting."
    some = measured.residual(recipe, CHAT, quantities)
    assert some.startswith("10 measured points near this setting (TensorRT-LLM): half are")
    assert measured._gap([0.2]) == ": it is 20\u202f% above the line"
    assert measured._gap([-0.001]) == ": it is on the line"
    assert measured._gap([0.09, -0.5, 0.06]).endswith(
        "9\u202f% of the line; the median is 6\u202f% above it"
    )


def test_the_label_says_whose_point_it_is() -> None:
    label = measured.measured_rows(measured.dots("tpot", over="concurrency"), CHAT, quantities)[0]
    for part in ("measured: ", "TensorRT-LLM 1.0.0rc3, 1 chip, ", "1,024 tokens in, ", " at once; ",
                 "PyPI aiconfigurator-core 0.12.0, no date"):  # fmt: skip
        assert part in label["label"], label


def test_what_nobody_measured_is_refused() -> None:
    for y, over in (("cost_per_output_token", "concurrency"), ("tpot", "utilization")):
        with pytest.raises(LookupError, match="no measurement tells"):
            measured.dots(y, over=over)


def test_a_figure_out_of_reach_carries_nothing() -> None:
    far = CHAT.but(chip="l4", prompt_tokens=10)
    one = il.explore(
        "far", far, answer="{tpot}.", controls=[il.slider("concurrency", 1, 64, log=True)],
        charts=[curve("tpot", (1e-3, 1))],
    )  # fmt: skip
    assert "measured" not in one.config()
    assert one.residual() == ["No published measurement of ours lies near this setting."]


HOVER = """async ([id, chart, at]) => {
  const { figure } = window.inferlib.figures.get(id);
  const view = figure.views[chart];
  const svg = document.querySelectorAll(`#${id} .chart`)[chart].querySelector(".live svg");
  const frame = svg.getBoundingClientRect();
  const [origin, padding] = [view.origin(), view.padding()];
  return [frame.left + padding.left + origin[0] + view.scale("x")(at.x),
          frame.top + padding.top + origin[1] + view.scale("y")(at.y)];
}"""


@pytest.mark.parametrize("width", [1280, 360])
def test_the_pointer_is_told_what_it_is_over(live: Page, address: str, width: int) -> None:
    one = FIGURES["answer-time"]
    live.set_viewport_size({"width": width, "height": 900})
    open_figure(live, address, one.id)
    figure = live.locator(f"#{one.id}")
    tip = figure.locator(".hover")
    figure.locator(".chart").evaluate("(box) => box.scrollIntoView({ block: 'center' })")
    data = one.draw()[0]
    [line] = {row["series"] for row in data["rows"]}
    measured_name = next(n for n, r in one.charts[0].recipes.items() if r["kind"] == "measured")
    for row in (data[measured_name][0], data["rows"][5], data["rows"][-1]):
        if row["y"] < 1e-3:
            continue
        live.mouse.move(*live.evaluate(HOVER, [one.id, 0, row]))
        expect(tip).to_be_visible()
        lacks = "" if row.get("feasible", True) else ", not feasible"
        at = f"{il.show(row['y'], 'second')} at {il.show(row['x'])}{lacks}"
        words = row.get("label") or f"{line.partition(':')[0]}: {at}"
        near = [words, *(r["label"] for r in data[measured_name] if r["x"] == row["x"])]
        assert tip.inner_text() in near
        frame, held = tip.bounding_box(), figure.locator(".chart").bounding_box()
        assert frame
        assert held
        assert held["x"] - 1 <= frame["x"]
        assert frame["x"] + frame["width"] <= held["x"] + held["width"] + 1
        assert figure.locator(".hover-mark").is_visible()
        live.keyboard.press("Escape")
        expect(tip).to_be_hidden()
    live.mouse.move(*live.evaluate(HOVER, [one.id, 0, data["rows"][5]]))
    expect(tip).to_be_visible()
    live.mouse.move(1, 1)
    expect(tip).to_be_hidden()
    assert figure.locator(".hover[aria-hidden=true]").count() == 1


# What a pointer hears in a grid of places over a chart.
HEAR = """([id, at]) => {
  const box = document.querySelectorAll(`#${id} .chart`)[at];
  const { left, top, width, height } = box.getBoundingClientRect();
  const heard = new Set();
  for (let x = 1; x < 24; x += 1) {
    for (let y = 1; y < 24; y += 1) {
      const place = { clientX: left + (width * x) / 24, clientY: top + (height * y) / 24 };
      box.dispatchEvent(new PointerEvent("pointermove", { ...place, bubbles: true }));
      const tip = box.querySelector(".hover:not([hidden])");
      if (tip) heard.add(tip.textContent);
    }
  }
  return [...heard];
}"""


@pytest.mark.parametrize(("name", "id"), SITE_FIGURES, ids=[id for _, id in SITE_FIGURES])
def test_every_chart_of_the_site_says_what_is_under_the_pointer(
    page: Page, origin: str, name: str, id: str
) -> None:
    one = written(name)[id]
    show_figure(page, f"{origin}/{name}", id)
    for i, (chart, data) in enumerate(zip(one.charts, one.draw(), strict=True)):
        heard = page.evaluate(HEAR, [id, i])
        listed_rows = [
            cells
            for name, recipe in chart.recipes.items()
            for cells in listed(recipe, data[name], one.quantities)
        ]
        assert len(heard) >= min(4, len(listed_rows))
        for text in heard:
            assert any(digit in text for digit in "0123456789"), text
            assert not [word for word in BROKEN if word in text]
