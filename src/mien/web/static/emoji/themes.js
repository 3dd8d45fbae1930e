/** The styles that a face can be drawn in: colors from the shared file, and any skin color instead of its own. */

import { THEME_DATA } from "./data.js";
import { hexed, mixed, rgb } from "./shapes.js";

/** @typedef {import("./shapes.js").RGB} RGB */
/**
 * @typedef {object} Theme
 * @property {boolean} shaded
 * @property {boolean} marks
 * @property {boolean} glowing
 * @property {number} outline
 * @property {number} gloss
 * @property {RGB[]} skin
 * @property {Record<string, RGB[]>} tints
 * @property {Record<string, RGB[]>} forehead
 * @property {Record<string, string>} colors
 */

/** The controls that color the skin. */
export const TINTS = Object.freeze(["red", "blue", "green", "pale"]);

export const THEMES = Object.freeze(Object.keys(THEME_DATA));

/** @type {RGB} */
const WHITE = [255, 255, 255];
/** @type {RGB} */
const BLACK = [0, 0, 0];

/** @type {Map<string, Theme>} */
const kept = new Map();
const MOST_KEPT = 64;

/**
 * A theme, with another skin color if one is given.
 * @param {string} name
 * @param {string | null} skin
 * @returns {Theme}
 */
export function load(name, skin = null) {
  const key = `${name} ${skin}`;
  const known = kept.get(key);
  if (known) return known;
  const theme = skin === null ? own(name) : withSkin(own(name), rgb(skin));
  if (kept.size >= MOST_KEPT) kept.clear();
  kept.set(key, theme);
  return theme;
}

/** @param {string} name @returns {Theme} */
function own(name) {
  if (!THEMES.includes(name)) throw new RangeError(`unknown theme "${name}"; the themes are ${THEMES.join(", ")}`);
  const data = THEME_DATA[name];
  const ramps = (source) => Object.fromEntries(TINTS.map((tint) => [tint, source[tint].map(rgb)]));
  return { ...data, skin: data.skin.map(rgb), tints: ramps(data), forehead: ramps(data.forehead) };
}

/**
 * The theme on another skin: lights, shades, brows and lids all follow from the one color.
 * @param {Theme} theme
 * @param {RGB} skin
 * @returns {Theme}
 */
function withSkin(theme, skin) {
  const warm = mixed(skin, [150, 50, 0], 0.22);
  const shades = [mixed(skin, WHITE, 0.45), mixed(skin, WHITE, 0.1), skin, mixed(warm, BLACK, 0.22)];
  const ramp = theme.shaded ? shades : [skin, skin, skin, skin];
  const lines = {
    brow: hexed(mixed(skin, [30, 8, 0], 0.72)),
    lid: hexed(mixed(skin, BLACK, 0.14)),
    line: hexed(mixed(skin, [40, 0, 0], 0.8)),
  };
  const tints = TINTS.map((tint) => [tint, theme.tints[tint].map((color, step) => mixed(color, ramp[step], 0.25))]);
  const colors = theme.shaded ? { ...theme.colors, ...lines } : theme.colors;
  return { ...theme, skin: ramp, tints: Object.fromEntries(tints), colors };
}
