"""Chips, models, number formats and prices as checked frames, with a source in every row."""

import difflib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl
from polars import col

AS_OF = date(2026, 11, 23)  # what prices() means when no date is given
ABOVE, ZERO, BLANK, FILLED = "above zero", "zero or more", "above zero, or blank", "not blank"
KINDS = dict(id="in a-z0-9._-", text="in words", date="like 2026-11-23", flag="as true or false")


@dataclass(frozen=True)
class Column:
    """One column: its name, its unit (one of KINDS if not a number), the rule for its values."""

    name: str
    unit: str
    rule: str


_PROVENANCE = (("text", FILLED, "source"), ("date", FILLED, "as_of"), ("text", BLANK, "notes"))


def _columns(*groups: tuple[str, str, str]) -> tuple[Column, ...]:
    every = (*groups, *_PROVENANCE)
    return tuple(Column(name, unit, rule) for unit, rule, names in every for name in names.split())


_SCHEMAS = {
    "chips": _columns(
        ("id", FILLED, "chip"),
        ("text", FILLED, "name vendor family status"),
        ("year", ABOVE, "released"),
        ("byte/chip", ABOVE, "chip_memory"),
        ("byte/second/chip", ABOVE, "memory_bandwidth"),
        ("flop/second/chip", BLANK, "bf16_flops fp8_flops int8_flops fp4_flops"),
        ("joule/second/chip", BLANK, "chip_power"),
        ("byte/second", BLANK, "link_bandwidth"),
        ("text", FILLED, "confidence"),
    ),
    "models": _columns(
        ("id", FILLED, "model"),
        ("text", FILLED, "name org released"),
        ("1", ABOVE, "layers model_width vocabulary embedding_matrices query_heads kv_heads"),
        ("1", ZERO, "head_size query_rank kv_rank nope_size rope_size value_size"),
        ("1", ZERO, "attention_gates full_layers window_layers linear_layers"),
        ("token/sequence", ZERO, "window selected_tokens"),
        ("1", ZERO, "index_heads index_size linear_key_heads linear_key_size"),
        ("1", ZERO, "linear_value_heads linear_value_size convolution_width"),
        ("byte", ZERO, "bytes_per_state_value"),
        ("1", ZERO, "dense_layers ffn_width"),
        ("1", ABOVE, "ffn_matrices"),
        ("1", ZERO, "moe_layers experts experts_per_token expert_width shared_width"),
        ("1", ZERO, "norms_per_layer small_values_per_layer position_values"),
        ("share", ZERO, "wide_attention_share"),
        ("token/sequence", ABOVE, "max_context"),
        ("token", BLANK, "training_tokens"),
        ("1", BLANK, "published_parameters published_active_parameters"),
        ("text", FILLED, "attention native_dtype confidence"),
    ),
    "assumptions": _columns(
        ("id", FILLED, "input"),
        ("base", ZERO, "value low high"),
    ),
    "dtypes": _columns(
        ("id", FILLED, "dtype"),
        ("text", FILLED, "name"),
        ("byte", ABOVE, "bytes_per_value"),
        ("text", FILLED, "rates"),
        ("flag", FILLED, "weights kv"),
    ),
    "prices": _columns(
        ("id", FILLED, "chip"),
        ("text", FILLED, "provider"),
        ("text", BLANK, "region instance"),
        ("text", FILLED, "basis"),
        ("dollar/hour/chip", ABOVE, "dollars_per_hour"),
        ("chip", ABOVE, "chips_per_instance"),
        ("date", FILLED, "since"),
        ("date", BLANK, "until"),
    ),
}
_SERIES = ("chip", "provider", "region", "instance", "basis")


def schema(name: str) -> tuple[Column, ...]:
    """Columns of a table, in order; LookupError if there is no such table."""
    return _SCHEMAS[_known("table", name, _SCHEMAS, f"there are {', '.join(_SCHEMAS)}")]


def chips() -> pl.DataFrame:
    """Chips, one a row; null where a figure does not apply or is not known."""
    return _table("chips")


def models() -> pl.DataFrame:
    """Architectures of models, one a row; zero where a term does not apply."""
    return _table("models")


def dtypes() -> pl.DataFrame:
    """Number formats, one a row."""
    return _table("dtypes")


def assumptions() -> dict[str, float]:
    """What the tables do not say of a situation: value by input, in its base unit."""
    return dict(_table("assumptions").select("input", "value").iter_rows())


def bases() -> list[str]:
    """What a price can rest on: on-demand, reserved and others."""
    return sorted(set(_table("prices")["basis"]))


def prices(on: date | str | None = None) -> pl.DataFrame:
    """Prices in force on a day: one row for a chip, provider, region, instance and basis.

    Args:
        on: The day, a date or its ISO form (else a ValueError); `AS_OF` if left out.

    Returns:
        Rows of prices.csv, with `chip_price` in dollar/second/chip.
    """
    day = _day(on)
    known = _table("prices").filter(col("since") <= day).sort("since", maintain_order=True)
    last = known.unique(_SERIES, keep="last", maintain_order=True)
    held = last.filter((col("until") == "") | (col("until") >= day))
    return held.with_columns(chip_price=col("dollars_per_hour") / 3600)


def row(table: str, name: str) -> dict[str, Any]:
    """One row by its identifier, None where it is blank; LookupError if there is none."""
    key = schema(table)[0].name
    if table == "prices":
        raise LookupError("prices has no identifier; use catalog.price(chip, basis)")
    _known(key, name, _table(table)[key].to_list(), f"catalog.{table}() lists them")
    return _table(table).row(by_predicate=col(key) == name, named=True)


def chip(name: str) -> dict[str, Any]:
    """Row of a chip; LookupError if unknown."""
    return row("chips", name)


def model(name: str) -> dict[str, Any]:
    """Row of a model; LookupError if unknown."""
    return row("models", name)


def dtype(name: str) -> dict[str, Any]:
    """Row of a number format; LookupError if unknown."""
    return row("dtypes", name)


def rate(chip_id: str, dtype_id: str) -> float:
    """Dense matrix rate in flop/second/chip; LookupError if the chip has none for the format."""
    values, names = chip(chip_id), dtype(dtype_id)["rates"].split()
    for name in names:
        if values[name] is not None:
            return float(values[name])
    message = f"no {dtype_id!r} rate for chip {chip_id!r}, {' and '.join(names)} being blank"
    raise LookupError(f"{message}; choose another dtype or give chip_flops")


def price(chip_id: str, basis: str = "on-demand", on: date | str | None = None) -> dict[str, Any]:
    """Row of a chip's lowest `chip_price`, dollar/second/chip; LookupError if it has none then."""
    chip(chip_id)
    rows = prices(on).filter(col("chip") == chip_id).sort("chip_price", maintain_order=True)
    for found in rows.filter(col("basis") == basis).iter_rows(named=True):
        return found
    others = " or ".join(map(repr, sorted(set(rows["basis"])))) or "another chip"
    message = f"no {basis!r} price for chip {chip_id!r} on {_day(on)}"
    raise LookupError(f"{message}; choose {others}, or give chip_price")


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
    key = [*_SERIES, "since"] if name == "prices" else [schema(name)[0].name]
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
    if name == "prices":
        known = _text("chips", folder)["chip"].to_list()
        _refuse(name, frame, "chip", ~col("chip").is_in(known), "add it to chips.csv first")
    return frame


@cache
def _table(name: str) -> pl.DataFrame:
    return read(name)


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
    right = {
        "id": value.str.contains(r"^[a-z0-9._-]+$"),
        "text": value.str.strip_chars() != "",
        "date": day & value.str.contains(r"^\d{4}-\d\d-\d\d$"),
        "flag": value.is_in(["true", "false"]),
    }.get(column.unit, number.is_finite() & ((number > 0) | (number == 0) & (column.rule == ZERO)))
    return ~right.fill_null(False) & ((value != "") | (column.rule != BLANK))


def _refuse(name: str, frame: pl.DataFrame, column: str, bad: pl.Expr, way_out: str) -> None:
    for found in frame.filter(bad).iter_rows(named=True):
        which, value = found[schema(name)[0].name], found[column]
        raise ValueError(f"{name}.csv: {column} of {which!r} is {value!r}; {way_out}")


def _day(on: date | str | None) -> str:
    try:
        day = date.fromisoformat(on) if isinstance(on, str) else on or AS_OF
        return day.isoformat()[:10]
    except (AttributeError, ValueError):
        raise ValueError(f"{on!r} is not a date; write it like '{AS_OF}'") from None


def _known(kind: str, name: str, names: Collection[str], way_out: str) -> str:
    if name in names:
        return name
    near = ", ".join(map(repr, difflib.get_close_matches(name, names)))
    raise LookupError(f"no {kind} {name!r}; {f'did you mean {near}?' if near else way_out}")
