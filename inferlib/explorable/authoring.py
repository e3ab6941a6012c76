"""What an author can get wrong in an explorable, told at once and in a sentence."""

import math
import re
import string
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from inferlib.explorable import words
from inferlib.explorable.controls import Picker, Slider
from inferlib.explorable.fitting import complaints
from inferlib.naming import suggest
from inferlib.quantity import check as check_input
from inferlib.scenarios import KINDS

if TYPE_CHECKING:
    from inferlib.explorable.figure import Explorable

# What a link says besides the names of controls; see front/state.js.
RESERVED = ("data", "from", "band", "only", "lock", "ask", "constructor")


def check_words(one: "Explorable") -> None:
    """Check the names in a figure, before its charts and pickers are fitted to it.

    Raises:
        LookupError: A name is unknown.
        ValueError: Something is no name.
    """
    _check_id(one)
    _check_names(one)


def check(one: "Explorable") -> None:
    """Check that what is in a figure can be, and follows.

    Raises:
        LookupError: A row is unknown.
        ValueError: Something cannot be, or has no effect.
    """
    for control in one.controls:
        if isinstance(control, Slider):
            _check_slider(one, control)
        else:
            _check_picker(one, control)
    for label, values in one.presets.items():
        _check_preset(one, label, values)
    for chart in one.charts:
        complaints(chart, one)


def _check_id(one: "Explorable") -> None:
    if not re.fullmatch(r"[a-z][a-z0-9-]*", one.id):
        raise ValueError(f"the id '{one.id}' is no name; give lower-case words joined by hyphens")
    names = [control.name for control in one.controls]
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise ValueError(f"two controls of '{one.id}' are called '{twice}'; leave one out")
    if taken := next(
        (n for n in names if n in RESERVED or not re.fullmatch(r"[a-z][a-z0-9_]*", n)), None
    ):
        raise ValueError(f"a control of '{one.id}' cannot be called '{taken}'; choose another name")


def _check_names(one: "Explorable") -> None:
    known = [*one.quantities, *KINDS, *one.aliases, *one.choices]
    for name in (*_said(one), *one.readouts, *one.formulas):
        if name not in known:
            raise LookupError(
                f"the explorable '{one.id}' says '{name}', which is no quantity, kind or choice; "
                f"{suggest(name, known) or 'see inferlib.quantities'}"
            )
    for called, choice in one.choices.items():
        if called in (*one.quantities, *KINDS, *one.aliases):
            raise ValueError(f"the choice '{called}' has a meaning already; choose another name")
        _check_choice(one, called, choice)


def _said(one: "Explorable") -> Iterator[str]:
    """The names in the answer sentence."""
    try:
        pieces = list(string.Formatter().parse(one.answer))
    except ValueError as error:
        raise ValueError(f"the answer of '{one.id}' cannot be read: {error}; mend it") from error
    if any(name == "" for _, name, _, _ in pieces):
        raise ValueError(f"the answer of '{one.id}' has {{}}; put a name into it")
    if not any(name for _, name, _, _ in pieces):
        raise ValueError(f"the answer of '{one.id}' says no number; put {{names}} into it")
    yield from (n for _, name, of in words.parts(one.answer) for n in (name, of) if n)


def _check_choice(one: "Explorable", called: str, choice: Any) -> None:
    if not isinstance(choice, Mapping) or not choice:
        raise ValueError(
            f"the choice '{called}' of '{one.id}' has {choice!r}; give {{'a quantity': 'words'}}"
        )
    for name, value in choice.items():
        if name not in one.quantities:
            raise LookupError(
                f"'{one.id}' chooses words by '{name}', which is no quantity; "
                f"{suggest(name, one.quantities) or 'see inferlib.quantities'}"
            )
        if not isinstance(value, str):
            _check_choice(one, called, value)


def _check_slider(one: "Explorable", control: Slider) -> None:
    if control.name not in one.rests_on:
        raise ValueError(
            f"nothing in '{one.id}' depends on the slider '{control.name}'; leave it out"
        )
    if control.name not in one.start:
        raise LookupError(
            f"'{one.id}' has a slider of '{control.name}', which its scenario leaves blank; "
            f"give it: scenario(..., {control.name}=...)"
        )
    _check_stop(one, control, one.start[control.name], "starts")


def _check_stop(one: "Explorable", control: Slider, value: Any, does: str) -> None:
    low, high = (end * control.scale for end in (control.stops[0], control.stops[-1]))
    given = f"'{one.id}' {does} with {control.name} = {value!r}"
    if not isinstance(value, int | float) or isinstance(value, bool) or not math.isfinite(value):
        raise ValueError(f"{given}, which is no number; give {low:g} to {high:g}")
    if not low * (1 - 1e-9) <= value <= high * (1 + 1e-9):
        raise ValueError(f"{given}, outside its slider; give {low:g} to {high:g}")
    if control.on is not None and not any(math.isclose(value, x) for x in (low, high)):
        raise ValueError(f"{given}, which its switch does not know; give {low:g} or {high:g}")
    if one.quantities[control.name].whole and value % 1:
        raise ValueError(f"{given}, which must be whole; give {math.floor(value)}")


def _check_picker(one: "Explorable", control: Picker) -> None:
    start = one.state[control.name]
    if start not in control.options:
        raise LookupError(
            f"'{one.id}' starts with {control.name} = '{start}', which its picker leaves out; "
            f"add it, or start with {' or '.join(list(control.options)[:3])}"
        )
    if len(control.options) < 2:
        raise ValueError(f"the picker '{control.name}' of '{one.id}' has one option; leave it out")
    if control.kind not in {kind for table in one.tables for kind in table["kinds"]}:
        raise ValueError(
            f"nothing in '{one.id}' depends on the picker '{control.name}'; leave it out"
        )


def _check_preset(one: "Explorable", label: str, values: Mapping[str, Any]) -> None:
    if not label.strip() or any(mark in label for mark in ";:~%#"):
        raise ValueError(f"a preset of '{one.id}' is called {label!r}; use plain words")
    for name, value in values.items():
        _check_value(one, name, value, f"has a preset '{label}'")


def check_state(one: "Explorable", state: Mapping[str, Any]) -> None:
    """Check values for the controls; inputs that the author fixed may be among them.

    Raises:
        LookupError: A name is unknown.
        ValueError: A value cannot be.
    """
    fixed = {each["name"] for each in one.fixed}
    for name, value in state.items():
        if name in fixed:
            check_input(one.quantities[name], value)
        else:
            _check_value(one, name, value, "is set")


def _check_value(one: "Explorable", name: str, value: Any, does: str) -> None:
    control = next((control for control in one.controls if control.name == name), None)
    if control is None:
        names = [each.name for each in one.controls]
        raise LookupError(
            f"'{one.id}' {does} with '{name}', which is no control of it; "
            f"{suggest(name, names) or 'choose ' + ', '.join(names)}"
        )
    if isinstance(control, Slider):
        _check_stop(one, control, value, does)
    elif value not in control.options:
        raise LookupError(
            f"'{one.id}' {does} with {name} = {value!r}; "
            f"choose {suggest(str(value), control.options) or ', '.join(control.options)}"
        )
