"""What a token costs, from the seconds that it keeps a system busy."""

from inferlib.ops import unit
from inferlib.quantity import given, quantity

INPUTS = (
    given(
        "chip_price",
        unit="dollar/second/chip",
        symbol=r"p_\text{chip}",
        label="Price of a chip",
        source="catalog",
        hue="money",
        low=1e-9,
        high=10,
    ),
    given(
        "utilization",
        unit="share",
        symbol=r"\rho",
        label="Utilisation: share of the time that is used",
        source="assumptions",
        hue="money",
        low=0.001,
        high=1,
    ),
)


@quantity(unit="dollar/second", symbol="p", source="epoch2025", hue="money")
def system_price(chips, chip_price):
    """Price of the system."""
    return chips * chip_price


@quantity(unit="dollar/token", symbol=r"c_\text{out}", source="inferlib", hue="money")
def cost_per_output_token(system_price, step_time, concurrency, utilization):
    """Cost of an output token: its share of a decode step, and of the idle time."""
    return system_price * unit(step_time, "sequence/token") / (concurrency * utilization)


@quantity(unit="dollar/token", symbol=r"c_\text{in}", source="inferlib", hue="money")
def cost_per_input_token(system_price, prefill_time, prompt_tokens, utilization):
    """Cost of an input token: its share of the prefill, and of the idle time."""
    return system_price * prefill_time / (prompt_tokens * utilization)


@quantity(unit="dollar/sequence", symbol=r"c_\text{req}", source="inferlib", hue="money")
def cost_per_request(prompt_tokens, cost_per_input_token, output_tokens, cost_per_output_token):
    """Cost of one request."""
    return prompt_tokens * cost_per_input_token + output_tokens * cost_per_output_token


@quantity(unit="dollar/token", symbol=r"c_\text{ans}", source="inferlib", hue="money")
def cost_per_answer_token(cost_per_request, output_tokens):
    """Cost of an output token that also carries its share of the prompt."""
    return cost_per_request / output_tokens


@quantity(unit="token/dollar", symbol=r"1/c_\text{out}", source="inferlib", hue="money")
def tokens_per_dollar(cost_per_output_token):
    """Output tokens a dollar."""
    return 1 / cost_per_output_token
