"""A fleet of equal systems for a demand that has a peak: how many, how busy, at what cost."""

from inferlib.ops import ceil, count, maximum, unit
from inferlib.quantity import given, quantity

INPUTS = (
    given(
        "peak_to_mean",
        unit="1",
        symbol=r"\phi_\text{peak}",
        label="Requests a second at the peak over their mean",
        source="assumptions",
        low=1,
        high=1000,
    ),
)


@quantity(unit="sequence/second", symbol=r"\lambda_\text{peak}", source="inferlib")
def peak_request_rate(request_rate, peak_to_mean):
    """Requests a second at the peak."""
    return request_rate * peak_to_mean


@quantity(unit="1", symbol=r"n_\text{peak}", source="inferlib")
def replicas_for_peak(peak_request_rate, goodput_request_rate):
    """Least number of systems that meet the target at the peak (at least one)."""
    return maximum(
        ceil(
            peak_request_rate / unit(maximum(count(goodput_request_rate), 1e-9), "sequence/second")
        ),
        1,
    )


@quantity(unit="chip", symbol=r"n_\text{chips,peak}", source="inferlib")
def chips_for_peak(replicas_for_peak, chips):
    """Chips of all the systems that meet the target at the peak."""
    return replicas_for_peak * chips


@quantity(unit="share", symbol=r"U_\text{fleet}", source="inferlib")
def fleet_utilization(request_rate, replicas_for_peak, goodput_request_rate):
    """Mean demand over what a fleet held for the peak serves within the target."""
    return request_rate / (
        replicas_for_peak * unit(maximum(count(goodput_request_rate), 1e-9), "sequence/second")
    )


@quantity(
    unit="dollar/sequence",
    symbol=r"c_\text{held}",
    source="inferlib",
    hue="money",
    requires=("requests_arrive",),
)
def fleet_cost_per_request(system_price, replicas_for_peak, request_rate):
    """Cost of a request if the systems for the peak are held all the time."""
    return (
        system_price
        * replicas_for_peak
        / unit(maximum(count(request_rate), 1e-12), "sequence/second")
    )


@quantity(unit="dollar/sequence", symbol=r"c_\text{scaled}", source="inferlib", hue="money")
def scaled_cost_per_request(system_price, goodput_request_rate):
    """Cost of a request if systems are paid for only while they are needed: a lower end."""
    return system_price / unit(maximum(count(goodput_request_rate), 1e-9), "sequence/second")


# What a request of a fleet is paid for: three parts that add up to `fleet_cost_per_request`.


@quantity(unit="dollar/sequence", symbol=r"c_\text{work}", source="inferlib", hue="money")
def work_cost_per_request(system_price, max_request_rate):
    """Cost of a request on systems that are always full: no promise, no peak."""
    return system_price / unit(maximum(count(max_request_rate), 1e-9), "sequence/second")


@quantity(unit="dollar/sequence", symbol=r"c_\text{fast}", source="inferlib", hue="decode")
def promise_cost_per_request(scaled_cost_per_request, work_cost_per_request):
    """Cost of the promise: what a request pays for places that are kept empty."""
    return maximum(scaled_cost_per_request - work_cost_per_request, 0)


@quantity(unit="dollar/sequence", symbol=r"c_\text{idle,fleet}", source="inferlib")
def held_idle_cost_per_request(fleet_cost_per_request, scaled_cost_per_request):
    """Cost of systems that wait for the peak, and of the last that is not full."""
    return maximum(fleet_cost_per_request - scaled_cost_per_request, 0)
