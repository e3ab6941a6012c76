// Any number opened: its formula twice, what it rests on, and where it comes from, in one dialog.
import { allIn, capital, figureButton, make, within } from "./dom.js";
import { plan, reasons } from "./model.js";
import { originOf, rangesOf } from "./state.js";
/** @import { Facts, Figure, Values } from "./types" */

const MATHML = "http://www.w3.org/1998/Math/MathML";
// Between symbols, which may stand side by side; numbers may not.
const GAP = '<mspace width="0.167em" />';
const ADDRESS = /(https?:\/\/[^\s,;)]+|arXiv:\d{4}\.\d{4,5}|doi:10\.[^\s,;)]+)/;

/**
 * Let every number of a figure be opened.
 * @param {Figure} me
 * @returns {() => void} called after each change
 */
export function explainer(me) {
  const { element, config, engine } = me;
  const card = me.find("[data-card]");
  /** @type {string[]} */
  const trail = []; // names, from the number that was opened to the one that shows
  /** @type {Facts | undefined} */
  let facts; // none if they do not load
  /** @type {HTMLElement} */
  let opener;

  for (const still of allIn(element, "span[data-explain]")) {
    still.replaceWith(figureButton(still.dataset.explain ?? "", still.textContent));
  }

  element.addEventListener("click", (event) => {
    const target = /** @type {Element} */ (event.target);
    /** @type {HTMLElement | null} */
    const button = target.closest("button[data-explain]");
    if (button) open(button);
    else if (target.closest("[data-do='back']")) back();
    else if (target === card || target.closest("[data-do='close'], dialog a")) card.close();
  });
  card.addEventListener("close", () => {
    trail.length = 0;
    card.replaceChildren();
    opener.focus({ preventScroll: true }); // a link of the card may have led elsewhere on the page
  });

  /** @param {HTMLElement} button */
  async function open(button) {
    if (!card.open) {
      opener = button;
      facts = await me.facts().catch(() => undefined);
    }
    trail.push(button.dataset.explain ?? "");
    write();
    if (!card.open) card.showModal();
    within(card, ".name").focus();
  }

  function back() {
    const left = trail.pop();
    write();
    within(card, `[data-explain="${left}"]`).focus();
  }

  // A value for people, or why it has none.
  /** @type {(name: string, values: Values) => { why: string[], text: string }} */
  function told(name, values) {
    const { names } = plan(engine, [name], me.inputs(), []);
    const why = reasons(engine, Object.fromEntries(names.map((one) => [one, values[one]])));
    return { why, text: why.length ? "–" : me.text(values, name) };
  }

  function write() {
    const name = trail[trail.length - 1];
    const { values } = me.situations()[""];
    const { why, text } = told(name, values);
    const [title, ...rest] = engine.labels[name].split(": ");
    const given = name in me.inputs() || !engine.formulas[name];
    const held = [
      top(),
      make("p", { class: "name", id: `${config.id}-explained`, tabindex: "-1" }, title),
      make("p", { class: "value" }, text),
      ...[rest.join(": "), ...why].filter(Boolean).map((said) => make("p", { class: "about" }, capital(said))),
      ...(given ? whence(name) : worked(name, values, why)),
      links(name, given),
    ];
    card.replaceChildren(make("div", { class: "sheet" }, ...held));
    card.scrollTop = 0;
  }

  function top() {
    const before = trail[trail.length - 2];
    const plain = { type: "button", "data-lm-suppress-shortcuts": "true" };
    const way = before ? [make("button", { ...plain, "data-do": "back" }, `‹ ${shortly(before)}`)] : [];
    return make("div", { class: "top" }, ...way, make("button", { ...plain, "data-do": "close" }, "Close"));
  }

  /** @param {string} name */
  const shortly = (name) => engine.labels[name].split(/: | \(/)[0];

  // A formula in symbols and with numbers, what it rests on, and who says so.
  /** @type {(name: string, values: Values, why: string[]) => HTMLElement[]} */
  function worked(name, values, why) {
    const { needs } = engine.quantities[name];
    const shown = facts ? [math(facts, name)] : [];
    if (facts && !why.length) shown.push(math(facts, name, values));
    const parts = needs.map((need) => {
      const button = figureButton(need, "", "part");
      button.append(make("span", {}, shortly(need)), make("b", {}, told(need, values).text));
      return make("li", {}, button);
    });
    const [source, link] = facts?.sources[facts.quantities[name].source] ?? [];
    const errors = facts?.errors[name];
    return [
      ...(facts ? [] : [make("p", { class: "about" }, "Its formula did not load; it is with the formulas of the book.")]),
      ...(shown.length ? [make("div", { class: "equation scroll", tabindex: "0", role: "group", "aria-label": "Formula" }, ...shown)] : []),
      ...(parts.length ? [make("p", { class: "head" }, "It rests on"), make("ul", {}, ...parts)] : []),
      pairs([["Source", source ? [link ? anchor(link, source) : source] : undefined], ["Known error", errors && [errors[me.state.preset ?? config.kinds.preset] ?? errors[""]]]]),
    ];
  }

  // In symbols, or with values.
  /** @type {(facts: Facts, name: string, values?: Values) => Element} */
  function math({ quantities }, name, values) {
    const { symbol, formula = "" } = quantities[name];
    const made = document.createElementNS(MATHML, "math");
    made.setAttribute("display", "block");
    /** @param {string} one */
    const number = (one) => (values ? mtext(me.text(values, one)) : quantities[one].symbol);
    const spread = values ? formula.replaceAll(GAP, `${GAP}<mo lspace="0" rspace="0">×</mo>${GAP}`) : formula;
    made.innerHTML = `${symbol}<mo>=</mo>${spread}${values ? `<mo>=</mo>${number(name)}` : ""}`;
    for (const slot of made.querySelectorAll("[class^='v-']")) slot.innerHTML = number(slot.classList[0].slice(2));
    return made;
  }

  // Where an input comes from: a row of a table with its range, a control, or the author.
  /** @param {string} name */
  function whence(name) {
    const origin = originOf(config, me.state, name);
    const control = config.controls.find((one) => one.name === name);
    if (!origin) return [make("p", { class: "about" }, control ? `Set by the control “${control.label}”.` : "Set by the author of this figure.")];
    const range = rangesOf(config, me.state)[name];
    const [low, high] = (range ?? []).slice(0, 2).map((end) => me.text({ [name]: Number(end) }, name));
    return [
      pairs([
        ["Range", range ? [`${low} to ${high}: `, ...linked(range[2])] : undefined],
        ["Table", [`${origin.table}.csv${origin.row === engine.labels[name] ? "" : `, row ${origin.row}`}`]],
        ["Source", linked(origin.source)],
        ["As of", [dated(origin.asOf)]],
        ["Notes", origin.notes ? linked(capital(origin.notes)) : undefined],
      ]),
    ];
  }

  /** @type {(name: string, given: boolean) => HTMLElement | string} */
  function links(name, given) {
    if (facts?.home === undefined) return "";
    const place = given ? undefined : facts.taught[name];
    const found = [anchor(`${facts.home}book/formulas.html#${name}`, given ? "All inputs" : "All formulas")];
    if (place && place.figure !== config.id) found.push(anchor(`${facts.home}${place.page}#${place.figure}`, `Taught in “${place.title}”`));
    return make("p", { class: "links" }, ...found);
  }

  return () => {
    if (card.open) write();
  };
}

/**
 * Text inside a formula.
 * @param {string} text
 */
const mtext = (text) => `<mtext>${text.replace(/[&<]/g, (mark) => (mark === "&" ? "&amp;" : "&lt;"))}</mtext>`;

/**
 * @param {string} href
 * @param {string} text
 */
const anchor = (href, text) => make("a", { href }, text);

/**
 * Text with what it names as addresses linked.
 * @param {string} text
 */
function linked(text) {
  return text.split(ADDRESS).map((piece, i) => {
    if (i % 2 === 0) return piece;
    const address = piece.replace(/^arXiv:/, "https://arxiv.org/abs/").replace(/^doi:/, "https://doi.org/");
    return anchor(address.replace(/\.$/, ""), piece);
  });
}

/** @param {[title: string, held: (Node | string)[] | undefined][]} found */
const pairs = (found) =>
  make("dl", {}, ...found.flatMap(([title, held]) => held ? [make("dt", {}, title), make("dd", {}, ...held)] : []));

/** @param {string} day */
const dated = (day) =>
  new Date(day).toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
