// Scenarios by name: a row of buttons, of which one is pressed until a control is moved.
import { allIn } from "./dom.js";
/** @import { Figure, State } from "./types" */

/**
 * The part of a figure that takes over scenarios by name.
 * @param {Figure} me
 */
export function presetter(me) {
  const { config, element } = me;
  const buttons = allIn(element, "[data-preset]");
  if (!buttons.length) return undefined;
  const custom = me.find("[data-custom]");
  for (const button of buttons) {
    const { preset = "" } = button.dataset;
    button.addEventListener("click", () => {
      me.see({ from: preset });
      me.change(config.presets[preset]);
    });
  }
  /** @type {(a: number | string, b: number | string) => boolean} */
  const same = (a, b) => a === b || Math.abs(Number(a) / Number(b) - 1) < 1e-9; // a link rounds
  /** @param {State} values */
  const is = (values) => Object.entries(values).every(([name, value]) => same(me.state[name], value));
  return () => {
    // Two presets may be alike; the one that was chosen is the one that is shown.
    const names = Object.keys(config.presets).filter((name) => is(config.presets[name]));
    const here = names.includes(me.view.from) ? me.view.from : names[0];
    for (const button of buttons) button.setAttribute("aria-pressed", String(button.dataset.preset === here));
    custom.hidden = here !== undefined;
    custom.textContent = me.view.from ? `Custom, from ${me.view.from}` : "Custom";
  };
}
