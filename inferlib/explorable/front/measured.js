// Published measurements near the reader's setting, and how far they lie from the line;
// `measured.py` says the same when the page is built, and its docstrings say what is near.
import { show } from "./numbers.js";
import { kindsOf } from "./state.js";
import { allIn } from "./dom.js";
/** @import { Config, Engine, Figure, Measured, Measurement, State, Values } from "./types" */

const MOST = 150;
const KINDS = /** @type {const} */ (["model", "chip", "weights"]);
/** @type {("prompt_tokens" | "output_tokens" | "concurrency")[]} */
const LOAD = ["prompt_tokens", "output_tokens", "concurrency"];
/** @type {WeakMap<Config, Record<string, Measurement[]>>} */
const unpacked = new WeakMap();

// The measurements that a figure carries, by quantity, each as an object.
/**
 * @param {Config} config
 * @param {string} y
 * @returns {Measurement[]}
 */
function published(config, y) {
  if (!config.measured) return [];
  const kept = unpacked.get(config) ?? {};
  unpacked.set(config, kept);
  const { columns, words, rows } = config.measured;
  return (kept[y] ??= (rows[y] ?? []).map((cells) =>
    /** @type {any} */ (Object.fromEntries(columns.map((name, i) => [name, i < columns.indexOf("chips") ? words[cells[i]] : cells[i]]))),
  ));
}

/**
 * @param {Measured} recipe
 * @param {Config} config
 * @param {State} state
 * @param {Values} given
 */
function near({ y, over }, config, state, given) {
  const inputs = { ...config.measured?.held, ...given };
  const kinds = kindsOf(config, state);
  const free = LOAD.filter((name) => name !== over);
  const found = published(config, y).filter(
    (row) =>
      KINDS.every((kind) => row[kind] === kinds[kind]) &&
      (over === "chips" || row.chips === inputs.chips) &&
      free.every((name) => inputs[name] <= 2 * row[name] && row[name] <= 2 * inputs[name]),
  );
  if (found.length <= MOST) return found;
  /** @param {Measurement} row */
  const far = (row) =>
    Math.round(1e9 * free.reduce((sum, name) => sum + Math.abs(Math.log(row[name] / inputs[name])), 0));
  return found.map((row) => ({ row, gap: far(row) })).sort((a, b) => a.gap - b.gap).map(({ row }) => row);
}

/**
 * @param {Engine} engine
 * @param {Measurement} row
 * @param {string} unit
 */
function labelled(engine, row, unit) {
  /** @param {"chips" | "prompt_tokens" | "output_tokens" | "concurrency"} name */
  const count = (name) => show(engine.table, row[name], "token");
  const prompt = row.told ? `${count("prompt_tokens")} tokens in` : "prompts not told";
  return (
    `${show(engine.table, row.value, unit)} measured: ${row.engine}, ${count("chips")} ` +
    `${row.chips === 1 ? "chip" : "chips"}, ${row.format}, ${prompt}, ` +
    `${count("output_tokens")} out, ${count("concurrency")} at once; ` +
    `${row.source}, ${row.date || "no date"}`
  );
}

/**
 * The published measurements near a state, as points { x, y, label }.
 * @param {Engine} engine
 * @param {Measured} recipe
 * @param {Config} config
 * @param {State} state
 * @param {Values} inputs
 */
export function measuredRows(engine, recipe, config, state, inputs) {
  const { unit } = engine.quantities[recipe.y];
  return near(recipe, config, state, inputs).slice(0, MOST).map((row) => {
    row.label ??= labelled(engine, row, unit);
    return { x: row[recipe.over], y: row.value, label: row.label };
  });
}

/** @param {number[]} values */
function medianOf(values) {
  const [sorted, half] = [[...values].sort((a, b) => a - b), values.length / 2];
  return (sorted[Math.ceil(half) - 1] + sorted[Math.floor(half)]) / 2;
}

/**
 * @param {Engine} engine
 * @param {number[]} gaps
 */
function gapWords(engine, gaps) {
  if (!gaps.length) return "; no line is feasible there";
  /** @param {number} gap */
  const percent = (gap) => show(engine.table, Math.abs(gap), "share", Math.abs(gap) >= 0.1 ? 2 : 1);
  const middle = medianOf(gaps);
  const side = `${percent(middle)} ${middle > 0 ? "above" : "below"}`;
  const off = Math.abs(middle) >= 0.005;
  if (gaps.length === 1) return `: it is ${off ? side : "on"} the line`;
  const half = percent(medianOf(gaps.map(Math.abs)));
  return `: half are within ${half} of the line; the median is ${off ? `${side} it` : "on it"}`;
}

/**
 * @param {Measurement[]} rows
 * @param {number} found
 */
function who(rows, found) {
  const engines = [...new Set(rows.map((row) => row.family))].sort().join(", ");
  const years = rows.map((row) => row.date.slice(0, 4)).filter(Boolean).sort();
  const when = years.length ? `; ${[...new Set([years[0], years[years.length - 1]])].join(" to ")}` : "";
  const most = found > rows.length ? `The nearest ${rows.length} of ` : "";
  return `${most}${found} measured ${found === 1 ? "point" : "points"} near this setting (${engines}${when})`;
}

/**
 * How far the measurements near the present state lie from its line, in words.
 * @param {Figure} me
 * @param {Measured} recipe
 */
function residualOf(me, recipe) {
  const { y, over } = recipe;
  const found = near(recipe, me.config, me.state, me.inputs());
  const rows = found.slice(0, MOST);
  if (!rows.length) return "No published measurement of ours lies near this setting.";
  const path = me.course([y], [over]);
  const line = new Map(rows.map((row) => [row[over], 0]));
  for (const x of line.keys()) {
    const value = path.set({ [over]: x })[y];
    if (path.feasible()) line.set(x, value);
  }
  const gaps = rows.flatMap((row) => {
    const value = line.get(row[over]) ?? 0;
    return value > 0 && Number.isFinite(value) ? [row.value / value - 1] : [];
  });
  return `${who(rows, found.length)}${gapWords(me.engine, gaps)}.`;
}

/**
 * The part of a figure that says how far measurements lie from the lines.
 * @param {Figure} me
 */
export function measurer(me) {
  const lines = allIn(me.element, "[data-residual]").map((line) => {
    const { recipes } = me.config.charts[Number(line.dataset.residual)];
    return { line, recipe: Object.values(recipes).find((one) => one.kind === "measured") };
  });
  if (!lines.length) return undefined;
  return () => {
    for (const { line, recipe } of lines) if (recipe) line.textContent = residualOf(me, recipe);
  };
}
