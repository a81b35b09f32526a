// Shows notices while no page is open. It keeps nothing and fetches nothing.
self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("push", (event) => {
  const told = event.data?.json() ?? {};
  event.waitUntil(
    self.registration.showNotification(told.title ?? "Comptoir", { body: told.body, tag: told.tag, data: { url: told.url } }),
  );
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(open(event.notification.data?.url));
});

// Only pages of our own: the message was encrypted for this browser, but its address is still only text.
async function open(address) {
  const url = new URL(address ?? "/", self.location.origin);
  if (url.origin !== self.location.origin) return undefined;
  const pages = await self.clients.matchAll({ type: "window" });
  const there = pages.find((page) => page.url === url.href) ?? pages[0];
  if (!there) return self.clients.openWindow(url.href);
  await there.focus();
  return there.url === url.href ? undefined : there.navigate(url.href);
}
