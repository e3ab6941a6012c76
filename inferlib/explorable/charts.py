"""A chart: Altair layers over named data, with the recipe of each data set's rows."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import cycle
from typing import TYPE_CHECKING, Any

import altair as alt

from inferlib.explorable.recipes import Recipe, Span, faint, pinned
from inferlib.explorable.theme import CONFIG
from inferlib.formulas import quantities
from inferlib.quantity import find

if TYPE_CHECKING:
    from inferlib.explorable.fitting import Setting

HEIGHT = 300
MODELLED, FAINT, HELD = "var(--series-1)", "var(--ink-soft)", "var(--series-2)"
DASHES = [7, 4]


@dataclass(frozen=True)
class Chart:
    """A chart that follows the reader.

    Attributes:
        title: The finding or the question.
        kind: What sort of chart it is; `describe.py` says what its rows show.
        description: What is drawn, for those who do not see it.
        layers: The Altair layers, over named data.
        recipes: How the rows of each data set are calculated.
        height: In pixels.
        fixed: Whether a phone may not make it less high.
        fit: Makes the chart for a figure, where its author left ranges to it.
        note: What stands under it, whatever the state.
    """

    title: str
    kind: str
    description: str
    layers: tuple[Any, ...]
    recipes: Mapping[str, Recipe]
    height: int = HEIGHT
    fixed: bool = False
    fit: "Callable[[Setting], Chart] | None" = None
    note: str = ""

    def spec(self, data: Mapping[str, list[dict[str, Any]]], width: int) -> dict[str, Any]:
        """The Vega-Lite specification with its rows, `width` pixels wide."""
        layered: Any = alt.LayerChart(layer=list(self.layers))
        drawn = layered.properties(width=width, height=self.height).to_dict()
        autosize = {"type": "fit", "contains": "padding"}
        return {**drawn, "config": CONFIG, "autosize": autosize, "datasets": dict(data)}


def later(title: str, fit: "Callable[[Setting], Chart]") -> Chart:
    """A chart whose ranges are found once its figure is known."""
    return Chart(title, "", "", (), {}, fit=fit)


def upright(what: str, span: Span | None) -> None:
    """Check a range of a log axis.

    Raises:
        ValueError: It is upside down, or does not start above zero.
    """
    if span is not None and not 0 < span[0] < span[1]:
        raise ValueError(
            f"the {what} runs from {span[0]:g} to {span[1]:g}; give (least, largest), above zero"
        )


def alike(names: Sequence[str], what: str) -> str:
    """The unit that quantities share.

    Raises:
        LookupError: A name is unknown.
        ValueError: There are none, or their units differ.
    """
    if not names:
        raise ValueError(f"{what} needs at least one quantity; give {{'its name': 'its label'}}")
    units = {name: find(name, quantities).unit for name in names}
    odd = next((name for name in names if units[name] != units[names[0]]), None)
    if odd:
        raise ValueError(
            f"{what} has '{names[0]}' in {units[names[0]]} and '{odd}' in {units[odd]}; "
            "give quantities of one unit"
        )
    return units[names[0]]


def check_labels(labels: Sequence[str], title: str, most: int) -> None:
    """Check what the parts of a chart are called.

    Raises:
        ValueError: A name is blank, long, or that of another part.
    """
    for label in labels:
        if not label.strip() or len(label) > most:
            raise ValueError(
                f"a part of '{title}' is called '{label}'; give it 1 to {most} letters, "
                "for which a phone has room"
            )
        if labels.count(label) > 1:
            raise ValueError(f"two parts of '{title}' are called '{label}'; rename one")


def colours(names: Sequence[str]) -> list[str]:
    """The colours of quantities: of what they stand for, where these differ, else one by one.

    A quantity that stands for nothing of its own is grey, or has a colour of no meaning.
    """
    hues = [quantities[name].hue for name in names]
    known = [hue for hue in hues if hue]
    if not known or len(set(known)) < len(known):
        return [f"var(--series-{(0, 2, 3)[i % 3] + 1})" for i in range(len(names))]
    plain = cycle((FAINT, "var(--series-4)", "var(--rule)"))
    return [f"var(--c-{hue})" if hue else next(plain) for hue in hues]


def of(data: str, **channels: Any) -> Any:
    """A chart of a data set."""
    return alt.Chart(alt.NamedData(name=data)).encode(**channels)


def line(
    data: str, x: Any, y: Any, colour: Any, *, many: bool = False, **mark: Any
) -> tuple[list[Any], dict[str, Recipe]]:
    """A line, or one for each series: full where feasible, else faint and dashed; and its recipes.

    Only the rows that are not feasible are drawn twice.
    """
    drawn = {"clip": True, "stroke": colour, **mark}
    full = {"detail": "series:N"} if many else {}
    weak = {**drawn, "strokeWidth": 1.5, "strokeDash": [2, 5], "opacity": 0.6}
    layers = [
        of(f"{data}-faint", x=x, y=y, detail="piece:N").mark_line(**weak),
        of(data, x=x, y=y, **full).transform_filter("datum.feasible").mark_line(**drawn),
    ]
    return layers, {f"{data}-faint": faint(data)}


def ring(x: Any, y: Any, data: str = "now") -> Any:
    """The ring of what is chosen."""
    look = {"fill": "var(--panel)", "stroke": "var(--ink)", "strokeWidth": 3}
    return of(data, x=x, y=y).mark_point(size=190, opacity=1, clip=True, **look)


def text(data: str, field: str, colour: Any, x: Any, y: Any, **mark: Any) -> Any:
    """Words beside points."""
    return of(data, x=x, y=y, text=f"{field}:N", color=colour).mark_text(**mark)


def held(
    recipes: Mapping[str, Recipe], x: Any, y: Any, lines: Sequence[str], now: str = "now"
) -> tuple[list[Any], dict[str, Recipe]]:
    """The state A beside the present: its lines dashed, its ring, and its letter."""
    drawn = {"clip": True, "stroke": HELD, "strokeWidth": 2, "strokeDash": DASHES}
    dashed = [of(f"{name}-a", x=x, y=y).mark_line(**drawn) for name in lines]
    mark = {"fill": "none", "stroke": HELD, "strokeWidth": 2.5, "strokeDash": [3, 2]}
    layers = [
        *dashed,
        of(f"{now}-a", x=x, y=y).mark_point(size=190, opacity=1, clip=True, **mark),
        letter(of(f"{now}-a", x=x, y=y), dy=-18),
    ]
    return layers, {f"{name}-a": pinned(recipes[name]) for name in (*lines, now)}


def letter(base: Any, **mark: Any) -> Any:
    """The letter A."""
    return base.mark_text(text="A", color=HELD, fontWeight=700, fontSize=13.5, **mark)
