/** The page without a network: the browser keeps its files, once it is told to. */

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
