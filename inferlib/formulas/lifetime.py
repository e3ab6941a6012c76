"""The size that a model should have: the loss of a size and its data, and the life they cost."""

from inferlib.ops import count, maximum, unit, where
from inferlib.quantity import given, quantity

INPUTS = (
    given(
        "loss_floor",
        unit="1",
        symbol=r"\Lambda_0",
        label="Loss of an endless model on endless data",
        source="hoffmann2022",
        high=10,
    ),
    given(
        "loss_parameter_scale",
        unit="1",
        symbol="a_N",
        label="Scale of the loss that a finite size adds",
        source="hoffmann2022",
        low=1,
        high=1e6,
    ),
    given(
        "loss_parameter_exponent",
        unit="1",
        symbol=r"\alpha_N",
        label="Exponent of the size in the loss",
        source="hoffmann2022",
        low=0.2,
        high=1,
    ),
    given(
        "loss_token_scale",
        unit="1",
        symbol="b_D",
        label="Scale of the loss that finite data add",
        source="hoffmann2022",
        low=1,
        high=1e6,
    ),
    given(
        "loss_token_exponent",
        unit="1",
        symbol=r"\beta_D",
        label="Exponent of the data in the loss",
        source="hoffmann2022",
        low=0.2,
        high=1,
    ),
    given(
        "target_loss",
        unit="1",
        symbol=r"\Lambda^*",
        label="Target loss of a model",
        source="sardana2024",
        low=0.1,
        high=20,
    ),
)


@quantity(unit="1", symbol=r"\Lambda_N", source="hoffmann2022")
def least_loss(loss_floor, loss_parameter_scale, active_parameters, loss_parameter_exponent):
    """Loss of a model of this size on endless data."""
    return loss_floor + loss_parameter_scale / (
        maximum(active_parameters, 1) ** loss_parameter_exponent
    )


@quantity(unit="1", symbol=r"\Lambda", source="hoffmann2022")
def pretraining_loss(least_loss, loss_token_scale, training_tokens, loss_token_exponent):
    """Loss of a model of this size on its training tokens."""
    return least_loss + loss_token_scale / count(training_tokens) ** loss_token_exponent


@quantity(unit="token", symbol=r"D_\text{opt}", source="hoffmann2022", hue="compute")
def compute_optimal_tokens(
    loss_parameter_scale,
    loss_parameter_exponent,
    loss_token_scale,
    loss_token_exponent,
    active_parameters,
):
    """Training tokens for which a model of this size is compute-optimal."""
    return unit(
        (
            loss_token_exponent
            * loss_token_scale
            * maximum(active_parameters, 1) ** loss_parameter_exponent
            / (loss_parameter_exponent * loss_parameter_scale)
        )
        ** (1 / loss_token_exponent),
        "token",
    )


@quantity(
    unit="1",
    symbol=r"\text{reaches}",
    source="sardana2024",
    otherwise="{active_parameters} parameters never reach a loss of {target_loss}: on endless data "
    "they end at {least_loss}; take a larger model",
)
def reaches_loss(target_loss, least_loss):
    """Whether a model of this size can reach the target loss."""
    return where(target_loss > least_loss, 1, 0)


@quantity(
    unit="token",
    symbol=r"D_\Lambda",
    source="sardana2024",
    hue="compute",
    requires=("reaches_loss",),
)
def tokens_for_loss(target_loss, least_loss, loss_token_scale, loss_token_exponent):
    """Training tokens with which a model of this size reaches the target loss."""
    return unit(
        (loss_token_scale / maximum(target_loss - least_loss, 1e-9)) ** (1 / loss_token_exponent),
        "token",
    )


@quantity(unit="flop", symbol=r"\Phi_\text{life}", source="sardana2024", hue="compute")
def lifetime_flops(active_parameters, tokens_for_loss, served_tokens):
    """Arithmetic of a model's life: trained until it reaches the loss, then served."""
    return unit(active_parameters * (6 * tokens_for_loss + 2 * served_tokens), "flop/token")


@quantity(unit="dollar", symbol=r"c_\text{life}", source="sardana2024", hue="money")
def lifetime_cost(
    active_parameters,
    tokens_for_loss,
    training_mfu,
    served_tokens,
    serving_mfu,
    training_chip_flops,
    chip_price,
):
    """Cost of a model's life: training and serving on the same chips."""
    return (
        unit(
            active_parameters
            * (6 * tokens_for_loss / training_mfu + 2 * served_tokens / serving_mfu),
            "flop/token",
        )
        / training_chip_flops
        * chip_price
    )


@quantity(unit="token", symbol=r"D_\text{inf}^*", source="sardana2024", hue="compute")
def matching_tokens(
    tokens_for_loss,
    loss_parameter_exponent,
    least_loss,
    loss_floor,
    loss_token_exponent,
    target_loss,
):
    """Tokens served for which this size takes the least arithmetic (0: a smaller one always)."""
    return (
        3
        * tokens_for_loss
        * maximum(
            loss_parameter_exponent
            * (least_loss - loss_floor)
            / (loss_token_exponent * maximum(target_loss - least_loss, 1e-9))
            - 1,
            0,
        )
    )


@quantity(unit="token", symbol=r"D_\text{inf,cost}^*", source="sardana2024", hue="money")
def cost_matching_tokens(matching_tokens, serving_mfu, training_mfu):
    """Tokens served for which this size costs the least (0: a smaller one always)."""
    return matching_tokens * serving_mfu / training_mfu
