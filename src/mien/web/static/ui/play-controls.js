/** The playground's finer controls, in groups that open on request: each follows the mix until it is moved. */

import { SPEC } from "../emoji/index.js";
import { make } from "./dom.js";
import { say } from "./text.js";

/** @type {Record<string, string[]>} */
export const GROUPS = {
  mouth: ["mouth_smile", "mouth_open", "mouth_width", "mouth_smirk", "teeth", "tongue_out"],
  eyes: ["lid", "squint", "eye_white", "pupil", "cheek"],
  gaze: ["gaze_x", "gaze_y"],
  brows: ["brow_height", "brow_slant", "brow_cock"],
  color: ["blush", "red", "blue", "green", "tear", "sweat"],
};

/** Steps from one end of a slider to the other. */
const STEPS = 100;

export class PlayControls {
  /**
   * @param {HTMLElement} parent
   * @param {(fixed: Record<string, number>) => void} onChange called with all that is fixed
   */
  constructor(parent, onChange) {
    this.onChange = onChange;
    /** @type {Record<string, number>} */
    this.fixed = {};
    /** @type {Record<string, HTMLInputElement>} */
    this.inputs = {};
    /** @type {Record<string, HTMLButtonElement>} */
    this.releases = {};
    parent.append(...Object.entries(GROUPS).map(([name, controls]) => this.#group(name, controls)));
  }

  /**
   * Show where each control stands.
   * @param {Record<string, number>} controls of the drawing
   * @param {Record<string, number>} fixed those that do not follow the mix
   */
  show(controls, fixed) {
    this.fixed = fixed;
    for (const [name, input] of Object.entries(this.inputs)) {
      input.value = String(controls[name]);
      const share = (controls[name] - SPEC[name].min) / (SPEC[name].max - SPEC[name].min);
      input.style.setProperty("--at", `${Math.round(100 * share)}%`);
    }
    for (const [name, controlNames] of Object.entries(GROUPS)) {
      this.releases[name].hidden = !controlNames.some((control) => control in fixed);
    }
  }

  /**
   * @param {string} name
   * @param {string[]} controls
   */
  #group(name, controls) {
    const release = make(
      "button",
      { type: "button", class: "small", hidden: true, id: `play-release-${name}`, onclick: () => this.#release(name) },
      say("play.release"),
    );
    this.releases[name] = release;
    return make(
      "details",
      { class: "group-controls", id: `play-group-${name}` },
      make("summary", {}, say(`play.groups.${name}`)),
      ...controls.map((control) => this.#slider(control)),
      release,
    );
  }

  /** @param {string} name */
  #slider(name) {
    const { min, max } = SPEC[name];
    const input = make("input", { type: "range", id: `play-${name}`, min, max, step: (max - min) / STEPS });
    input.addEventListener("input", () => this.onChange({ ...this.fixed, [name]: Number(input.value) }));
    this.inputs[name] = input;
    return make("label", { class: "slider is-fine" }, make("span", {}, say(`play.controls.${name}`)), input);
  }

  /** @param {string} group */
  #release(group) {
    const rest = Object.entries(this.fixed).filter(([name]) => !GROUPS[group].includes(name));
    this.onChange(Object.fromEntries(rest));
  }
}
