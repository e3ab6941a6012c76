"""Frames of any library: polars' own, and in the words of narwhals those of other engines."""

import functools
import operator
import sys
from collections.abc import Mapping
from types import ModuleType
from typing import Any

import polars as pl

from inferlib.quantity import Quantity


def opened(frame: Any) -> tuple[ModuleType, Any]:
    """The library whose words a frame understands, and the frame in them, in its own engine.

    Raises:
        TypeError: It is no frame.
    """
    if isinstance(frame, pl.DataFrame | pl.LazyFrame):
        return pl, frame
    import narwhals as nw  # takes half as long to load as polars

    found = nw.from_native(frame, pass_through=True)
    if not isinstance(found, nw.DataFrame | nw.LazyFrame):
        kind = type(frame).__name__
        raise TypeError(f"{kind} is no frame; give one of polars, or a relation of DuckDB")
    return nw, found


def sensible(rows: Any, given: list[str], new: list[str], graph: Mapping[str, Quantity]) -> Any:
    """The same rows; nothing new is said where a given value is missing or no sensible number.

    That is one out of range, or a part of a whole thing. An engine that has its
    rows later cannot stop at one with a sentence.
    """
    import narwhals as nw

    def within(one: Quantity) -> nw.Expr:
        most = min(one.high, sys.float_info.max)
        value = nw.col(one.name)
        whole = value.floor() == value if one.whole else nw.lit(True)
        return (value >= one.low) & (value <= most) & whole

    holds = functools.reduce(operator.and_, (within(graph[name]) for name in given), nw.lit(True))
    rows = rows.with_columns(why=holds)  # a name that is free: nothing is explained here
    rows = rows.with_columns(**{name: nw.when(nw.col("why")).then(nw.col(name)) for name in new})
    return rows.with_columns(nw.col("feasible").fill_null(False))
