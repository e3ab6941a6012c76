"""The front end's modules joined: a classic script for the site, a module for notebooks."""

import json
import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import vl_convert as vlc

from inferlib import points
from inferlib.explorable.data import dump
from inferlib.explorable.facts import facts as facts_of
from inferlib.formulas import quantities as all_quantities
from inferlib.quantity import Quantity
from inferlib.show import table
from inferlib.trace import module

FRONT = Path(__file__).parent / "front"
_SHARED = (
    "numbers.js", "model.js", "state.js", "words.js", "points.js", "bands.js", "measured.js",
    "places.js", "rows.js", "describe.js", "charts.js", "dom.js", "explain.js", "compare.js",
    "guess.js", "hover.js", "presets.js", "seek.js", "take.js", "doubt.js", "figure.js",
)  # fmt: skip
_IMPORT = re.compile(r'^import \{[^}]*\} from "\./[\w.]+";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?function|const)", re.MULTILINE)
# After these a line may end or go on, in scripts and in style sheets.
_OPEN = re.compile(r"([;{,(\[])\n")
_TIGHT = re.compile(r"\s*([{};,])\s*")  # in a style sheet
# A note behind code; where a quote or a slash follows it may be text, and stays.
_BEHIND = re.compile(r"\s// [^\"'`/]*$")
# What a quantity without them has; left out of the JSON, and put back where it is read.
_USUAL: dict[str, Any] = {"requires": (), "words": (), "otherwise": ""}

# What a formula needs is the names in it.
_WHOLE = r"""for (const [name, own] of Object.entries(quantities)) {
const uses = String(formulas[name] ?? "").match(/\bq\.\w+/g);
quantities[name] = { ...usual, needs: [...new Set(uses)].map((one) => one.slice(2)), ...own };
}
"""


def engine(quantities: Mapping[str, Quantity] = all_quantities) -> str:
    """The formulas, facts and units as one JavaScript module that exports `engine`."""
    facts = {
        one.name: {
            "unit": one.unit,
            "requires": one.requires,
            "words": one.words,
            "otherwise": one.otherwise,
            **({"whole": True} if one.whole else {}),
        }
        for one in quantities.values()
    }
    short = {n: {k: v for k, v in one.items() if v != _USUAL.get(k)} for n, one in facts.items()}
    return (
        re.sub(r" (\*|=>) ", r"\1", module(quantities))
        + f"const quantities = {_dump(short)};\nconst usual = {_dump(_USUAL)};\n{_WHOLE}"
        + f"const table = {_dump(table())};\n"
        + f"const draws = {_dump(points.table())};\n"
        + "export const engine = { formulas, quantities, table, draws };\n"
    )


def _dump(tree: Any) -> str:
    return json.dumps(tree, ensure_ascii=False, separators=(",", ":"))


def facts(
    quantities: Mapping[str, Quantity] = all_quantities,
    names: Iterable[str] = (),
    taught: Mapping[str, Mapping[str, str]] | None = None,
) -> str:
    """What explains quantities, as JSON; the page asks for it when a number is first opened."""
    return dump(facts_of(quantities, names, taught))


def facts_file(taught: Mapping[str, Mapping[str, str]] | None = None) -> bytes:
    """The facts of all quantities as the site's script."""
    return f"window.inferlib.facts = {facts(taught=taught)};\n".encode()


def joined(*sources: str) -> str:
    """Modules as one text without imports and exports.

    Raises:
        ValueError: A module imports or exports in a way that this step does not know, or two
            modules use one name at their top level.
    """
    text = "\n".join(_EXPORT.sub("", _IMPORT.sub("", source)) for source in sources)
    if odd := re.search(r"^(import|export)\b.*", text, re.MULTILINE):
        raise ValueError(
            f"cannot join '{odd[0]}'; import {{names}} from ./files, export functions and constants"
        )
    names = re.findall(r"^(?:async function|function|const|let) (\w+)", text, re.MULTILINE)
    if twice := {name for name in names if names.count(name) > 1}:
        raise ValueError(f"two modules use the name {', '.join(sorted(twice))}; rename one")
    return text


def bare(source: str) -> str:
    """A script or style sheet without indentation, blank lines and comments of whole lines.

    Raises:
        ValueError: A text runs over lines, or code follows a comment: this step would break it.
    """
    kept, inside = [], False
    for line in map(str.strip, source.splitlines()):
        inside = inside or line.startswith("/*")
        if inside:
            if "*/" in line and not line.endswith("*/"):
                raise ValueError(f"code follows a comment in '{line}'; give it a line of its own")
            inside = not line.endswith("*/")
        elif line and not line.startswith("//"):
            if line.count("`") % 2:
                raise ValueError(f"a text runs over lines at '{line}'; join lines instead")
            kept.append(_BEHIND.sub("", line))
    return _OPEN.sub(r"\1", "\n".join([*kept, ""]))


def _front(*names: str) -> list[str]:
    return [(FRONT / name).read_text(encoding="utf-8") for name in names]


@cache
def _vega() -> str:
    # The bundle declares names like `n` at its top level, so it gets a scope of its own.
    return f"(function () {{\n{vlc.javascript_bundle('window.vegaEmbed = vegaEmbed;')}\n}})();\n"


def site_files() -> dict[str, bytes]:
    """The files of the site by name: script, style sheet, and Vega, which waits to be asked for."""
    script = bare(joined(*_front(*_SHARED), engine(), *_front("site.js")))
    styles = _TIGHT.sub(r"\1", bare("".join(_front("explorable.css")))).replace(": ", ":")
    return {
        "explorable.js": f'(function () {{\n"use strict";\n{script}\n}})();\n'.encode(),
        "explorable.css": styles.encode(),
        "vega.js": _vega().encode(),
        "facts.js": facts_file(),
    }


@cache
def widget_module() -> str:
    """The notebook's module: the same front end with Vega inside; it exports `render`."""
    script = bare(joined(*_front(*_SHARED, "widget.js")))
    once = f"if (!window.vegaEmbed) {_vega()}"
    vega = f"function loadVega() {{\n{once}return window.vegaEmbed;\n}}\n"
    return f"{vega}\n{script}\nexport default {{ render }};\n"


@cache
def widget_sheet() -> str:
    """The notebook's style sheet: the book's colours, then the explorable."""
    return bare("".join(_front("tokens.css", "explorable.css")))
