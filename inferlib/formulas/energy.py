"""Power and energy: of the chips alone, of their host, and of the building around them."""

from inferlib.ops import unit
from inferlib.quantity import given, quantity

INPUTS = (
    given(
        "chip_power",
        unit="joule/second/chip",
        symbol=r"Q",
        label="Rated power of a chip",
        source="catalog",
        hue="energy",
        low=0.01,
        high=1e6,
    ),
    given(
        "idle_power_share",
        unit="share",
        symbol=r"q_0",
        label="Power of an idle chip, as a share of its rated power",
        source="assumptions",
        hue="energy",
        high=1,
    ),
    given(
        "decode_activity",
        unit="share",
        symbol=r"y_\text{d}",
        label="Activity in decode: 0 draws idle power, 1 draws rated power",
        source="calibration",
        hue="energy",
        low=0.01,
        high=1,
    ),
    given(
        "prefill_activity",
        unit="share",
        symbol=r"y_\text{p}",
        label="Activity in prefill: 0 draws idle power, 1 draws rated power",
        source="assumptions",
        hue="energy",
        low=0.01,
        high=1,
    ),
    given(
        "energy_excess",
        unit="share",
        symbol=r"\mu_\text{e}",
        label="Measured energy over calculated energy, where the chip was measured",
        source="calibration",
        hue="energy",
        low=0.01,
        high=100,
    ),
    given(
        "host_power_share",
        unit="share",
        symbol=r"q_\text{host}",
        label="Power of the host, as a share of its chips' rated power",
        source="assumptions",
        hue="energy",
        high=10,
    ),
    given(
        "pue",
        unit="1",
        symbol=r"\text{PUE}",
        label="PUE: energy of the building over that of its computers",
        source="assumptions",
        hue="energy",
        low=1,
        high=5,
    ),
    given(
        "site_power",
        unit="joule/second",
        symbol=r"Q_\text{site}",
        label="Electric power of a site",
        source="assumptions",
        hue="energy",
        low=1,
        high=1e12,
    ),
    given(
        "year",
        unit="second",
        symbol=r"T_\text{year}",
        label="Length of a year",
        source="assumptions",
        low=3.15e7,
        high=3.17e7,
    ),
)


def _drawn(rated, idle_share, activity):
    return rated * (idle_share + (1 - idle_share) * activity)


@quantity(unit="joule/second/chip", symbol=r"Q_\text{d}", source="fan2007", hue="energy")
def decode_chip_power(chip_power, idle_power_share, decode_activity):
    """Power of a chip in decode."""
    return _drawn(chip_power, idle_power_share, decode_activity)


@quantity(unit="joule/second/chip", symbol=r"Q_\text{p}", source="fan2007", hue="energy")
def prefill_chip_power(chip_power, idle_power_share, prefill_activity):
    """Power of a chip in prefill."""
    return _drawn(chip_power, idle_power_share, prefill_activity)


@quantity(unit="joule/second", symbol=r"Q_\text{host}", source="elsworth2025", hue="energy")
def host_power(chips, chip_power, host_power_share):
    """Power of the host: processors, memory, network and fans, busy or not."""
    return chips * chip_power * host_power_share


@quantity(unit="joule/second", symbol=r"Q_\text{idle}", source="elsworth2025", hue="energy")
def idle_power(chips, chip_power, idle_power_share, host_power):
    """Power of a system that waits: its idle chips and their host."""
    return chips * chip_power * idle_power_share + host_power


@quantity(unit="joule/second", symbol=r"Q_\text{fac}", source="barroso2018", hue="energy")
def rated_facility_power(chips, chip_power, host_power, pue):
    """Power to provide for a system: rated chips, host and building."""
    return (chips * chip_power + host_power) * pue


@quantity(unit="joule/token", symbol="e", source="inferlib", hue="energy")
def energy_per_output_token(energy_excess, chips, decode_chip_power, step_time, concurrency):
    """Energy of an output token: the chips alone, in its share of a decode step."""
    return (
        energy_excess * chips * decode_chip_power * unit(step_time, "sequence/token") / concurrency
    )


@quantity(unit="joule/token", symbol=r"e_\text{in}", source="inferlib", hue="energy")
def energy_per_input_token(energy_excess, chips, prefill_chip_power, prefill_time, prompt_tokens):
    """Energy of an input token: the chips alone, in its share of the prefill."""
    return energy_excess * chips * prefill_chip_power * prefill_time / prompt_tokens


@quantity(unit="token/joule", symbol="1/e", source="inferlib", hue="energy")
def tokens_per_joule(energy_per_output_token):
    """Output tokens a joule: the chips alone, in decode."""
    return 1 / energy_per_output_token


@quantity(unit="joule/sequence", symbol=r"e_\text{chip}", source="inferlib", hue="energy")
def energy_per_request(
    prompt_tokens, energy_per_input_token, output_tokens, energy_per_output_token
):
    """Energy of a request: the chips alone, prompt and answer."""
    return prompt_tokens * energy_per_input_token + output_tokens * energy_per_output_token


@quantity(unit="second/sequence", symbol=r"t_\text{busy}", source="inferlib")
def busy_time_per_request(prefill_time, output_tokens, step_time, concurrency):
    """Time that a request keeps a system busy: prefill and share of steps."""
    return prefill_time + output_tokens * unit(step_time, "sequence/token") / concurrency


@quantity(unit="joule/sequence", symbol=r"e_\text{host}", source="elsworth2025", hue="energy")
def host_energy_per_request(host_power, busy_time_per_request):
    """Energy of the host during a request."""
    return host_power * busy_time_per_request


@quantity(unit="joule/sequence", symbol=r"e_\text{sys}", source="inferlib", hue="energy")
def system_energy_per_request(energy_per_request, host_energy_per_request):
    """Energy of a request at the plug: the chips and their host."""
    return energy_per_request + host_energy_per_request


@quantity(unit="joule/sequence", symbol=r"e_\text{idle}", source="elsworth2025", hue="energy")
def idle_energy_per_request(idle_power, busy_time_per_request, utilization):
    """Energy of the idle time that a request has to carry."""
    return idle_power * busy_time_per_request * (1 - utilization) / utilization


@quantity(unit="joule/sequence", symbol=r"e_\text{over}", source="elsworth2025", hue="energy")
def overhead_energy_per_request(system_energy_per_request, idle_energy_per_request, pue):
    """Energy of the building for a request: cooling and conversion."""
    return (system_energy_per_request + idle_energy_per_request) * (pue - 1)


@quantity(unit="joule/sequence", symbol=r"e_\text{req}", source="elsworth2025", hue="energy")
def facility_energy_per_request(
    system_energy_per_request, idle_energy_per_request, overhead_energy_per_request
):
    """Energy of a request at the meter: chips, host, idle time and building."""
    return system_energy_per_request + idle_energy_per_request + overhead_energy_per_request


@quantity(unit="1", symbol=r"b_\text{e}", source="elsworth2025", hue="energy")
def energy_boundary_factor(facility_energy_per_request, energy_per_request):
    """Energy of a request at the meter over that of the chips alone."""
    return facility_energy_per_request / energy_per_request


def _at_meter(busy_power, idle_power, utilization, pue):
    return (busy_power + idle_power * (1 - utilization) / utilization) * pue


@quantity(unit="joule/token", symbol=r"e_\text{fac,out}", source="inferlib", hue="energy")
def facility_energy_per_output_token(
    energy_excess,
    chips,
    decode_chip_power,
    host_power,
    idle_power,
    utilization,
    pue,
    step_time,
    concurrency,
):
    """Energy of an output token at the meter: chips, host, idle time and building."""
    return (
        _at_meter(
            energy_excess * chips * decode_chip_power + host_power, idle_power, utilization, pue
        )
        * unit(step_time, "sequence/token")
        / concurrency
    )


@quantity(unit="joule/token", symbol=r"e_\text{fac,in}", source="inferlib", hue="energy")
def facility_energy_per_input_token(
    energy_excess,
    chips,
    prefill_chip_power,
    host_power,
    idle_power,
    utilization,
    pue,
    prefill_time,
    prompt_tokens,
):
    """Energy of an input token at the meter: chips, host, idle time and building."""
    return (
        _at_meter(
            energy_excess * chips * prefill_chip_power + host_power, idle_power, utilization, pue
        )
        * prefill_time
        / prompt_tokens
    )


@quantity(unit="chip", symbol=r"n_\text{site}", source="inferlib", hue="energy")
def site_chips(site_power, chips, rated_facility_power):
    """Chips that the power of a site feeds."""
    return site_power * chips / rated_facility_power


@quantity(unit="token/second", symbol=r"X_\text{site}", source="inferlib", hue="energy")
def site_throughput(site_chips, chips, output_throughput):
    """Output tokens a second that the power of a site allows."""
    return site_chips / chips * output_throughput


@quantity(unit="token", symbol=r"O_\text{site}", source="inferlib", hue="energy")
def site_tokens_per_year(site_throughput, utilization, year):
    """Output tokens in a year that the power of a site allows."""
    return site_throughput * utilization * year


@quantity(unit="dollar", symbol=r"c_\text{site}", source="inferlib", hue="money")
def site_cost_per_year(site_chips, chip_price, year):
    """Price of all the chips of a site for a year."""
    return site_chips * chip_price * year
