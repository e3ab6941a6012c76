"""The front end's modules joined: a classic script for the site, a module for notebooks."""

import json
import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

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


def engine(quantities: Mapping[str, Quantity] = all_quantities) -> str:
    """The formulas, facts and units as one JavaScript module that exports `engine`."""
    facts = {
        one.name: {
            "label": one.label,
            "unit": one.unit,
            "needs": one.needs,
            "requires": one.requires,
            "words": one.words,
            "otherwise": one.otherwise,
            **({"whole": True} if one.whole else {}),
        }
        for one in quantities.values()
    }
    known = f"const quantities = {json.dumps(facts, ensure_ascii=False)};\n"
    units = f"const table = {json.dumps(table(), ensure_ascii=False)};\n"
    draws = f"const draws = {json.dumps(points.table())};\n"
    return (
        module(quantities)
        + known
        + units
        + draws
        + "export const engine = { formulas, quantities, table, draws };\n"
    )


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
    styles = "".join(_front("explorable.css"))
    return {
        "explorable.js": f'(function () {{\n"use strict";\n{script}\n}})();\n'.encode(),
        "explorable.css": styles.encode(),
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
