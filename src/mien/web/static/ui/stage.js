/** The emoji of the mirror: one for each face, as large as there is room for; one that waits where there is no face. */

import { draw } from "../emoji/index.js";
import { AnimatedEmoji } from "./animated-emoji.js";
import { announce } from "./announce.js";
import { arranged } from "./arrangement.js";
import { make, reducedMotion } from "./dom.js";
import { faceOptions, inMirror } from "./face-drawing.js";
import { tiltOf } from "./geometry.js";
import { say } from "./text.js";
import { altOf, phrase } from "./words.js";

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

export class Stage {
  /** @param {HTMLElement} node */
  constructor(node) {
    this.node = node;
    // The emoji that stood here while the page was loading.
    node.replaceChildren();
    /** @type {Map<number, FaceView>} */
    this.views = new Map();
    /** @type {FaceView|null} the emoji that is there while no face is */
    this.alone = new FaceView(node);
    this.size = { width: 1, height: 1 };
    /** Pixels at the top that are left free, for what stands there. */
    this.reserved = 0;
    this.mood = 0;
    /** The description that was announced last. */
    this.described = { name: "", alt: "" };
    new ResizeObserver(([{ contentRect }]) => {
      this.size = contentRect;
      this.#arrange();
    }).observe(node);
    setInterval(() => this.#makeFace(), EVERY);
    this.rest();
  }

  /** Show the emoji that makes faces on its own, as while the camera is off. */
  rest() {
    this.node.dataset.state = "rest";
    const view = this.#onlyOne();
    view.emoji.idle = true;
    view.emoji.aim(MOODS[this.mood]);
    view.caption("", false);
  }

  /**
   * Show the emoji that waits: it breathes and blinks, and makes no faces.
   * @param {string} words what it waits for
   */
  wait(words) {
    if (this.node.dataset.state === "wait" && this.alone?.words.textContent === words) return;
    this.node.dataset.state = "wait";
    const view = this.#onlyOne();
    view.emoji.idle = true;
    view.emoji.aim({ neutral: 1 });
    view.caption(words, true);
    this.#arrange();
    announce(words);
  }

  /**
   * Show who is there.
   * @param {TrackedFace[]} tracks from left to right in the picture
   */
  show(tracks) {
    if (!tracks.length) return this.wait(say("mirror.nobody"));
    this.node.dataset.state = "faces";
    const here = new Set(tracks.map(({ id }) => id));
    for (const [id, view] of this.views) if (!here.has(id)) this.#drop(id, view);
    const count = this.views.size;
    for (const track of tracks) if (!this.views.has(track.id)) this.views.set(track.id, this.#fresh());
    for (const track of tracks) this.views.get(track.id)?.show(track);
    // The mirror shows on the right what is left in the picture.
    this.order = tracks.map(({ id }) => id).reverse();
    if (count !== this.views.size || this.order.join() !== this.arrangedFor) this.#arrange();
    this.#announce(tracks);
    return undefined;
  }

  /**
   * Leave room at the top.
   * @param {number} pixels
   */
  reserve(pixels) {
    this.reserved = pixels;
    this.#arrange();
  }

  /** The emoji of the first face, or the one that waits: what a clip is made of. */
  get first() {
    const [view = this.alone] = [...this.views.values()];
    return /** @type {FaceView} */ (view).emoji;
  }

  /** An emoji for a face that is new: the one that waited, where there is one, so that it glides from there. */
  #fresh() {
    const view = this.alone ?? new FaceView(this.node);
    view.emoji.idle = false;
    this.alone = null;
    return view;
  }

  #onlyOne() {
    const [first] = [...this.views];
    if (first && !this.alone) {
      this.alone = first[1];
      this.views.delete(first[0]);
    }
    this.views.forEach((view, id) => this.#drop(id, view));
    this.alone ??= new FaceView(this.node);
    return this.alone;
  }

  #arrange() {
    const order = this.alone ? [this.alone] : (this.order ?? []).map((id) => this.views.get(id));
    const caption = Number.parseFloat(getComputedStyle(this.node).getPropertyValue("--caption")) * 16 || 0;
    const places = arranged(order.length, this.size, this.reserved, caption);
    this.node.toggleAttribute("data-crowd", places.length > 0 && places[0].scale < 0.4);
    order.forEach((view, i) => view?.put(places[i]));
    this.arrangedFor = this.alone ? "" : (this.order ?? []).join();
  }

  #makeFace() {
    if (this.node.dataset.state !== "rest" || !this.node.isConnected || reducedMotion.matches) return;
    this.mood = (this.mood + 1) % MOODS.length;
    this.alone?.emoji.aim(MOODS[this.mood]);
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
    if (name !== this.described.name) {
      this.described = { name, alt: altOf(draw({ [expression]: tenth }, { uncertain })) };
    }
    return this.described.alt;
  }

  /**
   * @param {number} id
   * @param {FaceView} view
   */
  #drop(id, view) {
    view.remove();
    this.views.delete(id);
  }
}

class FaceView {
  /** @param {HTMLElement} parent */
  constructor(parent) {
    this.emoji = new AnimatedEmoji().start();
    this.words = make("p", { class: "words" });
    this.node = make("div", { class: "face-view" }, this.emoji.node, this.words);
    parent.append(this.node);
  }

  /** @param {TrackedFace} track */
  show(track) {
    // As in a mirror: the head leans to the other side than in the picture.
    this.emoji.aim(track.scores, { ...faceOptions(track), shape: inMirror(track.shape), tilt: -tiltOf(track.face) });
    this.caption(phrase(track), false);
  }

  /**
   * @param {string} words
   * @param {boolean} waiting
   */
  caption(words, waiting) {
    if (this.words.textContent !== words) this.words.textContent = words;
    this.node.classList.toggle("is-waiting", waiting);
  }

  /** @param {import("./arrangement.js").Place} place */
  put({ x, y, scale }) {
    this.node.style.translate = `${(100 * x).toFixed(2)}cqw ${(100 * y).toFixed(2)}cqh`;
    this.node.style.scale = scale.toFixed(3);
  }

  remove() {
    this.emoji.stop();
    this.node.remove();
  }
}
