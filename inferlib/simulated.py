"""What a simulation saw: means, quantiles and goodput, with an interval."""

import math
from dataclasses import dataclass

import polars as pl

BATCHES = 20  # of requests, for the interval
STUDENT = 2.093  # 97.5 % point of Student's t for 19 degrees of freedom


@dataclass(frozen=True)
class Simulation:
    """What a simulation saw between warm-up and the end.

    Attributes:
        requests: A row for each request: `arrival_time`, `prompt_tokens`, `output_tokens`, `ttft`,
            `tpot` (null for an answer of one token) and `request_time`, in base units.
        request_rate: Requests a second that arrived.
        concurrency: Sequences in decode, on average over time.
        busy_share: Share of the time in which the system prefilled or decoded.
        output_throughput: Output tokens a second.
    """

    requests: pl.DataFrame
    request_rate: float
    concurrency: float
    busy_share: float
    output_throughput: float

    def mean(self, name: str) -> float:
        """Mean of `ttft`, `tpot` or `request_time`, in base units.

        Raises:
            LookupError: The name is none of these.
            ValueError: No request has it: every answer is one token.
        """
        return sum(values := self._values(name)) / len(values)

    def quantile(self, name: str, share: float) -> float:
        """The value that this share of the requests does not exceed, in base units.

        Raises:
            LookupError: The name is unknown.
            ValueError: The share is not from 0 to 1, or no request has a value.
        """
        if not 0 <= share <= 1:
            raise ValueError(f"'share' is {share!r}; give one from 0 to 1: 0.95 for p95")
        values = sorted(self._values(name))
        return values[max(0, math.ceil(share * len(values)) - 1)]

    def interval(self, name: str) -> float:
        """Half the width of the 95 % interval of the mean, by batch means, in base units.

        Raises:
            LookupError: The name is unknown.
            ValueError: There are too few requests.
        """
        values = self._values(name)
        size = len(values) // BATCHES
        if size < 2:
            raise ValueError(f"{len(values)} requests are too few for an interval; take more")
        means = [sum(values[i * size : (i + 1) * size]) / size for i in range(BATCHES)]
        middle = sum(means) / BATCHES
        spread = sum((one - middle) ** 2 for one in means) / (BATCHES - 1)
        return STUDENT * math.sqrt(spread / BATCHES)

    def goodput(self, *, ttft: float = math.inf, tpot: float = math.inf) -> float:
        """Requests a second that meet both targets (seconds, seconds a token)."""
        late = pl.col("tpot").fill_null(0.0) > tpot
        met = self.requests.filter((pl.col("ttft") <= ttft) & ~late).height
        return self.request_rate * met / self.requests.height

    def _values(self, name: str) -> list[float]:
        if name not in ("ttft", "tpot", "request_time"):
            raise LookupError(f"a simulation has no '{name}'; ask for ttft, tpot or request_time")
        values: list[float] = self.requests[name].drop_nulls().to_list()
        if not values:
            raise ValueError(f"no request has a '{name}'; give answers of more than one token")
        return values
