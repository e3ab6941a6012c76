"""Recipes: how the rows of a chart follow from the reader's state, in words that JSON can carry.

`rows.py` cooks them with polars when the page is built, `rows.js` in the page.
"""

from collections.abc import Mapping, Sequence
from typing import Any

Recipe = Mapping[str, Any]
Span = tuple[float, float]


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
    y: str | float | Sequence[str],
    *,
    label: str = "",
    times: float = 1.0,
    pin: float = 0.0,
    within: Span | None = None,
) -> Recipe:
    """One point: quantities `times` a factor, or plain numbers; several, if y names several.

    Args:
        x: The quantity on the one axis.
        y: The quantity on the other, or a number.
        label: Words beside it, with {names} of quantities.
        times: Factor on both.
        pin: Where x is held, if that is not zero.
        within: Range into which x is brought, so that a point beyond stands at the edge.
    """
    shared = {"kind": "point", "x": x, "label": label, "times": times, "pin": pin}
    ys = [y] if isinstance(y, str | int | float) else list(y)
    return {**shared, "y": ys, "within": list(within) if within else None}


def faint(of: str) -> Recipe:
    """What of some lines is not feasible, each piece with the neighbours that it joins."""
    return {"kind": "faint", "of": of}


def ends(
    of: str | Sequence[str],
    *,
    first: bool = False,
    last: bool = False,
    within: Span | None = None,
    apart: float = 1.0,
) -> Recipe:
    """Where the names of lines stand: at their last row within the plot, or the first.

    Args:
        of: The data sets of the lines.
        first: Whether at the first row.
        last: Whether at the last row, even of a line that has left the plot.
        within: Range of y in which the names stay.
        apart: Least ratio between two names, so that they do not overlap.
    """
    shared = {"kind": "ends", "of": [of] if isinstance(of, str) else list(of), "first": first}
    return {**shared, "last": last, "within": list(within) if within else None, "apart": apart}


def band(y: str, *, over: str, at: Sequence[float]) -> Recipe:
    """The range of `y` as `over` takes the values `at`, for inputs that are not known exactly."""
    return {"kind": "band", "y": y, "over": over, "at": list(at)}


def measured(y: str, *, over: str) -> Recipe:
    """What was measured near the state: `y` against `over`."""
    return {"kind": "measured", "y": y, "over": over}


def known(x: str, y: str, name: str, rows: Sequence[Mapping[str, Any]]) -> Recipe:
    """Points of a table: `y` against `x`, whatever the state; all of them are called `name`."""
    return {"kind": "known", "x": x, "y": y, "name": name, "rows": [dict(row) for row in rows]}


def ratio(names: Mapping[str, str], against: str) -> Recipe:
    """Each of some quantities of the state, as a multiple of that of an alias."""
    return {"kind": "ratio", "names": dict(names), "against": against}


def parts(
    names: Mapping[str, str],
    *,
    limit: str = "",
    rest: tuple[str, str] | None = None,
    total: tuple[str, str] | None = None,
) -> Recipe:
    """Parts end to end, as shares of the axis.

    Args:
        names: The quantities, and what to call them.
        limit: What they should not exceed: the axis is in multiples of it.
        rest: A quantity of which the parts leave something, and what to call that.
        total: A row of its own for this quantity, and what to call it.
    """
    return {
        "kind": "parts", "names": dict(names), "limit": limit, "rest": list(rest or ()),
        "total": list(total or ()),
    }  # fmt: skip


def scale(of: Recipe) -> Recipe:
    """The labels of the axis on which parts are drawn."""
    return {**of, "kind": "scale"}


def scatter(x: str, y: str, by: str) -> Recipe:
    """A point for each option of the picker of a kind."""
    return {"kind": "scatter", "x": x, "y": y, "by": by}


def frontier(of: str, better: tuple[str, str]) -> Recipe:
    """The feasible points that no other beats on both axes; better is up or down on each."""
    return {"kind": "frontier", "of": of, "better": list(better)}


def chosen(of: str) -> Recipe:
    """The point of the option that is chosen."""
    return {"kind": "chosen", "of": of}


def labels(of: str, front: str, x: Span, y: Span, room: tuple[int, int]) -> Recipe:
    """Names of the chosen point and of a frontier, of all points if few, as many as find a place.

    Args:
        of: The data set of the points.
        front: The data set of the frontier.
        x: Range of the one axis.
        y: Range of the other.
        room: Width and height of the plot for which the names are placed, in pixels.
    """
    shared = {"kind": "labels", "of": of, "front": front}
    return {**shared, "across": list(x), "up": list(y), "room": list(room)}


def pinned(recipe: Recipe) -> Recipe:
    """The same rows in the state A that is held for comparison; none if none is held."""
    return {**recipe, "pinned": True}
