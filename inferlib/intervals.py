"""How sure an answer is: what each uncertain input moves, and the band when all of them vary."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import polars as pl

from inferlib.cases import answer, case
from inferlib.doubts import Own
from inferlib.points import LEVEL, PAGE, points
from inferlib.quantity import Quantity
from inferlib.scenarios import Scenario
from inferlib.show import show

_NUMBERS = ("low", "high", "at_low", "at_high", "swing")
_BAR = {"input": pl.String, **dict.fromkeys(_NUMBERS, pl.Float64)}
_BAR |= {"why": pl.String, "reason": pl.String}


class Weight(NamedTuple):
    """How much an input has to do with the doubt about an answer.

    Attributes:
        input: Its name.
        correlation: That of its place in its range with the rank of the answer, from -1 to 1.
        share: The square of that, as a share of all inputs' squares.
    """

    input: str
    correlation: float
    share: float


@dataclass(frozen=True, repr=False)
class Uncertainty:
    """The band of an answer, in the base unit of the quantity.

    Attributes:
        want: Name of the quantity.
        unit: Its unit.
        value: The answer at the scenario's own values; None if it is not feasible there.
        low: Lower end of the band; None if no draw is feasible, as the next two.
        median: Half of the feasible draws lie below it.
        high: Upper end of the band.
        level: Share of the feasible draws between low and high.
        feasible: Share of the draws that are feasible.
        why: What is not feasible, or that nothing is drawn; else empty.
        held: Inputs that stay at the end of their range.
        importance: The inputs that are drawn, the most important first.
        draws: Gives the draws as a frame, one a row: inputs, the quantity, and `feasible`.
    """

    want: str
    unit: str
    value: float | None
    low: float | None
    median: float | None
    high: float | None
    level: float
    feasible: float
    why: str
    held: tuple[str, ...]
    importance: tuple[Weight, ...]
    draws: Callable[[], pl.DataFrame] = field(compare=False)

    def __repr__(self) -> str:
        """The band in words."""
        held = f"held at the end of their range: {', '.join(self.held)}" if self.held else ""
        return "\n".join(filter(None, [self._band(), held, self.why]))

    def _band(self) -> str:
        if self.low is None or self.median is None or self.high is None:
            return f"{self.want} is not feasible"
        low, median, high = (show(x, self.unit) for x in (self.low, self.median, self.high))
        if not self.importance:
            return f"{self.want} = {median}"
        return f"{self.want} = {median}, {show(self.level, 'share')} between {low} and {high}"


def sensitivity(
    want: str,
    situation: Scenario,
    /,
    *,
    quantities: Mapping[str, Quantity] | None = None,
    **own_ranges: Own,
) -> pl.DataFrame:
    """How far each uncertain input alone moves a quantity: a tornado.

    Example:
        >>> il.sensitivity("tpot", s)    # of a scenario s
        >>> il.sensitivity("tpot", s, memory_efficiency=(0.7, 0.9))

    Args:
        want: The quantity.
        situation: The values of all other inputs.
        quantities: The formulas to use; all of inferlib's if not given.
        **own_ranges: Ranges by name, in base units, over those of `ranges`: `(low, high)` or
            `(low, high, reason)`; None takes a range away.

    Returns:
        A frame, largest swing first: `input`, `low`, `high`, the quantity `at_low` and `at_high`
        in its base unit (null where it is not feasible: `why` says it), `swing`, the distance
        between the least and the largest of these two and the scenario's own (null if fewer than
        two are feasible), `why`, and `reason` of the range. No rows if nothing has a range.

    Raises:
        LookupError: A name is unknown, or an input is missing.
        TypeError: A range is not two numbers, or this is no scenario.
        ValueError: A range is upside down, or leaves out the scenario's own value, or leaves
            what its input may be.
    """
    asked = case(want, situation, quantities, own_ranges)
    bars = pl.DataFrame([asked.bar(name) for name in asked.ranges], _BAR, orient="row")
    return bars.sort("swing", "input", descending=[True, False], nulls_last=True)


def uncertainty(
    want: str,
    situation: Scenario,
    /,
    *,
    samples: int = PAGE,
    seed: int = 0,
    level: float = LEVEL,
    quantities: Mapping[str, Quantity] | None = None,
    **own_ranges: Own,
) -> Uncertainty:
    """The band of a quantity when its uncertain inputs vary together, each for itself.

    An input is drawn from the triangular distribution between its low and high with its value as
    the peak: it asks for no more than these three numbers, stays within them, allows a zero, and
    needs only + - * and the square root, which are the same to the last bit on every machine and
    in the page. The points are those of `inferlib.points`: the page has the first 64 of seed 0.

    An input whose value is an end of its range is a limit and no estimate (a system that is busy
    every second, the lowest price), so it is held there, unless a range is given here:
    `**il.ranges(situation)` draws all. The band holds the doubt about inputs, not that about
    formulas, and inputs that were fitted together vary as if they had not been.

    Example:
        >>> il.uncertainty("tpot", s)    # of a scenario s: the band
        >>> il.uncertainty("tpot", s).importance    # which inputs matter most

    Args:
        want: The quantity.
        situation: The values of all other inputs.
        samples: How many draws.
        seed: Which draws: each number gives another set, equally good.
        level: Share of the draws in the band; the rest is cut off in equal parts at both ends.
        quantities: The formulas to use; all of inferlib's if not given.
        **own_ranges: Ranges by name, in base units, as for `sensitivity`.

    Raises:
        LookupError: A name is unknown, or an input is missing.
        TypeError: A range is not two numbers, or `samples` no whole number.
        ValueError: `samples`, `level` or a range makes no sense.
    """
    if not isinstance(level, float) or not 0 < level < 1:
        raise ValueError(f"level is {level!r}; give a share between 0 and 1, such as 0.8")
    whole = case(want, situation, quantities, own_ranges)
    asked = whole.varied(own_ranges)
    places = points(asked.ranges, samples, seed)
    draws = asked.draws(places)
    answers = draws[want].filter(draws["feasible"]).sort()
    low, median, high = (_quantile(answers, q) for q in ((1 - level) / 2, 0.5, (1 + level) / 2))
    return Uncertainty(
        want=want,
        unit=asked.quantities[want].unit,
        value=answer(want, asked.solve()),
        low=low,
        median=median,
        high=high,
        level=level,
        feasible=answers.len() / draws.height,
        why=asked.why(draws),
        held=tuple(name for name in whole.ranges if name not in asked.ranges),
        importance=_importance(places, draws[want], draws["feasible"]),
        draws=lambda: asked.draws(points(asked.ranges, samples, seed)),
    )


def _quantile(ordered: pl.Series, share: float) -> float | None:
    """Between the two nearest of some values in order; None if there are none."""
    if ordered.is_empty():
        return None
    last = ordered.len() - 1
    below = int(share * last)
    a, b = ordered[below], ordered[min(below + 1, last)]
    return float(a + (b - a) * (share * last - below))


def _importance(places: pl.DataFrame, answers: pl.Series, good: pl.Series) -> tuple[Weight, ...]:
    """By the square of a rank correlation: a place in a range is a rank already."""
    rank = pl.lit(answers.filter(good).rank())
    found = places.filter(good).select(pl.corr(pl.col(n), rank) for n in places.columns)
    each = {n: found[n].fill_nan(0).fill_null(0).item() for n in places.columns}
    total = sum(x * x for x in each.values()) or 1.0
    weights = [Weight(name, x, x * x / total) for name, x in each.items()]
    return tuple(sorted(weights, key=lambda one: (-one.share, one.input)))
