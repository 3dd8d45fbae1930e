/** The formats in which something is saved, each made as a file. */

import { draw } from "../emoji/index.js";
import { cardOf } from "./card.js";
import { bytesOf } from "./dom.js";
import { maskedCanvas } from "./mask.js";
import { pixels } from "./raster.js";
import { sticker } from "./sticker.js";
import { ranked } from "./words.js";

/** The side of a saved emoji, in pixels. */
const SIDE = 512;

/** @typedef {{subject: import("./save-dialog.js").Subject, face?: number}} Selection */

/** @type {Record<string, (selection: Selection) => Promise<File>>} */
export const FORMATS = {
  async card(selection) {
    return named(
      selection,
      await bytesOf(await cardOf(selection.subject, readingOf(selection), selection.face)),
      "card.png",
    );
  },
  async png(selection) {
    return named(selection, await bytesOf(await pixels(svgOf(selection), SIDE)), "png");
  },
  async svg(selection) {
    return named(selection, new Blob([svgOf(selection), "\n"], { type: "image/svg+xml" }), "svg");
  },
  async gif(selection) {
    return named(selection, await sticker(readingOf(selection), selection.subject.options ?? {}), "gif");
  },
  async mask({ subject }) {
    const { picture, recognition, name } = subject;
    if (!picture || !recognition) throw new Error("no picture");
    return new File([await bytesOf(await maskedCanvas(picture, recognition))], `${name}-mask.png`, {
      type: "image/png",
    });
  },
};

/**
 * Return the formats that a subject can be saved in.
 * @param {Selection} selection
 * @returns {string[]}
 */
export function formatsFor({ subject, face }) {
  const faces = subject.recognition?.faces.length ?? 0;
  const alone = subject.reading || face !== undefined ? ["png", "svg", "gif"] : [];
  return ["card", ...alone, ...(subject.picture && faces ? ["mask"] : [])];
}

/**
 * @param {Selection} selection
 * @returns {{scores: Record<string, number>, uncertain?: boolean}}
 */
function readingOf({ subject, face }) {
  return subject.reading ?? subject.recognition?.faces[face ?? 0] ?? { scores: { neutral: 1 }, uncertain: true };
}

/** @param {Selection} selection */
function svgOf(selection) {
  const { scores, uncertain } = readingOf(selection);
  return draw(scores, { ...selection.subject.options, uncertain, size: SIDE });
}

/**
 * @param {Selection} selection
 * @param {Blob} bytes
 * @param {string} ending
 */
function named(selection, bytes, ending) {
  const { scores, uncertain } = readingOf(selection);
  const many = selection.face === undefined && !selection.subject.reading;
  const reading = many ? "" : `-${uncertain ? "unsure" : ranked(scores)[0][0]}`;
  return new File([bytes], `${selection.subject.name}${reading}${ending.includes(".") ? "-" : "."}${ending}`, {
    type: bytes.type,
  });
}
