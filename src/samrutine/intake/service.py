"""
Documents that somebody sent in: take them in, look at them, mend them, mask what must not be kept, reject.

Nothing here is a decision: as feedback, a document waits in a row of its own. The proposal that comes of it is one, and is
made in `accepting.py`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlmodel import Session, col, select

from samrutine.actors import ActorId
from samrutine.arguments import require_text
from samrutine.errors import DocumentRefused
from samrutine.exchange.incoming.model import Incoming
from samrutine.exchange.incoming.reading import read_document, read_documents
from samrutine.inbox.opening import Note, tell
from samrutine.intake.errors import DocumentChanged, PageNotShown
from samrutine.intake.masking import let_through, masked
from samrutine.intake.model import (
    LONGEST_REASON,
    IncomingDocument,
    IncomingId,
    IncomingState,
    OriginalGone,
    may_see,
    reasons_against_looking,
)
from samrutine.intake.originals import Originals, source_digest
from samrutine.intake.own_copies import settled
from samrutine.intake.quarantine import held_anew
from samrutine.intake.report import Report, as_json, order_of, report_from, report_of, report_of_refused, without_held
from samrutine.intake.rows import (
    Detail,
    canonical_text,
    clean,
    detail,
    id_of,
    keep_waiting,
    name_of_file,
    needed,
    read_of,
    report_now,
    require_collection,
    require_decider,
    require_sender,
    require_waiting,
    seen,
    shown,
    whole_of,
)
from samrutine.networks.directory import get_actor, get_municipality, get_network, municipalities
from samrutine.procedures.canonical import canonical_body
from samrutine.procedures.model import Digest
from samrutine.reasons import refusal, refuse
from samrutine.storage.decisions import Decisions
from samrutine.storage.rows import IncomingDocumentRow
from samrutine.storage.sql import Database
from samrutine.storage.steps import reach


@dataclass(frozen=True, slots=True)
class FileTakenIn:
    """What became of one file. `was_there` when these bytes were sent in before: then it is that document, as it stands."""

    name: str
    document: IncomingDocument
    report: Report
    was_there: bool


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What became of the files that were sent in together, in the order they were given."""

    files: tuple[FileTakenIn, ...]

    @property
    def gravest_first(self) -> tuple[FileTakenIn, ...]:
        """The files in the order somebody should look at them."""
        return tuple(sorted(self.files, key=lambda one: order_of(one.report)))


@dataclass(frozen=True, slots=True)
class _Sender:
    """Who sends, and where it goes."""

    network: str
    municipality: str | None
    collection: str | None
    by: ActorId
    now: datetime


class Intake:
    """The documents of an opened library."""

    def __init__(self, database: Database, decisions: Decisions, originals: Originals) -> None:
        self._database = database
        self._decisions = decisions
        self._originals = originals
        self._drawn: tuple[str, tuple[bytes, ...]] | None = None

    def take_in(
        self, files: Sequence[tuple[str, bytes]], *, network: str, municipality: str | None, collection: str | None,
        by: ActorId, now: datetime,
    ) -> TakenIn:  # fmt: skip
        """
        Take files in, and say of each what became what, what was lost, and what is held back. They wait then.

        Each is read in a process of its own, as many at once as there are processors, and kept as soon as it is read: one
        that cannot be read stops no other. The same bytes of the same sender again are the same document.

        Args:
            files: Name and bytes of each.
            network: The network that is to judge them.
            municipality: Whose they are; None for the network's own.
            collection: What they answer to, by id.

        Raises:
            NetworkNotFound, MunicipalityNotFound: As they say.
            CollectionNotFound: The network asks for nothing under that id.
            NotAllowed: The actor neither works in the municipality nor writes in the network.
            StoreUnavailable: The disk is full. What was read before is in; call again.
        """
        with self._database.reading() as session:
            where = get_municipality(session, municipality).number if municipality else None
            sender = _Sender(get_network(session, network).id, where, collection, by, now)
            self._require_sender(session, sender)
            require_collection(session, sender.collection, sender.network)
            given = [(name, data, id_of(sender.network, where, source_digest(data))) for name, data in files]
            there = self._there(session, [one for _, _, one in given])
        unread = [one for one in given if one[2] not in there]
        self._join(sender, there)
        for (name, data, document), read in zip(
            unread, read_documents((data, clean(name)) for name, data, _ in unread), strict=True
        ):
            self._keep(
                sender, document, name_of_file(name), data, self._settled(read, data, clean(name), sender.by, now)
            )
        with self._database.reading() as session:
            towns = _towns(session)
            return TakenIn(
                tuple(
                    FileTakenIn(name, shown(row, towns), report_from(row.report), document in there)
                    for name, _, document in given
                    for row in [session.get_one(IncomingDocumentRow, document)]
                )
            )

    def _settled(
        self, read: Incoming | DocumentRefused, data: bytes, name: str, by: ActorId, now: datetime
    ) -> Incoming | DocumentRefused:  # fmt: skip
        """Hold what came out of a file against the library, when it says that it is a copy of ours."""
        with self._database.reading() as session:
            today = Note(session, now, by, 0).today
            return settled(
                session, read, name=name, sender=by, today=today, as_anybodys=lambda: _as_anybodys(data, name)
            )

    def _require_sender(self, session: Session, sender: _Sender) -> None:
        today = Note(session, sender.now, sender.by, 0).today
        require_sender(get_actor(session, sender.by), sender.network, sender.municipality, today)

    def _join(self, sender: _Sender, there: set[str]) -> None:
        """Let what waits from before, and answers to nothing, answer to what was asked for now."""
        if sender.collection is None or not there:
            return
        row = IncomingDocumentRow
        with self._decisions.note() as session:
            for one in session.exec(select(row).where(col(row.id).in_(there), col(row.collection_id).is_(None))):
                one.collection_id = sender.collection
                session.add(one)

    @staticmethod
    def _there(session: Session, documents: Sequence[str]) -> set[str]:
        """Give those that are known. One that could not be read is tried once more: what reads it may be installed now."""
        rows = session.exec(select(IncomingDocumentRow).where(col(IncomingDocumentRow.id).in_(documents)))
        return {row.id for row in rows if row.state != IncomingState.REFUSED}

    def _keep(
        self, sender: _Sender, document: IncomingId, name: str, data: bytes, read: Incoming | DocumentRefused
    ) -> None:
        row = IncomingDocumentRow(
            id=document, collection_id=sender.collection, municipality=sender.municipality, network=sender.network,
            name=name or "–", source_digest=source_digest(data), size=len(data), state=IncomingState.REFUSED.value,
            text=b"", report="", received_at=sender.now, received_by=sender.by,
        )  # fmt: skip
        if isinstance(read, DocumentRefused):
            row.report, row.decided_at = as_json(report_of_refused(read.reasons[0])), sender.now
        else:
            _put(row, read)
            # Before the row, so that a row that waits has its file; one that no row names is cleared by `maintain`.
            self._originals.keep(data)
            reach("note: file written")
        with self._decisions.note() as session:
            note = Note.begun(session, by=sender.by, now=sender.now)
            require_sender(get_actor(session, sender.by), sender.network, sender.municipality, note.today)
            before = session.get(IncomingDocumentRow, document, with_for_update=True)
            if before is not None and before.state != IncomingState.REFUSED:
                return
            session.merge(row)
            keep_waiting(note, sender.network)

    def incoming(
        self, *, network: str | None, municipality: str | None, collection: str | None, state: IncomingState | None,
        reader: str | None, today: date,
    ) -> Sequence[IncomingDocument]:  # fmt: skip
        """
        Give the documents that the reader may see, those that wait first, then the newest first.

        Args:
            network, municipality, collection, state: Only those; all when None.
            reader: Whose eyes; somebody unknown sees none.

        Raises:
            NetworkNotFound, MunicipalityNotFound, PersonNotFound: As they say.
        """
        with self._database.reading() as session:
            actor = get_actor(session, reader) if reader is not None else None
            row, query = IncomingDocumentRow, select(IncomingDocumentRow)
            if network is not None:
                query = query.where(col(row.network) == get_network(session, network).id)
            if municipality is not None:
                query = query.where(col(row.municipality) == get_municipality(session, municipality).number)
            if collection is not None:
                query = query.where(col(row.collection_id) == collection)
            if state is not None:
                query = query.where(col(row.state) == state.value)
            query = query.order_by(col(row.decided_at).is_not(None), col(row.received_at).desc(), col(row.id))
            towns = _towns(session)
            rows = session.exec(query)
            return [shown(one, towns) for one in rows if may_see(actor, one.network, one.municipality, today)]

    def document(self, document: str, *, reader: str | None, today: date) -> Detail:
        """
        Give a document with its report and its text.

        Raises:
            IncomingNotFound: There is none of that id, or the reader may not see it.
        """
        with self._database.reading() as session:
            return detail(seen(session, document, reader, today), _towns(session))

    def page(self, document: str, number: int, *, reader: str | None, today: date) -> bytes:
        """
        Give a page of a file that waits, as it is drawn: what is read of a PDF must be held against it.

        What is held back stands on the page as in the text, for whoever sees both. Where something was taken out of the text, no
        page is shown any more.

        Args:
            number: From 1.

        Returns:
            A PNG. The pages of the last file are kept as long as the library is open.

        Raises:
            IncomingNotFound: As `document`.
            PageNotShown: There is no such picture, or it may not be shown any more.
        """
        with self._database.reading() as session:
            row = seen(session, document, reader, today)
            report, digest, name = report_now(row), row.source_digest, row.name
            is_waiting = row.state == IncomingState.WAITING
        if not is_waiting or not 1 <= number <= report.drawn_pages:
            raise PageNotShown(document=document, page=number)
        if self._drawn is None or self._drawn[0] != digest:
            data = self._originals.read(digest)
            if data is None:
                raise PageNotShown(document=document, page=number)
            read = read_document(data, name)
            self._drawn = (digest, tuple(one.data for one in read.pictures if one.is_page))
        pages = self._drawn[1]
        if number > len(pages):
            raise PageNotShown(document=document, page=number)
        return pages[number - 1]

    def edit(
        self, document: str, text: str, *, title: str | None, read_digest: Digest | None, by: ActorId, now: datetime
    ) -> Detail:
        """
        Mend the text of a document that waits. What is held back in it is looked for anew.

        Args:
            text: Markdown below the title, which is brought to canonical form.
            title: Another title; the one there is when None.
            read_digest: The digest of what the change was made from, so that nobody overwrites unread words.

        Raises:
            IncomingNotFound: As `document`.
            InvalidText: It cannot be kept without losing words.
            InvalidRequest: The title is missing or too long.
            DocumentChanged: Somebody edited it meanwhile.
            Refused: It does not wait any more.
        """
        body = canonical_text(text, document)
        with self._decisions.note() as session:
            row = self._waiting(session, document, by, now)
            if read_digest is not None and read_digest != read_of(row):
                raise DocumentChanged(document=row.id)
            before = whole_of(row)
            if title is not None:
                row.title = clean(require_text("title", title, longest=300, may_be_empty=False), 300)
            row.text = body.encode()
            _hold(
                row,
                replace(report_from(row.report), held=held_anew(before, whole_of(row), report_from(row.report).held)),
                before,
            )
            session.add(row)
            return detail(row, _towns(session))

    def mask(self, document: str, keys: Sequence[str], *, by: ActorId, now: datetime) -> Detail:
        """
        Take out of a text what is held back under these keys. What stands in its place says what kind of thing it was.

        The file itself is kept until the document is decided. Masking what is masked is the same act.

        Raises:
            IncomingNotFound: As `document`.
            Refused: It does not wait any more, or holds nothing back under a key.
        """
        with self._decisions.note() as session:
            row = self._waiting(session, document, by, now)
            report = report_now(row)
            before = whole_of(row)
            after, held, reasons = masked(before, report.held, keys)
            refuse(reasons)
            row.title, _, body = after.partition("\n")
            form, faults = canonical_body(body, 1)
            row.text = (body if faults else form).encode()
            _hold(row, replace(report, held=held_anew(after, whole_of(row), held)), before)
            session.add(row)
            return detail(row, _towns(session))

    def look_at(
        self, document: str, keys: Sequence[str], *, read_digest: str, by: ActorId, now: datetime
    ) -> Detail:  # fmt: skip
        """
        Say of findings that one has looked at them, so that the document may come into a proposal; it is kept who did.

        The same again is the same act; whoever looked first is the one who is kept.

        Args:
            keys: The findings, "f1" and on.
            read_digest: The digest of title and text as the actor read them.

        Raises:
            IncomingNotFound: As `document`.
            DocumentChanged: Somebody edited it meanwhile.
            Refused: It does not wait any more, or has no finding of a key.
            NotAllowed: Somebody who does not write in the network.
        """
        with self._decisions.note() as session:
            row = self._waiting(session, document, by, now)
            require_decider(session, row, by, Note(session, now, by, 0).today)
            if read_digest != read_of(row):
                raise DocumentChanged(document=row.id)
            report = report_now(row)
            refuse(reasons_against_looking([one.key for one in report.findings], keys))
            _hold(row, report.looked_at(keys, by=by))
            session.add(row)
            return detail(row, _towns(session))

    def let_through(self, document: str, keys: Sequence[str], reason: str, *, by: ActorId, now: datetime) -> Detail:
        """
        Say that what is held back under these keys may stand, and why; by name.

        Args:
            reason: 1 to 1,000 characters, without the value itself.

        Raises:
            IncomingNotFound: As `document`.
            Refused: It does not wait any more, holds nothing back under a key, or is of a kind that no text may hold: then
                mask it, or edit the text so that each municipality fills in its own.
            InvalidRequest: The reason is missing or too long.
            NotAllowed: Somebody who does not write in the network.
        """
        why = require_text("reason", reason, longest=LONGEST_REASON, may_be_empty=False).strip()
        with self._decisions.note({"reason": why}) as session:
            row = self._waiting(session, document, by, now)
            require_decider(session, row, by, Note(session, now, by, 0).today)
            report = report_now(row)
            held, reasons = let_through(report.held, keys, by=by, reason=why)
            refuse(reasons)
            _hold(row, replace(report, held=held))
            session.add(row)
            return detail(row, _towns(session))

    def read_again(self, document: str, *, by: ActorId, now: datetime) -> Detail:
        """
        Read the file once more, as long as the document waits. What somebody did with the text is gone then.

        Raises:
            IncomingNotFound: As `document`.
            DocumentRefused: It cannot be read any more.
            Refused: It does not wait any more, or the file is gone.
        """
        with self._database.reading() as session:
            row = self._waiting(session, document, by, now)
            data, name = self._originals.read(row.source_digest), row.name
        if data is None:
            raise refusal([OriginalGone(document)])
        (read,) = read_documents([(data, name)])
        read = self._settled(read, data, name, by, now)
        if isinstance(read, DocumentRefused):
            raise read
        with self._decisions.note() as session:
            row = self._waiting(session, document, by, now)
            _put(row, read)
            session.add(row)
            return detail(row, _towns(session))

    def reject(self, document: str, reason: str, *, by: ActorId, now: datetime) -> IncomingDocument:
        """
        Say that the library does not want a document. Its text and its file are gone then; the report stays for a time.

        Args:
            reason: Why, for whoever sent it: 1 to 1,000 characters.

        Returns:
            The document; the same for the same reason by the same person again.

        Raises:
            IncomingNotFound: As `document`.
            Refused: It was accepted or rejected before, or the reason looks as if it held personal data.
            InvalidRequest: The reason is missing or too long.
            NotAllowed: Somebody who does not write in the network.
        """
        why = require_text("reason", reason, longest=LONGEST_REASON, may_be_empty=False).strip()
        with self._decisions.note({"reason": why}) as session:
            note = Note.begun(session, by=by, now=now)
            row = seen(session, document, by, note.today, lock=True)
            require_decider(session, row, by, note.today)
            if (row.state, row.decided_by, row.reason) != (IncomingState.REJECTED, by, why):
                require_waiting(row)
                row.state, row.text, row.reason = IncomingState.REJECTED.value, b"", why
                row.decided_at, row.decided_by = now, by
                session.add(row)
                keep_waiting(note, row.network)
                tell(note, "document-rejected", row.id, actors=[row.received_by])
            answer, digest = shown(row, _towns(session)), row.source_digest
        self.forget_original(digest)
        return answer

    def forget_original(self, digest: str) -> None:
        """Remove a file, unless another document that waits has the same bytes."""
        with self._database.reading() as session:
            if digest not in needed(session, digest):
                self._originals.remove(digest)

    @staticmethod
    def _waiting(session: Session, document: str, by: ActorId, now: datetime) -> IncomingDocumentRow:
        row = seen(session, document, by, Note(session, now, by, 0).today, lock=True)
        require_waiting(row)
        return row


def _as_anybodys(data: bytes, name: str) -> Incoming | DocumentRefused:
    try:
        return read_document(data, name, as_anybodys=True)
    except DocumentRefused as error:
        return error


def _put(row: IncomingDocumentRow, read: Incoming) -> None:
    """Put what came out of a file into its row."""
    row.kind, row.title = read.kind.value, clean(read.title, 300)
    row.text = read.markdown.encode("utf-8", "replace")
    row.state, row.decided_at = IncomingState.WAITING.value, None
    report = report_of(read, whole_of(row))
    _hold(row, report)
    number = report.suggestion("document_number")
    row.old_number = clean(number, 100) if number else None


def _hold(row: IncomingDocumentRow, report: Report, before: str = "") -> None:
    """Keep a report, which quotes nothing that is held back in the text, or was before somebody changed it."""
    row.report = as_json(without_held(report, before, whole_of(row)))


def _towns(session: Session) -> dict[str, str]:
    return {one.number: one.name for one in municipalities(session)}
