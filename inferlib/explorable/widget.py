"""The explorable in a notebook: an anywidget, and so an ipywidget."""

from typing import TYPE_CHECKING, Any

import anywidget
import traitlets

from inferlib.explorable.authoring import check_state
from inferlib.explorable.bundle import engine, widget_module, widget_sheet
from inferlib.explorable.render import html

if TYPE_CHECKING:
    from inferlib.explorable.figure import Explorable


class ExplorableWidget(anywidget.AnyWidget):
    """A live figure; `value` holds the state of its controls, in base units."""

    _esm = widget_module()
    _css = widget_sheet()
    _html = traitlets.Unicode().tag(sync=True)
    _engine = traitlets.Unicode().tag(sync=True)
    _facts = traitlets.Unicode("{}").tag(sync=True)
    value = traitlets.Dict().tag(sync=True)

    def __init__(self, one: "Explorable") -> None:
        """The widget of an explorable, with the explorable's formulas."""
        self.explorable = one
        super().__init__(_html=html(one), _engine=engine(one.quantities), value=one.state)

    @traitlets.validate("value")
    def _checked(self, proposal: traitlets.Bunch) -> dict[str, Any]:
        value: dict[str, Any] = proposal["value"]
        check_state(self.explorable, value)
        return {**self.explorable.state, **value}
