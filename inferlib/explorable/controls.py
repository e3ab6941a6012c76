"""What a reader can move: sliders of inputs, and pickers of rows of the catalog."""

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from inferlib import catalog
from inferlib.explorable.typed import typed
from inferlib.formulas import quantities
from inferlib.naming import suggest
from inferlib.presets import ANY, ENGINES, PRESETS
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
    "dollar/chip": (1.0, "$"),
    "dollar/joule": (1 / 3.6e6, "$ a kWh"),
    "second": (1e-6, "µs"),
    "byte/second/chip": (1e12, "TB/s"),
    "flop/second/chip": (1e12, "TFLOP/s"),
    "second*sequence/token": (1e-3, "ms"),
    "joule/second/chip": (1.0, "W"),
    "joule": (3600.0, "Wh"),
}
# Where one input of a unit is counted otherwise.
_BOX_OF: Mapping[str, tuple[float, str]] = {
    "hardware_life": (365 * 86400.0, "years"),
    "elapsed_time": (86400.0, "days"),
    "served_tokens": (1e12, "trillion"),
}
_LABELS = {
    "model": "Model",
    "chip": "Chip",
    "weights": "Weights in",
    "kv": "KV cache in",
    "pricing": "Price",
    "preset": "Preset",
    "engine": "Engine",
}
# The table of a kind, and its column of who made what.
_TABLES = {"model": ("models", "org"), "chip": ("chips", "vendor")}


@dataclass(frozen=True)
class Slider:
    """A slider and a number box of one input.

    Attributes:
        name: The input.
        label: What it is called beside the slider.
        box: Name of the number box's unit.
        scale: Size of that unit in base units.
        stops: The values at which the slider stops, in the box's unit, ascending.
        on: Of a switch between two values, the one that is on, in the box's unit.
    """

    name: str
    label: str
    box: str
    scale: float
    stops: tuple[float, ...]
    on: float | None = None

    def text(self, value: float) -> str:
        """A base value for people."""
        return show(value, quantities[self.name].unit)


@dataclass(frozen=True)
class Picker:
    """A choice among rows of the catalog.

    Attributes:
        name: The name of the choice: the kind, or an alias for a second one of it.
        kind: What is chosen: a kind of scenarios, such as model or chip.
        label: What it is called beside the box.
        options: Ids of rows, and their names for people; empty until `explore` finds them all.
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


@typed
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
        way = suggest(name, quantities) or "see inferlib.quantities"
        raise LookupError(f"no quantity is called '{name}'; {way}")
    if not quantities[name].formula:
        raise ValueError(f"'{name}' is an input, which the reader sets; ask for what follows it")
    if not question.strip() or not why.strip():
        raise ValueError(f"the guess of '{name}' needs a question and a reason; write both")
    return Guess(name, question, why)


@typed
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
        way = suggest(name, quantities) or "see inferlib.quantities"
        raise LookupError(f"no input is called '{name}'; {way}")
    one = quantities[name]
    scale, box = _BOX_OF.get(name) or _BOXES.get(one.unit, (1.0, ""))
    if not low < high or low * scale < one.low or high * scale > one.high:
        raise ValueError(
            f"the slider of '{name}' runs from {low} to {high}; "
            f"its input allows {one.low:g} to {one.high:g} [{one.unit}]"
        )
    if (log or doubling) and low <= 0:
        raise ValueError(f"the slider of '{name}' starts at {low}; a log slider must start above 0")
    if steps < 1:
        raise ValueError(f"the slider of '{name}' has steps={steps}; give at least 1")
    for end in (low, high):
        check(one, end * scale)
    stops = _stops(low, high, log, doubling, steps, one.whole)
    if len(stops) < 2:
        raise ValueError(
            f"the slider of '{name}' from {low} to {high} holds fewer than two powers of two; "
            "widen it, or leave doubling= out"
        )
    return Slider(name, label or one.label.partition(":")[0], box, scale, stops)


@typed
def switch(name: str, off: float, on: float, *, label: str) -> Slider:
    """A switch of an input between two values, in the unit that people use for it.

    Args:
        name: The input.
        off: Its value while the switch is off.
        on: Its value while it is on.
        label: What is switched on, in words that say the value.

    Raises:
        LookupError: No input has this name.
        ValueError: The values are equal, or outside what the input allows.
    """
    if off == on:
        raise ValueError(f"the switch of '{name}' is {on} either way; give two values")
    made = slider(name, min(off, on), max(off, on), steps=1, label=label)
    return replace(made, on=float(on))


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


@typed
def picker(
    kind: str, options: Sequence[str] = (), *, alias: str = "", start: str = "", label: str = ""
) -> Picker:
    """A choice among rows of the catalog.

    Args:
        kind: model, chip, weights, kv, pricing, preset or engine.
        options: Ids of rows; the first is not special. Without them, every row that gives the
            figure all its inputs with every option of the other pickers.
        alias: Name of a second choice of the same kind, to hold against the first.
        start: The id that an alias starts with.
        label: What to call it.

    Raises:
        LookupError: The kind or a row is unknown.
        ValueError: The alias has a meaning already, or an option stands twice.
    """
    if kind not in KINDS:
        way = suggest(kind, KINDS) or ", ".join(KINDS)
        if kind in quantities:
            way = f"an input has a slider: il.slider('{kind}', low, high)"
        raise LookupError(f"no kind is called '{kind}'; {way}")
    names = named(kind, options)
    if alias in (*KINDS, *quantities):
        raise ValueError(f"the alias '{alias}' has a meaning already; choose another name")
    if start and not alias:
        raise ValueError(f"the picker of '{kind}' has a start= but no alias=; the scenario says it")
    if alias and names and start not in names:
        raise LookupError(
            f"the picker '{alias}' starts with '{start}', which is not among its options; "
            f"give start= as {' or '.join(list(names)[:3])}"
        )
    return Picker(alias or kind, kind, label or _LABELS[kind], names, start)


def named(kind: str, options: Sequence[str]) -> dict[str, str]:
    """Ids with the names that people know them by, each another."""
    if twice := next((one for one in options if list(options).count(one) > 1), ""):
        raise ValueError(f"the picker of '{kind}' has '{twice}' twice; leave one out")
    names = {option: display(kind, option) for option in options}
    often = Counter(names.values())
    return {
        option: f"{name} ({option})" if often[name] > 1 else name for option, name in names.items()
    }


def every(kind: str) -> list[str]:
    """The ids of all rows of a kind, where a reader would look for them: by maker, then name."""
    if kind in ("weights", "kv"):
        return catalog.dtypes().filter(kind)["dtype"].to_list()
    if kind not in _TABLES:
        return {"pricing": catalog.bases(), "preset": list(PRESETS), "engine": [ANY, *ENGINES]}[
            kind
        ]
    table, maker = _TABLES[kind]
    rows = getattr(catalog, table)().select(kind, maker, "name").rows()
    return [id for id, *words in sorted(rows, key=lambda row: [_natural(word) for word in row[1:]])]


def _natural(text: str) -> list[tuple[str, int]]:
    """A key that sorts 8B before 70B."""
    return [(word, int(n or 0)) for word, n in re.findall(r"(\D*)(\d*)", text.casefold())]


def display(kind: str, option: str) -> str:
    """What people call a row of the catalog."""
    read = {
        "model": catalog.model,
        "chip": catalog.chip,
        "weights": catalog.dtype,
        "kv": catalog.dtype,
    }
    return read[kind](option)["name"] if kind in read else option
