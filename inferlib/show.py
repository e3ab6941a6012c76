"""Numbers for people: 2.3 ms, $0.57/M tokens, 141 GB. The page formats by the same table."""

import math
from collections.abc import Iterable, Mapping
from decimal import ROUND_HALF_UP, Context

SPACE = "\u202f"
_PREFIXES = {24: "Y", 21: "Z", 18: "E", 15: "P", 12: "T", 9: "G", 6: "M", 3: "k", 0: ""}

Steps = tuple[tuple[float, str, str], ...]


def _prefixed(symbol: str, largest: int) -> Steps:
    return tuple(
        (10.0**n, "", f"{SPACE}{prefix}{symbol}") for n, prefix in _PREFIXES.items() if n <= largest
    )


_TIME: Steps = (
    (86400 * 365.25, "", f"{SPACE}years"),
    (86400.0, "", f"{SPACE}days"),
    (3600.0, "", f"{SPACE}h"),
    (60.0, "", f"{SPACE}min"),
    (1.0, "", f"{SPACE}s"),
    (1e-3, "", f"{SPACE}ms"),
    (1e-6, "", f"{SPACE}µs"),
)
_BARE: Steps = ((1e12, "", "T"), (1e9, "", "B"), (1e6, "", "M"), (1.0, "", ""))
_BYTES, _BYTE_RATE = _prefixed("B", 15), _prefixed("B/s", 15)
_POWERS: Steps = tuple(
    (10.0**n, "", f"{SPACE}×{SPACE}10{power}{SPACE}FLOP")
    for n, power in ((24, "²⁴"), (21, "²¹"), (18, "¹⁸"))
)
_FLOPS, _FLOP_RATE = _POWERS + _prefixed("FLOP", 15), _prefixed("FLOP/s", 18)
_MONEY: Steps = ((1e9, "$", "B"), (1e6, "$", "M"), (1.0, "$", ""))
_CENTS: Steps = ((1e9, "$", "B"), (1e6, "$", "M"), (1.0, "$", ""), (0.01, "", f"{SPACE}¢"))
_HOURLY: Steps = ((1 / 3600, "$", "/h"),)
_ENERGY: Steps = ((3.6e6, "", f"{SPACE}kWh"), (3600.0, "", f"{SPACE}Wh"))
_MASS: Steps = (
    (1e6, "", f"{SPACE}t"),
    (1e3, "", f"{SPACE}kg"),
    (1.0, "", f"{SPACE}g"),
    (1e-3, "", f"{SPACE}mg"),
)

# For each base unit, from large to small: the size of a step, what stands before, what after.
# A number takes the largest step that it reaches, else the smallest.
STEPS: Mapping[str, Steps] = {
    "1": _BARE,
    "1/token": _BARE,
    "share": ((0.01, "", f"{SPACE}%"),),
    "chip": _BARE,
    "sequence": _BARE,
    "token": _BARE,
    "token/sequence": _BARE,
    "byte": _BYTES,
    "byte/chip": _BYTES,
    "byte/token": _BYTES,
    "byte/sequence": _BYTES,
    "byte/second": _BYTE_RATE,
    "byte/second/chip": _BYTE_RATE,
    "flop": _FLOPS,
    "flop/token": _FLOPS,
    "flop/sequence": _FLOPS,
    "flop/second": _FLOP_RATE,
    "flop/second/chip": _FLOP_RATE,
    "flop/byte": ((1.0, "", f"{SPACE}FLOP/B"),),
    "second": _TIME,
    "second/sequence": _TIME,
    "second/token": _TIME,
    "second*sequence/token": _TIME,
    "token/second": (
        (1e6, "", f"M{SPACE}tok/s"),
        (1e3, "", f"k{SPACE}tok/s"),
        (1.0, "", f"{SPACE}tok/s"),
    ),
    "token/second/sequence": ((1.0, "", f"{SPACE}tok/s"),),
    "sequence/second": ((1.0, "", f"{SPACE}/s"), (1 / 86400, "", f"{SPACE}a day")),
    "joule": _ENERGY,
    "joule/sequence": _ENERGY,
    "joule/second": _prefixed("W", 9),
    "joule/second/chip": _prefixed("W", 6),
    "joule/token": ((1.0, "", f"{SPACE}J"), (1e-3, "", f"{SPACE}mJ")),
    "token/joule": ((1.0, "", f"{SPACE}tok/J"),),
    "token/dollar": (
        (1e6, "", f"M{SPACE}tok/$"),
        (1e3, "", f"k{SPACE}tok/$"),
        (1.0, "", f"{SPACE}tok/$"),
    ),
    "dollar": _MONEY,
    "dollar/sequence": _CENTS,
    "dollar/second": (
        (1e6 / 86400, "$", f"M{SPACE}a{SPACE}day"),
        (1e3 / 86400, "$", f"k{SPACE}a{SPACE}day"),
        (1 / 86400, "$", f"{SPACE}a{SPACE}day"),
    ),
    "second*chip": (
        (3.6e9, "", f"M{SPACE}chip-hours"),
        (3.6e6, "", f"k{SPACE}chip-hours"),
        (3600.0, "", f"{SPACE}chip-hours"),
    ),
    "dollar/second/chip": _HOURLY,
    "dollar/token": ((1e-6, "$", f"/M{SPACE}tokens"),),
    "dollar/chip": _MONEY,
    "dollar/joule": ((1 / 3.6e6, "$", "/kWh"),),
    "dollar/second/byte": ((1e-9 / 3600, "$", "/GB/h"),),
    "dollar/byte": ((1e-9, "$", "/GB"),),
    "gram/chip": _MASS,
    "gram/sequence": _MASS,
    "gram/joule": ((1 / 3.6e6, "", f"{SPACE}g/kWh"),),
}


def show(value: float, unit: str = "1", digits: int = 3) -> str:
    """A number with its unit, rounded to so many digits; whole counts below a million are not.

    Example:
        >>> il.show(1.21e-6, "dollar/token")
        '$1.21/M tokens'

    Args:
        value: The number, in the unit.
        unit: A base unit of a quantity.
        digits: Significant digits.

    Raises:
        LookupError: The unit has no steps to print it by.
    """
    if unit not in STEPS:
        raise LookupError(f"no way to show the unit '{unit}'; add its steps to inferlib.show.STEPS")
    if value < 0:
        return "\u2212" + show(-value, unit, digits)
    if math.isinf(value):
        return "∞"
    exact = value == int(value) and value < 1e6 and STEPS[unit] is _BARE
    if exact:
        return f"{value:,.0f}"
    scale, before, after = step(value, unit, digits)
    return before + _digits(value / scale, digits, bool(before)) + after


def step(value: float, unit: str, digits: int = 3) -> tuple[float, str, str]:
    """The step by which a number is shown: its size, what stands before, what after."""
    near = value * (1 + 0.5 * 10**-digits) if value else 1.0  # what rounds up to a step takes it
    return next((s for s in STEPS[unit] if near >= s[0]), STEPS[unit][-1])


def _round(value: float, digits: int) -> float:
    # Ties go up, as JavaScript's toPrecision does; Python's own format sends them to even.
    return float(Context(prec=digits, rounding=ROUND_HALF_UP).create_decimal_from_float(value))


def _digits(x: float, digits: int, money: bool) -> str:
    if x == 0:
        return "0"
    x = _round(x, digits)
    decimals = max(0, digits - 1 - math.floor(math.log10(x) + 1e-9))
    if money and 0.1 <= x < 1 and digits == 3:
        decimals, x = 2, _round(x, 2)  # cents
    if x >= 1e21:  # JavaScript writes no longer ones out
        return repr(x)
    text = f"{x:,.{min(decimals, 100)}f}"  # as many as JavaScript writes
    return text if money and decimals == 2 else _trimmed(text)


def _trimmed(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text else text


def table() -> dict[str, object]:
    """The table of steps for the page, and the units whose whole numbers are not rounded."""
    bare: Iterable[str] = [unit for unit, steps in STEPS.items() if steps is _BARE]
    return {
        "steps": {unit: list(map(list, steps)) for unit, steps in STEPS.items()},
        "bare": list(bare),
    }
