/** Tell screen readers what changed: politely, the latest only, and not more than once in two seconds. */

import { find } from "./dom.js";

const LEAST_GAP = 2000;

let last = -Infinity;
let waiting = "";
let told = "";

/**
 * Announce a text, or keep it until two seconds after the one before; a newer one takes its place meanwhile.
 * @param {string} text
 */
export function announce(text) {
  if (text === told && !waiting) return;
  if (!waiting) setTimeout(tell, Math.max(0, last + LEAST_GAP - performance.now()));
  waiting = text;
}

function tell() {
  if (waiting !== told) {
    told = waiting;
    last = performance.now();
    find("#live").textContent = told;
  }
  waiting = "";
}
