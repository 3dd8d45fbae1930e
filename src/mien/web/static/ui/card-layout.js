/** Where everything goes on a card for posting: the geometry of mien.annotate.layouts. */

import * as constants from "../constants.js";

/**
 * @typedef {object} Layout
 * @property {number} width
 * @property {number} height
 * @property {number} photo
 * @property {number} emoji_left
 * @property {number} emoji_top
 * @property {number} emoji_side
 * @property {number} words_left
 * @property {number} words_top
 * @property {number} words_right
 * @property {number} words_bottom
 * @property {number} text
 * @property {number} brand
 * @property {boolean} centered
 */
/** @typedef {import("./words.js").Box} Box */

/** @type {Record<string, Layout>} */
export const LAYOUTS = {
  square: constants.CARD_SQUARE,
  portrait: constants.CARD_PORTRAIT,
  tall: constants.CARD_TALL,
};

const { CARD_BADGE, CARD_LARGEST_BADGE, CARD_SMALLEST_BADGE, CARD_SPACE, CARD_SPOTS } = constants;

/**
 * @param {number} value
 * @param {number} least
 * @param {number} most
 */
const within = (value, least, most) => Math.min(Math.max(value, least), most);

/**
 * Return the part of the photo that is shown, in its pixels; where it reaches outside, there is no photo.
 * @param {number} width of the photo
 * @param {number} height
 * @param {Box[]} boxes of the faces, which lie in it whole and clear of the large emoji
 * @param {Layout} layout
 * @returns {Box}
 */
export function photoWindow(width, height, boxes, layout) {
  const cover = Math.max(layout.width / width, layout.photo / height);
  let zone = { left: 0, top: 0, right: layout.width, bottom: layout.photo };
  let scale = cover;
  let faces = union(width, height, boxes);
  if (faces) {
    const found = faces;
    const close = Math.max(
      cover,
      Math.min(
        (constants.CARD_CLOSE * layout.photo) / Math.max(...boxes.map(({ top, bottom }) => bottom - top)),
        constants.CARD_ENLARGED,
      ),
    );
    const above = { ...zone, bottom: layout.emoji_top };
    const aside = { ...zone, right: layout.emoji_left };
    zone = Math.min(fitOf(found, aside), close) > Math.min(fitOf(found, above), close) ? aside : above;
    const fit = fitOf(found, zone);
    scale = Math.min(Math.max(cover, Math.min(close, constants.CARD_EASE * fit)), fit);
  }
  faces ??= { left: width / 2, top: height / 2, right: width / 2, bottom: height / 2 };
  const [wide, high] = [layout.width / scale, layout.photo / scale];
  const left = start(width, faces.left, faces.right, zone.left / scale, zone.right / scale, wide);
  const top = start(height, faces.top, faces.bottom, zone.top / scale, zone.bottom / scale, high);
  return { left, top, right: left + wide, bottom: top + high };
}

/**
 * Return the box around all faces with space around each, as far as they are in the picture.
 * @param {number} width
 * @param {number} height
 * @param {Box[]} boxes
 * @returns {Box|null}
 */
function union(width, height, boxes) {
  const spaced = boxes.map(({ left, top, right, bottom }) => {
    const space = CARD_SPACE * Math.max(right - left, bottom - top);
    return { left: left - space, top: top - space, right: right + space, bottom: bottom + space };
  });
  const all = {
    left: Math.max(0, Math.min(...spaced.map((box) => box.left))),
    top: Math.max(0, Math.min(...spaced.map((box) => box.top))),
    right: Math.min(width, Math.max(...spaced.map((box) => box.right))),
    bottom: Math.min(height, Math.max(...spaced.map((box) => box.bottom))),
  };
  return all.right > all.left && all.bottom > all.top ? all : null;
}

/**
 * Return the largest scale at which the faces fit into a zone of the card.
 * @param {Box} faces
 * @param {Box} zone
 */
const fitOf = (faces, zone) =>
  Math.min(
    (zone.right - zone.left) / (faces.right - faces.left),
    (zone.bottom - zone.top) / (faces.bottom - faces.top),
  );

/**
 * Return where the window begins along one side: the faces amid their zone, but within the photo if they can be.
 * @param {number} length
 * @param {number} first
 * @param {number} last
 * @param {number} begin
 * @param {number} end
 * @param {number} shown
 */
function start(length, first, last, begin, end, shown) {
  const amid = (first + last - begin - end) / 2;
  const inside = shown > length ? (length - shown) / 2 : within(amid, 0, length - shown);
  return Math.min(Math.max(inside, last - end), first - begin);
}

/**
 * Return where a box of the photo lies on the card.
 * @param {Box} box
 * @param {Box} shown the window
 * @param {Layout} layout
 * @returns {Box}
 */
export function onCard(box, shown, layout) {
  const scale = layout.width / (shown.right - shown.left);
  return {
    left: (box.left - shown.left) * scale,
    top: (box.top - shown.top) * scale,
    right: (box.right - shown.left) * scale,
    bottom: (box.bottom - shown.top) * scale,
  };
}

/**
 * Return the place of the large emoji.
 * @param {Layout} layout
 * @returns {Box}
 */
export const emojiPlace = ({ emoji_left: left, emoji_top: top, emoji_side: side }) => ({
  left,
  top,
  right: left + side,
  bottom: top + side,
});

/**
 * Return a place for each face's emoji on the card, where it covers least of faces and other emojis.
 * @param {Box[]} faces on the card
 * @param {Layout} layout
 * @returns {Box[]}
 */
export function badgePlaces(faces, layout) {
  const placed = [emojiPlace(layout)];
  for (const face of faces) {
    const others = faces.filter((other) => other !== face);
    const costs = spots(face, layout).map((spot) => ({ spot, cost: costOf(spot, face, others, placed) }));
    placed.push(costs.reduce((best, next) => (next.cost < best.cost ? next : best)).spot);
  }
  return placed.slice(1);
}

/**
 * @param {Box} face
 * @param {Layout} layout
 * @returns {Box[]}
 */
function spots(face, layout) {
  const [width, height] = [face.right - face.left, face.bottom - face.top];
  const side = within(CARD_BADGE * width, CARD_SMALLEST_BADGE, CARD_LARGEST_BADGE);
  return CARD_SPOTS.map(([across, down, aside, below]) => {
    const left = within(face.left + across * width + (aside - 0.5) * side, 0, layout.width - side);
    const top = within(face.top + down * height + (below - 0.5) * side, 0, layout.photo - side);
    return { left, top, right: left + side, bottom: top + side };
  });
}

/**
 * Return what a place costs, in whole pixels: of places as good, rounding does not decide.
 * @param {Box} spot
 * @param {Box} face
 * @param {Box[]} others
 * @param {Box[]} placed
 */
function costOf(spot, face, others, placed) {
  const across = constants.CARD_CORE * (face.right - face.left);
  const down = constants.CARD_CORE * (face.bottom - face.top);
  const core = {
    left: face.left + across,
    top: face.top + down,
    right: face.right - across,
    bottom: face.bottom - down,
  };
  const sum = (/** @type {Box[]} */ boxes) => boxes.reduce((total, box) => total + shared(spot, box), 0);
  return Math.floor(
    constants.CARD_OWN_FACE * shared(spot, core) +
      constants.CARD_OTHER_FACE * sum(others) +
      constants.CARD_OTHER_EMOJI * sum(placed) +
      0.5,
  );
}

/**
 * Return how many pixels two boxes share.
 * @param {Box} a
 * @param {Box} b
 */
const shared = (a, b) =>
  Math.max(0, Math.min(a.right, b.right) - Math.max(a.left, b.left)) *
  Math.max(0, Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top));
