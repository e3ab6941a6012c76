"""Colours stay readable, and apart for people who see fewer of them."""

import itertools
import re
from pathlib import Path

import numpy as np
import pytest
from colorspacious import cspace_convert

TOKENS = Path(__file__).parents[1] / "inferlib/explorable/front/tokens.css"
BLOCK = re.compile(r"([^{}]*)\{([^{}]*--paper:[^{}]*)\}")
KINDS = ["weights", "kv", "compute", "memory", "prefill", "decode", "network", "energy", "money"]
INKS = ["ink", "ink-soft", *(f"c-{kind}" for kind in KINDS), *(f"series-{i}" for i in range(1, 5))]
SIGHTS = ["normal", "deuteranomaly", "protanomaly", "tritanomaly"]
# Who can meet whom in one chart. Other pairs differ in shape, dash or label where they meet.
MEET = [
    *itertools.combinations(("c-weights", "c-kv", "c-compute", "c-memory"), 2),
    ("c-prefill", "c-decode"),
    ("c-money", "c-energy"),
    *itertools.combinations((f"series-{i}" for i in range(1, 5)), 2),
]


def themes() -> dict[str, dict[str, str]]:
    """Colours of each block of the sheet, by the selector in front of it."""
    text = re.sub(r"/\*.*?\*/", "", TOKENS.read_text(encoding="utf-8"), flags=re.S)
    return {
        " ".join(where.split()): dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", body))
        for where, body in BLOCK.findall(text)
    }


THEMES = themes()


def rgb(colour: str) -> np.ndarray:
    """Red, green and blue between 0 and 1."""
    return np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])


def luminance(colour: str) -> float:
    """Relative luminance as WCAG defines it."""
    parts = rgb(colour)
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


def contrast(one: str, other: str) -> float:
    """Contrast ratio as WCAG defines it."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def seen(colour: str, sight: str) -> np.ndarray:
    """Place of a colour in CAM02-UCS for a kind of sight."""
    shown = rgb(colour)
    if sight != "normal":
        space = {"name": "sRGB1+CVD", "cvd_type": sight, "severity": 100}
        shown = np.clip(cspace_convert(shown, space, "sRGB1"), 0, 1)
    return cspace_convert(shown, "sRGB1", "CAM02-UCS")


def test_three_blocks_and_both_dark_ones_agree():
    light, *dark = THEMES.values()
    assert len(dark) == 2
    assert dark[0] == dark[1]
    assert light.keys() == dark[0].keys()


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("ground", ["paper", "panel"])
def test_text_can_be_read(theme: str, ground: str):
    colours = THEMES[theme]
    low = {ink: round(contrast(colours[ink], colours[ground]), 2) for ink in INKS}
    assert {ink: value for ink, value in low.items() if value < 4.5} == {}
    assert contrast(colours["focus"], colours[ground]) >= 3


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("sight", SIGHTS)
def test_colours_that_meet_stay_apart(theme: str, sight: str):
    colours = THEMES[theme]
    far = {
        (a, b): float(np.linalg.norm(seen(colours[a], sight) - seen(colours[b], sight)))
        for a, b in MEET
    }
    assert {pair: round(value, 1) for pair, value in far.items() if value < 15} == {}
