// The rows of a chart, cooked from its recipes; `rows.py` does the same when the page is built.
import { show } from "./numbers.js";
import { course } from "./model.js";
import { inputsOf } from "./state.js";
import { bandRows } from "./bands.js";
import { measuredRows } from "./measured.js";
import { ends, faint, frontier, labels, parts, scale } from "./places.js";

function at(engine, recipe, inputs) {
  if (!recipe.also) return recipe.at;
  return [...recipe.at, course(engine, [recipe.also], inputs, []).values[recipe.also]].sort((a, b) => a - b);
}

function line(engine, recipe, inputs, series, chosen) {
  const { x, y, over } = recipe;
  const path = course(engine, [x, y], inputs, [over]);
  return at(engine, recipe, inputs).map((value) => {
    const values = path.set({ [over]: value });
    return { x: values[x], y: values[y], series, chosen, feasible: path.feasible() };
  });
}

const optionsOf = (config, kind) => Object.entries(config.controls.find(({ name }) => name === kind).options);

function grid(engine, recipe, config, { state, inputs }) {
  const kind = recipe.by;
  if (!kind) return line(engine, recipe, inputs, recipe.name || engine.labels[recipe.y], true);
  return optionsOf(config, kind).flatMap(([option, name]) =>
    line(engine, recipe, inputsOf(config, { ...state, [kind]: option }), name, state[kind] === option),
  );
}

function scatter(engine, { x, y, by }, config, { state, inputs }) {
  const moving = config.tables.filter(({ kinds }) => kinds.includes(by)).flatMap((table) => table.inputs);
  const path = course(engine, [x, y], inputs, moving);
  return optionsOf(config, by).map(([option, series]) => {
    const other = inputsOf(config, { ...state, [by]: option });
    const values = path.set(Object.fromEntries(moving.map((name) => [name, other[name]])));
    return { x: values[x], y: values[y], series, chosen: state[by] === option, feasible: path.feasible() };
  });
}

function points(engine, recipe, values) {
  const value = (of) => (typeof of === "string" ? values[of] * recipe.times : of);
  const [low, high] = recipe.within ?? [-Infinity, Infinity];
  const x = Math.min(high, Math.max(low, recipe.pin || value(recipe.x)));
  const fill = (_, name) => show(engine.table, values[name], engine.quantities[name].unit);
  const label = recipe.label ? { label: recipe.label.replace(/\{(\w+)\}/g, fill) } : {};
  return recipe.y.map((y) => ({ x, y: value(y), ...label }));
}

function ratios(engine, recipe, situations) {
  const mine = situations[""].values;
  const other = situations[recipe.against].values;
  return Object.entries(recipe.names).map(([name, series]) => {
    const shown = (values) => show(engine.table, values[name], engine.quantities[name].unit);
    const x = other[name] ? mine[name] / other[name] : 1;
    return { series, x, one: 1, label: `${shown(mine)} against ${shown(other)}` };
  });
}

// Rows by the kind of their recipe. `one` is the state, or A; `data` what is cooked so far; `both`
// are the values of the state and of A.
const COOKS = {
  grid: (engine, recipe, config, one) => grid(engine, recipe, config, one),
  point: (engine, recipe, config, { situations }) => points(engine, recipe, situations[""].values),
  ratio: (engine, recipe, config, { situations }) => ratios(engine, recipe, situations),
  scatter: (engine, recipe, config, one) => scatter(engine, recipe, config, one),
  parts: (engine, recipe, config, { situations }, data, both) => parts(engine, recipe, situations[""].values, both),
  scale: (engine, recipe, config, { situations }, data, both) => scale(engine, recipe, situations[""].values, both),
  band: (engine, recipe, config, { state, inputs }) => bandRows(engine, recipe, config, state, inputs),
  measured: (engine, recipe, config, { state, inputs }) => measuredRows(engine, recipe, config, state, inputs),
  ends: (engine, recipe, config, one, data) => ends(recipe, recipe.of.flatMap((name) => data[name])),
  faint: (engine, recipe, config, one, data) => faint(data[recipe.of]),
  chosen: (engine, recipe, config, one, data) => data[recipe.of].filter(({ chosen }) => chosen),
  frontier: (engine, recipe, config, one, data) => frontier(recipe, data[recipe.of]),
  labels: (engine, recipe, config, one, data) => labels(recipe, data[recipe.of], data[recipe.front]),
};

const held = new WeakMap(); // rows in a state A, by its solved situations and the recipe

/**
 * The rows of every named data set of a chart, by name.
 * @param now the state: `state`, and `situations`, it solved under "" and those of the aliases
 * @param then the same of the state A, if one is held for comparison
 * @param band whether bands are shown
 */
export function draw(engine, recipes, config, now, then, band) {
  const both = [now, then].filter(Boolean).map(({ situations }) => situations[""].values);
  const data = {};
  const mine = { ...now, inputs: inputsOf(config, now.state) };
  if (then && !held.has(then.situations)) held.set(then.situations, new Map());
  for (const [name, recipe] of Object.entries(recipes)) {
    const cook = (one) => COOKS[recipe.kind](engine, recipe, config, one, data, both);
    if ((recipe.pinned && !then) || (recipe.kind === "band" && !band)) data[name] = [];
    else if (!recipe.pinned) data[name] = cook(mine);
    else {
      const kept = held.get(then.situations);
      if (!kept.has(recipe) || recipe.kind === "parts") kept.set(recipe, cook({ ...then, inputs: inputsOf(config, then.state) }));
      data[name] = kept.get(recipe);
    }
  }
  return data;
}
