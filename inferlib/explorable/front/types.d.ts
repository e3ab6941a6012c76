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

export interface Fact {
  label: string;
  unit: string;
  needs: string[];
  requires: string[];
  words: string[];
  otherwise: string;
}

export interface Engine {
  formulas: Record<string, (values: Values) => number>;
  quantities: Record<string, Fact>;
  table: Units;
}

export interface Slider {
  name: string;
  start: number;
  stops: number[];
  scale: number;
  unit: string;
  options?: undefined;
}

export interface Picker {
  name: string;
  start: string;
  kind: string;
  options: Record<string, string>;
  stops?: undefined;
}

export type Control = Slider | Picker;

/** Inputs that follow from choices: rows by the ids of their kinds, joined by "|". */
export interface Table {
  kinds: string[];
  inputs: string[];
  rows: Record<string, number[]>;
}

/** Words by the quantity that is largest, or a further choice. */
export interface Choice {
  [name: string]: string | Choice;
}

/** How the rows of a data set follow from the state; see recipes.py. */
export interface Recipe {
  kind: string;
  [setting: string]: any;
}

export interface Chart {
  recipes: Record<string, Recipe>;
  description: string;
}

/** What Explorable.config() gives. */
export interface Config {
  id: string;
  data: string;
  base: Values;
  kinds: Record<string, string>;
  usual: Record<string, string>;
  aliases: Record<string, string>;
  tables: Table[];
  controls: Control[];
  answer: [text: string, name: string, of: string][];
  choices: Record<string, Choice>;
  want: string[];
  readouts: string[];
  charts: Chart[];
}

/** A solved state: its values, and the names for people of what was chosen. */
export interface Situation {
  values: Values;
  names: Record<string, string>;
}

/** The solved state under "", and one for each alias. */
export type Situations = Record<string, Situation>;

/** How charts are shown, apart from the state: beside a state A, or with bands. */
export interface View {
  pinned?: State;
  band: boolean;
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

/** A row of a data set. */
export type Row = Record<string, number | string | boolean>;

/** What is used of a view of Vega's. */
export interface VegaView {
  data(name: string, rows: Row[]): VegaView;
  runAsync(): Promise<VegaView>;
  width(): number;
  width(value: number): VegaView;
}

export type VegaEmbed = (place: Element, spec: object, options: object) => Promise<{ view: VegaView }>;
