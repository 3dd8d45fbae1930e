/** The page comes to life: texts, theme, views, and the reader loading behind them. */

import { draw } from "../emoji/index.js";
import { startColors } from "./colors.js";
import { find } from "./dom.js";
import { theReader } from "./loading.js";
import { startMirror, stop as stopMirror } from "./mirror.js";
import { markReady, startNetworkLog } from "./network-log.js";
import { startPhotos } from "./photos.js";
import { leavePlay, showPlay, startPlay } from "./play.js";
import { startRouter } from "./router.js";
import { loadText } from "./text.js";
import { startTheme } from "./theme.js";

/** @param {string} svg */
function dress(svg) {
  find("#logo").innerHTML = svg;
  find("link[rel=icon]").href = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }));
}

await loadText();
startColors();
startTheme();
startNetworkLog();
dress(draw({ happy: 0.62, surprise: 0.1 }, { size: 48 }));
startMirror();
startPhotos(() => {
  if (find("#view-photos").hidden) location.hash = "#photos";
});
startPlay();
startRouter((view, query) => {
  if (view !== "mirror") stopMirror();
  if (view === "play") showPlay(query);
  else leavePlay();
});
document.documentElement.dataset.page = "ready";
theReader().then(markReady, () => {});
