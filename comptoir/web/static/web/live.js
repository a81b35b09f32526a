// The live stream: one connection for all tabs of this browser, nudges only. What changed is asked for over HTTP.
import { announce, ask, byId, counter, openThread, thread } from "./page.js";
import { askWho, listSoon } from "./presence.js";
import { dropDrafts } from "./writing.js";

const FIRST_WAIT = 1_000;
const LONGEST_WAIT = 60_000;
const NUDGED_AT_MOST = 3_000;
const tabs = "BroadcastChannel" in self ? new BroadcastChannel("comptoir-live") : null;

let fresh = new Set();
let more = 0;
let refreshing = false;
let wishes = 0;
let gone = false;
let nudging = 0;

// --- the connection, held by one tab

async function hold(address) {
  let wait = FIRST_WAIT;
  let place = "";
  for (;;) {
    const end = await once(address, place).catch(() => ({ why: "lost" }));
    place = end.place || place;
    if (end.why === "signed-out") return void spread({ name: "out", data: end.words });
    if (end.why !== "expired") {
      spread({ name: "lost" });
      wait = end.opened ? FIRST_WAIT : Math.min(LONGEST_WAIT, wait * 2);
      await new Promise((done) => setTimeout(done, wait * (0.75 + Math.random() / 2)));
    }
  }
}

// Another question of this page may have been told first; a moment later the browser has the sentence of its answer.
async function whyOut(address) {
  await new Promise((done) => setTimeout(done, 300));
  const answer = await ask(address, { headers: { accept: "application/json" } });
  return answer?.status === 401 ? (await answer.json()).error : "";
}

async function once(address, place) {
  const answer = await ask(address, { headers: { accept: "application/json" } });
  if (answer?.status === 401) return { why: "signed-out", words: await whyOut(address) };
  if (!answer?.ok) return { why: "lost" };
  const { url, token, brands } = await answer.json();
  spread({ name: "rights", data: brands });
  const source = new EventSource(`${url}?token=${encodeURIComponent(token)}${place ? `&after=${encodeURIComponent(place)}` : ""}`);
  return new Promise((done) => {
    let last = place;
    let opened = false;
    const end = (why) => {
      source.close();
      done({ why, place: last, opened });
    };
    for (const name of ["hello", "nudge", "resync", "expired", "revoked"]) {
      source.addEventListener(name, (event) => {
        last = event.lastEventId || last;
        opened = true;
        if (name === "expired" || name === "revoked") end("expired");
        else spread({ name, data: JSON.parse(event.data) });
      });
    }
    source.onerror = () => end("lost");
  });
}

function spread(event) {
  tabs?.postMessage(event);
  hear(event);
}

// --- what a page does with it

function hear({ name, data }) {
  showState(name !== "lost" && name !== "out" && !gone);
  if (name === "out") showOut(data);
  if (name === "rights" && counter() && !data.includes(Number(counter().dataset.brand))) leave();
  if (name === "resync") resync();
  if (name === "nudge") for (const what of data.what) if (what.startsWith("erased:")) dropDrafts(what.slice(7));
  if (name === "nudge" || name === "resync") nudgedSoon(data?.brand);
  if (name !== "nudge" || String(data.brand) !== counter()?.dataset.brand) return;
  if (data.what.includes(`notices:${document.body.dataset.me}`)) ring();
  if (data.what.some((what) => what.startsWith("presence:"))) listSoon();
  if (data.what.includes(`presence:${openThread()}`) || data.what.includes("signing")) askWho();
  if (data.what.includes("surge")) askSurge();
  if (!data.what.includes("threads")) return;
  const open = openThread();
  if (data.many) {
    more += data.n;
  } else {
    for (const id of data.threads) if (id !== open) fresh.add(id);
  }
  if (open && (data.many || data.threads.includes(open))) refreshThread();
  showNews();
}

// What counts for the whole brand is asked for again when something happened there, at most every few seconds.
function nudgedSoon(brand) {
  const part = document.querySelector("[data-nudged]");
  if (!part || nudging || (brand !== undefined && String(brand) !== part.dataset.nudged)) return;
  nudging = setTimeout(() => {
    nudging = 0;
    const now = document.querySelector("[data-nudged]");
    if (now && !now.contains(document.activeElement)) htmx.trigger(now, "nudged");
  }, NUDGED_AT_MOST);
}

async function ring() {
  const answer = await ask(document.body.dataset.ring);
  if (!answer?.ok) return;
  const unseen = await answer.text();
  for (const count of document.querySelectorAll("[data-bell]")) {
    count.textContent = unseen;
    count.hidden = !unseen;
  }
}

// Whether many write at once, above the list: asked for when that begins or ends, and when that may have been missed.
function askSurge() {
  const line = byId("surging");
  if (line) htmx.ajax("GET", line.dataset.url, { target: line, swap: "innerHTML", source: line });
}

function resync() {
  ring();
  askWho();
  listSoon();
  askSurge();
  if (openThread()) refreshThread();
  if (counter()) {
    more += 1;
    showNews();
  }
}

function showState(on) {
  const dot = byId("live-dot");
  const word = byId("live-word");
  if (!dot || !word) return;
  dot.classList.toggle("on", on);
  dot.classList.toggle("off", !on);
  word.textContent = on ? word.dataset.on : word.dataset.off;
}

// The session was ended, here or elsewhere. What stands on the page may be read; to go on, one signs in again.
function showOut(why) {
  const strip = byId("signed-out");
  if (!strip) return;
  const words = strip.querySelector("[data-say]");
  words.textContent = why || words.dataset.say;
  strip.hidden = false;
}

// The brand of this page is not ours any more: ask for what it shows, and the answer says why.
function leave() {
  gone = true;
  showState(false);
  if (openThread()) return void refreshThread();
  htmx.ajax("GET", byId("threads").dataset.list, { target: "#threads", swap: "outerHTML", source: byId("threads") });
}

function showNews() {
  const link = byId("news");
  const n = fresh.size + more;
  if (!link || !n) return;
  const words = n === 1 ? link.dataset.one : link.dataset.many.replace("{n}", n);
  if (!document.querySelector("#threads .row")) return void showList(link);
  if (link.hidden) announce(words);
  link.textContent = words;
  link.hidden = false;
}

// The list anew, from its beginning, when somebody asks for it (or when it was empty).
function showList(link) {
  htmx.ajax("GET", byId("threads").dataset.list, { target: "#threads", swap: "outerHTML", source: link }).then(() => {
    fresh = new Set();
    more = 0;
    link.hidden = true;
    if (document.activeElement === document.body) byId("threads")?.focus();
  });
}

// An open thread asks again at once, but one question at a time.
export async function refreshThread() {
  if (new URLSearchParams(location.search).has("before")) return;
  wishes += 1;
  if (refreshing) return;
  refreshing = true;
  let heard = 0;
  try {
    while (heard !== wishes && openThread() && document.visibilityState === "visible") {
      heard = wishes;
      const { url, query } = thread().dataset;
      const stream = byId("stream");
      stream.addEventListener("htmx:beforeSwap", passOver);
      await htmx.ajax("GET", url + query, { target: stream, swap: "innerHTML", source: stream });
    }
  } finally {
    refreshing = false;
  }
}

// The thread was changed under the question: its answer has no place any more, so ask once again.
function passOver(event) {
  if (event.currentTarget.isConnected) return;
  event.detail.shouldSwap = false;
  wishes += 1;
}

export function watchLive() {
  const address = document.body.dataset.live;
  if (!address || !(counter() || document.querySelector("[data-nudged]"))) return;
  tabs?.addEventListener("message", (event) => hear(event.data));
  if (navigator.locks) navigator.locks.request("comptoir-live", () => hold(address));
  else hold(address);
  document.addEventListener("click", (event) => {
    const link = event.target.closest("#news");
    if (!link) return;
    event.preventDefault();
    showList(link);
  });
  document.addEventListener("thread-changed", refreshThread);
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && openThread() && refreshThread());
  document.addEventListener("comptoir:back", () => openThread() && refreshThread());
}
