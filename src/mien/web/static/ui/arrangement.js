/** Where several emoji stand, so that each is as large as can be. */

/** @typedef {{x: number, y: number, scale: number}} Place  its shift from the middle in parts of the room, its scale */

/**
 * Return a place for each of some emoji. One emoji fills the smaller side, with a caption below it; a scale is relative
 * to that.
 * @param {number} count
 * @param {{width: number, height: number}} size of the room, in pixels
 * @param {number} reserved pixels at the top that stay free
 * @param {number} caption height of a caption in pixels
 * @returns {Place[]}
 */
export function arranged(count, { width, height }, reserved, caption) {
  const side = Math.max(1, Math.min(width, height - caption));
  const free = Math.max(1, height - reserved);
  let best = { columns: 1, rows: count, scale: 0 };
  for (let columns = 1; columns <= count; columns += 1) {
    const rows = Math.ceil(count / columns);
    const scale = Math.min(1, width / columns / side, free / rows / (side + caption));
    if (scale > best.scale) best = { columns, rows, scale };
  }
  return Array.from({ length: count }, (_, i) => {
    const row = Math.floor(i / best.columns);
    // The last row may be shorter: it stands in the middle.
    const inRow = row < best.rows - 1 ? best.columns : count - row * best.columns;
    const y = (reserved + (free * (row + 0.5)) / best.rows) / height - 0.5;
    return { x: ((i % best.columns) + 0.5 - inRow / 2) / best.columns, y, scale: best.scale };
  });
}
