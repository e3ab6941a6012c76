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

// What a term or a reference means, beside the link to it: under the pointer, at the focus, or at
// the first tap. Escape closes it; the pointer may move onto it.
const tip = document.createElement("div");
tip.className = "tip";
tip.id = "tip";
tip.setAttribute("role", "tooltip");
tip.hidden = true;
let told = null; // the link whose meaning is shown
let leaving = 0;

function tell(link) {
  clearTimeout(leaving);
  if (told === link) return;
  hush();
  told = link;
  tip.textContent = link.dataset.tip;
  tip.hidden = false;
  if (!tip.isConnected) document.querySelector("main").append(tip);
  link.setAttribute("aria-describedby", "tip");
  const box = link.getClientRects()[0];
  const { offsetWidth: width, offsetHeight: height } = tip;
  const room = document.documentElement.clientWidth - width - 8;
  const above = box.bottom + height + 8 > innerHeight && box.top > height + 8;
  const from = (tip.offsetParent ?? document.documentElement).getBoundingClientRect();
  tip.style.left = `${Math.max(8, Math.min(box.left, room)) - from.left}px`;
  tip.style.top = `${(above ? box.top - height : box.bottom) - from.top}px`;
}

function hush() {
  clearTimeout(leaving);
  told?.removeAttribute("aria-describedby");
  told = null;
  tip.hidden = true;
}

const tipped = (event) => event.target.closest?.("[data-tip]");

function point(event) {
  if (event.pointerType === "touch") return;
  const link = tipped(event);
  if (link) tell(link);
  else if (event.target.closest?.(".tip")) clearTimeout(leaving);
  else if (told && told !== document.activeElement) {
    clearTimeout(leaving);
    leaving = setTimeout(hush, 250);
  }
}

let tapped = null; // the link that a finger is on, if its meaning was not shown before

function tap(event) {
  const link = event.pointerType === "touch" ? tipped(event) : null;
  tapped = link !== told ? link : null;
  if (!link && !event.target.closest?.(".tip")) hush();
}

function tapOnce(event) {
  const link = tipped(event);
  if (!link || link !== tapped) return;
  event.preventDefault(); // a second tap follows the link
  tapped = null;
  tell(link);
}

addEventListener("pointerover", point);
addEventListener("pointerdown", tap);
addEventListener("click", tapOnce);
addEventListener("focusin", (event) => (tipped(event) && !tapped ? tell(tipped(event)) : null));
addEventListener("focusout", (event) => (tipped(event) ? hush() : null));
addEventListener("keydown", (event) => (event.key === "Escape" ? hush() : null));

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
