"""Where marks stand: rows that follow from other rows; `places.js` does the same in the page."""

import math
from collections.abc import Mapping, Sequence
from itertools import product
from typing import Any

from inferlib.explorable.recipes import Recipe
from inferlib.show import STEPS, show

Row = dict[str, Any]
Values = Mapping[str, float]
_ENDS = (2, 3, 4, 6, 8, 10)
# Width of a letter, height of a line, and the distance of a name from its point, in pixels.
_LETTER, _LINE, _AWAY = 6.6, 15, 10
_FEW = 12  # points of which each may have its name
# Where a name may stand: to the right (1) or left of its point, and how far above it.
_SIDES = ((1, 0), (-1, 0), (1, 13), (-1, 13), (1, -13), (-1, -13))


def faint(rows: Sequence[Row]) -> list[Row]:
    """What of some lines is not feasible, with the neighbours that it joins."""
    found: list[Row] = []
    piece, last = 0, -2
    for i, row in enumerate(rows):
        near = [one for one in rows[max(0, i - 1) : i + 2] if one["series"] == row["series"]]
        if all(one["feasible"] for one in near):
            continue
        if last != i - 1 or rows[last]["series"] != row["series"]:
            piece += 1
        found.append({"x": row["x"], "y": row["y"], "piece": piece})
        last = i
    return found


def ends(recipe: Recipe, rows: Sequence[Row]) -> list[Row]:
    """Where the names of lines stand, apart from each other and within the plot."""
    low, high = recipe["within"] or (0.0, math.inf)
    found: dict[str, Row] = {}
    for row in rows:
        if recipe["first"] and row["series"] in found:
            continue
        if recipe["last"] or row["y"] <= high or row["series"] not in found:
            found[row["series"]] = row
    names = [
        {
            "series": row["series"],
            "chosen": row["chosen"],
            "x": row["x"],
            "y": min(high, max(low, row["y"])),
        }
        # Equal values stand in their order; the last digits of sums are noise.
        for row in sorted(found.values(), key=lambda row: -float(f"{row['y']:.9e}"))
    ]
    # Lines fall from their first rows: there the free room is above, else below.
    if recipe["first"]:
        _raise(names, low, recipe["apart"])
    _lower(names, high, recipe["apart"])
    _raise(names, low, recipe["apart"])
    return names


def _raise(names: Sequence[Row], floor: float, apart: float) -> None:
    for row in reversed(names):
        row["y"] = max(row["y"], floor)
        floor = row["y"] * apart


def _lower(names: Sequence[Row], ceiling: float, apart: float) -> None:
    for row in names:
        row["y"] = min(row["y"], ceiling)
        ceiling = row["y"] / apart


def nice(value: float, unit: str) -> float:
    """The end of an axis, not below value: a small multiple of a power of ten, as people count."""
    sizes = [step[0] for step in STEPS[unit]]
    value = value if value > 0 else sizes[-1]
    at = next((i for i, size in enumerate(sizes) if value >= size), len(sizes) - 1)
    size, larger = sizes[at], sizes[at - 1] if at else math.inf
    power = 1.0
    while power * size >= value:
        power /= 10
    while power * size * 10 < value:
        power *= 10
    times = next(n for n in _ENDS if n == _ENDS[-1] or power * n * size >= value)
    return min(power * times * size, larger)


def end(recipe: Recipe, values: Values, others: Sequence[Values], unit: str) -> float:
    """The value at the full length of the axis of parts."""
    if recipe["limit"]:
        return values[recipe["limit"]]
    return nice(max(_reach(recipe, one) for one in (values, *others)), unit)


def _reach(recipe: Recipe, values: Values) -> float:
    whole = recipe["rest"] or recipe["total"]
    return max(sum(values[name] for name in recipe["names"]), values[whole[0]] if whole else 0.0)


def parts(recipe: Recipe, values: Values, others: Sequence[Values], unit: str) -> list[Row]:
    """Parts end to end, then what is left or lacking, then the whole."""
    length = end(recipe, values, others, unit)
    pieces = [(label, values[name]) for name, label in recipe["names"].items()]
    used = sum(value for _, value in pieces)
    if rest := recipe["rest"]:
        pieces.append((rest[1], max(0.0, values[rest[0]] - used)))
    rows: list[Row] = []
    start = 0.0
    for label, value in pieces:
        rows.append(_part(label, start, start + value, length, show(value, unit)))
        start += value
    if recipe["limit"]:
        label = "Free" if used <= length else "Too much"
        text = show(abs(length - used), unit)
        rows.append(_part(label, min(used, length), max(used, length), length, text))
    if total := recipe["total"]:
        rows.append(_part(total[1], 0.0, values[total[0]], length, show(values[total[0]], unit)))
    return [{**row, "row": i} for i, row in enumerate(rows)]


def _part(series: str, start: float, stop: float, length: float, label: str) -> Row:
    return {"series": series, "x": start / length, "x2": stop / length, "label": label}


def scale(recipe: Recipe, values: Values, others: Sequence[Values], unit: str) -> list[Row]:
    """The labels of the axis of parts."""
    length = end(recipe, values, others, unit)
    shares = (0.0, 1.0) if recipe["limit"] else (0.0, 0.5, 1.0)
    return [{"x": x, "label": show(x * length, unit) if x else "0"} for x in shares]


def frontier(recipe: Recipe, rows: Sequence[Row]) -> list[Row]:
    """The feasible points that no other beats on both axes, from left to right."""
    right, up = (1 if way == "up" else -1 for way in recipe["better"])
    feasible = [row for row in rows if row["feasible"]]
    found: list[Row] = []
    for row in sorted(feasible, key=lambda row: (-right * row["x"], -up * row["y"])):
        if not found or up * row["y"] > up * found[-1]["y"]:
            found.append(row)
    return sorted(found, key=lambda row: float(row["x"]))


def labels(recipe: Recipe, points: Sequence[Row], front: Sequence[Row]) -> list[Row]:
    """Names of the chosen point and the frontier, and of all if few, where each finds a place."""
    width, height = recipe["room"]

    def place(row: Row) -> tuple[float, float]:
        return width * _along(row["x"], *recipe["across"]), height * _along(row["y"], *recipe["up"])

    mine = [row for row in points if row["chosen"]]
    marked = [*mine, *(row for row in front if not row["chosen"])]
    known = {row["series"] for row in marked}
    others = [row for row in points if row["feasible"] and row["series"] not in known]
    dots = [(x - 4, y - 4, x + 4, y + 4) for x, y in map(place, points)]
    taken = [(x - 7, y - 7, x + 7, y + 7) for x, y in map(place, marked)]
    found: list[Row] = []
    for row in [*marked, *(others if len(points) <= _FEW else ())]:
        x, y = place(row)
        long = len(row["series"]) * _LETTER
        clear, own = [*taken, *dots], row["series"] in known
        ways = product((clear, taken), _SIDES) if own else product((clear,), _SIDES[:2])
        for avoided, (side, rise) in ways:
            left = x + _AWAY if side > 0 else x - _AWAY - long
            box = (left, y + rise - _LINE / 2, left + long, y + rise + _LINE / 2)
            if left < 0 or left + long > width or any(_meet(box, one) for one in avoided):
                continue
            taken.append(box)
            found.append(_name(recipe, row, side, (y + rise) / height))
            break
    return found


def _along(value: float, low: float, high: float) -> float:
    """Where a value stands on a log axis: 0 at its least, 1 at its largest."""
    return math.log(min(high, max(low, value)) / low) / math.log(high / low)


def _name(recipe: Recipe, row: Row, side: int, share: float) -> Row:
    low, high = recipe["up"]
    y = low * (high / low) ** share
    return {"x": row["x"], "y": y, "series": row["series"], "side": side, "chosen": row["chosen"]}


def _meet(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
