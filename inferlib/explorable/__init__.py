"""The explorable: an answer, controls, charts and a formula that follow the reader."""

from inferlib.explorable.controls import guess, picker, slider, switch
from inferlib.explorable.crossings import crossing
from inferlib.explorable.curves import curve, path
from inferlib.explorable.dots import known
from inferlib.explorable.figure import Explorable
from inferlib.explorable.making import explore
from inferlib.explorable.rooflines import roofline
from inferlib.explorable.scatters import scatter
from inferlib.explorable.stacks import bars, memory, timeline, waterfall

__all__ = [
    "Explorable",
    "bars",
    "crossing",
    "curve",
    "explore",
    "guess",
    "known",
    "memory",
    "path",
    "picker",
    "roofline",
    "scatter",
    "slider",
    "switch",
    "timeline",
    "waterfall",
]
