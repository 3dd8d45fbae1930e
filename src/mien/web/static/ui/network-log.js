/** Nothing leaves this device: shown by what the browser itself has written down of the page's requests. */

import { find, make } from "./dom.js";
import { say } from "./text.js";

/** @typedef {{name: string, host: string, bytes: number, cached: boolean, start: number}} Request */

/** @type {Map<string, Request>} */
const requests = new Map();
let readyAt = Infinity;

/** Begin to write down every request of this page. */
export function startNetworkLog() {
  const note = (/** @type {PerformanceEntryList} */ entries) => {
    for (const entry of entries) record(/** @type {PerformanceResourceTiming} */ (entry));
    if (find("#network-log").open) show();
  };
  new PerformanceObserver((list) => note(list.getEntries())).observe({ type: "resource", buffered: true });
  note(performance.getEntriesByType("navigation"));
  find("#network-log").addEventListener("toggle", show);
}

/** Say that everything is loaded: what is asked for from now on is counted apart. */
export function markReady() {
  readyAt = performance.now();
  show();
}

/** @param {PerformanceResourceTiming} entry */
function record({ name, transferSize, encodedBodySize, startTime }) {
  // What was made in the page itself, such as a picture to be saved, is no request.
  if (!/^https?:/.test(name)) return;
  const { host, pathname } = new URL(name);
  requests.set(`${name} ${startTime}`, {
    name: pathname,
    host,
    bytes: encodedBodySize,
    cached: transferSize === 0 && encodedBodySize > 0,
    start: startTime,
  });
}

function show() {
  const all = [...requests.values()];
  const after = all.filter(({ start }) => start > readyAt).length;
  find("#network-log-since").textContent = readyAt < Infinity ? say("network_log.since_ready", { n: after }) : "";
  const head = make(
    "tr",
    {},
    ...["file", "host", "kilobytes"].map((key) => make("th", { scope: "col" }, say(`network_log.${key}`))),
  );
  const rows = all.map(({ name, host, bytes, cached }) =>
    make(
      "tr",
      {},
      make("td", {}, name),
      make("td", {}, host === location.host ? say("network_log.own_host") : host),
      make("td", {}, cached ? say("network_log.cached") : (bytes / 1000).toFixed(1)),
    ),
  );
  find("#network-log-table").replaceChildren(make("thead", {}, head), make("tbody", {}, ...rows));
}
