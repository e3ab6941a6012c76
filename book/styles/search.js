// In a folder the search page can fetch no page that it found: it shows how each begins.
"use strict";

function say(hit) {
  const [name, anchor] = hit.querySelector("a").getAttribute("href").split(".html");
  if (anchor || !window.summaries[name]) return;
  const summary = hit.appendChild(document.createElement("p"));
  summary.className = "context";
  summary.textContent = window.summaries[name];
}

if (location.protocol === "file:") {
  const list = document.getElementById("search-results");
  const listen = new MutationObserver((seen) => {
    for (const { addedNodes } of seen) {
      for (const node of addedNodes) if (node.nodeName === "LI") say(node);
    }
  });
  listen.observe(list, { childList: true, subtree: true });
}
