"""Axes in plain numbers: what stands at a tick, and where the ticks are."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt

from inferlib.formulas import quantities

_DAY, _YEAR = 86400.0, 365.25 * 86400


def _steps(*steps: tuple[float, float, str], before: str = "") -> str:
    """A Vega expression: the first step that the number reaches, as (least, size, what follows)."""
    texts = [
        f"'{before}' + format(datum.value / {size!r}, '~g') + '{after}'" for _, size, after in steps
    ]
    tests = [
        f"datum.value >= {least!r} ? {text} : "
        for (least, _, _), text in zip(steps, texts, strict=True)
    ]
    return "".join(tests[:-1]) + texts[-1]


_PLAIN = ((1e9, 1e9, "B"), (1e6, 1e6, "M"), (1e4, 1e3, "k"), (0.0, 1.0, ""))
# For a unit: the label of a tick as a Vega expression, and the title of the axis.
_LABELS: Mapping[str, tuple[str, str]] = {
    "dollar": (
        _steps((1e9, 1e9, "B"), (1e6, 1e6, "M"), (1e3, 1e3, "k"), (0.0, 1.0, ""), before="$"),
        "dollars",
    ),
    "dollar/token": (_steps((0.0, 1e-6, ""), before="$"), "$ a million tokens"),
    "flop/second/chip": (_steps((1e15, 1e15, "P"), (0.0, 1e12, "T")), "FLOP/s of each chip"),
    "flop/byte": (_steps(*_PLAIN), "FLOP per byte read"),
    "second": (
        _steps(
            (2 * _YEAR, _YEAR, " years"),
            (_YEAR, _YEAR, " year"),
            (2 * _DAY, _DAY, " days"),
            (_DAY, _DAY, " day"),
            (0.0, 3600.0, " h"),
        ),
        "time since launch",
    ),
}


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
