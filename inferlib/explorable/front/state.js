// The state of a figure's controls: as inputs of the model, and as text in a link.
// A link is #x=<figure>;<name>:<value>;...~<figure>;... Names are those of controls, of inputs that
// the author fixed, `a.` before a control for the state A, `from` for a preset, `band`, and `data`.
// `only`, `lock` and `ask` are kept free for the links of teachers.
/** @import { Config, Control, Fixed, Range, Restored, State, TableOf, Values, View } from "./types" */

/**
 * The kinds that a state chooses; with an alias, its second choice in place.
 * @param {Config} config what Explorable.config() gave
 * @param {State} state values by control
 * @param {string} alias
 * @returns {Record<string, string>}
 */
export function kindsOf(config, state, alias = "") {
  const kinds = { ...config.kinds };
  for (const control of config.controls) {
    if (control.options && !(control.name in config.aliases)) kinds[control.kind] = String(state[control.name]);
  }
  if (alias) kinds[config.aliases[alias]] = String(state[alias]);
  return kinds;
}

/**
 * What a table holds for some kinds.
 * @template Row
 * @param {{ kinds: string[], rows: Record<string, Row> }} table
 * @param {Record<string, string>} kinds
 */
const rowOf = (table, kinds) => table.rows[table.kinds.map((kind) => kinds[kind]).join("|")];

// What the tables have for a choice, by input, into `found`.
/**
 * @template Cell
 * @param {TableOf<Cell>[]} tables
 * @param {Record<string, string>} kinds
 * @param {Record<string, Cell>} found
 */
function looked(tables, kinds, found) {
  for (const table of tables) {
    const row = rowOf(table, kinds);
    table.inputs.forEach((name, i) => (found[name] = row[i]));
  }
  return found;
}

/**
 * The range of each input that has one, in a state: `[low, high, reason]`; else null.
 * @param {Config} config
 * @param {State} state
 * @returns {Record<string, Range | null>}
 */
export const rangesOf = (config, state) => looked(config.ranges, kindsOf(config, state, ""), {});

/**
 * The inputs of a state; with an alias, its second choice in place.
 * @param {Config} config
 * @param {State} state
 * @returns {Values}
 */
export function inputsOf(config, state, alias = "") {
  const inputs = looked(config.tables, kindsOf(config, state, alias), { ...config.base });
  for (const control of config.controls) if (control.stops) inputs[control.name] = Number(state[control.name]);
  for (const { name } of config.fixed) if (name in state) inputs[name] = Number(state[name]);
  return inputs;
}

/**
 * The row that an input comes from in a state; undefined if the reader or the author sets it.
 * @param {Config} config what Explorable.config() gave
 * @param {State} state values by control
 * @param {string} name the input
 */
export function originOf(config, state, name) {
  if (name in state || config.fixed.some((one) => one.name === name)) return undefined;
  const { rows, texts, tables } = config.origins;
  const found = tables.find(({ inputs }) => inputs.includes(name));
  if (!found) return undefined;
  const [table, row, source, asOf, notes] = rows[rowOf(found, kindsOf(config, state))];
  return { table, row, source: texts[source], asOf, notes: texts[notes] };
}

/**
 * Names for people of what a state chooses; with an alias, its second choice in place.
 * @param {Config} config
 * @param {State} state
 */
export function namesOf(config, state, alias = "") {
  const names = { ...config.usual };
  for (const control of config.controls) {
    if (control.options) names[control.name] = control.options[String(state[control.name])];
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

const NUMBER = /^-?\d{1,15}(\.\d{1,15})?(e[+-]?\d{1,3})?$/i;

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
  const near = control.whole ? Math.round(asked) : asked;
  const inside = Math.min(high, Math.max(low, near));
  const isSwitch = control.on !== undefined;
  const held = isSwitch ? (inside - low < high - inside ? low : high) : inside;
  const range = isSwitch ? `is ${low} or ${high}` : `runs from ${low} to ${high}`;
  const said = held !== near ? range : near !== asked ? "is counted whole" : "";
  return { value: held * control.scale, note: said ? `${control.name} ${said}` : undefined };
}

/**
 * How charts are shown, unless the reader says otherwise; `from` is the preset that was chosen.
 * @returns {View}
 */
export const plainView = () => ({ pinned: undefined, band: true, from: "" });

/**
 * A figure's state as the segment of a link: every control and fixed input, and a stamp of the data.
 * @param {Config} config
 * @param {State} state
 * @param {View} view
 */
export function segment(config, state, view) {
  /** @param {State} of */
  const values = (of) => config.controls.map((one) => `${one.name}:${written(one, of[one.name])}`);
  const pairs = [
    ...values(state),
    ...config.fixed.map(({ name }) => `${name}:${Number(Number(state[name] ?? config.base[name]).toPrecision(12))}`),
    ...(view.pinned ? values(view.pinned).map((pair) => `a.${pair}`) : []),
    ...(view.from ? [`from:${encodeURIComponent(view.from)}`] : []),
    ...(view.band ? [] : ["band:off"]),
  ];
  return [config.id, ...pairs, `data:${config.data}.${stamp(config, state)}`].join(";");
}

/**
 * A short mark of the numbers behind a state that no control sets: it changes when a row of the data does.
 * @param {Config} config
 * @param {State} state
 */
export function stamp(config, state) {
  const inputs = inputsOf(config, state);
  const own = new Set([...config.controls, ...config.fixed].map(({ name }) => name));
  const text = Object.keys(inputs).filter((name) => !own.has(name)).sort().map((name) => `${name}=${inputs[name]}`).join();
  return brief(text);
}

/**
 * A few letters that stand for a text: FNV-1a.
 * @param {string} text
 */
export function brief(text) {
  let hash = 0x811c9dc5; // FNV-1a
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return (hash >>> 0).toString(36);
}

// Much more than any page needs; what is beyond is left out, from a whole setting on, and said.
const LONGEST = 10000;

/** @param {string} text */
function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // and what it means is looked at, pair by pair
  }
}

/**
 * The segments of a link's hash by figure.
 * @param {string} hash
 * @returns {Map<string, string>}
 */
export function segments(hash) {
  const found = new Map();
  if (!hash.startsWith("#x=")) return found;
  let text = decoded(hash.slice(3));
  if (text.length > LONGEST) text = `${text.slice(0, text.lastIndexOf(";", LONGEST))};the rest`;
  for (const part of text.split("~")) found.set(part.split(";")[0], part);
  return found;
}

/**
 * What a segment asks for: a state and a view, from the start where it says nothing, and what was not done.
 * @param {Config} config
 * @param {string} part
 * @param {State} start
 * @returns {Restored}
 */
export function restore(config, part, start) {
  /** @type {Restored} */
  const found = { state: { ...start }, view: plainView(), notes: [] };
  let stamped;
  for (const pair of part.split(";").slice(1)) {
    const at = pair.indexOf(":");
    const [name, text] = at < 0 ? [pair, ""] : [pair.slice(0, at), pair.slice(at + 1)];
    if (name === "data") stamped = text;
    const note = name === "data" ? undefined : take(config, found, start, name, text);
    if (note) found.notes.push(note);
  }
  if (stamped !== undefined) found.notes.push(aged(config, found.state, stamped));
  return { ...found, notes: [...new Set(found.notes.filter(Boolean))] };
}

// One setting of a link, put into `found`; what could not be done.
/**
 * @param {Config} config
 * @param {Restored} found
 * @param {State} start
 * @param {string} name
 * @param {string} text
 */
function take(config, found, start, name, text) {
  const inA = name.startsWith("a.");
  const control = config.controls.find((one) => one.name === (inA ? name.slice(2) : name));
  if (control) {
    const { value, note } = read(control, text);
    if (value === undefined) return note;
    if (inA) found.view.pinned = { ...(found.view.pinned ?? start), [control.name]: value };
    else found.state[name] = value;
    return note;
  }
  const fixed = config.fixed.find((one) => one.name === name);
  if (fixed) return keep(config, found.state, fixed, text);
  if (name === "band" && text === "off") found.view.band = false;
  else if (name === "from" && Object.hasOwn(config.presets, text)) found.view.from = text;
  else return "an unknown setting was left out";
  return undefined;
}

// An input that the author fixed, where the link is older than what is fixed today.
/**
 * @param {Config} config
 * @param {State} state
 * @param {Fixed} fixed
 * @param {string} text
 */
function keep(config, state, { name, low, high, whole }, text) {
  const value = Number(text);
  const sound = NUMBER.test(text) && value >= low && value <= high && !(whole && value % 1);
  if (!sound) return `${name} is not what it can be`;
  if (Math.abs(value - config.base[name]) <= 1e-9 * Math.abs(value)) return undefined;
  state[name] = value;
  return `${name} is ${value}, as the link says; the page has ${config.base[name]}`;
}

// What is to be said of the stamp in a link: a date, and from our own links what stamp() gave.
/**
 * @param {Config} config
 * @param {State} state
 * @param {string} text
 */
function aged(config, state, text) {
  const [, date, mark] = /^(\d{4}-\d\d-\d\d)(?:\.([0-9a-z]{1,7}))?$/.exec(text) ?? [];
  if (!date) return "the date of the data was left out";
  const changed = mark ? mark !== stamp(config, state) : date !== config.data;
  return changed ? `the numbers behind this link have changed: it was made with the data of ${date}, these are of ${config.data}` : "";
}
