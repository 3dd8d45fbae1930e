/** From a face's own shape to the drawing: the emotion's controls, moved towards what this very face does. */

import { adjusted } from "./controls.js";
import { FACE } from "./data.js";
import { clamp, lerp } from "./shapes.js";

/** @typedef {import("./controls.js").Controls} Controls */
/** @typedef {Readonly<Record<string, number>>} FaceShape  a number for each of SHAPE */

const RULES = FACE.likeness;

/**
 * The controls moved towards a face's shape: 0 leaves them as they are, 1 follows it as far as it goes.
 * @param {Controls} controls
 * @param {FaceShape} shape
 * @param {number} [likeness]
 */
export function alike(controls, shape, likeness = RULES.default) {
  // Over 1, so that a shut eye is shut at less than the full likeness too.
  const shut = (/** @type {number} */ eye) => RULES.lid * clamp(1 - eye, 0, 1);
  const [right, left] = [shut(shape.eye_right), shut(shape.eye_left)];
  const both = Math.min(right, left);
  const wide = clamp(Math.min(shape.eye_right, shape.eye_left) - 1, 0, 1);
  const tilted = RULES.pitch;
  const pitch = clamp(shape.pitch, -tilted.most, tilted.most);
  // A head thrown back seems to pull the corners of its mouth down and to raise the inner ends of its brows.
  const brows = clamp(0.5 * (shape.brow_right + shape.brow_left) + tilted.brows * pitch, -1, 1);
  const browInner = clamp(shape.brow_inner + tilted.brow_inner * pitch, -1, 1);
  const corners = clamp(0.5 * (shape.corner_right + shape.corner_left) + tilted.corners * pitch, -1, 1);
  const [narrow, rest, stretched] = RULES.mouth_width;
  // Teeth cannot stay clenched in a mouth that is wide open.
  const agape = clamp((shape.mouth_open - RULES.agape[0]) / (RULES.agape[1] - RULES.agape[0]), 0, 1);
  const aims = {
    lid: both,
    brow_height: RULES.brow_height * brows,
    brow_slant: -RULES.brow_slant * (browInner - brows),
    // Lips that are hardly parted are drawn closed: a gap of two units is a thicker line and nothing else.
    mouth_open: (RULES.mouth_open * Math.max(0, shape.mouth_open - RULES.parted)) / (1 - RULES.parted),
    mouth_width: rest + (shape.mouth_width > 0 ? stretched - rest : rest - narrow) * shape.mouth_width,
    mouth_smile: RULES.mouth_smile * corners,
  };
  const moved = Object.entries(aims).map(([name, aim]) => [
    name,
    lerp(controls[name], aim, likeness * RULES.weight[name]),
  ]);
  return adjusted(controls, {
    ...Object.fromEntries(moved),
    wink: likeness * (left - right),
    cheek: controls.cheek * (1 - likeness * RULES.cheek * Math.max(0, 1 - both)),
    grit: controls.grit * (1 - clamp(RULES.unclench * likeness, 0, 1) * agape),
    eye_height: controls.eye_height + likeness * RULES.eye_height * wide,
    brow_cock: controls.brow_cock + likeness * RULES.brow_cock * 0.5 * (shape.brow_left - shape.brow_right),
    mouth_skew: likeness * RULES.mouth_skew * 0.5 * (shape.corner_left - shape.corner_right),
    turn: -likeness * shape.yaw,
    nod: likeness * shape.pitch,
  });
}
