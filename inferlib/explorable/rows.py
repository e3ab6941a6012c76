"""The rows of a chart, calculated from its recipes by polars. `rows.js` does the same in the page."""

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from inferlib.explorable.words import Situation
from inferlib.formulas import quantities
from inferlib.quantity import solve
from inferlib.scenarios import Scenario
from inferlib.show import show

Row = dict[str, Any]


def needed(recipes: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Names of the quantities that recipes draw."""
    found = []
    for recipe in recipes.values():
        wanted = [recipe.get("x"), *recipe.get("names", {}), *_labelled(recipe)]
        y = recipe.get("y", [])
        found += [*wanted, *([y] if isinstance(y, str) else y)]
    return [name for name in dict.fromkeys(found) if name in quantities]


def _labelled(recipe: Mapping[str, Any]) -> list[str]:
    return (
        [recipe["label"].partition("{")[2].partition("}")[0]]
        if "{" in recipe.get("label", "")
        else []
    )


def draw(
    recipes: Mapping[str, Mapping[str, Any]],
    scenario: Scenario,
    situations: Mapping[str, Situation],
    options: Mapping[str, Mapping[str, str]],
) -> dict[str, list[Row]]:
    """The rows of every named data set of a chart.

    Args:
        recipes: By name of the data set.
        scenario: The state.
        situations: The solved state, and those of the aliases.
        options: Ids and names of each picker.
    """
    data: dict[str, list[Row]] = {}
    for name, recipe in recipes.items():
        if recipe["kind"] == "grid":
            data[name] = _grid(recipe, scenario, options)
        elif recipe["kind"] == "point":
            data[name] = _point(recipe, situations[""])
        elif recipe["kind"] == "ends":
            data[name] = _ends(recipe, [row for of in recipe["of"] for row in data[of]])
        elif recipe["kind"] == "ratio":
            data[name] = _ratios(recipe, situations)
        else:
            data[name] = [{"x": 1.0}]
    return data


def _grid(
    recipe: Mapping[str, Any], scenario: Scenario, options: Mapping[str, Mapping[str, str]]
) -> list[Row]:
    kind = recipe.get("by", "")
    if not kind:
        return [
            row
            for y in recipe["y"]
            for row in _line(recipe, scenario, y, quantities[y].label, True)
        ]
    return [
        row
        for option, name in options[kind].items()
        for y in recipe["y"]
        for row in _line(
            recipe, scenario.but(**{kind: option}), y, name, scenario.kinds[kind] == option
        )
    ]


def _line(
    recipe: Mapping[str, Any], scenario: Scenario, y: str, series: str, chosen: bool
) -> list[Row]:
    grid = pl.DataFrame({"at": pl.Series(recipe["at"], dtype=pl.Float64)})
    solved = solve([recipe["x"], y], **{**scenario, recipe["over"]: pl.col("at")})
    holds = [_expression(solved[name]) > 0 for name in solved if quantities[name].otherwise]
    frame = grid.select(
        x=_expression(solved[recipe["x"]]),
        y=_expression(solved[y]),
        series=pl.lit(series),
        chosen=pl.lit(chosen),
        feasible=pl.all_horizontal(pl.lit(True), *holds),
    )
    return frame.to_dicts()


def _expression(value: Any) -> pl.Expr:
    return value if isinstance(value, pl.Expr) else pl.lit(float(value))


def _point(recipe: Mapping[str, Any], here: Situation) -> list[Row]:
    values, times = here.solution, recipe.get("times", 1.0)
    x = recipe["pin"] if "pin" in recipe else values[recipe["x"]]
    row = {"x": x * times, "y": values[recipe["y"]] * times}
    return [row | ({"label": _label(recipe["label"], values)} if "label" in recipe else {})]


def _label(template: str, values: Mapping[str, float]) -> str:
    return template.format_map(
        {n: show(v, quantities[n].unit) for n, v in values.items() if f"{{{n}}}" in template}
    )


def _ends(recipe: Mapping[str, Any], rows: Sequence[Row]) -> list[Row]:
    """The last feasible row of each series (the first, if the recipe says so), to carry its name."""
    ends: dict[str, Row] = {}
    for row in rows:
        if row["feasible"] and row["y"] <= recipe.get("below", row["y"]):
            ends[row["series"]] = ends.get(row["series"], row) if recipe.get("first") else row
    return list(ends.values())


def _ratios(recipe: Mapping[str, Any], situations: Mapping[str, Situation]) -> list[Row]:
    mine, other = situations[""].solution, situations[recipe["against"]].solution
    return [
        {
            "series": label,
            "x": mine[name] / other[name] if other[name] else 1.0,
            "one": 1.0,
            "label": f"{show(mine[name], quantities[name].unit)} against {show(other[name], quantities[name].unit)}",
        }
        for name, label in recipe["names"].items()
    ]
