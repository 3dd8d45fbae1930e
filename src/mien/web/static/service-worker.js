/**
 * The page without a network: every file of it is kept by the browser, under the version that the host serves.
 *
 * A page is always of one version. A newer one is fetched meanwhile and takes over with the next visit or reload, when
 * `ui/offline.js` asks for it and no other window shows the older. What is not a file of the page,
 * such as the service's answers, is never touched.
 */

const worker = /** @type {any} */ (self);

// Written by `mien.web.release`: where a file of the page changes, so does this, and browsers notice.
worker.importScripts("release.js");

/** @type {{version: string, files: Record<string, string>}} the page's files with the start of each one's SHA-256 */
const { version, files } = worker.RELEASE;

/** @type {string} */
const scope = worker.registration.scope;
const PREFIX = `mien ${scope} `;
const INDEX = "index.html";

worker.addEventListener("install", (event) => event.waitUntil(keepAll()));
worker.addEventListener("activate", (event) => event.waitUntil(takeOver()));
worker.addEventListener("message", (event) => {
  if (event.data === "take over") event.waitUntil(takeOverAlone().then((alone) => event.ports[0]?.postMessage(alone)));
});
worker.addEventListener("fetch", (event) => {
  const name = nameOf(event.request);
  if (name !== null) event.respondWith(answer(event.request, name));
});

/** Keep every file, or, where one cannot be had, none: a half version would not run. */
async function keepAll() {
  const cache = await caches.open(PREFIX + version);
  for (const [name, hash] of Object.entries(files)) {
    await cache.put(scope + name, await right(scope + name, hash));
  }
}

/**
 * The file with this hash: as an older version of the page or the browser has it, else from the host.
 * @param {string} url
 * @param {string} hash
 */
async function right(url, hash) {
  for (const source of [kept, () => fetch(url, { cache: "force-cache" }), () => fetch(url, { cache: "reload" })]) {
    const found = await source(url);
    if (found?.ok && (await hashOf(found)) === hash) return found;
  }
  throw new Error(`${url} is not the file that this version of the page names`);
}

/** @param {string} url */
async function kept(url) {
  for (const key of await ownCaches()) {
    const found = await (await caches.open(key)).match(url);
    if (found) return found;
  }
  return undefined;
}

/** @param {Response} response */
async function hashOf(response) {
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", await response.clone().arrayBuffer()));
  return Array.from(hash.subarray(0, 10), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

const ownCaches = async () => (await caches.keys()).filter((key) => key.startsWith(PREFIX));

/**
 * Replace the older version, where one window shows it, and return whether that is so; a page that is being reloaded
 * counts twice for a moment.
 */
async function takeOverAlone() {
  for (let tries = 0; tries < 20; tries += 1) {
    const windows = await worker.clients.matchAll({ includeUncontrolled: true });
    if (windows.filter(({ url }) => url.startsWith(scope)).length < 2) {
      // Its promise is kept only once this worker is active, which may take a reload.
      worker.skipWaiting();
      return true;
    }
    await new Promise((done) => setTimeout(done, 100));
  }
  return false;
}

/** Drop what older versions kept, and answer for the pages that are open. */
async function takeOver() {
  for (const key of await ownCaches()) if (key !== PREFIX + version) await caches.delete(key);
  await worker.clients.claim();
}

/**
 * The name of the page's file that is asked for, or null where something else is.
 * @param {Request} request
 */
function nameOf({ method, url }) {
  const [address] = url.split(/[?#]/);
  if (method !== "GET" || !address.startsWith(scope)) return null;
  const name = address.slice(scope.length) || INDEX;
  return name in files ? name : null;
}

/**
 * @param {Request} request
 * @param {string} name
 */
async function answer(request, name) {
  return (await (await caches.open(PREFIX + version)).match(scope + name)) ?? fetch(request);
}
