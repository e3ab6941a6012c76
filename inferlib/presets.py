"""Presets of an estimate: the limit of the hardware, a typical system, and one like those measured.

What a step takes beyond the roofline is calibrated on published measurements: calibration.csv holds
the parameters, slowdowns.csv what was measured over what they give, where a system was measured.
"""

import math
import re
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Any

from inferlib import catalog
from inferlib.naming import suggest

PRESETS = ("roofline", "typical", "fitted")
ANY = "any"
ENGINES = ("vllm", "sglang", "trtllm")
# How reports write the name of an engine, and how our tables do.
_ENGINES = {name: name for name in ENGINES} | {"trt": "trtllm"}
# The kinds that assumptions follow from, and those that a slowdown does, as their functions do.
KINDS = ("preset", "engine", "weights", "chip")
SYSTEM = ("chip", "model", "weights", "engine")

Row = Mapping[str, Any]


def engine(name: str) -> tuple[str, str]:
    """An engine of our tables, or "any", and its name with the version: "vLLM 0.19.0" is both."""
    text = re.sub(r"(tensorrt|trt)[-_ ]?llm", "trtllm", name.strip().lower())
    word, *rest = re.split(r"[\s=:/@-]+(?:v(?=\d))?", text, maxsplit=1)  # also vllm==0.19.0
    family = _ENGINES.get(word, ANY)
    version = [said for said in " ".join(rest).split()[:1] if said != "none"]
    return family, " ".join([family, *version]) if family != ANY else ANY


@cache
def assumed(
    preset: str, engine_name: str = ANY, weights: str = ANY, chip: str = ANY
) -> Mapping[str, float]:
    """What the catalog does not say of a situation: assumptions, and a preset's parameters.

    Values are in base units. Where an engine, a format of weights or a chip has its own fitted
    parameters, they are these.

    Raises:
        LookupError: No preset has that name.
    """
    rows = assumed_rows(preset, engine_name, weights, chip)
    return MappingProxyType({name: row["value"] for name, row in rows.items()})


@cache
def assumed_rows(
    preset: str, engine_name: str = ANY, weights: str = ANY, chip: str = ANY
) -> Mapping[str, Row]:
    """The rows of `assumed`, of assumptions.csv or calibration.csv; arguments and errors are its.

    Raises:
        LookupError: No preset has that name.
    """
    if preset not in PRESETS:
        way = suggest(preset, PRESETS) or f"choose {', '.join(PRESETS)}"
        raise LookupError(f"no preset is called {preset!r}; {way}")
    kinds = {"engine": engine(engine_name)[0], "weights": weights, "chip": chip}
    rows = [
        row
        for row in catalog.calibration().iter_rows(named=True)
        if row["preset"] == preset and all(row[kind] in (ANY, kinds[kind]) for kind in kinds)
    ]
    # The more special row comes later, and counts.
    own = sorted(rows, key=lambda row: [row[kind] != ANY for kind in kinds])
    usual = catalog.assumptions().iter_rows(named=True)
    return MappingProxyType({row["input"]: row for row in (*usual, *own)})


def slowdown(chip: str, model: str, weights: str, engine_name: str) -> float:
    """Measured over calculated time of a system; 1 where nothing like it was measured.

    It is the product of two: that of the engine in this version with this model, and that of the
    engine in any version with this format of weights, on this chip.
    """
    rows = slowdown_rows(chip, model, weights, engine_name)
    return math.prod((row["slowdown"] for row in rows), start=1.0)


def slowdown_rows(chip: str, model: str, weights: str, engine_name: str) -> list[Row]:
    """The rows of slowdowns.csv that make a slowdown: none, one or two."""
    family, version = engine(engine_name)
    keys = ((model, version, "", ""), (model, family, chip, weights))
    return [_slowdowns()[key] for key in keys if key in _slowdowns()]


@cache
def _slowdowns() -> Mapping[tuple[str, ...], Row]:
    parts = ("model", "engine", "chip", "weights")
    rows = catalog.slowdowns().iter_rows(named=True)
    return {tuple(row[part] for part in parts): row for row in rows}


def forget() -> None:
    """Read the tables anew when they are next asked for."""
    catalog.forget()
    assumed.cache_clear()
    assumed_rows.cache_clear()
    _slowdowns.cache_clear()
