"""The texts that are held against each other: what was sent in and can be read, and what the library has."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select

from samrutine.collecting.model import ROUTINE, Member
from samrutine.intake.errors import IncomingNotFound
from samrutine.intake.likeness import Routine
from samrutine.intake.model import IncomingState, may_see
from samrutine.intake.triage import Triage
from samrutine.networks.directory import get_actor, municipalities
from samrutine.procedures.access import hidden_procedures
from samrutine.procedures.model import ProcedureId
from samrutine.procedures.text import read
from samrutine.storage.rows import IncomingDocumentRow, ProcedureRow, TriageRow
from samrutine.storage.words import Words

READABLE = (IncomingState.WAITING.value, IncomingState.ACCEPTED.value)
"""The states of documents whose text is kept."""


@dataclass(frozen=True, slots=True)
class Source:
    """A text that can be compared. `network` is the one that it was sent to, or that owns it."""

    routine: Routine
    member: Member
    network: str

    @property
    def id(self) -> str:
        """Its id among others."""
        return self.routine.id


class Sources:
    """
    What a reader may hold against each other.

    A document that was sent in is for the network it was sent to, for those who work in the municipality that sent it, and for
    the editor. To others it is not there.
    """

    def __init__(self, session: Session, words: Words, reader: str | None, today: date) -> None:
        self._session = session
        self._words = words
        self._reader = reader
        self._today = today
        self._actor = get_actor(session, reader) if reader is not None else None
        self._towns: dict[str, str] = {one.number: one.name for one in municipalities(session)}

    def named(self, ids: Iterable[str]) -> list[Source]:
        """
        Give texts by their ids, in an order of their own: what was sent in by municipality and id, then the library's.

        Raises:
            IncomingNotFound: There is none of that id, or the reader may not read it.
        """
        wanted = list(dict.fromkeys(ids))
        rows = self._documents(col(IncomingDocumentRow.id).in_([one for one in wanted if not one.startswith(ROUTINE)]))
        routines = self._library([one.removeprefix(ROUTINE) for one in wanted if one.startswith(ROUTINE)])
        found = [*self._as_sources(rows), *routines]
        if missing := [one for one in wanted if one not in {each.id for each in found}]:
            raise IncomingNotFound(document=missing[0])
        return found

    def sent(self, *, collection: str | None, network: str | None) -> list[Source]:
        """Give what was sent in of a collection, or to a network, and may be read."""
        row = IncomingDocumentRow
        which = col(row.collection_id) == collection if collection is not None else col(row.network) == network
        return self._as_sources(self._documents(which))

    def library(self) -> list[Source]:
        """Give the library's routines that stand and may be read."""
        return self._library(None)

    def _documents(self, which: object) -> Sequence[IncomingDocumentRow]:
        row = IncomingDocumentRow
        query = select(row).where(which, col(row.state).in_(READABLE))  # type: ignore[arg-type]  # a condition
        rows = self._session.exec(query.order_by(col(row.municipality), col(row.id))).all()
        return [one for one in rows if one.text and may_see(self._actor, one.network, one.municipality, self._today)]

    def _as_sources(self, rows: Sequence[IncomingDocumentRow]) -> list[Source]:
        answers = self._session.exec(select(TriageRow).where(col(TriageRow.document_id).in_([one.id for one in rows])))
        outcomes = {one.document_id: Triage(one.outcome) for one in answers}
        found = []
        for row in rows:
            title = row.title or row.name
            town = row.municipality
            routine = Routine(row.id, town or f"network:{row.network}", title, row.text.decode())
            member = Member(row.id, title, self._towns.get(town or ""), None, outcomes.get(row.id))
            found.append(Source(routine, member, row.network))
        return found

    def _library(self, ids: Sequence[str] | None) -> list[Source]:
        if ids is not None and not ids:
            return []
        hidden = hidden_procedures(self._session, self._reader, self._today)
        query = select(ProcedureRow).where(col(ProcedureRow.withdrawn_number).is_(None))
        if ids is not None:
            query = query.where(col(ProcedureRow.id).in_(ids))
        rows = [row for row in self._session.exec(query.order_by(col(ProcedureRow.id))) if row.id not in hidden]
        words = self._words.read_many(self._session, [row.digest for row in rows])
        found = []
        for row in rows:
            id_, body = f"{ROUTINE}{row.id}", read(words[row.digest], row.id).body
            member = Member(id_, row.title, None, ProcedureId(row.id))
            found.append(Source(Routine(id_, "library", row.title, body), member, row.network))
        return found
