/** Which face is whose from reading to reading, and what is shown of each: by the rules by which films are read. */

import { LARGEST_SCALING, MEMORY_MS, SIZE_WEIGHT, TRACK_REACH, TRACK_REACH_PER_S } from "../constants.js";
import { ShapeFilter } from "../reading/one-euro.js";
import { relative, restOf } from "../reading/rest.js";
import { isUnclear } from "./face-drawing.js";
import { Smoother } from "./smoother.js";

/** Milliseconds from a person's first reading on, in which neutral ones show the face at rest. */
const RESTING = 3000;

/** @typedef {import("./words.js").Face} Face */
/** @typedef {import("../emoji/likeness.js").FaceShape} FaceShape */

export class TrackedFace {
  /**
   * @param {number} id
   * @param {Face} face
   * @param {number} now milliseconds
   */
  constructor(id, face, now) {
    this.id = id;
    this.face = face;
    this.seen = now;
    this.began = now;
    this.smoother = new Smoother();
    this.filter = new ShapeFilter();
    /** @type {FaceShape[]} */
    this.resting = [];
    /** @type {FaceShape | null} */
    this.rest = null;
    /** @type {FaceShape | null} what the face itself does, from the person's own rest */
    this.shape = null;
    this.shown = this.smoother.update(now, face.scores, isUnclear(face));
    this.#follow(face, now);
  }

  /** The averaged scores. */
  get scores() {
    return this.shown.scores;
  }

  get expression() {
    return this.shown.expression;
  }

  /** Whether too little of the face has been seen to tell; what is only ambiguous is settled by averaging. */
  get unclear() {
    return this.shown.uncertain;
  }

  get uncertain() {
    return this.unclear;
  }

  /**
   * Take in a new reading.
   * @param {Face} face
   * @param {number} now milliseconds
   */
  update(face, now) {
    this.face = face;
    this.seen = now;
    this.shown = this.smoother.update(now, face.scores, isUnclear(face));
    this.#follow(face, now);
  }

  /**
   * @param {Face} face
   * @param {number} now milliseconds
   */
  #follow({ shape, expression }, now) {
    if (!shape) return;
    if (now - this.began < RESTING) {
      if (expression === "neutral") this.resting.push(shape);
    } else if (this.resting.length) {
      this.rest = restOf(this.resting);
      this.resting = [];
    }
    this.shape = this.filter.update(now, this.rest ? relative(shape, this.rest) : shape);
  }

  /** @returns {string[]} why the reading is unsure */
  get reasons() {
    return this.uncertain ? this.face.reasons : [];
  }
}

export class Tracks {
  constructor() {
    /** @type {TrackedFace[]} */
    this.all = [];
    this.next = 1;
  }

  /**
   * Return the faces that are there now, from left to right. One that is not seen stays for a second.
   * @param {Face[]} faces
   * @param {number} now milliseconds
   * @returns {TrackedFace[]}
   */
  follow(faces, now) {
    const pairs = this.all
      .flatMap((track) => faces.map((face) => ({ track, face, cost: costOf(track, face, now) })))
      .filter(({ cost }) => cost < Infinity)
      .sort((a, b) => a.cost - b.cost);
    const [matched, placed] = [new Set(), new Set()];
    for (const { track, face } of pairs) {
      if (matched.has(track) || placed.has(face)) continue;
      track.update(face, now);
      matched.add(track);
      placed.add(face);
    }
    const fresh = faces.filter((face) => !placed.has(face)).map((face) => new TrackedFace(this.next++, face, now));
    this.all = [...this.all.filter(({ seen }) => now - seen <= MEMORY_MS), ...fresh];
    return this.all.sort((a, b) => a.face.box.left - b.face.box.left);
  }
}

/**
 * Return what it costs to take a face for the one that is tracked: its way and its growth, in sizes of a face.
 * @param {TrackedFace} track
 * @param {Face} face
 * @param {number} now
 */
function costOf(track, face, now) {
  const [before, after] = [middleOf(track.face), middleOf(face)];
  const sizes = [sizeOf(track.face), sizeOf(face)];
  const away = Math.hypot(after[0] - before[0], after[1] - before[1]) / Math.max(...sizes);
  const grown = Math.abs(Math.log(sizes[0] / sizes[1]));
  const reach = TRACK_REACH + (TRACK_REACH_PER_S * (now - track.seen)) / 1000;
  return away > reach || grown > LARGEST_SCALING ? Infinity : away + SIZE_WEIGHT * grown;
}

/**
 * Return the middle of the five points, which is steadier than the box's.
 * @param {Face} face
 */
const middleOf = ({ landmarks }) =>
  [0, 1].map((axis) => landmarks.reduce((sum, point) => sum + point[axis], 0) / landmarks.length);

/** @param {Face} face */
const sizeOf = ({ box }) => Math.sqrt(Math.max(1, box.right - box.left) * Math.max(1, box.bottom - box.top));
