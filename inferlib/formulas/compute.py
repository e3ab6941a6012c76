"""The arithmetic of prefill and of decode, and the roofline over both."""

from inferlib.ops import count, maximum, minimum, unit, where
from inferlib.quantity import given, quantity

INPUTS = (
    given(
        "chip_flops",
        unit="flop/second/chip",
        symbol="F",
        label="Peak rate of a chip's dense matrix arithmetic",
        source="catalog",
        hue="compute",
        low=1e6,
        high=1e19,
    ),
    given(
        "memory_bandwidth",
        unit="byte/second/chip",
        symbol="R",
        label="Peak memory bandwidth of a chip",
        source="catalog",
        hue="memory",
        low=1e6,
        high=1e17,
    ),
    given(
        "compute_efficiency",
        unit="share",
        symbol=r"\eta_\text{c}",
        label="Share of the peak arithmetic rate that is reached",
        source="calibration",
        hue="compute",
        low=0.01,
        high=1,
    ),
    given(
        "memory_efficiency",
        unit="share",
        symbol=r"\eta_\text{m}",
        label="Share of peak bandwidth that is reached",
        source="calibration",
        hue="memory",
        low=0.01,
        high=1,
    ),
)


@quantity(unit="flop/token", symbol=r"\phi", source="austin2025", hue="compute")
def matmul_flops_per_token(matmul_parameters):
    """Arithmetic of a token with the weights: a multiply and an add each."""
    return unit(2 * matmul_parameters, "flop/token")


@quantity(unit="1", symbol=r"a", source="deepseek2024v2", hue="compute")
def decode_attention_values(query_heads, head_size, kv_rank, rope_size):
    """Multiply-adds of a decoded token with each earlier token, in one layer."""
    return query_heads * (2 * head_size + 2 * kv_rank + rope_size)


@quantity(unit="1", symbol=r"a_\text{p}", source="deepseek2024v2", hue="compute")
def prefill_attention_values(query_heads, head_size, nope_size, rope_size, value_size):
    """Multiply-adds of a prompt token with each earlier token, in one layer."""
    return query_heads * (2 * head_size + nope_size + rope_size + value_size)


@quantity(unit="flop/token", symbol=r"\phi_\text{att}", source="austin2025", hue="compute")
def attention_flops_per_token(
    decode_attention_values,
    attended_context,
    mean_context,
    full_layers,
    window_layers,
    window,
    index_values,
    state_flops_per_token,
):
    """Attention arithmetic of a decoded token: with earlier tokens, or their states."""
    return (
        unit(
            2
            * decode_attention_values
            * (
                full_layers * count(attended_context)
                + window_layers * minimum(count(mean_context), count(window))
            )
            + 2 * index_values * full_layers * count(mean_context),
            "flop/token",
        )
        + state_flops_per_token
    )


@quantity(unit="flop", symbol=r"\Phi", source="austin2025", hue="decode")
def decode_flops(concurrency, matmul_flops_per_token, attention_flops_per_token):
    """Arithmetic of a decode step."""
    return unit(
        concurrency * (matmul_flops_per_token + attention_flops_per_token), "token/sequence"
    )


def _pairs(tokens, most):
    seen = minimum(count(tokens), count(most))
    return count(tokens) * seen - seen**2 / 2


def _layers_pairs(tokens, full_layers, window_layers, window, selected_tokens):
    return where(
        selected_tokens > 0,
        full_layers * _pairs(tokens, selected_tokens),
        full_layers * count(tokens) ** 2 / 2,
    ) + window_layers * _pairs(tokens, window)


@quantity(unit="1", symbol="A", source="austin2025", hue="prefill")
def attended_pairs(prompt_tokens, full_layers, window_layers, window, selected_tokens):
    """Pairs of prompt tokens of which the later sees the earlier, over all layers."""
    return _layers_pairs(prompt_tokens, full_layers, window_layers, window, selected_tokens)


@quantity(unit="1", symbol=r"A_\text{hit}", source="austin2025", hue="prefill")
def cached_pairs(reused_tokens, full_layers, window_layers, window, selected_tokens):
    """Pairs of reused tokens of which the later sees the earlier, over all layers."""
    return _layers_pairs(reused_tokens, full_layers, window_layers, window, selected_tokens)


@quantity(unit="1", symbol=r"A_\text{tr}", source="chowdhery2022", hue="compute")
def training_attended(training_context, full_layers, window_layers, window, selected_tokens):
    """Earlier tokens that a training token sees, on average, over all layers."""
    return _layers_pairs(
        training_context, full_layers, window_layers, window, selected_tokens
    ) / count(training_context)


@quantity(unit="flop/sequence", symbol=r"\Phi_\text{p}", source="austin2025", hue="prefill")
def prefill_flops(
    matmul_parameters,
    head_parameters,
    prompt_tokens,
    prefill_attention_values,
    attended_pairs,
    index_values,
    full_layers,
    state_flops_per_token,
):
    """Arithmetic of a prompt; the output head is needed once, at its end."""
    return (
        unit(
            2 * (matmul_parameters - head_parameters) * count(prompt_tokens)
            + 2 * head_parameters
            + 2 * prefill_attention_values * attended_pairs
            + 2 * index_values * full_layers * count(prompt_tokens) ** 2 / 2,
            "flop/sequence",
        )
        + state_flops_per_token * prompt_tokens
    )


@quantity(unit="byte", symbol=r"\beta", source="austin2025", hue="memory")
def decode_bytes(weight_bytes_read, kv_bytes_read):
    """Bytes that a decode step reads."""
    return weight_bytes_read + kv_bytes_read


@quantity(unit="flop/byte", symbol="I", source="williams2009")
def arithmetic_intensity(decode_flops, decode_bytes):
    """Arithmetic intensity of a decode step."""
    return decode_flops / decode_bytes


@quantity(unit="flop/byte", symbol="I^*", source="williams2009")
def ridge_intensity(chip_flops, memory_bandwidth):
    """Arithmetic intensity of the ridge: below it bandwidth limits, above it arithmetic."""
    return chip_flops / memory_bandwidth


@quantity(unit="flop/second/chip", symbol=r"F_\text{roof}", source="williams2009", hue="compute")
def attainable_flops(arithmetic_intensity, chip_flops, memory_bandwidth):
    """Arithmetic rate that the roofline allows."""
    return minimum(chip_flops, arithmetic_intensity * memory_bandwidth)


@quantity(unit="sequence", symbol=r"B^*", source="austin2025")
def critical_batch(bytes_per_weight, ridge_intensity, expert_sparsity):
    """Batch at which the weights' arithmetic takes as long as reading them."""
    return unit(bytes_per_weight * ridge_intensity * expert_sparsity / 2, "sequence/flop")


@quantity(unit="second", symbol=r"t_\text{w}", source="williams2009", hue="weights")
def weight_time(weight_bytes_read, chips, memory_bandwidth, memory_efficiency):
    """Time to read the weights."""
    return weight_bytes_read / (chips * memory_bandwidth * memory_efficiency)


@quantity(unit="second", symbol=r"t_\text{kv}", source="williams2009", hue="kv")
def kv_time(kv_bytes_read, chips, memory_bandwidth, memory_efficiency):
    """Time to read the KV cache."""
    return kv_bytes_read / (chips * memory_bandwidth * memory_efficiency)


@quantity(unit="second", symbol=r"t_\text{m}", source="williams2009", hue="memory")
def memory_time(weight_time, kv_time):
    """Time that a decode step spends on reading."""
    return weight_time + kv_time


@quantity(unit="second", symbol=r"t_\text{c}", source="williams2009", hue="compute")
def compute_time(decode_flops, chips, chip_flops, compute_efficiency):
    """Time that a decode step spends on arithmetic."""
    return decode_flops / (chips * chip_flops * compute_efficiency)


@quantity(unit="second", symbol=r"t_\text{roof}", source="williams2009", hue="decode")
def roofline_time(memory_time, compute_time):
    """Decode step if reading and arithmetic overlap: the longer of the two."""
    return maximum(memory_time, compute_time)


@quantity(unit="second/sequence", symbol=r"t_\text{p,roof}", source="williams2009", hue="prefill")
def prefill_roofline_time(
    prefill_flops,
    chips,
    chip_flops,
    compute_efficiency,
    weight_bytes,
    memory_bandwidth,
    memory_efficiency,
):
    """Prefill of one prompt if reading and arithmetic overlap."""
    return maximum(
        prefill_flops / (chips * chip_flops * compute_efficiency),
        unit(weight_bytes / (chips * memory_bandwidth * memory_efficiency), "1/sequence"),
    )
