/** Faces as the detector sees them, and which of them are the same one. */

import { INSIDE_SHARE, SAME_FACE_IOU, SAME_PLACE } from "../constants.js";
import { complex, middle, minus, plus, size } from "./plane.js";

/**
 * @typedef {object} RawDetection
 * @property {number} left
 * @property {number} top
 * @property {number} right
 * @property {number} bottom
 * @property {number} confidence
 * @property {import("./plane.js").Complex[]} points  right eye, left eye, nose, right and left mouth corner
 */

/** The geometric mean of a box's sides. @param {RawDetection} face */
export const sizeOf = ({ left, top, right, bottom }) => Math.sqrt((right - left) * (bottom - top));

/**
 * By how many radians the lines through eyes and mouth corners are tilted, clockwise as seen.
 * @param {RawDetection["points"]} points
 */
export function tiltOf([rightEye, leftEye, , rightMouth, leftMouth]) {
  const across = plus(minus(leftEye, rightEye), minus(leftMouth, rightMouth));
  return Math.atan2(across.im, across.re);
}

/** The face with every length multiplied, and then shifted. @param {RawDetection} face @returns {RawDetection} */
export function moved(face, scaleX, scaleY, x = 0, y = 0) {
  return {
    left: face.left * scaleX + x,
    top: face.top * scaleY + y,
    right: face.right * scaleX + x,
    bottom: face.bottom * scaleY + y,
    confidence: face.confidence,
    points: face.points.map((point) => complex(point.re * scaleX + x, point.im * scaleY + y)),
  };
}

/**
 * One of each face, the surest first: what overlaps a surer face, or lies mostly inside it, is the same.
 * @param {RawDetection[]} found
 */
export function unique(found) {
  /** @type {RawDetection[]} */
  const kept = [];
  for (const face of surestFirst(found)) if (!kept.some((other) => same(face, other))) kept.push(face);
  return kept;
}

/** The faces, surest first, of which no two have their points in the same place. @param {RawDetection[]} found */
export function distinct(found) {
  /** @type {RawDetection[]} */
  const kept = [];
  for (const face of surestFirst(found)) {
    const apart = (other) => size(minus(middle(face.points), middle(other.points))) > SAME_PLACE * sizeOf(other);
    if (kept.every(apart)) kept.push(face);
  }
  return kept;
}

const surestFirst = (found) => [...found].sort((a, b) => b.confidence - a.confidence);

function same(one, other) {
  const width = Math.min(one.right, other.right) - Math.max(one.left, other.left);
  const height = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top);
  if (width <= 0 || height <= 0) return false;
  const shared = width * height;
  const [area, otherArea] = [sizeOf(one) ** 2, sizeOf(other) ** 2];
  return shared > SAME_FACE_IOU * (area + otherArea - shared) || shared > INSIDE_SHARE * Math.min(area, otherArea);
}
