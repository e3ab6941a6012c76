// The answer sentence, as inferlib.explorable.words writes it.
import { show } from "./numbers.js";
import { reasons } from "./model.js";
/** @import { Choice, Config, Engine, Piece, Situations, Values } from "./types" */

/**
 * The words of the largest quantity of a choice; the first, if several are.
 * @param {Choice} choice
 * @param {Values} values
 * @returns {string}
 */
function largest(choice, values) {
  const names = Object.keys(choice);
  const name = names.reduce((best, one) => (values[one] > values[best] ? one : best), names[0]);
  return typeof choice[name] === "string" ? choice[name] : largest(choice[name], values);
}

/**
 * Why there is no answer: a sentence about each chip on which something does not hold.
 * @param {Engine} engine
 * @param {Situations} situations
 */
export function reason(engine, situations) {
  const found = Object.values(situations).flatMap(({ values, names }) =>
    reasons(engine, values).map((why) => `On ${names.chip}, ${why}.`),
  );
  return [...new Set(found)].join(" ");
}

/**
 * The sentence as pieces { text, name }: `name` is the quantity that a piece shows, or "".
 * @param {Engine} engine
 * @param {Config} config
 * @param {Situations} situations
 * @returns {Piece[]}
 */
export function pieces(engine, config, situations) {
  const here = situations[""];
  const why = reason(engine, situations);
  if (why) return [{ text: why, name: "" }];
  /** @type {(name: string, of: string) => Piece} */
  const fill = (name, of) => {
    if (of) return { text: show(engine.table, situations[name].values[of], engine.quantities[of].unit), name: "" };
    if (name in config.choices) return { text: largest(config.choices[name], here.values), name: "" };
    if (name in here.names) return { text: here.names[name], name: "" };
    return { text: show(engine.table, here.values[name], engine.quantities[name].unit), name };
  };
  const found = config.answer.flatMap(([text, name, of]) => [{ text, name: "" }, ...(name ? [fill(name, of)] : [])]);
  return joinedPieces(found);
}

/**
 * Text beside text is one piece.
 * @param {Piece[]} found
 */
function joinedPieces(found) {
  const merged = [];
  for (const piece of found) {
    const last = merged[merged.length - 1];
    if (!piece.text) continue;
    if (last && !last.name && !piece.name) last.text += piece.text;
    else merged.push({ ...piece });
  }
  return merged;
}

/** @param {Piece[]} found */
export const sentence = (found) => found.map(({ text }) => text).join("");

/** A label as a part of a sentence, as inferlib.explorable.uncertain.short has it. */
export function short(label) {
  const [text] = label.split(/[:,]| \(/);
  const lower = text.slice(0, 2) !== text.slice(0, 2).toUpperCase();
  return lower ? text.charAt(0).toLowerCase() + text.slice(1) : text;
}
