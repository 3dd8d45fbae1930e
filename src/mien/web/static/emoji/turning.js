/** A turned head: the features slide over a ball and are foreshortened, the light stays where it is. */

import { num } from "./shapes.js";

const BALL = 92;
const GAIN = 0.6;
const NARROWEST = 0.2;

/** Where features lie once the head is turned by `turn` and `nod`, and how they are foreshortened. */
export class Turn {
  /** @param {import("./controls.js").Controls} c */
  constructor(c) {
    this.turned = Boolean(c.turn || c.nod);
    this.sinX = sine(c.turn);
    this.sinY = sine(c.nod);
    this.cosX = Math.sqrt(1 - this.sinX * this.sinX);
    this.cosY = Math.sqrt(1 - this.sinY * this.sinY);
  }

  /**
   * Where the point x, y of a straight head lies now, and the scales across and down there.
   * @param {number} x
   * @param {number} y
   */
  at(x, y) {
    if (!this.turned) return { x, y, across: 1, down: 1 };
    const z = Math.sqrt(BALL * BALL - x * x - y * y);
    const deep = z * this.cosX - x * this.sinX;
    return {
      x: x * this.cosX + z * this.sinX,
      y: y * this.cosY - deep * this.sinY,
      across: Math.max(NARROWEST, this.cosX - (x / z) * this.sinX),
      down: Math.max(NARROWEST, this.cosY + (y / z) * this.cosX * this.sinY),
    };
  }

  /**
   * A feature that was drawn around the point x, y, moved to where that point lies now.
   * @param {number} x
   * @param {number} y
   * @param {string} svg
   */
  group(x, y, svg) {
    if (!this.turned || !svg) return svg;
    const now = this.at(x, y);
    const matrix = [num(now.across), "0 0", num(now.down), num(now.x - now.across * x), num(now.y - now.down * y)];
    return `<g transform="matrix(${matrix.join(" ")})">${svg}</g>`;
  }
}

/** The sine of the angle by which the features turn, by its series: the same digits as in Python. */
function sine(degrees) {
  const a = GAIN * degrees * 0.017453292519943295;
  const square = a * a;
  return a * (1 - (square / 6) * (1 - (square / 20) * (1 - square / 42)));
}
