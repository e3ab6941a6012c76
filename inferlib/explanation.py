"""The explanation of a number: its formula, its value, and what it rests on, as a tree."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from inferlib.formulas import quantities as all_quantities
from inferlib.quantity import Quantity, Solution, solve
from inferlib.show import show
from inferlib.trace import latex

if TYPE_CHECKING:
    from inferlib.origins import Origin
    from inferlib.scenarios import Scenario


@dataclass(frozen=True, repr=False)
class Explanation:
    """One quantity, its value, and the explanations of those it rests on."""

    quantity: Quantity
    value: float
    parts: tuple["Explanation", ...]
    why: Mapping[str, str]
    origin: "Origin | None" = None

    def __repr__(self) -> str:
        """The tree as text; what was shown before is not opened again, nor what is zero."""
        rows: dict[str, int] = {}
        lines = self._lines(0, set(), rows)
        return "\n".join([*self.why.values(), *lines, *(f"[{n}] {row}" for row, n in rows.items())])

    def _lines(self, depth: int, seen: set[str], rows: dict[str, int]) -> list[str]:
        one = self.quantity
        again = one.name in seen and self.parts
        seen.add(one.name)
        tail = "(see above)" if again else f"[{self._source(rows)}]"
        line = f"{'  ' * depth}{one.name} = {show(self.value, one.unit)}  {one.label}  {tail}"
        parts = () if again or not self.value else self.parts
        return [line, *(below for part in parts for below in part._lines(depth + 1, seen, rows))]

    def _source(self, rows: dict[str, int]) -> str | int:
        """The key of the formula's source; of an input, the number of its row among `rows`."""
        if not self.origin:
            return self.quantity.source
        if not self.origin.table:
            return "given"
        one = self.origin
        row = f"{one.table}.csv, {one.row}, {one.as_of}: {one.source}"
        return rows.setdefault(row, len(rows) + 1)

    def _repr_markdown_(self) -> str:
        return f"```text\n{self!r}\n```"


def explain(
    want: str,
    situation: "Scenario | None" = None,
    /,
    *,
    quantities: Mapping[str, Quantity] | None = None,
    **values: float,
) -> Explanation:
    """Why a number is what it is, down to its inputs.

    Example:
        >>> il.explain("tpot", s)    # of a scenario s: a tree, down to the rows of its inputs

    Args:
        want: The name of a quantity.
        situation: A scenario; the source and the date of each input's row are then told.
        quantities: The formulas to use; all of inferlib's if not given.
        **values: Inputs by name, in base units, as for `solve`.

    Raises:
        LookupError: A name is unknown, or an input is missing.
    """
    quantities = all_quantities if quantities is None else quantities
    inputs = {**(situation or {}), **values}
    origins = {} if situation is None else {name: situation.origin(name) for name in situation}
    known = {name: origins.get(name) for name in inputs} | dict.fromkeys(values)
    return _tree(want, solve(want, quantities=quantities, **inputs), quantities, known)


def box(one: Quantity, quantities: Mapping[str, Quantity]) -> dict[str, str]:
    """A formula by mime type: in the book as MathML, in a notebook as LaTeX."""
    if os.environ.get("INFERLIB_BOOK"):
        from inferlib.explorable.render import equation

        return {"text/html": equation(one, quantities), "text/plain": one.label}
    head = f"**{one.label}** (`{one.name}`, in {one.unit})"
    if not one.formula:
        return {"text/markdown": f"{head}: ${one.symbol}$, an input.", "text/plain": one.label}
    legend = ", ".join(f"${quantities[n].symbol}$ {quantities[n].label.lower()}" for n in one.needs)
    written = f"$$\n{one.symbol} = {latex(one, quantities)}\n$$"
    return {"text/markdown": f"{head}\n\n{written}\n\nwith {legend}.", "text/plain": one.label}


def facts(situation: Mapping[str, float], /, *names: str, digits: int = 3) -> None:
    """Print quantities of a situation as lines of `name = value`, as people write them.

    Example:
        >>> il.facts(s, "tpot", "fits")    # of a scenario s

    Args:
        situation: A scenario.
        *names: The quantities.
        digits: Significant digits.
    """
    solved = solve(names, quantities=None, **situation)
    for name in names:
        print(f"{name} = {show(solved[name], all_quantities[name].unit, digits)}")
    for sentence in solved.why.values():
        print(f"not feasible: {sentence}")


def _tree(
    name: str,
    solved: Solution,
    quantities: Mapping[str, Quantity],
    given: Mapping[str, "Origin | None"],
) -> Explanation:
    needs: tuple[Any, ...] = () if name in given else quantities[name].needs
    parts = tuple(_tree(need, solved, quantities, given) for need in needs)
    return Explanation(quantities[name], solved[name], parts, solved.why, given.get(name))
