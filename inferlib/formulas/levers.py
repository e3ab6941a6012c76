"""Levers on a bill: a larger batch, a cached prefix, and a cached prompt at its price."""

from inferlib.ops import count, maximum, minimum, unit, where
from inferlib.quantity import given, quantity

INPUTS = (
    given(
        "cached_tokens",
        unit="token/sequence",
        symbol=r"P_\text{hit}",
        label="Prompt tokens that a cache hit finds in the cache",
        source="kwon2023",
        hue="kv",
        high=1e8,
    ),
    given(
        "hit_rate",
        unit="share",
        symbol=r"\eta_\text{hit}",
        label="Share of requests that hit the cache",
        source="kwon2023",
        hue="kv",
        high=1,
    ),
    given(
        "storage_price",
        unit="dollar/second/byte",
        symbol=r"p_\text{store}",
        label="Price of storage for a cache",
        source="inferlib",
        hue="money",
        low=1e-20,
        high=1e-3,
    ),
    given(
        "cache_write_price",
        unit="dollar/token",
        symbol=r"p_\text{write}",
        label="List price of an input token that is written to the cache",
        source="catalog",
        hue="money",
        high=1,
    ),
    given(
        "cached_input_price",
        unit="dollar/token",
        symbol=r"p_\text{read}",
        label="List price of an input token that is read from the cache",
        source="catalog",
        hue="money",
        high=1,
    ),
    given(
        "prompt_uses",
        unit="1",
        symbol=r"n_\text{use}",
        label="Uses of a prompt while it stays in the cache",
        source="inferlib",
        low=1,
        high=1e9,
    ),
)


@quantity(unit="second", symbol=r"t_\text{fix}", source="inferlib", hue="decode")
def shared_step_time(slowdown, weight_time, overhead_time, fixed_communication_time):
    """Time of a decode step that all sequences share: weights, and fixed times."""
    return slowdown * (weight_time + overhead_time + fixed_communication_time)


@quantity(unit="second/sequence", symbol=r"t_\text{own}", source="inferlib", hue="decode")
def own_step_time(
    slowdown, kv_time, compute_time, communication_time, fixed_communication_time, concurrency
):
    """Time that each sequence adds to a large batch's step."""
    return (
        slowdown
        * (
            maximum(kv_time, compute_time)
            + maximum(0, communication_time - fixed_communication_time)
        )
        / concurrency
    )


@quantity(unit="sequence", symbol=r"B_\text{knee}", source="inferlib", hue="decode")
def batch_knee(shared_step_time, own_step_time):
    """Knee of the batch: where shared and own time of a step are equal."""
    return shared_step_time / unit(maximum(count(own_step_time), 1e-30), "second/sequence")


@quantity(unit="token/sequence", symbol=r"P_\text{reuse}", source="kwon2023", hue="kv")
def reused_tokens(cached_tokens, prompt_tokens):
    """Prompt tokens that a cache hit need not compute."""
    return minimum(cached_tokens, prompt_tokens)


@quantity(unit="share", symbol=r"\sigma_\text{hit}", source="kwon2023", hue="kv")
def cached_input_share(hit_rate, reused_tokens, prompt_tokens):
    """Share of all input tokens that come from the cache."""
    return hit_rate * reused_tokens / prompt_tokens


@quantity(unit="flop/sequence", symbol=r"\Phi_\text{hit}", source="austin2025", hue="prefill")
def saved_prefill_flops(
    matmul_parameters,
    head_parameters,
    reused_tokens,
    prefill_attention_values,
    cached_pairs,
    index_values,
    full_layers,
    state_flops_per_token,
):
    """Arithmetic that a cache hit saves."""
    return (
        unit(
            2 * (matmul_parameters - head_parameters) * count(reused_tokens)
            + 2 * prefill_attention_values * cached_pairs
            + 2 * index_values * full_layers * count(reused_tokens) ** 2 / 2,
            "flop/sequence",
        )
        + state_flops_per_token * reused_tokens
    )


@quantity(unit="share", symbol=r"\sigma_\text{p}", source="inferlib", hue="prefill")
def saved_prefill_share(hit_rate, saved_prefill_flops, prefill_flops):
    """Share of all prefill arithmetic that the cache saves."""
    return hit_rate * saved_prefill_flops / unit(maximum(count(prefill_flops), 1), "flop/sequence")


@quantity(unit="second/sequence", symbol=r"t_\text{hit}", source="inferlib", hue="prefill")
def saved_prefill_time(
    slowdown,
    saved_prefill_flops,
    prefill_flops,
    chips,
    chip_flops,
    compute_efficiency,
    weight_bytes,
    memory_bandwidth,
    memory_efficiency,
):
    """Prefill time that a cache hit saves, bounded by reading the weights."""
    return slowdown * minimum(
        saved_prefill_flops / (chips * chip_flops * compute_efficiency),
        maximum(
            0,
            prefill_flops / (chips * chip_flops * compute_efficiency)
            - unit(weight_bytes / (chips * memory_bandwidth * memory_efficiency), "1/sequence"),
        ),
    )


@quantity(unit="byte/sequence", symbol=r"\kappa_\text{hit}", source="pope2022", hue="kv")
def stored_bytes(
    reused_tokens,
    full_layers,
    window_layers,
    window,
    kv_values_per_layer,
    bytes_per_kv_value,
    state_bytes_per_sequence,
):
    """KV cache of the reused tokens and the state after them, stored once."""
    return (
        full_layers * reused_tokens + window_layers * minimum(reused_tokens, window)
    ) * kv_values_per_layer * bytes_per_kv_value + where(
        reused_tokens > 0, state_bytes_per_sequence, 0
    )


@quantity(unit="dollar/sequence", symbol=r"c_\text{hit}", source="inferlib", hue="money")
def saved_prefill_cost(system_price, saved_prefill_time, utilization):
    """Cost of prefill that a cache hit saves."""
    return system_price * saved_prefill_time / utilization


@quantity(unit="second", symbol=r"T_\text{store}", source="inferlib", hue="money")
def storage_break_even_time(saved_prefill_cost, stored_bytes, storage_price):
    """Longest time between uses for which storing a cache beats computing it."""
    return saved_prefill_cost / (
        unit(maximum(count(stored_bytes), 1), "byte/sequence") * storage_price
    )


@quantity(unit="dollar/token", symbol=r"p_\text{use}", source="inferlib", hue="money")
def cached_uses_price(cache_write_price, cached_input_price, prompt_uses):
    """Price of an input token over all its uses: written once, then read."""
    return cache_write_price + (prompt_uses - 1) * cached_input_price


@quantity(unit="share", symbol=r"\sigma_\text{use}", source="inferlib", hue="money")
def cached_price_share(cached_uses_price, prompt_uses, input_price):
    """Price of all uses with a cache, as a share of that without."""
    return cached_uses_price / (prompt_uses * input_price)


@quantity(
    unit="1",
    symbol=r"\text{discount}",
    source="inferlib",
    otherwise="a read at {cached_input_price} is not cheaper than plain input at {input_price}, "
    "so that caching never pays",
)
def read_is_cheaper(cached_input_price, input_price):
    """Whether reading from the cache has a lower price."""
    return where(cached_input_price < input_price, 1, 0)


@quantity(
    unit="1",
    symbol=r"n_\text{use}^*",
    source="inferlib",
    hue="money",
    requires=("read_is_cheaper",),
)
def break_even_uses(cache_write_price, cached_input_price, input_price):
    """Uses from which caching a prompt costs no more than sending it anew."""
    return maximum(
        1,
        (cache_write_price - cached_input_price)
        / unit(maximum(count(input_price - cached_input_price), 1e-15), "dollar/token"),
    )


@quantity(unit="dollar/token", symbol=r"\bar p_\text{in}", source="inferlib", hue="money")
def mean_input_price(input_price, cached_input_share, cached_input_price):
    """Price of an input token, on average over cached and uncached ones."""
    return input_price * (1 - cached_input_share) + cached_input_price * cached_input_share
