"""
Whoever acts on what they may not know of is answered as if it were not there.

The verbs look up what they are asked about here, so that an id that is hidden and an id that nothing has come to the very
same refusal, at the same place in the verb, and before any rule says more. What is open to all costs nothing more to look
up; what is guarded costs one statement, which asks who acts.
"""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Self

from sqlmodel import Session, col, exists, select

from samrutine.actors import SYSTEM
from samrutine.errors import ProcedureNotFound, ProposalNotFound, VersionNotFound
from samrutine.inbox.opening import Doing
from samrutine.procedures.access import UNOPENED, hidden_texts, reader_of
from samrutine.procedures.access_rules import Reader, may_read, may_read_proposal
from samrutine.procedures.hiding import NOTHING_HIDDEN, HiddenTexts
from samrutine.procedures.model import AccessClass, VersionNumber
from samrutine.storage.rows import HearingRow, ProcedureRow, ProposalRow, VersionRow


@dataclass
class Eyes:
    """
    Whose eyes an act is done with: what they may know of, and what is not there for them.

    Attributes:
        by: The actor's id. The rules themselves, which decide what follows from others' decisions, know of everything.
        today: The day on which roles must hold, a day in Norway.
    """

    session: Session
    by: str
    today: date

    @classmethod
    def of(cls, act: Doing) -> Self:
        """Give the eyes of whoever does this."""
        return cls(act.session, act.by, act.today)

    @cached_property
    def _reader(self) -> Reader:
        return reader_of(self.session, self.by)

    def hidden_texts(self) -> HiddenTexts:
        """Give what they may not see of what is faglig godkjent; nothing is hidden from the rules themselves."""
        return NOTHING_HIDDEN if self.by == SYSTEM else hidden_texts(self.session, self.by, self.today)

    def know(self, row: ProcedureRow) -> bool:
        """Whether they may know of the routine."""
        return self._may_read(row.access, row)

    def know_version(self, row: ProcedureRow, version: VersionRow) -> bool:
        """Whether they may know of the version, which may be an exempt one of a routine that was opened since."""
        return self.know(row) and self._may_read(version.access or row.access, row)

    def procedure(self, procedure: str) -> ProcedureRow:
        """
        Give a routine's row.

        Raises:
            ProcedureNotFound: There is none of that id, or they may not know of it.
        """
        row = self.session.get(ProcedureRow, procedure)
        if row is None or not self.know(row):
            raise ProcedureNotFound(procedure=procedure)
        return row

    def version(self, row: ProcedureRow, version: VersionNumber) -> VersionRow:
        """
        Give a version's row, of a routine that they may know of.

        Raises:
            VersionNotFound: There is none of that number, or they may not know of it.
        """
        found = self.session.get(VersionRow, (row.id, version.major, version.minor))
        if found is None or not self.know_version(row, found):
            raise VersionNotFound(procedure=row.id, version=version)
        return found

    def proposal(self, proposal: str) -> ProposalRow:
        """
        Give a proposal's row.

        Raises:
            ProposalNotFound: There is none of that id, or they may not know of it: another's draft, or an exempt text.
        """
        was_heard = exists().where(col(HearingRow.proposal_id) == col(ProposalRow.id))
        found = self.session.exec(select(ProposalRow, was_heard).where(ProposalRow.id == proposal)).first()
        if found is None or not self._may_read_proposal(*found):
            raise ProposalNotFound(proposal=proposal)
        return found[0]

    def replacement(self, row: ProcedureRow) -> str | None:
        """Give what a routine is replaced by, for a reason that names it; None also for what they may not know of."""
        other = self.session.get(ProcedureRow, row.replaced_by) if row.replaced_by else None
        return other.id if other is not None and self.know(other) else None

    def _may_read(self, access: str, row: ProcedureRow) -> bool:
        if access != AccessClass.EXEMPT or self.by == SYSTEM:
            return True
        networks = (row.network, *row.co_networks.split())
        return may_read(self._reader, AccessClass(access), networks, self.today)

    def _may_read_proposal(self, row: ProposalRow, was_heard: bool) -> bool:  # noqa: FBT001  one row of a query
        access = AccessClass(row.access or AccessClass.OPEN)
        was_opened = was_heard or row.sent_at is not None or row.state not in UNOPENED
        if (was_opened and access is not AccessClass.EXEMPT) or self.by == SYSTEM:
            return True
        networks = (row.network, *row.co_networks.split())
        return may_read_proposal(
            self._reader, access, row.author_actor, networks, self.today, was_opened=was_opened,
            hidden_from_author=row.hidden_from_author,
        )  # fmt: skip
