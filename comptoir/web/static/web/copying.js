// Words that are taken along with one click. Without a script they stand in a field and are marked by hand.
import { announce, byId } from "./page.js";

export function watchCopying() {
  for (const button of document.querySelectorAll("[data-copy]")) button.hidden = false;
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    const field = byId(button.dataset.copy);
    field.select();
    // Where the page may not write there (no https), what is marked is one key away.
    await navigator.clipboard?.writeText(field.value).then(() => announce(button.dataset.copied)).catch(() => {});
  });
}
