// Keep what applies where somebody works, and answer with it when nobody else does.

const FILES_KEPT = `samrutine-files-${MADE}`;
const KEPT = "samrutine-kept";
const CHOICES = "samrutine-choices";
const ABOUT = "/uten-nett/om";
const FRAME = "/uten-nett/ramme";
const NOTHING = "/uten-nett/ingenting";
const OFF = "/uten-nett/av";
const CONTENTS = "/uten-nett/innhold";
const AT_ONCE = 3;
const LOOK_AGAIN = 10 * 60 * 1000;
const TOO_SLOW = 8000;
const HTML = { "Content-Type": "text/html; charset=utf-8" };

// What is deleted must not come back from a renewal that was on its way: it belongs to the era it began in.
let era = 0;
let renewal = null;
let searched = null;

self.addEventListener("install", (event) => {
  event.waitUntil((async () => {
    const files = await caches.open(FILES_KEPT);
    await files.addAll([...FILES, NOTHING]);
    await self.skipWaiting();
  })());
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) {
      if (name.startsWith("samrutine-files-") && name !== FILES_KEPT) await caches.delete(name);
    }
    await self.clients.claim();
  })());
});

self.addEventListener("message", (event) => {
  const { what, owner } = event.data || {};
  event.waitUntil((async () => {
    if (what === "drop") {
      await drop();
      await (await caches.open(CHOICES)).put(OFF, new Response("1"));
    }
    if (what === "keep") await (await caches.open(CHOICES)).delete(OFF);
    if (what !== "drop") await renew(owner, what !== "renew");
    const kept = Boolean(await readable());
    for (const client of await self.clients.matchAll()) client.postMessage({ kept, asked: what !== "renew" });
  })());
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== self.location.origin) return;
  if (request.mode === "navigate") {
    event.respondWith(request.method === "GET" ? page(request, url) : sent(request, url));
  } else if (request.method === "GET" && url.pathname.startsWith("/s/")) {
    event.respondWith(file(request, url));
  } else if (request.method === "GET" && url.pathname === "/sok" && request.headers.get("hx-request")) {
    event.respondWith(fetch(request).catch(() => hits(url)));
  }
});

// --- what is kept

async function about() {
  const found = await caches.match(ABOUT, { cacheName: KEPT });
  return found ? found.json() : null;
}

// What may be shown now: nothing after too long a time, and nothing when whoever is signed in is not known.
async function readable() {
  const said = await about();
  if (!said || said.locked) return null;
  if (Date.now() - said.at > said.days * 24 * 3600 * 1000) {
    await drop();
    return null;
  }
  return said;
}

async function drop() {
  era += 1;
  renewal = null;
  searched = null;
  await caches.delete(KEPT);
}

// Somebody is to sign in here: what is kept is shown to nobody until we know that it is the same person.
async function lock() {
  era += 1;
  renewal = null;
  const said = await about();
  if (said && !said.locked) await write({ ...said, locked: true });
}

async function write(said) {
  await (await caches.open(KEPT)).put(ABOUT, new Response(JSON.stringify(said), { headers: { "Content-Type": "application/json" } }));
}

function addressOf(id) {
  return `/uten-nett/rutine/${id}`;
}

// --- keep it up to date

function renew(owner, isAsked) {
  renewal = renewal || renewed(owner, isAsked, era).catch(() => {}).finally(() => { renewal = null; });
  return renewal;
}

async function renewed(owner, isAsked, born) {
  if (await caches.match(OFF, { cacheName: CHOICES })) return;
  let said = await about();
  if (said && owner && said.owner !== owner) {
    await drop();
    born = era;
    said = null;
  }
  const isFresh = said && !said.locked && said.whole && Date.now() - said.at < LOOK_AGAIN;
  if (isFresh && !isAsked) return;
  const headers = said && said.tag ? { "If-None-Match": said.tag } : {};
  const answer = await fetch(CONTENTS, { headers, redirect: "manual" });
  if (born !== era) return;
  if (answer.type === "opaqueredirect") {
    await lock();
    return;
  }
  if (answer.status !== 304 && !answer.ok) return;
  const now = Date.now();
  const told = answer.status === 304 ? said : await answer.json();
  if (said && said.owner !== told.owner) {
    await drop();
    born = era;
    said = null;
  }
  if (!told.owner) return;
  const have = said ? said.have : {};
  const kept = await caches.open(KEPT);
  const next = { ...told, tag: answer.headers.get("ETag") || told.tag, have: {}, at: now, locked: false, whole: false, fault: "" };
  for (const one of told.documents) if (have[one.id]) next.have[one.id] = have[one.id];
  // What does not apply any more goes first, whatever becomes of the rest.
  for (const id of Object.keys(have)) if (!next.have[id]) await kept.delete(addressOf(id));
  for (const one of told.documents) if (next.have[one.id]?.tag === one.tag) next.have[one.id].at = now;
  try {
    if (!said || said.frameTag !== told.frame || !(await kept.match(FRAME))) {
      const frame = await fetch(FRAME, { redirect: "manual" });
      if (!frame.ok || born !== era) return;
      await kept.put(FRAME, frame);
    }
    next.frameTag = told.frame;
    if (born !== era) return;
    await write(next);
    next.whole = await fetchAll(kept, next, told.documents.filter((one) => next.have[one.id]?.tag !== one.tag), () => born === era);
  } catch (error) {
    if (error.name !== "QuotaExceededError") throw error;
    next.fault = "quota";
  }
  searched = null;
  if (born === era) await write(next);
}

async function fetchAll(kept, next, wanted, isOurs) {
  const left = [...wanted];
  let full = null;
  let done = 0;
  const one = async () => {
    while (left.length && !full && isOurs()) {
      const document = left.shift();
      const answer = await fetch(`${addressOf(document.id)}?for=${next.owner}`, { redirect: "manual" });
      if (!isOurs()) return;
      if (answer.type === "opaqueredirect" || answer.status === 409) return;
      if (!answer.ok) continue;
      try {
        await kept.put(addressOf(document.id), answer);
      } catch (error) {
        full = error;
        return;
      }
      if (!isOurs()) {
        await kept.delete(addressOf(document.id));
        return;
      }
      next.have[document.id] = { tag: answer.headers.get("ETag"), at: Date.now() };
      done += 1;
      if (done % 10 === 0) await write(next);
    }
  };
  const ended = await Promise.allSettled(Array.from({ length: AT_ONCE }, one));
  if (full) throw full;
  return ended.every((each) => each.status === "fulfilled") && wanted.every((each) => next.have[each.id]?.tag === each.tag);
}

// --- answer

async function file(request, url) {
  const files = await caches.open(FILES_KEPT);
  const found = await files.match(request);
  if (found) return found;
  try {
    return await fetch(request);
  } catch (error) {
    // A page that was kept before we were renewed asks for a style by its old name.
    const name = url.pathname.split("/").slice(3).join("/");
    const other = FILES.find((one) => one.split("/").slice(3).join("/") === name);
    if (other) return files.match(other);
    throw error;
  }
}

async function page(request, url) {
  const said = await readable();
  if (said && url.pathname === "/uten-nett") return listed(said, "", "");
  if (!said && url.pathname === "/uten-nett" && await caches.match(OFF, { cacheName: CHOICES })) return switchedOff(request);
  const answer = fetch(request).then((got) => {
    if ([502, 503, 504].includes(got.status) && said) throw new Error("nobody answers");
    if (url.pathname === "/logg-inn" && got.status === 200) return lock().then(() => got);
    return got;
  });
  const id = said ? idOf(said, url) : "";
  if (!id || !said.have[id]) return answer.catch(() => instead(said, url, "no_net"));
  const late = new Promise((_, slow) => { setTimeout(() => slow(new Error("slow")), TOO_SLOW); });
  return Promise.race([answer, late]).catch((error) => instead(said, url, error.message === "slow" ? "slow_net" : "no_net"));
}

// The routine that an address shows as it applies here; none for another version, day or municipality.
function idOf(said, url) {
  const [, id] = /^\/rutine\/([a-z0-9-]+)$/.exec(url.pathname) || [];
  const place = url.searchParams.get("kommune");
  const others = url.searchParams.get("versjon") || url.searchParams.get("dag") || (place && place !== said.slug);
  return id && !others ? id : "";
}

async function instead(said, url, why) {
  if (!said) return (await caches.match(NOTHING, { cacheName: FILES_KEPT })) || Response.error();
  const id = idOf(said, url);
  const one = said.documents.find((each) => each.id === id);
  if (one && said.have[id]) {
    const body = await caches.match(addressOf(id), { cacheName: KEPT });
    if (body) {
      const have = said.have[id];
      const more = [];
      if (have.tag !== one.tag) more.push(phrase(said, "newer"));
      if (hasEnded(one)) more.push(phrase(said, "ended", { day: new Intl.DateTimeFormat(said.locales, { dateStyle: "long" }).format(new Date(one.ends)) }));
      return framed(one.title, notice(said, why, have.at, more), await body.text());
    }
  }
  if (id) return listed(said, why, "not_kept");
  const isOfLists = ["/", "/rutiner", "/sok", "/uten-nett"].includes(url.pathname);
  return listed(said, why, isOfLists ? "" : "needs_net", url.pathname === "/sok" ? url.searchParams.get("q") || "" : "");
}

async function framed(title, said, main) {
  const frame = await caches.match(FRAME, { cacheName: KEPT });
  if (!frame) return Response.error();
  const policy = frame.headers.get("Content-Security-Policy");
  const headers = { ...HTML, ...(policy ? { "Content-Security-Policy": policy } : {}) };
  return new Response(put(await frame.text(), title, said, main), { headers });
}

async function listed(said, why, more, query = "") {
  const documents = said.documents.filter((one) => said.have[one.id]);
  const oldest = Math.min(said.at, ...documents.map((one) => said.have[one.id].at));
  const main = `<h1>${phrase(said, "title")}</h1>${more ? `<p>${phrase(said, more, { place: said.place })}</p>` : ""}${searchBox(said, query)}
<div id="treff" aria-live="polite">${query ? found(said, await texts(said), query) : lists(said, documents)}</div>
<section aria-label="${phrase(said, "title")}">${state(said, documents)}<p class="row">${button(said, "renew-now", "secondary")} ${button(said, "drop", "tertiary")}</p></section>`;
  return framed(said.words.title, notice(said, why, oldest), main);
}

async function hits(url) {
  const said = await readable();
  if (!said) return Response.error();
  return new Response(found(said, await texts(said), url.searchParams.get("q") || ""), { headers: HTML });
}

// The words of all that is kept, read once.
async function texts(said) {
  if (searched && searched.owner === said.owner && searched.at === said.at) return searched.documents;
  const documents = [];
  for (const one of said.documents) {
    const body = said.have[one.id] && await caches.match(addressOf(one.id), { cacheName: KEPT });
    if (!body) continue;
    const html = await body.text();
    const article = html.slice(Math.max(0, html.indexOf("<article")), html.lastIndexOf("</article>"));
    const headings = [...article.matchAll(/<h[2-6][^>]*>(.*?)<\/h[2-6]>/gs)].map((each) => plain(each[1])).join(" ");
    const text = plain(article);
    documents.push({ ...one, text, fields: [[8, wordsOf(one.title)], [6, wordsOf(one.also.join(" "))], [3, wordsOf(headings)], [1, [...new Set(wordsOf(text))]]] });
  }
  searched = { owner: said.owner, at: said.at, documents };
  return documents;
}

const SIGNS = { amp: "&", lt: "<", gt: ">", quot: '"', "#39": "'", "#x27": "'", nbsp: " " };

function plain(html) {
  return html.replace(/<(?:\/?(?:p|li|h\d|td|th|tr|div|ul|ol|section|blockquote|dd|dt)\b|br)[^>]*>/g, " ").replace(/<[^>]*>/g, "")
    .replace(/&(#?\w+);/g, (whole, name) => SIGNS[name] ?? whole).replace(/\u00ad/g, "").replace(/\s+/g, " ").trim();
}

// The frame is gone with the rest, so the library makes the page; it has a button that keeps again.
async function switchedOff(request) {
  return fetch(request).catch(async () => (await caches.match(NOTHING, { cacheName: FILES_KEPT })) || Response.error());
}

// --- what is sent

async function sent(request, url) {
  if (url.pathname === "/logg-ut") {
    const said = await about();
    const frame = said ? await caches.match(FRAME, { cacheName: KEPT }) : null;
    await drop();
    return fetch(request).catch(async () => {
      if (!frame) return (await caches.match(NOTHING, { cacheName: FILES_KEPT })) || Response.error();
      return new Response(put(await frame.text(), said.words.signed_out_title, "", `<h1>${phrase(said, "signed_out_title")}</h1><p>${phrase(said, "signed_out")}</p>`), { headers: HTML });
    });
  }
  if (url.pathname.startsWith("/logg-inn")) await lock();
  const place = url.pathname === "/valg" ? (await request.clone().formData()).has("kommune") : false;
  try {
    const answer = await fetch(request);
    if (place) await drop();
    return answer;
  } catch (error) {
    return instead(await readable(), url, "no_net");
  }
}
