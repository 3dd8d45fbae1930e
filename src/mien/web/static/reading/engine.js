/** From a picture to its recognition: find the faces, bring them upright, read the expression on each. */

import { align, qualityReasons } from "./align.js";
import { Classifier } from "./classify.js";
import { Detector, detection } from "./detect.js";
import { pixelsOf } from "./pictures.js";
import { face, recognition } from "./results.js";
import { Tracker } from "./tracker.js";

/** @typedef {{source?: string | null, live?: boolean, labels?: string}} Options */

export class Engine {
  /**
   * @param {{detector: import("./networks.js").Network, model: import("./networks.js").Network, record: any}} networks
   */
  constructor({ detector, model, record }) {
    this.record = record;
    this.detector = new Detector(detector);
    this.classifier = new Classifier(model, record);
    this.tracker = new Tracker(this.detector);
  }

  /** @param {import("./reader.js").Picture} picture @param {Options} options */
  async read(picture, { source = null, live = false, labels = "votes" } = {}) {
    const raster = await pixelsOf(picture);
    const seen = live ? await this.tracker.next(raster, performance.now()) : await this.detector.find(raster);
    const detections = seen.map(detection);
    const crops = detections.map(({ landmarks }) => align(raster, landmarks));
    const readings = await this.classifier.read(crops, labels);
    const faces = detections.map((one, i) => face(one, readings[i], qualityReasons(raster, one, crops[i])));
    return recognition(raster, source, this.record, faces);
  }

  /**
   * What the shown score of a face hangs on.
   * @param {ImageBitmap | ImageData | Blob} picture
   * @param {{landmarks: number[][]}} face
   * @param {{labels?: string}} options
   */
  async explain(picture, { landmarks }, { labels = "votes" } = {}) {
    return this.classifier.explain(align(await pixelsOf(picture), landmarks), labels);
  }

  /**
   * The predictions for crops of 48x48 grey pixels.
   * @param {Uint8Array[]} crops
   * @param {{labels?: string}} options
   */
  async readCrops(crops, { labels = "votes" } = {}) {
    return this.classifier.read(crops, labels);
  }
}

/**
 * Search an empty picture as large as a camera's: browsers compile a runtime's code when it first runs, and the first
 * face need not wait for that.
 * @param {import("./networks.js").Network} detector
 */
export async function warmUp(detector) {
  const [width, height] = [640, 480];
  await new Detector(detector).find({ width, height, channels: 4, data: new Uint8Array(4 * width * height) });
}
