/** How a reading is put into words. */

import { SLIGHT } from "../constants.js";
import { say } from "./text.js";

/**
 * @typedef {{left: number, top: number, right: number, bottom: number}} Box
 * @typedef {{box: Box, landmarks: [number, number][], detection_confidence: number, expression: string,
 *   scores: Record<string, number>, uncertain: boolean, reasons: string[],
 *   emoji: {char: string, name: string, shortcode: string, alt: string, intensity: number}}} Face
 * @typedef {{source: string, width: number, height: number, faces: Face[], error: any}} Recognition
 * @typedef {{scores: Record<string, number>, expression?: string, uncertain?: boolean, reasons?: string[]}} Reading
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
 * Return a reading in words: "looks happy", "looks happy and a little surprised", or "hard to say".
 * @param {Reading} reading
 * @returns {string}
 */
export function phrase(reading) {
  if (reading.uncertain) return say("unsure");
  const first = expressionOf(reading);
  const [second, share] = ranked(reading.scores).find(([name]) => name !== first) ?? ["", 0];
  const more = share >= SLIGHT && first !== "neutral" && second !== "neutral";
  return say(`looks.${first}`) + (more ? ` ${say("and_little", { emotion: say(`emotion.${second}`) })}` : "");
}

/**
 * Return a reading with its score: "looks happy 82 %", or "hard to say".
 * @param {Reading} reading
 * @returns {string}
 */
export function phraseWithScore(reading) {
  const first = expressionOf(reading);
  return reading.uncertain ? say("unsure") : `${say(`looks.${first}`)} ${percent(reading.scores[first])}`;
}

/**
 * Return what stands below the words: the best guess and why it is one, or nothing where the reading is sure.
 * @param {Reading} reading
 * @returns {string}
 */
export function whyUnsure(reading) {
  const why = (reading.reasons ?? []).map((code) => say(`reason.${code}`)).join("; ");
  if (!reading.uncertain) return why;
  const guess = say("perhaps", { emotion: say(`emotion.${expressionOf(reading)}`) });
  return why ? `${guess}: ${why}` : guess;
}

/**
 * Return what a drawing shows, as it says of itself.
 * @param {string} svg
 * @returns {string}
 */
export const altOf = (svg) => /<desc>(.*?)<\/desc>/s.exec(svg)?.[1] ?? "";
