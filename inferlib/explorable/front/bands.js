// The bands of answers when inputs in doubt vary together; the twin of il.uncertainty, and of
// bands.py for the rows of a chart.
import { course, plan } from "./model.js";
import { rangesOf } from "./state.js";
import { placesOf, triangular } from "./points.js";

/**
 * The inputs in doubt on which a quantity rests, in alphabetical order, as [name, low, high, reason].
 * @param {string} want the quantity
 * @param {string} [given] what is given besides the inputs
 */
export function inDoubt(engine, config, state, inputs, want, given = "") {
  const slid = (name) => name === given || config.controls.some((one) => one.stops && one.name === name);
  const ranges = rangesOf(config, state);
  return plan(engine, [want], inputs, given ? [given] : [])
    .names.filter((name) => ranges[name] && !slid(name))
    .sort()
    .map((name) => [name, ...ranges[name]]);
}

/** Whether an input is drawn: at an end of its range it is a limit and no estimate, and held there. */
export const between = (inputs) => ([name, low, high]) => low < inputs[name] && inputs[name] < high;

const latest = new WeakMap(); // the draws that were made last, by engine

// What the inputs are in each draw; the same while they and their ranges stay as they are.
function drawsOf(engine, inputs, ranges) {
  const key = ranges.map(([name, low, high]) => [name, low, inputs[name], high]).join();
  if (latest.get(engine)?.key !== key) latest.set(engine, { key, draws: drawsFrom(engine, inputs, ranges) });
  return latest.get(engine).draws;
}

function drawsFrom(engine, inputs, ranges) {
  const places = placesOf(engine.draws, ranges.map(([name]) => name));
  const columns = ranges.map(([name, low, high]) => {
    const values = places[name].map((share) => triangular(share, low, inputs[name], high));
    return engine.quantities[name].whole ? values.map((value) => Math.floor(value + 0.5)) : values;
  });
  return Array.from({ length: engine.draws.count }, (_, i) =>
    Object.fromEntries(ranges.map(([name], j) => [name, columns[j][i]])),
  );
}

/** Between the two nearest of some values in order. */
function quantile(ordered, share) {
  const last = ordered.length - 1;
  const below = Math.floor(share * last);
  const [a, b] = [ordered[below], ordered[Math.min(below + 1, last)]];
  return a + (b - a) * (share * last - below);
}

// The two ends of some feasible answers.
function endsOf(engine, answers) {
  const ordered = Float64Array.from(answers).sort();
  const { level } = engine.draws;
  return { low: quantile(ordered, (1 - level) / 2), high: quantile(ordered, (1 + level) / 2) };
}

/**
 * The rows of a band: between what a quantity lies as `over` takes the values `at`.
 * @param {{ y: string, over: string, at: number[] }} recipe
 * @returns {{ x: number, low: number, high: number }[]}
 */
export function bandRows(engine, recipe, config, state, inputs) {
  const { y, over } = recipe;
  const ranges = inDoubt(engine, config, state, inputs, y, over).filter(between(inputs));
  if (!ranges.length) return [];
  const answers = recipe.at.map(() => []);
  const path = course(engine, [y], inputs, [over, ...ranges.map(([name]) => name)]);
  const step = path.along([over]);
  for (const draw of drawsOf(engine, inputs, ranges)) {
    path.set(draw);
    recipe.at.forEach((x, i) => {
      const value = step({ [over]: x })[y];
      if (path.feasible()) answers[i].push(value);
    });
  }
  return recipe.at.flatMap((x, i) => (answers[i].length > 1 ? [{ x, ...endsOf(engine, answers[i]) }] : []));
}

/**
 * The band of a quantity in a state, as il.uncertainty has it.
 * @param {string} want the quantity
 * @returns `low` and `high`, undefined if no draw is feasible; the share that is; the inputs that
 *   are drawn, and those that are held at an end of their range
 */
export function band(engine, config, state, inputs, want) {
  const ranges = inDoubt(engine, config, state, inputs, want);
  const drawn = ranges.filter(between(inputs));
  const path = course(engine, [want], inputs, drawn.map(([name]) => name));
  const answers = [];
  for (const draw of drawn.length ? drawsOf(engine, inputs, drawn) : []) {
    const value = path.set(draw)[want];
    if (path.feasible()) answers.push(value);
  }
  return {
    ...(answers.length ? endsOf(engine, answers) : {}),
    feasible: answers.length / engine.draws.count,
    drawn: drawn.map(([name]) => name),
    held: ranges.filter((one) => !drawn.includes(one)).map(([name]) => name),
  };
}
