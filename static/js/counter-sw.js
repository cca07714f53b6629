// Keeps the till's page and what it names, so that it opens without a connection. Served by a view
// as /c/sw.js: its address is its reach. It keeps one page, which shows nobody and nothing.
const SHELL = "/c/offline/";
const KEPT = "till-1";
const PATIENCE = 5000; // milliseconds
const NAMED = /(?:src|href|data-reader)="(\/[^"#?]+)/g;
const FILES = /^\/(?:static|b)\//;

const named = (html) => [...new Set([...html.matchAll(NAMED)].map((match) => match[1]).filter((path) => FILES.test(path)))];
const isTill = (response) => /^\d+\/\d+$/.test(response.headers.get("Till") ?? "");

// The page first, then what it names; what an older page named goes last.
async function keep(response) {
  const files = named(await response.clone().text());
  const cache = await caches.open(KEPT);
  await cache.addAll(files); // all or none
  await cache.put(SHELL, response);
  const there = (await cache.keys()).map((request) => new URL(request.url).pathname);
  await Promise.all(there.filter((path) => path !== SHELL && !files.includes(path)).map((path) => cache.delete(path)));
}

async function refresh() {
  const response = await fetch(SHELL, { credentials: "same-origin", cache: "no-store" });
  if (response.ok && isTill(response)) await keep(response);
  else if (response.status === 401) await caches.delete(KEPT);
}

function inTime(request) {
  const enough = new Promise((yes) => setTimeout(yes, PATIENCE, null));
  return Promise.race([fetch(request).catch(() => null), enough]);
}

// The real page if there is one: of ours, or a plain refusal. A hotel's login page is neither.
async function page(request) {
  const response = await inTime(request);
  const ours = response && (isTill(response) || response.headers.get("Till") === "-" || response.type === "opaqueredirect");
  if (ours || (response && response.status >= 400 && response.status < 500)) return response;
  return (await caches.match(SHELL, { cacheName: KEPT })) ?? response ?? Response.error();
}

async function file(request) {
  const kept = await caches.match(request, { cacheName: KEPT, ignoreSearch: true });
  return kept ?? fetch(request);
}

self.addEventListener("install", (event) => event.waitUntil(refresh().then(() => self.skipWaiting())));
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("message", (event) => event.waitUntil(refresh().catch(() => {}))); // somebody else is on the till
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  if (request.mode === "navigate" && pathname.startsWith("/c/") && !pathname.startsWith("/c/pair/")) {
    event.respondWith(page(request));
    event.waitUntil(refresh().catch(() => {}));
  } else if (FILES.test(pathname)) {
    event.respondWith(file(request));
  }
});
