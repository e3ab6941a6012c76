// How sure the answer is, and what matters most for it.
import { show } from "./numbers.js";
import { course, plan, reasons } from "./model.js";
import { rangesOf } from "./state.js";
import { reason, short } from "./words.js";
import { band, between, inDoubt } from "./bands.js";
import { figureButton, make, within } from "./dom.js";
/** @import { Doubt, Engine, Figure, Situations, Tornado, Bar, Values } from "./types" */

const ROUNDING = 1e-12; // a smaller share of a value is the rounding of the machine

/**
 * Whether two answers differ by more than rounding.
 * @param {number} a
 * @param {number} b
 */
const differ = (a, b) => a !== b && !(Math.abs(a - b) <= ROUNDING * Math.max(Math.abs(a), Math.abs(b)));

/**
 * A tornado, as il.sensitivity has it: largest swing first.
 * @param {Engine} engine
 * @param {Values} inputs
 * @param {Doubt[]} ranges as inDoubt gives them
 * @param {string} want the quantity
 * @returns {Tornado} `now`, undefined if it is not feasible, and a bar for each range
 */
export function tornado(engine, inputs, ranges, want) {
  const path = course(engine, [want], inputs, ranges.map(([name]) => name));
  const own = Object.fromEntries(ranges.map(([name]) => [name, inputs[name]]));
  /** @param {Values} changes */
  const answer = (changes) => {
    const values = path.set({ ...own, ...changes });
    return path.feasible() ? values[want] : undefined;
  };
  const now = answer({});
  const bars = ranges.map(([name, low, high, from]) => {
    /** @type {string[]} */
    const why = [];
    const [atLow, atHigh] = [low, high].map((end) => {
      const found = answer({ [name]: end });
      if (found !== undefined) return found;
      const said = reasons(engine, path.values).join("; ");
      why.push(`At ${show(engine.table, end, engine.quantities[name].unit)}: ${said}.`);
      return undefined;
    });
    const reached = [atLow, now, atHigh].flatMap((value) => value ?? []);
    const swing = reached.length > 1 ? Math.max(...reached) - Math.min(...reached) : -1;
    return { name, low, high, atLow, atHigh, swing, reached, why: why.join(" "), from };
  });
  return { now, bars: bars.sort((a, b) => b.swing - a.swing || (a.name < b.name ? -1 : 1)) };
}

/**
 * Where answers stand on a common scale, from 0 to 1; `log` where that spans more than a decade.
 * @param {number | undefined} now
 * @param {Bar[]} bars
 * @returns {{ log: boolean, place: (value: number) => number }}
 */
function placerOf(now, bars) {
  const all = [now ?? [], ...bars.map(({ reached }) => reached)].flat();
  const [least, most] = [Math.min(...all), Math.max(...all)];
  const log = least > 0 && most > 10 * least;
  const bend = log ? Math.log : Number;
  return { log, place: (value) => (bend(value) - bend(least)) / (bend(most) - bend(least)) };
}

/**
 * Binds the range of the answer and the tornado of a figure.
 * @param {Figure} me
 */
export function doubter(me) {
  const { config, engine, find } = me;
  const told = find("[data-sure]");
  const fold = find("details.matters");
  if (!fold) return undefined;
  const want = config.headline;
  const { unit } = engine.quantities[want];
  const label = engine.labels[want];
  /** @type {(value: number | undefined, of?: string) => string} */
  const text = (value, of = unit) => show(engine.table, value ?? NaN, of);
  const box = find(".sure input");
  box?.addEventListener("change", () => me.see({ band: box.checked }));

  /** @param {Situations} solved */
  function sure(solved) {
    if (reason(engine, solved)) return "";
    const found = band(engine, config, me.state, me.inputs(), want);
    if (found.low === undefined) return "";
    const [low, high] = [text(found.low), text(found.high)];
    const where = low === high ? low : `between ${low} and ${high}`;
    const count = found.drawn.length;
    const inputs = count === 1 ? "one input is" : `${count} inputs are`;
    const now = solved[""].values[want];
    const side = [low, high].includes(text(now)) ? "" : now < found.low ? "less" : now > (found.high ?? now) ? "more" : "";
    const beyond = side && ` Each at its likeliest, as here, gives ${side}.`;
    const some = found.feasible < 1 ? ` Not feasible in ${text(1 - found.feasible, "share")} of the cases.` : "";
    const ranges = rangesOf(config, me.state);
    const own = me.inputs();
    const names = found.held.filter((name) => {
      const path = course(engine, [want], own, [name]);
      const [low, high] = ranges[name] ?? [0, 0];
      const atLow = path.set({ [name]: low })[want];
      return differ(atLow, path.set({ [name]: high })[want]);
    });
    const kept = names.map((name) => short(engine.labels[name])).join(", ");
    return `${config.tenths}: ${short(label)} ${where}, as ${inputs} known only within a range.${beyond}${some}${kept && ` Not varied: ${kept}.`}`;
  }

  /** @param {Tornado} found */
  function lead({ now, bars }) {
    const [first] = bars;
    if (!first) return "No input behind this answer has a range here, but for the sliders.";
    if (now === undefined) return `There is no answer here${first.reached.length ? "; at these ends there is" : ", at either end of any of these ranges"}.`;
    if (!moves(first, now)) return "None of the inputs in doubt moves the answer here.";
    const [least, most] = [Math.min(...first.reached), Math.max(...first.reached)].map((value) => text(value));
    return `Most of the doubt is in the ${short(engine.labels[first.name])}: from ${least} to ${most}.`;
  }

  /** @param {string} name */
  const named = (name) => find(`[data-control="${name}"] label`)?.textContent ?? engine.labels[name].split(":")[0];
  /** @type {(bar: Bar, now: number | undefined) => boolean} */
  const moves = ({ swing, why, reached }, now) => (now === undefined ? reached.length > 0 : swing > ROUNDING * Math.abs(now) || why !== "");
  /** @param {number | undefined} value */
  const cell = (value) => (value === undefined ? "not feasible" : text(value));

  /** @param {Bar} bar */
  const inside = ({ name, low, high, from }) => between(me.inputs())([name, low, high, from]);

  /** @type {(one: Bar, now: number | undefined, place: (value: number) => number) => HTMLElement} */
  function bar(one, now, place) {
    /** @type {(kind: string, value: number | undefined) => HTMLElement[]} */
    const mark = (kind, value) =>
      value === undefined ? [] : [make("i", { class: kind, style: `left:${(100 * place(value)).toFixed(2)}%` })];
    const [from, to] = one.reached.length ? [Math.min(...one.reached), Math.max(...one.reached)].map(place) : [0, 0];
    const span = make("i", { class: "span", style: `left:${(100 * from).toFixed(2)}%;width:${(100 * (to - from)).toFixed(2)}%` });
    return make("span", { class: "bar", "aria-hidden": "true" }, span, ...mark("now", now), ...mark("low", one.atLow), ...mark("high", one.atHigh));
  }

  /** @type {(one: Bar, now: number | undefined, place: (value: number) => number) => HTMLElement} */
  function row(one, now, place) {
    const own = engine.quantities[one.name].unit;
    const held = one.from && !inside(one) ? "Held at this end in the range above." : "";
    const small = [one.why, held, one.from].filter(Boolean).map((words) => make("small", { textContent: words }));
    /** @type {(input: number, value: number | undefined) => HTMLElement} */
    const end = (input, value) => make("td", { role: "cell" }, make("span", { textContent: text(input, own) }), make("b", { textContent: cell(value) }));
    return make(
      "tr",
      { role: "row", "data-bar": one.name },
      make("th", { scope: "row", role: "rowheader" }, figureButton(one.name, named(one.name)), ...small),
      end(one.low, one.atLow),
      end(one.high, one.atHigh),
      make("td", { role: "cell" }, bar(one, now, place)),
    );
  }

  /** @type {(table: HTMLTableElement, found: Tornado) => void} */
  function fill(table, { now, bars }) {
    const able = bars.filter((one) => moves(one, now));
    const idle = bars.filter((one) => !able.includes(one) && now !== undefined).map(({ name }) => short(named(name)));
    const { log, place } = placerOf(now, able);
    const here = now === undefined ? "" : `now ${text(now)}${log ? ", on a log scale" : ""}`;
    table.hidden = !able.length;
    within(table, "thead td:last-child").textContent = here;
    table.tBodies[0].replaceChildren(...able.map((one) => row(one, now, place)));
    if (table.nextElementSibling) table.nextElementSibling.textContent = idle.length ? `No effect here: ${idle.join(", ")}.` : "";
  }

  // The ends of the sliders that move the headline.
  /** @type {(rests: string[]) => Doubt[]} */
  function ends(rests) {
    return config.controls.flatMap((one) =>
      one.stops && rests.includes(one.name)
        ? [[one.name, one.stops[0] * one.scale, one.stops[one.stops.length - 1] * one.scale, ""]]
        : [],
    );
  }

  /** @param {Situations} solved */
  return (solved) => {
    if (told && box) {
      box.checked = me.view.band;
      const words = sure(solved);
      told.textContent = me.view.band ? words : "";
      find(".sure label").style.visibility = words ? "" : "hidden";
    }
    if (!fold.open) return;
    const inputs = me.inputs();
    const ranges = inDoubt(engine, config, me.state, inputs, want);
    const found = tornado(engine, inputs, ranges, want);
    within(fold, "p").textContent = lead(found);
    const [doubts, settings] = fold.querySelectorAll("table");
    fill(doubts, found);
    if (settings) fill(settings, tornado(engine, inputs, ends(plan(engine, [want], inputs, []).names), want));
  };
}
