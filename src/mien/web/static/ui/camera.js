/** The camera: opened when it is asked for, and what is in the way said by a code that the texts know. */

export class CameraProblem extends Error {
  /**
   * @param {"refused"|"absent"|"busy"|"insecure"|"ended"|"reader"|"reading"|"failed"} code
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
 * @param {string} [deviceId] a certain one
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
    throw new CameraProblem(CODES[name] ?? "failed", message || name);
  }
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
 * Wait until a video shows its next picture.
 * @param {HTMLVideoElement} video
 * @returns {Promise<void>}
 */
export function nextPicture(video) {
  return new Promise((resolve) => {
    if ("requestVideoFrameCallback" in video) video.requestVideoFrameCallback(() => resolve());
    else requestAnimationFrame(() => resolve());
  });
}

/** @param {MediaStream|null} stream */
export function close(stream) {
  stream?.getTracks().forEach((track) => track.stop());
}
