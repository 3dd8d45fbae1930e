/** Files with their progress, and with a check that they are the ones their records name. */

/**
 * The bytes of a file. A copy that the browser kept from an older version of the page is fetched anew.
 * @param {string} url
 * @param {number} length in bytes, unpacked
 * @param {string | undefined} sha256 what the bytes must hash to
 * @param {(loaded: number) => void} onProgress
 * @returns {Promise<Uint8Array>}
 */
export async function fetched(url, length, sha256, onProgress) {
  const bytes = await streamed(url, length, "default", onProgress);
  if (!sha256 || (await isWhole(bytes, sha256))) return bytes;
  const again = await streamed(url, length, "reload", onProgress);
  if (await isWhole(again, sha256)) return again;
  throw new Error(`${url} is not the file that its record names`);
}

/**
 * @param {string} url
 * @param {number} length
 * @param {RequestCache} cache
 * @param {(loaded: number) => void} onProgress
 */
async function streamed(url, length, cache, onProgress) {
  const answer = await fetch(url, { cache });
  if (!answer.ok || !answer.body) throw new Error(`${url}: the server answers ${answer.status}`);
  let bytes = new Uint8Array(length);
  let loaded = 0;
  for (const reader = answer.body.getReader(); ; ) {
    const { done, value } = await reader.read();
    if (done) return bytes.subarray(0, loaded);
    if (loaded + value.length > bytes.length) bytes = longer(bytes, loaded + value.length);
    bytes.set(value, loaded);
    loaded += value.length;
    onProgress(Math.min(loaded, length));
  }
}

function longer(bytes, length) {
  const more = new Uint8Array(Math.max(length, 2 * bytes.length));
  more.set(bytes);
  return more;
}

/** Browsers hash on https and localhost only; elsewhere the file is taken as it is. */
async function isWhole(bytes, sha256) {
  if (!globalThis.crypto?.subtle) return true;
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("") === sha256;
}
