"""An explorable as its author writes it, and as the page and the notebook receive it."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import inferlib
from inferlib import catalog, points
from inferlib.explorable import measured, rows, uncertain, words
from inferlib.explorable.charts import Chart
from inferlib.explorable.controls import Guess, Picker, Slider, display
from inferlib.explorable.places import Row
from inferlib.explorable.recipes import Recipe
from inferlib.explorable.tables import origins
from inferlib.explorable.tables import tables as tables_of
from inferlib.formulas import quantities as all_quantities
from inferlib.quantity import Quantity, order, solve
from inferlib.scenarios import KINDS, Scenario
from inferlib.show import step

State = Mapping[str, float | str]
# What a citation names; as in CITATION.cff.
_WORK = {"authors": "The authors of Inference, explained", "title": "Inference, explained"}


@dataclass(frozen=True)
class Explorable:
    """One question with its answer, controls, charts and formulas.

    Attributes:
        id: Name of the figure in the page and in links.
        start: The scenario that the page shows first.
        answer: The sentence; {names} are quantities, kinds, choices of words, {alias:quantity}.
        controls: Sliders and pickers.
        charts: Charts that follow.
        readouts: Quantities shown as a row of figures, and what to call them.
        formulas: Quantities whose formulas the reader can open.
        choices: Words that depend on which of some quantities is largest.
        presets: Settings of the controls by name, in base units.
        guess: What the reader is asked before the figure shows its answer.
        quantities: The formulas in use.
        headline: The quantity whose doubts are told; empty if there is none.
    """

    id: str
    start: Scenario
    answer: str
    controls: tuple[Slider | Picker, ...]
    charts: tuple[Chart, ...]
    readouts: Mapping[str, str]
    formulas: tuple[str, ...]
    choices: Mapping[str, words.Choice]
    presets: Mapping[str, State]
    guess: Guess | None
    quantities: Mapping[str, Quantity]
    headline: str

    @property
    def pickers(self) -> tuple[Picker, ...]:
        """The controls that choose rows."""
        return tuple(one for one in self.controls if isinstance(one, Picker))

    @property
    def aliases(self) -> Mapping[str, str]:
        """Names of second choices, and their kinds."""
        return {one.name: one.kind for one in self.pickers if one.name != one.kind}

    @property
    def options(self) -> Mapping[str, list[str]]:
        """The ids that can be chosen of each kind, by any of its pickers."""
        found: dict[str, dict[str, None]] = {}
        for one in self.pickers:
            found.setdefault(one.kind, {}).update(dict.fromkeys(one.options))
        return {kind: list(ids) for kind, ids in found.items() if ids}

    @cached_property
    def rests_on(self) -> list[str]:
        """Every quantity that those it shows rest on, in an order of calculation."""
        return order(self.want, self.quantities)

    @cached_property
    def looked_up(self) -> set[str]:
        """The inputs that no slider sets."""
        sliders = {one.name for one in self.controls if isinstance(one, Slider)}
        return {name for name in self.rests_on if name not in sliders}

    @cached_property
    def state(self) -> dict[str, float | str]:
        """The values that the controls start with, in base units."""
        return {
            one.name: self.start[one.name]
            if isinstance(one, Slider)
            else one.start or self.start.kinds[one.kind]
            for one in self.controls
        }

    @cached_property
    def want(self) -> list[str]:
        """Every quantity that the explorable shows."""
        drawn = [name for chart in self.charts for name in rows.needed(chart.recipes)]
        said = words.quoted(self.answer, self.choices)
        told = [name for name in (self.guess and self.guess.name, self.headline) if name]
        return list(dict.fromkeys([*said, *self.readouts, *self.formulas, *drawn, *told]))

    @cached_property
    def tables(self) -> list[dict[str, Any]]:
        """What a choice of rows changes."""
        return tables_of(self.start, self.options, self.looked_up)

    @property
    def fixed(self) -> list[dict[str, Any]]:
        """Inputs that the author gave and no control moves; a link keeps them."""
        moved, needed = {one.name for one in self.controls}, self.rests_on
        fixed = [self.quantities[n] for n in self.start.given if n in needed and n not in moved]
        return [{"name": q.name, "low": q.low, "high": q.high, "whole": q.whole} for q in fixed]

    def scenario(self, state: State, alias: str = "") -> Scenario:
        """A state of the controls as a scenario; with an alias, its second choice in place."""
        changes = {name: value for name, value in {**self.state, **state}.items()}
        second = {name: changes.pop(name) for name in self.aliases}
        if alias:
            changes[self.aliases[alias]] = second[alias]
        return self.start.but(**changes)

    def situations(self, state: State) -> dict[str, words.Situation]:
        """The solved state, and one for each alias."""
        return {alias: self._situation(state, alias) for alias in ("", *self.aliases)}

    def _situation(self, state: State, alias: str) -> words.Situation:
        scenario = self.scenario(state, alias)
        full = {**self.state, **state}
        names = {one.name: one.options[str(full[one.name])] for one in self.pickers}
        usual = {kind: display(kind, scenario.kinds[kind]) for kind in KINDS}
        if alias:
            names[self.aliases[alias]] = names[alias]
        return words.Situation(
            solve(self.want, quantities=self.quantities, **scenario), usual | names
        )

    def say(self, state: State | None = None) -> str:
        """The answer sentence of a state; of the start, if none is given."""
        return "".join(text for text, _ in self.pieces(state))

    def pieces(self, state: State | None = None) -> list[tuple[str, str]]:
        """The answer sentence as pieces: a text, and the quantity that it shows or ""."""
        return words.answer(self.answer, self.choices, self.situations(state or {}))

    def sure(self, state: State | None = None) -> str:
        """Between which values the headline lies; empty where nothing is in doubt."""
        return uncertain.sure(self, state or {})

    def draw(
        self, state: State | None = None, pinned: State | None = None, band: bool = True
    ) -> list[dict[str, list[Row]]]:
        """The rows of each chart in a state, beside a pinned state A, with bands or not."""
        options = {one.kind: one.options for one in self.pickers if one.name == one.kind}
        now, then = self._solved(state or {}), None if pinned is None else self._solved(pinned)
        return [
            rows.draw(chart.recipes, now, options, self.quantities, then, band)
            for chart in self.charts
        ]

    def _solved(self, state: State) -> rows.State:
        return rows.State(self.scenario(state), self.situations(state))

    def residual(self, state: State | None = None) -> list[str]:
        """How far measurements lie from the line of each chart, in words; "" where none can be."""
        scenario = self.scenario(state or {})
        dots = [_measured(chart) for chart in self.charts]
        return [measured.residual(r, scenario, self.quantities) if r else "" for r in dots]

    def config(self) -> dict[str, Any]:
        """All that the page needs besides the formulas."""
        dots = [recipe for chart in self.charts if (recipe := _measured(chart))]
        near = measured.config(dots, self.start, self.controls, self.aliases)
        ranges = uncertain.doubts(self)
        return {
            "id": self.id,
            "data": catalog.AS_OF.isoformat(),
            "base": {n: v for n, v in self.start.items() if n in self.rests_on},
            "kinds": dict(self.start.kinds),
            "usual": {kind: display(kind, self.start.kinds[kind]) for kind in KINDS},
            "aliases": dict(self.aliases),
            "tables": self.tables,
            "origins": origins(self.start, self.options, self.looked_up),
            "fixed": self.fixed,
            "labels": {name: self.quantities[name].label for name in self.rests_on},
            "controls": [self._control(one) for one in self.controls],
            "answer": [list(piece) for piece in words.parts(self.answer)],
            "choices": dict(self.choices),
            "want": self.want,
            "headline": self.headline,
            "ranges": ranges,
            "draws": points.table(sum(len(one["inputs"]) for one in ranges)),
            "tenths": uncertain.TENTHS,
            "readouts": list(self.readouts),
            "formulas": list(self.formulas),
            "compared": self._compared(),
            "presets": {name: {**self.state, **values} for name, values in self.presets.items()},
            "guess": self.guess
            and {"name": self.guess.name, "why": self.guess.why} | {"scale": self.guess_box[0]},
            "charts": [
                {
                    "kind": chart.kind,
                    "recipes": dict(chart.recipes),
                    "description": chart.description,
                }
                for chart in self.charts
            ],
            **({"measured": near} if near else {}),
            "redefined": [n for n in self.rests_on if self.quantities[n] != all_quantities.get(n)],
            "plain": {kind: usual for kind, usual in KINDS.items() if usual},
            "work": {**_WORK, "version": inferlib.__version__},
        }

    @property
    def guess_box(self) -> tuple[float, str]:
        """Size and name of the unit in which the guess is written."""
        name = self.guess.name if self.guess else self.want[0]
        value = self.situations({})[""].solution[name]
        scale, before, after = step(value, self.quantities[name].unit)
        return scale, f"{before}{after}".strip()

    def _compared(self) -> list[tuple[str, str]]:
        """What is told of A against B: the read-outs, else what the sentence says; their labels."""
        said = [n for n in words.quoted(self.answer, {}) if self.quantities[n].formula]
        return [*self.readouts.items()] or [(n, self._called(n)) for n in said]

    def _called(self, name: str) -> str:
        label = uncertain.short(self.quantities[name])
        return label[:1].upper() + label[1:]

    def _control(self, one: Slider | Picker) -> dict[str, Any]:
        shared = {"name": one.name, "label": one.label, "start": self.state[one.name]}
        if isinstance(one, Picker):
            return {**shared, "kind": one.kind, "options": dict(one.options)}
        return {
            **shared,
            "stops": list(one.stops),
            **({} if one.on is None else {"on": one.on}),
            "scale": one.scale,
            "unit": self.quantities[one.name].unit,
            "whole": self.quantities[one.name].whole,
        }

    def _repr_mimebundle_(self, **_: Any) -> Any:
        from inferlib.explorable.render import html

        if os.environ.get("INFERLIB_BOOK"):
            return {"text/html": html(self), "text/plain": self.say()}
        return self.widget._repr_mimebundle_()

    @cached_property
    def widget(self) -> Any:
        """The same explorable as an ipywidget; its `value` is the state of the controls."""
        from inferlib.explorable.widget import ExplorableWidget

        return ExplorableWidget(self)


def _measured(chart: Chart) -> Recipe | None:
    return next((one for one in chart.recipes.values() if one["kind"] == "measured"), None)
