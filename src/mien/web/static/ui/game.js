/** "Make this face": an emoji is shown, the mirror says when yours matches; eight faces, a score, a picture of it. */

import { draw, EMOTIONS } from "../emoji/index.js";
import { announce } from "./announce.js";
import { find, make } from "./dom.js";
import { resultOf } from "./game-result.js";
import { picture } from "./raster.js";
import { openSaveDialog } from "./save-dialog.js";
import { say } from "./text.js";

/** Milliseconds for one face, for which it has to be held, and between two. */
const LIMIT = 10_000;
const HELD = 400;
const PAUSE = 900;

/** From this score on a face is made: few people's fear, disgust or contempt is read more surely than that. */
/** @type {Record<string, number>} */
const ENOUGH = { angry: 0.45, disgust: 0.3, fear: 0.3, contempt: 0.25 };
const ENOUGH_ELSE = 0.55;

/** Points for a face: half for making it, half for the time that is left; fewer for coming near. */
export const MOST_POINTS = 100;

/** @typedef {{target: string, scores: Record<string, number>|null, made: boolean, points: number}} Round */

export class Game {
  /** @param {(playing: boolean) => void} onChange called when it begins and ends */
  constructor(onChange) {
    this.onChange = onChange;
    this.node = find("#game");
    this.playing = false;
    /** @type {Round[]} */
    this.rounds = [];
    /** @type {string[]} */
    this.targets = [];
    this.begun = 0;
    this.heldSince = 0;
    this.nearest = 0;
    this.pausedUntil = 0;
  }

  start() {
    this.playing = true;
    this.rounds = [];
    this.targets = shuffled(EMOTIONS);
    this.node.hidden = false;
    this.onChange(true);
    this.#next();
  }

  /** End without a result. */
  stop() {
    if (!this.playing) return;
    this.playing = false;
    this.node.hidden = true;
    this.onChange(false);
  }

  /**
   * Take in who is there; any one of them may make the face.
   * @param {import("./tracks.js").TrackedFace[]} tracks
   * @param {number} now milliseconds
   */
  see(tracks, now) {
    if (!this.playing || this.#isPausing(now)) return;
    const round = this.rounds[this.rounds.length - 1];
    this.begun ||= now;
    const near = Math.max(0, ...tracks.map(({ scores }) => nearness(scores, round.target)));
    if (near >= this.nearest) {
      this.nearest = near;
      round.scores = tracks.find(({ scores }) => nearness(scores, round.target) === near)?.scores ?? round.scores;
    }
    this.#meter(near);
    if (near < 1) this.heldSince = 0;
    else this.heldSince ||= now;
    const left = 1 - (now - this.begun) / LIMIT;
    if (this.heldSince && now - this.heldSince >= HELD) this.#end(round, true, left, now);
    else if (left <= 0) this.#end(round, false, 0, now);
  }

  /** @param {number} now */
  #isPausing(now) {
    if (!this.pausedUntil) return false;
    if (now < this.pausedUntil) return true;
    this.pausedUntil = 0;
    if (this.rounds.length < EMOTIONS.length) this.#next();
    else this.#finish();
    return true;
  }

  #next() {
    const target = this.targets[this.rounds.length];
    this.rounds.push({ target, scores: null, made: false, points: 0 });
    Object.assign(this, { begun: 0, heldSince: 0, nearest: 0, pausedUntil: 0 });
    const task = say("game.task", { emotion: say(`emotion.${target}`) });
    const drawing = picture(draw({ [target]: 1 }, { size: 128 }), "game-target");
    this.fill = make("i");
    this.status = make("p", { class: "soft" }, this.#standing());
    const skip = () => this.#end(this.rounds[this.rounds.length - 1], false, 0, performance.now());
    this.node.removeAttribute("data-matched");
    this.node.replaceChildren(
      drawing,
      make("div", { class: "game-task" }, make("p", { class: "words" }, task), this.#track(), this.status),
      make("button", { type: "button", class: "small", id: "game-skip", onclick: skip }, say("game.skip")),
    );
    announce(task);
  }

  #track() {
    return make("div", { class: "track" }, this.fill);
  }

  #standing() {
    return say("game.standing", { n: this.rounds.length, all: EMOTIONS.length, points: pointsOf(this.rounds) });
  }

  /** @param {number} share */
  #meter(share) {
    if (this.fill) this.fill.style.transform = `scaleX(${Math.min(1, share).toFixed(3)})`;
  }

  /**
   * @param {Round} round
   * @param {boolean} made
   * @param {number} left the share of the time that is left
   * @param {number} now
   */
  #end(round, made, left, now) {
    if (this.pausedUntil) return;
    round.made = made;
    const half = MOST_POINTS / 2;
    round.points = Math.round(made ? half + half * Math.max(0, left) : half * 0.8 * Math.min(1, this.nearest));
    this.node.toggleAttribute("data-matched", made);
    const words = say(made ? "game.made" : "game.missed", { points: round.points });
    this.status?.replaceChildren(words);
    announce(words);
    this.pausedUntil = now + PAUSE;
  }

  async #finish() {
    this.stop();
    const result = await resultOf(this.rounds);
    openSaveDialog({ name: "mien-game", result });
  }
}

/**
 * Return how near scores are to an emotion; 1 and more is there.
 * @param {Record<string, number>} scores
 * @param {string} target
 */
const nearness = (scores, target) => scores[target] / (ENOUGH[target] ?? ENOUGH_ELSE);

/** @param {Round[]} rounds */
const pointsOf = (rounds) => rounds.reduce((sum, { points }) => sum + points, 0);

/**
 * @param {readonly string[]} names
 * @returns {string[]} the same names by chance, the first of them easy
 */
function shuffled(names) {
  const order = names.map((name) => ({ name, place: name === "happy" ? -1 : Math.random() }));
  return order.sort((one, other) => one.place - other.place).map(({ name }) => name);
}
