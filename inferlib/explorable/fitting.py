"""A chart in its figure: ranges that its author left to it, and what cannot be drawn."""

import math
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from inferlib.explorable.axes import rounded
from inferlib.explorable.controls import Picker, Slider
from inferlib.explorable.recipes import Recipe, Span
from inferlib.quantity import Quantity, Solution, find, order, solve
from inferlib.scenarios import Scenario
from inferlib.show import show

if TYPE_CHECKING:
    from inferlib.explorable.charts import Chart
    from inferlib.explorable.figure import Explorable

_STATES = 24  # states at random from which the range of an axis is found


@dataclass(frozen=True)
class Setting:
    """The figure of a chart: where it starts, what the reader can move, and the formulas."""

    start: Scenario
    controls: Sequence[Slider | Picker]
    known: Mapping[str, Quantity]

    def options(self, kind: str) -> Mapping[str, str]:
        """Names of the options of a kind's picker.

        Raises:
            LookupError: The figure has none.
        """
        for one in self.controls:
            if isinstance(one, Picker) and one.name == kind:
                return one.options
        raise LookupError(f"a chart is drawn for each '{kind}'; add il.picker('{kind}', [...])")

    def span(self, name: str) -> Span:
        """The range of an input's slider.

        Raises:
            LookupError: The figure has none.
        """
        for one in self.controls:
            if isinstance(one, Slider) and one.name == name:
                low, high = one.stops[0] * one.scale, one.stops[-1] * one.scale
                return low or one.stops[1] * one.scale, high
        raise LookupError(f"no slider moves '{name}'; add one, or give the chart its span")

    def domain(
        self, names: Sequence[str], over: str = "", along: Sequence[float] = (), each: str = ""
    ) -> Span:
        """A range that holds quantities in the states that the controls allow, `over` set to each.

        For `each` option of a kind, one other control moves at a time, and no end is rounded.
        """
        held: list[float] = []
        other: list[float] = []
        for scenario in self._states(each):
            for changes in [{over: at} for at in along] if over else [{}]:
                found = self._solve(names, {**scenario, **changes}, scenario.kinds)
                (held if found.feasible else other).extend(found[name] for name in names)
        values = [v for v in held or other if 0 < v < math.inf] or [1.0]
        low, high = min(values) / 1.15, max(values) * 1.15  # room for a ring at the edge
        return (low, high) if each and high > 2 * low else rounded(low, high)

    def _solve(
        self, names: Sequence[str], inputs: Mapping[str, float], kinds: Mapping[str, str]
    ) -> Solution:
        try:
            return solve(names, quantities=self.known, **inputs)
        except LookupError as error:
            which = ", ".join(kinds[one.kind] for one in self.controls if isinstance(one, Picker))
            raise LookupError(f"with {which}, a chart lacks a number: {error}") from None

    def _states(self, each: str) -> Iterator[Scenario]:
        draw = random.Random(0)
        moved = [
            one
            for one in self.controls
            if isinstance(one, Slider) or (one.name == one.kind and one.name != each)
        ]
        starts = [self.start]
        if each:
            starts = [self.start.but(**{each: option}) for option in self.options(each)]
        ways: dict[str, list[float | str]] = {
            one.name: [one.stops[0] * one.scale, one.stops[-1] * one.scale]
            if isinstance(one, Slider)
            else list(one.options)
            for one in moved
        }
        for start in starts:
            yield start
            for name, values in ways.items():
                yield from (start.but(**{name: value}) for value in values)
        for _ in range(0 if each else _STATES):
            yield self.start.but(**{name: draw.choice(values) for name, values in ways.items()})


def complaints(chart: "Chart", one: "Explorable") -> None:
    """Check a chart in its figure.

    Raises:
        LookupError: It is drawn for a kind, or against an alias, that no picker has.
        ValueError: Nothing in it can follow, or its parts do not make the whole.
    """
    if not chart.title.strip():
        raise ValueError(f"a chart of '{one.id}' has no title; give its finding or question")
    setting = Setting(one.start, one.controls, one.quantities)
    for recipe in chart.recipes.values():
        if by := recipe.get("by"):
            setting.options(by)
        if recipe["kind"] == "ratio" and recipe["against"] not in one.aliases:
            raise LookupError(
                f"'{chart.title}' is against '{recipe['against']}', which no picker is called; "
                f"add il.picker(..., alias='{recipe['against']}')"
            )
        if recipe["kind"] == "parts":
            _check_sum(chart.title, recipe, setting)
    _check_over(chart, one.quantities)


def _check_over(chart: "Chart", known: Mapping[str, Quantity]) -> None:
    grids = [recipe for recipe in chart.recipes.values() if recipe["kind"] == "grid"]
    still = [
        recipe
        for recipe in grids
        if recipe["over"] not in order([recipe["x"], recipe["y"]], known)
        or (recipe["x"] == recipe["over"] and recipe["over"] not in order([recipe["y"]], known))
    ]
    if chart.kind == "crossing":
        still = still if len(still) == len(grids) else []
    if still:
        raise ValueError(
            f"'{still[0]['y']}' in '{chart.title}' does not depend on '{still[0]['over']}'; "
            "draw it over something that it rests on"
        )


def _check_sum(title: str, recipe: Recipe, setting: Setting) -> None:
    name, label = recipe["total"] or recipe["rest"] or ("", "")
    if not name:
        return
    found = solve([*recipe["names"], name], quantities=setting.known, **setting.start)
    parts, whole = sum(found[part] for part in recipe["names"]), found[name]
    close = math.isclose(parts, whole, rel_tol=1e-6)
    if (parts > whole and not close) or (recipe["total"] and not close):
        unit = find(name, setting.known).unit
        raise ValueError(
            f"the parts of '{title}' make {show(parts, unit)}, but '{name}' ({label}) is "
            f"{show(whole, unit)}; give all its parts, each once"
        )
