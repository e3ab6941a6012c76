"""A flat line and a rising one, and where they cross."""

from collections.abc import Sequence

import altair as alt

from inferlib.explorable.axes import log_axis, short, spaced
from inferlib.explorable.charts import (
    Chart,
    alike,
    held,
    line,
    ring,
    text,
    upright,
)
from inferlib.explorable.recipes import Span, ends, grid, point
from inferlib.explorable.typed import typed


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
