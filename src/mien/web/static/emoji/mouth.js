/** The mouth: one smooth shape from a straight line to a laugh, with teeth and tongue clipped inside it. */

import { clamp, lerp, num, path } from "./shapes.js";
import { Turn } from "./turning.js";

/** @typedef {import("./controls.js").Controls} Controls */
/** @typedef {import("./themes.js").Theme} Theme */
/** @typedef {import("./shapes.js").Path} Path */

const MOUTH_Y = 37;

/** Weight of the line of the lips, in units, and how much of it parted lips lose. */
const LINE = 8;
const THINNER = 0.3;

/** How far up and down a mouth opens, in units: never into the eyes, never off the chin. */
const HIGHEST = 9;
const LOWEST = 80;

/** How far along the way to the middle the handles at the corners reach. */
const BEND = 0.62;

/**
 * The frame of a mouth: its corners, the middles of both lips, and how the lips leave the corners.
 * @param {Controls} c
 */
function frame(c) {
  const y = MOUTH_Y + c.mouth_y - 0.16 * c.mouth_smirk;
  const top = Math.max(HIGHEST, y - c.mouth_open * c.mouth_lift);
  const low = Math.min(LOWEST, y + c.mouth_open * (1 - c.mouth_lift));
  return {
    wide: c.mouth_width,
    left: Math.max(HIGHEST + 5, MOUTH_Y + c.mouth_y - c.mouth_smile + c.mouth_skew),
    right: Math.max(HIGHEST + 5, MOUTH_Y + c.mouth_y - c.mouth_smile - c.mouth_smirk - c.mouth_skew),
    top,
    low,
    gap: low - top,
    point: 0.32 * c.mouth_width * (1 - c.mouth_round),
    wave: (13 * c.mouth_wave * Math.min(1, c.mouth_width / 28)) / (1 + c.mouth_open / 40),
  };
}

/** The curve from the left corner to the right one by a middle, all of it lowered by a drop. @returns {Path} */
function across(lips, middle, drop = 0) {
  const { wide: w, wave: s, point } = lips;
  const [left, right, mid] = [lips.left + drop, lips.right + drop, middle + drop];
  return [
    ...["C", -w + point, lerp(left, mid, BEND) - s, -0.52 * w, mid - s, 0, mid],
    ...["C", 0.52 * w, mid + s, w - point, lerp(right, mid, BEND) + s, w, right],
  ];
}

/** The same curve from right to left. @returns {Path} */
function back(lips, middle, drop = 0) {
  const { wide: w, wave: s, point } = lips;
  const [left, right, mid] = [lips.left + drop, lips.right + drop, middle + drop];
  return [
    ...["C", w - point, lerp(right, mid, BEND) + s, 0.52 * w, mid + s, 0, mid],
    ...["C", -0.52 * w, mid - s, -w + point, lerp(left, mid, BEND) - s, -w, left],
  ];
}

/**
 * The mouth: a line where it is closed, else its inside, teeth and tongue within the lips.
 * @param {Controls} c
 * @param {Theme} theme
 * @param {string} key
 */
export const mouth = (c, theme, key) => new Turn(c).group(0, MOUTH_Y, lipsAndInside(c, theme, key));

function lipsAndInside(c, theme, key) {
  const lips = frame(c);
  // The lips thin as they part: at full weight a narrow gap between them is a slab of the line's own color.
  const weight = LINE * c.line_weight * (1 - THINNER * Math.min(1, c.mouth_open / 10));
  const line = `stroke="${theme.colors.line}" stroke-width="${num(weight)}" stroke-linejoin="round"`;
  if (c.mouth_open <= 0) {
    const closed = path("M", -lips.wide, lips.left, ...across(lips, lips.top));
    return `<path d="${closed}" fill="none" ${line} stroke-linecap="round"/>${tongueOut(c, theme, key, lips)}`;
  }
  const d = path("M", -lips.wide, lips.left, ...across(lips, lips.top), ...back(lips, lips.low), "Z");
  const [gradient, fill] = inside(theme, key);
  let inner = tongue(c, theme, lips) + teeth(c, theme, lips);
  if (inner) inner = `<clipPath id="${key}m"><path d="${d}"/></clipPath><g clip-path="url(#${key}m)">${inner}</g>`;
  return `${gradient}<path d="${d}" fill="${fill}" ${line}/>${inner}${tongueOut(c, theme, key, lips)}`;
}

/** The gradient of the inside of the mouth, and the paint that names it. */
function inside(theme, key) {
  if (!theme.shaded) return ["", theme.colors.mouth];
  const stops = `<stop stop-color="${theme.colors.mouth_deep}"/><stop offset="1" stop-color="${theme.colors.mouth}"/>`;
  return [`<linearGradient id="${key}c" x2="0" y2="1">${stops}</linearGradient>`, `url(#${key}c)`];
}

function tongue(c, theme, lips) {
  if (c.tongue <= 0) return "";
  const rise = 0.42 * c.tongue * lips.gap;
  const [rx, ry] = [0.74 * lips.wide, 0.7 * lips.wide];
  return `<ellipse cy="${num(lips.low - rise + ry)}" rx="${num(rx)}" ry="${num(ry)}" fill="${theme.colors.tongue}"/>`;
}

/** The rows of teeth: the upper one alone, or both, which meet where they are clenched. */
function teeth(c, theme, lips) {
  // No one clenches teeth in a round mouth, and a sliver of them looks like dirt, so thin rows are faint.
  const grit = c.grit * clamp((lips.wide - 14) / 10, 0, 1);
  const [upper, lower] = [Math.max(0.34 * c.teeth, 0.5 * grit) * lips.gap, 0.5 * grit * lips.gap];
  if (upper <= 0) return "";
  // Only a row that shows alone hangs over the corners; clenched rows meet there.
  const drop = 0.27 * c.teeth * (1 - grit) * lips.gap;
  const { wide: w, left, right } = lips;
  let rows = path(
    ...["M", -w, left - 9, ...across(lips, lips.top, -9), "L", w, right + drop],
    ...[...back(lips, lips.top + upper - drop, drop), "Z"],
  );
  if (lower > 0) {
    rows += path("M", -w, left + 9, ...across(lips, lips.low, 9), "L", w, right, ...back(lips, lips.low - lower), "Z");
  }
  const share = clamp((upper - 1.2) / 2, 0, 1);
  const faint = share < 1 ? ` fill-opacity="${num(share)}"` : "";
  return `<path d="${rows}" fill="${theme.colors.teeth}"${faint}/>${gaps(grit * share, theme, lips)}`;
}

/** The lines between clenched teeth, in the color of the mouth, so that they vanish where no teeth are. */
function gaps(grit, theme, lips) {
  if (grit <= 0) return "";
  const middle = lerp(lips.top, lips.low, 0.5);
  let cuts = path("M", -lips.wide, lips.left, ...across(lips, middle));
  for (const share of [-0.66, -0.22, 0.22, 0.66]) {
    cuts += path("M", share * lips.wide, middle - lips.gap, "V", middle + lips.gap);
  }
  const opacity = theme.marks ? "" : ' stroke-opacity=".45"';
  const stroke = `stroke="${theme.colors.mouth_deep}" stroke-width="${num(2.2 * grit)}"`;
  return `<path d="${cuts}" fill="none" ${stroke}${opacity}/>`;
}

/** The tongue over the lower lip, dark where it comes out of the mouth. */
function tongueOut(c, theme, key, lips) {
  if (c.tongue_out <= 0) return "";
  const [r, n, y] = [0.44 * lips.wide, 34 * c.tongue_out, lerp(lips.top, lips.low, 0.5)];
  const d = path("M", -r, y, "V", y + 0.42 * n, "C", -r, y + 1.2 * n, r, y + 1.2 * n, r, y + 0.42 * n, "V", y);
  const groove = path("M", 0, y + 0.4 * n, "V", y + 0.68 * n);
  const { mouth: dark, tongue: pink, tongue_deep: deep, line } = theme.colors;
  let [gradient, fill] = ["", pink];
  const edge = num(5 * c.tongue_out);
  if (theme.shaded) {
    const stops = `<stop offset=".1" stop-color="${dark}"/><stop offset=".6" stop-color="${pink}"/>`;
    [gradient, fill] = [`<linearGradient id="${key}t" x2="0" y2="1">${stops}</linearGradient>`, `url(#${key}t)`];
  }
  return (
    `${gradient}<path d="${d}" fill="${fill}" stroke="${line}" stroke-width="${edge}"/><path d="${groove}" ` +
    `stroke="${deep}" stroke-width="${edge}" stroke-linecap="round"/>`
  );
}
