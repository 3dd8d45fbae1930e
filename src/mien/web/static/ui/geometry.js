/** Where faces are, and where an emoji goes that hides one. */

import { LEAST_EYE_DISTANCE, MASK_COVER, MASK_EDGE, MASK_REACH } from "../constants.js";

/** The head's radius in a drawing, over half the drawing's side. */
const HEAD = 0.9;

/** @typedef {import("./words.js").Box} Box */

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
  const radius = Math.max(MASK_COVER * half, MASK_REACH * farthest) + MASK_EDGE;
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
  if (Math.hypot(across, down) < LEAST_EYE_DISTANCE * (box.right - box.left)) return 0;
  return (Math.atan2(down, across) * 180) / Math.PI;
}
