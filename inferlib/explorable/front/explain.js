// Any number opened: its formula twice, what it rests on, and where it comes from, in one dialog.
import { capital, figureButton, make } from "./dom.js";
import { plan, reasons } from "./model.js";
import { originOf, rangesOf } from "./state.js";

const MATHML = "http://www.w3.org/1998/Math/MathML";
// Between symbols, which may stand side by side; numbers may not.
const GAP = '<mspace width="0.167em" />';
const ADDRESS = /(https?:\/\/[^\s,;)]+|arXiv:\d{4}\.\d{4,5}|doi:10\.[^\s,;)]+)/;

/**
 * Let every number of a figure be opened.
 * @param {any} me the figure, see mount in figure.js
 * @returns {() => void} called after each change
 */
export function explainer(me) {
  const { element, config, engine } = me;
  const card = me.find("[data-card]");
  const trail = []; // names, from the number that was opened to the one that shows
  let facts = {};
  let opener;

  for (const still of element.querySelectorAll("span[data-explain]")) {
    still.replaceWith(figureButton(still.dataset.explain, still.textContent));
  }

  element.addEventListener("click", ({ target }) => {
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

  async function open(button) {
    if (!card.open) {
      opener = button;
      facts = await me.facts().catch(() => ({ lost: true }));
    }
    trail.push(button.dataset.explain);
    write();
    if (!card.open) card.showModal();
    card.querySelector(".name").focus();
  }

  function back() {
    const left = trail.pop();
    write();
    card.querySelector(`[data-explain="${left}"]`).focus();
  }

  // A value for people, or why it has none.
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
    const way = before ? [make("button", { ...plain, "data-do": "back" }, `‹ ${short(before)}`)] : [];
    return make("div", { class: "top" }, ...way, make("button", { ...plain, "data-do": "close" }, "Close"));
  }

  const short = (name) => engine.labels[name].split(/: | \(/)[0];

  // A formula in symbols and with numbers, what it rests on, and who says so.
  function worked(name, values, why) {
    const { needs } = engine.quantities[name];
    const fact = facts.quantities?.[name];
    const shown = fact ? [math(name, (need) => facts.quantities[need].symbol)] : [];
    if (fact && !why.length) shown.push(math(name, (need) => mtext(me.text(values, need)), mtext(me.text(values, name))));
    const parts = needs.map((need) => {
      const button = figureButton(need, "", "part");
      button.append(make("span", {}, short(need)), make("b", {}, told(need, values).text));
      return make("li", {}, button);
    });
    const [source, link] = facts.sources?.[fact?.source] ?? [];
    const preset = me.state.preset ?? config.kinds.preset;
    const errors = facts.errors?.[name];
    return [
      ...(facts.lost ? [make("p", { class: "about" }, "Its formula did not load; it is with the formulas of the book.")] : []),
      ...(shown.length ? [make("div", { class: "equation scroll", tabindex: "0", role: "group", "aria-label": "Formula" }, ...shown)] : []),
      ...(parts.length ? [make("p", { class: "head" }, "It rests on"), make("ul", {}, ...parts)] : []),
      pairs([["Source", link ? [anchor(link, source)] : source && [source]], ["Known error", errors && [errors[preset] ?? errors[""]]]]),
    ];
  }

  function math(name, fill, end = "") {
    const { symbol, formula } = facts.quantities[name];
    const made = document.createElementNS(MATHML, "math");
    made.setAttribute("display", "block");
    const spread = end ? formula.replaceAll(GAP, `${GAP}<mo lspace="0" rspace="0">×</mo>${GAP}`) : formula;
    made.innerHTML = `${symbol}<mo>=</mo>${spread}${end && `<mo>=</mo>${end}`}`;
    for (const slot of made.querySelectorAll("[class^='v-']")) slot.innerHTML = fill(slot.getAttribute("class").slice(2));
    return made;
  }

  // Where an input comes from: a row of a table with its range, a control, or the author.
  function whence(name) {
    const origin = originOf(config, me.state, name);
    const control = config.controls.find((one) => one.name === name);
    if (!origin) return [make("p", { class: "about" }, control ? `Set by the control “${control.label}”.` : "Set by the author of this figure.")];
    const [low, high, why] = rangesOf(config, me.state)[name] ?? [];
    return [
      pairs([
        ["Range", why && [`${me.text({ [name]: low }, name)} to ${me.text({ [name]: high }, name)}: `, ...linked(why)]],
        ["Table", [`${origin.table}.csv${origin.row === engine.labels[name] ? "" : `, row ${origin.row}`}`]],
        ["Source", linked(origin.source)],
        ["As of", [dated(origin.asOf)]],
        ["Notes", origin.notes && linked(capital(origin.notes))],
      ]),
    ];
  }

  function links(name, given) {
    if (facts.home === undefined) return "";
    const place = given ? undefined : facts.taught[name];
    const found = [anchor(`${facts.home}book/formulas.html#${name}`, given ? "All inputs" : "All formulas")];
    if (place && place.figure !== config.id) found.push(anchor(`${facts.home}${place.page}#${place.figure}`, `Taught in “${place.title}”`));
    return make("p", { class: "links" }, ...found);
  }

  return () => {
    if (card.open) write();
  };
}

/** Text inside a formula. */
const mtext = (text) => `<mtext>${text.replace(/[&<]/g, (mark) => (mark === "&" ? "&amp;" : "&lt;"))}</mtext>`;

const anchor = (href, text) => make("a", { href }, text);

/** Text with what it names as addresses linked. */
function linked(text) {
  return text.split(ADDRESS).map((piece, i) => {
    if (i % 2 === 0) return piece;
    const address = piece.replace(/^arXiv:/, "https://arxiv.org/abs/").replace(/^doi:/, "https://doi.org/");
    return anchor(address.replace(/\.$/, ""), piece);
  });
}

const pairs = (found) =>
  make("dl", {}, ...found.filter(([, held]) => held).flatMap(([title, held]) => [make("dt", {}, title), make("dd", {}, ...held)]));

const dated = (day) =>
  new Date(day).toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
