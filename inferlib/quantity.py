"""A quantity: a number with a name, a unit, a symbol, a source. Parameter names draw the graph."""

import graphlib
import inspect
import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from numbers import Real
from types import MappingProxyType, ModuleType
from typing import Any

from inferlib.naming import fields, unknown
from inferlib.ops import ends, known, real
from inferlib.show import show


@dataclass(frozen=True)
class Quantity:
    """One number of the model.

    Attributes:
        name: What it is called everywhere: in formulas, columns, sliders and links.
        unit: Its base unit, such as "byte/token"; "1" for a bare number.
        label: A noun phrase for tables.
        symbol: LaTeX.
        source: Key of `book/references.bib`.
        formula: A function of other quantities; None for an input.
        needs: Names of the formula's parameters.
        requires: Conditions (quantities of 0 or 1) without which the value means nothing.
        hue: The thing that a colour of the book stands for: weights, kv, compute, memory, prefill,
            decode, network, energy or money.
        otherwise: For a condition: the sentence that explains a 0, with {names} of quantities.
        low: Least value that it may have.
        high: Largest value that an input may have.
        whole: Whether an input counts things, so that it has no fractions.
    """

    name: str
    unit: str
    label: str
    symbol: str
    source: str
    formula: Callable[..., Any] | None = None
    needs: tuple[str, ...] = ()
    requires: tuple[str, ...] = ()
    otherwise: str = ""
    hue: str = ""
    low: float = 0.0
    high: float = math.inf
    whole: bool = False

    @property
    def words(self) -> tuple[str, ...]:
        """Names of the quantities that the sentence of a condition quotes."""
        return fields(self.otherwise)

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        from inferlib.explanation import box

        return box(self, _all())


def quantity(
    *,
    unit: str,
    symbol: str,
    source: str,
    requires: tuple[str, ...] = (),
    otherwise: str = "",
    hue: str = "",
    low: float = 0.0,
) -> Callable[[Callable[..., Any]], Quantity]:
    """Declare a formula as a quantity; its label is the docstring, its needs are its parameters.

    The arguments are attributes of `Quantity`.
    """

    def declare(formula: Callable[..., Any]) -> Quantity:
        label = (inspect.getdoc(formula) or "").removesuffix(".")
        needs = tuple(inspect.signature(formula).parameters)
        more = (formula, needs, requires, otherwise, hue, low)
        return Quantity(formula.__name__, unit, label, symbol, source, *more)

    return declare


def given(
    name: str,
    *,
    unit: str,
    symbol: str,
    label: str,
    source: str,
    hue: str = "",
    low: float = 0.0,
    high: float = math.inf,
    whole: bool = False,
) -> Quantity:
    """Declare an input: a quantity without a formula, with the range in which it makes sense.

    The arguments are attributes of `Quantity`; `low` and `high` are in `unit`.
    """
    return Quantity(name, unit, label, symbol, source, hue=hue, low=low, high=high, whole=whole)


def gather(*modules: ModuleType) -> Mapping[str, Quantity]:
    """All quantities of some modules, by name, in an order in which they can be calculated.

    Raises:
        ValueError: A name is declared twice, or quantities rest on each other in a circle.
        LookupError: A formula needs a name that nobody declares.
    """
    found: dict[str, Quantity] = {}
    for one in (q for module in modules for q in _declared(module)):
        if found.setdefault(one.name, one) is not one:
            raise ValueError(f"'{one.name}' is declared twice; give one of the two another name")
    for one in found.values():
        for need in (*one.needs, *one.requires, *one.words):
            if need not in found:
                raise LookupError(f"'{one.name}' needs '{need}', {unknown(need, found)}")
    return MappingProxyType({name: found[name] for name in order(found, found)})


def _declared(module: ModuleType) -> Iterator[Quantity]:
    for value in vars(module).values():
        group = value if isinstance(value, tuple) else (value,)
        yield from (one for one in group if isinstance(one, Quantity))


def order(
    want: Iterable[str], quantities: Mapping[str, Quantity], given: Iterable[str] = ()
) -> list[str]:
    """Names to calculate, each after those it rests on, with the conditions they require.

    Raises:
        LookupError: A name is unknown.
        ValueError: Quantities rest on each other in a circle.
    """
    given = set(given)
    graph: dict[str, tuple[str, ...]] = {}
    queue = list(want)
    while queue:
        name = queue.pop()
        if name not in graph:
            one = find(name, quantities)
            graph[name] = () if name in given else one.needs
            queue += () if name in given else (*one.needs, *one.requires, *one.words)
    try:
        return list(graphlib.TopologicalSorter(graph).static_order())
    except graphlib.CycleError as error:
        circle = " -> ".join(error.args[1])
        raise ValueError(f"quantities rest on each other in a circle: {circle}") from None


@dataclass(frozen=True, repr=False)
class Solution(Mapping[str, Any]):
    """Values by name, and `why`: a sentence for each condition that does not hold."""

    values_by_name: Mapping[str, Any]
    why: Mapping[str, str]

    def __getitem__(self, name: str) -> Any:
        """The value of one quantity, in its base unit; KeyError, a LookupError, without it."""
        if name not in self.values_by_name:
            raise KeyError(f"'{name}' was not asked for, {unknown(name, self.values_by_name)}")
        return self.values_by_name[name]

    def __iter__(self) -> Iterator[str]:
        """The names, in the order of calculation."""
        return iter(self.values_by_name)

    def __len__(self) -> int:
        """How many values there are."""
        return len(self.values_by_name)

    def __repr__(self) -> str:
        """The values, then the reasons."""
        return "\n".join([*(f"{k} = {v!r}" for k, v in self.items()), *self.why.values()])

    @property
    def feasible(self) -> bool:
        """Whether every condition holds."""
        return not self.why


def solve(
    want: str | Iterable[str],
    /,
    *,
    quantities: Mapping[str, Quantity] | None = None,
    **values: Any,
) -> Solution:
    """Calculate quantities, and all that they rest on.

    Example:
        >>> s = il.scenario(model="llama-3.1-8b", chip="l4")
        >>> il.solve("weight_bytes", **s)["weight_bytes"]    # byte

    Args:
        want: A name, or several.
        quantities: The formulas to use; all of inferlib's if not given.
        **values: Inputs by name, in base units: numbers, polars expressions, pint quantities or
            symbols. What could be calculated may be given instead.

    Raises:
        LookupError: A name is unknown, or an input is missing.
        TypeError: A value is not a number.
        ValueError: A number lies outside the range of its input, or contradicts the others.
    """
    quantities = _all() if quantities is None else quantities
    want = [want] if isinstance(want, str) else list(want)
    given = {name: check(find(name, quantities), value) for name, value in values.items()}
    solved: dict[str, Any] = {}
    for name in order(want, quantities, given):
        solved[name] = evaluate(quantities[name], given, solved)
    instead = ", ".join(f"'{name}'" for name in given if quantities[name].formula)
    for name, value in solved.items() if instead else ():
        if isinstance(value, float) and not quantities[name].low <= value < math.inf:
            told = f"comes out as {value:g} where {instead} is given; leave that out"
            raise ValueError(f"'{name}' {told}")
    calculated = {name: value for name, value in solved.items() if name not in given}
    return Solution(solved, _reasons(calculated, solved, quantities))


def evaluate(one: Quantity, values: Mapping[str, Any], solved: Mapping[str, Any]) -> Any:
    """A quantity from what is given and what is solved; LookupError for a missing input."""
    if one.name in values:
        return values[one.name]
    if one.formula is None:
        raise LookupError(f"give '{one.name}': {one.label} [{one.unit}]")
    try:
        return one.formula(*(solved[need] for need in one.needs))
    except ArithmeticError:  # something is given in place of its formula, out of all proportion
        found = ", ".join(f"{need} = {solved[need]}" for need in one.needs)
        raise ValueError(f"'{one.name}' has no value with {found}; give other values") from None


def check(one: Quantity, value: Any) -> Any:
    """A number as a float within the range of its quantity; other kinds of value as floats too.

    Raises:
        TypeError: It is not a number, a polars expression, a pint quantity or a symbol.
        ValueError: It lies outside the range, or is a fraction of what is counted.
    """
    if known(value):
        for end in ends(value, one.whole):
            check(one, end)
        return real(value)
    if type(value) is bool or not isinstance(value, Real):
        raise TypeError(f"'{one.name}' is {value!r}; give a number [{one.unit}]")
    try:
        value = float(value)
    except OverflowError:  # an int of more digits than a float holds
        value = math.inf
    if not one.low <= value <= one.high or math.isinf(value):
        raise ValueError(
            f"'{one.name}' is {value:g}; "
            f"give {one.label} from {one.low:g} to {one.high:g} [{one.unit}]"
        )
    if one.whole and not value.is_integer():
        raise ValueError(f"'{one.name}' is {value:g}; give a whole number [{one.unit}]")
    return value


def _reasons(
    calculated: Mapping[str, Any], solved: Mapping[str, Any], quantities: Mapping[str, Quantity]
) -> dict[str, str]:
    return {
        name: sentence(quantities[name], solved, quantities)
        for name, value in calculated.items()
        if quantities[name].otherwise and isinstance(value, int | float) and not value
    }


def sentence(
    condition: Quantity, values: Mapping[str, Any], quantities: Mapping[str, Quantity]
) -> str:
    """Why a condition does not hold, with the numbers put in."""
    shown = {name: show(values[name], quantities[name].unit) for name in condition.words}
    return condition.otherwise.format_map(shown)


def find(name: str, quantities: Mapping[str, Quantity]) -> Quantity:
    """The quantity of a name; LookupError if there is none, with a name that is near."""
    if name not in quantities:
        raise LookupError(f"no quantity is called '{name}', {unknown(name, quantities)}")
    return quantities[name]


def _all() -> Mapping[str, Quantity]:
    """All quantities of the package; gathered on first use."""
    from inferlib.formulas import quantities

    return quantities
