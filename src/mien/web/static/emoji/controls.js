/**
 * From scores to drawing controls: named, bounded numbers that say everything about a face.
 *
 * The blend is described in mien's controls.py; bounds, anchors and constants are in face.json, which both read.
 */

import { FACE } from "./data.js";
import { EMOTIONS } from "./labels.js";
import { drawn } from "./mixture.js";

/** @typedef {Record<string, number>} Controls  one number for each of NAMES */
/** @typedef {[place: number, step: number][]} Steps */

/** The names of the controls in their order. */
export const NAMES = Object.freeze(Object.keys(FACE.controls));

/** Bounds, unit and meaning of every control: {min, max, rest, unit, doc}. */
export const SPEC = FACE.controls;

const SPECS = NAMES.map((name) => SPEC[name]);
const REST = SPECS.map((spec) => spec.rest);
const BLEND = FACE.blend;
const LATE = BLEND.with_onset.map((name) => [NAMES.indexOf(name), SPEC[name].max]);

/** What each anchor adds to the resting face, and its full strength to its slight one. */
const STEPS = Object.fromEntries(Object.entries(FACE.anchors).map(([name, anchor]) => [name, steps(anchor)]));

/**
 * @param {{full: Record<string, number>, slight?: Record<string, number>}} anchor
 * @returns {[Steps, Steps]}
 */
function steps({ full, slight = full }) {
  const changes = (/** @type {(name: string, rest: number) => number} */ of) =>
    NAMES.map((name, place) => /** @type {[number, number]} */ ([place, of(name, REST[place])]));
  const first = changes((name, rest) => (slight[name] ?? rest) - rest);
  const second = changes((name, rest) => (full[name] ?? rest) - (slight[name] ?? rest));
  return [first.filter(([, step]) => step), second.filter(([, step]) => step)];
}

/** The resting face. @returns {Controls} */
export const resting = () => named(REST);

/**
 * The controls of a mixture of emotions; fixed ones are set as given, within their bounds.
 * @param {import("./mixture.js").Scores} scores
 * @param {{uncertain?: boolean, fixed?: Partial<Controls>}} [options]
 */
export function blend(scores, options = {}) {
  return blendDrawn(drawn(scores), options);
}

/**
 * The same for eight scores as `drawn` gives them.
 * @param {number[]} scores
 * @param {{uncertain?: boolean, fixed?: Partial<Controls>}} [options]
 */
export function blendDrawn(scores, { uncertain = false, fixed = {} } = {}) {
  const values = [...REST];
  const share = uncertain ? BLEND.uncertain_share : 1;
  scores.forEach((score, index) => add(values, EMOTIONS[index], score, share));
  if (uncertain) for (const [place, step] of STEPS.uncertain[0]) values[place] += step;
  for (const [place, high] of LATE) {
    values[place] = Math.max(0, (values[place] - BLEND.onset * high) / (1 - BLEND.onset));
  }
  for (const [name, value] of Object.entries(fixed)) values[NAMES.indexOf(name)] = value;
  return named(values.map((value, place) => bounded(value, SPECS[place])));
}

function add(values, emotion, score, share) {
  const [slight, full] = STEPS[emotion];
  const first = share * Math.min(1, score / BLEND.slight_at);
  const second = share * Math.min(1, Math.max(0, (score - BLEND.slight_at) / (BLEND.full_at - BLEND.slight_at)));
  if (first) for (const [place, step] of slight) values[place] += first * step;
  if (second) for (const [place, step] of full) values[place] += second * step;
}

/**
 * The controls a share of the way from start to end.
 * @param {Controls} start
 * @param {Controls} end
 * @param {number} share
 */
export function between(start, end, share) {
  return named(NAMES.map((name) => start[name] + (end[name] - start[name]) * share));
}

/**
 * The controls with some of them set, each kept within its bounds.
 * @param {Controls} controls
 * @param {Partial<Controls>} changes
 */
export function adjusted(controls, changes) {
  const kept = Object.entries(changes).map(([name, value]) => [name, bounded(value, SPEC[name])]);
  return { ...controls, ...Object.fromEntries(kept) };
}

/**
 * The controls as they are drawn at a size in pixels: small faces get heavier lines and larger features.
 * @param {Controls} controls
 * @param {number} size
 */
export function optical(controls, size) {
  const { from, to, times } = FACE.optical;
  const share = Math.min(1, Math.max(0, (from - size) / (from - to)));
  if (!share) return controls;
  const changes = Object.entries(times).map(([name, k]) => [name, controls[name] * (1 + (k - 1) * share)]);
  return adjusted(controls, Object.fromEntries(changes));
}

const bounded = (value, { min, max }) => (value < min ? min : value > max ? max : value);

const named = (values) => Object.fromEntries(NAMES.map((name, place) => [name, values[place]]));
