// The page: every figure mounted, charts drawn when near, states kept in the link.
import { drawWith } from "./charts.js";
import { mount } from "./figure.js";
import { allIn, within } from "./dom.js";
import { order, solve } from "./model.js";
import { segment, segments } from "./state.js";
import { engine } from "./engine.js";
/** @import { Config, Facts, Figure, Host, Values } from "./types" */

/** @type {Map<string, Promise<Event>>} */
const loads = new Map();

// A script that waits until it is asked for; also from a folder, where `fetch` may not be used.
/**
 * @param {string} url
 * @returns {Promise<unknown>}
 */
function load(url) {
  const loaded = loads.get(url) ?? new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = url;
    script.onload = resolve;
    script.onerror = () => reject(new Error(`${url} did not load`));
    document.head.append(script);
  });
  loads.set(url, loaded);
  return loaded;
}

// What explains the quantities, and the way from the page to the top of the site.
/**
 * @param {string} url
 * @returns {Promise<Facts>}
 */
const loadFacts = (url) =>
  load(url).then(() => ({ .../** @type {Facts} */ (window.inferlib.facts), home: url.replace(/_static\/.*/, "") }));

/** @param {DOMStringMap} urls of the scripts that wait */
function boot({ vega = "", facts = "" }) {
  /** @type {Map<string, { config: Config, figure: Figure }>} */
  const figures = new Map();
  /** @type {Host["embed"]} */
  const embed = async (place, spec) => {
    await load(vega);
    return drawWith(window.vegaEmbed, place, spec);
  };

  const moved = new Set(segments(location.hash).keys());
  /** @param {string} id */
  function keep(id) {
    moved.add(id);
    const parts = [...moved].flatMap((one) => {
      const known = figures.get(one);
      return known ? [segment(known.config, known.figure.state, known.figure.view)] : [];
    });
    history.replaceState(null, "", `#x=${parts.join("~")}`);
  }

  /** @param {boolean} scroll */
  function follow(scroll) {
    for (const [id, part] of segments(location.hash)) {
      const known = figures.get(id);
      if (!known) {
        for (const { figure } of [...figures.values()].slice(0, 1)) figure.set({}, ["the link names a figure that is not on this page"]);
        continue;
      }
      moved.add(id);
      known.figure.restore(part);
      if (scroll) reveal(known.figure.element);
    }
  }

  for (const element of allIn(document.body, "figure.explorable")) {
    const config = JSON.parse(within(document.body, `script[data-config="${element.id}"]`).textContent);
    const changed = later(() => keep(config.id), 250);
    const link = () => linkTo(config, figure);
    /** @type {Figure} */
    const figure = mount(element, config, engine, { embed, changed, link, facts: () => loadFacts(facts) });
    figures.set(config.id, { config, figure });
    const button = within(element, "[data-do='copy']");
    button.addEventListener("click", () => copy(button, config, figure));
    new IntersectionObserver((seen, observer) => {
      if (!seen.some((one) => one.isIntersecting)) return;
      observer.disconnect();
      figure.enliven().catch((error) => {
        within(element, "[data-note]").textContent = `The chart stays as it was built: ${error.message}.`;
      });
    }, { rootMargin: "400px" }).observe(element);
  }
  follow(true);
  window.addEventListener("hashchange", () => follow(true));
  window.addEventListener("popstate", () => follow(false));
  for (const link of /** @type {NodeListOf<HTMLAnchorElement>} */ (document.querySelectorAll("a.set-state"))) {
    link.addEventListener("click", (event) => {
      const id = link.hash.slice(3).split(";")[0];
      const known = link.pathname === location.pathname && figures.get(id);
      if (!known || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      history.pushState(null, "", link.hash);
      follow(false);
      keep(id);
      reveal(known.figure.element);
    });
  }
  window.inferlib = {
    solve: (inputs) => {
      const known = new Set(Object.keys(inputs));
      const able = reachable(known);
      return solve(engine, able, inputs);
    },
    figures,
    start: (id) => figures.get(id)?.figure.start ?? {},
  };
}

// All quantities that some inputs suffice for.
/** @param {Set<string>} known */
function reachable(known) {
  const able = new Set(known);
  for (const [name, { needs }] of Object.entries(engine.quantities)) {
    if (engine.formulas[name] && needs.every((need) => able.has(need))) able.add(name);
  }
  return Object.keys(engine.quantities).filter((name) => able.has(name));
}

// The sentence and the chart of a figure into view, if they are not.
/** @param {Element} element */
function reveal(element) {
  const { top, bottom } = element.getBoundingClientRect();
  const chart = within(element, ".chart").getBoundingClientRect();
  if (top >= 0 && Math.min(bottom, chart.bottom) <= window.innerHeight) return;
  element.scrollIntoView({ block: "start", behavior: calm() ? "auto" : "smooth" });
}

const calm = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches;

/**
 * @param {() => void} work
 * @param {number} wait
 */
function later(work, wait) {
  let timer = 0;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(work, wait);
  };
}

/**
 * @param {Config} config
 * @param {Figure} figure
 */
const linkTo = (config, figure) => `${location.href.split("#")[0]}#x=${segment(config, figure.state, figure.view)}`;

/**
 * @param {Element} button
 * @param {Config} config
 * @param {Figure} figure
 */
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
  const urls = /** @type {HTMLScriptElement} */ (document.currentScript).dataset;
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", () => boot(urls));
  else boot(urls);
}
