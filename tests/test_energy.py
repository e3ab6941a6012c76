"""Power, energy, carbon and devices: limits, directions, and power times time."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_limits import grows, served, situations, value

import inferlib as il
from inferlib.show import SPACE, show

DAY = 86400
RATED = {"decode_activity": 1, "prefill_activity": 1}
PRICES = {"input_price": 0.15e-6, "output_price": 0.6e-6, "memory_price": 1e-8}
shares = st.floats(0.02, 1)


def on_device(**named: float | str) -> il.Scenario:
    """A small model in four bits on a laptop, for one reader."""
    laptop = PRICES | {"weights": "int4", "requests_per_user": 1e-3}
    return served(**{"chip": "apple-m3-max", "chip_power": 90, **laptop, **named})


# Power


@given(situations(), shares)
def test_rated_power_gives_the_energy_at_rated_power(situation: il.Scenario, idle: float) -> None:
    rated = situation.but(decode_activity=1, idle_power_share=idle)
    found = il.solve("tokens_per_joule", **rated)
    spent = found["chips"] * found["chip_power"] * found["step_time"] / found["concurrency"]
    assert found["energy_per_output_token"] == pytest.approx(spent, rel=1e-9)
    assert found["tokens_per_joule"] * spent == pytest.approx(1)


@given(st.floats(0, 1), shares, shares)
def test_power_lies_between_idle_and_rated(idle: float, less: float, more: float) -> None:
    less, more = sorted((less, more))
    for phase in ("decode", "prefill"):
        known = {"chip_power": 700, "idle_power_share": idle}
        low, high = (
            value(f"{phase}_chip_power", known | {f"{phase}_activity": y}) for y in (less, more)
        )
        assert grows(700 * idle, low)
        assert grows(low, high)
        assert grows(high, 700)


@given(situations(), shares)
def test_more_of_anything_around_the_chips_is_more_at_the_meter(
    situation: il.Scenario, share: float
) -> None:
    start = situation.but(host_power_share=share, pue=1 + share, utilization=share)
    meter = value("facility_energy_per_request", start)
    chips = value("energy_per_request", start)
    assert grows(chips, meter)
    for change in ({"host_power_share": 2 * share}, {"pue": 1 + 2 * share}):
        assert value("facility_energy_per_request", start.but(**change)) > meter
        assert value("energy_per_request", start.but(**change)) == chips
    assert grows(value("facility_energy_per_request", start.but(utilization=1)), meter)


@given(situations())
def test_with_nothing_around_the_chips_the_meter_shows_the_chips(situation: il.Scenario) -> None:
    bare = situation.but(host_power_share=0, pue=1, utilization=1)
    found = il.solve(["energy_boundary_factor", "facility_energy_per_output_token"], **bare)
    assert found["energy_boundary_factor"] == pytest.approx(1, rel=1e-12)
    assert found["facility_energy_per_output_token"] == pytest.approx(
        found["chips"] * found["decode_chip_power"] * found["step_time"] / found["concurrency"]
    )


# The fault of another calculator: energy without input tokens


def test_the_prompt_takes_energy_too() -> None:
    short, long = served(prompt_tokens=1000), served(prompt_tokens=32_000)
    found, more = (il.solve("energy_per_request", **one) for one in (short, long))
    read = more["prompt_tokens"] * more["energy_per_input_token"]
    assert read == pytest.approx(700 * more["prefill_time"], rel=1e-9)
    assert more["energy_per_request"] > found["energy_per_request"]
    crowd = il.solve("energy_per_request", **long.but(concurrency=64))
    assert read > crowd["output_tokens"] * crowd["energy_per_output_token"]


@given(situations())
def test_every_count_of_a_request_has_its_prompt(situation: il.Scenario) -> None:
    counts = ("energy_per_request", "facility_energy_per_request", "carbon_per_request")
    names = [*counts, "busy_time_per_request"]
    free, paid = (il.solve(names, **situation.but(prefill_time=t)) for t in (0.0, 10.0))
    for name in counts:
        assert paid[name] > free[name], name


# Power times time


@given(situations(), shares)
def test_a_busy_day_spends_what_its_requests_are_charged(
    situation: il.Scenario, share: float
) -> None:
    names = ["facility_energy_per_request", "facility_energy_per_input_token",
             "facility_energy_per_output_token", "system_energy_per_request"]  # fmt: skip
    found = il.solve(names, **situation.but(utilization=share, host_power_share=0.4, pue=1.3))
    reading, writing = (
        found["chips"] * found[f"{phase}_chip_power"] + found["host_power"]
        for phase in ("prefill", "decode")
    )
    decode_time = found["output_tokens"] * found["step_time"] / found["concurrency"]
    each = found["prefill_time"] + decode_time
    requests = share * DAY / each
    spent = requests * (reading * found["prefill_time"] + writing * decode_time)
    assert requests * found["system_energy_per_request"] == pytest.approx(spent, rel=1e-9)
    meter = 1.3 * (spent + (1 - share) * DAY * found["idle_power"])
    assert requests * found["facility_energy_per_request"] == pytest.approx(meter, rel=1e-9)
    tokens = (
        found["prompt_tokens"] * found["facility_energy_per_input_token"]
        + found["output_tokens"] * found["facility_energy_per_output_token"]
    )
    assert requests * tokens == pytest.approx(meter, rel=1e-9)


@given(situations())
def test_a_day_at_full_power_spends_what_is_provided(situation: il.Scenario) -> None:
    full = situation.but(**RATED, utilization=1)
    found = il.solve(["facility_energy_per_request", "rated_facility_power"], **full)
    requests = DAY / found["busy_time_per_request"]
    spent = requests * found["facility_energy_per_request"]
    assert spent == pytest.approx(found["rated_facility_power"] * DAY, rel=1e-9)


@given(situations(), shares)
def test_no_day_spends_more_than_is_provided(situation: il.Scenario, share: float) -> None:
    names = ["facility_energy_per_request", "rated_facility_power"]
    found = il.solve(names, **situation.but(utilization=share))
    mean = found["facility_energy_per_request"] * share / found["busy_time_per_request"]
    assert grows(mean, found["rated_facility_power"])


@given(situations(), shares)
def test_a_site_is_its_systems(situation: il.Scenario, share: float) -> None:
    names = ["site_tokens_per_year", "site_cost_per_year", "site_throughput"]
    one = il.solve("rated_facility_power", **situation)["rated_facility_power"]
    found = il.solve(names, **situation.but(site_power=3 * one, utilization=share))
    assert found["site_chips"] == pytest.approx(3 * found["chips"], rel=1e-9)
    assert found["site_throughput"] == pytest.approx(3 * found["output_throughput"], rel=1e-9)
    written = found["site_throughput"] * share * found["year"]
    assert found["site_tokens_per_year"] == pytest.approx(written, rel=1e-9)


@given(situations(), shares)
def test_a_life_of_requests_carries_the_making_of_the_hardware(
    situation: il.Scenario, share: float
) -> None:
    found = il.solve("carbon_per_request", **situation.but(utilization=share))
    requests = share * found["hardware_life"] / found["busy_time_per_request"]
    made = found["chips"] * found["embodied_carbon"]
    assert requests * found["embodied_carbon_per_request"] == pytest.approx(made, rel=1e-9)
    assert found["carbon_per_request"] == pytest.approx(
        found["operational_carbon_per_request"] + found["embodied_carbon_per_request"]
    )


# Devices


def test_a_crowd_on_a_server_gets_more_tokens_a_joule_than_one_reader_at_home() -> None:
    server = served(chip="h100-sxm", weights="int4", concurrency=64)
    assert value("tokens_per_joule", server) > value("tokens_per_joule", on_device())
    alone = value("tokens_per_joule", server.but(concurrency=1))
    assert alone < value("tokens_per_joule", server)


@given(shares)
def test_a_hot_device_is_slower_and_its_charge_writes_as_much(share: float) -> None:
    names = ["sustained_throughput", "battery_tokens", "battery_time", "user_throughput"]
    cool, hot = (il.solve(names, **on_device(sustained_share=z)) for z in (1, share))
    assert hot["sustained_throughput"] == pytest.approx(share * cool["user_throughput"])
    assert hot["battery_tokens"] == cool["battery_tokens"]
    assert hot["battery_time"] * share == pytest.approx(cool["battery_time"])
    drained = hot["battery_requests"] * hot["system_energy_per_request"]
    assert drained == pytest.approx(hot["battery_energy"])


def test_a_longer_prompt_drains_the_battery() -> None:
    few, many = (
        value("battery_tokens", on_device(prompt_tokens=tokens)) for tokens in (1000, 8000)
    )
    assert many < few


@given(st.floats(1e-9, 1e-7), st.floats(0, 5e-8))
def test_at_break_even_device_and_cloud_cost_the_same(memory: float, electricity: float) -> None:
    start = on_device(memory_price=memory, electricity_price=electricity)
    found = il.solve("break_even_requests", **start)
    assert "device_saves" not in found.why
    level = start.but(requests_per_user=min(1, max(1e-9, found["break_even_requests"])))
    both = il.solve(["device_cost_per_request", "request_price"], **level)
    assert both["device_cost_per_request"] == pytest.approx(both["request_price"], rel=1e-9)


def test_a_device_that_never_pays_says_why() -> None:
    dear = il.solve("break_even_requests", **on_device(electricity_price=9e-7))
    assert list(dear.why) == ["device_saves"]
    assert "no number of requests pays for the memory" in dear.why["device_saves"]
    assert 0 < dear["break_even_requests"] < 1
    slow = il.solve("break_even_requests", **on_device(memory_price=1e-6, sustained_share=0.01))
    assert list(slow.why) == ["device_keeps_up"]
    assert "would keep the device busy for" in slow.why["device_keeps_up"]
    assert il.solve("break_even_requests", **on_device()).feasible


# What cannot be


@pytest.mark.parametrize(
    ("name", "bad"),
    [("decode_activity", 0), ("decode_activity", 1.5), ("idle_power_share", -0.1), ("pue", 0.9),
     ("chip_power", 0), ("carbon_intensity", float("nan")), ("battery_energy", float("inf")),
     ("utilization", 0), ("hardware_life", 0)],
)  # fmt: skip
def test_what_is_no_sensible_input_is_refused(name: str, bad: float) -> None:
    with pytest.raises(ValueError, match=f"'{name}' is .*; give "):
        served(**{name: bad})


@pytest.mark.parametrize(
    ("number", "unit", "text"),
    [
        (864, "joule/sequence", "0.24 Wh"),
        (4.5e6, "joule", "1.25 kWh"),
        (13840, "joule/second", "13.8 kW"),
        (0.03, "gram/sequence", "30 mg"),
        (985500, "gram/chip", "986 kg"),
        (436 / 3.6e6, "gram/joule", "436 g/kWh"),
        (0.1557 / 3.6e6, "dollar/joule", "$0.16/kWh"),
        (1e-8, "dollar/byte", "$10/GB"),
    ],
)
def test_energy_and_mass_read_as_people_write_them(number: float, unit: str, text: str) -> None:
    assert show(number, unit).replace(SPACE, " ") == text
