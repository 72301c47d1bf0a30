// The page without a network. In: the files of a build, by name. Out: each of them from the browser's cache, after the first
// visit; a new build takes the old one's place when no page of it is open any more. Touches no other request.

declare const self: ServiceWorkerGlobalScope;
declare const FILES: string[];
/** Files that are kept when they are first asked for. */
declare const LATER: string[];
declare const VERSION: string;

const CACHE = `playground-${VERSION}`;
const here = new URL("./", self.location.href);
const addresses = (paths: string[]): Set<string> => new Set(paths.map((path) => new URL(path, here).href));
const known = addresses(["", ...FILES]);
const later = addresses(LATER);

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
  if (event.request.method === "GET" && (known.has(url) || later.has(url))) event.respondWith(answer(url, event));
});

async function answer(url: string, event: FetchEvent): Promise<Response> {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(url);
  if (kept !== undefined) return kept;
  const response = await fetch(event.request);
  // A disk that is full is no reason to go without.
  if (later.has(url) && response.ok) event.waitUntil(cache.put(url, response.clone()).catch(() => {}));
  return response;
}

export {};
