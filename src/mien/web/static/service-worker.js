/**
 * The page without a network: every file of it is kept by the browser, under the version that the host serves.
 *
 * A window is of one version, from its first file to its last. A newer version is fetched meanwhile, and the next
 * window or reload shows it, whichever worker the browser has in charge by then: which window has which version is
 * written down. No worker has to take over in a hurry for that: browsers do it when no window is left. What is not a
 * file of the page, such as the service's answers, is never kept.
 */

const worker = /** @type {any} */ (self);

// Written by `mien.web.release`: where a file of the page changes, so does this, and browsers notice.
worker.importScripts("release.js");

/** @type {{version: string, files: Record<string, string>}} the page's files with the start of each one's SHA-256 */
const { version, files } = worker.RELEASE;

/** @type {string} */
const scope = worker.registration.scope;
const PREFIX = `mien ${scope} `;
const NOTES = `${scope} notes of mien`;
const NEWEST = "newest";
const CLIENT = "client/";
const INDEX = "index.html";

worker.addEventListener("install", (event) => event.waitUntil(keepAll()));
worker.addEventListener("activate", (event) => event.waitUntil(claim()));
worker.addEventListener("fetch", (event) => {
  const { method, mode, url } = event.request;
  if (method !== "GET" || !url.startsWith(scope)) return;
  const name = url.split(/[?#]/)[0].slice(scope.length) || INDEX;
  event.respondWith(answer(event, name));
  if (mode === "navigate") event.waitUntil(tidy(event.resultingClientId));
});

/** Keep every file, or, where one cannot be had, none: a half version would not run. */
async function keepAll() {
  const cache = await caches.open(PREFIX + version);
  for (const [name, hash] of Object.entries(files)) {
    await cache.put(scope + name, await right(scope + name, hash));
  }
  // An older worker that tidies up at this moment may have taken it for an unfinished one.
  if (!(await caches.has(PREFIX + version))) throw new Error("what was kept is gone: the next visit tries again");
  await write(NEWEST, version);
}

/**
 * The file with this hash: as an older version of the page or the browser has it, else from the host.
 * @param {string} url
 * @param {string} hash
 */
async function right(url, hash) {
  const ways = [keptByAny, () => fetch(url, { cache: "force-cache" }), () => fetch(url, { cache: "reload" })];
  for (const source of ways) {
    const found = await source(url);
    if (found?.ok && (await hashOf(found)) === hash) return found;
  }
  throw new Error(`${url} is not the file that this version of the page names`);
}

/** @param {string} url */
async function keptByAny(url) {
  for (const key of await ownCaches()) {
    const found = await caches.match(url, { cacheName: key });
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

/** Answer for the windows that were opened before anything was kept: they are of this version. */
async function claim() {
  const open = await worker.clients.matchAll({ includeUncontrolled: true, type: "all" });
  for (const { id } of open) if (!(await read(CLIENT + id))) await write(CLIENT + id, version);
  await worker.clients.claim();
}

/**
 * The page's file as the window that asks for it has the others; else what the host answers.
 * @param {any} event
 * @param {string} name
 */
async function answer(event, name) {
  const cacheName = PREFIX + (await versionFor(event));
  return (await caches.match(scope + name, { cacheName })) ?? fetch(event.request);
}

/**
 * The version of the window, or of the worker of one, that asks: a new window gets the newest.
 * @param {any} event
 */
async function versionFor({ request, clientId, resultingClientId }) {
  const own = request.mode === "navigate" ? undefined : await read(CLIENT + clientId);
  const used = own ?? (await read(NEWEST)) ?? version;
  if (resultingClientId) await write(CLIENT + resultingClientId, used);
  return used;
}

/**
 * Once a new window is there, drop the versions and the notes that no window needs any more.
 * @param {string} newClientId
 */
async function tidy(newClientId) {
  await worker.clients.get(newClientId);
  const needed = new Set([await read(NEWEST)]);
  const notes = await caches.open(NOTES);
  for (const { url } of await notes.keys()) {
    const note = url.slice(scope.length);
    if (!note.startsWith(CLIENT)) continue;
    if (await worker.clients.get(note.slice(CLIENT.length))) needed.add(await read(note));
    else await notes.delete(url);
  }
  if (worker.registration.installing) return;
  for (const key of await ownCaches()) if (!needed.has(key.slice(PREFIX.length))) await caches.delete(key);
}

/** @param {string} note */
async function read(note) {
  return (await caches.match(scope + note, { cacheName: NOTES }))?.text();
}

/**
 * @param {string} note
 * @param {string} value
 */
async function write(note, value) {
  await (await caches.open(NOTES)).put(scope + note, new Response(value));
}
