"""Every option of a picker as a point, those that no other beats as a line."""

from typing import Any, Literal

import altair as alt

from inferlib.explorable.axes import log_axis, short
from inferlib.explorable.charts import (
    DASHES,
    FAINT,
    HEIGHT,
    HELD,
    MODELLED,
    Chart,
    alike,
    later,
    letter,
    of,
    ring,
    upright,
)
from inferlib.explorable.fitting import Setting
from inferlib.explorable.recipes import Recipe, Span, chosen, frontier, labels, pinned
from inferlib.explorable.recipes import scatter as points
from inferlib.explorable.typed import typed

Way = Literal["up", "down"]
# The plot on a desk and on a phone, in pixels, and the width between the two.
_ROOMS = {"names": (560, HEIGHT - 45), "names-phone": (250, HEIGHT - 45)}
_BETWEEN = 440


@typed
def scatter(
    x: str,
    y: str,
    *,
    over: str,
    title: str,
    better: tuple[Way, Way],
    x_domain: Span | None = None,
    y_domain: Span | None = None,
) -> Chart:
    """Every option of a picker as a point, each solved for the reader's state.

    Example:
        >>> chart = il.scatter("user_throughput", "tokens_per_dollar", over="chip",
        ...                    better=("up", "up"), title="Fast or cheap?")

    Args:
        x: The quantity across.
        y: The quantity up.
        over: The kind whose options are drawn, such as chip.
        title: The finding or the question.
        better: Whether more of x and of y is better ("up") or worse ("down").
        x_domain: Range of x, in its base unit; where the figure's controls lead if not given.
        y_domain: The same for y.

    Raises:
        LookupError: A quantity is unknown.
        ValueError: A range is upside down, or `better` is not two of "up" and "down".
    """
    for name in (x, y):
        alike([name], title)
    if len(better) != 2 or any(way not in ("up", "down") for way in better):
        raise ValueError(f"better= of '{title}' is {better!r}; give two of 'up' and 'down'")
    upright(f"x_domain of '{title}'", x_domain)
    upright(f"y_domain of '{title}'", y_domain)

    def fit(setting: Setting) -> Chart:
        setting.options(over)
        spans = tuple(
            given or _widened(setting.domain([name], each=over))
            for given, name in ((x_domain, x), (y_domain, y))
        )
        return _scatter(x, y, over, title, better, spans[0], spans[1])

    return later(title, fit)


def _widened(span: Span) -> Span:
    edge = (span[1] / span[0]) ** 0.04
    return span[0] / edge, span[1] * edge


def _scatter(
    x: str, y: str, over: str, title: str, better: tuple[Way, Way], across: Span, up: Span
) -> Chart:
    x_of = alt.X("x:Q", **_clamped(x, across))
    y_of = alt.Y("y:Q", **_clamped(y, up))
    place: dict[str, Any] = {"x": x_of, "y": y_of}
    recipes: dict[str, Recipe] = {
        "points": points(x, y, over),
        "frontier": frontier("points", better),
        "now": chosen("points"),
    }
    recipes |= {
        name: labels("points", "frontier", across, up, room) for name, room in _ROOMS.items()
    }
    recipes["points-a"] = pinned(recipes["points"])
    recipes["frontier-a"] = pinned(frontier("points-a", better))
    recipes["now-a"] = pinned(chosen("points-a"))
    held = {"fill": "none", "stroke": HELD, "strokeWidth": 2.5, "strokeDash": [3, 2]}
    hollow = {"filled": False, "color": FAINT, "opacity": 0.5, "size": 40}
    layers = [
        of("frontier-a", **place).mark_line(stroke=HELD, strokeWidth=2, strokeDash=DASHES),
        of("frontier", **place).mark_line(stroke=MODELLED, strokeWidth=2),
        of("points", **place).transform_filter("!datum.feasible").mark_point(**hollow),
        of("points", **place)
        .transform_filter("datum.feasible")
        .mark_point(filled=True, color=MODELLED, opacity=1, size=40),
        of("frontier", **place).mark_point(filled=True, color=MODELLED, opacity=1, size=110),
        of("now-a", **place).mark_point(size=190, opacity=1, **held),
        ring(x_of, y_of),
        *(layer for data in _ROOMS for layer in _names(data, place)),
        letter(of("now-a", **place), dy=-18),
    ]
    words = (
        f"{_capital(short(x))} across and {short(y)} up, both on log axes: a point for each option "
        f"of {over}, larger and on a line those that no other beats on both, a ring on the chosen."
    )
    return Chart(title, "scatter", words, tuple(layers), recipes)


def _clamped(name: str, domain: Span) -> dict[str, Any]:
    axis = log_axis(name, domain)
    return {**axis, "scale": alt.Scale(type="log", domain=list(domain), nice=False, clamp=True)}


def _names(data: str, place: dict[str, Any]) -> list[Any]:
    """Names on both sides of their points, of which the plot's width shows those that fit."""
    shown = "width >= " if data == "names" else "width < "
    seen: Any = alt.ExprRef(f"{shown}{_BETWEEN} ? 1 : 0")
    return [
        of(data, **place, text="series:N")
        .transform_filter(f"datum.side == {side}")
        .mark_text(align=align, dx=10 * side, opacity=seen, fill="var(--ink)")
        for side, align in ((1, "left"), (-1, "right"))
    ]


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
