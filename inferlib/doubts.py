"""The ranges of inputs: between which values each may lie, and why there."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import polars as pl

from inferlib import catalog
from inferlib.ops import known
from inferlib.presets import ANY
from inferlib.quantity import Quantity, check
from inferlib.scenarios import Scenario


class Range(NamedTuple):
    """Where an input may lie, in its base unit.

    Attributes:
        low: Its least plausible value.
        high: Its largest.
        reason: Whence the two come.
    """

    low: float
    high: float
    reason: str = "given by the caller"


# The kinds of a scenario on which its ranges depend.
READS = ("preset", "chip", "pricing")
Own = Range | tuple[float, float] | tuple[float, float, str] | None


def ranges(situation: Mapping[str, float], /) -> dict[str, Range]:
    """The inputs of a scenario that are uncertain, by name.

    They are the rows of assumptions.csv and of the preset in calibration.csv, and the price of the
    chip, from the lowest to the highest row of prices.csv in force for the chip and basis. What the
    scenario was given as a number is a decision, and has no range. Nor has what a datasheet or a
    configuration says: the doubt about a peak rate is that about the share of it that is reached,
    `memory_efficiency`.

    Example:
        >>> il.ranges(s)["memory_efficiency"]    # of a scenario s

    Raises:
        TypeError: It is no scenario.
    """
    if not isinstance(situation, Scenario):
        kind = type(situation).__name__
        raise TypeError(f"give a scenario, as il.scenario(...) makes it, not a {kind}")
    rows = [*catalog.assumptions().iter_rows(named=True), *_calibrated(situation.kinds["preset"])]
    found = {row["input"]: Range(row["low"], row["high"], _reason(row)) for row in rows}
    found |= _price(situation.kinds["chip"], situation.kinds["pricing"])
    return {
        name: one
        for name, one in found.items()
        if one.low < one.high and name not in situation.given
    }


def _calibrated(preset: str) -> Iterator[dict[str, Any]]:
    rows = catalog.calibration().filter((pl.col("preset") == preset) & (pl.col("engine") == ANY))
    return rows.iter_rows(named=True)


def own_range(one: Quantity, given: Any) -> Range:
    """The range that a caller gives of an input, checked.

    Raises:
        TypeError: It is not two numbers.
        ValueError: It is upside down, or leaves what the input may be.
    """
    right = isinstance(given, tuple | list) and len(given) in (2, 3)
    if not right or any(map(known, given[:2])) or any(not isinstance(x, str) for x in given[2:]):
        raise TypeError(f"the range of '{one.name}' is {given!r}; give (low, high), in {one.unit}")
    low, high = (check(one, end) for end in given[:2])
    if low > high:
        raise ValueError(f"the range of '{one.name}' runs from {low:g} down to {high:g}; turn it")
    return Range(low, high, *given[2:])


def _reason(row: Mapping[str, str]) -> str:
    """Of a row of assumptions: what its notes say of the range, or else its source."""
    _, _, said = row["notes"].partition("Range: ")
    return said or row["source"]


def _price(chip: str, basis: str) -> dict[str, Range]:
    of_chip = (pl.col("chip") == chip) & (pl.col("basis") == basis)
    rows = catalog.prices().filter(of_chip).sort("chip_price", "provider")
    if rows.is_empty():
        return {}
    ends = [rows.row(place, named=True) for place in (0, -1)]
    low, high = (f"{end['provider']} at ${end['dollars_per_hour']:.2f}/h" for end in ends)
    reason = f"{rows.height} {basis} prices, from {low} to {high}"
    return {"chip_price": Range(ends[0]["chip_price"], ends[1]["chip_price"], reason)}
