// What was written and not saved yet, kept in this browser under whoever wrote it. What is exempt is kept in its tab alone.
"use strict";

const Drafts = (() => {
  const FIRST = "samrutine-draft/", LONGEST_DAYS = 30;
  const stores = [];
  for (const name of ["localStorage", "sessionStorage"]) {
    try { stores.push(window[name]); } catch { /* A browser that lets nothing be kept. */ }
  }

  // Each page that is written in has a draft of its own, so that two tabs never write over each other.
  const keyOf = (writer, address, slot) => `${FIRST}${writer}/${encodeURIComponent(address)}/${slot}`;

  function* every(writer = null) {
    for (const store of stores) {
      for (const key of Object.keys(store).filter((one) => one.startsWith(FIRST))) {
        let draft = null;
        try { draft = JSON.parse(store.getItem(key)); } catch { /* Not ours, whatever its name. */ }
        if (!draft || Date.now() - draft.at > LONGEST_DAYS * 864e5) store.removeItem(key);
        else if (writer === null || key.startsWith(`${FIRST}${writer}/`)) yield { ...draft, key, address: decodeURIComponent(key.split("/")[2]) };
      }
    }
  }
  const of = (writer) => [...every(writer)].sort((one, other) => other.at - one.at);

  function keep(key, draft, guarded) {
    try {
      window[guarded ? "sessionStorage" : "localStorage"].setItem(key, JSON.stringify({ ...draft, at: Date.now() }));
      return true;
    } catch {
      return false;
    }
  }

  function drop(key) {
    for (const store of stores) store.removeItem(key);
  }

  function when(at) {
    const language = document.documentElement.lang, day = new Date(at), now = new Date();
    const time = new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit" }).format(day);
    if (day.toDateString() === now.toDateString()) return time;
    return `${new Intl.DateTimeFormat(language, { day: "numeric", month: "long" }).format(day)} ${time}`;
  }
  const said = (text, places) => text.replace(/\{(\w+)\}/g, (whole, name) => places[name] ?? whole);

  // The server took what was sent by this very form: only then is what was kept of it thrown away.
  const taken = new URLSearchParams(location.search).get("lagret");
  if (taken) for (const one of every()) if (one.decision === taken) drop(one.key);

  function show(section, found, take) {
    const list = section.querySelector("[data-list]"), model = section.querySelector("template");
    list.replaceChildren();
    for (const one of found) {
      const item = model.content.cloneNode(true).firstElementChild, words = item.querySelector("[data-said]");
      const older = section.dataset.current && one.version !== section.dataset.current;
      const text = take ? (older ? words.dataset.saidOlder : words.dataset.said) : words.dataset.saidOf;
      words.textContent = said(text, { when: when(one.at), version: one.version, title: one.title });
      item.querySelector("[data-take]")?.addEventListener("click", () => { take(one); section.hidden = true; });
      const open = item.querySelector("[data-open]");
      if (open) open.href = new URL(one.address, location.origin).pathname;
      item.querySelector("[data-drop]").addEventListener("click", () => {
        drop(one.key);
        item.remove();
        section.hidden = !list.children.length;
      });
      list.append(item);
    }
    section.hidden = !found.length;
  }

  const section = document.querySelector("[data-drafts]:not([data-here])");
  if (section) show(section, of(section.dataset.writer), null);
  // Whoever signs out leaves nothing here: the page has just said so.
  for (const form of document.querySelectorAll("form[action='/logg-ut']")) {
    form.addEventListener("submit", () => { if (section) for (const one of of(section.dataset.writer)) drop(one.key); });
  }

  return { keyOf, of, keep, drop, when, said, show };
})();
