// The answer sentence, as inferlib.explorable.words writes it.
import { show } from "./numbers.js";
import { reasons } from "./model.js";

/** The words of the largest quantity of a choice; the first, if several are. */
function largest(choice, values) {
  const names = Object.keys(choice);
  const name = names.reduce((best, one) => (values[one] > values[best] ? one : best), names[0]);
  return typeof choice[name] === "string" ? choice[name] : largest(choice[name], values);
}

/** Why there is no answer: a sentence about each chip on which something does not hold. */
export function reason(engine, situations) {
  const found = Object.values(situations).flatMap(({ values, names }) =>
    reasons(engine, values).map((why) => `On ${names.chip}, ${why}.`),
  );
  return [...new Set(found)].join(" ");
}

export function answer(engine, config, situations) {
  const here = situations[""];
  const shown = (values, name) => show(engine.table, values[name], engine.quantities[name].unit);
  const fill = (name, of) => {
    if (!name) return "";
    if (of) return shown(situations[name].values, of);
    if (name in config.choices) return largest(config.choices[name], here.values);
    return name in here.names ? here.names[name] : shown(here.values, name);
  };
  return reason(engine, situations) || config.answer.map(([text, name, of]) => text + fill(name, of)).join("");
}
