// Where marks stand: rows that follow from other rows; `places.py` does the same when the page is built.
import { show } from "./numbers.js";
/** @import { Cooked, Ends, Engine, Frontier, Labels, Parts, Row, Span, Values } from "./types" */

/**
 * What of some lines is not feasible, with the neighbours that it joins.
 * @param {Row[]} rows
 */
export function faint(rows) {
  /** @type {Cooked[]} */
  const found = [];
  let piece = 0;
  let last = -2;
  rows.forEach((row, i) => {
    const near = rows.slice(Math.max(0, i - 1), i + 2).filter(({ series }) => series === row.series);
    if (near.every(({ feasible }) => feasible)) return;
    if (last !== i - 1 || rows[last].series !== row.series) piece += 1;
    found.push({ x: row.x, y: row.y, piece });
    last = i;
  });
  return found;
}

/**
 * Where the names of lines stand, apart from each other and within the plot.
 * @param {Ends} recipe
 * @param {Row[]} rows
 */
export function ends(recipe, rows) {
  const [low, high] = recipe.within ?? [0, Infinity];
  const found = new Map();
  for (const row of rows) {
    if (recipe.first && found.has(row.series)) continue;
    if (recipe.last || row.y <= high || !found.has(row.series)) found.set(row.series, row);
  }
  const names = [...found.values()]
    // Equal values stand in their order; the last digits of sums are noise.
    .sort((a, b) => Number(b.y.toExponential(9)) - Number(a.y.toExponential(9)))
    .map(({ series, chosen, x, y }) => ({ series, chosen, x, y: Math.min(high, Math.max(low, y)) }));
  // Lines fall from their first rows: there the free room is above, else below.
  if (recipe.first) raise(names, low, recipe.apart);
  lower(names, high, recipe.apart);
  raise(names, low, recipe.apart);
  return names;
}

/** @type {(names: { y: number }[], floor: number, apart: number) => void} */
function raise(names, floor, apart) {
  for (const row of [...names].reverse()) {
    row.y = Math.max(row.y, floor);
    floor = row.y * apart;
  }
}

/** @type {(names: { y: number }[], ceiling: number, apart: number) => void} */
function lower(names, ceiling, apart) {
  for (const row of names) {
    row.y = Math.min(row.y, ceiling);
    ceiling = row.y / apart;
  }
}

const ENDS = [2, 3, 4, 6, 8, 10];

/**
 * The end of an axis, not below the value: a small multiple of a power of ten, as people count.
 * @param {Engine} engine
 * @param {number} value
 * @param {string} unit
 */
function nice(engine, value, unit) {
  const sizes = engine.table.steps[unit].map(([size]) => size);
  if (!(value > 0)) value = sizes[sizes.length - 1];
  let at = sizes.findIndex((size) => value >= size);
  if (at < 0) at = sizes.length - 1;
  const size = sizes[at];
  let power = 1;
  while (power * size >= value) power /= 10;
  while (power * size * 10 < value) power *= 10;
  const times = ENDS.find((one) => power * one * size >= value) ?? 10;
  return Math.min(power * times * size, at ? sizes[at - 1] : Infinity);
}

/**
 * @param {Parts} recipe
 * @param {Values} values
 */
const summed = (recipe, values) => Object.keys(recipe.names).reduce((sum, name) => sum + values[name], 0);

// The value at the full length of the axis; `both` are the values of the state, and of A.
/**
 * @param {Engine} engine
 * @param {Parts} recipe
 * @param {Values} values
 * @param {Values[]} both
 */
function lengthOf(engine, recipe, values, both) {
  if (recipe.limit) return values[recipe.limit];
  const [whole] = recipe.rest.length ? recipe.rest : recipe.total;
  /** @param {Values} one */
  const reach = (one) => Math.max(summed(recipe, one), whole ? one[whole] : 0);
  return nice(engine, Math.max(...[values, ...both].map(reach)), unitOf(engine, recipe));
}

/**
 * @param {Engine} engine
 * @param {Parts} recipe
 */
const unitOf = (engine, recipe) => engine.quantities[Object.keys(recipe.names)[0]].unit;

/**
 * Parts end to end, then what is left or lacking, then the whole.
 * @param {Engine} engine
 * @param {Parts} recipe
 * @param {Values} values
 * @param {Values[]} both
 */
export function parts(engine, recipe, values, both) {
  const length = lengthOf(engine, recipe, values, both);
  const unit = unitOf(engine, recipe);
  /** @type {[label: string, value: number][]} */
  const pieces = Object.entries(recipe.names).map(([name, label]) => [label, values[name]]);
  const used = summed(recipe, values);
  if (recipe.rest.length) pieces.push([recipe.rest[1], Math.max(0, values[recipe.rest[0]] - used)]);
  /** @type {Cooked[]} */
  const rows = [];
  /** @type {(series: string, start: number, stop: number, value: number) => number} */
  const add = (series, start, stop, value) =>
    rows.push({ series, x: start / length, x2: stop / length, label: show(engine.table, value, unit) });
  let start = 0;
  for (const [label, value] of pieces) add(label, start, (start += value), value);
  if (recipe.limit) {
    add(used <= length ? "Free" : "Too much", Math.min(used, length), Math.max(used, length), Math.abs(length - used));
  }
  if (recipe.total.length) {
    const [total, label] = recipe.total;
    add(label, 0, values[total], values[total]);
  }
  return rows.map((row, i) => ({ ...row, row: i }));
}

/**
 * The labels of the axis of parts.
 * @param {Engine} engine
 * @param {Parts} recipe
 * @param {Values} values
 * @param {Values[]} both
 */
export function scale(engine, recipe, values, both) {
  const length = lengthOf(engine, recipe, values, both);
  /** @param {number} x */
  const text = (x) => (x ? show(engine.table, x * length, unitOf(engine, recipe)) : "0");
  return (recipe.limit ? [0, 1] : [0, 0.5, 1]).map((x) => ({ x, label: text(x) }));
}

/**
 * The feasible points that no other beats on both axes, from left to right.
 * @param {Frontier} recipe
 * @param {Row[]} rows
 */
export function frontier(recipe, rows) {
  const [right, up] = recipe.better.map((way) => (way === "up" ? 1 : -1));
  /** @type {Row[]} */
  const found = [];
  for (const row of rows.filter(({ feasible }) => feasible).sort((a, b) => right * (b.x - a.x) || up * (b.y - a.y))) {
    if (!found.length || up * row.y > up * found[found.length - 1].y) found.push(row);
  }
  return found.sort((a, b) => a.x - b.x);
}

// Width of a letter, height of a line, and the distance of a name from its point, in pixels.
const [LETTER, LINE, AWAY] = [6.6, 15, 10];
const FEW = 12; // points of which each may have its name
// Where a name may stand: to the right (1) or left of its point, and how far above it.
const SIDES = [[1, 0], [-1, 0], [1, 13], [-1, 13], [1, -13], [-1, -13]];

/**
 * Names of the chosen point and the frontier, and of all if few, where each finds a place.
 * @param {Labels} recipe
 * @param {Row[]} points
 * @param {Row[]} front
 */
export function labels(recipe, points, front) {
  const [width, height] = recipe.room;
  /** @type {(value: number, span: Span) => number} */
  const along = (value, [low, high]) => Math.log(Math.min(high, Math.max(low, value)) / low) / Math.log(high / low);
  /** @type {(row: Row) => [x: number, y: number]} */
  const place = (row) => [width * along(row.x, recipe.across), height * along(row.y, recipe.up)];
  const marked = [...points.filter(({ chosen }) => chosen), ...front.filter(({ chosen }) => !chosen)];
  const known = marked.map(({ series }) => series);
  const others = points.filter((row) => row.feasible && !known.includes(row.series));
  /** @type {(far: number) => (at: [x: number, y: number]) => number[]} */
  const around = (far) => ([x, y]) => [x - far, y - far, x + far, y + far];
  const dots = points.map(place).map(around(4));
  const taken = marked.map(place).map(around(7));
  /** @type {(one: number[], boxes: number[][]) => boolean} */
  const meets = (one, boxes) => boxes.some((other) => one[0] < other[2] && other[0] < one[2] && one[1] < other[3] && other[1] < one[3]);
  const [low, high] = recipe.up;
  return [...marked, ...(points.length <= FEW ? others : [])].flatMap((row) => {
    const { series, chosen } = row;
    const [x, y] = place(row);
    const long = series.length * LETTER;
    const [clear, own] = [[...taken, ...dots], known.includes(series)];
    const sides = own ? SIDES : SIDES.slice(0, 2);
    const ways = (own ? [clear, taken] : [clear]).flatMap((boxes) => sides.map((way) => /** @type {const} */ ([boxes, way])));
    for (const [avoided, [side, rise]] of ways) {
      const left = side > 0 ? x + AWAY : x - AWAY - long;
      const box = [left, y + rise - LINE / 2, left + long, y + rise + LINE / 2];
      if (left < 0 || left + long > width || meets(box, avoided)) continue;
      taken.push(box);
      return [{ x: row.x, y: low * (high / low) ** ((y + rise) / height), series, side, chosen }];
    }
    return [];
  });
}
