// What a chart shows, in words that follow the reader; `describe.py` says the same when the page is built.
import { show } from "./numbers.js";
/**
 * @import { Band, Chart, Drawn, Engine, Grid, Parts, Point, Recipe, Row, Scatter } from "./types"
 * @param {string[]} names
 */
const inWords = (names) =>
  names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names[names.length - 1]}`;

/**
 * The description of a chart with its rows: what is drawn, then what it says in this state.
 * @param {Engine} engine
 * @param {Chart} chart
 * @param {Drawn} data
 */
export function describe(engine, chart, data) {
  /** @param {string | number} name */
  const unit = (name) => engine.quantities[name].unit;
  /** @type {(value: number, of: string) => string} */
  const say = (value, of) => show(engine.table, value, of);

  /** @type {(who: string, recipe: Grid, drawn: Row[]) => string[]} */
  function course(who, { x, y }, drawn) {
    const rows = drawn.filter(({ feasible }) => feasible);
    if (!rows.length) return [`${who} is nowhere feasible.`];
    /** @param {Row} row */
    const at = (row) => `${say(row.y, unit(y))} at ${say(row.x, unit(x))}`;
    const [first, last] = [rows[0], rows[rows.length - 1]];
    const least = rows.reduce((best, row) => (row.y < best.y ? row : best));
    const most = rows.reduce((best, row) => (row.y > best.y ? row : best));
    const outer = [first.y, last.y].sort((a, b) => a - b);
    const [dips, peaks] = [least.y < outer[0] * 0.995, most.y > outer[1] * 1.005];
    const told = [];
    if (most.y <= least.y * 1.005) told.push(`${who} stays at ${say(first.y, unit(y))}.`);
    else if (dips && peaks) told.push(`${who} runs between ${at(least)} and ${at(most)}.`);
    else if (dips) told.push(`${who} falls from ${at(first)} to ${at(least)}, then rises to ${at(last)}.`);
    else if (peaks) told.push(`${who} rises from ${at(first)} to ${at(most)}, then falls to ${at(last)}.`);
    else told.push(`${who} ${last.y > first.y ? "rises" : "falls"} from ${at(first)} to ${at(last)}.`);
    if (rows.length < drawn.length) told.push(`It is feasible from ${say(first.x, unit(x))} to ${say(last.x, unit(x))}.`);
    return told;
  }

  // The rows of a data set, and those of A.
  /** @type {(who: string, other: string, name: string) => [string, Row[]][]} */
  const beside = (who, other, name) => [[who, data[name]], [other, data[`${name}-a`]]];

  /** @type {(rows: Row[], x: number, of: string) => string} */
  const band = (rows, x, of) => {
    /** @param {Row} row */
    const gap = (row) => Math.abs(Math.log(row.x / x));
    const near = rows.reduce((best, row) => (gap(row) < gap(best) ? row : best));
    return `The band there runs from ${say(near.low, of)} to ${say(near.high, of)}.`;
  };

  /** @type {(rows: Row[], of: string, what?: string) => string} */
  const ends = (rows, of, what = "") => {
    const values = rows.map(({ y }) => y).sort((a, b) => a - b);
    if (values.length === 1) return `${what ? "One" : "one"} ${what}point, ${say(values[0], of)}`;
    return `${values.length} ${what}points between ${say(values[0], of)} and ${say(values[values.length - 1], of)}`;
  };

  /** @param {Record<string, Recipe> & { now: Point }} recipes */
  function curve(recipes) {
    const { now } = recipes;
    const all = Object.entries(recipes);
    const told = all.flatMap(([name, recipe]) =>
      recipe.kind === "grid" && !recipe.by && !recipe.pinned
        ? course(now.y.length > 1 ? recipe.name : "It", recipe, data[name])
        : [],
    );
    if (data.others) told.push(`At the right end, from high to low: ${inWords(data.ends.map(({ series }) => series))}.`);
    for (const [who, rows] of beside("You are", "A is", "now")) {
      if (!rows.length) continue;
      const values = rows[0].feasible ? inWords(rows.map((row, i) => say(row.y, unit(now.y[i])))) : "which is not feasible";
      told.push(`${who} at ${say(rows[0].x, unit(now.x))}, ${values}.`);
    }
    for (const [name, recipe] of all) {
      if (!data[name].length) continue;
      if (recipe.kind === "band") told.push(band(data[name], data.now[0].x, unit(recipe.y)));
      if (recipe.kind === "measured") told.push(`${ends(data[name], unit(recipe.y), "measured ")}.`);
      if (recipe.kind === "known") told.push(`${recipe.name}: ${ends(data[name], unit(recipe.y))}.`);
    }
    return told;
  }

  function roofline() {
    /** @param {Row} row */
    const at = ({ x, y }) => `${say(y, "flop/second/chip")} at ${say(x, "flop/byte")}`;
    const [now, ridge] = [data.now[0], data.ridge[0].x];
    const binds = now.x < ridge ? "bandwidth" : "arithmetic";
    return [
      `Decode reaches ${at(now)}; the ridge is at ${say(ridge, "flop/byte")}, so ${binds} binds.`,
      `Prefill reaches ${at(data.prefill[0])}.`,
      ...data["now-a"].map((row) => `A reaches ${at(row)}.`),
    ];
  }

  /** @param {{ flat: Grid, rising: Grid, now: Point & { within: number[] } }} recipes */
  function crossing({ flat, rising, now }) {
    /** @type {(who: string) => (row: Row) => string} */
    const cross = (who) => ({ x }) =>
      x > now.within[0] && x < now.within[1]
        ? `${who} cross at ${say(x, unit(rising.x))}.`
        : `${who} do not cross in this range.`;
    return [
      `${flat.name} stays at ${say(data.flat[0].y, unit(flat.y))}.`,
      ...course(rising.name, rising, data.rising),
      ...data.now.map(cross("They")),
      ...data["now-a"].map(cross("Those of A")),
    ];
  }

  function bars() {
    const told = data.ratios.map(({ series, x, label }) => `${series}, ${say(x, "1")} times: ${label}.`);
    const held = data["ratios-a"].map(({ x }) => say(x, "1"));
    return held.length ? [...told, `With A: ${inWords(held)} times.`] : told;
  }

  /** @param {Parts} parts */
  function stack({ limit }) {
    const told = beside("", "A: ", "parts")
      .filter(([, rows]) => rows.length)
      .map(([who, rows]) => `${who}${inWords(rows.map(({ series, label }) => `${series} ${label}`))}.`);
    return limit ? [...told, `There is ${data.scale[data.scale.length - 1].label}.`] : told;
  }

  /** @param {Scatter} points */
  function scatter({ x, y }) {
    const feasible = data.points.filter((row) => row.feasible).length;
    const told = [`${feasible} of ${data.points.length} are feasible.`];
    const line = data.frontier.map(({ series }) => series);
    if (line.length) told.push(`On the line, from left to right: ${inWords(line)}.`);
    for (const [who, rows] of beside("You chose", "A is", "now")) {
      for (const row of rows) {
        const lacks = row.feasible ? "" : ", not feasible";
        told.push(`${who} ${row.series}, ${say(row.x, unit(x))} and ${say(row.y, unit(y))}${lacks}.`);
      }
    }
    return told;
  }

  function tell() {
    switch (chart.kind) {
      case "curve": return curve(chart.recipes);
      case "roofline": return roofline();
      case "crossing": return crossing(chart.recipes);
      case "bars": return bars();
      case "scatter": return scatter(chart.recipes.points);
      default: return stack(chart.recipes.parts);
    }
  }
  return [chart.description, ...tell()].join(" ");
}


/**
 * The rows of a data set as cells of text; none where its marks only point at others.
 * @param {Engine} engine
 * @param {Recipe} recipe
 * @param {Row[]} rows
 */
export function listed(engine, recipe, rows) {
  /** @type {(value: number, name: string) => string} */
  const say = (value, name) => show(engine.table, value, engine.quantities[name].unit);
  const { kind } = recipe;
  const whose = recipe.pinned ? "A: " : "";
  if (kind === "ratio") return rows.map((row) => [whose + row.series, show(engine.table, row.x, "1"), row.label]);
  if (kind === "parts") {
    return rows.map((row) => [whose + row.series, show(engine.table, row.x2 - row.x, "share"), row.label]);
  }
  if (kind === "grid" || kind === "scatter") {
    const drawn = rows.filter(({ chosen }) => !(kind === "grid" && recipe.by && chosen));
    return drawn.map((row) => [whose + row.series, say(row.x, recipe.x), say(row.y, recipe.y)]);
  }
  if (kind === "band") {
    return rows.map((row) => ["Range", say(row.x, recipe.over), `${say(row.low, recipe.y)} to ${say(row.high, recipe.y)}`]);
  }
  if (kind !== "measured" && kind !== "known") return [];
  return rows.map((row) => [row.label, say(row.x, kind === "known" ? recipe.x : recipe.over), say(row.y, recipe.y)]);
}
