// Formatted text. What nobody touched comes back as it was written, sign by sign; what was touched is written anew, and no more.

class NotSafe extends Error { name = "NotSafe"; }

// The Markdown of samrutine: tables, footnotes, check lists, struck words; addresses are links only when written so; no HTML.
const dialect = (kit) => kit.$remark("samrutine", () => function ours() {
  const data = this.data(), add = (name, ...more) => { (data[name] ??= []).push(...more); };
  add("micromarkExtensions", kit.gfmFootnote(), kit.gfmStrikethrough({ singleTilde: false }), kit.gfmTable(), kit.gfmTaskListItem(),
    { disable: { null: ["htmlFlow", "htmlText"] } });
  add("fromMarkdownExtensions", kit.gfmFootnoteFromMarkdown(), kit.gfmStrikethroughFromMarkdown(), kit.gfmTableFromMarkdown(),
    kit.gfmTaskListItemFromMarkdown());
  add("toMarkdownExtensions", kit.gfmFootnoteToMarkdown(), kit.gfmStrikethroughToMarkdown(),
    kit.gfmTableToMarkdown({ tablePipeAlign: false }), kit.gfmTaskListItemToMarkdown());
});
// In an item of a list a table or a box of code needs a line of air, or it would be read as words of the paragraph above.
const air = (one, next, parent) => (parent.type === "listItem" && next.type !== "list" && !(one.type === "list" && next.type === "paragraph") ? 1 : undefined);
const LOOKS = {
  bullet: "-", emphasis: "*", strong: "*", rule: "-", fences: true, listItemIndent: "one", incrementListMarker: true, join: [air],
};

// Stars, since `_` within a word is no mark. A table that was cut to pieces is the rows that are left of it, and an item without a word
// has no box: in Markdown the box would be its words.
function hands(kit, given) {
  const starred = (hand) => (node, ...rest) => hand({ ...node, marker: "*" }, ...rest);
  const { table } = kit.gfmTableToMarkdown({ tablePipeAlign: false }).handlers, { paragraph } = kit.gfmTaskListItemToMarkdown().handlers;
  return {
    ...given, emphasis: starred(given.emphasis), strong: starred(given.strong),
    paragraph: (node, ...rest) => (node.children?.length ? paragraph(node, ...rest) : ""),
    table(node, ...rest) {
      const children = (node.children ?? []).filter((row) => row.children?.length);
      return children.length ? table({ ...node, align: node.align ?? [], children }, ...rest) : "";
    },
  };
}

// A cell stands to no side until somebody says so, also in what is pasted and in a new column.
const sides = (cell) => cell.extendSchema((before) => (context) => {
  const schema = before(context);
  const parseDOM = schema.parseDOM.map((rule) => ({
    ...rule, getAttrs: (dom) => ({ ...rule.getAttrs(dom), alignment: dom.style.textAlign || null }),
  }));
  return { ...schema, parseDOM, attrs: { ...schema.attrs, alignment: { default: null } } };
});

// Where a link leads stands beside it and is nowhere to go from here: `rutine:` is no address of the web, and others lead away.
const links = (kit) => kit.linkSchema.extendSchema((before) => (context) => {
  const schema = before(context);
  const read = (dom) => ({ href: dom.dataset.leads, title: dom.getAttribute("title") });
  return {
    ...schema,
    parseDOM: [{ tag: "a[data-leads]", getAttrs: read }, ...schema.parseDOM],
    toDOM: ({ attrs }) => ["a", { href: "#", "data-leads": attrs.href, ...(attrs.title ? { title: attrs.title } : {}) }, 0],
  };
});

// An item of a check list has a box that can be ticked, also by the keyboard.
const boxes = (kit) => kit.$view(kit.extendListItemSchemaForTask.node, () => (first, view, getPos) => {
  const dom = document.createElement("li");
  if (first.attrs.checked === null) return { dom, contentDOM: dom, update: (node) => node.type === first.type && node.attrs.checked === null };
  const box = document.createElement("input"), contentDOM = document.createElement("div");
  dom.className = "task";
  Object.assign(box, { type: "checkbox", className: "box" });
  box.contentEditable = "false";
  box.addEventListener("change", () => {
    view.dispatch(view.state.tr.setNodeAttribute(getPos(), "checked", box.checked));
  });
  const update = (node) => {
    if (node.type !== first.type || node.attrs.checked === null) return false;
    box.checked = node.attrs.checked;
    box.setAttribute("aria-label", node.firstChild.textContent.slice(0, 80) || "–");
    return true;
  };
  update(first);
  dom.append(box, contentDOM);
  return { dom, contentDOM, update, stopEvent: (event) => event.target === box, ignoreMutation: (one) => !contentDOM.contains(one.target) };
});

// The pairs of places where two lists have the same, in order: the longest such.
function common(one, other) {
  let start = 0, end = 0;
  while (start < one.length && start < other.length && one[start] === other[start]) start += 1;
  while (end < one.length - start && end < other.length - start && one.at(-1 - end) === other.at(-1 - end)) end += 1;
  const rows = one.length - start - end, columns = other.length - start - end, pairs = [];
  for (let n = 0; n < start; n += 1) pairs.push([n, n]);
  const longest = Array.from({ length: rows + 1 }, () => new Uint32Array(columns + 1));
  for (let a = rows - 1; a >= 0; a -= 1) {
    for (let b = columns - 1; b >= 0; b -= 1) {
      longest[a][b] = one[start + a] === other[start + b] ? longest[a + 1][b + 1] + 1 : Math.max(longest[a + 1][b], longest[a][b + 1]);
    }
  }
  for (let a = 0, b = 0; a < rows && b < columns;) {
    if (one[start + a] === other[start + b]) pairs.push([start + a++, start + b++]);
    else if (longest[a + 1][b] >= longest[a][b + 1]) a += 1;
    else b += 1;
  }
  for (let n = end; n > 0; n -= 1) pairs.push([one.length - n, other.length - n]);
  return pairs;
}

// What was written, with the lines that were changed in the editor: line by line where the two have the same lines.
function withChanges(written, before, after) {
  const [lines, was, is] = [written, before, after].map((one) => one.split("\n"));
  if (lines.length !== was.length) return after;
  const kept = new Map(common(was, is).map(([one, other]) => [other, lines[one]]));
  return is.map((line, n) => kept.get(n) ?? line).join("\n");
}

export async function visualMode({ kit, place, tools, link, text, changed, alike }) {
  const root = document.createElement("div");
  place.replaceChildren(root);
  let tell = () => {};
  const left = new Set([
    ...kit.remarkGFMPlugin, ...kit.remarkPreserveEmptyLinePlugin, kit.emphasisUnderscoreInputRule, kit.strikethroughInputRule,
  ]);
  const editor = await kit.Editor.make()
    .config((ctx) => {
      ctx.set(kit.rootCtx, root);
      ctx.set(kit.defaultValueCtx, text);
      ctx.update(kit.remarkStringifyOptionsCtx, (options) => ({ ...options, ...LOOKS, handlers: hands(kit, options.handlers) }));
      ctx.update(kit.editorViewOptionsCtx, (options) => ({
        ...options,
        attributes: { class: "written text", role: "textbox", "aria-multiline": "true", "aria-labelledby": "navn-tekst", spellcheck: "true" },
        dispatchTransaction(change) {
          this.updateState(this.state.apply(change));
          tell(change.docChanged);
        },
        handleDOMEvents: { keydown: onKey },
      }));
    })
    .use([...kit.commonmark, ...kit.gfm].flat().filter((one) => !left.has(one)))
    .use([dialect(kit), links(kit), sides(kit.tableHeaderSchema), sides(kit.tableCellSchema), boxes(kit), kit.history, kit.clipboard].flat())
    .create();
  const context = editor.ctx, view = context.get(kit.editorViewCtx), { schema } = view.state;
  const parse = context.get(kit.parserCtx), serialise = context.get(kit.serializerCtx), remark = context.get(kit.remarkCtx);

  // Tab goes from cell to cell in a table, and else leaves the field, as it does everywhere.
  function onKey(shown, event) {
    if (event.key !== "Tab" || event.ctrlKey || event.altKey || event.metaKey) return false;
    if (kit.goToNextCell(event.shiftKey ? -1 : 1)(shown.state, shown.dispatch)) event.preventDefault();
    return true;
  }

  const remembered = new WeakMap();
  const written = (node) => {
    if (!remembered.has(node)) remembered.set(node, trimmed(serialise(schema.topNodeType.create(null, node))));
    return remembered.get(node);
  };
  const trimmed = (one) => one.replace(/^\n+|\s+$/g, "");
  const whole = (doc) => trimmed(serialise(doc));

  // Each block as somebody wrote it, beside what the editor would write for it.
  const first = parse(text), tree = remark.runSync(remark.parse(text), text);
  const places = tree.children.map((one) => [one.position.start.offset, one.position.end.offset]);
  const between = (n) => text.slice(n < 0 ? 0 : places[n][1], places[n + 1]?.[0] ?? text.length);
  const gaps = places.map((_, n) => between(n));
  const isWhole = (first.childCount === places.length || !text.trim()) && [between(-1), ...gaps].every((one) => !one.trim());
  if (!isWhole || !(await alike(text, whole(first)))) {
    await editor.destroy();
    throw new NotSafe();
  }
  const blocks = places.map(([start, end]) => text.slice(start, end));
  const before = first.content.content.map(written);

  function merged(doc, inner) {
    const after = doc.content.content.map(written).filter(Boolean);
    const same = new Map(common(before, after).map(([one, other]) => [other, one]));
    const pieces = [];
    for (let n = 0; n < after.length; n += 1) {
      let from = same.get(n);
      if (from === undefined && inner) {
        // One block that became another one in its place.
        const previous = n === 0 ? -1 : same.get(n - 1), next = n === after.length - 1 ? before.length : same.get(n + 1);
        if (previous !== undefined && next !== undefined && next - previous === 2) from = previous + 1;
      }
      pieces.push({ from, text: from === undefined ? after[n] : same.has(n) ? blocks[from] : withChanges(blocks[from], before[from], after[n]) });
    }
    return pieces.map((one, n) => {
      const next = pieces[n + 1];
      if (!next) return one.text + (one.from === blocks.length - 1 ? gaps.at(-1) : "\n");
      return one.text + (one.from !== undefined && next.from === one.from + 1 ? gaps[one.from] : "\n\n");
    }).join("");
  }

  function current() {
    const { doc } = view.state, meant = whole(doc);
    if (meant === whole(first)) return text;
    for (const made of [merged(doc, true), merged(doc, false)]) {
      const again = parse(made);
      if (whole(again) === meant && words(again) === words(doc)) return made;
    }
    if (words(parse(meant)) !== words(doc)) throw new Error("What is shown cannot be written down.");
    return `${meant}\n`;
  }
  const words = (doc) => doc.textContent.replace(/\s+/g, "");

  const commands = tools_(kit, context, view, schema, link);
  const buttons = [...tools.querySelectorAll("[data-do]")], inTable = tools.querySelector("[data-in-table]");
  const reachable = () => buttons.filter((one) => !one.disabled && !(inTable.hidden && inTable.contains(one)));
  function showState() {
    inTable.hidden = !kit.isInTable(view.state);
    for (const one of buttons) {
      const command = commands[one.dataset.do];
      one.disabled = !(command.able?.() ?? true);
      if (command.on) one.setAttribute("aria-pressed", String(command.on()));
    }
    const open = reachable();
    if (!open.some((one) => one.tabIndex === 0)) for (const one of buttons) one.tabIndex = one === open[0] ? 0 : -1;
  }
  const stop = new AbortController(), { signal } = stop;
  tools.addEventListener("mousedown", (event) => event.preventDefault(), { signal });
  tools.addEventListener("click", (event) => {
    const name = event.target.closest("[data-do]")?.dataset.do;
    if (!name) return;
    commands[name].run();
    showState();
  }, { signal });
  tools.addEventListener("keydown", (event) => {
    const open = reachable(), at = open.indexOf(document.activeElement);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: open.length - 1 }[event.key];
    if (to === undefined || at < 0) return;
    event.preventDefault();
    for (const one of buttons) one.tabIndex = -1;
    const next = open[(to + open.length) % open.length];
    next.tabIndex = 0;
    next.focus();
  }, { signal });
  tell = (isChanged) => { showState(); if (isChanged) changed(); };
  showState();

  return {
    text: current,
    focus: () => view.focus(),
    go(line) {
      const now = current(), found = remark.runSync(remark.parse(now), now).children;
      const block = Math.max(0, found.findLastIndex((one) => one.position.start.line <= line));
      const at = Math.min(block, view.state.doc.childCount - 1);
      let start = 0;
      for (let n = 0; n < at; n += 1) start += view.state.doc.child(n).nodeSize;
      view.dispatch(view.state.tr.setSelection(kit.Selection.near(view.state.doc.resolve(start + 1))).scrollIntoView());
      view.focus();
    },
    close() { stop.abort(); editor.destroy(); },
  };
}

// What the buttons do: `able` says when, and `on` whether it is so where the cursor stands.
function tools_(kit, context, view, schema, link) {
  const { nodes, marks } = schema;
  const act = (command) => { command(view.state, view.dispatch, view); view.focus(); };
  const can = (command) => command(view.state, undefined, view);
  const above = (type, test = () => true) => {
    const { $from } = view.state.selection;
    for (let depth = $from.depth; depth > 0; depth -= 1) if ($from.node(depth).type === type && test($from.node(depth))) return depth;
    return 0;
  };
  const item = () => above(nodes.list_item);
  const listOf = () => (item() ? view.state.selection.$from.node(item() - 1).type : null);
  const marked = (mark) => {
    const { from, to, empty, $from } = view.state.selection;
    return empty ? Boolean(mark.isInSet(view.state.storedMarks ?? $from.marks())) : view.state.doc.rangeHasMark(from, to, mark);
  };
  const heading = (level) => {
    const on = () => Boolean(above(nodes.heading, (node) => node.attrs.level === level));
    const command = () => (on() ? kit.setBlockType(nodes.paragraph) : kit.setBlockType(nodes.heading, { level }));
    return { on, able: () => can(command()), run: () => act(command()) };
  };
  const mark = (type) => ({ on: () => marked(type), able: () => can(kit.toggleMark(type)), run: () => act(kit.toggleMark(type)) });
  const isTicked = () => item() > 0 && view.state.selection.$from.node(item()).attrs.checked !== null;

  // Each item that the selection touches becomes one to tick, or is one no more.
  function setBoxes(checked) {
    const { from, to } = view.state.selection, change = view.state.tr;
    view.state.doc.nodesBetween(from, to, (node, at) => { if (node.type === nodes.list_item) change.setNodeAttribute(at, "checked", checked); });
    view.dispatch(change);
    view.focus();
  }
  const list = (type) => ({
    on: () => listOf() === type && !isTicked(),
    able: () => Boolean(item()) || can(kit.wrapInList(type)),
    run() {
      const depth = item();
      if (!depth) return act(kit.wrapInList(type));
      if (isTicked()) setBoxes(null);
      else if (listOf() === type) return act(kit.liftListItem(nodes.list_item));
      if (listOf() !== type) {
        const { $from } = view.state.selection;
        view.dispatch(view.state.tr.setNodeMarkup($from.before(depth - 1), type));
      }
      return view.focus();
    },
  });
  const table = (command, able = () => true) => ({ able: () => kit.isInTable(view.state) && able(), run: () => act(command) });
  const size = () => { const { map, top } = kit.selectedRect(view.state); return { rows: map.height, columns: map.width, top }; };

  function newTable() {
    const cell = (type) => type.create({ alignment: null }, nodes.paragraph.create());
    const row = (type, of) => type.create(null, [cell(of), cell(of)]);
    const made = nodes.table.create(null, [row(nodes.table_header_row, nodes.table_header), row(nodes.table_row, nodes.table_cell)]);
    const change = view.state.tr, { $from } = view.state.selection;
    const here = $from.before(1), block = $from.node(1);
    const isEmpty = block.type === nodes.paragraph && !block.content.size;
    const at = isEmpty ? here : here + block.nodeSize;
    change.replaceWith(at, isEmpty ? at + block.nodeSize : at, made);
    view.dispatch(change.setSelection(kit.Selection.near(change.doc.resolve(at + 3))).scrollIntoView());
    view.focus();
  }

  function newNote() {
    let last = 0;
    view.state.doc.descendants((node) => { if (node.type === nodes.footnote_definition) last = Math.max(last, Number(node.attrs.label) || 0); });
    const label = String(last + 1), change = view.state.tr;
    change.insert(view.state.selection.to, nodes.footnote_reference.create({ label }));
    const end = change.doc.content.size;
    change.insert(end, nodes.footnote_definition.create({ label }, nodes.paragraph.create()));
    view.dispatch(change.setSelection(kit.Selection.near(change.doc.resolve(end + 2))).scrollIntoView());
    view.focus();
  }

  function askForLink() {
    const type = marks.link, { from, to, $from, empty } = view.state.selection, input = link.querySelector("input");
    const here = type.isInSet(empty ? $from.marks() : ($from.nodeAfter?.marks ?? []));
    let [start, end] = [from, to];
    if (empty && here) {
      // The cursor stands in a link: it is that one.
      $from.parent.forEach((node, offset) => {
        const at = $from.start() + offset;
        if (here.isInSet(node.marks) && at <= from && from <= at + node.nodeSize) [start, end] = [at, at + node.nodeSize];
      });
    }
    input.value = here?.attrs.href ?? "";
    link.addEventListener("close", () => {
      const change = view.state.tr, address = input.value.trim();
      if (link.returnValue === "bort") change.removeMark(start, end, type);
      if (link.returnValue === "ja" && address) {
        if (start === end) change.insertText(address, start);
        change.removeMark(start, start === end ? start + address.length : end, type);
        change.addMark(start, start === end ? start + address.length : end, type.create({ href: address }));
      }
      view.dispatch(change);
      view.focus();
    }, { once: true });
    link.returnValue = "nei";
    link.showModal();
    input.focus();
  }

  return {
    heading: heading(2), subheading: heading(3), strong: mark(marks.strong), emphasis: mark(marks.emphasis),
    bullets: list(nodes.bullet_list), numbers: list(nodes.ordered_list),
    checks: {
      on: isTicked,
      able: () => Boolean(item()) || can(kit.wrapInList(nodes.bullet_list)),
      run() {
        if (!item()) act(kit.wrapInList(nodes.bullet_list));
        setBoxes(isTicked() ? null : false);
      },
    },
    inward: { able: () => can(kit.sinkListItem(nodes.list_item)), run: () => act(kit.sinkListItem(nodes.list_item)) },
    outward: { able: () => can(kit.liftListItem(nodes.list_item)), run: () => act(kit.liftListItem(nodes.list_item)) },
    table: { able: () => !kit.isInTable(view.state), run: newTable },
    link: { on: () => marked(marks.link), run: askForLink },
    note: { able: () => view.state.selection.$to.parent.inlineContent && !above(nodes.footnote_definition), run: newNote },
    undo: { able: () => can(kit.undo), run: () => act(kit.undo) },
    redo: { able: () => can(kit.redo), run: () => act(kit.redo) },
    row: table(() => kit.callCommand(kit.addRowAfterCommand.key)(context)),
    column: table(() => kit.callCommand(kit.addColAfterCommand.key)(context)),
    "no-row": table(kit.deleteRow, () => size().rows > 2 && size().top > 0),
    "no-column": table(kit.deleteColumn, () => size().columns > 1),
  };
}
