/** The emoji in the browser: scores in, SVG text out; the same bytes that Python's `mien.draw` writes. */

export { adjusted, NAMES, resting, SPEC } from "./controls.js";
export { controlsOf, draw, drawControls } from "./drawing.js";
export { EMOTIONS, FER2013, LOOKS, VOTES } from "./labels.js";
export { alike } from "./likeness.js";
export { alive, halfway, morph, smooth } from "./motion.js";
export { THEMES } from "./themes.js";
export { nearestEmoji } from "./unicode.js";
export { alt, title } from "./words.js";
