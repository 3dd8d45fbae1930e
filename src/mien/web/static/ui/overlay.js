/** What lies over the camera's picture: a frame around each face, or an emoji on it. */

import { AnimatedEmoji } from "./animated-emoji.js";
import { make } from "./dom.js";
import { faceOptions, inMirror } from "./face-drawing.js";
import { everyFrame } from "./frames.js";
import { disc, tiltOf } from "./geometry.js";
import { expressionOf } from "./words.js";

/** Seconds in which two thirds of the way to a face's new place are gone. */
const GLIDE = 0.05;
/** Pixels of the picture below which nothing moves. */
const STILL = 0.05;
/** Per cent of the picture by which a side has to change before it is set anew. */
const SAME = 0.3;

/** @typedef {import("./tracks.js").TrackedFace} TrackedFace */

export class Overlay {
  /** @param {HTMLElement} node fills the picture; what is in it is placed in per cent of that */
  constructor(node) {
    this.node = node;
    this.masked = false;
    this.width = 1;
    this.height = 1;
    /** @type {Map<number, FaceMark>} */
    this.marks = new Map();
    everyFrame((dt) => this.marks.forEach((mark) => mark.glide(dt, this)));
  }

  /**
   * Show who is there.
   * @param {TrackedFace[]} tracks
   * @param {{width: number, height: number}} picture
   */
  show(tracks, { width, height }) {
    Object.assign(this, { width, height });
    const here = new Set(tracks.map(({ id }) => id));
    for (const [id, mark] of this.marks) if (!here.has(id)) this.#drop(id, mark);
    for (const track of tracks) {
      if (!this.marks.has(track.id)) this.marks.set(track.id, new FaceMark(this.node));
      this.marks.get(track.id)?.aim(track, this.masked);
    }
  }

  /** Take everything away. */
  clear() {
    this.marks.forEach((mark, id) => this.#drop(id, mark));
  }

  /**
   * @param {number} id
   * @param {FaceMark} mark
   */
  #drop(id, mark) {
    mark.remove();
    this.marks.delete(id);
  }
}

class FaceMark {
  /** @param {HTMLElement} parent */
  constructor(parent) {
    this.emoji = new AnimatedEmoji({ size: 256, name: "mask" }).start();
    this.frame = make("span", { class: "face-frame" });
    parent.append(this.frame, this.emoji.node);
    /** @type {number[]|null} */
    this.place = null;
    this.laid = false;
    /** @type {number[]} */
    this.target = [];
  }

  /**
   * @param {TrackedFace} track
   * @param {boolean} masked
   */
  aim(track, masked) {
    const { box } = track.face;
    const { x, y, size } = disc(track.face);
    this.target = [x, y, size, box.left, box.top, box.right, box.bottom];
    this.place ??= this.target;
    this.laid &&= this.frame.hidden === masked;
    this.emoji.node.hidden = !masked;
    this.frame.hidden = masked;
    this.frame.className = `face-frame edge-${track.uncertain ? "unsure" : expressionOf(track)}`;
    if (!masked) return;
    this.emoji.aim(track.scores, { ...faceOptions(track), shape: inMirror(track.shape), tilt: -tiltOf(track.face) });
  }

  /**
   * @param {number} dt
   * @param {{width: number, height: number}} picture
   */
  glide(dt, { width, height }) {
    const { place, target } = this;
    if (!place || (this.laid && place.every((value, i) => Math.abs(target[i] - value) < STILL))) return;
    const share = 1 - Math.exp(-dt / GLIDE);
    this.place = place.map((value, i) => value + share * (target[i] - value));
    this.laid = true;
    const [x, y, size, left, top, right, bottom] = this.place;
    // The picture is shown as in a mirror: what is left in it stands on the right.
    if (this.frame.hidden) position(this.emoji.node, width - x - size / 2, y - size / 2, size, size, width, height);
    else position(this.frame, width - right, top, right - left, bottom - top, width, height);
  }

  remove() {
    this.emoji.stop();
    this.emoji.node.remove();
    this.frame.remove();
  }
}

/**
 * Put what glides in its place: shifted, which asks for no layout, and sized only where that shows.
 * @param {HTMLElement} node
 * @param {number} left
 * @param {number} top
 * @param {number} wide
 * @param {number} high
 * @param {number} width
 * @param {number} height
 */
function position(node, left, top, wide, high, width, height) {
  const [across, down] = [(100 * wide) / width, (100 * high) / height];
  const was = [Number.parseFloat(node.style.width), Number.parseFloat(node.style.height)];
  if (!(Math.abs(was[0] - across) < SAME && Math.abs(was[1] - down) < SAME)) {
    node.style.width = `${across.toFixed(2)}%`;
    node.style.height = `${down.toFixed(2)}%`;
  }
  node.style.translate = `${((100 * left) / width).toFixed(2)}cqw ${((100 * top) / height).toFixed(2)}cqh`;
}
