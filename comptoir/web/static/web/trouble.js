// What went wrong with a request, in a sentence, with the next step; and whether we are online at all.
import { announce, byId } from "./page.js";

let again = null;

function show(words, retry) {
  const strip = byId("trouble");
  if (!strip) return;
  strip.querySelector("[data-sentence]").textContent = words;
  strip.querySelector("[data-again]").hidden = !retry;
  again = retry;
  strip.hidden = false;
}

function hide() {
  const strip = byId("trouble");
  if (strip) strip.hidden = true;
}

function online() {
  const strip = byId("offline");
  if (!strip) return;
  const words = strip.querySelector("[data-say]");
  words.textContent = navigator.onLine ? "" : words.dataset.say;
  strip.hidden = navigator.onLine;
}

// A request that only reads can be asked again as it was; one that changes something is the person's to repeat.
function retryOf(detail) {
  const { requestConfig: asked, elt } = detail;
  if (!asked || asked.verb !== "get") return null;
  return () => htmx.ajax("GET", asked.path, { target: asked.target, swap: "outerHTML", source: elt });
}

export function watchTrouble() {
  const words = byId("trouble")?.dataset ?? {};
  document.addEventListener("htmx:responseError", (event) => {
    const { xhr } = event.detail;
    const plain = (xhr.getResponseHeader("content-type") || "").startsWith("text/plain");
    show(plain && xhr.responseText.length < 500 ? xhr.responseText : words.broken, retryOf(event.detail));
  });
  document.addEventListener("htmx:sendError", (event) => show(words.unreachable, retryOf(event.detail)));
  document.addEventListener("htmx:timeout", (event) => show(words.slow, retryOf(event.detail)));
  document.addEventListener("htmx:beforeRequest", hide);
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-dismiss]")) hide();
    if (event.target.closest("[data-again]")) {
      hide();
      again?.();
    }
  });
  addEventListener("online", () => {
    online();
    document.dispatchEvent(new CustomEvent("comptoir:back"));
  });
  addEventListener("offline", () => {
    online();
    announce(byId("offline")?.textContent.trim() ?? "");
  });
  online();
}
