// What goes between the modules of the front end. Only the type check reads this file.

/** Values of quantities by name; what nothing is known of is undefined. */
export type Values = Record<string, number>;

/** What the controls say: numbers in base units, ids of rows. */
export type State = Record<string, number | string>;

/** What inferlib.show.table() gives: steps of [scale, before, after] by unit, units without steps. */
export interface Units {
  steps: Record<string, [number, string, string][]>;
  bare: string[];
}

/** What is known of a quantity, besides its label; see engine() in bundle.py. */
export interface Fact {
  unit: string;
  needs: string[];
  requires: string[];
  words: string[];
  otherwise: string;
  whole?: true;
}

/** What inferlib.points.table() gives. */
export interface Draws {
  paths: [prime: number, shift: number][];
  count: number;
  level: number;
}

/** What bundle.py writes. */
export interface Shared {
  formulas: Record<string, (values: Values) => number>;
  quantities: Record<string, Fact>;
  table: Units;
}

/** The same with the names of a figure's quantities for people. */
export interface Engine extends Shared {
  labels: Record<string, string>;
  draws: Draws;
}

export interface Slider {
  name: string;
  label: string;
  start: number;
  stops: number[];
  scale: number;
  whole: boolean;
  unit: string;
  on?: number;
  options?: undefined;
}

export interface Picker {
  name: string;
  label: string;
  start: string;
  kind: string;
  options: Record<string, string>;
  stops?: undefined;
}

export type Control = Slider | Picker;

/** What inputs have, by choices: rows by the ids of their kinds, joined by "|". */
export interface TableOf<Cell> {
  kinds: string[];
  inputs: string[];
  rows: Record<string, Cell[]>;
}

/** The range of an input that is in doubt, and why; see uncertain.py. */
export type Range = [low: number, high: number, reason: string];

/** The same with the input's name in front. */
export type Doubt = [name: string, low: number, high: number, reason: string];

/** Where inputs come from; source and notes by their places in `texts`. See origins() in tables.py. */
export interface Origins {
  rows: [table: string, row: string, source: number, asOf: string, notes: number][];
  texts: string[];
  tables: { kinds: string[]; inputs: string[]; rows: Record<string, number> }[];
}

/** An input that the author gave and no control moves. */
export interface Fixed {
  name: string;
  low: number;
  high: number;
  whole: boolean;
}

/** Words by the quantity that is largest, or a further choice. */
export interface Choice {
  [name: string]: string | Choice;
}

/** Published measurements that a figure can reach; the first columns are places in `words`. */
export interface Published {
  columns: string[];
  held: Values;
  words: string[];
  rows: Record<string, number[][]>;
}

/** One of them, unpacked. */
export interface Measurement {
  model: string;
  chip: string;
  weights: string;
  format: string;
  engine: string;
  family: string;
  source: string;
  date: string;
  chips: number;
  prompt_tokens: number;
  output_tokens: number;
  concurrency: number;
  value: number;
  told: number;
  label?: string;
}

type Span = [low: number, high: number];

/** Whether the rows are those of the state A. */
interface Held {
  pinned?: true;
}

export interface Grid extends Held {
  kind: "grid";
  over: string;
  at: number[];
  x: string;
  y: string;
  by: string;
  name: string;
  also: string;
}

export interface Point extends Held {
  kind: "point";
  x: string;
  y: (string | number)[];
  label: string;
  times: number;
  pin: number;
  within: Span | null;
}

export interface Faint extends Held {
  kind: "faint";
  of: string;
}

export interface Ends extends Held {
  kind: "ends";
  of: string[];
  first: boolean;
  last: boolean;
  within: Span | null;
  apart: number;
}

export interface Band extends Held {
  kind: "band";
  y: string;
  over: string;
  at: number[];
}

export interface Measured extends Held {
  kind: "measured";
  y: string;
  over: "chips" | "prompt_tokens" | "output_tokens" | "concurrency";
}

/** Points of a table, whatever the state. */
export interface Known extends Held {
  kind: "known";
  x: string;
  y: string;
  name: string;
  rows: Pick<Row, "x" | "y" | "label">[];
}

export interface Ratio extends Held {
  kind: "ratio";
  names: Record<string, string>;
  against: string;
}

type Named = [name: string, label: string];

/** Parts end to end, or the labels of their axis; a quantity and what to call it, or nothing. */
export interface Parts extends Held {
  kind: "parts" | "scale";
  names: Record<string, string>;
  limit: string;
  rest: Named | [];
  total: Named | [];
}

export interface Scatter extends Held {
  kind: "scatter";
  x: string;
  y: string;
  by: string;
}

export interface Frontier extends Held {
  kind: "frontier";
  of: string;
  better: ["up" | "down", "up" | "down"];
}

export interface Chosen extends Held {
  kind: "chosen";
  of: string;
}

export interface Labels extends Held {
  kind: "labels";
  of: string;
  front: string;
  across: Span;
  up: Span;
  room: [width: number, height: number];
}

/** How the rows of a data set follow from the state; see recipes.py. */
export type Recipe =
  | Grid
  | Point
  | Faint
  | Ends
  | Band
  | Measured
  | Known
  | Ratio
  | Parts
  | Scatter
  | Frontier
  | Chosen
  | Labels;

/** A row of a data set as whoever knows its recipe reads it: a recipe gives some of these fields. */
export interface Row {
  x: number;
  y: number;
  x2: number;
  low: number;
  high: number;
  one: number;
  series: string;
  label: string;
  chosen: boolean;
  feasible: boolean;
  piece: number;
  row: number;
  side: number;
}

/** Fields that a recipe gives. */
export type Cooked = Partial<Row>;

/** Rows by data set. */
export type Drawn = Record<string, Row[]>;

type Recipes = Record<string, Recipe>;

/** A chart of a kind; each kind has data sets of its own. */
export type Chart = { description: string } & (
  | { kind: "curve"; recipes: Recipes & { now: Point } }
  | { kind: "roofline"; recipes: Recipes }
  | { kind: "crossing"; recipes: Recipes & { flat: Grid; rising: Grid; now: Point & { within: Span } } }
  | { kind: "bars"; recipes: Recipes }
  | { kind: "scatter"; recipes: Recipes & { points: Scatter } }
  | { kind: "stack" | "area" | "waterfall"; recipes: Recipes & { parts: Parts } }
);

/** What Explorable.config() gives. */
export interface Config {
  id: string;
  data: string;
  base: Values;
  kinds: Record<string, string>;
  usual: Record<string, string>;
  aliases: Record<string, string>;
  tables: TableOf<number>[];
  origins: Origins;
  fixed: Fixed[];
  labels: Record<string, string>;
  draws: Draws;
  controls: Control[];
  answer: [text: string, name: string, of: string][];
  choices: Record<string, Choice>;
  want: string[];
  headline: string;
  ranges: TableOf<Range | null>[];
  tenths: string;
  readouts: string[];
  formulas: string[];
  compared: [name: string, label: string][];
  presets: Record<string, State>;
  guess: { name: string; why: string; scale: number } | null;
  charts: Chart[];
  measured?: Published;
  redefined: string[];
  plain: Record<string, string>;
  work: { authors: string; title: string; version: string };
}

/** A solved state: its values, and the names for people of what was chosen. */
export interface Situation {
  values: Values;
  names: Record<string, string>;
}

/** The solved state under "", and one for each alias. */
export type Situations = Record<string, Situation>;

/** A state with all that is solved in it. */
export interface Solved {
  state: State;
  situations: Situations;
}

/** The same while its rows are cooked. */
export interface Cooking extends Solved {
  inputs: Values;
}

/** How charts are shown, apart from the state: beside a state A, with bands; the preset chosen. */
export interface View {
  pinned: State | undefined;
  band: boolean;
  from: string;
}

/** What a link asks for, and what could not be done. */
export interface Restored {
  state: State;
  view: View;
  notes: string[];
}

/** A piece of a sentence, and the quantity that it shows, or "". */
export interface Piece {
  text: string;
  name: string;
}

/** Values of a few inputs, the rest still. */
export interface Course {
  values: Values;
  set(changes: Values): Values;
  along(some: string[]): (changes: Values) => Values;
  feasible(): boolean;
}

/** How far an input moves an answer; `reached` are the answers at its ends and now, where feasible. */
export interface Bar {
  name: string;
  low: number;
  high: number;
  atLow: number | undefined;
  atHigh: number | undefined;
  swing: number;
  reached: number[];
  why: string;
  from: string;
}

export interface Tornado {
  now: number | undefined;
  bars: Bar[];
}

/** What explains quantities; see facts.py. */
export interface Facts {
  quantities: Record<string, { symbol: string; source: string; formula?: string }>;
  sources: Record<string, [text: string, link: string, year: string]>;
  errors: Record<string, Record<string, string>>;
  taught: Record<string, { page: string; figure: string; title: string }>;
  /** The way to the top of the site; a notebook has none. */
  home?: string;
}

/** A scale of Vega's: of numbers, or of names, which have a width. */
export interface Scale {
  (value: number | string): number | undefined;
  range(): number[];
  bandwidth?(): number;
}

/** What is used of a view of Vega's. */
export interface VegaView {
  data(name: string, rows: Row[]): VegaView;
  runAsync(): Promise<VegaView>;
  width(): number;
  width(value: number): VegaView;
  origin(): [x: number, y: number];
  padding(): { left: number; top: number };
  scale(name: string): Scale;
}

/** A specification for Vega; `data` names what it draws. */
export interface Specification {
  data: { name: string }[];
}

export type VegaEmbed = (place: Element, spec: object, options: object) => Promise<{ view: VegaView }>;

/** What the page or the notebook does for a figure. */
export interface Host {
  embed(place: Element, spec: object): Promise<VegaView>;
  changed?(state: State): void;
  facts(): Promise<Facts>;
  link?(): string;
}

/** An element of our own markup, which is there; its tag, or a selector. */
export interface Within {
  <Tag extends keyof HTMLElementTagNameMap>(place: Element, tag: Tag): HTMLElementTagNameMap[Tag];
  (place: Element, selector: string): HTMLElement;
}

/** The same within a figure, and what only some figures have. */
export interface Find {
  (selector: "[data-card]"): HTMLDialogElement;
  (selector: "[data-guess]"): HTMLFormElement | null;
  (selector: "details.formula" | "details.matters" | "details.seek"): HTMLDetailsElement | null;
  (selector: "details.drawn" | "details.take"): HTMLDetailsElement;
  (selector: ".sure input"): HTMLInputElement | null;
  (selector: "[data-sure]"): HTMLElement | null;
  (selector: string): HTMLElement;
}

/** A figure that has been brought to life; see mount in figure.js. */
export interface Figure {
  element: HTMLElement;
  config: Config;
  engine: Engine;
  /** The elements that hold the charts. */
  charts: HTMLElement[];
  /** Vega's, once they are live. */
  views: VegaView[];
  find: Find;
  /** A value for people. */
  text(values: Values, name: string): string;
  situations(of?: State): Situations;
  /** The rows of each chart, by data set. */
  rows(solved?: Situations): Drawn[];
  redraw(): Promise<void>;
  enliven(): Promise<void>;
  /** Take over a state as the reader's doing. */
  change(next: State): Promise<void>;
  facts(): Promise<Facts>;
  /** The address of the present state; none in a notebook. */
  link?(): string;
  readonly state: State;
  start: State;
  readonly moved: boolean;
  readonly view: View;
  /** Show otherwise. */
  see(next: Partial<View>): Promise<void>;
  /** The solved situation of another state. */
  situation(of: State, alias?: string): Situation;
  /** Take over a state; says what could not be done. */
  set(next: State, notes?: string[]): Promise<void>;
  /** Take over what a link says. */
  restore(part: string): Promise<void>;
  inputs(of?: State): Values;
  values(): Values;
  /** A course (see model.js) of some quantities through the present state. */
  course(want: string[], moving: string[]): Course;
  /** The rows that are drawn, as cells of text for people. */
  table(solved?: Situations): string[][];
}

/** What a part of a figure does after each change. */
export type Follower = (solved: Situations) => void;

/** What can be done with a figure besides moving it. */
export type Part = (me: Figure) => Follower | undefined;

/** What an anywidget is given. */
export interface Model {
  get(name: "_html" | "_engine" | "_facts"): string;
  get(name: "value"): State;
  set(name: "value", value: State): void;
  save_changes(): void;
  on(event: "change:value", heard: () => void): void;
}

declare global {
  interface Window {
    vegaEmbed: VegaEmbed;
    /** For tests and for whoever is curious; facts.js leaves its facts here. */
    inferlib: {
      facts?: Facts;
      solve(inputs: Values): Values;
      figures: Map<string, { config: Config; figure: Figure }>;
      start(id: string): State;
    };
  }
  /** Vega, inside the notebook's module; see widget_module() in bundle.py. */
  function loadVega(): VegaEmbed;
}
