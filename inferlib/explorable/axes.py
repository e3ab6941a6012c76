"""Axes in plain numbers: what stands at a tick, and where the ticks are."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt

from inferlib.formulas import quantities

_YEAR = 365.25 * 86400


def _scaled(size: float, before: str = "", after: str = "") -> str:
    return f"'{before}' + format(datum.value / {size!r}, '~g') + '{after}'"


def _steps(*steps: tuple[float, str], before: str = "") -> str:
    """A Vega expression: the number in the largest of some steps that it reaches."""
    *upper, last = steps
    tests = [
        f"datum.value >= {size!r} ? {_scaled(size, before, after)} : " for size, after in upper
    ]
    return "".join(tests) + _scaled(last[0], before, last[1])


_PLAIN = ((1e9, "B"), (1e6, "M"), (1e3, "k"), (1.0, ""))
# For a unit: the label of a tick as a Vega expression, and the title of the axis.
_LABELS: Mapping[str, tuple[str, str]] = {
    "dollar": (_steps(*_PLAIN, before="$"), "dollars"),
    "dollar/token": (_scaled(1e-6, "$"), "$ a million tokens"),
    "flop/second/chip": (_scaled(1e12), "TFLOP/s of each chip"),
    "flop/byte": (_scaled(1.0), "FLOP per byte read"),
    "second": (
        _steps((2 * _YEAR, " years"), (_YEAR, " year"), (2 * 86400.0, " days"), (86400.0, " day"), (3600.0, " h"))
        .replace(f"datum.value / {2 * _YEAR!r}", f"datum.value / {_YEAR!r}")
        .replace(f"datum.value / {2 * 86400.0!r}", "datum.value / 86400"),
        "time since launch",
    ),
}  # fmt: skip


def log_axis(
    name: str, domain: tuple[float, float], ticks: Sequence[float] = (), title: str = ""
) -> dict[str, Any]:
    """Scale and axis of a quantity on a log axis that keeps still.

    Args:
        name: The quantity.
        domain: Least and largest value, in base units.
        ticks: Where labels stand; at powers of ten if not given.
        title: What the axis is called, if not by its unit.
    """
    usual = (_steps(*_PLAIN), quantities[name].label.lower())
    label, unit = _LABELS.get(quantities[name].unit, usual)
    axis = alt.Axis(title=title or unit, values=list(ticks) or decades(*domain), labelExpr=label)
    return {"scale": alt.Scale(type="log", domain=list(domain), nice=False), "axis": axis}


def decades(low: float, high: float) -> list[float]:
    """Powers of ten within a range."""
    first, last = math.ceil(math.log10(low) - 1e-9), math.floor(math.log10(high) + 1e-9)
    return [10.0**n for n in range(first, last + 1)]


def spaced(low: float, high: float, steps: int) -> list[float]:
    """Values from low to high, evenly spaced on a log axis."""
    return [low * (high / low) ** (i / (steps - 1)) for i in range(steps)]
