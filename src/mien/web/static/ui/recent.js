/** The last faces: each new expression that lasts is drawn into a strip, from which it can be saved. */

import { draw } from "../emoji/index.js";
import { find, make } from "./dom.js";
import { tiltOf } from "./geometry.js";
import { openSaveDialog } from "./save-dialog.js";
import { say } from "./text.js";
import { phrase } from "./words.js";

const PLACES = 8;
/** Milliseconds for which an expression has to last. */
const LASTING = 700;

/** @typedef {{scores: Record<string, number>, expression: string, tilt: number}} RecentFace */

export class Recent {
  constructor() {
    /** @type {RecentFace[]} newest first */
    this.faces = [];
    this.pending = { expression: "", since: 0 };
    this.places = Array.from({ length: PLACES }, (_, i) => this.#place(i));
    find("#recent").append(...this.places.map(({ node }) => node));
  }

  /**
   * Take in the first face: it is drawn where its expression is new and has lasted.
   * @param {import("./tracks.js").TrackedFace|undefined} track
   * @param {number} now milliseconds
   */
  see(track, now) {
    if (!track || track.uncertain) return;
    const { expression, scores, face } = track;
    if (this.pending.expression !== expression) this.pending = { expression, since: now };
    if (now - this.pending.since < LASTING || this.faces[0]?.expression === expression) return;
    this.faces = [{ scores, expression, tilt: Math.round(-tiltOf(face)) }, ...this.faces].slice(0, PLACES);
    this.#show();
  }

  /** Only pictures change, never places. */
  #show() {
    this.faces.forEach((face, i) => {
      const { button, image, url } = this.places[i];
      URL.revokeObjectURL(url);
      const svg = draw(face.scores, { tilt: face.tilt, size: 128 });
      this.places[i].url = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }));
      image.src = this.places[i].url;
      image.hidden = false;
      button.disabled = false;
      button.setAttribute("aria-label", say("mirror.save_face", { looks: phrase(face) }));
    });
  }

  /** @param {number} i */
  #place(i) {
    const image = make("img", { alt: "", hidden: true });
    const button = make("button", {
      type: "button",
      disabled: true,
      "aria-label": say("mirror.recent_empty"),
      onclick: () => this.#save(this.faces[i]),
    });
    button.append(image);
    return { node: make("li", {}, button), button, image, url: "" };
  }

  /** @param {RecentFace} face */
  #save({ scores, expression, tilt }) {
    openSaveDialog({ name: "mien", reading: { scores, expression }, options: { tilt } });
  }
}
