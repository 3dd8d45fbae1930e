/** Three seconds of the emoji, drawn from the readings: no picture of the camera is in it. */

import { drawControls } from "../emoji/index.js";
import { sheet } from "./dom.js";
import { everyFrame } from "./frames.js";
import { pixels } from "./raster.js";
import { say } from "./text.js";

const SECONDS = 3;
/** Milliseconds from frame to frame. */
const TICK = 50;
/** The side of the video in pixels. */
const SIDE = 540;
const PAPER = "#fbf5e6";
const INK = "#2a1c10";

/** Forms of video that browsers write, the most widely playable first. */
const TYPES = ["video/webm;codecs=vp9", "video/webm;codecs=vp8", "video/webm", "video/mp4"];

/**
 * @typedef {{frames: Record<string, number>[], tick: number, theme?: string, skin?: string, background?: string}} Clip
 */

/**
 * Record an emoji for three seconds.
 * @param {() => import("./animated-emoji.js").AnimatedEmoji} emoji asked again for each frame
 * @param {(left: number) => void} onProgress called with the seconds that are left
 * @returns {Promise<Clip>}
 */
export function recordClip(emoji, onProgress) {
  /** @type {Record<string, number>[]} */
  const frames = [];
  const begun = performance.now();
  return new Promise((resolve) => {
    const end = everyFrame(() => {
      const passed = performance.now() - begun;
      // A slow machine shows fewer frames: the last one stands for those it missed.
      while (frames.length < Math.min(passed, 1000 * SECONDS) / TICK) frames.push({ ...emoji().shown });
      onProgress(Math.max(0, SECONDS - passed / 1000));
      if (passed < 1000 * SECONDS) return;
      end();
      resolve({ frames, tick: TICK });
    });
  });
}

/** Whether this browser can write a video. */
export const canRecord = () => "MediaRecorder" in globalThis && Boolean(videoType());

const videoType = () => TYPES.find((type) => MediaRecorder.isTypeSupported(type));

/**
 * Return a clip as a video.
 * @param {Clip} clip
 * @returns {Promise<Blob>}
 */
export async function videoOf(clip) {
  const { canvas, pen } = sheet(SIDE, SIDE);
  const pictures = [];
  for (const controls of clip.frames) pictures.push(await pixels(drawControls(controls, { ...clip, size: 512 }), 460));
  const stream = canvas.captureStream(1000 / clip.tick);
  const recorder = new MediaRecorder(stream, { mimeType: videoType(), videoBitsPerSecond: 2_500_000 });
  /** @type {Blob[]} */
  const parts = [];
  recorder.ondataavailable = ({ data }) => parts.push(data);
  const stopped = new Promise((resolve) => recorder.addEventListener("stop", resolve));
  paint(pen, pictures[0]);
  recorder.start();
  const begun = performance.now();
  for (const [i, picture] of pictures.entries()) {
    paint(pen, picture);
    const due = begun + (i + 1) * clip.tick;
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, due - performance.now())));
  }
  recorder.stop();
  await stopped;
  for (const track of stream.getTracks()) track.stop();
  return new Blob(parts, { type: recorder.mimeType.split(";")[0] });
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {HTMLCanvasElement} picture
 */
function paint(pen, picture) {
  pen.fillStyle = PAPER;
  pen.fillRect(0, 0, SIDE, SIDE);
  pen.drawImage(picture, (SIDE - 460) / 2, 26);
  pen.fillStyle = INK;
  pen.font = "600 24px Georgia, serif";
  pen.textAlign = "center";
  pen.fillText(say("brand"), SIDE / 2, SIDE - 20);
}
