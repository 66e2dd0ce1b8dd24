// Keeps what was read, so that it can be read again without a network. It stands at the root of
// the site, and this line makes it another one for each build, whereupon browsers take it.
"use strict";
const BUILD = "{build}";

// Other sites of the same host have caches of their own.
const OF_THIS_SITE = `read ${registration.scope} `;
const KEPT = OF_THIS_SITE + "1";

// Milliseconds that a page waits for the network, if there is a kept one. What a page loads that
// was read from what is kept waits no more.
const PATIENCE = 3000;
let impatient = 0;

// A file with its digest in its name never changes.
const DIGEST = /\b[0-9a-f]{8,12}\b/g;
const HASHED = /\.[0-9a-f]{8,12}\.(min\.)?\w+$|\/run\/[0-9a-f]{12}\//;
const READ = /(\/|\.(html|css|js|json|svg|png|woff2))$/;
// Books are kept where the reader puts them; Python has many megabytes.
const NEVER = /^(editions\/|run\/pyodide-|sw\.js$)/;

// The address under which a file is kept; none if it is not.
function place(address) {
  const url = new URL(address);
  url.search = url.hash = "";
  const below = url.href.startsWith(registration.scope) && url.href.slice(registration.scope.length);
  return below !== false && READ.test(url.pathname) && !NEVER.test(below) ? url.href : null;
}

addEventListener("install", () => skipWaiting());

addEventListener("activate", (event) => {
  event.waitUntil(clients.claim());
  tidy(); // nobody has to wait for it
});

addEventListener("fetch", (event) => {
  const there = event.request.method === "GET" && place(event.request.url);
  if (there) event.respondWith(HASHED.test(there) ? kept(event, there) : fresh(event, there));
});

// What a page has loaded before there was a worker, as the browser has it still.
addEventListener("message", (event) => {
  for (const address of event.data) {
    const there = place(address);
    if (there) {
      const again = fetch(address, { cache: "force-cache" });
      event.waitUntil(again.then((answer) => keep(there, answer)).catch(() => {}));
    }
  }
});

async function kept(event, there) {
  return (await (await caches.open(KEPT)).match(there)) ?? ask(event, there);
}

// From the network, and what is kept if that is not there, or is slow.
async function fresh(event, there) {
  const asked = ask(event, there);
  event.waitUntil(asked.catch(() => {}));
  const before = await (await caches.open(KEPT)).match(there);
  if (!before) return asked;
  const isPage = event.request.mode === "navigate";
  const answered = asked.then((answer) => (answer.status < 500 ? answer : before));
  let timer;
  const late = new Promise((end) => {
    timer = setTimeout(() => {
      if (isPage) impatient = Date.now() + 2 * PATIENCE;
      end(before);
    }, !isPage && Date.now() < impatient ? 0 : PATIENCE);
  });
  return Promise.race([answered, late])
    .catch(() => before)
    .finally(() => clearTimeout(timer));
}

async function ask(event, there) {
  // The browser's own cache would hide a new page behind an old one.
  const how = event.request.mode === "navigate" ? { cache: "no-cache" } : {};
  const answer = await fetch(event.request, how);
  event.waitUntil(keep(there, answer.clone()).catch(() => {}));
  return answer;
}

async function keep(there, answer) {
  const cache = await caches.open(KEPT);
  if (answer.status === 404) await cache.delete(there);
  if (answer.status === 200 && answer.type === "basic" && !answer.redirected)
    await cache.put(there, answer);
}

// Removes caches of another form, and hashed files that no kept page or script names any more.
async function tidy() {
  for (const name of await caches.keys())
    if (name.startsWith(OF_THIS_SITE) && name !== KEPT) await caches.delete(name);
  const cache = await caches.open(KEPT);
  const named = new Set();
  const hashed = [];
  for (const { url } of await cache.keys()) {
    if (HASHED.test(url)) hashed.push(url);
    if (/(\/|\.(html|css|js))$/.test(url)) {
      const text = await (await cache.match(url)).text();
      for (const [digest] of text.matchAll(DIGEST)) named.add(digest);
    }
  }
  for (const url of hashed)
    if (!url.match(DIGEST).some((digest) => named.has(digest))) await cache.delete(url);
}
