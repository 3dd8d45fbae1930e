/** Where faces are, and where an emoji goes that hides one. */

/** The disc's radius over half the box's diagonal: every corner of the box lies under it. */
const COVER = 1.06;
/** The disc's radius over the distance to the farthest landmark, where that asks for more. */
const REACH = 1.5;
/** Pixels added, so that a pixel which the box only touches is hidden too. */
const EDGE = 2;
/** Below this share of the box's width between the eyes a face is in profile and its tilt unknown. */
const LEAST_EYES = 0.12;
/** The head's radius in a drawing, over half the drawing's side. */
const HEAD = 0.9;

/** @typedef {import("./words.js").Box} Box @typedef {import("./words.js").Face} Face */

/**
 * Return the share of two boxes that both cover: their intersection over their union.
 * @param {Box} a
 * @param {Box} b
 * @returns {number}
 */
export function overlap(a, b) {
  const width = Math.min(a.right, b.right) - Math.max(a.left, b.left);
  const height = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
  const both = Math.max(0, width) * Math.max(0, height);
  const area = (/** @type {Box} */ box) => (box.right - box.left) * (box.bottom - box.top);
  return both / Math.max(1e-9, area(a) + area(b) - both);
}

/**
 * Return the emoji's place that hides a face from forehead to chin and ear to ear.
 * @param {{box: Box, landmarks: [number, number][]}} face
 * @returns {{x: number, y: number, radius: number, size: number}} pixels; `size` is the drawing's side
 */
export function disc({ box, landmarks }) {
  const x = (box.left + box.right) / 2;
  const y = (box.top + box.bottom) / 2;
  const farthest = Math.max(0, ...landmarks.map(([px, py]) => Math.hypot(px - x, py - y)));
  const half = Math.hypot(box.right - box.left, box.bottom - box.top) / 2;
  const radius = Math.max(COVER * half, REACH * farthest) + EDGE;
  return { x, y, radius, size: (2 * radius) / HEAD };
}

/**
 * Return how far the line through the eyes is turned, clockwise in the picture.
 * @param {{box: Box, landmarks: [number, number][]}} face
 * @returns {number} degrees from -90 to 90
 */
export function tiltOf({ box, landmarks }) {
  if (landmarks.length < 2) return 0;
  const across = landmarks[1][0] - landmarks[0][0];
  const down = landmarks[1][1] - landmarks[0][1];
  if (Math.hypot(across, down) < LEAST_EYES * (box.right - box.left)) return 0;
  return (Math.atan2(down, across) * 180) / Math.PI;
}
