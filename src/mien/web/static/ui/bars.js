/** The scores as bars. */

import { make } from "./dom.js";
import { say } from "./text.js";
import { percent, ranked } from "./words.js";

export class Bars {
  /**
   * @param {readonly string[]} labels in the order in which they stand
   * @param {number} [most] how many are shown: the highest, in order of height; all in their own order without it
   */
  constructor(labels, most) {
    this.most = most;
    this.node = make("ul", { class: "bars", "aria-label": say("scores") });
    this.rows = Object.fromEntries(labels.map((label) => [label, row(label)]));
    this.node.append(...Object.values(this.rows).map(({ node }) => node));
  }

  /** @param {Record<string, number>} scores */
  show(scores) {
    for (const [label, score] of Object.entries(scores)) {
      const { fill, value } = this.rows[label];
      const share = percent(score);
      fill.style.transform = `scaleX(${score.toFixed(3)})`;
      if (value.textContent !== share) value.textContent = share;
    }
    if (!this.most) return;
    const order = ranked(scores).slice(0, this.most);
    for (const { node } of Object.values(this.rows)) node.hidden = true;
    order.forEach(([label], place) => {
      this.rows[label].node.hidden = false;
      this.rows[label].node.style.order = String(place);
    });
  }
}

/** @param {string} label */
function row(label) {
  const fill = make("i", { class: `hue-${label}` });
  const value = make("span", { class: "value" });
  const node = make("li", {}, make("span", {}, say(`emotion.${label}`)), make("span", { class: "track" }, fill), value);
  return { node, fill, value };
}
