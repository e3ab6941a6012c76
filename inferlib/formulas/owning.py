"""Owning a chip instead of renting it: capital, electricity, space, and when that is cheaper."""

from inferlib.ops import count, maximum, unit, where
from inferlib.quantity import given, quantity

INPUTS = (
    given(
        "chip_capital",
        unit="dollar/chip",
        symbol="K_0",
        label="Purchase of a chip, with its share of server and network",
        source="inferlib",
        hue="money",
        low=1,
        high=1e8,
    ),
    given(
        "residual_share",
        unit="share",
        symbol=r"\sigma_\text{res}",
        label="Value at the end of use, as a share of the purchase",
        source="inferlib",
        hue="money",
        high=1,
    ),
    given(
        "interest_rate",
        unit="share",
        symbol="i",
        label="Interest a year on the capital",
        source="short1995",
        hue="money",
        high=1,
    ),
    given(
        "hardware_life",
        unit="second",
        symbol=r"T_\text{life}",
        label="Time that hardware is in use",
        source="assumptions",
        low=1e7,
        high=1e9,
    ),
    given(
        "owned_power",
        unit="joule/second/chip",
        symbol=r"Q_\text{own}",
        label="Power to provide for a chip, with its share of server and network",
        source="inferlib",
        hue="energy",
        low=0.01,
        high=1e6,
    ),
    given(
        "power_share",
        unit="share",
        symbol=r"\sigma_Q",
        label="Power that is drawn on average, as a share of the power to provide",
        source="inferlib",
        hue="energy",
        high=1,
    ),
    given(
        "electricity_price",
        unit="dollar/joule",
        symbol=r"p_\text{el}",
        label="Price of electricity",
        source="assumptions",
        hue="money",
        high=1e-6,
    ),
    given(
        "colocation_price",
        unit="dollar/joule",
        symbol=r"p_\text{colo}",
        label="Price of space and cooling, for power that is provided, used or not",
        source="inferlib",
        hue="money",
        high=1e-6,
    ),
    given(
        "maintenance_share",
        unit="share",
        symbol=r"\sigma_\text{maint}",
        label="Maintenance and staff a year, as a share of the purchase",
        source="inferlib",
        hue="money",
        high=1,
    ),
)


@quantity(unit="share", symbol=r"\text{CRF}", source="short1995", hue="money")
def capital_recovery(interest_rate, hardware_life, year):
    """Capital recovery factor: what each year repays of the capital, with interest."""
    return where(
        interest_rate > 1e-6,
        interest_rate / (1 - (1 + maximum(interest_rate, 1e-6)) ** (-(hardware_life / year))),
        year / hardware_life,
    )


@quantity(unit="dollar/second/chip", symbol=r"p_\text{cap}", source="short1995", hue="money")
def capital_price(chip_capital, capital_recovery, residual_share, interest_rate, year):
    """Capital of an owned chip, spread over its life, less its final value."""
    return (
        chip_capital * (capital_recovery - residual_share * (capital_recovery - interest_rate))
    ) / year


@quantity(unit="dollar/second/chip", symbol=r"p_Q", source="barroso2018", hue="money")
def owned_electricity_price(owned_power, power_share, pue, electricity_price):
    """Electricity of an owned chip, with that of the building."""
    return owned_power * power_share * pue * electricity_price


@quantity(unit="dollar/second/chip", symbol=r"p_\text{space}", source="barroso2018", hue="money")
def space_price(owned_power, colocation_price):
    """Space and cooling of an owned chip."""
    return owned_power * colocation_price


@quantity(unit="dollar/second/chip", symbol=r"p_\text{maint}", source="barroso2018", hue="money")
def maintenance_price(chip_capital, maintenance_share, year):
    """Maintenance and staff of an owned chip."""
    return chip_capital * maintenance_share / year


@quantity(unit="dollar/second/chip", symbol=r"p_\text{op}", source="barroso2018", hue="money")
def operating_price(owned_electricity_price, space_price, maintenance_price):
    """What an owned chip costs beyond its capital: electricity, space, maintenance."""
    return owned_electricity_price + space_price + maintenance_price


@quantity(unit="dollar/second/chip", symbol=r"p_\text{own}", source="barroso2018", hue="money")
def owned_price(capital_price, operating_price):
    """Price of an owned chip for every second, used or not."""
    return capital_price + operating_price


@quantity(unit="dollar/second/chip", symbol=r"p_\text{own}/\rho", source="inferlib", hue="money")
def useful_owned_price(owned_price, utilization):
    """Price of an owned chip for the time in which it is used."""
    return owned_price / utilization


@quantity(unit="share", symbol=r"\rho_\text{own}^*", source="inferlib", hue="money")
def owning_break_even(owned_price, chip_price):
    """Utilisation above which owning is cheaper than renting by use (above 100 %: never)."""
    return owned_price / chip_price


@quantity(unit="dollar/second/chip", symbol=r"\rho p_\text{chip}", source="inferlib", hue="money")
def rent_by_use(chip_price, utilization):
    """Rent of a chip that is paid in use alone, spread over all the time."""
    return chip_price * utilization


@quantity(unit="dollar/second/chip", symbol=r"\Delta p", source="inferlib", hue="money")
def avoided_rent(rent_by_use, operating_price):
    """Rent that an owned chip saves, less its running cost (at least 0)."""
    return maximum(0, rent_by_use - operating_price)


@quantity(
    unit="1",
    symbol=r"\text{repaid}",
    source="inferlib",
    otherwise="a chip rented at {chip_price} for {utilization} of the time costs less than the "
    "{operating_price} of running an owned one, so that a purchase is never paid back",
)
def pays_back(avoided_rent):
    """Whether an owned chip is paid back at all."""
    return where(count(avoided_rent) > 0, 1, 0)


@quantity(
    unit="second", symbol=r"T_\text{back}", source="inferlib", hue="money", requires=("pays_back",)
)
def payback_time(chip_capital, avoided_rent):
    """Time until the rent that is saved has paid for the chip, without interest."""
    return chip_capital / unit(maximum(count(avoided_rent), 1e-15), "dollar/second/chip")
