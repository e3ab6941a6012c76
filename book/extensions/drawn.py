"""Charts of the book's own pages, drawn at build: for a desk and for a phone, in CSS colours."""

import re
from collections.abc import Callable
from html import escape
from typing import Any

from docutils import nodes

from inferlib.explorable.render import still
from inferlib.explorable.theme import CONFIG

WIDTHS = {"wide": 720, "narrow": 320}
LOOK = {
    **CONFIG,
    "legend": {
        "orient": "top",
        "title": None,
        "offset": 28,
        "labelColor": "var(--ink)",
        "labelFontSize": 12.5,
        "symbolOpacity": 1,
    },
}
_SYMBOLS = re.compile(r'(<g class="mark-symbol[^>]*>)(.*?)(</g>)', re.S)
_SYMBOL = re.compile(
    r'<path[^>]*transform="translate\((?P<x>[\d.e-]+),(?P<y>[\d.e-]+)\)"[^>]*d="M(?P<r>[\d.]+)[^"]*"'
    r'[^>]*fill="(?P<fill>[^"]+)"[^>]*>(?:</path>)?'
)


def drawn(chart: Callable[[int], Any], title: str, says: str, key: str) -> nodes.raw:
    """A figure of a page: its title, its two drawings, and in words what they show.

    Args:
        chart: The chart at a width.
        title: The finding or the question.
        says: What is seen, for who does not see it; printed under the chart too.
        key: A name that is the figure's own on its page.
    """
    svgs = "".join(
        f'<div class="{name}">{_svg(chart(width), f"{key}-{name}")}</div>'
        for name, width in WIDTHS.items()
    )
    html = (
        f'<figure class="drawn wide" id="{key}"><figcaption>{escape(title)}</figcaption>'
        f"{svgs}<p>{escape(says)}</p></figure>"
    )
    return nodes.raw("", html, format="html")


def _svg(chart: Any, own: str) -> str:
    return _SYMBOLS.sub(_gathered, still(chart.configure(**LOOK).to_dict(), own))


def _gathered(group: re.Match[str]) -> str:
    """Many dots of one colour as one path: a tenth of the text, and one thing to draw."""
    dots: dict[tuple[str, str], list[str]] = {}
    for dot in _SYMBOL.finditer(group[2]):
        place = f"M{float(dot['x']):.1f} {float(dot['y']):.1f}h0"
        dots.setdefault((dot["fill"], dot["r"]), []).append(place)
    if sum(map(len, dots.values())) < 100:
        return group[0]
    paths = (
        f'<path d="{"".join(places)}" stroke="{fill}" stroke-width="{2 * float(r):.1f}" '
        'stroke-linecap="round" stroke-opacity="0.5" fill="none"/>'
        for (fill, r), places in dots.items()
    )
    return group[1] + "".join(paths) + group[3]
