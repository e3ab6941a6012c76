"""Energy of the chips alone, at their rated power: an upper end."""

from inferlib.ops import unit
from inferlib.quantity import given, quantity

INPUTS = (
    given(
        "chip_power",
        unit="joule/second/chip",
        symbol=r"Q",
        label="Rated power of a chip",
        source="catalog",
        hue="energy",
        low=0.01,
        high=1e6,
    ),
)


@quantity(unit="joule/token", symbol="e", source="inferlib", hue="energy")
def energy_per_output_token(chips, chip_power, step_time, concurrency):
    """Energy of an output token at rated chip power."""
    return chips * chip_power * unit(step_time, "sequence/token") / concurrency


@quantity(unit="token/joule", symbol="1/e", source="inferlib", hue="energy")
def tokens_per_joule(energy_per_output_token):
    """Output tokens a joule, at rated chip power."""
    return 1 / energy_per_output_token
