/** An emoji that lives on the page: it glides from reading to reading at the screen's own rate. */

import { alive, controlsOf, drawControls, morph } from "../emoji/index.js";
import { calm, make } from "./dom.js";
import { everyFrame } from "./frames.js";

/** Seconds in which two thirds of the way to a new reading are gone. */
const GLIDE = 0.11;
/** Seconds of one idle loop. */
const LOOP = 3.4;

/** @typedef {{uncertain?: boolean, theme?: string, tilt?: number, skin?: string, background?: string, gaze?: [number, number]}} DrawOptions */

export class Portrait {
  /**
   * @param {{size?: number, idle?: boolean, name?: string}} [options] `size` in drawing pixels, `idle` whether it lives
   *   on between readings
   */
  constructor({ size = 512, idle = false, name = "portrait" } = {}) {
    this.node = make("div", { class: name, "aria-hidden": "true" });
    this.size = size;
    this.idle = idle;
    /** @type {any} */
    this.controls = null;
    /** @type {any} */
    this.target = null;
    /** @type {DrawOptions} */
    this.options = {};
    this.svg = "";
    this.tilt = 0;
    this.end = () => {};
  }

  /**
   * Turn towards a look.
   * @param {Record<string, number>} scores
   * @param {DrawOptions} [options]
   */
  aim(scores, options = {}) {
    this.options = options;
    this.tilt = options.tilt ?? 0;
    this.target = controlsOf(scores, { ...options, tilt: 0 });
    this.controls ??= { ...this.target, tilt: this.tilt };
    if (calm.matches) this.#show({ ...this.target, tilt: this.tilt });
    else if (!this.svg) this.#show(this.controls);
  }

  /** Begin to move; `stop` ends it. */
  start() {
    this.stop();
    this.end = everyFrame((dt, now) => this.#tick(dt, now));
    return this;
  }

  /** Stand still. */
  stop() {
    this.end();
  }

  /**
   * @param {number} dt
   * @param {number} now
   */
  #tick(dt, now) {
    if (!this.target || calm.matches || !this.node.offsetParent) return;
    const share = 1 - Math.exp(-dt / GLIDE);
    const turned = this.controls.tilt + share * turn(this.tilt - this.controls.tilt);
    this.controls = { ...morph(this.controls, { ...this.target, tilt: this.controls.tilt }, share), tilt: turned };
    this.#show(this.idle ? alive(this.controls, (now / LOOP) % 1) : this.controls);
  }

  /** @param {any} controls */
  #show(controls) {
    const { theme, skin, background } = this.options;
    const svg = drawControls(controls, { theme, skin, background, size: this.size });
    if (svg === this.svg) return;
    this.svg = svg;
    this.node.innerHTML = svg;
  }
}

/**
 * @param {number} degrees
 * @returns {number} the same turn the short way round
 */
const turn = (degrees) => ((degrees + 540) % 360) - 180;
