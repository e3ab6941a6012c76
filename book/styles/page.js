// The page's own small script: what the theme and the browser leave undone.
"use strict";

// Actions of buttons stand in attributes, because the policy of the page runs no inline handler.
const actions = { print: () => window.print() };

function act(event) {
  const button = event.target.closest("[data-do]");
  if (button) actions[button.dataset.do]?.();
}

// A formula wider than the page scrolls; the keyboard must reach it then, and only then.
function reachWideFormulas() {
  const boxes = document.querySelectorAll("div.math, .equation, .formula");
  for (const box of boxes) {
    if (box.closest("figure.explorable")) continue; // there the keyboard reaches every one
    const wide = box.scrollWidth > box.clientWidth;
    const given = { tabindex: "0", role: "group", "aria-label": "Formula, scrolls sideways" };
    for (const [name, value] of Object.entries(given)) {
      if (wide) box.setAttribute(name, value);
      else box.removeAttribute(name);
    }
  }
}

// On paper folds are open, and links are footnotes.
function openFolds() {
  for (const fold of document.querySelectorAll("details:not([open])")) {
    fold.open = true;
    fold.dataset.closed = "";
  }
}

function closeFolds() {
  for (const fold of document.querySelectorAll("details[data-closed]")) {
    fold.open = false;
    delete fold.dataset.closed;
  }
}

function listLinks() {
  const list = document.createElement("ol");
  list.className = "print-links";
  for (const link of document.querySelectorAll('.bd-article a[href^="http"]')) {
    const mark = document.createElement("sup");
    mark.className = "print-mark";
    list.appendChild(document.createElement("li")).textContent = link.href;
    mark.textContent = `[${list.children.length}]`;
    link.after(mark);
  }
  if (list.children.length) document.querySelector(".bd-article").append(list);
}

function forgetLinks() {
  for (const item of document.querySelectorAll(".print-links, .print-mark")) item.remove();
}

addEventListener("click", act);
addEventListener("resize", reachWideFormulas);
addEventListener("load", reachWideFormulas);
addEventListener("toggle", reachWideFormulas, true); // a fold that opens shows formulas
addEventListener("beforeprint", () => { openFolds(); listLinks(); });
addEventListener("afterprint", () => { closeFolds(); forgetLinks(); });
