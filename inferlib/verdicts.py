"""The article's claims: what became of each, with this book's numbers filled in."""

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from html import escape
from typing import Any

from inferlib import catalog
from inferlib.formulas import quantities
from inferlib.naming import unknown
from inferlib.quantity import Solution, solve
from inferlib.scenarios import KINDS, Scenario, scenario
from inferlib.show import show
from inferlib.terminal import plain

VERDICTS = (
    "holds",
    "holds if",
    "reported",
    "not confirmed",
    "wrong",
    "definition",
    "argument",
    "prediction",
)
# {tpot}, {other:tpot}, {tpot/other:tpot} as a ratio, {tpot/other:tpot as share}
_NAME = r"(?:other:)?[a-z][a-z0-9_]*"
_BLANK = re.compile(rf"\{{({_NAME})(?:/({_NAME}))?(?: as ([a-z0-9/*]+))?\}}")
_ENTRY = (
    '<li><p class="claim">{claim}</p><p><strong class="verdict">{verdict}</strong> {finding}</p>'
    '<p class="provenance">{place}. {source}</p></li>'
)
# From a chapter, and from a page of the book, the way to the page of all claims.
_PAGE = "../book/claims.html"


@dataclass(frozen=True)
class Claim:
    """One claim of the article, and what this book found.

    Attributes:
        id: Its number, as `c08`.
        claim: What the article says, in short.
        kind: claim, news, quotation, definition, argument or prediction.
        chapter: File name of the chapter that treats it, whether that is written or not.
        verdict: One of `VERDICTS`.
        finding: Why, in words, with our numbers.
        source: What the finding rests on.
        as_of: The day of which it speaks, in ISO form.
        notes: What else a reader must know.
    """

    id: str
    claim: str
    kind: str
    chapter: str
    verdict: str
    finding: str
    source: str
    as_of: str
    notes: str


@dataclass(frozen=True)
class Claims(Sequence[Claim]):
    """Claims that print as text, and show as a list on a page and in a notebook."""

    rows: tuple[Claim, ...] = field(repr=False)

    def __getitem__(self, place: Any) -> Any:
        """One claim, by its place."""
        return self.rows[place]

    def __len__(self) -> int:
        """How many claims there are."""
        return len(self.rows)

    def __repr__(self) -> str:
        """The claims as text."""
        return "\n\n".join(
            f"{one.id}  {one.claim}.\n     {verdict(one)} {plain(one.finding)}\n     {said(one)}"
            for one in self.rows
        )

    def _repr_html_(self) -> str:
        return f'<ul class="claims">{"".join(map(_entry, self.rows))}</ul>'


def claims(chapter: str = "") -> Claims:
    """The article's claims that a chapter treats, or all of them, with our numbers.

    Example:
        >>> il.claims("what-an-inference-chip-is")    # as a list in a notebook or on a page

    Args:
        chapter: File name of a chapter, without its folder and ending; all chapters if left out.

    Raises:
        LookupError: No claim belongs to such a chapter, or a finding names an unknown quantity.
        ValueError: A setting cannot be read.
    """
    table = catalog.claims()
    rows = list(table.iter_rows(named=True))
    if chapter:
        rows = [row for row in rows if row["chapter"] == chapter]
    if not rows:
        raise LookupError(f"no claim belongs to {chapter!r}; {unknown(chapter, table['chapter'])}")
    return Claims(tuple(map(_claim, rows)))


def setting(words: str) -> Scenario:
    """The scenario that a setting of the table names: `model:llama-3.1-8b;chip:l4;chips:2`.

    A number may be a quotient, as in `requests_per_user:10/86400`, in base units always.

    Raises:
        LookupError: A name is not known.
        ValueError: A part is not a name, a colon and a value.
    """
    named: dict[str, float | str] = {}
    for part in words.split(";"):
        name, colon, value = part.strip().partition(":")
        if not colon:
            raise ValueError(f"a setting says {part!r}; write name:value, parted by ';'")
        named[name] = value if name in KINDS else _number(name, value)
    return scenario(**named)


def filled(finding: str, settings: Mapping[str, Scenario]) -> str:
    """A finding with our numbers in its braces; settings are called "" and "other"."""
    solved: dict[str, Solution] = {}
    for match in _BLANK.finditer(finding):
        for name in match.groups()[:2]:
            if name and (called := _parted(name))[1] not in KINDS:
                _solve(*called, settings, solved)
    return _BLANK.sub(lambda match: _said(match, settings, solved), finding)


def names(finding: str) -> Iterator[tuple[str, str]]:
    """What the braces of a finding ask for: the setting ("" or "other") and the quantity."""
    for match in _BLANK.finditer(finding):
        yield from (_parted(name) for name in match.groups()[:2] if name)


def _claim(row: Mapping[str, Any]) -> Claim:
    kept = {one.name: row[one.name] for one in fields(Claim)}
    settings = {
        called: setting(row[column])
        for called, column in {"": "setting", "other": "other"}.items()
        if row[column]
    }
    return Claim(**{**kept, "finding": filled(row["finding"], settings)})


def _entry(one: Claim) -> str:
    place = f"Claim {one.id}"
    if os.environ.get("INFERLIB_BOOK"):
        place = f'<a href="{_PAGE}#{one.id}">{place}</a>'
    return _ENTRY.format(
        claim=escape(f"{one.claim}."),
        verdict=verdict(one),
        finding=escape(one.finding),
        place=place,
        source=escape(said(one)),
    )


def verdict(one: Claim) -> str:
    """The verdict as the beginning of its finding: a sentence, or "Holds if"."""
    return one.verdict.capitalize() + ("" if one.verdict.endswith(" if") else ".")


def said(one: Claim) -> str:
    """What a finding rests on, with its day, as a sentence."""
    if one.source == "inferlib":
        return f"Computed from the tables of this book, as of {one.as_of}."
    return f"{one.source}, as of {one.as_of}."


def _parted(name: str) -> tuple[str, str]:
    called, _, quantity = name.rpartition(":")
    return called, quantity


def _solve(
    called: str, name: str, settings: Mapping[str, Scenario], solved: dict[str, Solution]
) -> None:
    if called not in settings:
        column = called or "setting"
        raise LookupError(f"a finding asks for '{name}', and the column '{column}' is blank")
    key = f"{called}:{name}"
    if key not in solved:
        solved[key] = solve(name, quantities=None, **settings[called])
        for sentence in solved[key].why.values():
            raise ValueError(f"'{name}' of a finding is not feasible: {sentence}")


def _said(
    match: re.Match[str], settings: Mapping[str, Scenario], solved: Mapping[str, Solution]
) -> str:
    first, second, unit = match.groups()
    called, name = _parted(first)
    if name in KINDS:
        return _kind(name, settings[called].kinds[name])
    value = solved[f"{called}:{name}"][name]
    if second is None:
        return show(value, unit or quantities[name].unit)
    below, under = _parted(second)
    return show(value / solved[f"{below}:{under}"][under], unit or "1")


def _kind(kind: str, name: str) -> str:
    table = {"model": "models", "chip": "chips", "weights": "dtypes", "kv": "dtypes"}.get(kind)
    return str(catalog.row(table, name)["name"]) if table else name


def _number(name: str, value: str) -> float:
    above, _, below = value.partition("/")
    try:
        return float(above) / float(below or 1)
    except ValueError:
        raise ValueError(
            f"'{name}' of a setting is {value!r}; give a number or a quotient"
        ) from None
