export function doubter(me) {
  return undefined;
}
