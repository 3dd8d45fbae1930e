/** The page without a network: the browser keeps its files, once it is told to. */

/** Where a newer version of the page is there already, open that instead: called before anything has been done here. */
export async function renew() {
  const known = await navigator.serviceWorker?.getRegistration().catch(() => undefined);
  if (!known?.waiting) return;
  navigator.serviceWorker.addEventListener("controllerchange", () => location.reload(), { once: true });
  known.waiting.postMessage("take over");
}

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
