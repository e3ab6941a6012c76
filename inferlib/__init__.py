"""Inference economics: quantities with units and sources, a catalog, and explorables.

>>> import inferlib as il
>>> s = il.scenario(model="llama-3.1-70b", chip="h100-sxm", chips=4, weights="fp8",
...                 prompt_tokens=2000, output_tokens=500, concurrency=64)
>>> il.solve("cost_per_output_token", **s)["cost_per_output_token"]    # dollar/token
"""

from importlib import import_module
from typing import Any

from inferlib.quantity import Quantity, gather, given, quantity, solve
from inferlib.show import show

__version__ = "0.1.0"

# Loaded on first use, so that `import inferlib` needs nothing but the standard library.
_LAZY = {
    "quantities": "inferlib.formulas",
    "explain": "inferlib.explanation",
    "facts": "inferlib.explanation",
    "catalog": "inferlib.catalog",
    "claims": "inferlib.verdicts",
    "validation": "inferlib.validation",
    "scenario": "inferlib.scenarios",
    "Scenario": "inferlib.scenarios",
    "sweep": "inferlib.sweeps",
    "erlang_b": "inferlib.queueing",
    "erlang_c": "inferlib.queueing",
    "erlang_wait": "inferlib.queueing",
    "servers_needed": "inferlib.queueing",
    "capacity_plan": "inferlib.queueing",
    "simulate": "inferlib.simulation",
    "Range": "inferlib.doubts",
    "ranges": "inferlib.doubts",
    "sensitivity": "inferlib.intervals",
    "uncertainty": "inferlib.intervals",
    "columns": "inferlib.sweeps",
    "explore": "inferlib.explorable",
    "slider": "inferlib.explorable",
    "picker": "inferlib.explorable",
    "switch": "inferlib.explorable",
    "guess": "inferlib.explorable",
    "curve": "inferlib.explorable",
    "path": "inferlib.explorable",
    "known": "inferlib.explorable",
    "crossing": "inferlib.explorable",
    "roofline": "inferlib.explorable",
    "bars": "inferlib.explorable",
    "memory": "inferlib.explorable",
    "timeline": "inferlib.explorable",
    "scatter": "inferlib.explorable",
    "waterfall": "inferlib.explorable",
}

__all__ = ["Quantity", "gather", "given", "quantity", "show", "solve", *_LAZY]


def __getattr__(name: str) -> Any:
    if name not in _LAZY:
        raise AttributeError(f"inferlib has no '{name}'; it has {', '.join(sorted(__all__))}")
    module = import_module(_LAZY[name])
    return module if _LAZY[name] == f"inferlib.{name}" else getattr(module, name)


def __dir__() -> list[str]:
    return sorted(__all__)
