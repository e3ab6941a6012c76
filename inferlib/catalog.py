"""Chips, models, number formats and prices as checked frames, with a source in every row."""

from datetime import date
from functools import cache
from numbers import Real
from sys import float_info
from typing import Any

import polars as pl
from polars import col

from inferlib.reading import data_folder as data_folder
from inferlib.reading import known
from inferlib.reading import read as read
from inferlib.reading import schema as schema
from inferlib.schemas import KEYS, SERIES

AS_OF = date(2026, 11, 23)  # what prices() means when no date is given


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
    until = _table("prices").filter(col("since") <= day).sort("since", maintain_order=True)
    last = until.unique(SERIES, keep="last", maintain_order=True)
    held = last.filter((col("until") == "") | (col("until") >= day))
    return held.with_columns(chip_price=col("dollars_per_hour") / 3600)


def row(table: str, name: str) -> dict[str, Any]:
    """One row by its identifier, None where it is blank; LookupError if there is none."""
    key = schema(table)[0].name
    if table in KEYS:
        raise LookupError(f"{table} has no identifier; use catalog.{table}()")
    return dict(_rows(table)[known(key, name, _rows(table), f"catalog.{table}() lists them")])


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
        known(kind, name, sorted(set(asked[kind])), "catalog.list_prices() lists them")
        asked = asked.filter(col(kind) == name)
    tiers = asked.filter(col("from_prompt_tokens") <= prompt).sort("from_prompt_tokens")
    prices = tiers.row(-1, named=True)
    cached_price = prices["cached_input_price"] or prices["input_price"]
    cost = (prompt - cached) * prices["input_price"] + cached * cached_price
    return float(cost + output * prices["output_price"])


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
