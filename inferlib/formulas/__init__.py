"""The formulas, one module a subject, gathered into one graph."""

from inferlib.formulas import (
    architecture,
    attention,
    compute,
    cost,
    energy,
    latency,
    linear,
    memory,
    parallelism,
    sparse,
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
)
