// One explorable: its controls bound to its state, and everything that follows the state.
import { show } from "./numbers.js";
import { order, solve } from "./model.js";
import { inputsOf, namesOf, read, restore, startOf } from "./state.js";
import { answer, reason } from "./words.js";
import { draw } from "./rows.js";

/**
 * Bring a static figure to life.
 * @param figure the element that inferlib.explorable.render wrote
 * @param config what Explorable.config() gave
 * @param engine formulas, quantities and the table of units
 * @param embed a function (element, specification) => promise of a Vega view
 * @param changed called with the state after each change by the reader
 */
export function mount(figure, config, engine, embed, changed) {
  const names = order(engine, config.want, new Set(Object.keys(config.base)));
  const find = (selector) => figure.querySelector(selector);
  const boxes = config.controls.map((control) => [control, find(`[data-control="${control.name}"]`)]);
  const charts = [...figure.querySelectorAll("[data-chart]")];
  const views = [];
  let state = startOf(config);
  let spoken;

  const situation = (alias) => ({
    values: solve(engine, names, inputsOf(config, state, alias)),
    names: namesOf(config, state, alias),
  });

  function situations() {
    return Object.fromEntries(["", ...Object.keys(config.aliases)].map((alias) => [alias, situation(alias)]));
  }

  function rows(index, solved) {
    const { recipes } = config.charts[index];
    return draw(engine, recipes, config, state, inputsOf(config, state), solved);
  }

  const text = (values, name) => show(engine.table, values[name], engine.quantities[name].unit);

  function say(solved) {
    const sentence = answer(engine, config, solved);
    find("[data-answer]").textContent = sentence;
    figure.toggleAttribute("data-infeasible", reason(engine, solved) !== "");
    for (const box of figure.querySelectorAll("[data-readout]")) {
      box.textContent = reason(engine, { "": solved[""] }) ? "–" : text(solved[""].values, box.dataset.readout);
    }
    clearTimeout(spoken);
    spoken = setTimeout(() => (find("[data-live]").textContent = sentence), 600);
  }

  // The formulas and the table are folded away until asked for, so they are filled only when open.
  function unfold(solved) {
    if (find("details.formula")?.open) {
      for (const slot of figure.querySelectorAll(".numbers [class^='v-']")) {
        const mark = document.createElementNS("http://www.w3.org/1998/Math/MathML", "mtext");
        mark.textContent = text(solved[""].values, slot.getAttribute("class").slice(2));
        slot.replaceChildren(mark);
      }
    }
    if (find("details.drawn").open) {
      const lines = config.charts.flatMap(({ recipes }, i) =>
        Object.entries(rows(i, solved)).flatMap(([name, data]) => listed(engine, recipes[name], data)),
      );
      fillTable(find("details.drawn tbody"), lines);
    }
  }

  function follow() {
    for (const [control, box] of boxes) {
      if (control.options) {
        box.querySelector("select").value = state[control.name];
        continue;
      }
      const value = state[control.name] / control.scale;
      const [range, number] = box.querySelectorAll("input");
      range.value = nearest(control.stops, value);
      range.setAttribute("aria-valuetext", show(engine.table, state[control.name], control.unit));
      if (document.activeElement !== number) number.value = boxed(control, state[control.name]);
    }
  }

  // One drawing in flight and one pending: a fast drag skips states, it never queues them.
  let drawing = null;
  let pending = false;
  function redraw() {
    if (drawing) {
      pending = true;
      return drawing;
    }
    drawing = paint().finally(() => {
      drawing = null;
      if (pending) {
        pending = false;
        redraw();
      }
    });
    return drawing;
  }

  async function paint() {
    const solved = situations();
    await Promise.all(
      views.map((view, i) => {
        if (!view) return undefined;
        for (const [name, data] of Object.entries(rows(i, solved))) view.data(name, data);
        return view.runAsync();
      }),
    );
  }

  function update() {
    const solved = situations();
    say(solved);
    follow();
    unfold(solved);
    return redraw();
  }

  function set(next, notes = []) {
    state = { ...state, ...next };
    find("[data-note]").textContent = notes.length ? `${capital(notes.join("; "))}.` : "";
    return update();
  }

  function change(name, value) {
    set({ [name]: value });
    changed?.(state);
  }

  function bindSlider(control, range, number) {
    const [low, high] = [control.stops[0], control.stops[control.stops.length - 1]];
    range.addEventListener("input", () => change(control.name, control.stops[range.value] * control.scale));
    number.addEventListener("input", () => {
      const value = number.valueAsNumber;
      if (value >= low && value <= high) change(control.name, value * control.scale);
    });
    // Leaving the box: what cannot be is brought into the range, or put back, and said.
    number.addEventListener("change", () => {
      const { value, note } = read(control, number.value);
      if (note) set(value === undefined ? {} : { [control.name]: value }, [note]);
      number.value = boxed(control, state[control.name]);
      changed?.(state);
    });
  }

  function bind() {
    for (const [control, box] of boxes) {
      if (control.options) {
        box.querySelector("select").addEventListener("input", (event) => change(control.name, event.target.value));
        continue;
      }
      bindSlider(control, ...box.querySelectorAll("input"));
    }
    find("[data-do='reset']").addEventListener("click", () => {
      set(startOf(config));
      changed?.(state);
    });
    for (const fold of figure.querySelectorAll("details")) {
      fold.addEventListener("toggle", () => unfold(situations()));
    }
  }

  /** Put live charts in the place of the static ones; the page calls it when the figure is near. */
  async function enliven() {
    for (const [i, box] of charts.entries()) {
      const spec = JSON.parse(box.querySelector("script").textContent);
      const place = document.createElement("div");
      place.className = "live";
      box.append(place);
      const view = await embed(place, { ...spec, width: box.clientWidth, height: box.clientHeight });
      views[i] = view;
      new ResizeObserver(() => {
        if (box.clientWidth && box.clientWidth !== view.width()) view.width(box.clientWidth).runAsync();
      }).observe(box);
      place.querySelector("svg").setAttribute("aria-hidden", "true");
      for (const still of box.querySelectorAll(".still")) still.remove();
    }
    await redraw();
    figure.setAttribute("data-ready", "");
  }

  bind();
  return {
    enliven,
    get state() {
      return state;
    },
    /** Take over a state; says what could not be done. */
    set,
    restore(part) {
      const { state: next, notes } = restore(config, part, startOf(config));
      return set(next, notes);
    },
    rows: () => charts.map((_, i) => rows(i, situations())),
    values: () => situations()[""].values,
    redraw,
  };
}

const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);

/** A base value in the unit of its number box. */
const boxed = (control, value) => Number((value / control.scale).toPrecision(6));

function nearest(stops, value) {
  const gap = (i) => Math.abs(Math.log((stops[i] + 1e-12) / (value + 1e-12)));
  return stops.reduce((best, _, i) => (gap(i) < gap(best) ? i : best), 0);
}

/** The chosen lines as rows of cells, as inferlib.explorable.render lists them. */
function listed(engine, recipe, rows) {
  if (recipe.kind === "ratio") return rows.map((row) => [row.series, String(Number(row.x.toPrecision(3))), row.label]);
  if (recipe.kind !== "grid" || recipe.by) return [];
  const [x, y] = [recipe.x, recipe.y].map((name) => engine.quantities[name].unit);
  return rows.map((row) => [row.series, show(engine.table, row.x, x), show(engine.table, row.y, y)]);
}

function fillTable(body, lines) {
  body.replaceChildren(
    ...lines.map((cells) => {
      const line = document.createElement("tr");
      for (const cell of cells) line.insertCell().textContent = cell;
      return line;
    }),
  );
}
