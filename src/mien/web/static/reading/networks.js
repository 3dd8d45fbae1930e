/** Networks in the browser: fetched with progress, checked against their records, run by onnxruntime-web. */

import { fetched } from "./fetching.js";

/**
 * @typedef {object} Network
 * @property {(name: string, type: "float32" | "uint8", data: Float32Array | Uint8Array, dims: number[]) =>
 *   Promise<Record<string, Float32Array>>} run
 */

const LIBRARY = "runtime/ort.wasm.min.mjs";
const BINARY = "runtime/ort-wasm-simd-threaded.wasm";

/** What is fetched, in the order in which its progress is shown. */
const PARTS = { runtime: BINARY, detector: "models/yunet.onnx", model: "models/mien-s.onnx" };

/**
 * The detector, the model and its record.
 * @param {string} base URL of the page's folder
 * @param {Record<string, {bytes: number}>} sizes of the files, by URL
 * @param {(step: {stage: string, loaded: number, total: number}) => void} onProgress
 */
export async function loadNetworks(base, sizes, onProgress) {
  const url = (/** @type {string} */ path) => new URL(path, base).href;
  const record = (/** @type {string} */ path) =>
    fetch(url(path.replace(/onnx$/, "json")), { cache: "no-cache" }).then((answer) => answer.json());
  const [ort, detectorFacts, modelFacts] = await Promise.all([
    import(url(LIBRARY)),
    record(PARTS.detector),
    record(PARTS.model),
  ]);
  const lengths = { runtime: sizes[BINARY].bytes, detector: detectorFacts.bytes, model: modelFacts.bytes };
  const total = lengths.runtime + lengths.detector + lengths.model;
  const loaded = { runtime: 0, detector: 0, model: 0 };
  const get = (stage, facts) =>
    fetched(url(PARTS[stage]), lengths[stage], facts?.sha256, (bytes) => {
      loaded[stage] = bytes;
      onProgress({ stage, loaded: loaded.runtime + loaded.detector + loaded.model, total });
    });
  const [binary, detector, model] = await Promise.all([
    get("runtime", null),
    get("detector", detectorFacts),
    get("model", modelFacts),
  ]);
  onProgress({ stage: "session", loaded: total, total });
  // One thread needs no cross-origin isolation, so the page runs on every static host.
  Object.assign(ort.env.wasm, { numThreads: 1, wasmPaths: url("runtime/"), wasmBinary: binary });
  ort.env.logLevel = "error";
  return { detector: await network(ort, detector), model: await network(ort, model), record: modelFacts };
}

/** @returns {Promise<Network>} */
async function network(ort, bytes) {
  const session = await ort.InferenceSession.create(bytes, {
    executionProviders: ["wasm"],
    graphOptimizationLevel: "all",
  });
  return {
    async run(name, type, data, dims) {
      const input = new ort.Tensor(type, data, dims);
      const outputs = await session.run({ [name]: input });
      input.dispose();
      return Object.fromEntries(Object.entries(outputs).map(([key, tensor]) => [key, tensor.data]));
    },
  };
}
