// The graph of quantities: what must be calculated for what, and its values.
// An engine is { formulas, quantities, table }: functions by name, facts by name, steps of units.
import { show } from "./numbers.js";

/** Names to calculate, each after those it rests on, with the conditions they require. */
export function order(engine, want, known) {
  const needed = new Set();
  const queue = [...want];
  while (queue.length) {
    const name = queue.pop();
    if (needed.has(name)) continue;
    needed.add(name);
    const { needs, requires, words } = engine.quantities[name];
    if (!known.has(name)) queue.push(...needs, ...requires, ...words);
  }
  return Object.keys(engine.quantities).filter((name) => needed.has(name));
}

/** Values by name from inputs by name; `names` is what order() gave. */
export function solve(engine, names, inputs) {
  const values = {};
  for (const name of names) {
    const formula = engine.formulas[name];
    values[name] = name in inputs ? inputs[name] : formula ? formula(values) : undefined;
  }
  return values;
}

/** Names of the conditions among some quantities. */
export const conditions = (engine, names) => names.filter((name) => engine.quantities[name].otherwise);

/** The sentence of each condition that does not hold. */
export function reasons(engine, values) {
  const fill = (_, name) => show(engine.table, values[name], engine.quantities[name].unit);
  return conditions(engine, Object.keys(values))
    .filter((name) => !values[name])
    .map((name) => engine.quantities[name].otherwise.replace(/\{(\w+)\}/g, fill));
}
