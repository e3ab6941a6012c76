"""Promises of presets, of links, of A against B, and of the guess before the answer."""

from pathlib import Path

import pytest
from conftest import watch
from fixture_figures import look, same
from fixture_made import make_page, open_figure
from playwright.sync_api import BrowserContext, Page, expect

import inferlib as il
from inferlib.explorable.figure import Explorable
from inferlib.show import show

WHY = "All who wait share the chip."


def figure(id: str = "made", guess: bool = False, **start: float) -> Explorable:
    """A figure with presets, and perhaps a guess."""
    chat = il.scenario(
        **{"model": "llama-3.1-8b", "chip": "h100-sxm", "prompt_tokens": 1000, "concurrency": 32}
        | {"output_tokens": 500}
        | start
    )
    asked = il.guess("output_throughput", "How many tokens a second?", why=WHY) if guess else None
    return il.explore(
        id,
        chat,
        answer="{concurrency} on {chip}: {output_throughput} at {cost_per_output_token}.",
        controls=[
            il.slider("concurrency", 1, 1024, log=True),
            il.slider("prompt_tokens", 10, 20_000, log=True),
            il.slider("utilization", 5, 100),
            il.picker("chip", ["h100-sxm", "h200-sxm", "l40s"]),
        ],
        charts=[
            il.curve(
                "output_throughput",
                over="concurrency",
                span=(1, 1024),
                domain=(1, 1e6),
                title="How fast?",
            )
        ],
        readouts={"tpot": "One token"},
        presets={
            "Chat": {},
            "Batch job": {"concurrency": 256.0, "utilization": 0.3},
            "On an L40S": {"chip": "l40s"},
        },
        guess=asked,
    )


@pytest.fixture
def made(context: BrowserContext, tmp_path: Path) -> tuple[Page, str]:
    """A page with one figure that asks nothing, and one that asks for a guess."""
    page = context.new_page()
    watch(page, "file:")
    return page, make_page(tmp_path, [figure(), figure("asks", guess=True)])


def press(page: Page, name: str, id: str = "made") -> None:
    """Press a button of a figure by its words."""
    page.locator(f"figure#{id}").get_by_role("button", name=name, exact=True).click()


def test_a_preset_sets_every_control_and_turns_custom(made: tuple[Page, str]) -> None:
    page, address = made
    one = figure()
    open_figure(page, address, "made")
    custom = page.locator("#made [data-custom]")
    expect(page.locator("#made [data-preset='Chat']")).to_have_attribute("aria-pressed", "true")
    for name, values in one.presets.items():
        press(page, name)
        assert same(look(page, "made").state, {**one.state, **values})
        assert look(page, "made").answer == one.say({**one.state, **values})
        expect(page.locator(f"#made [data-preset='{name}']")).to_have_attribute(
            "aria-pressed", "true"
        )
        expect(page.locator("#made [aria-pressed=true]")).to_have_count(1)
        expect(custom).to_be_hidden()
    page.locator("#made input[type=range]").first.press("ArrowLeft")
    expect(custom).to_have_text("Custom, from On an L40S")
    expect(page.locator("#made [aria-pressed=true]")).to_have_count(0)
    page.wait_for_url(lambda url: "from:On" in url)
    page.reload()
    expect(custom).to_have_text("Custom, from On an L40S")
    press(page, "Reset")
    assert same(look(page, "made").state, one.state)
    expect(custom).to_be_hidden()


def test_a_link_keeps_what_the_author_fixed(made: tuple[Page, str]) -> None:
    page, address = made
    open_figure(page, address, "made")
    page.locator("#made input[type=range]").first.press("ArrowRight")
    page.wait_for_url(lambda url: "output_tokens:500;" in url)
    old = page.url.replace("output_tokens:500;", "output_tokens:300;")
    open_figure(page, old, "made")
    shown = look(page, "made")
    assert shown.state["output_tokens"] == 300
    assert "is 300" in shown.note
    assert "has 500" in shown.note
    assert shown.answer == figure().say(dict(shown.state))
    for junk in ("-1", "1e99", "NaN", "<b>", ""):
        open_figure(page, page.url.replace("output_tokens:300", f"output_tokens:{junk}"), "made")
        assert "output_tokens" not in look(page, "made").state
        assert "output_tokens is not what it can be" in look(page, "made").note.lower()
        page.goto(old)
    press(page, "Reset")
    assert same(look(page, "made").state, figure().state)


def test_a_link_says_that_the_data_behind_it_changed(
    context: BrowserContext, tmp_path: Path
) -> None:
    page = context.new_page()
    address = make_page(tmp_path, [figure()])
    open_figure(page, address, "made")
    page.locator("#made [data-control=chip] select").select_option("h200-sxm")
    page.wait_for_url(lambda url: "h200-sxm" in url)
    link = page.url
    open_figure(page, link, "made")
    assert look(page, "made").note == ""
    file = tmp_path / "made.html"
    text = file.read_text(encoding="utf-8")
    price = figure().scenario({"chip": "h200-sxm"})["chip_price"]
    assert text.count(repr(price)) >= 1
    file.write_text(text.replace(repr(price), repr(price * 2)), encoding="utf-8")
    open_figure(page, link, "made")
    assert "numbers behind this link have changed" in look(page, "made").note
    open_figure(page, link.replace("h200-sxm", "h100-sxm"), "made")
    stamped = link.partition(";data:")[2]
    open_figure(page, link.replace(stamped, "2020-01-01"), "made")
    assert "2020-01-01" in look(page, "made").note
    open_figure(page, link.replace(stamped, "yesterday"), "made")
    assert "date of the data was left out" in look(page, "made").note


def test_a_link_to_no_figure_and_broken_codes_are_said(made: tuple[Page, str]) -> None:
    page, address = made
    open_figure(page, f"{address}#x=nowhere;concurrency:1", "made")
    assert "not on this page" in look(page, "made").note
    open_figure(page, f"{address}#x=made;%zz;concurrency:64", "made")
    assert look(page, "made").state["concurrency"] == 64
    assert "left out" in look(page, "made").note


def test_a_is_held_and_the_difference_told(made: tuple[Page, str]) -> None:
    page, address = made
    one = figure()
    open_figure(page, address, "made")
    versus = page.locator("#made [data-versus]")
    expect(versus).to_be_hidden()
    press(page, "Compare")
    expect(versus).to_contain_text("held as you are")
    page.locator("#made input[type=range]").first.press("Home")
    page.locator("#made [data-control=chip] select").select_option("h200-sxm")
    state = dict(look(page, "made").state)
    a, b = (one.situations(s)[""].solution["tpot"] for s in (one.state, state))
    share = abs(100 * (b / a - 1))
    expect(versus).to_contain_text("Batch 32 (B: 1); Chip H100 SXM (B: H200 SXM)")
    expect(versus).to_contain_text(f"One token: {show(b, 'second/token')}, {share:.2g}\u202f% less")
    expect(versus).to_contain_text(f"than A's {show(a, 'second/token')}")
    page.wait_for_url(lambda url: "a.concurrency:32" in url)
    before = versus.inner_text()
    open_figure(page, page.url, "made")
    assert versus.inner_text() == before
    page.locator("#made input[type=range]").nth(1).press("End")
    page.locator("#made input[type=range]").first.press("End")
    assert not one.situations(dict(look(page, "made").state))[""].solution.feasible
    expect(versus).to_contain_text("Batch 32")
    press(page, "Let go of A")
    expect(versus).to_be_hidden()
    page.wait_for_url(lambda url: "a.concurrency" not in url)
    press(page, "Compare")
    page.locator("#made input[type=range]").first.press("Home")
    expect(versus).to_contain_text("A is not feasible: ")


def test_a_difference_and_a_guess_are_told_in_words(
    context: BrowserContext, tmp_path: Path
) -> None:
    page = context.new_page()
    page.goto(make_page(tmp_path, [figure()], probe=("against", "off")))
    for a, b, words in (
        (2, 2, "as A's"),
        (10_000, 10_001, "as A's"),
        (100, 112, "12\u202f% more than A's"),
        (100, 88, "12\u202f% less than A's"),
        (2, 5, "2.5 times A's"),
        (2, 4000, "2,000 times A's"),
        (0, 1, "against A's"),
    ):
        assert page.evaluate("([a, b]) => window.probe.against(a, b)", [a, b]) == words
    for guess, value, words in (
        (105, 100, "within a tenth of your guess"),
        (150, 100, "so your guess is 50\u202f% too high"),
        (80, 100, "so your guess is 20\u202f% too low"),
        (200, 100, "so your guess is too high by a factor of 2"),
        (1, 30, "so your guess is too low by a factor of 30"),
        (-1, 30, "which is another matter"),
    ):
        assert page.evaluate("([a, b]) => window.probe.off(a, b)", [guess, value]) == words


def test_what_a_link_says_of_a_is_checked(made: tuple[Page, str]) -> None:
    page, address = made
    open_figure(page, f"{address}#x=made;a.concurrency:1e9;a.chip:h300;a.nothing:1;band:on", "made")
    note = look(page, "made").note.lower()
    assert "concurrency runs from 1 to 1024" in note
    assert "no such choice of chip" in note
    assert "unknown setting" in note
    expect(page.locator("#made [data-versus]")).to_contain_text("Batch 1,024 (B: 32)")


def test_the_answer_waits_for_a_guess(made: tuple[Page, str]) -> None:
    page, address = made
    one = figure("asks", guess=True)
    open_figure(page, address, "asks")
    asks = page.locator("#asks")
    expect(asks.locator("[data-answer]")).to_be_hidden()
    expect(asks.locator("input[type=range]").first).to_be_hidden()
    press(page, "That is my guess", "asks")
    expect(asks.locator("[data-guessed]")).to_have_text("Write a number, or look at once.")
    asks.locator(".guess input").fill("100000")
    asks.locator(".guess input").press("Enter")
    value = one.situations({})[""].solution["output_throughput"]
    said = asks.locator("[data-guessed]")
    expect(said).to_contain_text(f"it is {show(value, 'token/second')}")
    expect(said).to_contain_text("too high by a factor of")
    expect(said).to_contain_text(WHY)
    expect(asks.locator("[data-answer]")).to_be_visible()
    assert asks.locator(".live svg").bounding_box()["width"] > 300


@pytest.mark.parametrize("way", ["button", "link"])
def test_a_guess_can_be_passed_by(made: tuple[Page, str], way: str) -> None:
    page, address = made
    asks = page.locator("#asks")
    if way == "link":
        open_figure(page, f"{address}#x=asks;concurrency:64", "asks")
    else:
        open_figure(page, address, "asks")
        press(page, "Show me", "asks")
    expect(asks.locator("[data-answer]")).to_be_visible()
    value = figure("asks", guess=True).situations({})[""].solution["output_throughput"]
    said = {"link": WHY, "button": f"It is {show(value, 'token/second')}. {WHY}"}
    expect(asks.locator("[data-guessed]")).to_have_text(said[way])
    expect(asks.locator(".guess input")).to_be_hidden()
