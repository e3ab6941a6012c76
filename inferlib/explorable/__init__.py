"""The explorable: an answer, controls, charts and a formula that follow the reader."""

from inferlib.explorable.charts import bars, crossing, curve, roofline
from inferlib.explorable.controls import guess, picker, slider
from inferlib.explorable.figure import Explorable, explore

__all__ = [
    "Explorable",
    "bars",
    "crossing",
    "curve",
    "explore",
    "guess",
    "picker",
    "roofline",
    "slider",
]
