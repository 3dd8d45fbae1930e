/** The card for posting: one photo, one large emoji, a few words; square, 4:5 or 9:16. */

import {
  CARD_BACKDROP_SIDE,
  CARD_BRAND_SIZE,
  CARD_FEATHER,
  CARD_HEAD,
  CARD_LINE,
  CARD_RIM,
  CARD_SMALL,
} from "../constants.js";
import { badgePlaces, emojiPlace, LAYOUTS, onCard, photoWindow } from "./card-layout.js";
import { sheet } from "./dom.js";
import { drawFace } from "./face-drawing.js";
import { pixels } from "./raster.js";
import { say } from "./text.js";
import { expressionInWords, meanScores, mood } from "./words.js";

const PAPER = "#fbf5e6";
const INK = "#2a1c10";
const SOFT = "#6b5a48";
const TRACK = "#ece0c6";
/** The page's own fonts. */
const [SERIF, SANS] = ["--serif", "--sans"].map((name) =>
  getComputedStyle(document.documentElement).getPropertyValue(name),
);

/** @typedef {CanvasRenderingContext2D} Pen @typedef {import("./words.js").Reading} Reading */
/** @typedef {import("./words.js").Box} Box @typedef {import("./card-layout.js").Layout} Layout */
/** @typedef {import("./animated-emoji.js").DrawOptions} DrawOptions */
/** @typedef {{text: string, x: number, y: number, width: number, size: number, bold: boolean}} Line */

/**
 * Return the card of a whole photo, or of one face in it.
 * @param {import("./save-dialog.js").Subject} subject
 * @param {string} shape "square", "portrait" or "tall"
 * @param {number} [face] the face that is described; all without it
 * @returns {Promise<HTMLCanvasElement>}
 */
export async function postOf({ picture, masked, recognition, options = {} }, shape, face) {
  if (!picture || !recognition) throw new Error("no picture");
  const layout = LAYOUTS[shape];
  const faces = face === undefined ? recognition.faces : [recognition.faces[face]];
  const { canvas, pen } = sheet(layout.width, layout.height);
  pen.fillStyle = PAPER;
  pen.fillRect(0, 0, layout.width, layout.height);
  const boxes = faces.map(({ box }) => box);
  const shown = photoWindow(recognition.width, recognition.height, boxes, layout);
  photo(pen, picture, recognition, shown, layout);
  if (faces.length > 1 && !masked) {
    const on = boxes.map((box) => onCard(box, shown, layout));
    for (const [i, place] of badgePlaces(on, layout).entries()) await emoji(pen, faces[i], place, {});
  }
  await large(pen, faces, emojiPlace(layout), options);
  pen.textBaseline = "middle";
  for (const { text, x, y, size, bold } of linesOf(faces, layout)) {
    pen.font = fontOf(size, bold);
    pen.fillStyle = bold ? INK : SOFT;
    pen.fillText(text, x, y);
  }
  return canvas;
}

/**
 * Return the wordmark and the words, each with its place on the card; the words are one size, the largest that fits.
 * @param {Reading[]} faces
 * @param {Layout} layout
 * @returns {Line[]}
 */
export function linesOf(faces, layout) {
  const words = wordsOf(faces);
  const below = faces.length > 1 ? say("photos.faces", { n: faces.length }) : "";
  const { pen } = sheet(1, 1);
  const widthOf = (/** @type {string} */ text, /** @type {number} */ size, /** @type {boolean} */ bold) => {
    pen.font = fontOf(size, bold);
    return pen.measureText(text).width;
  };
  const room = layout.words_right - layout.words_left;
  const high = layout.words_bottom - layout.words_top;
  const rows = (words.length + (below ? CARD_SMALL : 0)) * CARD_LINE;
  let size = Math.min(layout.text, high / rows);
  while (size > 8 && words.some((text) => widthOf(text, size, true) > room)) size -= 1;
  const line = (/** @type {string} */ text, /** @type {number} */ y, /** @type {number} */ big, bold = true) => {
    const width = widthOf(text, big, bold);
    return { text, x: layout.words_left + (layout.centered ? (room - width) / 2 : 0), y, width, size: big, bold };
  };
  const top = (layout.words_top + layout.words_bottom - rows * size) / 2;
  const placed = words.map((text, i) => line(text, top + (i + 0.5) * CARD_LINE * size, size));
  if (below) {
    const small = CARD_SMALL * size;
    placed.push(line(below, top + words.length * CARD_LINE * size + (CARD_LINE * small) / 2, small, false));
  }
  return [line(say("brand"), layout.brand - CARD_BRAND_SIZE / 2, CARD_BRAND_SIZE), ...placed];
}

/** @param {Reading[]} faces */
function wordsOf(faces) {
  if (!faces.length) return [say("card.nobody")];
  return faces.length > 1 ? [mood(faces)] : expressionInWords(faces[0]).replace(/, /g, ",\n").split("\n");
}

/**
 * @param {number} size
 * @param {boolean} bold
 */
const fontOf = (size, bold) => (bold ? `600 ${size}px ${SERIF}` : `${size}px ${SANS}`);

/**
 * Paint a window of the photo; what lies outside the photo is a soft blur of it.
 * @param {Pen} pen
 * @param {HTMLCanvasElement} picture
 * @param {{width: number, height: number}} size of the photo in which the window is given
 * @param {Box} shown
 * @param {Layout} layout
 */
function photo(pen, picture, { width, height }, shown, layout) {
  const whole = onCard({ left: 0, top: 0, right: width, bottom: height }, shown, layout);
  const sides = [
    whole.left > 0.5,
    whole.top > 0.5,
    whole.right < layout.width - 0.5,
    whole.bottom < layout.photo - 0.5,
  ];
  pen.save();
  pen.imageSmoothingQuality = "high";
  pen.beginPath();
  pen.rect(0, 0, layout.width, layout.photo);
  pen.clip();
  if (sides.some(Boolean)) backdrop(pen, picture, layout);
  const { canvas, pen: sharp } = sheet(layout.width, layout.photo);
  sharp.imageSmoothingQuality = "high";
  sharp.drawImage(picture, whole.left, whole.top, whole.right - whole.left, whole.bottom - whole.top);
  fade(sharp, whole, sides);
  pen.drawImage(canvas, 0, 0);
  pen.restore();
}

/**
 * @param {Pen} pen
 * @param {HTMLCanvasElement} picture
 * @param {Layout} layout
 */
function backdrop(pen, picture, layout) {
  // Scaled up in two steps: in one, the few pixels would show as diamonds.
  let from = picture;
  for (const side of [8 * CARD_BACKDROP_SIDE, CARD_BACKDROP_SIDE, 6 * CARD_BACKDROP_SIDE]) {
    const { canvas, pen: small } = sheet(side, side);
    small.imageSmoothingQuality = "high";
    small.drawImage(from, 0, 0, side, side);
    from = canvas;
  }
  pen.drawImage(from, 0, 0, layout.width, layout.photo);
}

/**
 * Let the photo's edges fade that lie within its place.
 * @param {Pen} pen
 * @param {Box} whole
 * @param {boolean[]} sides left, top, right, bottom: whether they do
 */
function fade(pen, { left, top, right, bottom }, sides) {
  const edges = [
    [left, 0, left + CARD_FEATHER, 0],
    [0, top, 0, top + CARD_FEATHER],
    [right, 0, right - CARD_FEATHER, 0],
    [0, bottom, 0, bottom - CARD_FEATHER],
  ];
  pen.globalCompositeOperation = "destination-in";
  for (const [x, y, toX, toY] of edges.filter((_, i) => sides[i])) {
    const ramp = pen.createLinearGradient(x, y, toX, toY);
    ramp.addColorStop(0, "transparent");
    ramp.addColorStop(1, "black");
    pen.fillStyle = ramp;
    pen.fillRect(0, 0, pen.canvas.width, pen.canvas.height);
  }
}

/**
 * Paint the emoji of the one face or of the group's mood; an empty ring where there is nobody.
 * @param {Pen} pen
 * @param {Reading[]} faces
 * @param {Box} place
 * @param {DrawOptions} options
 */
async function large(pen, faces, place, options) {
  if (faces.length === 1) return emoji(pen, faces[0], place, options);
  if (faces.length) return emoji(pen, { scores: meanScores(faces) }, place, options);
  disc(pen, place, 0);
  pen.lineWidth = 12;
  pen.strokeStyle = TRACK;
  return pen.stroke();
}

/**
 * Paint an emoji with a rim of paper around its head, which parts it from the photo.
 * @param {Pen} pen
 * @param {Reading} reading
 * @param {Box} place
 * @param {DrawOptions} options
 */
async function emoji(pen, reading, place, options) {
  const side = place.right - place.left;
  disc(pen, place, CARD_RIM);
  const drawn = await pixels(drawFace(reading, { ...options, size: 512 }), Math.ceil(side));
  pen.drawImage(drawn, place.left, place.top, side, side);
}

/**
 * @param {Pen} pen
 * @param {Box} place
 * @param {number} rim
 */
function disc(pen, { left, top, right, bottom }, rim) {
  pen.beginPath();
  pen.arc((left + right) / 2, (top + bottom) / 2, (CARD_HEAD / 2 + rim) * (right - left), 0, 2 * Math.PI);
  pen.fillStyle = PAPER;
  pen.fill();
}
