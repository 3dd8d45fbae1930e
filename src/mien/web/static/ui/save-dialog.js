/** Save what was drawn: see it in one of five formats, then save, copy or share it. */

import { draw } from "../emoji/index.js";
import { find, make } from "./dom.js";
import { FORMATS, formatsFor } from "./formats.js";
import { picture } from "./raster.js";
import { fill, say } from "./text.js";
import { phrase } from "./words.js";

/**
 * @typedef {{picture?: HTMLCanvasElement, recognition?: import("./words.js").Recognition, face?: number, name: string,
 *   reading?: {scores: Record<string, number>, uncertain?: boolean}, options?:
 *   import("./animated-emoji.js").DrawOptions}}
 *   Subject
 */

/** @type {HTMLDialogElement} */
const dialog = find("#save");
/** What is shown: the subject, whose face, in which format, and the made file. */
const now = {
  /** @type {Subject} */ subject: { name: "" },
  face: /** @type {number|undefined} */ (undefined),
  format: "card",
  turn: 0,
  file: /** @type {File|null} */ (null),
};

/**
 * Open the dialog.
 * @param {Subject} subject a face of a picture, a whole picture (without `face`), or a reading alone
 */
export function openSaveDialog(subject) {
  const alone = subject.recognition?.faces.length === 1 ? 0 : undefined;
  Object.assign(now, { subject, face: subject.face ?? alone });
  if (!formatsFor(now).includes(now.format)) now.format = formatsFor(now)[0];
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
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  showFaces();
  showFormats();
  dialog.showModal();
  render();
}

function showFaces() {
  const faces = now.subject.recognition?.faces ?? [];
  const whom = find("#save-faces");
  whom.hidden = faces.length < 2;
  if (faces.length < 2) return;
  const chip = (/** @type {number|undefined} */ face, /** @type {(Node|string)[]} */ ...inside) =>
    radio("whom", now.face === face, inside, () => {
      now.face = face;
      if (!formatsFor(now).includes(now.format)) now.format = formatsFor(now)[0];
      showFormats();
      render();
    });
  const everyone = chip(undefined, say("save.everyone"));
  const each = faces.map((face, i) =>
    chip(
      i,
      picture(draw(face.scores, { uncertain: face.uncertain, size: 64 }), "chip-emoji"),
      make("span", { class: "unseen" }, phrase(face)),
    ),
  );
  whom.replaceChildren(everyone, ...each);
}

function showFormats() {
  const chips = formatsFor(now).map((format) =>
    radio("format", format === now.format, [say(`save.formats.${format}`)], () => {
      now.format = format;
      render();
    }),
  );
  find("#save-formats").replaceChildren(...chips);
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
    const shown = make("img", { src: address, alt: say("save.preview"), onload: () => URL.revokeObjectURL(address) });
    find("#save-preview").replaceChildren(shown);
    find("#save-preview").dataset.format = now.format;
    showStatus(say("save.size", { kilobytes: Math.max(1, Math.round(file.size / 1000)) }));
  } catch (error) {
    if (turn === now.turn) showStatus(say("save.failed", { reason: /** @type {Error} */ (error).message }));
  }
  find("#save-preview").removeAttribute("aria-busy");
}

/** @param {File|null} file */
function ready(file) {
  now.file = file;
  find("#save-file").disabled = !file;
  find("#save-copy").disabled = !file;
  find("#save-copy").hidden = now.format === "gif" || !navigator.clipboard;
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
