"""Published measurements near a reader's setting: dots beside a line, and how far they lie off."""

import math
import re
from collections.abc import Mapping, Sequence
from functools import cache
from statistics import median
from typing import Any

import polars as pl
from polars import col

from inferlib.explorable.controls import Picker, Slider, display
from inferlib.explorable.recipes import Recipe
from inferlib.measured import measurements
from inferlib.naming import suggest
from inferlib.presets import ANY, engine
from inferlib.quantity import Quantity, solve
from inferlib.scenarios import Scenario
from inferlib.show import show
from inferlib.validation import FORMATS, situations

# A quantity, and the metrics that are the same thing. Joules per output token, the prompt's share
# included, are the energy of a request over its answer; `energy_per_output_token` is decode alone.
# All tokens a second would need the true lengths of prompts, so they are no output throughput.
_VALUE = col("value")
METRICS: Mapping[str, Mapping[tuple[str, str], pl.Expr]] = {
    "tpot": {("tpot_s", "request"): _VALUE},
    "user_throughput": {("tpot_s", "request"): 1 / _VALUE},
    "ttft": {("ttft_s", "request"): _VALUE},
    "request_time": {("e2e_latency_s", "request"): _VALUE},
    "output_throughput": {
        ("output_tokens_per_s", "system"): _VALUE,
        ("output_tokens_per_s", "chip"): _VALUE * col("chips"),
    },
    "energy_per_request": {("joules_per_output_token", "system"): _VALUE * col("output_tokens")},
}
_KINDS = ("model", "chip", "weights")
_LOAD = ("prompt_tokens", "output_tokens", "concurrency")
_TEXTS = (*_KINDS, "format", "engine", "family", "source", "date")
_NUMBERS = ("chips", *_LOAD, "value", "told")
MOST = 150
_NAMES = {"vllm": "vLLM", "sglang": "SGLang", "trtllm": "TensorRT-LLM"}

Row = dict[str, Any]


def dots(y: str, *, over: str) -> Recipe:
    """The recipe of the measurements of a quantity beside its line over an input.

    Raises:
        LookupError: Nobody has measured the quantity, or the tables have no column for the input.
    """
    for name, able in ((y, METRICS), (over, ("chips", *_LOAD))):
        if name not in able:
            way = suggest(name, able) or f"choose {' or '.join(able)}, or draw no dots"
            raise LookupError(f"no measurement tells '{name}'; {way}")
    return {"kind": "measured", "y": y, "over": over}


def measured_rows(recipe: Recipe, scenario: Scenario, known: Mapping[str, Quantity]) -> list[Row]:
    """The published measurements near a setting, as points with words for each.

    A measurement is near if it is of the same model, chip, format of weights and number of chips,
    and the lengths of its prompts and answers are from half to double those of the setting. What
    the recipe goes `over` is free; if that is not the concurrency, the measured concurrency is from
    half to double too. Engine and format of the cache, which few sources print, do not count. Of
    more than `MOST` the nearest are taken, by the sum of the logs of the ratios.
    """
    unit = known[recipe["y"]].unit
    return [_point(row, recipe["over"], unit) for row in _near(recipe, scenario)[:MOST]]


def _point(row: Row, over: str, unit: str) -> Row:
    return {"x": row[over], "y": row["value"], "label": _label(row, unit)}


def _near(recipe: Recipe, scenario: Scenario) -> list[Row]:
    """All measurements near a setting, as they stand in the table; the nearest first, if many."""
    over = recipe["over"]
    free = [name for name in _LOAD if name != over]
    found = [
        row
        for row in published(recipe["y"])
        if all(row[kind] == scenario.kinds[kind] for kind in _KINDS)
        and (over == "chips" or row["chips"] == scenario["chips"])
        and all(scenario[n] <= 2 * row[n] and row[n] <= 2 * scenario[n] for n in free)
    ]
    if len(found) <= MOST:
        return found

    def far(row: Row) -> float:  # rounded, so that the page breaks ties in the same way
        return round(sum(abs(math.log(row[n] / scenario[n])) for n in free), 9)

    return sorted(found, key=far)


def _label(row: Row, unit: str) -> str:
    def count(name: str) -> str:
        return show(row[name], "token")

    prompt = f"{count('prompt_tokens')} tokens in" if row["told"] else "prompts not told"
    return (
        f"{show(row['value'], unit)} measured: {row['engine']}, {count('chips')} "
        f"{'chip' if row['chips'] == 1 else 'chips'}, {row['format']}, {prompt}, "
        f"{count('output_tokens')} out, {count('concurrency')} at once; "
        f"{row['source']}, {row['date'] or 'no date'}"
    )


@cache
def published(y: str) -> tuple[Row, ...]:
    """All measurements of a quantity, in its base unit; none where there is no such metric."""
    of = METRICS.get(y, {})
    parts = [
        _situated().filter(metric=metric, per=per).with_columns(value=value)
        for (metric, per), value in of.items()
    ]
    frame = pl.concat(parts).sort("row") if parts else _situated().clear()
    return tuple(frame.select(*_TEXTS, *_NUMBERS).iter_rows(named=True))


@cache
def _situated() -> pl.DataFrame:
    frame = situations(measurements().cast({"value": pl.Float64})).with_row_index("row")
    weights = col("precision_weights").replace(FORMATS)
    known = frame.filter(col("unknown").is_null()).with_columns(
        model="model_id",
        chip="chip_id",
        weights=weights,
        source=col("source").str.extract(r"^([^:]+)"),
        date=col("date").fill_null(""),
        told=col("input_tokens").is_not_null().cast(pl.Float64),
    )
    said = {name: _engine(name) for name in known["engine"].unique()}
    return known.with_columns(
        format=col("weights").map_elements(lambda id: display("weights", id), pl.String),
        engine=col("engine").replace_strict({name: full for name, (_, full) in said.items()}),
        family=col("engine").replace_strict({name: short for name, (short, _) in said.items()}),
    )


def _engine(name: str) -> tuple[str, str]:
    """An engine for people, without its version and with it."""
    first, _, rest = name.removesuffix(" None").partition(" ")
    family = engine(first)[0]
    if family != ANY:
        return _NAMES[family], f"{_NAMES[family]} {rest}".strip()
    return re.sub(r" \d.*", "", name), name


def config(
    recipes: Sequence[Recipe],
    start: Scenario,
    controls: Sequence[Slider | Picker],
    aliases: Mapping[str, str],
) -> dict[str, Any]:
    """The measurements that a figure's controls can reach, each text once; empty if there are none.

    Args:
        recipes: The figure's, of any kind.
        start: The scenario that it shows first.
        controls: Its sliders and pickers.
        aliases: Names of second choices; no dots are drawn for these.
    """
    pickers = [o for o in controls if isinstance(o, Picker) and o.name not in aliases]
    kinds: dict[str, Any] = {kind: {start.kinds[kind]} for kind in _KINDS}
    kinds |= {one.kind: set(one.options) for one in pickers}
    spans = {name: (start.get(name, 0.0),) * 2 for name in ("chips", *_LOAD)}
    spans |= {o.name: _span(o) for o in controls if isinstance(o, Slider)}
    words: dict[str, int] = {}
    rows: dict[str, list[list[float]]] = {}
    for recipe in (one for one in recipes if one["kind"] == "measured"):
        for row in published(recipe["y"]):
            if _reached(row, recipe["over"], kinds, spans):
                texts = [words.setdefault(row[name], len(words)) for name in _TEXTS]
                rows.setdefault(recipe["y"], []).append([*texts, *(row[n] for n in _NUMBERS)])
    held = {name: start[name] for name in ("chips", *_LOAD) if name in start}
    columns = [*_TEXTS, *_NUMBERS]
    found = {"columns": columns, "held": held, "words": list(words), "rows": rows}
    return found if rows else {}


def _span(one: Slider) -> tuple[float, float]:
    return one.stops[0] * one.scale, one.stops[-1] * one.scale


def _reached(
    row: Row,
    over: str,
    kinds: Mapping[str, set[str]],
    spans: Mapping[str, tuple[float, float]],
) -> bool:
    least, most = spans["chips"]
    return (
        all(row[kind] in kinds[kind] for kind in _KINDS)
        and (over == "chips" or least <= row["chips"] <= most)
        and all(spans[n][0] <= 2 * row[n] and row[n] <= 2 * spans[n][1] for n in _LOAD if n != over)
    )


def residual(recipe: Recipe, scenario: Scenario, known: Mapping[str, Quantity]) -> str:
    """How far the measurements near a setting lie from its line, in words."""
    found = _near(recipe, scenario)
    rows = found[:MOST]
    if not rows:
        return "No published measurement of ours lies near this setting."
    y, over = recipe["y"], recipe["over"]
    found_at = {
        x: solve(y, quantities=known, **{**scenario, over: x}) for x in {r[over] for r in rows}
    }
    line = {x: one[y] if one.feasible else 0.0 for x, one in found_at.items()}
    gaps = [
        r["value"] / line[r[over]] - 1
        for r in rows
        if line[r[over]] > 0 and math.isfinite(line[r[over]])
    ]
    return f"{_who(rows, len(found))}{_gap(gaps)}."


def _who(rows: Sequence[Row], found: int) -> str:
    engines = ", ".join(sorted({row["family"] for row in rows}))
    years = sorted({row["date"][:4] for row in rows} - {""})
    when = f"; {' to '.join(dict.fromkeys([years[0], years[-1]]))}" if years else ""
    points = "point" if found == 1 else "points"
    most = f"The nearest {len(rows)} of " if found > len(rows) else ""
    return f"{most}{found} measured {points} near this setting ({engines}{when})"


def _gap(gaps: Sequence[float]) -> str:
    if not gaps:
        return "; no line is feasible there"
    middle = median(gaps)
    side = f"{_percent(middle)} {'above' if middle > 0 else 'below'}"
    if len(gaps) == 1:
        return f": it is {side if abs(middle) >= 0.005 else 'on'} the line"
    half = _percent(median([abs(gap) for gap in gaps]))
    where = f"{side} it" if abs(middle) >= 0.005 else "on it"
    return f": half are within {half} of the line; the median is {where}"


def _percent(gap: float) -> str:
    return show(abs(gap), "share", 2 if abs(gap) >= 0.1 else 1)
