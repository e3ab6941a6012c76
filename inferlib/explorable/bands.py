"""The rows of a band, cooked from its recipe by polars; `bands.js` does the same in the page."""

from collections.abc import Mapping
from typing import Any

import polars as pl

from inferlib.cases import case
from inferlib.explorable.recipes import Recipe
from inferlib.points import LEVEL, points
from inferlib.quantity import Quantity
from inferlib.scenarios import Scenario
from inferlib.sweeps import columns

Row = dict[str, Any]


def band_rows(recipe: Recipe, scenario: Scenario, known: Mapping[str, Quantity]) -> list[Row]:
    """Where a quantity lies along an input, as `il.uncertainty` has it at each place.

    A place at which fewer than two draws are feasible is left out, and all are where nothing that
    the quantity rests on is in doubt.

    Args:
        recipe: The quantity `y`, what is varied as `over`, and its values `at`.
        scenario: The state.
        known: The formulas in use.
    """
    y, over = recipe["y"], recipe["over"]
    # A curve goes through fractions of what is counted, which a scenario would refuse.
    here = Scenario(scenario.kinds, {**scenario.given, over: recipe["at"][0]})
    asked = case(y, here, known, {}).varied()
    if not asked.ranges:
        return []
    grid = pl.DataFrame({over: pl.Series(recipe["at"], dtype=pl.Float64)})
    frame = grid.join(points(asked.ranges).with_columns(**asked.drawn()), how="cross")
    rest = {name: value for name, value in here.items() if name not in frame.columns}
    solved = columns(frame, rest, want=y, checked=True, quantities=known)
    ends = {"low": (1 - LEVEL) / 2, "high": (1 + LEVEL) / 2}
    return (
        solved.filter("feasible")
        .group_by(pl.col(over).alias("x"), maintain_order=True)
        .agg(pl.len(), **{end: pl.col(y).quantile(share, "linear") for end, share in ends.items()})
        .filter(pl.col("len") > 1)
        .select("x", "low", "high")
        .to_dicts()
    )
