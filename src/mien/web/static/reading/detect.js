/** Find the faces in a picture, each once, refined close up. The port of mien's detect.py. */

import { CLOSE_UP, FROM_AFAR, MARGIN, MIN_CONFIDENCE, REFINEMENTS, STRAIGHT_DEGREES } from "../constants.js";
import { Yunet } from "./detector.js";
import { distinct, moved, sizeOf, tiltOf, unique } from "./faces.js";
import { firstPasses, secondPasses, tiles } from "./passes.js";
import { cut, reduced, round, scaled, turned } from "./pixels.js";
import { complex, middle, minus, plus, polar, size, times } from "./plane.js";

/** @typedef {import("./faces.js").RawDetection} RawDetection */
/** @typedef {import("./pixels.js").Raster} Raster */
/**
 * @typedef {{box: {left: number, top: number, right: number, bottom: number}, landmarks: number[][], confidence:
 * number}} Detection
 */

const STRAIGHT = (STRAIGHT_DEGREES * Math.PI) / 180;

const CORNER = complex(CLOSE_UP / 2, CLOSE_UP / 2);

export class Detector {
  /** @param {import("./networks.js").Network} network */
  constructor(network) {
    this.yunet = new Yunet(network, FROM_AFAR);
  }

  /** The faces of an upright picture, from left to right. @param {Raster} picture @returns {Promise<RawDetection[]>} */
  async find(picture) {
    const first = firstPasses(Math.max(picture.width, picture.height));
    let found = [];
    for (const side of first) found.push(...(await this.search(picture, side)));
    found = unique(found);
    for (const side of secondPasses(first, found)) found = unique([...found, ...(await this.search(picture, side))]);
    const near = [];
    for (const face of found) near.push(await this.refined(picture, face));
    return settled(near);
  }

  /**
   * The face as seen from close up, its head held straight: surer points, and how sure it is a face. What looks like a
   * face from afar only is none from close up.
   * @param {Raster} picture
   * @param {RawDetection} face
   * @returns {Promise<RawDetection>}
   */
  async refined(picture, face) {
    let [points, confidence] = [face.points, 0];
    let turn = polar((MARGIN * sizeOf(face)) / CLOSE_UP, tiltOf(points));
    for (let pass = 0; pass < REFINEMENTS; pass += 1) {
      const center = middle(points);
      const seen = await this.#refinement(picture, center, turn);
      if (!seen) break;
      const tilt = tiltOf(seen.points);
      confidence = Math.max(confidence, seen.confidence);
      points = seen.points.map((point) => plus(times(minus(point, CORNER), turn), center));
      if (Math.abs(tilt) < STRAIGHT) break;
      turn = times(turn, polar(1, tilt));
    }
    return {
      ...face,
      confidence: confidence >= MIN_CONFIDENCE ? Math.max(confidence, face.confidence) : confidence,
      points,
    };
  }

  /** The face in the middle of a turned and scaled part of the picture, in pixels of that part. */
  async #refinement(picture, center, turn) {
    const [step, reach] = [Math.max(1, Math.trunc(size(turn))), size(turn) * CLOSE_UP];
    const [left, right] = reached(center.re, reach, picture.width);
    const [top, bottom] = reached(center.im, reach, picture.height);
    const part = reduced(cut(picture, { left, top, right, bottom }), step);
    const begin = minus(minus(center, times(CORNER, turn)), complex(left, top));
    const [a, b] = [turn.re / step, turn.im / step];
    const upright = turned(part, CLOSE_UP, [a, -b, begin.re / step, b, a, begin.im / step]);
    return average((await this.yunet.run(upright)).filter(inTheMiddle));
  }

  /**
   * Search the picture with its long side brought to a number of pixels.
   * @param {Raster} picture
   * @param {number} side
   */
  async search(picture, side) {
    const seen = brought(picture, side / Math.max(picture.width, picture.height));
    const found = [];
    for (const tile of tiles(seen.width, seen.height)) found.push(...(await this.#tile(seen, tile)));
    return found.map((face) => moved(face, picture.width / seen.width, picture.height / seen.height));
  }

  /** Search one tile; what its inner borders cut is found whole in the next tile. */
  async #tile(seen, tile) {
    const found = (await this.yunet.run(cut(seen, tile))).map((face) => moved(face, 1, 1, tile.left, tile.top));
    return found.filter(
      (face) =>
        (face.left >= tile.left || tile.left === 0) &&
        (face.top >= tile.top || tile.top === 0) &&
        (face.right <= tile.right || tile.right === seen.width) &&
        (face.bottom <= tile.bottom || tile.bottom === seen.height),
    );
  }
}

/** The faces that are sure from close up, each once, from left to right. @param {RawDetection[]} near */
export function settled(near) {
  const sure = distinct(near.filter((face) => face.confidence >= MIN_CONFIDENCE));
  return sure.sort((a, b) => a.left - b.left || a.top - b.top);
}

/** A face that was found as results give it. @param {RawDetection} face @returns {Detection} */
export function detection({ left, top, right, bottom, confidence, points }) {
  return { box: { left, top, right, bottom }, landmarks: points.map(({ re, im }) => [re, im]), confidence };
}

/** The picture at another scale: whole steps as averages, the rest bilinear. */
function brought(picture, scale) {
  const [width, height] = [picture.width, picture.height].map((length) => Math.max(1, round(length * scale)));
  if (width === picture.width && height === picture.height) return picture;
  return scaled(reduced(picture, Math.max(1, Math.trunc(1 / scale))), width, height);
}

/** The part of a length that lies within reach of a place, one pixel of it at least. */
function reached(place, reach, length) {
  const begin = Math.min(Math.max(Math.trunc(place - reach), 0), length - 1);
  return [begin, Math.min(Math.max(Math.trunc(place + reach) + 1, begin + 1), length)];
}

const inTheMiddle = ({ left, top, right, bottom }) =>
  Math.hypot((left + right) / 2 - CLOSE_UP / 2, (top + bottom) / 2 - CLOSE_UP / 2) < CLOSE_UP / 4;

/** Neighboring cells see the same face; their mean is steadier than the surest of them. @param {RawDetection[]} near */
function average(near) {
  if (!near.length) return null;
  const total = near.reduce((sum, face) => sum + face.confidence ** 2, 0);
  const mean = (/** @type {(face: RawDetection) => number} */ of) =>
    near.reduce((sum, face) => sum + of(face) * face.confidence ** 2, 0) / total;
  return {
    left: mean((face) => face.left),
    top: mean((face) => face.top),
    right: mean((face) => face.right),
    bottom: mean((face) => face.bottom),
    confidence: Math.max(...near.map((face) => face.confidence)),
    points: [0, 1, 2, 3, 4].map((k) =>
      complex(
        mean((face) => face.points[k].re),
        mean((face) => face.points[k].im),
      ),
    ),
  };
}
