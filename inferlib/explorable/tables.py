"""What a choice of rows changes: resolved by Python at build, looked up by the page."""

import itertools
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from inferlib.explorable.controls import Picker
from inferlib.scenarios import Scenario

Choice = tuple[str, ...]
Resolved = Mapping[Choice, Mapping[str, Any]]


def tables(
    start: Scenario, pickers: Sequence[Picker], needed: Collection[str]
) -> list[dict[str, Any]]:
    """Tables of the needed inputs that the pickers change, each keyed by the kinds it depends on.

    Raises:
        LookupError: For some choice the catalog leaves an input blank.
    """
    options: dict[str, dict[str, None]] = {}
    for one in pickers:
        options.setdefault(one.kind, {}).update(dict.fromkeys(one.options))
    resolved = _resolved({k: [*v] for k, v in options.items()}, lambda c: start.but(**c).inputs)
    varying = [name for name in sorted(needed) if len({r.get(name) for r in resolved.values()}) > 1]
    for name in varying:
        if blank := next((c for c, r in resolved.items() if name not in r), None):
            raise LookupError(
                f"the catalog leaves '{name}' blank for {', '.join(blank)}; leave that option out"
            )
    return _tables(list(options), varying, resolved)


def factored(
    options: Mapping[str, Sequence[str]], find: Callable[[Mapping[str, str]], Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """Tables of all that is found for some choice, each keyed by the kinds it depends on.

    Args:
        options: The rows that can be chosen, by kind.
        find: What there is for a choice, by name; what is absent is null in its table.
    """
    resolved = _resolved(options, find)
    return _tables(list(options), sorted({n for row in resolved.values() for n in row}), resolved)


def _resolved(
    options: Mapping[str, Sequence[str]], find: Callable[[Mapping[str, str]], Mapping[str, Any]]
) -> Resolved:
    choices = itertools.product(*options.values())
    return {c: find(dict(zip(options, c, strict=True))) for c in choices}


def _tables(kinds: list[str], names: list[str], resolved: Resolved) -> list[dict[str, Any]]:
    found: dict[tuple[str, ...], list[str]] = {}
    for name in names:
        found.setdefault(_depends(name, kinds, resolved), []).append(name)
    return [_table(own, inputs, kinds, resolved) for own, inputs in found.items()]


def _depends(name: str, kinds: list[str], resolved: Resolved) -> tuple[str, ...]:
    """The kinds whose choice alone can change an input."""

    def matters(i: int) -> bool:
        seen: dict[Choice, Any] = {}
        return any(
            seen.setdefault(c[:i] + c[i + 1 :], row.get(name)) != row.get(name)
            for c, row in resolved.items()
        )

    return tuple(kind for i, kind in enumerate(kinds) if matters(i))


def _table(
    kinds: tuple[str, ...], names: list[str], order: list[str], resolved: Resolved
) -> dict[str, Any]:
    keep = [order.index(kind) for kind in kinds]
    rows = {"|".join(c[i] for i in keep): [r.get(n) for n in names] for c, r in resolved.items()}
    return {"kinds": list(kinds), "inputs": names, "rows": rows}
