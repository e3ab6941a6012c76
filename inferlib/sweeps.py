"""Quantities as columns of a frame, and a grid of situations as a frame."""

import functools
import itertools
import math
import operator
import string
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from numbers import Real
from types import ModuleType
from typing import Any, TypeVar

import polars as pl

from inferlib.engines import opened, sensible
from inferlib.formulas import quantities as all_quantities
from inferlib.naming import suggest
from inferlib.ops import known
from inferlib.quantity import Quantity, check, evaluate, find, order
from inferlib.scenarios import KINDS, Scenario
from inferlib.show import show

BLOCK = 32_768  # rows at a time: their columns stay in the cache of a core
Frame = TypeVar("Frame")


def sweep(
    situation: Scenario,
    /,
    *,
    want: str | Iterable[str],
    quantities: Mapping[str, Quantity] | None = None,
    **axes: Iterable[float] | Iterable[str],
) -> pl.DataFrame:
    """Every combination of the axes' values, one a row.

    Example:
        >>> il.sweep(s, chip=["h100-sxm", "h200-sxm"], concurrency=[1, 64], want="tpot")

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
    grid = _grid(situation, axes, quantities, set(order(want, quantities)))
    new = [name for name in dict.fromkeys(want) if name not in axes]
    found = columns(grid, situation, want=new, why=True, checked=True, quantities=quantities)
    return found.select(*axes, *new, "feasible", "why")


def columns(
    frame: Frame,
    situation: Mapping[str, float] | None = None,
    /,
    *,
    want: str | Iterable[str],
    why: bool = False,
    checked: bool = False,
    quantities: Mapping[str, Quantity] | None = None,
) -> Frame:
    """A frame with quantities as further columns: each row is a situation.

    Example:
        >>> frame = pl.DataFrame({"concurrency": [1, 64]})
        >>> il.columns(frame, s, want="tpot")    # with a scenario s for the rest

    Args:
        frame: Columns that are named like quantities are their values, in base units; others stay
            as they are. A lazy frame stays lazy, and streams. A frame of another library that
            narwhals knows, such as a relation of DuckDB, is calculated in its own engine.
        situation: Values of what is no column.
        want: Quantities to calculate, also where the frame has a column of that name.
        why: Whether to say in a last column `why` what does not hold. Text takes its time: of many
            rows, keep those to be explained, and ask for these alone. Of polars frames only.
        checked: Whether the frame is known to hold nothing but numbers within their ranges, as a
            grid of checked values does; then nobody looks again, which saves a third of the time.
        quantities: The formulas to use; all of inferlib's if not given.

    Returns:
        A frame of the same kind, its quantities as Float64, with a column for each wanted quantity
        and `feasible`, whether all conditions hold. Another engine than polars says nothing of a
        value that is missing or outside its range: there a new column is null in that row, and
        `feasible` is false.

    Raises:
        LookupError: A quantity is unknown, or an input is missing.
        TypeError: It is no frame, or `why` is asked of another than polars'; a value is missing or
            not a number (a lazy frame: when it is collected).
        ValueError: A number lies outside the range of its input (likewise).
    """
    graph: Mapping[str, Quantity] = all_quantities if quantities is None else quantities
    want = list(dict.fromkeys([want] if isinstance(want, str) else want))
    old = {"feasible", "why", *(name for name in want if find(name, graph).formula)}
    library, kept = opened(frame)
    own = library is pl
    if why and not own:
        raise TypeError("`why` needs a polars frame; make one of the rows to be explained")
    kept = kept.drop(old, strict=False)
    given = _numbers(kept.collect_schema(), graph)
    kept = kept.with_columns(library.col(name).cast(library.Float64) for name in given)
    values = {n: check(find(n, graph), v) for n, v in (situation or {}).items()}
    values |= {name: library.col(name) for name in given}
    new = [*(name for name in want if name not in given), "feasible", *(["why"] if why else [])]
    rows = kept.lazy()
    if own and not checked:
        rows = rows.map_batches(lambda batch: _within(batch, graph), streamable=True)
    rows = _calculated(rows, want, values, graph, library)
    if not own and not checked:
        rows = sensible(rows, given, new, graph)
    found: Frame = _closed(kept, rows, new)
    return found


def _closed(kept: Any, rows: Any, new: list[str]) -> Any:
    """The kept columns and the new ones, as the kind of frame that came."""
    if isinstance(kept, pl.DataFrame):
        with pl.Config(streaming_chunk_size=BLOCK):
            return kept.hstack(rows.select(new).collect(engine="streaming"))
    found = rows.select(*kept.collect_schema(), *new)
    return found if isinstance(found, pl.LazyFrame) else found.to_native()


def _numbers(schema: pl.Schema, quantities: Mapping[str, Quantity]) -> list[str]:
    """The columns that are quantities; a TypeError if one of them holds no numbers."""
    given = [name for name in schema if name in quantities]
    for name in given:
        if not schema[name].is_numeric():
            unit = quantities[name].unit
            raise TypeError(f"'{name}' is a column of {schema[name]}; give numbers [{unit}]")
    return given


def _calculated(
    rows: Any,
    want: list[str],
    values: Mapping[str, Any],
    quantities: Mapping[str, Quantity],
    library: ModuleType,
) -> Any:
    """The rows with the wanted quantities and `feasible`, and `why` where texts can be made."""
    names = order(want, quantities, values)
    conditions = [name for name in names if quantities[name].otherwise and name not in values]
    words = [word for name in conditions for word in quantities[name].words]
    goal = dict.fromkeys([*want, *conditions, *words])

    def explain(batch: pl.Series) -> pl.Series:
        return _reasons(batch.struct.unnest(), conditions, quantities)

    for step in _steps(names, goal, values, quantities, library):
        rows = rows.with_columns(**step)
    hold = (library.col(name) > 0 for name in conditions)
    rows = rows.with_columns(feasible=functools.reduce(operator.and_, hold, library.lit(True)))
    if library is not pl:
        return rows
    why = pl.struct("feasible", *goal).map_batches(
        explain, return_dtype=pl.String, is_elementwise=True
    )
    return rows.with_columns(why=why)  # polars skips what is not asked for


def _within(batch: pl.DataFrame, quantities: Mapping[str, Quantity]) -> pl.DataFrame:
    """The same rows; what `check` refuses in them is refused with its sentence."""
    for one in (quantities[name] for name in batch.columns if name in quantities):
        column = batch[one.name]
        parts = one.whole and (column != column.floor()).any()
        if column.has_nulls() or parts or not _between(one.low, column, one.high):
            for value in column:
                check(one, value)
    return batch


def _between(low: float, column: pl.Series, high: float) -> bool:
    least: Any = column.min()
    most: Any = column.max()
    # Neither is NaN if another number is there, but the sum is.
    return column.is_empty() or (low <= least and most <= high and math.isfinite(column.sum()))


def _steps(
    names: list[str],
    goal: Collection[str],
    values: Mapping[str, Any],
    quantities: Mapping[str, Quantity],
    library: ModuleType,
) -> Iterable[dict[str, Any]]:
    """Columns to add, step by step: the goal, and what several formulas need.

    A column rests on those of the steps before. What one formula alone needs stays inside that
    formula's expression, where polars calculates in place instead of filling new memory.
    """

    def needs(name: str) -> tuple[str, ...]:
        return () if name in values else quantities[name].needs

    uses = Counter(need for name in names for need in needs(name))
    found: dict[str, Any] = {}
    depth: dict[str, int] = {}
    steps: dict[int, dict[str, Any]] = {}
    for name in names:
        found[name] = value = evaluate(quantities[name], values, found)
        depth[name] = step = max((depth[n] for n in needs(name)), default=0)
        if known(value) and name not in values and (name in goal or uses[name] > 1):
            steps.setdefault(step, {})[name] = value
            found[name], depth[name] = library.col(name), step + 1
        elif name in goal and not known(value):
            steps.setdefault(0, {})[name] = library.lit(float(value))
    return [steps[step] for step in sorted(steps)]


def _grid(
    situation: Scenario,
    axes: Mapping[str, Iterable[Any]],
    quantities: Mapping[str, Quantity],
    needed: set[str],
) -> pl.DataFrame:
    """The combinations as a frame, with a column for each input that varies."""
    for name, values in axes.items():
        if isinstance(values, str | Real):
            raise TypeError(f"'{name}' varies over {values!r}; give a list: [{values!r}]")
    kinds = {name: list(values) for name, values in axes.items() if name in KINDS}
    numbers = {name: values for name, values in axes.items() if name not in KINDS}
    for name in numbers:
        if name not in quantities:
            way = suggest(name, [*quantities, *KINDS]) or "see inferlib.quantities"
            raise LookupError(f"nothing to vary is called '{name}'; {way}")
    frame = _kinds(situation, kinds, needed - set(numbers))
    for name, values in numbers.items():
        column = pl.Series(name, [check(quantities[name], v) for v in values], dtype=pl.Float64)
        frame = frame.join(column.to_frame(), how="cross")
    return frame


def _kinds(situation: Scenario, kinds: Mapping[str, list[str]], needed: set[str]) -> pl.DataFrame:
    if not kinds:
        return pl.DataFrame({"": [0.0]})
    choices = [dict(zip(kinds, names, strict=True)) for names in itertools.product(*kinds.values())]
    rows = [situation.but(**choice).inputs for choice in choices]
    all_rows = [situation.inputs, *rows]  # what they share may still not be the situation's
    varying = [n for n in sorted(needed) if len({row.get(n) for row in all_rows}) > 1]
    for choice, row in zip(choices, rows, strict=True):
        if blank := [name for name in varying if name not in row]:
            which = ", ".join(choice.values())
            raise LookupError(f"the catalog leaves '{blank[0]}' blank for {which}; leave that out")
    columns = {n: pl.Series([row[n] for row in rows], dtype=pl.Float64) for n in varying}
    return pl.DataFrame(choices, schema=dict.fromkeys(kinds, pl.String)).with_columns(**columns)


def _reasons(
    frame: pl.DataFrame, conditions: list[str], quantities: Mapping[str, Quantity]
) -> pl.Series:
    """For each row the sentences of the conditions that do not hold, empty if all hold."""
    why = pl.repeat("", frame.height, dtype=pl.String, eager=True)
    if not conditions:
        return why
    failed = frame.filter(~pl.col("feasible"))
    told = (
        pl.when(pl.col(name) == 0).then(_sentences(quantities[name], failed, quantities))
        for name in conditions
    )
    texts = failed.select(pl.concat_str(told, separator="; ", ignore_nulls=True)).to_series()
    return why.scatter((~frame["feasible"]).arg_true(), texts)


def _sentences(
    condition: Quantity, frame: pl.DataFrame, quantities: Mapping[str, Quantity]
) -> pl.Expr:
    """What `sentence` says of each row; each number is put in words once."""

    def shown(name: str) -> pl.Expr:
        numbers = frame[name].unique()
        texts = [show(number, quantities[name].unit) for number in numbers]
        return pl.col(name).replace_strict(numbers, texts, return_dtype=pl.String)

    parts = string.Formatter().parse(condition.otherwise)
    return pl.concat_str(
        part
        for text, name, _, _ in parts
        for part in (pl.lit(text), *([shown(name)] if name else []))
    )
