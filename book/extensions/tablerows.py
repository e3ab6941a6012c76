"""Rows of the tables as HTML: numbers as the book prints them, and each row with its source."""

from collections.abc import Iterator, Mapping
from html import escape
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl

from inferlib import catalog
from inferlib.formulas import quantities
from inferlib.measured import NUMBERS
from inferlib.schemas import KEYS, KINDS, SCHEMAS
from inferlib.show import STEPS, show

MEASURED = "measurements"
TABLES = (*SCHEMAS, MEASURED)
# Printed under each row, so that no number stands without them.
SAID = ("source", "as_of", "notes")
# What is shown first of a wide table; a button shows the rest. Others are shown as they are.
FIRST: Mapping[str, str] = {
    "chips": "chip vendor family released chip_memory memory_bandwidth bf16_flops fp8_flops "
    "chip_power",
    "models": "model org layers model_width attention max_context published_parameters "
    "published_active_parameters",
    MEASURED: "chip_id model_id precision_weights engine num_chips input_tokens output_tokens "
    "concurrency_or_batch metric value",
    "claims": "id claim verdict finding",
}
# The unit of a measured value, by metric.
METRICS: Mapping[str, str] = {
    "tpot_s": "second",
    "ttft_s": "second",
    "e2e_latency_s": "second",
    "output_tokens_per_s": "token/second",
    "total_tokens_per_s": "token/second",
    "joules_per_output_token": "joule/token",
}
# Units that no quantity has, as they are printed.
OTHERS: Mapping[str, str] = {
    "year": "{:.0f}",
    "dollar/hour/chip": "${:,.4g}/h",
    "dollar/million token": "${:,.4g}",
}
# Prices stand in the files as their sources print them, not in base units.
AS_PRINTED = ("dollar/hour/chip", "dollar/million token")


class Field(NamedTuple):
    """A column: its name, its unit, or one of the kinds of the schema."""

    name: str
    unit: str


def fields(table: str) -> list[Field]:
    """The columns of a table, in the order of its file."""
    if table != MEASURED:
        return [Field(one.name, one.unit) for one in catalog.schema(table)]
    header = frame(table).columns
    return [Field(n, "1" if n in NUMBERS else "value" if n == "value" else "text") for n in header]


def frame(table: str) -> pl.DataFrame:
    """The rows of a table."""
    if table != MEASURED:
        return catalog.read(table)
    text = pl.read_csv(file_of(table), infer_schema=False)
    return text.with_columns(pl.col(*NUMBERS, "value").cast(pl.Float64)).with_columns(
        pl.col(pl.String).fill_null("")
    )


def file_of(table: str) -> Path:
    """The file of a table."""
    return catalog.data_folder() / f"{table}.csv"


def printed(value: Any, field: Field, row: Mapping[str, Any]) -> str:
    """A value as a reader reads it."""
    if value is None or value == "":
        return "—"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if not isinstance(value, float):
        return str(value)
    unit = unit_of(field, row)
    return OTHERS[unit].format(value) if unit in OTHERS else show(value, unit)


def unit_of(field: Field, row: Mapping[str, Any]) -> str:
    """The unit of a value; in some tables it depends on the row."""
    if field.unit == "base":
        unit = quantities[row["input"]].unit
        return unit if unit in STEPS else "1"
    return METRICS[row["metric"]] if field.unit == "value" else field.unit


def units_of_file(table: str) -> str:
    """In which units the file of a table is."""
    prices = any(one.unit in AS_PRINTED for one in fields(table))
    return "prices as their sources print them" if prices else "in base units"


def is_number(field: Field) -> bool:
    """Whether a column holds numbers."""
    return field.unit not in KINDS


def row_html(table: str, row: Mapping[str, Any], shown: list[Field], first: set[str]) -> str:
    """One row, and under it where it comes from; numbers carry the value that they sort by."""
    cells = []
    for place, field in enumerate(shown):
        value, text = row[field.name], escape(printed(row[field.name], field, row))
        exact = f' data-value="{value:.12g}"' if isinstance(value, float) else ""
        kind = 'th scope="row"' if place == 0 else "td"
        cells.append(f"<{kind}{classes(field, first)}{exact}>{text}</{kind[:2]}>")
    named = "" if table in KEYS or table == MEASURED else f' id="row-{row[shown[0].name]}"'
    notes = f" {row['notes'][:1].upper()}{row['notes'][1:].rstrip('.')}." if row["notes"] else ""
    said = escape(f"Source: {row['source'].rstrip('.')}, as of {row['as_of']}.{notes}")
    return (
        f"<tbody{named}><tr>{''.join(cells)}</tr>"
        f'<tr><td colspan="{len(shown)}"><div class="said">{said}</div></td></tr></tbody>'
    )


def classes(field: Field, first: set[str]) -> str:
    """The classes of a cell: a number, one of a column that waits, a long text."""
    found = {
        "number": is_number(field),
        "more": bool(first) and field.name not in first,
        "long": field.name in ("finding", "claim", "setting", "other"),
    }
    names = " ".join(name for name, holds in found.items() if holds)
    return f' class="{names}"' if names else ""


def columns(table: str) -> list[Field]:
    """The columns of the page: all but what is printed under each row."""
    return [one for one in fields(table) if one.name not in SAID]


def first_columns(table: str) -> set[str]:
    """The columns that are shown before a reader asks for all; empty where all are."""
    return set(FIRST.get(table, "").split())


def head_html(shown: list[Field], first: set[str]) -> str:
    """The names of the columns."""
    cells = (
        f'<th scope="col"{classes(one, first)}>{escape(one.name.replace("_", " "))}</th>'
        for one in shown
    )
    return f"<tr>{''.join(cells)}</tr>"


def rows(table: str) -> Iterator[str]:
    """Every row of a table as HTML."""
    shown, first = columns(table), first_columns(table)
    for row in frame(table).iter_rows(named=True):
        yield row_html(table, row, shown, first)
