/** From a face in a photo to the network's view of it, and how well it can be seen. The port of mien's align.py. */

import { BLURRED, CUT_OFF, SIDE, SMALL_PX, TEMPLATE, TURNED_DEGREES } from "../constants.js";
import { cut, gray, padded, reduced, turnedSmoothly } from "./pixels.js";
import { complex, middle, minus, plus, size, times } from "./plane.js";

/** @typedef {import("./pixels.js").Raster} Raster */
/**
 * @typedef {{a: number, b: number, left: number, top: number}} Placement  (x, y) of the crop lies at (a x - b y + left,
 * b x + a y + top)
 */

const frame = TEMPLATE.map(([x, y]) => complex(x, y));
const frameMiddle = middle(frame);
const spread = frame.map((point) => minus(point, frameMiddle));
const spreadSquared = spread.reduce((sum, p) => sum + p.re * p.re + p.im * p.im, 0);

/**
 * The similarity transform that brings the five points nearest to FER2013's, by least squares.
 * @param {number[][]} landmarks
 * @returns {Placement}
 */
export function place(landmarks) {
  const points = landmarks.map(([x, y]) => complex(x, y));
  const center = middle(points);
  const products = spread.map((p, i) => times(complex(p.re, -p.im), minus(points[i], center)));
  const sum = products.reduce(plus);
  const factor = complex(sum.re / spreadSquared, sum.im / spreadSquared);
  const shift = minus(center, times(factor, frameMiddle));
  return { a: factor.re, b: factor.im, left: shift.re, top: shift.im };
}

const at = ({ a, b, left, top }, x, y) => [a * x - b * y + left, b * x + a * y + top];

/**
 * The face as a grey crop of 48x48 pixels.
 * @param {Raster} picture
 * @param {number[][]} landmarks
 * @returns {Uint8Array}
 */
export function align(picture, landmarks) {
  const placement = place(landmarks);
  const scale = Math.hypot(placement.a, placement.b);
  const step = Math.max(1, Math.trunc(scale));
  const around = surroundings(picture, placement, step);
  // Twice the size and then averaged by two: no pixel of a shrunken face goes unseen.
  const fine = scale > 1 ? 2 : 1;
  const [a, b] = [placement.a / step / fine, placement.b / step / fine];
  const [x, y] = [(placement.left - around.left) / step, (placement.top - around.top) / step];
  const warped = turnedSmoothly(around.gray, SIDE * fine, [a, -b, x, b, a, y]);
  return /** @type {Uint8Array} */ (reduced(warped, fine).data);
}

/** The part of the picture around the crop in grey, shrunk by whole steps, its border repeated where needed. */
function surroundings(picture, placement, step) {
  const corners = [
    [0, 0],
    [SIDE, 0],
    [SIDE, SIDE],
    [0, SIDE],
  ].map(([x, y]) => at(placement, x, y));
  const [xs, ys] = [corners.map(([x]) => x), corners.map(([, y]) => y)];
  const wide = span(Math.min(...xs), Math.max(...xs), picture.width, step);
  const high = span(Math.min(...ys), Math.max(...ys), picture.height, step);
  const part = cut(picture, { left: wide.begin, right: wide.end, top: high.begin, bottom: high.end });
  const more = { left: wide.before, right: wide.after, top: high.before, bottom: high.after };
  return {
    gray: padded(reduced(gray(part), step), more),
    left: wide.begin - wide.before * step,
    top: high.begin - high.before * step,
  };
}

/** Where the part begins and ends in the picture, and how many steps to repeat before and after it. */
function span(least, most, length, step) {
  const [low, high] = [Math.floor(least - 3 * step), Math.ceil(most + 3 * step)];
  const begin = Math.min(Math.max(low, 0), length - 1);
  const end = Math.min(Math.max(high, begin + 1), length);
  const steps = (pixels) => Math.max(0, Math.ceil(pixels / step));
  return { begin, end, before: steps(begin - low), after: steps(high - end) };
}

/**
 * Why a reading of this face is not sure: out of small, blurred, turned, cut_off.
 * @param {Raster} picture
 * @param {import("./detect.js").Detection} detection
 * @param {Uint8Array} crop
 */
export function qualityReasons(picture, { box, landmarks }, crop) {
  const area = Math.max(0, box.right - box.left) * Math.max(0, box.bottom - box.top);
  const marks = [
    ["small", Math.sqrt(area) < SMALL_PX],
    ["blurred", sharpness(crop) < BLURRED],
    ["turned", turnedBy(landmarks) > TURNED_DEGREES],
    ["cut_off", outside(place(landmarks), picture) > CUT_OFF],
  ];
  return marks.filter(([, marked]) => marked).map(([reason]) => String(reason));
}

/** How much of the crop's variance lies between neighboring pixels, 0 for a flat one. @param {Uint8Array} crop */
function sharpness(crop) {
  /** @type {number[][]} */
  const [inner, detail] = [[], []];
  for (let y = 1; y < SIDE - 1; y += 1) {
    for (let i = y * SIDE + 1; i < (y + 1) * SIDE - 1; i += 1) {
      inner.push(crop[i]);
      detail.push(crop[i] - (crop[i - SIDE] + crop[i + SIDE] + crop[i - 1] + crop[i + 1]) / 4);
    }
  }
  // Two grey levels of noise at least, lest a flat crop be called sharp.
  return variance(detail) / Math.max(variance(inner), 4);
}

function variance(values) {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
}

/** About how many degrees the face looks to the side, from where the nose lies between the eyes. */
function turnedBy(landmarks) {
  const [rightEye, leftEye, nose, rightMouth, leftMouth] = landmarks.map(([x, y]) => complex(x, y));
  const double = plus(minus(leftEye, rightEye), minus(leftMouth, rightMouth));
  const across = complex(double.re / 2, double.im / 2);
  if (size(across) === 0) return 90;
  const away = minus(nose, middle([rightEye, leftEye, rightMouth, leftMouth]));
  const sideways = Math.abs(away.re * across.re + away.im * across.im) / size(across);
  return (Math.atan2(2 * sideways, size(minus(leftEye, rightEye))) * 180) / Math.PI;
}

/** The share of the crop that lies outside the picture. */
function outside(placement, { width, height }) {
  let [count, out] = [0, 0];
  for (let row = 1; row < SIDE; row += 2) {
    for (let column = 1; column < SIDE; column += 2) {
      const [x, y] = at(placement, column, row);
      count += 1;
      if (x < 0 || y < 0 || x > width || y > height) out += 1;
    }
  }
  return out / count;
}
