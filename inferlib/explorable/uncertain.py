"""How sure the answer of an explorable is: its headline, the ranges behind it, the sentence."""

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from inferlib.doubts import READS, ranges
from inferlib.explorable import words
from inferlib.explorable.controls import Slider
from inferlib.explorable.tables import factored
from inferlib.intervals import Uncertainty, uncertainty
from inferlib.naming import suggest
from inferlib.points import LEVEL
from inferlib.quantity import Quantity, order, solve
from inferlib.show import show

if TYPE_CHECKING:
    from inferlib.explorable.figure import Explorable

TENTHS = {0.5: "Five", 0.8: "Eight", 0.9: "Nine"}[LEVEL] + " chances in ten"


def headline(given: str, answer: str, shown: Iterable[str], known: Mapping[str, Quantity]) -> str:
    """The quantity that an explorable is about: the given one, or the first that it says.

    Args:
        given: What the author says; empty if nothing.
        answer: The answer sentence.
        shown: Quantities shown otherwise, for a sentence without any.
        known: The formulas in use.

    Raises:
        LookupError: The given name is unknown.
        ValueError: The given name is an input's.
    """
    if given and given not in known:
        raise LookupError(f"no quantity is called '{given}'; {suggest(given, known)}")
    if given and not known[given].formula:
        raise ValueError(f"the headline '{given}' is an input; give a quantity that has a formula")
    said = [name for _, name, of in words.parts(answer) if name and not of]
    found = [name for name in (*said, *shown) if name in known and known[name].formula]
    return given or next(iter(found), "")


def doubts(one: "Explorable") -> list[dict[str, Any]]:
    """Tables of the ranges behind the headline and the bands, each keyed by the kinds it rests on.

    A row has `[low, high, reason]` for each input, or null where it has no range.
    """
    bands = [r["y"] for c in one.charts for r in c.recipes.values() if r["kind"] == "band"]
    needed = set(order([*filter(None, [one.headline]), *bands], one.quantities))
    options = {one.kind: one.options for one in one.pickers if one.name == one.kind}

    def found(choice: Mapping[str, str]) -> dict[str, Any]:
        known = ranges(one.scenario(choice))
        return {name: known[name] for name in known if name in needed}

    return factored({kind: options[kind] for kind in READS if kind in options}, found)


def sure(one: "Explorable", state: Mapping[str, float | str]) -> str:
    """Between which values the headline lies, in words; empty where nothing is in doubt."""
    if not one.headline or words.reason(one.situations(state)):
        return ""
    found = uncertainty(one.headline, one.scenario(state), quantities=one.quantities)
    if not found.importance or found.low is None or found.high is None:
        return ""
    scenario = one.scenario(state)
    known = ranges(scenario)

    def at(name: str, end: float) -> float:
        inputs = {**scenario, name: end}
        return float(solve(one.headline, quantities=one.quantities, **inputs)[one.headline])

    def moves(name: str) -> bool:  # by more than the rounding of the machine, as in doubt.js
        low, high = (at(name, end) for end in (known[name].low, known[name].high))
        return not math.isclose(low, high, rel_tol=1e-12)

    held = [name for name in found.held if moves(name)]
    return sentence(found, one.quantities, held, one.situations(state)[""].solution[one.headline])


def folds(one: "Explorable") -> dict[str, Any]:
    """What the markup of "What matters most" and "Solve for" has to say."""
    rests_on = order(filter(None, [one.headline]), one.quantities)
    movers = [c for c in one.controls if isinstance(c, Slider) and c.on is None]
    movers.sort(key=lambda c: c.name not in rests_on)  # first those that move the headline
    sliders = [(c.name, inside(c.label)) for c in movers]
    told = [name for name in one.readouts if one.quantities[name].formula]
    asked = dict.fromkeys([*filter(None, [one.headline]), *told])
    tornados = [("Inputs that are not known exactly", "at its lowest", "at its highest")]
    tornados += (
        [("The sliders, from end to end", "far left", "far right")]
        if any(c.name in rests_on for c in movers)
        else []
    )
    return {
        "tornados": tornados,
        "movable": sliders if asked else [],
        "asked": [(name, short(one.quantities[name])) for name in asked],
    }


def sentence(
    found: Uncertainty, known: Mapping[str, Quantity], held: Sequence[str], now: float
) -> str:
    """A band in words, with what is not feasible and what is held at an end of its range.

    Ranges are wider on one side, so that the answer `now` may lie outside.
    """
    low, high = (show(x or 0.0, found.unit) for x in (found.low, found.high))
    between = low if low == high else f"between {low} and {high}"
    count = len(found.importance)
    inputs = "one input is" if count == 1 else f"{count} inputs are"
    share = show(1 - found.feasible, "share")
    side = ""
    if show(now, found.unit) not in (low, high):
        side = "less" if now < (found.low or 0.0) else "more" if now > (found.high or now) else ""
    beyond = f" Each at its likeliest, as here, gives {side}." if side else ""
    some = f" Not feasible in {share} of the cases." if found.feasible < 1 else ""
    names = ", ".join(short(known[name]) for name in held)
    kept = f" Not varied: {names}." if names else ""
    what = short(known[found.want])
    return f"{TENTHS}: {what} {between}, as {inputs} known only within a range.{beyond}{some}{kept}"


def short(quantity: Quantity) -> str:
    """The label of a quantity as a part of a sentence."""
    return inside(quantity.label)


def inside(label: str) -> str:
    """A label in lower case, without what follows a colon, comma or bracket."""
    label = re.split(r"[:,]| \(", label)[0]
    return label if label[:2].isupper() else label[:1].lower() + label[1:]
