"""Fit the calibrated parameters to data/measurements.csv, and write them with their errors.

    .venv/bin/python tools/fit.py

Writes calibration.csv (parameters), slowdowns.csv (measured over calculated, where measured) and
scores.csv (errors on rows that a fit has not seen) into data/. The same rows give the same files.

The split is by group: a group is one system in one study, and is either fitted or scored. Five
folds are told apart by a checksum of the group's name; then one chip, one model, and one pair of
chip and model at a time is left out.
"""

import csv
import zlib
from collections.abc import Iterable, Iterator, Mapping
from operator import itemgetter
from typing import Any

import numpy as np
import polars as pl
from polars import col
from scipy.optimize import least_squares

from inferlib import catalog, presets, validation
from inferlib.formulas import quantities
from inferlib.presets import ANY, engine
from inferlib.quantity import order, solve

FITTED_ON = "2026-11-23"
SOURCE = "tools/fit.py, on the rows of data/measurements.csv"
# Start and bounds. Times from end to end cannot tell the parameters apart, so that each is kept to
# what a system can do.
BOUNDS = {
    "memory_efficiency": (0.8, 0.5, 0.95),
    "compute_efficiency": (0.65, 0.3, 0.95),
    "link_efficiency": (0.4, 0.1, 1.0),
    "layer_time": (4e-5, 5e-6, 1e-4),
    "expert_layer_time": (3.5e-5, 1e-6, 1.5e-4),
    "all_reduce_latency": (1e-5, 5e-6, 2e-5),
}
PER_LAYER = ("layer_time", "expert_layer_time")
LIMIT = {name: 1.0 if name.endswith("efficiency") else 0.0 for name in BOUNDS}
# Factors of the preset fitted: of both times per layer, for an engine; of the time per expert
# layer, for a format of weights. They are drawn to 1 as by some ten rows.
ENGINES = ("trtllm", "vllm", "sglang")
FORMATS = ("bf16", "nvfp4", "mxfp4", "int4")
FACTORS = dict.fromkeys((*ENGINES, *FORMATS), (1.0, 0.3, 3.0))
PULL = 1.5
# Measured over calculated time is learned twice: for an engine's version with a model, and for the
# engine with a format of weights on a pair of chip and model. A factor is drawn to 1 by as much
# as HALF a group says.
LEVELS = (("model_id", "version"), ("chip_id", "model_id", "family", "weights"))
HALF = 0.5
SPLITS = {
    "group": col("group_id").map_elements(lambda g: str(zlib.crc32(g.encode()) % 5), pl.String),
    "chip": col("chip_id"),
    "model": col("model_id"),
    "pair": pl.concat_str("chip_id", "model_id", separator=" "),
}

Parameters = Mapping[str, float]
Learned = Mapping[tuple[str, ...], tuple[float, int, int]]  # factor, rows, groups


def rows_to_fit() -> pl.DataFrame:
    """The TPOT rows with all that a prediction needs, and what no parameter changes."""
    table = validation.predict(validation.measurements(), preset="typical")
    able = table.filter(col("metric") == "tpot_s", col("predicted").is_not_null())
    rows = validation.situations(able.drop("predicted", "why_not"), preset="typical")
    names = {name: engine(name or ANY) for name in rows["engine"].unique()}
    rows = rows.with_columns(
        family=col("engine").replace_strict({n: f for n, (f, _) in names.items()}),
        version=col("engine").replace_strict({n: v for n, (_, v) in names.items()}),
        weights=col("precision_weights").replace(validation.FORMATS),
        slowdown=pl.lit(1.0),
        architecture=col("model_id").replace_strict(architectures()),
    )
    given = {name: col(name) for name in quantities if name in rows.columns}
    fixed = [name for name in order(["tpot"], quantities) if not _rests_on(name)]
    return rows.with_columns(**dict(solve(fixed, **given)))


def architectures() -> dict[str, str]:
    """The first model of each architecture, by model: R1 is V3, as far as time goes."""
    names = ("model", "name", "org", "released", "max_context", "training_tokens")
    told = (*names, "published_parameters", "published_active_parameters", "confidence")
    shape = catalog.models().drop(*told, "source", "as_of", "notes")
    named = shape.with_columns(model=catalog.models()["model"])
    return dict(named.select("model", first=col("model").first().over(shape.columns)).rows())


def _rests_on(name: str) -> bool:
    return bool({*BOUNDS, "slowdown"} & {*order([name], quantities)})


def calculated(rows: pl.DataFrame, parameters: Parameters) -> np.ndarray:
    """TPOT of each row, in seconds."""
    given = {name: col(name) for name in quantities if name in rows.columns}
    values = {name: pl.lit(parameters[name]) for name in BOUNDS}
    values["layer_time"] *= _factor("family", ENGINES, parameters)
    values["expert_layer_time"] *= _factor("family", ENGINES, parameters)
    values["expert_layer_time"] *= _factor("weights", FORMATS, parameters)
    return rows.select(solve("tpot", **{**given, **values})["tpot"]).to_series().to_numpy()


def _factor(column: str, names: Iterable[str], parameters: Parameters) -> pl.Expr:
    found = {name: parameters.get(name, 1.0) for name in names}
    return col(column).replace_strict(found, default=1.0, return_dtype=pl.Float64)


def fit(rows: pl.DataFrame, *, factors: bool) -> dict[str, float]:
    """The parameters that fit best, in logarithms; a group of many rows does not outvote others."""
    start = BOUNDS | (FACTORS if factors else {})
    scale, low, high = np.array([*start.values()]).T
    measured = np.log(rows["value"].to_numpy())
    size = rows.select(pl.len().over("group_id")).to_series().to_numpy()
    weight = (size / size.mean()) ** -0.25

    def parameters(x: np.ndarray) -> dict[str, float]:
        return dict(zip(start, map(float, x * scale), strict=True))

    def error(x: np.ndarray) -> np.ndarray:
        miss = weight * (np.log(calculated(rows, parameters(x))) - measured)
        return np.concatenate([miss, PULL * np.log(x[len(BOUNDS) :])])

    bounds = (low / scale, high / scale)
    found = least_squares(error, np.ones(len(start)), bounds=bounds, loss="soft_l1", f_scale=0.1)
    return parameters(found.x)


def learn(rows: pl.DataFrame, level: Iterable[str], ratio: np.ndarray) -> Learned:
    """Measured over calculated, by the level: the median of groups, near 1 if they are few."""
    level = ["architecture" if name == "model_id" else name for name in level]
    found = {}
    groups = (
        rows.with_columns(log=np.log(ratio))
        .group_by(*level, "group_id")
        .agg(col("log").median(), rows=pl.len())
        .sort(*level, "log", "group_id")
    )
    for key, part in groups.group_by(*level, maintain_order=True):
        votes = part["rows"].sqrt().cum_sum().to_numpy()
        middle = part["log"][int(np.searchsorted(votes, votes[-1] / 2))]
        factor = float(np.exp(middle * part.height / (part.height + HALF)))
        found[key] = (factor, int(part["rows"].sum()), part.height)
    return found


def slowdowns(rows: pl.DataFrame, level: Iterable[str], learned: Learned) -> np.ndarray:
    """The factor of each row; 1 where nothing was learned."""
    level = ["architecture" if name == "model_id" else name for name in level]
    keys = rows.select(level).rows()
    return np.array([learned[key][0] if key in learned else 1.0 for key in keys])


def trained(rows: pl.DataFrame) -> tuple[dict[str, float], list[Learned]]:
    """The parameters of the preset fitted, and what was learned at each level."""
    parameters = fit(rows, factors=True)
    ratio = rows["value"].to_numpy() / calculated(rows, parameters)
    learned = []
    for level in LEVELS:
        learned.append(learn(rows, level, ratio))
        ratio = ratio / slowdowns(rows, level, learned[-1])
    return parameters, learned


def apart(rows: pl.DataFrame, part: pl.Expr) -> np.ndarray:
    """TPOT of each row by a fit to the rows of all other parts."""
    parts = rows.select(part.alias("part")).to_series()
    found = np.empty(rows.height)
    for name in parts.unique().sort():
        left_out = (parts == name).to_numpy()
        kept = rows.filter(~left_out)
        parameters, learned = trained(kept)
        found[left_out] = _applied(rows.filter(left_out), parameters, learned)
    return found


def _applied(rows: pl.DataFrame, parameters: Parameters, learned: list[Learned]) -> np.ndarray:
    found = calculated(rows, parameters)
    for level, one in zip(LEVELS, learned, strict=True):
        found = found * slowdowns(rows, level, one)
    return found


def energies() -> pl.DataFrame:
    """The energy rows, with the time that the preset fitted, as it is written, gives for them."""
    table = validation.predict(validation.measurements(), preset="fitted")
    able = table.filter(col("metric") == "joules_per_output_token", col("predicted").is_not_null())
    rows = validation.situations(able.drop("predicted", "why_not"), preset="fitted")
    given = {name: col(name) for name in quantities if name in rows.columns}
    return rows.with_columns(**dict(solve(["step_time", "prefill_time"], **given)))


def energy(rows: pl.DataFrame, decode_activity: float) -> np.ndarray:
    """Joules per output token of each row, where a chip has no excess."""
    given = {name: col(name) for name in quantities if name in rows.columns}
    given |= {"decode_activity": pl.lit(decode_activity), "energy_excess": pl.lit(1.0)}
    asked = solve("energy_per_request", **given)["energy_per_request"] / col("output_tokens")
    return rows.select(asked).to_series().to_numpy()


def fit_energy(rows: pl.DataFrame) -> tuple[float, Learned]:
    """Activity in decode on the chip that was measured most, and the excess of the others.

    Power and time cannot be told apart by energy, so that an excess may well be time.
    """
    most = rows["chip_id"].mode().sort()[0]
    best = (np.inf, 1.0, {})
    for share in np.arange(0.5, 1.001, 0.01):
        ratio = rows["value"].to_numpy() / energy(rows, float(share))
        excess = learn(rows, ["chip_id"], ratio)
        excess = {chip: found for chip, found in excess.items() if chip != (most,)}
        miss = np.abs(np.log(ratio / slowdowns(rows, ["chip_id"], excess)))
        best = min(
            best, (float(np.minimum(miss, 1).mean()), float(share), excess), key=itemgetter(0)
        )
    return best[1], best[2]


def energies_apart(rows: pl.DataFrame) -> np.ndarray:
    """Energy of each row by a fit to the other groups."""
    found = np.empty(rows.height)
    for name in rows["group_id"].unique().sort():
        left_out = (rows["group_id"] == name).to_numpy()
        share, excess = fit_energy(rows.filter(~left_out))
        part = rows.filter(left_out)
        found[left_out] = energy(part, share) * slowdowns(part, ["chip_id"], excess)
    return found


def main() -> None:
    """Fit, score, and write the three tables."""
    rows = rows_to_fit()
    size = {"rows": rows.height, "groups": rows["group_id"].n_unique()}
    measured = rows["value"].to_numpy()

    def error(found: np.ndarray) -> float:
        return float(np.abs(found / measured - 1).mean())

    typical = fit(rows, factors=False)
    fitted, learned = trained(rows)
    table = []
    for preset, parameters in (("roofline", LIMIT), ("typical", typical), ("fitted", fitted)):
        found = _applied(rows, parameters, learned if preset == "fitted" else [{}, {}])
        told = size | {"error": f"{error(found):.4f}"}
        table += [line | told for line in _parameters(preset, parameters)]
    _write("calibration", [*table, *_energies(None)])
    _write("slowdowns", list(_slowdowns(rows, learned)))
    presets.forget()
    spent = energies()
    table += _energies(spent)
    _write("calibration", table)
    scores = [_score("fit", rows, _applied(rows, fitted, learned))]
    scores += [_score(name, rows, apart(rows, part)) for name, part in SPLITS.items()]
    scores += [_score("group", spent, energies_apart(spent))]
    _write("scores", [line for group in scores for line in group])


def _parameters(preset: str, parameters: Parameters) -> Iterator[dict[str, object]]:
    for name, (_, low, high) in BOUNDS.items():
        engines = [ANY, *(ENGINES if name in PER_LAYER else ())]
        formats = [ANY, *(FORMATS if name == "expert_layer_time" else ())]
        for engine_name in engines if preset == "fitted" else [ANY]:
            for weights in formats if preset == "fitted" else [ANY]:
                factor = parameters.get(engine_name, 1.0) * parameters.get(weights, 1.0)
                value = parameters[name] * factor
                ends = (value, value) if preset == "roofline" else (low, high)
                yield _line(name, preset, value, *ends, engine=engine_name, weights=weights)


def _line(
    name: str, preset: str, value: float, low: float, high: float, **of: str
) -> dict[str, Any]:
    kinds = {"engine": ANY, "weights": ANY, "chip": ANY} | of
    ends = {"value": value, "low": min(low, value), "high": max(high, value)}
    numbers = {end: f"{number:.4g}" for end, number in ends.items()}
    return {"input": name, "preset": preset} | kinds | numbers


def _energies(rows: pl.DataFrame | None) -> Iterator[dict[str, object]]:
    """Lines of the energy's parameters, at rated power where no rows are given."""
    share, excess = fit_energy(rows) if rows is not None else (1.0, {})
    told: dict[str, object] = {"rows": 0, "groups": 0, "error": 0}
    if rows is not None:
        found = energy(rows, share) * slowdowns(rows, ["chip_id"], excess)
        told = {"rows": rows.height, "groups": rows["group_id"].n_unique()}
        told["error"] = f"{np.abs(found / rows['value'].to_numpy() - 1).mean():.4f}"
    for preset in ("roofline", "typical", "fitted"):
        value = 1.0 if preset == "roofline" else share
        ends = (value, value) if preset == "roofline" else (0.3, 1.0)
        yield _line("decode_activity", preset, value, *ends) | told
        yield _line("energy_excess", preset, 1.0, 1.0, 1.0) | told
    for (chip,), (value, count, groups) in excess.items():
        own = _line("energy_excess", "fitted", value, 0.3, 3.0, chip=chip)
        yield own | told | {"rows": count, "groups": groups}


def _slowdowns(rows: pl.DataFrame, learned: list[Learned]) -> Iterator[dict[str, object]]:
    twins: dict[str, list[str]] = {}
    for model, first in architectures().items():
        twins.setdefault(first, []).append(model)
    for level, one in zip(LEVELS, learned, strict=True):
        for key, (factor, count, groups) in one.items():
            named = dict(zip(level, key, strict=True))
            for model in twins[named["model_id"]]:
                yield {
                    "model": model,
                    "engine": named.get("version") or named["family"],
                    "chip": named.get("chip_id", ""),
                    "weights": named.get("weights", ""),
                    "slowdown": f"{factor:.4f}",
                    "rows": count,
                    "groups": groups,
                }


def _score(split: str, rows: pl.DataFrame, found: np.ndarray) -> Iterator[dict[str, object]]:
    scored = rows.with_columns(pl.Series("predicted", found))
    for line in validation.report(scored).rows(named=True):
        if line["by"] in ("all", "kind", split):
            numbers = {name: f"{line[name]:.4f}" for name in ("mape", "median", "bias", "p90")}
            names = {name: line[name] for name in ("metric", "by", "group", "rows")}
            yield {"split": split} | names | numbers


def _write(name: str, lines: list[dict[str, object]]) -> None:
    told = {"source": SOURCE, "as_of": FITTED_ON, "notes": ""}
    columns = [column.name for column in catalog.schema(name)]
    with (catalog.data_folder() / f"{name}.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(line | {k: v for k, v in told.items() if k not in line} for line in lines)


if __name__ == "__main__":
    main()
