// The page: every figure mounted, charts drawn when near, states kept in the link.
import { drawWith } from "./charts.js";
import { mount } from "./figure.js";
import { order, solve } from "./model.js";
import { segment, segments, startOf } from "./state.js";
import { engine } from "./engine.js";

const loads = new Map();

// A script that waits until it is asked for; also from a folder, where `fetch` may not be used.
function load(url) {
  if (!loads.has(url)) {
    const loaded = new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = url;
      script.onload = resolve;
      script.onerror = () => reject(new Error(`${url} did not load`));
      document.head.append(script);
    });
    loads.set(url, loaded);
  }
  return loads.get(url);
}

// What explains the quantities, and the way from the page to the top of the site.
const loadFacts = (url) => load(url).then(() => ({ ...window.inferlib.facts, home: url.replace(/_static\/.*/, "") }));

function boot({ vega, facts }) {
  const figures = new Map();
  const embed = async (place, spec) => {
    await load(vega);
    return drawWith(window.vegaEmbed, place, spec);
  };

  const moved = new Set(segments(location.hash).keys());
  function keep(id) {
    moved.add(id);
    const parts = [...moved].filter((one) => figures.has(one)).map((one) => {
      const { config, figure } = figures.get(one);
      return segment(config, figure.state, figure.view);
    });
    history.replaceState(null, "", `#x=${parts.join("~")}`);
  }

  function follow(scroll) {
    for (const [id, part] of segments(location.hash)) {
      if (!figures.has(id)) {
        for (const { figure } of [...figures.values()].slice(0, 1)) figure.set({}, ["the link names a figure that is not on this page"]);
        continue;
      }
      moved.add(id);
      figures.get(id).figure.restore(part);
      if (scroll) reveal(document.getElementById(id));
    }
  }

  for (const element of document.querySelectorAll("figure.explorable")) {
    const config = JSON.parse(document.querySelector(`script[data-config="${element.id}"]`).textContent);
    const changed = later(() => keep(config.id), 250);
    const link = () => linkTo(config, figures.get(config.id).figure);
    const figure = mount(element, config, engine, { embed, changed, link, facts: () => loadFacts(facts) });
    figures.set(config.id, { config, figure });
    element.querySelector("[data-do='copy']").addEventListener("click", (event) => copy(event.target, config, figure));
    new IntersectionObserver((seen, observer) => {
      if (!seen.some((one) => one.isIntersecting)) return;
      observer.disconnect();
      figure.enliven().catch((error) => {
        element.querySelector("[data-note]").textContent = `The chart stays as it was built: ${error.message}.`;
      });
    }, { rootMargin: "400px" }).observe(element);
  }
  follow(true);
  window.addEventListener("hashchange", () => follow(true));
  window.addEventListener("popstate", () => follow(false));
  for (const link of document.querySelectorAll("a.set-state")) {
    link.addEventListener("click", (event) => {
      const id = link.hash.slice(3).split(";")[0];
      const elsewhere = link.pathname !== location.pathname || !figures.has(id);
      if (elsewhere || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      history.pushState(null, "", link.hash);
      follow(false);
      keep(id);
      reveal(document.getElementById(id));
    });
  }
  window.inferlib = {
    solve: (inputs) => {
      const known = new Set(Object.keys(inputs));
      const able = reachable(known);
      return solve(engine, able, inputs);
    },
    figures,
    start: (id) => startOf(figures.get(id).config),
  };
}

// All quantities that some inputs suffice for.
function reachable(known) {
  const able = new Set(known);
  for (const [name, { needs }] of Object.entries(engine.quantities)) {
    if (engine.formulas[name] && needs.every((need) => able.has(need))) able.add(name);
  }
  return Object.keys(engine.quantities).filter((name) => able.has(name));
}

// The sentence and the chart of a figure into view, if they are not.
function reveal(element) {
  const { top, bottom } = element.getBoundingClientRect();
  const chart = element.querySelector(".chart").getBoundingClientRect();
  if (top >= 0 && Math.min(bottom, chart.bottom) <= window.innerHeight) return;
  element.scrollIntoView({ block: "start", behavior: calm() ? "auto" : "smooth" });
}

const calm = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches;

function later(work, wait) {
  let timer;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(work, wait);
  };
}

const linkTo = (config, figure) => `${location.href.split("#")[0]}#x=${segment(config, figure.state, figure.view)}`;

async function copy(button, config, figure) {
  const link = linkTo(config, figure);
  try {
    await navigator.clipboard.writeText(link);
    button.textContent = "Copied";
  } catch {
    history.replaceState(null, "", link);
    button.textContent = "The link is in the address bar";
  }
  setTimeout(() => (button.textContent = "Copy link"), 2000);
}

if (document.currentScript) {
  const urls = document.currentScript.dataset;
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", () => boot(urls));
  else boot(urls);
}
