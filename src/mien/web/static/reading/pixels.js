/**
 * Shrinking, scaling and turning pictures, with the results that Pillow gives, so that the page finds and reads what
 * Python does. Tested pixel by pixel against it.
 */

/**
 * @typedef {object} Raster
 * @property {number} width
 * @property {number} height
 * @property {1 | 4} channels  grey, or RGBA whose alpha is ignored
 * @property {Uint8Array | Uint8ClampedArray} data  row by row
 */
/** @typedef {{left: number, top: number, right: number, bottom: number}} Window  whole pixels */

/** @param {number} width @param {number} height @param {1 | 4} channels @returns {Raster} */
const blank = (width, height, channels) => ({
  width,
  height,
  channels,
  data: new Uint8Array(width * height * channels),
});

/** How many of the channels carry something. @param {Raster} raster */
const bands = ({ channels }) => Math.min(3, channels);

/** Part of a picture as a picture of its own. @param {Raster} raster @param {Window} part @returns {Raster} */
export function cut(raster, { left, top, right, bottom }) {
  if (right - left === raster.width && bottom - top === raster.height) return raster;
  const { width, channels, data } = raster;
  const out = blank(right - left, bottom - top, channels);
  for (let y = top; y < bottom; y += 1) {
    const row = data.subarray((y * width + left) * channels, (y * width + right) * channels);
    out.data.set(row, (y - top) * out.width * channels);
  }
  return out;
}

/** A colored picture in grey, by ITU-R 601 luma. @param {Raster} raster @returns {Raster} */
export function gray({ width, height, data }) {
  const out = blank(width, height, 1);
  for (let i = 0, at = 0; i < out.data.length; i += 1, at += 4) {
    out.data[i] = (data[at] * 19595 + data[at + 1] * 38470 + data[at + 2] * 7471 + 0x8000) >> 16;
  }
  return out;
}

/**
 * A picture shrunk by a whole number, each pixel the average of a square.
 * @param {Raster} raster
 * @param {number} step
 * @returns {Raster}
 */
export function reduced(raster, step) {
  if (step === 1) return raster;
  const { width, height, channels, data } = raster;
  const out = blank(Math.ceil(width / step), Math.ceil(height / step), channels);
  for (let y = 0, at = 0; y < out.height; y += 1) {
    const high = Math.min(step, height - y * step);
    for (let x = 0; x < out.width; x += 1, at += channels) {
      const wide = Math.min(step, width - x * step);
      const times = multiplier(wide * high);
      for (let band = 0; band < bands(raster); band += 1) {
        let sum = (wide * high) >> 1;
        for (let j = 0; j < high; j += 1) {
          let from = ((y * step + j) * width + x * step) * channels + band;
          for (let i = 0; i < wide; i += 1, from += channels) sum += data[from];
        }
        out.data[at + band] = Math.floor((sum * times) / 0x1000000);
      }
    }
  }
  return out;
}

/**
 * What a sum of n bytes is multiplied by before its upper byte is taken: 2^24 / n in single precision, as Pillow has
 * it.
 */
const multiplier = (n) => Math.floor(Math.fround(0x100000000 / (256 * n)));

/** Fixed-point digits of the weights of a scaling. */
const PRECISION = 22;

/**
 * A picture at another size: bilinear, and averaging where it shrinks.
 * @param {Raster} raster
 * @param {number} width
 * @param {number} height
 * @returns {Raster}
 */
export function scaled(raster, width, height) {
  const wide = raster.width === width ? raster : acrossRows(raster, width);
  return wide.height === height ? wide : downColumns(wide, height);
}

function acrossRows(raster, width) {
  const { channels, height, data } = raster;
  const out = blank(width, height, channels);
  const { starts, counts, weights, most } = kernel(raster.width, width);
  for (let y = 0, at = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1, at += channels) {
      for (let band = 0; band < bands(raster); band += 1) {
        let sum = 1 << (PRECISION - 1);
        let from = (y * raster.width + starts[x]) * channels + band;
        for (let k = x * most, end = k + counts[x]; k < end; k += 1, from += channels) sum += data[from] * weights[k];
        out.data[at + band] = sum >> PRECISION;
      }
    }
  }
  return out;
}

function downColumns(raster, height) {
  const { channels, width, data } = raster;
  const out = blank(width, height, channels);
  const { starts, counts, weights, most } = kernel(raster.height, height);
  const stride = width * channels;
  for (let y = 0, at = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1, at += channels) {
      for (let band = 0; band < bands(raster); band += 1) {
        let sum = 1 << (PRECISION - 1);
        let from = starts[y] * stride + x * channels + band;
        for (let k = y * most, end = k + counts[y]; k < end; k += 1, from += stride) sum += data[from] * weights[k];
        out.data[at + band] = sum >> PRECISION;
      }
    }
  }
  return out;
}

/** The weights of a triangle filter, as wide as a step where the picture shrinks: whole numbers over 2^22. */
function kernel(from, to) {
  const scale = from / to;
  const support = Math.max(1, scale);
  const most = Math.ceil(support) * 2 + 1;
  const [starts, counts, weights] = [new Int32Array(to), new Int32Array(to), new Int32Array(to * most)];
  for (let x = 0; x < to; x += 1) {
    const center = (x + 0.5) * scale;
    const start = Math.max(0, Math.trunc(center - support + 0.5));
    const count = Math.min(from, Math.trunc(center + support + 0.5)) - start;
    const raw = Array.from({ length: count }, (_, i) =>
      Math.max(0, 1 - Math.abs((i + start - center + 0.5) / support)),
    );
    const total = raw.reduce((sum, weight) => sum + weight, 0);
    raw.forEach((weight, i) => (weights[x * most + i] = Math.trunc(0.5 + (weight / total) * (1 << PRECISION))));
    [starts[x], counts[x]] = [start, count];
  }
  return { starts, counts, weights, most };
}

/**
 * @typedef {[number, number, number, number, number, number]} Matrix  out (x, y) lies at in (ax + by + c, dx + ey + f)
 */

/**
 * A square of a picture, turned and scaled, bilinear; black where there is no picture.
 * @param {Raster} raster
 * @param {number} side
 * @param {Matrix} matrix
 * @returns {Raster}
 */
export function turned(raster, side, [a, b, c, d, e, f]) {
  const { width, height, channels, data } = raster;
  const out = blank(side, side, channels);
  for (let row = 0, at = 0; row < side; row += 1) {
    for (let column = 0; column < side; column += 1, at += channels) {
      const u = a * (column + 0.5) + b * (row + 0.5) + c;
      const v = d * (column + 0.5) + e * (row + 0.5) + f;
      if (u < 0 || u >= width || v < 0 || v >= height) continue;
      const [x, y] = [Math.floor(u - 0.5), Math.floor(v - 0.5)];
      const [dx, dy] = [u - 0.5 - x, v - 0.5 - y];
      const [x0, x1] = [Math.max(0, x) * channels, Math.min(width - 1, x + 1) * channels];
      const upper = Math.max(0, y) * width * channels;
      const lower = Math.min(height - 1, y + 1) * width * channels;
      for (let band = 0; band < bands(raster); band += 1) {
        const [p, q] = [data[upper + x0 + band], data[lower + x0 + band]];
        const one = p + (data[upper + x1 + band] - p) * dx;
        const two = q + (data[lower + x1 + band] - q) * dx;
        out.data[at + band] = one + (two - one) * dy;
      }
    }
  }
  return out;
}

/**
 * A square of a grey picture, turned and scaled, bicubic; black where there is no picture.
 * @param {Raster} raster
 * @param {number} side
 * @param {Matrix} matrix
 * @returns {Raster}
 */
export function turnedSmoothly({ width, height, data }, side, [a, b, c, d, e, f]) {
  const out = blank(side, side, 1);
  const lines = [0, 0, 0, 0];
  for (let row = 0, at = 0; row < side; row += 1) {
    for (let column = 0; column < side; column += 1, at += 1) {
      const u = a * (column + 0.5) + b * (row + 0.5) + c;
      const v = d * (column + 0.5) + e * (row + 0.5) + f;
      if (u < 0 || u >= width || v < 0 || v >= height) continue;
      const [x, y] = [Math.floor(u - 0.5), Math.floor(v - 0.5)];
      const dx = u - 0.5 - x;
      const x0 = Math.max(0, x - 1);
      const x1 = Math.max(0, x);
      const x2 = Math.min(width - 1, x + 1);
      const x3 = Math.min(width - 1, x + 2);
      for (let j = 0; j < 4; j += 1) {
        const line = Math.min(height - 1, Math.max(0, y - 1 + j)) * width;
        lines[j] = cubic(data[line + x0], data[line + x1], data[line + x2], data[line + x3], dx);
      }
      const value = cubic(lines[0], lines[1], lines[2], lines[3], v - 0.5 - y);
      out.data[at] = value <= 0 ? 0 : value >= 255 ? 255 : value;
    }
  }
  return out;
}

/** The cubic through four values at distances of one, a share t of the way from the second to the third. */
function cubic(v1, v2, v3, v4, t) {
  const p3 = 2 * (v1 - v2) + v3 - v4;
  const p4 = -v1 + v2 - v3 + v4;
  return v2 + t * (v3 - v1 + t * (p3 + t * p4));
}

/**
 * A grey picture with its border repeated.
 * @param {Raster} raster
 * @param {Window} more pixels on each side
 * @returns {Raster}
 */
export function padded(raster, { left, top, right, bottom }) {
  if (!(left || top || right || bottom)) return raster;
  const { width, height, data } = raster;
  const out = blank(width + left + right, height + top + bottom, 1);
  for (let y = 0, at = 0; y < out.height; y += 1) {
    const line = Math.min(height - 1, Math.max(0, y - top)) * width;
    for (let x = 0; x < out.width; x += 1, at += 1)
      out.data[at] = data[line + Math.min(width - 1, Math.max(0, x - left))];
  }
  return out;
}

/** A number rounded, halves to the even neighbor, as Python rounds. @param {number} x */
export function round(x) {
  const near = Math.round(x);
  return near - x === 0.5 && near % 2 ? near - 1 : near;
}
