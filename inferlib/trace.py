"""A formula run once on symbols: from the tree it leaves, LaTeX and JavaScript are written."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

from inferlib.quantity import Quantity


@dataclass(frozen=True, eq=False)
class Sym:
    """A node of a traced formula: a name, a number, or an operation on nodes.

    It refuses to be a truth value or a plain number, and to be compared for equality, so that a
    formula which branches, or looks at a kind, fails when traced instead of taking one side.
    """

    op: str
    args: tuple[Any, ...]

    def __add__(self, other: Any) -> "Sym":
        """Sum."""
        return node("+", self, other)

    def __radd__(self, other: Any) -> "Sym":
        """Sum."""
        return node("+", other, self)

    def __sub__(self, other: Any) -> "Sym":
        """Difference."""
        return node("-", self, other)

    def __rsub__(self, other: Any) -> "Sym":
        """Difference."""
        return node("-", other, self)

    def __mul__(self, other: Any) -> "Sym":
        """Product."""
        return node("*", self, other)

    def __rmul__(self, other: Any) -> "Sym":
        """Product."""
        return node("*", other, self)

    def __truediv__(self, other: Any) -> "Sym":
        """Ratio."""
        return node("/", self, other)

    def __rtruediv__(self, other: Any) -> "Sym":
        """Ratio."""
        return node("/", other, self)

    def __pow__(self, other: Any) -> "Sym":
        """Power."""
        return node("**", self, other)

    def __rpow__(self, other: Any) -> "Sym":
        """Power."""
        return node("**", other, self)

    def __neg__(self) -> "Sym":
        """Negative."""
        return node("neg", self)

    def __lt__(self, other: Any) -> "Sym":
        """Whether less."""
        return node("<", self, other)

    def __le__(self, other: Any) -> "Sym":
        """Whether not more."""
        return node("<=", self, other)

    def __gt__(self, other: Any) -> "Sym":
        """Whether more."""
        return node(">", self, other)

    def __ge__(self, other: Any) -> "Sym":
        """Whether not less."""
        return node(">=", self, other)

    def _branch(self, *_: Any) -> NoReturn:
        raise TypeError("a formula cannot branch; use where(condition, a, b), maximum or minimum")

    def _kind(self, *_: Any) -> NoReturn:
        raise TypeError(
            "a formula cannot compare kinds; let the catalog turn the kind into a number"
        )

    def _number(self, *_: Any) -> NoReturn:
        raise TypeError(
            "a formula cannot use math, round, // or %; use the functions of inferlib.ops"
        )

    __bool__ = _branch
    __eq__ = __ne__ = _kind
    __hash__ = None  # type: ignore[assignment]
    __float__ = __int__ = __index__ = __round__ = __ceil__ = __floor__ = __trunc__ = _number
    __floordiv__ = __rfloordiv__ = __mod__ = __rmod__ = __divmod__ = __abs__ = _number
    __iter__ = __contains__ = __getitem__ = __call__ = _number


def node(op: str, *args: Any) -> Sym:
    """An operation on symbols and numbers."""
    return Sym(op, tuple(arg if isinstance(arg, Sym) else _number(arg) for arg in args))


def _number(value: Any) -> Sym:
    if not isinstance(value, int | float):
        raise TypeError(f"a formula works on numbers, not on {value!r}")
    return Sym("number", (float(value),))


def _operation(op: str) -> Callable[..., Sym]:
    return lambda *args: node(op, *args)


# What inferlib.ops does with symbols. Those that only concern units or types leave no trace.
OPERATIONS: Mapping[str, Callable[..., Any]] = {
    op: _operation(op)
    for op in ("maximum", "minimum", "where", "ceil", "floor", "exp", "log", "log2", "sqrt")
} | {"count": lambda x: x, "unit": lambda x, name: x, "real": lambda x: x, "ends": lambda x: ()}


def trace(one: Quantity) -> Sym:
    """The tree of a formula.

    Raises:
        TypeError: The formula does what only some kinds of value can do; the message says what.
    """
    if one.formula is None:
        raise TypeError(f"'{one.name}' is an input: it has no formula to trace")
    try:
        tree = one.formula(*(Sym("name", (need,)) for need in one.needs))
    except TypeError as error:
        raise TypeError(f"'{one.name}': {error}") from None
    return tree if isinstance(tree, Sym) else _number(tree)


# How tightly an operation binds; a part is bracketed inside one that binds more tightly.
_BINDS = {"<": 1, "<=": 1, ">": 1, ">=": 1, "+": 2, "-": 2, "neg": 3, "*": 4, "/": 5, "**": 6}
_JS_FUNCTIONS = {
    "maximum": "Math.max",
    "minimum": "Math.min",
    "ceil": "Math.ceil",
    "floor": "Math.floor",
    "exp": "Math.exp",
    "log": "Math.log",
    "log2": "Math.log2",
    "sqrt": "Math.sqrt",
    "**": "Math.pow",
}


# How tightly JavaScript binds; names, numbers and calls most of all.
_JS_BINDS = {"where": 0, "<": 1, "<=": 1, ">": 1, ">=": 1, "+": 2, "-": 2, "*": 3, "/": 3, "neg": 4}


def javascript(tree: Sym, of: str = "q") -> str:
    """The tree as a JavaScript expression over the object `of` of values by name."""
    if tree.op == "name":
        return f"{of}.{tree.args[0]}"
    if tree.op == "number":
        return f"{tree.args[0]:.17g}"

    def part(side: int, least: int) -> str:
        one = tree.args[side]
        text = javascript(one, of)
        return f"({text})" if _JS_BINDS.get(one.op, 9) < least else text

    if tree.op in _JS_FUNCTIONS:
        parts = [part(side, 0) for side in range(len(tree.args))]
        return f"{_JS_FUNCTIONS[tree.op]}({', '.join(parts)})"
    if tree.op == "where":
        return f"{part(0, 1)} ? {part(1, 0)} : {part(2, 0)}"
    binds = _JS_BINDS[tree.op]
    if tree.op == "neg":
        return f"-{part(0, binds + 1)}"
    return f"{part(0, binds)} {tree.op} {part(1, binds + 1)}"  # from the left, as Python does


def module(quantities: Mapping[str, Quantity]) -> str:
    """All formulas as a JavaScript module: an object of functions, in the order of calculation."""
    lines = [
        f"  {one.name}: q => {javascript(trace(one))},"
        for one in quantities.values()
        if one.formula
    ]
    return "\n".join(["export const formulas = {", *lines, "};", ""])


def latex(
    one: Quantity, quantities: Mapping[str, Quantity], leaf: Callable[[str], str] | None = None
) -> str:
    """A formula's right-hand side in LaTeX; `leaf` writes a name, by its symbol if not given."""
    return _latex(trace(one), leaf or (lambda name: quantities[name].symbol))


def _latex(tree: Sym, leaf: Callable[[str], str]) -> str:
    if tree.op == "name":
        return leaf(tree.args[0])
    if tree.op == "number":
        return _digits(f"{tree.args[0]:g}")
    if tree.op == "**":
        base = _latex(tree.args[0], leaf)
        simple = tree.args[0].op in ("name", "number")
        power = _latex(tree.args[1], leaf)
        return f"{{{base}}}^{{{power}}}" if simple else rf"\left({base}\right)^{{{power}}}"
    if tree.op in _LATEX_FORMS:
        return _LATEX_FORMS[tree.op].format(*(_latex(arg, leaf) for arg in tree.args))
    parts = [_bracketed(arg, tree, leaf, side) for side, arg in enumerate(tree.args)]
    return f"-{parts[0]}" if tree.op == "neg" else f"{parts[0]} {_sign(tree)} {parts[1]}"


def _digits(text: str) -> str:
    # 1e-06 is a power of ten.
    factor, e, exponent = text.partition("e")
    ten = f"10^{{{int(exponent)}}}" if e else ""
    return ten if e and factor == "1" else rf"{factor} \cdot {ten}" if e else text


# Forms that bracket their parts by themselves.
_LATEX_FORMS = {
    "/": r"\frac{{{0}}}{{{1}}}",
    "maximum": r"\max\left({0},\; {1}\right)",
    "minimum": r"\min\left({0},\; {1}\right)",
    "where": r"\begin{{cases}} {1} & {0} \\ {2} & \text{{else}} \end{{cases}}",
    "ceil": r"\left\lceil {0} \right\rceil",
    "floor": r"\left\lfloor {0} \right\rfloor",
    "exp": r"e^{{{0}}}",
    "log": r"\ln\left({0}\right)",
    "log2": r"\log_2\left({0}\right)",
    "sqrt": r"\sqrt{{{0}}}",
}
_SIGNS = {"<=": r"\le", ">=": r"\ge", "*": r"\,"}


def _sign(tree: Sym) -> str:
    numeric = tree.op == "*" and tree.args[1].op in ("number", "where")
    return r"\cdot" if numeric else _SIGNS.get(tree.op, tree.op)


def _bracketed(part: Sym, whole: Sym, leaf: Callable[[str], str], side: int) -> str:
    text = _latex(part, leaf)
    looser = _BINDS.get(part.op, 9) < _BINDS[whole.op]
    right_of_minus = side == 1 and whole.op == "-" and part.op in ("+", "-")
    return rf"\left({text}\right)" if looser or right_of_minus else text
