// The reply box: how much room is left, drafts that survive, sending by Control and Enter.
import { ask, byId, sign, thread } from "./page.js";
import { show } from "./presence.js";

const letters = new Intl.Segmenter(undefined, { granularity: "grapheme" });
const kept = (name) => `draft:${name}`;
const SAVE_AFTER = 700;
const SAVE_EVERY = 3_000;
let asking = 0;
let saving = null;

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
  for (const _ of letters.segment(field.value + behind(field))) used += 1;
  tell(limit - used, limit);
  clearTimeout(asking);
  asking = setTimeout(() => measure(field), 500);
}

// What the answer is signed with counts as well.
const behind = (field) => field.form.querySelector("[data-after]")?.dataset.after ?? "";

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
  const answer = await ask(field.dataset.measure, { method: "POST", body });
  if (!answer?.ok || field.value !== said || !field.isConnected) return;
  const { count: used, limit, over } = await answer.json();
  tell(over > 0 ? -over : Math.min(limit - used, -over), limit);
}

// Here at once; on the server, where it survives this browser, a moment later.
function keep(field) {
  const name = kept(field.dataset.draft);
  sessionStorage.setItem(name, field.value);
  markDraft(field.dataset.draft);
  if (!field.closest(".reply-form, .note-form") || field.id === "edit-text") return;
  const now = Date.now();
  if (saving?.field !== field) {
    saveNow();
    saving = { field, since: now };
  }
  clearTimeout(saving.timer);
  saving.timer = setTimeout(saveNow, Math.max(0, Math.min(SAVE_AFTER, saving.since + SAVE_EVERY - now)));
}

async function saveNow() {
  if (!saving) return;
  const { field, timer } = saving;
  saving = null;
  clearTimeout(timer);
  const { url } = field.closest(".thread")?.dataset ?? {};
  if (!url || field.dataset.leaving) return;
  const { draft } = field.dataset;
  const text = field.value;
  const body = new FormData(field.form);
  body.append("kind", draft.split("-")[0]);
  const answer = await ask(`${url}draft/`, { method: "POST", body, headers: sign(), keepalive: true });
  if (!answer || (answer.status !== 200 && answer.status !== 409)) return;
  if (sessionStorage.getItem(kept(draft)) === text) sessionStorage.removeItem(kept(draft));
  if (url === thread()?.dataset.url) show(await answer.text());
}

function markDraft(name) {
  const row = byId(`t${name.split("-").pop()}`)?.querySelector(".row");
  const field = document.querySelector(`[data-draft="${name}"]`);
  row?.classList.toggle("drafted", Boolean(field ? field.value.trim() : sessionStorage.getItem(kept(name))));
}

// What was written and not sent comes back with its thread.
function restore() {
  if (thread()?.dataset.erased) dropDrafts(thread().dataset.thread);
  for (const field of document.querySelectorAll("[data-draft]")) {
    const before = sessionStorage.getItem(kept(field.dataset.draft));
    if (before !== null && before !== field.value) {
      field.value = before;
      if (field.id === "note-text" && !byId("reply-text")?.value) document.querySelector(".mode-note").checked = true;
      keep(field);
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

// What only this page knows: a change of an answer, or words that the server does not have yet.
const unsent = () => [...document.querySelectorAll("[data-draft]")].some(
  (field) => field.value.trim() && !field.dataset.leaving && (sessionStorage.getItem(kept(field.dataset.draft)) ?? "") === field.value,
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
    // Words beside a picture are kept with the answer's.
    if (event.target.matches("[data-alt]")) keep(byId("reply-text"));
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
  const recount = () => byId("reply-text")?.value && count(byId("reply-text"));
  document.addEventListener("comptoir:signing", recount);
  document.addEventListener("htmx:afterRequest", (event) => event.target.id === "shield" && setTimeout(recount));
  document.addEventListener("htmx:beforeRequest", (event) => event.target.id !== "take-over" || saveNow());
  addEventListener("pagehide", saveNow);
  addEventListener("beforeunload", (event) => {
    if (thread() && unsent()) event.preventDefault();
  });
  restore();
}
