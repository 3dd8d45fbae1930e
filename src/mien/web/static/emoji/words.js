/** What a drawing shows, in words that a screen reader can speak. */

import { SLIGHT } from "../constants.js";
import { EMOTIONS, LOOKS } from "./labels.js";
import { drawn } from "./mixture.js";

/** @typedef {import("./controls.js").Controls} Controls */

/** The reading in words. @param {import("./mixture.js").Scores} scores */
export function title(scores, { uncertain = false } = {}) {
  const named = drawn(scores).map((score, index) => ({ name: EMOTIONS[index], score }));
  const [first, ...others] = named.sort((a, b) => b.score - a.score);
  const second = others.filter(({ name }) => name !== "neutral")[0];
  let words = LOOKS[first.name];
  if (second.score >= SLIGHT && first.name !== "neutral") {
    words += ` and a little ${LOOKS[second.name].replace(/^looks /, "")}`;
  }
  return uncertain ? `Emoji that is not sure, perhaps ${words}` : `Emoji that ${words}`;
}

/** What is seen on the face, the mouth first. @param {Controls} c */
export function alt(c) {
  const more = [brows(c), eyes(c)].filter(Boolean);
  const extras = [color(c), ...marks(c)].filter(Boolean);
  const features = more.length ? ` with ${listed(more)}` : "";
  return `${mouth(c)}${features}${extras.length ? `, ${listed(extras)}` : ""}`;
}

function mouth(c) {
  if (c.tongue_out > 0.5) return "a grimace with the tongue out";
  if (c.grit > 0.5 && c.mouth_open > 8) return "clenched teeth";
  if (c.mouth_open > 8) return openMouth(c);
  if (Math.abs(c.mouth_wave) > 0.4) return "a crumpled mouth";
  if (c.mouth_smirk > 8) return "a one-sided smile";
  if (c.mouth_smile > 4) return c.mouth_width > 36 ? "a broad smile" : "a small smile";
  if (c.mouth_smile < -4) return c.mouth_smile < -12.5 ? "a deep frown" : "a small frown";
  return "a straight mouth";
}

function openMouth(c) {
  if (c.mouth_smile > 8) return c.mouth_open > 30 ? "a laugh" : "an open smile";
  if (c.mouth_smile < -6) return c.mouth_open > 24 ? "a wailing open mouth" : "an open mouth with its corners down";
  return c.mouth_open > 30 ? "a wide open mouth" : "a round open mouth";
}

function brows(c) {
  if (Math.abs(c.brow_cock) > 0.35) return "one raised brow";
  if (c.brow_slant > 4) return "lowered brows";
  if (c.brow_slant < -5) return "worried brows";
  return c.brow_height > 4 ? "raised brows" : "";
}

function eyes(c) {
  if (Math.abs(c.wink) > 0.6) return "one eye shut";
  if (c.lid > 0.85) return "closed eyes";
  if (c.cheek > 0.6) return c.mouth_smile > 0 ? "smiling eyes" : "eyes squeezed shut";
  if (c.lid > 0.3 && c.lid_slant < 0.3) return "half-closed eyes";
  if (c.eye_white > 0.45) return "wide eyes";
  if (Math.abs(c.gaze_x) > 0.45) return "a sideways look";
  return c.lid > 0.15 && c.lid_slant >= 0 ? "narrowed eyes" : "";
}

function color(c) {
  // Of equal tints the last in the alphabet is named.
  const [name, amount] = ["red", "green", "blue"]
    .map((tint) => /** @type {const} */ ([tint, c[tint]]))
    .reduce((most, next) => (next[1] > most[1] ? next : most));
  if (amount > 0.75) return `turned ${name}`;
  if (amount > 0.3) return `turning ${name}`;
  return c.blush > 0.45 ? "rosy cheeks" : "";
}

function marks(c) {
  const found = [
    [c.tear, "a tear"],
    [c.sweat, "a drop of sweat"],
    [c.question, "a question mark"],
  ];
  return found.filter(([amount]) => amount > 0.4).map(([, words]) => words);
}

const listed = (words) => (words.length === 1 ? words[0] : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`);
