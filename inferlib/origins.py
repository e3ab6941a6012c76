"""Where inputs come from: the row of a table, its source and its date."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from inferlib import catalog, presets
from inferlib.formulas import quantities

# Formats in which releases of some models leave attention in 16 bits.
PARTIAL = ("mxfp4", "nvfp4")

Kinds = Mapping[str, str]


@dataclass(frozen=True)
class Origin:
    """The row that an input comes from.

    Attributes:
        table: Name of the table; empty if the input was given as a number.
        row: What people call the row.
        source: What the row names as its source: text, or a key of `book/references.bib`.
        as_of: The day of the row, in ISO form.
        notes: What else a reader must know.
    """

    table: str
    row: str
    source: str
    as_of: str
    notes: str


GIVEN = Origin("", "", "given as a number", "", "")


def of_model(kinds: Kinds, _name: str) -> Origin:
    """The row of the model."""
    return _origin("models", catalog.model(kinds["model"]))


def of_chip(kinds: Kinds, name: str) -> Origin:
    """The row of the chip."""
    row = catalog.chip(kinds["chip"])
    if row.get(name, 0) is None:
        return _also(_origin("chips", row), "Not known, and so taken as none.")
    return _origin("chips", row)


def of_price(kinds: Kinds, _name: str) -> Origin:
    """The row of the lowest price."""
    row = catalog.price(kinds["chip"], kinds["pricing"])
    place = " ".join(row[part] for part in ("provider", "region", "instance") if row[part])
    return _origin("prices", row, f"{place}, {row['basis']}, since {row['since']}")


def of_weights(kinds: Kinds, name: str) -> Origin:
    """The row of the format of weights, or of those that stay in 16 bits."""
    return _origin(
        "dtypes", catalog.dtype("bf16" if name == "bytes_per_wide_value" else kinds["weights"])
    )


def of_kv(kinds: Kinds, _name: str) -> Origin:
    """The row of the format of the KV cache."""
    return _origin("dtypes", catalog.dtype(kinds["kv"]))


def of_wide_attention(kinds: Kinds, name: str) -> Origin:
    """The row of the model, which counts for some formats alone."""
    if kinds["weights"] in PARTIAL:
        return of_model(kinds, name)
    formats = " or ".join(str(catalog.dtype(one)["name"]) for one in PARTIAL)
    return _also(of_model(kinds, name), f"Zero, as the weights are not in {formats}.")


def of_assumption(kinds: Kinds, name: str) -> Origin:
    """The row of an assumption, or of a parameter of the preset."""
    row = presets.assumed_rows(*(kinds[kind] for kind in presets.KINDS))[name]
    if "preset" not in row:
        return _origin("assumptions", row, quantities[name].label)
    special = [row[kind] for kind in ("engine", "weights", "chip") if row[kind] != presets.ANY]
    measured = f"Fitted to {row['rows']:,.0f} measurements of {row['groups']:.0f} systems."
    limit = row["preset"] == "roofline"
    told = _origin("calibration", row, ", ".join([f"Preset {row['preset']}", *special]))
    return _also(told, "The limit of the hardware, not fitted." if limit else measured)


def of_slowdown(kinds: Kinds, name: str) -> Origin:
    """The rows of the system in slowdowns.csv; where nothing like it was measured, the rest."""
    rows = presets.slowdown_rows(*(kinds[kind] for kind in presets.SYSTEM))
    if not rows:
        return of_assumption(kinds, name)
    parts = ("model", "engine", "chip", "weights")
    names = " times ".join(", ".join(row[part] for part in parts if row[part]) for row in rows)
    measured = " and ".join(f"{row['rows']:,.0f}" for row in rows)
    told = _origin("slowdowns", rows[0], names)
    return _also(told, f"Measured over calculated time, of {measured} measurements.")


def _origin(table: str, row: Mapping[str, Any], name: str = "") -> Origin:
    return Origin(table, name or row["name"], row["source"], row["as_of"], row["notes"])


def _also(one: Origin, sentence: str) -> Origin:
    return replace(one, notes=f"{sentence} {one.notes}".strip())
