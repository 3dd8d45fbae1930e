/** The emoji beside the camera's picture: one for each face, with words and bars; an idle one while there is none. */

import { draw, EMOTIONS } from "../emoji/index.js";
import { AnimatedEmoji } from "./animated-emoji.js";
import { announce } from "./announce.js";
import { Bars } from "./bars.js";
import { calm, make } from "./dom.js";
import { tiltOf } from "./geometry.js";
import { say } from "./text.js";
import { altOf, phrase, phraseWithScore, whyUnsure } from "./words.js";

/**
 * The faces that the emoji makes while the camera is off, and the milliseconds between them.
 * @type {Record<string, number>[]}
 */
const MOODS = [
  { happy: 0.9 },
  { surprise: 0.9 },
  { happy: 0.5 },
  { contempt: 0.8 },
  { happy: 0.6, surprise: 0.4 },
  { sad: 0.9 },
];
const EVERY = 2600;

/** @typedef {import("./tracks.js").TrackedFace} TrackedFace */

export class EmojiPanel {
  /** @param {HTMLElement} node */
  constructor(node) {
    this.node = node;
    /** @type {Map<number, FaceView>} */
    this.all = new Map();
    /** The description that was announced last. */
    this.described = { name: "", alt: "" };
    this.idle = new AnimatedEmoji({ idle: true }).start();
    this.mood = 0;
    this.idle.aim(MOODS[0]);
    setInterval(
      () => this.idle.node.isConnected && !calm.matches && this.idle.aim(MOODS[++this.mood % MOODS.length]),
      EVERY,
    );
    this.wait();
  }

  /** Show the idle emoji, which makes faces on its own. */
  wait() {
    this.#clear();
    this.node.dataset.count = "idle";
    this.node.replaceChildren(this.idle.node);
  }

  /**
   * Show who is there.
   * @param {TrackedFace[]} tracks from left to right in the picture
   */
  show(tracks) {
    if (!tracks.length) return this.#nobody();
    const here = new Set(tracks.map(({ id }) => id));
    for (const [id, view] of this.all) if (!here.has(id)) this.#drop(id, view);
    if (this.node.dataset.count === "idle" || this.node.dataset.count === "0") this.node.replaceChildren();
    this.node.dataset.count = tracks.length > 4 ? "many" : String(tracks.length);
    tracks.forEach((track, place) => {
      if (!this.all.has(track.id)) this.all.set(track.id, new FaceView(this.node));
      this.all.get(track.id)?.show(track, tracks.length - place);
    });
    this.#announce(tracks);
    return undefined;
  }

  #nobody() {
    if (this.node.dataset.count === "0") return;
    this.#clear();
    this.node.dataset.count = "0";
    this.idle.aim({ neutral: 1 }, { uncertain: true });
    const words = make("p", { class: "words" }, say("mirror.nobody"));
    this.node.replaceChildren(this.idle.node, words, make("p", { class: "soft" }, say("mirror.nobody_hint")));
    announce(say("mirror.nobody"));
  }

  /** @param {TrackedFace[]} tracks */
  #announce(tracks) {
    const phrases = tracks.map(phrase);
    if (tracks.length > 1) return announce(say("announce_many", { n: tracks.length, looks: phrases.join(", ") }));
    return announce(say("announce", { looks: phrases[0], alt: this.#alt(tracks[0]) }));
  }

  /**
   * The alt text of the score's nearest tenth: a screen reader speaks only of changes that can be seen.
   * @param {TrackedFace} track
   */
  #alt({ scores, expression, uncertain }) {
    const tenth = Math.round(10 * scores[expression]) / 10;
    const name = `${expression} ${tenth} ${uncertain}`;
    if (name !== this.described.name)
      this.described = { name, alt: altOf(draw({ [expression]: tenth }, { uncertain })) };
    return this.described.alt;
  }

  #clear() {
    this.all.forEach((view, id) => this.#drop(id, view));
  }

  /**
   * @param {number} id
   * @param {FaceView} view
   */
  #drop(id, view) {
    view.emoji.stop();
    view.node.remove();
    this.all.delete(id);
  }
}

class FaceView {
  /** @param {HTMLElement} parent */
  constructor(parent) {
    this.emoji = new AnimatedEmoji().start();
    this.words = make("p", { class: "words" });
    this.why = make("p", { class: "soft why" });
    this.bars = new Bars(EMOTIONS);
    this.node = make(
      "div",
      { class: "face-view" },
      this.emoji.node,
      make("div", { class: "details" }, this.words, this.why, this.bars.node),
    );
    parent.append(this.node);
  }

  /**
   * @param {TrackedFace} track
   * @param {number} place
   */
  show(track, place) {
    const { scores, uncertain, face } = track;
    this.node.style.order = String(place);
    // As in a mirror: the head leans to the other side than in the picture.
    this.emoji.aim(scores, { uncertain, tilt: -tiltOf(face) });
    put(this.words, phraseWithScore(track));
    put(this.why, uncertain ? whyUnsure(track) : "");
    this.bars.show(scores);
  }
}

/**
 * @param {HTMLElement} node
 * @param {string} text
 */
function put(node, text) {
  if (node.textContent !== text) node.textContent = text;
}
