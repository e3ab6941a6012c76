"""What a model is made of: its parameters, counted from its configuration."""

from inferlib.ops import count, maximum, where
from inferlib.quantity import given, quantity

INPUTS = (
    given(
        "layers",
        unit="1",
        symbol="L",
        label="Layers",
        source="vaswani2017",
        low=1,
        high=1e4,
        whole=True,
    ),
    given(
        "model_width",
        unit="1",
        symbol="d",
        label="Width of the model, in values for each token",
        source="vaswani2017",
        low=1,
        high=1e6,
        whole=True,
    ),
    given(
        "vocabulary",
        unit="1",
        symbol="V",
        label="Tokens in the vocabulary",
        source="vaswani2017",
        low=1,
        high=1e7,
        whole=True,
    ),
    given(
        "embedding_matrices",
        unit="1",
        symbol=r"m_\text{emb}",
        label="Embedding matrices: one if input and output share it, else two",
        source="press2017",
        low=1,
        high=2,
        whole=True,
    ),
    given(
        "dense_layers",
        unit="1",
        symbol=r"L_\text{dense}",
        label="Layers with one feed-forward network",
        source="vaswani2017",
        high=1e4,
        whole=True,
    ),
    given(
        "ffn_width",
        unit="1",
        symbol="f",
        label="Width of the feed-forward network",
        source="vaswani2017",
        high=1e7,
        whole=True,
    ),
    given(
        "ffn_matrices",
        unit="1",
        symbol="m",
        label="Matrices of a feed-forward network: three if gated, else two",
        source="shazeer2020",
        low=2,
        high=3,
        whole=True,
    ),
    given(
        "moe_layers",
        unit="1",
        symbol=r"L_\text{moe}",
        label="Layers with experts",
        source="shazeer2017",
        high=1e4,
        whole=True,
    ),
    given(
        "experts",
        unit="1",
        symbol="E",
        label="Experts of a layer",
        source="shazeer2017",
        high=1e5,
        whole=True,
    ),
    given(
        "experts_per_token",
        unit="1",
        symbol="k",
        label="Experts that a token uses",
        source="shazeer2017",
        high=1e5,
        whole=True,
    ),
    given(
        "expert_width",
        unit="1",
        symbol=r"f_\text{e}",
        label="Width of an expert",
        source="shazeer2017",
        high=1e6,
        whole=True,
    ),
    given(
        "shared_width",
        unit="1",
        symbol=r"f_\text{s}",
        label="Width of all shared experts together, which every token uses",
        source="deepseek2024v2",
        high=1e7,
        whole=True,
    ),
    given(
        "norms_per_layer",
        unit="1",
        symbol=r"n_\text{norm}",
        label="Normalisation vectors of a layer",
        source="zhang2019",
        high=100,
    ),
    given(
        "small_values_per_layer",
        unit="1",
        symbol=r"v_\text{small}",
        label="Biases and other small vectors of a layer, in values",
        source="catalog",
        high=1e8,
    ),
    given(
        "position_values",
        unit="1",
        symbol=r"v_\text{pos}",
        label="Learned position embeddings, in values",
        source="vaswani2017",
        high=1e10,
    ),
)


@quantity(unit="1", symbol=r"N_\text{ffn}", source="shazeer2020")
def ffn_parameters(dense_layers, ffn_matrices, model_width, ffn_width):
    """Feed-forward weights of the layers without experts."""
    return dense_layers * ffn_matrices * model_width * ffn_width


@quantity(unit="1", symbol=r"n_\text{e}", source="shazeer2017")
def expert_parameters(ffn_matrices, model_width, expert_width):
    """Weights of one expert."""
    return ffn_matrices * model_width * expert_width


@quantity(unit="1", symbol=r"N_\text{routed}", source="shazeer2017")
def routed_parameters(moe_layers, experts, expert_parameters):
    """Weights of all routed experts."""
    return moe_layers * experts * expert_parameters


@quantity(unit="1", symbol=r"N_\text{shared}", source="deepseek2024v2")
def shared_parameters(moe_layers, ffn_matrices, model_width, shared_width):
    """Weights of the shared experts."""
    return moe_layers * ffn_matrices * model_width * shared_width


@quantity(unit="1", symbol=r"N_\text{head}", source="vaswani2017")
def head_parameters(vocabulary, model_width):
    """Weights of the output head."""
    return vocabulary * model_width


@quantity(unit="1", symbol=r"N_\text{wide}", source="catalog")
def wide_parameters(
    layers,
    norms_per_layer,
    model_width,
    small_values_per_layer,
    moe_layers,
    experts,
    embedding_matrices,
    head_parameters,
    position_values,
):
    """Embeddings, norms and routers, which stay in 16 bits when the rest is quantised."""
    return (
        (layers * norms_per_layer + 1) * model_width
        + layers * small_values_per_layer
        + moe_layers * model_width * experts
        + embedding_matrices * head_parameters
        + position_values
    )


@quantity(unit="1", symbol="N", source="austin2025")
def parameters(
    attention_parameters, ffn_parameters, routed_parameters, shared_parameters, wide_parameters
):
    """Parameters."""
    return (
        attention_parameters
        + ffn_parameters
        + routed_parameters
        + shared_parameters
        + wide_parameters
    )


@quantity(
    unit="1",
    symbol=r"\text{suffice}",
    source="shazeer2017",
    otherwise="a token cannot use {experts_per_token} experts where a layer has {experts}; "
    "give it that many at most",
)
def experts_suffice(experts_per_token, experts):
    """Whether a layer has as many experts as a token uses."""
    return where(experts_per_token <= experts, 1, 0)


@quantity(unit="1", symbol=r"N_\text{a}", source="mixtral2024", requires=("experts_suffice",))
def active_parameters(parameters, moe_layers, experts, experts_per_token, expert_parameters):
    """Parameters that one token uses."""
    return parameters - moe_layers * (experts - experts_per_token) * expert_parameters


@quantity(unit="1", symbol=r"N_\text{mm}", source="austin2025")
def matmul_parameters(active_parameters, embedding_matrices, head_parameters):
    """Weights that a token is multiplied with: the active ones less the input table."""
    return active_parameters - (embedding_matrices - 1) * head_parameters


@quantity(unit="1", symbol="E/k", source="austin2025")
def expert_sparsity(experts, experts_per_token):
    """Experts of a layer over those that a token uses (1 without experts)."""
    return maximum(1, experts / maximum(experts_per_token, 1))


@quantity(
    unit="share",
    symbol="x",
    source="epoch2025",
    hue="weights",
    requires=("experts_suffice",),
)
def expert_coverage(experts, experts_per_token, concurrency):
    """Share of the experts that a step's tokens touch, if routing is even."""
    return 1 - maximum(0, 1 - experts_per_token / maximum(experts, 1)) ** count(concurrency)
