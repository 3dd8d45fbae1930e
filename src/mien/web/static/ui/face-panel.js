/** The details of one face of a photo: its emoji, its words, and on request the numbers and the reason. */

import { EMOTIONS } from "../emoji/index.js";
import { Bars } from "./bars.js";
import { make } from "./dom.js";
import { drawFace } from "./face-drawing.js";
import { picture } from "./raster.js";
import { say } from "./text.js";
import { phrase, whyUnsure } from "./words.js";

/** @typedef {import("./words.js").Face} Face */

/**
 * Return the panel.
 * @param {Face} face
 * @param {{onSave: () => void, explain: () => Promise<HTMLElement>, label: string}} actions
 * @returns {HTMLElement}
 */
export function facePanel(face, { onSave, explain, label }) {
  const bars = new Bars(EMOTIONS);
  bars.show(face.scores);
  const unsure = face.reasons.length || face.uncertain;
  const answer = make("div", { class: "why-answer", role: "status" });
  const why = make("button", { type: "button", class: "small", "aria-expanded": "false" }, say("photos.why"));
  why.addEventListener("click", () => toggle(why, answer, explain));
  return make(
    "section",
    { class: `face${face.uncertain ? " is-unsure" : ""}`, "aria-label": label },
    picture(drawFace(face, { size: 256 }), "face-emoji"),
    make(
      "div",
      { class: "face-words" },
      make("p", { class: "words" }, phrase(face)),
      unsure ? make("p", { class: "soft why" }, whyUnsure(face)) : null,
      make(
        "p",
        { class: "actions" },
        make("button", { type: "button", class: "small", onclick: onSave }, say("photos.save_face")),
        why,
      ),
    ),
    answer,
    make("details", {}, make("summary", {}, say("photos.details")), bars.node),
  );
}

/**
 * @param {HTMLButtonElement} button
 * @param {HTMLElement} answer
 * @param {() => Promise<HTMLElement>} explain
 */
async function toggle(button, answer, explain) {
  const open = button.getAttribute("aria-expanded") !== "true";
  button.setAttribute("aria-expanded", String(open));
  if (!open) return answer.replaceChildren();
  answer.replaceChildren(make("p", { class: "soft" }, say("photos.explaining")));
  try {
    const figure = await explain();
    if (button.getAttribute("aria-expanded") === "true") answer.replaceChildren(figure);
  } catch (error) {
    button.setAttribute("aria-expanded", "false");
    const reason = /** @type {Error} */ (error).message;
    answer.replaceChildren(make("p", { class: "soft" }, say("photos.not_explained", { reason })));
  }
  return undefined;
}
