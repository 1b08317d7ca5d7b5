"""The Markdown of a text laid beside its tree: which lines each block has, and its notes and link definitions."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from samrutine.exchange.tree import (
    Block,
    BulletList,
    Framed,
    Line,
    Link,
    Note,
    NoteMark,
    OrderedList,
    Picture,
    Quote,
    Styled,
    Table,
    Tree,
    tree,
)
from samrutine.procedures.markdown import markdown

if TYPE_CHECKING:
    from markdown_it.token import Token

_LABELLED: Final = re.compile(r"\[\^([^\]\s]+)\]")


@dataclass(frozen=True, slots=True)
class Segment:
    """
    A block, and the lines that it is written in.

    `unseen` are the lines right after it of which no reader sees anything, such as a picture without words.
    """

    source: str
    block: Block
    unseen: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Laid:
    """
    A body taken apart.

    Attributes:
        unseen: The lines before the first block of which nothing is seen.
        notes: The footnotes by the name that the text gives them, in the order of their first marks.
        definitions: The lines that define each note, by its name.
        links: The lines that define links, by the name that the parser has for each.
    """

    segments: tuple[Segment, ...]
    unseen: tuple[str, ...]
    notes: Mapping[str, Note]
    definitions: Mapping[str, str]
    links: Mapping[str, str]


def laid(body: str) -> Laid:
    """Lay a body beside its tree."""
    env: dict[str, object] = {}
    tokens = markdown().parse(body, env)
    lines = body.split("\n")
    read = tree(body, {})
    sources = [
        ("\n".join(lines[token.map[0] : token.map[1]]).strip("\n"), _is_seen(inline))
        for token, inline in _with_inline(tokens)
        if token.map is not None
    ]
    blocks = iter(read.blocks if sum(seen for _, seen in sources) == len(read.blocks) else ())
    segments: list[Segment] = []
    before: list[str] = []
    for source, seen in sources:
        block = next(blocks, None) if seen else None
        if block is not None:
            segments.append(Segment(source, block))
        elif segments:
            segments[-1] = replace(segments[-1], unseen=(*segments[-1].unseen, source))
        else:
            before.append(source)
    links = _link_lines(env, lines)
    notes = _note_lines(env, lines, tokens, links)
    return Laid(tuple(segments), tuple(before), _named_notes(tokens, read), notes, links)


def note_names(body: str) -> Mapping[int, str]:
    """Give the name of each note by its number in the tree."""
    return _names(markdown().parse(body, {}))


def used_links(text: str) -> frozenset[str]:
    """Give the names of the link definitions that a text uses."""
    found = set()
    for token in markdown().parse(text, {}):
        for one in (token, *(token.children or ())):
            if one.meta.get("label") and one.type in {"link_open", "image"}:
                found.add(str(one.meta["label"]))
    return frozenset(found)


def notes_in(text: str) -> frozenset[str]:
    """Give the names of the notes that Markdown has marks of."""
    return frozenset(_LABELLED.findall(text))


def pictures_of(blocks: Iterable[Block], notes: Mapping[int, Note]) -> Iterator[Picture]:
    """Give the pictures in the order that a Word file has them: those of a note where its first mark stands."""
    for line in _lines(blocks):
        yield from _pictures(line, notes)


def _pictures(line: Line, notes: Mapping[int, Note]) -> Iterator[Picture]:
    for part in line:
        match part:
            case Picture():
                yield part
            case Styled() | Link():
                yield from _pictures(part.content, notes)
            case NoteMark(first=True) if part.number in notes:
                yield from pictures_of(notes[part.number].blocks, {})
            case _:
                pass


def _lines(blocks: Iterable[Block]) -> Iterator[Line]:
    for block in blocks:
        match block:
            case BulletList() | OrderedList():
                for item in block.items:
                    yield from _lines(item.blocks)
            case Table():
                yield from block.header
                for row in block.rows:
                    yield from row
            case Quote() | Framed():
                yield from _lines(block.blocks)
            case _:
                if hasattr(block, "content"):
                    yield block.content


def _top(tokens: "Sequence[Token]") -> "Iterator[Token]":
    for token in tokens:
        if token.type == "footnote_block_open":
            return
        if token.level == 0 and token.nesting >= 0:
            yield token


def _with_inline(tokens: "Sequence[Token]") -> "Iterator[tuple[Token, Token | None]]":
    for n, token in enumerate(tokens):
        if token.type == "footnote_block_open":
            return
        if token.level == 0 and token.nesting >= 0:
            yield token, tokens[n + 1] if token.type == "paragraph_open" else None


def _is_seen(inline: "Token | None") -> bool:
    return inline is None or any(
        child.type != "image" or any(one.content.strip() for one in child.children or ())
        for child in inline.children or ()
    )


def _names(tokens: "Iterable[Token]") -> dict[int, str]:
    found: dict[int, str] = {}
    for token in tokens:
        for child in token.children or ():
            if child.type == "footnote_ref":
                found[int(child.meta["id"]) + 1] = str(child.meta["label"])
    return found


def _named_notes(tokens: "Sequence[Token]", read: Tree) -> Mapping[str, Note]:
    names = _names(tokens)
    return {names[note.number]: note for note in read.notes if note.number in names}


def _link_lines(env: Mapping[str, object], lines: Sequence[str]) -> dict[str, str]:
    references = env.get("references")
    if not isinstance(references, dict):
        return {}
    return {str(label): "\n".join(lines[one["map"][0] : one["map"][1]]) for label, one in references.items()}


def _note_lines(
    env: Mapping[str, object], lines: Sequence[str], tokens: "Sequence[Token]", links: Mapping[str, str]
) -> dict[str, str]:
    definitions = env.get("footnote_definitions")
    if not isinstance(definitions, list):
        return {}
    starts = sorted((int(line) - 1, str(label)) for label, line in definitions)
    ends = [token.map[0] for token in _top(tokens) if token.map is not None] + [start for start, _ in starts]
    links_at = {line for one in links.values() for line in one.split("\n")}
    found: dict[str, str] = {}
    for start, label in starts:
        end = min((at for at in ends if at > start), default=len(lines))
        kept = list(lines[start:end])
        # The definitions of links stand after those of notes.
        while kept and (not kept[-1].strip() or kept[-1] in links_at):
            kept.pop()
        found[label] = "\n".join(kept)
    return found
