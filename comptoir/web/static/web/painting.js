// The colours of a query while it is typed: a layer over the field, drawn from what the server reads of it.
//
// The field, of many lines or one, stays what it is, for keyboards and screen readers; the layer is for eyes alone. Between two answers of the
// server the layer follows what is typed: a new letter looks like the one before it.
import { ask } from "./page.js";

const SOON = 120;

// Have the layer say what the field says, each part that was there before as it looked.
function follow(layer, text) {
  const before = layer.textContent;
  if (before === text) return;
  const least = Math.min(before.length, text.length);
  let start = 0;
  while (start < least && before[start] === text[start]) start++;
  let kept = 0;
  while (kept < least - start && before[before.length - 1 - kept] === text[text.length - 1 - kept]) kept++;
  const gone = before.length - kept;
  let fresh = text.slice(start, text.length - kept);
  let at = 0;
  for (const piece of [...layer.childNodes]) {
    const said = piece.textContent;
    const [from, to] = [at, at + said.length];
    at = to;
    const middle = to >= start ? fresh : "";
    if (middle) fresh = "";
    piece.textContent = said.slice(0, Math.max(0, start - from)) + middle + said.slice(Math.max(0, gone - from));
    if (!piece.textContent) piece.remove();
  }
  layer.append(fresh);
}

// The bracket at the caret, and the one that belongs to it.
function meet(field, layer) {
  for (const each of layer.querySelectorAll(".q-met")) each.classList.remove("q-met");
  if (document.activeElement !== field || field.selectionStart !== field.selectionEnd) return;
  let at = 0;
  for (const piece of layer.childNodes) {
    const from = at;
    at += piece.textContent.length;
    if (!piece.dataset?.pair || (from !== field.selectionStart && at !== field.selectionStart)) continue;
    for (const each of layer.querySelectorAll(`[data-pair="${piece.dataset.pair}"]`)) each.classList.add("q-met");
    return;
  }
}

function paint(place) {
  const field = place.querySelector("textarea, input");
  const layer = place.querySelector(".layer");
  let waiting = 0;
  const scrolled = () => {
    layer.scrollTop = field.scrollTop;
    layer.scrollLeft = field.scrollLeft;
  };
  // A field of one line tells nobody that its letters moved.
  const moved = () => requestAnimationFrame(scrolled);
  const look = async () => {
    const asked = field.value;
    const address = new URL(place.dataset.painted, location.href);
    address.searchParams.set("text", asked);
    const answer = await ask(address);
    if (!answer?.ok || field.value !== asked) return;
    const drawn = document.createElement("div");
    drawn.innerHTML = await answer.text();
    // An answer to something else than what stands there now is none.
    if (drawn.textContent !== field.value) return;
    layer.replaceChildren(...drawn.childNodes);
    scrolled();
    meet(field, layer);
  };
  const typed = () => {
    follow(layer, field.value);
    moved();
    clearTimeout(waiting);
    waiting = setTimeout(look, SOON);
  };
  layer.className = `layer ${field.className}`;
  place.classList.add("painting");
  field.addEventListener("input", typed);
  field.addEventListener("scroll", scrolled);
  for (const each of ["wheel", "blur", "keyup"]) field.addEventListener(each, moved, { passive: true });
  document.addEventListener("selectionchange", () => {
    meet(field, layer);
    if (document.activeElement === field) moved();
  });
  // A browser may have kept what was typed before.
  if (layer.textContent !== field.value) typed();
}

export function watchPainting() {
  for (const place of document.querySelectorAll("[data-painted]")) paint(place);
}
