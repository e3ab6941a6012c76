"""What a chart shows, in words that follow the reader; `describe.js` says the same in the page."""

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from inferlib.explorable.places import Row
from inferlib.explorable.recipes import Recipe
from inferlib.quantity import Quantity
from inferlib.show import show

if TYPE_CHECKING:
    from inferlib.explorable.charts import Chart

Data = Mapping[str, Sequence[Row]]
Known = Mapping[str, Quantity]


def describe(chart: "Chart", data: Data, known: Known) -> str:
    """The description of a chart with its rows: what is drawn, then what it says in this state.

    Args:
        chart: The chart.
        data: Its rows by data set.
        known: The formulas in use.
    """
    tell = {
        "curve": _curve,
        "roofline": _roofline,
        "crossing": _crossing,
        "bars": _bars,
        "scatter": _scatter,
    }.get(chart.kind, _stack)
    return " ".join([chart.description, *tell(chart, data, known)])


def listed(recipe: Recipe, rows: Sequence[Row], known: Known) -> list[tuple[str, str, str]]:
    """The rows of a data set as cells of text; none where its marks only point at others."""
    kind, whose = recipe["kind"], "A: " if recipe.get("pinned") else ""
    if kind == "ratio":
        return [(whose + row["series"], show(row["x"]), row["label"]) for row in rows]
    if kind == "parts":
        return [(whose + row["series"], _share(row), row["label"]) for row in rows]
    if kind in ("grid", "scatter"):
        x, y = (known[recipe[axis]].unit for axis in "xy")
        drawn = [row for row in rows if not (kind == "grid" and recipe["by"] and row["chosen"])]
        return [(whose + row["series"], show(row["x"], x), show(row["y"], y)) for row in drawn]
    if kind in ("band", "measured", "known"):
        x, y = known[recipe.get("over") or recipe["x"]].unit, known[recipe["y"]].unit
        return [_listed(row, x, y) for row in rows]
    return []


def _listed(row: Row, x: str, y: str) -> tuple[str, str, str]:
    if "low" in row:
        return "Range", show(row["x"], x), f"{show(row['low'], y)} to {show(row['high'], y)}"
    return row["label"], show(row["x"], x), show(row["y"], y)


def _curve(chart: "Chart", data: Data, known: Known) -> Iterator[str]:
    now = chart.recipes["now"]
    several = len(now["y"]) > 1
    for name, recipe in chart.recipes.items():
        if recipe["kind"] == "grid" and not recipe["by"] and not recipe.get("pinned"):
            yield from _course(recipe["name"] if several else "It", recipe, data[name], known)
    if "others" in data:
        yield f"At the right end, from high to low: {_list([r['series'] for r in data['ends']])}."
    for who, set_of in (("You are", "now"), ("A is", "now-a")):
        if rows := data[set_of]:
            values = [show(row["y"], known[y].unit) for row, y in zip(rows, now["y"], strict=True)]
            told = _list(values) if rows[0]["feasible"] else "which is not feasible"
            yield f"{who} at {show(rows[0]['x'], known[now['x']].unit)}, {told}."
    for name, recipe in chart.recipes.items():
        if recipe["kind"] == "band" and data[name]:
            yield _band(data[name], data["now"][0]["x"], known[recipe["y"]].unit)
        if recipe["kind"] == "measured" and data[name]:
            yield _measured(data[name], known[recipe["y"]].unit)
        if recipe["kind"] == "known":
            yield f"{recipe['name']}: {_ends(data[name], known[recipe['y']].unit)}."


def _course(who: str, recipe: Recipe, drawn: Sequence[Row], known: Known) -> Iterator[str]:
    rows = [row for row in drawn if row["feasible"]]
    if not rows:
        yield f"{who} is nowhere feasible."
        return
    x, y = known[recipe["x"]].unit, known[recipe["y"]].unit

    def at(row: Row) -> str:
        return f"{show(row['y'], y)} at {show(row['x'], x)}"

    first, last = rows[0], rows[-1]
    least, most = min(rows, key=lambda row: row["y"]), max(rows, key=lambda row: row["y"])
    outer = sorted((first["y"], last["y"]))
    if most["y"] <= least["y"] * 1.005:
        yield f"{who} stays at {show(first['y'], y)}."
    elif least["y"] < outer[0] * 0.995 and most["y"] > outer[1] * 1.005:
        yield f"{who} runs between {at(least)} and {at(most)}."
    elif least["y"] < outer[0] * 0.995:
        yield f"{who} falls from {at(first)} to {at(least)}, then rises to {at(last)}."
    elif most["y"] > outer[1] * 1.005:
        yield f"{who} rises from {at(first)} to {at(most)}, then falls to {at(last)}."
    else:
        way = "rises" if last["y"] > first["y"] else "falls"
        yield f"{who} {way} from {at(first)} to {at(last)}."
    if len(rows) < len(drawn):
        yield f"It is feasible from {show(first['x'], x)} to {show(last['x'], x)}."


def _band(rows: Sequence[Row], x: float, unit: str) -> str:
    near = min(rows, key=lambda row: abs(math.log(row["x"] / x)))
    return f"The band there runs from {show(near['low'], unit)} to {show(near['high'], unit)}."


def _measured(rows: Sequence[Row], unit: str) -> str:
    return f"{_ends(rows, unit, 'measured ')}."


def _ends(rows: Sequence[Row], unit: str, what: str = "") -> str:
    values = sorted(row["y"] for row in rows)
    if len(values) == 1:
        return f"{'One' if what else 'one'} {what}point, {show(values[0], unit)}"
    ends = f"{show(values[0], unit)} and {show(values[-1], unit)}"
    return f"{len(values)} {what}points between {ends}"


def _roofline(chart: "Chart", data: Data, known: Known) -> Iterator[str]:
    def at(row: Row) -> str:
        return f"{show(row['y'], 'flop/second/chip')} at {show(row['x'], 'flop/byte')}"

    [now], [ridge], [prefill] = data["now"], data["ridge"], data["prefill"]
    binds = "bandwidth" if now["x"] < ridge["x"] else "arithmetic"
    corner = show(ridge["x"], "flop/byte")
    yield f"Decode reaches {at(now)}; the ridge is at {corner}, so {binds} binds."
    yield f"Prefill reaches {at(prefill)}."
    if data["now-a"]:
        yield f"A reaches {at(data['now-a'][0])}."


def _crossing(chart: "Chart", data: Data, known: Known) -> Iterator[str]:
    flat, rising = chart.recipes["flat"], chart.recipes["rising"]
    yield f"{flat['name']} stays at {show(data['flat'][0]['y'], known[flat['y']].unit)}."
    yield from _course(rising["name"], rising, data["rising"], known)
    low, high = chart.recipes["now"]["within"]
    for who, rows in (("They", data["now"]), ("Those of A", data["now-a"])):
        for row in rows:
            when = show(row["x"], known[rising["x"]].unit)
            inside = low < row["x"] < high
            yield f"{who} cross at {when}." if inside else f"{who} do not cross in this range."


def _bars(chart: "Chart", data: Data, known: Known) -> Iterator[str]:
    for row in data["ratios"]:
        yield f"{row['series']}, {show(row['x'])} times: {row['label']}."
    if data["ratios-a"]:
        yield f"With A: {_list([show(row['x']) for row in data['ratios-a']])} times."


def _stack(chart: "Chart", data: Data, known: Known) -> Iterator[str]:
    for who, name in (("", "parts"), ("A: ", "parts-a")):
        if data[name]:
            yield f"{who}{_list([row['series'] + ' ' + row['label'] for row in data[name]])}."
    if chart.recipes["parts"]["limit"]:
        yield f"There is {data['scale'][-1]['label']}."


def _scatter(chart: "Chart", data: Data, known: Known) -> Iterator[str]:
    x, y = (known[chart.recipes["points"][axis]].unit for axis in "xy")
    feasible = [row for row in data["points"] if row["feasible"]]
    yield f"{len(feasible)} of {len(data['points'])} are feasible."
    if data["frontier"]:
        names = _list([row["series"] for row in data["frontier"]])
        yield f"On the line, from left to right: {names}."
    for who, rows in (("You chose", data["now"]), ("A is", data["now-a"])):
        for row in rows:
            lacks = "" if row["feasible"] else ", not feasible"
            yield f"{who} {row['series']}, {show(row['x'], x)} and {show(row['y'], y)}{lacks}."


def _share(row: Row) -> str:
    return show(row["x2"] - row["x"], "share")


def _list(names: Sequence[str]) -> str:
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"
