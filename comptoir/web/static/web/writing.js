// The reply box: how much room is left, drafts that survive, sending by Control and Enter.
import { byId, thread } from "./page.js";

const letters = new Intl.Segmenter(undefined, { granularity: "grapheme" });
const kept = (name) => `draft:${name}`;
let asking = 0;

export function writeIn(mode) {
  const choice = document.querySelector(`.mode-${mode}`);
  if (!choice) return;
  choice.checked = true;
  byId(`${mode}-text`)?.focus();
}

// A quick count while somebody types; the network's own count comes from the server a moment later and decides.
function count(field) {
  const limit = Number(field.dataset.limit);
  if (!limit) return;
  let used = 0;
  for (const _ of letters.segment(field.value)) used += 1;
  tell(limit - used, limit);
  clearTimeout(asking);
  asking = setTimeout(() => measure(field), 500);
}

function tell(left, limit) {
  const place = byId("reply-count");
  if (!place) return;
  const words = left < 0 ? place.dataset.over : place.dataset.left;
  place.textContent = words.replace("{n}", Math.abs(left));
  place.classList.toggle("over", left < 0);
  place.classList.toggle("near", left >= 0 && left <= Math.min(40, limit / 10));
}

async function measure(field) {
  const said = field.value;
  const body = new FormData(field.form);
  const answer = await fetch(field.dataset.measure, { method: "POST", body }).catch(() => null);
  if (!answer?.ok || field.value !== said || !field.isConnected) return;
  const { count: used, limit, over } = await answer.json();
  tell(over > 0 ? -over : Math.min(limit - used, -over), limit);
}

function keep(field) {
  const name = kept(field.dataset.draft);
  if (field.value.trim()) sessionStorage.setItem(name, field.value);
  else sessionStorage.removeItem(name);
  markDraft(field.dataset.draft);
}

function markDraft(name) {
  const row = byId(`t${name.split("-").pop()}`)?.querySelector(".row");
  row?.classList.toggle("drafted", Boolean(sessionStorage.getItem(kept(name))));
}

// What was written and not sent comes back with its thread.
function restore() {
  if (thread()?.dataset.erased) dropDrafts(thread().dataset.thread);
  for (const field of document.querySelectorAll("[data-draft]")) {
    const before = sessionStorage.getItem(kept(field.dataset.draft));
    if (before && !field.value) {
      field.value = before;
      if (field.id === "note-text" && !byId("reply-text")?.value) document.querySelector(".mode-note").checked = true;
    }
    if (field.dataset.limit && field.value) count(field);
  }
}

// Who was erased is erased here as well, words to them that never left included.
export function dropDrafts(id) {
  for (const name of Object.keys(sessionStorage)) {
    if (name.startsWith("draft:") && name.endsWith(`-${id}`)) sessionStorage.removeItem(name);
  }
  for (const field of document.querySelectorAll(`[data-draft$="-${id}"]`)) field.value = "";
  markDraft(`reply-${id}`);
}

const unsent = () => [...document.querySelectorAll("[data-draft]")].some(
  (field) => field.value.trim() && field.value !== field.defaultValue && !field.dataset.leaving,
);

function forget(form) {
  const field = form.querySelector("[data-draft]");
  if (!field) return;
  field.dataset.leaving = "yes";
  sessionStorage.removeItem(kept(field.dataset.draft));
  markDraft(field.dataset.draft);
}

export function watchWriting() {
  document.addEventListener("input", (event) => {
    if (!event.target.matches("[data-draft]")) return;
    keep(event.target);
    count(event.target);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target.matches("[data-draft]")) {
      event.preventDefault();
      event.target.form.requestSubmit();
    }
  });
  document.addEventListener("change", (event) => {
    if (event.target.matches(".modes input")) byId(`${event.target.value}-text`)?.focus();
  });
  // Kept until the server has it: a request that fails loses nothing.
  document.addEventListener("htmx:beforeSwap", (event) => {
    const form = event.detail.requestConfig?.elt;
    if (form?.matches?.(".reply-form, .note-form") && event.detail.xhr.status < 300) forget(form);
  });
  document.addEventListener("submit", (event) => {
    if (event.target.querySelector?.("[data-draft]")) event.target.querySelector("[data-draft]").dataset.leaving = "yes";
    if (event.target.action?.endsWith("/account/logout/")) sessionStorage.clear();
  });
  document.addEventListener("htmx:responseError", () => {
    for (const field of document.querySelectorAll("[data-leaving]")) delete field.dataset.leaving;
  });
  document.addEventListener("htmx:afterSwap", (event) => event.target.id === "desk" && restore());
  addEventListener("beforeunload", (event) => {
    if (thread() && unsent()) event.preventDefault();
  });
  restore();
}
