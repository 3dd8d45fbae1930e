/** A face that breathes and blinks, as a moving picture that every chat program shows. */

import { alive, controlsOf, drawControls } from "../emoji/index.js";
import { breathe } from "./dom.js";
import { pixels } from "./raster.js";
import { say } from "./text.js";

const SIDE = 320;
const FRAMES = 32;
/** The place in the palette that stands for what is clear: a GIF knows nothing between clear and opaque. */
const CLEAR = 255;
/** Milliseconds a frame: GIF counts in hundredths of a second. */
const TICK = 70;

/**
 * Return a looping GIF of an expression.
 * @param {{scores: Record<string, number>, uncertain?: boolean}} reading
 * @param {import("./animated-emoji.js").DrawOptions} options
 * @returns {Promise<Blob>}
 */
export async function sticker({ scores, uncertain }, options) {
  const { GIFEncoder, quantize, applyPalette } = await encoder();
  const resting = controlsOf(scores, { ...options, uncertain });
  const gif = GIFEncoder();
  /** @type {number[][]|null} */
  let palette = null;
  for (let frame = 0; frame < FRAMES; frame += 1) {
    const rgba = await frameOf(alive(resting, frame / FRAMES), options);
    // One palette for all frames: colors do not flicker, and the file is smaller. Its last place is what is clear.
    palette ??= [...quantize(opaquePixels(rgba), CLEAR, { format: "rgb565" })];
    const indices = applyPalette(rgba, palette, "rgb565");
    for (let i = 0; i < indices.length; i += 1) if (rgba[4 * i + 3] < 128) indices[i] = CLEAR;
    while (palette.length <= CLEAR) palette.push([0, 0, 0]);
    gif.writeFrame(indices, SIDE, SIDE, {
      ...(frame ? {} : { palette }),
      delay: TICK,
      dispose: 2,
      transparent: true,
      transparentIndex: CLEAR,
    });
    await breathe();
  }
  gif.finish();
  return new Blob([gif.bytes()], { type: "image/gif" });
}

/**
 * Return the GIF encoder, which `make web` puts beside the page. Called early, so that stickers need no network later.
 * @returns {Promise<any>}
 */
export async function encoder() {
  try {
    return await import(new URL("../runtime/gifenc.esm.js", import.meta.url).href);
  } catch {
    throw new Error(say("save.no_sticker"));
  }
}

/**
 * @param {Record<string, number>} controls
 * @param {import("./animated-emoji.js").DrawOptions} options
 * @returns {Promise<Uint8ClampedArray>} its pixels, four numbers each
 */
async function frameOf(controls, options) {
  const { theme, skin, background } = options;
  const canvas = await pixels(drawControls(controls, { theme, skin, background, size: SIDE }), SIDE);
  return /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d")).getImageData(0, 0, SIDE, SIDE).data;
}

/**
 * @param {Uint8ClampedArray} rgba
 * @returns {Uint8ClampedArray} the pixels that are not clear: the palette is for them alone
 */
function opaquePixels(rgba) {
  const opaque = new Uint8ClampedArray(rgba.length);
  let at = 0;
  for (let i = 0; i < rgba.length; i += 4) {
    if (rgba[i + 3] < 128) continue;
    opaque.set(rgba.subarray(i, i + 4), at);
    at += 4;
  }
  return opaque.slice(0, at);
}
