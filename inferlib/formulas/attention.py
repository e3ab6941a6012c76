"""Attention: heads in groups or one latent for all heads, its weights, and who keeps its cache."""

from inferlib.ops import count, maximum, where
from inferlib.quantity import given, quantity

INPUTS = (
    given(
        "query_heads",
        unit="1",
        symbol="H",
        label="Query heads",
        source="vaswani2017",
        low=1,
        high=1e4,
        whole=True,
    ),
    given(
        "kv_heads",
        unit="1",
        symbol="K",
        label="Key and value heads",
        source="ainslie2023",
        low=1,
        high=1e4,
        whole=True,
    ),
    given(
        "head_size",
        unit="1",
        symbol="h",
        label="Size of a head (0 with latent attention)",
        source="vaswani2017",
        high=1e4,
        whole=True,
    ),
    given(
        "query_rank",
        unit="1",
        symbol="r_q",
        label="Rank of the latent query (0 without one)",
        source="deepseek2024v2",
        high=1e5,
        whole=True,
    ),
    given(
        "kv_rank",
        unit="1",
        symbol=r"r_\text{kv}",
        label="Rank of the latent of keys and values (0 without one)",
        source="deepseek2024v2",
        high=1e5,
        whole=True,
    ),
    given(
        "nope_size",
        unit="1",
        symbol=r"h_\text{n}",
        label="Head size without position, latent attention",
        source="deepseek2024v2",
        high=1e4,
        whole=True,
    ),
    given(
        "rope_size",
        unit="1",
        symbol=r"h_\text{r}",
        label="Head size that carries position, latent attention",
        source="deepseek2024v2",
        high=1e4,
        whole=True,
    ),
    given(
        "value_size",
        unit="1",
        symbol=r"h_\text{v}",
        label="Size of a value head, latent attention",
        source="deepseek2024v2",
        high=1e4,
        whole=True,
    ),
    given(
        "attention_gates",
        unit="1",
        symbol=r"m_\text{gate}",
        label="Gates on a head's output, each as large as its queries",
        source="qiu2025",
        high=1,
        whole=True,
    ),
    given(
        "attention_replicas",
        unit="1",
        symbol=r"n_\text{dp}",
        label="Data-parallel groups in attention, each with its part of the batch",
        source="deepseek2024v3",
        hue="kv",
        low=1,
        high=1e5,
        whole=True,
    ),
)


@quantity(unit="1", symbol=r"N_\text{gqa}", source="ainslie2023")
def grouped_attention_parameters(model_width, head_size, query_heads, kv_heads, attention_gates):
    """Attention weights of a layer, grouped heads."""
    return (
        model_width * head_size * (query_heads + 2 * kv_heads)
        + query_heads * head_size * model_width
        + attention_gates * query_heads * head_size * model_width
    )


@quantity(unit="1", symbol=r"N_\text{q}", source="deepseek2024v2")
def latent_query_parameters(model_width, query_rank, query_heads, nope_size, rope_size):
    """Query weights of a layer, latent attention."""
    return where(
        query_rank > 0,
        model_width * query_rank + query_rank + query_rank * query_heads * (nope_size + rope_size),
        model_width * query_heads * (nope_size + rope_size),
    )


@quantity(unit="1", symbol=r"N_\text{mla}", source="deepseek2024v2")
def latent_attention_parameters(
    latent_query_parameters, model_width, query_heads, kv_rank, nope_size, rope_size, value_size
):
    """Attention weights of a layer, latent attention."""
    return (
        latent_query_parameters
        + model_width * (kv_rank + rope_size)
        + kv_rank
        + kv_rank * query_heads * (nope_size + value_size)
        + query_heads * value_size * model_width
    )


@quantity(unit="1", symbol=r"N_\text{att}", source="vaswani2017")
def attention_parameters(
    layers,
    linear_layers,
    grouped_attention_parameters,
    latent_attention_parameters,
    index_parameters,
    linear_attention_parameters,
):
    """Attention weights of all layers."""
    return (
        maximum(0, layers - linear_layers)
        * (grouped_attention_parameters + latent_attention_parameters + index_parameters)
        + linear_layers * linear_attention_parameters
    )


@quantity(unit="1", symbol="c", source="pope2022", hue="kv")
def kv_copies(chips, kv_heads, attention_replicas):
    """Copies of the KV cache, where more chips than heads split attention."""
    return maximum(1, count(chips) / (kv_heads * attention_replicas))
