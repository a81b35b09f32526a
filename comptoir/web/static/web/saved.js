// Saved replies in the reply box: "/" opens a list of those that fit the thread, filled in for it.
import { announce, ask, byId, thread } from "./page.js";

const QUERY = /(?:^|\s)\/([^\s/]{0,30})$/;
const MOST = 60;
// The list while it is open: its field, where what it replaces begins, what was found, which is chosen, the language.
let open = null;

const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
const place = () => byId("saved-place");

// --- what is asked for

async function fitting() {
  const url = thread()?.dataset.url;
  const answer = await ask(`${url}saved-replies/`, { headers: { accept: "application/json" } });
  if (!answer?.ok || url !== thread()?.dataset.url) return null;
  const { items } = await answer.json();
  for (const item of items) {
    item.words = fold(`${item.name} ${item.texts.map(({ text }) => text).join(" ")}`);
    item.short = fold(item.shortcut);
    item.called = fold(item.name);
  }
  return items;
}

// By shortcut first, then by a word of the name, then by any word; each in the order of use.
function matching(items, query) {
  const wanted = fold(query);
  if (!wanted) return items;
  const rank = (item) => {
    if (item.short.startsWith(wanted)) return 0;
    if (` ${item.called}`.includes(` ${wanted}`)) return 1;
    return ` ${item.words}`.includes(` ${wanted}`) || item.short.includes(wanted) ? 2 : 3;
  };
  return [0, 1, 2].flatMap((wish) => items.filter((item) => rank(item) === wish));
}

const version = (item) => item.texts.find(({ language }) => language === open.language)
  ?? item.texts.find(({ language }) => language === item.language);

// --- the list

function make(tag, className, text = "") {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  return made;
}

function option(item, at) {
  const made = make("li", "option");
  const words = version(item);
  made.id = `saved-option-${at}`;
  made.setAttribute("role", "option");
  made.setAttribute("aria-selected", String(at === open.at));
  const head = make("p", "name", item.name);
  head.append(" ", make("code", "", `/${item.shortcut}`));
  if (item.texts.length > 1) head.append(" ", make("span", "mark", words.language));
  if (item.own) head.append(" ", make("span", "mark", place().dataset.own));
  const body = make("p", "words", words.text);
  body.dir = "auto";
  body.lang = words.language;
  made.append(head, body);
  made.addEventListener("mousemove", () => at !== open?.at && choose(at));
  made.addEventListener("click", () => take(item));
  return made;
}

function languages() {
  const all = new Map(open.items.filter(({ texts }) => texts.length > 1).flatMap(({ texts }) => texts).map(({ language, name }) => [language, name]));
  if (all.size < 2) return null;
  const bar = make("div", "tongues");
  bar.setAttribute("role", "group");
  bar.setAttribute("aria-label", place().dataset.languages);
  for (const [code, name] of all) {
    const button = make("button", "button small quiet", name);
    button.type = "button";
    button.tabIndex = -1;
    button.setAttribute("aria-pressed", String(code === open.language));
    button.addEventListener("click", () => speak(code));
    bar.append(button);
  }
  return bar;
}

function draw() {
  const { field, found } = open;
  const popup = make("div", "saved-list");
  // The hands stay in the box: nothing here takes the focus.
  popup.addEventListener("mousedown", (event) => event.preventDefault());
  const list = make("ul", "options");
  list.id = "saved-options";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", place().dataset.list);
  list.append(...found.slice(0, MOST).map(option));
  if (found.length) popup.append(list);
  else popup.append(make("p", "none", open.items.length ? place().dataset.none : place().dataset.empty));
  const bar = languages();
  if (bar) popup.append(bar);
  place().replaceChildren(popup);
  field.setAttribute("aria-autocomplete", "list");
  field.setAttribute("aria-haspopup", "listbox");
  if (found.length) {
    field.setAttribute("aria-controls", "saved-options");
    field.setAttribute("aria-activedescendant", `saved-option-${open.at}`);
    byId(`saved-option-${open.at}`).scrollIntoView({ block: "nearest" });
  } else {
    field.removeAttribute("aria-activedescendant");
  }
}

function choose(at) {
  const before = byId(`saved-option-${open.at}`);
  open.at = at;
  const now = byId(`saved-option-${at}`);
  before?.setAttribute("aria-selected", "false");
  now.setAttribute("aria-selected", "true");
  now.scrollIntoView({ block: "nearest" });
  open.field.setAttribute("aria-activedescendant", now.id);
}

function speak(code) {
  open.language = code;
  draw();
  announce(place().querySelector('.tongues [aria-pressed="true"]')?.textContent ?? "");
}

function close() {
  if (!open) return;
  for (const name of ["aria-autocomplete", "aria-haspopup", "aria-controls", "aria-activedescendant"]) open.field.removeAttribute(name);
  open = null;
  place()?.replaceChildren();
}

// --- opening, filtering, taking

async function begin(field, start, slash) {
  const mine = { field, start, slash, items: [], found: [], at: 0, language: "", ready: false };
  open = mine;
  const items = await fitting();
  if (open !== mine) return;
  if (!items) return close();
  mine.items = items;
  mine.language = commonest(items);
  mine.ready = true;
  filter();
  if (open) announce(place().dataset.found.replace("{n}", open.found.length));
}

// The language of the thread, as most of what fits it has it.
function commonest(items) {
  const counts = new Map();
  for (const { language, texts } of items) if (texts.length > 1) counts.set(language, (counts.get(language) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0] ?? "";
}

const query = () => open.field.value.slice(open.start + (open.slash ? 1 : 0), open.field.selectionStart);

function filter() {
  const said = query();
  open.found = matching(open.items, said);
  open.at = 0;
  // A path or a fraction is no search: nothing stands in the way of who goes on writing.
  if (said && !open.found.length && open.slash) close();
  else draw();
}

function typed(field) {
  const caret = field.selectionStart;
  const found = caret === field.selectionEnd && QUERY.exec(field.value.slice(0, caret));
  if (open && !open.slash && caret >= open.start && !/\s/.test(query())) return open.ready && filter();
  if (!found || field.readOnly) return close();
  const start = caret - found[1].length - 1;
  if (open?.start !== start) begin(field, start, true);
  else if (open.ready) filter();
}

function take(item) {
  const { field, start } = open;
  const { text } = version(item);
  const end = field.selectionStart;
  close();
  put(field, start, end, text, item.id);
  close();
}

// Words into the box in the place of others, and the number of the saved reply that they are of.
function put(field, start, end, text, id) {
  field.focus();
  field.setSelectionRange(start, end);
  // The browser's own way of typing: Control and Z takes it back.
  if (!document.execCommand("insertText", false, text)) {
    field.setRangeText(text, start, end, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
  const used = field.form.elements.saved;
  if (used && used.value.length < 380) used.value = [...new Set([...used.value.split(",").filter(Boolean), String(id)])].join(",");
}

// What a rule proposes: one press puts it behind what stands in the box.
function takeProposed(event) {
  const link = event.target.closest("#take-proposed");
  const field = byId("reply-text");
  if (!link || !field || field.readOnly || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const { length } = field.value;
  put(field, length, length, `${length ? "\n" : ""}${link.dataset.text}`, link.dataset.saved);
  byId("proposed").hidden = true;
}

function keys(event) {
  if (!open?.ready || event.target !== open.field || event.isComposing) return;
  const { found, at } = open;
  const last = Math.min(found.length, MOST) - 1;
  const plain = !event.ctrlKey && !event.metaKey && !event.altKey && !event.shiftKey;
  if (!plain) return;
  if (event.key === "Escape") close();
  else if (!found.length) return;
  else if (event.key === "ArrowDown") choose(at < last ? at + 1 : 0);
  else if (event.key === "ArrowUp") choose(at > 0 ? at - 1 : last);
  else if (event.key === "Enter" || event.key === "Tab") take(found[at]);
  else if ((event.key === "ArrowRight" || event.key === "ArrowLeft") && found[at].texts.length > 1) turn(found[at], event.key === "ArrowRight" ? 1 : -1);
  else return;
  event.preventDefault();
  event.stopPropagation();
}

// The next of the languages that the chosen one has.
function turn(item, step) {
  const codes = item.texts.map(({ language }) => language);
  const now = codes.indexOf(version(item).language);
  const { at } = open;
  speak(codes[(now + step + codes.length) % codes.length]);
  choose(at);
}

export function watchSaved() {
  document.addEventListener("input", (event) => event.target.id === "reply-text" && typed(event.target));
  document.addEventListener("keydown", keys, true);
  document.addEventListener("selectionchange", () => {
    if (!open || document.activeElement !== open.field) return;
    const { selectionStart: caret } = open.field;
    if (caret < open.start + (open.slash ? 1 : 0)) close();
  });
  document.addEventListener("focusout", (event) => event.target === open?.field && close());
  document.addEventListener("htmx:beforeSwap", (event) => event.detail.target?.id === "desk" && close());
  document.addEventListener("click", takeProposed);
  document.addEventListener("mousedown", (event) => event.target.closest("#saved-replies") && event.preventDefault());
  document.addEventListener("click", (event) => {
    const link = event.target.closest("#saved-replies");
    const field = byId("reply-text");
    if (!link || !field || field.readOnly || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    if (open) return close();
    field.focus();
    begin(field, field.selectionStart, false);
  });
}
