// The page where a change is written: nothing that was written is lost, and the checks follow while one writes.
"use strict";

(() => {
  const form = document.querySelector("form[data-writing]");
  const { writer, check } = form.dataset, address = form.getAttribute("action"), guarded = "guarded" in form.dataset;
  const NAMES = ["tittel", "tekst", "endring", "betyr", "versjon"];
  let key = Drafts.keyOf(writer, address, crypto.getRandomValues(new Uint32Array(2)).join("-"));
  const values = () => Object.fromEntries(NAMES.map((name) => [name, form.elements[name]?.value ?? ""]));
  const same = (one, other) => NAMES.every((name) => one[name] === other[name]);
  const note = (name) => form.querySelector(`[data-${name}]`);
  const first = values();

  // What was just refused is on the page already: it goes on under the name that it has.
  const sections = document.querySelector("[data-drafts][data-here]");
  sections.dataset.current = first.versjon;
  const found = Drafts.of(writer).filter((one) => one.address === address);
  const onPage = found.find((one) => same(one.values, first));
  if (onPage) key = onPage.key;
  Drafts.show(sections, found.filter((one) => !same(one.values, first)), (one) => {
    for (const name of NAMES) if (form.elements[name]) form.elements[name].value = one.values[name];
    Drafts.drop(one.key);
    changed();
    form.dispatchEvent(new CustomEvent("taken"));
    form.elements.tekst.focus();
  });

  let keeping = 0, checking = 0, asking = null;
  function keep() {
    const now = values(), shown = note("kept");
    clearTimeout(keeping);
    keeping = 0;
    const draft = { values: now, title: now.tittel, version: now.versjon, decision: form.elements.beslutning.value };
    const done = Drafts.keep(key, draft, guarded);
    shown.hidden = false;
    const text = done ? (guarded ? shown.dataset.saidGuarded : shown.dataset.said) : shown.dataset.saidNot;
    shown.textContent = Drafts.said(text, { when: Drafts.when(Date.now()) });
  }

  function changed() {
    clearTimeout(keeping);
    clearTimeout(checking);
    keeping = setTimeout(keep, 300);
    checking = setTimeout(ask, 700);
  }
  form.addEventListener("input", changed);
  const leaving = () => { if (keeping) keep(); };
  window.addEventListener("pagehide", leaving);
  document.addEventListener("visibilitychange", () => { if (document.hidden) leaving(); else if (!note("signed-out").hidden) ask(); });
  form.addEventListener("submit", keep);

  // The checks, as they are when the draft is saved. A session that has ended shows here first.
  async function ask() {
    asking?.abort();
    asking = new AbortController();
    const sent = () => fetch(check, {
      method: "POST", body: new URLSearchParams(new FormData(form)), headers: { "HX-Request": "true" }, redirect: "manual",
      signal: asking.signal,
    });
    try {
      let answer = await sent();
      if (answer.status === 403 && await renewed()) answer = await sent();
      note("signed-out").hidden = answer.type !== "opaqueredirect";
      if (answer.type !== "opaqueredirect" && answer.ok) show(await answer.text());
    } catch {
      // Without coverage, or asked once more meanwhile: what was written is kept here all the same.
    }
  }

  // Signed in anew in another tab: the page takes over the new session, if it is the same person's.
  async function renewed() {
    const answer = await fetch(address, { redirect: "manual" });
    if (!answer.ok) return false;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("form[data-writing]");
    const mine = page !== null && page.dataset.writer === writer;
    note("somebody-else").hidden = mine;
    if (mine) for (const one of document.querySelectorAll("input[name=_token]")) one.value = page.elements._token.value;
    return mine;
  }

  const region = document.querySelector("#kontroll");
  function show(html) {
    const open = region.querySelector("[data-preview]")?.open;
    if (region.innerHTML === html) return;
    region.innerHTML = html;
    if (open !== undefined && region.querySelector("[data-preview]")) region.querySelector("[data-preview]").open = open;
  }

  // The button asks at once, and shows the text as it will be.
  for (const button of form.querySelectorAll("button[formaction]")) {
    button.addEventListener("click", async (event) => {
      event.preventDefault();
      form.dispatchEvent(new CustomEvent("checking"));
      clearTimeout(checking);
      await ask();
      const preview = region.querySelector("[data-preview]");
      if (preview) preview.open = true;
      region.scrollIntoView({ block: "start" });
    });
  }

  // From what the checks say to the line it is about.
  region.addEventListener("click", (event) => {
    const link = event.target.closest("[data-line]");
    if (!link) return;
    event.preventDefault();
    const line = Number(link.dataset.line);
    if (!form.dispatchEvent(new CustomEvent("go", { detail: line, cancelable: true }))) return;
    const field = form.elements.tekst, lines = field.value.split("\n");
    const start = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0);
    field.focus();
    field.setSelectionRange(start, start + (lines[line - 1] ?? "").length);
  });
})();
