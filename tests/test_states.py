"""Promises of every state that controls allow: numbers, words and rows that make sense."""

import itertools
import random
from collections.abc import Iterator
from typing import Any

import pytest
from fixture_figures import (
    assert_says_each,
    drawn_at_random,
    feasible,
    figures,
    show_figure,
    state_of,
    written,
)
from playwright.sync_api import Page

from inferlib.explorable.controls import Picker
from inferlib.explorable.figure import Explorable

MANY, SAMPLE, CORNERS = 500, 12, 256
each_figure = pytest.mark.parametrize(("name", "id"), figures(), ids=[id for _, id in figures()])

# Sets a figure to each of some states; what makes no sense in each, and whether it is feasible.
SENSE = """([id, states]) => {
  const { figure } = window.inferlib.figures.get(id);
  const element = document.getElementById(id);
  return states.map((state) => {
    figure.set(state);
    const rows = figure.rows();
    const wrong = [];
    for (const row of rows.flatMap((one) => Object.values(one)).flat())
      for (const [key, value] of Object.entries(row))
        if (value === undefined || Number.isNaN(value) || 1 / value === 0) wrong.push(key);
    for (const [i, one] of rows.entries())
      if (!Object.values(one).some((data) => data.length)) wrong.push(`chart ${i} is empty`);
    for (const { textContent } of element.querySelectorAll("[data-answer], [data-readout]"))
      if (/^$|NaN|Infinity|undefined|\\[object/.test(textContent)) wrong.push(textContent);
    return [wrong, element.hasAttribute("data-infeasible")];
  });
}"""


def corners(one: Explorable) -> Iterator[dict[str, Any]]:
    """Every slider at its ends and every option, all together where they are few."""
    ends = {
        control.name: list(control.options)
        if isinstance(control, Picker)
        else [control.stops[0] * control.scale, control.stops[-1] * control.scale]
        for control in one.controls
    }
    for chosen in itertools.islice(itertools.product(*ends.values()), CORNERS):
        yield dict(zip(ends, chosen, strict=True))
    for name, values in ends.items():
        for value in values:
            yield {**one.state, name: value}


@each_figure
def test_every_state_makes_sense_and_says_what_python_says(
    page: Page, origin: str, name: str, id: str
) -> None:
    one, draw = written(name)[id], random.Random(id)
    states = [state_of(one, drawn_at_random(one, draw)) for _ in range(MANY)]
    states += list(corners(one))
    show_figure(page, f"{origin}/{name}", id)
    found = page.evaluate(SENSE, [id, states])
    for state, (wrong, _) in zip(states, found, strict=True):
        assert wrong == [], state
    lacking = [state for state, (_, lacks) in zip(states, found, strict=True) if lacks]
    able = [state for state, (_, lacks) in zip(states, found, strict=True) if not lacks]
    some = [*few(lacking, draw), *few(able, draw)]
    assert [feasible(one, state) for state in some] == [state in able for state in some]
    pairs = list(zip(some, [None, *draw.sample(some, len(some) - 1)], strict=True))
    assert_says_each(page, one, pairs)


def few(states: list[dict[str, Any]], draw: random.Random) -> list[dict[str, Any]]:
    """Some of many states."""
    return draw.sample(states, min(SAMPLE, len(states)))
