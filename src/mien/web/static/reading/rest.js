/** A person's own resting face as the one from which others are seen. The port of part of mien's video/neutral.py. */

import { LEAST_AT_REST, MOST_ANATOMY, SHAPE, SHAPE_BOUNDS, USUAL_REST } from "../constants.js";

/** @typedef {import("../emoji/likeness.js").FaceShape} FaceShape */

/**
 * The median of each number of the shapes of a face at rest, which no blink changes; null where they are too few.
 * @param {FaceShape[]} shapes
 * @returns {FaceShape | null}
 */
export function restOf(shapes) {
  if (shapes.length < LEAST_AT_REST) return null;
  return Object.fromEntries(SHAPE.map((name) => [name, median(shapes.map((shape) => shape[name]))]));
}

/**
 * A shape as it is seen from a person's own rest: that becomes the usual rest, and the bounds stay where they are.
 * @param {FaceShape} shape
 * @param {FaceShape} rest
 * @returns {FaceShape}
 */
export function relative(shape, rest) {
  return Object.fromEntries(SHAPE.map((name) => [name, relativeNumber(name, shape[name], rest[name])]));
}

/** @param {string} name @param {number} value @param {number} ownRest */
function relativeNumber(name, value, ownRest) {
  const [[low, high], usual] = [SHAPE_BOUNDS[name], USUAL_REST[name]];
  const [least, most] = [usual + MOST_ANATOMY * (low - usual), usual + MOST_ANATOMY * (high - usual)];
  const rest = Math.min(Math.max(ownRest, least), most);
  if (value > rest) return high - ((high - usual) * (high - value)) / (high - rest);
  return rest > low ? low + ((usual - low) * (value - low)) / (rest - low) : usual;
}

/** @param {number[]} values */
function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const half = Math.floor(sorted.length / 2);
  return sorted.length % 2 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}
