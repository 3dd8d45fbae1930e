/** What the playground shows, and how it stands in an address, so that it can be sent as a link. */

import { EMOTIONS, THEMES } from "../emoji/index.js";

/** The emotions with a slider: neutral is what is missing to 1. */
export const SLIDING = EMOTIONS.filter((/** @type {string} */ name) => name !== "neutral");

/**
 * @typedef {{scores: Record<string, number>, theme: string, skin: string, background: string, tilt: number, uncertain:
 * boolean}} State
 */

/** @returns {State} */
export function freshState() {
  return {
    scores: { happy: 0.7, surprise: 0.3 },
    theme: "classic",
    skin: "",
    background: "",
    tilt: 0,
    uncertain: false,
  };
}

/**
 * Return the state that an address tells of; what is missing or wrong in it is left as it is at first.
 * @param {string} query such as "happy=0.7&theme=flat"
 * @returns {State}
 */
export function stateOf(query) {
  const state = freshState();
  if (!query) return state;
  const values = new URLSearchParams(query);
  state.scores = {};
  for (const name of SLIDING) {
    const score = Number(values.get(name));
    if (score > 0 && score <= 1) setScore(state, name, score);
  }
  const theme = values.get("theme") ?? "";
  if (THEMES.includes(theme)) state.theme = theme;
  state.skin = color(values.get("skin"));
  state.background = color(values.get("background"));
  state.tilt = Math.max(-180, Math.min(180, Math.round(Number(values.get("tilt")) || 0)));
  state.uncertain = values.get("uncertain") === "1";
  return state;
}

/**
 * Return what stands in the address for a state.
 * @param {State} state
 * @returns {string}
 */
export function queryOf({ scores, theme, skin, background, tilt, uncertain }) {
  const values = new URLSearchParams();
  for (const name of SLIDING)
    if (scores[name] > 0.001) values.set(name, String(Math.round(1000 * scores[name]) / 1000));
  if (theme !== "classic") values.set("theme", theme);
  if (skin) values.set("skin", skin.slice(1));
  if (background) values.set("background", background.slice(1));
  if (tilt) values.set("tilt", String(tilt));
  if (uncertain) values.set("uncertain", "1");
  return values.toString() || "neutral=1";
}

/**
 * Set one score; the others give way in proportion where the sum would pass 1.
 * @param {State} state
 * @param {string} name
 * @param {number} score
 */
export function setScore(state, name, score) {
  const others = SLIDING.filter((other) => other !== name);
  const sum = others.reduce((total, other) => total + (state.scores[other] ?? 0), 0);
  const shrink = sum > 1 - score ? (1 - score) / sum : 1;
  for (const other of others) if (state.scores[other]) state.scores[other] *= shrink;
  state.scores[name] = score;
}

/**
 * Return all eight scores.
 * @param {State} state
 * @returns {Record<string, number>}
 */
export function fullScores({ scores }) {
  const sum = SLIDING.reduce((total, name) => total + (scores[name] ?? 0), 0);
  return Object.fromEntries(
    EMOTIONS.map((name) => [name, name === "neutral" ? Math.max(0, 1 - sum) : (scores[name] ?? 0)]),
  );
}

/**
 * Return a mixture of two or three emotions by chance.
 * @returns {Record<string, number>}
 */
export function chance() {
  const names = [...SLIDING].sort(() => Math.random() - 0.5).slice(0, 2 + Math.round(Math.random()));
  const parts = names.map(() => 0.2 + Math.random());
  const sum = parts.reduce((a, b) => a + b, 0) / (0.75 + 0.25 * Math.random());
  return Object.fromEntries(names.map((name, i) => [name, parts[i] / sum]));
}

/**
 * @param {string|null} text
 * @returns {string} "#rrggbb" or nothing
 */
function color(text) {
  return /^[0-9a-f]{6}$/i.test(text ?? "") ? `#${text?.toLowerCase()}` : "";
}
