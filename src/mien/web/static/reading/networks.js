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
 * The detector, the model and its record. What takes long to prepare comes first: while the model is on its way, the
 * runtime is compiled and the detector made ready.
 * @param {string} base URL of the page's folder
 * @param {Record<string, {bytes: number}>} sizes of the files, by URL
 * @param {(step: {stage: string, loaded: number, total: number}) => void} onProgress
 * @param {(detector: Network) => Promise<void>} warmUp what is done with the detector while the model is on its way
 */
export async function loadNetworks(base, sizes, onProgress, warmUp) {
  const url = (/** @type {string} */ path) => new URL(path, base).href;
  const facts = Promise.all([PARTS.detector, PARTS.model].map((path) => record(url(path.replace(/onnx$/, "json")))));
  const report = progress(onProgress, { runtime: sizes[BINARY].bytes });
  const library = import(url(LIBRARY));
  const runtime = fetched(url(BINARY), sizes[BINARY].bytes, undefined, (bytes) => report("runtime", bytes));
  const [detectorFacts, modelFacts] = await facts;
  const lengths = { detector: detectorFacts.bytes, model: modelFacts.bytes };
  report.expect(lengths);
  const get = (/** @type {"detector" | "model"} */ stage, /** @type {string} */ sha256) =>
    fetched(url(PARTS[stage]), lengths[stage], sha256, (bytes) => report(stage, bytes));
  const detectorBytes = get("detector", detectorFacts.sha256);
  const modelBytes = runtime.then(() => get("model", modelFacts.sha256));
  const [ort, binary] = await Promise.all([library, runtime]);
  // One thread needs no cross-origin isolation, so the page runs on every static host.
  Object.assign(ort.env.wasm, { numThreads: 1, wasmPaths: url("runtime/"), wasmBinary: binary });
  ort.env.logLevel = "error";
  const detector = await network(ort, await detectorBytes);
  await warmUp(detector);
  const model = await modelBytes;
  report.done();
  return { detector, model: await network(ort, model), record: modelFacts };
}

const record = async (/** @type {string} */ url) => (await fetch(url, { cache: "no-cache" })).json();

/**
 * What reports how much of all parts is loaded.
 * @param {(step: {stage: string, loaded: number, total: number}) => void} onProgress
 * @param {Record<string, number>} lengths of the parts that are known yet
 */
function progress(onProgress, lengths) {
  /** @type {Record<string, number>} */
  const loaded = {};
  const sum = (/** @type {Record<string, number>} */ parts) => Object.values(parts).reduce((all, one) => all + one, 0);
  const report = (/** @type {string} */ stage, /** @type {number} */ bytes) => {
    loaded[stage] = bytes;
    onProgress({ stage, loaded: sum(loaded), total: sum(lengths) });
  };
  return Object.assign(report, {
    expect: (/** @type {Record<string, number>} */ more) => Object.assign(lengths, more),
    done: () => onProgress({ stage: "session", loaded: sum(loaded), total: sum(lengths) }),
  });
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
