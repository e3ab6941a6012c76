// engine.js is written by bundle.py from the formulas.
import type { Shared } from "./types";

export const engine: Shared;
