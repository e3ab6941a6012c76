"""Tables of the data folder, read as text and refused with one sentence where they are wrong."""

import difflib
from collections.abc import Collection
from pathlib import Path

import polars as pl
from polars import col

from inferlib.schemas import BLANK, JOINS, KEYS, KINDS, SCHEMAS, SIGNED, ZERO, Column


def schema(name: str) -> tuple[Column, ...]:
    """Columns of a table, in order; LookupError if there is no such table."""
    return SCHEMAS[known("table", name, SCHEMAS, f"there are {', '.join(SCHEMAS)}")]


def data_folder() -> Path:
    """Folder of the tables: in the installed package, or beside it in the repository."""
    here = Path(__file__).resolve().parent
    return here / "data" if (here / "data").is_dir() else here.parent / "data"


def read(name: str, folder: Path | None = None) -> pl.DataFrame:
    """One table of a folder, checked; numbers are Float64, dates stay text in ISO form.

    Raises:
        LookupError: If there is no such table.
        ValueError: If the header or a row breaks the schema; one sentence names both.
    """
    folder = folder or data_folder()
    text = _text(name, folder)
    key = list(KEYS.get(name, [schema(name)[0].name]))
    _refuse(name, text, key[0], pl.struct(key).is_duplicated(), "keep one row of each")
    for column in schema(name):
        way_out = KINDS.get(column.unit, f"as a number in {column.unit}, {column.rule}")
        _refuse(name, text, column.name, _wrong(column), f"write it {way_out}")
    numbers = [column.name for column in schema(name) if column.unit not in KINDS]
    flags = [column.name for column in schema(name) if column.unit == "flag"]
    frame = text.with_columns(col(numbers).cast(pl.Float64, strict=False), col(flags) == "true")
    if name == "models":
        seen = ("full_layers", "window_layers", "linear_layers")
        for parts in (seen, ("dense_layers", "moe_layers")):
            bad = pl.sum_horizontal(parts) != col("layers")
            _refuse(name, frame, "layers", bad, f"let it be {' + '.join(parts)}")
    if name in JOINS:
        other, link = JOINS[name]
        there = ["", *_text(other, folder)[link]]
        _refuse(name, frame, link, ~col(link).is_in(there), f"add it to {other}.csv first")
    if name == "list_prices":
        lowest = col("from_prompt_tokens").min().over("provider", "api_model")
        _refuse(name, frame, "api_model", lowest > 0, "give its tier from 0 prompt tokens too")
    return frame


def known(kind: str, name: str, names: Collection[str], way_out: str) -> str:
    """The name, if it is one of the names; LookupError with what is near if it is not."""
    if name in names:
        return name
    near = ", ".join(map(repr, difflib.get_close_matches(str(name), names)))
    raise LookupError(f"no {kind} {name!r}; {f'did you mean {near}?' if near else way_out}")


def _text(name: str, folder: Path) -> pl.DataFrame:
    path, want = folder / f"{name}.csv", [column.name for column in schema(name)]
    try:
        text = pl.read_csv(path, infer_schema=False)
    except pl.exceptions.ComputeError as error:
        raise ValueError(f"{path.name} has a row of too many fields; quote its commas") from error
    if text.columns != want:
        lost, odd = [w for w in want if w not in text.columns], [*set(text.columns) - set(want)]
        message = f"{path.name} misses the columns {lost}, has the unknown columns {odd}"
        raise ValueError(f"{message}; order them as catalog.schema({name!r})")
    return text.with_columns(pl.all().fill_null(""))


def _wrong(column: Column) -> pl.Expr:
    value, number = col(column.name), col(column.name).cast(pl.Float64, strict=False)
    day = value.str.to_date("%Y-%m-%d", strict=False).is_not_null()
    least = {ZERO: number >= 0, SIGNED: pl.lit(True)}.get(column.rule, number > 0)
    right = {
        "id": value.str.contains(r"^[a-z0-9._-]+$"),
        "text": value.str.strip_chars() != "",
        "date": day & value.str.contains(r"^\d{4}-\d\d-\d\d$"),
        "flag": value.is_in(["true", "false"]),
    }.get(column.unit, number.is_finite() & least)
    return ~right.fill_null(False) & ((value != "") | (column.rule != BLANK))


def _refuse(name: str, frame: pl.DataFrame, column: str, bad: pl.Expr, way_out: str) -> None:
    for found in frame.filter(bad).iter_rows(named=True):
        which, value = found[schema(name)[0].name], found[column]
        raise ValueError(f"{name}.csv: {column} of {which!r} is {value!r}; {way_out}")
