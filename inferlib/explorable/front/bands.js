export function bandRows(engine, recipe, config, state, inputs) {
  return [];
}
