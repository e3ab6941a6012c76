"""Promises of every explorable: it says and draws what Python says, and survives any link."""

import math
import random
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from conftest import watch
from fixture_figures import (
    assert_follows,
    drawn_at_random,
    figures,
    go_each,
    link,
    linked,
    look,
    moved,
    same,
    samples,
    show_figure,
    state_of,
    written,
)
from fixture_hostile import WRONG, hostile
from playwright.sync_api import BrowserContext, Page

from inferlib.explorable.controls import Picker, Slider
from inferlib.explorable.figure import Explorable

FIGURES = figures()
SAMPLES = samples()
HOSTILE = max(100, -(-1000 // len(SAMPLES)))  # links to each; 1,000 at least to the whole site
UPDATES = 150
each_figure = pytest.mark.parametrize(("name", "id"), FIGURES, ids=[id for _, id in FIGURES])
each_sample = pytest.mark.parametrize(("name", "id"), SAMPLES, ids=[id for _, id in SAMPLES])


def test_there_are_figures_and_each_comes_from_its_notebook() -> None:
    assert FIGURES
    for name in {name for name, _ in FIGURES}:
        assert list(written(name)) == [id for page, id in FIGURES if page == name]


@each_figure
def test_starts_and_follows_every_control_as_python_says(
    page: Page, origin: str, name: str, id: str
) -> None:
    one = written(name)[id]
    show_figure(page, f"{origin}/{name}", id)
    assert assert_follows(page, one, one.state).note == ""
    figure = page.locator(f"figure#{id}")
    both = 0
    for control in one.controls:
        seen = [assert_follows(page, one, one.state)]
        for _ in moved(figure, control):
            seen.append(assert_follows(page, one, look(page, id).state))
        states = {shown.state[control.name] for shown in seen}
        answers = {shown.answer for shown in seen}
        drawn = [shown for shown in seen if shown.rows != seen[0].rows]
        assert len(states) > 1, control.name
        assert len(answers) > 1 or drawn, f"nothing follows {control.name}"
        assert all(shown.drawing != seen[0].drawing for shown in drawn), control.name
        both += len(answers) > 1 and bool(drawn)
        figure.get_by_role("button", name="Reset").click()
    assert_follows(page, one, one.state)
    assert both >= min(2, len(one.controls)), "answer and chart follow at least two controls"


@each_sample
def test_slider_and_number_box_agree(page: Page, origin: str, name: str, id: str) -> None:
    one = written(name)[id]
    show_figure(page, f"{origin}/{name}", id)
    for control in (one for one in one.controls if isinstance(one, Slider) and one.on is None):
        box = page.locator(f"figure#{id} [data-control='{control.name}']")
        slider, number = box.locator("input[type=range]"), box.locator("input[type=number]")
        for at in (0, len(control.stops) // 2, len(control.stops) - 1):
            number.fill(f"{control.stops[at]:.12g}")
            assert slider.input_value() == str(at)
            slider.press("ArrowLeft")
            stop = control.stops[max(0, at - 1)]
            assert same(look(page, id).state[control.name], stop * control.scale)
            assert math.isclose(float(number.input_value()), stop, rel_tol=1e-5)
            assert slider.get_attribute("aria-valuetext") == control.text(stop * control.scale)
        for text, held in ((f"{control.stops[-1] * 10:.12g}", -1), ("-1", 0)):
            number.fill(text)
            number.press("Tab")
            assert same(look(page, id).state[control.name], control.stops[held] * control.scale)
            assert f"{control.stops[-1]:.12g}" in look(page, id).note, "what it allows is said"
        before = look(page, id).state
        number.fill("")
        number.press("Tab")
        assert look(page, id).state == before
        assert number.input_value() != ""


@each_sample
def test_a_link_says_the_state(
    page: Page, context: BrowserContext, origin: str, name: str, id: str
) -> None:
    one = written(name)[id]
    show_figure(page, f"{origin}/{name}", id)
    for control in one.controls:
        next(moved(page.locator(f"figure#{id}"), control))
    here = look(page, id)
    page.wait_for_url(lambda address: same(state_of(one, linked(address, id)), here.state))
    fixed = {each["name"] for each in one.fixed}
    assert linked(page.url, id).keys() == {*here.state, *fixed, "data"}, "it names every input"
    other = context.new_page()
    heard = watch(other, origin)
    for again in (lambda: show_figure(other, page.url, id), other.reload):
        again()
        other.locator(f"figure#{id}").scroll_into_view_if_needed()
        other.wait_for_selector(f"figure#{id}[data-ready]")
        assert assert_follows(other, one, here.state).note == ""
    other.locator(f"figure#{id}").get_by_role("button", name="Reset").click()
    assert_follows(other, one, one.state)
    assert heard == []


@each_figure
def test_every_state_is_what_python_says(page: Page, origin: str, name: str, id: str) -> None:
    one, draw = written(name)[id], random.Random(id)
    show_figure(page, f"{origin}/{name}", id)
    page.evaluate("document.querySelectorAll('figure details').forEach((fold) => fold.open = true)")
    for _ in range(6):
        texts = drawn_at_random(one, draw)
        go_each(page, id, [link(one, texts)])
        assert assert_follows(page, one, state_of(one, texts)).note == ""


@each_figure
def test_links_in_the_text_set_the_figure(page: Page, origin: str, name: str, id: str) -> None:
    one = written(name)[id]
    show_figure(page, f"{origin}/{name}", id)
    for one_link in page.locator("a.set-state").all():
        texts = linked(f"{one_link.get_attribute('href')}", id)
        if not texts:
            continue
        one_link.click()
        assert assert_follows(page, one, state_of(one, texts)).note == ""


def test_a_link_to_a_state_on_another_page_leads_there(page: Page, origin: str, site: Path) -> None:
    (here, _), (there, id) = FIGURES[0], FIGURES[-1]
    assert here != there
    one = written(there)[id]
    texts = drawn_at_random(one, random.Random(id))
    added = f'<p><a class="set-state" href="../{there}{link(one, texts)}">There</a></p></article>'
    html = (site / here).read_text(encoding="utf-8").replace("</article>", added, 1)
    page.route(f"**/{here}", lambda route: route.fulfill(body=html, content_type="text/html"))
    page.goto(f"{origin}/{here}")
    page.get_by_role("link", name="There", exact=True).click()
    page.wait_for_url(lambda address: address.startswith(f"{origin}/{there}"))
    page.locator(f"figure#{id}").scroll_into_view_if_needed()
    page.wait_for_selector(f"figure#{id}[data-ready]")
    assert_follows(page, one, state_of(one, texts))


@each_sample
def test_many_updates_leave_nothing_behind(page: Page, origin: str, name: str, id: str) -> None:
    show_figure(page, f"{origin}/{name}", id)
    update = """async ([id, times]) => {
      const { figure } = window.inferlib.figures.get(id);
      const control = document.getElementById(id).querySelector("input[type=range], select");
      for (let i = 0; i <= times; i += 1) {
        if (control.options) control.selectedIndex = i % control.options.length;
        else control.value = i % (Number(control.max) + 1);
        control.dispatchEvent(new Event("input", { bubbles: true }));
        await figure.redraw();
      }
      await figure.redraw();
      return document.querySelectorAll("*").length;
    }"""
    page.evaluate("document.querySelectorAll('figure details').forEach((fold) => fold.open = true)")
    page.evaluate(update, [id, 0])
    first = page.evaluate(update, [id, 0])
    rows = look(page, id).rows
    page.evaluate(update, [id, UPDATES])
    assert page.evaluate(update, [id, 0]) == first
    assert look(page, id).rows == rows


def assert_allowed(one: Explorable, state: Mapping[str, Any]) -> None:
    """A state is one that the controls allow."""
    for control in one.controls:
        value = state[control.name]
        if isinstance(control, Picker):
            assert value in control.options
        else:
            low, high = control.stops[0] * control.scale, control.stops[-1] * control.scale
            assert low <= value <= high


def assert_holds(one: Explorable, texts: Mapping[str, str], state: Mapping[str, Any]) -> None:
    """A state has what the texts of a link say."""
    wanted = state_of(one, texts)
    assert same({n: state[n] for n in texts}, {n: wanted[n] for n in texts})


def assert_sane(page: Page, one: Explorable) -> None:
    """A figure shows what Python says of its state, and nothing of a link has run."""
    state = look(page, one.id).state
    assert_allowed(one, state)
    assert_follows(page, one, state)
    assert page.evaluate("[window.__pwned ?? 0, ({}).a ?? 0, ({}).nothing ?? 0]") == [0, 0, 0]
    assert page.locator(f"figure#{one.id} :is(img, iframe, object)").count() == 0


@each_sample
def test_no_link_can_harm(page: Page, origin: str, name: str, id: str) -> None:
    one, draw = written(name)[id], random.Random(id)
    show_figure(page, f"{origin}/{name}", id)
    links = [hostile(one, draw) for _ in range(HOSTILE)]
    found = go_each(page, id, [asked.hash for asked in links])
    for asked, (state, view, note) in zip(links, found, strict=True):
        assert_allowed(one, state)
        assert_holds(one, asked.kept, state)
        assert_holds(one, asked.pinned, view.get("pinned", {}))
        assert {n: view[n] for n in asked.view} == asked.view, asked.hash[:300]
        assert bool(note) is asked.refused, (asked.hash[:300], note)
    assert_sane(page, one)


@each_sample
def test_what_is_no_link_does_no_harm(page: Page, origin: str, name: str, id: str) -> None:
    one = written(name)[id]
    show_figure(page, f"{origin}/{name}", id)
    for state, _, _ in go_each(page, id, [hash.replace("{id}", id) for hash in WRONG]):
        assert state == one.state
    assert_sane(page, one)


@each_sample
def test_a_link_too_long_is_not_cut_inside_a_number(
    page: Page, origin: str, name: str, id: str
) -> None:
    one = written(name)[id]
    control = next(control for control in one.controls if isinstance(control, Slider))
    show_figure(page, f"{origin}/{name}", id)
    texts = {control.name: f"{control.stops[-1]:.12g}"}
    end = f";{control.name}:"
    short = range(1, len(texts[control.name]))
    fillers = [f"{id};a:".ljust(10_000 - kept - len(end), "A") for kept in short]
    links = [f"#x={filler}{end}{texts[control.name]}" for filler in fillers]
    for state, _, note in go_each(page, id, links):
        assert same(state, state_of(one, texts)) or state == one.state, state
        assert note


@each_sample
def test_no_link_can_harm_a_fresh_page(
    context: BrowserContext, origin: str, name: str, id: str
) -> None:
    one, draw = written(name)[id], random.Random(id)
    first = id == next(iter(written(name)))  # what no figure reads is the same for all of a page
    for hash in (hostile(one, draw).hash, *([WRONG[7], WRONG[-3]] if first else [])):
        page = context.new_page()
        heard = watch(page, origin)
        show_figure(page, f"{origin}/{name}{hash.replace('{id}', id)}", id)
        assert_sane(page, one)
        assert heard == []
        page.close()
