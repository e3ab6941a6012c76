"""Links to a state with junk in them, and texts that are no link to a state at all."""

import random
from urllib.parse import quote

from fixture_figures import drawn_at_random

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
NAMES = ("__proto__", "constructor", "prototype", "nothing", "<b>", "", "data", "id", "start")
# Whole hashes that are no link to a state.
WRONG = (
    "#x=", "#x", "#x=;;;", "#x=~~~", "#x=%E0%A4%A", "#x={id};%zz", "#x=%", "#x=__proto__;a:1",
    "#x=constructor", "#x={id}", "#x={id};", "#x={id};;:;::", "#x={id};" + "~{id}" * 5000,
    "#x=<script>window.__pwned=1</script>", "#<img src=x onerror=window.__pwned=1>",
    "#x=" + "A" * 100_000, "#x={id}" + ";a:1" * 25_000, "#y={id};a:1", "#x=../../etc/passwd",
)  # fmt: skip


def hostile(one: Explorable, draw: random.Random) -> tuple[str, dict[str, str], bool]:
    """A link with junk, the good values that must hold, and whether it has anything to refuse."""
    kept: dict[str, str] = {}
    pairs, refused = [], False
    for _ in range(draw.randint(1, 6)):
        name, text, good = _pair(one, draw)
        pairs.append(f"{name}:{quote(text) if draw.random() < 0.5 else text.replace('%', '%25')}")
        refused = refused or not good
        kept = {k: v for k, v in kept.items() if k != name} | ({name: text} if good else {})
    return f"#x={';'.join([one.id, *pairs])}", kept, refused


def _pair(one: Explorable, draw: random.Random) -> tuple[str, str, bool]:
    names = [control.name for control in one.controls]
    if draw.random() < 0.4:
        texts = drawn_at_random(one, draw)
        name = draw.choice(names)
        return name, texts[name], True
    name = draw.choice(NAMES if draw.random() < 0.3 else names)
    return name, draw.choice(JUNK), False
