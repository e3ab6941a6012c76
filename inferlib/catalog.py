"""Chips, models, number formats and prices as checked frames, with a source in every row."""

import difflib
from collections.abc import Collection
from datetime import date
from functools import cache
from numbers import Real
from pathlib import Path
from sys import float_info
from typing import Any

import polars as pl
from polars import col

from inferlib.schemas import BLANK, JOINS, KEYS, KINDS, SCHEMAS, SERIES, SIGNED, ZERO, Column

AS_OF = date(2026, 11, 23)  # what prices() means when no date is given


def schema(name: str) -> tuple[Column, ...]:
    """Columns of a table, in order; LookupError if there is no such table."""
    return SCHEMAS[_known("table", name, SCHEMAS, f"there are {', '.join(SCHEMAS)}")]


def chips() -> pl.DataFrame:
    """Chips, one a row; null where a figure does not apply or is not known."""
    return _table("chips")


def models() -> pl.DataFrame:
    """Architectures of models, one a row; zero where a term does not apply."""
    return _table("models")


def dtypes() -> pl.DataFrame:
    """Number formats, one a row."""
    return _table("dtypes")


def assumptions() -> pl.DataFrame:
    """What the other tables do not say of a situation, one input a row, with its range."""
    return _table("assumptions")


def calibration() -> pl.DataFrame:
    """Parameters fitted to measurements, one for a preset, an engine and an input."""
    return _table("calibration")


def slowdowns() -> pl.DataFrame:
    """Measured over calculated time, of an engine with a model, and on a chip with a format."""
    return _table("slowdowns")


def scores() -> pl.DataFrame:
    """Errors of predictions of measurements; `split` says what the fit had not seen."""
    return _table("scores")


def claims() -> pl.DataFrame:
    """Claims of the article, one a row; `il.claims()` fills our numbers into their findings."""
    return _table("claims")


def lone_speeds() -> pl.DataFrame:
    """Measured tokens a second for one reader on one chip, by an engine for one's own machine."""
    return _table("lone_speeds")


def training_runs() -> pl.DataFrame:
    """Published runs of training, one a row: what was trained, on what, and for how long."""
    return _table("training_runs")


def bases() -> list[str]:
    """What a price can rest on: on-demand, reserved and others."""
    return list(_bases())


def prices(on: date | str | None = None) -> pl.DataFrame:
    """Prices in force on a day: one row for a chip, provider, region, instance and basis.

    Args:
        on: The day, a date or its ISO form (else a ValueError); `AS_OF` if left out.

    Returns:
        Rows of prices.csv, with `chip_price` in dollar/second/chip.
    """
    day = _day(on)
    known = _table("prices").filter(col("since") <= day).sort("since", maintain_order=True)
    last = known.unique(SERIES, keep="last", maintain_order=True)
    held = last.filter((col("until") == "") | (col("until") >= day))
    return held.with_columns(chip_price=col("dollars_per_hour") / 3600)


def row(table: str, name: str) -> dict[str, Any]:
    """One row by its identifier, None where it is blank; LookupError if there is none."""
    key = schema(table)[0].name
    if table in KEYS:
        raise LookupError(f"{table} has no identifier; use catalog.{table}()")
    return dict(_rows(table)[_known(key, name, _rows(table), f"catalog.{table}() lists them")])


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
    offers = _offers(_day(on)).get(chip_id, ())
    for offer in offers:
        if offer["basis"] == basis:
            return dict(offer)
    others = " or ".join(map(repr, sorted({offer["basis"] for offer in offers}))) or "another chip"
    message = f"no {basis!r} price for chip {chip_id!r} on {_day(on)}"
    raise LookupError(f"{message}; choose {others}, or give chip_price")


def list_prices() -> pl.DataFrame:
    """What providers ask for tokens: one row for a provider, its model and a tier of prompts.

    Returns:
        Rows of list_prices.csv, with `input_price`, `cached_input_price`, `cache_write_price` and
        `output_price` in dollar/token, null where the source prints none.
    """
    kinds = ("input", "cached_input", "cache_write", "output")
    prices = {f"{kind}_price": col(f"{kind}_dollars_per_million") / 1e6 for kind in kinds}
    return _table("list_prices").with_columns(**prices)


def list_price(
    provider: str,
    api_model: str,
    *,
    prompt_tokens: float,
    output_tokens: float,
    cached_tokens: float = 0,
) -> float:
    """Dollars that a provider asks for one request.

    The whole prompt chooses the tier, whose prices then hold for all tokens of the request. What
    it costs to write to a cache or to search is not in it, nor is the rebate of a batch.

    Args:
        provider: A `provider` of `list_prices()`.
        api_model: The model as that provider names it.
        prompt_tokens: Tokens of the whole prompt.
        output_tokens: Tokens of the answer, reasoning included.
        cached_tokens: Those of the prompt that the provider reads from its cache; they cost as
            much as the others where the source prints no price for them.

    Raises:
        LookupError: If the provider or its model is not known.
        ValueError: If a number of tokens is negative or not finite, or more are cached than sent.
    """
    prompt = _tokens("prompt_tokens", prompt_tokens)
    output = _tokens("output_tokens", output_tokens)
    cached = _tokens("cached_tokens", cached_tokens)
    if cached > prompt:
        message = f"cached_tokens is {cached_tokens!r}, prompt_tokens is {prompt_tokens!r}"
        raise ValueError(f"{message}; count cached tokens in the prompt too")
    asked = list_prices()
    for kind, name in (("provider", provider), ("api_model", api_model)):
        _known(kind, name, sorted(set(asked[kind])), "catalog.list_prices() lists them")
        asked = asked.filter(col(kind) == name)
    tiers = asked.filter(col("from_prompt_tokens") <= prompt).sort("from_prompt_tokens")
    prices = tiers.row(-1, named=True)
    cached_price = prices["cached_input_price"] or prices["input_price"]
    cost = (prompt - cached) * prices["input_price"] + cached * cached_price
    return float(cost + output * prices["output_price"])


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
        known = ["", *_text(other, folder)[link]]
        _refuse(name, frame, link, ~col(link).is_in(known), f"add it to {other}.csv first")
    if name == "list_prices":
        lowest = col("from_prompt_tokens").min().over("provider", "api_model")
        _refuse(name, frame, "api_model", lowest > 0, "give its tier from 0 prompt tokens too")
    return frame


def forget() -> None:
    """Read the tables anew when they are next asked for."""
    _table.cache_clear()


@cache
def _table(name: str) -> pl.DataFrame:
    return read(name)


# A scenario looks up a dozen rows: microseconds in a dictionary, milliseconds in a frame.


@cache
def _rows(name: str) -> dict[str, dict[str, Any]]:
    return {row[schema(name)[0].name]: row for row in _table(name).iter_rows(named=True)}


@cache
def _bases() -> list[str]:
    return sorted(set(_table("prices")["basis"]))


@cache
def _offers(day: str) -> dict[str, list[dict[str, Any]]]:
    """The prices in force on a day by chip, the lowest first."""
    ranked = prices(day).sort("chip_price", maintain_order=True)
    return ranked.rows_by_key("chip", named=True, include_key=True)


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


def _day(on: date | str | None) -> str:
    try:
        day = date.fromisoformat(on) if isinstance(on, str) else on or AS_OF
        return day.isoformat()[:10]
    except (AttributeError, ValueError):
        raise ValueError(f"{on!r} is not a date; write it like '{AS_OF}'") from None


def _tokens(name: str, value: Any) -> float:
    is_number = type(value) is not bool and isinstance(value, Real)
    if is_number and 0 <= value <= float_info.max:
        return float(value)
    raise ValueError(f"{name} is {value!r}; give a number of tokens, zero or more")


def _known(kind: str, name: str, names: Collection[str], way_out: str) -> str:
    if name in names:
        return name
    near = ", ".join(map(repr, difflib.get_close_matches(str(name), names)))
    raise LookupError(f"no {kind} {name!r}; {f'did you mean {near}?' if near else way_out}")
