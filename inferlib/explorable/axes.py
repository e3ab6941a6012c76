"""Axes in plain numbers: what stands at a tick, and where the ticks are."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt

from inferlib.formulas import quantities
from inferlib.quantity import find
from inferlib.show import STEPS

_DAY, _YEAR = 86400.0, 365.25 * 86400
_SPARED = 0.45  # share of a plot's width that names may take


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


_PLAIN = ((1e12, 1e12, "T"), (1e9, 1e9, "B"), (1e6, 1e6, "M"), (1e4, 1e3, "k"), (0.0, 1.0, ""))
# A power of ten, such as 10²⁴, for numbers that have no name.
_POWER = "round(log(datum.value) / LN10)"
_RAISED = "slice('⁰¹²³⁴⁵⁶⁷⁸⁹', {0}, {0} + 1)"
_TENS = f"'10' + {_RAISED.format(f'floor({_POWER} / 10)')} + {_RAISED.format(f'{_POWER} % 10')}"
# For a unit: the label of a tick as a Vega expression, and the title of the axis.
_LABELS: Mapping[str, tuple[str, str]] = {
    "dollar": (
        _steps((1e9, 1e9, "B"), (1e6, 1e6, "M"), (1e3, 1e3, "k"), (0.0, 1.0, ""), before="$"),
        "dollars",
    ),
    "dollar/sequence": (
        "datum.value < 1 ? format(100 * datum.value, '~g') + ' ¢'"
        " : '$' + format(datum.value, '~g')",
        "cost of a request",
    ),
    "dollar/token": (_steps((0.0, 1e-6, ""), before="$"), "$ a million tokens"),
    "dollar/second/chip": (_steps((0.0, 1 / 3600, ""), before="$"), "$ an hour"),
    "flop/second/chip": (_steps((1e15, 1e15, "P"), (0.0, 1e12, "T")), "FLOP/s of each chip"),
    "flop/byte": (_steps(*_PLAIN), "FLOP per byte read"),
}
_CALENDAR = _steps(
    (2 * _YEAR, _YEAR, " years"),
    (_YEAR, _YEAR, " year"),
    (2 * _DAY, _DAY, " days"),
    (_DAY, _DAY, " day"),
    (0.0, 3600.0, " h"),
)
_SECONDS = _steps((1.0, 1.0, " s"), (1e-3, 1e-3, " ms"), (0.0, 1e-6, " µs"))
# Units whose ticks carry the unit, since it is short.
_SHORT = ("byte", "joule", "share", "gram")


def short(name: str) -> str:
    """A label as part of a sentence: in lower case, without what follows a colon or bracket."""
    label = find(name, quantities).label.partition(":")[0].partition(" (")[0]
    return label if label[:2].isupper() else label[:1].lower() + label[1:]


def _ticks(name: str, domain: tuple[float, float]) -> tuple[str, str]:
    """The label of a tick as a Vega expression, and the title of the axis."""
    unit = quantities[name].unit
    if unit in _LABELS:
        return _LABELS[unit]
    if unit == "flop":
        return _TENS, f"{short(name)}, in FLOP"
    if unit.startswith("second"):
        return _CALENDAR if domain[1] > _DAY else _SECONDS, short(name)
    if unit.startswith(_SHORT) and not STEPS[unit][0][1]:
        steps = ((least, least, after) for least, _, after in STEPS[unit])
        return _steps(*steps), short(name)
    return _steps(*_PLAIN), short(name)


def _size(name: str) -> float:
    """The unit of the labels of a quantity's ticks, in base units; 1 if it is a power of ten."""
    unit, steps = quantities[name].unit, STEPS[quantities[name].unit]
    alone = unit in _LABELS and len(steps) == 1
    least = steps[-1][0] if alone or (unit.startswith(_SHORT) and not steps[0][1]) else 1.0
    return 1.0 if math.log10(least) % 1 == 0 else least


def told_apart(name: str, domain: tuple[float, float]) -> str:
    """The title of an axis beside another of the same unit: what it is of, and the unit."""
    unit = _ticks(name, domain)[1]
    return unit if unit == short(name) else f"{short(name)}, {unit}"


def log_axis(
    name: str,
    domain: tuple[float, float],
    ticks: Sequence[float] = (),
    title: str = "",
    room: float = 0,
) -> dict[str, Any]:
    """Scale and axis of a quantity on a log axis that keeps still.

    Args:
        name: The quantity.
        domain: Least and largest value, in base units.
        ticks: Where labels stand; at powers of ten if not given.
        title: What the axis is called, if not by its unit.
        room: Pixels left free after its end, but not more than a phone can spare.

    Raises:
        ValueError: A tick is not above zero.
    """
    if wrong := [one for one in ticks if not 0 < one < math.inf]:
        raise ValueError(f"a log axis has a tick at {wrong[0]:g}; give ticks above zero")
    label, unit = _ticks(name, domain)
    size = _size(name)  # a watt-hour is no power of ten joules, nor a dollar an hour one a second
    even = [size * value for value in _even(domain[0] / size, domain[1] / size)]
    axis = alt.Axis(title=title or unit, values=list(ticks) or even, labelExpr=label)
    scale = alt.Scale(type="log", domain=list(domain), nice=False)
    if room:
        scale.rangeMax = alt.ExprRef(f"width - min({room:g}, {_SPARED} * width)")
    return {"scale": scale, "axis": axis}


def decades(low: float, high: float) -> list[float]:
    """Powers of ten within a range."""
    first, last = math.ceil(math.log10(low) - 1e-9), math.floor(math.log10(high) + 1e-9)
    return [10.0**n for n in range(first, last + 1)]


def _even(low: float, high: float) -> list[float]:
    """Powers of ten, or where a range has few of them, their doubles and fives too."""
    found = decades(low, high)
    if len(found) > 2:
        return found
    fine = [n * 10.0**e for e in range(-30, 31) for n in (1, 2, 5)]
    return [value for value in fine if low * (1 - 1e-9) <= value <= high * (1 + 1e-9)]


def rounded(low: float, high: float) -> tuple[float, float]:
    """A range brought out to the next 1, 2 or 5 of a power of ten."""
    fine = [n * 10.0**e for e in range(-30, 31) for n in (1, 2, 5)]
    least = max(value for value in fine if value <= low)
    return least, max(min(value for value in fine if value >= high), 10 * least)


def spaced(low: float, high: float, steps: int) -> list[float]:
    """Values from low to high, evenly spaced on a log axis."""
    return [low * (high / low) ** (i / (steps - 1)) for i in range(steps)]
