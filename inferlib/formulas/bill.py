"""The bill of one request, divided by what the time is spent on."""

from inferlib.ops import unit
from inferlib.quantity import Quantity, quantity

INPUTS: tuple[Quantity, ...] = ()


@quantity(unit="dollar/sequence", symbol=r"c_\text{prompt}", source="inferlib", hue="prefill")
def prompt_cost(system_price, prefill_time):
    """Cost of reading the prompt of one request."""
    return system_price * prefill_time


@quantity(unit="dollar/sequence", symbol=r"c_\text{weights}", source="inferlib", hue="weights")
def weight_reading_cost(system_price, slowdown, weight_time, output_tokens, concurrency):
    """Cost of reading the weights for one request: its share of each step."""
    return (
        system_price * slowdown * unit(output_tokens * weight_time, "sequence/token") / concurrency
    )


@quantity(unit="dollar/sequence", symbol=r"c_\text{kv}", source="inferlib", hue="kv")
def cache_reading_cost(system_price, slowdown, kv_time, output_tokens, concurrency):
    """Cost of reading the KV cache of one request."""
    return system_price * slowdown * unit(output_tokens * kv_time, "sequence/token") / concurrency


@quantity(unit="dollar/sequence", symbol=r"c_\text{flop}", source="inferlib", hue="compute")
def arithmetic_cost(system_price, slowdown, roofline_time, memory_time, output_tokens, concurrency):
    """Cost of the arithmetic of decode that reading does not hide."""
    return (
        system_price
        * slowdown
        * unit(output_tokens * (roofline_time - memory_time), "sequence/token")
        / concurrency
    )


@quantity(unit="dollar/sequence", symbol=r"c_\text{fixed}", source="inferlib", hue="decode")
def fixed_time_cost(system_price, slowdown, overhead_time, output_tokens, concurrency):
    """Cost of the fixed time of the layers, in decode."""
    return (
        system_price
        * slowdown
        * unit(output_tokens * overhead_time, "sequence/token")
        / concurrency
    )


@quantity(unit="dollar/sequence", symbol=r"c_\text{link}", source="inferlib", hue="network")
def link_cost(system_price, slowdown, communication_time, output_tokens, concurrency):
    """Cost of the exchange between chips, in decode."""
    return (
        system_price
        * slowdown
        * unit(output_tokens * communication_time, "sequence/token")
        / concurrency
    )


@quantity(unit="dollar/sequence", symbol=r"c_\text{idle}", source="inferlib", hue="money")
def idle_cost(cost_per_request, utilization):
    """Cost of the time in which nobody asks, for each request."""
    return cost_per_request * (1 - utilization)
