/** Light or dark: as the system has it, until the person chooses. The choice is all that this page remembers. */

import { find } from "./dom.js";
import { say } from "./text.js";

const KEY = "mien-theme";
const SUN =
  "M12 4V2m0 20v-2m8-8h2M2 12h2m13.7-5.7 1.4-1.4M4.9 19.1l1.4-1.4m11.4 0 1.4 1.4M4.9 4.9l1.4 1.4" +
  "M12 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8Z";
const MOON = "M20 14.5A8.2 8.2 0 0 1 9.5 4 8.2 8.2 0 1 0 20 14.5Z";
const system = matchMedia("(prefers-color-scheme: dark)");

/** Show the remembered theme and let the button switch it. */
export function startTheme() {
  const button = find("#theme");
  const show = () => {
    const path = `<svg viewBox="0 0 24 24" aria-hidden="true"><path d="${isDark() ? SUN : MOON}"/></svg>`;
    button.innerHTML = path;
    button.setAttribute("aria-label", say(isDark() ? "theme.to_light" : "theme.to_dark"));
    button.title = button.getAttribute("aria-label");
  };
  choose(remembered());
  show();
  system.addEventListener("change", show);
  button.addEventListener("click", () => {
    choose(isDark() ? "light" : "dark", true);
    show();
  });
}

/** @returns {boolean} whether the page is dark now */
function isDark() {
  return (document.documentElement.dataset.theme ?? (system.matches ? "dark" : "light")) === "dark";
}

/**
 * @param {string|null} theme
 * @param {boolean} [remember]
 */
function choose(theme, remember = false) {
  if (theme !== "light" && theme !== "dark") return;
  document.documentElement.dataset.theme = theme;
  try {
    if (remember) localStorage.setItem(KEY, theme);
  } catch {
    // A browser that stores nothing shows the choice until the page is left.
  }
}

/** @returns {string|null} */
function remembered() {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}
