/** The head: a sphere lit from the upper left, colored by anger, fear, disgust and doubt; and rosy cheeks. */

import { hexed, num } from "./shapes.js";
import { TINTS } from "./themes.js";
import { Turn } from "./turning.js";

/** @typedef {import("./shapes.js").RGB} RGB */

const RADIUS = 92;
const STOPS = ["0", ".48", ".82", "1"];

/**
 * The sphere, its tint and its gloss.
 * @param {import("./controls.js").Controls} c
 * @param {import("./themes.js").Theme} theme
 * @param {string} key
 */
export function head(c, theme, key) {
  const ramp = skin(c, theme);
  const outline = theme.outline ? ` stroke="${theme.colors.outline}" stroke-width="${num(theme.outline)}"` : "";
  if (!theme.shaded) return `<circle r="${num(RADIUS)}" fill="${hexed(ramp[1])}"${outline}/>`;
  const stops = STOPS.map((at, step) => `<stop offset="${at}" stop-color="${hexed(ramp[step])}"/>`).join("");
  return (
    `<radialGradient id="${key}s" fx=".34" fy=".25">${stops}</radialGradient>` +
    `<circle r="${num(RADIUS)}" fill="url(#${key}s)"${outline}/>` +
    `${forehead(c, theme, key)}${gloss(theme, key)}`
  );
}

/**
 * How much of each tint the skin takes; together at most 1.
 * @param {import("./controls.js").Controls} c
 * @returns {[string, number][]}
 */
function tintWeights(c) {
  const total = Math.max(1, c.red + c.blue + c.green + c.pale);
  return TINTS.filter((tint) => c[tint] / total > 0).map((tint) => [tint, c[tint] / total]);
}

function skin(c, theme) {
  let ramp = theme.skin;
  for (const [tint, weight] of tintWeights(c)) {
    ramp = ramp.map((now, step) =>
      now.map((value, i) => value + weight * (theme.tints[tint][step][i] - theme.skin[step][i])),
    );
  }
  return ramp;
}

/** The color that pours down from the top of the head: cold blue of fear, dark red of anger. */
function forehead(c, theme, key) {
  const weights = tintWeights(c);
  const strength = weights.reduce((sum, [, weight]) => sum + weight, 0);
  // A faint blue over yellow is a muddy green, so the color comes late: by the square of its strength.
  const cover = strength * strength - 0.01;
  if (cover <= 0) return "";
  const [deep, light] = [0, 1].map((k) =>
    hexed(mean(weights.map(([tint, w]) => [theme.forehead[tint][k], w / strength]))),
  );
  const stops =
    `<stop stop-color="${deep}" stop-opacity="${num(0.95 * cover)}"/>` +
    `<stop offset=".5" stop-color="${light}" stop-opacity="${num(0.6 * cover)}"/>` +
    `<stop offset="1" stop-color="${light}" stop-opacity="0"/>`;
  return (
    `<linearGradient id="${key}f" x2="0" y2="1">${stops}</linearGradient>` +
    `<path d="M-90.7 15A92 92 0 1 1 90.7 15Z" fill="url(#${key}f)"/>`
  );
}

/** @param {[RGB, number][]} weighted @returns {RGB} */
const mean = (weighted) => {
  const channel = (/** @type {number} */ i) => weighted.reduce((sum, [color, weight]) => sum + color[i] * weight, 0);
  return [channel(0), channel(1), channel(2)];
};

function gloss(theme, key) {
  if (!theme.gloss) return "";
  return (
    `<radialGradient id="${key}g"><stop stop-color="#fff" stop-opacity="${num(theme.gloss)}"/>` +
    `<stop offset="1" stop-color="#fff" stop-opacity="0"/></radialGradient>` +
    `<ellipse rx="34" ry="19" transform="translate(-38-62)rotate(-32)" fill="url(#${key}g)"/>`
  );
}

/**
 * The blush, nothing where there is none.
 * @param {import("./controls.js").Controls} c
 * @param {import("./themes.js").Theme} theme
 * @param {string} key
 */
export function cheeks(c, theme, key) {
  if (c.blush <= 0 || theme.marks) return "";
  const color = theme.colors.blush;
  let [gradient, fill, opacity] = ["", color, 0.4 * c.blush];
  if (theme.shaded) {
    const stops =
      `<stop stop-color="${color}" stop-opacity=".6"/>` + `<stop offset="1" stop-color="${color}" stop-opacity="0"/>`;
    [gradient, fill, opacity] = [`<radialGradient id="${key}b">${stops}</radialGradient>`, `url(#${key}b)`, c.blush];
  }
  const [turn, paint] = [new Turn(c), `fill="${fill}" fill-opacity="${num(opacity)}"`];
  return gradient + [-59, 59].map((x) => cheek(turn.at(x, 15), paint)).join("");
}

function cheek({ x, y, across, down }, paint) {
  return `<ellipse cx="${num(x)}" cy="${num(y)}" rx="${num(22 * across)}" ry="${num(15 * down)}" ${paint}/>`;
}
