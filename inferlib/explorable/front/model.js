// The graph of quantities: what must be calculated for what, and its values.
// An engine is { formulas, quantities, table }: functions by name, facts by name, steps of units.
import { show } from "./numbers.js";
/** @import { Course, Engine, Values } from "./types" */

/**
 * Names to calculate, each after those it rests on, with the conditions they require.
 * @param {Engine} engine
 * @param {string[]} want
 * @param {Set<string>} known
 */
export function order(engine, want, known) {
  const needed = new Set();
  const queue = [...want];
  for (let name = queue.pop(); name !== undefined; name = queue.pop()) {
    if (needed.has(name)) continue;
    needed.add(name);
    const { needs, requires, words } = engine.quantities[name];
    if (!known.has(name)) queue.push(...needs, ...requires, ...words);
  }
  return Object.keys(engine.quantities).filter((name) => needed.has(name));
}

/**
 * Values by name from inputs by name; `names` is what order() gave.
 * @param {Engine} engine
 * @param {string[]} names
 * @param {Values} inputs
 */
export function solve(engine, names, inputs) {
  /** @type {Record<string, any>} */
  const values = {};
  for (const name of names) {
    const formula = engine.formulas[name];
    values[name] = name in inputs ? inputs[name] : formula ? formula(values) : undefined;
  }
  return values;
}

/**
 * Names of the conditions among some quantities.
 * @param {Engine} engine
 * @param {string[]} names
 */
export const conditions = (engine, names) => names.filter((name) => engine.quantities[name].otherwise);

/**
 * The sentence of each condition that does not hold.
 * @param {Engine} engine
 * @param {Values} values
 */
export function reasons(engine, values) {
  /** @type {(all: string, name: string) => string} */
  const fill = (_, name) => show(engine.table, values[name], engine.quantities[name].unit);
  return conditions(engine, Object.keys(values))
    .filter((name) => !values[name])
    .map((name) => engine.quantities[name].otherwise.replace(/\{(\w+)\}/g, fill));
}

const plans = new WeakMap();

/**
 * What a course calculates, and what of it follows the moving names; the same for all inputs.
 * @param {Engine} engine
 * @param {string[]} want
 * @param {Values} inputs
 * @param {string[]} moving
 * @returns {{ names: string[], after: string[], holds: string[] }}
 */
export function plan(engine, want, inputs, moving) {
  const mine = plans.get(engine) ?? new Map();
  plans.set(engine, mine);
  const key = [...want, "|", ...moving].join();
  if (!mine.has(key)) {
    const known = new Set([...Object.keys(inputs), ...moving]);
    const names = order(engine, want, known);
    const follows = new Set(moving);
    for (const name of names) {
      if (!known.has(name) && engine.quantities[name].needs.some((need) => follows.has(need))) follows.add(name);
    }
    for (const name of moving) follows.delete(name);
    mine.set(key, { names, after: [...follows], holds: conditions(engine, names) });
  }
  return mine.get(key);
}

/**
 * Many values of a few inputs, the rest still: what does not follow them is calculated once.
 * @param {Engine} engine
 * @param {string[]} want the quantities asked for
 * @param {Values} inputs
 * @param {string[]} moving the inputs that `set` will change; also quantities that are given for their formula
 * @returns {Course}
 */
export function course(engine, want, inputs, moving) {
  const { names, after, holds } = plan(engine, want, inputs, moving);
  const values = solve(engine, names, inputs);
  /** @type {(after: string[]) => (changes: Values) => Values} */
  const setter = (after) => (changes) => {
    Object.assign(values, changes);
    for (const name of after) values[name] = engine.formulas[name](values);
    return values;
  };
  return {
    values,
    /** Give the moving inputs their values, in place; returns `values`. */
    set: setter(after),
    /** The same for only some of them, while the others stay as they were set last. */
    along: (some) => setter(plan(engine, want, inputs, some).after),
    feasible: () => holds.every((name) => values[name]),
  };
}
