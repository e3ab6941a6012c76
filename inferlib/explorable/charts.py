"""The kinds of chart: an Altair chart over named data, and the recipe of that data's rows."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt

from inferlib.explorable.theme import CONFIG
from inferlib.formulas import quantities

HEIGHT = 300
MODELLED, FAINT = "var(--series-1)", "var(--ink-soft)"


@dataclass(frozen=True)
class Chart:
    """A chart that follows the reader.

    Attributes:
        title: The finding or the question; may quote {quantities}.
        description: What is drawn, for those who do not see it.
        layers: The Altair chart, over named data.
        recipes: How the rows of each named data set are calculated; see `rows.py` and `rows.js`.
        height: In pixels.
    """

    title: str
    description: str
    layers: alt.LayerChart
    recipes: Mapping[str, Mapping[str, Any]]
    height: int = HEIGHT

    def spec(self, data: Mapping[str, list[dict[str, Any]]], width: int) -> dict[str, Any]:
        """The Vega-Lite specification with its rows, drawn as wide as `width` pixels."""
        spec = self.layers.properties(width=width, height=self.height).to_dict()
        autosize = {"type": "fit", "contains": "padding"}
        return {**spec, "config": CONFIG, "autosize": autosize, "datasets": dict(data)}


# Labels of log axes in the words people use; the page and the drawing at build share them.
_PLAIN = "datum.value >= 1e9 ? datum.value / 1e9 + 'B' : datum.value >= 1e6 ? datum.value / 1e6 + 'M' : datum.value >= 1e3 ? datum.value / 1e3 + 'k' : datum.value + ''"
_TICKS: Mapping[str, tuple[str, str]] = {
    "dollar/token": ("'$' + format(datum.value * 1e6, '~g')", "$ a million tokens"),
    "dollar": ("'$' + (" + _PLAIN + ")", "dollars"),
    "flop/second/chip": ("format(datum.value / 1e12, '~g')", "TFLOP/s a chip"),
    "flop/byte": ("format(datum.value, '~g')", "FLOP per byte read"),
    "second": (
        "datum.value >= 31557600 ? format(datum.value / 31557600, '~r') + (datum.value > 31557600 ? ' years' : ' year')"
        " : datum.value >= 86400 ? format(datum.value / 86400, '~r') + (datum.value > 86400 ? ' days' : ' day')"
        " : format(datum.value / 3600, '~r') + ' h'",
        "time since launch",
    ),
    "second*sequence/token": ("format(datum.value * 1000, '~g')", "ms per token"),
}


def _axis(
    name: str, domain: tuple[float, float], ticks: Sequence[float] | None, title: str = ""
) -> dict[str, Any]:
    unit = quantities[name].unit
    label, usual = _TICKS.get(unit, (_PLAIN, quantities[name].label.lower()))
    values = list(ticks) if ticks else decades(*domain)
    axis = alt.Axis(title=title or usual, values=values, labelExpr=label)
    return {
        "scale": alt.Scale(type="log", domain=list(domain), nice=False, clamp=False),
        "axis": axis,
    }


def decades(low: float, high: float) -> list[float]:
    """Powers of ten within a range."""
    first, last = math.ceil(math.log10(low) - 1e-9), math.floor(math.log10(high) + 1e-9)
    return [10.0**n for n in range(first, last + 1)]


def spaced(low: float, high: float, steps: int) -> list[float]:
    """Values from low to high, evenly spaced on a log axis."""
    return [low * (high / low) ** (i / (steps - 1)) for i in range(steps)]


def _lines(data: str, x: alt.X, y: alt.Y, colour: Any, **mark: Any) -> list[alt.Chart]:
    """A line for each series: full where it is feasible, faint and dashed where it is not."""
    base = alt.Chart(alt.NamedData(name=data)).encode(x=x, y=y, detail="series:N")
    drawn = {"clip": True, **mark}
    return [
        base.mark_line(**drawn, strokeDash=[2, 5], opacity=0.55).encode(stroke=colour),
        base.transform_filter("datum.feasible").mark_line(**drawn).encode(stroke=colour),
    ]


def _ring(x: alt.X, y: alt.Y) -> list[alt.Chart]:
    base = alt.Chart(alt.NamedData(name="now")).encode(x=x, y=y)
    return [
        base.mark_point(size=190, filled=True, color="var(--panel)", opacity=1),
        base.mark_point(size=190, strokeWidth=3, filled=False, color="var(--ink)", opacity=1),
    ]


def _names(x: alt.X, y: alt.Y, data: str, colour: Any, **mark: Any) -> alt.Chart:
    options = {"align": "left", "dx": 6, "baseline": "middle", **mark}
    chart = alt.Chart(alt.NamedData(name=data)).mark_text(**options)
    return chart.encode(x=x, y=y, text="series:N", color=colour)


def curve(
    y: str,
    *,
    over: str,
    span: tuple[float, float],
    domain: tuple[float, float],
    by: str = "",
    title: str,
    ticks: Sequence[float] | None = None,
    y_ticks: Sequence[float] | None = None,
) -> Chart:
    """A quantity over an input, with the reader's point as a ring.

    Args:
        y: The quantity.
        over: The input.
        span: Range of the input that is drawn.
        domain: Range of the quantity that is drawn; it stays still while the reader drags.
        by: A kind, such as chip: a thin line for each option of its picker.
        title: The finding or the question.
        ticks: Where the x axis has labels; powers of ten if not given.
        y_ticks: The same for the y axis.
    """
    right = span[1] * (span[1] / span[0]) ** (0.16 if by else 0.02)
    x_of = alt.X("x:Q", **_axis(over, (span[0], right), ticks or None))
    y_of = alt.Y("y:Q", **_axis(y, domain, y_ticks))
    colour = alt.condition("datum.chosen", alt.value(MODELLED), alt.value(FAINT))
    line = {"over": over, "at": spaced(*span, 64), "x": over, "y": [y]}
    layers = _lines("rows", x_of, y_of, alt.value(MODELLED)) + _ring(x_of, y_of)
    recipes: dict[str, Mapping[str, Any]] = {
        "rows": {"kind": "grid", **line},
        "now": {"kind": "point", "x": over, "y": y},
    }
    if by:
        layers = [
            *_lines("others", x_of, y_of, alt.value(FAINT), strokeWidth=1.25),
            *layers,
            _names(x_of, y_of, "ends", colour),
        ]
        recipes["others"] = {"kind": "grid", **line, "by": by}
        recipes["ends"] = {"kind": "ends", "of": ["others"]}
    words = f"{quantities[y].label} over {quantities[over].label.lower()}, both on log axes"
    return Chart(title, words, alt.layer(*layers), recipes)


def roofline(
    *,
    over: str,
    span: tuple[float, float],
    intensity: tuple[float, float] = (0.25, 4096),
    flops: tuple[float, float] = (1e11, 8e15),
    title: str,
) -> Chart:
    """The roofline of the chosen chip, the decode step on it, and its path as an input grows."""
    x_of = alt.X("x:Q", **_axis("arithmetic_intensity", intensity, [1, 10, 100, 1000]))
    y_of = alt.Y("y:Q", **_axis("achieved_flops", flops, [1e12, 1e13, 1e14, 1e15]))
    roof, path = "var(--c-compute)", "var(--c-decode)"
    layers = [
        *_lines("roof", x_of, y_of, alt.value(FAINT), strokeWidth=2.5),
        *_lines("path", x_of, y_of, alt.value(path)),
        alt.Chart(alt.NamedData(name="ridge"))
        .mark_rule(strokeDash=[1, 4], color=FAINT)
        .encode(x=x_of),
        alt.Chart(alt.NamedData(name="ridge"))
        .mark_text(align="left", dx=7, dy=-2, baseline="bottom", color=FAINT, y=HEIGHT - 62)
        .encode(x=x_of, text="label:N"),
        alt.Chart(alt.NamedData(name="slope"))
        .mark_text(align="right", dx=-8, dy=-10, color="var(--c-memory)")
        .encode(x=x_of, y=y_of, text="label:N"),
        alt.Chart(alt.NamedData(name="flat"))
        .mark_text(align="right", dx=-4, dy=-12, color=roof)
        .encode(x=x_of, y=y_of, text="label:N"),
        alt.Chart(alt.NamedData(name="prefill"))
        .mark_point(shape="diamond", size=150, filled=True, color="var(--c-prefill)", opacity=1)
        .encode(x=x_of, y=y_of),
        alt.Chart(alt.NamedData(name="prefill"))
        .mark_text(align="left", dx=10, dy=14, color="var(--c-prefill)")
        .encode(x=x_of, y=y_of, text="label:N"),
        *_ring(x_of, y_of),
        alt.Chart(alt.NamedData(name="now"))
        .mark_text(align="left", dx=14, dy=12, color="var(--c-decode)")
        .encode(x=x_of, y=y_of, text="label:N"),
    ]
    at = spaced(*intensity, 48)
    recipes = {
        "roof": {
            "kind": "grid",
            "over": "arithmetic_intensity",
            "at": at,
            "x": "arithmetic_intensity",
            "y": ["attainable_flops"],
        },
        "path": {
            "kind": "grid",
            "over": over,
            "at": spaced(*span, 48),
            "x": "arithmetic_intensity",
            "y": ["achieved_flops"],
        },
        "ridge": {
            "kind": "point",
            "x": "ridge_intensity",
            "y": "chip_flops",
            "label": "ridge: {ridge_intensity}",
        },
        "slope": {
            "kind": "point",
            "x": "ridge_intensity",
            "y": "chip_flops",
            "times": 0.03,
            "label": "bandwidth binds",
        },
        "flat": {
            "kind": "point",
            "x": "arithmetic_intensity",
            "y": "chip_flops",
            "pin": intensity[1],
            "label": "arithmetic binds: {chip_flops}",
        },
        "prefill": {
            "kind": "point",
            "x": "prefill_intensity",
            "y": "prefill_achieved_flops",
            "label": "prefill",
        },
        "now": {
            "kind": "point",
            "x": "arithmetic_intensity",
            "y": "achieved_flops",
            "label": "decode",
        },
    }
    words = "Arithmetic reached per chip over arithmetic intensity, both on log axes: the roof that the chip allows, and the path of the decode step as the batch grows"
    return Chart(title, words, alt.layer(*layers), recipes)


def crossing(
    *,
    flat: str,
    rising: str,
    at: str,
    over: str,
    span: tuple[float, float],
    domain: tuple[float, float],
    ticks: Sequence[float],
    title: str,
) -> Chart:
    """A flat line and a rising one over time, with a ring where they cross."""
    x_of = alt.X("x:Q", **_axis(over, span, ticks))
    y_of = alt.Y("y:Q", **_axis(flat, domain, None))
    layers = [
        *_lines("flat", x_of, y_of, alt.value("var(--c-compute)")),
        *_lines("rising", x_of, y_of, alt.value("var(--c-money)")),
        _names(x_of, y_of, "flat_name", alt.value("var(--c-compute)"), dy=-12, dx=4),
        _names(
            x_of, y_of, "rising_name", alt.value("var(--c-money)"), align="right", dx=-4, dy=-12
        ),
        *_ring(x_of, y_of),
    ]
    recipes = {
        "flat": {"kind": "grid", "over": over, "at": list(span), "x": over, "y": [flat]},
        "rising": {"kind": "grid", "over": over, "at": list(span), "x": over, "y": [rising]},
        "flat_name": {"kind": "ends", "of": ["flat"], "first": True},
        "rising_name": {"kind": "ends", "of": ["rising"], "below": domain[1]},
        "now": {"kind": "point", "x": at, "y": flat},
    }
    words = f"{quantities[flat].label}, a flat line, and {quantities[rising].label.lower()}, a rising one, over time"
    return Chart(title, words, alt.layer(*layers), recipes)


def bars(
    names: Mapping[str, str], *, against: str, domain: tuple[float, float] = (1 / 8, 8), title: str
) -> Chart:
    """How many times better one choice is than another, a row for each quantity.

    Args:
        names: Quantities of which more is better, and what to call them.
        against: The alias of the second picker.
        domain: Range of the ratios that is drawn.
        title: The finding or the question.
    """
    ticks = [
        value
        for value in (1 / 64, 1 / 16, 1 / 8, 1 / 4, 1 / 2, 1, 2, 4, 8, 16, 64)
        if domain[0] <= value <= domain[1]
    ]
    label = (
        "datum.value < 1 ? '1/' + format(1 / datum.value, '~r') : format(datum.value, '~r') + '×'"
    )
    x_of = alt.X(
        "x:Q",
        scale=alt.Scale(type="log", domain=list(domain), clamp=True),
        axis=alt.Axis(title=None, values=ticks, labelExpr=label, grid=True),
    )
    y_of = alt.Y(
        "series:N",
        sort=list(names.values()),
        axis=alt.Axis(title=None, labelFontSize=13, labelColor="var(--ink)", labelLimit=200),
    )
    base = alt.Chart(alt.NamedData(name="ratios"))
    colour = alt.condition(
        "datum.x >= 1", alt.value("var(--series-1)"), alt.value("var(--series-2)")
    )
    layers = [
        alt.Chart(alt.NamedData(name="even")).mark_rule(color=FAINT).encode(x=x_of),
        base.mark_rule(strokeWidth=7, opacity=0.85).encode(
            x=x_of, x2="one:Q", y=y_of, color=colour
        ),
        base.mark_text(baseline="bottom", dy=-7, align="center").encode(
            x=x_of, y=y_of, text="label:N"
        ),
    ]
    recipes = {
        "ratios": {"kind": "ratio", "names": dict(names), "against": against},
        "even": {"kind": "even"},
    }
    words = "Ratio of the first choice to the second, a row each for " + ", ".join(names.values())
    return Chart(title, words, alt.layer(*layers), recipes, height=58 * len(names) + 40)
