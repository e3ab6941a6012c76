export function explainer(me) {
  return undefined;
}
