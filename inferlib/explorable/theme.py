"""One look for all charts: the book's colours by CSS variable, so that dark mode needs no redraw."""

from typing import Any

SERIES = ["var(--series-1)", "var(--series-2)", "var(--series-3)", "var(--series-4)"]
FONT = '"Book Sans", "Book Sans Arial", system-ui, sans-serif'

CONFIG: dict[str, Any] = {
    "font": FONT,
    "background": "transparent",
    "view": {"stroke": None},
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
    "text": {"fontSize": 12.5, "color": "var(--ink)"},
    "line": {"strokeWidth": 2.25, "strokeCap": "round"},
}
