// Numbers for people, by the table of inferlib.show: 2.3 ms, $0.57/M tokens, 141 GB.

/** Rounded to so many significant digits. */
const rounded = (value, digits) => Number(value.toPrecision(digits));

function grouped(text) {
  const [whole, rest] = text.split(".");
  const commas = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return rest === undefined ? commas : `${commas}.${rest}`;
}

function digitsOf(x, digits, money) {
  if (x === 0) return "0";
  let value = rounded(x, digits);
  let decimals = Math.max(0, digits - 1 - Math.floor(Math.log10(value) + 1e-9));
  if (money && value >= 0.1 && value < 1 && digits === 3) {
    decimals = 2; // cents
    value = rounded(value, 2);
  }
  return grouped(value.toFixed(decimals));
}

/** A number with its unit. `table` is inferlib.show.table(). */
export function show(table, value, unit, digits = 3) {
  if (value < 0) return "\u2212" + show(table, -value, unit, digits);
  if (!Number.isFinite(value)) return "∞";
  const steps = table.steps[unit];
  const exact = Number.isInteger(value) && value < 1e6 && table.bare.includes(unit);
  const near = exact ? value : rounded(value, digits);
  const last = steps[steps.length - 1];
  const found = near === 0 ? steps.find((step) => step[0] === 1) : steps.find((step) => near >= step[0]);
  const [scale, before, after] = found ?? last;
  const number = exact ? grouped(value.toFixed(0)) : digitsOf(near / scale, digits, before !== "");
  return before + number + after;
}
