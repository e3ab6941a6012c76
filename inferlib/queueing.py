"""Waiting lines that no single formula holds: many servers, and how many to plan for."""

import math
from collections.abc import Iterable
from sys import float_info

import polars as pl

MOST = 10_000_000  # servers; each is a step of the recursion


def erlang_b(servers: int, offered_load: float) -> float:
    """Chance that all servers are busy when those who find no server leave.

    Args:
        servers: How many requests are served at once (sequences): replicas times their batch.
        offered_load: Request rate times service time (sequences), 0 or more.

    Raises:
        TypeError: `servers` is not a whole number.
        ValueError: `servers` is below 1, or the load is negative or not finite.
    """
    _check(servers, offered_load)
    blocked = 1.0
    for n in range(1, servers + 1):  # by recursion: factorials overflow
        blocked = offered_load * blocked / (n + offered_load * blocked)
    return blocked


def erlang_c(servers: int, offered_load: float) -> float:
    """Chance that a request has to wait, if requests come at random and service times vary as 1.

    Example:
        >>> round(il.erlang_c(10, 8.0), 3)
        0.409

    Args:
        servers: How many requests are served at once (sequences): replicas times their batch.
        offered_load: Request rate times service time (sequences), 0 or more.

    Returns:
        A share; 1 where the load is that of all servers or more, and the queue never ends.

    Raises:
        TypeError: `servers` is not a whole number.
        ValueError: `servers` is below 1, or the load is negative or not finite.
    """
    blocked = erlang_b(servers, offered_load)
    if offered_load >= servers:
        return 1.0
    return blocked / (1 - offered_load / servers * (1 - blocked))


def erlang_wait(
    servers: int, request_rate: float, service_time: float, longer_than: float | None = None
) -> float:
    """Mean wait for one of many servers (second), or the chance to wait longer than a time.

    Example:
        >>> round(il.erlang_wait(10, request_rate=0.8, service_time=10), 2)    # second
        2.05

    Args:
        servers: How many requests are served at once (sequences).
        request_rate: Requests a second.
        service_time: Time that one request keeps a server (second), above 0.
        longer_than: A wait (second); if given, the chance of a longer one is returned.

    Raises:
        TypeError: `servers` is not a whole number.
        ValueError: A number is out of range, or the servers cannot keep up.
    """
    _check(servers, request_rate, "request_rate")
    _positive("service_time", service_time)
    offered = request_rate * service_time
    _at_most("request_rate * service_time", offered)
    if offered >= servers:
        least = math.floor(offered) + 1
        raise ValueError(
            f"{offered:g} sequences ask for {servers} servers at once, so the queue never ends; "
            f"take {least} servers or more"
        )
    waits = erlang_c(servers, offered)
    spare = (servers - offered) / service_time  # requests a second that the servers could take more
    if longer_than is None:
        return waits / spare
    _check(1, longer_than, "longer_than")
    return waits * math.exp(-spare * longer_than)


def servers_needed(offered_load: float, waiting: float = 0.2) -> int:
    """Least number of servers at which no more than a share of the requests has to wait.

    About `offered_load + beta sqrt(offered_load)` for large loads (Halfin and Whitt 1981): what is
    pooled needs less room beside its mean.

    Example:
        >>> il.servers_needed(8.0)    # for at most 20 % who wait
        12

    Args:
        offered_load: Request rate times service time (sequences), up to 1e7.
        waiting: Largest share of requests that may wait, above 0 and below 1.

    Raises:
        ValueError: A number is out of range.
    """
    _check(1, offered_load)
    _check(1, waiting, "waiting")
    if not 0 < waiting < 1:
        raise ValueError(f"'waiting' is {waiting!r}; give a share above 0 and below 1")
    _at_most("offered_load", offered_load)
    blocked, n = 1.0, 0
    while True:
        n += 1
        blocked = offered_load * blocked / (n + offered_load * blocked)
        if n > offered_load and blocked <= waiting * (1 - offered_load / n * (1 - blocked)):
            return n


def capacity_plan(
    request_rates: Iterable[float], rate_per_replica: float, *, spare: int = 0
) -> pl.DataFrame:
    """Replicas for a profile of demand, held all the time or scaled with each hour.

    Args:
        request_rates: Requests a second in each hour (or other equal spans) of the profile.
        rate_per_replica: Requests a second that one replica takes within its targets, such as
            `goodput_request_rate`.
        spare: Replicas beside those that the demand needs, for failures (N + k).

    Returns:
        A row for each hour: `request_rate` (sequence/second), `replicas` (scaled with the hour),
        `peak_replicas` (held all the time), and their `utilization` and `peak_utilization`
        (shares; 0 without a replica).

    Raises:
        TypeError: `spare` is not a whole number.
        ValueError: A number is out of range, or the profile is empty.
    """
    profile = list(request_rates)
    if not profile:
        raise ValueError("'request_rates' is empty; give the requests a second of each hour")
    for one in profile:
        _check(1, one, "request_rates")
    _positive("rate_per_replica", rate_per_replica)
    if type(spare) is not int:
        raise TypeError(f"'spare' is {spare!r}; give a whole number of replicas")
    if spare < 0:
        raise ValueError(f"'spare' is {spare}; give 0 or more replicas")
    rate, replicas = pl.col("request_rate"), pl.col("replicas")
    frame = pl.DataFrame({"request_rate": [float(one) for one in profile]})
    frame = frame.with_columns(replicas=(rate / rate_per_replica).ceil() + spare)
    frame = frame.with_columns(peak_replicas=replicas.max())
    return frame.with_columns(
        utilization=_share(rate, replicas * rate_per_replica),
        peak_utilization=_share(rate, pl.col("peak_replicas") * rate_per_replica),
    )


def _share(part: pl.Expr, whole: pl.Expr) -> pl.Expr:
    return pl.when(whole > 0).then(part / whole).otherwise(0.0)


def _check(servers: int, number: float, name: str = "offered_load") -> None:
    if type(servers) is not int:
        raise TypeError(f"'servers' is {servers!r}; give a whole number")
    if servers < 1:
        raise ValueError(f"'servers' is {servers}; give 1 or more")
    _at_most("servers", servers)
    if isinstance(number, bool) or not isinstance(number, int | float):
        raise TypeError(f"'{name}' is {number!r}; give a number")
    if not 0 <= number <= float_info.max:
        raise ValueError(f"'{name}' is {number!r}; give a finite number, 0 or more")


def _at_most(name: str, number: float) -> None:
    if number > MOST:
        told = f"{number:g}" if number <= float_info.max else "beyond all numbers"
        raise ValueError(f"'{name}' is {told}; give at most {MOST:g}, or plan in parts")


def _positive(name: str, number: float) -> None:
    _check(1, number, name)
    if number == 0:
        raise ValueError(f"'{name}' is 0; give more than 0")
