/** Numbers, colors and paths as SVG text. Only + - * /, square roots and floors, so that Python writes the same. */

/** @typedef {[number, number, number]} RGB */
/** @typedef {(string | number)[]} Path */

/** A number with at most two decimals, halves rounded up, as short as it goes. @param {number} x */
export const num = (x) => String(Math.floor(x * 100 + 0.5) / 100);

/** SVG path data from commands and numbers. @param {Path} parts */
export function path(...parts) {
  let text = "";
  let gap = "";
  for (const part of parts) {
    if (typeof part === "string") {
      text += part;
      gap = "";
    } else {
      text += gap + num(part);
      gap = " ";
    }
  }
  return text;
}

/** The value t of the way from a to b. @param {number} a @param {number} b @param {number} t */
export const lerp = (a, b, t) => a + (b - a) * t;

/** x, or the bound that it passes. @param {number} x @param {number} low @param {number} high */
export const clamp = (x, low, high) => (x < low ? low : x > high ? high : x);

/** A #rgb or #rrggbb color as three numbers from 0 to 255. @param {string} color @returns {RGB} */
export function rgb(color) {
  const found = /^#([0-9a-f]{3}|[0-9a-f]{6})$/i.exec(String(color).trim());
  if (!found) throw new RangeError(`a color is written #rrggbb, such as #ffcc33, not "${color}"`);
  const digits = found[1].length === 3 ? found[1].replace(/./g, "$&$&") : found[1];
  return [parseInt(digits.slice(0, 2), 16), parseInt(digits.slice(2, 4), 16), parseInt(digits.slice(4), 16)];
}

/** The color t of the way from a to b. @param {RGB} a @param {RGB} b @param {number} t @returns {RGB} */
export const mixed = (a, b, t) => [lerp(a[0], b[0], t), lerp(a[1], b[1], t), lerp(a[2], b[2], t)];

/** A color as #rrggbb, halves rounded up. @param {RGB} color */
export function hexed(color) {
  const [r, g, b] = color.map((value) => Math.floor(value + 0.5));
  return `#${((r << 16) | (g << 8) | b).toString(16).padStart(6, "0")}`;
}

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, index) => {
  let value = index;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
  return value;
});

/** The CRC-32 of ASCII text as eight hexadecimal digits. @param {string} text */
export function crc32(text) {
  let crc = 0xffffffff;
  for (let at = 0; at < text.length; at += 1) crc = CRC_TABLE[(crc ^ text.charCodeAt(at)) & 0xff] ^ (crc >>> 8);
  return ((crc ^ 0xffffffff) >>> 0).toString(16).padStart(8, "0");
}
