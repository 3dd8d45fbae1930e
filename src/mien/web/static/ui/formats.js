/** The formats in which something is saved, each made as a file. */

import { drawControls, title } from "../emoji/index.js";
import { cardOf } from "./card.js";
import { LAYOUTS } from "./card-layout.js";
import { postOf } from "./card-post.js";
import { canRecord, videoOf } from "./clip.js";
import { bytesOf } from "./dom.js";
import { drawFace, faceOptions, isUnclear } from "./face-drawing.js";
import { maskedCanvas } from "./mask.js";
import { pixels } from "./raster.js";
import { gifOf, stickerOf, webpOf } from "./sticker.js";
import { packsWebp } from "./webp.js";
import { expressionOf } from "./words.js";

/** The side of a saved emoji, in pixels. */
const SIDE = 512;
/** A GIF holds every second frame of a clip: it would be too large otherwise. */
const GIF_EVERY = 2;

/** @typedef {import("./save-dialog.js").Subject} Subject */
/** @typedef {{subject: Subject, face?: number, shape?: string}} Selection */

/** The card that shows boxes and scores too. */
export const FIGURE = "figure";

/** @type {Record<string, (selection: Selection) => Promise<File>>} */
export const FORMATS = {
  async card(selection) {
    const { subject, face, shape = FIGURE } = selection;
    if (shape !== FIGURE && shapesFor(selection).includes(shape)) {
      return named(selection, await bytesOf(await postOf(subject, shape, face)), `${shape}.png`);
    }
    return named(selection, await bytesOf(await cardOf(subject, readingOf(selection), face)), "card.png");
  },
  async png(selection) {
    return named(selection, await bytesOf(await pixels(svgOf(selection), SIDE)), "png");
  },
  async svg(selection) {
    return named(selection, new Blob([svgOf(selection), "\n"], { type: "image/svg+xml" }), "svg");
  },
  async webp(selection) {
    return named(selection, await webpOf(clipOf(selection)), "webp");
  },
  async gif(selection) {
    const clip = clipOf(selection);
    const every = selection.subject.clip ? GIF_EVERY : 1;
    const frames = clip.frames.filter((_, i) => i % every === 0);
    return named(selection, await gifOf({ ...clip, frames, tick: every * clip.tick }), "gif");
  },
  async video(selection) {
    const bytes = await videoOf(clipOf(selection));
    return named(selection, bytes, bytes.type === "video/mp4" ? "mp4" : "webm");
  },
  async result(selection) {
    const { result } = selection.subject;
    if (!result) throw new Error("no result");
    return named(selection, await bytesOf(result), "png");
  },
  async mask({ subject }) {
    const { picture, recognition, name } = subject;
    if (!picture || !recognition) throw new Error("no picture");
    const canvas = subject.masked ? picture : await maskedCanvas(picture, recognition);
    return new File([await bytesOf(canvas)], `${name}-mask.png`, { type: "image/png" });
  },
};

/**
 * Return the formats that a subject can be saved in, the likeliest first.
 * @param {Selection} selection
 * @returns {string[]}
 */
export function formatsFor({ subject, face }) {
  const moving = packsWebp() ? ["webp", "gif"] : ["gif"];
  if (subject.result) return ["result"];
  if (subject.clip) return [...(canRecord() ? ["video"] : []), ...moving];
  const alone = subject.reading || face !== undefined ? ["png", "svg", ...moving] : [];
  const mask = subject.picture && subject.recognition?.faces.length ? ["mask"] : [];
  return subject.masked ? [...mask, "card", ...alone] : ["card", ...alone, ...mask];
}

/**
 * Return the shapes that a subject's card can have: those for posting need a photo.
 * @param {Selection} selection
 * @returns {string[]}
 */
export const shapesFor = ({ subject }) =>
  subject.picture && subject.recognition ? [FIGURE, ...Object.keys(LAYOUTS)] : [FIGURE];

/**
 * @param {Selection} selection
 * @returns {import("./words.js").Reading}
 */
function readingOf({ subject, face }) {
  return subject.reading ?? subject.recognition?.faces[face ?? 0] ?? { scores: { neutral: 1 }, unclear: true };
}

/** @param {Selection} selection */
function clipOf(selection) {
  const { clip, options = {}, controls } = selection.subject;
  return clip ?? stickerOf(readingOf(selection), options, controls);
}

/** @param {Selection} selection */
function svgOf(selection) {
  const { options, controls } = selection.subject;
  const reading = readingOf(selection);
  const words = title(reading.scores, faceOptions(reading));
  if (controls) return drawControls(controls, { ...options, title: words, size: SIDE });
  return drawFace(reading, { ...options, size: SIDE });
}

/**
 * @param {Selection} selection
 * @param {Blob} bytes
 * @param {string} ending
 */
function named(selection, bytes, ending) {
  const { subject, face } = selection;
  const reading = readingOf(selection);
  const one = subject.reading || (face !== undefined && subject.recognition);
  const shown = one ? `-${isUnclear(reading) || reading.uncertain ? "unsure" : expressionOf(reading)}` : "";
  return new File([bytes], `${subject.name}${shown}${ending.includes(".") ? "-" : "."}${ending}`, { type: bytes.type });
}
