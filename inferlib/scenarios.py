"""A named situation (model, chip, precision, traffic) as numbers."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Any

from inferlib import catalog
from inferlib.formulas import quantities
from inferlib.naming import suggest
from inferlib.presets import ANY, ENGINES, assumed, engine, slowdown
from inferlib.quantity import check

# What a kind is called, and what it is if nobody says.
KINDS: Mapping[str, str | None] = MappingProxyType(
    {
        "model": None,
        "chip": None,
        "weights": "bf16",
        "kv": "bf16",
        "pricing": "on-demand",
        "preset": "typical",
        "engine": "any",
    }
)
# Formats in which releases of some models leave attention in 16 bits.
PARTIAL = ("mxfp4", "nvfp4")


@dataclass(frozen=True, repr=False)
class Scenario(Mapping[str, float]):
    """Inputs by name, which remember the kinds that they come from.

    Attributes:
        kinds: Model, chip, dtype of weights and of the KV cache, basis of the price, preset and
            engine.
        given: Inputs that were given as numbers; they outrank the catalog.
    """

    kinds: Mapping[str, str]
    given: Mapping[str, float]

    @cached_property
    def inputs(self) -> Mapping[str, float]:
        """All inputs, in base units; what the catalog leaves blank is absent."""
        found = {**_assumed(self.kinds), **_model(self.kinds), **_chip(self.kinds)}
        return MappingProxyType({**found, **_precision(self.kinds), **self.given})

    def but(self, **changes: float | str) -> "Scenario":
        """The same situation with some kinds or inputs changed."""
        return scenario(**{**self.kinds, **self.given, **changes})

    def __getitem__(self, name: str) -> float:
        """One input, in its base unit."""
        return self.inputs[name]

    def __iter__(self) -> Iterator[str]:
        """The names of the inputs."""
        return iter(self.inputs)

    def __len__(self) -> int:
        """How many inputs there are."""
        return len(self.inputs)

    def __repr__(self) -> str:
        """The call that makes this scenario."""
        parts = [f"{name}={value!r}" for name, value in {**self.kinds, **self.given}.items()]
        return f"scenario({', '.join(parts)})"


def scenario(**named: float | str) -> Scenario:
    """A model on chips under a load, from names of the catalog and inputs as numbers.

    Example:
        >>> s = il.scenario(model="llama-3.1-8b", chip="l4", concurrency=4,
        ...                 prompt_tokens=1000, output_tokens=500)

    Args:
        **named: `model`, `chip`, `weights`, `kv` and `pricing` as names of the catalog, and any
            quantity as a number in its base unit: `chips=4, prompt_tokens=2000, concurrency=64`.
            One chip and 16-bit values if not said. `preset` is "roofline" (the limit of the
            hardware), "typical", or "fitted" to measurements of the same `engine` ("vllm",
            "sglang 0.5.9"), and where there are any of the same chip and model.

    Raises:
        LookupError: A name is not in the catalog, or not a quantity.
        TypeError: An input is not a number.
        ValueError: A number lies outside the range of its input.
    """
    kinds = {kind: _name(kind, named.get(kind, usual)) for kind, usual in KINDS.items()}
    inputs: dict[str, float] = {}
    for name, value in named.items():
        if name in KINDS:
            continue
        if name not in quantities:
            way = suggest(name, [*quantities, *KINDS])
            raise LookupError(f"a scenario knows no '{name}'; {way or 'see inferlib.quantities'}")
        inputs[name] = check(quantities[name], value)
    if kinds["pricing"] not in catalog.bases():
        raise LookupError(
            f"no price is on the basis '{kinds['pricing']}'; choose {' or '.join(catalog.bases())}"
        )
    if engine(kinds["engine"])[0] == ANY != kinds["engine"].strip().lower():
        way = suggest(kinds["engine"].lower(), ENGINES) or f"choose {', '.join(ENGINES)} or {ANY}"
        raise LookupError(f"no engine is called {kinds['engine']!r}; {way}")
    situation = Scenario(kinds, {"chips": 1.0} | inputs)
    situation.inputs  # noqa: B018  (unknown names fail here, not at first use)
    return situation


def _name(kind: str, value: float | str | None) -> str:
    if not isinstance(value, str):
        raise LookupError(f"give '{kind}' as a name of the catalog, not {value!r}")
    return value


def _assumed(kinds: Mapping[str, str]) -> dict[str, float]:
    found = dict(assumed(*(kinds[kind] for kind in ("preset", "engine", "weights", "chip"))))
    if kinds["preset"] == "fitted":
        found["slowdown"] = slowdown(*(kinds[k] for k in ("chip", "model", "weights", "engine")))
    return found


def _model(kinds: Mapping[str, str]) -> dict[str, float]:
    return _inputs(catalog.model(kinds["model"]))


def _chip(kinds: Mapping[str, str]) -> dict[str, float]:
    row = catalog.chip(kinds["chip"])
    found = {"link_bandwidth": 0.0} | _inputs(row)
    if row["bf16_flops"] is not None:
        found["training_chip_flops"] = row["bf16_flops"]
    price = _or_nothing(lambda: catalog.price(kinds["chip"], kinds["pricing"]))
    return found | ({"chip_price": price["chip_price"]} if price else {})


def _precision(kinds: Mapping[str, str]) -> dict[str, float]:
    for use in ("weights", "kv"):
        if not catalog.dtype(kinds[use])[use]:
            raise LookupError(
                f"'{kinds[use]}' is no format for {use}; choose another, as {use}='fp8'"
            )
    apart = catalog.model(kinds["model"])["wide_attention_share"]
    rate = _or_nothing(lambda: catalog.rate(kinds["chip"], kinds["weights"]))
    return {
        "bytes_per_weight": catalog.dtype(kinds["weights"])["bytes_per_value"],
        "bytes_per_wide_value": catalog.dtype("bf16")["bytes_per_value"],
        "wide_attention_share": apart if kinds["weights"] in PARTIAL else 0.0,
        "bytes_per_kv_value": catalog.dtype(kinds["kv"])["bytes_per_value"],
    } | ({"chip_flops": rate} if rate else {})


def _or_nothing(find: Callable[[], Any]) -> Any:
    # What the catalog leaves blank is missed by the quantity that needs it, not by the others.
    try:
        return find()
    except LookupError:
        return None


def _inputs(row: Mapping[str, object]) -> dict[str, float]:
    return {
        name: value
        for name, value in row.items()
        if name in quantities and isinstance(value, float)
    }
