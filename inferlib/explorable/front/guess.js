// Predict, then reveal: a number of the reader's own before the figure shows its own.
import { show } from "./numbers.js";
import { allIn, within } from "./dom.js";
/** @import { Figure } from "./types" */

/**
 * The part of a figure that asks before it answers.
 * @param {Figure} me
 */
export function guesser(me) {
  const { config, element, engine } = me;
  const form = me.find("[data-guess]");
  if (!form || !config.guess) return undefined;
  const said = me.find("[data-guessed]");
  const { name, scale, why } = config.guess;

  const { unit } = engine.quantities[name];
  const right = () => me.situation(me.start).values[name];

  /** @param {string} words */
  function reveal(words) {
    element.removeAttribute("data-guessing");
    said.textContent = words;
    for (const one of allIn(element, "[data-guess] :is(.box, button)")) one.hidden = true;
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const guess = within(form, "input").valueAsNumber * scale;
    if (!Number.isFinite(guess)) {
      said.textContent = "Write a number, or look at once.";
      return;
    }
    const value = right();
    reveal(`You said ${show(engine.table, guess, unit)}; it is ${show(engine.table, value, unit)}, ${off(guess, value)}. ${why}`);
    me.find("[data-answer]").scrollIntoView({ block: "nearest" });
  });
  within(form, "[data-do='show']").addEventListener("click", () => reveal(`It is ${show(engine.table, right(), unit)}. ${why}`));
  // Whoever comes by a link, or has moved a control, has seen the answer.
  return () => {
    if (element.hasAttribute("data-guessing") && me.moved) reveal(why);
  };
}

/**
 * How far a guess is from a value, in words.
 * @param {number} guess
 * @param {number} value
 */
export function off(guess, value) {
  if (guess === value || (value && Math.abs(guess / value - 1) < 0.1)) return "within a tenth of your guess";
  if (!(guess > 0) || !(value > 0)) return "which is another matter";
  const side = guess > value ? "too high" : "too low";
  const times = Math.max(guess / value, value / guess);
  if (times >= 1.995) return `so your guess is ${side} by a factor of ${Number(times.toPrecision(2))}`;
  return `so your guess is ${Math.round(100 * Math.abs(guess / value - 1))}\u202f% ${side}`;
}
