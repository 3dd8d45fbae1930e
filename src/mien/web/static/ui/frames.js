/** One clock for everything that moves: called once for each frame that the screen shows. */

/** @type {Set<(dt: number, now: number) => void>} */
const moving = new Set();
let before = 0;

/**
 * Call a function on every frame, with the seconds since the one before and the time in seconds.
 * @param {(dt: number, now: number) => void} tick
 * @returns {() => void} what ends it
 */
export function everyFrame(tick) {
  moving.add(tick);
  if (moving.size === 1) {
    before = performance.now();
    requestAnimationFrame(turn);
  }
  return () => moving.delete(tick);
}

/** @param {number} now */
function turn(now) {
  const dt = Math.min(0.1, Math.max(0, now - before) / 1000);
  before = now;
  for (const tick of moving) tick(dt, now / 1000);
  if (moving.size) requestAnimationFrame(turn);
}
