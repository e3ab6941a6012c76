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
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import polars as pl
from fitting import (
    BOUNDS,
    ENGINES,
    FORMATS,
    LEVELS,
    Learned,
    Parameters,
    applied,
    architectures,
    energies,
    fit,
    fit_energy,
    joules,
    rows_to_fit,
    times,
    trained,
)
from polars import col

from inferlib import catalog, presets, validation
from inferlib.presets import ANY

FITTED_ON = "2026-11-23"
SOURCE = "tools/fit.py, on the rows of data/measurements.csv"
PER_LAYER = ("layer_time", "expert_layer_time")
LIMIT = {name: 1.0 if name.endswith("efficiency") else 0.0 for name in BOUNDS}
SPLITS = {
    "group": col("group_id").map_elements(lambda g: str(zlib.crc32(g.encode()) % 5), pl.String),
    "chip": col("chip_id"),
    "model": col("model_id"),
    "pair": pl.concat_str("chip_id", "model_id", separator=" "),
}

Line = dict[str, Any]
ByFit = Callable[[pl.DataFrame, pl.DataFrame], np.ndarray]


def main() -> None:
    """Fit, write the parameters, then score and write the errors."""
    rows = rows_to_fit()
    parameters, factors = tables(rows)
    _write("calibration", [*parameters, *energy_lines(None)])
    _write("slowdowns", factors)
    spent = energies()
    _write("calibration", [*parameters, *energy_lines(spent)])
    scores = [*_score("fit", validation.predict(validation.measurements()))]
    for split, part in SPLITS.items():
        scores += _score(split, rows.with_columns(predicted=apart(rows, part, times)))
    spent = spent.with_columns(predicted=apart(spent, col("group_id"), joules))
    _write("scores", [*scores, *_score("group", spent)])


def tables(rows: pl.DataFrame) -> tuple[list[Line], list[Line]]:
    """The lines of calibration.csv that time gives, and those of slowdowns.csv."""
    fitted, learned = trained(rows)
    typical = fit(rows, factors=False)
    told: Line = {"rows": rows.height, "groups": rows["group_id"].n_unique()}
    lines: list[Line] = []
    for preset, parameters in (("roofline", LIMIT), ("typical", typical), ("fitted", fitted)):
        found = applied(rows, parameters, learned if preset == "fitted" else [{}, {}])
        told |= {"error": _error(found, rows)}
        lines += [line | told for line in _parameters(preset, parameters)]
    return lines, list(_slowdowns(learned))


def _error(found: np.ndarray, rows: pl.DataFrame) -> str:
    return f"{np.abs(found / rows['value'].to_numpy() - 1).mean():.4f}"


def apart(rows: pl.DataFrame, part: pl.Expr, by_fit: ByFit) -> np.ndarray:
    """What is predicted of each row by a fit to the rows of all other parts."""
    parts = rows.select(part.alias("part")).to_series()
    found = np.empty(rows.height)
    for name in parts.unique().sort():
        left_out = (parts == name).to_numpy()
        found[left_out] = by_fit(rows.filter(~left_out), rows.filter(left_out))
    return found


def _parameters(preset: str, parameters: Parameters) -> Iterator[Line]:
    for name, (_, low, high) in BOUNDS.items():
        engines = [ANY, *(ENGINES if name in PER_LAYER else ())]
        formats = [ANY, *(FORMATS if name == "expert_layer_time" else ())]
        for engine_name in engines if preset == "fitted" else [ANY]:
            for weights in formats if preset == "fitted" else [ANY]:
                factor = parameters.get(engine_name, 1.0) * parameters.get(weights, 1.0)
                value = parameters[name] * factor
                ends = (value, value) if preset == "roofline" else (low, high)
                yield _line(name, preset, value, *ends, engine=engine_name, weights=weights)


def _line(name: str, preset: str, value: float, low: float, high: float, **of: str) -> Line:
    kinds = {"engine": ANY, "weights": ANY, "chip": ANY} | of
    ends = {"value": value, "low": min(low, value), "high": max(high, value)}
    numbers = {end: f"{number:.4g}" for end, number in ends.items()}
    return {"input": name, "preset": preset} | kinds | numbers


def energy_lines(rows: pl.DataFrame | None) -> Iterator[Line]:
    """Lines of the energy's parameters, at rated power where no rows are given."""
    share, excess = fit_energy(rows) if rows is not None else (1.0, {})
    told: Line = {"rows": 0, "groups": 0, "error": 0}
    if rows is not None:
        told = {"rows": rows.height, "groups": rows["group_id"].n_unique()}
        told["error"] = _error(joules(rows, rows), rows)
    for preset in ("roofline", "typical", "fitted"):
        value = 1.0 if preset == "roofline" else share
        ends = (value, value) if preset == "roofline" else (0.3, 1.0)
        yield _line("decode_activity", preset, value, *ends) | told
        yield _line("energy_excess", preset, 1.0, 1.0, 1.0) | told
    for (chip,), (value, count, groups) in excess.items():
        own = _line("energy_excess", "fitted", value, 0.3, 3.0, chip=chip)
        yield own | told | {"rows": count, "groups": groups}


def _slowdowns(learned: list[Learned]) -> Iterator[Line]:
    twins: dict[str, list[str]] = {}
    for model, first in architectures().items():
        twins.setdefault(first, []).append(model)
    for level, one in zip(LEVELS, learned, strict=True):
        for key, (factor, count, groups) in one.items():
            named = dict(zip(level, key, strict=True))
            for model in twins[named["architecture"]]:
                yield {
                    "model": model,
                    "engine": named.get("version") or named["family"],
                    "chip": named.get("chip_id", ""),
                    "weights": named.get("weights", ""),
                    "slowdown": f"{factor:.4f}",
                    "rows": count,
                    "groups": groups,
                }


def _score(split: str, predicted: pl.DataFrame) -> Iterator[Line]:
    for line in validation.report(predicted).rows(named=True):
        if line["by"] in {"all", "kind", split} - {"pair"}:
            numbers = {name: f"{line[name]:.4f}" for name in ("mape", "median", "bias", "p90")}
            names = {name: line[name] for name in ("metric", "by", "group", "rows")}
            yield {"split": split} | names | numbers


def _write(name: str, lines: list[Line]) -> None:
    told = {"source": SOURCE, "as_of": FITTED_ON, "notes": ""}
    columns = [column.name for column in catalog.schema(name)]
    with (catalog.data_folder() / f"{name}.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(told | line for line in lines)
    presets.forget()


if __name__ == "__main__":
    main()
