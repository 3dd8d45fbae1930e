/**
 * The result of a game as a picture: each face that was asked for, and the one that was made. Nothing of the camera.
 */

import { draw, EMOTIONS } from "../emoji/index.js";
import { sheet } from "./dom.js";
import { pixels } from "./raster.js";
import { say } from "./text.js";

const SIDE = 1080;
const COLUMNS = 4;
const CELL = { width: 246, height: 316, top: 262 };
const [PAPER, INK, SOFT, GOOD] = ["#fbf5e6", "#2a1c10", "#6b5a48", "#2e7d32"];

/** @typedef {import("./game.js").Round} Round */

/**
 * Return the picture.
 * @param {Round[]} rounds
 * @returns {Promise<HTMLCanvasElement>}
 */
export async function resultOf(rounds) {
  const { canvas, pen } = sheet(SIDE, SIDE);
  pen.fillStyle = PAPER;
  pen.fillRect(0, 0, SIDE, SIDE);
  pen.textAlign = "center";
  const made = rounds.filter((round) => round.made).length;
  write(pen, say("game.result", { made, all: EMOTIONS.length }), SIDE / 2, 116, "600 58px Georgia, serif", INK);
  const points = rounds.reduce((sum, round) => sum + round.points, 0);
  write(pen, say("game.points", { points }), SIDE / 2, 190, "600 40px Georgia, serif", SOFT);
  for (const [i, round] of rounds.entries()) await cell(pen, round, i);
  write(pen, say("brand"), SIDE / 2, SIDE - 48, "600 34px Georgia, serif", INK);
  write(pen, say("game.motto"), SIDE / 2, SIDE - 16, "20px sans-serif", SOFT);
  return canvas;
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {Round} round
 * @param {number} place
 */
async function cell(pen, { target, scores, made, points }, place) {
  const left = (SIDE - COLUMNS * CELL.width) / 2 + CELL.width * (place % COLUMNS);
  const top = CELL.top + (CELL.height + 34) * Math.floor(place / COLUMNS);
  const middle = left + CELL.width / 2;
  const mine = await pixels(draw(scores ?? { neutral: 1 }, { size: 512, uncertain: !scores }), 206);
  pen.globalAlpha = made ? 1 : 0.55;
  pen.drawImage(mine, middle - 103, top);
  pen.globalAlpha = 1;
  pen.fillStyle = PAPER;
  pen.beginPath();
  pen.arc(left + 54, top + 30, 48, 0, 2 * Math.PI);
  pen.fill();
  pen.drawImage(await pixels(draw({ [target]: 1 }, { size: 256 }), 84), left + 12, top - 12);
  write(pen, say(`emotion.${target}`), middle, top + 246, "600 27px Georgia, serif", INK, CELL.width - 12);
  write(pen, made ? `✓ ${points}` : String(points), middle, top + 284, "600 26px sans-serif", made ? GOOD : SOFT);
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {string} text
 * @param {number} x
 * @param {number} y
 * @param {string} font
 * @param {string} color
 * @param {number} [most] the greatest width
 */
function write(pen, text, x, y, font, color, most = SIDE - 80) {
  pen.font = font;
  pen.fillStyle = color;
  pen.fillText(text, x, y, most);
}
