"""Promises to who has a keyboard and no more: every function of a figure, each with its effect."""

import csv
import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from fixture_figures import figures, linked, look, same, state_of, written
from playwright.sync_api import BrowserContext, Locator, Page, expect

import inferlib as il
from inferlib.explorable.figure import Explorable
from inferlib.show import show

NAME, ID = figures()[0]
HERE = """([id, selector]) => {
  const [one, figure] = [document.activeElement, document.getElementById(id)];
  return figure.contains(one) ? one.matches(selector) : null;
}"""


class Reader:
    """Somebody at the keyboard, in one figure."""

    def __init__(self, page: Page, one: Explorable) -> None:
        """Begin at a figure, with nothing pressed yet."""
        self.page, self.one = page, one
        self.figure: Locator = page.locator(f"figure#{one.id}")

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def at(self, selector: str) -> bool | None:
        """Whether the focus is where it is wanted; nothing outside of the figure."""
        found: bool | None = self.page.evaluate(HERE, [self.one.id, selector])
        return found

    def go(self, selector: str) -> None:
        """Go by Tab to what is wanted: on to the end of the figure, then back from there."""
        assert self.figure.locator(selector).count(), f"{selector} is not there"
        entered = self.at(selector) is not None
        for key in ("Tab", "Shift+Tab"):
            for _ in range(120):
                if self.at(selector):
                    return
                self.press(key)
                if (found := self.at(selector)) is None and entered:
                    break
                entered = entered or found is not None
            else:
                raise AssertionError("the focus does not leave the figure")
            self.press("Shift+Tab")  # into the figure again
        raise AssertionError(f"no Tab leads to {selector}")

    def do(self, selector: str, *keys: str) -> None:
        """Go to what is wanted, and press keys there; Enter, if none are given."""
        self.go(selector)
        self.press(*(keys or ("Enter",)))

    def state(self) -> Mapping[str, Any]:
        return look(self.page, self.one.id).state


@pytest.fixture
def reader(page: Page, context: BrowserContext, origin: str) -> Reader:
    """A reader who came by a link to the figure."""
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"{origin}/{NAME}#{ID}")
    page.wait_for_selector(f"figure#{ID}[data-ready]", state="attached")
    return Reader(page, written(NAME)[ID])


def passed(reader: Reader) -> Reader:
    """The reader, who looked without a guess."""
    reader.do(".guess [data-do='show']")
    return reader


def test_a_number_is_guessed(reader: Reader) -> None:
    figure, one = reader.figure, reader.one
    expect(figure.locator("[data-answer]")).to_be_hidden()
    assert one.guess
    reader.go(".guess input")
    reader.page.keyboard.type("20")
    reader.press("Enter")
    value = one.situations({})[""].solution[one.guess.name]
    said = figure.locator("[data-guessed]")
    expect(said).to_contain_text(f"it is {show(value, one.quantities[one.guess.name].unit)}")
    expect(figure.locator("[data-answer]")).to_have_text(one.say())
    expect(figure.locator("[data-answer]")).to_be_visible()


def test_settings_are_made_and_unmade(reader: Reader) -> None:
    figure, one = passed(reader).figure, reader.one
    preset = "[data-preset='Batch job']"
    reader.do(preset)
    expect(figure.locator(preset)).to_have_attribute("aria-pressed", "true")
    wanted = {**one.state, **one.presets["Batch job"]}
    assert same(reader.state(), wanted)
    reader.do("[data-control='concurrency'] input[type=range]", "ArrowLeft")
    moved = reader.state()["concurrency"]
    assert moved < wanted["concurrency"]
    expect(figure.locator("[data-custom]")).to_have_text("Custom, from Batch job")
    reader.go("[data-control='concurrency'] input[type=number]")
    reader.page.keyboard.type("64")
    assert reader.state()["concurrency"] == 64
    reader.do("[data-control='chip'] select", "ArrowDown")
    chips = one.options["chip"]
    chip = chips[chips.index(one.state["chip"]) + 1]
    assert reader.state()["chip"] == chip
    here = {**one.state, "concurrency": 64.0, "chip": chip}
    assert look(reader.page, one.id).answer == one.say(here)
    reader.do("[data-do='reset']")
    assert same(reader.state(), one.state)
    expect(figure.locator("[aria-pressed=true]")).to_have_text("Chat")


def test_a_state_is_held_and_linked(reader: Reader) -> None:
    figure, one = passed(reader).figure, reader.one
    reader.do("[data-do='compare']")
    reader.do("[data-control='output_tokens'] input[type=range]", "Home")
    expect(figure.locator("[data-versus]")).to_contain_text("1,024 (B: 128)")
    shown = look(reader.page, one.id)
    assert same(shown.rows, one.draw(shown.state, one.state))
    assert shown.rows[0]["rows-a"]
    reader.do("[data-do='copy']")
    expect(figure.locator("[data-do='copy']")).to_have_text("Copied")
    copied = reader.page.evaluate("navigator.clipboard.readText()")
    assert same(state_of(one, linked(copied, one.id)), shown.state)
    assert "a.output_tokens:1024" in copied
    reader.do("[data-do='compare']")
    expect(figure.locator("[data-versus]")).to_be_hidden()
    reader.do(".sure input", "Space")
    expect(figure.locator("[data-sure]")).to_have_text("")
    assert look(reader.page, one.id).rows[0]["rows-band"] == []
    reader.press("Space")
    expect(figure.locator("[data-sure]")).to_have_text(one.sure(shown.state))


def rests(name: str, on: str) -> list[str]:
    """The shortest way from a quantity down to an input, itself left out."""
    ways = [[name]]
    while ways[0][-1] != on:
        ways += [[*ways[0], need] for need in il.quantities[ways[0][-1]].needs]
        ways.pop(0)
    return ways[0][1:]


def test_a_number_is_followed_to_its_row_and_back(reader: Reader) -> None:
    figure, one = passed(reader).figure, reader.one
    first, card = "[data-answer] [data-explain='tpot']", figure.locator("dialog")
    way = rests("tpot", "memory_bandwidth")
    reader.do(first)
    expect(card).to_be_visible()
    for name in way:
        reader.do(f"dialog [data-explain='{name}']")
        expect(card.locator(".name")).to_be_focused()
    scenario = one.scenario({})
    origin = scenario.origin("memory_bandwidth")
    text = show(scenario["memory_bandwidth"], il.quantities["memory_bandwidth"].unit)
    expect(card.locator(".value")).to_have_text(text)
    for told in (f"{origin.table}.csv, row {origin.row}", origin.source.split(",")[0]):
        expect(card).to_contain_text(told)
    for name in reversed(way):
        reader.do("dialog [data-do='back']")
        expect(card.locator(f"[data-explain='{name}']")).to_be_focused()
    reader.do("dialog [data-do='close']")
    expect(card).to_be_hidden()
    expect(figure.locator(first)).to_be_focused()


def test_the_question_is_turned_round(reader: Reader) -> None:
    figure, one = passed(reader).figure, reader.one
    reader.do("details.matters summary")
    most = il.sensitivity(one.headline, one.scenario({})).row(0, named=True)
    first = figure.locator("details.matters [data-bar]").first
    expect(first).to_have_attribute("data-bar", most["input"])
    expect(first).to_contain_text(show(most["at_high"], one.quantities[one.headline].unit))
    reader.do("details.seek summary")
    asked = figure.get_by_label("What is asked for")
    expect(asked).to_have_value("tpot")
    expect(figure.get_by_label("What moves")).to_have_value("concurrency")
    reader.go("details.seek input")
    reader.page.keyboard.type("15")
    expect(figure.locator("details.seek .unit")).to_have_text("ms")
    expect(figure.locator("[data-found]")).to_contain_text("Batch: ")
    reader.do("details.seek button")
    shown = look(reader.page, one.id)
    for more, reached in ((0, True), (1, False)):
        there = {**shown.state, "concurrency": shown.state["concurrency"] + more}
        assert (one.situations(there)[""].solution["tpot"] <= 15e-3) is reached
    assert shown.answer == one.say(shown.state)


def test_what_is_folded_away_opens(reader: Reader) -> None:
    figure, one = passed(reader).figure, reader.one
    reader.do("[data-control='concurrency'] input[type=range]", "Home")
    reader.do("details.formula summary")
    filled = figure.locator("details.formula .numbers").first
    expect(filled).to_be_visible()
    solved = one.situations(reader.state())[""].solution
    expect(filled).to_contain_text(show(solved["tpot"], one.quantities["tpot"].unit))
    reader.do("details.drawn summary")
    reader.go("details.drawn .scroll")
    rows = figure.locator("details.drawn tbody tr")
    asked = "(id) => window.inferlib.figures.get(id).figure.table().length"
    expect(rows).to_have_count(reader.page.evaluate(asked, one.id))
    assert rows.count() > 20
    reader.press("ArrowDown", "ArrowDown")
    reader.page.wait_for_function("() => document.activeElement.scrollTop > 0")


@pytest.mark.parametrize("take", ["csv", "json", "svg", "png"])
def test_it_is_taken_away(reader: Reader, take: str) -> None:
    figure, one = passed(reader).figure, reader.one
    reader.do("details.take summary")
    reader.go(f"[data-take='{take}']")
    with reader.page.expect_download() as waited:
        reader.press("Enter")
    content = Path(waited.value.path()).read_bytes()
    expect(figure.locator("[data-took]")).to_contain_text(f"Saved as {one.id}-")
    if take == "csv":
        assert len(list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))) > 20
    elif take == "json":
        assert json.loads(content)["answer"] == one.say()
    else:
        assert content.startswith(b"\x89PNG" if take == "png" else b"<svg")


@pytest.mark.parametrize("words", ["python", "cite"])
def test_words_are_taken_away(reader: Reader, words: str) -> None:
    passed(reader).do("details.take summary")
    reader.do(f"[data-copy='{words}']")
    expect(reader.figure.locator("[data-took]")).to_have_text("Copied.")
    told = reader.page.evaluate("navigator.clipboard.readText()")
    assert told == reader.figure.locator(f"[data-words='{words}']").input_value()
    assert ("import inferlib as il" if words == "python" else reader.one.say()) in told
