// One explorable: its controls bound to its state, and everything that follows the state.
import { show } from "./numbers.js";
import { course, order, solve } from "./model.js";
import { inputsOf, namesOf, plainView, read, restore, startOf } from "./state.js";
import { pieces, reason, sentence } from "./words.js";
import { draw } from "./rows.js";
import { describe, listed } from "./describe.js";
import { allIn, capital, figureButton, fillTable, within } from "./dom.js";
import { explainer } from "./explain.js";
import { comparer } from "./compare.js";
import { guesser } from "./guess.js";
import { hoverer } from "./hover.js";
import { measurer } from "./measured.js";
import { presetter } from "./presets.js";
import { seeker } from "./seek.js";
import { taker } from "./take.js";
import { doubter } from "./doubt.js";
/** @import { Config, Control, Figure, Find, Follower, Host, Part, Piece, Row, Shared, Situations, Slider, Picker, Solved, Specification, State, Values, VegaView, View, Drawn } from "./types" */

// What can be done with a figure besides moving it. Each is a function of the figure, binds what it
// needs, and may return a function that is called with the solved situations after each change.
/** @type {Part[]} */
const PARTS = [presetter, explainer, comparer, doubter, seeker, guesser, measurer, hoverer, taker];

/**
 * Bring a static figure to life.
 * @param {HTMLElement} element the element that inferlib.explorable.render wrote
 * @param {Config} config what Explorable.config() gave
 * @param {Shared} shared formulas, quantities and the table of units
 * @param {Host} host what the page or the notebook does: `embed` (element, specification) => promise of a
 *   Vega view; `changed` (state), after each change by the reader; `facts` () => promise of what
 *   explains the quantities
 * @returns {Figure}
 */
export function mount(element, config, shared, host) {
  const engine = { ...shared, labels: config.labels, draws: config.draws }; // plans of courses are kept for each figure
  const names = order(engine, config.want, new Set(Object.keys(config.base)));
  const find = /** @type {Find} */ ((/** @type {string} */ selector) => element.querySelector(selector));
  const boxes = config.controls.map((control) => ({ control, box: find(`[data-control="${control.name}"]`) }));
  const charts = allIn(element, "[data-chart]");
  /** @type {VegaView[]} */
  const views = [];
  /** @type {Record<string, Row[] | undefined>[]} */
  const drawn = []; // the rows that each view has
  /** @type {WeakMap<Situations, Drawn[]>} */
  const cooked = new WeakMap(); // the rows of each chart, by the situations they follow from
  let state = startOf(config);
  // How the charts are shown: beside the state A, if one is held for comparison; with bands or not.
  let view = plainView();
  /** @type {Situations | undefined} */
  let latest; // the situations that were told and drawn last
  let spoken = 0;

  /** @param {State} of */
  const situation = (of, alias = "") => ({
    values: solve(engine, names, inputsOf(config, of, alias)),
    names: namesOf(config, of, alias),
  });

  /**
   * The solved state under "", and one for each alias; of another state if one is given.
   * @returns {Situations}
   */
  function situations(of = state) {
    return Object.fromEntries(["", ...Object.keys(config.aliases)].map((alias) => [alias, situation(of, alias)]));
  }

  /** @type {Solved | undefined} */
  let held; // the state A with its situations, solved once
  /** @param {number} index */
  function rowsOf(index, solved = situations()) {
    if (held?.state !== view.pinned) held = view.pinned && { state: view.pinned, situations: situations(view.pinned) };
    const mine = cooked.get(solved) ?? [];
    cooked.set(solved, mine);
    return (mine[index] ??= draw(engine, config.charts[index].recipes, config, { state, situations: solved }, held, view.band));
  }

  /** @type {(values: Values, name: string) => string} */
  const text = (values, name) => show(engine.table, values[name], engine.quantities[name].unit);

  /** @param {Situations} solved */
  function say(solved) {
    const why = reason(engine, solved);
    write(find("[data-answer]"), pieces(engine, config, solved));
    element.toggleAttribute("data-infeasible", why !== "");
    const own = reason(engine, { "": solved[""] });
    for (const box of allIn(element, "[data-readout]")) {
      const button = box.firstElementChild ?? box;
      button.textContent = own ? "–" : text(solved[""].values, box.dataset.readout ?? "");
    }
    clearTimeout(spoken);
    spoken = setTimeout(() => rest(solved), 600);
  }

  // What is told once the reader rests: the new answer aloud, and what the charts show.
  /** @param {Situations} solved */
  function rest(solved) {
    find("[data-live]").textContent = sentence(pieces(engine, config, solved));
    charts.forEach((box, i) => box.setAttribute("aria-label", describe(engine, config.charts[i], rowsOf(i, solved))));
  }

  // The formulas and the table are folded away until asked for, so they are filled only when open.
  /** @param {Situations} solved */
  function unfold(solved) {
    if (find("details.formula")?.open) {
      for (const slot of element.querySelectorAll(".numbers [class^='v-']")) {
        const mark = document.createElementNS("http://www.w3.org/1998/Math/MathML", "mtext");
        mark.textContent = text(solved[""].values, slot.classList[0].slice(2));
        slot.replaceChildren(mark);
      }
    }
    if (find("details.drawn").open) fillTable(find("details.drawn tbody"), me.table(solved));
  }

  function follow() {
    for (const { control, box } of boxes) {
      if (control.options) {
        const id = String(state[control.name]);
        const list = box.querySelector("select");
        const input = list ?? within(box, "input");
        if (list || document.activeElement !== input) input.value = list ? id : control.options[id];
        continue;
      }
      const value = Number(state[control.name]);
      const [range, number] = box.querySelectorAll("input");
      if (!number) {
        range.checked = isOn(control, value);
        continue;
      }
      range.value = String(nearest(control.stops, value / control.scale));
      range.setAttribute("aria-valuetext", show(engine.table, value, control.unit));
      if (document.activeElement !== number) number.value = boxed(control, value);
    }
  }

  // One drawing in flight and one pending: a fast drag skips states, it never queues them.
  /** @type {Promise<void> | undefined} */
  let drawing;
  let pending = false;
  function redraw() {
    if (drawing) {
      pending = true;
      return drawing;
    }
    drawing = paint().finally(() => {
      drawing = undefined;
      if (pending) {
        pending = false;
        redraw();
      }
    });
    return drawing;
  }

  async function paint() {
    const solved = (latest ??= situations());
    await Promise.all(
      views.map((live, i) => {
        if (!live) return undefined;
        let moved = false;
        for (const [name, data] of Object.entries(rowsOf(i, solved))) {
          // Vega draws anew what it is given anew, and knows only the data that a mark shows.
          if (!(name in drawn[i]) || alike(drawn[i][name], data)) continue;
          live.data(name, data);
          drawn[i][name] = data;
          moved = true;
        }
        return moved ? live.runAsync() : undefined;
      }),
    );
  }

  function update() {
    const solved = (latest = situations());
    say(solved);
    follow();
    unfold(solved);
    for (const part of parts) part(solved);
    return redraw();
  }

  /** @param {State} next */
  function set(next, /** @type {string[]} */ notes = []) {
    state = { ...state, ...next };
    find("[data-note]").textContent = notes.length ? `${capital(notes.join("; "))}.` : "";
    return update();
  }

  /** @param {State} next */
  function change(next) {
    const done = set(next);
    host.changed?.(state);
    return done;
  }

  /** @type {(control: Slider, range: HTMLInputElement, number: HTMLInputElement) => void} */
  function bindSlider(control, range, number) {
    const [low, high] = [control.stops[0], control.stops[control.stops.length - 1]];
    range.addEventListener("input", () => change({ [control.name]: control.stops[range.valueAsNumber] * control.scale }));
    number.addEventListener("input", () => {
      const value = number.valueAsNumber;
      if (value >= low && value <= high && !(control.whole && value % 1)) change({ [control.name]: value * control.scale });
    });
    // Leaving the box: what cannot be is brought into the range, or put back, and said.
    number.addEventListener("change", () => {
      const { value, note } = read(control, number.value);
      if (note) set(value === undefined ? {} : { [control.name]: value }, [note]);
      number.value = boxed(control, Number(state[control.name]));
      host.changed?.(state);
    });
  }

  /** @type {(control: Slider, box: HTMLInputElement) => void} */
  function bindSwitch(control, box) {
    const other = control.stops.filter((value) => value !== control.on)[0];
    box.addEventListener("input", () => change({ [control.name]: (box.checked ? Number(control.on) : other) * control.scale }));
  }

  // A long list: the box is empty while it is searched, so that all its options show.
  /** @type {(control: Picker, box: HTMLInputElement) => void} */
  function bindSearch(control, box) {
    const present = () => control.options[String(state[control.name])];
    const known = new Map(Object.entries(control.options).map(([id, text]) => [text.toLowerCase(), id]));
    const choose = () => {
      const text = box.value.trim();
      const id = known.get(text.toLowerCase());
      box.value = present();
      if (id === state[control.name] || !text) return;
      if (id) change({ [control.name]: id });
      else set({}, [`“${text}” is not in the list of ${control.label}`]);
      box.value = box.placeholder = present();
    };
    box.addEventListener("focus", () => {
      box.placeholder = present();
      box.value = "";
    });
    box.addEventListener("blur", choose);
    box.addEventListener("change", choose);
    box.addEventListener("input", (event) => {
      const { inputType } = /** @type {InputEvent} */ (event);
      if (!inputType || inputType === "insertReplacementText") choose(); // taken from the list
    });
    box.addEventListener("keydown", ({ key }) => {
      if (key !== "Enter" && key !== "Escape") return;
      if (key === "Escape") box.value = "";
      choose();
      box.select();
    });
  }

  function bind() {
    for (const { control, box } of boxes) {
      if (control.options) {
        const list = box.querySelector("select");
        if (list) list.addEventListener("input", () => change({ [control.name]: list.value }));
        else bindSearch(control, within(box, "input"));
        continue;
      }
      const [range, number] = box.querySelectorAll("input");
      if (number) bindSlider(control, range, number);
      else bindSwitch(control, range);
    }
    find("[data-do='reset']").addEventListener("click", () => {
      state = {};
      view = plainView();
      change(startOf(config));
    });
    for (const fold of element.querySelectorAll("details")) {
      fold.addEventListener("toggle", () => update());
    }
  }

  /** Put live charts in the place of the static ones; the page calls it when the figure is near. */
  async function enliven() {
    // A page keeps them at its end.
    const kept = find("[data-specs]") ?? document.querySelector(`[data-specs="${config.id}"]`);
    /** @type {Specification[]} */
    const specs = JSON.parse(kept?.textContent ?? "");
    for (const [i, box] of charts.entries()) {
      const place = document.createElement("div");
      place.className = "live";
      box.append(place);
      const live = await host.embed(place, { ...specs[i], width: box.clientWidth, height: box.clientHeight });
      drawn[i] = Object.fromEntries(specs[i].data.map(({ name }) => [name, undefined]));
      views[i] = live;
      new ResizeObserver(() => {
        if (box.clientWidth && box.clientWidth !== live.width()) live.width(box.clientWidth).runAsync();
      }).observe(box);
      place.querySelector("svg")?.setAttribute("aria-hidden", "true");
      for (const still of box.querySelectorAll(".still")) still.remove();
    }
    await redraw();
    element.setAttribute("data-ready", "");
  }

  /** @type {Figure} */
  const me = {
    element,
    config,
    engine,
    charts, // the elements that hold them
    views, // Vega's, once they are live
    find,
    text,
    situations,
    /** The rows of each chart, by data set. */
    rows: (solved = situations()) => charts.map((_, i) => rowsOf(i, solved)),
    redraw,
    enliven,
    change,
    facts: host.facts,
    link: host.link, // () => the address of the present state; none in a notebook
    get state() {
      return state;
    },
    start: startOf(config),
    get moved() {
      return config.controls.some(({ name, start }) => state[name] !== start);
    },
    get view() {
      return view;
    },
    /** Show otherwise: see plainView in state.js. */
    see(next) {
      view = { ...view, ...next };
      host.changed?.(state);
      return update();
    },
    /** The solved situation of another state. */
    situation,
    /** Take over a state; says what could not be done. */
    set,
    restore(part) {
      const found = restore(config, part, startOf(config));
      ({ state, view } = found);
      return set({}, found.notes);
    },
    inputs: (of = state) => inputsOf(config, of),
    values: () => situations()[""].values,
    /** A course (see model.js) of some quantities through the present state. */
    course: (want, moving) => course(engine, want, inputsOf(config, state), moving),
    /** The rows that are drawn, as cells of text for people. */
    table: (solved = situations()) =>
      config.charts.flatMap(({ recipes }, i) =>
        Object.entries(rowsOf(i, solved)).flatMap(([name, data]) => listed(engine, recipes[name], data)),
      ),
  };
  /** @type {Follower[]} */
  const parts = PARTS.flatMap((part) => part(me) ?? []);
  bind();
  return me;
}

/**
 * A base value in the unit of its number box.
 * @param {Slider} control
 * @param {number} value
 */
const boxed = (control, value) => String(Number((value / control.scale).toPrecision(6)));

/**
 * Whether a switch is on at a base value.
 * @param {Slider} control
 * @param {number} value
 */
const isOn = ({ on, stops, scale }, value) => stops[nearest(stops, value / scale)] === on;

/**
 * @param {number[]} stops
 * @param {number} value
 */
function nearest(stops, value) {
  /** @param {number} i */
  const gap = (i) => Math.abs(Math.log((stops[i] + 1e-12) / (value + 1e-12)));
  return stops.reduce((best, _, i) => (gap(i) < gap(best) ? i : best), 0);
}

/**
 * Whether two sets of rows are the same.
 * @param {Row[] | undefined} one
 * @param {Row[]} other
 * @returns {boolean}
 */
const alike = (one, other) =>
  one === other ||
  (one?.length === other.length &&
  other.every((row, i) => /** @type {(keyof Row)[]} */ (Object.keys(row)).every((key) => Object.is(row[key], one[i][key]))));

/**
 * Pieces of a sentence into a paragraph: numbers as buttons that explain them.
 * @param {Element} paragraph
 * @param {Piece[]} found
 */
function write(paragraph, found) {
  const marks = /** @type {HTMLElement[]} */ ([...paragraph.childNodes]);
  const fits = marks.length === found.length && found.every(({ name }, i) => (marks[i].dataset?.explain ?? "") === name);
  if (!fits) paragraph.replaceChildren(...found.map(({ name }) => (name ? figureButton(name) : document.createTextNode(""))));
  found.forEach(({ text }, i) => {
    if (paragraph.childNodes[i].textContent !== text) paragraph.childNodes[i].textContent = text;
  });
}
