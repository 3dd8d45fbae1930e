/** Recognitions in the form that `mien --format json` and the service write. */

import { UNCLEAR } from "../constants.js";
import { nearestEmoji } from "../emoji/unicode.js";

/** @param {number} value @param {number} digits */
const rounded = (value, digits) => Number(value.toFixed(digits));

const roundedAll = (scores) => scores && Object.fromEntries(Object.entries(scores).map(([k, v]) => [k, rounded(v, 6)]));

const shapeOf = (shape) =>
  Object.fromEntries(Object.entries(shape).map(([k, v]) => [k, rounded(v, ["yaw", "pitch"].includes(k) ? 1 : 3)]));

/**
 * One face.
 * @param {import("./detect.js").Detection} detection
 * @param {import("./classify.js").Reading} reading
 * @param {string[]} qualityReasons
 */
export function face({ box, landmarks, confidence }, reading, qualityReasons) {
  const reasons = [...reading.reasons, ...qualityReasons];
  const uncertain = reasons.length > 0;
  const unclear = reasons.some((code) => UNCLEAR.includes(code));
  const emoji = nearestEmoji(reading.scores, { uncertain: unclear, shape: reading.shape });
  return {
    box: Object.fromEntries(Object.entries(box).map(([side, value]) => [side, rounded(value, 1)])),
    landmarks: landmarks.map(([x, y]) => [rounded(x, 1), rounded(y, 1)]),
    detection_confidence: rounded(confidence, 4),
    expression: Object.entries(reading.scores).reduce((most, next) => (next[1] > most[1] ? next : most))[0],
    scores: roundedAll(reading.scores),
    fer2013: roundedAll(reading.fer2013),
    unknown: reading.unknown === null ? null : rounded(reading.unknown, 6),
    not_a_face: reading.not_a_face === null ? null : rounded(reading.not_a_face, 6),
    uncertain,
    reasons,
    emoji: { ...emoji, intensity: rounded(emoji.intensity, 4) },
    shape: reading.shape && shapeOf(reading.shape),
  };
}

/**
 * One picture.
 * @param {{width: number, height: number}} size
 * @param {string | null} source
 * @param {any} record
 * @param {ReturnType<typeof face>[]} faces
 */
export function recognition({ width, height }, source, { name, version, sha256 }, faces) {
  return { source, width, height, model: { name, version: String(version), sha256 }, faces, error: null };
}
