"""
The stored form of a body, made by mdformat, and the proof that no word was lost on the way.

mdformat leaves out, without a word, a footnote or link definition that nothing uses, and one of two with the same
name; a dose limit once vanished so. What it would lose is looked for first, so that the writer gets a line and a
remedy; then the text a reader sees is compared before and after, so that what nobody thought of is refused too.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from itertools import zip_longest
from typing import TYPE_CHECKING, Final

from samrutine.procedures.bounds import FORBIDDEN, MOST_ITEMS
from samrutine.procedures.findings import Finding
from samrutine.procedures.markdown import markdown, too_deep

if TYPE_CHECKING:
    from markdown_it.token import Token

_PASSES: Final = 4
_Row = tuple[int, str]
_WHITE = re.compile(r"[ \t\n]+")
# What mdformat and its extensions raise on marks they did not foresee; they have no error class of their own.
_UNFORESEEN: Final = (AssertionError, LookupError, ValueError, AttributeError, TypeError, RecursionError)


def canonical_body(body: str, first_line: int) -> tuple[str, tuple[Finding, ...]]:
    """
    Put a body in the stored form.

    Args:
        body: Markdown, decoded and with LF, within bounds.
        first_line: The line in the file that the body's first line is, for the findings.

    Returns:
        The stored form, ending in one line feed or empty; and what stops it from being stored, if anything. A body
        in the stored form comes back unchanged.
    """
    # A code block that is not closed ends with the text; without a last line feed its words and its end would run together.
    body = body.rstrip("\n") + "\n" if body.strip() else ""
    env: dict[str, object] = {}
    tokens = markdown().parse(body, env)
    found = tuple(
        Finding(finding.key, finding.line + first_line - 1, finding.severity, finding.places)
        for finding in _losses(tokens, env)
    )
    if found:
        return "", found
    formatted = _stable(body)
    if formatted is None:
        return "", (Finding("form-changes", first_line + _first_unstable(tokens, body) - 1),)
    changed = _first_change(tokens, formatted)
    if changed is not None:
        return "", (Finding("form-changes", first_line + changed - 1),)
    return formatted, ()


def reads_alike(one: str, other: str) -> bool:
    """Tell whether a reader sees the same in two bodies, whatever the marks that they are written with."""
    return all(a[1] == b[1] if a and b else False for a, b in zip_longest(*map(_shown, (one, other))))


def _shown(body: str) -> Iterator[_Row]:
    return _seen(markdown().parse(body, {}))


def _losses(tokens: "list[Token]", env: Mapping[str, object]) -> Iterator[Finding]:
    deep = too_deep(tokens)
    if deep is not None:
        yield Finding("nested-too-deep", deep)
    yield from _long_lists(tokens)
    yield from _hidden_characters(tokens)
    yield from _footnote_losses(env)
    yield from _link_losses(tokens, env)


def _long_lists(tokens: "list[Token]") -> Iterator[Finding]:
    items: list[tuple[int, int]] = []
    for token in tokens:
        match token.type:
            case "bullet_list_open" | "ordered_list_open":
                items.append((0, _line(token)))
            case "bullet_list_close" | "ordered_list_close":
                count, line = items.pop()
                if count > MOST_ITEMS:
                    yield Finding("too-many-items", line, places={"most": MOST_ITEMS})
            case "list_item_open":
                items[-1] = (items[-1][0] + 1, items[-1][1])
            case _:
                pass


def _hidden_characters(tokens: "list[Token]") -> Iterator[Finding]:
    # A character reference (`&#8;`) passes the check of the file's own characters; the stored form would hold the
    # character itself.
    for token, line in _with_lines(tokens):
        texts = (token.content, *(str(value) for value in token.attrs.values()))
        match = next(filter(None, map(FORBIDDEN.search, texts)), None) if token.type != "inline" else None
        if match is not None:
            yield Finding("control-character", line, places={"code": f"U+{ord(match[0]):04X}"})
            return


def _footnote_losses(env: Mapping[str, object]) -> Iterator[Finding]:
    definitions = env.get("footnote_definitions")
    notes = env.get("footnotes")
    if not isinstance(definitions, list) or not isinstance(notes, dict):
        return
    seen: set[str] = set()
    for label, line in definitions:
        if label in seen:
            yield Finding("footnote-twice", line, places={"label": label[:40]})
        elif notes["refs"].get(f":{label}", -1) < 0:
            yield Finding("footnote-unused", line, places={"label": label[:40]})
        seen.add(label)


def _link_losses(tokens: "list[Token]", env: Mapping[str, object]) -> Iterator[Finding]:
    references, twice = env.get("references"), env.get("duplicate_refs")
    used = {str(token.meta["label"]) for token, _ in _with_lines(tokens) if token.meta.get("label")}
    if isinstance(references, dict):
        for label, reference in references.items():
            if label not in used:
                yield Finding("link-unused", reference["map"][0] + 1, places={"label": label.lower()[:40]})
    if isinstance(twice, list):
        for reference in twice:
            places = {"label": str(reference["label"]).lower()[:40]}
            yield Finding("link-twice", reference["map"][0] + 1, places=places)


def _formatted(body: str) -> str | None:
    # Imported here: mdformat looks its extensions up among the installed packages, and only who keeps a text needs it.
    import mdformat

    # The extension `frontmatter` is left out: the front matter is ours, and a body that begins with a line (`---`) must
    # not become one.
    try:
        written = mdformat.text(body, extensions={"gfm", "footnote"}, options={"number": True, "compact_tables": True})
    except _UNFORESEEN:
        return None
    return unicodedata.normalize("NFC", written).lstrip("\n")


def _stable(body: str) -> str | None:
    """Format until nothing changes any more; mdformat nearly always needs one pass, a few marks need two."""
    before = _formatted(body)
    for _ in range(_PASSES):
        if before is None:
            return None
        after = _formatted(before)
        if after == before:
            return after
        before = after
    return None


def _first_unstable(tokens: "list[Token]", body: str) -> int:
    lines = body.split("\n")
    for token in tokens:
        if token.level == 0 and token.nesting >= 0 and token.map is not None:
            start, end = token.map
            if _stable("\n".join(lines[start:end]) + "\n") is None:
                return start + 1
    return 1


def _first_change(tokens: "list[Token]", formatted: str) -> int | None:
    """Give the line of the first place where the reader would see something else, or None."""
    line = 1
    for before, after in zip_longest(_seen(tokens), _seen(markdown().parse(formatted, {}))):
        line = before[0] if before else line
        if before is None or after is None or before[1] != after[1]:
            return line
    return None


def _seen(tokens: "list[Token]") -> Iterator[_Row]:
    """Give what a reader sees, block by block: the kind of block, its words, where its links lead."""
    line = 1
    for token in tokens:
        line = _line(token, line)
        if token.type == "inline":
            yield line, _WHITE.sub(" ", unicodedata.normalize("NFC", "".join(_inline(token)))).strip()
        elif token.type in {"fence", "code_block"}:
            # An indented block becomes a fenced one; a reader sees no difference.
            yield line, f"code {token.info.strip()}\n{unicodedata.normalize('NFC', token.content)}".rstrip("\n")
        elif token.type not in {"paragraph_open", "paragraph_close", "footnote_anchor"}:
            attributes = sorted((name, str(value)) for name, value in token.attrs.items() if name != "class")
            yield line, f"{token.type} {token.tag} {attributes}"


def _inline(token: "Token") -> Iterator[str]:
    for child in token.children or []:
        match child.type:
            case "text" | "text_special":
                yield child.content
            case "softbreak":
                yield " "
            case "code_inline":
                yield f"\x01code {child.content}\x01"
            case "image":
                yield f"\x01image {sorted(child.attrs.items())} {''.join(_inline(child))}\x01"
            case "footnote_ref":
                yield f"\x01note {child.meta['label']}\x01"
            case _:
                yield f"\x01{child.type} {sorted(child.attrs.items())} {child.content}\x01"


def _with_lines(tokens: "list[Token]") -> "Iterator[tuple[Token, int]]":
    line = 1
    for token in tokens:
        line = _line(token, line)
        yield token, line
        for child, _ in _with_lines(token.children or []):
            yield child, line


def _line(token: "Token", otherwise: int = 1) -> int:
    return token.map[0] + 1 if token.map else otherwise
