"""The bill for training a model once, beside the bill for serving it every day."""

from inferlib.ops import unit
from inferlib.quantity import given, quantity

INPUTS = (
    given(
        "training_tokens",
        unit="token",
        symbol="D",
        label="Training tokens",
        source="hoffmann2022",
        low=1,
        high=1e16,
    ),
    given(
        "training_chip_flops",
        unit="flop/second/chip",
        symbol=r"F_\text{tr}",
        label="Dense arithmetic of a training chip, 16 bits",
        source="catalog",
        hue="compute",
        low=1e6,
        high=1e19,
    ),
    given(
        "training_mfu",
        unit="share",
        symbol=r"\text{MFU}_\text{tr}",
        label="MFU of training",
        source="dubey2024",
        hue="compute",
        low=0.01,
        high=1,
    ),
    given("users", unit="1", symbol="u_s", label="Users", source="inferlib", low=1, high=1e10),
    given(
        "requests_per_user",
        unit="sequence/second",
        symbol="q",
        label="Questions of a user",
        source="inferlib",
        low=1e-9,
        high=1,
    ),
    given(
        "elapsed_time",
        unit="second",
        symbol=r"T",
        label="Time since launch",
        source="inferlib",
        high=1e10,
    ),
)


@quantity(unit="flop", symbol=r"\Phi_\text{tr}", source="kaplan2020", hue="compute")
def training_flops(active_parameters, training_tokens):
    """Arithmetic of training: forward and backward, six operations a parameter and token."""
    return unit(6 * active_parameters * training_tokens, "flop/token")


@quantity(unit="second*chip", symbol=r"G", source="kaplan2020", hue="compute")
def training_chip_time(training_flops, training_chip_flops, training_mfu):
    """Chip-hours of the final training run."""
    return training_flops / (training_chip_flops * training_mfu)


@quantity(unit="dollar", symbol=r"c_\text{tr}", source="inferlib", hue="money")
def training_cost(training_chip_time, chip_price):
    """Cost of the final training run, at the price of the chip."""
    return training_chip_time * chip_price


@quantity(unit="dollar/second", symbol=r"\dot c", source="inferlib", hue="money")
def serving_cost_rate(users, requests_per_user, cost_per_request):
    """Cost of serving all users."""
    return users * requests_per_user * cost_per_request


@quantity(unit="dollar", symbol=r"c_\text{serve}", source="inferlib", hue="money")
def serving_cost(serving_cost_rate, elapsed_time):
    """Cost of serving since launch."""
    return serving_cost_rate * elapsed_time


@quantity(unit="second", symbol=r"T^*", source="inferlib", hue="money")
def crossing_time(training_cost, serving_cost_rate):
    """Time until serving has cost as much as training."""
    return training_cost / serving_cost_rate
