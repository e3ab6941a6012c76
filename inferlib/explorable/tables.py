"""What a choice of rows changes: resolved by Python at build, looked up by the page."""

import itertools
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from inferlib.explorable.controls import Picker
from inferlib.scenarios import Scenario


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
    combinations = list(itertools.product(*options.values()))
    resolved = {c: start.but(**dict(zip(options, c, strict=True))).inputs for c in combinations}
    varying = [name for name in sorted(needed) if len({r.get(name) for r in resolved.values()}) > 1]
    found: dict[tuple[str, ...], list[str]] = {}
    for name in varying:
        if blank := next((c for c, r in resolved.items() if name not in r), None):
            raise LookupError(
                f"the catalog leaves '{name}' blank for {', '.join(blank)}; leave that option out"
            )
        found.setdefault(_depends(name, list(options), resolved), []).append(name)
    return [_table(kinds, names, list(options), resolved) for kinds, names in found.items()]


def _depends(
    name: str, kinds: list[str], resolved: Mapping[tuple[str, ...], Mapping[str, float]]
) -> tuple[str, ...]:
    """The kinds whose choice alone can change an input."""

    def matters(i: int) -> bool:
        seen: dict[tuple[str, ...], float] = {}
        return any(
            seen.setdefault(c[:i] + c[i + 1 :], row[name]) != row[name]
            for c, row in resolved.items()
        )

    return tuple(kind for i, kind in enumerate(kinds) if matters(i))


def _table(
    kinds: tuple[str, ...],
    names: list[str],
    order: list[str],
    resolved: Mapping[tuple[str, ...], Mapping[str, float]],
) -> dict[str, Any]:
    keep = [order.index(kind) for kind in kinds]
    rows = {"|".join(c[i] for i in keep): [row[n] for n in names] for c, row in resolved.items()}
    return {"kinds": list(kinds), "inputs": names, "rows": rows}
