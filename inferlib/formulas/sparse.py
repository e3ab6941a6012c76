"""Sparse attention: an index that selects tokens, its weights, and what it spares."""

from inferlib.ops import minimum, unit, where
from inferlib.quantity import given, quantity

INPUTS = (
    given(
        "selected_tokens",
        unit="token/sequence",
        symbol=r"S_\text{sel}",
        label="Tokens that an index selects for attention (0 where all are attended to)",
        source="deepseek2025v32",
        high=1e8,
    ),
    given(
        "index_heads",
        unit="1",
        symbol=r"H_\text{i}",
        label="Query heads of the index (0 without)",
        source="deepseek2025v32",
        high=1e4,
        whole=True,
    ),
    given(
        "index_size",
        unit="1",
        symbol=r"h_\text{i}",
        label="Size of an index key, one for all heads (0 without)",
        source="deepseek2025v32",
        high=1e4,
        whole=True,
    ),
)


@quantity(unit="1", symbol=r"N_\text{i}", source="deepseek2025v32")
def index_parameters(model_width, query_rank, index_heads, index_size):
    """Weights of a layer's index."""
    return (
        query_rank * index_heads * index_size
        + model_width * (index_heads + index_size)
        + 2 * index_size
    )


@quantity(unit="1", symbol=r"a_\text{i}", source="deepseek2025v32", hue="compute")
def index_values(index_heads, index_size):
    """Multiply-adds of a token with each earlier token, in the index of a layer."""
    return index_heads * index_size


@quantity(unit="token/sequence", symbol=r"\bar S_\text{att}", source="deepseek2025v32")
def attended_context(mean_context, selected_tokens):
    """Tokens that a layer of full attention attends to, on average over an answer."""
    return where(selected_tokens > 0, minimum(mean_context, selected_tokens), mean_context)


@quantity(unit="byte/sequence", symbol=r"\bar\kappa_\text{i}", source="deepseek2025v32", hue="kv")
def skipped_bytes_per_sequence(
    mean_context,
    attended_context,
    full_layers,
    kv_values_per_layer,
    index_size,
    bytes_per_kv_value,
    kv_copies,
):
    """KV cache that an index leaves out, on average over an answer."""
    return (
        full_layers
        * (mean_context - attended_context)
        * (kv_values_per_layer - unit(index_size, "1/token"))
        * bytes_per_kv_value
        * kv_copies
    )
