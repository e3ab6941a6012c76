// Places at which inputs are drawn, and the values that they stand for; the twin of inferlib.points.
/** @import { Draws } from "./types" */

/**
 * The coordinates of the points, by name.
 * @param {Draws} draws what inferlib.points.table() gave
 * @param {string[]} names of the inputs
 * @returns {Record<string, Float64Array>}
 */
export function placesOf(draws, names) {
  /** @param {[prime: number, shift: number]} path */
  const column = ([prime, shift]) =>
    Float64Array.from({ length: draws.count }, (_, i) => {
      const along = (i + 1) * Math.sqrt(prime) + shift;
      return along - Math.floor(along);
    });
  return Object.fromEntries([...names].sort().map((name, i) => [name, column(draws.paths[i])]));
}

/**
 * The value below which a triangular distribution has a share; `low` is less than `high`.
 * @param {number} share
 * @param {number} low
 * @param {number} peak
 * @param {number} high
 */
export function triangular(share, low, peak, high) {
  const width = high - low;
  if (share * width < peak - low) return Math.min(peak, low + Math.sqrt(share * width * (peak - low)));
  return Math.max(peak, high - Math.sqrt((1 - share) * width * (high - peak)));
}
