/** The scores that a drawing starts from: any mapping of names, made complete over the eight emotions. */

import { FACE } from "./data.js";
import { canonical, EMOTIONS } from "./labels.js";

/** @typedef {Readonly<Record<string, number>>} Scores */

const NEUTRAL = EMOTIONS.indexOf("neutral");

/**
 * The eight scores in label order; what is missing to 1 is neutral, what rounding put over 1 is scaled.
 * @param {Scores} scores
 * @returns {number[]}
 */
export function complete(scores) {
  const values = new Array(EMOTIONS.length).fill(0);
  for (const [name, score] of Object.entries(scores)) {
    const place = EMOTIONS.indexOf(canonical(name));
    if (place < 0 || !(score >= 0)) {
      throw new RangeError(`scores are numbers from 0 to 1 for ${EMOTIONS.join(", ")}; this came: ${name}=${score}`);
    }
    values[place] += Number(score);
  }
  const total = values.reduce((sum, value) => sum + value, 0);
  if (total > 1.001) {
    throw new RangeError(`the scores of ${EMOTIONS.join(", ")} sum to at most 1; these sum to ${total}`);
  }
  if (total > 1) return values.map((value) => value / total);
  values[NEUTRAL] += 1 - total;
  return values;
}

/**
 * The eight scores that a face is drawn from: complete, with the strongest emotion in the lead; others join it late.
 * @param {Scores} scores
 * @returns {number[]}
 */
export function drawn(scores) {
  const [values, zone] = [complete(scores), FACE.blend.dead_zone];
  const strongest = Math.max(...values);
  const kept = values.map((value) => Math.max(0, value - zone * Math.min(1, 2 * (strongest - value))));
  kept[NEUTRAL] = 0;
  kept[NEUTRAL] = Math.max(0, 1 - kept.reduce((sum, value) => sum + value, 0));
  return kept;
}
