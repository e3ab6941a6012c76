// Solve for: which value of a slider gives a quantity a target.
import { show, stepOf } from "./numbers.js";
import { conditions, plan } from "./model.js";
import { capital } from "./dom.js";

const STEPS = 3; // from one stop of a slider to the next
const CLOSE = 1e-12;

/** The middle of two values: of whole numbers below it, on a log scale if `log`. */
const middle = (a, b, { whole, log }) => {
  const between = log ? Math.sqrt(a * b) : (a + b) / 2;
  return whole ? Math.min(b - 1, Math.max(a + 1, Math.floor(between))) : between;
};

const apart = (a, b, { whole }) => (whole ? b - a > 1 : b - a > CLOSE * Math.abs(b));

// The last two values between which a test that differs at a and b turns.
function turn(a, b, path, test) {
  const left = test(a);
  for (let i = 0; i < 200 && apart(a, b, path); i += 1) {
    const between = middle(a, b, path);
    if (between <= a || between >= b) break;
    if (test(between) === left) a = between;
    else b = between;
  }
  return [a, b];
}

// Where `better` is reached between a and b, if it is reached once.
function summit(a, b, path, better) {
  for (let i = 0; i < 100 && b - a > (path.whole ? 2 : 1e-9 * Math.abs(b)); i += 1) {
    const between = middle(a, b, path);
    const [c, d] = path.whole ? [between, between + 1] : [middle(a, between, path), middle(between, b, path)];
    if (better(path.value(c), path.value(d))) b = d;
    else a = c;
  }
  return middle(a, b, path);
}

const less = (one, other) => other === undefined || one < other;
const more = (one, other) => other === undefined || one > other;

/**
 * Places along a slider, fine enough to see its turns, with the edges of what is feasible.
 * @param {{ value: (x: number) => number | undefined, whole: boolean, log: boolean }} path
 * @param {number[]} stops in base units, ascending
 * @returns {number[]} ascending; the values at some are undefined
 */
function placesAlong(path, stops) {
  const fine = stops.flatMap((low, i) => {
    const high = stops[i + 1] ?? low;
    return Array.from({ length: i + 1 < stops.length ? STEPS : 1 }, (_, k) =>
      path.log ? low * (high / low) ** (k / STEPS) : low + ((high - low) * k) / STEPS,
    ).map((x) => (path.whole ? Math.round(x) : x));
  });
  const can = (x) => path.value(x) !== undefined;
  const edges = fine.slice(1).flatMap((b, i) => (b > fine[i] && can(b) !== can(fine[i]) ? turn(fine[i], b, path, can) : []));
  const all = ascending([...fine, ...edges]);
  const best = (better) =>
    all.reduce((found, x, i) => (path.value(x) !== undefined && better(path.value(x), path.value(all[found])) ? i : found), 0);
  const tops = [less, more].map((better) => {
    const i = best(better);
    return [all[Math.max(0, i - 1)], all[Math.min(all.length - 1, i + 1)], better];
  });
  return ascending([...all, ...tops.flatMap(([a, b, better]) => (apart(a, b, path) ? summit(a, b, path, better) : []))]);
}

const ascending = (numbers) => [...new Set(numbers)].sort((a, b) => a - b);

/**
 * Where a quantity has a target along a slider.
 * @param {{ value: (x: number) => number | undefined, whole: boolean, log: boolean }} path
 * @param {number[]} stops in base units, ascending
 * @param {number} target
 * @param {number} now where the slider is
 * @returns `least` and `most`, places, if any is feasible; and where the target is met, the nearest
 *   first: `x`, whether that is `exact`, and whether it is on the upper side of its crossing
 */
export function meet(path, stops, target, now) {
  const known = new Map();
  const value = (x) => {
    if (!known.has(x)) known.set(x, path.value(x));
    return known.get(x);
  };
  const own = { ...path, value };
  const all = placesAlong(own, stops);
  const good = all.filter((x) => value(x) !== undefined);
  const below = target < (value(now) ?? Infinity); // the target asks for at most, or at least
  const does = (x) => (below ? value(x) <= target : value(x) >= target);
  const found = good.filter((x) => value(x) === target).map((x) => ({ x, exact: true }));
  all.slice(1).forEach((b, i) => {
    const a = all[i];
    if (value(a) === undefined || value(b) === undefined) return;
    if ((value(a) - target) * (value(b) - target) >= 0) return;
    const [c, d] = turn(a, b, own, (x) => value(x) < target);
    const near = [c, d].find((x) => Math.abs(value(x) - target) <= 1e-9 * Math.abs(target));
    found.push(near === undefined ? { x: does(d) ? d : c, exact: false, upper: does(d) } : { x: near, exact: true });
  });
  const gap = ({ x }) => (path.log ? Math.abs(Math.log(x / now)) : Math.abs(x - now));
  return {
    least: good.reduce((best, x) => (value(x) < value(best) ? x : best), good[0]),
    most: good.reduce((best, x) => (value(x) > value(best) ? x : best), good[0]),
    found: found.sort((a, b) => gap(a) - gap(b)),
  };
}

/** Binds the question of a figure: which input gives an output a target. */
export function seeker(me) {
  const fold = me.find("details.seek");
  if (!fold) return undefined;
  let follow;
  return (solved) => {
    if (!fold.open) return;
    follow ??= sought(me, fold); // its controls are no part of the figure until somebody asks
    follow(solved);
  };
}

function sought(me, fold) {
  const { config, engine } = me;
  fold.append(fold.querySelector("template").content);
  const [input, output] = fold.querySelectorAll("select");
  const box = fold.querySelector("input");
  const [answer, button] = [fold.querySelector("[data-found]"), fold.querySelector("button")];
  let scale; // the size of the box's unit, for the output that is asked for
  let asked = "";
  let place; // what "Set it" sets

  const text = (value, name) => show(engine.table, value, engine.quantities[name].unit);

  // The box has the unit in which people read the present value, until another output is chosen.
  function ask(values) {
    const value = values[output.value];
    const [size, before, after] = stepOf(engine.table, value, engine.quantities[output.value].unit);
    asked = output.value;
    scale = size;
    fold.querySelector(".unit").textContent = (before + after).trim();
    box.value = Number.isFinite(value) ? Number(((0.8 * value) / size).toPrecision(2)) : 1;
  }

  function pathOf(name) {
    const control = config.controls.find((one) => one.name === name);
    const stops = control.stops.map((stop) => stop * control.scale);
    const inputs = me.inputs();
    const holds = conditions(engine, plan(engine, config.want, inputs, []).names);
    const path = me.course([asked, ...holds], [name]);
    const value = (x) => {
      const found = path.set({ [name]: x })[asked];
      return path.feasible() && Number.isFinite(found) ? found : undefined;
    };
    const [low, high] = [stops[0], stops[stops.length - 1]];
    return { stops, path: { value, whole: Boolean(engine.quantities[name].whole), log: low > 0 && high > 100 * low } };
  }

  function said(target) {
    const name = input.value;
    const { stops, path } = pathOf(name);
    const { least, most, found } = meet(path, stops, target, me.state[name]);
    const at = (x) => `${text(path.value(x), asked)}, at ${text(x, name)}`;
    const [first] = found;
    if (least === undefined) return "Nothing in this range is feasible.";
    if (path.value(least) === path.value(most)) return `It stays at ${text(path.value(least), asked)} over the whole range.`;
    if (!first) {
      const end = target < path.value(least) ? `least is ${at(least)}` : `most is ${at(most)}`;
      const between = target >= path.value(least) && target <= path.value(most);
      return between ? "Not reachable in this range: it jumps past that." : `Not reachable in this range: the ${end}.`;
    }
    place = first.x;
    const others = found.length > 1 ? ` There ${found.length > 2 ? `are ${found.length - 1} others` : "is another"} further away.` : "";
    const label = input.selectedOptions[0].textContent;
    const answered = `${capital(label)}: ${text(first.x, name)}`;
    if (first.exact) return `${answered}.${others}`;
    const side = others ? "" : first.upper ? " or more" : " or less";
    return `${answered}${side}, which gives ${text(path.value(first.x), asked)}.${others}`;
  }

  function tell() {
    place = undefined;
    const number = box.valueAsNumber;
    const words = Number.isFinite(number) ? said(number * scale) : "Give a number.";
    if (answer.textContent !== words) answer.textContent = words;
    button.disabled = place === undefined || place === me.state[input.value];
  }

  for (const control of [input, output, box]) {
    control.addEventListener("input", () => {
      if (asked !== output.value) ask(me.values());
      tell();
    });
  }
  button.addEventListener("click", () => me.change({ [input.value]: place }));
  return (solved) => {
    if (!asked) ask(solved[""].values);
    tell();
  };
}
