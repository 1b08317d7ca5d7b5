// The pages of what is kept. The frame and the documents were made by the library; here they are put together.

const DAY = 24 * 3600 * 1000;

function safe(text) {
  return String(text).replace(/[&<>"']/g, (one) => `&#${one.charCodeAt(0)};`);
}

function phrase(about, name, places = {}) {
  return about.words[name].replace(/\{(\w+)\}/g, (_, place) => safe(places[place] ?? ""));
}

function counted(about, name, count) {
  return phrase(about, `${name}_${count === 1 ? "one" : "many"}`, { count, place: about.place });
}

function written(about, instant) {
  return new Intl.DateTimeFormat(about.locales, { dateStyle: "long", timeStyle: "short", timeZone: "Europe/Oslo" }).format(instant);
}

function ago(about, instant) {
  const minutes = Math.max(0, Math.round((Date.now() - instant) / 60000));
  const say = new Intl.RelativeTimeFormat(about.locales, { numeric: "auto" });
  if (minutes === 0) return say.format(0, "second");
  if (minutes < 60) return say.format(-minutes, "minute");
  if (minutes < 48 * 60) return say.format(-Math.round(minutes / 60), "hour");
  return say.format(-Math.round(minutes / 60 / 24), "day");
}

// Today in Norway, as the library writes a day.
function today() {
  return new Intl.DateTimeFormat("sv-SE", { timeZone: "Europe/Oslo" }).format(Date.now());
}

function hasEnded(one) {
  return Boolean(one.ends) && one.ends < today();
}

function notice(about, why, instant, more = []) {
  const isOld = Date.now() - instant > DAY;
  const checked = phrase(about, "checked", { when: written(about, instant), ago: ago(about, instant) });
  const lines = [...more, ...(isOld ? [phrase(about, "old")] : [])].map((one) => `<p>${one}</p>`).join("");
  return `<div class="tone ${isOld || more.length ? "ended" : "draft"}" role="status" data-kept-at="${instant}"><p class="status">${why ? `${phrase(about, why)} ` : ""}${phrase(about, "copy")}</p><p>${checked}</p>${lines}</div>`;
}

function lineOf(about, one) {
  const mark = hasEnded(one) ? ` <span class="mark">${phrase(about, "ended_mark")}</span>` : "";
  return `<li><a href="/rutine/${safe(one.id)}">${safe(one.title)}</a> <span class="quiet">${safe(one.version)}${one.subject ? ` · ${safe(one.subject)}` : ""}</span>${mark}</li>`;
}

function listOf(about, documents, heading) {
  if (!documents.length) return "";
  return `<h2>${heading}</h2><ul class="plain">${documents.map((one) => lineOf(about, one)).join("")}</ul>`;
}

function searchBox(about, query) {
  return `<form method="get" action="/sok" role="search" id="sok" hx-get="/sok" hx-target="#treff" hx-trigger="input changed delay:250ms from:#sokefelt, submit">
<div class="row"><div class="field grow"><label for="sokefelt">${phrase(about, "search")}</label>
<input class="ds-input" id="sokefelt" name="q" type="search" value="${safe(query)}" maxlength="400" autocomplete="off" enterkeyhint="search"></div>
<button class="ds-button" data-variant="primary" type="submit">${phrase(about, "do")}</button></div></form>`;
}

function lists(about, documents) {
  const byTitle = [...documents].sort((a, b) => a.title.localeCompare(b.title, about.locales));
  return listOf(about, byTitle.filter((one) => one.urgent), phrase(about, "urgent")) + listOf(about, byTitle, phrase(about, "all"));
}

function found(about, documents, query) {
  const hits = ranked(query, documents);
  if (!asked(query).length) return lists(about, documents);
  if (!hits.length) return `<p role="status">${phrase(about, "found_none")}</p>${lists(about, documents)}`;
  const shown = hits.slice(0, 20).map((one) => {
    const words = around(query, one.text).map(([text, isHit]) => isHit ? `<mark>${safe(text)}</mark>` : safe(text)).join("");
    return `<li><h3><a href="/rutine/${safe(one.id)}">${safe(one.title)}</a></h3><p class="snippet">${words}</p></li>`;
  }).join("");
  return `<h2 role="status">${counted(about, "found", hits.length)}</h2><p class="quiet">${phrase(about, "only_here")}</p><ul class="plain found">${shown}</ul>`;
}

function state(about, documents) {
  const missing = about.documents.length - documents.length;
  const lines = [counted(about, "kept", documents.length)];
  if (missing > 0) lines.push(counted(about, "not_yet", missing));
  if (about.fault === "quota") lines.push(phrase(about, "quota"));
  return lines.map((one) => `<p>${one}</p>`).join("");
}

function button(about, what, kind) {
  return `<button class="ds-button" data-variant="${kind}" type="button" data-kept-do="${what}">${phrase(about, what === "renew-now" ? "again" : what)}</button>`;
}

// Give a page in the frame. Marks in the frame are filled by a function: a text may hold what replacing takes for a sign.
function put(frame, title, said, main) {
  const parts = { title: safe(title), notice: said, main };
  return frame.replace(/\[\[(title|notice|main)\]\]/g, (_, name) => parts[name]);
}
