/** The page without a network: the browser keeps its files, once it is told to. */

const RELOADS = "mien reloads";
const PATIENCE_MS = 3000;
const ACTIVATION_MS = 1000;

/** Where a newer version of the page is there already, open that instead: waited for before anything is done here. */
export async function renew() {
  if ((await soon(newerTakesOver())) !== true) return;
  location.reload();
  return new Promise(() => {});
}

/**
 * Whether this page is an older one, and gives way to a newer one when it is reloaded.
 *
 * Chromium sometimes activates a worker that skips waiting only with the next reload, and then while that loads:
 * the page is of both versions, and a second reload makes it whole. More than two would be no help.
 */
async function newerTakesOver() {
  const known = await navigator.serviceWorker?.getRegistration();
  const newer = known?.waiting ?? (known?.active?.state === "activating" ? known.active : undefined);
  const reloads = Number(sessionStorage.getItem(RELOADS));
  sessionStorage.removeItem(RELOADS);
  if (!newer || reloads >= 2) return false;
  if (newer.state === "installed" && !(await takesOver(newer))) return false;
  await Promise.race([activated(newer), passed(ACTIVATION_MS)]);
  sessionStorage.setItem(RELOADS, String(reloads + 1));
  return true;
}

/**
 * Ask a waiting worker to take over, and return whether it does.
 * @param {ServiceWorker} worker
 */
function takesOver(worker) {
  const { port1, port2 } = new MessageChannel();
  worker.postMessage("take over", [port2]);
  return new Promise((done) => {
    port1.onmessage = ({ data }) => done(data);
  });
}

/** @param {ServiceWorker} worker */
function activated(worker) {
  return new Promise((done) => {
    const look = () => worker.state === "activated" && done(true);
    worker.addEventListener("statechange", look);
    look();
  });
}

/**
 * An answer, unless it takes too long, or the browser forbids pages to keep anything.
 * @param {Promise<boolean>} answer
 */
const soon = (answer) => Promise.race([answer.catch(() => false), passed(PATIENCE_MS)]);

/** @param {number} ms */
const passed = (ms) => new Promise((done) => setTimeout(done, ms));

/** Have the browser keep every file of the page. Browsers do so on https and localhost only. */
export async function keepForOffline() {
  try {
    await navigator.serviceWorker?.register(new URL("../service-worker.js", import.meta.url), {
      updateViaCache: "none",
    });
  } catch {
    // A browser that keeps nothing, as in some private windows, shows the page all the same.
  }
}
