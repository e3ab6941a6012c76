"""The roof of a chip, with what stands under it."""

from typing import Any

import altair as alt

from inferlib.explorable.axes import log_axis, spaced
from inferlib.explorable.charts import (
    FAINT,
    Chart,
    held,
    line,
    of,
    ring,
    text,
    upright,
)
from inferlib.explorable.recipes import Span, grid, point
from inferlib.explorable.typed import typed
from inferlib.formulas import quantities
from inferlib.quantity import find


@typed
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

    Raises:
        LookupError: The input is unknown.
        ValueError: A range is upside down.
    """
    find(over, quantities)
    for what, range_ in (("span", span), ("intensity", intensity), ("flops", flops)):
        upright(f"{what} of '{title}'", range_)
    x_of = alt.X("x:Q", **log_axis("arithmetic_intensity", intensity))
    y_of = alt.Y("y:Q", **log_axis("achieved_flops", flops))
    place: dict[str, Any] = {"x": x_of, "y": y_of}
    prefill, decode = "var(--c-prefill)", "var(--c-decode)"
    memory, compute = "var(--c-memory)", "var(--c-compute)"
    diamond = {"shape": "diamond", "size": 150, "filled": True, "opacity": 1}
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
    roof, roof_recipes = line("roof", **place, colour=FAINT, strokeWidth=2.5)
    path, path_recipes = line("path", **place, colour=decode)
    beside, held_recipes = held(recipes, x_of, y_of, ["roof", "path"])
    layers = [
        *roof,
        *beside[:2],
        *path,
        of("ridge", x=x_of).mark_rule(strokeDash=[1, 4], color=FAINT),
        text("foot", "label", alt.value(FAINT), **place, align="left", dx=7, dy=-4),
        text("slope", "label", alt.value(memory), **place, align="right", dx=-10, dy=-12),
        text("flat", "label", alt.value(compute), **place, align="right", dy=-12),
        of("prefill", **place).mark_point(color=prefill, **diamond),
        text("prefill", "label", alt.value(prefill), **place, align="center", dy=20),
        *beside[2:],
        ring(**place),
        text("now", "label", alt.value(decode), **place, align="left", dx=14, dy=13),
    ]  # fmt: skip
    words = (
        "Arithmetic that each chip reaches over arithmetic intensity, both on log axes: the roof "
        "that the chip allows, prefill as a diamond, decode as a ring on its path."
    )
    shown = {**recipes, **roof_recipes, **path_recipes, **held_recipes}
    return Chart(title, "roofline", words, tuple(layers), shown)
