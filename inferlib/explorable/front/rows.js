// The rows of a chart, calculated from its recipes; `rows.py` does the same when the page is built.
import { show } from "./numbers.js";
import { conditions, order, solve } from "./model.js";
import { inputsOf } from "./state.js";

function line(engine, recipe, inputs, y, series, chosen) {
  const names = order(engine, [recipe.x, y], new Set([...Object.keys(inputs), recipe.over]));
  const holds = conditions(engine, names);
  return recipe.at.map((at) => {
    const values = solve(engine, names, { ...inputs, [recipe.over]: at });
    const feasible = holds.every((name) => values[name]);
    return { x: values[recipe.x], y: values[y], series, chosen, feasible };
  });
}

function grid(engine, recipe, config, state, inputs) {
  const kind = recipe.by;
  if (!kind) return recipe.y.flatMap((y) => line(engine, recipe, inputs, y, engine.quantities[y].label, true));
  const { options } = config.controls.find((one) => one.name === kind);
  return Object.entries(options).flatMap(([option, name]) => {
    const other = inputsOf(config, { ...state, [kind]: option });
    return recipe.y.flatMap((y) => line(engine, recipe, other, y, name, state[kind] === option));
  });
}

function point(engine, recipe, values) {
  const times = recipe.times ?? 1;
  const row = { x: (recipe.pin ?? values[recipe.x]) * times, y: values[recipe.y] * times };
  const fill = (_, name) => show(engine.table, values[name], engine.quantities[name].unit);
  if (recipe.label) row.label = recipe.label.replace(/\{(\w+)\}/g, fill);
  return [row];
}

// The last feasible row of each series (the first, if the recipe says so), to carry its name.
function ends(recipe, rows) {
  const found = new Map();
  for (const row of rows) {
    if (!row.feasible || row.y > (recipe.below ?? Infinity)) continue;
    if (!recipe.first || !found.has(row.series)) found.set(row.series, row);
  }
  return [...found.values()];
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

/** The rows of every named data set of a chart, by name. */
export function draw(engine, recipes, config, state, inputs, situations) {
  const data = {};
  for (const [name, recipe] of Object.entries(recipes)) {
    if (recipe.kind === "grid") data[name] = grid(engine, recipe, config, state, inputs);
    else if (recipe.kind === "point") data[name] = point(engine, recipe, situations[""].values);
    else if (recipe.kind === "ends") data[name] = ends(recipe, recipe.of.flatMap((of) => data[of]));
    else if (recipe.kind === "ratio") data[name] = ratios(engine, recipe, situations);
    else data[name] = [{ x: 1 }];
  }
  return data;
}
