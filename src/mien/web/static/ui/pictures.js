/** Files become pictures, upright and of a bearable size, or a problem that the texts know. */

import { MAX_PIXELS } from "../constants.js";
import { sheet } from "./dom.js";

/** The longer side of the copy that is shown, in pixels. */
const SHOWN = 1280;

export class PictureProblem extends Error {
  /**
   * @param {"unreadable"|"broken"|"empty"|"large"|"failed"} code
   * @param {Record<string, string|number>} [values]
   */
  constructor(code, values = {}) {
    super(code);
    this.code = code;
    this.values = values;
  }
}

/**
 * Return a file's picture with its EXIF turn applied; the caller closes it. `PictureProblem` says why not.
 * @param {Blob} file
 * @returns {Promise<ImageBitmap>}
 */
export async function unpack(file) {
  if (!file.size) throw new PictureProblem("empty");
  const { width, height } = await sizeOf(file);
  const megapixels = (/** @type {number} */ pixels) => Math.round(pixels / 1e6);
  if (width * height > MAX_PIXELS) {
    throw new PictureProblem("large", { megapixels: megapixels(width * height), limit: megapixels(MAX_PIXELS) });
  }
  try {
    return await createImageBitmap(file, { imageOrientation: "from-image" });
  } catch {
    throw new PictureProblem("broken");
  }
}

/**
 * Return a picture's size from its head, before its pixels are unpacked.
 * @param {Blob} file
 * @returns {Promise<{width: number, height: number}>}
 */
async function sizeOf(file) {
  const image = new Image();
  const address = URL.createObjectURL(file);
  try {
    await new Promise((resolve, reject) => {
      image.onload = resolve;
      image.onerror = () => reject(new PictureProblem("unreadable"));
      image.src = address;
    });
    return { width: image.naturalWidth, height: image.naturalHeight };
  } finally {
    URL.revokeObjectURL(address);
  }
}

/**
 * Return a picture as a canvas to be shown, made smaller where it is large.
 * @param {ImageBitmap} bitmap
 * @returns {HTMLCanvasElement}
 */
export function shown(bitmap) {
  const scale = Math.min(1, SHOWN / Math.max(bitmap.width, bitmap.height));
  const { canvas, pen } = sheet(bitmap.width * scale, bitmap.height * scale);
  pen.imageSmoothingQuality = "high";
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  return canvas;
}
