/** A face's emoji: drawn for its scores and its own shape, and in doubt where too little of it is seen. */

import { UNCLEAR } from "../constants.js";
import { draw } from "../emoji/index.js";

/** @typedef {Readonly<Record<string, number>>} Shape */

/**
 * @typedef {{scores: Record<string, number>, reasons?: string[], unclear?: boolean, shape?: Shape | null}} Drawable
 */

/**
 * Return whether the picture shows too little of the face to tell: it is small, blurred, turned or cut off.
 * @param {{reasons?: string[], unclear?: boolean}} reading
 */
export const isUnclear = ({ reasons = [], unclear }) => unclear ?? reasons.some((code) => UNCLEAR.includes(code));

/**
 * Return what a face adds to the options of a drawing.
 * @param {Drawable} face
 */
export const faceOptions = (face) => ({ uncertain: isUnclear(face), shape: face.shape ?? null });

/**
 * Return a face's emoji as SVG text.
 * @param {Drawable} face
 * @param {import("../emoji/drawing.js").Options} [options]
 */
export const drawFace = (face, options = {}) => draw(face.scores, { ...faceOptions(face), ...options });

/**
 * Return the shape of the same face in a mirror: right and left are swapped, and it is turned to the other side.
 * @template {Shape | null | undefined} S
 * @param {S} shape
 * @returns {S}
 */
export function inMirror(shape) {
  if (!shape) return shape;
  const swapped = Object.entries(shape).map(([name, value]) => {
    const side = name.replace(/right|left/, (word) => (word === "right" ? "left" : "right"));
    return [side, name === "yaw" ? -value : value];
  });
  return Object.fromEntries(swapped);
}
