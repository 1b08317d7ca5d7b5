"""The words of one paragraph of a Word file, as the parts of a line: weights, links, notes, local values, pictures."""

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final
from urllib.parse import unquote, urlsplit

from samrutine.exchange.incoming import marks
from samrutine.exchange.incoming.model import Finding
from samrutine.exchange.incoming.word_fields import shown_by
from samrutine.exchange.incoming.word_package import MC, W14, A, Element, M, R, Relation, V, W, is_on, value
from samrutine.exchange.incoming.word_symbols import UNKNOWN, in_plain, is_symbol_font
from samrutine.exchange.tree import (
    Code,
    Inline,
    Line,
    LineBreak,
    Link,
    LocalValue,
    NoteMark,
    Picture,
    Styled,
    Words,
    plain,
    web_address,
    words,
)
from samrutine.exchange.word_marks import tag_of
from samrutine.exchange.word_styles import CODE
from samrutine.exchange.word_xml import TAG
from samrutine.procedures.model import LocalInformationType, ProcedureId

_TEXT: Final = {f"{W}tab": " ", f"{W}noBreakHyphen": "\u2011", f"{W}softHyphen": "\u00ad"}
_THROUGH: Final = frozenset({f"{W}{name}" for name in ("smartTag", "customXml", "dir", "bdo", "ins", "moveTo")})
_OTHER_PROCEDURE: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,79}\.docx")
_HEX: Final = re.compile(r"(?![dD][89a-fA-F])[0-9A-Fa-f]{2,4}")
_HYPERLINK: Final = re.compile(r'HYPERLINK\s+(\\l\s+)?"([^"]*)"')
_NOTEREF: Final = re.compile(r"NOTEREF\s+(\S+)")


@dataclass(frozen=True, slots=True)
class Box:
    """A box to tick off."""

    done: bool


@dataclass(frozen=True, slots=True)
class Look:
    """How a run is set, as far as Markdown can say it."""

    strong: bool = False
    emphasis: bool = False
    strike: bool = False
    code: bool = False
    raised: str = ""


@dataclass
class Field:
    """A field that is open: what it is told to do, and whether what follows is what it shows."""

    instruction: str = ""
    shows: bool = False
    shown: list[Inline] = field(default_factory=list)


@dataclass
class LineReader:
    """
    Reads paragraphs of one part.

    Attributes:
        styles: The names of character and paragraph styles by id.
        relations: What the part refers to.
        boxes: The paragraphs that stand in text boxes in the line, to be read after it.
        note_numbers: The number of a note by its id in the file, in the order of the marks.
        bookmarked: The number of a note by the bookmark around its first mark.
    """

    styles: Mapping[str, str]
    relations: Mapping[str, Relation]
    note_numbers: dict[str, int]
    findings: list[Finding]
    boxes: list[Element] = field(default_factory=list)
    bookmarked: dict[str, int] = field(default_factory=dict)
    _open: list[Field] = field(default_factory=list)
    _bookmark: str = ""

    def read(self, paragraph: Element) -> tuple[Line, Box | None]:
        """Give a paragraph's line, and the box that it begins with, if any."""
        parts = self._parts(paragraph)
        done = next((part for part in parts if isinstance(part, Box)), None)
        line = [part for part in parts if not isinstance(part, Box)]
        # A field may go on into the next paragraph; what it has shown so far is words of this one.
        for one in self._open:
            line += one.shown
            one.shown = []
        return joined(line), done

    def _parts(self, parent: Element) -> list[Inline | Box]:
        return [part for child in parent for part in self._part(child)]

    def _part(self, child: Element) -> Sequence[Inline | Box]:  # noqa: PLR0911 - one case a kind of part
        tag = child.tag
        if tag == f"{W}r":
            return self._shown(self._run(child))
        if tag == f"{W}hyperlink":
            return self._shown([self._link(child, self._parts(child))])
        if tag == f"{W}sdt":
            return self._shown(self._control(child))
        if tag == f"{W}fldSimple":
            return self._shown(self._simple_field(child))
        if tag == f"{W}bookmarkStart":
            self._bookmark = child.get(f"{W}name", "")
            return ()
        if tag in _THROUGH:
            return self._parts(child)
        if tag in {f"{M}oMath", f"{M}oMathPara"}:
            text = "".join(one.text or "" for one in child.iter(f"{M}t"))
            self.findings.append(Finding("formula", detail=text))
            return self._shown([words(text)])
        return ()

    def _shown(self, parts: Iterable[Inline | Box]) -> Sequence[Inline | Box]:
        """Hand on what is seen; what stands inside a field waits until the field is closed, and its commands are not seen."""
        parts = list(parts)
        if not self._open:
            return parts
        if self._open[-1].shows:
            self._open[-1].shown += [part for part in parts if not isinstance(part, Box)]
        return [part for part in parts if isinstance(part, Box)]

    def _run(self, run: Element) -> list[Inline | Box]:
        properties = run.find(f"{W}rPr")
        look = self._look(properties)
        font = None if properties is None else properties.find(f"{W}rFonts")
        name = font.get(f"{W}ascii") if font is not None else None
        found: list[Inline | Box] = []
        for child in run:
            if child.tag == f"{W}fldChar":
                found += self._field_mark(child)
            elif child.tag == f"{W}instrText":
                if self._open:
                    self._open[-1].instruction += child.text or ""
            else:
                found += self._piece(child, look, name)
        return found

    def _piece(self, child: Element, look: Look, font: str | None) -> list[Inline]:  # noqa: PLR0911 - one case a kind of piece
        tag = child.tag
        if tag == f"{W}t":
            return [styled(self._raised(self._sign(child.text or "", font or ""), look), look)]
        if tag in _TEXT:
            return [styled(_TEXT[tag], look)]
        if tag == f"{W}sym":
            said = child.get(f"{W}char", "")
            sign = chr(int(said, 16)) if _HEX.fullmatch(said) else UNKNOWN
            return [styled(self._sign(sign, child.get(f"{W}font", "")), look)]
        if tag in {f"{W}br", f"{W}cr"}:
            return [LineBreak()] if child.get(f"{W}type", "textWrapping") == "textWrapping" else []
        if tag in {f"{W}footnoteReference", f"{W}endnoteReference"}:
            return [self._note(f"{tag.rpartition('}')[2]}:{child.get(f'{W}id', '')}")]
        if tag in {f"{W}drawing", f"{W}pict", f"{W}object", f"{MC}AlternateContent"}:
            return self._drawn(child)
        return []

    def _sign(self, text: str, font: str) -> str:
        plain = in_plain(text, font) if is_symbol_font(font) else text
        if UNKNOWN in plain:
            # It may be a limit: somebody must look at the page.
            self.findings.append(Finding("symbol-unknown"))
        return plain

    def _raised(self, text: str, look: Look) -> str:
        if not look.raised:
            return text
        written, told = marks.raised(text, up=look.raised == "superscript")
        if told:
            self.findings.append(Finding("raised-or-lowered", detail=written))
        return written

    def _look(self, properties: Element | None) -> Look:
        if properties is None:
            return Look()
        style = self.styles.get(value(properties, f"{W}rStyle") or "", "").casefold()
        strong = properties.find(f"{W}b")
        slanted = properties.find(f"{W}i")
        return Look(
            strong=is_on(strong) if strong is not None else style == "strong",
            emphasis=is_on(slanted) if slanted is not None else style == "emphasis",
            strike=is_on(properties.find(f"{W}strike")) or is_on(properties.find(f"{W}dstrike")),
            code=style == CODE.casefold(),
            raised=raised if (raised := value(properties, f"{W}vertAlign")) in {"superscript", "subscript"} else "",
        )

    def _note(self, key: str) -> NoteMark:
        first = key not in self.note_numbers
        number = self.note_numbers.setdefault(key, len(self.note_numbers) + 1)
        if self._bookmark:
            self.bookmarked.setdefault(self._bookmark, number)
        return NoteMark(number, first)

    def _control(self, control: Element) -> list[Inline | Box]:
        content = control.find(f"{W}sdtContent")
        name, which = tag_of(control)
        if name == "field":
            shown = "".join(one.text or "" for one in control.iter(f"{W}t"))
            return [LocalValue(which, which, LocalInformationType.TEXT, shown)]
        if name == "picture":
            label = value(control.find(f"{W}sdtPr"), f"{W}alias") or ""
            return [Picture(label, f"{TAG}picture:{which}")]
        box = control.find(f"{W}sdtPr/{W14}checkbox")
        if box is not None or name == "box":
            state = None if box is None else box.find(f"{W14}checked")
            text = "".join(one.text or "" for one in control.iter(f"{W}t"))
            ticked = text.strip() in {"☒", "☑", "✓", "x", "X"}
            return [Box(state.get(f"{W14}val") in {"1", "true", "on"} if state is not None else ticked)]
        return [] if content is None else self._parts(content)

    def _link(self, link: Element, content: Iterable[Inline | Box]) -> Inline:
        inner = joined([part for part in content if not isinstance(part, Box)])
        relation = self.relations.get(link.get(f"{R}id", ""))
        if relation is not None:
            return linked(inner, relation.target)
        return linked(inner, f"#{link.get(f'{W}anchor', '')}")

    def _simple_field(self, element: Element) -> list[Inline | Box]:
        content = [part for part in self._parts(element) if not isinstance(part, Box)]
        return list(self._of_field(element.get(f"{W}instr", ""), content))

    def _field_mark(self, mark: Element) -> list[Inline]:
        kind = mark.get(f"{W}fldCharType")
        if kind == "begin":
            self._open.append(Field())
        elif kind == "separate" and self._open:
            self._open[-1].shows = True
        elif kind == "end" and self._open:
            done = self._open.pop()
            return list(self._of_field(done.instruction, done.shown))
        return []

    def _of_field(self, instruction: str, shown: Sequence[Inline]) -> Iterator[Inline]:
        note = _NOTEREF.search(instruction)
        if note is not None and note[1] in self.bookmarked:
            yield NoteMark(self.bookmarked[note[1]], first=False)
            return
        found = _HYPERLINK.search(instruction)
        if found is not None:
            yield linked(joined(shown), f"#{found[2]}" if found[1] else found[2])
            return
        if plain(tuple(shown)).strip():
            yield from shown
        elif said := shown_by(instruction):
            # A sign or the words of a button, which Word shows and keeps nowhere else.
            yield words(said)

    def _drawn(self, drawn: Element) -> list[Inline]:
        chosen = drawn.find(f"{MC}Choice") if drawn.tag == f"{MC}AlternateContent" else drawn
        chosen = drawn if chosen is None else chosen
        boxes = list(chosen.iter(f"{W}txbxContent"))
        if boxes:
            self.boxes += boxes
            text = " ".join("".join(box.itertext()).strip() for box in boxes)
            self.findings.append(Finding("text-box", detail=text))
        pictures = [*chosen.iter(f"{A}blip"), *chosen.iter(f"{V}imagedata")]
        named = next((one for one in chosen.iter() if str(one.tag).endswith("}docPr")), None)
        said = named.get("descr", "") or "" if named is not None else ""
        title = named.get("name", "") if named is not None else ""
        found: list[Inline] = []
        for one in pictures:
            relation = self.relations.get(one.get(f"{R}embed", "") or one.get(f"{R}id", ""))
            if relation is None or relation.external:
                self.findings.append(Finding("picture-elsewhere", detail=relation.target if relation else ""))
                continue
            own = title if title.startswith(f"{TAG}picture:") else ""
            found.append(Picture(said, f"{own}|{relation.target}"))
        return found


def styled(text: str, look: Look) -> Inline:
    """Give words with their weights."""
    part: Inline = Code(words(text).text) if look.code else words(text)
    for name in ("strike", "emphasis", "strong"):
        if getattr(look, name):
            part = Styled("strike" if name == "strike" else "emphasis" if name == "emphasis" else "strong", (part,))
    return part


def linked(content: Line, target: str) -> Link:
    """
    Give a link to where a Word file leads: a section by its bookmark, another procedure's file, or an address.

    An address that is none that a text may lead to stands as it is; who writes the Markdown leaves it out and says so.
    """
    if target.startswith("#"):
        return Link(content, section_key=target[1:])
    # Word writes a file beside this one with its whole path when it has been saved elsewhere.
    name = posixpath.basename(unquote(urlsplit(target).path.replace("\\", "/"))) if not web_address(target) else ""
    if _OTHER_PROCEDURE.fullmatch(name):
        return Link(content, procedure=ProcedureId(name.removesuffix(".docx")))
    return Link(content, address=target)


def joined(parts: Iterable[Inline]) -> Line:
    """Put neighbours of one weight and one link together: Word cuts words into runs wherever somebody has been."""
    found: list[Inline] = []
    for part in parts:
        before = found[-1] if found else None
        match before, part:
            case Words(), Words():
                found[-1] = Words(before.text + part.text)
            case Code(), Code():
                found[-1] = Code(before.text + part.text)
            case Styled(), Styled() if before.style == part.style:
                found[-1] = Styled(before.style, joined((*before.content, *part.content)))
            case Link(), Link() if replace(before, content=()) == replace(part, content=()):
                found[-1] = replace(before, content=joined((*before.content, *part.content)))
            case _:
                if not _is_empty(part):
                    found.append(part)
    return tuple(found)


def _is_empty(part: Inline) -> bool:
    match part:
        case Words() | Code():
            return not part.text
        case Styled() | Link():
            return all(map(_is_empty, part.content))
        case _:
            return False
