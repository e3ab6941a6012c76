"""Charts of lines: a quantity over an input, or against another quantity."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import altair as alt

from inferlib.explorable.axes import log_axis, short, spaced, told_apart
from inferlib.explorable.charts import (
    FAINT,
    HEIGHT,
    MODELLED,
    Chart,
    alike,
    check_labels,
    colours,
    held,
    later,
    line,
    of,
    ring,
    text,
    upright,
)
from inferlib.explorable.dots import Known
from inferlib.explorable.fitting import Setting
from inferlib.explorable.recipes import Recipe, Span, band, ends, grid, measured, point
from inferlib.explorable.recipes import known as points
from inferlib.explorable.typed import typed
from inferlib.formulas import quantities
from inferlib.quantity import find

_APART = 17  # pixels between two names
_LETTER, _BESIDE = 6.6, 10  # pixels of a letter of a name, and between it and its line
_LONG = 46  # letters of a name at most
_POINTS = 46  # of a line; a band and the lines behind have those of every few


@typed
def curve(
    y: str | Mapping[str, str],
    *,
    over: str,
    title: str,
    span: Span | None = None,
    domain: Span | None = None,
    by: str = "",
    ticks: Sequence[float] = (),
    y_ticks: Sequence[float] = (),
    band: bool | None = None,
    measured: bool | None = None,
    known: Known | None = None,
) -> Chart:
    """A quantity over an input, or several quantities, with the reader's point as a ring.

    Example:
        >>> chart = il.curve({"ttft": "First word", "request_time": "Whole answer"},
        ...                  over="prompt_tokens", title="How long does a reader wait?")

    Args:
        y: The quantity, or several of one unit and what to call them.
        over: The input.
        title: The finding or the question.
        span: Range of the input that is drawn, in its base unit; that of its slider if not given.
        domain: Range of the quantity, in its base unit; it stays still while the reader drags. If
            not given, it is the range that the figure's controls lead to.
        by: A kind, such as chip: a thin line for each option of its picker.
        ticks: Where the x axis has labels; powers of ten if not given.
        y_ticks: The same for the y axis.
        band: Whether the range of the quantity is drawn; only behind one quantity if not said.
        measured: Whether measurements are drawn; only beside one quantity if not said.
        known: Points of a table to draw too, of the same quantities: see `il.known`.

    Raises:
        LookupError: A quantity is unknown.
        ValueError: A range is upside down, or lines of several units or sorts are asked for.
    """
    names = {y: quantities[y].label if y in quantities else y} if isinstance(y, str) else dict(y)
    alike(list(names), f"the curve '{title}'")
    find(over, quantities)
    upright(f"span of '{title}'", span)
    upright(f"domain of '{title}'", domain)
    check_labels([] if isinstance(y, str) else list(names.values()), title, _LONG)
    if by and len(names) > 1:
        raise ValueError(f"the curve '{title}' has several quantities and by='{by}'; choose one")
    shown = (len(names) == 1 if flag is None else flag for flag in (band, measured))
    flags = {"band": next(shown), "measured": next(shown)}

    def fit(setting: Setting) -> Chart:
        across = span or setting.span(over)
        up = domain or setting.domain(list(names), over, across)
        series = list(setting.options(by).values()) if by else list(names.values())
        room = 0 if len(names) == 1 and not by else _room(series)
        x_of = alt.X("x:Q", **log_axis(over, _widened(across), ticks, room=room))
        y_of = alt.Y("y:Q", **log_axis(next(iter(names)), up, y_ticks, _shared(names)))
        chart = _curve(names, over, across, up, by, title, flags, x_of, y_of)
        return _beside(
            chart, known, over, next(iter(names)), x_of, y_of, taken=colours(list(names))
        )

    return later(title, fit)


@typed
def path(
    x: str,
    y: str,
    *,
    over: str,
    title: str,
    span: Span | None = None,
    by: str = "",
    x_domain: Span | None = None,
    domain: Span | None = None,
    ticks: Sequence[float] = (),
    y_ticks: Sequence[float] = (),
    known: Known | None = None,
) -> Chart:
    """One quantity against another as an input grows, with the reader's point as a ring.

    `x` rises or falls all the way; a line that turned back would be drawn in the order of x.

    Example:
        >>> chart = il.path("user_throughput", "cost_per_output_token", over="concurrency",
        ...                 by="chip", title="What does fast cost?")

    Args:
        x: The quantity across.
        y: The quantity up.
        over: The input that moves along the line.
        title: The finding or the question.
        span: Range of that input, in its base unit; that of its slider if not given.
        by: A kind, such as chip: a thin line for each option of its picker.
        x_domain: Range of x, in its base unit; where the figure's controls lead if not given.
        domain: The same for y.
        ticks: Where the x axis has labels; powers of ten if not given.
        y_ticks: The same for the y axis.
        known: Points of a table to draw too, of the same quantities: see `il.known`.

    Raises:
        LookupError: A quantity is unknown.
        ValueError: A range is upside down.
    """
    for name in (x, y, over):
        find(name, quantities)
    for what, range_ in (("span", span), ("x_domain", x_domain), ("domain", domain)):
        upright(f"{what} of '{title}'", range_)

    def fit(setting: Setting) -> Chart:
        moved = span or setting.span(over)
        across = x_domain or setting.domain([x], over, spaced(*moved, 8))
        up = domain or setting.domain([y], over, spaced(*moved, 8))
        room = _room(setting.options(by).values()) if by else 0
        same = quantities[x].unit == quantities[y].unit
        titles = [told_apart(x, across), told_apart(y, up)] if same else ["", ""]
        x_of = alt.X("x:Q", **log_axis(x, _widened(across), ticks, titles[0], room))
        y_of = alt.Y("y:Q", **log_axis(y, up, y_ticks, titles[1]))
        return _beside(_path(x, y, over, moved, up, by, title, x_of, y_of), known, x, y, x_of, y_of)

    return later(title, fit)


def _path(
    x: str, y: str, over: str, span: Span, domain: Span, by: str, title: str, x_of: Any, y_of: Any
) -> Chart:
    at = spaced(*span, 40)
    recipes: dict[str, Recipe] = {"rows": grid(y, over=over, at=at, x=x)}
    front, more = line("rows", x_of, y_of, MODELLED)
    recipes |= more
    recipes["now"] = point(x, y)
    behind: list[Any] = []
    if by:
        behind, more = line("others", x_of, y_of, FAINT, many=True, strokeWidth=1.25)
        recipes["others"] = grid(y, over=over, at=at[::3], x=x, by=by)
        recipes |= more
        apart = (domain[1] / domain[0]) ** (_APART / (HEIGHT - 40))
        recipes["ends"] = ends("others", first=True, within=_within(domain), apart=apart)
        front.append(_names({}, by, [], {"x": x_of, "y": y_of}))
    beside, more = held(recipes, x_of, y_of, ["rows"])
    recipes |= more
    words = f"{short(y)} over {short(x)} as {short(over)} grows, both on log axes."
    layers = [*behind, *beside[:-2], *front, *beside[-2:], ring(x_of, y_of)]
    return Chart(title, "curve", f"{words[:1].upper()}{words[1:]}", tuple(layers), recipes)


def _beside(
    chart: Chart, known: Known | None, x: str, y: str, x_of: Any, y_of: Any,
    taken: Sequence[str] = (),
) -> Chart:  # fmt: skip
    """A chart with points of a table, if there are any, in a colour that no line has taken."""
    if known is None:
        return chart
    free = ("var(--series-3)", "var(--series-4)", "var(--ink)")
    hue = next(one for one in free if one not in taken)
    return replace(
        chart,
        layers=(*chart.layers, _dots("known", hue, x_of, y_of)),
        recipes={**chart.recipes, "known": points(x, y, known.name, known.rows)},
        note=f"Dots: {known.name} ({len(known.rows)}).",
    )


def _shared(names: Mapping[str, str]) -> str:
    """What the y axis of several quantities is called; nothing, where its unit says it."""
    unit = quantities[next(iter(names))].unit
    shared = "time" if unit.startswith("second") else "tokens" if unit == "token" else ""
    return shared if len(names) > 1 else ""


def _room(names: Iterable[str]) -> float:
    """Pixels that names take at the right of their lines."""
    return _BESIDE + max(map(len, names)) * _LETTER


def _widened(span: Span) -> Span:
    """A range with room for a ring at its ends."""
    edge = (span[1] / span[0]) ** 0.03
    return span[0] / edge, span[1] * edge


def _curve(
    names: Mapping[str, str], over: str, span: Span, domain: Span, by: str, title: str,
    flags: Mapping[str, bool], x_of: Any, y_of: Any,
) -> Chart:  # fmt: skip
    at = spaced(*span, _POINTS)
    place: dict[str, Any] = {"x": x_of, "y": y_of}
    hues = colours(list(names)) if len(names) > 1 else [MODELLED]
    several = len(names) > 1
    lines = {f"line-{name}" if several else "rows": name for name in names}
    recipes: dict[str, Recipe] = {
        data: grid(name, over=over, at=at, name=names[name] if several else "")
        for data, name in lines.items()
    }
    behind: list[Any] = []
    front: list[Any] = []
    dots: list[Any] = []  # above the ring, which would hide them
    for (data, name), hue in zip(lines.items(), hues, strict=True):
        layers, more = line(data, x_of, y_of, hue)
        front += layers
        recipes |= more
        if flags["band"]:
            recipes[f"{data}-band"] = band(name, over=over, at=at[::5])
            behind.append(_area(f"{data}-band", x_of, hue))
        if flags["measured"]:
            recipes[f"{data}-dots"] = measured(name, over=over)
            dots.append(_dots(f"{data}-dots", hue, **place))
    recipes["now"] = point(over, list(names))
    if by:
        layers, more = line("others", x_of, y_of, FAINT, many=True, strokeWidth=1.25)
        recipes["others"] = grid(next(iter(names)), over=over, at=at[::3], by=by)
        recipes |= more
        behind += layers
    beside, more = held(recipes, x_of, y_of, list(lines))
    recipes |= more
    if by or several:
        apart = (domain[1] / domain[0]) ** (_APART / (HEIGHT - 40))
        of_lines = "others" if by else list(lines)
        recipes["ends"] = ends(of_lines, last=bool(by), within=_within(domain), apart=apart)
        front.append(_names(names, by, hues, place))
    which = " and ".join(short(name) for name in names)
    words = f"{which[:1].upper()}{which[1:]} over {short(over)}, both on log axes."
    layers = [*behind, *beside[:-2], *front, *beside[-2:], ring(x_of, y_of), *dots]
    return Chart(title, "curve", words, tuple(layers), recipes)


def _within(domain: Span) -> Span:
    """The part of a range in which a name has room above and below."""
    edge = (domain[1] / domain[0]) ** 0.025
    return domain[0] * edge, domain[1] / edge


def _names(names: Mapping[str, str], by: str, hues: Sequence[str], place: Mapping[str, Any]) -> Any:
    colour: Any = alt.condition("datum.chosen", alt.value(MODELLED), alt.value(FAINT))
    if not by:
        scale = alt.Scale(domain=list(names.values()), range=list(hues))
        colour = alt.Color("series:N", scale=scale, legend=None)
    return text("ends", "series", colour, align="left", dx=_BESIDE, **place)


def _area(data: str, x_of: Any, hue: str) -> Any:
    shared = {"x": x_of, "y": alt.Y("low:Q"), "y2": alt.Y2("high:Q")}
    return of(data, **shared).mark_area(color=hue, opacity=0.16, clip=True, interpolate="monotone")


def _dots(data: str, hue: str, x: Any, y: Any) -> Any:
    look = {"fill": hue, "stroke": "var(--panel)", "strokeWidth": 1, "opacity": 1}
    return of(data, x=x, y=y).mark_point(size=48, clip=True, **look)
