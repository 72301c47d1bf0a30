// What the page's Rust sees of JavaScript: the session, and the browser's gifts that Rust has no names for.

export { Session } from "./session.js";
export { pack, unpack } from "./share.js";
export { load } from "./storage.js";

// A build that is served for development changes too often to be kept.
if (import.meta.env.RELEASE) void navigator.serviceWorker?.register(new URL("./service-worker.js", import.meta.url));
