/** The card: the picture with its faces marked, the emoji, the words and the scores, as one figure to post. */

import { COLORS, colorOf } from "./colors.js";
import { sheet } from "./dom.js";
import { drawFace } from "./face-drawing.js";
import { pixels } from "./raster.js";
import { say } from "./text.js";
import { percent, phraseWithScore, ranked, whyUnsure } from "./words.js";

const PAPER = "#fbf5e6";
const INK = "#2a1c10";
const SOFT = "#6b5a48";
const TRACK = "#ece0c6";
const MARGIN = 44;
const HEIGHT = 640;
const PANEL = 460;
/** The page's own fonts. */
const [SERIF, SANS] = ["--serif", "--sans"].map((name) =>
  getComputedStyle(document.documentElement).getPropertyValue(name),
);

/** @typedef {CanvasRenderingContext2D} Pen @typedef {import("./words.js").Reading} Reading */

/**
 * Return the card of one face, of a whole picture, or of a reading alone.
 * @param {import("./save-dialog.js").Subject} subject
 * @param {Reading} reading whose words and scores the card shows, where it is one face
 * @param {number} [face] the face that is described; all without it
 * @returns {Promise<HTMLCanvasElement>}
 */
export async function cardOf({ picture, recognition, reading: alone, options = {} }, reading, face) {
  const wide = picture ? Math.min(960, (HEIGHT * picture.width) / picture.height) : 0;
  const high = picture ? (wide * picture.height) / picture.width : 0;
  const left = MARGIN + (picture ? wide + MARGIN : 0);
  const { canvas, pen } = sheet(left + PANEL + MARGIN, HEIGHT + 2 * MARGIN);
  pen.fillStyle = PAPER;
  pen.fillRect(0, 0, canvas.width, canvas.height);
  if (picture && recognition) {
    const top = MARGIN + (HEIGHT - high) / 2;
    photo(pen, picture, MARGIN, top, wide, high);
    recognition.faces.forEach((each, i) =>
      frame(pen, each, face === undefined || face === i, { left: MARGIN, top, scale: wide / recognition.width }),
    );
  }
  const faces = recognition?.faces ?? [];
  if (alone || face !== undefined) await one(pen, reading, options, left);
  else if (faces.length) await all(pen, faces, left);
  else nobody(pen, left);
  pen.textAlign = "left";
  signed(pen, left);
  return canvas;
}

/**
 * @param {Pen} pen
 * @param {HTMLCanvasElement} picture
 * @param {number} left
 * @param {number} top
 * @param {number} wide
 * @param {number} high
 */
function photo(pen, picture, left, top, wide, high) {
  pen.save();
  pen.beginPath();
  pen.roundRect(left, top, wide, high, 22);
  pen.clip();
  pen.imageSmoothingQuality = "high";
  pen.drawImage(picture, left, top, wide, high);
  pen.restore();
}

/**
 * @param {Pen} pen
 * @param {import("./words.js").Face} face
 * @param {boolean} highlighted
 * @param {{left: number, top: number, scale: number}} at
 */
function frame(pen, { box, scores, uncertain }, highlighted, { left, top, scale }) {
  pen.globalAlpha = highlighted ? 1 : 0.45;
  pen.lineWidth = 5;
  pen.strokeStyle = colorOf({ scores, uncertain });
  pen.beginPath();
  pen.roundRect(
    left + box.left * scale,
    top + box.top * scale,
    (box.right - box.left) * scale,
    (box.bottom - box.top) * scale,
    14,
  );
  pen.stroke();
  pen.globalAlpha = 1;
}

/**
 * One reading: the emoji large, its words, and the four highest scores.
 * @param {Pen} pen
 * @param {Reading} reading
 * @param {import("./animated-emoji.js").DrawOptions} options
 * @param {number} left
 */
async function one(pen, reading, options, left) {
  const middle = left + PANEL / 2;
  const emoji = await pixels(drawFace(reading, { ...options, size: 512 }), 320);
  pen.drawImage(emoji, middle - 160, MARGIN);
  pen.textAlign = "center";
  write(pen, phraseWithScore(reading), middle, MARGIN + 384, `600 36px ${SERIF}`, INK, PANEL);
  if (reading.uncertain) write(pen, whyUnsure(reading), middle, MARGIN + 420, `17px ${SANS}`, SOFT, PANEL);
  ranked(reading.scores)
    .slice(0, 4)
    .forEach(([label, share], i) => bar(pen, label, share, left, MARGIN + 458 + 36 * i));
}

/**
 * @param {Pen} pen
 * @param {string} label
 * @param {number} score
 * @param {number} left
 * @param {number} y
 */
function bar(pen, label, score, left, y) {
  pen.textAlign = "left";
  write(pen, say(`emotion.${label}`), left, y + 6, `18px ${SANS}`, INK, 128);
  pen.textAlign = "right";
  write(pen, percent(score), left + PANEL, y + 6, `18px ${SANS}`, SOFT);
  for (const [color, share] of /** @type {[string, number][]} */ ([
    [TRACK, 1],
    [COLORS[label], score],
  ])) {
    pen.fillStyle = color;
    pen.beginPath();
    pen.roundRect(left + 136, y - 6, Math.max(share > 0.005 ? 12 : 0, 252 * share), 12, 6);
    pen.fill();
  }
}

/**
 * Everyone: an emoji and words for each, as large as there is room for.
 * @param {Pen} pen
 * @param {import("./words.js").Face[]} faces
 * @param {number} left
 */
async function all(pen, faces, left) {
  const columns = faces.length <= 3 ? 1 : faces.length <= 8 ? 2 : Math.ceil(Math.sqrt(faces.length));
  const rows = Math.ceil(faces.length / columns);
  const [cell, row] = [PANEL / columns, (HEIGHT - 60) / rows];
  const size = Math.min(row - (columns > 1 ? 40 : 12), cell - 16, columns > 1 ? 200 : 180);
  for (const [i, face] of faces.entries()) {
    const [x, y] = [left + cell * (i % columns), MARGIN + row * Math.floor(i / columns)];
    const emoji = await pixels(drawFace(face, { size: 512 }), Math.max(16, Math.round(size)));
    pen.drawImage(emoji, columns > 1 ? x + (cell - size) / 2 : x, y, size, size);
    pen.textAlign = columns > 1 ? "center" : "left";
    const at =
      columns > 1 ? [x + cell / 2, y + size + 24, cell - 8] : [x + size + 24, y + size / 2 + 10, cell - size - 24];
    if (columns <= 3)
      write(pen, phraseWithScore(face), at[0], at[1], `600 ${columns > 1 ? 19 : 28}px ${SERIF}`, INK, at[2]);
  }
}

/**
 * The wordmark, and as far from it as its letters ask for what mien does, at the foot of the panel, which is theirs.
 * @param {Pen} pen
 * @param {number} left
 */
function signed(pen, left) {
  const y = HEIGHT + MARGIN - 4;
  write(pen, say("brand"), left, y, `600 24px ${SERIF}`, INK);
  const wide = pen.measureText(say("brand")).width + 14;
  write(pen, say("card.motto"), left + wide, y, `17px ${SANS}`, SOFT, PANEL - wide);
}

/**
 * @param {Pen} pen
 * @param {number} left
 */
function nobody(pen, left) {
  pen.textAlign = "center";
  write(pen, say("photos.nobody"), left + PANEL / 2, MARGIN + HEIGHT / 2, `600 32px ${SERIF}`, SOFT, PANEL);
}

/**
 * @param {Pen} pen
 * @param {string} text
 * @param {number} x
 * @param {number} y
 * @param {string} font
 * @param {string} color
 * @param {number} [most] the greatest width
 */
function write(pen, text, x, y, font, color, most) {
  pen.font = font;
  pen.fillStyle = color;
  pen.fillText(text, x, y, most);
}
