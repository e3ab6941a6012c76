"""What was measured near a state."""

from collections.abc import Mapping
from typing import Any

from inferlib.explorable.recipes import Recipe
from inferlib.quantity import Quantity
from inferlib.scenarios import Scenario


def measured_rows(
    recipe: Recipe, scenario: Scenario, known: Mapping[str, Quantity]
) -> list[dict[str, Any]]:
    """The rows {x, y, label} of measurements."""
    return []
