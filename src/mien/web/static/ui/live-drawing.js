/**
 * A drawing that moves on the page. Of the next one only the attributes that differ are set: the browser need not parse
 * it, lay it out and paint it whole for a brow that rises.
 */

const ATTRIBUTE = /([\w-]+)="([^"]*)"/g;

export class LiveDrawing {
  /** @param {HTMLElement} node what the drawing stands in */
  constructor(node) {
    this.node = node;
    this.svg = "";
    /** @type {string[]} the text of each tag, with what follows it */
    this.tags = [];
    /** @type {(Element|null)[]} the element that each tag opens, if any */
    this.elements = [];
  }

  /** @param {string} svg */
  show(svg) {
    if (svg === this.svg) return;
    const tags = svg.split("<").slice(1);
    if (this.#fits(tags)) tags.forEach((tag, i) => tag !== this.tags[i] && dress(this.elements[i], this.tags[i], tag));
    else this.#renew(svg, tags);
    [this.svg, this.tags] = [svg, tags];
  }

  /**
   * Whether a drawing has the same elements and words as the one that stands.
   * @param {string[]} tags
   */
  #fits(tags) {
    return (
      tags.length === this.tags.length &&
      tags.every((tag, i) => tag === this.tags[i] || (nameOf(tag) === nameOf(this.tags[i]) && tag.endsWith(">")))
    );
  }

  /**
   * @param {string} svg
   * @param {string[]} tags
   */
  #renew(svg, tags) {
    this.node.innerHTML = svg;
    const all = [...this.node.querySelectorAll("*")].values();
    this.elements = tags.map((tag) => (tag.startsWith("/") ? null : (all.next().value ?? null)));
  }
}

/** @param {string} tag */
const nameOf = (tag) => /^\/?\w*/.exec(tag)?.[0];

/**
 * @param {Element|null} element
 * @param {string} before
 * @param {string} after
 */
function dress(element, before, after) {
  const old = new Map(attributes(before));
  for (const [name, value] of attributes(after)) {
    if (old.get(name) !== value) element?.setAttribute(name, value);
    old.delete(name);
  }
  for (const name of old.keys()) element?.removeAttribute(name);
}

/**
 * @param {string} tag
 * @returns {[string, string][]}
 */
const attributes = (tag) => Array.from(tag.matchAll(ATTRIBUTE), ([, name, value]) => [name, value]);
