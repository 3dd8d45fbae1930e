/** The reader that all views share, with the progress of its loading shown. */

import { earlyReader, onProgress } from "../reading/early.js";
import { find, make } from "./dom.js";
import { loadSamples } from "./samples.js";
import { encoder } from "./sticker.js";
import { say } from "./text.js";

/** @type {Promise<any>|null} */
let reader = null;

/**
 * Return the reader, as soon as it reads; what hinders it is shown from the first call on.
 * @returns {Promise<any>}
 */
export function theReader() {
  reader ??= load();
  return reader;
}

/** @type {Promise<any>|null} */
let rest = null;

/** What stickers and samples need, loaded once. */
const theRest = () => {
  rest ??= Promise.all([encoder().catch(() => null), loadSamples()]);
  return rest;
};

/** Wait until the page needs the network for nothing, and say that it is ready. */
export async function everythingLoaded() {
  const { backend } = await theReader();
  if (backend === "browser") await theRest();
  showReady(backend);
}

async function load() {
  onProgress(tell);
  try {
    return await earlyReader;
  } catch (error) {
    find("#loading").dataset.state = "failed";
    const words = say("loading.failed", { reason: /** @type {Error} */ (error).message });
    find("#loading").replaceChildren(make("p", {}, make("strong", {}, words), " ", say("loading.failed_next")));
    throw error;
  }
}

/** @param {"browser" | "service"} backend */
function showReady(backend) {
  const line = find("#loading");
  line.dataset.state = backend === "service" ? "service" : "ready";
  if (backend === "service") {
    line.replaceChildren(make("p", {}, say("loading.service", { host: location.host })));
    find("#private").textContent = say("notice.private_service");
    find("#mirror-lead").textContent = say("mirror.lead_service");
    find("#network-log-try").hidden = true;
  } else {
    find("#loading-text").textContent = say("loading.ready");
    setTimeout(() => (line.hidden = true), 600);
  }
  document.documentElement.dataset.reader = backend;
}

/** @param {{stage: string, loaded?: number, total?: number}} step */
function tell({ stage, loaded = 0, total = 0 }) {
  // The line is free while the model is made ready.
  if (stage === "session") theRest();
  show(["runtime", "detector", "model", "session"].includes(stage) ? stage : "start", loaded, total);
}

/**
 * @param {string} stage
 * @param {number} [loaded] bytes
 * @param {number} [total]
 */
function show(stage, loaded = 0, total = 0) {
  const megabytes = (/** @type {number} */ bytes) => (bytes / 1e6).toFixed(1);
  const size = total ? ` ${say("loading.megabytes", { loaded: megabytes(loaded), total: megabytes(total) })}` : "";
  find("#loading-text").textContent = say(`loading.${stage}`) + size;
  const bar = find("#loading-bar");
  if (total) bar.value = Math.min(1, loaded / total);
  else bar.removeAttribute("value");
}
