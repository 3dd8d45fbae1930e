/** The same face from reading to reading: faces are paired by overlap, their scores steadied. */

import { overlap } from "./geometry.js";

/** Boxes that share less are two tracks. */
const LEAST_OVERLAP = 0.2;
/** Milliseconds for which somebody who is not seen is waited for. */
const PATIENCE = 700;
/** Milliseconds in which two thirds of a change of the scores are shown. */
const STEADY = 180;

/** @typedef {import("./words.js").Face} Face */

export class TrackedFace {
  /**
   * @param {number} id
   * @param {Face} face
   * @param {number} now
   */
  constructor(id, face, now) {
    this.id = id;
    this.face = face;
    this.seen = now;
    this.scores = face.scores;
    this.doubt = face.uncertain ? 1 : 0;
    this.uncertain = face.uncertain;
  }

  /** @returns {string[]} why the reading is unsure */
  get reasons() {
    return this.uncertain ? this.face.reasons : [];
  }

  /**
   * Take in a new reading.
   * @param {Face} face
   * @param {number} now milliseconds
   */
  update(face, now) {
    const share = 1 - Math.exp(-(now - this.seen) / STEADY);
    const toward = (/** @type {number} */ from, /** @type {number} */ to) => from + share * (to - from);
    this.scores = Object.fromEntries(
      Object.entries(face.scores).map(([label, score]) => [label, toward(this.scores[label], score)]),
    );
    this.doubt = toward(this.doubt, face.uncertain ? 1 : 0);
    // Doubt comes and goes at different heights, so that it does not flicker.
    this.uncertain = this.doubt > (this.uncertain ? 0.35 : 0.65);
    this.face = face;
    this.seen = now;
  }
}

export class Tracks {
  constructor() {
    /** @type {TrackedFace[]} */
    this.all = [];
    this.next = 1;
  }

  /**
   * Return who is there now, from left to right.
   * @param {Face[]} faces
   * @param {number} now milliseconds
   * @returns {TrackedFace[]}
   */
  follow(faces, now) {
    const pairs = this.all
      .flatMap((track) => faces.map((face) => ({ track, face, shared: overlap(track.face.box, face.box) })))
      .filter(({ shared }) => shared >= LEAST_OVERLAP)
      .sort((a, b) => b.shared - a.shared);
    const [matched, placed] = [new Set(), new Set()];
    for (const { track, face } of pairs) {
      if (matched.has(track) || placed.has(face)) continue;
      track.update(face, now);
      matched.add(track);
      placed.add(face);
    }
    const fresh = faces.filter((face) => !placed.has(face)).map((face) => new TrackedFace(this.next++, face, now));
    this.all = [...this.all.filter((track) => now - track.seen < PATIENCE), ...fresh];
    return this.all.sort((a, b) => a.face.box.left - b.face.box.left);
  }
}
