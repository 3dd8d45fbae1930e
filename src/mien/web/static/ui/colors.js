/** One color for each emotion, wherever the page shows it: bars, frames, sliders, cards. */

import { EMOTION_COLORS, EMOTIONS, UNSURE_COLOR } from "../constants.js";
import { expressionOf } from "./words.js";

/** @type {Readonly<Record<string, string>>} */
export const COLORS = EMOTION_COLORS;

/**
 * Return the color of what a reading shows; gray where that is not sure.
 * @param {import("./words.js").Reading} reading
 */
export const colorOf = (reading) => (reading.uncertain ? UNSURE_COLOR : COLORS[expressionOf(reading)]);

/** Give the colors to the styles: `--angry`, `--happy` and so on. */
export function startColors() {
  for (const name of EMOTIONS) document.documentElement.style.setProperty(`--${name}`, COLORS[name]);
}
