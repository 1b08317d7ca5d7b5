// What the pages do for those who lose their coverage: let the browser keep what applies, and tell it when to look again.
"use strict";

(() => {
  const able = "serviceWorker" in navigator && window.isSecureContext;
  const owner = document.body.dataset.keptFor || "";
  const waiting = document.querySelector("[data-kept-waiting]");
  if (!able) return;

  const worker = async () => (await navigator.serviceWorker.ready).active;
  const tell = async (what) => (await worker()).postMessage({ what, owner });

  const show = (name) => {
    for (const one of ["waiting", "off", "not-able"]) document.querySelector(`[data-kept-${one}]`).hidden = one !== name;
  };
  const isOff = async () => Boolean(await caches.match("/uten-nett/av", { cacheName: "samrutine-choices" }));
  if (waiting) isOff().then((off) => show(off ? "off" : "waiting"));

  // Whoever signs out leaves nothing here, also where the worker is not asked.
  for (const form of document.querySelectorAll("form[action='/logg-ut']")) {
    form.addEventListener("submit", () => { if (!navigator.serviceWorker.controller) caches.delete("samrutine-kept"); });
  }
  navigator.serviceWorker.addEventListener("message", (event) => {
    const isHere = location.pathname === "/uten-nett";
    if (isHere && (event.data.asked || (waiting && event.data.kept))) location.replace("/uten-nett");
  });
  for (const button of document.querySelectorAll("[data-kept-do]")) {
    button.addEventListener("click", () => {
      button.disabled = true;
      tell(button.dataset.keptDo);
    });
  }
  window.addEventListener("online", () => tell("renew"));
  if (!owner) return;
  navigator.serviceWorker.register("/uten-nett.js").then(() => tell("renew")).catch(() => {
    // A browser that lets nothing be kept (a private window): the page says so where it is told of.
    if (waiting) show("not-able");
  });
})();
