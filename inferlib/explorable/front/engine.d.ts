// engine.js is written by bundle.py from the formulas.
import type { Engine } from "./types";

export const engine: Engine;
