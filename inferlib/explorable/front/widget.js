// The notebook: the same figure as an anywidget.
import { drawWith } from "./charts.js";
import { mount } from "./figure.js";
import { within } from "./dom.js";
/** @import { Host, Model, Shared, State } from "./types" */

/** @type {Map<string, Promise<Shared>>} */
const engines = new Map();

// Formulas travel as text, so that one redefined in a cell is the one that the slider drags.
/**
 * @param {string} source
 * @returns {Promise<Shared>}
 */
async function engineOf(source) {
  const known = engines.get(source);
  if (known) return known;
  const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
  const made = import(/* webpackIgnore: true */ url).then((module) => module.engine);
  engines.set(source, made);
  return made;
}

/** @type {Host["embed"]} */
const embed = (place, spec) => drawWith(loadVega(), place, spec);

/** @param {{ model: Model, el: HTMLElement }} given */
export async function render({ model, el }) {
  el.innerHTML = model.get("_html");
  const element = within(el, "figure");
  const config = JSON.parse(within(element, "script[data-config]").textContent);
  /** @param {State} state */
  const changed = (state) => {
    model.set("value", { ...state });
    model.save_changes();
  };
  const facts = async () => JSON.parse(model.get("_facts"));
  const figure = mount(element, config, await engineOf(model.get("_engine")), { embed, changed, facts });
  within(element, "[data-do='copy']").remove();
  model.on("change:value", () => figure.set(model.get("value")));
  await figure.set(model.get("value"));
  await figure.enliven();
}
