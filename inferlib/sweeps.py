"""A grid of situations as a frame, with quantities as its columns."""

import itertools
from collections.abc import Iterable, Mapping
from numbers import Real
from typing import Any

import polars as pl

from inferlib.formulas import quantities as all_quantities
from inferlib.quantity import Quantity, check, order, sentence, solve, suggest
from inferlib.scenarios import KINDS, Scenario


def sweep(
    situation: Scenario,
    /,
    *,
    want: str | Iterable[str],
    quantities: Mapping[str, Quantity] | None = None,
    **axes: Iterable[float] | Iterable[str],
) -> pl.DataFrame:
    """Every combination of the axes' values, one a row.

    Args:
        situation: What does not vary.
        want: Quantities to calculate.
        quantities: The formulas to use; all of inferlib's if not given.
        **axes: Values by name of an input, or names by kind: `chip=["h100-sxm", "h200-sxm"]`.

    Returns:
        A frame with a column for each axis and each wanted quantity (Float64, base units), then
        `feasible` and `why`, the sentence that says what does not hold (empty if all holds).

    Raises:
        LookupError: An axis, a name or a wanted quantity is unknown.
    """
    quantities = all_quantities if quantities is None else quantities
    want = [want] if isinstance(want, str) else list(want)
    needed = set(order(want, quantities))
    grid, varying = _grid(situation, axes, quantities, needed)
    values = {**situation, **{name: pl.col(name) for name in varying}}
    solved = solve(want, quantities=quantities, **values)
    conditions = [name for name in solved if quantities[name].otherwise]
    kept = dict.fromkeys(
        [*want, *conditions, *(w for c in conditions for w in quantities[c].words)]
    )
    frame = grid.with_columns(**{f"={name}": _column(solved[name]) for name in kept})
    holds = pl.all_horizontal(pl.lit(True), *(pl.col(f"={name}") > 0 for name in conditions))
    frame = frame.with_columns(feasible=holds)
    why = _reasons(frame, conditions, quantities)
    found = [pl.col(f"={name}").alias(name) for name in want]
    return frame.with_columns(why=why).select(*axes, *found, "feasible", "why")


def _grid(
    situation: Scenario,
    axes: Mapping[str, Iterable[Any]],
    quantities: Mapping[str, Quantity],
    needed: set[str],
) -> tuple[pl.DataFrame, list[str]]:
    """The combinations as a frame, and the names of the inputs that vary in it."""
    for name, values in axes.items():
        if isinstance(values, str | Real):
            raise TypeError(f"'{name}' varies over {values!r}; give a list: [{values!r}]")
    kinds = {name: list(values) for name, values in axes.items() if name in KINDS}
    numbers = {name: values for name, values in axes.items() if name not in KINDS}
    for name in numbers:
        if name not in quantities:
            way = suggest(name, [*quantities, *KINDS]) or "see inferlib.quantities"
            raise LookupError(f"nothing to vary is called '{name}'; {way}")
    frame, varying = _kinds(situation, kinds, needed - set(numbers))
    for name, values in numbers.items():
        column = pl.Series(name, [check(quantities[name], v) for v in values], dtype=pl.Float64)
        frame = frame.join(column.to_frame(), how="cross")
    return frame, [*varying, *numbers]


def _kinds(
    situation: Scenario, kinds: Mapping[str, list[str]], needed: set[str]
) -> tuple[pl.DataFrame, list[str]]:
    if not kinds:
        return pl.DataFrame({"": [0.0]}), []
    choices = [dict(zip(kinds, names, strict=True)) for names in itertools.product(*kinds.values())]
    rows = [situation.but(**choice).inputs for choice in choices]
    varying = [n for n in sorted(needed) if len({row.get(n) for row in rows}) > 1]
    for choice, row in zip(choices, rows, strict=True):
        if blank := [name for name in varying if name not in row]:
            which = ", ".join(choice.values())
            raise LookupError(f"the catalog leaves '{blank[0]}' blank for {which}; leave that out")
    columns = {n: pl.Series([row[n] for row in rows], dtype=pl.Float64) for n in varying}
    return pl.DataFrame(choices, schema=dict.fromkeys(kinds, pl.String)).with_columns(
        **columns
    ), varying


def _column(value: Any) -> pl.Expr:
    return value if isinstance(value, pl.Expr) else pl.lit(float(value))


def _reasons(
    frame: pl.DataFrame, conditions: list[str], quantities: Mapping[str, Quantity]
) -> pl.Series:
    def say(row: Mapping[str, Any]) -> str:
        values = {name.removeprefix("="): value for name, value in row.items()}
        failed = (quantities[name] for name in conditions if not values[name])
        return "; ".join(sentence(one, values, quantities) for one in failed)

    if frame["feasible"].all():
        return pl.Series([""] * frame.height, dtype=pl.String)
    return pl.Series([say(row) for row in frame.iter_rows(named=True)], dtype=pl.String)
