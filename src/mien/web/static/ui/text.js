/** Every word of the page, from one file a language. */

/** The languages there is a file for in `text/`; the first is taken where none of the reader's own is here. */
const LANGUAGES = ["en"];

/** @type {Record<string, any>} */
let words = {};

/** Load the texts of the first of the person's languages that there is a file for. */
export async function loadText() {
  const preferred = navigator.languages.map((tag) => tag.split("-")[0]);
  const language = preferred.find((tag) => LANGUAGES.includes(tag)) ?? LANGUAGES[0];
  const answer = await fetch(new URL(`../text/${language}.json`, import.meta.url));
  words = await answer.json();
  document.documentElement.lang = language;
  document.title = say("title");
  fill(document);
}

/**
 * Return a text by its place, such as "mirror.start", with values for what stands in braces. Where the text has forms
 * for numbers ("0", "1", "other"), `n` picks one.
 * @param {string} place
 * @param {Record<string, string|number>} [values]
 * @returns {string}
 */
export function say(place, values = {}) {
  let found = place.split(".").reduce((at, name) => at?.[name], /** @type {any} */ (words));
  if (found && typeof found === "object") found = found[String(values.n)] ?? found.other;
  if (typeof found !== "string") throw new Error(`no text for ${place}`);
  return found.replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));
}

/**
 * Put the texts into everything that asks for one by `data-text`, `data-label` or `data-title`.
 * @param {ParentNode} root
 */
export function fill(root) {
  for (const node of root.querySelectorAll("[data-text]"))
    node.textContent = say(String(node.getAttribute("data-text")));
  for (const node of root.querySelectorAll("[data-label]"))
    node.setAttribute("aria-label", say(String(node.getAttribute("data-label"))));
  for (const node of root.querySelectorAll("[data-title]"))
    node.setAttribute("title", say(String(node.getAttribute("data-title"))));
}
