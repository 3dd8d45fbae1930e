/** Why: the face is read again with each place covered once, and the drops are laid over an enlarged copy of it. */

import { PHOTO_LABELS, SIDE } from "../constants.js";
import { place } from "../reading/align.js";
import { make, sheet } from "./dom.js";
import { theReader } from "./loading.js";
import { unpack } from "./pictures.js";
import { say } from "./text.js";
import { expressionOf } from "./words.js";

/** The side of the enlarged face in pixels. */
const SHOWN = 240;
/** A drop of less than a point shows nothing. */
const LEAST = 0.01;
/** The least drop that is painted in full, so that the map of a reading that hangs on nothing stays pale. */
const FULL = 0.08;
const [FALLS, RISES] = ["226 38 38", "38 92 226"];

/** @typedef {import("./words.js").Face} Face @typedef {{rows: number, columns: number, drops: number[]}} Drops */

/**
 * Return the enlarged face with its map, and what it shows in words.
 * @param {Blob} file
 * @param {HTMLCanvasElement} picture as it is shown, perhaps smaller than in the file
 * @param {number} width of the picture in the file
 * @param {Face} face
 * @returns {Promise<HTMLElement>}
 */
export async function explanationOf(file, picture, width, face) {
  const reader = await theReader();
  const bitmap = await unpack(file);
  try {
    const drops = await reader.explain(bitmap, face, { labels: PHOTO_LABELS });
    const { canvas, pen } = enlarged(picture, picture.width / width, face);
    paint(pen, drops);
    canvas.className = "heat";
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", say("photos.explain_map"));
    return make("figure", { class: "why-figure" }, canvas, make("figcaption", { class: "soft" }, inWords(drops, face)));
  } finally {
    bitmap.close();
  }
}

/**
 * Return the face as the network sees it, but large and in color.
 * @param {HTMLCanvasElement} picture
 * @param {number} scale
 * @param {Face} face
 */
function enlarged(picture, scale, face) {
  const { canvas, pen } = sheet(SHOWN, SHOWN);
  const { a, b, left, top } = place(face.landmarks);
  const toPicture = new DOMMatrix([a, b, -b, a, left, top].map((value) => value * scale));
  pen.setTransform(new DOMMatrix().scale(SHOWN / SIDE).multiply(toPicture.inverse()));
  pen.imageSmoothingQuality = "high";
  pen.drawImage(picture, 0, 0);
  pen.resetTransform();
  return { canvas, pen };
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {Drops} map
 */
function paint(pen, { rows, columns, drops }) {
  const cells = sheet(columns, rows);
  const most = Math.max(FULL, ...drops.map(Math.abs));
  drops.forEach((drop, i) => {
    if (Math.abs(drop) < LEAST) return;
    cells.pen.fillStyle = `rgb(${drop > 0 ? FALLS : RISES} / ${((0.78 * Math.abs(drop)) / most).toFixed(3)})`;
    cells.pen.fillRect(i % columns, Math.floor(i / columns), 1, 1);
  });
  pen.imageSmoothingQuality = "high";
  pen.drawImage(cells.canvas, 0, 0, SHOWN, SHOWN);
}

/**
 * @param {Drops} map
 * @param {Face} face
 */
function inWords({ drops }, face) {
  const expression = say(`emotion.${expressionOf(face)}`);
  const points = Math.round(100 * Math.max(...drops));
  return points < 1 ? say("photos.explained_little", { expression }) : say("photos.explained", { expression, points });
}
