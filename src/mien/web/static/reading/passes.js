/** From how far away a picture is searched, and in which tiles. */

import { COARSE, FINEST_SCALE, LARGE, MIDDLE, OVERLAP, SMALLEST_PASS, TILE } from "../constants.js";
import { sizeOf } from "./faces.js";
import { round } from "./pixels.js";

/**
 * The long sides to search at, coarse to fine, each fine enough for what the next is too close to see.
 * @param {number} longSide
 */
export function firstPasses(longSide) {
  const finest = longSide * FINEST_SCALE;
  if (finest <= MIDDLE) return [Math.min(Math.max(longSide, SMALLEST_PASS), MIDDLE)];
  if (finest <= TILE) return [COARSE, finest];
  const between = [];
  while (finest / 4 ** (between.length + 1) > MIDDLE) between.push(finest / 4 ** (between.length + 1));
  return [COARSE, MIDDLE, ...between.reverse(), finest];
}

/**
 * The passes after a single one: at every size where nobody was found, from farther away for large faces.
 * @param {number[]} first
 * @param {import("./faces.js").RawDetection[]} found
 */
export function secondPasses(first, found) {
  if (first.length > 1) return [];
  if (!found.length) return [COARSE, MIDDLE].filter((side) => side !== first[0]);
  return first[0] > COARSE && Math.max(...found.map(sizeOf)) > LARGE ? [COARSE] : [];
}

/** The tiles that cover a picture, row by row. @param {number} width @param {number} height */
export function tiles(width, height) {
  return spans(height).flatMap(([top, bottom]) => spans(width).map(([left, right]) => ({ left, top, right, bottom })));
}

/** Cover a length with as few equal, overlapping spans as will do. */
function spans(length) {
  const count = Math.max(1, Math.ceil((length - OVERLAP) / (TILE - OVERLAP)));
  const span = Math.ceil((length + (count - 1) * OVERLAP) / count);
  const starts = Array.from({ length: count }, (_, k) => round((k * (length - span)) / Math.max(1, count - 1)));
  return starts.map((start) => [start, Math.min(length, start + span)]);
}
