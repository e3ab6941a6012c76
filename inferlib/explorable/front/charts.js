// Vega, asked once for a view; afterwards only its data change.
/** @import { VegaEmbed } from "./types" */

const OPTIONS = { mode: "vega", renderer: "svg", ast: true, actions: false, defaultStyle: false, tooltip: false };

/**
 * A Vega view of a specification, drawn as SVG; `ast` lets it run under a strict policy.
 * @param {VegaEmbed} vegaEmbed
 * @param {Element} place
 * @param {object} spec
 */
export async function drawWith(vegaEmbed, place, spec) {
  return (await vegaEmbed(place, spec, OPTIONS)).view;
}
