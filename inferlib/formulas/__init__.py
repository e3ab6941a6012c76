"""The formulas, one module a subject, gathered into one graph."""

from inferlib.formulas import architecture, compute, cost, energy, latency, memory, training
from inferlib.quantity import gather

quantities = gather(architecture, memory, compute, latency, cost, energy, training)
