/** Photos: dropped, pasted or chosen, many at once; read one after the other. */

import { PHOTO_LABELS } from "../constants.js";
import { draw } from "../emoji/index.js";
import { announce } from "./announce.js";
import { find } from "./dom.js";
import { theReader } from "./loading.js";
import { PhotoCard } from "./photo-card.js";
import { PictureProblem, shown, unpack } from "./pictures.js";
import { startSamples } from "./samples.js";
import { say } from "./text.js";

const list = find("#photos-list");
const view = find("#view-photos");

/** @type {{file: Blob, card: PhotoCard}[]} */
const queue = [];
let [done, total, busy, dragging] = [0, 0, false, 0];

/**
 * Listen for photos on the whole page.
 * @param {() => void} onTaken called when some came, to show this view
 */
export function startPhotos(onTaken) {
  const take = (/** @type {Iterable<File>} */ files) => {
    const all = [...files];
    if (!all.length) return;
    onTaken();
    all.forEach(add);
    // The newest stands on top, and is read first.
    list.firstElementChild?.scrollIntoView({ block: "nearest" });
    work();
  };
  find("#drop-art").innerHTML = draw({ surprise: 0.55, happy: 0.4 }, { size: 192 });
  find("#choose").addEventListener("click", () => find("#files").click());
  find("#files").addEventListener("change", () => {
    take(find("#files").files);
    find("#files").value = "";
  });
  find("#clear").addEventListener("click", clear);
  addEventListener("paste", (event) => take(event.clipboardData?.files ?? []));
  listenForDrops(take);
  startSamples(take);
}

/** @param {(files: Iterable<File>) => void} take */
function listenForDrops(take) {
  const mark = (/** @type {number} */ change) => {
    dragging = change ? Math.max(0, dragging + change) : 0;
    document.body.classList.toggle("dragging", dragging > 0);
  };
  addEventListener("dragenter", () => mark(1));
  addEventListener("dragleave", () => mark(-1));
  addEventListener("dragover", (event) => event.preventDefault());
  addEventListener("drop", (event) => {
    event.preventDefault();
    mark(0);
    take(event.dataTransfer?.files ?? []);
  });
}

/** @param {File} file */
function add(file) {
  const card = new PhotoCard(file, file.name || say("photos.pasted"), () => tell());
  queue.push({ file, card });
  total += 1;
  list.prepend(card.node);
  view.dataset.filled = "";
  tell();
}

/** Read what waits, one at a time: memory stays that of one picture. */
async function work() {
  if (busy) return;
  busy = true;
  for (let next = queue.pop(); next; next = queue.pop()) {
    await read(next.file, next.card);
    done += 1;
    tell();
  }
  busy = false;
}

/**
 * @param {Blob} file
 * @param {PhotoCard} card
 */
async function read(file, card) {
  if (card.removed) return;
  try {
    const bitmap = await unpack(file);
    card.picture(shown(bitmap), bitmap.width, bitmap.height);
    const reader = await theReader();
    const recognition = await reader.read(bitmap, { source: card.name, labels: PHOTO_LABELS });
    bitmap.close();
    card.show(recognition);
  } catch (error) {
    card.problem(
      error instanceof PictureProblem
        ? error
        : new PictureProblem("failed", { reason: /** @type {Error} */ (error).message }),
    );
  }
  announce(card.words);
}

function clear() {
  queue.length = 0;
  [done, total] = [0, 0];
  list.replaceChildren();
  tell();
  find("#choose").focus();
}

function tell() {
  const left = list.children.length;
  find("#clear").hidden = !left;
  if (!left) {
    delete view.dataset.filled;
    if (!busy) [done, total] = [0, 0];
  }
  find("#photos-progress").textContent = total > 1 && done < total ? say("photos.progress", { done, total }) : "";
}
