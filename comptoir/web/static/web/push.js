// Notices in this browser: it is asked once, by the person's own click, and gives us where to send them.
const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));

export function watchPush() {
  const box = document.querySelector("[data-push]");
  const said = box.querySelector("[data-push-said]");
  const button = box.querySelector("[data-push-on]");
  if (!("serviceWorker" in navigator) || !("PushManager" in window)) {
    button.hidden = true;
    said.textContent = said.dataset.none;
    return;
  }
  button.addEventListener("click", async () => {
    button.disabled = true;
    said.textContent = "";
    try {
      if ((await Notification.requestPermission()) !== "granted") {
        said.textContent = said.dataset.no;
        return;
      }
      await enrol(box.dataset);
      location.reload();
    } catch {
      said.textContent = said.dataset.failed;
    } finally {
      button.disabled = false;
    }
  });
}

async function enrol({ push, pushAt, worker }) {
  await navigator.serviceWorker.register(worker, { scope: "/" });
  const { pushManager } = await navigator.serviceWorker.ready;
  const subscription = await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytes(push) });
  const headers = { "content-type": "application/json", ...JSON.parse(document.body.getAttribute("hx-headers")) };
  const answer = await fetch(pushAt, { method: "POST", headers, body: JSON.stringify({ subscription, name: name() }) });
  if (!answer.ok) throw new Error(String(answer.status));
}

function name() {
  const told = navigator.userAgentData;
  const browser = told?.brands?.at(-1)?.brand ?? navigator.userAgent.match(/(Firefox|Safari|Edg|Chrome)/)?.[0] ?? "";
  return [browser, told?.platform ?? navigator.platform].filter(Boolean).join(", ");
}
