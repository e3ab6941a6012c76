// Tables of data: search, sort, and more rows. Without this script a table is plain, and complete
// but for the rows that wait in a file of their own.
"use strict";

const waiting = new Map(); // what to call when the rows of a table arrive

window.bookRows = (name, html) => waiting.get(name)?.(html);

function made(tag, given = {}, text = "") {
  const element = Object.assign(document.createElement(tag), given);
  element.append(text);
  return element;
}

function fetchRows(box) {
  const address = box.dataset.more;
  const name = address.match(/rows-([\w-]+)\.js/)[1];
  return new Promise((resolve, reject) => {
    waiting.set(name, resolve);
    const script = made("script", { src: address });
    script.addEventListener("error", reject);
    document.head.append(script);
  });
}

// A blank is last whichever way one sorts; numbers go by value, texts as a reader counts.
function compare(column, down) {
  const order = new Intl.Collator("en", { numeric: true, sensitivity: "base" });
  const blank = (cell) => cell.textContent === "—";
  return (a, b) => {
    const [one, other] = [a, b].map((group) => group.rows[0].cells[column]);
    if (blank(one) || blank(other)) return blank(one) - blank(other);
    const numbers = one.dataset.value !== undefined && other.dataset.value !== undefined;
    const by = numbers
      ? one.dataset.value - other.dataset.value
      : order.compare(one.textContent, other.textContent);
    return down ? -by : by;
  };
}

function setUp(box) {
  const table = box.querySelector("table");
  const step = Number(box.dataset.window);
  const total = Number(box.dataset.rows);
  let rows = [...table.tBodies]; // each a row and, under it, its source
  let limit = step;
  let sorted = null; // column and direction
  let loading = null;
  const texts = new WeakMap();

  const search = made("input", { type: "search", autocomplete: "off", spellcheck: false });
  const status = made("p", { className: "shown" });
  const more = made("button", { type: "button", className: "more-rows" }, "Show more rows");
  status.setAttribute("role", "status");

  function text(row) {
    if (!texts.has(row)) texts.set(row, row.textContent.toLowerCase());
    return texts.get(row);
  }

  function draw() {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const found = rows.filter((row) => words.every((word) => text(row).includes(word)));
    if (sorted) found.sort(compare(sorted.column, sorted.down));
    table.replaceChildren(table.tHead, ...found.slice(0, limit));
    const all = words.length ? found.length : total;
    const seen = Math.min(limit, all);
    const of = words.length ? `${all.toLocaleString("en")} found of ` : "";
    status.textContent = all
      ? `${seen < all ? `${seen.toLocaleString("en")} shown, ` : ""}${of}${total.toLocaleString("en")} rows`
      : `No row has ${words.length > 1 ? "all these words" : `“${words[0]}”`}`;
    more.hidden = seen >= all;
  }

  // Whoever searches or sorts means all rows, so those that wait are asked for first.
  async function whole() {
    if (!box.dataset.more || rows.length === total) return;
    loading ??= fetchRows(box);
    try {
      const rest = made("template");
      rest.innerHTML = await loading;
      if (rows.length < total) rows = [...rows, ...rest.content.querySelectorAll("tbody")];
    } catch {
      status.textContent = "The rest of the rows could not be read; the file has them all.";
      loading = null;
      throw new Error("no rows");
    }
  }

  async function update(change) {
    try {
      await whole();
    } catch {
      return;
    }
    change?.();
    draw();
  }

  function sortBy(head, column) {
    const down = head.getAttribute("aria-sort") === "ascending";
    for (const one of table.tHead.rows[0].cells) one.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", down ? "descending" : "ascending");
    update(() => { sorted = { column, down }; });
  }

  for (const [column, head] of [...table.tHead.rows[0].cells].entries()) {
    const button = made("button", { type: "button" }, head.textContent);
    button.addEventListener("click", () => sortBy(head, column));
    head.replaceChildren(button);
  }
  search.addEventListener("input", () => update(() => { limit = step; }));
  more.addEventListener("click", () => update(() => { limit += step; }));

  const tools = made("div", { className: "tools" });
  const label = made("label", {}, "Search the rows ");
  label.append(search);
  tools.append(label);
  if (table.querySelector("thead .more")) {
    const every = made("button", { type: "button" }, "All columns");
    every.setAttribute("aria-pressed", "false");
    every.addEventListener("click", () => {
      const on = table.classList.toggle("some");
      every.setAttribute("aria-pressed", String(!on));
    });
    table.classList.add("some");
    tools.append(every);
  }
  box.prepend(tools);
  box.querySelector(".cut")?.remove();
  box.append(status, more);
  draw();
}

document.querySelectorAll(".data-table").forEach(setUp);
