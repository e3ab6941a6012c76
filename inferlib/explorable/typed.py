"""What an author gives, held against the types that a function says it takes."""

import functools
import inspect
import math
import reprlib
from collections.abc import Callable, Collection, Mapping
from numbers import Real
from types import UnionType
from typing import Any, Literal, ParamSpec, TypeVar, Union, get_args, get_origin, get_type_hints

_P = ParamSpec("_P")
_R = TypeVar("_R")
_WORDS: Mapping[Any, str] = {
    str: "text",
    bool: "True or False",
    int: "a whole number",
    float: "a number",
}


def typed(function: Callable[_P, _R]) -> Callable[_P, _R]:
    """A function of authors that refuses values of other types with a sentence."""
    signature = inspect.signature(function)

    @functools.wraps(function)
    def checked(*args: _P.args, **named: _P.kwargs) -> _R:
        # Words of a choice may lie at any depth; `authoring.py` looks at them.
        hints = get_type_hints(function, localns={"Choice": Any})
        for name, value in signature.bind(*args, **named).arguments.items():
            if not _fits(value, hints[name]):
                told = reprlib.repr(value).replace("\n", " ")
                raise TypeError(
                    f"'{name}' of il.{function.__name__} is {told}; give {_said(hints[name])}"
                )
        return function(*args, **named)

    return checked


def _fits(value: Any, hint: Any) -> bool:
    origin, inner = get_origin(hint), get_args(hint)
    if hint is Any:
        return True
    if type(value) is bool:
        return hint is bool or bool in inner
    if origin in (Union, UnionType):
        return any(_fits(value, one) for one in inner)
    if origin is Literal:
        return isinstance(value, str)
    if origin is tuple:
        pair = _listed(value) and len(value) == len(inner)
        return pair and all(map(_fits, value, inner)) and math.inf not in value
    if origin and issubclass(origin, Mapping):
        mapping = isinstance(value, Mapping)
        return mapping and all(_fits(k, inner[0]) and _fits(v, inner[1]) for k, v in value.items())
    if origin:
        return _listed(value) and all(_fits(one, inner[0]) for one in value)
    if hint is float:
        return isinstance(value, Real)
    return isinstance(value, hint)


def _listed(value: Any) -> bool:
    return isinstance(value, Collection) and not isinstance(value, str | bytes | Mapping)


def _said(hint: Any) -> str:
    """A type in words: what to give."""
    origin, inner = get_origin(hint), [one for one in get_args(hint) if one is not type(None)]
    if origin in (Union, UnionType):
        return " or ".join(dict.fromkeys(map(_said, inner)))
    if origin is Literal:
        return " or ".join(map(repr, inner))
    if origin is tuple:
        return f"({', '.join(map(_said, inner))})"
    if origin and issubclass(origin, Mapping):
        return f"{{{_said(inner[0])}: {_said(inner[1])}}}"
    if origin:
        return f"a list of {_said(inner[0])}"
    if hint is Any:
        return "more of these"
    return _WORDS.get(hint, f"a {hint.__name__.lower()}")
