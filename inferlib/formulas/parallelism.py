"""What chips that share a model tell each other: collectives, and the all-to-all of experts."""

from inferlib.ops import count, log2, maximum, minimum, unit, where
from inferlib.quantity import given, quantity

INPUTS = (
    given(
        "hop_latency",
        unit="second",
        symbol=r"\alpha_\text{hop}",
        label="Fixed time of a message from chip to chip",
        source="assumptions",
        hue="network",
        high=0.1,
    ),
    given(
        "bytes_per_dispatched_value",
        unit="byte",
        symbol=r"s_\text{disp}",
        label="Bytes per value sent to an expert",
        source="assumptions",
        hue="network",
        low=0.0625,
        high=8,
    ),
    given(
        "bytes_per_combined_value",
        unit="byte",
        symbol=r"s_\text{comb}",
        label="Bytes per value sent back from an expert",
        source="assumptions",
        hue="network",
        low=0.0625,
        high=8,
    ),
    given(
        "copy_limit",
        unit="1",
        symbol=r"k_\text{max}",
        label="Most copies of a token that are sent, where routing limits the nodes",
        source="assumptions",
        hue="network",
        low=1,
        high=1e5,
    ),
    given(
        "expert_imbalance",
        unit="1",
        symbol=r"\iota",
        label="Traffic of the busiest chip, as a multiple of the mean",
        source="assumptions",
        hue="network",
        low=1,
        high=1e3,
    ),
)


def _speed(link_bandwidth):
    # Where no link is known times are absurd but finite, and `linked` says why.
    return unit(maximum(count(link_bandwidth), 1), "byte/second")


def _ring(steps, chips, hop_latency, message_bytes, link_bandwidth):
    return steps * (hop_latency + message_bytes / (count(chips) * _speed(link_bandwidth)))


@quantity(unit="byte", symbol=r"m_\text{net}", source="austin2025", hue="network")
def message_bytes(concurrency, model_width, bytes_per_activation):
    """Bytes of a batch's activations between two layers."""
    return count(concurrency) * model_width * bytes_per_activation


@quantity(
    unit="second",
    symbol=r"t_\text{gather}",
    source="thakur2005",
    requires=("linked",),
    hue="network",
)
def all_gather_time(chips, hop_latency, message_bytes, link_bandwidth):
    """All-gather around a ring: each chip receives the parts of all others."""
    return _ring(count(chips) - 1, chips, hop_latency, message_bytes, link_bandwidth)


@quantity(
    unit="second",
    symbol=r"t_\text{scatter}",
    source="thakur2005",
    requires=("linked",),
    hue="network",
)
def reduce_scatter_time(chips, hop_latency, message_bytes, link_bandwidth):
    """Reduce-scatter around a ring: each chip ends with the sum of one part."""
    return _ring(count(chips) - 1, chips, hop_latency, message_bytes, link_bandwidth)


@quantity(
    unit="second",
    symbol=r"t_\text{ring}",
    source="patarasuk2009",
    requires=("linked",),
    hue="network",
)
def ring_all_reduce_time(reduce_scatter_time, all_gather_time):
    """All-reduce around a ring: a reduce-scatter, then an all-gather of the sums."""
    return reduce_scatter_time + all_gather_time


@quantity(
    unit="second",
    symbol=r"t_\text{tree}",
    source="sanders2009",
    requires=("linked",),
    hue="network",
)
def tree_all_reduce_time(chips, hop_latency, message_bytes, link_bandwidth):
    """All-reduce over two trees: sums climb to a root, results come down."""
    return where(
        count(chips) > 1,
        2 * (log2(count(chips)) * hop_latency + message_bytes / _speed(link_bandwidth)),
        0,
    )


@quantity(
    unit="second",
    symbol=r"t_\text{ar}",
    source="nccl",
    requires=("linked",),
    hue="network",
)
def all_reduce_time(ring_all_reduce_time, tree_all_reduce_time):
    """All-reduce by ring or tree, whichever is quicker."""
    return minimum(ring_all_reduce_time, tree_all_reduce_time)


@quantity(unit="1", symbol=r"k_\text{sent}", source="deepseek2024v3", hue="network")
def copies_per_token(experts_per_token, chips, copy_limit):
    """Copies of a token sent to the chips or nodes of its experts."""
    return minimum(experts_per_token, minimum(count(chips), copy_limit))


def _crossing(concurrency, copies_per_token, model_width, size, chips):
    # Of n chips, one in n is the sender itself.
    copies = count(concurrency) * copies_per_token * (count(chips) - 1) / count(chips)
    return copies * model_width * size


@quantity(unit="byte", symbol=r"D_\text{disp}", source="deepseek2025", hue="network")
def dispatch_bytes(concurrency, copies_per_token, model_width, bytes_per_dispatched_value, chips):
    """Bytes of a batch's tokens that cross links to one layer's experts."""
    return _crossing(concurrency, copies_per_token, model_width, bytes_per_dispatched_value, chips)


@quantity(unit="byte", symbol=r"D_\text{comb}", source="deepseek2025", hue="network")
def combine_bytes(concurrency, copies_per_token, model_width, bytes_per_combined_value, chips):
    """Bytes of results that cross links back from one layer's experts."""
    return _crossing(concurrency, copies_per_token, model_width, bytes_per_combined_value, chips)


@quantity(
    unit="second",
    symbol=r"t_\text{a2a}",
    source="deepseek2025",
    requires=("linked",),
    hue="network",
)
def all_to_all_time(
    moe_layers,
    chips,
    hop_latency,
    dispatch_bytes,
    combine_bytes,
    expert_imbalance,
    link_bandwidth,
):
    """All-to-all time of a decode step: dispatch and combine, all layers."""
    return where(
        count(chips) > 1,
        moe_layers
        * (
            2 * hop_latency
            + expert_imbalance
            * (dispatch_bytes + combine_bytes)
            / (count(chips) * _speed(link_bandwidth))
        ),
        0,
    )


@quantity(
    unit="second",
    symbol=r"t_\text{e,ar}",
    source="austin2025",
    requires=("linked",),
    hue="network",
)
def expert_all_reduce_time(moe_layers, all_reduce_time):
    """Time of all-reduces in a decode step if all chips split every expert."""
    return moe_layers * all_reduce_time


@quantity(
    unit="1",
    symbol=r"t_\text{a2a}/t_\text{e,ar}",
    source="inferlib",
    requires=("linked",),
    hue="network",
)
def all_to_all_ratio(all_to_all_time, expert_all_reduce_time):
    """All-to-all of whole experts over all-reduces of split ones, in time."""
    return count(all_to_all_time) / where(
        count(expert_all_reduce_time) > 0, count(expert_all_reduce_time), 1
    )
