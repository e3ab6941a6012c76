"""One look for all charts: colours by CSS variable, so that dark mode needs no redraw."""

import os
from typing import Any

import altair as alt
import vl_convert as vlc

SERIES = ["var(--series-1)", "var(--series-2)", "var(--series-3)", "var(--series-4)"]
FONT = '"Book Sans", "Book Sans Arial", system-ui, sans-serif'

CONFIG: dict[str, Any] = {
    "font": FONT,
    "background": "transparent",
    "mark": {"color": "var(--series-1)"},
    "view": {"stroke": None, "continuousWidth": 560, "continuousHeight": 300},
    "axis": {
        "labelColor": "var(--ink-soft)",
        "titleColor": "var(--ink-soft)",
        "labelFontSize": 12,
        "titleFontSize": 12.5,
        "titleFontWeight": "normal",
        "gridColor": "var(--rule)",
        "gridOpacity": 0.7,
        "domainColor": "var(--rule)",
        "tickColor": "var(--rule)",
        "labelFlush": True,
        "labelOverlap": True,
    },
    "axisX": {"grid": False, "titleAnchor": "end", "titleAlign": "right"},
    "axisY": {
        "titleAngle": 0,
        "titleAlign": "left",
        "titleAnchor": "end",
        "titleBaseline": "bottom",
        "titleY": -8,
        "titleX": 0,
        "domain": False,
        "ticks": False,
    },
    "legend": {
        "labelColor": "var(--ink-soft)",
        "titleColor": "var(--ink-soft)",
        "labelFontSize": 12,
        "titleFontSize": 12.5,
        "titleFontWeight": "normal",
    },
    "title": {"color": "var(--ink)", "fontSize": 13.5, "anchor": "start"},
    "text": {"fontSize": 12.5, "color": "var(--ink)"},
    "line": {"strokeWidth": 2.25, "strokeCap": "round"},
}


def _inline(spec: dict[str, Any], **_: Any) -> dict[str, str]:
    svg = vlc.vegalite_to_svg(spec)
    box = '<div class="plain-chart" tabindex="0" role="group" aria-label="Chart">'
    return {"text/html": f"{box}{svg}</div>"}


# A chart that a cell shows by itself is drawn here: Altair's usual way asks a CDN for Vega.
alt.renderers.register("inferlib", _inline)
if alt.renderers.active == "default":
    alt.renderers.enable("inferlib")
if os.environ.get("INFERLIB_BOOK"):
    alt.theme.register("book", enable=True)(lambda: {"config": CONFIG})  # type: ignore[typeddict-item]
