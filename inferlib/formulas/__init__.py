"""The formulas, one module a subject, gathered into one graph."""

from inferlib.formulas import (
    architecture,
    attention,
    compute,
    cost,
    energy,
    latency,
    memory,
    training,
)
from inferlib.quantity import gather

quantities = gather(architecture, attention, memory, compute, latency, cost, energy, training)
