"""Points of a table of ours, as dots on a chart."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from inferlib.naming import suggest

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True)
class Known:
    """Points of a table of ours, drawn as dots.

    Attributes:
        name: What they are, in the plural.
        rows: For each its place in base units, and what it says under the pointer.
    """

    name: str
    rows: tuple[Mapping[str, Any], ...]


def known(frame: "pl.DataFrame", *, x: str, y: str, label: str, name: str) -> Known:
    """Points of a table of ours as dots on a chart, whatever the reader sets.

    Example:
        >>> runs = il.known(il.catalog.training_runs(), x="training_flops", y="chip_time",
        ...                 label="model", name="Published training runs")

    Args:
        frame: The table.
        x: Its column along the axis, in the base unit of what the chart has there.
        y: Its column up.
        label: Its column of words for each point: whose it is, from which source, of what day.
        name: What the points are, in the plural; it stands under the chart.

    Raises:
        LookupError: The table has no such column.
        ValueError: There is no row or no name, or a value is missing or not above zero.
    """
    for column in (x, y, label):
        if column not in frame.columns:
            way = suggest(column, frame.columns) or f"choose {', '.join(frame.columns)}"
            raise LookupError(f"the points '{name}' have no column '{column}'; {way}")
    rows = frame.select(x=x, y=y, label=label).to_dicts()
    if not rows or not name.strip():
        raise ValueError(f"the points '{name}' are {len(rows)}; give a name, and at least one row")
    for row in rows:
        at = (row["x"], row["y"])
        if not all(isinstance(one, int | float) and 0 < one < math.inf for one in at):
            raise ValueError(
                f"a point of '{name}' is at {at}, and axes are logarithmic; leave it out"
            )
        if not str(row["label"] or "").strip():
            raise ValueError(f"a point of '{name}' has no words in '{label}'; say what it is")
    return Known(name, tuple(rows))
