"use strict";
(() => {
  const list = document.getElementById("faces");
  const cards = [...list.children];
  const words = { failed: "not read", nobody: "no face" };
  const ends = ["unsure", "nobody", "failed"];
  const of = (card) => card.dataset.kind;
  const kinds = [...new Set(cards.map(of))].sort((a, b) => ends.indexOf(a) - ends.indexOf(b) || a.localeCompare(b));
  const hidden = new Set();
  const certainty = (card) => Number(card.dataset.score) - (of(card) === "unsure" ? 1 : 0);
  const byOrder = (a, b) => a.dataset.order - b.dataset.order;
  const isNote = (card) => card.classList.contains("note");
  const notesLast = (a, b) => isNote(a) - isNote(b);
  const orders = {
    order: byOrder,
    kind: (a, b) => kinds.indexOf(of(a)) - kinds.indexOf(of(b)) || certainty(b) - certainty(a),
    sure: (a, b) => notesLast(a, b) || certainty(b) - certainty(a),
    unsure: (a, b) => notesLast(a, b) || certainty(a) - certainty(b),
    source: (a, b) => a.dataset.source.localeCompare(b.dataset.source, undefined, { numeric: true }) || byOrder(a, b),
  };

  const plural = (n, noun) => `${n} ${noun}${n === 1 ? "" : "s"}`;

  function summarize() {
    const faces = cards.filter((card) => !isNote(card));
    const pictures = new Set(cards.map((card) => card.dataset.source)).size;
    const shown = cards.filter((card) => !card.hidden).length;
    const all = `${plural(faces.length, "face")} in ${plural(pictures, "picture")}`;
    document.getElementById("summary").textContent = shown === cards.length ? all : `${all}; ${shown} of ${cards.length} entries shown`;
    document.title = `mien: ${all}`;
  }

  function show() {
    const part = document.getElementById("find").value.trim().toLowerCase();
    for (const card of cards) card.hidden = hidden.has(of(card)) || !card.dataset.source.toLowerCase().includes(part);
    summarize();
  }

  function addKind(kind) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = kind;
    button.textContent = `${words[kind] ?? kind} ${cards.filter((card) => of(card) === kind).length}`;
    button.setAttribute("aria-pressed", "true");
    button.addEventListener("click", () => {
      hidden.has(kind) ? hidden.delete(kind) : hidden.add(kind);
      button.setAttribute("aria-pressed", String(!hidden.has(kind)));
      show();
    });
    document.getElementById("kinds").append(button);
  }

  kinds.forEach(addKind);
  document.getElementById("find").addEventListener("input", show);
  document.getElementById("sort").addEventListener("change", (event) => {
    list.append(...[...cards].sort(orders[event.target.value]));
  });
  document.getElementById("controls").addEventListener("submit", (event) => event.preventDefault());
  document.getElementById("controls").hidden = false;
  show();
})();
