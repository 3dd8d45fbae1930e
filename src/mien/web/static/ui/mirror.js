/** The mirror: the camera's picture with an emoji beside it, or on every face. */

import { CameraProblem, cameras, close, openCamera, Pictures } from "./camera.js";
import { find, make, sheet } from "./dom.js";
import { EmojiPanel } from "./emoji-panel.js";
import { theReader } from "./loading.js";
import { Overlay } from "./overlay.js";
import { openSaveDialog } from "./save-dialog.js";
import { say } from "./text.js";
import { Tracks } from "./tracks.js";

/** @type {HTMLVideoElement} */
const video = find("#video");
const view = find("#view-mirror");
const overlay = new Overlay(find("#overlay"));

/** @type {MediaStream|null} */
let stream = null;
/** How often a camera was asked for or turned off: who comes back after a newer turn comes too late. */
let turns = 0;
/** @type {string|undefined} the camera that was chosen */
let chosen;
/** @type {EmojiPanel} */
let panel;

/** Make the mirror ready; the camera stays off until it is asked for. */
export function startMirror() {
  panel = new EmojiPanel(find("#people"));
  find("#start").addEventListener("click", () => start());
  find("#stop").addEventListener("click", () => stop());
  find("#snapshot").addEventListener("click", snapshot);
  find("#camera").addEventListener("change", () => {
    chosen = find("#camera").value;
    start();
  });
  navigator.mediaDevices?.addEventListener("devicechange", () => stream && offerCameras(stream));
  find("#mask").addEventListener("click", () => {
    overlay.masked = !overlay.masked;
    find("#mask").setAttribute("aria-pressed", String(overlay.masked));
  });
}

/** Turn the camera off, as when another page is shown. */
export function stop() {
  turns += 1;
  close(stream);
  stream = null;
  video.srcObject = null;
  overlay.clear();
  if (view.dataset.state === "off") return;
  state("off");
  panel.wait();
}

async function start() {
  turns += 1;
  const turn = turns;
  close(stream);
  problem(null);
  state("asking");
  try {
    const own = await openCamera(chosen);
    if (turn !== turns) return close(own);
    stream = own;
    own.getVideoTracks()[0].addEventListener("ended", () => own === stream && problem(new CameraProblem("ended")));
    video.srcObject = own;
    await video.play();
    find("#glass").style.aspectRatio = `${video.videoWidth} / ${video.videoHeight}`;
    state("on");
    await offerCameras(own);
    find("#snapshot").focus({ preventScroll: true });
    await readFrames(own);
  } catch (error) {
    if (turn !== turns) return;
    problem(error instanceof CameraProblem ? error : new CameraProblem("failed", /** @type {Error} */ (error).message));
  }
}

/**
 * Read picture after picture, each when the one before is done.
 * @param {MediaStream} own ends when the camera is another or off
 */
async function readFrames(own) {
  const [tracks, pictures] = [new Tracks(), new Pictures(video)];
  const rate = find("#rate");
  rate.textContent = say("mirror.waiting");
  const reader = await theReader().catch((error) => Promise.reject(new CameraProblem("reader", error.message)));
  rate.textContent = "";
  let [since, count] = [performance.now(), 0];
  while (own === stream) {
    const picture = await pictures.next();
    if (own !== stream) return picture.close();
    const result = await reader
      .read(picture, { source: "camera", live: true })
      .catch((/** @type {Error} */ error) => Promise.reject(new CameraProblem("reading", error.message)))
      .finally(() => picture.close());
    if (own !== stream) break;
    const now = performance.now();
    const seen = tracks.follow(result.faces, now);
    overlay.show(seen, result);
    panel.show(seen);
    count += 1;
    if (now - since < 1000) continue;
    const each = Math.round((1000 * count) / (now - since));
    rate.textContent = each ? say("mirror.rate", { n: each }) : "";
    [since, count] = [now, 0];
  }
}

/** Read the picture of this very moment and offer to save it. */
async function snapshot() {
  const own = stream;
  if (!own) return;
  const { canvas, pen } = sheet(video.videoWidth, video.videoHeight);
  pen.drawImage(video, 0, 0);
  find("#snapshot").disabled = true;
  try {
    const reader = await theReader();
    const recognition = await reader.read(await createImageBitmap(canvas), { source: "snapshot" });
    if (own === stream) openSaveDialog({ picture: canvas, recognition, name: "mirror" });
  } finally {
    find("#snapshot").disabled = false;
  }
}

/** @param {MediaStream} own */
async function offerCameras(own) {
  const all = await cameras();
  const used = own.getVideoTracks()[0].getSettings().deviceId;
  const options = all.map(({ id, name }, i) => {
    const text = name || say("mirror.camera_number", { number: i + 1 });
    return make("option", { value: id, selected: id === used }, text);
  });
  find("#camera").replaceChildren(...options);
  find("#cameras").hidden = all.length < 2;
}

/** @param {"off"|"asking"|"on"} name */
function state(name) {
  view.dataset.state = name;
  find("#start").disabled = name === "asking";
  const lead = document.documentElement.dataset.reader === "service" ? "mirror.lead_service" : "mirror.lead";
  find("#mirror-lead").textContent = say(name === "asking" ? "mirror.asking" : lead);
}

/** @param {CameraProblem|null} error */
function problem(error) {
  const node = find("#camera-problem");
  node.hidden = !error;
  if (!error) return;
  stop();
  const words = say(`camera_problem.${error.code}`, { reason: error.message });
  node.replaceChildren(make("strong", {}, words), " ", say(`camera_problem.${error.code}_next`));
  find("#start").focus();
}
