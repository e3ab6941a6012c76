"""What a model takes of a chip's memory: weights, and the KV cache of every sequence."""

from inferlib.ops import ceil, count, floor, maximum, minimum, unit, where
from inferlib.quantity import given, quantity

INPUTS = (
    given(
        "bytes_per_weight",
        unit="byte",
        symbol=r"s_\text{w}",
        label="Bytes per weight",
        source="catalog",
        hue="weights",
        low=0.0625,
        high=8,
    ),
    given(
        "bytes_per_wide_value",
        unit="byte",
        symbol=r"s_\text{16}",
        label="Bytes per value that is not quantised",
        source="catalog",
        hue="weights",
        low=0.0625,
        high=8,
    ),
    given(
        "wide_attention_share",
        unit="share",
        symbol=r"x_\text{16}",
        label="Share of attention's weights that is not quantised with the rest",
        source="catalog",
        hue="weights",
        high=1,
    ),
    given(
        "bytes_per_kv_value",
        unit="byte",
        symbol=r"s_\text{kv}",
        label="Bytes per cached value",
        source="catalog",
        hue="kv",
        low=0.0625,
        high=8,
    ),
    given(
        "full_layers",
        unit="1",
        symbol=r"L_\text{full}",
        label="Layers that attend to the whole context",
        source="vaswani2017",
        high=1e4,
        whole=True,
    ),
    given(
        "window_layers",
        unit="1",
        symbol=r"L_\text{win}",
        label="Layers that attend to a window",
        source="beltagy2020",
        high=1e4,
        whole=True,
    ),
    given(
        "window",
        unit="token/sequence",
        symbol="w",
        label="Tokens in the window of a window layer",
        source="beltagy2020",
        high=1e8,
    ),
    given(
        "prompt_tokens",
        unit="token/sequence",
        symbol="P",
        label="Length of a prompt",
        source="pope2022",
        hue="prefill",
        low=1,
        high=1e8,
    ),
    given(
        "output_tokens",
        unit="token/sequence",
        symbol="O",
        label="Length of an answer",
        source="pope2022",
        hue="decode",
        low=1,
        high=1e8,
    ),
    given(
        "concurrency",
        unit="sequence",
        symbol="B",
        label="Batch: sequences served at once",
        source="pope2022",
        low=1,
        high=1e6,
    ),
    given(
        "chips",
        unit="chip",
        symbol="n",
        label="Chips",
        source="pope2022",
        low=1,
        high=1e5,
        whole=True,
    ),
    given(
        "chip_memory",
        unit="byte/chip",
        symbol="M",
        label="Memory of a chip",
        source="catalog",
        low=1e6,
        high=1e16,
    ),
    given(
        "memory_utilization",
        unit="share",
        symbol="u",
        label="Share of memory for weights and cache",
        source="kwon2023",
        low=0.01,
        high=1,
    ),
)


@quantity(unit="byte", symbol="W", source="pope2022", hue="weights")
def weight_bytes(
    parameters,
    wide_parameters,
    bytes_per_weight,
    bytes_per_wide_value,
    wide_attention_share,
    attention_parameters,
):
    """Weights in memory."""
    return (
        (parameters - wide_parameters) * bytes_per_weight
        + wide_parameters * bytes_per_wide_value
        + wide_attention_share * attention_parameters * (bytes_per_wide_value - bytes_per_weight)
    )


@quantity(unit="1/token", symbol="v", source="pope2022", hue="kv")
def kv_values_per_layer(kv_heads, head_size, kv_rank, rope_size, index_size):
    """Values of a token in a layer's cache: heads, latent and index key."""
    return unit(2 * kv_heads * head_size + kv_rank + rope_size + index_size, "1/token")


@quantity(unit="byte/token", symbol=r"\kappa", source="pope2022", hue="kv")
def kv_bytes_per_token(layers, linear_layers, kv_values_per_layer, bytes_per_kv_value):
    """KV cache of one token."""
    return maximum(0, layers - linear_layers) * kv_values_per_layer * bytes_per_kv_value


@quantity(unit="token/sequence", symbol=r"\bar S", source="kwon2023")
def mean_context(prompt_tokens, output_tokens):
    """Context, on average over an answer."""
    return prompt_tokens + output_tokens / 2


@quantity(unit="token/sequence", symbol=r"S", source="kwon2023")
def full_context(prompt_tokens, output_tokens):
    """Context at the last token."""
    return prompt_tokens + output_tokens


def _kept(context, full_layers, window_layers, window, values, size, copies):
    return (
        (full_layers * context + window_layers * minimum(context, window)) * values * size * copies
    )


@quantity(unit="byte/sequence", symbol=r"\bar\kappa_S", source="pope2022", hue="kv")
def kv_bytes_per_sequence(
    mean_context,
    full_layers,
    window_layers,
    window,
    kv_values_per_layer,
    bytes_per_kv_value,
    kv_copies,
    skipped_bytes_per_sequence,
    state_bytes_per_sequence,
):
    """KV cache and states that a step moves for a sequence, on average."""
    return (
        _kept(
            mean_context,
            full_layers,
            window_layers,
            window,
            kv_values_per_layer,
            bytes_per_kv_value,
            kv_copies,
        )
        - skipped_bytes_per_sequence
        + 2 * state_bytes_per_sequence
    )


@quantity(unit="byte/sequence", symbol=r"\kappa_S", source="pope2022", hue="kv")
def full_kv_bytes_per_sequence(
    full_context,
    full_layers,
    window_layers,
    window,
    kv_values_per_layer,
    bytes_per_kv_value,
    kv_copies,
    state_bytes_per_sequence,
):
    """KV cache of a sequence at its last token, with its states."""
    return (
        _kept(
            full_context,
            full_layers,
            window_layers,
            window,
            kv_values_per_layer,
            bytes_per_kv_value,
            kv_copies,
        )
        + state_bytes_per_sequence
    )


@quantity(unit="byte", symbol="C", source="kwon2023", hue="kv")
def cache_bytes(concurrency, full_kv_bytes_per_sequence):
    """KV cache of the whole batch at its fullest."""
    return concurrency * full_kv_bytes_per_sequence


@quantity(unit="byte", symbol="U", source="kwon2023")
def usable_memory(chips, chip_memory, memory_utilization):
    """Memory for weights and cache."""
    return chips * chip_memory * memory_utilization


@quantity(unit="chip", symbol=r"n_\text{least}", source="kwon2023")
def chips_needed(weight_bytes, cache_bytes, chip_memory, memory_utilization):
    """Least number of chips that weights and cache need."""
    return ceil((weight_bytes + cache_bytes) / (chip_memory * memory_utilization))


@quantity(unit="sequence", symbol=r"B_\text{max}", source="kwon2023", hue="kv")
def max_concurrency(usable_memory, weight_bytes, full_kv_bytes_per_sequence):
    """Largest batch that memory holds."""
    return maximum(
        0,
        floor(
            (usable_memory - weight_bytes)
            / unit(maximum(count(full_kv_bytes_per_sequence), 1), "byte/sequence")
        ),
    )


@quantity(
    unit="1",
    symbol=r"\text{fits}",
    source="kwon2023",
    otherwise="{weight_bytes} of weights and {cache_bytes} of cache do not fit {usable_memory} "
    "of usable memory; it takes at least {chips_needed} chips",
)
def fits(weight_bytes, cache_bytes, usable_memory):
    """Whether weights and cache fit in memory."""
    return where(weight_bytes + cache_bytes <= usable_memory, 1, 0)


@quantity(unit="byte", symbol=r"W_\text{read}", source="epoch2025", hue="weights")
def weight_bytes_read(
    weight_bytes,
    routed_parameters,
    bytes_per_weight,
    expert_coverage,
    embedding_matrices,
    head_parameters,
    bytes_per_wide_value,
):
    """Weights that a decode step reads: no idle experts, no input table."""
    return (
        weight_bytes
        - routed_parameters * bytes_per_weight * (1 - expert_coverage)
        - (embedding_matrices - 1) * head_parameters * bytes_per_wide_value
    )


@quantity(unit="byte", symbol=r"C_\text{read}", source="pope2022", hue="kv")
def kv_bytes_read(concurrency, kv_bytes_per_sequence):
    """KV cache that a decode step reads."""
    return concurrency * kv_bytes_per_sequence
