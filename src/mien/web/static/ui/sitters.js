/** The emoji beside the camera's picture: one for each person, with words and bars; the host while nobody sits. */

import { draw, EMOTIONS } from "../emoji/index.js";
import { announce } from "./announce.js";
import { Bars } from "./bars.js";
import { calm, make } from "./dom.js";
import { tiltOf } from "./geometry.js";
import { Portrait } from "./portrait.js";
import { say } from "./text.js";
import { altOf, inFull, lookWords, ranked, whyUnsure } from "./words.js";

/**
 * What the emoji does while it waits to be looked at; milliseconds between.
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

/** @typedef {import("./pairing.js").Person} Person */

export class Sitters {
  /** @param {HTMLElement} node */
  constructor(node) {
    this.node = node;
    /** @type {Map<number, Sitter>} */
    this.all = new Map();
    /** What was last drawn to be told. */
    this.drawn = { name: "", alt: "" };
    this.host = new Portrait({ idle: true }).start();
    this.mood = 0;
    this.host.aim(MOODS[0]);
    setInterval(
      () => this.host.node.isConnected && !calm.matches && this.host.aim(MOODS[++this.mood % MOODS.length]),
      EVERY,
    );
    this.wait();
  }

  /** Show the host, who makes faces on its own. */
  wait() {
    this.#clear();
    this.node.dataset.count = "host";
    this.node.replaceChildren(this.host.node);
  }

  /**
   * Show who is there.
   * @param {Person[]} people from left to right in the picture
   */
  show(people) {
    if (!people.length) return this.#nobody();
    const here = new Set(people.map(({ id }) => id));
    for (const [id, sitter] of this.all) if (!here.has(id)) this.#drop(id, sitter);
    if (this.node.dataset.count === "host" || this.node.dataset.count === "0") this.node.replaceChildren();
    this.node.dataset.count = people.length > 4 ? "many" : String(people.length);
    people.forEach((person, place) => {
      if (!this.all.has(person.id)) this.all.set(person.id, new Sitter(this.node));
      this.all.get(person.id)?.show(person, people.length - place);
    });
    this.#announce(people);
    return undefined;
  }

  #nobody() {
    if (this.node.dataset.count === "0") return;
    this.#clear();
    this.node.dataset.count = "0";
    this.host.aim({ neutral: 1 }, { uncertain: true });
    const words = make("p", { class: "words" }, say("mirror.nobody"));
    this.node.replaceChildren(this.host.node, words, make("p", { class: "soft" }, say("mirror.nobody_hint")));
    announce(say("mirror.nobody"));
  }

  /** @param {Person[]} people */
  #announce(people) {
    const looks = people.map(lookWords);
    if (people.length > 1) return announce(say("announce_many", { n: people.length, looks: looks.join(", ") }));
    return announce(say("announce", { look: looks[0], alt: this.#alt(people[0]) }));
  }

  /**
   * The alt text of the score's nearest tenth: a screen reader is told of changes that can be seen.
   * @param {Person} person
   */
  #alt({ scores, uncertain }) {
    const [[label, score]] = ranked(scores);
    const tenth = Math.round(10 * score) / 10;
    const name = `${label} ${tenth} ${uncertain}`;
    if (name !== this.drawn.name) this.drawn = { name, alt: altOf(draw({ [label]: tenth }, { uncertain })) };
    return this.drawn.alt;
  }

  #clear() {
    this.all.forEach((sitter, id) => this.#drop(id, sitter));
  }

  /**
   * @param {number} id
   * @param {Sitter} sitter
   */
  #drop(id, sitter) {
    sitter.portrait.stop();
    sitter.node.remove();
    this.all.delete(id);
  }
}

class Sitter {
  /** @param {HTMLElement} parent */
  constructor(parent) {
    this.portrait = new Portrait().start();
    this.words = make("p", { class: "words" });
    this.why = make("p", { class: "soft why" });
    this.bars = new Bars(EMOTIONS);
    this.node = make(
      "div",
      { class: "sitter" },
      this.portrait.node,
      make("div", { class: "told" }, this.words, this.why, this.bars.node),
    );
    parent.append(this.node);
  }

  /**
   * @param {Person} person
   * @param {number} place
   */
  show(person, place) {
    const { scores, uncertain, face } = person;
    this.node.style.order = String(place);
    // As in a mirror: the head leans to the other side than in the picture.
    this.portrait.aim(scores, { uncertain, tilt: -tiltOf(face) });
    put(this.words, inFull(person));
    put(this.why, uncertain ? whyUnsure(person) : "");
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
