// The field where a change is written, as formatted text or as Markdown with help. The plain field stays beneath, and is what is sent.

const form = document.querySelector("form[data-writing]"), field = form.elements.tekst;
const at = (name) => form.querySelector(`[data-${name}]`);
const choices = [...form.querySelectorAll("[data-mode]")], CHOSEN = "samrutine-editor";
const SYNC_AFTER = 200, REST = 3;
let mode = null, syncing = 0, turn = 0, took = 0;

// What was changed goes down into the plain field, from which it is kept, checked and sent. Tells whether it could.
function sync() {
  clearTimeout(syncing);
  syncing = 0;
  if (!mode) return true;
  let text = "";
  const start = performance.now();
  try {
    text = mode.text();
    took = performance.now() - start;
  } catch {
    // Better to be told at once than to find out when it is saved.
    at("not-written").hidden = false;
    return false;
  }
  at("not-written").hidden = true;
  if (text === field.value) return true;
  field.value = text;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  return true;
}
// The longer the text, the longer the pause that it waits for.
const changed = () => { clearTimeout(syncing); syncing = setTimeout(sync, Math.max(SYNC_AFTER, REST * took)); };

const MODES = {
  async source(place, text) {
    const kit = await import(form.dataset.sourceKit);
    return sourceMode(kit, place, text);
  },
  async visual(place, text) {
    const [ours, kit] = await Promise.all([import(form.dataset.visual), import(form.dataset.visualKit)]);
    return ours.visualMode({ kit, place, tools: at("tools"), link: document.querySelector("[data-link]"), text, changed, alike });
  },
};

// Markdown with colours, numbers of lines, and lists that go on. In a shadow root, where styles need no leave of the policy.
function sourceMode(kit, place, text) {
  const { EditorState, EditorView, HighlightStyle, keymap, tags } = kit;
  const host = document.createElement("div");
  place.replaceChildren(host);
  const root = host.attachShadow({ mode: "open" });
  const colours = HighlightStyle.define([
    { tag: tags.heading, fontWeight: "700", color: "var(--heading)" },
    { tag: tags.strong, fontWeight: "700" },
    { tag: tags.emphasis, fontStyle: "italic" },
    { tag: [tags.link, tags.url], color: "var(--link)" },
    { tag: [tags.processingInstruction, tags.contentSeparator], color: "var(--quiet)" },
  ]);
  const looks = EditorView.theme({
    "&": { fontSize: ".95rem", border: "1px solid var(--line)", borderRadius: ".25rem", color: "var(--ink)", backgroundColor: "var(--ground)" },
    "&.cm-focused": { outline: "3px solid var(--link)", outlineOffset: "2px" },
    ".cm-scroller": { fontFamily: 'ui-monospace, "Cascadia Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace', lineHeight: "1.5", minHeight: "20rem" },
    ".cm-content": { caretColor: "var(--ink)" },
    ".cm-gutters": { color: "var(--quiet)", backgroundColor: "var(--soft)", border: "0" },
  });
  const view = new EditorView({
    parent: root,
    root,
    state: EditorState.create({
      doc: text,
      extensions: [
        kit.lineNumbers(), kit.history(), kit.highlightSpecialChars(), kit.markdownLanguage, kit.syntaxHighlighting(colours), looks,
        EditorView.lineWrapping,
        // Tab leaves the field, as it does everywhere else.
        keymap.of([
          { key: "Enter", run: kit.insertNewlineContinueMarkup }, { key: "Backspace", run: kit.deleteMarkupBackward },
          ...kit.defaultKeymap, ...kit.historyKeymap,
        ]),
        EditorView.contentAttributes.of({ "aria-label": at("name").textContent, spellcheck: "true", autocorrect: "on" }),
        EditorView.updateListener.of((update) => { if (update.docChanged) changed(); }),
      ],
    }),
  });
  return {
    text: () => view.state.doc.toString(),
    focus: () => view.focus(),
    go(number) {
      const line = view.state.doc.line(Math.min(number, view.state.doc.lines));
      view.dispatch({ selection: { anchor: line.from, head: line.to }, effects: EditorView.scrollIntoView(line.from, { y: "center" }) });
      view.focus();
    },
    close: () => view.destroy(),
  };
}

// Whether the text as the formatted mode would write it still reads the same: the server knows.
async function alike(text, rewritten) {
  const body = new URLSearchParams({ _token: form.elements._token.value, tekst: text, gjengitt: rewritten });
  const answer = await fetch(form.dataset.alike, { method: "POST", body, redirect: "manual" });
  return answer.ok && (await answer.json()).likt === true;
}

// Another choice, or words in the plain field, may come while an editor is on its way: the last of them counts.
async function open(name) {
  turn += 1;
  const mine = turn;
  sync();
  close();
  press(name);
  document.querySelector("[data-signs]").hidden = name === "visual";
  if (name === "plain") return undefined;
  const text = field.value, place = document.createElement("div");
  let opened = null;
  try {
    opened = await MODES[name](place, text);
  } catch (error) {
    if (mine !== turn) return undefined;
    if (name === "visual" && error?.name === "NotSafe") {
      at("not-safe").hidden = false;
      return open("source");
    }
    // A script that did not come: the plain field is there, and does.
    press("plain");
    return undefined;
  }
  if (mine !== turn || field.value !== text) {
    opened.close();
    return mine === turn ? open(name) : undefined;
  }
  mode = opened;
  at("field").replaceChildren(place);
  at("field").hidden = false;
  // What is hidden cannot be pointed at as missing; the checks say it.
  field.hidden = true;
  field.required = false;
  at("tools").hidden = name !== "visual";
  return undefined;
}

function press(name) {
  for (const one of choices) one.setAttribute("aria-pressed", String(one.dataset.mode === name));
}

function close() {
  mode?.close();
  mode = null;
  field.hidden = false;
  field.required = true;
  at("field").hidden = at("tools").hidden = true;
  at("field").replaceChildren();
}

for (const one of choices) {
  one.addEventListener("click", async () => {
    try { localStorage.setItem(CHOSEN, one.dataset.mode); } catch { /* Then it is chosen anew each time. */ }
    at("not-safe").hidden = true;
    await open(one.dataset.mode);
    (mode ?? field).focus();
  });
}
let chosen = null;
try { chosen = localStorage.getItem(CHOSEN); } catch { /* As above. */ }
at("modes").hidden = false;

// Before anybody else looks at the plain field: what was typed last is in it when it is kept and sent.
form.addEventListener("submit", (event) => {
  if (sync()) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  at("not-written").scrollIntoView({ block: "center" });
}, { capture: true });
form.addEventListener("checking", sync);
window.addEventListener("pagehide", sync, { capture: true });
document.addEventListener("visibilitychange", sync, { capture: true });
// A draft was put in the plain field: it is shown as it is, and nothing of what stood here goes over it.
form.addEventListener("taken", () => {
  clearTimeout(syncing);
  mode?.close();
  mode = null;
  open(choices.find((one) => one.getAttribute("aria-pressed") === "true").dataset.mode);
});
form.addEventListener("go", (event) => { if (mode) { event.preventDefault(); mode.go(event.detail); } });
await open(chosen === "plain" || chosen in MODES ? chosen : choices[0].dataset.mode);
form.dataset.ready = "yes";
