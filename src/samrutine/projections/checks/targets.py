"""Where municipalities publish: that each place was decided, that receipts agree, and what lies there now."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlmodel import Session, col, func, or_, select

from samrutine.errors import DeliveryFailed, DestinationDamaged, DestinationNotOurs, SamrutineError
from samrutine.procedures.attached import MOST_FILES, suffix_of
from samrutine.procedures.model import ProcedureId, VersionNumber
from samrutine.publishing.connector import Connector
from samrutine.publishing.manifest import UnreadableManifestError, read_manifest
from samrutine.publishing.model import DOCUMENT_SUFFIXES, Manifest, PublicationState, attached_name, file_name
from samrutine.storage.rows import (
    AttachmentRow,
    ChainHeadRow,
    DecisionRow,
    DecisionTextRow,
    EffectiveDocumentRow,
    InForceRow,
    ProcedureRow,
    PublicationRow,
    TargetRow,
)

Opened = Mapping[str, Callable[[str], Connector]]
"""By kind, what opens a destination from its location: only read from here."""

_LIES_THERE: Final = frozenset({PublicationState.VERIFIED.value})


def target_faults(session: Session) -> Iterator[tuple[str, str]]:
    """Every place to publish to was decided, and each receipt agrees with the manifest that was left there."""
    yield from _undecided(session)
    for row in session.exec(select(TargetRow).order_by(TargetRow.id)):
        try:
            manifest = _kept(row)
        except UnreadableManifestError:
            yield "target", row.id
            continue
        if manifest is not None and not _is_known(session, manifest, row):
            yield "target", row.id
        yield from _receipts(session, row, manifest)
    yield from _strays(session)


def _undecided(session: Session) -> Iterator[tuple[str, str]]:
    due: dict[str, list[Any]] = {}
    rows = session.exec(
        select(DecisionRow.number, DecisionRow.kind, DecisionRow.record)
        .where(col(DecisionRow.subject).is_(None), col(DecisionRow.kind).in_(("target_set", "target_ended")))
        .order_by(col(DecisionRow.number))
    ).all()
    for number, kind, record in rows:
        facts = json.loads(record)["facts"]
        if kind == "target_ended":
            due[facts["target"]][3] = number
            continue
        if "instead_of" in facts:
            due[facts["instead_of"]][3] = number
        due[facts["target"]] = [facts["municipality"], facts["connector"], number, None]
    texts = session.exec(
        select(DecisionTextRow).where(col(DecisionTextRow.number).in_([row[2] for row in due.values()]))
    )
    said = {(one.number, one.name): one.text for one in texts}
    shown = {row.id: row for row in session.exec(select(TargetRow))}
    for target in sorted(due.keys() | shown.keys()):
        row, known = shown.get(target), due.get(target)
        if row is None or known is None:
            yield "target", target
            continue
        place = said.get((known[2], "location")), said.get((known[2], "name"))
        kept = [row.municipality, row.connector, row.set_number, row.ended_number]
        if kept != known or any(a is not None and a != b for a, b in zip(place, (row.location, row.name), strict=True)):
            yield "target", target


def _kept(row: TargetRow) -> Manifest | None:
    return read_manifest(row.manifest.encode()) if row.manifest else None


def _is_known(session: Session, manifest: Manifest, row: TargetRow) -> bool:
    """Whether a manifest is of this target, and of a state of the chain that there has been."""
    if (manifest.target, manifest.municipality) != (row.id, row.municipality):
        return False
    return _is_known_head(session, manifest)


def _receipts(session: Session, target: TargetRow, manifest: Manifest | None) -> Iterator[tuple[str, str]]:
    """What is said to lie there is what the manifest says was left there: the same files, version and digest."""
    head = session.exec(select(ChainHeadRow.number)).one()
    left: dict[str, dict[str, Any]] = {}
    for path, entry in (manifest.files if manifest is not None else {}).items():
        if entry.procedure_id is not None:
            left.setdefault(entry.procedure_id, {})[path] = entry
    rows = session.exec(select(PublicationRow).where(PublicationRow.target_id == target.id))
    seen: set[str] = set()
    for row in rows:
        seen.add(row.procedure_id)
        name = f"{target.municipality} {target.name}: {row.procedure_id}"
        files = left.get(row.procedure_id, {})
        said = {path: sha for path, sha in _receipt(row).items() if sha is not None}
        due = {path: str(entry.sha256) for path, entry in files.items()}
        of = {(str(entry.version), str(entry.effective_digest)) for entry in files.values()}
        known = row.state in {state.value for state in PublicationState} and 0 < row.chain_number <= head
        # Read back by the publishing that left the manifest, or by a later one that had nothing to write.
        since = manifest.head.number if manifest is not None else 0
        is_true = said == due and of == {(row.version, row.effective_digest)} and row.chain_number >= since
        if not known or (row.state in _LIES_THERE and not is_true) or row.detail is not None:
            yield "publication", name
        document = session.get(EffectiveDocumentRow, row.effective_digest)
        of_it = (target.municipality, row.procedure_id, row.version)
        if document is None or (document.municipality, document.procedure_id, document.version) != of_it:
            yield "effective-document", row.effective_digest
    for procedure in sorted(left.keys() - seen):
        yield "publication", f"{target.municipality} {target.name}: {procedure}"


def _receipt(row: PublicationRow) -> dict[str, str | None]:
    try:
        found = json.loads(row.receipt)
    except ValueError:
        return {"": ""}
    return found if isinstance(found, dict) else {"": ""}


def _strays(session: Session) -> Iterator[tuple[str, str]]:
    """Give the receipts of no target, and the effective documents of what never applied there, or of no receipt's time."""
    targets, head = set(session.exec(select(TargetRow.id))), session.exec(select(ChainHeadRow.number)).one()
    for target, procedure in session.exec(select(PublicationRow.target_id, PublicationRow.procedure_id)):
        if target not in targets:
            yield "publication", f"{target} {procedure}"
    # A document was delivered before it was read back.
    read_back = dict(
        session.exec(
            select(PublicationRow.effective_digest, func.min(PublicationRow.chain_number)).group_by(
                PublicationRow.effective_digest
            )
        ).all()
    )
    for row in session.exec(select(EffectiveDocumentRow).execution_options(yield_per=500)):
        try:
            number = VersionNumber.parse(row.version)
        except SamrutineError:
            yield "effective-document", row.digest
            continue
        applied = session.exec(
            select(InForceRow.id).where(
                InForceRow.municipality == row.municipality, InForceRow.procedure_id == row.procedure_id,
                InForceRow.major == number.major, InForceRow.minor == number.minor,
                InForceRow.decided_number <= row.first_number,
                # It was what applied when it was first delivered, and not something that had been given up.
                or_(
                    col(InForceRow.superseded_number).is_(None),
                    col(InForceRow.superseded_number) > row.first_number,
                ),
            ).limit(1)
        ).first()  # fmt: skip
        if applied is None or row.first_number > min(read_back.get(row.digest, head), head):
            yield "effective-document", row.digest


@dataclass(frozen=True, slots=True)
class _Place:
    """A target as it is read back: nothing of it is kept from the database while the destination is asked."""

    id: str
    name: str
    municipality: str
    connector: str
    location: str
    remembered: Manifest | None

    @property
    def called(self) -> str:
        """What people call it: the municipality, and their name for the place."""
        return f"{self.municipality} {self.name}"


def read_back(session: Session, connectors: Opened) -> Iterator[tuple[str, str]]:
    """
    Read what lies at every target, through calls that only read, and hold it against what was delivered.

    A place that cannot be reached is said so: nobody knows what lies there, and that is not damage.
    """
    for row in session.exec(select(TargetRow).where(col(TargetRow.manifest) != "").order_by(TargetRow.id)).all():
        try:
            remembered = _kept(row)
        except UnreadableManifestError:
            continue  # said by another check
        place = _Place(row.id, row.name, row.municipality, row.connector, row.location, remembered)
        try:
            yield from _lies_there(session, place, connectors[place.connector](place.location))
        except DestinationDamaged:
            yield "package-damaged", place.called
        except DestinationNotOurs:
            yield "manifest-forged", place.called
        except (DeliveryFailed, KeyError):
            yield "target-unreachable", place.called


def _lies_there(session: Session, place: _Place, connector: Connector) -> Iterator[tuple[str, str]]:
    lying = connector.manifest()
    if lying is None and place.remembered is not None and place.remembered.files:
        yield "manifest-missing", place.called
    if lying is not None and (lying.target, lying.municipality) != (place.id, place.municipality):
        yield "manifest-forged", place.called
        lying = None
    elif lying is not None and not _is_known_head(session, lying):
        # Of this very target, by a library that came further than this one, or another way; what lies there is as it
        # says. Held against our own last receipt, each file that was published since would be a fault.
        yield "target-elsewhere", place.called
    elif lying is not None and place.remembered is not None and lying.files != place.remembered.files:
        if lying.head.number <= place.remembered.head.number:
            # An older one than the last receipt: put back from a copy, or made up of what others can read.
            yield "manifest-forged", place.called
            lying = None
        else:
            yield "target-unfinished", place.called
    manifest = lying or place.remembered
    if manifest is not None:
        yield from _copies(session, place, connector, manifest)


def _copies(session: Session, place: _Place, connector: Connector, manifest: Manifest) -> Iterator[tuple[str, str]]:
    ours = _names_of_ours(session)
    found = connector.look([*manifest.paths, *ours])
    # Who opens the folder cannot tell such a copy from those that apply.
    for path in sorted(found.keys() & ours - manifest.paths):
        yield "copy-stray", f"{place.called}: {path}"
    for path, entry in sorted(manifest.files.items()):
        there, meant = found.get(path), manifest.intent.get(path)
        if there is None:
            yield "copy-missing", f"{place.called}: {path}"
        elif there.sha256 not in {entry.sha256, meant.sha256 if meant else entry.sha256}:
            yield "copy-changed", f"{place.called}: {path}"


def _names_of_ours(session: Session) -> frozenset[str]:
    """Give every file name that a routine of this library would have at a destination."""
    routines = session.exec(select(ProcedureRow.id))
    names = {file_name(ProcedureId(one), suffix) for one in routines for suffix in DOCUMENT_SUFFIXES}
    kinds = session.exec(select(AttachmentRow.procedure_id, AttachmentRow.media_type).distinct())
    names |= {
        attached_name(ProcedureId(one), number, suffix_of(kind))
        for one, kind in kinds
        for number in range(1, MOST_FILES + 1)
    }
    return frozenset(names)


def _is_known_head(session: Session, manifest: Manifest) -> bool:
    """Whether it is of a decision of ours: a forger must know a hash that the chain has."""
    made = session.exec(select(DecisionRow.hash).where(DecisionRow.number == manifest.head.number)).first()
    return made == manifest.head.hash
