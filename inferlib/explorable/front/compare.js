// A against B: the state A is held, its lines stay, and the difference is told in words.
import { make } from "./dom.js";
import { show } from "./numbers.js";
import { reason } from "./words.js";
/** @import { Control, Engine, Figure, Situations, State } from "./types" */

/**
 * The part of a figure that holds a state A.
 * @param {Figure} me
 */
export function comparer(me) {
  const { config, engine } = me;
  const button = me.find("[data-do='compare']");
  const place = me.find("[data-versus]");
  button.addEventListener("click", () => me.see({ pinned: me.view.pinned ? undefined : { ...me.state } }));

  /** @param {Situations} solved */
  return (solved) => {
    const { pinned } = me.view;
    button.textContent = pinned ? "Let go of A" : "Compare";
    button.setAttribute("aria-pressed", String(Boolean(pinned)));
    place.hidden = !pinned;
    if (!pinned) return;
    const lines = differences(me, pinned, solved).map((line) => make("li", {}, line));
    place.replaceChildren(make("p", {}, make("strong", {}, "A"), `: ${told(me, pinned)}.`), make("ul", {}, ...lines));
  };
}

/**
 * A control's value for people.
 * @param {Engine} engine
 * @param {Control} control
 * @param {State} state
 */
export function chosen(engine, control, state) {
  const value = state[control.name];
  return control.options ? control.options[value] : show(engine.table, Number(value), control.unit);
}

// What A is: the settings in which it differs from the present state.
/**
 * @param {Figure} me
 * @param {State} pinned
 */
function told({ config, engine, state }, pinned) {
  const moved = config.controls.filter(({ name }) => pinned[name] !== state[name]);
  if (!moved.length) return "held as you are; move a control, and B goes its own way";
  return moved
    .map((one) => `${one.label} ${chosen(engine, one, pinned)} (B: ${chosen(engine, one, state)})`)
    .join("; ");
}

/**
 * @param {Figure} me
 * @param {State} pinned
 * @param {Situations} solved
 */
function differences(me, pinned, solved) {
  const { config, engine } = me;
  const there = { "": me.situation(pinned) };
  const why = reason(engine, there);
  if (why) return [`A is not feasible: ${why}`];
  if (reason(engine, { "": solved[""] })) return [];
  return config.compared.map(([name, label]) => {
    const [a, b] = [there[""].values[name], solved[""].values[name]];
    return `${label}: ${me.text(solved[""].values, name)}, ${against(a, b)} ${me.text(there[""].values, name)}`;
  });
}

/**
 * B against A in words, up to A's value: "12 % more than A's", "as A's".
 * @param {number} a
 * @param {number} b
 */
export function against(a, b) {
  const ratio = b / a;
  const near = Math.abs(ratio - 1);
  if (a === b || near < 0.0005) return "as A's";
  if (!a || !b || !Number.isFinite(ratio)) return "against A's";
  if (ratio > 0 && ratio < 0.01) return "less than 1\u202f% of A's";
  if (ratio >= 2) return `${Number(ratio.toPrecision(3)).toLocaleString("en")} times A's`;
  return `${Number((100 * near).toPrecision(2))}\u202f% ${ratio > 1 ? "more" : "less"} than A's`;
}
