"""Markdown and plain text in."""

import re
from pathlib import Path
from typing import Any, Final

from samrutine.errors import DocumentRefused
from samrutine.exchange.incoming.draft import Draft, Source
from samrutine.exchange.incoming.headings import is_warning
from samrutine.exchange.incoming.kinds import decoded
from samrutine.exchange.incoming.model import FileKind, Finding, Limits, NotRead
from samrutine.exchange.incoming.pandoc import tree
from samrutine.exchange.incoming.plain_lines import Group, groups_of, is_unclear, plain_headings, tabbed
from samrutine.exchange.incoming.seen import seen_things, seen_words
from samrutine.exchange.incoming.tags import without_tags
from samrutine.procedures.front_matter import KEYS

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_FRONT = re.compile(r"\A---[ \t]*\n(.*?)\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_TITLE = re.compile(r"^title[ \t]*:[ \t]*(.+)$", re.MULTILINE)
_KEY = re.compile(r"([^\W\d][\w-]{0,40})[ \t]*:(?:\s|$)")
_KNOWN: Final = frozenset(
    {
        *KEYS,
        *("author", "authors", "date", "draft", "lang", "layout", "slug", "status", "tags", "type", "version"),
        *("ansvarlig", "dato", "emne", "forfatter", "revidert", "revisjon", "språk", "tittel", "utgave", "versjon"),
    }
)
_A_SENTENCE: Final = 3
_NOTE = re.compile(r"^ {0,3}\[\^([^\]\s]{1,60})\]:[ \t]*(.*)$", re.MULTILINE)
_RULE = re.compile(r"^[\s|:-]*-[\s|:-]*$")
_BAR = re.compile(r"(?<!\\)\|")
_SHORT = 100
_WIDE = 60
_NO_ATTRIBUTES: Final[list[Any]] = ["", [], []]
_MARK = re.compile(r"(?:[-–—•*☐☑☒]|\d{1,3}[.)])\s")


def letters(data: bytes, name: str, findings: list[Finding]) -> str:
    """
    Give a text file's letters with LF, and tell when their encoding was guessed.

    Raises:
        DocumentRefused: It is no text.
    """
    found = decoded(data)
    if found is None:
        raise DocumentRefused(NotRead("not-text", name))
    text, guessed = found
    if guessed:
        findings.append(Finding("encoding-guessed"))
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x0c", "\n\n")
    if _CONTROL.search(text):
        findings.append(Finding("control-characters"))
        text = _CONTROL.sub("", text)
    return text


def _with_unused(text: str, findings: list[Finding]) -> str:
    """
    Write a note that nothing refers to as a paragraph, and the second of one name too.

    Markdown would not show it, and a dose may stand there.
    """
    names: set[str] = set()

    def shown(match: re.Match[str]) -> str:
        name = match[1].casefold()
        again = name in names
        names.add(name)
        if again:
            findings.append(Finding("form-simplified", detail=match[2]))
        return f"\n\n{match[2]}" if again or text.count(f"[^{match[1]}]") == 1 else match[0]

    return _NOTE.sub(shown, text)


def without_front(text: str, findings: list[Finding]) -> tuple[str, str]:
    """
    Take the front matter off a Markdown text; give the rest and the title it said. Nothing else of it is used.

    It is front matter when it says something that is said of documents. Two lines of dashes may also stand around a warning,
    and that is text; so is a sentence beside the title, of which a person is told.
    """
    front = _FRONT.match(text)
    rows = [row for row in front[1].split("\n") if row[:1].strip() and row[0] not in "-#"] if front else []
    keys = [(row, found[1].lower() if (found := _KEY.match(row)) else "") for row in rows]
    if front is None or not any(said in _KNOWN for _, said in keys):
        return text, ""
    for row, said in keys:
        if said not in _KNOWN and len((row.partition(":")[2] if said else row).split()) >= _A_SENTENCE:
            findings.append(Finding("words-missing", detail=row))
    findings.append(Finding("front-matter-ignored", detail=" ".join(front[1].split())))
    title = _TITLE.search(front[1])
    return text[front.end() :], title[1].strip().strip("\"'") if title else ""


def read_markdown(data: bytes, name: str, limits: Limits, folder: Path) -> Draft:
    """Read Markdown; what stands at its top decides nothing here, and HTML in it is only words."""
    draft = Draft(FileKind.MARKDOWN, {})
    text, title = without_front(letters(data, name, draft.findings), draft.findings)
    text = _with_unused(text, draft.findings)
    draft.findings += _beyond(text)
    draft.title = title
    draft.tree = tree(text.encode(), "markdown", name, folder, limits.seconds)
    draft.source = Source(lines=without_tags(seen_words(text), " ").split("\n"), counts=seen_things(text))
    return draft


def _beyond(text: str) -> list[Finding]:
    """Tell of cells in rows that are longer than their header: Markdown shows nothing of them."""
    found: list[Finding] = []
    width = 0
    before = ""
    for line in text.split("\n"):
        if "|" not in line:
            width = 0
        elif _RULE.match(line) and "|" in before:
            width = len(_cells(before))
        elif width and any(beyond := _cells(line)[width:]):
            found.append(Finding("words-missing", detail=" | ".join(beyond)))
        before = line
    return found


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in _BAR.split(line.strip().removeprefix("|").removesuffix("|"))]


def read_text(data: bytes, name: str) -> Draft:
    """
    Read plain text: paragraphs with empty lines between them, or one a line where there are none.

    A short line in capitals, with a number or with a line of signs under it is a heading, where there are several of that kind.
    Lines with tabs between their words are a table.
    """
    draft = Draft(FileKind.TEXT, {})
    text = letters(data, name, draft.findings)
    rows = [line.rstrip(" ") for line in text.split("\n")]
    groups = groups_of(rows)
    first = next((row.strip() for row in rows if row.strip()), "")
    if (
        len(groups) > 1
        and len(groups[0]) == 1
        and len(first) <= _SHORT
        and not first.endswith((".", ",", ";", ":"))
        and first[0] not in "-–•*☐0123456789"
        and not is_warning(first)
    ):
        draft.title = first
        draft.findings.append(Finding("title-guessed", detail=first))
        groups = groups[1:]
    blocks: list[dict[str, Any]] = []
    for group in plain_headings(groups):
        blocks += _blocks(group, draft.findings)
    draft.tree = {"blocks": blocks}
    return draft


def _blocks(group: Group, findings: list[Finding]) -> list[dict[str, Any]]:
    blocks: list[dict[str, Any]] = []
    if group.heading:
        blocks.append({"t": "Para", "c": [{"t": "Strong", "c": _words(group.heading)}]})
    at = 0
    while at < len(group.lines):
        cells, end = tabbed(group.lines, at)
        if cells:
            findings.append(Finding("table-from-tabs", detail=" | ".join(cells[0])))
            blocks.append(_table(cells))
        else:
            if is_unclear(group.lines[at:end]):
                findings.append(Finding("table-unclear", detail=" | ".join(filter(None, group.lines[at].split("\t")))))
            blocks.append(_paragraph([line.strip() for line in group.lines[at:end]]))
        at = end
    return blocks


def _table(rows: list[list[str]]) -> dict[str, Any]:
    """Write a table as pandoc does, with no head: which row that is, is decided for all tables alike."""

    def cell(text: str) -> list[Any]:
        return [_NO_ATTRIBUTES, {"t": "AlignDefault"}, 1, 1, [{"t": "Plain", "c": _words(text)}]]

    def row(cells: list[str]) -> list[Any]:
        return [_NO_ATTRIBUTES, [cell(one) for one in cells]]

    columns = [[{"t": "AlignDefault"}, {"t": "ColWidthDefault"}] for _ in rows[0]]
    body = [_NO_ATTRIBUTES, 0, [], [row(one) for one in rows]]
    nothing: list[Any] = [_NO_ATTRIBUTES, []]
    return {"t": "Table", "c": [_NO_ATTRIBUTES, [None, []], columns, nothing, [body], nothing]}


def _words(text: str) -> list[dict[str, Any]]:
    inlines: list[dict[str, Any]] = []
    for n, word in enumerate(text.split()):
        inlines += [{"t": "Space"}] * bool(n) + [{"t": "Str", "c": word}]
    return inlines


def _paragraph(lines: list[str]) -> dict[str, Any]:
    inlines: list[dict[str, Any]] = []
    for n, line in enumerate(lines):
        # A line that is as long as a line can be was broken by the program, a short one by its writer.
        broken = n > 0 and (len(lines[n - 1]) < _WIDE or _MARK.match(line) is not None)
        inlines += [{"t": "LineBreak"} if broken else {"t": "Space"}] * bool(n)
        inlines += _words(line)
    return {"t": "Para", "c": inlines}
