"use strict";
(() => {
  const words = {{words}};
  const $ = (id) => document.getElementById(id);
  const list = $("faces");
  const ends = ["unsure", "nobody", "failed"];
  const items = [...list.children, ...$("rest").content.children].map((li, order) => ({
    li,
    order,
    tile: li.firstElementChild,
    kind: li.dataset.kind,
    source: li.dataset.source,
    name: li.dataset.source.toLowerCase(),
    // What is unsure comes after all that is sure, and what has no face after that.
    certainty: Number(li.dataset.score ?? -1) - (li.dataset.kind === "unsure" ? 1 : 0),
    note: li.dataset.kind === "nobody" || li.dataset.kind === "failed",
  }));
  const place = (kind) => (ends.includes(kind) ? 99 + ends.indexOf(kind) : Object.keys(words).indexOf(kind));
  const kinds = [...new Set(items.map((item) => item.kind))].sort((a, b) => place(a) - place(b));
  const count = (kind) => items.filter((item) => item.kind === kind).length;
  const names = new Intl.Collator(undefined, { numeric: true });
  const orders = {
    order: (a, b) => a.order - b.order,
    kind: (a, b) => place(a.kind) - place(b.kind) || b.certainty - a.certainty,
    sure: (a, b) => a.note - b.note || b.certainty - a.certainty,
    unsure: (a, b) => a.note - b.note || a.certainty - b.certainty,
    source: (a, b) => names.compare(a.source, b.source) || a.order - b.order,
  };
  const chosen = new Set();
  let shown = items;
  let reached = items[0];

  const plural = (n, noun) => `${n.toLocaleString("en")} ${noun}${n === 1 ? "" : "s"}`;

  function make(tag, className, text) {
    const made = document.createElement(tag);
    made.className = className;
    made.textContent = text;
    return made;
  }

  // Thousands of pictures stay outside the document until somebody scrolls to them.
  function grow(least = list.children.length + 120) {
    list.append(...shown.slice(list.children.length, least).map((item) => item.li));
    // Looking anew tells of an end that is still in sight.
    watch.unobserve($("end"));
    if (list.children.length < shown.length) watch.observe($("end"));
  }
  const watch = new IntersectionObserver((seen) => seen.at(-1).isIntersecting && grow(), { rootMargin: "150%" });

  function summarize() {
    const faces = items.filter((item) => !item.note).length;
    const pictures = new Set(items.filter((item) => item.kind !== "failed").map((item) => item.source)).size;
    const all = `${plural(faces, "face")} in ${plural(pictures, "picture")}`;
    const some = `${shown.length.toLocaleString("en")} shown of ${all}`;
    $("summary").textContent = shown.length === items.length ? all : some;
    document.title = `mien: ${all}`;
  }

  function show() {
    const part = $("find").value.trim().toLowerCase();
    const fits = (item) => (!chosen.size || chosen.has(item.kind)) && item.name.includes(part);
    shown = items.filter(fits).sort(orders[$("sort").value]);
    list.replaceChildren();
    grow();
    $("nothing").hidden = shown.length > 0;
    reach(shown[0]);
    summarize();
  }

  // One tile can be tabbed to; the arrow keys go on from there.
  function reach(item) {
    if (!item) return;
    reached.tile.tabIndex = -1;
    reached = item;
    item.tile.tabIndex = 0;
  }

  function goTo(item) {
    grow(shown.indexOf(item) + 1);
    reach(item);
    item.tile.focus();
  }

  function goOn(event) {
    const at = shown.findIndex((item) => item.tile === document.activeElement);
    const across = getComputedStyle(list).gridTemplateColumns.split(" ").length;
    const steps = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: across, ArrowUp: -across };
    Object.assign(steps, { Home: -at, End: shown.length - 1 - at });
    const next = shown[at + (steps[event.key] ?? NaN)];
    if (at < 0 || !next || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    goTo(next);
  }

  function press(button) {
    const kind = button.dataset.kind;
    chosen.has(kind) ? chosen.delete(kind) : chosen.add(kind);
    button.setAttribute("aria-pressed", String(chosen.has(kind)));
    show();
  }

  function addKind(kind) {
    const name = { unsure: "not sure", nobody: "no face", failed: "not read" }[kind] ?? words[kind];
    const button = make("button", kind, `${name} `);
    button.type = "button";
    button.dataset.kind = kind;
    button.setAttribute("aria-pressed", "false");
    button.append(make("b", "", count(kind).toLocaleString("en")));
    button.addEventListener("click", () => press(button));
    $("kinds").append(button);
    if (kind === "nobody" || kind === "failed") return;
    const share = make("i", kind, "");
    share.style.flexGrow = count(kind);
    $("shares").append(share);
  }

  function bar(pair) {
    const [label, score] = pair.split(":");
    const row = make("li", label, "");
    const track = make("i", "", "");
    track.style.setProperty("--share", `${100 * score}%`);
    row.append(make("span", "", words[label]), track, make("span", "", `${Math.round(100 * score)} %`));
    return row;
  }

  let open = null;
  function look(item) {
    open = item;
    const { looks, why, scores, which } = item.li.dataset;
    const at = shown.indexOf(item);
    const pair = [...item.tile.querySelector(".pair").children].map((part) => part.cloneNode(true));
    $("closer").className = item.kind;
    $("closer").querySelector(".pair").replaceChildren(...pair);
    $("looks").textContent = looks;
    $("why").textContent = why ?? "";
    $("bars").replaceChildren(...(scores ?? "").split(" ").filter(Boolean).map(bar));
    $("where").textContent = which ? `${item.source}, ${which}` : item.source;
    $("before").disabled = at < 1;
    $("after").disabled = at > shown.length - 2;
    reach(item);
    if (!$("closer").open) $("closer").showModal();
  }

  function step(by) {
    const next = shown[shown.indexOf(open) + by];
    if (next) look(next);
  }

  function dress(dark) {
    document.documentElement.style.colorScheme = dark ? "dark" : "light";
    $("theme").textContent = dark ? "Light" : "Dark";
  }

  kinds.forEach(addKind);
  for (const item of items) item.tile.tabIndex = -1;
  $("find").addEventListener("input", show);
  $("sort").addEventListener("change", show);
  $("controls").addEventListener("submit", (event) => event.preventDefault());
  $("all").addEventListener("click", () => {
    chosen.clear();
    for (const button of $("kinds").children) button.setAttribute("aria-pressed", "false");
    $("find").value = "";
    show();
  });
  list.addEventListener("keydown", goOn);
  list.addEventListener("click", (event) => {
    const tile = event.target.closest(".tile");
    if (tile) look(items.find((item) => item.tile === tile));
  });
  $("before").addEventListener("click", () => step(-1));
  $("after").addEventListener("click", () => step(1));
  $("close").addEventListener("click", () => $("closer").close());
  $("closer").addEventListener("click", (event) => event.target === $("closer") && $("closer").close());
  $("closer").addEventListener("close", () => goTo(open));
  $("closer").addEventListener("keydown", (event) => step({ ArrowLeft: -1, ArrowRight: 1 }[event.key] ?? NaN));
  const system = matchMedia("(prefers-color-scheme: dark)");
  dress(system.matches);
  system.addEventListener("change", () => dress(system.matches));
  $("theme").addEventListener("click", () => dress(document.documentElement.style.colorScheme !== "dark"));
  $("theme").hidden = false;
  $("controls").hidden = items.length < 2;
  show();
})();
