"""The bill for training a model once, beside the bill for serving it every day."""

from inferlib.ops import count, maximum, unit
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
        label="Peak rate of a training chip's dense arithmetic, in 16 bits",
        source="catalog",
        hue="compute",
        low=1e6,
        high=1e19,
    ),
    given(
        "training_mfu",
        unit="share",
        symbol=r"\text{MFU}_\text{tr}",
        label="MFU of training: share of peak arithmetic that it uses",
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
        label="Requests of a user",
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
    given(
        "training_context",
        unit="token/sequence",
        symbol=r"S_\text{tr}",
        label="Length of a training sequence",
        source="chowdhery2022",
        low=1,
        high=1e8,
    ),
    given(
        "research_multiple",
        unit="1",
        symbol=r"m_\text{R}",
        label="Compute of all experiments and runs, as a multiple of the final run",
        source="cottier2024",
        hue="money",
        low=1,
        high=100,
    ),
    given(
        "served_tokens",
        unit="token",
        symbol=r"D_\text{inf}",
        label="Tokens served over a model's life",
        source="sardana2024",
        high=1e20,
    ),
    given(
        "serving_mfu",
        unit="share",
        symbol=r"\text{MFU}_\text{inf}",
        label="MFU of serving: share of peak arithmetic that it uses",
        source="sardana2024",
        hue="compute",
        low=1e-4,
        high=1,
    ),
)


@quantity(unit="flop", symbol=r"\Phi_\text{tr}", source="kaplan2020", hue="compute")
def training_flops(active_parameters, training_tokens):
    """Arithmetic of training: six operations for each parameter and token."""
    return unit(6 * active_parameters * training_tokens, "flop/token")


@quantity(unit="second*chip", symbol=r"G", source="kaplan2020", hue="compute")
def training_chip_time(training_flops, training_chip_flops, training_mfu):
    """Chip time of the final training run."""
    return training_flops / (training_chip_flops * training_mfu)


@quantity(unit="flop", symbol=r"\Phi_\text{peak}", source="chowdhery2022", hue="compute")
def training_peak_flops(training_chip_time, training_chip_flops):
    """Peak arithmetic of the chips: what they could have done in the time of training."""
    return training_chip_time * training_chip_flops


@quantity(
    unit="share", symbol=r"\widehat{\text{MFU}}_\text{tr}", source="chowdhery2022", hue="compute"
)
def implied_training_mfu(training_flops, training_peak_flops):
    """MFU of training that a chip time implies, restarts and all else included."""
    return training_flops / training_peak_flops


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


@quantity(unit="flop", symbol=r"\Phi_\text{tr,att}", source="chowdhery2022", hue="compute")
def training_attention_flops(
    prefill_attention_values,
    training_attended,
    index_values,
    full_layers,
    training_context,
    state_flops_per_token,
    training_tokens,
):
    """Attention arithmetic of training: forward, and twice that backward."""
    return (
        unit(
            6 * prefill_attention_values * training_attended
            + 6 * index_values * full_layers * count(training_context) / 2,
            "flop/token",
        )
        + 3 * state_flops_per_token
    ) * training_tokens


@quantity(unit="flop", symbol=r"\Phi_\text{tr,all}", source="chowdhery2022", hue="compute")
def training_flops_with_attention(training_flops, training_attention_flops):
    """Arithmetic of training, attention included."""
    return training_flops + training_attention_flops


@quantity(unit="dollar", symbol=r"c_\text{R}", source="cottier2024", hue="money")
def development_compute_cost(training_cost, research_multiple):
    """Cost of the compute of all experiments and of the final run, without staff."""
    return training_cost * research_multiple


@quantity(unit="token", symbol=r"D^*", source="sardana2024", hue="compute")
def balance_tokens(training_flops, active_parameters):
    """Tokens at which serving has taken as much arithmetic as training."""
    return training_flops / unit(2 * maximum(active_parameters, 1), "flop/token")


@quantity(unit="token", symbol=r"D^*_\text{cost}", source="sardana2024", hue="money")
def cost_balance_tokens(balance_tokens, serving_mfu, training_mfu):
    """Tokens at which serving has cost as much as training, on the same chips."""
    return balance_tokens * serving_mfu / training_mfu


@quantity(unit="share", symbol=r"\sigma_\text{inf}", source="inferlib", hue="compute")
def serving_share(served_tokens, balance_tokens):
    """Serving's share of the arithmetic of a model's life."""
    return served_tokens / (served_tokens + balance_tokens)
