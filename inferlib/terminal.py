"""What the command writes: tables for people, CSV and JSON for programs, and a bar."""

import csv
import io
import json
import math
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from inferlib.show import SPACE, STEPS, show


def plain(text: str) -> str:
    """A text without the narrow spaces that not every terminal knows."""
    return text.replace(SPACE, " ")


def headed(rows: Sequence[Mapping[str, Any]], units: Mapping[str, str]) -> list[list[str]]:
    """The names of the columns, then the rows, each number in the unit of its column."""
    cells = [[_cell(value, units.get(name, "1")) for name, value in row.items()] for row in rows]
    return [list(rows[0]), *cells] if rows else []


def _cell(value: Any, unit: str) -> str:
    if value is None or value == "" or (isinstance(value, float) and math.isnan(value)):
        return "—"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return written(value, unit) if isinstance(value, float) and unit in STEPS else str(value)


def written(value: float, unit: str) -> str:
    """A number with its unit, as `show` has it, with spaces that any terminal knows."""
    return plain(show(value, unit))


def print_table(rows: Iterable[Sequence[str]]) -> None:
    """Print rows as aligned columns."""
    rows = list(rows)
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        print("  ".join(cells).rstrip())


def print_csv(rows: Sequence[Mapping[str, Any]]) -> None:
    """Print rows as CSV, after the names of the first row."""
    if rows:
        text = io.StringIO()
        writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
        print(text.getvalue(), end="")


def print_json(document: Any) -> None:
    """Print a document as JSON; a number that is none is null."""
    print(json.dumps(_without_nan(document), indent=2, allow_nan=False))


def _without_nan(document: Any) -> Any:
    if isinstance(document, dict):
        return {name: _without_nan(value) for name, value in document.items()}
    if isinstance(document, list):
        return [_without_nan(value) for value in document]
    return None if isinstance(document, float) and not math.isfinite(document) else document


def bar(slices: Sequence[Any]) -> Iterator[Any]:
    """The slices, one by one, with a bar on a terminal."""
    shown = len(slices) > 1 and sys.stderr.isatty()
    for done, part in enumerate(slices):
        if shown:
            filled = 40 * done // len(slices)
            print(f"\r[{'=' * filled:40}]", end="", file=sys.stderr, flush=True)
        yield part
    if shown:
        print(f"\r{' ' * 42}\r", end="", file=sys.stderr, flush=True)
