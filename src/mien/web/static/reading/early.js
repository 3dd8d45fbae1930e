/** Begins to load the reader while the rest of the page is still on its way: networks are most of what is loaded. */

import { loadReader } from "./reader.js";

/** @typedef {{stage: string, loaded?: number, total?: number}} Step */

/** @type {Step} */
let last = { stage: "start" };
/** @type {(step: Step) => void} */
let tell = () => {};

/** @type {Promise<import("./reader.js").Reader>} */
export const earlyReader = loadReader({
  onProgress: (step) => {
    last = step;
    tell(step);
  },
});
// Whoever waits for it hears of what went wrong; until somebody does, nothing is to be reported.
earlyReader.catch(() => {});

/**
 * Be told how far it is, now and whenever that changes.
 * @param {(step: Step) => void} listener
 */
export function onProgress(listener) {
  tell = listener;
  listener(last);
}
