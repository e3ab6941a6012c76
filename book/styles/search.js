// In a folder the search page can fetch no page that it found: it shows how each begins.
"use strict";

// What Sphinx would say of a search, in the words of this book.
Object.assign(Documentation.TRANSLATIONS, {
  "Search finished, found ${resultCount} page(s) matching the search query.":
    "Pages found: ${resultCount}.",
  "Your search did not match any documents. Please make sure that all words are spelled correctly and that you've selected enough categories.":
    "No page has all of these words. Try fewer, or another spelling.",
});

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
