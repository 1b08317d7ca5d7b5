"""
What is sent where: the documents of one municipality, what lies at the destination, and the plan between the two.

Values and rules only; nothing here opens a file or a connection. `delivery.py` carries a plan out through a
`Connector`, and reads back what then lies there.

    edition ──wanted()──▶ wanted files ─┐
    the manifest we left at the target ─┼─plan_delivery()──▶ plan ──connector──▶ files ──look()──▶ receipt
    what lies there now ────────────────┘
"""

import hashlib
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Final, NewType, Self

from samrutine.errors import InvalidRequest
from samrutine.networks.model import MunicipalityNumber
from samrutine.procedures.attached import OTHER, SUFFIXES, suffix_of
from samrutine.procedures.model import (
    Attachment,
    Digest,
    FrontMatter,
    Kind,
    Language,
    ProcedureId,
    VersionNumber,
    procedure_id,
)

TargetId = NewType("TargetId", str)
"""What a municipality calls one of its publishing targets: "kvalitetssystem"."""

Sha256 = NewType("Sha256", str)
"""SHA-256 in hex of the bytes of one file, 64 characters."""

NOT_A_FILE: Final = Sha256("")
"""Stands for the hash of what is no ordinary file (a folder, a symbolic link): equal to no file's."""

MANIFEST_NAME: Final = "samrutine-manifest.json"
INDEX_STEM: Final = "index"

MEDIA_TYPES: Final[Mapping[str, str]] = {
    "pdf": "application/pdf",
    "html": "text/html",
    "md": "text/markdown",
    "csv": "text/csv",
    "json": "application/json",
}
"""The formats that are published, by file suffix. The index uses csv, json and html."""

DOCUMENT_SUFFIXES: Final = ("html", "md", "pdf")
FILE_SUFFIXES: Final = tuple(sorted({*MEDIA_TYPES, *SUFFIXES.values(), OTHER}))
"""How the names of files end that may lie at a target: our own formats, and those of files that belong to routines."""
INDEX_SUFFIXES: Final = ("csv", "html", "json")


class PublicationState(StrEnum):
    """What is true of one document, or one file, at one target."""

    QUEUED = "queued"
    """Decided, not sent yet."""
    DELIVERED = "delivered"
    """Sent; what lies there has not been read back."""
    VERIFIED = "verified"
    """Read back: exactly what we sent lies there."""
    FAILED = "failed"
    """It could not be made, or a file that is not ours holds its name."""
    DRIFTED = "drifted"
    """Somebody changed or removed the copy there; it is not what applies."""
    WITHDRAWN = "withdrawn"
    """It no longer applies, and no copy of ours lies there."""


class Action(StrEnum):
    """What a plan says about one file name at a target."""

    ADD = "add"
    """Wanted, and nothing lies there."""
    REPLACE = "replace"
    """Wanted in another edition than the one lying there, which is as we wrote it."""
    UNCHANGED = "unchanged"
    """Lies there as we wrote it, and is still what is wanted."""
    WITHDRAW = "withdraw"
    """No longer wanted; lies there as we wrote it, or is gone already."""
    CHANGED_THERE = "changed-there"
    """Ours, but changed by somebody else since. Left alone unless a person says otherwise."""
    MISSING_THERE = "missing-there"
    """Ours and wanted, but somebody removed it. Delivered again."""
    FOREIGN = "foreign"
    """A file we did not write holds a name we need. Never touched."""


@dataclass(frozen=True, slots=True)
class PublishedFile:
    """One format of a document. `suffix` is one of `DOCUMENT_SUFFIXES`."""

    suffix: str
    media_type: str

    @classmethod
    def of(cls, suffix: str) -> Self:
        """
        Name a format by its suffix: "pdf", "html" or "md".

        Raises:
            InvalidRequest: Documents are not made in that format.
        """
        if suffix not in DOCUMENT_SUFFIXES:
            raise InvalidRequest(what="format", value=ascii(suffix[:20])[1:-1], expected=", ".join(DOCUMENT_SUFFIXES))
        return cls(suffix, MEDIA_TYPES[suffix])


@dataclass(frozen=True, slots=True)
class PublishedDocument:
    """
    One procedure as it applies in one municipality, with every fact an index prints; the words come when asked for.

    Attributes:
        front: The front matter of the version in use.
        version: The version in use.
        network_name: The body that approved it professionally, as people write it: "Fagnettverk for smittevern".
        subject_names: The names of the subjects in `front.subjects`, in the same order; the first groups the index.
        approved_on: The day of the professional approval.
        in_force_from: The first day it applies in the municipality.
        decided_by_position: The position that decided the use, never a person.
        decided_on: The day of that decision.
        next_review: The day it must be looked at again at the latest.
        effective_digest: What the documents are made from. Equal digests mean that nothing need be made again.
        address: Where a reader can check that a copy still applies.
        files: The formats that are published, each suffix once.
    """

    front: FrontMatter
    version: VersionNumber
    network_name: str
    subject_names: tuple[str, ...]
    approved_on: date | None
    in_force_from: date
    decided_by_position: str
    decided_on: date | None
    next_review: date | None
    effective_digest: Digest
    address: str
    files: tuple[PublishedFile, ...]

    @property
    def procedure_id(self) -> ProcedureId:
        """The procedure's lasting id, which also names its files."""
        return self.front.id

    @property
    def title(self) -> str:
        """The title that people read."""
        return self.front.title

    @property
    def kind(self) -> Kind:
        """What sort of procedure it is."""
        return self.front.kind

    @property
    def newest_day(self) -> date:
        """
        The day something last changed: approved, decided, or begun to apply.

        Dates the copies, so that equal input gives equal bytes.
        """
        return max(day for day in (self.approved_on, self.decided_on, self.in_force_from) if day is not None)


@dataclass(frozen=True, slots=True)
class ChainHead:
    """The newest decision when the edition was made: its number, and the hash that covers all before it."""

    number: int
    hash: str


@dataclass(frozen=True, slots=True)
class Edition:
    """
    Everything that shall lie at one target.

    Attributes:
        target: The target's id, unique within the municipality.
        municipality: Whose target it is.
        municipality_name: Its name without the word "kommune".
        documents: What applies there, in any order, each procedure once.
        head: The chain's head when this was read. It goes into the manifest, so that the municipality holds a witness
            of every decision up to then. An edition with no other change is not sent for the head's sake.
        demo: True for invented content; then every page says so.
        language: The language of the words in the index.
        ended: Nothing is published here any more: neither documents nor index, nor a manifest that names nothing.
    """

    target: TargetId
    municipality: MunicipalityNumber
    municipality_name: str
    documents: tuple[PublishedDocument, ...]
    head: ChainHead
    demo: bool = False
    language: Language = Language.NB
    ended: bool = False

    @property
    def newest_day(self) -> date | None:
        """The day something last changed among the documents; None when nothing applies."""
        return max((document.newest_day for document in self.documents), default=None)


@dataclass(frozen=True, slots=True)
class WantedFile:
    """
    One file that shall lie at the target.

    `document` is None for the index, which has no procedure of its own. `attachment` is set for a file that belongs to the
    document. `effective_digest` decides whether the file
    must be made again. `dated` is the day something in it last changed, None in an edition without documents.
    """

    path: str
    suffix: str
    effective_digest: Digest
    dated: date | None
    document: PublishedDocument | None = None
    attachment: Attachment | None = None

    @property
    def media_type(self) -> str:
        """The file's media type."""
        return self.attachment.media_type if self.attachment is not None else MEDIA_TYPES[self.suffix]


@dataclass(frozen=True, slots=True)
class ManifestEntry:
    """One file we wrote: what it is, and the bytes that then lay there. Procedure and version are None for an index."""

    procedure_id: ProcedureId | None
    version: VersionNumber | None
    effective_digest: Digest
    sha256: Sha256
    size_bytes: int

    @classmethod
    def of(cls, wanted: WantedFile, data: bytes) -> Self:
        """Say what was made for a wanted file."""
        document = wanted.document
        return cls(
            procedure_id=document.procedure_id if document is not None else None,
            version=document.version if document is not None else None,
            effective_digest=wanted.effective_digest,
            sha256=Sha256(hashlib.sha256(data).hexdigest()),
            size_bytes=len(data),
        )


Wrote = Callable[[str, ManifestEntry], bool]
"""Whether a receipt of ours has these bytes, under this effective digest and this name."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """
    What we have written at a target. It lies there itself, and is the only thing that says which files are ours.

    `intent` holds files that were about to get their final name when this was written. After a kill, a file that
    lies there with the intended bytes is ours; any other is what it was before (see `settled`).
    """

    target: TargetId
    municipality: MunicipalityNumber
    head: ChainHead
    files: Mapping[str, ManifestEntry] = field(default_factory=dict)
    intent: Mapping[str, ManifestEntry] = field(default_factory=dict)

    def settled(self, found: Mapping[str, "FoundFile"]) -> "Manifest":
        """Resolve what a killed delivery left open, by what lies there: the intent becomes fact, or falls away."""
        arrived = {
            path: entry for path, entry in self.intent.items() if path in found and found[path].sha256 == entry.sha256
        }
        return Manifest(self.target, self.municipality, self.head, files={**self.files, **arrived})

    def contradicts(self, receipt: "Manifest | None") -> bool:
        """
        Whether this says something else of a copy than our own receipt does: then we did not write it.

        Whatever we wrote since the receipt has another effective digest, so that of two lines with one digest, both are
        about the same version and the same bytes. Older lines and newer ones may lie there: an older share was put back,
        or a delivery was killed before its receipt.
        """
        if receipt is None or (receipt.target, receipt.municipality) != (self.target, self.municipality):
            return False
        return any(
            (ours := receipt.files.get(path)) is not None
            and entry.effective_digest == ours.effective_digest
            and entry != ours
            for entries in (self.files, self.intent)
            for path, entry in entries.items()
        )

    @property
    def paths(self) -> frozenset[str]:
        """Every name the manifest knows, those of the intent included."""
        return frozenset(self.files) | frozenset(self.intent)


@dataclass(frozen=True, slots=True)
class FoundFile:
    """
    What lies at the target under one name: the hash of its bytes, read just now.

    A link or a folder has the hash `NOT_A_FILE`, and no size.
    """

    sha256: Sha256
    size_bytes: int


@dataclass(frozen=True, slots=True)
class PlanLine:
    """
    What will be done about one name, and why.

    `wanted` is None for what no longer applies. `ours` is what we wrote there last, `found` what lies there now.
    `overwrite` is true when a person has said that a copy changed by hand shall give way.
    """

    path: str
    action: Action
    wanted: WantedFile | None = None
    ours: ManifestEntry | None = None
    found: FoundFile | None = None
    overwrite: bool = False

    @property
    def writes(self) -> bool:
        """Whether the file gets new bytes."""
        match self.action:
            case Action.ADD | Action.REPLACE | Action.MISSING_THERE:
                return True
            case Action.CHANGED_THERE:
                return self.overwrite and self.wanted is not None
            case Action.UNCHANGED | Action.WITHDRAW | Action.FOREIGN:
                return False

    @property
    def removes(self) -> bool:
        """Whether what lies there is taken away."""
        return self.wanted is None and (self.action is Action.WITHDRAW or self.overwrite)

    @property
    def needs_a_person(self) -> bool:
        """Whether the name is left as it lies, for somebody to look at."""
        return self.action is Action.FOREIGN or (self.action is Action.CHANGED_THERE and not self.overwrite)

    @property
    def overwrites(self) -> bool:
        """Whether a copy that somebody has changed by hand gives way, since a person says that it shall."""
        return self.action is Action.CHANGED_THERE and self.overwrite


@dataclass(frozen=True, slots=True)
class Plan:
    """
    What a delivery will do, name by name, in the order it does it.

    Documents come first, then the index, then what is withdrawn: the index never points at a file that is not there.
    `manifest` is what we knew to be ours when the plan was made, settled; its head is the edition's. `lying` is the
    manifest as it lay at the target, None when none did. A connector that finds another one there when it begins has
    been overtaken, and must stop: the plan is about a target that is no more.
    """

    edition: Edition
    manifest: Manifest
    lines: tuple[PlanLine, ...]
    lying: Manifest | None

    @property
    def writes(self) -> tuple[PlanLine, ...]:
        """The lines that give a file new bytes, in order."""
        return tuple(line for line in self.lines if line.writes)

    @property
    def removals(self) -> tuple[PlanLine, ...]:
        """The lines that take a file away, in order."""
        return tuple(line for line in self.lines if line.removes)

    @property
    def kept(self) -> tuple[PlanLine, ...]:
        """The lines of files of ours that stay as they lie."""
        return tuple(line for line in self.lines if not line.writes and not line.removes and line.ours is not None)

    @property
    def for_a_person(self) -> tuple[PlanLine, ...]:
        """What is left as it lies, for somebody to look at."""
        return tuple(line for line in self.lines if line.needs_a_person)

    @property
    def changes_nothing(self) -> bool:
        """
        Whether a delivery would leave every byte as it lies, the manifest's included.

        A newer chain head alone is no change; a manifest that is gone, or that a killed delivery left open, is. So is
        the last that lies at an ended target: a manifest that names nothing.
        """
        if any(line.writes or line.removes for line in self.lines):
            return False
        if self.edition.ended and not self.manifest.files:
            return False
        if self.lying is None or self.lying.intent or self.lying.target != self.edition.target:
            return False
        return self.lying.files == self.manifest.files

    def counts(self) -> dict[Action, int]:
        """Count the lines by action, every action named."""
        counted = dict.fromkeys(Action, 0)
        for line in self.lines:
            counted[line.action] += 1
        return counted


def file_name(procedure: ProcedureId, suffix: str) -> str:
    """
    Name the file of one procedure in one format: `<id>.<suffix>`.

    The name is the same for every version, so that addresses in other systems keep working. It is legal on Windows
    and in SharePoint and needs no folding, since an id is lower case ASCII. A procedure called "index" gets
    "index--rutine": no id holds two hyphens, so that can be no other procedure's.

    Raises:
        InvalidRequest: The id is none; nothing else may become a file name.
    """
    safe = procedure_id(procedure)
    stem = f"{safe}--rutine" if safe in {INDEX_STEM, MANIFEST_NAME.removesuffix(".json")} else safe
    return f"{stem}.{PublishedFile.of(suffix).suffix}"


def attached_name(procedure: ProcedureId, number: int, suffix: str) -> str:
    """
    Name a file that belongs to a procedure: `<id>--vedlegg-<number>.<suffix>`, by its place in the list above the text.

    What people call it stands in the index. No id holds two hyphens, so it can be no other procedure's.

    Raises:
        InvalidRequest: The id is none.
    """
    return f"{procedure_id(procedure)}--vedlegg-{number}.{suffix}"


def wanted_documents(documents: Iterable[PublishedDocument]) -> tuple[WantedFile, ...]:
    """
    List the files of the documents, by name.

    Raises:
        InvalidRequest: A procedure is there twice, or an id or a format is none of ours.
    """
    files: dict[str, WantedFile] = {}
    for document in documents:
        for published in document.files:
            path = file_name(document.procedure_id, published.suffix)
            if path in files:
                raise InvalidRequest(what="documents", value=path, expected="1")
            files[path] = WantedFile(path, published.suffix, document.effective_digest, document.newest_day, document)
        for number, one in enumerate(document.front.attachments, 1):
            suffix = suffix_of(one.media_type)
            path = attached_name(document.procedure_id, number, suffix)
            files[path] = WantedFile(path, suffix, document.effective_digest, document.newest_day, document, one)
    return tuple(files[path] for path in sorted(files))


def plan_delivery(
    edition: Edition,
    wanted: Collection[WantedFile],
    manifest: Manifest | None,
    found: Mapping[str, FoundFile],
    *,
    remembered: Manifest | None = None,
    overwrite: bool = False,
    wrote: Wrote | None = None,
) -> Plan:
    """
    Compare what shall lie at a target with what we wrote there and what lies there now.

    Args:
        edition: Whose target, and the chain's head for the next manifest.
        wanted: Every file that shall lie there, the index included, each path once. Any order.
        manifest: What we wrote there last, as the target's own manifest says; None when none lies there.
        found: What lies there under the wanted names and the manifest's, read just now. Names that are in neither are
            nobody's business and are ignored.
        remembered: The manifest of our last receipt. Used only when none lies at the target, so that a manifest which
            somebody has tidied away does not turn our own copies into strangers.
        overwrite: A person has seen what was changed by hand, and says that it shall give way: a changed copy of what
            still applies is replaced, one of what no longer applies is removed. What we never wrote stays all the same.
        wrote: Asked of each copy that would stay as it lies. The list may be written by whoever may write there, so one that
            no receipt of ours has is made anew: a killed delivery left it, or somebody put their own words under the digest
            that a document was going to have. Not asked when None.

    Returns:
        One line per name, in the order of delivery. Same input, same plan; a plan that has been carried out gives
        next time only `UNCHANGED`, and the lines that wait for a person.
    """
    known = manifest or remembered or Manifest(edition.target, edition.municipality, edition.head)
    base = known.settled(found)
    ours = remembered.files if remembered is not None else {}

    def is_on_a_receipt(path: str, entry: ManifestEntry) -> bool:
        # The last receipt has nearly all, and is read already.
        return wrote is None or _is_same_copy(ours.get(path), entry) or wrote(path, entry)

    lines = [
        _line(file, base.files.get(file.path), found.get(file.path), overwrite=overwrite, wrote=is_on_a_receipt)
        for file in wanted
    ]
    lines.sort(key=lambda line: (line.wanted is not None and line.wanted.document is None, line.path))
    names = {file.path for file in wanted}
    gone = [
        _no_longer_wanted(path, base.files[path], found.get(path), overwrite=overwrite)
        for path in sorted(base.files)
        if path not in names
    ]
    # What a copy is of is said by the decisions, whatever stood in the list.
    files = {**base.files, **{line.path: _as_decided(line) for line in lines if line.action is Action.UNCHANGED}}
    return Plan(
        edition=edition,
        manifest=Manifest(edition.target, edition.municipality, edition.head, files=files),
        lines=(*lines, *gone),
        lying=manifest,
    )


def _is_same_copy(kept: ManifestEntry | None, entry: ManifestEntry) -> bool:
    return kept is not None and (kept.effective_digest, kept.sha256) == (entry.effective_digest, entry.sha256)


def _as_decided(line: PlanLine) -> ManifestEntry:
    """Say of a copy that stays which procedure and version it is of, by what is wanted there."""
    if line.ours is None or line.wanted is None:
        raise ValueError(line.path)
    document = line.wanted.document
    return replace(
        line.ours,
        procedure_id=document.procedure_id if document is not None else None,
        version=document.version if document is not None else None,
    )


def _line(
    wanted: WantedFile, ours: ManifestEntry | None, found: FoundFile | None, *, overwrite: bool, wrote: Wrote
) -> PlanLine:
    if ours is None:
        action = Action.ADD if found is None else Action.FOREIGN
    elif found is None:
        action = Action.MISSING_THERE
    elif found.sha256 != ours.sha256:
        # What is no file (a link, a folder) can be none of our copies, changed or not: somebody put it there.
        action = Action.CHANGED_THERE if found.sha256 != NOT_A_FILE else Action.FOREIGN
    elif ours.effective_digest == wanted.effective_digest and wrote(wanted.path, ours):
        action = Action.UNCHANGED
    else:
        action = Action.REPLACE
    return PlanLine(wanted.path, action, wanted, ours, found, overwrite and action is Action.CHANGED_THERE)


def _no_longer_wanted(path: str, ours: ManifestEntry, found: FoundFile | None, *, overwrite: bool) -> PlanLine:
    if found is None or found.sha256 == ours.sha256:
        return PlanLine(path, Action.WITHDRAW, None, ours, found)
    if found.sha256 == NOT_A_FILE:
        return PlanLine(path, Action.FOREIGN, None, ours, found)
    return PlanLine(path, Action.CHANGED_THERE, None, ours, found, overwrite)
