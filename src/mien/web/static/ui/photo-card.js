/** One photo: its emoji pop up on the faces, and the one that is pressed has its details below. */

import { draw } from "../emoji/index.js";
import { make } from "./dom.js";
import { explanationOf } from "./explainer.js";
import { drawFace } from "./face-drawing.js";
import { facePanel } from "./face-panel.js";
import { maskedCanvas } from "./mask.js";
import { picture } from "./raster.js";
import { openSaveDialog } from "./save-dialog.js";
import { say } from "./text.js";
import { expressionOf, mood, phrase } from "./words.js";

/** How wide an emoji is, in parts of its face's width. */
const SHARE = 0.72;
/** Milliseconds from one emoji to the next, as they pop up. */
const STAGGER = 70;

/** @typedef {import("./words.js").Face} Face @typedef {import("./words.js").Recognition} Recognition */

export class PhotoCard {
  /**
   * @param {Blob} file
   * @param {string} name
   * @param {() => void} onRemoved
   */
  constructor(file, name, onRemoved) {
    this.file = file;
    this.name = name;
    this.removed = false;
    this.words = "";
    this.width = 1;
    this.height = 1;
    /** @type {any} the canvas without a mask, once there is a picture */
    this.plain = null;
    /** @type {any} the canvas with it, once it was asked for */
    this.covered = null;
    /** @type {any} once the picture was read */
    this.recognition = null;
    this.masked = false;
    /** @type {HTMLElement[]} */
    this.pops = [];
    this.frame = make("div", { class: "photo-frame" });
    this.side = make("div", { class: "photo-side" }, make("p", { class: "soft waiting" }, say("photos.reading")));
    const remove = make(
      "button",
      {
        type: "button",
        class: "round",
        "aria-label": say("photos.remove", { name }),
        onclick: () => this.#remove(onRemoved),
      },
      "×",
    );
    this.tools = make("div", { class: "photo-tools" });
    const head = make("header", {}, make("h2", { title: name }, name), this.tools, remove);
    this.node = make("article", { class: "photo", "aria-label": name }, head, this.frame, this.side);
  }

  /** @param {() => void} onRemoved */
  #remove(onRemoved) {
    this.removed = true;
    this.node.remove();
    onRemoved();
  }

  /**
   * Show the picture, before anything is known of it.
   * @param {HTMLCanvasElement} canvas
   * @param {number} width of the picture itself
   * @param {number} height
   */
  picture(canvas, width, height) {
    Object.assign(this, { width, height, plain: canvas });
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", this.name);
    this.frame.style.aspectRatio = `${width} / ${height}`;
    this.frame.style.maxWidth = `calc(min(74vh, 40rem) * ${(width / height).toFixed(4)})`;
    this.frame.replaceChildren(canvas);
  }

  /** @param {Recognition} recognition */
  show(recognition) {
    this.recognition = recognition;
    const { faces } = recognition;
    this.words = say("photos.picture", { name: this.name, faces: say("photos.faces", { n: faces.length }) });
    if (!faces.length) return this.#nobody();
    this.words += `: ${faces.map(phrase).join(", ")}`;
    this.plain.setAttribute("aria-label", this.words);
    this.mark = make("span", { class: "face-frame", "aria-hidden": "true", hidden: true });
    this.pops = faces.map((face, i) => this.#pop(face, i));
    this.frame.append(this.mark, ...this.pops);
    this.#offer();
    if (faces.length === 1) this.#select(0);
    else this.#group();
    return undefined;
  }

  #nobody() {
    const words = make("p", { class: "words small" }, say("photos.nobody"));
    this.#note(draw({ neutral: 1 }, { size: 96 }), words, say("photos.nobody_hint"));
  }

  /** @param {import("./pictures.js").PictureProblem} error */
  problem(error) {
    this.words = `${this.name}: ${say(`photo_problem.${error.code}`, error.values)}`;
    this.frame.remove();
    const words = make("p", { class: "words small" }, say(`photo_problem.${error.code}`, error.values));
    this.#note(draw({ sad: 0.5, surprise: 0.2 }, { size: 96 }), words, say(`photo_problem.${error.code}_next`));
    this.side.classList.add("problem-note");
  }

  /**
   * @param {string} svg
   * @param {HTMLElement} words
   * @param {string} next what can be done
   */
  #note(svg, words, next) {
    const art = make("div", { class: "note-art", "aria-hidden": "true" });
    art.innerHTML = svg;
    this.side.replaceChildren(art, make("div", {}, words, make("p", { class: "soft" }, next)));
    this.side.className = "photo-side note";
  }

  /** What a group looks like on the whole. */
  #group() {
    const { faces } = this.recognition;
    const emoji = make("div", { class: "group" });
    emoji.append(
      make("p", { class: "words" }, mood(faces)),
      make("p", { class: "soft" }, say("photos.group", { faces: say("photos.faces", { n: faces.length }) })),
    );
    this.side.replaceChildren(emoji);
  }

  /**
   * @param {Face} face
   * @param {number} place
   */
  #pop(face, place) {
    const { left, top, right } = face.box;
    const label = say("photos.face", { number: place + 1, looks: phrase(face) });
    const button = make(
      "button",
      {
        type: "button",
        class: "pop",
        "aria-pressed": "false",
        "aria-label": label,
        onclick: () => this.#select(place),
      },
      Object.assign(picture(drawFace(face, { size: 192 }), "pop-emoji"), { alt: "" }),
    );
    // At the upper right of the face, but inside the picture.
    const half = (SHARE * (right - left)) / 2;
    const x = Math.min(this.width - half, Math.max(half, right + 0.35 * half));
    const y = Math.min(this.height - half, Math.max(half, top));
    button.style.left = `${((100 * x) / this.width).toFixed(2)}%`;
    button.style.top = `${((100 * y) / this.height).toFixed(2)}%`;
    button.style.width = `${((200 * half) / this.width).toFixed(2)}%`;
    button.style.animationDelay = `${STAGGER * place}ms`;
    return button;
  }

  /** @param {number} place */
  #select(place) {
    const face = this.recognition.faces[place];
    this.pops.forEach((pop, i) => pop.setAttribute("aria-pressed", String(i === place)));
    this.mark.hidden = false;
    this.mark.className = `face-frame edge-${face.uncertain ? "unsure" : expressionOf(face)}`;
    lay(this.mark, face.box, this.width, this.height);
    this.side.replaceChildren(
      facePanel(face, {
        label: say("photos.face", { number: place + 1, looks: phrase(face) }),
        onSave: () => this.#save(place),
        explain: () => explanationOf(this.file, this.plain, this.width, face),
      }),
    );
  }

  /** Offer what can be done with the whole picture. */
  #offer() {
    const mask = make("button", { type: "button", class: "small", "aria-pressed": "false" }, say("photos.mask"));
    mask.addEventListener("click", () => this.#mask(mask));
    const save = make("button", { type: "button", class: "small primary" }, say("photos.save"));
    save.addEventListener("click", () => this.#save());
    this.tools.replaceChildren(mask, save);
  }

  /** @param {HTMLButtonElement} button */
  async #mask(button) {
    this.masked = button.getAttribute("aria-pressed") !== "true";
    button.setAttribute("aria-pressed", String(this.masked));
    this.covered ??= await maskedCanvas(this.plain, this.recognition);
    this.frame.querySelector("canvas")?.replaceWith(this.masked ? this.covered : this.plain);
    this.frame.classList.toggle("masked", this.masked);
  }

  /**
   * With the mask on, only the masked picture is offered, never the bare face.
   * @param {number} [face] everybody without it
   */
  #save(face) {
    const { masked, recognition } = this;
    const name = this.name.replace(/\.\w+$/, "");
    openSaveDialog({ picture: masked ? this.covered : this.plain, masked, recognition, face, name });
  }
}

/**
 * Put a node where a box of the picture is, in parts of its sides.
 * @param {HTMLElement} node
 * @param {import("./words.js").Box} box
 * @param {number} width
 * @param {number} height
 */
function lay(node, { left, top, right, bottom }, width, height) {
  node.style.left = `${((100 * left) / width).toFixed(2)}%`;
  node.style.top = `${((100 * top) / height).toFixed(2)}%`;
  node.style.width = `${((100 * (right - left)) / width).toFixed(2)}%`;
  node.style.height = `${((100 * (bottom - top)) / height).toFixed(2)}%`;
}
