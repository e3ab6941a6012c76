"""Functions that formulas may use, on every kind of value.

A value is a float, an expression of polars or narwhals, a numpy array, a pint quantity, or a symbol
of the tracer. The kind is told by the package its type comes from, so that nothing is imported
before it is needed.
"""

import math
from collections.abc import Callable, Mapping
from numbers import Real
from types import ModuleType
from typing import Any


def maximum(a: Any, b: Any) -> Any:
    """The larger of two values of one unit."""
    return _apply("maximum", a, b)


def minimum(a: Any, b: Any) -> Any:
    """The smaller of two values of one unit."""
    return _apply("minimum", a, b)


def where(condition: Any, a: Any, b: Any) -> Any:
    """`a` where the condition holds, else `b`; both are evaluated, so both must be finite."""
    return _apply("where", condition, a, b)


def ceil(x: Any) -> Any:
    """The least whole number that is not below x."""
    return _apply("ceil", x)


def floor(x: Any) -> Any:
    """The largest whole number that is not above x."""
    return _apply("floor", x)


def exp(x: Any) -> Any:
    """E to the power of x, a bare number."""
    return _apply("exp", x)


def log(x: Any) -> Any:
    """Natural logarithm of x, a positive bare number."""
    return _apply("log", x)


def log2(x: Any) -> Any:
    """Logarithm of x to the base 2: how often a positive bare number is halved down to 1."""
    return _apply("log2", x)


def sqrt(x: Any) -> Any:
    """Square root of x, not negative."""
    return _apply("sqrt", x)


def count(x: Any) -> Any:
    """The bare number of things in x (chips, sequences, tokens), for exponents and `n - 1`."""
    return _apply("count", x)


def unit(x: Any, name: str) -> Any:
    """X times one of a unit that the numbers do not show: two operations a weight, `flop/token`."""
    return _apply("unit", x, name)


def known(x: Any) -> bool:
    """Whether x is a kind of value, other than a float, that formulas work on."""
    return _package(x) in _HOMES


def real(x: Any) -> Any:
    """A value without whole numbers: a polars column of them wraps in 64 bits without a word."""
    return _apply("real", x)


def ends(x: Any, every: bool = False) -> tuple[Any, ...]:
    """Values of an array to check, its ends or every one; none of what has its values later."""
    return tuple(_apply("ends", x, every))


def _package(x: Any) -> str:
    return "" if isinstance(x, Real) else type(x).__module__.partition(".")[0]


def _apply(operation: str, *values: Any) -> Any:
    return _home(values)[operation](*values)


def _home(values: tuple[Any, ...]) -> Mapping[str, Callable[..., Any]]:
    for value in values:
        if known(value):
            return _HOMES[_package(value)]()
    return _FLOATS


_FLOATS: dict[str, Callable[..., Any]] = {
    "maximum": max,
    "minimum": min,
    "where": lambda condition, a, b: a if condition else b,
    "ceil": lambda x: float(math.ceil(x)),
    "floor": lambda x: float(math.floor(x)),
    "exp": math.exp,
    "log": math.log,
    "log2": math.log2,
    "sqrt": math.sqrt,
    "count": lambda x: x,
    "unit": lambda x, name: x,
    "real": float,
    "ends": lambda x, every: (),
}


def _polars() -> Mapping[str, Callable[..., Any]]:
    import polars as pl

    return _expressions(pl)


def _narwhals() -> Mapping[str, Callable[..., Any]]:
    import narwhals as nw

    return _expressions(nw)


def _expressions(library: ModuleType) -> Mapping[str, Callable[..., Any]]:
    def lit(x: Any) -> Any:
        return x if isinstance(x, library.Expr) else library.lit(float(x))

    def where(condition: Any, a: Any, b: Any) -> Any:
        if isinstance(condition, bool):  # no column decides: one side is enough
            return a if condition else b
        return library.when(condition).then(lit(a)).otherwise(lit(b))

    return _FLOATS | {
        # `max_horizontal` passes over a missing value, and narwhals' fails inside `when` on Dask.
        "maximum": lambda a, b: where(a >= b, a, b),
        "minimum": lambda a, b: where(a <= b, a, b),
        "where": where,
        "ceil": library.Expr.ceil,
        "floor": library.Expr.floor,
        "exp": library.Expr.exp,
        "log": library.Expr.log,
        "log2": lambda x: x.log(2),
        "sqrt": library.Expr.sqrt,
        "real": lambda x: x.cast(library.Float64),
    }


def _numpy() -> Mapping[str, Callable[..., Any]]:
    import numpy as np

    def ends(x: Any, every: bool) -> list[Any]:
        every = every or x.size == 0 or x.dtype.kind not in "fiu"  # no number has no order
        return np.ravel(x).tolist() if every else [x.min().item(), x.max().item()]

    return _FLOATS | {
        "maximum": np.maximum,
        "minimum": np.minimum,
        "where": np.where,
        "ceil": np.ceil,
        "floor": np.floor,
        "exp": np.exp,
        "log": np.log,
        "log2": np.log2,
        "sqrt": np.sqrt,
        "real": lambda x: x.astype(np.float64),
        "ends": ends,
    }


def _pint() -> Mapping[str, Callable[..., Any]]:
    def same(operation: Callable[..., Any]) -> Callable[..., Any]:
        def checked(*values: Any) -> Any:
            unit = 0 * sum(values[-2:])  # raises where the units of the two sides differ
            return operation(*values) + unit

        return checked

    def whole(operation: Callable[[float], int]) -> Callable[..., Any]:
        return lambda x: type(x)(float(operation(x.magnitude)), x.units)

    def bare(operation: Callable[[float], float]) -> Callable[..., Any]:
        return lambda x: operation(x.m_as("dimensionless"))

    return {
        "maximum": same(max),
        "minimum": same(min),
        "where": same(_FLOATS["where"]),
        "ceil": whole(math.ceil),
        "floor": whole(math.floor),
        "exp": bare(math.exp),
        "log": bare(math.log),
        "log2": bare(math.log2),
        "sqrt": lambda x: x**0.5,
        "count": lambda x: type(x)(x.magnitude, ""),  # without its unit
        "unit": lambda x, name: x * type(x)(1.0, name),
        "real": lambda x: 1.0 * x,
        "ends": lambda x, every: (),
    }


def _symbols() -> Mapping[str, Callable[..., Any]]:
    from inferlib.trace import OPERATIONS

    return OPERATIONS


_HOMES: Mapping[str, Callable[[], Mapping[str, Callable[..., Any]]]] = {
    "polars": _polars,
    "narwhals": _narwhals,
    "numpy": _numpy,
    "pint": _pint,
    "inferlib": _symbols,
}
