"""A grid of situations as a frame, with quantities as its columns."""

import itertools
from collections.abc import Iterable, Mapping
from typing import Any

import polars as pl

from inferlib.formulas import quantities as all_quantities
from inferlib.quantity import Quantity, check, sentence, solve, suggest
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
    grid, varying = _grid(situation, axes, quantities)
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
    situation: Scenario, axes: Mapping[str, Iterable[Any]], quantities: Mapping[str, Quantity]
) -> tuple[pl.DataFrame, list[str]]:
    kinds = {name: list(values) for name, values in axes.items() if name in KINDS}
    numbers = {name: values for name, values in axes.items() if name not in KINDS}
    for name in numbers:
        if name not in quantities:
            way = suggest(name, [*quantities, *KINDS])
            raise LookupError(
                f"nothing to vary is called '{name}'; {way or 'see inferlib.quantities'}"
            )
    frame, resolved = _kinds(situation, kinds)
    for name, values in numbers.items():
        column = [check(quantities[name], value) for value in values]
        frame = frame.drop(name, strict=False).join(
            pl.DataFrame({name: pl.Series(column, dtype=pl.Float64)}), how="cross"
        )
    return frame, [*resolved, *numbers]


def _kinds(situation: Scenario, kinds: Mapping[str, list[str]]) -> tuple[pl.DataFrame, list[str]]:
    combinations = [
        dict(zip(kinds, names, strict=True)) for names in itertools.product(*kinds.values())
    ]
    rows = [situation.but(**names).inputs for names in combinations]
    varying = (
        [name for name in rows[0] if any(row.get(name) != rows[0][name] for row in rows)]
        if kinds
        else []
    )
    for names, row in zip(combinations, rows, strict=True):
        if blank := [name for name in varying if name not in row]:
            raise LookupError(f"the catalog leaves '{blank[0]}' blank for {names}; leave that out")
    data = [
        {**names, **{v: row[v] for v in varying}}
        for names, row in zip(combinations, rows, strict=True)
    ]
    frame = pl.DataFrame(data) if kinds else pl.DataFrame({"": [0.0]})
    return frame, varying


def _column(value: Any) -> pl.Expr:
    return value if isinstance(value, pl.Expr) else pl.lit(float(value))


def _reasons(
    frame: pl.DataFrame, conditions: list[str], quantities: Mapping[str, Quantity]
) -> pl.Series:
    if frame["feasible"].all():
        return pl.Series([""] * frame.height, dtype=pl.String)

    return pl.Series(
        [
            "; ".join(
                sentence(
                    quantities[name], {w: row[f"={w}"] for w in quantities[name].words}, quantities
                )
                for name in conditions
                if not row[f"={name}"]
            )
            for row in frame.iter_rows(named=True)
        ],
        dtype=pl.String,
    )
