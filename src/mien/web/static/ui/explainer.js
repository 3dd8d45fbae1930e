/**
 * What the reading hangs on: the face is read again with each place covered once, and the drops laid over the picture.
 */

import { SIDE } from "../constants.js";
import { place } from "../reading/align.js";
import { make, sheet } from "./dom.js";
import { theReader } from "./loading.js";
import { unpack } from "./pictures.js";
import { say } from "./text.js";
import { ranked } from "./words.js";

/** @typedef {import("./words.js").Face} Face */

export class Explainer {
  /**
   * @param {Blob} file
   * @param {HTMLElement} frame holds the picture
   * @param {{width: number, height: number}} size of the picture
   */
  constructor(file, frame, size) {
    this.file = file;
    this.frame = frame;
    this.size = size;
    /** @type {Map<Face, {button: HTMLButtonElement, status: HTMLElement, map?: HTMLCanvasElement, words?: string}>} */
    this.parts = new Map();
  }

  /**
   * Return the button that shows a face's map and takes it away again.
   * @param {Face} face
   */
  button(face) {
    const button = make(
      "button",
      { type: "button", class: "small", "aria-pressed": "false", title: say("photos.explain_hint") },
      say("photos.explain"),
    );
    button.addEventListener("click", () => this.#toggle(face));
    this.#part(face).button = button;
    return button;
  }

  /**
   * Return where the map is put into words.
   * @param {Face} face
   */
  status(face) {
    return this.#part(face).status;
  }

  /** @param {Face} face */
  #part(face) {
    if (!this.parts.has(face)) {
      const status = make("p", { class: "soft why", role: "status" });
      this.parts.set(face, { button: make("button"), status });
    }
    return /** @type {any} */ (this.parts.get(face));
  }

  /** @param {Face} face */
  async #toggle(face) {
    const part = this.#part(face);
    const on = part.button.getAttribute("aria-pressed") !== "true";
    part.button.setAttribute("aria-pressed", String(on));
    if (!on) {
      part.map?.remove();
      part.status.textContent = "";
      return;
    }
    if (!part.map) {
      part.status.textContent = say("photos.explaining");
      try {
        const drops = await this.#drops(face);
        part.map = heat(drops, face, this.size);
        part.words = inWords(drops, face);
      } catch (error) {
        part.button.setAttribute("aria-pressed", "false");
        part.status.textContent = say("photos.not_explained", { reason: /** @type {Error} */ (error).message });
        return;
      }
    }
    if (part.button.getAttribute("aria-pressed") !== "true") return;
    part.status.textContent = part.words;
    this.frame.append(part.map);
  }

  /**
   * @param {Face} face
   * @returns {Promise<{rows: number, columns: number, drops: number[]}>}
   */
  async #drops(face) {
    const reader = await theReader();
    const bitmap = await unpack(this.file);
    try {
      return await reader.explain(bitmap, face);
    } finally {
      bitmap.close();
    }
  }
}

/**
 * Return a layer of the picture's form with the map where the face is.
 * @param {{rows: number, columns: number, drops: number[]}} map
 * @param {Face} face
 * @param {{width: number, height: number}} size
 * @returns {HTMLCanvasElement}
 */
function heat({ rows, columns, drops }, face, { width, height }) {
  const cells = sheet(columns, rows);
  const most = Math.max(1e-6, ...drops.map(Math.abs));
  drops.forEach((drop, i) => {
    const strength = Math.abs(drop) / most;
    cells.pen.fillStyle = `rgb(${drop > 0 ? "226 38 38" : "38 92 226"} / ${(0.82 * strength).toFixed(3)})`;
    cells.pen.fillRect(i % columns, Math.floor(i / columns), 1, 1);
  });
  const scale = Math.min(1, 1280 / Math.max(width, height));
  const { canvas, pen } = sheet(width * scale, height * scale);
  const { a, b, left, top } = place(face.landmarks);
  pen.setTransform(a * scale, b * scale, -b * scale, a * scale, left * scale, top * scale);
  pen.imageSmoothingQuality = "high";
  pen.drawImage(cells.canvas, 0, 0, SIDE, SIDE);
  canvas.className = "heat";
  canvas.setAttribute("aria-hidden", "true");
  return canvas;
}

/**
 * @param {{drops: number[]}} map
 * @param {Face} face
 */
function inWords({ drops }, face) {
  const expression = say(`emotion.${ranked(face.scores)[0][0]}`);
  const points = Math.round(100 * Math.max(...drops));
  return points < 1 ? say("photos.explained_little", { expression }) : say("photos.explained", { expression, points });
}
