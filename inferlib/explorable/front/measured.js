export function measuredRows(engine, recipe, config, state, inputs) {
  return [];
}
