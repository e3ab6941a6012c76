"""Promises of an explained number: down to a data row, by keyboard, and back."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from conftest import ROOT, watch
from fixture_figures import figures
from fixture_made import make_page, open_figure
from playwright.sync_api import BrowserContext, Locator, Page, expect
from pybtex.database import parse_file

import inferlib as il
from inferlib import presets
from inferlib.explorable import facts as told
from inferlib.explorable.bundle import facts
from inferlib.explorable.controls import every
from inferlib.explorable.figure import Explorable
from inferlib.explorable.render import html
from inferlib.quantity import order
from inferlib.references import printed, references
from inferlib.show import show

TRAFFIC = {"concurrency": 8, "prompt_tokens": 1000, "output_tokens": 500}
CHAT = il.scenario(model="llama-3.1-8b", chip="h100-sxm", **TRAFFIC)
SCENARIOS = [
    CHAT,
    CHAT.but(model="deepseek-r1", chip="b200-sxm", weights="nvfp4", kv="fp8", chips=8),
    CHAT.but(chip="l4", weights="int4", preset="roofline"),
    CHAT.but(model="deepseek-r1", chip="h200-sxm", weights="fp8", preset="fitted", engine="sglang"),
    CHAT.but(model="gpt-oss-120b", weights="mxfp4", preset="fitted", engine="vllm 0.11"),
]


# Origins


@pytest.mark.parametrize("scenario", SCENARIOS, ids=repr)
def test_every_input_comes_from_a_row_or_was_given(scenario: il.Scenario) -> None:
    for name in scenario:
        origin = scenario.origin(name)
        if name in scenario.given:
            assert (origin.table, origin.as_of) == ("", ""), name
            continue
        table = getattr(il.catalog, origin.table)()
        found = table.filter(source=origin.source, as_of=origin.as_of)
        values = found["name" if "name" in table.columns else "source"].to_list()
        assert origin.row if "name" not in table.columns else origin.row in values, name
        assert found.height > 0, (name, origin)


@pytest.mark.parametrize("scenario", SCENARIOS, ids=repr)
def test_the_row_has_the_value(scenario: il.Scenario) -> None:
    kinds = scenario.kinds
    for name, value in scenario.inputs.items():
        origin = scenario.origin(name)
        if origin.table in ("chips", "models"):
            row = il.catalog.row(origin.table, kinds[origin.table.removesuffix("s")])
            usual = {"chip_flops": value, "training_chip_flops": row.get("bf16_flops")}
            known = usual.get(name, row.get(name, value))
            assert value == known or origin.notes.startswith(("Zero", "Not known")), name
        if origin.table in ("assumptions", "calibration"):
            rows = getattr(il.catalog, origin.table)().filter(input=name)
            assert value in rows["value"].to_list(), name
        if origin.table == "prices":
            assert value in il.catalog.prices()["chip_price"].to_list()


def test_an_unknown_input_has_no_origin() -> None:
    with pytest.raises(LookupError, match="no input 'chip_memoryy'; did you mean 'chip_memory'"):
        CHAT.origin("chip_memoryy")


def test_a_slowdown_names_its_rows() -> None:
    fitted = SCENARIOS[3].origin("slowdown")
    assert fitted.table == "slowdowns"
    assert fitted.row.startswith("deepseek-r1, sglang")
    assert CHAT.origin("slowdown").table == "assumptions"


def test_an_explanation_names_each_row_once() -> None:
    text = repr(il.explain("tpot", CHAT))
    assert text.count("chips.csv, H100 SXM, 2026-11-23: ") == 1
    assert "concurrency = 8  Batch: sequences served at once  [given]" in text
    assert re.search(r"memory_bandwidth = .*  \[\d+\]\n", text)


def test_the_references_are_those_that_the_site_prints() -> None:
    entries = parse_file(str(ROOT / "book/references.bib")).entries
    assert references().keys() == entries.keys()
    for key, entry in entries.items():
        one = references()[key]
        assert one.year == entry.fields["year"]
        assert not set(one.text) & set("{}\\$"), one.text
        first = entry.persons["author"][0]
        assert "".join(first.last_names).strip("{}").split()[0] in one.text
    assert printed("no key").text == "no key"
    assert printed("vaswani2017").link == "https://arxiv.org/abs/1706.03762"


# Facts


def test_facts_cover_every_quantity() -> None:
    known = json.loads(facts())
    assert known["quantities"].keys() == il.quantities.keys()
    for name, one in il.quantities.items():
        fact = known["quantities"][name]
        assert ("formula" in fact) is (one.formula is not None)
        assert all(f'class="v-{need}"></mrow>' in fact["formula"] for need in one.needs), name
        assert known["sources"][fact["source"]][0]
    assert all(name in il.quantities for name in known["errors"])


def test_facts_of_the_site_say_where_a_formula_is_taught() -> None:
    text = (ROOT / "_build/html/_static/facts.js").read_text(encoding="utf-8")
    taught = json.loads(text.partition(" = ")[2].rstrip(";\n"))["taught"]
    assert taught
    for place in taught.values():
        assert (place["page"], place["figure"]) in figures()


def test_every_quantity_has_its_place_among_the_formulas() -> None:
    text = (ROOT / "_build/html/book/formulas.html").read_text(encoding="utf-8")
    assert [name for name in il.quantities if f'id="{name}"' not in text] == []


def test_known_errors_are_those_of_the_scores() -> None:
    row = il.catalog.scores().filter(metric="tpot_s", split="group", by="all").row(0, named=True)
    said = told.errors()["tpot"][""]
    assert f"{row['rows']:,.0f} measured rows" in said
    assert f"{100 * row['median']:.0f}\u202f%" in said
    assert told.errors()["ttft"][""].startswith("Far off")


# Long pickers, in Python


def explorable(id: str = "small", start: il.Scenario = CHAT, **named: Any) -> Explorable:
    """A figure with all chips and all models."""
    usual: dict[str, Any] = {
        "answer": "At {concurrency}, one {chip} with {model} takes {tpot}.",
        "controls": ["chip", "model", il.picker("weights", ["bf16", "fp8"]),
                     il.slider("concurrency", 1, 64, log=True)],
        "charts": [il.curve("step_time", over="concurrency", span=(1, 64), domain=(1e-4, 10),
                            title="How long is a step?")],
        "readouts": {"tpot": "TPOT"},
        "formulas": ["tpot", "step_time"],
    }  # fmt: skip
    return il.explore(id, start, **{**usual, **named})


def test_a_picker_without_options_offers_what_gives_all_inputs() -> None:
    one = explorable()
    assert set(one.options["model"]) == set(il.catalog.models()["model"])
    for chip in every("chip"):
        able = all(
            set(order(one.want, one.quantities)) & {"chip_flops", "chip_memory", "memory_bandwidth"}
            <= set(CHAT.but(chip=chip, weights=weights))
            for weights in ("bf16", "fp8")
        )
        assert (chip in one.options["chip"]) is able, chip
    vendors = [il.catalog.chip(chip)["vendor"].casefold() for chip in one.options["chip"]]
    assert vendors == sorted(vendors)


def test_all_chips_and_models_make_a_light_page() -> None:
    config = explorable().config()
    assert {tuple(table["kinds"]) for table in config["tables"]} == {
        ("chip",), ("model",), ("weights",), ("chip", "weights")
    }  # fmt: skip
    origins = config.pop("origins")
    assert len(json.dumps(config)) < 60_000
    assert len(json.dumps(origins)) < 70_000


def test_the_tables_give_what_a_scenario_does() -> None:
    one = explorable()
    for chip, model, weights in zip(
        one.options["chip"] * 2, one.options["model"], ["bf16", "fp8"] * 50, strict=False
    ):
        kinds = {"chip": chip, "model": model, "weights": weights}
        looked_up: dict[str, float] = {}
        for table in one.tables:
            row = table["rows"]["|".join(kinds[kind] for kind in table["kinds"])]
            looked_up |= dict(zip(table["inputs"], row, strict=True))
        full = CHAT.but(**kinds)
        assert looked_up == {name: full[name] for name in looked_up}


def test_too_many_choices_are_refused_in_a_sentence() -> None:
    with pytest.raises(ValueError, match=r"have .* choices, and a page holds .*fewer options"):
        explorable(start=CHAT.but(preset="fitted"))


@pytest.mark.parametrize(
    ("controls", "sentence"),
    [
        (["chipp"], "no kind is called 'chipp'; did you mean 'chip'"),
        (["concurrency"], "no kind is called 'concurrency'; an input has a slider"),
        (["chip", il.picker("model", ["qwen3-8b", "qwen3-32b"])], "starts with model"),
    ],
)
def test_wrong_pickers_end_in_a_sentence(controls: list[Any], sentence: str) -> None:
    with pytest.raises(LookupError, match=sentence):
        explorable(controls=controls)


def test_no_two_options_of_a_picker_have_one_name() -> None:
    for kind in ("chip", "model"):
        named = il.picker(kind, every(kind)).options
        assert len(set(named.values())) == len(named)


# In a page


@pytest.fixture
def page(context: BrowserContext, tmp_path: Path) -> Iterator[Page]:
    """A page of a folder of its own, that must stay silent: see `watch`."""
    page = context.new_page()
    heard = watch(page, tmp_path.as_uri())
    yield page
    assert heard == []


@pytest.fixture
def opened(page: Page, tmp_path: Path) -> Callable[..., Locator]:
    """Open a page made of one figure, from a folder."""

    def open_page(one: Explorable, mend: Callable[[str], str] = lambda text: text) -> Locator:
        address = make_page(tmp_path, [one])
        file = tmp_path / "made.html"
        file.write_text(mend(file.read_text(encoding="utf-8")), encoding="utf-8")
        open_figure(page, address, one.id)
        return page.locator(f"figure#{one.id}")

    return open_page


def follow(page: Page, name: str) -> None:
    """Go to a number of the open card by Tab, and open it by Enter."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.dataset.explain") == name:
            page.keyboard.press("Enter")
            return
    raise AssertionError(f"no Tab leads to {name}")


def test_without_scripts_a_number_is_plain() -> None:
    written = html(explorable())
    assert '<span class="number" data-explain="tpot">' in written
    assert "<button" not in written.partition('class="controls"')[0]


def test_from_the_answer_to_a_data_row_and_back_by_keyboard(
    page: Page, opened: Callable[..., Locator]
) -> None:
    one = explorable()
    figure = opened(one)
    card = figure.locator("dialog")
    first = figure.locator("[data-answer] button[data-explain=tpot]")
    first.focus()
    page.keyboard.press("Enter")
    expect(card).to_be_visible()
    path = ["step_time", "roofline_time", "memory_time", "weight_time", "memory_bandwidth"]
    solved = il.solve(path, **CHAT)
    for name in path:
        follow(page, name)
        expect(card.locator(".name")).to_be_focused()
        expect(card.locator(".value")).to_have_text(show(solved[name], il.quantities[name].unit))
    expect(card).to_contain_text("chips.csv, row H100 SXM")
    expect(card).to_contain_text(CHAT.origin("memory_bandwidth").source)
    expect(card).to_contain_text("23 November 2026")
    link = card.get_by_role("link", name="All inputs")
    assert link.get_attribute("href") == "book/formulas.html#memory_bandwidth"
    for name in reversed(path):
        while page.evaluate("document.activeElement.dataset.do") != "back":
            page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(card.locator(f"button[data-explain={name}]")).to_be_focused()
    page.keyboard.press("Escape")
    expect(card).to_be_hidden()
    expect(first).to_be_focused()


def test_the_card_says_what_python_says(page: Page, opened: Callable[..., Locator]) -> None:
    one = explorable()
    figure = opened(one)
    card = figure.locator("dialog")
    solved = il.solve(one.rests_on, **CHAT)
    seen: set[str] = set()
    figure.locator("[data-answer] button[data-explain=tpot]").click()

    def visit(name: str) -> None:
        seen.add(name)
        assert card.locator(".value").inner_text() == show(solved[name], il.quantities[name].unit)
        if il.quantities[name].formula:
            assert card.locator("math").count() == 2
            assert card.locator("[data-explain]").count() == len(il.quantities[name].needs)
        elif name in TRAFFIC or name == "chips":
            expect(card).to_contain_text("Set by")
        else:
            expect(card).to_contain_text(f"{CHAT.origin(name).table}.csv")
        for need in il.quantities[name].needs:
            if need not in seen:
                card.locator(f"[data-explain={need}]").first.click()
                visit(need)
                card.locator("[data-do=back]").click()

    visit("tpot")
    assert len(seen) > 40


def test_the_card_closes_by_button_and_by_backdrop(
    page: Page, opened: Callable[..., Locator]
) -> None:
    figure = opened(explorable())
    card = figure.locator("dialog")
    number = figure.locator(".readouts button")
    for close in (
        lambda: card.get_by_role("button", name="Close").click(),
        lambda: page.mouse.click(5, 5),
    ):
        number.click()
        expect(card).to_be_visible()
        close()
        expect(card).to_be_hidden()
        expect(number).to_be_focused()


def test_what_is_not_feasible_says_why(page: Page, opened: Callable[..., Locator]) -> None:
    start = CHAT.but(model="llama-3.1-70b")
    figure = opened(explorable(start=start))
    figure.locator(".readouts button").click()
    card = figure.locator("dialog")
    expect(card.locator(".value")).to_have_text("–")
    expect(card).to_contain_text("do not fit")
    assert card.locator("math").count() == 1, "no numbers where they mean nothing"


def test_markup_in_a_row_is_text(page: Page, opened: Callable[..., Locator]) -> None:
    wrong = '<img src=x onerror=\\"window.pwned=1\\"> arXiv:1706.03762'
    source = CHAT.origin("memory_bandwidth").source
    figure = opened(explorable(), lambda text: text.replace(json.dumps(source)[1:-1], wrong))
    figure.locator(".readouts button").click()
    card = figure.locator("dialog")
    for name in ("step_time", "roofline_time", "memory_time", "weight_time", "memory_bandwidth"):
        card.locator(f"[data-explain={name}]").click()
    expect(card).to_contain_text("<img src=x onerror=")
    assert card.locator("img").count() == 0
    assert page.evaluate("window.pwned") is None
    link = card.get_by_role("link", name="arXiv:1706.03762")
    assert link.get_attribute("href") == "https://arxiv.org/abs/1706.03762"


def test_a_number_is_as_large_as_before_it_was_live(
    page: Page, opened: Callable[..., Locator]
) -> None:
    one = explorable()
    figure = opened(one)
    size = "(e) => { const b = e.getBoundingClientRect(); return [b.width, b.height]; }"
    for place in (".answer", ".readouts dd"):
        live = figure.locator(place).first.evaluate(size)
        figure.locator(f"{place} button").first.evaluate(
            "(b) => { const s = document.createElement('span'); s.className = 'number';"
            "s.textContent = b.textContent; b.replaceWith(s); }"
        )
        assert figure.locator(place).first.evaluate(size) == pytest.approx(live, abs=0.1)


def test_a_long_picker_by_keyboard(page: Page, opened: Callable[..., Locator]) -> None:
    figure = opened(explorable())
    box = figure.get_by_label("Chip", exact=True)
    note = figure.locator("[data-note]")
    box.focus()
    expect(box).to_have_value("")
    assert box.get_attribute("placeholder") == "H100 SXM"
    page.keyboard.type("h200 sxm")
    page.keyboard.press("Enter")
    expect(box).to_have_value("H200 SXM")
    expect(figure.locator(".answer")).to_contain_text("one H200 SXM with")
    page.keyboard.type("nonsense")
    page.keyboard.press("Tab")
    expect(box).to_have_value("H200 SXM")
    expect(note).to_contain_text("“nonsense” is not in the list of Chip")
    box.focus()
    page.keyboard.press("Escape")
    expect(box).to_have_value("H200 SXM")
    box.press("Tab")
    figure.get_by_role("button", name="Reset").click()
    expect(box).to_have_value("H100 SXM")
    expect(note).to_be_empty()


def test_presets_read_what_their_functions_do() -> None:
    assert presets.assumed("typical") == {
        name: row["value"] for name, row in presets.assumed_rows("typical").items()
    }
    frame = il.catalog.slowdowns().filter(pl.col("chip") != "").row(0, named=True)
    keys = [frame[kind] for kind in ("chip", "model", "weights", "engine")]
    rows = presets.slowdown_rows(*keys)
    assert frame in rows
