"""What a reader can move: sliders of inputs, and pickers of rows of the catalog."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from inferlib import catalog
from inferlib.formulas import quantities
from inferlib.naming import suggest
from inferlib.quantity import check
from inferlib.scenarios import KINDS
from inferlib.show import show

# The unit of the number box, where it is not the base unit: its size, and its name.
_BOXES: Mapping[str, tuple[float, str]] = {
    "share": (0.01, "%"),
    "chip": (1.0, "chips"),
    "sequence": (1.0, "sequences"),
    "token/sequence": (1.0, "tokens"),
    "sequence/second": (1 / 86400, "a day"),
    "dollar/second/chip": (1 / 3600, "$ an hour"),
    "second": (1e-6, "µs"),
}
_LABELS = {
    "model": "Model",
    "chip": "Chip",
    "weights": "Weights in",
    "kv": "KV cache in",
    "pricing": "Price",
}


@dataclass(frozen=True)
class Slider:
    """A slider and a number box of one input.

    Attributes:
        name: The input.
        label: What it is called beside the slider.
        box: Name of the number box's unit.
        scale: Size of that unit in base units.
        stops: The values at which the slider stops, in the box's unit, ascending.
    """

    name: str
    label: str
    box: str
    scale: float
    stops: tuple[float, ...]

    def text(self, value: float) -> str:
        """A base value for people."""
        return show(value, quantities[self.name].unit)


@dataclass(frozen=True)
class Picker:
    """A choice among rows of the catalog.

    Attributes:
        name: The name of the choice: the kind, or an alias for a second one of it.
        kind: What is chosen: model, chip, weights, kv or pricing.
        label: What it is called beside the box.
        options: Ids of rows, and their names for people.
        start: The id that an alias starts with; empty where the scenario says.
    """

    name: str
    kind: str
    label: str
    options: Mapping[str, str]
    start: str = ""


@dataclass(frozen=True)
class Guess:
    """A number that the reader predicts before the figure shows it.

    Attributes:
        name: The quantity.
        question: What is asked.
        why: What is said when the answer shows.
    """

    name: str
    question: str
    why: str


def guess(name: str, question: str, *, why: str) -> Guess:
    """Ask for a number before the figure shows its own; then say how far off it was, and why.

    Args:
        name: The quantity that is guessed, at the settings with which the page starts.
        question: What is asked; it names the unit.
        why: One or two sentences that follow the answer.

    Raises:
        LookupError: No quantity has this name.
        ValueError: There is no question, or no reason.
    """
    if name not in quantities:
        raise LookupError(f"no quantity is called '{name}'; {suggest(name, quantities)}")
    if not question.strip() or not why.strip():
        raise ValueError(f"the guess of '{name}' needs a question and a reason; write both")
    return Guess(name, question, why)


def slider(
    name: str,
    low: float,
    high: float,
    *,
    log: bool = False,
    doubling: bool = False,
    steps: int = 60,
    label: str = "",
) -> Slider:
    """A slider of an input from `low` to `high`, in the unit that people use for it.

    Args:
        name: The input.
        low: Least value.
        high: Largest value.
        log: Whether steps grow with the value; for ranges of more than two decades.
        doubling: Whether only powers of two make sense.
        steps: How many stops, about.
        label: What to call it, if not by the input's own label.

    Raises:
        LookupError: No input has this name.
        ValueError: The range is empty, or outside what the input allows.
    """
    if name not in quantities or quantities[name].formula:
        raise LookupError(f"no input is called '{name}'; {suggest(name, quantities)}")
    one = quantities[name]
    scale, box = _BOXES.get(one.unit, (1.0, ""))
    if not low < high or low * scale < one.low or high * scale > one.high:
        raise ValueError(
            f"the slider of '{name}' runs from {low} to {high}; "
            f"its input allows {one.low:g} to {one.high:g} [{one.unit}]"
        )
    if log and low <= 0:
        raise ValueError(f"the slider of '{name}' starts at {low}; a log slider must start above 0")
    for end in (low, high):
        check(one, end * scale)
    return Slider(
        name,
        label or one.label.partition(":")[0],
        box,
        scale,
        _stops(low, high, log, doubling, steps, one.whole),
    )


def _stops(
    low: float, high: float, log: bool, doubling: bool, steps: int, whole: bool
) -> tuple[float, ...]:
    if doubling:
        powers = range(math.floor(math.log2(low)), math.ceil(math.log2(high)) + 1)
        return tuple(2.0**n for n in powers if low <= 2.0**n <= high)
    spread = [
        low * (high / low) ** (i / steps) if log else low + (high - low) * i / steps
        for i in range(steps + 1)
    ]
    inner = {float(f"{value:.2g}") for value in spread[1:-1]}
    return tuple(sorted({float(round(x)) if whole else x for x in inner} | {low, high}))


def picker(
    kind: str, options: Sequence[str], *, alias: str = "", start: str = "", label: str = ""
) -> Picker:
    """A choice among rows of the catalog.

    Args:
        kind: model, chip, weights, kv or pricing.
        options: Ids of rows; the first is not special.
        alias: Name of a second choice of the same kind, to hold against the first.
        start: The id that an alias starts with.
        label: What to call it.

    Raises:
        LookupError: The kind or a row is unknown.
    """
    if kind not in KINDS:
        raise LookupError(f"no kind is called '{kind}'; {suggest(kind, KINDS) or ', '.join(KINDS)}")
    names = {option: display(kind, option) for option in options}
    if alias and start not in names:
        raise LookupError(
            f"the picker '{alias}' starts with '{start}', which is not among its options"
        )
    return Picker(alias or kind, kind, label or _LABELS[kind], names, start)


def display(kind: str, option: str) -> str:
    """What people call a row of the catalog."""
    read = {
        "model": catalog.model,
        "chip": catalog.chip,
        "weights": catalog.dtype,
        "kv": catalog.dtype,
    }
    return read[kind](option)["name"] if kind in read else option
