/** Reads away from the page's own thread. One call after another: they share buffers. */

/** @type {import("./engine.js").Engine | null} */
let engine = null;

const calls = {
  async load(/** @type {string} */ base, /** @type {any} */ sizes) {
    // Imported here: a call that comes while modules still load would find nobody listening.
    const code = import("./engine.js");
    code.catch(() => {});
    const { loadNetworks } = await import("./networks.js");
    const onProgress = (/** @type {any} */ progress) => postMessage({ progress });
    const networks = await loadNetworks(base, sizes, onProgress, async (detector) => (await code).warmUp(detector));
    const { Engine } = await code;
    engine = new Engine(networks);
    const { name, version, sha256 } = engine.record;
    return { name, version: String(version), sha256 };
  },
  read: (/** @type {any[]} */ ...given) => engine?.read(given[0], given[1]),
  explain: (/** @type {any[]} */ ...given) => engine?.explain(given[0], given[1], given[2]),
  readCrops: (/** @type {any[]} */ ...given) => engine?.readCrops(given[0], given[1]),
};

let before = Promise.resolve();

addEventListener("message", ({ data: { id, call, given } }) => {
  before = before.then(() => answer(id, call, given));
});

async function answer(id, call, given) {
  try {
    postMessage({ id, value: await calls[call](...given) });
  } catch (error) {
    const { name, message } = /** @type {Error} */ (error);
    postMessage({ id, error: { name, message } });
  }
}

// What is sent before the modules are loaded is lost, so the page waits for this.
postMessage({ ready: true });
