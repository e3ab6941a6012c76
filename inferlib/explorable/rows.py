"""The rows of a chart, cooked from its recipes by polars; `rows.js` does the same in the page."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from inferlib.explorable import places
from inferlib.explorable.bands import band_rows
from inferlib.explorable.measured import measured_rows
from inferlib.explorable.places import Row
from inferlib.explorable.recipes import Recipe
from inferlib.explorable.words import Situation
from inferlib.formulas import quantities
from inferlib.naming import fields
from inferlib.quantity import Quantity, solve
from inferlib.scenarios import Scenario
from inferlib.show import show

Options = Mapping[str, Mapping[str, str]]
Data = Mapping[str, list[Row]]


@dataclass(frozen=True)
class State:
    """A state in which rows are cooked: its scenario, and it solved, as those of the aliases."""

    scenario: Scenario
    situations: Mapping[str, Situation]

    @property
    def values(self) -> Mapping[str, float]:
        """The solved quantities."""
        return self.situations[""].solution


def needed(recipes: Mapping[str, Recipe]) -> list[str]:
    """Names of the quantities that recipes draw."""
    found: list[Any] = []
    for recipe in recipes.values():
        y = recipe.get("y")
        found += [recipe.get("x"), *(y if isinstance(y, list) else [y]), recipe.get("also")]
        found += [*recipe.get("names", ()), recipe.get("limit")]
        found += [*recipe.get("rest", ())[:1], *recipe.get("total", ())[:1]]
        found += fields(recipe.get("label", ""))
    return [name for name in dict.fromkeys(found) if isinstance(name, str) and name in quantities]


def draw(
    recipes: Mapping[str, Recipe],
    now: State,
    options: Options,
    known: Mapping[str, Quantity],
    then: State | None = None,
    band: bool = True,
) -> dict[str, list[Row]]:
    """The rows of every named data set of a chart.

    Args:
        recipes: By name of the data set.
        now: The state.
        options: Ids and names of each kind's picker.
        known: The formulas in use.
        then: The state A that is held for comparison.
        band: Whether bands are drawn.
    """
    data: dict[str, list[Row]] = {}
    both = [one.values for one in (now, then) if one]
    for name, recipe in recipes.items():
        state = then if recipe.get("pinned") else now
        if state is None or (recipe["kind"] == "band" and not band):
            data[name] = []
        else:
            data[name] = _cook(recipe, state, both, data, options, known)
    return data


def _cook(
    recipe: Recipe,
    state: State,
    both: list[Mapping[str, float]],
    data: Data,
    options: Options,
    known: Mapping[str, Quantity],
) -> list[Row]:
    kind = recipe["kind"]
    if kind == "grid":
        return _grid(recipe, state.scenario, options, known)
    if kind == "point":
        return _points(recipe, state.situations[""], known)
    if kind == "known":
        return [dict(row) for row in recipe["rows"]]
    if kind == "ratio":
        return _ratios(recipe, state.situations, known)
    if kind == "scatter":
        return _scatter(recipe, state.scenario, options, known)
    if kind in ("parts", "scale"):
        cook = places.parts if kind == "parts" else places.scale
        return cook(recipe, state.values, both, known[next(iter(recipe["names"]))].unit)
    if kind in ("band", "measured"):
        fetch = band_rows if kind == "band" else measured_rows
        return fetch(recipe, state.scenario, known)
    return _derived(recipe, data)


def _derived(recipe: Recipe, data: Data) -> list[Row]:
    """Rows that follow from those of other data sets."""
    kind, of = recipe["kind"], recipe["of"]
    if kind == "ends":
        return places.ends(recipe, [row for name in of for row in data[name]])
    if kind == "faint":
        return places.faint(data[of])
    if kind == "chosen":
        return [row for row in data[of] if row["chosen"]]
    if kind == "frontier":
        return places.frontier(recipe, data[of])
    return places.labels(recipe, data[of], data[recipe["front"]])


def _grid(
    recipe: Recipe, scenario: Scenario, options: Options, known: Mapping[str, Quantity]
) -> list[Row]:
    kind = recipe["by"]
    if not kind:
        return _line(recipe, scenario, recipe["name"] or known[recipe["y"]].label, True, known)
    return [
        row
        for option, name in options[kind].items()
        for row in _line(
            recipe, scenario.but(**{kind: option}), name, scenario.kinds[kind] == option, known
        )
    ]


def _line(
    recipe: Recipe, scenario: Scenario, series: str, chosen: bool, known: Mapping[str, Quantity]
) -> list[Row]:
    at = recipe["at"]
    if also := recipe["also"]:
        at = sorted([*at, solve(also, quantities=known, **{**scenario})[also]])
    grid = pl.DataFrame({"at": pl.Series(at, dtype=pl.Float64)})
    inputs: dict[str, Any] = {**scenario, recipe["over"]: pl.col("at")}
    solved = solve([recipe["x"], recipe["y"]], quantities=known, **inputs)
    holds = [_expression(solved[name]) > 0 for name in solved if known[name].otherwise]
    frame = grid.select(
        x=_expression(solved[recipe["x"]]),
        y=_expression(solved[recipe["y"]]),
        series=pl.lit(series),
        chosen=pl.lit(chosen),
        feasible=pl.all_horizontal(pl.lit(True), *holds),
    )
    return frame.to_dicts()


def _expression(value: Any) -> pl.Expr:
    return value if isinstance(value, pl.Expr) else pl.lit(float(value))


def _scatter(
    recipe: Recipe, scenario: Scenario, options: Options, known: Mapping[str, Quantity]
) -> list[Row]:
    kind, rows = recipe["by"], []
    for option, name in options[kind].items():
        at = solve([recipe["x"], recipe["y"]], quantities=known, **scenario.but(**{kind: option}))
        place = {"x": float(at[recipe["x"]]), "y": float(at[recipe["y"]]), "series": name}
        mine = scenario.kinds[kind] == option
        rows.append({**place, "chosen": mine, "feasible": at.feasible})
    return rows


def _points(recipe: Recipe, here: Situation, known: Mapping[str, Quantity]) -> list[Row]:
    def value(of: str | float) -> float:
        return float(here.solution[of]) * recipe["times"] if isinstance(of, str) else of

    low, high = recipe["within"] or (-math.inf, math.inf)
    x = min(high, max(low, recipe["pin"] or value(recipe["x"])))
    quoted = {name: _shown(here, name, known) for name in fields(recipe["label"])}
    label = {"label": recipe["label"].format_map(quoted)} if recipe["label"] else {}
    feasible = here.solution.feasible
    return [{"x": x, "y": value(y), "feasible": feasible, **label} for y in recipe["y"]]


def _shown(situation: Situation, name: str, known: Mapping[str, Quantity]) -> str:
    return show(situation.solution[name], known[name].unit)


def _ratios(
    recipe: Recipe, situations: Mapping[str, Situation], known: Mapping[str, Quantity]
) -> list[Row]:
    mine, other = situations[""], situations[recipe["against"]]
    return [
        {
            "series": label,
            "x": mine.solution[name] / other.solution[name] if other.solution[name] else 1.0,
            "one": 1.0,
            "label": f"{_shown(mine, name, known)} against {_shown(other, name, known)}",
        }
        for name, label in recipe["names"].items()
    ]
