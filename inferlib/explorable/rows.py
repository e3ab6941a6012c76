"""The rows of a chart, cooked from its recipes by polars; `rows.js` does the same in the page."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from inferlib.explorable.recipes import Recipe
from inferlib.explorable.words import Situation
from inferlib.formulas import quantities
from inferlib.naming import fields
from inferlib.quantity import Quantity, solve
from inferlib.scenarios import Scenario
from inferlib.show import show

Row = dict[str, Any]


def needed(recipes: Mapping[str, Recipe]) -> list[str]:
    """Names of the quantities that recipes draw."""
    found: list[Any] = []
    for recipe in recipes.values():
        found += [recipe.get("x"), recipe.get("y"), recipe.get("also"), *recipe.get("names", ())]
        found += fields(recipe.get("label", ""))
    return [name for name in dict.fromkeys(found) if name in quantities]


def draw(
    recipes: Mapping[str, Recipe],
    scenario: Scenario,
    situations: Mapping[str, Situation],
    options: Mapping[str, Mapping[str, str]],
    known: Mapping[str, Quantity],
) -> dict[str, list[Row]]:
    """The rows of every named data set of a chart.

    Args:
        recipes: By name of the data set.
        scenario: The state.
        situations: The solved state, and those of the aliases.
        options: Ids and names of each kind's picker.
        known: The formulas in use.
    """
    data: dict[str, list[Row]] = {}
    for name, recipe in recipes.items():
        if recipe["kind"] == "grid":
            data[name] = _grid(recipe, scenario, options, known)
        elif recipe["kind"] == "point":
            data[name] = _point(recipe, situations[""])
        elif recipe["kind"] == "ends":
            data[name] = _ends(recipe, data[recipe["of"]])
        elif recipe["kind"] == "ratio":
            data[name] = _ratios(recipe, situations)
        else:
            data[name] = [{"x": 1.0}]
    return data


def _grid(
    recipe: Recipe,
    scenario: Scenario,
    options: Mapping[str, Mapping[str, str]],
    known: Mapping[str, Quantity],
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


def _point(recipe: Recipe, here: Situation) -> list[Row]:
    def value(of: str | float) -> float:
        return here.solution[of] * recipe["times"] if isinstance(of, str) else of

    low, high = recipe["within"] or (-math.inf, math.inf)
    x = min(high, max(low, recipe["pin"] or value(recipe["x"])))
    row: Row = {"x": x, "y": value(recipe["y"])}
    quoted = {name: _shown(here, name) for name in fields(recipe["label"])}
    return [row | ({"label": recipe["label"].format_map(quoted)} if recipe["label"] else {})]


def _shown(situation: Situation, name: str) -> str:
    return show(situation.solution[name], quantities[name].unit)


def _ends(recipe: Recipe, rows: Sequence[Row]) -> list[Row]:
    ends: dict[str, Row] = {}
    for row in rows:
        if not recipe["below"] or row["y"] <= recipe["below"]:
            ends[row["series"]] = ends.get(row["series"], row) if recipe["first"] else row
    placed: list[Row] = []
    for row in sorted(ends.values(), key=lambda row: -row["y"]):
        most = placed[-1]["y"] / recipe["apart"] if placed else row["y"]
        placed.append(row | {"y": min(row["y"], most)})
    return placed


def _ratios(recipe: Recipe, situations: Mapping[str, Situation]) -> list[Row]:
    mine, other = situations[""], situations[recipe["against"]]
    return [
        {
            "series": label,
            "x": mine.solution[name] / other.solution[name] if other.solution[name] else 1.0,
            "one": 1.0,
            "label": f"{_shown(mine, name)} against {_shown(other, name)}",
        }
        for name, label in recipe["names"].items()
    ]
