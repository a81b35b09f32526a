// Where we are: which row is open, where the focus goes after a swap, menus that close, the feed's own keys.
import { announce, byId, isNarrow, openThread } from "./page.js";

let wanted = null;

// The next swap of the desk puts the focus on the first of these that is there.
export function focusAfterSwap(...selectors) {
  wanted = selectors;
}

export function rows() {
  return [...document.querySelectorAll("#threads .row")];
}

export function markCurrent() {
  const open = openThread();
  for (const row of rows()) {
    const here = row.parentElement.id === `t${open}`;
    if (here) row.setAttribute("aria-current", "true");
    else row.removeAttribute("aria-current");
    if (here) row.scrollIntoView({ block: "nearest" });
  }
}

function settleFocus() {
  const found = wanted?.map((selector) => document.querySelector(selector)).find(Boolean);
  wanted = null;
  if (found) found.focus({ preventScroll: true });
  else if (isNarrow() && openThread()) byId("thread-title")?.focus({ preventScroll: true });
  else if (document.activeElement === document.body) byId("thread-title")?.focus({ preventScroll: true });
}

// An action's form says where the hands go next; a form in a menu gives the focus back to the menu's button.
function rememberFocus(form) {
  if (form.matches(".reply-form")) focusAfterSwap("#reply-text", "#undo");
  else if (form.matches(".note-form")) focusAfterSwap("#note-text");
  else if (form.closest("#assign")) focusAfterSwap("#assign-button");
  else if (form.querySelector("#closure")) focusAfterSwap("#closure");
  else if (form.querySelector("#undo")) focusAfterSwap("#reply-text:not(:placeholder-shown)", "#closure");
}

// PageDown and PageUp go from message to message; Control with Home or End leaves the feed.
function feedKeys(event) {
  const article = event.target.closest?.(".said > .say");
  const stream = event.target.closest?.("#stream");
  if (!stream) return;
  const all = [...stream.querySelectorAll(".said > .say")];
  const at = article ? all.indexOf(article) : all.length;
  if (event.key === "PageDown" || event.key === "PageUp") {
    const next = all[Math.min(all.length - 1, Math.max(0, at + (event.key === "PageDown" ? 1 : -1)))];
    event.preventDefault();
    next?.focus();
  } else if (event.ctrlKey && event.key === "End") {
    event.preventDefault();
    byId("reply-text")?.focus();
  } else if (event.ctrlKey && event.key === "Home") {
    event.preventDefault();
    byId("thread-title")?.focus();
  }
}

// Up and Down go through an open menu.
function menuKeys(event) {
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  const menu = event.target.closest?.("details.menu[open]");
  if (!menu || event.target.matches("select, textarea, input")) return;
  const items = [...menu.querySelectorAll(".item")];
  const at = items.indexOf(event.target) + (event.key === "ArrowDown" ? 1 : -1);
  event.preventDefault();
  items[Math.min(items.length - 1, Math.max(0, at))]?.focus();
}

function closeMenus(except) {
  for (const menu of document.querySelectorAll("details.menu[open]")) if (menu !== except) menu.open = false;
}

// What can only be undone for a few seconds is said for as long.
function countUndo() {
  const button = document.querySelector("#undo[data-seconds]");
  if (!button) return;
  setTimeout(() => {
    if (!button.isConnected) return;
    if (document.activeElement === button) byId("reply-text")?.focus();
    button.closest(".outcome").remove();
  }, Number(button.dataset.seconds) * 1000);
}

export function watchPlaces() {
  // What was done to a thread does not come over another one that was opened meanwhile.
  document.addEventListener("htmx:beforeSwap", ({ detail }) => {
    const from = detail.requestConfig?.elt?.closest?.(".thread");
    if (detail.target?.id === "desk" && from && !from.isConnected) detail.shouldSwap = false;
  });
  // The open thread's row is drawn anew where the list shows it.
  document.addEventListener("htmx:beforeSwap", ({ detail }) => {
    if (typeof detail.serverResponse !== "string") return;
    const rows = /<li id="(t\d+)" hx-swap-oob="true">[^]*?<\/li>/g;
    detail.serverResponse = detail.serverResponse.replace(rows, (row, id) => (byId(id) ? row : ""));
  });
  // What was unfolded in a conversation stays so when it is drawn anew.
  let unfolded = [];
  document.addEventListener("htmx:beforeSwap", () => {
    unfolded = [...document.querySelectorAll(".said details[id][open]")].map((each) => each.id);
  });
  document.addEventListener("htmx:afterSwap", () => {
    for (const id of unfolded) byId(id)?.setAttribute("open", "");
  });
  // Nothing is taken from under the hands: a bar with an open menu stays as it is until the next time, and so does the
  // line of tags while somebody writes there, and what holds a form whose answer is still to come: htmx looks for the
  // places of that answer around the form.
  const asking = new Set();
  let answered;
  document.addEventListener("htmx:beforeRequest", ({ detail }) => asking.add(detail.elt));
  document.addEventListener("htmx:afterRequest", ({ detail }) => asking.delete(detail.requestConfig.elt));
  document.addEventListener("htmx:beforeSwap", ({ detail }) => {
    answered = detail.requestConfig?.elt;
  });
  document.addEventListener("htmx:oobBeforeSwap", ({ detail }) => {
    const inHand = detail.target.id === "thread-facts" && detail.target.contains(document.activeElement);
    const awaits = [...asking].some((each) => each !== answered && detail.target.contains(each));
    if (inHand || awaits || detail.target.querySelector("details[open]")) detail.shouldSwap = false;
  });
  document.addEventListener("htmx:beforeRequest", (event) => {
    const form = event.target.closest("form");
    if (form) rememberFocus(form);
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.target.id !== "desk") return;
    markCurrent();
    settleFocus();
    countUndo();
    announce((byId("outcome") ?? byId("thread-title"))?.textContent.trim() ?? "");
  });
  document.addEventListener("click", (event) => {
    closeMenus(event.target.closest("details.menu"));
    const open = event.target.closest("[data-open]");
    if (open) {
      closeMenus();
      byId(open.dataset.open)?.showModal();
    }
  });
  document.addEventListener("keydown", (event) => {
    feedKeys(event);
    menuKeys(event);
    if (event.key !== "Escape") return;
    const menu = document.querySelector("details.menu[open]");
    if (menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });
  document.addEventListener("focusout", (event) => {
    const menu = event.target.closest?.("details.menu[open]");
    if (menu && event.relatedTarget && !menu.contains(event.relatedTarget)) menu.open = false;
  });
  if (openThread()) {
    byId(`t${openThread()}`)?.scrollIntoView({ block: "nearest" });
    countUndo();
  }
}
