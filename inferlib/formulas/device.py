"""A model on the reader's own device: one chip, a batch of one, a battery, and the cloud's price.

Speed, wait and energy are those of any system (user_throughput, ttft, energy_per_output_token).
"""

from inferlib.ops import where
from inferlib.quantity import given, quantity

INPUTS = (
    given(
        "sustained_share",
        unit="share",
        symbol=r"z",
        label="Share of its speed that a hot device keeps",
        source="assumptions",
        low=0.01,
        high=1,
    ),
    given(
        "battery_energy",
        unit="joule",
        symbol=r"E_\text{bat}",
        label="Energy of a battery charge",
        source="liu2024mobilellm",
        hue="energy",
        low=1,
        high=1e9,
    ),
    given(
        "memory_price",
        unit="dollar/byte",
        symbol=r"p_\text{mem}",
        label="Price of memory that a device gets on top",
        source="inferlib",
        hue="money",
        high=1e-6,
    ),
)


@quantity(unit="token/second/sequence", symbol=r"r_\text{hot}", source="inferlib", hue="decode")
def sustained_throughput(user_throughput, sustained_share):
    """Tokens a second that one reader sees when the device is hot."""
    return user_throughput * sustained_share


@quantity(unit="sequence", symbol=r"N_\text{bat}", source="inferlib", hue="energy")
def battery_requests(battery_energy, system_energy_per_request):
    """Requests on a battery charge, if nothing else drains it."""
    return battery_energy / system_energy_per_request


@quantity(unit="token", symbol=r"O_\text{bat}", source="liu2024mobilellm", hue="energy")
def battery_tokens(battery_requests, output_tokens):
    """Output tokens on a battery charge, which pays for the prompts too."""
    return battery_requests * output_tokens


@quantity(unit="second", symbol=r"T_\text{bat}", source="liu2024mobilellm", hue="energy")
def battery_time(battery_requests, busy_time_per_request, sustained_share):
    """Time that a battery charge lasts if a hot device never pauses."""
    return battery_requests * busy_time_per_request / sustained_share


@quantity(unit="dollar/sequence", symbol=r"c_\text{el}", source="inferlib", hue="money")
def device_electricity_cost(system_energy_per_request, electricity_price):
    """Electricity cost of a request on a device that is there anyway."""
    return system_energy_per_request * electricity_price


@quantity(unit="dollar", symbol=r"c_\text{mem}", source="inferlib", hue="money")
def added_memory_cost(weight_bytes, cache_bytes, memory_price):
    """Price of the memory that a device needs for weights and cache."""
    return (weight_bytes + cache_bytes) * memory_price


@quantity(unit="dollar/sequence", symbol=r"c_\text{dev}", source="inferlib", hue="money")
def device_cost_per_request(
    device_electricity_cost, added_memory_cost, hardware_life, requests_per_user
):
    """Cost of a request on a device: electricity, and its share of added memory."""
    return device_electricity_cost + added_memory_cost / (hardware_life * requests_per_user)


@quantity(
    unit="1",
    symbol=r"\text{saves}",
    source="inferlib",
    otherwise="the electricity of a request costs {device_electricity_cost} on the device, and the "
    "cloud asks {request_price}; no number of requests pays for the memory",
)
def device_saves(device_electricity_cost, request_price):
    """Whether a request's electricity costs less than the request in the cloud."""
    return where(device_electricity_cost < request_price, 1, 0)


@quantity(
    unit="sequence/second",
    symbol=r"q^*",
    source="inferlib",
    hue="money",
    requires=("device_saves", "device_keeps_up"),
)
def break_even_requests(added_memory_cost, hardware_life, request_price, device_electricity_cost):
    """Requests a second from which added memory pays for itself in its life."""
    return added_memory_cost / (
        hardware_life
        * where(
            device_electricity_cost < request_price,
            request_price - device_electricity_cost,
            request_price,
        )
    )


@quantity(unit="token/second", symbol=r"X^*", source="inferlib", hue="money")
def break_even_throughput(break_even_requests, output_tokens):
    """Output tokens a second from which added memory pays for itself."""
    return break_even_requests * output_tokens


@quantity(unit="share", symbol=r"z^*", source="inferlib", hue="money")
def break_even_share(break_even_requests, busy_time_per_request, sustained_share):
    """Share of its life that a device must work to pay for its memory."""
    return break_even_requests * busy_time_per_request / sustained_share


@quantity(
    unit="1",
    symbol=r"\text{keeps up}",
    source="inferlib",
    otherwise="{break_even_requests} would keep the device busy for {break_even_share} of its "
    "life; it cannot write enough to pay for the memory",
)
def device_keeps_up(break_even_share):
    """Whether a device is fast enough to pay for its added memory."""
    return where(break_even_share <= 1, 1, 0)
