// Whom a post mentions: chosen from those who are known, put where the caret was last.
import { announce, byId } from "./page.js";

export function watchMentioning() {
  const row = document.querySelector("[data-mentioning]");
  const chosen = byId("mentionee");
  let field = document.querySelector("#composer textarea[name^=part]");
  row.hidden = false;
  document.addEventListener("focusin", ({ target }) => {
    if (target.matches("#composer textarea[name^=part], #composer textarea[name^=comment]")) field = target;
  });
  row.querySelector("button").addEventListener("click", () => {
    if (!chosen.value || !field?.isConnected) return;
    const before = field.value.slice(0, field.selectionStart);
    const blank = before && !/\s$/u.test(before) ? " " : "";
    field.setRangeText(`${blank}${chosen.value}`, field.selectionStart, field.selectionEnd, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.focus();
    announce(row.dataset.done.replace("{name}", chosen.selectedOptions[0].text));
  });
}
