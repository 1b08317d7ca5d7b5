"""
A Word file of ours that comes back: the same bytes of Markdown when nobody changed it, and what it says now otherwise.

What is believed is what is seen. The text that lies hidden in the file only says what it was made from: where the two
differ, the words on the page win, and the rest of the text keeps its lines.
"""

import base64
import binascii
import hashlib
import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from samrutine.errors import DocumentRefused, InvalidText
from samrutine.exchange.incoming.model import Comment, Finding, NotRead, TrackedChange
from samrutine.exchange.incoming.model import Picture as IncomingPicture
from samrutine.exchange.incoming.word_package import Element, W, WordPackage
from samrutine.exchange.tree import Blocks, Heading, Link, Note, Picture, web_address
from samrutine.exchange.word_atoms import Naming, block_shape
from samrutine.exchange.word_body import section_bookmark, word_address
from samrutine.exchange.word_file import opened
from samrutine.exchange.word_known import whole
from samrutine.exchange.word_markdown import Writing
from samrutine.exchange.word_marks import PART_NAMESPACE, Region, is_margin, margin_lines, tag_of
from samrutine.exchange.word_merge import Merge, note_shape, notes_named
from samrutine.exchange.word_pictures import MEDIA_TYPES, sized
from samrutine.exchange.word_reading import Read, read_word
from samrutine.exchange.word_source import Laid, laid, pictures_of
from samrutine.exchange.word_xml import TAG
from samrutine.procedures.markdown import LOCAL_FIELD
from samrutine.procedures.model import Attachment, Digest, ProcedureText
from samrutine.procedures.sections import sections
from samrutine.procedures.text import canonical, digest, read, unformatted

_OWN_PROPERTIES: Final = "docProps/custom.xml"
_PROPERTIES: Final = ("docProps/core.xml", _OWN_PROPERTIES)
_LINK_TARGET: Final = re.compile(r"\]\(<?([^\s)>]+)")
_TARGET: Final = re.compile(r"(!?\[[^\]\[\n]*\])\(<?([^\s)>]+)>?\)")
_OTHER: Final = re.compile(r"(?:rutine:|(?:\./|\.\./[a-z0-9-]+/)?)([a-z0-9][a-z0-9-]{0,79})(\.md)?(?:#.*)?")


@dataclass(frozen=True, slots=True)
class Marks:
    """
    What a file says that it was made from. A file can say anything: hold the digests against the library's own.

    Attributes:
        digest: Of the text that lies in the file.
        version_digest: Of the approved version; the same as `digest`, but for a draft.
        effective_digest: Of the whole document that was printed.
    """

    id: str
    version: str
    digest: Digest
    version_digest: Digest
    effective_digest: Digest


@dataclass(frozen=True, slots=True)
class LocalShown:
    """What stands in a file where a municipality filled in: what it is called, the words, and where they stand."""

    label: str
    words: str
    paragraph: str
    section: str


@dataclass(frozen=True, slots=True)
class Returned:
    """
    A file of ours that came back.

    Attributes:
        original: The text that it was made from, to the byte.
        markdown: The text that it says now, in the stored form; the same bytes when nobody changed it.
        outside: Where words were changed that are not the text's own, and are not taken: the control header, local
            information, additions, legal basis and sources. Whoever takes the text in must say so.
        local: What stands in the places of local information now, where it was changed; the file does not tell in which of them.
        beside: The lines that stand around the text now, of each region in `outside`, but those that the file's properties say too.
        municipality: Whose copy it was, by name; empty for the network's own.
        margins: Lines that somebody wrote in the head or the foot of the pages, and that are not taken either.
        pictures: Pictures that somebody put in; the text names them, and its front matter lists them.
        findings: What a person must know: something was seen that Markdown cannot hold.
        changes: Tracked changes; the text has them accepted.
    """

    marks: Marks
    original: bytes
    markdown: bytes
    outside: tuple[Region, ...] = ()
    margins: tuple[str, ...] = ()
    pictures: tuple[IncomingPicture, ...] = ()
    findings: tuple[Finding, ...] = ()
    changes: tuple[TrackedChange, ...] = ()
    comments: tuple[Comment, ...] = ()
    local: tuple[LocalShown, ...] = ()
    municipality: str = ""
    beside: Mapping[Region, tuple[str, ...]] = field(default_factory=dict)

    @property
    def is_edited(self) -> bool:
        """Whether the text is another than it was."""
        return self.markdown != self.original


def read_back(data: bytes, name: str = "") -> Returned | None:
    """
    Read a Word file that `word.render` made and somebody may have changed.

    Args:
        name: What to call it in an error.

    Returns:
        None when it is no file of ours, or the text that lies in it is gone: then it is read as any other document.

    Raises:
        DocumentRefused: It is no Word file, or one that must not be opened; the text in it is not the one it says; or the
            marks of what is not the text's own are gone, as when LibreOffice has saved it: what was the header then stands
            there as text.
        InvalidText: What it says now cannot be stored.
    """
    package = opened(data, name)
    part = _part(package)
    if part is None:
        return None
    marks, original = _marks(part, name)
    if not _has_marks(package):
        raise DocumentRefused(NotRead("damaged", name))
    found = read_word(package)
    return _Comparison(package, part, marks, original, found).returned()


def _part(package: WordPackage) -> Element | None:
    for name in sorted(package.names):
        if name.startswith("customXml/") and posixpath.basename(name).startswith("item") and name.count("/") == 1:
            root = package.xml(name) if name.endswith(".xml") else None
            if root is not None and root.tag == f"{{{PART_NAMESPACE}}}text":
                return root
    return None


def _has_marks(package: WordPackage) -> bool:
    main = package.xml(package.main)
    return main is not None and any(tag_of(one)[0] == "control" for one in main.iter(f"{W}sdt"))


def _marks(part: Element, name: str) -> tuple[Marks, bytes]:
    try:
        original = base64.b64decode("".join((part.text or "").split()), validate=True)
        read(original, name)
    except (binascii.Error, ValueError, InvalidText) as error:
        raise DocumentRefused(NotRead("damaged", name)) from error
    marks = Marks(
        part.get("id", ""), part.get("version", ""), Digest(part.get("digest", "")),
        Digest(part.get("version_digest", "")), Digest(part.get("effective_digest", "")),
    )  # fmt: skip
    if digest(original) != marks.digest:
        raise DocumentRefused(NotRead("damaged", name))
    return marks, original


class _Comparison:
    """The text that a file was made from, and what it says now; one use."""

    def __init__(self, package: WordPackage, part: Element, marks: Marks, original: bytes, now: Read) -> None:
        self._package, self._part, self._marks, self._original, self._now = package, part, marks, original, now
        self._text = read(original, marks.id)
        self._was = laid(self._text.body)
        self._findings = list(now.findings)
        self._new_pictures: dict[str, IncomingPicture] = {}
        by_number = {note.number: note for note in self._was.notes.values()}
        pictures = pictures_of((one.block for one in self._was.segments), by_number)
        self._sources = [picture.source for picture in pictures]
        self._printed = dict(one.split(":") for one in (part.get("pictures") or "").split() if ":" in one)
        self._keys = {
            section_bookmark(one.block.key): one.block.key
            for one in self._was.segments
            if isinstance(one.block, Heading)
        }
        self._targets = _targets(self._was)

    def returned(self) -> Returned:
        was, now = self._was, self._now
        numbers = {note.number: name for name, note in was.notes.items()}
        old = Naming(_link_of_text, lambda mark: numbers.get(mark.number, ""), lambda picture: picture.source)
        unnamed = Naming(self._link_of_file, lambda _: "", self._picture)
        names = notes_named(was, old, now.notes, unnamed)
        new = replace(unnamed, note=lambda mark: names.get(mark.number, ""))
        notes = {names[note.number]: note for note in now.notes}
        outside = tuple(
            region for region in Region if region not in {Region.TEXT, Region.NOTES} and not self._same(region)
        )
        printed = " ".join(str(self._part.get("title", "")).split())
        title = now.title if now.title and now.title != printed else None
        markdown = self._original
        if title is not None or self._differs(now.blocks, old, new) or self._notes_differ(notes, old, new):
            markdown = self._written(old, new, notes, title)
        elif not (self._same(Region.TEXT) and self._same(Region.NOTES)):
            # Words are seen that no block of the text holds.
            self._findings.append(Finding("words-missing"))
        return Returned(
            self._marks, self._original, markdown, outside, self._margins(), tuple(self._new_pictures.values()), tuple(self._findings),
            now.changes, now.comments, tuple(self._local()) if Region.LOCAL in outside else (), self._municipality(),
            {region: lines for region, lines in self._beside() if region in outside and lines},
        )  # fmt: skip

    def _beside(self) -> Iterator[tuple[Region, tuple[str, ...]]]:
        roots = [self._package.xml(name) for name in _PROPERTIES if name in self._package.names]
        said = " ".join(" ".join(root.itertext()) for root in roots if root is not None)
        for region, lines in self._now.beside.items():
            yield region, tuple(line for line in lines if line.rstrip(".") not in said)

    def _local(self) -> Iterator[LocalShown]:
        labels = {one.key: one.label for one in self._text.front.local_information}
        headings: dict[str, str] = {}
        section = ""
        for line in self._text.body.splitlines():
            section = line.lstrip("#").strip() if line.startswith("#") else section
            for key in LOCAL_FIELD.findall(line):
                headings.setdefault(key, section)
        for key, words, around in dict.fromkeys(self._now.local):
            yield LocalShown(labels.get(key, key), words, around, headings.get(key, ""))

    def _municipality(self) -> str:
        root = self._package.xml(_OWN_PROPERTIES) if _OWN_PROPERTIES in self._package.names else None
        named = [] if root is None else [one for one in root if one.get("name") == "samrutine.municipality"]
        return "".join("".join(one.itertext()) for one in named)

    def _margins(self) -> tuple[str, ...]:
        ours = self._part.get("margins")
        if ours is None:
            return ()
        known = frozenset(ours.split())
        roots = (self._package.xml(name) for name in sorted(self._package.names) if is_margin(name))
        lines = (line for root in roots if root is not None for mark, line in margin_lines(root) if mark not in known)
        return tuple(dict.fromkeys(lines))

    def _same(self, region: Region) -> bool:
        return bool(self._part.get(f"words_{region.value}") == self._now.words[region])

    def _differs(self, blocks: Blocks, old: Naming, new: Naming) -> bool:
        before = [block_shape(one.block, old) for one in self._was.segments]
        return before != [block_shape(block, new) for block in blocks]

    def _notes_differ(self, notes: Mapping[str, Note], old: Naming, new: Naming) -> bool:
        return any(note_shape(note, new) != note_shape(self._was.notes[name], old) for name, note in notes.items())

    def _written(self, old: Naming, new: Naming, notes: dict[str, Note], title: str | None) -> bytes:
        writing = Writing(replace(new, link=self._written_link), self._picture)
        self._keys = self._keys_now(writing)
        merge = Merge(self._was, old, new, writing, notes)
        body, whole = merge.body(self._now.blocks)
        if not whole:
            self._findings.append(Finding("form-simplified"))
        self._findings += _unseen_and_lost(self._text.body, body)
        front = self._text.front if title is None else replace(self._text.front, title=title)
        listed = {one.name for one in front.attachments}
        added = tuple(
            Attachment(one.name, one.media_type, digest(one.data))
            for one in self._new_pictures.values()
            if one.name not in listed
        )
        front = replace(front, attachments=(*front.attachments, *added))
        return canonical(unformatted(ProcedureText(front, body)), self._marks.id)

    def _keys_now(self, writing: Writing) -> dict[str, str]:
        """Give the keys of the sections by their bookmarks: where a heading was changed, what leads to it follows."""
        headings = [block for block in self._now.blocks if isinstance(block, Heading)]
        outline = sections("\n\n".join("\n".join(writing.block(one)) for one in headings))
        if len(outline) != len(headings):
            return self._keys
        return {heading.key: section.key for heading, section in zip(headings, outline, strict=True) if heading.key}

    def _link_of_file(self, link: Link) -> str | None:
        if link.section_key is not None:
            key = self._keys.get(link.section_key)
            return f"#{key}" if key is not None else None
        if link.procedure is not None:
            return f"rutine:{link.procedure}"
        return word_address(link.address) if link.address and web_address(link.address) else None

    def _written_link(self, link: Link) -> str | None:
        name = self._link_of_file(link)
        if name is None:
            dropped = Finding("link-dropped", detail=link.address or link.section_key or "")
            if dropped not in self._findings:
                self._findings.append(dropped)
            return None
        return self._targets.get(name, name)

    def _picture(self, picture: Picture) -> str:
        own, _, part = picture.source.partition("|")
        which = own.removeprefix(f"{TAG}picture:")
        data = self._package.bytes(part) if part else None
        place = whole(which, -1)
        known = 0 <= place < len(self._sources)
        hashed = hashlib.sha256(data).hexdigest()[:16] if data is not None else ""
        if known and (not part or self._printed.get(which) == hashed):
            return self._sources[place]
        size = sized(data) if data is not None else None
        if data is None or size is None:
            finding = Finding("picture-unreadable", detail=picture.alternative)
            if finding not in self._findings:
                self._findings.append(finding)
            return part or own
        if hashed not in self._new_pictures:
            name = f"bilde-{hashed[:8]}.{size.suffix}"
            self._new_pictures[hashed] = IncomingPicture(name, MEDIA_TYPES[size.suffix], data, picture.alternative)
        return self._new_pictures[hashed].name


def _link_of_text(link: Link) -> str | None:
    if link.section_key is not None:
        return f"#{link.section_key}"
    if link.procedure is not None:
        return f"rutine:{link.procedure}"
    return word_address(link.address or "")


def _unseen_and_lost(was: str, now: str) -> list[Finding]:
    """Say what is gone that nobody can have seen in the file: a picture without words, a link that Word cannot hold."""
    found = []
    for words, target in sorted(set(_TARGET.findall(was)) - set(_TARGET.findall(now))):
        if words == "![]":
            found.append(Finding("pictures-missing", detail=target))
        elif not words.startswith("!") and _is_no_link(target) and words[1:-1] in now:
            found.append(Finding("link-dropped", detail=target))
    return found


def _is_no_link(target: str) -> bool:
    other = _OTHER.fullmatch(target)
    return not (target.startswith("#") or web_address(target) or (other and (other[2] or target.startswith("rutine:"))))


def _targets(was: Laid) -> dict[str, str]:
    """Give the targets as the text writes them, by what the file calls them, so that a changed sentence keeps its links."""
    found: dict[str, str] = {}
    for source in (*(one.source for one in was.segments), *was.definitions.values()):
        for target in _LINK_TARGET.findall(source):
            other = _OTHER.fullmatch(target)
            if other and (other[2] or target.startswith("rutine:")):
                found.setdefault(f"rutine:{other[1]}", target)
            elif web_address(target):
                found.setdefault(word_address(target) or target, target)
    return found
