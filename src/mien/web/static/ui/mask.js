/** A picture with every face under its emoji. */

import { sheet } from "./dom.js";
import { drawFace } from "./face-drawing.js";
import { disc, tiltOf } from "./geometry.js";
import { pixels } from "./raster.js";

/** What is painted under the emoji, so that no pixel of the face shines through its edge. */
const SKIN = { classic: "#ffc235", flat: "#ffd23f", line: "#ffffff", dark: "#352c68" };

/**
 * Return a copy of a picture with each face of a recognition hidden.
 * @param {HTMLCanvasElement} picture may be smaller than the picture that was read
 * @param {import("./words.js").Recognition} recognition
 * @param {"classic"|"flat"|"line"|"dark"} [theme]
 * @returns {Promise<HTMLCanvasElement>}
 */
export async function maskedCanvas(picture, recognition, theme = "classic") {
  const { canvas, pen } = sheet(picture.width, picture.height);
  const scale = picture.width / recognition.width;
  pen.drawImage(picture, 0, 0);
  // The nearer of two heads that touch is the larger one: it comes last, on top.
  const faces = [...recognition.faces].sort((a, b) => width(a) - width(b));
  for (const face of faces) {
    const { x, y, radius, size } = disc(face);
    const svg = drawFace(face, { tilt: tiltOf(face), theme, size: 512 });
    const emoji = await pixels(svg, Math.max(16, Math.ceil(size * scale)));
    pen.beginPath();
    pen.arc(x * scale, y * scale, radius * scale, 0, 2 * Math.PI);
    pen.fillStyle = SKIN[theme];
    pen.fill();
    pen.drawImage(emoji, (x - size / 2) * scale, (y - size / 2) * scale, size * scale, size * scale);
  }
  return canvas;
}

/** @param {import("./words.js").Face} face */
const width = ({ box }) => box.right - box.left;
