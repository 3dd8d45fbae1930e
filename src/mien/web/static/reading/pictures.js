/** Anything that holds a picture becomes rows of pixels, upright, on white. */

import { MAX_PIXELS } from "../constants.js";

/** A picture is drawn in strips of at most so many pixels: phones give out no large canvases. */
const STRIP_PIXELS = 4_000_000;

/** @type {OffscreenCanvas | null} */
let canvas = null;

/** An error that the page can tell apart by its name: UnreadableImage or ImageTooLarge. */
export class PictureError extends Error {
  /** @param {string} name @param {string} message */
  constructor(name, message) {
    super(message);
    this.name = name;
  }
}

/**
 * The pixels of a picture. Photos are turned as their EXIF says, and their color profiles left alone, as in Python.
 * @param {import("./reader.js").Picture} picture
 * @returns {Promise<import("./pixels.js").Raster>}
 */
export async function pixelsOf(picture) {
  if (picture instanceof ImageData)
    return { width: picture.width, height: picture.height, channels: 4, data: picture.data };
  const bitmap = picture instanceof Blob ? await unpacked(picture) : picture;
  try {
    return (await copied(bitmap)) ?? drawn(bitmap);
  } finally {
    bitmap.close();
  }
}

async function unpacked(blob) {
  try {
    return await createImageBitmap(blob, { imageOrientation: "from-image", colorSpaceConversion: "none" });
  } catch {
    throw new PictureError(
      "UnreadableImage",
      blob.size ? "not a picture that this browser can read" : "the file is empty",
    );
  }
}

/**
 * The pixels of a video frame without a canvas: Chromium would keep half a gigabyte of frames that were drawn. Nothing
 * for other pictures, for frames to be turned, stretched or seen through, and in browsers that convert no frames.
 * @param {any} frame
 * @returns {Promise<import("./pixels.js").Raster | null>}
 */
async function copied(frame) {
  const { visibleRect: shown, displayWidth: width, displayHeight: height } = frame;
  if (!shown || shown.width !== width || shown.height !== height || frame.rotation || frame.flip) return null;
  // RGBA, BGRA, I420A: what is behind would show.
  if (!frame.format || frame.format.includes("A")) return null;
  const data = new Uint8Array(width * height * 4);
  const layout = await frame.copyTo(data, { format: "RGBA" }).catch(() => []);
  return layout.length === 1 ? { width, height, channels: 4, data } : null;
}

/** @param {any} bitmap @returns {import("./pixels.js").Raster} */
function drawn(bitmap) {
  const [width, height] = [bitmap.displayWidth ?? bitmap.width, bitmap.displayHeight ?? bitmap.height];
  if (width * height > MAX_PIXELS) {
    const megapixels = Math.round((width * height) / 1e6);
    throw new PictureError("ImageTooLarge", `${megapixels} megapixels; at most ${MAX_PIXELS / 1e6} are read`);
  }
  const rows = Math.max(1, Math.min(height, Math.floor(STRIP_PIXELS / width)));
  const pen = penOf(width, rows);
  if (rows === height) return { width, height, channels: 4, data: strip(pen, bitmap, width, 0, rows) };
  const data = new Uint8Array(width * height * 4);
  for (let top = 0; top < height; top += rows) {
    const high = Math.min(rows, height - top);
    data.set(strip(pen, bitmap, width, top, high), top * width * 4);
  }
  return { width, height, channels: 4, data };
}

function strip(pen, bitmap, width, top, rows) {
  pen.fillRect(0, 0, width, rows);
  pen.drawImage(bitmap, 0, -top);
  return pen.getImageData(0, 0, width, rows).data;
}

/** A white canvas of a size; the last one is kept, since a camera asks for the same again and again. */
function penOf(width, height) {
  if (!canvas || canvas.width !== width || canvas.height !== height) canvas = new OffscreenCanvas(width, height);
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  if (!pen) throw new PictureError("UnreadableImage", "this browser gives out no memory for the picture");
  pen.fillStyle = "#fff";
  return pen;
}
