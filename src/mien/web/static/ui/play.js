/** The playground: the generator alone, every knob in reach. */

import { adjusted, controlsOf, draw, EMOTIONS, nearestEmoji, THEMES } from "../emoji/index.js";
import { AnimatedEmoji } from "./animated-emoji.js";
import { announce } from "./announce.js";
import { find, make } from "./dom.js";
import { PlayControls } from "./play-controls.js";
import { freshState, fullScores, queryOf, randomScores, SLIDING, setScore, stateOf } from "./play-state.js";
import { picture } from "./raster.js";
import { openSaveDialog } from "./save-dialog.js";
import { say } from "./text.js";
import { altOf, percent, phrase } from "./words.js";

const SKINS = ["#ffdbc0", "#e8b48a", "#c68a5c", "#8f5a36", "#5a3825", "#b6e3a1"];
const GROUNDS = ["#ffffff", "#1d1536", "#ffe1e8", "#d9efff"];

const emoji = new AnimatedEmoji({ idle: true, name: "emoji play-emoji" });
let state = freshState();
/** @type {PlayControls} */
let fine;
let announceTimer = 0;

/** Make the sliders and choices. */
export function startPlay() {
  find("#play-drawing").append(emoji.node);
  find("#play-emotions").append(...SLIDING.map(slider));
  find("#play-style").append(
    row(
      say("play.theme"),
      "theme",
      THEMES.map((/** @type {string} */ theme) => choice("theme", theme, themeArt(theme), say(`play.themes.${theme}`))),
    ),
    row(say("play.skin"), "skin", [
      choice("skin", "", swatch("own"), say("play.skin_own")),
      ...SKINS.map((color) => choice("skin", color, swatch(color), color)),
      other("skin"),
    ]),
    row(say("play.background"), "background", [
      choice("background", "", swatch("none"), say("play.background_none")),
      ...GROUNDS.map((color) => choice("background", color, swatch(color), color)),
      other("background"),
    ]),
    make(
      "label",
      { class: "slider" },
      make("span", {}, say("play.tilt")),
      make("input", {
        type: "range",
        id: "play-tilt",
        min: -45,
        max: 45,
        step: 1,
        oninput: (/** @type {any} */ event) => change({ tilt: Number(event.target.value) }),
      }),
      make("output", { id: "play-tilt-value" }),
    ),
    make(
      "label",
      { class: "switch" },
      make("input", {
        type: "checkbox",
        id: "play-uncertain",
        onchange: (/** @type {any} */ event) => change({ uncertain: event.target.checked }),
      }),
      make("span", {}, say("play.uncertain")),
    ),
  );
  fine = new PlayControls(find("#play-fine"), (fixed) => change({ fixed }));
  find("#play-form").addEventListener("submit", (/** @type {Event} */ event) => event.preventDefault());
  find("#play-random").addEventListener("click", () => change({ scores: randomScores(), uncertain: false, fixed: {} }));
  find("#play-reset").addEventListener("click", () => change(freshState()));
  find("#play-link").addEventListener("click", copyLink);
  find("#play-save").addEventListener("click", save);
}

/**
 * Show what the address tells of.
 * @param {string} query
 */
export function showPlay(query) {
  if (query !== queryOf(state) || !emoji.drawing.svg) {
    state = stateOf(query);
    show();
  }
  emoji.start();
}

/** Stop moving while another view is shown. */
export const leavePlay = () => emoji.stop();

/** @param {Partial<import("./play-state.js").State>} some */
function change(some) {
  state = { ...state, ...some };
  history.replaceState(null, "", `#play?${queryOf(state)}`);
  show();
}

function options() {
  const { theme, skin, background, tilt, uncertain, fixed } = state;
  return { theme, tilt, uncertain, fixed, skin: skin || undefined, background: background || undefined };
}

function show() {
  const scores = fullScores(state);
  emoji.aim(scores, options());
  fine.show(adjusted(controlsOf(scores, options()), state.fixed), state.fixed);
  for (const name of EMOTIONS) {
    const input = document.querySelector(`#play-${name}`);
    if (input instanceof HTMLInputElement) {
      input.value = String(Math.round(100 * scores[name]));
      input.style.setProperty("--at", `${input.value}%`);
    }
    const value = document.querySelector(`#play-${name}-value`);
    if (value) value.textContent = percent(scores[name]);
  }
  find("#play-tilt").value = state.tilt;
  find("#play-tilt-value").textContent = say("play.degrees", { n: state.tilt });
  find("#play-uncertain").checked = state.uncertain;
  for (const name of ["theme", "skin", "background"]) check(name, /** @type {any} */ (state)[name]);
  const words = phrase({ scores, unclear: state.uncertain });
  const nearest = nearestEmoji(scores, { uncertain: state.uncertain });
  find("#play-words").textContent = words;
  find("#play-nearest").textContent = `${say("play.nearest")}: ${nearest.char} ${nearest.name}`;
  clearTimeout(announceTimer);
  announceTimer = setTimeout(
    () => announce(say("announce", { looks: words, alt: altOf(draw(scores, options())) })),
    400,
  );
}

/** @param {string} name */
function slider(name) {
  const input = make("input", { type: "range", id: `play-${name}`, class: `hue-${name}`, min: 0, max: 100, step: 1 });
  input.addEventListener("input", () => {
    setScore(state, name, Number(input.value) / 100);
    change({});
  });
  return make(
    "label",
    { class: "slider" },
    make("span", {}, say(`emotion.${name}`)),
    input,
    make("output", { id: `play-${name}-value` }),
  );
}

/**
 * @param {string} label
 * @param {string} name
 * @param {Node[]} choices
 */
function row(label, name, choices) {
  return make(
    "div",
    { class: "row", role: "radiogroup", "aria-label": label },
    make("span", {}, label),
    make("div", { class: `chips chips-${name}` }, ...choices),
  );
}

/**
 * @param {string} name
 * @param {string} value
 * @param {Node} art
 * @param {string} label
 */
function choice(name, value, art, label) {
  const input = make("input", {
    type: "radio",
    name: `play-${name}`,
    value,
    class: "unseen",
    "aria-label": label,
    onchange: () => change({ [name]: value }),
  });
  return make("label", { class: "dot", title: label }, input, art);
}

/** @param {string} name */
function other(name) {
  const label = say(`play.${name}_other`);
  const input = make("input", {
    type: "color",
    id: `play-${name}-other`,
    "aria-label": label,
    title: label,
    oninput: (/** @type {any} */ event) => change({ [name]: event.target.value }),
  });
  return make("span", { class: "dot other" }, input);
}

/** @param {string} color */
function swatch(color) {
  const node = make("span", { class: `swatch swatch-${color.startsWith("#") ? "color" : color}` });
  if (color.startsWith("#")) node.style.backgroundColor = color;
  return node;
}

/** @param {string} theme */
function themeArt(theme) {
  return Object.assign(picture(draw({ happy: 0.8 }, { theme, size: 64 }), "theme-art"), { alt: "" });
}

/**
 * @param {string} name
 * @param {string} value
 */
function check(name, value) {
  for (const input of document.querySelectorAll(`input[name="play-${name}"]`)) {
    /** @type {HTMLInputElement} */ (input).checked = /** @type {HTMLInputElement} */ (input).value === value;
  }
}

async function copyLink() {
  history.replaceState(null, "", `#play?${queryOf(state)}`);
  const button = find("#play-link");
  try {
    await navigator.clipboard.writeText(location.href);
    button.textContent = say("play.copied");
  } catch {
    button.textContent = say("save.not_copied");
  }
  announce(button.textContent);
  setTimeout(() => (button.textContent = say("play.link")), 2500);
}

function save() {
  const { uncertain, fixed, ...style } = options();
  const scores = fullScores(state);
  const moved = Object.keys(fixed).length > 0;
  const controls = moved ? adjusted(controlsOf(scores, options()), fixed) : undefined;
  openSaveDialog({ name: "mien", reading: { scores, unclear: uncertain }, controls, options: style });
}
