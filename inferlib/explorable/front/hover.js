// The nearest row under the pointer, in words with its unit. For eyes alone: the table and the
// description of a chart serve those who do not see it.
import { show } from "./numbers.js";
import { make } from "./dom.js";
/** @import { Drawn, Engine, Figure, Recipe, Row, Scale, VegaView } from "./types" */

const REACH = 40; // pixels
const AXES = /** @type {const} */ (["x", "y"]);

/**
 * Whether the rows of a recipe only place words or marks, or repeat others, and say no number of their own.
 * @param {Recipe} recipe
 */
export const isName = (recipe) =>
  "of" in recipe || recipe.kind === "scale" ||
  (recipe.kind === "point" && (Boolean(recipe.pin) || recipe.times !== 1 || recipe.y.every((one) => typeof one === "number")));

/**
 * The quantity on an axis of a data set, for its row `i`; points may have one each.
 * @param {Recipe} recipe
 * @param {"x" | "y"} axis
 * @param {number} i
 * @returns {string | undefined}
 */
export function quantityOn(recipe, axis, i) {
  /** @type {{ kind: string, x?: string, over?: string, y?: string | (string | number)[] }} */
  const { x, y, over } = recipe;
  const names = [axis === "x" ? x ?? over : y].flat();
  const name = names[i] ?? names[0];
  return typeof name === "string" ? name : undefined;
}

/**
 * What a drawn row says; "" for a row that is only a name beside a line.
 * @param {Engine} engine
 * @param {Recipe | undefined} recipe
 * @param {Row} row
 * @param {number} i
 */
function rowWords(engine, recipe, row, i) {
  if (!recipe || isName(recipe)) return "";
  const [x, y] = AXES.map((axis) => {
    const unit = engine.quantities[quantityOn(recipe, axis, i) ?? ""]?.unit;
    return unit && Number.isFinite(row[axis]) ? show(engine.table, row[axis], unit) : "";
  });
  const label = engine.labels[quantityOn(recipe, "y", i) ?? ""];
  const series = row.series === label ? label?.split(":")[0] : row.series; // what follows explains
  const own = series ?? (recipe.kind === "point" ? row.label || (recipe.pinned ? "" : "Your setting") : "");
  const named = [recipe.pinned ? "A" : "", own].filter(Boolean).join(": ");
  if (named && x && y) {
    const at = recipe.kind === "point" && recipe.within?.includes(row.x) ? "" : ` at ${x}`;
    return `${named}: ${y}${at}${row.feasible === false ? ", not feasible" : ""}`;
  }
  if (!row.label) return "";
  return named && !row.label.includes(named) ? `${named}: ${row.label}` : row.label;
}

// Where a row is nearest to a place along an axis: a point, somewhere on its bar, or its band.
/**
 * @param {Scale | undefined} scale
 * @param {Row} row
 * @param {"x" | "y"} axis
 * @param {number} at
 */
function nearestAlong(scale, row, axis, at) {
  if (!scale) return at;
  const half = (scale.bandwidth?.() ?? 0) / 2;
  const ends = [row[axis], axis === "x" ? row.x2 : undefined, axis === "x" ? row.one : undefined].filter(Number.isFinite);
  if (!ends.length) return (scale(row.series) ?? scale(row.row) ?? NaN) + half;
  const places = ends.map((value) => (scale(value ?? NaN) ?? NaN) + half);
  const place = Math.min(Math.max(...places), Math.max(Math.min(...places), at));
  const [from, to] = scale.range();
  return place < Math.min(from, to) - 1 || place > Math.max(from, to) + 1 ? NaN : place;
}

/**
 * @param {VegaView} view
 * @param {string} axis
 */
function scaleOf(view, axis) {
  try {
    return view.scale(axis);
  } catch {
    return undefined; // a chart without such an axis
  }
}

// The row nearest to a place in the plot, within reach: { x, y, text }.
/**
 * @param {Figure} me
 * @param {number} i
 * @param {Drawn} rows
 * @param {{ x: number, y: number }} at
 */
function nearestRow(me, i, rows, at) {
  const [x, y] = AXES.map((axis) => scaleOf(me.views[i], axis));
  /** @type {{ x: number, y: number, gap: number, text: string } | undefined} */
  let best;
  if (!x && !y) return best;
  for (const [name, data] of Object.entries(rows)) {
    const recipe = me.config.charts[i].recipes[name];
    for (const [n, row] of data.entries()) {
      const place = { x: nearestAlong(x, row, "x", at.x), y: nearestAlong(y, row, "y", at.y) };
      // Of two at one place, a point is meant rather than the line below it.
      const gap = Math.hypot(place.x - at.x, place.y - at.y) + (row.label ? 0 : 3);
      if (!(gap < (best?.gap ?? REACH))) continue; // also where a place is no number
      const text = rowWords(me.engine, recipe, row, n);
      if (text) best = { ...place, gap, text };
    }
  }
  return best;
}

/**
 * The part of a figure that says what is under the pointer.
 * @param {Figure} me
 */
export function hoverer(me) {
  const tip = make("div", { class: "hover", "aria-hidden": "true", hidden: true });
  const mark = make("div", { class: "hover-mark", "aria-hidden": "true", hidden: true });
  /** @type {Drawn[] | undefined} */
  let rows;
  const hide = () => (tip.hidden = mark.hidden = true);

  /** @type {(event: PointerEvent, box: HTMLElement, i: number) => unknown} */
  function point(event, box, i) {
    const svg = me.views[i] && box.querySelector(".live svg");
    if (!svg || box.closest("[hidden]")) return hide();
    rows ??= me.rows();
    const [frame, held] = [svg.getBoundingClientRect(), box.getBoundingClientRect()];
    const [origin, padding] = [me.views[i].origin(), me.views[i].padding()];
    const from = { x: frame.left + padding.left + origin[0], y: frame.top + padding.top + origin[1] };
    const found = nearestRow(me, i, rows[i], { x: event.clientX - from.x, y: event.clientY - from.y });
    if (!found) return hide();
    const at = { x: found.x + from.x - held.left, y: found.y + from.y - held.top };
    if (tip.parentNode !== box) box.append(mark, tip);
    tip.textContent = found.text;
    tip.hidden = mark.hidden = false;
    mark.style.translate = `${at.x}px ${at.y}px`;
    // Beside the point within the chart, above it where there is room.
    const left = Math.min(Math.max(0, at.x - tip.offsetWidth / 2), held.width - tip.offsetWidth);
    const above = at.y - tip.offsetHeight - 12;
    const top = above >= 0 ? above : Math.min(at.y + 14, held.height - tip.offsetHeight);
    tip.style.translate = `${left}px ${top}px`;
  }

  for (const [i, box] of me.charts.entries()) {
    for (const type of /** @type {const} */ (["pointermove", "pointerdown"])) box.addEventListener(type, (event) => point(event, box, i));
    // A finger leaves as it is lifted; what it asked for stays until it taps elsewhere.
    box.addEventListener("pointerleave", (event) => event.pointerType !== "touch" && hide());
  }
  document.addEventListener("pointerdown", (event) => tip.parentNode?.contains(/** @type {Node} */ (event.target)) || hide());
  document.addEventListener("keydown", (event) => event.key === "Escape" && hide());
  return () => {
    rows = undefined;
    hide();
  };
}
