"""
What came out of a document: the text, what belongs to it, and all that a person must know before it is believed.

Values only. No name of an author is among them: who wrote a change or a comment is personal data that a routine has
no use for.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from samrutine.messages import DEFAULT_LANGUAGE, say


class FileKind(StrEnum):
    """What a document is, by its content."""

    DOCX = "docx"
    DOCM = "docm"
    ODT = "odt"
    RTF = "rtf"
    HTML = "html"
    MARKDOWN = "markdown"
    TEXT = "text"
    DOC = "doc"
    PDF = "pdf"


class Weight(StrEnum):
    """How much a finding matters. Nothing with DANGER or LOST enters before a person has looked at it."""

    DANGER = "danger"
    LOST = "lost"
    CHANGED = "changed"
    NOTED = "noted"


WEIGHTS: Final[Mapping[str, Weight]] = {
    # What could make somebody do the wrong thing.
    "value-changed": Weight.DANGER,
    "value-moved": Weight.DANGER,
    "copy-value-changed": Weight.DANGER,
    "copy-value-moved": Weight.DANGER,
    "table-nested-values": Weight.DANGER,
    "comment-at-value": Weight.DANGER,
    "readings-differ": Weight.DANGER,
    "deleted-values-visible": Weight.DANGER,
    "symbol-unknown": Weight.DANGER,
    "struck-through": Weight.DANGER,
    "out-of-order": Weight.DANGER,
    "review-draft": Weight.DANGER,
    "no-text": Weight.DANGER,
    "text-changed-visible": Weight.DANGER,
    "own-copy-damaged": Weight.DANGER,
    "own-copy-unknown": Weight.DANGER,
    # What the document holds and the text does not.
    "words-missing": Weight.LOST,
    "headings-missing": Weight.LOST,
    "items-missing": Weight.LOST,
    "cells-missing": Weight.LOST,
    "pictures-missing": Weight.LOST,
    "notes-missing": Weight.LOST,
    "hidden-text": Weight.LOST,
    "embedded-object": Weight.LOST,
    "embedded-document": Weight.LOST,
    "chart": Weight.LOST,
    "drawing": Weight.LOST,
    "picture-elsewhere": Weight.LOST,
    "picture-unreadable": Weight.LOST,
    "link-dropped": Weight.LOST,
    "field-unread": Weight.LOST,
    "part-missing": Weight.LOST,
    "macros-dropped": Weight.LOST,
    "script-dropped": Weight.LOST,
    "too-long": Weight.LOST,
    "contents-of-page-dropped": Weight.LOST,
    "table-placed": Weight.CHANGED,
    "table-names-joined": Weight.CHANGED,
    "table-unclear": Weight.DANGER,
    "copy-blocks-removed": Weight.LOST,
    "copy-blocks-added": Weight.LOST,
    "copy-control-changed": Weight.LOST,
    "copy-local-changed": Weight.LOST,
    "copy-additions-changed": Weight.LOST,
    "copy-sources-changed": Weight.LOST,
    "copy-margins-changed": Weight.LOST,
    # What stands there in another shape.
    "table-merged": Weight.CHANGED,
    "table-nested": Weight.CHANGED,
    "table-as-box": Weight.CHANGED,
    "cell-flattened": Weight.CHANGED,
    "text-box": Weight.CHANGED,
    "diagram": Weight.CHANGED,
    "formula": Weight.CHANGED,
    "raised-or-lowered": Weight.CHANGED,
    "list-label": Weight.CHANGED,
    "heading-too-deep": Weight.CHANGED,
    "heading-guessed": Weight.CHANGED,
    "number-reference": Weight.CHANGED,
    "form-simplified": Weight.CHANGED,
    "table-from-tabs": Weight.CHANGED,
    "block-split": Weight.CHANGED,
    "letters-to-numbers": Weight.CHANGED,
    "marked-by-colour": Weight.CHANGED,
    "list-too-deep": Weight.CHANGED,
    "changes-accepted": Weight.CHANGED,
    "picture-format": Weight.CHANGED,
    "code-block": Weight.CHANGED,
    "raw-dropped": Weight.CHANGED,
    "braces": Weight.CHANGED,
    "control-characters": Weight.CHANGED,
    "encoding-guessed": Weight.CHANGED,
    "weaker-reading": Weight.CHANGED,
    "page-breaks-guessed": Weight.CHANGED,
    "front-matter-ignored": Weight.CHANGED,
    # What is good to know.
    "name-and-content-differ": Weight.NOTED,
    "own-copy": Weight.NOTED,
    "header-footer": Weight.NOTED,
    "comments": Weight.NOTED,
    "format-changes": Weight.NOTED,
    "external-relation": Weight.NOTED,
    "contents-list-dropped": Weight.NOTED,
    "heading-number-dropped": Weight.NOTED,
    "heading-like": Weight.NOTED,
    "table-header-assumed": Weight.NOTED,
    "table-without-header": Weight.NOTED,
    "typed-list": Weight.NOTED,
    "picture-without-text": Weight.NOTED,
    "choices": Weight.NOTED,
    "link-inside": Weight.NOTED,
    "title-missing": Weight.NOTED,
    "title-guessed": Weight.NOTED,
    "form-field": Weight.NOTED,
    "building-blocks": Weight.NOTED,
}
"""Every finding there is, with its weight; the words are in the catalogue, `intake.finding.<code>`."""


PLACES: Final = frozenset({"header", "footer"})
"""Where something stands that stands under no heading; the words are in the catalogue, `intake.place.<place>`."""
_COUNTED: Final = frozenset(
    {
        "readings-differ",
        "changes-accepted",
        "format-changes",
        "comments",
        "text-changed-visible",
    }
)
"""Findings whose detail is only how many there are."""
_LONGEST_COUNT: Final = 5
_SHARES: Final = re.compile(r"([0-9]+) / ([0-9]+)")
_PART: Final = re.compile(
    r"(?:word/)?(footnotes|endnotes|comments|header|footer|styles|numbering)([0-9]*)(?:\.xml)?(?: (\S+))?"
)


@dataclass(frozen=True, slots=True)
class Finding:
    """
    One thing a person must know. `where` is the heading it stands under, or the page; `detail` is from the document.

    Detail and place are the document's own words: for the one who looks at the report, never for a log.
    """

    code: str
    where: str = ""
    detail: str = ""

    @property
    def weight(self) -> Weight:
        """How much it matters."""
        return WEIGHTS[self.code]

    def place(self, language: str = DEFAULT_LANGUAGE) -> str:
        """Say where it stands: the heading it is under, the page, the head or the foot; empty when that is not known."""
        where = " ".join(self.where.split())
        if where in PLACES:
            return say(f"intake.place.{where}", language)
        if where.isdecimal() and self.code in {"no-text", "part-missing"}:
            return say("intake.page", language, number=where)
        return say("intake.under", language, heading=where) if where else ""

    @property
    def says_ours(self) -> bool:
        """Whether the detail is a count or the name of a part, and no words of the document."""
        is_count = self.detail.isdecimal() and len(self.detail) <= _LONGEST_COUNT and self.code in _COUNTED
        is_share = _SHARES.fullmatch(self.detail) is not None and self.code.endswith(("-missing", "-dropped"))
        return is_count or is_share or (self.code == "part-missing" and _PART.fullmatch(self.detail) is not None)

    def quoted(self, language: str = DEFAULT_LANGUAGE) -> str:
        """Give the detail as one line to read: the document's words in quotation marks, numbers and parts by their names."""
        detail = " / ".join(filter(None, (" ".join(line.split()) for line in self.detail.splitlines())))
        share, part = _SHARES.fullmatch(detail), _PART.fullmatch(detail)
        if not detail:
            return ""
        if detail.isdecimal() and self.code in _COUNTED:
            return say("intake.how_many", language, number=detail)
        if share is not None and self.code.endswith(("-missing", "-dropped")):
            return say("intake.share", language, some=share[1], all=share[2])
        if part is not None and self.code == "part-missing":
            name = say(f"intake.part.{part[1]}", language)
            return ": ".join(filter(None, (name, part[2] or part[3]))) + "."
        if self.code == "external-relation":
            # The kind of relation is Word's own word.
            detail = detail.partition(": ")[2] or detail
        return say("intake.quoted", language, words=detail)

    def fact(self, language: str = DEFAULT_LANGUAGE) -> str:
        """Say what happened."""
        return say(f"intake.finding.{self.code}.fact", language)

    def remedy(self, language: str = DEFAULT_LANGUAGE) -> str:
        """Say what to do about it."""
        return say(f"intake.finding.{self.code}.remedy", language)


@dataclass(frozen=True, slots=True)
class Picture:
    """
    A picture of the document, named as the Markdown names it. `alternative` is empty when the document had none.

    A document without a text layer gives its pages as pictures, which the Markdown does not name: `is_page`.
    """

    name: str
    media_type: str
    data: bytes
    alternative: str = ""
    is_page: bool = False


@dataclass(frozen=True, slots=True)
class Suggested:
    """
    What the document says about itself: a suggestion for a person to accept, never a status.

    `field` is one of document_number, version, approved_by, valid_from, valid_to, next_review, owner, title,
    municipality; `where` the place.
    """

    field: str
    value: str
    where: str


class ChangeKind(StrEnum):
    """What a tracked change does."""

    INSERTED = "inserted"
    DELETED = "deleted"
    MOVED_AWAY = "moved-away"
    MOVED_HERE = "moved-here"
    ROW_INSERTED = "row-inserted"
    ROW_DELETED = "row-deleted"


PARAGRAPH_END: Final = "¶"
"""What a change says that takes away only the end of a paragraph, so that two become one."""


@dataclass(frozen=True, slots=True)
class TrackedChange:
    """
    A change that nobody had accepted or rejected yet. The text that comes in has it accepted.

    `beside` says that it stands right after the one before it in the list: what came in the place of what was taken out.
    """

    kind: ChangeKind
    text: str
    where: str
    beside: bool = False


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment in the margin, the heading it stands under, and the words that it was put at."""

    text: str
    where: str
    about: str = ""


@dataclass(frozen=True, slots=True)
class Counts:
    """How much there is of each kind of thing."""

    words: int = 0
    headings: int = 0
    items: int = 0
    cells: int = 0
    pictures: int = 0
    notes: int = 0


class DifferenceKind(StrEnum):
    """What two readings of one file say differently, the most dangerous first."""

    DOSE = "dose"
    TEMPERATURE = "temperature"
    PHONE = "phone"
    NEGATION = "negation"
    NUMBER = "number"


@dataclass(frozen=True, slots=True)
class Difference:
    """A value that stands in one reading of a file and not in the other; the empty text is "not there"."""

    kind: DifferenceKind
    one: str
    other: str
    where: str


@dataclass(frozen=True, slots=True)
class OwnCopy:
    """
    What a Word file says that it was made from by us. A file can say anything: the library holds it against its own text.

    Attributes:
        procedure: The routine's id.
        version: Its version, "2.0"; of a draft, what the draft calls itself.
        digest: Of the text that it was made from.
        is_edited: Whether the text is another now, or there is something else in the file for a person to look at.
    """

    procedure: str
    version: str
    digest: str
    is_edited: bool


@dataclass(frozen=True, slots=True)
class Incoming:
    """
    A document that was read.

    Attributes:
        title: Its title, or empty.
        markdown: The body in canonical form; headings from level 2, pictures by their names in `pictures`.
        findings: The gravest first, then in the order of the document.
        source: What our own look at the file counted; None for a kind that is read only once.
        result: What the Markdown holds, the title's words among its words.
        recall: The share of the source's words that are in title and Markdown, from 0 to 1.
        readings: What two readings of the file say differently, the most dangerous first.
        own: What it was made from, when it is a Word file of ours; then title and body are the routine's.
        only_there, only_here: The words that the file has and the text has not, and the other way round, where they are few:
            numbers of headings, what is hidden, what a cell over two rows says twice.
    """

    kind: FileKind
    title: str
    markdown: str
    pictures: tuple[Picture, ...] = ()
    suggested: tuple[Suggested, ...] = ()
    findings: tuple[Finding, ...] = ()
    changes: tuple[TrackedChange, ...] = ()
    comments: tuple[Comment, ...] = ()
    source: Counts | None = None
    result: Counts = field(default_factory=Counts)
    recall: float = 1.0
    readings: tuple[Difference, ...] = ()
    own: OwnCopy | None = None
    only_there: tuple[str, ...] = ()
    only_here: tuple[str, ...] = ()

    @property
    def must_be_looked_at(self) -> bool:
        """Tell whether something is lost or dangerous, so that a person must say yes before it enters."""
        return bool(self.readings) or any(one.weight in {Weight.DANGER, Weight.LOST} for one in self.findings)


REFUSALS: Final = (
    *("empty", "too-large", "encrypted", "damaged", "unknown", "image", "spreadsheet", "slides", "archive", "program"),
    *("email", "web-archive", "archive-path", "archive-too-large", "archive-duplicate", "dtd", "not-text", "word-xml"),
    *("needs-libreoffice", "took-too-long", "took-too-much", "broke-down", "unreadable", "too-deep", "other-document"),
    *("other-program", "own-copy-unedited"),
)
"""Why a file is not read at all; the words are in the catalogue, `intake.refused.<code>`."""


@dataclass(frozen=True, slots=True)
class NotRead:
    """The reason that a `DocumentRefused` carries: one of `REFUSALS`, and what the file is called."""

    why: str
    name: str
    detail: str = ""

    @property
    def key(self) -> str:
        """The catalogue key."""
        return f"intake.refused.{self.why}"

    @property
    def places(self) -> dict[str, object]:
        """What fills its text."""
        return {"name": self.name, "detail": self.detail}

    @property
    def settled(self) -> bool:
        """Nothing else is worth telling of a file that cannot be read."""
        return True

    def places_in(self, language: str) -> dict[str, object]:
        """Fill its text in a language."""
        del language
        return self.places


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one document may ask of the machine."""

    seconds: float = 30.0
    resident_mib: int = 512
    file_mib: int = 50
    members: int = 4_000
    unpacked_mib: int = 200
    ratio: int = 250
    """How many times smaller a member of a megabyte or more may have been packed."""
    pages: int = 60
    """Pages of a PDF that are drawn."""


def gravest_first(findings: list[Finding]) -> tuple[Finding, ...]:
    """Put findings in the order a person should meet them; one that says the same twice is told once."""
    order = list(Weight)
    return tuple(sorted(dict.fromkeys(findings), key=lambda one: order.index(one.weight)))
