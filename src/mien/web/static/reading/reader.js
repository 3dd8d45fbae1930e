/** The page's door to reading: in a worker of this browser, or by the service that sent the page. */

import { readByService } from "./service.js";

/**
 * @typedef {ImageBitmap | ImageData | Blob | VideoFrame} Picture  a video frame is handed over: it is closed when it
 * was read
 */
/** @typedef {{source?: string | null, live?: boolean, labels?: "votes" | "balanced" | "fer2013"}} Options */
/**
 * @typedef {object} Reader
 * @property {"browser" | "service"} backend
 * @property {{name: string, version: string, sha256: string} | null} model
 * @property {(picture: Picture, options?: Options) => Promise<any>} read  one recognition, as `mien --format json`
 *   has it
 * @property {(picture: Picture, face: any, options?: Options) => Promise<{rows: number, columns: number, drops:
 *   number[]}>} explain
 * @property {(crops: Uint8Array[], options?: Options) => Promise<any[]>} readCrops  grey crops of 48x48 pixels
 * @property {() => void} close
 */

const MANIFEST = "runtime/files.json";

/**
 * A reader, ready to read. "auto" reads in the browser where the files for it are there, else by the service.
 * @param {{base?: string, backend?: "auto" | "browser" | "service", onProgress?: (step: {stage: string, loaded?:
 *   number, total?: number}) => void}} [options]
 * @returns {Promise<Reader>}
 */
export async function loadReader({
  base = new URL("../", import.meta.url).href,
  backend = "auto",
  onProgress = () => {},
} = {}) {
  const root = new URL(base, location.href).href;
  if (backend === "service") return readByService(root);
  const answer = await fetch(new URL(MANIFEST, root), { cache: "no-cache" });
  if (answer.ok) return readInBrowser(root, (await answer.json()).files, onProgress);
  if (backend === "auto") return readByService(root);
  throw new Error("the files that run networks in a browser are not here; `make web` fetches them");
}

/** @returns {Promise<Reader>} */
async function readInBrowser(base, sizes, onProgress) {
  const worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
  try {
    await started(worker);
    const call = callsTo(worker, onProgress);
    const model = await call("load", base, sizes);
    return {
      backend: "browser",
      model,
      read: (picture, options = {}) => call("read", picture, options),
      explain: (picture, face, options = {}) => call("explain", picture, { landmarks: face.landmarks }, options),
      readCrops: (crops, options = {}) => call("readCrops", crops, options),
      close: () => worker.terminate(),
    };
  } catch (error) {
    worker.terminate();
    throw error;
  }
}

const started = (/** @type {Worker} */ worker) =>
  new Promise((resolve, reject) => {
    worker.addEventListener("message", resolve, { once: true });
    worker.addEventListener("error", (event) => reject(notStarted(event)), { once: true });
  });

const notStarted = ({ message }) => new Error(message || "the part of the page that reads could not be started");

const isFrame = (/** @type {unknown} */ value) => "VideoFrame" in globalThis && value instanceof VideoFrame;

/** A function that calls the worker and promises its answer. */
function callsTo(worker, onProgress) {
  let count = 0;
  /** @type {Map<number, {resolve: (value: any) => void, reject: (error: Error) => void}>} */
  const open = new Map();
  worker.addEventListener("message", ({ data }) => {
    if (data.progress) return onProgress(data.progress);
    const call = open.get(data.id);
    open.delete(data.id);
    return data.error
      ? call?.reject(Object.assign(new Error(data.error.message), { name: data.error.name }))
      : call?.resolve(data.value);
  });
  worker.addEventListener("error", (event) => {
    for (const { reject } of open.values()) reject(notStarted(event));
    open.clear();
  });
  return (/** @type {string} */ name, /** @type {any[]} */ ...given) =>
    new Promise((resolve, reject) => {
      count += 1;
      open.set(count, { resolve, reject });
      worker.postMessage({ id: count, call: name, given }, given.filter(isFrame));
    });
}
