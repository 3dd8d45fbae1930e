/** Animated WebP: the browser packs each frame, this puts the frames into one file (the container's specification). */

import { bytesOf } from "./dom.js";

/** What a packed frame is made of; everything else in its file is left out. */
const PARTS = ["ALPH", "VP8 ", "VP8L"];
const [ANIMATED, ALPHA, NO_BLENDING] = [0x02, 0x10, 0x02];

/** Whether this browser packs WebP. */
export const packsWebp = () => document.createElement("canvas").toDataURL("image/webp").startsWith("data:image/webp");

/**
 * Return frames as an animation that runs for ever.
 * @param {AsyncIterable<HTMLCanvasElement>} frames all of one size
 * @param {number} tick milliseconds from frame to frame
 * @returns {Promise<Blob>}
 */
export async function animatedWebp(frames, tick) {
  const parts = [];
  let [width, height] = [0, 0];
  for await (const canvas of frames) {
    [width, height] = [canvas.width, canvas.height];
    const file = new Uint8Array(await (await bytesOf(canvas, "image/webp")).arrayBuffer());
    // Each frame replaces the whole picture: what is clear in it has to clear what was there.
    const head = [...u24(0), ...u24(0), ...u24(width - 1), ...u24(height - 1), ...u24(tick), NO_BLENDING];
    parts.push(chunk("ANMF", new Uint8Array(head), ...imageOf(file)));
  }
  const canvas = [ANIMATED | ALPHA, 0, 0, 0, ...u24(width - 1), ...u24(height - 1)];
  const body = [ascii("WEBP"), chunk("VP8X", new Uint8Array(canvas)), chunk("ANIM", new Uint8Array(6)), ...parts];
  return new Blob([chunk("RIFF", ...body)], { type: "image/webp" });
}

/**
 * Return the parts of a WebP file that hold its pixels.
 * @param {Uint8Array} file
 */
function imageOf(file) {
  const view = new DataView(file.buffer);
  const found = [];
  for (let at = 12; at + 8 <= file.length; ) {
    const length = 8 + view.getUint32(at + 4, true);
    const padded = length + (length % 2);
    const name = String.fromCharCode(...file.subarray(at, at + 4));
    if (PARTS.includes(name)) found.push(file.subarray(at, at + padded));
    at += padded;
  }
  return found;
}

/**
 * @param {string} name four letters
 * @param {Uint8Array[]} parts
 */
function chunk(name, ...parts) {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const bytes = new Uint8Array(8 + length + (length % 2));
  bytes.set(ascii(name));
  new DataView(bytes.buffer).setUint32(4, length, true);
  let at = 8;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** @param {string} text */
const ascii = (text) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));

/** @param {number} value */
const u24 = (value) => [value & 255, (value >> 8) & 255, (value >> 16) & 255];
