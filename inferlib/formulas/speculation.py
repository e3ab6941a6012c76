"""Speculative decoding: drafts that are verified at once, and what a larger step costs."""

from inferlib.ops import count, maximum, unit
from inferlib.quantity import given, quantity

INPUTS = (
    given(
        "draft_tokens",
        unit="token/sequence",
        symbol=r"\gamma",
        label="Tokens that are drafted in a round of speculation",
        source="leviathan2023",
        hue="decode",
        high=64,
    ),
    given(
        "acceptance",
        unit="share",
        symbol=r"\alpha_\text{spec}",
        label="Chance that the model accepts a drafted token, alike for each",
        source="leviathan2023",
        hue="decode",
        high=0.9999,
    ),
    given(
        "draft_cost",
        unit="share",
        symbol=r"c_\text{draft}",
        label="Time to draft a token, as a share of a decode step",
        source="leviathan2023",
        hue="decode",
        high=10,
    ),
)


@quantity(unit="token/sequence", symbol=r"n_\text{round}", source="leviathan2023", hue="decode")
def tokens_per_round(acceptance, draft_tokens):
    """Tokens that a round of speculation yields, on average."""
    return unit((1 - acceptance ** (count(draft_tokens) + 1)) / (1 - acceptance), "token/sequence")


@quantity(unit="token", symbol=r"B_\text{v}", source="leviathan2023", hue="decode")
def verified_tokens(concurrency, draft_tokens):
    """Tokens that are verified at once: every sequence's drafts and one more."""
    return unit(concurrency * (count(draft_tokens) + 1), "token/sequence")


@quantity(unit="share", symbol=r"x_\text{v}", source="epoch2025", hue="weights")
def verification_coverage(experts, experts_per_token, verified_tokens):
    """Share of the experts that a verification touches, if routing is even."""
    return 1 - maximum(0, 1 - experts_per_token / maximum(experts, 1)) ** count(verified_tokens)


@quantity(unit="byte", symbol=r"\beta_\text{v}", source="inferlib", hue="memory")
def verification_bytes(
    decode_bytes, routed_parameters, bytes_per_weight, verification_coverage, expert_coverage
):
    """Bytes that a verification reads: those of a step, and the further experts."""
    return decode_bytes + routed_parameters * bytes_per_weight * (
        verification_coverage - expert_coverage
    )


@quantity(unit="flop", symbol=r"\Phi_\text{v}", source="leviathan2023", hue="compute")
def verification_flops(decode_flops, draft_tokens):
    """Arithmetic of a verification."""
    return decode_flops * (count(draft_tokens) + 1)


@quantity(
    unit="second",
    symbol=r"t_\text{v}",
    source="inferlib",
    hue="decode",
    requires=("fits", "linked"),
)
def verification_time(
    slowdown,
    verification_bytes,
    memory_bandwidth,
    memory_efficiency,
    verification_flops,
    chip_flops,
    compute_efficiency,
    chips,
    overhead_time,
    verification_communication_time,
):
    """Time to verify all drafts in one step of the model."""
    return slowdown * (
        maximum(
            verification_bytes / (chips * memory_bandwidth * memory_efficiency),
            verification_flops / (chips * chip_flops * compute_efficiency),
        )
        + overhead_time
        + verification_communication_time
    )


@quantity(unit="second", symbol=r"t_\text{round}", source="leviathan2023", hue="decode")
def round_time(draft_tokens, draft_cost, step_time, verification_time):
    """Time of a round of speculation: the drafts one by one, then their verification."""
    return count(draft_tokens) * draft_cost * step_time + verification_time


@quantity(unit="1", symbol=r"s_\text{spec}", source="leviathan2023", hue="decode")
def speculation_speedup(tokens_per_round, step_time, round_time):
    """Speed-up of decoding by speculation (below 1: it slows down)."""
    return count(tokens_per_round) * step_time / round_time


@quantity(unit="1", symbol=r"s_\text{ideal}", source="leviathan2023", hue="decode")
def ideal_speculation_speedup(tokens_per_round, draft_tokens, draft_cost):
    """Speed-up by speculation if a verification takes no longer than a step."""
    return count(tokens_per_round) / (count(draft_tokens) * draft_cost + 1)


@quantity(unit="1", symbol=r"w_\text{spec}", source="leviathan2023", hue="compute")
def speculation_work(draft_tokens, tokens_per_round):
    """Arithmetic per output token with speculation, as a multiple of that without."""
    return (count(draft_tokens) + 1) / count(tokens_per_round)


@quantity(unit="dollar/token", symbol=r"c_\text{spec}", source="inferlib", hue="money")
def cost_per_speculated_token(cost_per_output_token, speculation_speedup):
    """Cost of an output token with speculation, the draft on the same chips."""
    return cost_per_output_token / speculation_speedup
