"""The formulas, one module a subject, gathered into one graph."""

from inferlib.formulas import (
    architecture,
    attention,
    compute,
    cost,
    energy,
    latency,
    levers,
    lifetime,
    linear,
    margin,
    memory,
    owning,
    parallelism,
    routing,
    sparse,
    speculation,
    training,
)
from inferlib.quantity import gather

quantities = gather(
    architecture,
    attention,
    linear,
    sparse,
    memory,
    compute,
    latency,
    parallelism,
    cost,
    energy,
    training,
    lifetime,
    speculation,
    levers,
    routing,
    owning,
    margin,
)
