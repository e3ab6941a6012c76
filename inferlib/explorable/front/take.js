export function taker(me) {
  return undefined;
}
