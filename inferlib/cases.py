"""A question: a quantity, the values of inputs, and the ranges of some."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from inferlib.doubts import Own, Range, own_range, ranges
from inferlib.formulas import quantities as all_quantities
from inferlib.ops import floor
from inferlib.points import triangular
from inferlib.quantity import Quantity, Solution, order, solve
from inferlib.scenarios import Scenario
from inferlib.show import show
from inferlib.sweeps import columns


@dataclass(frozen=True)
class Case:
    """A question: a quantity, the values of inputs, and the ranges of some."""

    want: str
    values: Mapping[str, float]
    ranges: Mapping[str, Range]
    quantities: Mapping[str, Quantity]

    def inside(self, name: str) -> bool:
        """Whether an input lies between the ends of its range."""
        return self.ranges[name].low < self.values[name] < self.ranges[name].high

    def varied(self, always: Collection[str] = ()) -> "Case":
        """The same question with those ranges alone whose inputs are drawn: no limits."""
        drawn = {n: one for n, one in self.ranges.items() if n in always or self.inside(n)}
        return replace(self, ranges=drawn)

    def solve(self, **changes: Any) -> Solution:
        """The answer with some inputs changed."""
        return solve(self.want, quantities=self.quantities, **{**self.values, **changes})

    def bar(self, name: str) -> tuple[Any, ...]:
        """A row of the tornado."""
        low, high, reason = self.ranges[name]
        ends = [(end, self.solve(**{name: end})) for end in (low, high)]
        at_low, at_high = (answer(self.want, found) for _, found in ends)
        reached = [x for x in (at_low, answer(self.want, self.solve()), at_high) if x is not None]
        swing = max(reached) - min(reached) if len(reached) > 1 else None
        unit = self.quantities[name].unit
        why = [f"at {show(end, unit)}: {said(found)}" for end, found in ends if found.why]
        return name, low, high, at_low, at_high, swing, "; ".join(why), reason

    def rounded(self, name: str, value: Any) -> Any:
        """The value that an input is given: the nearest whole number where things are counted."""
        return floor(value + 0.5) if self.quantities[name].whole else value

    def drawn(self) -> dict[str, pl.Expr]:
        """The inputs' values at places in their ranges, which are columns."""
        return {
            name: self.rounded(name, triangular(pl.col(name), low, self.values[name], high))
            for name, (low, high, _) in self.ranges.items()
        }

    def draws(self, places: pl.DataFrame) -> pl.DataFrame:
        """Inputs, answer and feasibility at places in the ranges; one row if nothing varies."""
        drawn = self.drawn()
        frame = places.with_columns(**drawn) if drawn else pl.DataFrame({"": [0.0]})
        rest = {name: value for name, value in self.values.items() if name not in drawn}
        frame = columns(frame, rest, want=self.want, checked=True, quantities=self.quantities)
        return frame.select(*{**drawn, self.want: None}, "feasible")

    def why(self, draws: pl.DataFrame) -> str:
        """A sentence where nothing is drawn, or something is not feasible."""
        own, bad = said(self.solve()), draws.filter(~pl.col("feasible"))
        if not self.ranges:
            none = f"nothing that '{self.want}' rests on is drawn; give a range: name=(low, high)"
            return "; ".join(filter(None, [own, none]))
        if bad.is_empty():
            return ""
        example = own or said(self.solve(**bad.select(*self.ranges).row(0, named=True)))
        share = show(1 - bad.height / draws.height, "share")
        return f"feasible in {share} of the draws: {example}"


def case(
    want: str,
    situation: Scenario,
    quantities: Mapping[str, Quantity] | None,
    own_ranges: Mapping[str, Own],
) -> Case:
    """The question after a quantity of a scenario, with the ranges that it rests on.

    Raises:
        LookupError: A name is unknown, or an input is missing.
        TypeError: A range is not two numbers, or this is no scenario.
        ValueError: A range is upside down, or leaves out the scenario's own value.
    """
    quantities = all_quantities if quantities is None else quantities
    found = ranges(situation)
    values = dict(situation)
    for name, own in own_ranges.items():
        if own is None:
            order([name], quantities)  # which knows the name, or says that it does not
            found.pop(name, None)
        else:
            values[name] = solve(name, quantities=quantities, **situation)[name]
            found[name] = own_range(quantities[name], own)
    needed = set(order([want], quantities, values))
    for name, (low, high, _) in found.items():
        if name in needed and not low <= values[name] <= high:
            raise ValueError(
                f"'{name}' is {values[name]:g} in the scenario, and its range is {low:g} to "
                f"{high:g}; give a range around it, or another value"
            )
    kept = {n: found[n] for n in sorted(needed & {*found}) if found[n].low < found[n].high}
    return Case(want, values, kept, quantities)


def answer(want: str, found: Solution) -> float | None:
    """The value of a quantity; None where it is not feasible."""
    return float(found[want]) if found.feasible else None


def said(found: Solution) -> str:
    """What does not hold."""
    return "; ".join(found.why.values())
