/** Small help with the document. */

/**
 * Return the one element that a selector names.
 * @param {string} selector
 * @param {ParentNode} [root]
 * @returns {any} of the element's own kind, which the page's HTML fixes
 */
export function find(selector, root = document) {
  const found = root.querySelector(selector);
  if (!found) throw new Error(`the page has no ${selector}`);
  return found;
}

/**
 * Return a new element.
 * @param {string} tag
 * @param {Record<string, any>} [props] `on...` are listeners, `class` and `aria-...` attributes, the rest properties
 * @param {...(Node|string|null|undefined|false)} children
 * @returns {any}
 */
export function make(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name in node && !name.includes("-")) node[name] = value;
    else node.setAttribute(name, String(value));
  }
  node.append(.../** @type {(Node|string)[]} */ (children.filter(Boolean)));
  return node;
}

/**
 * Return a canvas of a size in pixels, and what draws on it.
 * @param {number} width
 * @param {number} height
 * @returns {{canvas: HTMLCanvasElement, pen: CanvasRenderingContext2D}}
 */
export function sheet(width, height) {
  const canvas = make("canvas", { width: Math.max(1, Math.round(width)), height: Math.max(1, Math.round(height)) });
  return { canvas, pen: canvas.getContext("2d") };
}

/**
 * Return a canvas' picture as a file's bytes.
 * @param {HTMLCanvasElement} canvas
 * @param {string} [type]
 * @returns {Promise<Blob>}
 */
export function bytesOf(canvas, type = "image/png") {
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("no picture"))), type, 0.92);
  });
}

/** Let the browser paint and listen for a moment. */
export const yieldToBrowser = () => new Promise((resolve) => setTimeout(resolve));

/** Whether the person has asked for less motion. */
export const reducedMotion = matchMedia("(prefers-reduced-motion: reduce)");
