export function seeker(me) {
  return undefined;
}
