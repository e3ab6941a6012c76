"""Predicted against measured: what the formulas say of published measurements, and the error."""

import math
from collections.abc import Mapping
from typing import Any

import polars as pl
from polars import col

from inferlib.catalog import models, slowdowns
from inferlib.formulas import quantities
from inferlib.measured import NEEDED, NUMBERS, READ, TEXT, measurements, read, typed
from inferlib.presets import ANY, assumed, engine
from inferlib.quantity import order, solve
from inferlib.scenarios import scenario

__all__ = [
    "NEEDED",
    "NUMBERS",
    "READ",
    "TEXT",
    "measurements",
    "predict",
    "read",
    "report",
    "situations",
]

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
    rows = situations(typed(frame).select(READ), preset=preset).with_row_index("row")
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
    return _resolve(_traffic(typed(frame)), preset)


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
    """The error of predictions: in all, by kind, chip, model, engine, precision, and by pair.

    A pair of chip and model is one that the preset `fitted` has seen, or one that it has not.

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
    rows = typed(predicted, "value", "predicted")
    engines = {name: engine(name)[0] for name in set(rows["engine"]) - {None}}
    kind = col("model_id").replace_strict(kinds, default=None, return_dtype=pl.String)
    pairs = slowdowns().select(pair=pl.struct(chip_id="chip", model_id="model"))["pair"]
    seen = pl.when(pl.struct("chip_id", "model_id").is_in(pairs.implode())).then(pl.lit("seen"))
    groups = {
        "all": pl.lit("all"),
        "kind": kind,
        "chip": col("chip_id"),
        "model": col("model_id"),
        "engine": col("engine").replace_strict(engines, default=ANY, return_dtype=pl.String),
        "precision": col("precision_weights"),
        "pair": pl.concat_str(kind, seen.otherwise(pl.lit("not seen")), separator=", "),
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
