/** Follow the faces of a camera from picture to picture: a search now and then, a refinement of each face always. */

import { COARSE, MEMORY_MS, MIDDLE } from "../constants.js";
import { settled } from "./detect.js";
import { moved, sizeOf, unique } from "./faces.js";
import { middle, size } from "./plane.js";

/** @typedef {import("./faces.js").RawDetection} RawDetection */
/** @typedef {import("./pixels.js").Raster} Raster */

/** Every so many pictures the whole picture is searched, closely for small faces and from afar for large ones. */
const CLOSELY_EVERY = 30;
const FROM_AFAR_EVERY = 10;

/** How large a face is, by its points. */
const spreadOf = (points) => {
  const center = middle(points);
  return points.reduce((sum, point) => sum + size({ re: point.re - center.re, im: point.im - center.im }), 0);
};

export class Tracker {
  /** @param {import("./detect.js").Detector} detector */
  constructor(detector) {
    this.detector = detector;
    /** @type {RawDetection[]} */
    this.known = [];
    this.count = 0;
    this.last = { time: 0, width: 0, height: 0 };
  }

  /** The faces of the next picture, from left to right. @param {Raster} picture @param {number} time in milliseconds */
  async next(picture, time) {
    const { width, height } = picture;
    if (time - this.last.time > MEMORY_MS || width !== this.last.width || height !== this.last.height) this.forget();
    this.last = { time, width, height };
    const near = [];
    for (const face of this.known) near.push(await this.#again(picture, face));
    for (const face of await this.#search(picture)) near.push(await this.detector.refined(picture, face));
    this.known = settled(near);
    return this.known;
  }

  /** Begin anew with the next picture. */
  forget() {
    [this.known, this.count] = [[], 0];
  }

  /** Faces that are not known yet. */
  async #search(picture) {
    const [closely, fromAfar] = [CLOSELY_EVERY, FROM_AFAR_EVERY].map((every) => this.count % every === 0);
    this.count += 1;
    if (!closely && !fromAfar && this.known.length) return [];
    const side = closely ? Math.min(Math.max(picture.width, picture.height), MIDDLE) : COARSE;
    const found = await this.detector.search(picture, side);
    const all = unique([...this.known.map((face) => ({ ...face, confidence: 2 })), ...found]);
    return all.filter((face) => face.confidence <= 1);
  }

  /** A known face in the next picture: its box goes with its points. */
  async #again(picture, face) {
    const seen = await this.detector.refined(picture, { ...face, confidence: 0 });
    const scale = spreadOf(seen.points) / Math.max(1e-6, spreadOf(face.points));
    const [from, to] = [middle(face.points), middle(seen.points)];
    const box = moved(face, scale, scale, to.re - from.re * scale, to.im - from.im * scale);
    return sizeOf(box) > 8 ? { ...box, points: seen.points, confidence: seen.confidence } : { ...seen, confidence: 0 };
  }
}
