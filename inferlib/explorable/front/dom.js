// Elements made in a line, and found.
/** @import { Within } from "./types" */

/**
 * The element that a tag or a selector names.
 * @type {Within}
 */
export const within = (/** @type {Element} */ place, /** @type {string} */ selector) => /** @type {any} */ (place.querySelector(selector));

/**
 * All elements that a selector names.
 * @param {Element} place
 * @param {string} selector
 */
export const allIn = (place, selector) => /** @type {HTMLElement[]} */ ([...place.querySelectorAll(selector)]);

/**
 * An element: its tag, its attributes (text and properties `textContent`, `hidden` too), what it holds.
 * @param {string} tag
 * @param {Record<string, any>} attributes
 * @param {(Node | string)[]} held
 */
export function make(tag, attributes = {}, ...held) {
  /** @type {HTMLElement & Record<string, any>} */
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name in element && typeof value !== "string") element[name] = value;
    else if (name === "textContent") element.textContent = value;
    else element.setAttribute(name, value);
  }
  element.append(...held);
  return element;
}

/**
 * A button that explains a quantity; explain.js hears it.
 * @param {string} name the quantity
 * @param {string} text
 * @param {string} kind its class
 */
export const figureButton = (name, text = "", kind = "number") =>
  make("button", { type: "button", class: kind, "data-explain": name, "data-lm-suppress-shortcuts": "true", textContent: text });

/**
 * Rows of cells into the body of a table.
 * @param {Element} body
 * @param {string[][]} lines
 */
export function fillTable(body, lines) {
  body.replaceChildren(
    ...lines.map((cells) => make("tr", {}, ...cells.map((cell) => make("td", {}, cell)))),
  );
}

/**
 * A text with a capital letter in front.
 * @param {string} text
 */
export const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);
