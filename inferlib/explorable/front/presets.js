export function presetter(me) {
  return undefined;
}
