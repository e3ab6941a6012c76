"""The answer sentence: quantities, names and reasons put into the author's words."""

import string
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from inferlib.formulas import quantities
from inferlib.quantity import Solution
from inferlib.show import show

# A choice of words by what is largest: quantity -> words, or -> a further choice.
Choice = Mapping[str, "str | Choice"]


@dataclass(frozen=True)
class Situation:
    """One solved state: the values, and the names for people of what was chosen."""

    solution: Solution
    names: Mapping[str, str]


def parts(template: str) -> list[tuple[str, str, str]]:
    """A sentence as (text before, name, quantity of an alias) pieces."""
    return [
        (before, name or "", of or "") for before, name, of, _ in string.Formatter().parse(template)
    ]


def quoted(template: str, choices: Mapping[str, Choice]) -> list[str]:
    """Names of the quantities that a sentence needs, its choices of words included."""
    names = [of or name for _, name, of in parts(template) if name]
    found = [q for name in names for q in (_keys(choices[name]) if name in choices else [name])]
    return [name for name in dict.fromkeys(found) if name in quantities]


def _keys(choice: Choice) -> list[str]:
    deeper = [value for value in choice.values() if not isinstance(value, str)]
    return [*choice, *(key for value in deeper for key in _keys(value))]


def answer(
    template: str, choices: Mapping[str, Choice], situations: Mapping[str, Situation]
) -> list[tuple[str, str]]:
    """The sentence for a state, or the reason why there is no answer, as (text, quantity) pieces.

    Args:
        template: Words with {names} of quantities, kinds, choices, and {alias:quantity}.
        choices: Words that depend on which of some quantities is largest.
        situations: The solved state under "", and under the name of each alias.

    Returns:
        Pieces whose texts make the sentence; the quantity is that which a piece shows, or "".
    """
    if why := reason(situations):
        return [(why, "")]
    found: list[tuple[str, str]] = []
    for before, name, of in parts(template):
        shows = name if name in quantities and not of else ""
        found += [(before, ""), (_fill(name, of, choices, situations), shows)]
    return [piece for piece in found if piece[0]]


def reason(situations: Mapping[str, Situation]) -> str:
    """The sentences of all conditions that do not hold, each about its own chip."""
    sentences = dict.fromkeys(
        f"On {s.names['chip']}, {why}."
        for s in situations.values()
        for why in s.solution.why.values()
    )
    return " ".join(sentences)


def _fill(
    name: str, of: str, choices: Mapping[str, Choice], situations: Mapping[str, Situation]
) -> str:
    here = situations[""]
    if not name:
        return ""
    if of:
        return show(situations[name].solution[of], quantities[of].unit)
    if name in choices:
        return largest(choices[name], here.solution)
    if name in here.names:
        return here.names[name]
    return show(here.solution[name], quantities[name].unit)


def largest(choice: Choice, values: Mapping[str, Any]) -> str:
    """The words of the largest quantity of a choice; the first, if several are."""
    words = choice[max(choice, key=lambda name: values[name])]
    return words if isinstance(words, str) else largest(words, values)
