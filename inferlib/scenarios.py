"""A named situation (model, chip, precision, traffic) as numbers."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Any, NamedTuple

from inferlib import catalog, origins, presets
from inferlib.formulas import quantities
from inferlib.naming import suggest, unknown
from inferlib.origins import PARTIAL, Kinds, Origin
from inferlib.presets import ANY, ENGINES, engine
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

Inputs = Mapping[str, float]


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
        found: dict[str, float] = {}
        for part in parts([self.kinds["preset"]]):
            found |= part.inputs(self.kinds)
        return MappingProxyType({**found, **self.given})

    def origin(self, name: str) -> Origin:
        """The row of a table that an input comes from, with its source and date.

        Example:
            >>> s.origin("memory_bandwidth").source    # of a scenario s

        Raises:
            LookupError: The scenario has no such input.
        """
        if name in self.given:
            return origins.GIVEN
        for part in reversed(parts([self.kinds["preset"]])):
            if name in part.inputs(self.kinds):
                return part.origin(self.kinds, name)
        raise LookupError(f"the scenario has no input '{name}'; {unknown(name, self)}")

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


def _assumed(kinds: Kinds) -> Inputs:
    return presets.assumed(*(kinds[kind] for kind in presets.KINDS))


def _slowdown(kinds: Kinds) -> Inputs:
    if kinds["preset"] != "fitted":
        return {"slowdown": _assumed(kinds)["slowdown"]}
    return {"slowdown": presets.slowdown(*(kinds[kind] for kind in presets.SYSTEM))}


def _model(kinds: Kinds) -> Inputs:
    return _inputs(catalog.model(kinds["model"]))


def _chip(kinds: Kinds) -> Inputs:
    row = catalog.chip(kinds["chip"])
    training = _maybe("training_chip_flops", row["bf16_flops"])
    return {"link_bandwidth": 0.0, **_inputs(row), **training}


def _price(kinds: Kinds) -> Inputs:
    price = _or_nothing(lambda: catalog.price(kinds["chip"], kinds["pricing"]))
    return _maybe("chip_price", price and price["chip_price"])


def _weights(kinds: Kinds) -> Inputs:
    wide = catalog.dtype("bf16")["bytes_per_value"]
    return {"bytes_per_weight": _bytes(kinds, "weights"), "bytes_per_wide_value": wide}


def _kv(kinds: Kinds) -> Inputs:
    return {"bytes_per_kv_value": _bytes(kinds, "kv")}


def _bytes(kinds: Kinds, use: str) -> float:
    row = catalog.dtype(kinds[use])
    if not row[use]:
        raise LookupError(f"'{kinds[use]}' is no format for {use}; choose another, as {use}='fp8'")
    return float(row["bytes_per_value"])


def _wide_attention(kinds: Kinds) -> Inputs:
    apart = catalog.model(kinds["model"])["wide_attention_share"]
    return {"wide_attention_share": apart if kinds["weights"] in PARTIAL else 0.0}


def _rate(kinds: Kinds) -> Inputs:
    return _maybe("chip_flops", _or_nothing(lambda: catalog.rate(kinds["chip"], kinds["weights"])))


def _maybe(name: str, value: float | None) -> Inputs:
    return {} if value is None else {name: value}


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


class Part(NamedTuple):
    """Some inputs of a scenario, and the kinds that they follow from.

    Attributes:
        kinds: The kinds that are read.
        inputs: What they give; what the catalog leaves blank is absent.
        origin: The row that one of these inputs comes from.
    """

    kinds: tuple[str, ...]
    inputs: Callable[[Kinds], Inputs]
    origin: Callable[[Kinds, str], Origin]


# Where two give an input, the later counts.
PARTS = (
    Part(presets.KINDS, _assumed, origins.of_assumption),
    Part(("model",), _model, origins.of_model),
    Part(("chip",), _chip, origins.of_chip),
    Part(("chip", "pricing"), _price, origins.of_price),
    Part(("weights",), _weights, origins.of_weights),
    Part(("kv",), _kv, origins.of_kv),
    Part(("model", "weights"), _wide_attention, origins.of_wide_attention),
    Part(("chip", "weights"), _rate, origins.of_chip),
    Part(("preset", *presets.SYSTEM), _slowdown, origins.of_slowdown),
)


def parts(of: Collection[str]) -> tuple[Part, ...]:
    """The parts that make the inputs under some presets; only `fitted` knows of slowdowns."""
    return PARTS if "fitted" in of else PARTS[:-1]
