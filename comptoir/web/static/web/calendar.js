// Drag a post to another day. Without a mouse, each post has a link to a form that does the same.
const form = document.getElementById("moving");
let dragged = null;

document.addEventListener("dragstart", (event) => {
  dragged = event.target.closest?.("[data-move]");
  if (dragged) event.dataTransfer.setData("text/plain", dragged.dataset.move);
});

document.addEventListener("dragover", (event) => {
  const day = dragged && event.target.closest("[data-day]");
  if (!day) return;
  event.preventDefault();
  for (const each of document.querySelectorAll(".day.over")) each.classList.toggle("over", each === day);
  day.classList.add("over");
});

document.addEventListener("dragend", () => {
  dragged = null;
  for (const each of document.querySelectorAll(".day.over")) each.classList.remove("over");
});

document.addEventListener("drop", (event) => {
  const day = dragged && event.target.closest("[data-day]");
  if (!day || !form || day.contains(dragged)) return;
  event.preventDefault();
  form.action = dragged.dataset.move;
  form.elements.day.value = day.dataset.day;
  form.requestSubmit();
});
