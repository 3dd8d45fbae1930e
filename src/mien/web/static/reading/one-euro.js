/** What a face does, hardly trembling and hardly late: the one-euro filter, ported from mien's video/one_euro.py. */

import { GAP_MS, MIN_CUTOFF, SHAPE, SHAPE_UNITS, SPEED_CUTOFF, SPEED_GAIN } from "../constants.js";

/** @typedef {import("../emoji/likeness.js").FaceShape} FaceShape */

/** Follows one number over time: a low-pass filter whose cutoff rises with the number's speed. */
export class OneEuro {
  /** @param {number} [speedGain] hertz for each unit a second */
  constructor(speedGain = SPEED_GAIN) {
    this.speedGain = speedGain;
    this.value = Number.NaN;
    this.speed = 0;
    this.time = 0;
  }

  /**
   * Take in the number of a moment and return the filtered one; times go up, and the first comes as it is.
   * @param {number} time milliseconds
   * @param {number} value
   */
  update(time, value) {
    if (Number.isNaN(this.value)) [this.value, this.time] = [value, time];
    const seconds = (time - this.time) / 1000;
    if (seconds > 0) {
      this.speed += share(SPEED_CUTOFF, seconds) * ((value - this.value) / seconds - this.speed);
      this.value += share(MIN_CUTOFF + this.speedGain * Math.abs(this.speed), seconds) * (value - this.value);
      this.time = time;
    }
    return this.value;
  }
}

/** The share of a new value that a low-pass filter of so many hertz takes in after so many seconds. */
const share = (/** @type {number} */ cutoff, /** @type {number} */ seconds) =>
  1 / (1 + 1 / (2 * Math.PI * cutoff * seconds));

/** Follows what one face does; after a gap it begins anew. */
export class ShapeFilter {
  constructor() {
    /** @type {Record<string, OneEuro>} */
    this.filters = {};
    this.time = Number.NEGATIVE_INFINITY;
  }

  /**
   * Take in the shape of a moment and return the filtered one. Times go up.
   * @param {number} time milliseconds
   * @param {FaceShape} shape
   * @returns {FaceShape}
   */
  update(time, shape) {
    if (time - this.time > GAP_MS) {
      this.filters = Object.fromEntries(SHAPE.map((name) => [name, new OneEuro(SPEED_GAIN / SHAPE_UNITS[name])]));
    }
    this.time = time;
    return Object.fromEntries(SHAPE.map((name) => [name, this.filters[name].update(time, shape[name])]));
  }
}
