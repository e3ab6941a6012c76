"""How the calibrated parameters are found: of time, then of energy, on rows of measurements."""

from collections.abc import Iterable, Mapping
from operator import itemgetter
from typing import Any

import numpy as np
import polars as pl
from polars import col
from scipy.optimize import least_squares

from inferlib import catalog, validation
from inferlib.formulas import quantities
from inferlib.presets import ANY, engine
from inferlib.quantity import order, solve

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
# Factors of the preset fitted: of both times per layer, for an engine; of the time per expert
# layer, for a format of weights. They are drawn to 1 as by some ten rows.
ENGINES = ("trtllm", "vllm", "sglang")
FORMATS = ("bf16", "nvfp4", "mxfp4", "int4")
FACTORS = dict.fromkeys((*ENGINES, *FORMATS), (1.0, 0.3, 3.0))
PULL = 1.5
# Measured over calculated time is learned twice: for an engine's version with a model, and for the
# engine with a format of weights on a pair of chip and model. A factor is drawn to 1 by as much
# as HALF a group says.
LEVELS = (("architecture", "version"), ("chip_id", "architecture", "family", "weights"))
HALF = 0.5

Parameters = Mapping[str, float]
Learned = Mapping[tuple[str, ...], tuple[float, int, int]]  # factor, rows, groups


def situations(metric: str, preset: str) -> pl.DataFrame:
    """The rows of a metric that can be predicted, with the inputs of each."""
    table = validation.predict(validation.measurements(), preset=preset)
    able = table.filter(col("metric") == metric, col("predicted").is_not_null())
    return validation.situations(able.drop("predicted", "why_not"), preset=preset)


def given(rows: pl.DataFrame, **values: pl.Expr) -> dict[str, Any]:
    """What to solve with: the columns that are quantities, and values in place of some."""
    return {name: col(name) for name in quantities if name in rows.columns} | values


def rows_to_fit() -> pl.DataFrame:
    """The TPOT rows with all that a prediction needs, and what no parameter changes."""
    rows = situations("tpot_s", "typical")
    names = {name: engine(name or ANY) for name in rows["engine"].unique()}
    rows = rows.with_columns(
        family=col("engine").replace_strict({n: f for n, (f, _) in names.items()}),
        version=col("engine").replace_strict({n: v for n, (_, v) in names.items()}),
        weights=col("precision_weights").replace(validation.FORMATS),
        slowdown=pl.lit(1.0),
        architecture=col("model_id").replace_strict(architectures()),
    )
    fixed = [name for name in order(["tpot"], quantities) if not _rests_on(name)]
    return rows.with_columns(**dict(solve(fixed, **given(rows))))


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
    values = {name: pl.lit(parameters[name]) for name in BOUNDS}
    values["layer_time"] *= _factor("family", ENGINES, parameters)
    values["expert_layer_time"] *= _factor("family", ENGINES, parameters)
    values["expert_layer_time"] *= _factor("weights", FORMATS, parameters)
    return rows.select(solve("tpot", **given(rows, **values))["tpot"]).to_series().to_numpy()


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


def times(kept: pl.DataFrame, rows: pl.DataFrame) -> np.ndarray:
    """TPOT of each row by a fit to the kept ones."""
    return applied(rows, *trained(kept))


def applied(rows: pl.DataFrame, parameters: Parameters, learned: list[Learned]) -> np.ndarray:
    """TPOT of each row, with what was learned beyond the parameters."""
    found = calculated(rows, parameters)
    for level, one in zip(LEVELS, learned, strict=True):
        found = found * slowdowns(rows, level, one)
    return found


def energies() -> pl.DataFrame:
    """The energy rows, with the time that the preset fitted, as it is written, gives for them."""
    rows = situations("joules_per_output_token", "fitted")
    return rows.with_columns(**dict(solve(["step_time", "prefill_time"], **given(rows))))


def energy(rows: pl.DataFrame, decode_activity: float) -> np.ndarray:
    """Joules per output token of each row, where a chip has no excess."""
    values = {"decode_activity": pl.lit(decode_activity), "energy_excess": pl.lit(1.0)}
    asked = solve("energy_per_request", **given(rows, **values))["energy_per_request"]
    return rows.select(asked / col("output_tokens")).to_series().to_numpy()


def fit_energy(rows: pl.DataFrame) -> tuple[float, Learned]:
    """Activity in decode on the chip that was measured most, and the excess of the others.

    Power and time cannot be told apart by energy, so that an excess may well be time.
    """
    most = rows["chip_id"].mode().sort()[0]
    tried = []
    for share in map(float, np.arange(0.5, 1.001, 0.01)):
        ratio = rows["value"].to_numpy() / energy(rows, share)
        excess = learn(rows, ["chip_id"], ratio)
        excess = {chip: found for chip, found in excess.items() if chip != (most,)}
        miss = np.abs(np.log(ratio / slowdowns(rows, ["chip_id"], excess)))
        tried.append((float(np.minimum(miss, 1).mean()), share, excess))
    _, share, excess = min(tried, key=itemgetter(0))
    return share, excess


def joules(kept: pl.DataFrame, rows: pl.DataFrame) -> np.ndarray:
    """Energy of each row by a fit to the kept ones."""
    share, excess = fit_energy(kept)
    found: np.ndarray = energy(rows, share) * slowdowns(rows, ["chip_id"], excess)
    return found
