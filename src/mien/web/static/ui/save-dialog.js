/** Save what was drawn: see it in one of its formats, then save, copy or share it. */

import { find, make } from "./dom.js";
import { drawFace } from "./face-drawing.js";
import { FIGURE, FORMATS, formatsFor, shapesFor } from "./formats.js";
import { picture } from "./raster.js";
import { fill, say } from "./text.js";
import { phrase } from "./words.js";

/**
 * @typedef {object} Subject what is saved: a picture with its faces, a reading alone, a clip, or the result of a game
 * @property {string} name with which the file's name begins
 * @property {HTMLCanvasElement} [picture]
 * @property {boolean} [masked] whether the faces in the picture are hidden already
 * @property {import("./words.js").Recognition} [recognition]
 * @property {number} [face]
 * @property {import("./words.js").Reading} [reading]
 * @property {Record<string, number>} [controls] of the drawing, where they do not follow from the reading
 * @property {import("./animated-emoji.js").DrawOptions} [options]
 * @property {import("./clip.js").Clip} [clip]
 * @property {HTMLCanvasElement} [result]
 */

/** What a clipboard takes: pictures that stand still, and the text of a drawing. */
const COPIED = ["card", "png", "svg", "mask", "result"];

/** @type {HTMLDialogElement} */
const dialog = find("#save");
/** What is shown: the subject, whose face, in which format, and the made file. */
const now = {
  /** @type {Subject} */ subject: { name: "" },
  face: /** @type {number|undefined} */ (undefined),
  format: "card",
  shape: FIGURE,
  turn: 0,
  file: /** @type {File|null} */ (null),
};

dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
// Nothing plays on behind a closed dialog, and nobody waits for what is made for it.
dialog.addEventListener("close", () => find("#save-preview").replaceChildren());

/**
 * Open the dialog.
 * @param {Subject} subject without `face` a picture stands for everybody in it
 */
export function openSaveDialog(subject) {
  const alone = subject.recognition?.faces.length === 1 ? 0 : undefined;
  Object.assign(now, { subject, face: subject.face ?? alone });
  if (subject.masked || !formatsFor(now).includes(now.format)) now.format = formatsFor(now)[0];
  dialog.replaceChildren(
    make(
      "header",
      {},
      make("h2", { id: "save-title", "data-text": "save.title" }),
      make(
        "button",
        { type: "button", class: "round", "data-label": "save.close", onclick: () => dialog.close() },
        "×",
      ),
    ),
    make("div", { id: "save-faces", class: "chips", role: "radiogroup", "data-label": "save.faces" }),
    make("div", { id: "save-formats", class: "chips", role: "radiogroup", "data-label": "save.format" }),
    make("div", { id: "save-shapes", class: "chips", role: "radiogroup", "data-label": "save.shape" }),
    make("div", { id: "save-preview", class: "preview" }),
    make("p", { id: "save-status", class: "soft", role: "status" }),
    make(
      "div",
      { class: "tools" },
      make("button", { id: "save-file", type: "button", class: "primary", "data-text": "save.save", onclick: save }),
      make("button", { id: "save-copy", type: "button", "data-text": "save.copy", onclick: copy }),
      make("button", { id: "save-share", type: "button", "data-text": "save.share", onclick: share }),
    ),
  );
  fill(dialog);
  showFaces();
  showFormats();
  showShapes();
  dialog.showModal();
  render();
}

function showFaces() {
  const faces = now.subject.recognition?.faces ?? [];
  const chips = find("#save-faces");
  chips.hidden = faces.length < 2;
  if (faces.length < 2) return;
  const chip = (/** @type {number|undefined} */ face, /** @type {(Node|string)[]} */ ...inside) =>
    radio("face", now.face === face, inside, () => {
      now.face = face;
      if (!formatsFor(now).includes(now.format)) now.format = formatsFor(now)[0];
      showFormats();
      showShapes();
      render();
    });
  const everyone = chip(undefined, say("save.everyone"));
  const each = faces.map((face, i) =>
    chip(i, picture(drawFace(face, { size: 64 }), "chip-emoji"), make("span", { class: "unseen" }, phrase(face))),
  );
  chips.replaceChildren(everyone, ...each);
}

function showFormats() {
  const chips = formatsFor(now).map((format) =>
    radio("format", format === now.format, [say(`save.formats.${format}`)], () => {
      now.format = format;
      showShapes();
      render();
    }),
  );
  find("#save-formats").replaceChildren(...chips);
}

function showShapes() {
  const shapes = now.format === "card" ? shapesFor(now) : [];
  const chips = shapes.map((shape) =>
    radio("shape", shape === now.shape, [say(`save.shapes.${shape}`)], () => {
      now.shape = shape;
      render();
    }),
  );
  find("#save-shapes").hidden = shapes.length < 2;
  find("#save-shapes").replaceChildren(...chips);
}

/**
 * @param {string} name
 * @param {boolean} checked
 * @param {(Node|string)[]} inside
 * @param {() => void} onChosen
 */
function radio(name, checked, inside, onChosen) {
  return make(
    "label",
    { class: "chip" },
    make("input", { type: "radio", name: `save-${name}`, checked, class: "unseen", onchange: onChosen }),
    make("span", {}, ...inside),
  );
}

/** Make the chosen format and show it; a newer choice wins. */
async function render() {
  const turn = ++now.turn;
  ready(null);
  showStatus(say("save.making"));
  find("#save-preview").setAttribute("aria-busy", "true");
  try {
    const file = await FORMATS[now.format](now);
    if (turn !== now.turn || !dialog.open) return;
    ready(file);
    const address = URL.createObjectURL(file);
    find("#save-preview").replaceChildren(previewOf(file, address));
    find("#save-preview").dataset.format = now.format;
    showStatus(say("save.size", { kilobytes: Math.max(1, Math.round(file.size / 1000)) }));
  } catch (error) {
    if (turn === now.turn) showStatus(say("save.failed", { reason: /** @type {Error} */ (error).message }));
  }
  find("#save-preview").removeAttribute("aria-busy");
}

/**
 * @param {File} file
 * @param {string} address
 */
function previewOf(file, address) {
  const forget = () => URL.revokeObjectURL(address);
  if (!file.type.startsWith("video/")) {
    return make("img", { src: address, alt: say("save.preview"), onload: forget });
  }
  const label = say("save.preview");
  return make("video", {
    src: address,
    autoplay: true,
    loop: true,
    muted: true,
    playsInline: true,
    "aria-label": label,
  });
}

/** @param {File|null} file */
function ready(file) {
  now.file = file;
  find("#save-file").disabled = !file;
  find("#save-copy").disabled = !file;
  find("#save-copy").hidden = !COPIED.includes(now.format) || !navigator.clipboard;
  find("#save-share").disabled = !file;
  find("#save-share").hidden = Boolean(file) && !navigator.canShare?.({ files: [/** @type {File} */ (file)] });
}

function save() {
  const { file } = now;
  if (!file) return;
  const address = URL.createObjectURL(file);
  make("a", { href: address, download: file.name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
  showStatus(say("save.saved", { name: file.name }));
}

async function copy() {
  const { file } = now;
  if (!file) return;
  try {
    if (file.type === "image/svg+xml") await navigator.clipboard.writeText(await file.text());
    else await navigator.clipboard.write([new ClipboardItem({ [file.type]: file })]);
    showStatus(say("save.copied"));
  } catch {
    showStatus(say("save.not_copied"));
  }
}

async function share() {
  try {
    await navigator.share({ files: [/** @type {File} */ (now.file)] });
  } catch (error) {
    if (/** @type {Error} */ (error).name !== "AbortError") showStatus(say("save.not_shared"));
  }
}

/** @param {string} words */
function showStatus(words) {
  find("#save-status").textContent = words;
}
