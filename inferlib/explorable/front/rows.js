// The rows of a chart, cooked from its recipes; `rows.py` does the same when the page is built.
import { show } from "./numbers.js";
import { course, reasons } from "./model.js";
import { inputsOf } from "./state.js";
import { bandRows } from "./bands.js";
import { measuredRows } from "./measured.js";
import { ends, faint, frontier, labels, parts, scale } from "./places.js";
/** @import { Config, Cooked, Cooking, Drawn, Engine, Grid, Point, Ratio, Recipe, Row, Scatter, Situations, Solved, Values } from "./types" */

/**
 * The values at which a line is drawn.
 * @param {Engine} engine
 * @param {Grid} recipe
 * @param {Values} inputs
 */
function at(engine, recipe, inputs) {
  if (!recipe.also) return recipe.at;
  return [...recipe.at, course(engine, [recipe.also], inputs, []).values[recipe.also]].sort((a, b) => a - b);
}

/**
 * @param {Engine} engine
 * @param {Grid} recipe
 * @param {Values} inputs
 * @param {string} series
 * @param {boolean} chosen
 */
function line(engine, recipe, inputs, series, chosen) {
  const { x, y, over } = recipe;
  const path = course(engine, [x, y], inputs, [over]);
  return at(engine, recipe, inputs).map((value) => {
    const values = path.set({ [over]: value });
    return { x: values[x], y: values[y], series, chosen, feasible: path.feasible() };
  });
}

/**
 * @param {Config} config
 * @param {string} kind
 */
const optionsOf = (config, kind) => Object.entries(config.controls.find(({ name }) => name === kind)?.options ?? {});

/**
 * @param {Engine} engine
 * @param {Grid} recipe
 * @param {Config} config
 * @param {Cooking} one
 */
function grid(engine, recipe, config, { state, inputs }) {
  const kind = recipe.by;
  if (!kind) return line(engine, recipe, inputs, recipe.name || engine.labels[recipe.y], true);
  return optionsOf(config, kind).flatMap(([option, name]) =>
    line(engine, recipe, inputsOf(config, { ...state, [kind]: option }), name, state[kind] === option),
  );
}

/**
 * @param {Engine} engine
 * @param {Scatter} recipe
 * @param {Config} config
 * @param {Cooking} one
 */
function scatter(engine, { x, y, by }, config, { state, inputs }) {
  const moving = config.tables.filter(({ kinds }) => kinds.includes(by)).flatMap((table) => table.inputs);
  const path = course(engine, [x, y], inputs, moving);
  return optionsOf(config, by).map(([option, series]) => {
    const other = inputsOf(config, { ...state, [by]: option });
    const values = path.set(Object.fromEntries(moving.map((name) => [name, other[name]])));
    return { x: values[x], y: values[y], series, chosen: state[by] === option, feasible: path.feasible() };
  });
}

/**
 * @param {Engine} engine
 * @param {Point} recipe
 * @param {Values} values
 */
function points(engine, recipe, values) {
  /** @param {string | number} of */
  const value = (of) => (typeof of === "string" ? values[of] * recipe.times : of);
  const [low, high] = recipe.within ?? [-Infinity, Infinity];
  const x = Math.min(high, Math.max(low, recipe.pin || value(recipe.x)));
  /** @type {(all: string, name: string) => string} */
  const fill = (_, name) => show(engine.table, values[name], engine.quantities[name].unit);
  const label = recipe.label ? { label: recipe.label.replace(/\{(\w+)\}/g, fill) } : {};
  const feasible = reasons(engine, values).length === 0;
  return recipe.y.map((y) => ({ x, y: value(y), feasible, ...label }));
}

/**
 * @param {Engine} engine
 * @param {Ratio} recipe
 * @param {Situations} situations
 */
function ratios(engine, recipe, situations) {
  const mine = situations[""].values;
  const other = situations[recipe.against].values;
  return Object.entries(recipe.names).map(([name, series]) => {
    /** @param {Values} values */
    const shown = (values) => show(engine.table, values[name], engine.quantities[name].unit);
    const x = other[name] ? mine[name] / other[name] : 1;
    return { series, x, one: 1, label: `${shown(mine)} against ${shown(other)}` };
  });
}

/**
 * The rows of a recipe.
 * @param {Engine} engine
 * @param {Recipe} recipe
 * @param {Config} config
 * @param {Cooking} one the state, or A
 * @param {Drawn} data what is cooked so far
 * @param {Values[]} both the values of the state and of A
 * @returns {Cooked[]}
 */
function cook(engine, recipe, config, one, data, both) {
  const { state, inputs, situations } = one;
  const { values } = situations[""];
  switch (recipe.kind) {
    case "grid": return grid(engine, recipe, config, one);
    case "point": return points(engine, recipe, values);
    case "known": return recipe.rows;
    case "ratio": return ratios(engine, recipe, situations);
    case "scatter": return scatter(engine, recipe, config, one);
    case "parts": return parts(engine, recipe, values, both);
    case "scale": return scale(engine, recipe, values, both);
    case "band": return bandRows(engine, recipe, config, state, inputs);
    case "measured": return measuredRows(engine, recipe, config, state, inputs);
    case "ends": return ends(recipe, recipe.of.flatMap((name) => data[name]));
    case "faint": return faint(data[recipe.of]);
    case "chosen": return data[recipe.of].filter(({ chosen }) => chosen);
    case "frontier": return frontier(recipe, data[recipe.of]);
    case "labels": return labels(recipe, data[recipe.of], data[recipe.front]);
  }
}

/** @type {WeakMap<Situations, Map<Recipe, Row[]>>} */
const held = new WeakMap(); // rows in a state A, by its solved situations and the recipe

/**
 * The rows of every named data set of a chart, by name.
 * @param {Engine} engine
 * @param {Record<string, Recipe>} recipes
 * @param {Config} config
 * @param {Solved} now the state
 * @param {Solved | undefined} then the state A, if one is held for comparison
 * @param {boolean} band whether bands are shown
 */
export function draw(engine, recipes, config, now, then, band) {
  const both = (then ? [now, then] : [now]).map(({ situations }) => situations[""].values);
  /** @type {Drawn} */
  const data = {};
  const mine = { ...now, inputs: inputsOf(config, now.state) };
  /** @type {Map<Recipe, Row[]>} */
  const kept = (then && held.get(then.situations)) ?? new Map();
  if (then) held.set(then.situations, kept);
  for (const [name, recipe] of Object.entries(recipes)) {
    /** @param {Cooking} one */
    const rows = (one) => /** @type {Row[]} */ (cook(engine, recipe, config, one, data, both));
    const old = recipe.kind === "parts" ? undefined : kept.get(recipe);
    if (recipe.kind === "band" && !band) data[name] = [];
    else if (!recipe.pinned) data[name] = rows(mine);
    else {
      data[name] = old ?? (then ? rows({ ...then, inputs: inputsOf(config, then.state) }) : []);
      kept.set(recipe, data[name]);
    }
  }
  return data;
}
