/** The emotions: their order, their other names, and the words that a person is shown. */

import { EMOTIONS, SYNONYMS, VOTES } from "../constants.js";

export { EMOTIONS, FER2013, LOOKS, VOTES } from "../constants.js";

/** @type {Readonly<Record<string, string>>} */
const OTHER_NAMES = SYNONYMS;

/**
 * Mien's own name for a label or one of its synonyms.
 * @param {string} name
 */
export function canonical(name) {
  const plain = name.trim().toLowerCase();
  const label = Object.hasOwn(OTHER_NAMES, plain) ? OTHER_NAMES[plain] : plain;
  if (!VOTES.includes(label)) throw new RangeError(`unknown emotion "${name}"; the names are ${EMOTIONS.join(", ")}`);
  return label;
}
