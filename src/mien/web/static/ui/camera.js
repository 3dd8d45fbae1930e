/** The camera, or a film in its place: opened when asked for; what is in the way is a code that the texts know. */

/** @typedef {MediaStream|string} Source a camera's stream, or the address of a film */

export class CameraProblem extends Error {
  /**
   * @param {"refused"|"absent"|"busy"|"insecure"|"ended"|"film"|"reader"|"reading"|"failed"} code
   * @param {string} [reason]
   */
  constructor(code, reason = "") {
    super(reason || code);
    this.code = code;
  }
}

/** @type {Record<string, "refused"|"absent"|"busy">} */
const CODES = {
  NotAllowedError: "refused",
  SecurityError: "refused",
  NotFoundError: "absent",
  OverconstrainedError: "absent",
  NotReadableError: "busy",
  AbortError: "busy",
};

/**
 * Open a camera; `CameraProblem` says why not.
 * @param {string} [deviceId] a certain one, where it is still there
 * @returns {Promise<MediaStream>}
 */
export async function openCamera(deviceId) {
  if (!navigator.mediaDevices) throw new CameraProblem(isSecureContext ? "absent" : "insecure");
  const which = deviceId ? { deviceId: { exact: deviceId } } : { facingMode: "user" };
  const video = { ...which, width: { ideal: 640 }, height: { ideal: 480 }, frameRate: { ideal: 30 } };
  try {
    return await navigator.mediaDevices.getUserMedia({ video, audio: false });
  } catch (error) {
    const { name, message } = /** @type {Error} */ (error);
    if (deviceId && CODES[name] === "absent") return openCamera();
    throw new CameraProblem(CODES[name] ?? "failed", message || name);
  }
}

/**
 * Open the sample film, a portrait that acts, for somebody without a camera.
 * @returns {Promise<string>}
 */
export async function openFilm() {
  try {
    const answer = await fetch(new URL("../samples/acting.mp4", import.meta.url));
    if (!answer.ok) throw new Error(`${answer.status}`);
    // As a whole: some browsers ask for a film in parts, which neither every host nor what is kept offline gives.
    return URL.createObjectURL(await answer.blob());
  } catch (error) {
    throw new CameraProblem("film", /** @type {Error} */ (error).message);
  }
}

/**
 * Play what a source shows, or nothing; a film is played again and again.
 * @param {HTMLVideoElement} video
 * @param {Source|null} source
 */
export async function show(video, source) {
  video.removeAttribute("src");
  // Also where it was null: only then is a film that was playing let go.
  video.srcObject = source instanceof MediaStream ? source : null;
  if (typeof source === "string") video.src = source;
  if (source) await video.play();
}

/**
 * Return the cameras there are; their names are known only once one was allowed.
 * @returns {Promise<{id: string, name: string}[]>}
 */
export async function cameras() {
  const devices = await navigator.mediaDevices.enumerateDevices();
  return devices
    .filter(({ kind }) => kind === "videoinput")
    .map(({ deviceId, label }) => ({ id: deviceId, name: label }));
}

/**
 * The pictures of a camera, each handed out once at most: the latest at once where it is a new one, else the next.
 * Waiting for the next in every case would halve the rate of a reader that is a little slower than the camera.
 */
export class Pictures {
  /**
   * @param {HTMLVideoElement} video
   * @param {() => boolean} isRead whether somebody still reads its pictures
   */
  constructor(video, isRead) {
    this.video = video;
    this.isRead = isRead;
    this.fresh = false;
    this.arrived = () => {};
    this.#watch();
  }

  /**
   * Return what the camera shows, for a reader that closes it.
   * @returns {Promise<VideoFrame | ImageBitmap>}
   */
  async next() {
    if (!this.fresh) await new Promise((resolve) => (this.arrived = () => resolve(null)));
    this.fresh = false;
    return frameOf(this.video) ?? createImageBitmap(this.video);
  }

  #watch() {
    const seen = () => {
      this.fresh = true;
      this.arrived();
      if (this.isRead()) this.#watch();
    };
    if ("requestVideoFrameCallback" in this.video) this.video.requestVideoFrameCallback(seen);
    else requestAnimationFrame(seen);
  }
}

/**
 * Return the picture as the camera gave it, which costs nothing; nothing where the browser has no such thing, or has
 * not turned it as the video is.
 * @param {HTMLVideoElement} video
 * @returns {VideoFrame | null}
 */
function frameOf(video) {
  if (!("VideoFrame" in window)) return null;
  try {
    const frame = new VideoFrame(video);
    if (frame.displayWidth === video.videoWidth && frame.displayHeight === video.videoHeight) return frame;
    frame.close();
  } catch {
    // Not every browser that has video frames takes them from a camera.
  }
  return null;
}

/** @param {Source|null} source */
export function close(source) {
  if (typeof source === "string") URL.revokeObjectURL(source);
  else source?.getTracks().forEach((track) => track.stop());
}

/**
 * Do something when a camera goes away by itself, as when it is unplugged.
 * @param {Source} source
 * @param {() => void} then
 */
export function whenGone(source, then) {
  if (typeof source !== "string") source.getVideoTracks()[0].addEventListener("ended", then);
}
