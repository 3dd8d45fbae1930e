/** YuNet: pixels in, faces out. One run sees one size; detect.js decides on the passes. */

import { STRIDES } from "../constants.js";
import { complex } from "./plane.js";

/** @typedef {import("./faces.js").RawDetection} RawDetection */
/** @typedef {import("./pixels.js").Raster} Raster */

/** Input buffers kept for sizes seen lately: a camera asks for the same ones again and again. */
const MOST_BUFFERS = 4;

export class Yunet {
  /** @param {import("./networks.js").Network} network @param {number} floor the least confidence that comes back */
  constructor(network, floor) {
    this.network = network;
    this.floor = floor;
    /** @type {Map<string, Float32Array>} */
    this.buffers = new Map();
  }

  /**
   * Every face guess in a colored picture, in its pixels; many of one face.
   * @param {Raster} picture
   * @returns {Promise<RawDetection[]>}
   */
  async run(picture) {
    // Both sides have to be multiples of 32; what is added is black and lies to the right and below.
    const [width, height] = [Math.ceil(picture.width / 32) * 32, Math.ceil(picture.height / 32) * 32];
    const input = this.#filled(picture, width, height);
    const outputs = await this.network.run("input", "float32", input, [1, 3, height, width]);
    return STRIDES.flatMap((stride) => decoded(outputs, stride, width / stride, this.floor));
  }

  /** The picture as planes of blue, green and red. */
  #filled({ width: wide, height: high, data }, width, height) {
    const planes = this.#buffer(`${wide} ${high}`, 3 * width * height);
    const area = width * height;
    for (let y = 0, from = 0; y < high; y += 1) {
      for (let at = y * width, end = at + wide; at < end; at += 1, from += 4) {
        planes[at] = data[from + 2];
        planes[at + area] = data[from + 1];
        planes[at + 2 * area] = data[from];
      }
    }
    return planes;
  }

  #buffer(name, length) {
    let buffer = this.buffers.get(name);
    if (!buffer) {
      if (this.buffers.size >= MOST_BUFFERS) this.buffers.delete([...this.buffers.keys()][0]);
      buffer = new Float32Array(length);
      this.buffers.set(name, buffer);
    }
    return buffer;
  }
}

/** One stride's cells: each guesses one face by offsets from its own corner. @returns {RawDetection[]} */
function decoded(outputs, stride, columns, floor) {
  const [cls, obj] = [outputs[`cls_${stride}`], outputs[`obj_${stride}`]];
  const [bbox, kps] = [outputs[`bbox_${stride}`], outputs[`kps_${stride}`]];
  const found = [];
  for (let cell = 0; cell < cls.length; cell += 1) {
    const confidence = Math.sqrt(unit(cls[cell]) * unit(obj[cell]));
    if (confidence < floor) continue;
    const [column, row] = [cell % columns, Math.floor(cell / columns)];
    const [x, y] = [(column + bbox[4 * cell]) * stride, (row + bbox[4 * cell + 1]) * stride];
    const [w, h] = [(Math.exp(bbox[4 * cell + 2]) * stride) / 2, (Math.exp(bbox[4 * cell + 3]) * stride) / 2];
    const points = [0, 2, 4, 6, 8].map((k) =>
      complex((kps[10 * cell + k] + column) * stride, (kps[10 * cell + k + 1] + row) * stride),
    );
    found.push({ left: x - w, top: y - h, right: x + w, bottom: y + h, confidence, points });
  }
  return found;
}

const unit = (x) => Math.min(1, Math.max(0, x));
