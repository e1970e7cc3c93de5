/* The inbox by keyboard: J K move, Enter opens, C claims, X selects, / searches, ? lists the keys. */
"use strict";
(() => {
  const search = document.querySelector("[data-search]");
  const sheet = document.getElementById("keys");
  const inbox = document.querySelector("[data-inbox]");
  const rows = inbox ? [...inbox.querySelectorAll("[data-row]")] : [];
  let here = -1;

  function typing(target) {
    return target.closest("input:not([type=checkbox]), select, textarea, [contenteditable]");
  }
  function go(to) {
    if (!rows.length) return;
    if (here >= 0) rows[here].classList.remove("row-here");
    here = Math.min(Math.max(to, 0), rows.length - 1);
    rows[here].classList.add("row-here");
    rows[here].scrollIntoView({ block: "nearest" });
    rows[here].querySelector("a, button")?.focus({ preventScroll: true });
  }
  function press(selector) {
    if (here >= 0) rows[here].querySelector(selector)?.click();
  }
  function chosen() {
    if (!inbox) return;
    const boxes = [...inbox.querySelectorAll("[data-row] .check")];
    const many = boxes.filter((box) => box.checked).length;
    boxes.forEach((box) => box.closest("[data-row]").classList.toggle("row-checked", box.checked));
    const words = inbox.querySelector("[data-chosen]");
    words.textContent = words.dataset.chosen.replace("#", many);
    words.hidden = !many;
    inbox.querySelector("[data-bulk]").hidden = !many;
    const all = inbox.querySelector("[data-check-all]");
    if (all) {
      all.hidden = !boxes.length;
      all.checked = many > 0 && many === boxes.length;
      all.indeterminate = many > 0 && many < boxes.length;
    }
  }
  const acts = {
    j: () => go(here + 1),
    k: () => go(here - 1),
    Enter: () => press("[data-open], .code"),
    c: () => press("[data-claim]"),
    x: () => press(".check"),
    "?": () => sheet && sheet.showModal(),
    "/": () => search && search.focus(),
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || (sheet && sheet.open)) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const ownEnter = key === "Enter" && (here < 0 || event.target.closest("a, button, summary"));
    if (!acts[key] || ownEnter || (!inbox && key !== "/")) return;
    event.preventDefault();
    acts[key]();
  });
  if (!inbox) return;
  inbox.addEventListener("change", (event) => {
    if (event.target.matches("[data-check-all]")) {
      for (const box of inbox.querySelectorAll("[data-row] .check")) box.checked = event.target.checked;
    }
    chosen();
  });
  const legend = inbox.querySelector("[data-keys]");
  if (legend) legend.hidden = false;
  chosen();
})();
