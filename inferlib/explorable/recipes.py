"""Recipes: how the rows of a chart follow from the reader's state, in words that JSON can carry.

`rows.py` cooks them with polars when the page is built, `rows.js` in the page.
"""

from collections.abc import Mapping, Sequence
from typing import Any

Recipe = Mapping[str, Any]


def grid(
    y: str,
    *,
    over: str,
    at: Sequence[float],
    x: str = "",
    by: str = "",
    name: str = "",
    also: str = "",
) -> Recipe:
    """A line: `y` against `x` as `over` takes the values `at`.

    Args:
        y: The quantity drawn.
        over: What is varied: an input, or a quantity that is given in place of its formula.
        at: Its values.
        x: The quantity on the other axis; `over` itself if not given.
        by: A kind: a line for each option of its picker.
        name: What the line is called; the label of `y` if not given.
        also: A quantity whose value is drawn too, such as the corner of a roof.
    """
    return {
        "kind": "grid",
        "over": over,
        "at": list(at),
        "x": x or over,
        "y": y,
        "by": by,
        "name": name,
        "also": also,
    }


def point(
    x: str,
    y: str | float,
    *,
    label: str = "",
    times: float = 1.0,
    pin: float = 0.0,
    within: tuple[float, float] | None = None,
) -> Recipe:
    """One point: quantities `times` a factor, or plain numbers.

    Args:
        x: The quantity on the one axis.
        y: The quantity on the other, or a number.
        label: Words beside it, with {names} of quantities.
        times: Factor on both.
        pin: Where x is held, if that is not zero.
        within: Range into which x is brought, so that a point beyond stands at the edge.
    """
    shared = {"kind": "point", "x": x, "y": y, "label": label, "times": times, "pin": pin}
    return {**shared, "within": list(within) if within else None}


def ends(of: str, *, first: bool = False, below: float = 0.0, apart: float = 1.0) -> Recipe:
    """Where the names of lines stand: at their last row, or the first.

    Args:
        of: The data set of the lines.
        first: Whether at the first row.
        below: The last row that counts is not above this, if it is not zero.
        apart: Least ratio between two names, so that they do not overlap.
    """
    return {"kind": "ends", "of": of, "first": first, "below": below, "apart": apart}


def ratio(names: Mapping[str, str], against: str) -> Recipe:
    """Each of some quantities of the state, as a multiple of that of an alias."""
    return {"kind": "ratio", "names": dict(names), "against": against}


def even() -> Recipe:
    """The point of ratio one."""
    return {"kind": "even"}
