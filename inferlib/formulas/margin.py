"""What is left of a price: margin, mark-up, and the use that a price needs."""

from inferlib.quantity import given, quantity

INPUTS = (
    given(
        "input_price",
        unit="dollar/token",
        symbol=r"p_\text{in}",
        label="List price of an input token",
        source="catalog",
        hue="money",
        low=1e-12,
        high=1,
    ),
    given(
        "output_price",
        unit="dollar/token",
        symbol=r"p_\text{out}",
        label="List price of an output token",
        source="catalog",
        hue="money",
        low=1e-12,
        high=1,
    ),
)


@quantity(unit="dollar/sequence", symbol=r"p_\text{req}", source="inferlib", hue="money")
def request_price(prompt_tokens, input_price, output_tokens, output_price):
    """List price of one request, without a cache."""
    return prompt_tokens * input_price + output_tokens * output_price


@quantity(unit="share", symbol=r"\text{margin}", source="inferlib", hue="money", low=float("-inf"))
def gross_margin(cost_per_request, request_price):
    """Gross margin: what the price leaves, as a share of it (negative: a loss)."""
    return 1 - cost_per_request / request_price


@quantity(unit="share", symbol=r"\text{mark-up}", source="inferlib", hue="money", low=float("-inf"))
def markup(request_price, cost_per_request):
    """Mark-up: what the price leaves, as a share of the cost (negative: a loss)."""
    return request_price / cost_per_request - 1


@quantity(unit="share", symbol=r"\rho^*", source="inferlib", hue="money")
def break_even_utilization(cost_per_request, utilization, request_price):
    """Utilisation at which the price meets the cost (above 100 %: it never does)."""
    return cost_per_request * utilization / request_price
