/** Sample photos, to press where somebody has none at hand. */

import { find } from "./dom.js";

/**
 * Hand over a sample when it is pressed, as a file like any other.
 * @param {(files: File[]) => void} take
 */
export function startSamples(take) {
  for (const button of find("#samples").querySelectorAll("button"))
    button.addEventListener("click", async () => take([await fileOf(button.querySelector("img"))]));
}

/** Load the samples' pictures, which wait until there is nothing more urgent. */
export const loadSamples = () =>
  Promise.all(
    [...find("#samples").querySelectorAll("img")].map((image) => {
      image.loading = "eager";
      return image.decode().catch(() => null);
    }),
  );

/** @param {HTMLImageElement} image */
async function fileOf({ src }) {
  const photo = await (await fetch(src, { cache: "force-cache" })).blob();
  return new File([photo], src.slice(src.lastIndexOf("/") + 1), { type: photo.type });
}
