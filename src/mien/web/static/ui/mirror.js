/** The mirror: an emoji that makes the faces which the camera sees, and what can be done with it. */

import { CameraProblem, cameras, close, openCamera, openFilm, Pictures, show, whenGone } from "./camera.js";
import { recordClip } from "./clip.js";
import { countDown, showRecording } from "./countdown.js";
import { find, make, sheet } from "./dom.js";
import { Game } from "./game.js";
import { theReader } from "./loading.js";
import { maskedCanvas } from "./mask.js";
import { Numbers } from "./numbers.js";
import { Overlay } from "./overlay.js";
import { Recent } from "./recent.js";
import { openSaveDialog } from "./save-dialog.js";
import { Stage } from "./stage.js";
import { say } from "./text.js";
import { Tracks } from "./tracks.js";

/** @type {HTMLVideoElement} */
const video = find("#video");
const view = find("#view-mirror");
const overlay = new Overlay(find("#overlay"));

/** @typedef {import("./camera.js").Source} Source */
/** @type {Source|null} */
let source = null;
/** How often a camera was asked for or turned off: who comes back after a newer turn comes too late. */
let turns = 0;
/** @type {string|undefined} the camera that was chosen */
let chosen;
/** @type {Stage} */
let stage;
/** @type {Numbers} */
let numbers;
/** @type {Recent} */
let recent;
/** @type {Game} */
let game;

/** Make the mirror ready; the camera stays off until it is asked for. */
export function startMirror() {
  stage = new Stage(find("#faces"));
  numbers = new Numbers();
  recent = new Recent();
  game = new Game((playing) => {
    const { offsetHeight, offsetWidth } = find("#game");
    // Where it stands at the side, as on a phone held across, the emoji needs not make room.
    stage.reserve(playing && offsetWidth > offsetHeight ? offsetHeight + 8 : 0);
    find("#recent").classList.toggle("is-covered", playing && offsetWidth <= offsetHeight);
    find("#play-game").setAttribute("aria-pressed", String(playing));
  });
  find("#start").addEventListener("click", () => startCamera());
  find("#sample").addEventListener("click", () => start(openFilm, "mirror.waiting"));
  find("#stop").addEventListener("click", () => stop());
  find("#snapshot").addEventListener("click", () => busy(snapshot));
  find("#clip").addEventListener("click", () => busy(clip));
  find("#play-game").addEventListener("click", () => (game.playing ? game.stop() : game.start()));
  find("#mask").addEventListener("click", () => press("#mask", (on) => (overlay.masked = on)));
  find("#enlarge").addEventListener("click", () =>
    press("#enlarge", (on) => (find("#stage").dataset.camera = on ? "large" : "small")),
  );
  find("#camera").addEventListener("change", () => {
    chosen = find("#camera").value;
    startCamera();
  });
  navigator.mediaDevices?.addEventListener("devicechange", () => source && offerCameras(source));
}

/**
 * Turn a button that stays pressed, and do what it is for.
 * @param {string} selector
 * @param {(on: boolean) => void} then
 */
function press(selector, then) {
  const on = find(selector).getAttribute("aria-pressed") !== "true";
  find(selector).setAttribute("aria-pressed", String(on));
  then(on);
}

/** Turn the camera off, as when another page is shown. */
export function stop() {
  turns += 1;
  close(source);
  source = null;
  show(video, null);
  overlay.clear();
  game.stop();
  if (view.dataset.state === "off") return;
  state("off");
  numbers.clear();
  numbers.toggle(false);
  stage.rest();
}

const startCamera = () => start(() => openCamera(chosen), "mirror.asking");

/**
 * @param {() => Promise<Source>} open
 * @param {string} meanwhile the name of what is said until it is open
 */
async function start(open, meanwhile) {
  turns += 1;
  const turn = turns;
  close(source);
  problem(null);
  state("asking");
  stage.wait(say(meanwhile));
  try {
    const own = await open();
    if (turn !== turns) return close(own);
    source = own;
    whenGone(own, () => own === source && problem(new CameraProblem("ended")));
    await show(video, own);
    find("#inset").style.aspectRatio = `${video.videoWidth} / ${video.videoHeight}`;
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
 * @param {Source} own ends when the camera is another or off
 */
async function readFrames(own) {
  const [tracks, pictures] = [new Tracks(), new Pictures(video, () => own === source)];
  stage.wait(say("mirror.waiting"));
  const reader = await theReader().catch((error) => Promise.reject(new CameraProblem("reader", error.message)));
  while (own === source) {
    const picture = await pictures.next();
    if (own !== source) return picture.close();
    const result = await reader
      .read(picture, { source: "camera", live: true })
      .catch((/** @type {Error} */ error) => Promise.reject(new CameraProblem("reading", error.message)))
      .finally(() => picture.close());
    if (own !== source) break;
    const now = performance.now();
    const seen = tracks.follow(result.faces, now);
    overlay.show(seen, result);
    stage.show(seen);
    numbers.show(seen, now);
    recent.see(seen[0], now);
    game.see(seen, now);
  }
}

/**
 * Do one thing at a time.
 * @param {(own: Source) => Promise<void>} work
 */
async function busy(work) {
  if (!source) return;
  const buttons = [find("#snapshot"), find("#clip")];
  for (const button of buttons) button.disabled = true;
  try {
    await work(source);
  } finally {
    for (const button of buttons) button.disabled = false;
  }
}

/**
 * Count down, read the picture of that very moment, and offer to save it; with the mask on, its faces stay hidden.
 * @param {Source} own
 */
async function snapshot(own) {
  scrollTo({ top: 0 });
  if (!(await countDown(() => own === source))) return;
  const { canvas, pen } = sheet(video.videoWidth, video.videoHeight);
  pen.drawImage(video, 0, 0);
  const reader = await theReader();
  const recognition = await reader.read(await createImageBitmap(canvas), { source: "snapshot" });
  if (own !== source) return;
  const { masked } = overlay;
  const picture = masked ? await maskedCanvas(canvas, recognition) : canvas;
  openSaveDialog({ picture, masked, recognition, name: "mirror" });
}

/**
 * Record three seconds of the emoji and offer to save them.
 * @param {Source} own
 */
async function clip(own) {
  const recorded = await recordClip(() => stage.first, showRecording);
  showRecording(null);
  if (own === source) openSaveDialog({ clip: recorded, name: "mien-clip" });
}

/** @param {Source} own */
async function offerCameras(own) {
  find("#cameras").hidden = typeof own === "string";
  if (typeof own === "string") return;
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
