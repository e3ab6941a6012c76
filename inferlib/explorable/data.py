"""Data inside a page."""

import json
from typing import Any


def dump(value: Any) -> str:
    """JSON that may stand inside a script element; NaN and infinity are refused."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.replace("</", "<\\/").replace("<!--", "<\\!--")
