"""
The effective document: what a municipality's employee reads, as one value.

It is the shared text of one version, the municipality's local information and additions, and the control header that
says who found it professionally sound, who took it into use and until when it stands. The renderers in
`samrutine.exchange` print this value and nothing else: what is not in it cannot be on paper. Its digest is what
publications, receipts and "read" refer to.
"""

import hashlib
import json
from dataclasses import dataclass, fields, is_dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Final

from samrutine.networks.model import Municipality
from samrutine.procedures.model import (
    Digest,
    Kind,
    Language,
    LocalInformation,
    ProcedureId,
    ProcedureText,
    VersionNumber,
)

TEMPLATE_FORM: Final = 5
"""
The form of the printed page. Raise it when a template or a printed sentence changes: copies that lie in a quality
system are then behind, and the next publishing replaces them.
"""

_DIGEST_FORM: Final = "1"


class DocumentStatus(StrEnum):
    """Where the printed version stands, as the header says it."""

    DRAFT = "draft"
    """Nobody has approved it; it must not be used."""
    APPROVED = "approved"
    """Professionally approved by a network; not in use in the municipality that it is printed for, or for nobody."""
    IN_FORCE = "in-force"
    """The municipality has taken it into use, and the use has not ended."""
    ENDED = "ended"
    """The municipality used it and has ended the use."""


class Hurried(StrEnum):
    """How far the network has come with a *hasteversjon*, which applies before it is approved."""

    UNAPPROVED = "unapproved"
    REFUSED = "refused"


class AdditionKind(StrEnum):
    """What a municipality may add to the shared text."""

    PRACTICAL_NOTE = "practical-note"
    """Where the key hangs: needs no source."""
    PROFESSIONAL_ADDITION = "professional-addition"
    """A departure or more than the shared text says: has a reason and a source."""
    LOCAL_INFORMATION = "local-information"
    """More of what the routine asks the municipality to fill in."""


@dataclass(frozen=True, slots=True)
class LocalAddition:
    """
    What a municipality adds to one section. The shared text stands as it is; the addition is printed after it.

    Attributes:
        kind: What sort of addition it is.
        section_key: The section it belongs to, a path of heading slugs ("ansvar/leder"); empty for the whole text. An
            addition to a section that the version does not have is printed at the end, never left out.
        text: Markdown, read by the same rules as a procedure's body.
        reason: Why, in the municipality's words; None for a practical note.
        source: What it rests on professionally; None for a practical note.
        departs: It says something else than the shared text, and its frame says so.
    """

    kind: AdditionKind
    section_key: str
    text: str
    reason: str | None = None
    source: str | None = None
    departs: bool = False


@dataclass(frozen=True, slots=True)
class ControlHeader:
    """
    What makes a document controlled: which version, approved by whom, used by whom, until when.

    Attributes:
        procedure_id: The procedure's lasting id.
        title: The title that is printed.
        kind: What sort of procedure it is.
        version: The approved version; None for a draft, which has no number yet.
        version_digest: The digest of the version's stored bytes.
        approved_by: The body that approved it professionally ("Fagnettverk for smittevern"), never a person.
        approved_on: The day of that approval.
        municipality: The municipality it is printed for; None for the shared text.
        in_force_from: The first day it applies there.
        in_force_until: The day after the last day it applied there, as everywhere here; None when no end is decided.
        decided_by_position: The position that decided the use ("kommunalsjef helse og omsorg"), never a person.
        decided_on: The day of that decision.
        next_review: The day it must be looked at again at the latest.
        status: Where the version stands.
        address: Where a reader can check that the paper still applies, as a URL; empty when there is no such page, and
            the document says whom to ask.
        demo: True for invented content; then every page says so.
        made_at: When the document came to be: the instant of the newest decision in it, aware, never the clock, so
            that the same decisions print the same bytes.
        hurried: Set for a *hasteversjon* until the network has approved it: not yet, or refused.
        withdrawn: The network has withdrawn the routine; what a municipality uses applies until it decides otherwise.
        replaced_by: The routine to use instead of one that is withdrawn; None when there is none.
    """

    procedure_id: ProcedureId
    title: str
    kind: Kind
    version: VersionNumber | None
    version_digest: Digest
    approved_by: str | None
    approved_on: date | None
    municipality: Municipality | None
    in_force_from: date | None
    in_force_until: date | None
    decided_by_position: str | None
    decided_on: date | None
    next_review: date | None
    status: DocumentStatus
    address: str
    demo: bool
    made_at: datetime
    hurried: Hurried | None = None
    withdrawn: bool = False
    replaced_by: ProcedureId | None = None

    def __post_init__(self) -> None:
        """Keep the instant in UTC: one database gives it back in UTC and another in the server's zone."""
        if self.made_at.tzinfo is None:
            raise ValueError("made_at")
        object.__setattr__(self, "made_at", self.made_at.astimezone(UTC))

    @property
    def last_day(self) -> date | None:
        """The last day it applies there; None when no end is decided, or when it ended before it began."""
        if self.in_force_until is None or self.in_force_from is None or self.in_force_until <= self.in_force_from:
            return None
        return self.in_force_until - timedelta(days=1)


@dataclass(frozen=True, slots=True)
class EffectiveDocument:
    """
    Everything that is printed, as one value; equal values give equal bytes in every format.

    Attributes:
        header: The control header.
        text: The version's text.
        local_values: Key and value of the municipality's local information, in any order, each key once. A declared
            key without a value, or with an empty one, prints a visible gap.
        additions: The municipality's additions, in the order they are printed within a section.
        language: The language of the words around the text. The text itself is in `text.front.language`.
    """

    header: ControlHeader
    text: ProcedureText
    local_values: tuple[tuple[str, str], ...] = ()
    additions: tuple[LocalAddition, ...] = ()
    language: Language = Language.NB

    def local_value(self, key: str) -> str | None:
        """The municipality's value of a local field; None when it is not filled in."""
        return next((value for name, value in self.local_values if name == key and value.strip()), None)

    @property
    def not_filled_in(self) -> tuple[LocalInformation, ...]:
        """The declared local information without a value, in the order of the front matter."""
        return tuple(field for field in self.text.front.local_information if self.local_value(field.key) is None)


def as_draft(text: ProcedureText, digest: Digest, *, made_at: datetime, demo: bool) -> EffectiveDocument:
    """Give a text that nobody has approved as a document: it says of itself that it is a draft, and of nobody that it applies."""
    front = text.front
    header = ControlHeader(
        procedure_id=front.id, title=front.title, kind=front.kind, version=None, version_digest=digest, approved_by=None,
        approved_on=None, municipality=None, in_force_from=None, in_force_until=None, decided_by_position=None,
        decided_on=None, next_review=None, status=DocumentStatus.DRAFT, address="", demo=demo, made_at=made_at,
    )  # fmt: skip
    return EffectiveDocument(header, text)


def effective_digest(document: EffectiveDocument) -> Digest:
    """
    Give the digest of all that is printed: equal documents have equal digests, and a change of any part another one.

    It is "1:" and the SHA-256 of canonical JSON (sorted keys, no spaces, UTF-8) of the whole value and
    `TEMPLATE_FORM`. The order of `local_values` does not count, since it is not seen on paper.
    """
    printed = {
        "form": TEMPLATE_FORM,
        "header": _plain(document.header),
        "text": _plain(document.text),
        "local_values": sorted([key, value] for key, value in document.local_values),
        "additions": _plain(document.additions),
        "language": document.language.value,
    }
    data = json.dumps(printed, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    # A lone surrogate cannot be stored as UTF-8 text, but a caller may hold one; it must not stop the digest.
    return Digest(f"{_DIGEST_FORM}:{hashlib.sha256(data.encode('utf-8', 'surrogatepass')).hexdigest()}")


def short_digest(digest: Digest) -> str:
    """The first twelve hexadecimal digits, as printed in the footer: enough to tell two copies apart by eye."""
    return digest.partition(":")[2][:12]


def _plain(value: object) -> object:
    """The value as JSON knows it; a value of an unforeseen type is our mistake and raises TypeError."""
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    match value:
        case tuple():
            return [_plain(item) for item in value]
        case StrEnum():
            return value.value
        case date():  # a datetime is a date as well, and keeps its offset
            return value.isoformat()
        case None | str() | bool() | int():
            return value
        case _:
            raise TypeError(type(value).__name__)
