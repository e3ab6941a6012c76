// What a chart shows, in words that follow the reader; `describe.py` says the same when the page is built.

/** The description of a chart with its rows. */
export function describe(engine, chart, rows) {
  return chart.description;
}
