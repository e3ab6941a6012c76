"""Places at which inputs are drawn: evenly spread points, and the values that they stand for."""

import math
import random
from collections.abc import Iterable
from typing import Any

import polars as pl

from inferlib.ops import maximum, minimum, sqrt, where

PAGE = 64  # points of the page
LEVEL = 0.8  # share of the draws in a band

# One prime for each input. The multiples of the roots of different primes, without their whole
# parts, fill the unit cube evenly (Richtmyer 1951). These were picked one after the other among
# the primes below 2000, each for the least error (in a Korobov space) of the first 64 to 4096
# points: of primes in their natural order, two of the first 24 give all but the same 64 numbers.
_PRIMES = (
    1021, 853, 823, 1097, 1783, 1789, 1499, 1637, 1933, 13, 157, 131, 113, 3, 1471, 449,
    997, 523, 1481, 521, 193, 1187, 1433, 227, 1321, 11, 1381, 677, 269, 1871, 911, 251,
)  # fmt: skip


def points(names: Iterable[str], count: int = PAGE, seed: int = 0) -> pl.DataFrame:
    """Evenly spread points of the unit cube, one a row: the first of an endless sequence.

    A coordinate of the i-th point, from 1, is `(i * sqrt(prime) + shift) % 1`, with a prime for
    each name in alphabetical order, and a shift that the seed makes.

    Args:
        names: The inputs; a column for each.
        count: How many points.
        seed: A whole number; each is another set, equally good.

    Raises:
        TypeError: `count` or `seed` is not a whole number.
        ValueError: One of them is too small, or there are more names than primes.
    """
    names = sorted(names)
    for what, number, least in (("samples", count, 1), ("seed", seed, 0)):
        if type(number) is not int:
            raise TypeError(f"{what} is {number!r}; give a whole number")
        if number < least:
            raise ValueError(f"{what} is {number}; give {least} or more")
    if len(names) > len(_PRIMES):
        raise ValueError(
            f"{len(names)} inputs are to be drawn, and {len(_PRIMES)} can be; "
            f"take the range of some away, as {names[0]}=None"
        )
    steps = pl.int_range(1, count + 1, eager=True).cast(pl.Float64)
    along = {
        name: steps * math.sqrt(prime) + shift
        for name, (prime, shift) in zip(names, _paths(seed), strict=False)
    }
    return pl.DataFrame({name: x - x.floor() for name, x in along.items()})


def _paths(seed: int) -> list[tuple[int, float]]:
    """A prime and a shift for each input in turn."""
    shift = random.Random(seed).random  # Python promises these numbers for ever
    return [(prime, shift()) for prime in _PRIMES]


def table(inputs: int) -> dict[str, object]:
    """The paths of the points of so many inputs, and the level of a band, for the page."""
    return {"paths": _paths(0)[:inputs], "count": PAGE, "level": LEVEL}


def triangular(share: Any, low: Any, peak: Any, high: Any) -> Any:
    """The value below which a triangular distribution has a share; `low` is less than `high`."""
    width = high - low
    rising = minimum(peak, low + sqrt(share * width * (peak - low)))
    falling = maximum(peak, high - sqrt((1 - share) * width * (high - peak)))
    return where(share * width < peak - low, rising, falling)
