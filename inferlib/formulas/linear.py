"""Layers of linear attention: their weights, and the state that they keep instead of a cache."""

from inferlib.ops import maximum, unit
from inferlib.quantity import given, quantity

INPUTS = (
    given(
        "linear_layers",
        unit="1",
        symbol=r"L_\text{lin}",
        label="Layers of linear attention",
        source="yang2024",
        high=1e4,
        whole=True,
    ),
    given(
        "linear_key_heads",
        unit="1",
        symbol=r"H_\text{k}",
        label="Query heads of linear attention, and as many key heads",
        source="yang2024",
        high=1e4,
        whole=True,
    ),
    given(
        "linear_key_size",
        unit="1",
        symbol=r"d_\text{k}",
        label="Size of a key, linear attention",
        source="yang2024",
        high=1e4,
        whole=True,
    ),
    given(
        "linear_value_heads",
        unit="1",
        symbol=r"H_\text{v}",
        label="Value heads of linear attention, each with a state",
        source="yang2024",
        high=1e4,
        whole=True,
    ),
    given(
        "linear_value_size",
        unit="1",
        symbol=r"d_\text{v}",
        label="Size of a value, linear attention",
        source="yang2024",
        high=1e4,
        whole=True,
    ),
    given(
        "convolution_width",
        unit="1",
        symbol=r"w_\text{conv}",
        label="Tokens that the convolution before linear attention spans",
        source="yang2024",
        high=100,
        whole=True,
    ),
    given(
        "bytes_per_state_value",
        unit="byte",
        symbol=r"s_\text{state}",
        label="Bytes per value of a state (0 without linear attention)",
        source="catalog",
        hue="kv",
        high=8,
    ),
)


@quantity(unit="1", symbol=r"n_\text{conv}", source="yang2024")
def convolution_channels(linear_key_heads, linear_key_size, linear_value_heads, linear_value_size):
    """Values of a token that the convolution passes on: queries, keys and values."""
    return 2 * linear_key_heads * linear_key_size + linear_value_heads * linear_value_size


@quantity(unit="1", symbol=r"N_\text{lin}", source="yang2024")
def linear_attention_parameters(
    model_width, convolution_channels, convolution_width, linear_value_heads, linear_value_size
):
    """Attention weights of a layer, linear attention."""
    return (
        model_width * convolution_channels
        + 2 * model_width * linear_value_heads * linear_value_size
        + 2 * (model_width + 1) * linear_value_heads
        + convolution_channels * convolution_width
        + linear_value_size
    )


@quantity(unit="1", symbol=r"v_\text{state}", source="yang2024", hue="kv")
def state_values(linear_layers, linear_value_heads, linear_key_size, linear_value_size):
    """Values in a sequence's states: key size by value size per head."""
    return linear_layers * linear_value_heads * linear_key_size * linear_value_size


@quantity(unit="byte/sequence", symbol=r"\sigma", source="yang2024", hue="kv")
def state_bytes_per_sequence(
    state_values,
    bytes_per_state_value,
    linear_layers,
    convolution_channels,
    convolution_width,
    bytes_per_wide_value,
):
    """State of a sequence in the layers of linear attention."""
    return unit(
        state_values * bytes_per_state_value
        + linear_layers
        * convolution_channels
        * maximum(0, convolution_width - 1)
        * bytes_per_wide_value,
        "1/sequence",
    )


@quantity(unit="flop/token", symbol=r"\phi_\text{state}", source="yang2024", hue="compute")
def state_flops_per_token(state_values):
    """Arithmetic of a token with the states: recall, write and read."""
    return unit(2 * 3 * state_values, "flop/token")
