/** Animated faces as files that chat programs show: WebP with every color, GIF for those that know nothing newer. */

import { alive, controlsOf, drawControls } from "../emoji/index.js";
import { yieldToBrowser } from "./dom.js";
import { faceOptions } from "./face-drawing.js";
import { pixels } from "./raster.js";
import { say } from "./text.js";
import { animatedWebp } from "./webp.js";

const SIDE = 320;
const FRAMES = 32;
/** Milliseconds a frame of a sticker. */
const TICK = 70;
/** The place in the palette that stands for what is clear: a GIF knows nothing between clear and opaque. */
const CLEAR = 255;

/** @typedef {import("./clip.js").Clip} Clip */

/**
 * Return the loop in which a face breathes and blinks.
 * @param {import("./face-drawing.js").Drawable} reading
 * @param {import("./animated-emoji.js").DrawOptions} options
 * @param {Record<string, number>} [controls] in place of those that follow from the scores
 * @returns {Clip}
 */
export function stickerOf(reading, options, controls) {
  const resting = controls ?? controlsOf(reading.scores, { ...faceOptions(reading), ...options });
  const frames = Array.from({ length: FRAMES }, (_, i) => alive(resting, i / FRAMES));
  const { theme, skin, background } = options;
  return { frames, tick: TICK, theme, skin, background };
}

/**
 * Return a clip as a looping WebP.
 * @param {Clip} clip
 * @returns {Promise<Blob>}
 */
export const webpOf = (clip) => animatedWebp(picturesOf(clip), clip.tick);

/**
 * Return a clip as a looping GIF.
 * @param {Clip} clip
 * @returns {Promise<Blob>}
 */
export async function gifOf(clip) {
  const { GIFEncoder, quantize, applyPalette } = await encoder();
  const gif = GIFEncoder();
  /** @type {number[][]|null} */
  let palette = null;
  for await (const canvas of picturesOf(clip)) {
    const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
    const rgba = pen.getImageData(0, 0, SIDE, SIDE).data;
    const first = !palette;
    // One palette for all frames: colors do not flicker, and the file is smaller. Its last place is what is clear.
    palette ??= [...quantize(opaquePixels(rgba), CLEAR, { format: "rgb565" })];
    const indices = applyPalette(rgba, palette, "rgb565");
    for (let i = 0; i < indices.length; i += 1) if (rgba[4 * i + 3] < 128) indices[i] = CLEAR;
    while (palette.length <= CLEAR) palette.push([0, 0, 0]);
    gif.writeFrame(indices, SIDE, SIDE, {
      ...(first ? { palette } : {}),
      // GIF counts in hundredths of a second.
      delay: Math.round(clip.tick / 10) * 10,
      dispose: 2,
      transparent: true,
      transparentIndex: CLEAR,
    });
    await yieldToBrowser();
  }
  gif.finish();
  return new Blob([gif.bytes()], { type: "image/gif" });
}

/**
 * Return the GIF encoder, which `make web` puts into the page. Called early, so that stickers need no network later.
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
 * Draw a clip frame by frame.
 * @param {Clip} clip
 * @returns {AsyncGenerator<HTMLCanvasElement>}
 */
async function* picturesOf({ frames, theme, skin, background }) {
  for (const controls of frames) {
    yield pixels(drawControls(controls, { theme, skin, background, size: SIDE }), SIDE);
  }
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
