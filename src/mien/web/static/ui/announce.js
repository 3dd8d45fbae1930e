/** Tell screen readers what changed: politely, the latest only, and not more than once in two seconds. */

import { find } from "./dom.js";

const LEAST_GAP = 2000;

let last = -Infinity;
let waiting = "";
let announced = "";

/**
 * Announce a text, or hold it until two seconds after the one before; a newer one takes its place meanwhile.
 * @param {string} text
 */
export function announce(text) {
  if (text === announced && !waiting) return;
  if (!waiting) setTimeout(speak, Math.max(0, last + LEAST_GAP - performance.now()));
  waiting = text;
}

function speak() {
  if (waiting !== announced) {
    announced = waiting;
    last = performance.now();
    find("#live").textContent = announced;
  }
  waiting = "";
}
