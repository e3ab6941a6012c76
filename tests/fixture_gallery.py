"""An explorable for every kind of chart, beyond those of the site."""

from functools import cache

import polars as pl

import inferlib as il
from inferlib.explorable.figure import Explorable

CHIPS = ["h100-sxm", "h200-sxm", "b200-sxm", "a100-80-sxm", "l40s"]


@cache
def gallery() -> dict[str, Explorable]:
    """A figure for each kind of chart, by name."""
    chat = il.scenario(
        model="llama-3.1-8b",
        chip="h100-sxm",
        prompt_tokens=1000,
        output_tokens=500,
        concurrency=32,
        queue_time=0.2,
        utilization=0.5,
    )
    batch = il.slider("concurrency", 1, 1024, log=True)
    prompt = il.slider("prompt_tokens", 10, 20_000, log=True)
    answer = il.slider("output_tokens", 10, 5_000, log=True)
    chip, rival = (
        il.picker("chip", CHIPS),
        il.picker("chip", CHIPS, alias="rival", start="h200-sxm", label="Against"),
    )
    batches = [1, 4, 16, 64, 256, 1024]
    every = il.picker("chip", priced())

    def figure(name: str, chart: object, *controls: object) -> Explorable:
        said = "At a batch of {concurrency} a step takes {step_time} for {prompt_tokens}."
        return il.explore(
            name, chat, answer=said, controls=[batch, prompt, *controls], charts=[chart]
        )

    made = [
        figure(
            "one",
            il.curve(
                "tpot",
                over="concurrency",
                ticks=batches,
                title="How long does a token take as the batch grows?",
            ),
            chip,
        ),
        figure(
            "many",
            il.curve(
                {"ttft": "First word", "request_time": "Whole answer"},
                over="concurrency",
                ticks=batches,
                title="How long does a reader wait?",
            ),
            chip,
            answer,
        ),
        figure(
            "by",
            il.curve(
                "cost_per_output_token",
                over="concurrency",
                by="chip",
                ticks=batches,
                title="What does an output token cost as the batch grows?",
            ),
            chip,
        ),
        figure(
            "path",
            il.path(
                "user_throughput",
                "cost_per_output_token",
                over="concurrency",
                by="chip",
                known=il.known(
                    pl.DataFrame({"speed": [60.0, 90.0], "cost": [1e-6, 2e-6], "of": ["a", "b"]}),
                    x="speed",
                    y="cost",
                    label="of",
                    name="Two points",
                ),
                title="What does fast cost?",
            ),
            chip,
            il.switch("utilization", 100, 50, label="Idle at night"),
        ),
        figure(
            "roof",
            il.roofline(
                over="concurrency", span=(1, 1024), title="How much of the chip does decode reach?"
            ),
            chip,
        ),
        figure(
            "bars",
            il.bars(
                {
                    "prefill_throughput": "Latency: input tokens a second, until the first word",
                    "output_throughput": "Throughput: all readers together",
                    "max_concurrency": "Memory: largest batch that fits",
                },
                against="rival",
                title="How many times better is the first chip?",
            ),
            chip,
            rival,
        ),
        figure(
            "memory",
            il.memory(
                {"weight_bytes": "Weights", "cache_bytes": "KV cache"},
                limit="usable_memory",
                title="What fills the memory?",
            ),
            chip,
        ),
        figure(
            "time",
            il.timeline(
                {"queue_time": "Waiting", "prefill_time": "Reading the prompt"},
                total="request_time",
                rest="Writing the answer",
                title="Where does the time of a request go?",
            ),
            chip,
            answer,
        ),
        figure(
            "scatter",
            il.scatter(
                "user_throughput",
                "tokens_per_dollar",
                over="chip",
                better=("up", "up"),
                title="Which chip is fast, which is cheap?",
            ),
            every,
        ),
        figure(
            "bill",
            il.waterfall(
                "facility_energy_per_request",
                parts={
                    "energy_per_request": "Chips, at work",
                    "host_energy_per_request": "Host",
                    "idle_energy_per_request": "Idle time",
                    "overhead_energy_per_request": "Building: cooling and conversion",
                },
                title="Where does the energy of a request go?",
                name="At the meter",
            ),
            chip,
            answer,
        ),
    ]
    return {one.id: one for one in made}


@cache
def priced() -> list[str]:
    """The chips for which a cost can be calculated."""
    found = []
    for one in il.catalog.chips()["chip"]:
        inputs = il.scenario(model="llama-3.1-8b", chip=one)
        if {"chip_price", "chip_flops", "memory_bandwidth", "chip_memory"} <= inputs.keys():
            found.append(one)
    return found
