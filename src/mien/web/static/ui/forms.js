/** The forms in which something is kept, each made as a file. */

import { draw } from "../emoji/index.js";
import { cardOf } from "./card.js";
import { bytesOf } from "./dom.js";
import { maskedCanvas } from "./mask.js";
import { pixels } from "./raster.js";
import { sticker } from "./sticker.js";
import { ranked } from "./words.js";

/** The side of a kept emoji, in pixels. */
const SIDE = 512;

/** @typedef {{subject: import("./keep.js").Subject, face?: number}} Wanted */

/** @type {Record<string, (wanted: Wanted) => Promise<File>>} */
export const FORMS = {
  async card(wanted) {
    return named(wanted, await bytesOf(await cardOf(wanted.subject, lookOf(wanted), wanted.face)), "card.png");
  },
  async png(wanted) {
    return named(wanted, await bytesOf(await pixels(svgOf(wanted), SIDE)), "png");
  },
  async svg(wanted) {
    return named(wanted, new Blob([svgOf(wanted), "\n"], { type: "image/svg+xml" }), "svg");
  },
  async gif(wanted) {
    return named(wanted, await sticker(lookOf(wanted), wanted.subject.options ?? {}), "gif");
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
 * Return the forms that a subject can be kept in.
 * @param {Wanted} wanted
 * @returns {string[]}
 */
export function formsFor({ subject, face }) {
  const faces = subject.recognition?.faces.length ?? 0;
  const alone = subject.look || face !== undefined ? ["png", "svg", "gif"] : [];
  return ["card", ...alone, ...(subject.picture && faces ? ["mask"] : [])];
}

/**
 * @param {Wanted} wanted
 * @returns {{scores: Record<string, number>, uncertain?: boolean}}
 */
function lookOf({ subject, face }) {
  return subject.look ?? subject.recognition?.faces[face ?? 0] ?? { scores: { neutral: 1 }, uncertain: true };
}

/** @param {Wanted} wanted */
function svgOf(wanted) {
  const { scores, uncertain } = lookOf(wanted);
  return draw(scores, { ...wanted.subject.options, uncertain, size: SIDE });
}

/**
 * @param {Wanted} wanted
 * @param {Blob} bytes
 * @param {string} ending
 */
function named(wanted, bytes, ending) {
  const { scores, uncertain } = lookOf(wanted);
  const many = wanted.face === undefined && !wanted.subject.look;
  const look = many ? "" : `-${uncertain ? "unsure" : ranked(scores)[0][0]}`;
  return new File([bytes], `${wanted.subject.name}${look}${ending.includes(".") ? "-" : "."}${ending}`, {
    type: bytes.type,
  });
}
