"""Charts of lines: a quantity over an input, the roof of a chip, and a crossing over time."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

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
from inferlib.explorable.fitting import Setting
from inferlib.explorable.recipes import Recipe, Span, band, ends, grid, measured, point
from inferlib.explorable.recipes import known as points
from inferlib.explorable.typed import typed
from inferlib.formulas import quantities
from inferlib.naming import suggest
from inferlib.quantity import find

if TYPE_CHECKING:
    import polars as pl

_APART = 17  # pixels between two names
_LETTER = 7.2  # pixels of a letter of a name
_LONG = 46  # letters of a name at most
_NARROW = 270  # pixels of the plot on a phone


@dataclass(frozen=True)
class Known:
    """Points of a table of ours, drawn as dots.

    Attributes:
        name: What they are, in the plural.
        rows: For each its place in base units, and what it says under the pointer.
    """

    name: str
    rows: tuple[Mapping[str, Any], ...]


def known(frame: "pl.DataFrame", *, x: str, y: str, label: str, name: str) -> Known:
    """Points of a table of ours as dots on a chart, whatever the reader sets.

    Example:
        >>> runs = il.known(il.catalog.training_runs(), x="training_flops", y="chip_time",
        ...                 label="model", name="Published training runs")

    Args:
        frame: The table.
        x: Its column along the axis, in the base unit of what the chart has there.
        y: Its column up.
        label: Its column of words for each point: whose it is, from which source, of what day.
        name: What the points are, in the plural; it stands under the chart.

    Raises:
        LookupError: The table has no such column.
        ValueError: There is no row or no name, or a value is missing or not above zero.
    """
    for column in (x, y, label):
        if column not in frame.columns:
            way = suggest(column, frame.columns) or f"choose {', '.join(frame.columns)}"
            raise LookupError(f"the points '{name}' have no column '{column}'; {way}")
    rows = frame.select(x=x, y=y, label=label).to_dicts()
    if not rows or not name.strip():
        raise ValueError(f"the points '{name}' are {len(rows)}; give a name, and at least one row")
    for row in rows:
        at = (row["x"], row["y"])
        if not all(isinstance(one, int | float) and 0 < one < math.inf for one in at):
            raise ValueError(
                f"a point of '{name}' is at {at}, and axes are logarithmic; leave it out"
            )
        if not str(row["label"] or "").strip():
            raise ValueError(f"a point of '{name}' has no words in '{label}'; say what it is")
    return Known(name, tuple(rows))


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
        room = 0 if len(names) == 1 and not by else max(map(len, series)) * _LETTER
        x_of = alt.X("x:Q", **log_axis(over, _widened(across, room), ticks))
        y_of = alt.Y("y:Q", **log_axis(next(iter(names)), up, y_ticks, _shared(names)))
        chart = _curve(names, over, across, up, by, title, flags, x_of, y_of)
        return _beside(chart, known, over, next(iter(names)), x_of, y_of)

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
        room = max(map(len, setting.options(by).values())) * _LETTER if by else 0
        same = quantities[x].unit == quantities[y].unit
        titles = [told_apart(x, across), told_apart(y, up)] if same else ["", ""]
        x_of = alt.X("x:Q", **log_axis(x, _widened(across, room), ticks, titles[0]))
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


def _beside(chart: Chart, known: Known | None, x: str, y: str, x_of: Any, y_of: Any) -> Chart:
    """A chart with points of a table, if there are any."""
    if known is None:
        return chart
    return replace(
        chart,
        layers=(*chart.layers, _dots("known", "var(--series-3)", x_of, y_of)),
        recipes={**chart.recipes, "known": points(x, y, known.name, known.rows)},
        note=f"Dots: {known.name} ({len(known.rows)}).",
    )


def _shared(names: Mapping[str, str]) -> str:
    """What the y axis of several quantities is called; nothing, where its unit says it."""
    unit = quantities[next(iter(names))].unit
    shared = "time" if unit.startswith("second") else "tokens" if unit == "token" else ""
    return shared if len(names) > 1 else ""


def _widened(span: Span, room: float) -> Span:
    """A range with room at its right end for names, on a phone too."""
    share = min(0.45, (room + 12) / _NARROW)
    return span[0] * (span[0] / span[1]) ** 0.03, span[1] * (span[1] / span[0]) ** (
        share / (1 - share) if room else 0.03
    )


def _curve(
    names: Mapping[str, str], over: str, span: Span, domain: Span, by: str, title: str,
    flags: Mapping[str, bool], x_of: Any, y_of: Any,
) -> Chart:  # fmt: skip
    at = spaced(*span, 28)
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
            recipes[f"{data}-band"] = band(name, over=over, at=at[::3])
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
        recipes["ends"] = ends(of_lines, last=True, within=_within(domain), apart=apart)
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
    return text("ends", "series", colour, align="left", dx=10, **place)


def _area(data: str, x_of: Any, hue: str) -> Any:
    shared = {"x": x_of, "y": alt.Y("low:Q"), "y2": alt.Y2("high:Q")}
    return of(data, **shared).mark_area(color=hue, opacity=0.16, clip=True, interpolate="monotone")


def _dots(data: str, hue: str, x: Any, y: Any) -> Any:
    look = {"fill": hue, "stroke": "var(--panel)", "strokeWidth": 1, "opacity": 1}
    return of(data, x=x, y=y).mark_point(size=48, clip=True, **look)


@typed
def roofline(
    *, over: str, span: Span, title: str, intensity: Span = (0.5, 65536), flops: Span = (5e11, 1e16)
) -> Chart:
    """The roof of a chip, prefill and decode under it, and decode's path as an input grows.

    Args:
        over: The input along the path, such as concurrency.
        span: Its range, in its base unit.
        title: The finding or the question.
        intensity: Range of arithmetic intensity that is drawn, FLOP per byte.
        flops: Range of arithmetic that is drawn, FLOP/s of a chip.

    Raises:
        LookupError: The input is unknown.
        ValueError: A range is upside down.
    """
    find(over, quantities)
    for what, range_ in (("span", span), ("intensity", intensity), ("flops", flops)):
        upright(f"{what} of '{title}'", range_)
    x_of = alt.X("x:Q", **log_axis("arithmetic_intensity", intensity))
    y_of = alt.Y("y:Q", **log_axis("achieved_flops", flops))
    place: dict[str, Any] = {"x": x_of, "y": y_of}
    prefill, decode = "var(--c-prefill)", "var(--c-decode)"
    memory, compute = "var(--c-memory)", "var(--c-compute)"
    diamond = {"shape": "diamond", "size": 150, "filled": True, "opacity": 1}
    recipes = {
        "roof": grid(
            "attainable_flops", over="arithmetic_intensity", at=intensity, also="ridge_intensity"
        ),
        "path": grid("achieved_flops", over=over, at=spaced(*span, 28), x="arithmetic_intensity"),
        "ridge": point("ridge_intensity", "chip_flops"),
        "foot": point("ridge_intensity", flops[0], label="ridge"),
        "slope": point("ridge_intensity", "chip_flops", times=0.4, label="bandwidth binds"),
        "flat": point("chip_flops", "chip_flops", pin=intensity[1], label="arithmetic binds"),
        "prefill": point(
            "prefill_intensity", "prefill_achieved_flops", label="prefill", within=intensity
        ),
        "now": point("arithmetic_intensity", "achieved_flops", label="decode"),
    }
    roof, roof_recipes = line("roof", **place, colour=FAINT, strokeWidth=2.5)
    path, path_recipes = line("path", **place, colour=decode)
    beside, held_recipes = held(recipes, x_of, y_of, ["roof", "path"])
    layers = [
        *roof,
        *beside[:2],
        *path,
        of("ridge", x=x_of).mark_rule(strokeDash=[1, 4], color=FAINT),
        text("foot", "label", alt.value(FAINT), **place, align="left", dx=7, dy=-4),
        text("slope", "label", alt.value(memory), **place, align="right", dx=-10, dy=-12),
        text("flat", "label", alt.value(compute), **place, align="right", dy=-12),
        of("prefill", **place).mark_point(color=prefill, **diamond),
        text("prefill", "label", alt.value(prefill), **place, align="center", dy=20),
        *beside[2:],
        ring(**place),
        text("now", "label", alt.value(decode), **place, align="left", dx=14, dy=13),
    ]  # fmt: skip
    words = (
        "Arithmetic that each chip reaches over arithmetic intensity, both on log axes: the roof "
        "that the chip allows, prefill as a diamond, decode as a ring on its path."
    )
    shown = {**recipes, **roof_recipes, **path_recipes, **held_recipes}
    return Chart(title, "roofline", words, tuple(layers), shown)


@typed
def crossing(
    *, flat: str, rising: str, names: tuple[str, str], at: str, over: str, span: Span, domain: Span,
    ticks: Sequence[float], title: str,
) -> Chart:  # fmt: skip
    """A flat line and a rising one, most often over time, with a ring where they cross.

    Args:
        flat: The quantity that does not grow.
        rising: The one that does.
        names: What the two lines are called.
        at: The quantity that says when they cross.
        over: The input along the axis.
        span: Its range, in its base unit.
        domain: Range of both quantities, in their base unit.
        ticks: Where the axis along has labels.
        title: The finding or the question.

    Raises:
        LookupError: A quantity is unknown.
        ValueError: A range is upside down, or the units of the lines differ.
    """
    alike([flat, rising], f"the crossing '{title}'")
    alike([at, over], f"the crossing '{title}'")
    upright(f"span of '{title}'", span)
    upright(f"domain of '{title}'", domain)
    since = "time since launch" if over == "elapsed_time" else ""
    x_of = alt.X("x:Q", **log_axis(over, span, ticks, title=since))
    y_of = alt.Y("y:Q", **log_axis(flat, domain))
    training, money = "var(--ink)", "var(--c-money)"
    recipes = {
        "flat": grid(flat, over=over, at=span, name=names[0]),
        "rising": grid(rising, over=over, at=spaced(*span, 40), name=names[1]),
        "flat_name": ends("flat", first=True),
        "rising_name": ends("rising", within=(domain[0], domain[1] / 4)),
        "now": point(at, flat, within=span),
    }
    once, once_recipes = line("flat", x_of, y_of, training)
    more, more_recipes = line("rising", x_of, y_of, money)
    beside, held_recipes = held(recipes, x_of, y_of, ["flat", "rising"])
    place = {"x": x_of, "y": y_of}
    layers = [
        *beside[:2],
        *once,
        *more,
        text("flat_name", "series", alt.value(training), **place, align="left", dx=4, dy=-10),
        text("rising_name", "series", alt.value(money), **place, align="right", dx=-8, dy=-6),
        *beside[2:],
        ring(x_of, y_of),
    ]
    across = "time" if over == "elapsed_time" else short(over)
    words = f"{names[0]}, a flat line, and {names[1].lower()}, a rising one, over {across}."
    shown = {**recipes, **once_recipes, **more_recipes, **held_recipes}
    return Chart(title, "crossing", words, tuple(layers), shown)
