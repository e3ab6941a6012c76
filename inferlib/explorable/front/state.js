// The state of a figure's controls: as inputs of the model, and as text in a link.
// A link is #x=<figure>;<control>:<value>;...~<figure>;...
/** @import { Config, Control, State, Values, View } from "./types" */

/**
 * The inputs of a state; with an alias, its second choice in place.
 * @param {Config} config
 * @param {State} state
 */
export function inputsOf(config, state, alias = "") {
  const inputs = { ...config.base };
  const kinds = { ...config.kinds };
  for (const control of config.controls) {
    if (control.options && !(control.name in config.aliases)) kinds[control.kind] = String(state[control.name]);
  }
  if (alias) kinds[config.aliases[alias]] = String(state[alias]);
  for (const table of config.tables) {
    const row = table.rows[table.kinds.map((kind) => kinds[kind]).join("|")];
    table.inputs.forEach((name, i) => (inputs[name] = row[i]));
  }
  for (const control of config.controls) if (control.stops) inputs[control.name] = Number(state[control.name]);
  return inputs;
}

/**
 * Names for people of what a state chooses; with an alias, its second choice in place.
 * @param {Config} config
 * @param {State} state
 */
export function namesOf(config, state, alias = "") {
  const names = { ...config.usual };
  for (const control of config.controls) {
    if (control.options) names[control.name] = control.options[state[control.name]];
  }
  if (alias) names[config.aliases[alias]] = names[alias];
  return names;
}

/**
 * @param {Config} config
 * @returns {State}
 */
export const startOf = (config) =>
  Object.fromEntries(config.controls.map((control) => [control.name, control.start]));

/**
 * A value in a link is in the unit of its number box, which people read.
 * @param {Control} control
 * @param {number | string} value
 */
const written = (control, value) =>
  control.options ? value : String(Number((Number(value) / control.scale).toPrecision(12)));

const NUMBER = /^-?\d{1,15}(\.\d{1,15})?(e[+-]?\d{1,2})?$/i;

/**
 * A control's value from text: { value, note }; no value if the text makes no sense.
 * @param {Control} control
 * @param {string} text
 * @returns {{ value?: number | string, note?: string }}
 */
export function read(control, text) {
  if (control.options) {
    const known = Object.hasOwn(control.options, text);
    return known ? { value: text } : { note: `no such choice of ${control.name}` };
  }
  if (!NUMBER.test(text)) return { note: `${control.name} is not a number` };
  const asked = Number(text);
  const [low, high] = [control.stops[0], control.stops[control.stops.length - 1]];
  const held = Math.min(high, Math.max(low, asked));
  const note = held === asked ? undefined : `${control.name} runs from ${low} to ${high}`;
  return { value: held * control.scale, note };
}

/**
 * A figure's state as the segment of a link. It names every control, and the date of the data.
 * @param {Config} config
 * @param {State} state
 * @param {View} view
 */
export function segment(config, state, view) {
  const pairs = config.controls.map((one) => `${one.name}:${written(one, state[one.name])}`);
  return [config.id, ...pairs, `data:${config.data}`].join(";");
}

// Much more than any page needs; what is beyond is left out, from a whole setting on.
const LONGEST = 10000;

/**
 * The segments of a link's hash by figure.
 * @param {string} hash
 */
export function segments(hash) {
  const found = new Map();
  if (!hash.startsWith("#x=")) return found;
  let text = hash.slice(3);
  try {
    text = decodeURIComponent(text);
  } catch {
    return found;
  }
  if (text.length > LONGEST) text = text.slice(0, text.lastIndexOf(";", LONGEST));
  for (const part of text.split("~")) found.set(part.split(";")[0], part);
  return found;
}

/**
 * The state that a segment asks for, from `state` where it says nothing, and what was not done.
 * @param {Config} config
 * @param {string} part
 * @param {State} state
 * @returns {{ state: State, view: View, notes: string[] }}
 */
export function restore(config, part, state) {
  const next = { ...state };
  const notes = [];
  for (const pair of part.split(";").slice(1)) {
    const at = pair.indexOf(":");
    const [name, text] = at < 0 ? [pair, ""] : [pair.slice(0, at), pair.slice(at + 1)];
    const control = config.controls.find((one) => one.name === name);
    if (name === "data") {
      if (text !== config.data) notes.push(`the data are of ${config.data}, the link was made with others`);
    } else if (!control) {
      notes.push("an unknown setting was left out");
    } else {
      const { value, note } = read(control, text);
      if (value !== undefined) next[name] = value;
      if (note) notes.push(note);
    }
  }
  return { state: next, view: { pinned: undefined, band: true }, notes: [...new Set(notes)] };
}
