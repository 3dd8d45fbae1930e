/** How a reading is put into words. */

import { MIXED_BELOW, SLIGHT } from "../constants.js";
import { isUnclear } from "./face-drawing.js";
import { say } from "./text.js";

/**
 * @typedef {{left: number, top: number, right: number, bottom: number}} Box
 * @typedef {{box: Box, landmarks: [number, number][], detection_confidence: number, expression: string,
 *   scores: Record<string, number>, uncertain: boolean, reasons: string[],
 *   shape: Record<string, number> | null,
 *   emoji: {char: string, name: string, shortcode: string, alt: string, intensity: number}}} Face
 * @typedef {{source: string, width: number, height: number, faces: Face[], error: any}} Recognition
 * @typedef {{scores: Record<string, number>, expression?: string, uncertain?: boolean, reasons?: string[],
 *   unclear?: boolean}} Reading
 */

/**
 * @param {number} score 0 to 1
 * @returns {string} as whole per cent
 */
export const percent = (score) => say("percent", { n: Math.round(100 * score) });

/**
 * @param {Record<string, number>} scores
 * @returns {[string, number][]} the highest first
 */
export const ranked = (scores) => Object.entries(scores).sort((a, b) => b[1] - a[1]);

/**
 * Return the expression that a reading shows: the one it names, else the one with the highest score.
 * @param {Reading} reading
 * @returns {string}
 */
export const expressionOf = ({ scores, expression }) => expression ?? ranked(scores)[0][0];

/**
 * Return a reading in words: "looks happy", "looks happy and a little surprised", where it is not sure "perhaps
 * surprised, perhaps afraid", and where too little of the face is seen "hard to say, perhaps sad".
 * @param {Reading} reading
 * @returns {string}
 */
export function phrase(reading) {
  if (isUnclear(reading) || reading.uncertain) return expressionInWords(reading);
  const first = expressionOf(reading);
  const [second, share] = ranked(reading.scores).find(([name]) => name !== first) ?? ["", 0];
  const more = share >= SLIGHT && first !== "neutral" && second !== "neutral";
  return say(`looks.${first}`) + (more ? ` ${say("and_little", { emotion: say(`emotion.${second}`) })}` : "");
}

/** @param {string} name */
const perhaps = (name) => say("perhaps", { emotion: say(`emotion.${name}`) });

/**
 * Return a reading with its score: "looks happy 82 %", or "perhaps surprised 41 %".
 * @param {Reading} reading
 * @returns {string}
 */
export function phraseWithScore(reading) {
  const first = expressionOf(reading);
  if (isUnclear(reading)) return phrase(reading);
  return `${reading.uncertain ? perhaps(first) : say(`looks.${first}`)} ${percent(reading.scores[first])}`;
}

/**
 * Return why a reading is not sure, or nothing where there is no reason.
 * @param {Reading} reading
 * @returns {string}
 */
export const whyUnsure = ({ reasons = [] }) => reasons.map((code) => say(`reason.${code}`)).join("; ");

/**
 * Return what a reading looks like as `Face.looks` of Python says it: "looks happy", "perhaps sad, perhaps neutral".
 * @param {Reading} reading
 * @returns {string}
 */
export function expressionInWords(reading) {
  const first = expressionOf(reading);
  const [second, share] = ranked(reading.scores).find(([name]) => name !== first) ?? ["", 0];
  if (isUnclear(reading)) return say("hard_to_say", { perhaps: perhaps(first) });
  if (!reading.uncertain) return say(`looks.${first}`);
  return [first, ...(share >= reading.scores[first] / 2 ? [second] : [])].map(perhaps).join(", ");
}

/**
 * Return the mean of several readings' scores.
 * @param {Reading[]} readings
 * @returns {Record<string, number>}
 */
export function meanScores(readings) {
  const mean = (/** @type {string} */ name) => readings.reduce((sum, { scores }) => sum + scores[name], 0);
  return Object.fromEntries(Object.keys(readings[0].scores).map((name) => [name, mean(name) / readings.length]));
}

/**
 * Return what several faces look like on the whole: "on the whole happy", or "a mixed mood".
 * @param {Reading[]} readings
 * @returns {string}
 */
export function mood(readings) {
  const [[first, share]] = ranked(meanScores(readings));
  return share < MIXED_BELOW ? say("mood_mixed") : say("mood", { emotion: say(`emotion.${first}`) });
}

/**
 * Return what a drawing shows, as it says of itself.
 * @param {string} svg
 * @returns {string}
 */
export const altOf = (svg) => /<desc>(.*?)<\/desc>/s.exec(svg)?.[1] ?? "";
