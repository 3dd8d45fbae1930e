/** The Unicode emoji nearest to a reading: about forty faces, each with a place in the space of scores. */

import { LADDER } from "./data.js";
import { EMOTIONS } from "./labels.js";
import { drawn } from "./mixture.js";

/** @typedef {{char: string, name: string, shortcode: string, alt: string, intensity: number}} Emoji */

const steps = (group) =>
  LADDER[group].map(({ char, name, alt, anchor }) => ({ char, name, alt, place: drawn(anchor) }));
const FACES = [...LADDER.faces, ...LADDER.only_by_shape];
const GROUPS = { faces: steps("faces"), uncertain: steps("uncertain") };

/**
 * The Unicode emoji whose place in score space is nearest to the scores; what the face itself does may make it a
 * neighbour, by the rules of `by_shape` in unicode.json.
 * @param {import("./mixture.js").Scores} scores
 * @param {{uncertain?: boolean, shape?: import("./likeness.js").FaceShape | null}} [options]
 * @returns {Emoji}
 */
export function nearestEmoji(scores, { uncertain = false, shape = null } = {}) {
  const place = drawn(scores);
  const [first, ...rest] = GROUPS[uncertain ? "uncertain" : "faces"];
  let best = { step: first, gap: distance(first.place, place) };
  for (const step of rest) {
    const gap = distance(step.place, place);
    if (gap < best.gap) best = { step, gap };
  }
  const { char, name, alt } = (shape && !uncertain && byShape(best.step.char, shape)) || best.step;
  const strength = Math.sqrt(place.reduce((sum, v, i) => (EMOTIONS[i] === "neutral" ? sum : sum + v * v), 0));
  return { char, name, shortcode: `:${name.replaceAll(" ", "_")}:`, alt, intensity: Math.min(1, strength) };
}

const distance = (a, b) => Math.sqrt(a.reduce((sum, value, i) => sum + (value - b[i]) * (value - b[i]), 0));

/** The emoji that a shape makes of one; undefined where it stays. */
function byShape(char, shape) {
  const within = ([name, [low, high]]) => low <= shape[name] && shape[name] <= high;
  const rule = LADDER.by_shape.find(({ from, when }) => from.includes(char) && Object.entries(when).every(within));
  return rule && FACES.find((face) => face.char === rule.to);
}
