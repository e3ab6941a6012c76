"""What explains a quantity in the page: formula, source, known error, and where it is taught."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from inferlib import catalog
from inferlib.mathml import mathml
from inferlib.quantity import Quantity
from inferlib.references import printed
from inferlib.trace import latex

# The quantity that a fitted metric is, and one that was scored without being fitted.
_FITTED = {"tpot_s": "tpot", "joules_per_output_token": "energy_per_request"}
_SCORED = {"ttft_s": "ttft", "output_tokens_per_s": "output_throughput"}


def facts(
    quantities: Mapping[str, Quantity],
    names: Iterable[str] = (),
    taught: Mapping[str, Mapping[str, str]] | None = None,
) -> dict[str, Any]:
    """Facts of quantities for the page.

    Args:
        quantities: The formulas in use.
        names: The quantities told of; all if none is named.
        taught: For a quantity, the `page` and the `figure` that open its formula first, and the
            page's `title`.

    Returns:
        `quantities`: for each its symbol and formula as MathML (symbols and numbers are put into
        the slots of the formula) and the key of its source; `sources`: by key, as printed, with
        link and year; `errors`: sentences by quantity and preset; `taught`.
    """
    told = {name: quantities[name] for name in (*names,) or quantities}
    return {
        "quantities": {name: _fact(one, quantities) for name, one in told.items()},
        "sources": {one.source: list(printed(one.source)) for one in told.values()},
        "errors": {name: of for name, of in errors().items() if name in told},
        "taught": dict(taught or {}),
    }


def _fact(one: Quantity, quantities: Mapping[str, Quantity]) -> dict[str, str]:
    fact = {"symbol": _inner(mathml(hued(one))), "source": one.source}
    if one.formula:
        slots = latex(one, quantities, lambda need: rf"\class{{v-{need}}}{{1}}")
        written = _inner(mathml(slots, True))
        fact["formula"] = re.sub(r'(<mrow class="v-\w+">)<mn>1</mn>', r"\1", written)
    return fact


def _inner(markup: str) -> str:
    """What a `math` element holds."""
    return re.sub(r"^<math[^>]*>|</math>$", "", markup)


def hued(quantity: Quantity) -> str:
    """A symbol in the colour of what it stands for."""
    return rf"\class{{c-{quantity.hue}}}{{{quantity.symbol}}}" if quantity.hue else quantity.symbol


def errors() -> dict[str, dict[str, str]]:
    """For a quantity that was measured, the known error in words: for each preset, or for all."""
    found: dict[str, dict[str, str]] = {}
    scores = catalog.scores().filter(by="all")
    for metric, name in _FITTED.items():
        row = scores.filter(metric=metric, split="group").row(0, named=True)
        found[name] = {"": _left_out(row)}
    for metric, name in _SCORED.items():
        row = scores.filter(metric=metric, split="fit").row(0, named=True)
        found[name] = {"": _as_it_is(row)}
    usual = catalog.calibration().filter(input="memory_efficiency", engine="any")
    for row in usual.filter(preset="typical").iter_rows(named=True):
        found["tpot"]["typical"] = (
            f"On the {row['rows']:,.0f} measured rows that it was fitted to, the preset typical is "
            f"off by {_share(row['error'])} on average."
        )
    for row in usual.filter(preset="roofline").iter_rows(named=True):
        found["tpot"]["roofline"] = (
            f"On {row['rows']:,.0f} measured rows, the preset roofline is off by "
            f"{_share(row['error'])} on average: it is the limit of the hardware."
        )
    return found


def _left_out(row: Mapping[str, Any]) -> str:
    what = {"joules_per_output_token": ", as energy for each output token,"}.get(row["metric"], "")
    return (
        f"With the preset fitted{what} on {row['rows']:,.0f} measured rows of systems left out of "
        f"the fit, half are within {_share(row['median'])} and nine in ten within "
        f"{_share(row['p90'])}."
    )


def _as_it_is(row: Mapping[str, Any]) -> str:
    rows, half, bias = row["rows"], _share(row["median"]), row["bias"]
    if row["median"] > 0.5:
        side = "low" if bias < 0 else "high"
        return (
            f"Far off: with the preset fitted, on {rows:,.0f} measured rows, half are wrong by "
            f"more than {half}, and the mean is {_share(abs(bias))} too {side}. It was not fitted."
        )
    return (
        f"With the preset fitted, on {rows:,.0f} measured rows, half are within {half} and nine in "
        f"ten within {_share(row['p90'])}. It was not itself fitted."
    )


def _share(value: float) -> str:
    return f"{100 * value:.0f}\u202f%"
