// Numbers for people, by the table of inferlib.show: 2.3 ms, $0.57/M tokens, 141 GB.
/** @import { Units } from "./types" */

/**
 * Rounded to so many significant digits.
 * @param {number} value
 * @param {number} digits
 */
const rounded = (value, digits) => Number(value.toPrecision(digits));

/** @param {string} text */
function grouped(text) {
  const [whole, rest] = text.split(".");
  const commas = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return rest === undefined ? commas : `${commas}.${rest}`;
}

/** @param {string} text */
const trimmed = (text) => (text.includes(".") ? text.replace(/\.?0+$/, "") : text);

/**
 * @param {number} x
 * @param {number} digits
 * @param {boolean} money
 */
function digitsOf(x, digits, money) {
  if (x === 0) return "0";
  let value = rounded(x, digits);
  let decimals = Math.max(0, digits - 1 - Math.floor(Math.log10(value) + 1e-9));
  if (money && value >= 0.1 && value < 1 && digits === 3) {
    decimals = 2; // cents
    value = rounded(value, 2);
  }
  if (value >= 1e21) return String(value); // longer ones are not written out
  const text = value.toFixed(Math.min(decimals, 100)); // more it refuses
  return grouped(money && decimals === 2 ? text : trimmed(text));
}

/**
 * The step by which a number is printed: its size, what stands before, what after.
 * @param {Units} table
 * @param {number} value
 * @param {string} unit
 */
export function stepOf(table, value, unit, digits = 3) {
  const steps = table.steps[unit];
  const near = value ? value * (1 + 0.5 * 10 ** -digits) : 1; // what rounds up to a step takes it
  return steps.find((step) => near >= step[0]) ?? steps[steps.length - 1];
}

/**
 * A number with its unit. `table` is inferlib.show.table().
 * @param {Units} table
 * @param {number} value
 * @param {string} unit
 * @returns {string}
 */
export function show(table, value, unit, digits = 3) {
  if (value < 0) return "\u2212" + show(table, -value, unit, digits);
  if (!Number.isFinite(value)) return "∞";
  if (Number.isInteger(value) && value < 1e6 && table.bare.includes(unit)) return grouped(value.toFixed(0));
  const [scale, before, after] = stepOf(table, value, unit, digits);
  return before + digitsOf(value / scale, digits, before !== "") + after;
}
