/** Animation: from one expression to another, or just being alive. Controls are interpolated, never pixels. */

import { adjusted, between, blendDrawn } from "./controls.js";
import { drawn } from "./mixture.js";
import { lerp } from "./shapes.js";

/** @typedef {import("./controls.js").Controls} Controls */
/** @typedef {{scores: import("./mixture.js").Scores, uncertain?: boolean}} Keyframe */

/**
 * The controls a share t of the way from a to b; 0 is a, 1 is b.
 * @param {Controls} a
 * @param {Controls} b
 * @param {number} t
 */
export const morph = (a, b, t) => between(a, b, t);

/**
 * The controls a share of the way from one keyframe to the next. The way leads through the scores in between, as they
 * are drawn, so that a face smiles before it laughs; doubt comes in evenly.
 * @param {Keyframe} start
 * @param {Keyframe} end
 * @param {number} share
 */
export function halfway(start, end, share) {
  const [from, to] = [drawn(start.scores), drawn(end.scores)];
  const scores = from.map((score, index) => lerp(score, to[index], share));
  const [before, after] = [Boolean(start.uncertain), Boolean(end.uncertain)];
  const first = blendDrawn(scores, { uncertain: before });
  return before === after ? first : between(first, blendDrawn(scores, { uncertain: after }), share);
}

/** A share of a way with a slow start and a slow end. @param {number} share */
export const smooth = (share) => share * share * (3 - 2 * share);

/** A smooth wave from -1 over 1 back to -1 within one turn. @param {number} turns */
export function wave(turns) {
  const part = turns - Math.floor(turns);
  return 2 * smooth(part < 0.5 ? 2 * part : 2 - 2 * part) - 1;
}

/**
 * The face at a time from 0 to 1 of its idle loop: it breathes, blinks once, glances a little, laughs or cries on.
 * @param {Controls} controls
 * @param {number} time
 */
export function alive(controls, time) {
  const [breath, fast] = [wave(time), wave(4 * time)];
  const laugh = (Math.max(0, controls.mouth_smile) * controls.mouth_open) / 1000;
  return adjusted(controls, {
    bob: controls.bob + 0.9 * breath + 2.2 * laugh * fast,
    brow_height: controls.brow_height - 0.8 * breath,
    gaze_x: controls.gaze_x + 0.12 * wave(time + 0.3),
    lid: Math.max(controls.lid, blink(time)),
    mouth_open: controls.mouth_open * (1 + 0.14 * laugh * fast),
    tear: controls.tear * (0.85 + 0.15 * wave(2 * time)),
    sweat: controls.sweat * (0.85 + 0.15 * wave(2 * time + 0.5)),
    question: controls.question * (0.95 + 0.05 * wave(2 * time)),
  });
}

/** How far the lids are closed by the one blink of a loop: a tenth of it, shut in the middle. */
const blink = (time) => smooth(Math.max(0, 1 - Math.abs(time - 0.7) / 0.05));
