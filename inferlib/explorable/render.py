"""The static figure: the default answer in words, the charts as SVG, controls, formulas and table."""

from collections.abc import Mapping
from html import escape
from typing import TYPE_CHECKING, Any

import vl_convert as vlc

from inferlib.explorable.charts import Chart
from inferlib.explorable.controls import Picker, Slider
from inferlib.mathml import mathml
from inferlib.quantity import Quantity
from inferlib.show import show
from inferlib.trace import latex

if TYPE_CHECKING:
    from inferlib.explorable.figure import Explorable

# Widths at which the charts are drawn at build, for a desk and for a phone.
WIDE, NARROW = 720, 328
# JupyterLab takes the arrow keys from a slider unless it is told not to.
KEYS = 'data-lm-suppress-shortcuts="true"'


def html(one: "Explorable") -> str:
    """The figure as HTML; the same markup serves the page and the notebook."""
    from inferlib.explorable.figure import dump

    return "\n".join(
        [
            f'<figure class="explorable" id="{one.id}" aria-label="Explorable: {escape(_plain(one.say()))}">',
            f'<p class="answer" data-answer>{escape(one.say())}</p>',
            '<p class="visually-hidden" data-live aria-live="polite"></p>',
            _readouts(one),
            *(_chart(chart, data) for chart, data in zip(one.charts, one.draw(), strict=True)),
            _controls(one),
            '<p class="note" data-note role="status"></p>',
            _formulas(one),
            _table(one),
            f'<script type="application/json" data-config>{dump(one.config())}</script>',
            "<noscript><style>.explorable .controls{display:none}</style></noscript>",
            "</figure>",
        ]
    )


def _plain(sentence: str) -> str:
    return sentence.partition(". ")[0][:120]


def _readouts(one: "Explorable") -> str:
    if not one.readouts:
        return ""
    solved = one.situations({})[""].solution
    cells = "".join(
        f'<div class="{one.quantities[name].hue}"><dt>{escape(label)}</dt>'
        f'<dd data-readout="{name}">{show(solved[name], one.quantities[name].unit)}</dd></div>'
        for name, label in one.readouts.items()
    )
    return f'<dl class="readouts">{cells}</dl>'


def _chart(chart: Chart, data: dict[str, list[dict[str, Any]]]) -> str:
    from inferlib.explorable.figure import dump

    live = vlc.vegalite_to_vega(chart.spec({name: [] for name in data}, WIDE))
    return (
        f'<p class="chart-title">{escape(chart.title)}</p>'
        f'<div class="chart" data-chart role="img" aria-label="{escape(chart.description)}" '
        f'style="--height:{chart.height}px">'
        f"{_still(chart, data, WIDE, 'wide')}{_still(chart, data, NARROW, 'narrow')}"
        f'<script type="application/json">{dump(live)}</script></div>'
    )


def _still(chart: Chart, data: dict[str, list[dict[str, Any]]], width: int, name: str) -> str:
    svg = vlc.vegalite_to_svg(chart.spec(data, width))
    return svg.replace("<svg ", f'<svg aria-hidden="true" class="still {name}" ', 1)


def _controls(one: "Explorable") -> str:
    rows = "".join(
        _picker(one, control) if isinstance(control, Picker) else _slider(one, control)
        for control in one.controls
    )
    actions = (
        '<p class="actions"><button type="button" data-do="reset">Reset</button>'
        '<button type="button" data-do="copy">Copy link</button></p>'
    )
    return f'<div class="controls">{rows}{actions}</div>'


def _picker(one: "Explorable", control: Picker) -> str:
    start = one.state[control.name]
    options = "".join(
        f'<option value="{escape(key)}"{" selected" if key == start else ""}>{escape(name)}</option>'
        for key, name in control.options.items()
    )
    key = f"{one.id}-{control.name}"
    return (
        f'<div class="control pick" data-control="{control.name}"><label for="{key}">{escape(control.label)}</label>'
        f'<select id="{key}" {KEYS}>{options}</select></div>'
    )


def _slider(one: "Explorable", control: Slider) -> str:
    start = float(one.state[control.name])
    value, stops = start / control.scale, control.stops
    at = min(range(len(stops)), key=lambda i: abs(stops[i] - value))
    key, label = f"{one.id}-{control.name}", escape(control.label)
    unit = f'<span class="unit">{escape(control.box)}</span>' if control.box else ""
    return (
        f'<div class="control slide" data-control="{control.name}" style="--start:{at / (len(stops) - 1):.4f}">'
        f'<label for="{key}">{label}</label>'
        f'<span class="track"><input type="range" id="{key}" min="0" max="{len(stops) - 1}" step="1" value="{at}" '
        f'aria-valuetext="{escape(control.text(start))}" {KEYS}></span>'
        f'<span class="box"><input type="number" aria-label="{label}{", " + escape(control.box) if control.box else ""}" '
        f'min="{_plain_number(stops[0])}" max="{_plain_number(stops[-1])}" step="any" value="{_plain_number(value)}" inputmode="decimal" {KEYS}>{unit}</span></div>'
    )


def _plain_number(value: float) -> str:
    # A number box shows 10000000, never 1e+07.
    return f"{float(f'{value:.6g}'):.12f}".rstrip("0").rstrip(".")


def _formulas(one: "Explorable") -> str:
    if not one.formulas:
        return ""
    solved = one.situations({})[""].solution
    lines = "".join(_formula(one, name, solved) for name in one.formulas)
    return (
        f'<details class="formula"><summary>Formula, with your numbers</summary>{lines}</details>'
    )


def _formula(one: "Explorable", name: str, solved: Mapping[str, float]) -> str:
    quantity, known = one.quantities[name], one.quantities
    slots = latex(quantity, known, lambda need: rf"\class{{v-{need}}}{{1}}")
    filled = mathml(rf"{_hued(quantity)} = {slots} = \class{{v-{name}}}{{1}}", True)
    for need in (*quantity.needs, name):
        text = f"<mtext>{escape(show(solved[need], known[need].unit))}</mtext>"
        slot = f'<mrow class="v-{need}">'
        filled = filled.replace(f"{slot}<mn>1</mn></mrow>", f"{slot}{text}</mrow>")
    return equation(quantity, known, f'<div class="numbers">{filled}</div>')


def equation(quantity: Quantity, known: Mapping[str, Quantity], more: str = "") -> str:
    """A formula in symbols with what they stand for, `more` between the two; an input without."""
    title = f'<p class="name">{escape(quantity.label)} <span class="unit">{escape(quantity.unit)}</span></p>'
    if not quantity.formula:
        return f'<div class="equation">{title}{mathml(_hued(quantity))}</div>'
    right = latex(quantity, known, lambda need: _hued(known[need]))
    written = mathml(f"{_hued(quantity)} = {right}", True)
    legend = "; ".join(
        f"{mathml(_hued(known[need]))} {escape(_short(known[need]))}" for need in quantity.needs
    )
    return (
        f'<div class="equation">{title}<div class="symbols">{written}</div>'
        f'{more}<p class="legend">{legend}</p></div>'
    )


def _short(quantity: Quantity) -> str:
    """A label as a part of a sentence: in lower case, without what follows a colon or bracket."""
    label = quantity.label.partition(":")[0].partition(" (")[0]
    return label if label[:2].isupper() else label[:1].lower() + label[1:]


def _hued(quantity: Quantity) -> str:
    """A symbol in the colour of what it stands for."""
    return rf"\class{{c-{quantity.hue}}}{{{quantity.symbol}}}" if quantity.hue else quantity.symbol


def _table(one: "Explorable") -> str:
    return (
        '<details class="drawn"><summary>Numbers drawn</summary><div class="scroll" tabindex="0" role="region" aria-label="Numbers drawn">'
        '<table><thead><tr><th scope="col">Line</th><th scope="col">x</th><th scope="col">y</th></tr></thead><tbody>'
        f"{_rows(one)}</tbody></table></div></details>"
    )


def _rows(one: "Explorable") -> str:
    lines = [
        f"<tr><td>{escape(row['series'])}</td><td>{row['x']:.4g}</td><td>{_cell(row)}</td></tr>"
        for chart, data in zip(one.charts, one.draw(), strict=True)
        for name, rows in data.items()
        if chart.recipes[name]["kind"] in ("grid", "ratio") and not chart.recipes[name].get("by")
        for row in rows[:: 6 if len(rows) > 30 else 1]
    ]
    return "".join(lines)


def _cell(row: dict[str, Any]) -> str:
    return escape(row["label"]) if "label" in row else f"{row['y']:.4g}"
