/** Drawings become pictures: SVG text to an element, to pixels, to a file's bytes. */

import { make, sheet } from "./dom.js";
import { altOf } from "./words.js";

/**
 * Return a drawing as a picture element with its own alt text.
 * @param {string} svg
 * @param {string} name the element's class
 * @returns {HTMLImageElement}
 */
export function picture(svg, name) {
  const address = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }));
  return make("img", { class: name, src: address, alt: altOf(svg), onload: () => URL.revokeObjectURL(address) });
}

/**
 * Return a drawing as pixels.
 * @param {string} svg
 * @param {number} size side in pixels
 * @returns {Promise<HTMLCanvasElement>}
 */
export async function pixels(svg, size) {
  const image = new Image();
  const address = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }));
  try {
    image.src = address;
    await image.decode();
    const { canvas, pen } = sheet(size, size);
    pen.drawImage(image, 0, 0, size, size);
    return canvas;
  } finally {
    URL.revokeObjectURL(address);
  }
}
