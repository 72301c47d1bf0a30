// The page without a network. In: the files of a build, by name. Out: each of them from the browser's cache, after the first
// visit; a new build takes the old one's place when no page of it is open any more. Touches no other request.

declare const self: ServiceWorkerGlobalScope;
declare const FILES: string[];
declare const VERSION: string;

const CACHE = `playground-${VERSION}`;
const here = new URL("./", self.location.href);
const known = new Set(["", ...FILES].map((path) => new URL(path, here).href));

self.addEventListener("install", (event) => {
  // Past the browser's own cache, which may hold files of an older build under the same names.
  const requests = [...known].filter((url) => !url.endsWith("/index.html")).map((url) => new Request(url, { cache: "no-cache" }));
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(requests)));
});

self.addEventListener("activate", (event) => {
  const old = caches.keys().then((names) => names.filter((name) => name.startsWith("playground-") && name !== CACHE));
  event.waitUntil(old.then((names) => Promise.all(names.map((name) => caches.delete(name)))));
});

self.addEventListener("fetch", (event) => {
  const url = event.request.url.split(/[?#]/)[0]!.replace(/\/index\.html$/, "/");
  if (event.request.method !== "GET" || !known.has(url)) return;
  const cached = caches.open(CACHE).then((cache) => cache.match(url));
  event.respondWith(cached.then((response) => response ?? fetch(event.request)));
});

export {};
