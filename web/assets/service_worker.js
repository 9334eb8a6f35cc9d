// The site without a network. Every build has a cache of its own, filled before it is used and dropped whole when the
// next one takes over: a page never mixes files of two builds.
const CACHE = "inflight-" + "VERSION";
const FILES = [/* FILES */];

self.addEventListener("install", (event) => {
  event.waitUntil(
    caches
      .open(CACHE)
      .then((cache) => cache.addAll(FILES.map((file) => new Request(file, { cache: "no-cache" }))))
      .then(() => self.skipWaiting()),
  );
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) => Promise.all(names.filter((name) => name.startsWith("inflight-") && name !== CACHE).map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  );
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== self.location.origin) return;
  event.respondWith(request.mode === "navigate" ? page(request) : file(request));
});

// A page comes from the network while there is one, so that a new build is seen at once.
async function page(request) {
  try {
    return await fetch(request);
  } catch {
    const cache = await caches.open(CACHE);
    return (await cache.match(request, { ignoreSearch: true })) ?? (await cache.match("./")) ?? Response.error();
  }
}

// What is named after what is in it comes from the cache. Any other file is asked for first, as the page was: the page
// of a new build never gets a file of the one before.
async function file(request) {
  const cache = await caches.open(CACHE);
  if (/-[0-9a-f]{12,16}(_\w+)?\.\w+$/.test(new URL(request.url).pathname)) return (await cache.match(request)) ?? fetch(request);
  try {
    return await fetch(request);
  } catch {
    return (await cache.match(request)) ?? Response.error();
  }
}
