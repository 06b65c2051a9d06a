// Keeps the page for visits without a network. `shell`, which the build writes above, has its files and what they must hold:
// files of two builds never come together, not even while one replaces the other on the server.

// Several pages of one origin share its caches.
const prefix = `${registration.scope} `;
const name = prefix + shell.build;
const ofPackage = new RegExp(shell.ofPackage);

addEventListener('install', (event) => {
  event.waitUntil(keep().then(skipWaiting));
});

addEventListener('activate', (event) => {
  event.waitUntil(Promise.all([clients.claim(), forgetOlderBuilds()]));
});

addEventListener('fetch', (event) => {
  const { method, url } = event.request;
  const { origin, pathname } = new URL(url);
  // The package keeps the network and its program: here they would lie twice.
  if (method !== 'GET' || origin !== location.origin || ofPackage.test(pathname)) return;
  // What is in assets/ is named by its content. The rest is the server's, if it answers, and not an older copy of it.
  event.respondWith(
    url.startsWith(`${registration.scope}assets/`)
      ? kept(pathname).then((response) => response ?? fetch(event.request))
      : fetch(event.request, { cache: 'no-cache' }).catch(async () => (await kept(pathname)) ?? Response.error()),
  );
});

async function keep() {
  const cache = await caches.open(name);
  await cache.addAll(shell.files.map(([path, integrity]) => new Request(path, { integrity, cache: 'no-cache' })));
}

async function kept(pathname) {
  const path = pathname.replace(/\/index\.html$/, '/');
  const cache = await caches.open(name);
  return (await cache.match(path)) ?? caches.match(path);
}

/** A page that was opened before may still ask for parts of the build before this one. */
async function forgetOlderBuilds() {
  const others = (await caches.keys()).filter((key) => key.startsWith(prefix) && key !== name);
  await Promise.all(others.slice(0, -1).map((key) => caches.delete(key)));
}
