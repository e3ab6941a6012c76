"""A system under load: requests arrive at a rate, and batch, TPOT and capacity follow."""

from inferlib.ops import ceil, count, maximum, unit, where
from inferlib.quantity import given, quantity

INPUTS = (
    given(
        "request_rate",
        unit="sequence/second",
        symbol=r"\lambda",
        label="Requests a second",
        source="little1961",
        high=1e9,
    ),
)

# A decode step is the longer of two lines in the batch: reading, and arithmetic.


@quantity(unit="second", symbol=r"t_0", source="epoch2025", hue="decode")
def fixed_step_time(slowdown, overhead_time, fixed_communication_time):
    """Time of a step at any batch: overheads and latency of all-reduces."""
    return slowdown * (overhead_time + fixed_communication_time)


@quantity(unit="byte", symbol=r"W_\text{all}", source="epoch2025", hue="weights")
def batch_weight_bytes_read(
    weight_bytes, embedding_matrices, head_parameters, bytes_per_wide_value
):
    """Weights that a large batch's step reads: all but the input table."""
    return weight_bytes - (embedding_matrices - 1) * head_parameters * bytes_per_wide_value


@quantity(unit="second", symbol=r"a_\text{m}", source="inferlib", hue="memory")
def memory_step_floor(
    slowdown,
    batch_weight_bytes_read,
    chips,
    memory_bandwidth,
    memory_efficiency,
    fixed_step_time,
):
    """Step bound by reading, without any sequence: weights and fixed time."""
    return (
        slowdown * batch_weight_bytes_read / (chips * memory_bandwidth * memory_efficiency)
        + fixed_step_time
    )


@quantity(unit="second/sequence", symbol=r"b_\text{m}", source="inferlib", hue="memory")
def memory_step_slope(
    slowdown,
    kv_bytes_per_sequence,
    chips,
    memory_bandwidth,
    memory_efficiency,
    communication_time_per_token,
):
    """Time that each sequence adds to a step bound by reading."""
    return slowdown * (
        kv_bytes_per_sequence / (chips * memory_bandwidth * memory_efficiency)
        + unit(communication_time_per_token, "token/sequence")
    )


@quantity(unit="second/sequence", symbol=r"b_\text{c}", source="inferlib", hue="compute")
def compute_step_slope(
    slowdown,
    matmul_flops_per_token,
    attention_flops_per_token,
    chips,
    chip_flops,
    compute_efficiency,
    communication_time_per_token,
):
    """Time that each sequence adds to a step bound by arithmetic."""
    return slowdown * unit(
        (matmul_flops_per_token + attention_flops_per_token)
        / (chips * chip_flops * compute_efficiency)
        + communication_time_per_token,
        "token/sequence",
    )


@quantity(
    unit="second",
    symbol=r"t_\text{m,1}",
    source="inferlib",
    hue="memory",
    requires=("holds_one",),
)
def memory_lone_step(memory_step_floor, memory_step_slope):
    """Step of a lone sequence, if reading binds."""
    return memory_step_floor + unit(memory_step_slope, "sequence")


@quantity(unit="second", symbol=r"t_\text{c,1}", source="inferlib", hue="compute")
def compute_lone_step(fixed_step_time, compute_step_slope):
    """Step of a lone sequence, if arithmetic binds."""
    return fixed_step_time + unit(compute_step_slope, "sequence")


# The steady state: a step takes in what arrived since the last, and prefills stall it. Each arm
# has a mean in closed form, and the longer of the two means is a lower end where they meet.


@quantity(
    unit="second/sequence",
    symbol=r"w_\text{m}",
    source="inferlib",
    hue="memory",
    requires=("holds_one",),
)
def memory_request_time(lone_prefill_time, output_tokens, memory_step_slope):
    """Prefill of a request and what it adds to steps, if reading binds."""
    return lone_prefill_time + count(output_tokens) * memory_step_slope


@quantity(unit="second/sequence", symbol=r"w_\text{c}", source="inferlib", hue="compute")
def compute_request_time(lone_prefill_time, output_tokens, compute_step_slope):
    """Prefill of a request and what it adds to steps, if arithmetic binds."""
    return lone_prefill_time + count(output_tokens) * compute_step_slope


@quantity(unit="share", symbol=r"\rho_\lambda", source="inferlib")
def load(request_rate, memory_request_time, compute_request_time):
    """Share of the time that requests ask for; at 1 the queue grows without end."""
    return request_rate * maximum(memory_request_time, compute_request_time)


@quantity(
    unit="second*sequence/token",
    symbol=r"T_\lambda",
    source="inferlib",
    hue="decode",
    requires=("holds_one", "linked", "stable", "load_fits"),
)
def loaded_tpot(
    request_rate, memory_lone_step, memory_request_time, compute_lone_step, compute_request_time
):
    """Time per output token at this load: a lone step, stretched by others."""
    return unit(
        maximum(
            memory_lone_step / maximum(1 - request_rate * memory_request_time, 1e-9),
            compute_lone_step / maximum(1 - request_rate * compute_request_time, 1e-9),
        ),
        "sequence/token",
    )


@quantity(unit="sequence", symbol=r"B_\lambda", source="little1961")
def loaded_concurrency(request_rate, output_tokens, loaded_tpot):
    """Sequences in decode at this load, on average."""
    return request_rate * output_tokens * loaded_tpot


@quantity(unit="token/second/sequence", symbol=r"r_\lambda", source="inferlib", hue="decode")
def loaded_user_throughput(loaded_tpot):
    """Tokens a second that one reader sees at this load."""
    return 1 / loaded_tpot


# What the system can take.


@quantity(unit="sequence/second", symbol=r"\lambda_\text{max}", source="inferlib")
def max_request_rate(
    max_concurrency,
    output_tokens,
    memory_lone_step,
    memory_request_time,
    compute_lone_step,
    compute_request_time,
):
    """Most requests a second: those whose batch, on average, fills the memory."""
    return max_concurrency / maximum(
        count(output_tokens) * memory_lone_step + max_concurrency * memory_request_time,
        count(output_tokens) * compute_lone_step + max_concurrency * compute_request_time,
    )


@quantity(unit="share", symbol=r"\rho_\text{max}", source="inferlib")
def utilization_at_load(request_rate, max_request_rate):
    """Utilisation at this load: its rate over the most that the system takes."""
    return request_rate / unit(maximum(count(max_request_rate), 1e-9), "sequence/second")


@quantity(unit="1", symbol=r"n_\lambda", source="inferlib")
def replicas_needed(utilization_at_load):
    """Least number of such systems that take this rate, shared evenly."""
    return ceil(utilization_at_load)


@quantity(unit="chip", symbol=r"n_\text{all}", source="inferlib")
def chips_at_load(replicas_needed, chips):
    """Chips of all the systems that take this rate."""
    return replicas_needed * chips


@quantity(unit="chip", symbol=r"n_\text{one}", source="kwon2023")
def chips_for_one(weight_bytes, full_kv_bytes_per_sequence, chip_memory, memory_utilization):
    """Least number of chips that weights and the cache of one sequence need."""
    return ceil(
        (weight_bytes + unit(full_kv_bytes_per_sequence, "sequence"))
        / (chip_memory * memory_utilization)
    )


@quantity(
    unit="1",
    symbol=r"\text{holds}",
    source="kwon2023",
    otherwise="{weight_bytes} of weights and the cache of one sequence do not fit "
    "{usable_memory} of usable memory; it takes at least {chips_for_one} chips",
)
def holds_one(max_concurrency):
    """Whether weights and the cache of one sequence fit in memory."""
    return where(count(max_concurrency) >= 1, 1, 0)


@quantity(
    unit="1",
    symbol=r"\text{stable}",
    source="inferlib",
    otherwise="requests at {request_rate} ask for {load} of the time there is; this system takes "
    "at most {max_request_rate}, and it takes {replicas_needed} of them, {chips_at_load} chips",
)
def stable(load):
    """Whether requests ask for less time than there is."""
    return where(load < 1, 1, 0)


@quantity(
    unit="1",
    symbol=r"\text{room}",
    source="inferlib",
    otherwise="requests at {request_rate} would keep {loaded_concurrency} sequences in decode, and "
    "memory holds {max_concurrency}; this system takes at most {max_request_rate}, and it takes "
    "{replicas_needed} of them, {chips_at_load} chips",
)
def load_fits(load, loaded_concurrency, max_concurrency):
    """Whether memory holds the batch of a stable load."""
    return where(
        load < 1,
        where(count(loaded_concurrency) <= maximum(count(max_concurrency), 1), 1, 0),
        1,
    )
