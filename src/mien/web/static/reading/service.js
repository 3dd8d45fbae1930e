/** Reading by the service that sent the page: pictures go to it, and nowhere else. */

/**
 * A reader that asks the service.
 * @param {string} base URL of the page's folder
 * @returns {Promise<import("./reader.js").Reader>}
 */
export async function readByService(base) {
  const model = await modelOf(base);
  return {
    backend: "service",
    model,
    read: (picture, options = {}) => read(base, picture, options),
    explain: () => Promise.reject(new Error("the service draws no maps of what counts; this needs `make web`")),
    readCrops: () => Promise.reject(new Error("the service reads pictures, not crops")),
    close: () => {},
  };
}

async function modelOf(base) {
  const answer = await fetch(new URL("v1/models", base)).catch(() => null);
  if (!answer?.ok) throw new Error("the files that run networks in a browser are not here, and there is no service");
  return { name: "mien-s", version: "", sha256: "", ...expressionModel(await answer.json()) };
}

/** The model that reads, out of whatever list the service gives. */
function expressionModel(listed) {
  const all = Array.isArray(listed) ? listed : (listed.models ?? []);
  const { name, version, sha256 } = all.find(({ kind }) => kind === "expression") ?? {};
  return name ? { name, version, sha256 } : {};
}

/**
 * @param {string} base
 * @param {any} picture
 * @param {import("./reader.js").Options} options
 */
async function read(base, picture, { source = null, live = false, labels = "votes" }) {
  const url = new URL("v1/recognize", base);
  url.searchParams.set("labels", labels);
  const body = picture instanceof Blob ? picture : await encoded(picture, live);
  const answer = await fetch(url, { method: "POST", body, headers: { Accept: "application/json" } });
  const found = await answer.json();
  if (answer.ok) return { ...found, source };
  throw Object.assign(new Error(found.detail ?? found.title ?? `the service answers ${answer.status}`), {
    name: nameOf(answer.status),
  });
}

const nameOf = (status) =>
  ({ 413: "ImageTooLarge", 415: "UnreadableImage", 422: "UnreadableImage" })[status] ?? "ServiceError";

/** The picture as a file: small for a camera, exact for a photo. */
async function encoded(picture, live) {
  const canvas = new OffscreenCanvas(picture.displayWidth ?? picture.width, picture.displayHeight ?? picture.height);
  const pen = /** @type {OffscreenCanvasRenderingContext2D} */ (canvas.getContext("2d"));
  if (picture instanceof ImageData) pen.putImageData(picture, 0, 0);
  else pen.drawImage(picture, 0, 0);
  if (picture.displayWidth) picture.close();
  return canvas.convertToBlob(live ? { type: "image/jpeg", quality: 0.9 } : { type: "image/png" });
}
