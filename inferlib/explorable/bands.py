"""The range of a line, for inputs that are not known exactly."""

from collections.abc import Mapping
from typing import Any

from inferlib.explorable.recipes import Recipe
from inferlib.quantity import Quantity
from inferlib.scenarios import Scenario


def band_rows(
    recipe: Recipe, scenario: Scenario, known: Mapping[str, Quantity]
) -> list[dict[str, Any]]:
    """The rows {x, low, high} of a band."""
    return []
