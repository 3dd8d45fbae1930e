/** What is laid on the face: tears, sweat, creases, a question mark, and the marks that tell without color. */

import { num, path } from "./shapes.js";
import { Turn } from "./turning.js";

/** @typedef {import("./controls.js").Controls} Controls */
/** @typedef {import("./themes.js").Theme} Theme */

const DROP = "M0-15C5-5 10 0 10 7A10 10 0 0 1-10 7C-10 0-5-5 0-15Z";

/** Where a drop hangs, in units from the middle of the head, and its full size. */
const TEAR = [-43, 22, 1.1];
const SWEAT = [70, -34, 1];

/** The amount at which a drop has come up in full color. */
const FORMED = 0.3;

/**
 * Tear, sweat and the creases of the nose; nothing where there are none.
 * @param {Controls} c
 * @param {Theme} theme
 * @param {string} key
 */
export function extras(c, theme, key) {
  const turn = new Turn(c);
  let drops = turn.group(TEAR[0], TEAR[1], drop(c.tear, TEAR, theme, key)) + drop(c.sweat, SWEAT, theme, key);
  if (drops && theme.shaded) {
    const stops = `<stop stop-color="${theme.colors.drop_light}"/><stop offset="1" stop-color="${theme.colors.drop}"/>`;
    drops = `<linearGradient id="${key}d" x2="0" y2="1">${stops}</linearGradient>${drops}`;
  }
  return turn.group(0, 0, creases(c, theme)) + drops;
}

/** @param {number} amount @param {number[]} place @param {Theme} theme @param {string} key */
function drop(amount, [x, y, most], theme, key) {
  if (amount <= 0) return "";
  const { drop: color, drop_edge: line } = theme.colors;
  const fill = theme.shaded ? `url(#${key}d)` : color;
  const edge = line === "none" ? "" : ` stroke="${line}" stroke-width="4"`;
  // It forms at half its size and grows from there: a drop that grows from nothing is a speck of dirt first.
  const where = `translate(${num(x)} ${num(y)})scale(${num(most * (0.5 + 0.5 * amount))})`;
  const faint = amount < FORMED ? ` opacity="${num(amount / FORMED)}"` : "";
  return (
    `<g transform="${where}"${faint}><path d="${DROP}" fill="${fill}"${edge}/>` +
    `<ellipse rx="2.2" ry="4" fill="#fff" fill-opacity=".8" transform="rotate(14)translate(-3 7)"/></g>`
  );
}

function creases(c, theme) {
  if (c.wrinkle <= 0) return "";
  const k = c.wrinkle;
  const folds = [-1, 1].flatMap((s) => [-3, 5].map((y) => path("M", s * 4, y, "L", s * (4 + 7 * k), y - 5 * k)));
  const stroke = `stroke="${theme.colors.brow}" stroke-width="${num(2.8 * k)}" stroke-linecap="round"`;
  return `<path d="${folds.join("")}" fill="none" ${stroke}/>`;
}

/** Strokes for what colors tell elsewhere: blush, dread, anger, disgust. @param {Controls} c @param {Theme} theme */
export function marks(c, theme) {
  if (!theme.marks) return "";
  const d = blush(6 * c.blush) + dread(c.blue) + vein(c.red) + bubbles(4.5 * c.green);
  return d && `<path d="${d}" fill="none" stroke="${theme.colors.line}" stroke-width="3.4" stroke-linecap="round"/>`;
}

const blush = (k) =>
  k ? [-67, -57, 57, 67].map((x) => path("M", x + k / 2, 16 - k, "L", x - k / 2, 16 + k)).join("") : "";

const DREAD = [
  [-60, -62, 14],
  [-49, -71, 13],
  [-38, -78, 9],
  [38, -78, 9],
  [49, -71, 13],
];

const dread = (k) => (k ? DREAD.map(([x, y, high]) => path("M", x, y, "V", y + high * k)).join("") : "");

function vein(k) {
  if (!k) return "";
  const [x, y, near, far] = [47, -53, 3 * k, 12 * k];
  const bend = (/** @type {number[]} */ [i, j]) =>
    path("M", x + i * near, y + j * far, "Q", x + i * near, y + j * near, x + i * far, y + j * near);
  return [
    [-1, -1],
    [1, -1],
    [1, 1],
    [-1, 1],
  ]
    .map(bend)
    .join("");
}

function bubbles(k) {
  if (!k) return "";
  const ring = (/** @type {number[]} */ [x, y]) =>
    path("M", x - k, y, "a", k, k, 0, 1, 1, 2 * k, 0, "a", k, k, 0, 1, 1, -2 * k, 0, "Z");
  return [
    [-64, 10],
    [-54, 28],
    [62, 14],
    [66, -34],
  ]
    .map(ring)
    .join("");
}

/**
 * The question mark of an uncertain reading, at the upper right of the head.
 * @param {Controls} c
 * @param {Theme} theme
 */
export function question(c, theme) {
  if (c.question <= 0) return "";
  const { question_edge: edge, question: ink } = theme.colors;
  const mark = 'd="M-13-14C-13-26-4-31 4-31C13-31 20-25 20-16C20-4 4-4 4 9M4 26V26.01"';
  const pen = 'fill="none" stroke-linecap="round" stroke-linejoin="round"';
  return (
    `<g transform="translate(63-57)rotate(12)scale(${num(c.question)})" ${pen}>` +
    `<path ${mark} stroke="${edge}" stroke-width="22"/><path ${mark} stroke="${ink}" stroke-width="13"/></g>`
  );
}
