/** The page comes to life: texts, theme, views, and the reader loading behind them. */

import { draw } from "../emoji/index.js";
import { startColors } from "./colors.js";
import { find } from "./dom.js";
import { everythingLoaded } from "./loading.js";
import { startMirror, stop as stopMirror } from "./mirror.js";
import { markReady, startNetworkLog } from "./network-log.js";
import { keepForOffline } from "./offline.js";
import { startPhotos } from "./photos.js";
import { leavePlay, showPlay, startPlay } from "./play.js";
import { startRouter } from "./router.js";
import { loadText } from "./text.js";
import { startTheme } from "./theme.js";

await loadText();
// Browsers ask for an icon again with every view that is opened; one that is made here costs no request.
find("link[rel=icon]").href = URL.createObjectURL(new Blob([String(draw({ happy: 0.9 }))], { type: "image/svg+xml" }));
startColors();
startTheme();
startNetworkLog();
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
// What is kept for later waits until the page can read: it would only take the line away from that.
everythingLoaded()
  .then(markReady, () => {})
  .then(keepForOffline);
