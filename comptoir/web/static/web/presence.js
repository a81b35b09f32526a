// Who else is at the open thread, whose hand is on its answer, and the small signs of that in the list.
import { ask, byId, counter, sign, thread } from "./page.js";

const BEAT = 20_000;
const LIST_EVERY = 3_000;
let at = "";
let said = "";
let listed = 0;
let waiting = false;

const here = () => (document.visibilityState === "visible" ? "reading" : "away");

// Tell the server that this page shows the thread; its answer says who else does.
async function tell(url, state) {
  const body = new FormData();
  body.append("state", state);
  const answer = await ask(`${url}presence/`, { method: "POST", body, headers: sign(), keepalive: true });
  if (answer?.ok && answer.status === 200 && url === thread()?.dataset.url) show(await answer.text());
}

// Put what the server says of a thread's colleagues in its place; what is written stays as it is.
export function show(html) {
  const parts = new DOMParser().parseFromString(html, "text/html");
  for (const id of ["present", "taken", "signing"]) {
    const fresh = parts.getElementById(id);
    const old = byId(id);
    if (!fresh || !old || old.isEqualNode(fresh)) continue;
    old.replaceWith(fresh);
    if (id === "signing") document.dispatchEvent(new Event("comptoir:signing"));
  }
  settle();
}

// While a colleague writes the answer, what stands in the box can be read and copied, not added to.
function settle() {
  const text = byId("reply-text");
  const taken = byId("taken");
  if (text && taken) text.readOnly = !taken.hidden;
}

function come() {
  const url = thread()?.dataset.url ?? "";
  if (at && at !== url) tell(at, "left");
  at = url;
  said = here();
  if (url) tell(url, said);
}

export async function askWho() {
  const url = thread()?.dataset.url;
  if (!url) return;
  const answer = await ask(`${url}presence/`);
  if (answer?.ok && url === thread()?.dataset.url) show(await answer.text());
}

// --- the list

async function list() {
  waiting = false;
  if (!counter() || document.visibilityState !== "visible") return;
  listed = Date.now();
  const answer = await ask(counter().dataset.presence);
  if (!answer?.ok) return;
  const who = await answer.json();
  for (const row of document.querySelectorAll("#threads .row")) {
    const seen = who[row.parentElement.id.slice(1)];
    row.querySelector(".at-it")?.remove();
    if (seen) row.querySelector(".signs").append(mark(seen));
  }
}

function mark({ sign: letters, state, words, more }) {
  const made = document.createElement("span");
  made.className = `at-it ${state}`;
  made.title = words;
  made.textContent = more ? `${letters}+${more}` : letters;
  return made;
}

// What changed in the list is looked at every few seconds, however often it changes.
export function listSoon() {
  if (waiting) return;
  waiting = true;
  setTimeout(list, Math.max(0, listed + LIST_EVERY - Date.now()) + Math.random() * 500);
}

export function watchPresence() {
  if (!counter()) return;
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.target.id === "desk") {
      come();
      settle();
    }
    if (event.target.closest?.("#threads, #older")) listSoon();
  });
  document.addEventListener("visibilitychange", () => {
    if (!at || here() === said) return;
    said = here();
    tell(at, said);
  });
  addEventListener("pagehide", () => {
    // Whoever has left is not away: browsers say that the page is hidden after they say that it goes.
    if (at) tell(at, "left");
    at = "";
  });
  addEventListener("pageshow", (event) => event.persisted && come());
  setInterval(() => at && here() === "reading" && tell(at, "reading"), BEAT);
  come();
  settle();
  listSoon();
}
