"""Carbon of a request: of its electricity, and of making the hardware."""

from inferlib.quantity import given, quantity

INPUTS = (
    given(
        "carbon_intensity",
        unit="gram/joule",
        symbol=r"g",
        label="Carbon of electricity where it is used, in CO2 equivalents",
        source="ember2023",
        hue="energy",
        high=1e-3,
    ),
    given(
        "embodied_carbon",
        unit="gram/chip",
        symbol=r"g_\text{chip}",
        label="Carbon of making a chip and its part of the server",
        source="rince2025",
        hue="energy",
        high=1e9,
    ),
)


@quantity(unit="gram/sequence", symbol=r"g_\text{use}", source="ghg2015", hue="energy")
def operational_carbon_per_request(facility_energy_per_request, carbon_intensity):
    """Carbon of the electricity of a request, where it is used."""
    return facility_energy_per_request * carbon_intensity


@quantity(unit="gram/sequence", symbol=r"g_\text{make}", source="rince2025", hue="energy")
def embodied_carbon_per_request(
    chips, embodied_carbon, busy_time_per_request, utilization, hardware_life
):
    """Carbon of making the hardware, for the time that a request uses it."""
    return chips * embodied_carbon * busy_time_per_request / (utilization * hardware_life)


@quantity(unit="gram/sequence", symbol=r"g_\text{req}", source="rince2025", hue="energy")
def carbon_per_request(operational_carbon_per_request, embodied_carbon_per_request):
    """Carbon of a request: electricity and hardware."""
    return operational_carbon_per_request + embodied_carbon_per_request
