"use strict";
/* Keeps the page and what was looked up for a second visit without network. `outreach page build`
   puts the version and the list of first files before these lines. */
const CACHE = `outreach-${VERSION}`;

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(FIRST_FILES)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    const old = (await caches.keys()).filter((name) => name.startsWith("outreach-") && name !== CACHE);
    await Promise.all(old.map((name) => caches.delete(name)));
    await self.clients.claim();
  })());
});

// What the first visit loaded before this worker was there: the page names it.
self.addEventListener("message", (event) => {
  const keep = Array.isArray(event.data?.keep) ? event.data.keep : [];
  const ours = keep.filter((url) => url.startsWith(self.registration.scope));
  event.waitUntil(caches.open(CACHE).then((cache) => Promise.all(ours.map((url) => cache.add(url).catch(() => {})))));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  // A file with a version never changes; a document is asked for anew while there is a network.
  event.respondWith(url.searchParams.has("v") ? fromCache(request) : fromNetwork(request));
});

async function fromCache(request) {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(request);
  if (kept) return kept;
  const answer = await fetch(request);
  if (answer.ok) cache.put(request, answer.clone());
  return answer;
}

async function fromNetwork(request) {
  const cache = await caches.open(CACHE);
  try {
    const answer = await fetch(request);
    if (answer.ok) cache.put(withoutQuery(request), answer.clone());
    return answer;
  } catch (error) {
    const kept = await cache.match(withoutQuery(request));
    if (kept) return kept;
    throw error;
  }
}

// ?establishment=… opens the same document.
function withoutQuery(request) {
  const url = new URL(request.url);
  url.search = "";
  return url.href;
}
