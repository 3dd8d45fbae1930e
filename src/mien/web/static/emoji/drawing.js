/** Controls become a drawing: one SVG, always the same bytes for the same face, and the same that Python writes. */

import { MAX_SIZE, MIN_SIZE } from "../constants.js";
import { blend, NAMES, optical } from "./controls.js";
import { extras, marks, question } from "./extras.js";
import { brows, eyes } from "./eyes.js";
import { cheeks, head } from "./head.js";
import { alike } from "./likeness.js";
import { mouth } from "./mouth.js";
import { crc32, hexed, num, rgb } from "./shapes.js";
import { load } from "./themes.js";
import { alt, title } from "./words.js";

/** @typedef {import("./controls.js").Controls} Controls */
/**
 * @typedef {object} Options
 * @property {boolean} [uncertain]
 * @property {string} [theme]
 * @property {number} [size]  pixels, 16 to 2048; small faces have heavier lines
 * @property {number} [tilt]  degrees, clockwise
 * @property {string | null} [background]  #rrggbb
 * @property {string | null} [skin]  #rrggbb
 * @property {[number, number] | null} [gaze]  right and up, -1 to 1
 * @property {import("./likeness.js").FaceShape | null} [shape]  what the face itself does
 * @property {number} [likeness]  how far the drawing follows the shape, 0 to 1
 */

/** The emoji drawn for scores, as SVG text. @param {import("./mixture.js").Scores} scores @param {Options} [options] */
export function draw(scores, options = {}) {
  return drawControls(controlsOf(scores, options), { ...options, title: title(scores, options) });
}

/**
 * The controls of scores, with tilt and gaze set, moved towards the face's own shape where there is one.
 * @param {import("./mixture.js").Scores} scores
 * @param {Options} [options]
 * @returns {Controls}
 */
export function controlsOf(scores, { uncertain = false, tilt = 0, gaze = null, shape = null, likeness } = {}) {
  if (likeness !== undefined && !(likeness >= 0 && likeness <= 1)) {
    throw new RangeError(`likeness is a number from 0 (the emotion alone) to 1 (this very face), not ${likeness}`);
  }
  const looking = gaze === null ? {} : { gaze_x: gaze[0], gaze_y: gaze[1] };
  const controls = blend(scores, { uncertain, fixed: { tilt: turn(tilt), ...looking } });
  return shape ? alike(controls, shape, likeness) : controls;
}

/**
 * The drawing of controls as SVG text; its parts from the back to the front. The alt text follows from the controls.
 * @param {Controls} controls
 * @param {{title?: string, theme?: string, size?: number, background?: string | null, skin?: string | null, key?:
 *   string}} [options]
 *   `key` begins the ids inside it, for a drawing that is changed in place; without it they follow from what is drawn
 */
export function drawControls(
  controls,
  {
    title: name = "Emoji",
    theme: themeName = "classic",
    size = 512,
    background = null,
    skin = null,
    key: own = "",
  } = {},
) {
  if (!Number.isInteger(size) || size < MIN_SIZE || size > MAX_SIZE) {
    throw new RangeError(`a size is a whole number of pixels from ${MIN_SIZE} to ${MAX_SIZE}, not ${size}`);
  }
  const [ground, tone] = [background, skin].map((color) => (color === null ? null : hexed(rgb(color))));
  const [c, theme, key] = [
    optical(controls, size),
    load(themeName, tone),
    own || idPrefix(controls, themeName, size, ground, tone),
  ];
  const transform = (c.tilt ? `rotate(${num(c.tilt)})` : "") + (c.bob ? `translate(0 ${num(c.bob)})` : "");
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="-100 -100 200 200" width="${size}" height="${size}" role="img">` +
    `<title>${escaped(name)}</title><desc>${alt(controls)}</desc>` +
    (ground ? `<path d="M-100-100H100V100H-100Z" fill="${ground}"/>` : "") +
    head(c, theme, key) +
    (transform ? `<g transform="${transform}">` : "<g>") +
    cheeks(c, theme, key) +
    marks(c, theme) +
    mouth(c, theme, key) +
    eyes(c, theme, key) +
    brows(c, theme) +
    extras(c, theme, key) +
    `</g>${question(c, theme)}</svg>`
  );
}

/** An angle as one from -180 to 180. */
function turn(degrees) {
  const rest = (degrees + 180) % 360;
  return (rest < 0 ? rest + 360 : rest) - 180;
}

/** A prefix for the ids inside the SVG, so that many drawings can stand in one page. */
function idPrefix(controls, theme, size, background, skin) {
  const seen = NAMES.map((name) => Math.floor(controls[name] * 1000 + 0.5)).join(" ");
  return `m${crc32(`${theme} ${size} ${background ?? "None"} ${skin ?? "None"} ${seen}`)}`;
}

const escaped = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
