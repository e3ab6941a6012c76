"""The static figure: the answer in words, charts as SVG, controls, formulas and table."""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import vl_convert as vlc
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup, escape

from inferlib.explorable.charts import Chart
from inferlib.explorable.controls import Picker, Slider
from inferlib.explorable.data import dump
from inferlib.explorable.describe import describe, listed
from inferlib.explorable.facts import hued
from inferlib.explorable.uncertain import folds, short
from inferlib.mathml import mathml
from inferlib.quantity import Quantity
from inferlib.show import show
from inferlib.trace import latex

if TYPE_CHECKING:
    from inferlib.explorable.figure import Explorable

# Widths at which the charts are drawn at build, for a desk and for a phone.
WIDE, NARROW = 720, 328
# In a drawing that is hidden from screen readers and takes no clicks.
_UNSEEN = re.compile(r' (?:aria-\w+|role|pointer-events)="[^"]*"| opacity="1"')
_CLIP = re.compile(r'((?:id="|url\(#))(?=clip\d)')
_TAG, _LONG = re.compile(r"<[^>]*>"), re.compile(r"\d+\.\d{3,}")
# A picker of more options than these is a search box.
SHORT = 12


@cache
def _template() -> Template:
    folder = FileSystemLoader(Path(__file__).parent)
    return Environment(autoescape=True, loader=folder, undefined=StrictUndefined).get_template(
        "figure.html"
    )


def html(one: "Explorable") -> str:
    """The figure as HTML; the same markup serves the page and the notebook."""
    drawn, solved, config = one.draw(), one.situations({})[""].solution, one.config()
    pairs = list(zip(one.charts, drawn, strict=True))
    return _template().render(
        one=one,
        answer=one.pieces(),
        presets={
            name: {**one.state, **values} == one.state for name, values in one.presets.items()
        },
        readouts=[
            (name, label, one.quantities[name].hue, show(solved[name], one.quantities[name].unit))
            for name, label in one.readouts.items()
        ],
        charts=[
            {**_chart(one, i, data), "residual": said}
            for i, (data, said) in enumerate(zip(drawn, one.residual(), strict=True))
        ],
        controls=[_control(control, one.state[control.name]) for control in one.controls],
        equations=[Markup(_filled(one, name, solved)) for name in one.formulas],
        rows=list(_rows(one, drawn)),
        sure=(sure := one.sure()),
        # Sliders are decisions, so without pickers the doubts stay as they are.
        ranged=config["ranges"] and (sure or one.pickers or not solved.feasible),
        **folds(one),
        config=Markup(dump(config)),
        specs=Markup(dump([_live(chart, data) for chart, data in pairs])),
    )


def _chart(one: "Explorable", i: int, data: dict[str, list[dict[str, Any]]]) -> dict[str, Any]:
    chart, key = one.charts[i], f"{one.id}-{i}"
    return {
        "title": chart.title,
        "description": describe(chart, data, one.quantities),
        "height": chart.height,
        "fixed": chart.fixed,
        "note": chart.note,
        "kind": chart.kind,
        "wide": Markup(_still(chart, data, WIDE, "wide", key)),
        "narrow": Markup(_still(chart, data, NARROW, "narrow", key)),
    }


def _live(chart: Chart, data: Iterable[str]) -> dict[str, Any]:
    """What Vega draws in the page, without rows."""
    return vlc.vegalite_to_vega(chart.spec({name: [] for name in data}, WIDE))


def _still(
    chart: Chart, data: dict[str, list[dict[str, Any]]], width: int, name: str, key: str
) -> str:
    svg = still(chart.spec(data, width), f"{key}-{name}")
    return svg.replace("<svg ", f'<svg class="still {name}" ', 1)


def still(spec: dict[str, Any], own: str) -> str:
    """A drawing without what nobody sees or hears, and with places to a hundredth of a pixel.

    Args:
        spec: The Vega-Lite specification, with its rows.
        own: What no other drawing of the page is called.
    """
    # A page has several drawings, and Vega's live ones: what clips a mark must be its own.
    svg = _UNSEEN.sub("", _CLIP.sub(rf"\1{own}-", vlc.vegalite_to_svg(spec)))
    short = _TAG.sub(lambda tag: _LONG.sub(lambda n: f"{float(n[0]):.2f}", tag[0]), svg)
    return short.replace("<svg ", '<svg aria-hidden="true" ', 1)


def _control(control: Slider | Picker, start: float | str) -> dict[str, Any]:
    shared = {"name": control.name, "label": control.label, "start": start}
    if isinstance(control, Picker):
        return {**shared, "options": control.options, "long": len(control.options) > SHORT}
    value, last = float(start) / control.scale, len(control.stops) - 1
    at = min(range(last + 1), key=lambda i: abs(control.stops[i] - value))
    return {
        **shared,
        "options": None,
        "switch": control.on is not None,
        "on": control.on == value,
        "box": control.box,
        "at": at,
        "last": last,
        "share": round(at / last, 4),
        "text": control.text(float(start)),
        "low": _plain(control.stops[0]),
        "high": _plain(control.stops[-1]),
        "value": _plain(value),
    }


def _plain(value: float) -> str:
    # A number box shows 10000000, never 1e+07.
    return f"{float(f'{value:.6g}'):.12f}".rstrip("0").rstrip(".")


def _filled(one: "Explorable", name: str, solved: Mapping[str, float]) -> str:
    quantity, known = one.quantities[name], one.quantities
    slots = latex(quantity, known, lambda need: rf"\class{{v-{need}}}{{1}}")
    slots = slots.replace(r" \, ", r" \times ")  # symbols may stand side by side, numbers may not
    filled = mathml(rf"{hued(quantity)} = {slots} = \class{{v-{name}}}{{1}}", True)
    for need in (*quantity.needs, name):
        text = f"<mtext>{escape(show(solved[need], known[need].unit))}</mtext>"
        slot = f'<mrow class="v-{need}">'
        filled = filled.replace(f"{slot}<mn>1</mn></mrow>", f"{slot}{text}</mrow>")
    whole = equation(quantity, known, f'<div class="numbers">{filled}</div>')
    # A wide formula scrolls, also by keyboard.
    way = '<div class="equation" tabindex="0" role="group" aria-label="Formula">'
    return whole.replace('<div class="equation">', way, 1)


def equation(quantity: Quantity, known: Mapping[str, Quantity], more: str = "") -> str:
    """A formula in symbols with what they stand for, `more` between the two; an input without."""
    unit = f'<span class="unit">{escape(quantity.unit)}</span>'
    title = f'<p class="name">{escape(quantity.label)} {unit}</p>'
    if not quantity.formula:
        return f'<div class="equation">{title}{mathml(hued(quantity))}</div>'
    right = latex(quantity, known, lambda need: hued(known[need]))
    written = mathml(f"{hued(quantity)} = {right}", True)
    legend = "; ".join(
        f"{mathml(hued(known[need]))} {escape(short(known[need]))}" for need in quantity.needs
    )
    return (
        f'<div class="equation">{title}<div class="symbols">{written}</div>'
        f'{more}<p class="legend">{legend}</p></div>'
    )


def _rows(
    one: "Explorable", drawn: list[dict[str, list[dict[str, Any]]]]
) -> Iterator[tuple[str, str, str]]:
    """All that is drawn as a table: what, and how far across and up."""
    for chart, data in zip(one.charts, drawn, strict=True):
        for name, recipe in chart.recipes.items():
            yield from listed(recipe, data[name], one.quantities)
