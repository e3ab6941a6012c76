// The rows of a chart, cooked from its recipes; `rows.py` does the same when the page is built.
import { show } from "./numbers.js";
import { course, order, solve } from "./model.js";
import { inputsOf } from "./state.js";

function at(engine, recipe, inputs) {
  if (!recipe.also) return recipe.at;
  const names = order(engine, [recipe.also], new Set(Object.keys(inputs)));
  return [...recipe.at, solve(engine, names, inputs)[recipe.also]].sort((a, b) => a - b);
}

function line(engine, recipe, inputs, series, chosen) {
  const { x, y, over } = recipe;
  const path = course(engine, [x, y], inputs, [over]);
  return at(engine, recipe, inputs).map((value) => {
    const values = path.set({ [over]: value });
    return { x: values[x], y: values[y], series, chosen, feasible: path.feasible() };
  });
}

function grid(engine, recipe, config, state, inputs) {
  const kind = recipe.by;
  if (!kind) return line(engine, recipe, inputs, recipe.name || engine.quantities[recipe.y].label, true);
  const { options } = config.controls.find((one) => one.name === kind);
  return Object.entries(options).flatMap(([option, name]) =>
    line(engine, recipe, inputsOf(config, { ...state, [kind]: option }), name, state[kind] === option),
  );
}

function point(engine, recipe, values) {
  const value = (of) => (typeof of === "string" ? values[of] * recipe.times : of);
  const [low, high] = recipe.within ?? [-Infinity, Infinity];
  const row = { x: Math.min(high, Math.max(low, recipe.pin || value(recipe.x))), y: value(recipe.y) };
  const fill = (_, name) => show(engine.table, values[name], engine.quantities[name].unit);
  if (recipe.label) row.label = recipe.label.replace(/\{(\w+)\}/g, fill);
  return [row];
}

function ends(recipe, rows) {
  const found = new Map();
  for (const row of rows) {
    if (recipe.below && row.y > recipe.below) continue;
    if (!recipe.first || !found.has(row.series)) found.set(row.series, row);
  }
  const placed = [];
  for (const row of [...found.values()].sort((a, b) => b.y - a.y)) {
    const most = placed.length ? placed[placed.length - 1].y / recipe.apart : row.y;
    placed.push({ ...row, y: Math.min(row.y, most) });
  }
  return placed;
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

/**
 * The rows of every named data set of a chart, by name.
 * @param situations the solved state under "", and those of the aliases
 * @param view `pinned`, the state A, if one is held for comparison; `band`, whether bands are shown
 */
export function draw(engine, recipes, config, state, situations, view) {
  const inputs = inputsOf(config, state);
  const data = {};
  for (const [name, recipe] of Object.entries(recipes)) {
    if (recipe.kind === "grid") data[name] = grid(engine, recipe, config, state, inputs);
    else if (recipe.kind === "point") data[name] = point(engine, recipe, situations[""].values);
    else if (recipe.kind === "ends") data[name] = ends(recipe, data[recipe.of]);
    else if (recipe.kind === "ratio") data[name] = ratios(engine, recipe, situations);
    else data[name] = [{ x: 1 }];
  }
  return data;
}
