"""What a choice of rows changes: resolved by Python at build, looked up by the page."""

import itertools
import math
from collections.abc import Callable, Collection, Hashable, Mapping
from dataclasses import dataclass
from typing import Any

from inferlib.origins import Origin
from inferlib.references import printed
from inferlib.scenarios import Part, Scenario, parts

Choice = tuple[str, ...]
Options = Mapping[str, Collection[str]]
# So many rows a table may have; more make a heavy page.
LARGEST = 3000


@dataclass(frozen=True)
class Share:
    """One part of a scenario's inputs, for every choice of the kinds that it reads.

    Attributes:
        part: The part.
        kinds: Of the kinds that it reads, those that can be chosen.
        usual: The kinds of the scenario.
        found: Its inputs for each choice.
    """

    part: Part
    kinds: Choice
    usual: dict[str, str]
    found: Mapping[Choice, Mapping[str, float]]

    def values(self, name: str) -> dict[Choice, float | None]:
        """An input for each choice."""
        return {choice: row.get(name) for choice, row in self.found.items()}

    def origins(self, name: str) -> dict[Choice, Origin]:
        """The row that an input comes from, for each choice."""
        return {
            choice: self.part.origin(self.usual | dict(zip(self.kinds, choice, strict=True)), name)
            for choice, row in self.found.items()
            if name in row
        }


def shares(start: Scenario, options: Options, needed: Collection[str]) -> dict[str, Share]:
    """For each needed input that the catalog gives, the share that it is found in.

    Args:
        start: The scenario; what it was given as a number is no row's.
        options: Ids of the rows that can be chosen of each kind.
        needed: Names of inputs.

    Raises:
        ValueError: The choices are too many.
    """
    presets = options.get("preset", [start.kinds["preset"]])
    every = [_share(part, dict(start.kinds), options) for part in parts(presets)]
    return {
        name: share
        for share in every  # the later counts
        for name in {name: None for row in share.found.values() for name in row}
        if name in needed and name not in start.given
    }


def _share(part: Part, usual: dict[str, str], options: Options) -> Share:
    kinds = tuple(kind for kind in options if kind in part.kinds)
    if (size := math.prod(len(options[kind]) for kind in kinds)) > LARGEST:
        raise ValueError(
            f"{', '.join(kinds)} together have {size:,} choices, and a page holds {LARGEST:,}; "
            "give their pickers fewer options, or take another preset than 'fitted'"
        )
    choices = itertools.product(*(options[kind] for kind in kinds))
    found = {c: part.inputs(usual | dict(zip(kinds, c, strict=True))) for c in choices}
    return Share(part, kinds, usual, found)


def tables(start: Scenario, options: Options, needed: Collection[str]) -> list[dict[str, Any]]:
    """Tables of the needed inputs that the pickers change, each keyed by the kinds it depends on.

    Raises:
        LookupError: For some choice the catalog leaves an input blank.
        ValueError: The choices are too many.
    """
    found: dict[Choice, dict[str, dict[Choice, Any]]] = {}
    for name, share in sorted(shares(start, options, needed).items()):
        values = share.values(name)
        if blank := next((c for c, value in values.items() if value is None), None):
            raise LookupError(
                f"the catalog leaves '{name}' blank for {', '.join(blank)}; leave that option out"
            )
        kinds, rows = _least(share.kinds, values)
        if kinds:
            found.setdefault(kinds, {})[name] = rows
    return _tables(found)


def factored(
    options: Options, find: Callable[[Mapping[str, str]], Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """Tables of all that is found for some choice, each keyed by the kinds it depends on.

    Args:
        options: The rows that can be chosen, by kind.
        find: What there is for a choice, by name; what is absent is null in its table.
    """
    choices = itertools.product(*options.values())
    resolved = {c: find(dict(zip(options, c, strict=True))) for c in choices}
    found: dict[Choice, dict[str, dict[Choice, Any]]] = {}
    for name in sorted({name for row in resolved.values() for name in row}):
        kinds, rows = _least(tuple(options), {c: row.get(name) for c, row in resolved.items()})
        found.setdefault(kinds, {})[name] = rows
    return _tables(found)


def _tables(found: Mapping[Choice, Mapping[str, Mapping[Choice, Any]]]) -> list[dict[str, Any]]:
    """Columns by name, by the kinds that they depend on, as the page has them."""
    return [
        {
            "kinds": list(kinds),
            "inputs": list(columns),
            "rows": {
                "|".join(c): [rows[c] for rows in columns.values()]
                for c in next(iter(columns.values()))
            },
        }
        for kinds, columns in found.items()
    ]


def origins(start: Scenario, options: Options, needed: Collection[str]) -> dict[str, Any]:
    """Where the needed inputs come from: the rows named, and tables of their places among them."""
    rows: dict[Origin, int] = {}
    found: dict[tuple[Choice, tuple[tuple[Choice, int], ...]], list[str]] = {}
    for name, share in sorted(shares(start, options, needed).items()):
        places = {c: rows.setdefault(one, len(rows)) for c, one in share.origins(name).items()}
        kinds, least = _least(share.kinds, places)
        found.setdefault((kinds, tuple(least.items())), []).append(name)
    listed = [
        {"kinds": list(kinds), "inputs": names, "rows": {"|".join(c): n for c, n in places}}
        for (kinds, places), names in found.items()
    ]
    texts: dict[str, int] = {}
    return {"rows": [_row(one, texts) for one in rows], "texts": list(texts), "tables": listed}


def _row(one: Origin, texts: dict[str, int]) -> list[str | int]:
    """An origin as [table, row, source, as_of, notes]; long texts by their places in `texts`."""

    def place(text: str) -> int:
        return texts.setdefault(text, len(texts))

    return [one.table, one.row, place(printed(one.source).text), one.as_of, place(one.notes)]


def _least(kinds: Choice, values: Mapping[Choice, Any]) -> tuple[Choice, dict[Choice, Any]]:
    """The kinds whose choice alone changes a value, and the value for each choice of these."""

    def matters(i: int) -> bool:
        seen: dict[Choice, Hashable] = {}
        return any(seen.setdefault(c[:i] + c[i + 1 :], v) != v for c, v in values.items())

    keep = [i for i in range(len(kinds)) if matters(i)]
    return tuple(kinds[i] for i in keep), {tuple(c[i] for i in keep): v for c, v in values.items()}


def lacking(
    start: Scenario, options: Options, needed: Collection[str], kind: str
) -> dict[str, str]:
    """Of a kind, the options that leave a needed input blank with some of the others, and which."""
    found: dict[str, str] = {}
    for name, share in shares(start, options, needed).items():
        if kind in share.kinds:
            place = share.kinds.index(kind)
            blank = (c[place] for c, value in share.values(name).items() if value is None)
            found |= dict.fromkeys(blank, name)
    return found
