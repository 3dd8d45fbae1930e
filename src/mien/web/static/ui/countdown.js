/** Three, two, one: large over the emoji, and spoken. */

import { announce } from "./announce.js";
import { find, make } from "./dom.js";
import { say } from "./text.js";

const FROM = 3;

/**
 * Count down; what is shown goes away at the end.
 * @param {() => boolean} goesOn asked after each second
 * @returns {Promise<boolean>} whether it went on to the end
 */
export async function countDown(goesOn) {
  announce(say("mirror.countdown", { n: FROM }));
  const node = find("#countdown");
  node.dataset.kind = "snapshot";
  node.hidden = false;
  try {
    for (let left = FROM; left > 0; left -= 1) {
      node.replaceChildren(String(left));
      await new Promise((resolve) => setTimeout(resolve, 1000));
      if (!goesOn()) return false;
    }
    return true;
  } finally {
    node.hidden = true;
  }
}

/**
 * Show how much of a recording is left; nothing hides it.
 * @param {number|null} seconds
 */
export function showRecording(seconds) {
  const node = find("#countdown");
  node.hidden = seconds === null;
  if (seconds === null) return;
  node.dataset.kind = "clip";
  node.replaceChildren(make("span", {}, say("mirror.recording", { seconds: seconds.toFixed(1) })));
}
