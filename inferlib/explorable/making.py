"""An explorable made: its words checked, its charts and pickers fitted to each other."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from inferlib.explorable import uncertain, words
from inferlib.explorable.authoring import check, check_words
from inferlib.explorable.charts import Chart
from inferlib.explorable.controls import Guess, Picker, Slider, every, named, picker
from inferlib.explorable.figure import Explorable, State
from inferlib.explorable.fitting import Setting
from inferlib.explorable.tables import lacking
from inferlib.explorable.typed import typed
from inferlib.formulas import quantities as all_quantities
from inferlib.quantity import Quantity
from inferlib.scenarios import Scenario


@typed
def explore(
    id: str,
    start: Scenario,
    *,
    answer: str,
    controls: Sequence[Slider | Picker | str],
    charts: Sequence[Chart],
    readouts: Mapping[str, str] | None = None,
    formulas: Sequence[str] = (),
    choices: Mapping[str, words.Choice] | None = None,
    presets: Mapping[str, State] | None = None,
    guess: Guess | None = None,
    quantities: Mapping[str, Quantity] | None = None,
    headline: str = "",
) -> Explorable:
    """An explorable: in the book a live figure, in a notebook a widget.

    Args:
        id: Name of the figure: lower-case words joined by hyphens.
        start: The scenario that is shown first.
        answer: The answer sentence, with {names} in it.
        controls: What the reader can move; "chip" is short for `il.picker("chip")`.
        charts: What follows.
        readouts: Quantities to show as figures, and what to call them.
        formulas: Quantities whose formulas can be opened.
        choices: Words that depend on which of some quantities is largest.
        presets: Settings of the controls by name, in base units; others are as at the start.
        guess: What the reader is asked before the figure shows its answer.
        quantities: Redefined formulas: `il.quantities | {q.name: q}`.
        headline: The quantity of which is told how sure it is and what matters most; the first
            with a formula that the answer quotes, if not given.

    Raises:
        LookupError: A name that the sentence or a chart uses is unknown, or an input is blank.
        ValueError: Something cannot be, such as a preset outside its slider or a headline that is
            an input, or has no effect.
    """
    moved = [picker(one) if isinstance(one, str) else one for one in controls]
    quantities = all_quantities if quantities is None else quantities
    one = Explorable(
        id,
        start,
        answer,
        tuple(moved),
        tuple(charts),
        readouts or {},
        tuple(formulas),
        choices or {},
        presets or {},
        guess,
        quantities,
        "",
    )
    check_words(one)
    shown = [*one.readouts, *formulas]
    one = replace(one, headline=uncertain.headline(headline, answer, shown, quantities))
    one = _filled(_fitted(one, charts))
    if any(isinstance(each, Picker) and not each.options for each in moved):
        one = _fitted(one, charts)
    check(one)
    return one


def _fitted(one: Explorable, charts: Sequence[Chart]) -> Explorable:
    """The explorable with charts that know its controls; a picker without options has its start."""
    controls = [
        replace(each, options=named(each.kind, [each.start or one.start.kinds[each.kind]]))
        if isinstance(each, Picker) and not each.options
        else each
        for each in one.controls
    ]
    setting = Setting(one.start, controls, one.quantities)
    return replace(one, charts=tuple(c.fit(setting) if c.fit else c for c in charts))


def _filled(one: Explorable) -> Explorable:
    """The explorable with the options of pickers that name none, one picker after the other."""
    for place, empty in enumerate(one.controls):
        if not isinstance(empty, Picker) or empty.options:
            continue
        kind, options = empty.kind, every(empty.kind)
        lost = lacking(one.start, {**one.options, kind: options}, one.looked_up, kind)
        if not (left := [option for option in options if option not in lost]):
            name = next(iter(lost.values()))
            raise LookupError(
                f"no {kind} gives '{one.id}' the input '{name}' with every option of its other "
                "pickers; give those fewer options"
            )
        filled = replace(empty, options=named(kind, left))
        one = replace(one, controls=(*one.controls[:place], filled, *one.controls[place + 1 :]))
    return one
