// Where a page comes alive. Everything here improves pages that already work without it.
import { watchKeys } from "./keyboard.js";
import { watchLive } from "./live.js";
import { watchPlaces } from "./places.js";
import { watchPresence } from "./presence.js";
import { watchTimes } from "./times.js";
import { watchTrouble } from "./trouble.js";
import { watchWriting } from "./writing.js";

document.documentElement.classList.add("js");
watchTrouble();
watchPlaces();
watchWriting();
watchKeys();
watchTimes();
watchLive();
watchPresence();
// Only few pages have these.
if (document.querySelector(".counter")) {
  import("./saved.js").then(({ watchSaved }) => watchSaved());
  import("./enclosing.js").then(({ watchEnclosing }) => watchEnclosing());
}
if (document.querySelector("[data-painted]")) import("./painting.js").then(({ watchPainting }) => watchPainting());
if (document.querySelector("[data-copy]")) import("./copying.js").then(({ watchCopying }) => watchCopying());
if (document.querySelector("[data-mentioning]")) import("./mentioning.js").then(({ watchMentioning }) => watchMentioning());
if (document.querySelector("[data-push]")) import("./push.js").then(({ watchPush }) => watchPush());
if (document.querySelector("[data-passkey]")) import("./passkeys.js").then(({ watchPasskeys }) => watchPasskeys());
if (document.querySelector("[data-strength]")) import("./password.js").then(({ watchPasswords }) => watchPasswords());
