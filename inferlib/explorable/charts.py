"""The kinds of chart: an Altair chart over named data, with the recipe of each data set's rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt

from inferlib.explorable.axes import log_axis, spaced
from inferlib.explorable.recipes import Recipe, ends, even, grid, point, ratio
from inferlib.explorable.theme import CONFIG
from inferlib.formulas import quantities

HEIGHT = 300
# A margin in the panel's colour, which keeps a line from striking through words.
HALO = {"stroke": "var(--panel)", "strokeWidth": 5}
MODELLED, FAINT = "var(--series-1)", "var(--ink-soft)"
Span = tuple[float, float]


@dataclass(frozen=True)
class Chart:
    """A chart that follows the reader.

    Attributes:
        title: The finding or the question.
        description: What is drawn, for those who do not see it.
        layers: The Altair chart, over named data.
        recipes: How the rows of each data set are calculated.
        height: In pixels.
    """

    title: str
    description: str
    layers: alt.LayerChart
    recipes: Mapping[str, Recipe]
    height: int = HEIGHT

    def spec(self, data: Mapping[str, list[dict[str, Any]]], width: int) -> dict[str, Any]:
        """The Vega-Lite specification with its rows, `width` pixels wide."""
        drawn: dict[str, Any] = self.layers.properties(width=width, height=self.height).to_dict()
        autosize = {"type": "fit", "contains": "padding"}
        return {**drawn, "config": CONFIG, "autosize": autosize, "datasets": dict(data)}


def _chart(
    title: str,
    words: str,
    layers: Sequence[Any],
    recipes: Mapping[str, Recipe],
    height: int = HEIGHT,
) -> Chart:
    return Chart(title, words, alt.LayerChart(layer=list(layers)), recipes, height)


def _of(data: str, **channels: Any) -> Any:
    return alt.Chart(alt.NamedData(name=data)).encode(**channels)


def _lines(data: str, x: Any, y: Any, colour: str, **mark: Any) -> list[Any]:
    """A line for each series: full where it is feasible, faint and dashed where it is not."""
    base = _of(data, x=x, y=y, detail="series:N")
    drawn = {"clip": True, "stroke": colour, **mark}
    return [
        base.mark_line(**{**drawn, "strokeWidth": 1.5, "strokeDash": [2, 5], "opacity": 0.6}),
        base.transform_filter("datum.feasible").mark_line(**drawn),
    ]


def _ring(x: Any, y: Any) -> list[Any]:
    base = _of("now", x=x, y=y)
    shared = {"size": 190, "opacity": 1, "clip": True}
    return [
        base.mark_point(filled=True, color="var(--panel)", **shared),
        base.mark_point(filled=False, strokeWidth=3, color="var(--ink)", **shared),
    ]


def _text(data: str, field: str, colour: Any, x: Any, y: Any, **mark: Any) -> Any:
    return _of(data, x=x, y=y, text=f"{field}:N", color=colour).mark_text(**mark)


def curve(
    y: str, *, over: str, span: Span, domain: Span, by: str = "", title: str,
    ticks: Sequence[float] = (), y_ticks: Sequence[float] = (),
) -> Chart:  # fmt: skip
    """A quantity over an input, with the reader's point as a ring.

    Args:
        y: The quantity.
        over: The input.
        span: Range of the input that is drawn, in its base unit.
        domain: Range of the quantity, in its base unit; it stays still while the reader drags.
        by: A kind, such as chip: a thin line for each option of its picker.
        title: The finding or the question.
        ticks: Where the x axis has labels; powers of ten if not given.
        y_ticks: The same for the y axis.
    """
    room = (span[1] / span[0]) ** (0.36 if by else 0.02)
    x_of = alt.X("x:Q", **log_axis(over, (span[0] * 0.8, span[1] * room), ticks))
    y_of = alt.Y("y:Q", **log_axis(y, domain, y_ticks))
    at = spaced(*span, 28)
    recipes = {"rows": grid(y, over=over, at=at), "now": point(over, y)}
    layers = [*_lines("rows", x_of, y_of, MODELLED), *_ring(x_of, y_of)]
    if by:
        apart = (domain[1] / domain[0]) ** (17 / HEIGHT)
        recipes |= {
            "others": grid(y, over=over, at=at[::3], by=by),
            "ends": ends("others", apart=apart),
        }
        colour = alt.condition("datum.chosen", alt.value(MODELLED), alt.value(FAINT))
        names = _text("ends", "series", colour, x_of, y_of, align="left", dx=6)
        layers = [
            *_lines("others", x_of, y_of, FAINT, strokeWidth=1.25, interpolate="monotone"),
            *layers,
            names,
        ]
    words = f"{quantities[y].label} over {quantities[over].label.lower()}, both on log axes"
    return _chart(title, words, layers, recipes)


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
    """
    x_of = alt.X("x:Q", **log_axis("arithmetic_intensity", intensity))
    y_of = alt.Y("y:Q", **log_axis("achieved_flops", flops))
    place: dict[str, Any] = {"x": x_of, "y": y_of}
    prefill, decode = "var(--c-prefill)", "var(--c-decode)"
    memory, compute = "var(--c-memory)", "var(--c-compute)"
    diamond = {"shape": "diamond", "size": 150, "filled": True, "opacity": 1}
    layers = [
        *_lines("roof", **place, colour=FAINT, strokeWidth=2.5),
        *_lines("path", **place, colour=decode),
        _of("ridge", x=x_of).mark_rule(strokeDash=[1, 4], color=FAINT),
        _text("foot", "label", alt.value(FAINT), **place, align="left", dx=7, dy=-4),
        _text("slope", "label", alt.value(memory), **place, align="right", dx=-10, dy=-12),
        _text("flat", "label", alt.value(compute), **place, align="right", dy=-12),
        _of("prefill", **place).mark_point(color=prefill, **diamond),
        _text("prefill", "label", alt.value(prefill), **place, align="center", dy=20),
        *_ring(**place),
        _text("now", "label", alt.value(decode), **place, align="left", dx=14, dy=13),
    ]  # fmt: skip
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
    words = (
        "Arithmetic that each chip reaches over arithmetic intensity, both on log axes: the roof "
        "that the chip allows, prefill as a diamond, decode as a ring on its path"
    )
    return _chart(title, words, layers, recipes)


def crossing(
    *, flat: str, rising: str, names: tuple[str, str], at: str, over: str, span: Span, domain: Span,
    ticks: Sequence[float], title: str,
) -> Chart:  # fmt: skip
    """A flat line and a rising one over time, with a ring where they cross.

    Args:
        flat: The quantity that does not grow.
        rising: The one that does.
        names: What the two lines are called.
        at: The quantity that says when they cross.
        over: The input along the axis.
        span: Its range, in its base unit.
        domain: Range of both quantities, in their base unit.
        ticks: Where the time axis has labels.
        title: The finding or the question.
    """
    x_of = alt.X("x:Q", **log_axis(over, span, ticks))
    y_of = alt.Y("y:Q", **log_axis(flat, domain))
    training, money = "var(--ink)", "var(--c-money)"
    layers = [
        *_lines("flat", x_of, y_of, training),
        *_lines("rising", x_of, y_of, money),
        _text("flat_name", "series", alt.value(training), x_of, y_of, align="left", dx=4, dy=-10),
        _text("rising_name", "series", alt.value(money), x_of, y_of, align="right", dx=-8, dy=-6),
        *_ring(x_of, y_of),
    ]
    recipes = {
        "flat": grid(flat, over=over, at=span, name=names[0]),
        "rising": grid(rising, over=over, at=spaced(*span, 40), name=names[1]),
        "flat_name": ends("flat", first=True),
        "rising_name": ends("rising", below=domain[1] / 4),
        "now": point(at, flat, within=span),
    }
    words = f"{names[0]}, a flat line, and {names[1].lower()}, a rising one, over time"
    return _chart(title, words, layers, recipes)


def bars(names: Mapping[str, str], *, against: str, domain: Span = (1 / 8, 8), title: str) -> Chart:
    """How many times better one choice is than another, a row for each quantity.

    Args:
        names: Quantities of which more is better, and what to call them.
        against: The alias of the second picker.
        domain: Range of the ratios that is drawn.
        title: The finding or the question.
    """
    ticks = [2.0**n for n in range(-6, 7) if domain[0] <= 2.0**n <= domain[1]]
    label = "datum.value < 1 ? '1/' + 1 / datum.value : datum.value + '×'"
    axis = alt.Axis(title=None, values=ticks, labelExpr=label)
    x_of = alt.X("x:Q", scale=alt.Scale(type="log", domain=list(domain), clamp=True), axis=axis)
    rows = alt.Axis(title=None, labels=False, ticks=False, domain=False)
    y_of = alt.Y("series:N", sort=list(names.values()), axis=rows)
    side = alt.condition("datum.x >= 1", alt.value("var(--series-1)"), alt.value("var(--series-2)"))
    left, text = alt.value(0), "series:N"
    base = _of("ratios", y=y_of)
    layers = [
        _of("even", x=x_of).mark_rule(color=FAINT),
        base.mark_rule(strokeWidth=8).encode(x=x_of, x2="one:Q", color=side),
        base.mark_text(align="left", dy=-15, **HALO).encode(x=left, text=text),
        base.mark_text(align="left", dy=15, **HALO).encode(x=left, text="label:N"),
        base.mark_text(align="left", dy=-15, fontWeight=600).encode(x=left, text=text),
        base.mark_text(align="left", dy=15, color=FAINT).encode(x=left, text="label:N"),
    ]  # fmt: skip
    words = "The first choice as a multiple of the second, a row each for " + ", ".join(
        names.values()
    )
    recipes = {"ratios": ratio(names, against), "even": even()}
    return _chart(title, words, layers, recipes, height=62 * len(names) + 40)
