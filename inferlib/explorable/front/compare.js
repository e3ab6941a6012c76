export function comparer(me) {
  return undefined;
}
