// Published measurements near the reader's setting, and how far they lie from the line;
// `measured.py` says the same when the page is built, and its docstrings say what is near.
import { show } from "./numbers.js";
import { kindsOf } from "./state.js";

const MOST = 150;
const LOAD = ["prompt_tokens", "output_tokens", "concurrency"];
const unpacked = new WeakMap();

// The measurements that a figure carries, by quantity, each as an object.
function published(config, y) {
  if (!config.measured) return [];
  if (!unpacked.has(config)) unpacked.set(config, {});
  const { columns, words, rows } = config.measured;
  return (unpacked.get(config)[y] ??= (rows[y] ?? []).map((cells) =>
    Object.fromEntries(columns.map((name, i) => [name, i < columns.indexOf("chips") ? words[cells[i]] : cells[i]])),
  ));
}

function near({ y, over }, config, state, given) {
  const inputs = { ...config.measured?.held, ...given };
  const kinds = kindsOf(config, state);
  const free = LOAD.filter((name) => name !== over);
  const found = published(config, y).filter(
    (row) =>
      ["model", "chip", "weights"].every((kind) => row[kind] === kinds[kind]) &&
      (over === "chips" || row.chips === inputs.chips) &&
      free.every((name) => inputs[name] <= 2 * row[name] && row[name] <= 2 * inputs[name]),
  );
  if (found.length <= MOST) return found;
  const far = (row) =>
    Math.round(1e9 * free.reduce((sum, name) => sum + Math.abs(Math.log(row[name] / inputs[name])), 0));
  return found.map((row) => [far(row), row]).sort((a, b) => a[0] - b[0]).map(([, row]) => row);
}

function labelled(engine, row, unit) {
  const count = (name) => show(engine.table, row[name], "token");
  const prompt = row.told ? `${count("prompt_tokens")} tokens in` : "prompts not told";
  return (
    `${show(engine.table, row.value, unit)} measured: ${row.engine}, ${count("chips")} ` +
    `${row.chips === 1 ? "chip" : "chips"}, ${row.format}, ${prompt}, ` +
    `${count("output_tokens")} out, ${count("concurrency")} at once; ` +
    `${row.source}, ${row.date || "no date"}`
  );
}

/** The published measurements near a state, as points { x, y, label }. */
export function measuredRows(engine, recipe, config, state, inputs) {
  const { unit } = engine.quantities[recipe.y];
  return near(recipe, config, state, inputs).slice(0, MOST).map((row) => {
    row.label ??= labelled(engine, row, unit);
    return { x: row[recipe.over], y: row.value, label: row.label };
  });
}

function medianOf(values) {
  const [sorted, half] = [[...values].sort((a, b) => a - b), values.length / 2];
  return (sorted[Math.ceil(half) - 1] + sorted[Math.floor(half)]) / 2;
}

function gapWords(engine, gaps) {
  if (!gaps.length) return "; no line is feasible there";
  const percent = (gap) => show(engine.table, Math.abs(gap), "share", Math.abs(gap) >= 0.1 ? 2 : 1);
  const middle = medianOf(gaps);
  const side = `${percent(middle)} ${middle > 0 ? "above" : "below"}`;
  const off = Math.abs(middle) >= 0.005;
  if (gaps.length === 1) return `: it is ${off ? side : "on"} the line`;
  const half = percent(medianOf(gaps.map(Math.abs)));
  return `: half are within ${half} of the line; the median is ${off ? `${side} it` : "on it"}`;
}

function who(rows, found) {
  const engines = [...new Set(rows.map((row) => row.family))].sort().join(", ");
  const years = rows.map((row) => row.date.slice(0, 4)).filter(Boolean).sort();
  const when = years.length ? `; ${[...new Set([years[0], years[years.length - 1]])].join(" to ")}` : "";
  const most = found > rows.length ? `The nearest ${rows.length} of ` : "";
  return `${most}${found} measured ${found === 1 ? "point" : "points"} near this setting (${engines}${when})`;
}

/** How far the measurements near the present state lie from its line, in words. */
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
  const able = rows.filter((row) => line.get(row[over]) > 0 && Number.isFinite(line.get(row[over])));
  return `${who(rows, found.length)}${gapWords(me.engine, able.map((row) => row.value / line.get(row[over]) - 1))}.`;
}

/** The part of a figure that says how far measurements lie from the lines. */
export function measurer(me) {
  const lines = [...me.element.querySelectorAll("[data-residual]")].map((line) => {
    const { recipes } = me.config.charts[line.dataset.residual];
    return [line, Object.values(recipes).find(({ kind }) => kind === "measured")];
  });
  if (!lines.length) return undefined;
  return () => {
    for (const [line, recipe] of lines) line.textContent = residualOf(me, recipe);
  };
}
