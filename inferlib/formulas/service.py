"""What a load means for readers and for the bill: waits, goodput, and cost per token."""

from inferlib.ops import count, exp, maximum, minimum, unit, where
from inferlib.quantity import given, quantity

INPUTS = (
    given(
        "tpot_target",
        unit="second*sequence/token",
        symbol=r"T_\text{most}",
        label="Promised time per token: the longest mean that readers accept",
        source="zhong2024",
        hue="decode",
        low=1e-6,
        high=1e4,
    ),
    given(
        "arrival_cv",
        unit="1",
        symbol=r"c_\lambda",
        label="Coefficient of variation of times between requests (1 at random, 0 evenly)",
        source="assumptions",
        high=100,
    ),
    given(
        "prefill_cv",
        unit="1",
        symbol=r"c_\text{p}",
        label="Coefficient of variation of prefill times (0 for equal prompts)",
        source="assumptions",
        hue="prefill",
        high=100,
    ),
)


# Waiting


@quantity(
    unit="share",
    symbol=r"\rho_\text{p}",
    source="inferlib",
    hue="prefill",
    requires=("holds_one",),
)
def prefill_share(request_rate, lone_prefill_time):
    """Share of the time that prefills take."""
    return request_rate * lone_prefill_time


@quantity(
    unit="second/sequence",
    symbol=r"w_\text{p}",
    source="kingman1961",
    hue="prefill",
    requires=("stable",),
)
def prefill_queue_time(prefill_share, lone_prefill_time, arrival_cv, prefill_cv):
    """Wait of a prompt for the prefills before it."""
    return (
        prefill_share
        / maximum(1 - prefill_share, 1e-9)
        * (arrival_cv**2 + prefill_cv**2)
        / 2
        * lone_prefill_time
    )


@quantity(unit="second", symbol=r"t_\lambda", source="inferlib", hue="decode")
def loaded_step_time(loaded_tpot, prefill_share):
    """Decode step at this load, without the prefills that stall it."""
    return unit(loaded_tpot, "token/sequence") * maximum(1 - prefill_share, 0)


@quantity(unit="share", symbol=r"g_\lambda", source="inferlib", hue="decode")
def step_share(loaded_concurrency):
    """Share of a step that falls to each sequence, if their number is random."""
    return (1 - exp(-maximum(count(loaded_concurrency), 1e-4))) / maximum(
        count(loaded_concurrency), 1e-4
    )


@quantity(unit="share", symbol=r"\sigma_\lambda", source="inferlib", hue="decode")
def decode_chance(loaded_concurrency, step_share):
    """Chance that any sequence is in decode."""
    return count(loaded_concurrency) * step_share


@quantity(unit="second/sequence", symbol=r"\text{TTFT}_\lambda", source="inferlib", hue="prefill")
def loaded_ttft(
    queue_time,
    decode_chance,
    loaded_tpot,
    prefill_queue_time,
    lone_prefill_time,
    prefill_share,
    loaded_step_time,
):
    """Time to first token at this load: waits, prefills and a step."""
    return (
        queue_time
        + unit(decode_chance * loaded_tpot / 2, "token/sequence/sequence")
        + (prefill_queue_time + lone_prefill_time) / maximum(1 - prefill_share, 1e-9)
        + unit(loaded_step_time, "1/sequence")
    )


@quantity(unit="second/sequence", symbol=r"t_{\text{e2e},\lambda}", source="inferlib", hue="decode")
def loaded_request_time(loaded_ttft, output_tokens, loaded_tpot):
    """Time to the last token of an answer at this load."""
    return loaded_ttft + unit((count(output_tokens) - 1) * loaded_tpot, "token/sequence/sequence")


# Goodput


@quantity(unit="second*sequence/token", symbol=r"T_1", source="inferlib", hue="decode")
def lone_tpot(memory_lone_step, compute_lone_step):
    """Time per output token of a request that is alone."""
    return unit(maximum(memory_lone_step, compute_lone_step), "sequence/token")


@quantity(
    unit="1",
    symbol=r"\text{reach}",
    source="inferlib",
    otherwise="a request that is alone takes up to {lone_tpot} a token, all experts read, and "
    "readers accept {tpot_target}; take faster or more chips",
)
def target_reachable(lone_tpot, tpot_target):
    """Whether a request that is alone meets the target."""
    return where(lone_tpot <= tpot_target, 1, 0)


@quantity(unit="token/second/sequence", symbol=r"r_1", source="inferlib", hue="decode")
def lone_user_throughput(lone_tpot):
    """Tokens a second that a reader sees who is alone: the most that any load leaves."""
    return 1 / lone_tpot


@quantity(
    unit="sequence/second",
    symbol=r"\lambda_\text{good}",
    source="inferlib",
    requires=("target_reachable", "holds_one", "linked"),
)
def goodput_request_rate(
    max_request_rate,
    tpot_target,
    memory_lone_step,
    memory_request_time,
    compute_lone_step,
    compute_request_time,
):
    """Goodput: most requests a second at which the mean TPOT meets the target."""
    return minimum(
        max_request_rate,
        minimum(
            maximum(1 - memory_lone_step / unit(tpot_target, "token/sequence"), 0)
            / memory_request_time,
            maximum(1 - compute_lone_step / unit(tpot_target, "token/sequence"), 0)
            / compute_request_time,
        ),
    )


@quantity(unit="dollar/sequence", symbol=r"c_\text{good}", source="inferlib", hue="money")
def cost_per_request_at_goodput(system_price, goodput_request_rate):
    """Cost of a request at the goodput: as many come as the target for TPOT allows."""
    return system_price / unit(maximum(count(goodput_request_rate), 1e-9), "sequence/second")


@quantity(unit="joule/sequence", symbol=r"e_\text{good}", source="inferlib", hue="energy")
def rated_energy_per_request_at_goodput(rated_facility_power, goodput_request_rate):
    """Rated energy of a request at the goodput: power to provide for each one a second."""
    return rated_facility_power / unit(
        maximum(count(goodput_request_rate), 1e-9), "sequence/second"
    )


# The bill


@quantity(unit="second/sequence", symbol=r"s_\text{d}", source="inferlib", hue="decode")
def decode_time_per_request(output_tokens, loaded_step_time, step_share):
    """Time that a request's decode keeps the system busy."""
    return unit(output_tokens * loaded_step_time * step_share, "1/token")


@quantity(unit="share", symbol=r"U_\lambda", source="inferlib")
def busy_share(request_rate, lone_prefill_time, decode_time_per_request):
    """Share of the time in which the system prefills or decodes."""
    return request_rate * (lone_prefill_time + decode_time_per_request)


@quantity(
    unit="1",
    symbol=r"\text{asked}",
    source="inferlib",
    otherwise="nobody asks for anything, so that no token bears the bill; "
    "give 'request_rate' above 0",
)
def requests_arrive(request_rate):
    """Whether any request arrives."""
    return where(count(request_rate) > 0, 1, 0)


@quantity(
    unit="dollar/token",
    symbol=r"c_{\text{out},\lambda}",
    source="inferlib",
    hue="money",
    requires=("requests_arrive",),
)
def cost_per_output_token_at_load(system_price, decode_time_per_request, output_tokens, busy_share):
    """Cost of an output token at this load: its decode time and idle time."""
    return system_price * decode_time_per_request / (output_tokens * maximum(busy_share, 1e-12))


@quantity(
    unit="dollar/token",
    symbol=r"c_{\text{in},\lambda}",
    source="inferlib",
    hue="money",
    requires=("requests_arrive",),
)
def cost_per_input_token_at_load(system_price, lone_prefill_time, prompt_tokens, busy_share):
    """Cost of an input token at this load: its prefill time and idle time."""
    return system_price * lone_prefill_time / (prompt_tokens * maximum(busy_share, 1e-12))
