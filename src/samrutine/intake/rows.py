"""Documents that were sent in, from and to their rows."""

import hashlib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from sqlmodel import Session, select

from samrutine.actors import Actor, Verb, municipality_body, network_body, reasons_against, roles_for
from samrutine.arguments import require_text
from samrutine.collecting.errors import CollectionNotFound
from samrutine.errors import InvalidText
from samrutine.inbox.opening import Note, close_waiting, wait_for
from samrutine.intake.errors import IncomingNotFound
from samrutine.intake.masking import masked_all
from samrutine.intake.model import LONGEST_NAME, IncomingDocument, IncomingId, IncomingState, NotWaiting, may_see
from samrutine.intake.quarantine import held_anew, places
from samrutine.intake.report import Report, report_from, without_held
from samrutine.networks.directory import get_actor
from samrutine.procedures.bounds import LARGEST, out_of_bounds
from samrutine.procedures.canonical import canonical_body
from samrutine.procedures.model import Digest
from samrutine.procedures.text import digest as digest_of
from samrutine.reasons import refuse
from samrutine.storage.rows import CollectionRow, IncomingDocumentRow

WAITS: Final = "look-at-documents"
"""The code of documents that wait in a network; one row for them all."""


@dataclass(frozen=True, slots=True)
class Detail:
    """
    A document as whoever may see it looks at it.

    Attributes:
        text: The canonical Markdown below the title; empty when it was refused or rejected.
        digest: Of title and text, to edit or accept what was read.
    """

    document: IncomingDocument
    report: Report
    text: str
    digest: Digest


def id_of(network: str, municipality: str | None, source_digest: str) -> IncomingId:
    """Give the id of a document: the same bytes of the same sender are the same document."""
    said = f"{network}:{municipality or ''}:{source_digest}"
    return IncomingId(f"i-{hashlib.sha256(said.encode()).hexdigest()[:12]}")


def clean(text: str, longest: int = LONGEST_NAME) -> str:
    """Give a name or a title as every store can hold it: one line, without what cannot be shown."""
    plain = unicodedata.normalize("NFC", text.encode("utf-8", "replace").decode("utf-8"))
    shown = "".join(one if one.isprintable() else " " for one in plain)
    return " ".join(shown.split())[:longest]


def whole_of(row: IncomingDocumentRow) -> str:
    """Give title and text together, the title as the first line."""
    return f"{row.title}\n{row.text.decode()}"


def seen(
    session: Session, document: str, reader: str | None, today: date, *, lock: bool = False
) -> IncomingDocumentRow:
    """
    Give a document's row to whoever may see it.

    Raises:
        IncomingNotFound: There is none of that id, or they may not see it.
    """
    query = select(IncomingDocumentRow).where(IncomingDocumentRow.id == document)
    row = session.exec(query.with_for_update() if lock else query).first()
    actor = get_actor(session, reader) if reader is not None else None
    if row is None or not may_see(actor, row.network, row.municipality, today):
        raise IncomingNotFound(document=document[:40])
    return row


def require_decider(session: Session, row: IncomingDocumentRow, by: str, today: date) -> None:
    """
    Let only those decide of a document who write in the network that it was sent to.

    Raises:
        NotAllowed: Somebody who sees it since it comes from where they work.
    """
    refuse(reasons_against(get_actor(session, by), Verb.TAKE_IN, network_body(row.network), today))


def require_sender(actor: Actor, network: str, municipality: str | None, today: date) -> None:
    """
    Let those take a document in who work where it comes from, or write in the network.

    Raises:
        NotAllowed: Somebody else.
    """
    if not roles_for(actor, Verb.TAKE_IN, network_body(network), today):
        body = municipality_body(municipality) if municipality else network_body(network)
        refuse(reasons_against(actor, Verb.TAKE_IN, body, today))


def shown(row: IncomingDocumentRow, towns: Mapping[str, str]) -> IncomingDocument:
    """Give a document as a list shows it."""
    report = report_from(row.report)
    waits = row.state == IncomingState.WAITING
    return IncomingDocument(
        IncomingId(row.id), row.name, row.title, row.kind, IncomingState(row.state), row.municipality,
        towns.get(row.municipality or ""), row.network, row.collection_id,
        report.weight.value if report.weight else None, len(report.to_look_at) if waits else 0,
        len(report.open_held) if waits else 0, row.received_at, row.decided_at, row.reason, row.proposal_id,
        row.source_digest, row.size,
    )  # fmt: skip


def detail(row: IncomingDocumentRow, towns: Mapping[str, str]) -> Detail:
    """Give a document with its report and its text."""
    return Detail(shown(row, towns), report_now(row), row.text.decode(), read_of(row))


def read_of(row: IncomingDocumentRow) -> Digest:
    """Give the digest of what somebody reads of a document: its title and its text."""
    return digest_of(whole_of(row).encode())


def report_now(row: IncomingDocumentRow) -> Report:
    """Give the report of a document; of one that waits, what is held back by the rules of today."""
    report = report_from(row.report)
    if row.state != IncomingState.WAITING:
        return report
    whole = whole_of(row)
    return without_held(replace(report, held=held_anew(whole, whole, report.held)), whole)


def name_of_file(given: str) -> str:
    """Give what a file is called without what may not be kept: a list shows it before anybody has looked at the file."""
    name = clean(given)
    # In a file's name a low line stands where a space would.
    read = name.replace("_", " ")
    if not places(read):
        return name
    stem, dot, suffix = read.rpartition(".")
    apart = f"{masked_all(stem)}{dot}{masked_all(suffix)}"
    return clean(masked_all(read) if places(apart) else apart)


def keep_waiting(note: Note, network: str) -> None:
    """Put the network's documents before those who decide of them, or take them away when none waits any more."""
    session = note.session
    session.flush()
    left = session.exec(
        select(IncomingDocumentRow.id)
        .where(IncomingDocumentRow.network == network, IncomingDocumentRow.state == IncomingState.WAITING.value)
        .limit(1)
    ).first()
    body = network_body(network)
    if left is None:
        close_waiting(session, body, note.number, body=body, what=[WAITS])
    else:
        wait_for(note, body, WAITS, body, verb=Verb.TAKE_IN, key=network)


def needed(session: Session, digest: str | None = None) -> set[str]:
    """Give the digests of the files that a document needs still: all, or only this one."""
    query = select(IncomingDocumentRow.source_digest).where(IncomingDocumentRow.state == IncomingState.WAITING.value)
    return set(session.exec(query if digest is None else query.where(IncomingDocumentRow.source_digest == digest)))


def require_waiting(row: IncomingDocumentRow) -> None:
    """
    Refuse what is decided.

    Raises:
        Refused: It was accepted, rejected or refused.
    """
    if row.state != IncomingState.WAITING:
        refuse([NotWaiting(row.id, row.state)])


def canonical_text(text: str, name: str) -> str:
    """
    Put a text that somebody wrote below a title in canonical form.

    Raises:
        InvalidText: It cannot be kept without losing words.
        InvalidRequest: It is too long, or holds what no store can hold.
    """
    require_text("text", text.replace("\r\n", "\n"), longest=LARGEST)
    body = text.replace("\r\n", "\n")
    outside = out_of_bounds(body, 1)
    if outside is not None:
        raise InvalidText(name, [outside])
    form, faults = canonical_body(body, 1)
    if faults:
        raise InvalidText(name, list(faults))
    return form


def require_collection(session: Session, collection: str | None, network: str) -> None:
    """
    Refuse to answer to what the network does not ask for.

    Raises:
        CollectionNotFound: There is none of that id, or another network asks.
    """
    found = session.get(CollectionRow, collection) if collection is not None else None
    if collection is not None and (found is None or found.network != network):
        raise CollectionNotFound(collection=collection[:40])
