// Scenarios by name: a row of buttons, of which one is pressed until a control is moved.

export function presetter(me) {
  const { config, element } = me;
  const buttons = [...element.querySelectorAll("[data-preset]")];
  if (!buttons.length) return undefined;
  const custom = me.find("[data-custom]");
  for (const button of buttons) {
    button.addEventListener("click", () => {
      me.see({ from: button.dataset.preset });
      me.change(config.presets[button.dataset.preset]);
    });
  }
  const same = (a, b) => a === b || Math.abs(a / b - 1) < 1e-9; // a link rounds
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
