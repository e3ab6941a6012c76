export function hoverer(me) {
  return undefined;
}
