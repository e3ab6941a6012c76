"""Two models where one was: a cascade, a router, and a small model that is trained for the task."""

from inferlib.ops import count, maximum, unit, where
from inferlib.quantity import given, quantity

INPUTS = (
    given(
        "small_request_cost",
        unit="dollar/sequence",
        symbol=r"c_\text{small}",
        label="Cost of a request to the small model",
        source="chen2023",
        hue="money",
        high=1e6,
    ),
    given(
        "large_request_cost",
        unit="dollar/sequence",
        symbol=r"c_\text{large}",
        label="Cost of a request to the large model",
        source="chen2023",
        hue="money",
        low=1e-12,
        high=1e6,
    ),
    given(
        "check_cost",
        unit="dollar/sequence",
        symbol=r"c_\text{check}",
        label="Cost of judging the small model's answer",
        source="chen2023",
        hue="money",
        high=1e6,
    ),
    given(
        "settled_share",
        unit="share",
        symbol=r"\sigma_\text{small}",
        label="Share of requests that the small model settles",
        source="chen2023",
        high=1,
    ),
    given(
        "wrong_share",
        unit="share",
        symbol=r"\sigma_\text{wrong}",
        label="Share of requests with a wrong answer that the small model caused",
        source="chen2023",
        low=1e-9,
        high=1,
    ),
    given(
        "router_request_cost",
        unit="dollar/sequence",
        symbol=r"c_\text{route}",
        label="Cost of choosing a model for a request",
        source="ong2024",
        hue="money",
        high=1e6,
    ),
    given(
        "data_cost",
        unit="dollar",
        symbol=r"C_\text{data}",
        label="Cost of the data to tune a small model on",
        source="inferlib",
        hue="money",
        high=1e12,
    ),
    given(
        "tuning_cost",
        unit="dollar",
        symbol=r"C_\text{tune}",
        label="Cost of tuning a small model",
        source="inferlib",
        hue="money",
        high=1e12,
    ),
    given(
        "evaluation_cost",
        unit="dollar",
        symbol=r"C_\text{eval}",
        label="Cost of evaluating a tuned model",
        source="inferlib",
        hue="money",
        high=1e12,
    ),
    given(
        "upkeep_price",
        unit="dollar/second",
        symbol=r"p_\text{upkeep}",
        label="Cost of keeping a tuned model in service",
        source="inferlib",
        hue="money",
        high=1e6,
    ),
    given(
        "refresh_time",
        unit="second",
        symbol=r"T_\text{new}",
        label="Time until a tuned model is replaced",
        source="inferlib",
        low=1,
        high=1e10,
    ),
)


@quantity(unit="dollar/sequence", symbol=r"c_\text{casc}", source="chen2023", hue="money")
def cascade_cost(small_request_cost, check_cost, settled_share, large_request_cost):
    """Cost of a request to a cascade: small first, large if that fails."""
    return small_request_cost + check_cost + (1 - settled_share) * large_request_cost


@quantity(unit="share", symbol=r"\sigma_\text{casc}^*", source="inferlib", hue="money")
def cascade_break_even(small_request_cost, check_cost, large_request_cost):
    """Share that the small model must settle for a cascade to save."""
    return (small_request_cost + check_cost) / large_request_cost


@quantity(
    unit="share", symbol=r"\Delta_\text{casc}", source="chen2023", hue="money", low=float("-inf")
)
def cascade_saving(cascade_cost, large_request_cost):
    """Saving of a cascade against the large model alone (negative: a loss)."""
    return 1 - cascade_cost / large_request_cost


@quantity(unit="dollar/sequence", symbol=r"c_\text{wrong}^*", source="inferlib", hue="money")
def tolerable_harm(large_request_cost, cascade_cost, wrong_share):
    """Harm of a wrong answer up to which a cascade saves (0: it saves nothing)."""
    return maximum(0, large_request_cost - cascade_cost) / wrong_share


@quantity(unit="dollar/sequence", symbol=r"c_\text{mix}", source="ong2024", hue="money")
def routed_cost(settled_share, small_request_cost, large_request_cost, router_request_cost):
    """Cost of a request behind a router: one model or the other."""
    return (
        settled_share * small_request_cost
        + (1 - settled_share) * large_request_cost
        + router_request_cost
    )


@quantity(
    unit="share", symbol=r"\Delta_\text{mix}", source="ong2024", hue="money", low=float("-inf")
)
def router_saving(routed_cost, large_request_cost):
    """Saving of a router against the large model alone (negative: a loss)."""
    return 1 - routed_cost / large_request_cost


@quantity(
    unit="1",
    symbol=r"\text{cheaper}",
    source="inferlib",
    otherwise="{small_request_cost} for the small model is not below {large_request_cost} for the "
    "large one, so that no request saves anything",
)
def small_is_cheaper(small_request_cost, large_request_cost):
    """Whether a request costs less with the small model."""
    return where(small_request_cost < large_request_cost, 1, 0)


@quantity(unit="dollar/sequence", symbol=r"\Delta c", source="inferlib", hue="money")
def saving_per_request(large_request_cost, small_request_cost):
    """Saving of a request with the small model (0: it saves nothing)."""
    return maximum(0, large_request_cost - small_request_cost)


@quantity(
    unit="share",
    symbol=r"\sigma_\text{mix}^*",
    source="inferlib",
    hue="money",
    requires=("small_is_cheaper",),
)
def router_break_even(router_request_cost, saving_per_request):
    """Share that must go to the small model for a router to save."""
    return router_request_cost / unit(maximum(count(saving_per_request), 1e-15), "dollar/sequence")


@quantity(unit="dollar", symbol=r"C_\text{dist}", source="inferlib", hue="money")
def distillation_cost(data_cost, tuning_cost, evaluation_cost, upkeep_price, refresh_time):
    """Cost of a tuned model until it is replaced, without its requests."""
    return data_cost + tuning_cost + evaluation_cost + upkeep_price * refresh_time


@quantity(
    unit="sequence",
    symbol=r"n_\text{dist}^*",
    source="inferlib",
    hue="money",
    requires=("small_is_cheaper",),
)
def distillation_break_even(distillation_cost, saving_per_request):
    """Requests after which a tuned model has paid for itself."""
    return distillation_cost / unit(maximum(count(saving_per_request), 1e-15), "dollar/sequence")


@quantity(unit="sequence/second", symbol=r"\lambda_\text{dist}^*", source="inferlib", hue="money")
def distillation_rate(distillation_break_even, refresh_time):
    """Rate of requests that pays for a tuned model before it is replaced."""
    return distillation_break_even / refresh_time
