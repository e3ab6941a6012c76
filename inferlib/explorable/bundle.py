"""The front end's modules joined: a classic script for the site, a module for notebooks."""

import json
import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import vl_convert as vlc

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
# What a quantity without them has; left out of the JSON, and put back where it is read.
_USUAL: dict[str, Any] = {"requires": (), "words": (), "otherwise": ""}

# What a formula needs is the names in it. Inputs first, then formulas as they rest on each other.
_WHOLE = r"""const places = Object.keys(formulas);
const quantities = Object.fromEntries(Object.entries(units)
.flatMap(([unit, names]) => names.split(" ").map((name) => [name, unit]))
.map(([name, unit]) => [name, { ...usual, unit, needs: [], ...own[name] }])
.sort(([one], [other]) => places.indexOf(one) - places.indexOf(other)));
for (const [name, formula] of Object.entries(formulas)) {
const uses = String(formula).match(/\bq\.\w+/g);
quantities[name].needs = [...new Set(uses)].map((one) => one.slice(2));
}
"""


def engine(quantities: Mapping[str, Quantity] = all_quantities) -> str:
    """The formulas, facts and units as one JavaScript module that exports `engine`."""
    units: dict[str, list[str]] = {}
    own: dict[str, dict[str, Any]] = {}
    for one in quantities.values():
        units.setdefault(one.unit, []).append(one.name)
        facts = {name: getattr(one, name) for name in (*_USUAL, "whole")}
        if told := {name: fact for name, fact in facts.items() if fact}:
            own[one.name] = told
    return (
        module(quantities)
        + f"const units = {_dump({unit: ' '.join(names) for unit, names in units.items()})};\n"
        + f"const own = {_dump(own)};\nconst usual = {_dump(_USUAL)};\n{_WHOLE}"
        + f"const table = {_dump(table())};\n"
        + "export const engine = { formulas, quantities, table };\n"
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


def _front(*names: str) -> list[str]:
    return [(FRONT / name).read_text(encoding="utf-8") for name in names]


@cache
def _vega() -> str:
    # The bundle declares names like `n` at its top level, so it gets a scope of its own.
    return f"(function () {{\n{vlc.javascript_bundle('window.vegaEmbed = vegaEmbed;')}\n}})();\n"


def site_files() -> dict[str, bytes]:
    """The files of the site by name: script, style sheet, and Vega, which waits to be asked for."""
    script = joined(*_front(*_SHARED), engine(), *_front("site.js"))
    return {
        "explorable.js": f'(function () {{\n"use strict";\n{script}}})();'.encode(),
        "explorable.css": "".join(_front("explorable.css")).encode(),
        "vega.js": _vega().encode(),
        "facts.js": facts_file(),
    }


@cache
def widget_module() -> str:
    """The notebook's module: the same front end with Vega inside; it exports `render`."""
    script = joined(*_front(*_SHARED, "widget.js"))
    once = f"if (!window.vegaEmbed) {_vega()}"
    vega = f"function loadVega() {{\n{once}return window.vegaEmbed;\n}}\n"
    return f"{vega}\n{script}\nexport default {{ render }};\n"


@cache
def widget_sheet() -> str:
    """The notebook's style sheet: the book's colours, then the explorable."""
    return "".join(_front("tokens.css", "explorable.css"))
