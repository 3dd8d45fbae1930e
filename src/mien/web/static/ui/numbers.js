/** The numbers of the mirror, for whoever asks for them: each face's scores, why a reading is unsure, and the pace. */

import { EMOTIONS } from "../emoji/index.js";
import { Bars } from "./bars.js";
import { find, make } from "./dom.js";
import { say } from "./text.js";
import { phraseWithScore, whyUnsure } from "./words.js";

/** @typedef {import("./tracks.js").TrackedFace} TrackedFace */

export class Numbers {
  constructor() {
    this.node = find("#numbers");
    this.button = find("#details");
    /** @type {Map<number, {node: HTMLElement, show: (track: TrackedFace) => void}>} */
    this.faces = new Map();
    this.since = 0;
    this.count = 0;
    this.button.addEventListener("click", () => this.toggle(this.node.hidden));
  }

  /** @param {boolean} open */
  toggle(open) {
    this.node.hidden = !open;
    this.button.setAttribute("aria-expanded", String(open));
    if (open) this.node.scrollIntoView({ block: "nearest" });
    else scrollTo({ top: 0 });
  }

  /**
   * @param {TrackedFace[]} tracks
   * @param {number} now milliseconds
   */
  show(tracks, now) {
    this.#pace(now);
    if (this.node.hidden) return;
    const here = new Set(tracks.map(({ id }) => id));
    for (const [id, { node }] of this.faces) {
      if (here.has(id)) continue;
      node.remove();
      this.faces.delete(id);
    }
    for (const track of tracks) {
      const face = this.faces.get(track.id) ?? numbersOf();
      if (!this.faces.has(track.id)) find("#numbers-faces").append(face.node);
      this.faces.set(track.id, face);
      face.show(track);
    }
  }

  /** Begin anew. */
  clear() {
    for (const { node } of this.faces.values()) node.remove();
    this.faces.clear();
    [this.since, this.count] = [0, 0];
    find("#rate").textContent = "";
  }

  /** @param {number} now */
  #pace(now) {
    this.since ||= now;
    this.count += 1;
    if (now - this.since < 1000) return;
    const n = Math.round((1000 * this.count) / (now - this.since));
    find("#rate").textContent = say("mirror.rate", { n });
    [this.since, this.count] = [now, 0];
  }
}

/** The numbers of one face. */
function numbersOf() {
  const [head, why] = [make("h3"), make("p", { class: "soft why" })];
  const bars = new Bars(EMOTIONS);
  const put = (/** @type {HTMLElement} */ node, /** @type {string} */ text) => {
    if (node.textContent !== text) node.textContent = text;
  };
  return {
    node: make("div", { class: "number-face" }, head, bars.node, why),
    show(/** @type {TrackedFace} */ track) {
      put(head, phraseWithScore(track));
      put(why, whyUnsure(track));
      bars.show(track.scores);
    },
  };
}
