"""The bill of a product's month, by what it is paid for, with the levers that are pulled."""

from inferlib.ops import count, maximum, minimum, unit, where
from inferlib.quantity import given, quantity

INPUTS = (
    given(
        "distilled_share",
        unit="share",
        symbol=r"\sigma_\text{dist}",
        label="Share of requests that a distilled model takes over",
        source="inferlib",
        high=1,
    ),
)


@quantity(unit="sequence", symbol=r"n_\text{month}", source="inferlib")
def monthly_requests(request_rate, year):
    """Requests of a month, a twelfth of a year."""
    return request_rate * year / 12


@quantity(unit="sequence", symbol=r"n_\text{kept}", source="inferlib")
def kept_requests(monthly_requests, settled_share, distilled_share):
    """Requests of a month that the large model answers."""
    return monthly_requests * (1 - settled_share) * (1 - distilled_share)


@quantity(unit="share", symbol=r"\sigma_\text{batch}", source="inferlib", hue="decode")
def batch_share(concurrency, max_concurrency):
    """Batch as a share of the largest that memory holds."""
    return minimum(1, count(concurrency) / maximum(count(max_concurrency), 1))


@quantity(unit="dollar/sequence", symbol=r"c_\text{shared}", source="inferlib", hue="weights")
def shared_cost(system_price, shared_step_time, output_tokens, concurrency):
    """Cost of what a batch shares, for one request: weights, and fixed times."""
    return system_price * unit(output_tokens * shared_step_time, "sequence/token") / concurrency


@quantity(unit="dollar/sequence", symbol=r"c_\text{own}", source="inferlib", hue="kv")
def conversation_cost(system_price, step_time, shared_step_time, output_tokens, concurrency):
    """Cost of what a request adds to each step: reading its cache, or more arithmetic."""
    return (
        system_price
        * unit(output_tokens * (step_time - shared_step_time), "sequence/token")
        / concurrency
    )


@quantity(unit="dollar/sequence", symbol=r"c_\text{full}", source="inferlib", hue="memory")
def full_request_cost(prompt_cost, conversation_cost, shared_cost, batch_share, utilization):
    """Cost of one request if every batch filled the memory."""
    return (prompt_cost + conversation_cost + shared_cost * batch_share) / utilization


@quantity(unit="dollar", symbol=r"C_\text{prompts}", source="inferlib", hue="prefill")
def prompts_bill(kept_requests, prompt_cost, hit_rate, system_price, saved_prefill_time):
    """Bill of a month for reading prompts, less what a cache saves."""
    return kept_requests * (prompt_cost - hit_rate * system_price * saved_prefill_time)


@quantity(unit="dollar", symbol=r"C_\text{own}", source="inferlib", hue="kv")
def conversations_bill(kept_requests, conversation_cost):
    """Bill of a month for what each conversation adds to the steps."""
    return kept_requests * conversation_cost


@quantity(unit="dollar", symbol=r"C_\text{weights}", source="inferlib", hue="weights")
def weights_bill(kept_requests, shared_cost, batch_share):
    """Bill of a month for weights and fixed times, if every batch filled the memory."""
    return kept_requests * shared_cost * batch_share


@quantity(unit="dollar", symbol=r"C_\text{latency}", source="inferlib", hue="decode")
def latency_bill(kept_requests, shared_cost, batch_share):
    """Bill of a month for speed: weights are read for fewer than memory holds."""
    return kept_requests * shared_cost * (1 - batch_share)


@quantity(unit="dollar", symbol=r"C_\text{idle}", source="inferlib", hue="money")
def idle_bill(prompts_bill, conversations_bill, weights_bill, latency_bill, utilization):
    """Bill of a month for the time in which nobody asks."""
    return (prompts_bill + conversations_bill + weights_bill + latency_bill) * (1 / utilization - 1)


@quantity(unit="dollar", symbol=r"C_\text{route}", source="ong2024", hue="money")
def routing_bill(monthly_requests, settled_share, distilled_share, router_request_cost):
    """Bill of a month for choosing a model (0 where nothing is routed)."""
    return where(
        settled_share > 0, monthly_requests * (1 - distilled_share) * router_request_cost, 0
    )


@quantity(unit="dollar", symbol=r"C_\text{tuned}", source="inferlib", hue="money")
def distillation_bill(distilled_share, distillation_cost, refresh_time, year):
    """Bill of a month for making and keeping a distilled model (0 without one)."""
    return where(distilled_share > 0, distillation_cost * year / 12 / refresh_time, 0)


@quantity(unit="dollar", symbol=r"C_\text{small}", source="inferlib")
def small_models_bill(
    monthly_requests, kept_requests, small_request_cost, routing_bill, distillation_bill
):
    """Bill of a month for small models: requests, the choice among models, the making."""
    return (
        (monthly_requests - kept_requests) * small_request_cost + routing_bill + distillation_bill
    )


@quantity(unit="dollar", symbol=r"C_\text{month}", source="inferlib", hue="money")
def monthly_bill(kept_requests, cost_per_request, hit_rate, saved_prefill_cost, small_models_bill):
    """Bill of a month."""
    return kept_requests * (cost_per_request - hit_rate * saved_prefill_cost) + small_models_bill
