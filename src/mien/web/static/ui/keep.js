/** Keep what was drawn: look at it in one of five forms, then save, copy or share it. */

import { draw } from "../emoji/index.js";
import { find, make } from "./dom.js";
import { FORMS, formsFor } from "./forms.js";
import { picture } from "./raster.js";
import { fill, say } from "./text.js";
import { lookWords } from "./words.js";

/**
 * @typedef {{picture?: HTMLCanvasElement, recognition?: import("./words.js").Recognition, face?: number, name: string,
 *   look?: {scores: Record<string, number>, uncertain?: boolean}, options?: import("./portrait.js").DrawOptions}}
 *   Subject
 */

/** @type {HTMLDialogElement} */
const dialog = find("#keep");
/** What is shown: the subject, whose face, in which form, and the made file. */
const now = {
  /** @type {Subject} */ subject: { name: "" },
  face: /** @type {number|undefined} */ (undefined),
  form: "card",
  turn: 0,
  file: /** @type {File|null} */ (null),
};

/**
 * Open the dialog.
 * @param {Subject} subject a face of a picture, a whole picture (without `face`), or a look alone
 */
export function openKeep(subject) {
  const alone = subject.recognition?.faces.length === 1 ? 0 : undefined;
  Object.assign(now, { subject, face: subject.face ?? alone });
  if (!formsFor(now).includes(now.form)) now.form = formsFor(now)[0];
  dialog.replaceChildren(
    make(
      "header",
      {},
      make("h2", { id: "keep-title", "data-text": "keep.title" }),
      make(
        "button",
        { type: "button", class: "round", "data-label": "keep.close", onclick: () => dialog.close() },
        "×",
      ),
    ),
    make("div", { id: "keep-whom", class: "chips", role: "radiogroup", "data-label": "keep.whom" }),
    make("div", { id: "keep-forms", class: "chips", role: "radiogroup", "data-label": "keep.form" }),
    make("div", { id: "keep-preview", class: "preview" }),
    make("p", { id: "keep-said", class: "soft", role: "status" }),
    make(
      "div",
      { class: "tools" },
      make("button", { id: "keep-save", type: "button", class: "primary", "data-text": "keep.save", onclick: save }),
      make("button", { id: "keep-copy", type: "button", "data-text": "keep.copy", onclick: copy }),
      make("button", { id: "keep-share", type: "button", "data-text": "keep.share", onclick: share }),
    ),
  );
  fill(dialog);
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  offerFaces();
  offerForms();
  dialog.showModal();
  make_();
}

function offerFaces() {
  const faces = now.subject.recognition?.faces ?? [];
  const whom = find("#keep-whom");
  whom.hidden = faces.length < 2;
  if (faces.length < 2) return;
  const chip = (/** @type {number|undefined} */ face, /** @type {(Node|string)[]} */ ...inside) =>
    radio("whom", now.face === face, inside, () => {
      now.face = face;
      if (!formsFor(now).includes(now.form)) now.form = formsFor(now)[0];
      offerForms();
      make_();
    });
  const everyone = chip(undefined, say("keep.everyone"));
  const each = faces.map((face, i) =>
    chip(
      i,
      picture(draw(face.scores, { uncertain: face.uncertain, size: 64 }), "chip-emoji"),
      make("span", { class: "unseen" }, lookWords(face)),
    ),
  );
  whom.replaceChildren(everyone, ...each);
}

function offerForms() {
  const chips = formsFor(now).map((form) =>
    radio("form", form === now.form, [say(`keep.forms.${form}`)], () => {
      now.form = form;
      make_();
    }),
  );
  find("#keep-forms").replaceChildren(...chips);
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
    make("input", { type: "radio", name: `keep-${name}`, checked, class: "unseen", onchange: onChosen }),
    make("span", {}, ...inside),
  );
}

/** Make the chosen form and show it; a newer choice wins. */
async function make_() {
  const turn = ++now.turn;
  ready(null);
  tell(say("keep.making"));
  find("#keep-preview").setAttribute("aria-busy", "true");
  try {
    const file = await FORMS[now.form](now);
    if (turn !== now.turn || !dialog.open) return;
    ready(file);
    const address = URL.createObjectURL(file);
    const shown = make("img", { src: address, alt: say("keep.preview"), onload: () => URL.revokeObjectURL(address) });
    find("#keep-preview").replaceChildren(shown);
    find("#keep-preview").dataset.form = now.form;
    tell(say("keep.size", { kilobytes: Math.max(1, Math.round(file.size / 1000)) }));
  } catch (error) {
    if (turn === now.turn) tell(say("keep.failed", { reason: /** @type {Error} */ (error).message }));
  }
  find("#keep-preview").removeAttribute("aria-busy");
}

/** @param {File|null} file */
function ready(file) {
  now.file = file;
  find("#keep-save").disabled = !file;
  find("#keep-copy").disabled = !file;
  find("#keep-copy").hidden = now.form === "gif" || !navigator.clipboard;
  find("#keep-share").disabled = !file;
  find("#keep-share").hidden = Boolean(file) && !navigator.canShare?.({ files: [/** @type {File} */ (file)] });
}

function save() {
  const { file } = now;
  if (!file) return;
  const address = URL.createObjectURL(file);
  make("a", { href: address, download: file.name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
  tell(say("keep.saved", { name: file.name }));
}

async function copy() {
  const { file } = now;
  if (!file) return;
  try {
    if (file.type === "image/svg+xml") await navigator.clipboard.writeText(await file.text());
    else await navigator.clipboard.write([new ClipboardItem({ [file.type]: file })]);
    tell(say("keep.copied"));
  } catch {
    tell(say("keep.not_copied"));
  }
}

async function share() {
  try {
    await navigator.share({ files: [/** @type {File} */ (now.file)] });
  } catch (error) {
    if (/** @type {Error} */ (error).name !== "AbortError") tell(say("keep.not_shared"));
  }
}

/** @param {string} words */
function tell(words) {
  find("#keep-said").textContent = words;
}
