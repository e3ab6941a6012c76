"""Where serving overtakes training, in tokens and in dollars, and what a life has cost since."""

from inferlib.ops import unit
from inferlib.quantity import Quantity, quantity

INPUTS: tuple[Quantity, ...] = ()


@quantity(unit="flop/sequence", symbol=r"\Phi_\text{req}", source="kaplan2020", hue="compute")
def request_flops(active_parameters, full_context):
    """Arithmetic of a request: two operations for each parameter and token."""
    return unit(2 * active_parameters * full_context, "flop/token")


@quantity(unit="share", symbol=r"\text{MFU}_\text{req}", source="inferlib", hue="compute")
def request_mfu(request_flops, chip_price, cost_per_request, training_chip_flops):
    """MFU of serving a request: share of the chip time paid for, counted as training is."""
    return request_flops * chip_price / (cost_per_request * training_chip_flops)


@quantity(unit="sequence", symbol=r"n^*_\text{req}", source="inferlib", hue="money")
def crossing_requests(training_cost, cost_per_request):
    """Requests until serving has cost as much as training."""
    return training_cost / cost_per_request


@quantity(unit="token", symbol=r"n^*_\text{tok}", source="inferlib", hue="money")
def crossing_tokens(crossing_requests, full_context):
    """Tokens, read and written, until serving has cost as much as training."""
    return crossing_requests * full_context


@quantity(unit="1", symbol=r"n^*_\text{tok}/D", source="inferlib", hue="money")
def crossing_token_ratio(crossing_tokens, training_tokens):
    """Tokens served for each of training: until serving has cost as much."""
    return crossing_tokens / training_tokens


@quantity(unit="token", symbol=r"n_\text{tok}", source="inferlib", hue="decode")
def tokens_since_launch(users, requests_per_user, full_context, elapsed_time):
    """Tokens, read and written, since launch."""
    return users * requests_per_user * full_context * elapsed_time


@quantity(unit="share", symbol=r"\sigma_\Phi", source="inferlib", hue="compute")
def serving_flops_share(tokens_since_launch, balance_tokens):
    """Serving's share of the arithmetic since training began, experiments left out."""
    return tokens_since_launch / (tokens_since_launch + balance_tokens)


@quantity(unit="dollar", symbol=r"c_\text{exp}", source="cottier2024", hue="money")
def experiment_cost(training_cost, research_multiple):
    """Cost of the compute of all experiments beside the final run."""
    return training_cost * (research_multiple - 1)


@quantity(unit="dollar", symbol=r"c_\text{all}", source="inferlib", hue="money")
def compute_cost_since_start(development_compute_cost, serving_cost):
    """Cost of all compute of a model: experiments, the final run, and serving since launch."""
    return development_compute_cost + serving_cost


@quantity(unit="share", symbol=r"\sigma_\text{cost}", source="inferlib", hue="money")
def serving_cost_share(serving_cost, compute_cost_since_start):
    """Serving's share of the cost of all compute of a model."""
    return serving_cost / compute_cost_since_start
