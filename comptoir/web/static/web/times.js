// Ages that stay true while a page is open, and clock times in the reader's own zone.
const STEP = 30_000;

function age(then, words) {
  const seconds = (Date.now() - then) / 1000;
  if (seconds < -60) return null;
  if (seconds < 60) return words.now;
  if (seconds < 3600) return words.minutes.replace("{n}", Math.floor(seconds / 60));
  if (seconds < 86_400) return words.hours.replace("{n}", Math.floor(seconds / 3600));
  if (seconds < 604_800) return words.days.replace("{n}", Math.floor(seconds / 86_400));
  return null;
}

// English dates are set as the server sets them: the day first, 24 hours.
function speech() {
  const lang = document.documentElement.lang;
  return lang === "en" ? "en-GB" : lang;
}

function refresh(root = document) {
  const words = document.body.dataset;
  const clock = new Intl.DateTimeFormat(speech(), { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  const full = new Intl.DateTimeFormat(speech(), { dateStyle: "full", timeStyle: "short", hourCycle: "h23" });
  for (const time of root.querySelectorAll("time[datetime]:not([data-exact])")) {
    const then = new Date(time.dateTime);
    if (Number.isNaN(then.getTime())) continue;
    if (time.closest(".said")) {
      if (time.dataset.local) continue;
      time.dataset.local = "yes";
      time.textContent = clock.format(then);
    } else {
      const said = age(then.getTime(), words);
      if (said && time.textContent !== said) time.textContent = said;
    }
    time.title = full.format(then);
  }
}

// The reader's zone, for the days that the server names.
function tellZone() {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone ?? "";
  document.cookie = `zone=${encodeURIComponent(zone)}; path=/; max-age=31536000; samesite=lax`;
}

export function watchTimes() {
  tellZone();
  refresh();
  setInterval(() => document.visibilityState === "visible" && refresh(), STEP);
  document.addEventListener("htmx:afterSettle", () => refresh());
}
