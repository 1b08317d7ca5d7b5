"""
What a procedure is: its id, its version numbers, its digest, and a text taken apart into front matter and body.

Values only. `text.py` reads and writes them; `checks.py` says what is missing in one.
"""

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final, NewType, Self

from samrutine.errors import InvalidRequest
from samrutine.networks.model import NetworkId

ProcedureId = NewType("ProcedureId", str)
"""A slug that is never reused: `^[a-z0-9](?:[a-z0-9-]{0,78}[a-z0-9])?$`, no "--", no name Windows keeps for itself."""

Digest = NewType("Digest", str)
"""The form of the digest, a colon, and SHA-256 in hex of the stored bytes: "1:9f86…"."""

LONGEST_ID: Final = 80
_ID = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,78}[a-z0-9])?")
_VERSION = re.compile(r"([1-9][0-9]{0,5})\.(0|[1-9][0-9]{0,5})")
# Windows opens a device instead of a file of these names, in any folder and with any extension. A library is
# copied to Windows shares by nine municipalities.
# Source: learn.microsoft.com/windows/win32/fileio/naming-a-file.
_DEVICES: Final = frozenset({"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))})
_FOLDED: Final = str.maketrans(
    {"æ": "ae", "ø": "o", "å": "a", "ä": "a", "ö": "o", "đ": "d", "ŋ": "n", "ŧ": "t", "ð": "d", "þ": "th", "ł": "l"}
)


class Kind(StrEnum):
    """What sort of text it is, which decides the parts it must have."""

    ROUTINE = "routine"
    PROCEDURE = "procedure"
    CHECKLIST = "checklist"
    GUIDELINE = "guideline"
    FORM = "form"
    PLAN = "plan"
    MEASURE = "measure"
    AGREEMENT = "agreement"
    MANDATE = "mandate"
    ROLE_DESCRIPTION = "role-description"
    HANDBOOK = "handbook"


class Language(StrEnum):
    """The languages a text may be in: bokmål, nynorsk, Lule, Northern and Southern Sámi, English."""

    NB = "nb"
    NN = "nn"
    SMJ = "smj"
    SE = "se"
    SMA = "sma"
    EN = "en"


class AccessClass(StrEnum):
    """Who may read: everybody, the members' employees, or those whom an exemption (offentleglova) leaves."""

    OPEN = "open"
    INTERNAL = "internal"
    EXEMPT = "exempt"


class DecisionLevel(StrEnum):
    """The lowest level in a municipality that may take the procedure into use."""

    UNIT_LEADER = "unit-leader"
    HEAD_OF_SERVICE = "head-of-service"
    CHIEF_EXECUTIVE = "chief-executive"
    POLITICAL = "political"


class InternalControl(StrEnum):
    """
    The rules on internal control that the procedure belongs to.

    Source: forskrift om ledelse og kvalitetsforbedring (FOR-2016-10-28-1250), kommuneloven § 25-1, and
    internkontrollforskriften (FOR-1996-12-06-1127).
    """

    HEALTH = "health"
    MUNICIPAL = "municipal"
    HSE = "hse"


class LocalInformationType(StrEnum):
    """What a municipality fills in: who holds a function, the phone of a service, or a short text."""

    FUNCTION = "function"
    SERVICE_PHONE = "service-phone"
    TEXT = "text"


class HurriedVersion(StrEnum):
    """How far a *hasteversjon* has come: it has its number before its network has agreed."""

    AWAITING = "awaiting"
    CONFIRMED = "confirmed"
    REFUSED = "refused"

    @classmethod
    def of(
        cls, *, hurried: bool, confirmed: int | None, refused: int | None, known: int | None = None
    ) -> "HurriedVersion | None":
        """
        Say how far a version had come; None for one that was never hurried.

        Args:
            confirmed: The decision by which its network agreed afterwards.
            refused: The decision by which it refused.
            known: As of the decision of this number; as of now when None.
        """
        if not hurried:
            return None
        for state, number in ((cls.REFUSED, refused), (cls.CONFIRMED, confirmed)):
            if number is not None and (known is None or number <= known):
                return state
        return cls.AWAITING


@dataclass(frozen=True, slots=True, order=True)
class VersionNumber:
    """Major (*vesentlig endring*) and minor (*mindre retting*); the first version of a procedure is 1.0."""

    major: int
    minor: int

    @classmethod
    def parse(cls, value: str) -> Self:
        """
        Read "2.1".

        Raises:
            InvalidRequest: It is not two numbers with a full stop between, or the first is 0.
        """
        match = _VERSION.fullmatch(value)
        if match is None:
            raise InvalidRequest(what="version", value=_shown(value), expected="1.0")
        return cls(int(match[1]), int(match[2]))

    def __str__(self) -> str:
        return f"{self.major}.{self.minor}"

    def next_major(self) -> Self:
        """Give the number after a significant change: 1.3 becomes 2.0."""
        return type(self)(self.major + 1, 0)

    def next_minor(self) -> Self:
        """Give the number after a minor correction: 1.3 becomes 1.4."""
        return type(self)(self.major, self.minor + 1)


@dataclass(frozen=True, slots=True)
class LegalBasis:
    """
    A provision that the procedure rests on.

    `law` is Lovdata's id ("LOV-2011-06-24-30"), `section` as people write it ("§ 7-2 a"). `checked` is false until
    somebody has read the provision; documents then print "paragraf ikke kontrollert".
    """

    law: str
    name: str
    section: str
    in_force_from: date | None = None
    checked: bool = False


@dataclass(frozen=True, slots=True)
class Source:
    """A professional source, with the day somebody read it. Body and title come first, since addresses die."""

    body: str
    title: str
    url: str | None
    read_on: date


@dataclass(frozen=True, slots=True)
class LocalInformation:
    """Something each municipality fills in for itself, written `{{key}}` in the body."""

    key: str
    label: str
    type: LocalInformationType
    required: bool = False


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that belongs to the text; its digest stands in the front matter, so that an approval covers it."""

    name: str
    media_type: str
    digest: Digest


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """
    What stands above the text, between two lines of `---`.

    `subjects` has the folder first. `prevention_level` is 1 to 3 or None. `access_basis` is the provision that exempts
    the text from public access, and is there exactly when `access` is exempt. `professional_approval` names the roles
    that must approve professionally. `also_called` holds other names people search for.
    """

    id: ProcedureId
    title: str
    kind: Kind
    language: Language
    network: NetworkId
    co_networks: tuple[NetworkId, ...] = ()
    subjects: tuple[str, ...] = ()
    audience: tuple[str, ...] = ()
    prevention_level: int | None = None
    access: AccessClass = AccessClass.OPEN
    access_basis: str | None = None
    internal_control: tuple[InternalControl, ...] = ()
    legal_basis: tuple[LegalBasis, ...] = ()
    sources: tuple[Source, ...] = ()
    responsible_role: str = ""
    decision_level: DecisionLevel = DecisionLevel.HEAD_OF_SERVICE
    professional_approval: tuple[str, ...] = ()
    review_interval_months: int = 24
    also_called: tuple[str, ...] = ()
    local_information: tuple[LocalInformation, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    translation_of: ProcedureId | None = None


@dataclass(frozen=True, slots=True)
class ProcedureText:
    """One text: front matter and body. The body is Markdown without the title; its headings begin at level 2."""

    front: FrontMatter
    body: str


@dataclass(frozen=True, slots=True)
class Section:
    """
    One heading and what stands under it, down to the next heading of any level.

    `key` is the path of heading slugs ("ansvar/leder"), unique in the text. `line` counts from 1 in the body.
    `text` is the Markdown, without the heading's own line and without sub-sections.
    """

    key: str
    heading: str
    level: int
    line: int
    text: str


def procedure_id(value: str) -> ProcedureId:
    """
    Take `value` as the id of a procedure: file name, git path and address, so only what is safe in all three.

    Raises:
        InvalidRequest: It has other characters than a-z, 0-9 and single hyphens, is longer than 80, begins or ends
            with a hyphen, or is a device name on Windows.
    """
    if _ID.fullmatch(value) is None or "--" in value or value in _DEVICES:
        raise InvalidRequest(what="id", value=_shown(value), expected="a-z 0-9 -")
    return ProcedureId(value)


def slug_of(title: str) -> ProcedureId:
    """
    Make a legal id of any title: "Først på øya" becomes "forst-pa-oya".

    The same title gives the same id, composed or decomposed. Sámi letters are folded to plain ones. A title with no
    Latin letter or digit at all (Arabic, Chinese, only emoji) gets "tekst-" and eight characters of its SHA-256,
    which at least is stable and its own.
    """
    composed = unicodedata.normalize("NFKC", title).casefold().translate(_FOLDED)
    decomposed = unicodedata.normalize("NFKD", composed)
    plain = "".join(character for character in decomposed if not unicodedata.combining(character))
    slug = re.sub(r"[^a-z0-9]+", "-", plain.translate(_FOLDED)).strip("-")
    if len(slug) > LONGEST_ID:
        head = slug[:LONGEST_ID]
        whole_words = head.rpartition("-")[0] if slug[LONGEST_ID] != "-" else head
        slug = (whole_words or head).strip("-")
    if not slug:
        normal = unicodedata.normalize("NFC", title)
        slug = f"tekst-{hashlib.sha256(normal.encode('utf-8', 'surrogatepass')).hexdigest()[:8]}"
    if slug in _DEVICES:
        slug = f"{slug}-tekst"
    return procedure_id(slug)


def _shown(value: str, longest: int = 80) -> str:
    """Cut a value that may be hostile before it stands in a message: control characters visible, length bounded."""
    cut = value if len(value) <= longest else f"{value[:longest]}…"
    return cut if cut.isprintable() else ascii(cut)[1:-1]
