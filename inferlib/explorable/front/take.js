// What a reader takes away: rows, inputs, pictures, a citation, and the Python of the same number.
import { kindsOf, brief, originOf, segment } from "./state.js";
import { pieces, sentence } from "./words.js";
import { make } from "./dom.js";
import { isName, quantityOn } from "./hover.js";

const FACES = "system-ui, sans-serif";
// Fields of a row that hold a quantity, and what their column says of it.
const ASIDE = { x: "", y: "", x2: ", to", y2: ", to", low: ", low", high: ", high" };
const SVG = "http://www.w3.org/2000/svg";

/** The number that the figure is about. */
function headlineOf({ config, engine }) {
  const said = config.answer.flatMap(([, name, of]) => (name && !of ? [name] : []));
  return config.headline || [...said, ...config.readouts, ...config.want].find((name) => engine.formulas[name]);
}

// A text that a spreadsheet would run as a formula gets an apostrophe; numbers stay as they are.
function cell(value) {
  if (typeof value !== "string") return String(value ?? "");
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replace(/"/g, '""')}"` : safe;
}

/** The rows that are drawn, in base units: a column for each quantity, named with its unit. */
function csvOf(me, titles) {
  const columns = new Set(["chart", "rows", "series", "label"]);
  const lines = me.rows().flatMap((drawn, i) =>
    Object.entries(drawn).flatMap(([name, rows]) => {
      const recipe = me.config.charts[i].recipes[name];
      if (isName(recipe)) return [];
      const column = (field, n) => {
        const quantity = field in ASIDE && quantityOn(recipe, field[0] === "x" ? "x" : "y", n);
        const unit = me.engine.quantities[quantity]?.unit;
        return unit ? `${quantity}${ASIDE[field]} [${unit}]` : field;
      };
      return rows.map((row, n) => {
        const line = { chart: titles[i], rows: name };
        for (const [field, value] of Object.entries(row)) line[column(field, n)] = value;
        for (const field of Object.keys(line)) columns.add(field);
        return line;
      });
    }),
  );
  const table = [[...columns], ...lines.map((line) => [...columns].map((column) => line[column]))];
  return `\ufeff${table.map((cells) => `${cells.map(cell).join(",")}\r\n`).join("")}`;
}

function jsonOf(me) {
  const { config, engine, state } = me;
  const inputs = me.inputs();
  const values = me.values();
  const told = (from) => (name) => [
    name,
    { value: from[name], unit: engine.quantities[name].unit, origin: originOf(config, state, name) },
  ];
  const second = Object.fromEntries(Object.keys(config.aliases).map((name) => [name, state[name]]));
  const shown = new Set([headlineOf(me), ...config.readouts, ...config.answer.map(([, name, of]) => (of ? "" : name))]);
  return JSON.stringify({
    figure: config.id,
    answer: answerOf(me),
    kinds: kindsOf(me.config, me.state),
    ...(Object.keys(second).length && { second }),
    inputs: Object.fromEntries(Object.keys(inputs).sort().map(told(inputs))),
    results: Object.fromEntries([...shown].filter((name) => engine.formulas[name]).map(told(values))),
    data: config.data,
    version: config.work.version,
    ...(me.link && { link: me.link() }),
  }, null, 2);
}

const answerOf = ({ engine, config, situations }) => sentence(pieces(engine, config, situations()));

function citation(me) {
  const { authors, title, version } = me.config.work;
  const link = me.link ? ` ${me.link()}` : "";
  const today = new Date().toISOString().slice(0, 10);
  return `${authors}. ${title}, version ${version}, figure “${me.config.id}”: “${answerOf(me)}” Data of ${me.config.data}.${link} Accessed ${today}.`;
}

/** The lines of Python that give the headline of the present state. */
function pythonOf(me) {
  const { config, state } = me;
  const inputs = me.inputs();
  const kinds = Object.entries(kindsOf(me.config, me.state)).filter(([kind, name]) => name !== config.plain[kind]);
  const moved = config.controls.filter(({ stops }) => stops).map(({ name }) => [name, state[name]]);
  const fixed = config.fixed.map(({ name }) => [name, inputs[name]]).filter(([name, value]) => name !== "chips" || value !== 1);
  // A text in JSON is one in Python too, and so is a number.
  const given = [...kinds, ...fixed, ...moved].map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  const name = headlineOf(me);
  const own = config.redefined.length ? `# as the book has it; here redefined: ${config.redefined.join(", ")}\n` : "";
  return `${own}import inferlib as il\ns = il.scenario(${given.join(", ")})\nil.solve("${name}", **s)["${name}"]`;
}

// A drawing that stands by itself: its colours as they are in the page, its faces any system's.
function standing(svg) {
  const copy = svg.cloneNode(true);
  const originals = [svg, ...svg.querySelectorAll("*")];
  for (const [i, element] of [copy, ...copy.querySelectorAll("*")].entries()) {
    const shown = getComputedStyle(originals[i]);
    for (const { name, value } of [...element.attributes]) {
      if (name === "font-family") element.setAttribute(name, FACES);
      else if (name !== "style" && /var\(|currentcolor/i.test(value)) element.setAttribute(name, shown.getPropertyValue(name));
    }
    for (const name of [...(element.style ?? [])]) {
      if (name === "font-family") element.style.setProperty(name, FACES);
      else if (/var\(|currentcolor/i.test(element.style.getPropertyValue(name))) {
        element.style.setProperty(name, shown.getPropertyValue(name));
      }
    }
  }
  return copy;
}

// A title as lines of at most so many pixels.
function wrapped(title, font, width) {
  const pen = make("canvas").getContext("2d");
  pen.font = font;
  const lines = [""];
  for (const word of title.split(" ")) {
    const longer = `${lines[lines.length - 1]} ${word}`.trim();
    if (lines[0] && pen.measureText(longer).width > width) lines.push(word);
    else lines[lines.length - 1] = longer;
  }
  return lines;
}

/** A chart with its title on the panel's colour: { width, height, text }. */
function svgOf(me, i, title) {
  const box = me.charts[i];
  const svg = box.querySelector(".live svg") ?? [...box.querySelectorAll(".still")].find((still) => still.clientWidth);
  const { width, height } = svg.getBoundingClientRect();
  const shown = getComputedStyle(me.element);
  // Other faces are wider than ours, hence some room for names at the edge.
  const lines = wrapped(title, `600 15px ${FACES}`, width);
  const [pad, top] = [24, 28 + 20 * lines.length];
  const part = (name, attributes, ...held) => {
    const element = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    element.append(...held);
    return element;
  };
  const drawing = standing(svg);
  for (const [key, value] of Object.entries({ x: pad, y: top, width, height, class: "", overflow: "visible" })) drawing.setAttribute(key, value);
  const size = { width: width + 2 * pad, height: height + top + pad };
  const words = lines.map((line, n) =>
    part("text", { x: pad, y: 32 + 20 * n, fill: shown.color, "font-family": FACES, "font-size": 15, "font-weight": 600 }, line),
  );
  const whole = part(
    "svg",
    { ...size, viewBox: `0 0 ${size.width} ${size.height}`, role: "img" },
    part("title", {}, title),
    part("style", {}, `text{paint-order:stroke;stroke:${shown.backgroundColor};stroke-width:3px}`),
    part("rect", { width: "100%", height: "100%", fill: shown.backgroundColor }),
    ...words,
    drawing,
  );
  return { ...size, text: new XMLSerializer().serializeToString(whole) };
}

/** A chart as a picture, twice as fine as on a plain screen. */
async function pngOf(me, i, title) {
  const { width, height, text } = svgOf(me, i, title);
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
  await image.decode();
  const canvas = make("canvas", { width: Math.round(2 * width), height: Math.round(2 * height) });
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((done) => canvas.toBlob(done, "image/png"));
}

function save(name, blob) {
  const href = URL.createObjectURL(blob);
  const link = make("a", { href, download: name, hidden: true });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(href), 10000);
}

/** The part of a figure that lets a reader take it away. */
export function taker(me) {
  const fold = me.find("details.take");
  const told = me.find("[data-took]");
  const titles = [...me.element.querySelectorAll(".chart-title")].map((title) => title.textContent);
  const words = { cite: citation, python: pythonOf };
  const makers = {
    csv: () => new Blob([csvOf(me, titles)], { type: "text/csv;charset=utf-8" }),
    json: () => new Blob([jsonOf(me)], { type: "application/json" }),
    svg: (i) => new Blob([svgOf(me, i, titles[i]).text], { type: "image/svg+xml" }),
    png: (i) => pngOf(me, i, titles[i]),
  };

  for (const button of fold.querySelectorAll("[data-take]")) {
    const { take, of } = button.dataset;
    button.addEventListener("click", async () => {
      const which = of && titles.length > 1 ? `-${Number(of) + 1}` : "";
      const name = `${me.config.id}${which}-${brief(segment(me.config, me.state, me.view))}.${take}`;
      try {
        save(name, await makers[take](of));
        told.textContent = `Saved as ${name}.`;
      } catch (error) {
        told.textContent = `It could not be made: ${error.message}.`;
      }
    });
  }
  for (const button of fold.querySelectorAll("[data-copy]")) {
    button.addEventListener("click", async () => {
      const box = fold.querySelector(`[data-words="${button.dataset.copy}"]`);
      box.select();
      try {
        await navigator.clipboard.writeText(box.value);
        told.textContent = "Copied.";
      } catch {
        told.textContent = "The text is selected; copy it with your keyboard.";
      }
    });
  }
  return () => {
    if (!fold.open) return;
    told.textContent = "";
    for (const box of fold.querySelectorAll("[data-words]")) box.value = words[box.dataset.words](me);
  };
}
