// Aids at work, on top of pages that work without them: shortcut keys, and choosing all cases of a list.
// A single key does something only when the officer has turned that on in this browser (WCAG 2.1.4), never while she
// types, and it only moves the focus: nothing is sent, and nothing she has written is left.
"use strict";
(() => {
  const NAME = "office-keys";
  const dialog = document.querySelector("dialog[data-keys]");
  const opener = document.querySelector("[data-open-keys]");

  const all = document.querySelector("[data-all]");
  if (all) {
    const each = () => Array.from(all.closest("table").querySelectorAll("tbody input[type=checkbox]"));
    all.hidden = false;
    all.addEventListener("change", () => { for (const one of each()) one.checked = all.checked; });
    all.closest("table").addEventListener("change", () => { all.checked = each().every((one) => one.checked); });
  }

  if (!dialog || !opener) return;
  const on = dialog.querySelector("[data-turn-on]");
  try { on.checked = localStorage.getItem(NAME) === "on"; } catch { on.checked = false; }
  on.addEventListener("change", () => {
    try { localStorage.setItem(NAME, on.checked ? "on" : "off"); } catch { /* on until the page is left */ }
  });
  opener.hidden = false;
  const open = () => dialog.showModal();
  opener.addEventListener("click", open);

  const lines = () => Array.from(document.querySelectorAll("main .queue tbody a, main .rows a[href*='/office/cases/']"));
  const move = (step) => {
    const found = lines();
    if (!found.length) return;
    const here = document.activeElement;
    const row = here && here.closest("tr, li");
    const at = found.findIndex((one) => one === here || (row && row.contains(one)));
    found[at < 0 ? 0 : Math.min(Math.max(at + step, 0), found.length - 1)].focus();
  };
  const tick = () => {
    const row = document.activeElement.closest("tr");
    const box = row && row.querySelector("input[type=checkbox]");
    if (box) box.click();
  };
  const go = (selector) => {
    const to = document.querySelector(selector);
    if (!to) return;
    const folded = to.closest("details");
    if (folded) folded.open = true;
    to.focus();
  };
  const special = { "?": open, j: () => move(1), k: () => move(-1), x: tick };

  const keys = new Map();
  for (const one of dialog.querySelectorAll("[data-key]")) {
    const selector = one.dataset.to;
    if (selector && !document.querySelector(selector)) one.hidden = true;
    else keys.set(one.dataset.key, special[one.dataset.key] || (() => go(selector)));
  }

  const TYPED = "input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]";
  document.addEventListener("keydown", (event) => {
    if (!on.checked || event.ctrlKey || event.altKey || event.metaKey || event.isComposing || event.defaultPrevented) return;
    if (document.querySelector("dialog[open]") || event.target.closest(TYPED)) return;
    const act = keys.get(event.key.toLowerCase());
    if (!act) return;
    event.preventDefault();
    act();
  });
})();
