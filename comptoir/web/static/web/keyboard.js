// Single keys: j k r n a e b ? — those that are switched on, and never while somebody writes.
import { byId, openThread } from "./page.js";
import { rows } from "./places.js";
import { writeIn } from "./writing.js";

const on = () => document.body.dataset.keys ?? "";

function isWriting(target) {
  return target.closest?.("input:not([type=radio],[type=checkbox]), textarea, select, [contenteditable], dialog[open]");
}

// The row that was asked for last, until it is the open one: two quick presses go two rows.
let asked = 0;

function go(step) {
  const all = rows();
  const open = `t${asked || openThread()}`;
  const at = all.findIndex((row) => row.parentElement.id === open);
  const next = at < 0 ? all[0] : all[at + step];
  if (next) {
    next.focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
    asked = Number(next.parentElement.id.slice(1));
    next.click();
    return;
  }
  if (step > 0) document.querySelector("#older a")?.click();
}

const acts = {
  j: () => go(1),
  k: () => go(-1),
  r: () => writeIn("reply"),
  n: () => writeIn("note"),
  a: () => {
    const menu = byId("assign");
    if (!menu) return;
    menu.open = true;
    menu.querySelector("button").focus();
  },
  e: () => byId("closure")?.click(),
  b: () => {
    const menu = byId("brands");
    if (!menu) return;
    menu.open = true;
    (menu.querySelector("[aria-current]") ?? menu.querySelector(".item")).focus();
  },
  "?": () => byId("keys")?.showModal(),
};

export function watchKeys() {
  document.addEventListener("htmx:afterRequest", () => (asked = 0));
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && event.target.matches("textarea, input[type=search]")) event.target.blur();
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.repeat && event.key === "e") return;
    if (isWriting(event.target) || !on().includes(event.key) || !acts[event.key]) return;
    if (!document.querySelector(".counter") && !"b?".includes(event.key)) return;
    if ("rnae".includes(event.key) && !openThread()) return;
    event.preventDefault();
    acts[event.key]();
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-key]");
    if (!link) return;
    event.preventDefault();
    acts[link.dataset.key]?.();
  });
}
