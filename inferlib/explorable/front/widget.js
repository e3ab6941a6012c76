// The notebook: the same figure as an anywidget.
import { drawWith } from "./charts.js";
import { mount } from "./figure.js";

const engines = new Map();

// Formulas travel as text, so that one redefined in a cell is the one that the slider drags.
async function engineOf(source) {
  if (!engines.has(source)) {
    const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
    engines.set(source, import(/* webpackIgnore: true */ url).then((module) => module.engine));
  }
  return engines.get(source);
}

const embed = (place, spec) => drawWith(loadVega(), place, spec);

export async function render({ model, el }) {
  el.innerHTML = model.get("_html");
  const element = el.querySelector("figure.explorable");
  const config = JSON.parse(element.querySelector("script[data-config]").textContent);
  const changed = (state) => {
    model.set("value", { ...state });
    model.save_changes();
  };
  const facts = async () => JSON.parse(model.get("_facts"));
  const figure = mount(element, config, await engineOf(model.get("_engine")), { embed, changed, facts });
  element.querySelector("[data-do='copy']").remove();
  model.on("change:value", () => figure.set(model.get("value")));
  await figure.set(model.get("value"));
  await figure.enliven();
}
