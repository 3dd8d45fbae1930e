/** The definition of the emoji, in the files that Python draws from too. */

const read = async (/** @type {string} */ name) => (await fetch(new URL(name, import.meta.url))).json();

/** Bounds and anchors of the controls, the colors of the themes, the ladder of Unicode faces. */
export const [FACE, THEME_DATA, LADDER] = await Promise.all(["face.json", "themes.json", "unicode.json"].map(read));
