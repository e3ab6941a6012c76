"""Promises to authors: what is written wrong fails at once, in Python, with a sentence."""

from collections.abc import Mapping
from typing import Any

import ipywidgets
import pytest

import inferlib as il

CHAT = il.scenario(
    model="llama-3.1-8b",
    chip="h100-sxm",
    prompt_tokens=1000,
    output_tokens=500,
    concurrency=32,
)
BATCH = il.slider("concurrency", 1, 256, log=True)
CHIP = il.picker("chip", ["h100-sxm", "h200-sxm"])


def written(**changed: Any) -> Any:
    """A figure that is right, but for what is changed."""
    whole: dict[str, Any] = {
        "id": "cost",
        "start": CHAT,
        "answer": "At a batch of {concurrency}, {chip}: {output_throughput}.",
        "controls": [BATCH, CHIP],
        "charts": [],
    }
    whole |= changed
    return il.explore(whole.pop("id"), whole.pop("start"), **whole)


def test_what_is_right_is_made() -> None:
    assert written(presets={"Alone": {"concurrency": 1.0}, "H200": {"chip": "h200-sxm"}})


WRONG: Mapping[str, tuple[dict[str, Any], str]] = {
    "id": ({"id": "Cost!"}, "lower-case words"),
    "quantity": ({"answer": "{cost_per_outptu_token}"}, "cost_per_output_token"),
    "kind": ({"answer": "{chpi}: {output_throughput}"}, "chip"),
    "brace": ({"answer": "{concurrency"}, "cannot be read"),
    "no number": ({"answer": "It costs much."}, "says no number"),
    "read-out": ({"readouts": {"tpott": "TPOT"}}, "tpot"),
    "formula": ({"formulas": ["tpott"]}, "tpot"),
    "choice": (
        {"answer": "{bound}: {tpot}", "choices": {"bound": {"wieght_time": "weights"}}},
        "weight_time",
    ),
    "deep choice": (
        {
            "answer": "{bound}: {output_throughput}",
            "choices": {"bound": {"weight_time": {"kv_tiem": "caches"}}},
        },
        "kv_time",
    ),
    "two controls": ({"controls": [BATCH, BATCH]}, "two controls"),
    "idle slider": ({"controls": [BATCH, il.slider("training_mfu", 10, 60)]}, "leave it out"),
    "idle picker": (
        {"controls": [BATCH, il.picker("pricing", list(il.catalog.bases()))]},
        "leave it out",
    ),
    "picker of one": ({"controls": [il.picker("chip", ["h100-sxm"])]}, "one option"),
    "start off the slider": ({"start": CHAT.but(concurrency=512)}, "outside its slider"),
    "start off the picker": ({"start": CHAT.but(chip="l40s")}, "leaves out"),
    "blank start": (
        {"start": il.scenario(model="llama-3.1-8b", chip="h100-sxm", prompt_tokens=1000,
                              output_tokens=500)},
        "leaves blank",
    ),
    "reserved": (
        {"controls": [CHIP, il.picker("chip", ["h100-sxm", "l40s"], alias="data",
                                      start="l40s")]},
        "choose another name",
    ),
    "preset of nothing": ({"presets": {"Chat": {"batch": 3}}}, "no control"),
    "preset too high": ({"presets": {"Chat": {"concurrency": 1e6}}}, "outside its slider"),
    "preset in part": (
        {"controls": [BATCH, il.slider("chips", 1, 8)], "presets": {"Chat": {"chips": 1.5}}},
        "whole",
    ),
    "preset of text": ({"presets": {"Chat": {"concurrency": "many"}}}, "no number"),
    "preset of nan": ({"presets": {"Chat": {"concurrency": float("nan")}}}, "no number"),
    "preset of no row": ({"presets": {"Chat": {"chip": "h300"}}}, "h200-sxm"),
    "preset with marks": ({"presets": {"a;b": {}}}, "plain words"),
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_is_said(case: str) -> None:
    changed, said = WRONG[case]
    with pytest.raises((LookupError, ValueError)) as caught:
        written(**changed)
    sentence = str(caught.value.args[0])
    assert said in sentence
    assert "\n" not in sentence


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("tpott", "How long?"), "tpot"),
        (("tpot", " "), "question"),
    ],
)
def test_a_guess_is_checked(arguments: tuple[str, str], said: str) -> None:
    with pytest.raises((LookupError, ValueError), match=said):
        il.guess(*arguments, why="Weights are read once.")


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ({"concurrency": 1e9}, "outside its slider"),
        ({"concurrency": None}, "no number"),
        ({"chip": "h300"}, "h200-sxm"),
        ({"batch": 1.0}, "no control"),
        ({"output_tokens": -1.0}, "output_tokens"),
    ],
)
def test_a_widget_refuses_what_cannot_be(value: dict[str, Any], said: str) -> None:
    widget = written().widget
    before = widget.value
    with pytest.raises((LookupError, ValueError), match=said):
        widget.value = value
    assert widget.value == before


def test_a_widget_takes_what_can_be() -> None:
    widget = written().widget
    widget.value = {"concurrency": 8.0}
    assert widget.value == {"concurrency": 8.0, "chip": "h100-sxm"}
    widget.value = {"output_tokens": 300.0}
    assert widget.value["output_tokens"] == 300


def test_widgets_can_be_linked() -> None:
    one, other = written().widget, written().widget
    ipywidgets.link((one, "value"), (other, "value"))
    one.value = {"concurrency": 8.0}
    assert other.value["concurrency"] == 8
