/** Points of the picture as complex numbers: a turn and a scaling are one multiplication. */

/** @typedef {{re: number, im: number}} Complex */

/** @param {number} re @param {number} im @returns {Complex} */
export const complex = (re, im) => ({ re, im });

/** @param {Complex} p @param {Complex} q @returns {Complex} */
export const plus = (p, q) => ({ re: p.re + q.re, im: p.im + q.im });

/** @param {Complex} p @param {Complex} q @returns {Complex} */
export const minus = (p, q) => ({ re: p.re - q.re, im: p.im - q.im });

/** @param {Complex} p @param {Complex} q @returns {Complex} */
export const times = (p, q) => ({ re: p.re * q.re - p.im * q.im, im: p.re * q.im + p.im * q.re });

/** @param {number} radius @param {number} angle @returns {Complex} */
export const polar = (radius, angle) => ({ re: radius * Math.cos(angle), im: radius * Math.sin(angle) });

/** @param {Complex} p */
export const size = (p) => Math.hypot(p.re, p.im);

/** @param {Complex[]} points @returns {Complex} */
export const middle = (points) => {
  const sum = points.reduce(plus);
  return { re: sum.re / points.length, im: sum.im / points.length };
};
