/** Eyes with lids, pupils and highlights, and the brows over them. */

import { clamp, lerp, num, path } from "./shapes.js";
import { Turn } from "./turning.js";

const EYE_X = 31;
const EYE_Y = -13;
const BROW_Y = -40;

/** The white of the eyes is seen from the first of these shares on, and at its brightest the second one later. */
const FIRST_WHITE = 0.1;
const FULL_WHITE = 0.5;

/** How far a pupil reaches over an eye without white. */
const COVER = 1.16;

/** The least height of an eye, in units: a closed eye is an arc of this weight. */
const SLIT = 6.5;

/** Handle length that makes four cubic arcs an ellipse. */
const KAPPA = 0.5523;

/** How far an eye is open, in units. Lids that would pass each other meet in a slit instead. */
function opening(c, side, lid) {
  const [rx, ry] = [(12.5 + 7.5 * c.eye_white) * c.eye_width, (16.5 + 5 * c.eye_white) * c.eye_height];
  const y = EYE_Y - 3 * c.gaze_y;
  const [top, low] = [lerp(-ry, 0.6 * ry, lid), lerp(ry, -0.3 * ry, c.cheek)];
  const over = Math.max(0, SLIT - low + top) / 2;
  const corner = y + 0.3 * ry * c.cheek + 0.12 * ry * lid;
  const slant = -0.42 * side * c.lid_slant * ry;
  return {
    x: side * (EYE_X + c.eye_white) + 3 * c.gaze_x,
    y,
    rx,
    ry,
    top: top - over,
    low: low + over,
    left: corner - 0.5 * slant,
    right: corner + 0.5 * slant,
    slant,
    flat: lerp(KAPPA, 0.8, Math.max(lid, 0.6 * Math.abs(c.lid_slant))),
  };
}

/** The edge of the upper lid, from the left corner to the right one. @returns {import("./shapes.js").Path} */
function upper({ x, y: middle, rx, top, left, right, slant, flat }) {
  const [y, k] = [middle + top, KAPPA * rx];
  return [
    ...["M", x - rx, left],
    ...["C", x - rx, lerp(left, y - slant, flat), x - k, y - slant, x, y],
    ...["C", x + k, y + slant, x + rx, lerp(right, y + slant, flat), x + rx, right],
  ];
}

/** The edge of the lower lid, back to the left corner. @returns {import("./shapes.js").Path} */
function lower({ x, y: middle, rx, low, left, right }) {
  const [y, k] = [middle + low, KAPPA * rx];
  return [
    ...["C", x + rx, lerp(right, y, KAPPA), x + k, y, x, y],
    ...["C", x - k, y, x - rx, lerp(left, y, KAPPA), x - rx, left, "Z"],
  ];
}

/**
 * Both eyes.
 * @param {import("./controls.js").Controls} c
 * @param {import("./themes.js").Theme} theme
 * @param {string} key
 */
export function eyes(c, theme, key) {
  const colors = theme.colors;
  let [gradients, dark, white] = ["", colors.pupil, colors.white];
  if (theme.shaded) {
    if (c.eye_white > 0 || !theme.glowing) {
      gradients = fade(`${key}e`, dark, colors.pupil_low);
      dark = `url(#${key}e)`;
    }
    if (theme.glowing) {
      gradients += fade(`${key}w`, colors.eye, colors.eye_low);
      white = `url(#${key}w)`;
    } else if (c.eye_white > 0) {
      gradients += fade(`${key}w`, colors.white_shade, white, ".5");
      white = `url(#${key}w)`;
    }
  }
  const [left, right] = [eye(c, theme, `${key}l`, -1, dark, white), eye(c, theme, `${key}r`, 1, dark, white)];
  const turn = new Turn(c);
  return gradients + turn.group(-EYE_X, EYE_Y, left) + turn.group(EYE_X, EYE_Y, right);
}

function fade(name, high, low, until = "1") {
  const stops = `<stop stop-color="${high}"/><stop offset="${until}" stop-color="${low}"/>`;
  return `<linearGradient id="${name}" x2="0" y2="1">${stops}</linearGradient>`;
}

/** One eye: what lies between the lids, cut by them, and the upper lid's line. */
function eye(c, theme, name, side, dark, pale) {
  const lid = clamp(c.lid + (side < 0 ? c.squint : 0) + Math.max(0, side * c.wink), 0, 1);
  const open = opening(c, side, lid);
  const [shape, white] = [path(...upper(open), ...lower(open)), c.eye_white];
  // The white fades in as its ring widens: at full strength from the start it would be a hairline around the pupil.
  const bright = theme.glowing || white <= 0 ? 1 : clamp((white - FIRST_WHITE) / FULL_WHITE, 0, 1);
  // Without white around it the pupil is the eye, so its fill needs no clipping and its edge is rounded by a stroke.
  const fill = theme.glowing || white > 0 ? pale : dark;
  const edged = theme.colors.white_edge !== "none";
  const bare = Math.max(0, 1 - white / FIRST_WHITE);
  const [edge, weight] = edged ? [theme.colors.white_edge, 3] : [theme.colors.eye, 3 * bare];
  const opacity = bright >= 1 ? "" : ` fill-opacity="${num(bright)}"`;
  const outline = weight > 0 ? ` stroke="${edge}" stroke-width="${num(weight)}" stroke-linejoin="round"` : "";
  let inner = white > 0 ? pupil(c, theme, open, dark) : shine(c, theme, open, open.x, open.y, open.rx, open.ry);
  if (inner) inner = `<clipPath id="${name}"><path d="${shape}"/></clipPath><g clip-path="url(#${name})">${inner}</g>`;
  const upperLine = lash(theme, open, Math.max(lid, 0.45 * white * bright));
  return `<path d="${shape}" fill="${fill}"${opacity}${outline}/>${inner}${upperLine}`;
}

/** The pupil where it looks. It fills the eye until white shows; in a glowing eye it grows from nothing. */
function pupil(c, theme, open, dark) {
  const share = Math.min(1, 1.25 * c.eye_white);
  const [wide, high] = theme.glowing ? [0, 0] : [COVER * 12.5 * c.eye_width, COVER * 16.5 * c.eye_height];
  const [rx, ry] = [lerp(wide, 11.5 * c.pupil, share), lerp(high, 12 * c.pupil, share)];
  const x = open.x + 0.85 * c.gaze_x * Math.max(0, open.rx - rx);
  const y = open.y - 0.85 * c.gaze_y * Math.max(0, open.ry - ry);
  const disk = `<ellipse cx="${num(x)}" cy="${num(y)}" rx="${num(rx)}" ry="${num(ry)}" fill="${dark}"/>`;
  return disk + shine(c, theme, open, x, y, Math.min(rx, open.rx), Math.min(ry, open.ry));
}

/** The two highlights of a pupil; the eye has to be open enough for them. */
function shine(c, theme, open, x, y, rx, ry) {
  const size = c.shine * clamp((open.low - open.top - 15) / 9, 0, 1);
  if (size <= 0) return "";
  const high = Math.max(y - 0.4 * ry, open.y + open.top + 0.42 * rx);
  const low = Math.min(y + 0.42 * ry, open.y + open.low - 0.3 * rx);
  const [color, faint] = [theme.colors.shine, theme.marks ? "" : ' fill-opacity=".75"'];
  return (
    `<circle cx="${num(x - 0.3 * rx)}" cy="${num(high)}" r="${num(0.36 * rx * size)}" fill="${color}"/>` +
    `<circle cx="${num(x + 0.36 * rx)}" cy="${num(low)}" r="${num(0.18 * rx * size)}" fill="${color}"${faint}/>`
  );
}

/** The line of the upper lid, heavier the lower it is. */
function lash(theme, open, amount) {
  if (amount <= 0) return "";
  const stroke = `stroke="${theme.colors.lash}" stroke-width="${num(5.5 * amount)}" stroke-linecap="round"`;
  return `<path d="${path(...upper(open))}" fill="none" ${stroke}/>`;
}

/**
 * Both brows, thick at the inner end, thin at the outer.
 * @param {import("./controls.js").Controls} c
 * @param {import("./themes.js").Theme} theme
 */
export function brows(c, theme) {
  const color = theme.colors.brow;
  const paint = `fill="${color}" stroke="${color}" stroke-width="4.4" stroke-linejoin="round"`;
  const turn = new Turn(c);
  if (!turn.turned) return `<path d="${brow(c, -1)}${brow(c, 1)}" ${paint}/>`;
  const both = [-1, 1].map((side) => turn.group(side * EYE_X, BROW_Y, `<path d="${brow(c, side)}"/>`));
  return `<g ${paint}>${both.join("")}</g>`;
}

function brow(c, side) {
  const y = BROW_Y - c.brow_height - side * c.brow_cock * 9;
  const [inner, outer] = [side * (16 - 5 * c.brow_pinch), side * 49];
  const [yIn, yOut] = [y + c.brow_slant, y - 0.5 * c.brow_slant + 2];
  const [xm, ym] = [lerp(inner, outer, 0.5), lerp(yIn, yOut, 0.5) - 2 * c.brow_arch];
  const w = 2.9 * c.brow_weight;
  return path(
    ...["M", inner, yIn - w],
    ...["Q", xm, ym - 1.2 * w, outer, yOut],
    ...["Q", xm, ym + 1.4 * w, inner, yIn + w],
    ...["Q", inner - side * w, yIn, inner, yIn - w, "Z"],
  );
}
