"""Links to a state with junk in them, and texts that are no link to a state at all."""

import random
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from fixture_figures import drawn_at_random

from inferlib.explorable.controls import Slider
from inferlib.explorable.figure import Explorable

# What may stand in a link in the place of a value.
JUNK = (
    "", " ", "NaN", "Infinity", "-Infinity", "1e999", "-1e999", "1e-999", "-5", "9" * 400, "0x10",
    "1_000", "1,5", "٣", "true", "null", "undefined", "[]", "{}", '{"a":1}', "[object Object]",
    "__proto__", "constructor", "toString", "hasOwnProperty", "valueOf", "javascript:alert(1)",
    "<script>window.__pwned=1</script>", "<img src=x onerror=window.__pwned=1>",
    '"><svg onload=window.__pwned=1>', "${window.__pwned=1}", "{{7*7}}", "\u0000", "\u202eabc",
    "😀", "%", "a=b&c=d", "A" * 1000,
)  # fmt: skip
# Settings that are no input.
VIEW = ("from", "band", "data", "a.", "a.from", "a.data", "a.__proto__", "a.nothing", "a.a.chip")
NAMES = ("__proto__", "constructor", "prototype", "nothing", "<b>", "", "data", "id", "start")
# Whole hashes that are no link to a state.
WRONG = (
    "#x=", "#x", "#x=;;;", "#x=~~~", "#x=%E0%A4%A", "#x={id};%zz", "#x=%", "#x=__proto__;a:1",
    "#x=constructor", "#x={id}", "#x={id};", "#x={id};;:;::", "#x={id};" + "~{id}" * 5000,
    "#x=<script>window.__pwned=1</script>", "#<img src=x onerror=window.__pwned=1>",
    "#x=" + "A" * 100_000, "#x={id}" + ";a:1" * 25_000, "#y={id};a:1", "#x=../../etc/passwd",
)  # fmt: skip


@dataclass
class Asked:
    """A link with junk, and what of it must hold.

    Attributes:
        hash: The link.
        kept: Texts of controls that hold.
        pinned: The same of the state A.
        view: What must hold of how charts are shown.
        refused: Whether there is anything to refuse.
    """

    hash: str = ""
    kept: dict[str, str] = field(default_factory=dict)
    pinned: dict[str, str] = field(default_factory=dict)
    view: dict[str, Any] = field(default_factory=dict)
    refused: bool = False


def hostile(one: Explorable, draw: random.Random) -> Asked:
    """A link with junk in it; of what it says twice, the last that makes sense holds."""
    asked = Asked()
    pairs = []
    for _ in range(draw.randint(1, 8)):
        ways = (_sound, _sound, _junk, _junk, *([_fixed] if one.fixed else []))
        pair = draw.choice(ways)(one, draw, asked)
        name, text = pair
        pairs.append(f"{name}:{quote(text) if draw.random() < 0.5 else text.replace('%', '%25')}")
    asked.hash = f"#x={';'.join([one.id, *pairs])}"
    return asked


def _sound(one: Explorable, draw: random.Random, asked: Asked) -> tuple[str, str]:
    name, text = draw.choice(list(drawn_at_random(one, draw).items()))
    into = draw.random()
    if into < 0.6:
        asked.kept[name] = text
        return name, text
    if into < 0.8:
        asked.pinned[name] = text
        return f"a.{name}", text
    if one.presets and into < 0.9:
        asked.view["from"] = draw.choice(list(one.presets))
        return "from", asked.view["from"]
    asked.view["band"] = False
    return "band", "off"


def _junk(one: Explorable, draw: random.Random, asked: Asked) -> tuple[str, str]:
    controls = [control.name for control in one.controls]
    own = [*controls, *(f"a.{name}" for name in controls), *(each["name"] for each in one.fixed)]
    asked.refused = True
    name = draw.choice(draw.choice((own, own, NAMES, VIEW)))
    held = asked.pinned if name.startswith("a.") else asked.kept
    held.pop(name.removeprefix("a."), None)  # what is out of range is held at an end
    text = draw.choice(JUNK)
    zero = name.removeprefix("a.") in _from_zero(one)  # there 1e-999 is 0, and makes sense
    return name, "-5" if zero and text == "1e-999" else text


def _from_zero(one: Explorable) -> set[str]:
    """What may be 0: a slider or a fixed input."""
    sliders = {c.name for c in one.controls if isinstance(c, Slider) and c.stops[0] == 0}
    return sliders | {each["name"] for each in one.fixed if each["low"] == 0}


def _fixed(one: Explorable, draw: random.Random, asked: Asked) -> tuple[str, str]:
    each = draw.choice(one.fixed)
    if draw.random() < 0.5:
        return each["name"], f"{one.start[each['name']]:.12g}"
    asked.refused = True
    small = "-5" if each["low"] == 0 else "1e-99"
    return each["name"], draw.choice(("-1", "1e99", f"{each['high'] * 2:.12g}", small))
