/** What the playground shows, and how it stands in an address, so that it can be sent as a link. */

import { EMOTIONS, SPEC, THEMES } from "../emoji/index.js";
import { GROUPS } from "./play-controls.js";

/** The emotions with a slider: neutral is what is missing to 1. */
export const SLIDING = EMOTIONS.filter((/** @type {string} */ name) => name !== "neutral");

/**
 * @typedef {{scores: Record<string, number>, theme: string, skin: string, background: string, tilt: number, uncertain:
 * boolean, fixed: Record<string, number>}} State  `fixed` are the controls that do not follow the scores
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
    fixed: {},
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
  for (const name of Object.values(GROUPS).flat()) {
    const value = Number.parseFloat(values.get(name) ?? "");
    if (Number.isFinite(value)) state.fixed[name] = Math.max(SPEC[name].min, Math.min(SPEC[name].max, value));
  }
  return state;
}

/**
 * Return what stands in the address for a state.
 * @param {State} state
 * @returns {string}
 */
export function queryOf({ scores, theme, skin, background, tilt, uncertain, fixed }) {
  const values = new URLSearchParams();
  for (const name of SLIDING)
    if (scores[name] > 0.001) values.set(name, String(Math.round(1000 * scores[name]) / 1000));
  if (theme !== "classic") values.set("theme", theme);
  if (skin) values.set("skin", skin.slice(1));
  if (background) values.set("background", background.slice(1));
  if (tilt) values.set("tilt", String(tilt));
  if (uncertain) values.set("uncertain", "1");
  for (const [name, value] of Object.entries(fixed)) values.set(name, String(Math.round(100 * value) / 100));
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
 * Return a strong expression by chance, with a little of another in it.
 * @returns {Record<string, number>}
 */
export function randomScores() {
  const [first, second] = [...SLIDING].sort(() => Math.random() - 0.5);
  const strong = 0.6 + 0.3 * Math.random();
  return { [first]: strong, [second]: (1 - strong) * (0.4 + 0.6 * Math.random()) };
}

/**
 * @param {string|null} text
 * @returns {string} "#rrggbb" or nothing
 */
function color(text) {
  return /^[0-9a-f]{6}$/i.test(text ?? "") ? `#${text?.toLowerCase()}` : "";
}
