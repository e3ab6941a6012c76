"""Predicted against measured: what the formulas say of published measurements, and the error."""

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import polars as pl
from polars import col

from inferlib.catalog import data_folder, models
from inferlib.formulas import quantities
from inferlib.presets import ANY, assumed, engine
from inferlib.quantity import order, solve
from inferlib.scenarios import scenario

TEXT = ("chip_id", "model_id", "precision_weights", "precision_kv", "engine", "metric", "per")
NUMBERS = (
    "num_chips",
    "tensor_parallel",
    "expert_parallel",
    "input_tokens",
    "output_tokens",
    "concurrency_or_batch",
)
READ = (*TEXT, *NUMBERS, "speculative", "notes")
NEEDED = ("chip_id", "model_id", "precision_weights", "num_chips", "metric", "per")

# What is measured, of what, and what the formulas say of it.
_RATE = col("output_throughput")
_JOULES = col("energy_per_request") / col("output_tokens")
_ALL_TOKENS = (col("prompt_tokens") + col("output_tokens")) / col("output_tokens")
METRICS: Mapping[tuple[str, str], tuple[str, pl.Expr]] = {
    ("tpot_s", "request"): ("tpot", col("tpot")),
    ("ttft_s", "request"): ("ttft", col("ttft")),
    ("e2e_latency_s", "request"): ("request_time", col("request_time")),
    ("output_tokens_per_s", "system"): ("output_throughput", _RATE),
    ("output_tokens_per_s", "chip"): ("output_throughput", _RATE / col("chips")),
    ("total_tokens_per_s", "system"): ("output_throughput", _RATE * _ALL_TOKENS),
    ("total_tokens_per_s", "chip"): ("output_throughput", _RATE * _ALL_TOKENS / col("chips")),
    ("joules_per_output_token", "system"): ("energy_per_request", _JOULES),
}
_KINDS = ("model_id", "chip_id", "precision_weights", "precision_kv", "engine")
# Formats by the names of reports.
FORMATS = {"fp4": "nvfp4", "uint4": "int4", "w4a16": "int4"}
# ML.ENERGY prints no length of prompts; its answers are long, so that little rests on it.
_UNKNOWN_PROMPT = 500.0
# Inputs that a row itself says, and the columns in which it does.
_TRAFFIC = {
    "chips": "num_chips",
    "prompt_tokens": "input_tokens",
    "output_tokens": "output_tokens",
    "concurrency": "concurrency_or_batch",
    "attention_replicas": "tensor_parallel",
}


def read(path: str | Path) -> pl.DataFrame:
    """A table of measurements from a CSV file; numbers are Float64.

    Raises:
        ValueError: It is no such table; one sentence says what is missing or cannot be read.
        OSError: There is no such file.
    """
    try:
        frame = _table(Path(path).read_bytes().decode("utf-8-sig"))
        return _typed(frame, *{"value"}.intersection(frame.columns))
    except UnicodeDecodeError:
        raise ValueError(f"'{path}' is not text in UTF-8; give a CSV file") from None
    except ValueError as error:
        raise ValueError(f"'{path}' cannot be used: {error}") from error


def _table(text: str) -> pl.DataFrame:
    if not text.strip() or "\0" in text:
        raise ValueError("it is no text; give a CSV file with a header")
    try:
        frame = pl.read_csv(text.encode(), infer_schema=False)
    except pl.exceptions.PolarsError as error:
        raise ValueError(str(error).partition("\n")[0]) from error
    if twice := [name for name in frame.columns if name.endswith("_duplicated_0")]:
        name = twice[0].removesuffix("_duplicated_0")
        raise ValueError(f"two columns are called {name}; keep one")
    if frame.width == 1:
        raise ValueError("it has one column; separate columns by commas")
    return frame


def measurements() -> pl.DataFrame:
    """The measurements that the package carries; the preset `fitted` rests on them."""
    return read(data_folder() / "measurements.csv")


def predict(frame: pl.DataFrame, *, preset: str = "fitted") -> pl.DataFrame:
    """Add what the formulas say of each measurement; its `value` is not looked at.

    Example:
        >>> predicted = il.validation.predict(il.validation.measurements())

    Args:
        frame: Measurements, one a row, with the columns of data/measurements.csv, of which
            `NEEDED` must be there.
        preset: "roofline", "typical" or "fitted".

    Returns:
        The frame with `predicted` (in the unit of the metric, null where there is none) and
        `why_not`, a sentence for each row without a prediction (null for the others).

    Raises:
        TypeError: It is no polars DataFrame.
        ValueError: A column is missing, or holds text where a number belongs.
        LookupError: No preset has that name.
    """
    rows = situations(_typed(frame).select(READ), preset=preset).with_row_index("row")
    parts = [_predict(part) for part in rows.partition_by("metric", "per", maintain_order=True)]
    none = pl.DataFrame(schema={"row": pl.UInt32, "predicted": pl.Float64, "why_not": pl.String})
    found = pl.concat([none, *parts]).sort("row")
    return frame.with_columns(found["predicted"], found["why_not"])


def situations(frame: pl.DataFrame, *, preset: str = "fitted") -> pl.DataFrame:
    """Measurements with the inputs of each as columns, in base units, in place of those so named.

    Inputs that cannot be told are null, and `unknown` says why for a model, chip or format that the
    catalog does not have. Arguments and errors are those of `predict`.
    """
    assumed(preset)
    return _resolve(_traffic(_typed(frame)), preset)


def _typed(frame: pl.DataFrame, *further: str) -> pl.DataFrame:
    """The columns that are read, as text and Float64, `further` ones as Float64; others as is."""
    if not isinstance(frame, pl.DataFrame):
        raise TypeError(f"measurements are a {type(frame).__name__}; give a polars DataFrame")
    if missing := [name for name in NEEDED if name not in frame.columns]:
        raise ValueError(f"the table has no column {', '.join(missing)}; see data/README.md")
    absent = {name: pl.lit(None) for name in READ if name not in frame.columns}
    numbers = [*NUMBERS, *further]
    try:
        read = col(*READ, *further).cast(pl.String).replace("", None)
        text = frame.with_columns(**absent).with_columns(read)
    except pl.exceptions.PolarsError as error:
        said = str(error).partition("\n")[0]
        raise ValueError(f"a column is neither numbers nor text: {said}") from error
    on = ~col("speculative").str.to_lowercase().is_in(["false", "no", "off", "none", "0"])
    floats = col(numbers).cast(pl.Float64, strict=False)
    typed = text.with_columns(floats, speculative=on.fill_null(False))
    for name in numbers:
        bad = text.filter(text[name].is_not_null() & typed[name].is_null())
        if bad.height:
            raise ValueError(f"'{name}' of a row is {bad[name][0]!r}; give a number, or nothing")
    return typed


def _traffic(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows with inputs under our names; a measured batch outranks the one that was asked for."""
    measured = col("notes").str.extract(r"measured mean batch ([0-9]+(?:\.[0-9]+)?)")
    prompt = pl.when(col("metric") == "joules_per_output_token").then(_UNKNOWN_PROMPT)
    # Chips beyond tensor parallelism split the batch in attention, where experts are spread.
    groups = pl.when(col("expert_parallel") > 1).then(col("num_chips") / col("tensor_parallel"))
    return rows.with_columns(
        chips=col("num_chips"),
        prompt_tokens=pl.coalesce("input_tokens", prompt),
        concurrency=pl.coalesce(measured.cast(pl.Float64).clip(1.0), "concurrency_or_batch"),
        attention_replicas=pl.max_horizontal(groups, 1.0),
    )


def _resolve(rows: pl.DataFrame, preset: str) -> pl.DataFrame:
    """Rows with the inputs of their kinds, or with the reason why these cannot be told."""
    found = []
    for kinds in rows.select(_KINDS).unique(maintain_order=True).iter_rows(named=True):
        found.append({**kinds, **_inputs(kinds, preset)})
    inputs = [name for name, one in quantities.items() if one.formula is None]
    text = dict.fromkeys((*_KINDS, "unknown"), pl.String())
    schema = {**text, **{name: pl.Float64() for name in inputs if name not in _TRAFFIC}}
    told = pl.DataFrame(found, schema=schema)
    own = rows.drop({*schema} - {*_KINDS}, strict=False)
    return own.join(told, on=_KINDS, how="left", nulls_equal=True, maintain_order="left")


def _inputs(kinds: Mapping[str, Any], preset: str) -> dict[str, Any]:
    blank = [name for name in _KINDS[:3] if kinds[name] is None]
    if blank:
        return {"unknown": f"'{blank[0]}' is blank"}
    weights, kv = (FORMATS.get(kinds[n] or "", kinds[n]) for n in _KINDS[2:4])
    try:
        return dict(
            scenario(
                model=kinds["model_id"],
                chip=kinds["chip_id"],
                weights=weights,
                kv=kv or "bf16",
                preset=preset,
                engine=engine(kinds["engine"] or ANY)[1],  # others than ours are any
            )
        )
    except LookupError as error:
        return {"unknown": str(error.args[0])}


def _predict(rows: pl.DataFrame) -> pl.DataFrame:
    """One metric's rows: `row`, `predicted`, `why_not`."""
    metric, per = rows["metric"][0], rows["per"][0]
    if (metric, per) not in METRICS:
        blank = [f"'{name}' is blank" for name in ("metric", "per") if rows[name][0] is None]
        why = [*blank, f"nothing here predicts {metric} per {per}"][0]
        return rows.select("row", predicted=pl.lit(None, pl.Float64), why_not=pl.lit(why))
    want, value = METRICS[metric, per]
    inputs = [name for name in order([want], quantities) if quantities[name].formula is None]
    given: dict[str, Any] = {name: col(name) for name in inputs}
    solved = solve(want, **given)
    reasons = [
        pl.when(col("speculative")).then(pl.lit("speculative decoding is on")),
        pl.when(_disaggregated()).then(pl.lit("prefill and decode run on chips of their own")),
        pl.when(col("unknown").is_not_null()).then("unknown"),
        *(_outside(name, 0.0, math.inf) for name in ("tensor_parallel", "expert_parallel")),
        *(_missing(name) for name in inputs),
        pl.when(solved["linked"] == 0).then(pl.lit("the links between its chips are not known")),
    ]
    rows = rows.with_columns(why_not=pl.coalesce(reasons))
    able = rows.filter(col("why_not").is_null())
    able = able.with_columns(**{n: e for n, e in solved.items() if n not in inputs})
    able = able.select("row", predicted=value)
    return rows.join(able, on="row", how="left").select("row", "predicted", "why_not")


def _disaggregated() -> pl.Expr:
    return col("notes").str.to_lowercase().str.contains("disagg").fill_null(False)


def _missing(name: str) -> pl.Expr:
    """Why an input is no use: it is blank, or outside its range."""
    one, own = quantities[name], _TRAFFIC.get(name)
    blank = f"'{own}' is blank" if own else f"the catalog leaves '{name}' blank"
    why = _outside(name, one.low, one.high)
    return pl.when(col(name).is_null()).then(pl.lit(blank)).otherwise(why)


def _outside(name: str, low: float, high: float) -> pl.Expr:
    why = f"'{_TRAFFIC.get(name, name)}' is not from {low:g} to {high:g}"
    inside = col(name).is_finite() & col(name).is_between(low, high)
    return pl.when(~inside).then(pl.lit(why))


def report(predicted: pl.DataFrame) -> pl.DataFrame:
    """The error of predictions, in all and by kind, chip, model, engine and precision.

    Args:
        predicted: What `predict` gives, with a `value` for each measurement.

    Returns:
        One row for a metric, what it is grouped `by`, and the `group`: `rows`, and as shares of
        the measured value `mape`, `median` (of the absolute error), `bias` (the mean error, above
        0 where predictions are too high) and `p90`.

    Raises:
        ValueError: There is no column `value` or `predicted`, or text in it.
    """
    if missing := [name for name in ("value", "predicted") if name not in predicted.columns]:
        raise ValueError(f"the table has no column {missing[0]}; measure it, and call predict")
    kinds = {
        name: "MoE" if experts else "dense"
        for name, experts in models().select("model", "experts").rows()
    }
    rows = _typed(predicted, "value", "predicted")
    engines = {name: engine(name)[0] for name in set(rows["engine"]) - {None}}
    groups = {
        "all": pl.lit("all"),
        "kind": col("model_id").replace_strict(kinds, default=None, return_dtype=pl.String),
        "chip": col("chip_id"),
        "model": col("model_id"),
        "engine": col("engine").replace_strict(engines, default=ANY, return_dtype=pl.String),
        "precision": col("precision_weights"),
    }
    measured = col("value").is_finite() & (col("value") > 0)
    scored = rows.filter(measured, col("predicted").is_not_null())
    scored = scored.with_columns(error=col("predicted") / col("value") - 1)
    parts = [_errors(scored, by, group, place) for place, (by, group) in enumerate(groups.items())]
    table = pl.concat(parts).sort(["metric", "place", "rows", "group"], descending=_LARGEST)
    return table.drop("place")


_LARGEST = [False, False, True, False]


def _errors(scored: pl.DataFrame, by: str, group: pl.Expr, place: int) -> pl.DataFrame:
    size = col("error").abs()
    return (
        scored.group_by("metric", group=group)
        .agg(
            rows=pl.len(),
            mape=size.mean(),
            median=size.median(),
            bias=col("error").mean(),
            p90=size.quantile(0.9, "linear"),
        )
        .select("metric", pl.lit(by).alias("by"), "group", pl.exclude("metric", "group"))
        .with_columns(place=pl.lit(place))
    )
