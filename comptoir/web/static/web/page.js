// The page's parts, looked up when they are needed: swaps replace them.
export const byId = (id) => document.getElementById(id);
export const counter = () => document.querySelector(".counter");
export const thread = () => document.querySelector(".thread");
export const openThread = () => Number(thread()?.dataset.thread || 0);

// What a request of ours that changes something carries.
export const sign = () => JSON.parse(document.body.getAttribute("hx-headers") || "{}");

// Say something to screen readers, once.
export function announce(words) {
  const place = byId("announce");
  if (place) place.textContent = words;
}

// Ask the server something from a page: null when it does not answer. Where it sends us elsewhere first (a session is
// over, a second step is asked for), that is no answer to what was asked.
export const ask = (address, options) => fetch(address, { redirect: "manual", ...options }).catch(() => null);
export const isNarrow = () => matchMedia("(max-width: 47.99rem)").matches;
