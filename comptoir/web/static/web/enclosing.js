// Pictures and files beside an answer: chosen, dropped or pasted; counted as missing while nobody says what they show.
import { byId } from "./page.js";

function bring(files) {
  const input = byId("enclose-file");
  if (!input || !files.length) return false;
  input.files = files;
  htmx.trigger("#enclose", "enclose");
  return true;
}

// Something that can be put beside an answer is being dragged over it.
const over = (event) => (event.dataTransfer?.types.includes("Files") && event.target.closest?.(".reply-form .box")) || null;

function count() {
  const place = document.querySelector("#enclosures [data-missing]");
  if (!place) return;
  const missing = [...document.querySelectorAll("#enclosures [data-alt]")].filter((field) => !field.value.trim()).length;
  place.textContent = place.dataset.missing.replace("{n}", missing);
  place.closest(".missing").hidden = !missing;
}

export function watchEnclosing() {
  document.addEventListener("change", (event) => {
    if (event.target.id === "enclose-file") bring(event.target.files);
  });
  document.addEventListener("paste", (event) => {
    // What is copied from a text has a picture of itself beside it.
    if (event.clipboardData?.types.includes("text/plain")) return;
    if (event.target.id === "reply-text" && bring(event.clipboardData?.files ?? [])) event.preventDefault();
  });
  document.addEventListener("dragover", (event) => {
    const box = over(event);
    for (const each of document.querySelectorAll(".dropping")) if (each !== box) each.classList.remove("dropping");
    if (!box || !byId("enclose-file")) return;
    event.preventDefault();
    box.classList.add("dropping");
  });
  document.addEventListener("dragleave", (event) => !event.relatedTarget && document.querySelector(".dropping")?.classList.remove("dropping"));
  document.addEventListener("drop", (event) => {
    const box = over(event);
    if (!box || !byId("enclose-file")) return;
    event.preventDefault();
    box.classList.remove("dropping");
    bring(event.dataTransfer.files);
  });
  document.addEventListener("input", (event) => event.target.matches("[data-alt]") && count());
  // The next thing to do with a new picture is to say what it shows.
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.requestConfig?.elt?.id !== "enclose") return;
    [...document.querySelectorAll("#enclosures [data-alt]")].find((field) => !field.value)?.focus();
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.elt?.id === "enclose" && byId("enclose-file")) byId("enclose-file").value = "";
  });
}
