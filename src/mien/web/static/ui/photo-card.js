/** One photo: the picture with its faces marked, and each face's emoji, words and bars beside it. */

import { draw, EMOTIONS } from "../emoji/index.js";
import { Bars } from "./bars.js";
import { make } from "./dom.js";
import { Explainer } from "./explainer.js";
import { maskedCanvas } from "./mask.js";
import { picture } from "./raster.js";
import { openSaveDialog } from "./save-dialog.js";
import { say } from "./text.js";
import { phrase, phraseWithScore, ranked, whyUnsure } from "./words.js";

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
    this.frame = make("div", { class: "photo-frame" });
    this.side = make("div", { class: "faces" }, make("p", { class: "soft waiting" }, say("photos.reading", { name })));
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
    this.frame.style.maxWidth = `calc(min(68vh, 34rem) * ${(width / height).toFixed(4)})`;
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
    this.marks = faces.map((face, i) => this.#mark(face, faces.length > 1 ? String(i + 1) : ""));
    this.frame.append(...this.marks);
    const explainer = new Explainer(this.file, this.frame, recognition);
    this.side.replaceChildren(...faces.map((face, i) => this.#face(face, i, explainer)));
    this.side.dataset.count = faces.length > 1 ? "many" : "1";
    this.#offer();
    return undefined;
  }

  #nobody() {
    const host = make("div", { class: "note-art", "aria-hidden": "true" });
    host.innerHTML = draw({ neutral: 1 }, { uncertain: true, size: 96 });
    this.side.replaceChildren(
      host,
      make(
        "div",
        {},
        make("p", { class: "words small" }, say("photos.nobody")),
        make("p", { class: "soft" }, say("photos.nobody_hint")),
      ),
    );
    this.side.className = "faces note";
  }

  /** @param {import("./pictures.js").PictureProblem} error */
  problem(error) {
    this.words = `${this.name}: ${say(`photo_problem.${error.code}`, error.values)}`;
    this.frame.remove();
    const host = make("div", { class: "note-art", "aria-hidden": "true" });
    host.innerHTML = draw({ sad: 0.5, surprise: 0.2 }, { size: 96 });
    const message = make("p", { class: "words small" }, say(`photo_problem.${error.code}`, error.values));
    this.side.replaceChildren(
      host,
      make("div", {}, message, make("p", { class: "soft" }, say(`photo_problem.${error.code}_next`))),
    );
    this.side.className = "faces note problem-note";
  }

  /**
   * @param {Face} face
   * @param {string} number
   */
  #mark({ box, scores, uncertain }, number) {
    const hue = uncertain ? "unsure" : ranked(scores)[0][0];
    const mark = make(
      "span",
      { class: `face-frame edge-${hue}`, "aria-hidden": "true" },
      number && make("b", {}, number),
    );
    lay(mark, box.left, box.top, box.right - box.left, box.bottom - box.top, this.width, this.height);
    return mark;
  }

  /**
   * @param {Face} face
   * @param {number} place
   * @param {Explainer} explainer
   */
  #face(face, place, explainer) {
    const many = this.recognition.faces.length > 1;
    const bars = new Bars(EMOTIONS, many ? 3 : EMOTIONS.length);
    bars.show(face.scores);
    const button = { type: "button", class: "small", onclick: () => this.#save(place) };
    const label = many ? { "aria-label": say("photos.save_face", { number: place + 1 }) } : {};
    return make(
      "div",
      { class: `face${face.uncertain ? " is-unsure" : ""}` },
      picture(draw(face.scores, { uncertain: face.uncertain, size: 256 }), "face-emoji"),
      make(
        "div",
        { class: "details" },
        make("p", { class: "words" }, many && make("b", { class: "number" }, String(place + 1)), phraseWithScore(face)),
        face.reasons.length || face.uncertain ? make("p", { class: "soft why" }, whyUnsure(face)) : null,
        bars.node,
        make(
          "p",
          { class: "actions" },
          make("button", { ...button, ...label }, say("photos.save")),
          explainer.button(face),
        ),
        explainer.status(face),
      ),
    );
  }

  /** Offer what can be done with the whole picture. */
  #offer() {
    const mask = make("button", { type: "button", class: "small", "aria-pressed": "false" }, say("photos.mask"));
    mask.addEventListener("click", () => this.#mask(mask));
    this.tools.replaceChildren(mask);
    if (this.recognition.faces.length > 1) {
      this.tools.append(
        make("button", { type: "button", class: "small", onclick: () => this.#save(null) }, say("photos.save")),
      );
    }
  }

  /** @param {HTMLButtonElement} button */
  async #mask(button) {
    const masked = button.getAttribute("aria-pressed") !== "true";
    button.setAttribute("aria-pressed", String(masked));
    this.covered ??= await maskedCanvas(this.plain, this.recognition);
    this.frame.querySelector("canvas")?.replaceWith(masked ? this.covered : this.plain);
    this.frame.classList.toggle("masked", masked);
  }

  /** @param {number|null} place */
  #save(place) {
    openSaveDialog({
      picture: this.plain,
      recognition: this.recognition,
      face: place ?? undefined,
      name: this.name.replace(/\.\w+$/, ""),
    });
  }
}

/**
 * Put a node where a box of the picture is, in parts of its sides.
 * @param {HTMLElement} node
 * @param {number} left
 * @param {number} top
 * @param {number} wide
 * @param {number} high
 * @param {number} width
 * @param {number} height
 */
function lay(node, left, top, wide, high, width, height) {
  node.style.left = `${((100 * left) / width).toFixed(2)}%`;
  node.style.top = `${((100 * top) / height).toFixed(2)}%`;
  node.style.width = `${((100 * wide) / width).toFixed(2)}%`;
  node.style.height = `${((100 * high) / height).toFixed(2)}%`;
}
