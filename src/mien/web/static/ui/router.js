/** Which of the three views is shown: the address names it, so that links and the back button work. */

import { find } from "./dom.js";

const VIEWS = ["mirror", "photos", "play"];

/**
 * Show the view that the address names, now and whenever it changes.
 * @param {(view: string, query: string) => void} onShow called after a view is shown, with what follows its name
 */
export function startRouter(onShow) {
  const show = () => {
    const [name, query = ""] = location.hash.slice(1).split("?");
    if (name && !VIEWS.includes(name)) return;
    const view = name || VIEWS[0];
    for (const other of VIEWS) {
      find(`#view-${other}`).hidden = other !== view;
      const link = find(`nav a[href="#${other}"]`);
      if (other === view) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
    onShow(view, query);
  };
  addEventListener("hashchange", show);
  show();
}

/** @returns {string} the view that is shown */
export const shownView = () => VIEWS.find((name) => !find(`#view-${name}`).hidden) ?? VIEWS[0];
