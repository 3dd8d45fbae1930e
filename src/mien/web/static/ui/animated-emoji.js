/** An emoji that moves on the page: it glides from reading to reading at the screen's own rate. */

import { adjusted, alive, controlsOf, drawControls, morph, NAMES, SPEC } from "../emoji/index.js";
import { make, reducedMotion } from "./dom.js";
import { everyFrame } from "./frames.js";
import { LiveDrawing } from "./live-drawing.js";

/** Seconds in which two thirds of the way to a new reading are gone. */
const GLIDE = 0.11;
/** Seconds of one idle loop. */
const LOOP = 3.4;

/** Changes too small to be seen: a thousandth of a control's range, and a tenth of a degree. */
const UNSEEN = NAMES.map((name) => /** @type {const} */ ([name, name === "tilt" ? 0.1 : range(name) / 1000]));

/** The animated emoji that can be seen: asking each of them would have the browser lay out the page. */
const seen = new WeakSet();
const eye = new IntersectionObserver((changes) => {
  for (const { target, isIntersecting } of changes) isIntersecting ? seen.add(target) : seen.delete(target);
});
let count = 0;

/** @param {string} name */
function range(name) {
  return SPEC[name].max - SPEC[name].min;
}

/**
 * @typedef {object} DrawOptions
 * @property {boolean} [uncertain]
 * @property {string} [theme]
 * @property {number} [tilt]
 * @property {string} [skin]
 * @property {string} [background]
 * @property {[number, number]} [gaze]
 * @property {Readonly<Record<string, number>> | null} [shape] what the face itself does
 * @property {Record<string, number>} [fixed] controls that do not follow the scores
 */

export class AnimatedEmoji {
  /**
   * @param {{size?: number, idle?: boolean, name?: string}} [options] `size` in drawing pixels, `idle` whether it lives
   *   on between readings
   */
  constructor({ size = 512, idle = false, name = "emoji" } = {}) {
    this.node = make("div", { class: name, "aria-hidden": "true" });
    this.size = size;
    this.idle = idle;
    /** @type {any} */
    this.controls = null;
    /** @type {any} */
    this.target = null;
    /** @type {DrawOptions} */
    this.options = {};
    this.drawing = new LiveDrawing(this.node);
    count += 1;
    this.key = `live${count}`;
    this.tilt = 0;
    /** @type {any} the controls that are seen */
    this.shown = null;
    this.end = () => {};
  }

  /**
   * Turn towards the expression of some scores.
   * @param {Record<string, number>} scores
   * @param {DrawOptions} [options]
   */
  aim(scores, options = {}) {
    if (["theme", "skin", "background"].some((name) => options[name] !== this.options[name])) this.shown = null;
    this.options = options;
    this.tilt = options.tilt ?? 0;
    this.target = adjusted(controlsOf(scores, { ...options, tilt: 0 }), options.fixed ?? {});
    this.controls ??= { ...this.target, tilt: this.tilt };
    if (reducedMotion.matches) this.#show({ ...this.target, tilt: this.tilt });
    else if (!this.drawing.svg) this.#show(this.controls);
  }

  /** Start the animation; `stop` ends it. */
  start() {
    this.stop();
    eye.observe(this.node);
    this.end = everyFrame((dt, now) => this.#tick(dt, now));
    return this;
  }

  /** Stand still. */
  stop() {
    eye.unobserve(this.node);
    this.end();
  }

  /**
   * @param {number} dt
   * @param {number} now
   */
  #tick(dt, now) {
    if (!this.target || reducedMotion.matches || !seen.has(this.node)) return;
    const share = 1 - Math.exp(-dt / GLIDE);
    const turned = this.controls.tilt + share * turn(this.tilt - this.controls.tilt);
    this.controls = { ...morph(this.controls, { ...this.target, tilt: this.controls.tilt }, share), tilt: turned };
    const next = this.idle ? alive(this.controls, (now / LOOP) % 1) : this.controls;
    if (differs(this.shown, next)) this.#show(next);
  }

  /** @param {any} controls */
  #show(controls) {
    const { theme, skin, background } = this.options;
    this.shown = controls;
    this.drawing.show(drawControls(controls, { theme, skin, background, size: this.size, key: this.key }));
  }
}

/**
 * Whether a difference can be seen.
 * @param {any} before
 * @param {any} after
 */
const differs = (before, after) =>
  !before || UNSEEN.some(([name, least]) => Math.abs(after[name] - before[name]) > least);

/**
 * @param {number} degrees
 * @returns {number} the same turn the short way round
 */
const turn = (degrees) => ((degrees + 540) % 360) - 180;
