"""How long a reader waits: the step, TTFT, TPOT, and tokens a second."""

from inferlib.ops import count, maximum, unit, where
from inferlib.quantity import given, quantity

INPUTS = (
    given(
        "layer_time",
        unit="second",
        symbol=r"\tau",
        label="Fixed time per layer",
        source="calibration",
        hue="decode",
        high=0.1,
    ),
    given(
        "expert_layer_time",
        unit="second",
        symbol=r"\tau_\text{e}",
        label="Fixed time that a layer with experts adds",
        source="calibration",
        hue="decode",
        high=0.1,
    ),
    given(
        "all_reduce_latency",
        unit="second",
        symbol=r"\alpha",
        label="Fixed time per all-reduce",
        source="calibration",
        hue="network",
        high=0.1,
    ),
    given(
        "link_bandwidth",
        unit="byte/second",
        symbol=r"\ell",
        label="Bandwidth of a chip's links, one way (0 if none is known)",
        source="catalog",
        hue="network",
        high=1e15,
    ),
    given(
        "link_efficiency",
        unit="share",
        symbol=r"\eta_\ell",
        label="Share of a link's bandwidth that an all-reduce reaches",
        source="calibration",
        hue="network",
        low=0.01,
        high=1,
    ),
    given(
        "slowdown",
        unit="share",
        symbol=r"\mu",
        label="Measured time over calculated time, where this system was measured",
        source="calibration",
        hue="decode",
        low=0.01,
        high=100,
    ),
    given(
        "bytes_per_activation",
        unit="byte",
        symbol=r"s_\text{a}",
        label="Bytes per activation sent between chips",
        source="assumptions",
        hue="network",
        low=0.0625,
        high=8,
    ),
    given(
        "queue_time",
        unit="second/sequence",
        symbol=r"t_\text{queue}",
        label="Wait before prefill",
        source="assumptions",
        high=1e6,
    ),
)


@quantity(unit="second", symbol=r"t_\tau", source="epoch2025", hue="decode")
def overhead_time(layers, layer_time, moe_layers, expert_layer_time):
    """Fixed time of a step: launches and small kernels, more with experts."""
    return layers * layer_time + moe_layers * expert_layer_time


@quantity(
    unit="1",
    symbol=r"\text{linked}",
    source="catalog",
    otherwise="{chips} chips need links between them, and none is known here; use 1 chip",
)
def linked(chips, link_bandwidth):
    """Whether the chips can work together."""
    return where(count(chips) > 1, where(count(link_bandwidth) > 0, 1, 0), 1)


@quantity(unit="second", symbol=r"t_\alpha", source="patarasuk2009", hue="network")
def fixed_communication_time(layers, chips, all_reduce_latency):
    """Fixed time of a step's all-reduces: two a layer, however little they carry."""
    return where(count(chips) > 1, 2 * layers * all_reduce_latency, 0)


def _around_a_ring(message, chips):
    # Each chip's data goes nearly twice around: once to be summed, once to be told.
    return 2 * (count(chips) - 1) * message / count(chips)


@quantity(
    unit="second/token",
    symbol=r"t_\ell",
    source="patarasuk2009",
    hue="network",
    requires=("linked",),
)
def communication_time_per_token(
    layers, chips, model_width, bytes_per_activation, link_bandwidth, link_efficiency
):
    """Time that the all-reduces of one token take on the links: two a layer."""
    return where(
        count(chips) > 1,
        2
        * layers
        * _around_a_ring(unit(model_width * bytes_per_activation, "1/token"), chips)
        / (unit(maximum(count(link_bandwidth), 1), "byte/second") * link_efficiency),
        0,
    )


@quantity(unit="second", symbol=r"t_\text{net}", source="patarasuk2009", hue="network")
def communication_time(fixed_communication_time, concurrency, communication_time_per_token):
    """Time that a decode step spends between chips."""
    return fixed_communication_time + unit(
        concurrency * communication_time_per_token, "token/sequence"
    )


@quantity(unit="second", symbol=r"t_\text{v,net}", source="patarasuk2009", hue="network")
def verification_communication_time(
    fixed_communication_time, verified_tokens, communication_time_per_token
):
    """Time that a verification of drafted tokens spends between chips."""
    return fixed_communication_time + verified_tokens * communication_time_per_token


@quantity(unit="second", symbol=r"t_\text{p,net}", source="patarasuk2009", hue="network")
def prefill_communication_time(
    fixed_communication_time, prompt_tokens, communication_time_per_token
):
    """Time that the prefill of one prompt spends between chips."""
    return fixed_communication_time + unit(prompt_tokens * communication_time_per_token, "sequence")


@quantity(unit="second", symbol="t", source="epoch2025", hue="decode", requires=("fits", "linked"))
def step_time(slowdown, roofline_time, overhead_time, communication_time):
    """Decode step: one token for every sequence of the batch."""
    return slowdown * (roofline_time + overhead_time + communication_time)


@quantity(
    unit="second/sequence",
    symbol=r"t_\text{p,1}",
    source="austin2025",
    hue="prefill",
    requires=("linked",),
)
def lone_prefill_time(slowdown, prefill_roofline_time, overhead_time, prefill_communication_time):
    """Prefill of one prompt, whatever the batch."""
    return slowdown * (
        prefill_roofline_time + unit(overhead_time + prefill_communication_time, "1/sequence")
    )


@quantity(
    unit="second/sequence",
    symbol=r"t_\text{p}",
    source="austin2025",
    hue="prefill",
    requires=("fits",),
)
def prefill_time(lone_prefill_time):
    """Prefill of one prompt, beside a batch that fits."""
    return lone_prefill_time


@quantity(unit="second/sequence", symbol=r"\text{TTFT}", source="zhong2024", hue="prefill")
def ttft(queue_time, prefill_time, step_time):
    """Time to first token: the wait, the prefill, and the step it joins."""
    return queue_time + prefill_time + unit(step_time, "1/sequence")


@quantity(unit="second*sequence/token", symbol=r"\text{TPOT}", source="inferlib", hue="decode")
def tpot(step_time, concurrency, prefill_time, output_tokens):
    """Time per output token: a step, and other requests' prefills between steps."""
    return unit(
        step_time
        + (count(concurrency) - 1) * unit(prefill_time, "sequence") / count(output_tokens),
        "sequence/token",
    )


@quantity(unit="second/sequence", symbol=r"t_\text{e2e}", source="agrawal2024", hue="decode")
def request_time(ttft, output_tokens, tpot):
    """Time to the last token of an answer."""
    return ttft + unit((count(output_tokens) - 1) * tpot, "token/sequence/sequence")


@quantity(unit="token/second/sequence", symbol=r"r", source="pope2022", hue="decode")
def user_throughput(tpot):
    """Tokens a second that one reader sees."""
    return 1 / tpot


@quantity(unit="token/second", symbol="X", source="pope2022", hue="decode")
def output_throughput(concurrency, tpot, prefill_time, output_tokens):
    """Output tokens a second of the batch: each place is taken again at once."""
    return concurrency / (tpot + unit(prefill_time / output_tokens, "sequence"))


@quantity(unit="token/second", symbol=r"X_\text{p}", source="pope2022", hue="prefill")
def prefill_throughput(prompt_tokens, prefill_time):
    """Input tokens a second while a prompt is read."""
    return prompt_tokens / prefill_time


@quantity(unit="flop/second/chip", symbol=r"F_\text{step}", source="williams2009", hue="compute")
def achieved_flops(decode_flops, step_time, chips):
    """Arithmetic rate that a decode step reaches on each chip."""
    return decode_flops / (step_time * chips)


@quantity(unit="share", symbol=r"\text{MFU}", source="chowdhery2022", hue="compute")
def decode_mfu(achieved_flops, chip_flops):
    """MFU of a decode step: its arithmetic rate over the chip's peak."""
    return achieved_flops / chip_flops


@quantity(unit="flop/byte", symbol=r"I_\text{p}", source="williams2009", hue="prefill")
def prefill_intensity(prefill_flops, weight_bytes):
    """Arithmetic intensity of the prefill of one prompt."""
    return unit(prefill_flops / weight_bytes, "sequence")


@quantity(unit="flop/second/chip", symbol=r"F_\text{p}", source="williams2009", hue="prefill")
def prefill_achieved_flops(prefill_flops, prefill_time, chips):
    """Arithmetic rate that a prefill reaches on each chip."""
    return prefill_flops / (prefill_time * chips)
