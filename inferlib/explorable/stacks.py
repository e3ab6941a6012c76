"""Charts of parts: bars end to end against a limit, along the time, or up to a bill's total."""

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt

from inferlib.explorable.charts import (
    DASHES,
    FAINT,
    HELD,
    Chart,
    alike,
    check_labels,
    colours,
    letter,
    of,
    upright,
)
from inferlib.explorable.recipes import Recipe, Span, pinned, ratio, scale
from inferlib.explorable.recipes import parts as stacked
from inferlib.explorable.typed import typed
from inferlib.formulas import quantities
from inferlib.quantity import find

# Letters of a name beside its value on a phone, over a bar, and on a line of its own.
_SHORT, _LONG, _LINE = 24, 46, 60
_LACK = "var(--c-compute)"
# Where things stand in a chart of one bar, in pixels.
_HELD, _BAR, _TICKS, _KEY, _STEP = (4, 14), (20, 58), 74, 106, 24
# Where the values of a key end, and those of A.
_VALUE, _OTHER = alt.ExprRef("min(width - 66, 236)"), alt.ExprRef("min(width, 312)")
_ROW = 50  # height of a row of the waterfall


@typed
def memory(names: Mapping[str, str], *, limit: str, title: str) -> Chart:
    """What fills a memory, end to end, against the memory there is.

    Example:
        >>> chart = il.memory({"weight_bytes": "Weights", "cache_bytes": "KV cache"},
        ...                   limit="usable_memory", title="What fills the memory?")

    Args:
        names: The parts, and what to call them.
        limit: The quantity that they must not exceed; its bar stands still.
        title: The finding or the question.

    Raises:
        LookupError: A quantity is unknown.
        ValueError: There are no parts, their units differ, or a name is long.
    """
    alike([*names, limit], f"the memory bar '{title}'") if names else alike([], title)
    last = ("Free", "Too much")
    check_labels([*names.values(), *last], title, _SHORT)
    recipe = stacked(names, limit=limit)
    words = f"{_list(names.values())}, end to end, against the {_label(limit)}."
    hues = [*colours(list(names)), "var(--panel)", _LACK]
    return _bar(title, "memory", words, recipe, [*names.values(), *last], hues, reach=1.3)


@typed
def timeline(names: Mapping[str, str], *, title: str, total: str = "", rest: str = "") -> Chart:
    """The phases of one request, one after the other, to scale.

    Example:
        >>> chart = il.timeline({"queue_time": "Waiting", "prefill_time": "Reading the prompt"},
        ...                     total="request_time", rest="Writing the answer",
        ...                     title="Where does the time go?")

    Args:
        names: The phases in their order, and what to call them.
        title: The finding or the question.
        total: A time from the first phase on, of which these phases may leave something.
        rest: What to call that.

    Raises:
        LookupError: A quantity is unknown.
        ValueError: There are no phases, their units differ, or a name is long.
    """
    if bool(total) != bool(rest):
        raise ValueError(f"the time line '{title}' has one of total= and rest=; give both or none")
    known = [*names, *([total] if total else [])]
    alike(known if names else [], f"the time line '{title}'")
    labels = [*names.values(), *([rest] if rest else [])]
    check_labels(labels, title, _SHORT)
    recipe = stacked(names, rest=(total, rest) if total else None)
    words = f"{_list(labels)}, one after the other, to scale."
    return _bar(title, "timeline", words, recipe, labels, colours(known), reach=1.0)


@typed
def waterfall(total: str, parts: Mapping[str, str], *, title: str, name: str = "") -> Chart:
    """From the parts of a bill to its total: each bar starts where the last one ended.

    Args:
        total: The quantity that the parts add up to.
        parts: The parts in their order, and what to call them.
        title: The finding or the question.
        name: What to call the total; its label if not given.

    Raises:
        LookupError: A quantity is unknown.
        ValueError: There are no parts, their units differ from the total's, or a name is long.
    """
    alike([*parts, total] if parts else [], f"the waterfall '{title}'")
    labels = [*parts.values(), name or _label(total, False)]
    check_labels(labels, title, _LONG)
    recipe = stacked(parts, total=(total, labels[-1]))
    height, last = _ROW * len(labels), len(labels) - 1
    x_of, x2_of = _share(1.24), alt.X2("x2:Q")
    rows = alt.Scale(domain=[0, last], range=[_ROW - 18, height - 18], nice=False, zero=False)
    y_of = alt.Y("row:Q", scale=rows, axis=None)
    hue = _colour(labels, [*_one_by_one(list(parts)), "var(--ink)"])
    base, ghost = of("parts", x=x_of, y=y_of), of("parts-a", x=x_of, x2=x2_of, y=y_of)
    stop = {"x": alt.X("x2:Q", scale=_scale(1.24), axis=None), "y": y_of}
    below = {"yOffset": 14, "fill": "none", "stroke": HELD, "strokeDash": [4, 3]}
    whole = f"datum.row == {last}"
    shown = {"parts": recipe, "parts-a": pinned(recipe), "scale": scale(recipe)}
    layers = [
        *_ticks(x_of, height + 6),
        base.encode(x2=x2_of, color=hue).mark_bar(size=18),
        base.mark_text(align="left", dy=-19).encode(x=alt.value(0), text="series:N"),
        of("parts", **stop, text="label:N").mark_text(align="left", dx=7, fontWeight=600),
        ghost.mark_bar(size=7, strokeWidth=1.5, **below),
        letter(of("parts-a", **stop).transform_filter(whole), align="left", dx=6, dy=15),
    ]  # fmt: skip
    words = f"From {_list(parts.values())} to {labels[-1]}: each bar starts where the last ended."
    return Chart(title, "waterfall", words, tuple(layers), shown, height + 18, True)


@typed
def bars(names: Mapping[str, str], *, against: str, domain: Span = (1 / 8, 8), title: str) -> Chart:
    """How many times better one choice is than another, a row for each quantity.

    Args:
        names: Quantities of which more is better, and what to call them.
        against: The alias of the second picker.
        domain: Range of the ratios that is drawn.
        title: The finding or the question.

    Raises:
        LookupError: A quantity is unknown.
        ValueError: There are none, or the range is upside down.
    """
    for name in names or alike([], f"the bars '{title}'"):
        find(name, quantities)
    check_labels(list(names.values()), title, _LINE)
    upright(f"domain of '{title}'", domain)
    ticks = [2.0**n for n in range(-6, 7) if domain[0] <= 2.0**n <= domain[1]]
    label = "datum.value < 1 ? '1/' + 1 / datum.value : datum.value + '×'"
    axis = alt.Axis(title=None, values=ticks, labelExpr=label)
    x_of = alt.X("x:Q", scale=alt.Scale(type="log", domain=list(domain), clamp=True), axis=axis)
    rows = alt.Axis(title=None, labels=False, ticks=False, domain=False)
    y_of = alt.Y("series:N", sort=list(names.values()), axis=rows)
    side = alt.condition("datum.x >= 1", alt.value("var(--series-1)"), alt.value("var(--series-2)"))
    left, limit = alt.value(0), alt.ExprRef("width")
    beyond: Any = alt.ExprRef("datum.x >= 1 ? 12 : -12")
    base, ghost = of("ratios", y=y_of), of("ratios-a", y=y_of, x=x_of, x2="one:Q")
    layers = [
        base.mark_rule(strokeWidth=8).encode(x=x_of, x2="one:Q", color=side),
        base.mark_tick(color="var(--ink)", thickness=2, size=20).encode(x=alt.X("one:Q")),
        base.mark_text(align="left", dy=-17, fontWeight=600, limit=limit).encode(
            x=left, text="series:N"
        ),
        base.mark_text(align="left", dy=19, color=FAINT, limit=limit).encode(
            x=left, text="label:N"
        ),
        ghost.mark_bar(size=14, fill="none", stroke=HELD, strokeWidth=2, strokeDash=DASHES),
        letter(of("ratios-a", y=y_of, x=x_of), dx=beyond),
    ]
    words = f"The first choice as a multiple of the second, a row each for {_list(names.values())}."
    recipes = {"ratios": ratio(names, against), "ratios-a": pinned(ratio(names, against))}
    return Chart(title, "bars", words, tuple(layers), recipes, 62 * len(names) + 40)


def _bar(
    title: str, kind: str, words: str, recipe: Recipe, labels: Sequence[str], hues: Sequence[str],
    reach: float,
) -> Chart:  # fmt: skip
    """One bar of parts, that of A above it, and a line of words for each part."""
    x_of, x2_of = _share(reach), alt.X2("x2:Q")
    lines = len(labels) - (kind == "memory")
    rows = alt.Scale(domain=[0, lines], range=[_KEY, _KEY + lines * _STEP], nice=False, zero=False)
    y_of = alt.Y("row:Q", scale=rows, axis=None)
    hue = _colour(labels, hues)

    def bar(data: str, top: int, foot: int, **mark: Any) -> Any:
        place = {"y": alt.value(top), "y2": alt.value(foot), "color": hue}
        return of(data, x=x_of, x2=x2_of, **place).mark_rect(**mark)

    def words_at(data: str, x: Any, field: str, **mark: Any) -> Any:
        return of(data, y=y_of, text=f"{field}:N").encode(x=alt.value(x)).mark_text(**mark)

    square = {"shape": "square", "size": 150, "opacity": 1, "strokeWidth": 1}
    layers = [
        *_ticks(x_of, _TICKS, top=_BAR[0] - 4, foot=_BAR[1] + 4),
        bar("parts-a", *_HELD, stroke=HELD, strokeWidth=1.5, strokeDash=[4, 3], opacity=0.8),
        letter(
            of(
                "parts-a",
                x=alt.X("x2:Q", scale=_scale(reach), axis=None),
                y=alt.value(_HELD[0] + 5),
            ).transform_filter(f"datum.row == {len(labels) - 1 - 2 * (kind == 'memory')}"),
            align="left",
            dx=6,
        ),
        bar("parts", *_BAR, stroke="var(--panel)", strokeWidth=1),
        *(_tank(x_of, reach) if kind == "memory" else []),
        of("parts", y=y_of, fill=hue)
        .encode(x=alt.value(7))
        .mark_point(**square, stroke="var(--ink-soft)"),
        words_at("parts", 22, "series", align="left"),
        words_at("parts", _VALUE, "label", align="right", fontWeight=600),
        words_at("parts-a", _OTHER, "label", align="right", color=HELD),
    ]
    shown = {"parts": recipe, "parts-a": pinned(recipe), "scale": scale(recipe)}
    return Chart(title, kind, words, tuple(layers), shown, _KEY + lines * _STEP - 6, True)


def _tank(x_of: Any, reach: float) -> list[Any]:
    """The outline of the memory there is, and what marks that it is too small."""
    whole = of("scale", x=x_of, x2=alt.datum(0), y=alt.value(_BAR[0]), y2=alt.value(_BAR[1]))
    edge = of("scale", x=x_of, y=alt.value(_BAR[0] - 5), y2=alt.value(_BAR[1] + 5))
    over = "datum.series == 'Too much'"
    beyond = f"{over} && datum.x2 > {reach}"
    foot, top = alt.value(_BAR[1] + 3), alt.value(_BAR[0] - 3)
    # Two gaps across a bar that goes on further than it can be drawn.
    gaps = [
        of("parts", x=alt.value(alt.ExprRef(f"width - {far}")), y=foot, y2=top)
        .encode(x2=alt.value(alt.ExprRef(f"width - {far - 8}")))
        .transform_filter(beyond)
        .mark_rule(stroke="var(--panel)", strokeWidth=4, opacity=1)
        for far in (22, 13)
    ]
    words = of("parts", text="over:N").transform_filter(over)
    return [
        whole.transform_filter("datum.x == 1").mark_rect(
            fill="none", stroke="var(--ink)", strokeWidth=1.5
        ),
        edge.transform_filter("datum.x == 1").mark_rule(color="var(--ink)", strokeWidth=2.5),
        *gaps,
        words.transform_calculate(over=f"{beyond} ? 'too much →' : 'too much'")
        .encode(x=alt.value(alt.ExprRef("width")), y=alt.value(_TICKS))
        .mark_text(align="right", color=_LACK, fontWeight=700),
    ]


def _one_by_one(names: Sequence[str]) -> list[str]:
    """The colours of bars that do not touch: one, if they stand for one thing."""
    hues = {quantities[name].hue for name in names}
    return (
        [f"var(--c-{hue})" for hue in hues] * len(names)
        if hues == hues - {""} and len(hues) == 1
        else colours(names)
    )


def _scale(reach: float) -> Any:
    return alt.Scale(domain=[0, reach], nice=False, clamp=True)


def _share(reach: float) -> Any:
    return alt.X("x:Q", scale=_scale(reach), axis=None)


def _colour(labels: Sequence[str], hues: Sequence[str]) -> Any:
    return alt.Color(
        "series:N", scale=alt.Scale(domain=list(labels), range=list(hues)), legend=None
    )


def _ticks(x_of: Any, at: int, top: int = 0, foot: int = 0) -> list[Any]:
    """The axis of parts: its end moves by steps, and the labels say so."""
    align: Any = alt.ExprRef("datum.x == 0 ? 'left' : datum.x == 1 ? 'right' : 'center'")
    words = of("scale", x=x_of, text="label:N").encode(y=alt.value(at))
    lines = of("scale", x=x_of, y=alt.value(top), y2=alt.value(foot or at - 10))
    return [
        lines.mark_rule(color="var(--rule)"),
        words.mark_text(align=align, color=FAINT, fontSize=12),
    ]


def _label(name: str, lower: bool = True) -> str:
    label = find(name, quantities).label.partition(":")[0]
    return label[:1].lower() + label[1:] if lower and not label[:2].isupper() else label


def _list(names: Any) -> str:
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else str(last)
