/** The emotions: their order, their other names, and the words that a person is shown. */

export const FER2013 = Object.freeze(["angry", "disgust", "fear", "happy", "sad", "surprise", "neutral"]);

/** The eight emotions that scores are given over, in that order. */
export const EMOTIONS = Object.freeze([...FER2013, "contempt"]);

/** What ten people could vote for, in the order of the votes head. */
export const VOTES = Object.freeze([...EMOTIONS, "unknown", "not_a_face"]);

/** The numbers of a face's shape, in the order of the network's output. */
export const SHAPE = Object.freeze([
  "eye_right",
  "eye_left",
  "brow_right",
  "brow_left",
  "brow_inner",
  "mouth_open",
  "mouth_width",
  "corner_right",
  "corner_left",
  "yaw",
  "pitch",
]);

/** Other names in use for the same labels. */
export const SYNONYMS = Object.freeze({
  anger: "angry",
  disgusted: "disgust",
  afraid: "fear",
  fearful: "fear",
  scared: "fear",
  happiness: "happy",
  joy: "happy",
  sadness: "sad",
  surprised: "surprise",
  contemptuous: "contempt",
  nf: "not_a_face",
});

/** How a reading is worded: what the face looks like, never what the person feels. */
export const LOOKS = Object.freeze({
  angry: "looks angry",
  disgust: "looks disgusted",
  fear: "looks afraid",
  happy: "looks happy",
  sad: "looks sad",
  surprise: "looks surprised",
  neutral: "looks neutral",
  contempt: "looks contemptuous",
});

/**
 * Mien's own name for a label or one of its synonyms.
 * @param {string} name
 */
export function canonical(name) {
  const plain = name.trim().toLowerCase();
  const label = Object.hasOwn(SYNONYMS, plain) ? SYNONYMS[plain] : plain;
  if (!VOTES.includes(label)) throw new RangeError(`unknown emotion "${name}"; the names are ${EMOTIONS.join(", ")}`);
  return label;
}
