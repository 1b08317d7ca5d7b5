"""
What is hidden from a reader, asked of SQL, and the one refusal for it.

What a reader may not see is to them as if it were not there: absent from lists and counts, and asked for directly it
gives the very error of an id that nothing has. Each question here is the same statements whatever they find, so that
neither the answer nor the time it takes says more.
"""

from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, case, col, exists, func, or_, select

from samrutine.errors import ProcedureNotFound, ProposalNotFound
from samrutine.procedures.access_rules import Reader, may_read_proposal
from samrutine.procedures.hiding import (
    HiddenTexts,
    hidden_by_name_on,
    hidden_on,
    hidden_procedures_on,
    reader_on,
)
from samrutine.procedures.model import AccessClass, FrontMatter, VersionNumber
from samrutine.storage.rows import HearingRow, ProposalRow

UNOPENED = ("draft", "withdrawn")
"""States in which a proposal may be one that was never heard nor sent."""


def reader_of(session: Session, reader: str | None) -> Reader:
    """
    Give the reader of that id or sign-in name, with roles; somebody unknown inside when None, and outside when `ANYBODY`.

    Raises:
        PersonNotFound: Nobody has that id or name.
    """
    return reader_on(session.connection(), reader)


def hidden_texts(session: Session, reader: str | None, today: date) -> HiddenTexts:
    """
    Give what the reader may not see of what is faglig godkjent.

    Args:
        session: To read by.
        reader: Whose eyes, an actor's id or sign-in name; None for somebody unknown inside.
        today: The day on which roles must hold, a day in Norway.

    Raises:
        PersonNotFound: Nobody has that id or name.
    """
    connection = session.connection()
    return hidden_on(connection, reader_on(connection, reader), today)


def hidden_procedures(session: Session, reader: str | None, today: date) -> frozenset[str]:
    """Give the ids of the routines that the reader may not know of; as `hidden_texts`."""
    connection = session.connection()
    return hidden_procedures_on(connection, reader_on(connection, reader), today)


@dataclass(frozen=True, slots=True)
class HiddenVersions:
    """
    What a reader may not see, by name and number: for statements over many uses, which hold no digest.

    Attributes:
        procedures: Hidden whole.
        versions: Guarded versions of routines that were opened since: a handful, as routine, major and minor.
        texts: The same by digest; of routines that are hidden whole, none.
    """

    procedures: frozenset[str]
    versions: frozenset[tuple[str, int, int]]
    texts: HiddenTexts

    def hides(self, procedure: str, version: VersionNumber) -> bool:
        """Whether the version is hidden, with its routine or alone."""
        return procedure in self.procedures or (procedure, version.major, version.minor) in self.versions


def hidden_versions(
    session: Session, reader: str | None, today: date, *, procedure: str | None = None
) -> HiddenVersions:
    """Give what the reader may not see, by name and number, of one procedure alone or of all; as `hidden_texts`."""
    connection = session.connection()
    hidden = hidden_by_name_on(connection, reader_on(connection, reader), today, procedure=procedure)
    return HiddenVersions(hidden.procedures, hidden.versions, hidden)


def require_readable(session: Session, procedure: str, reader: str | None, today: date) -> None:
    """
    Refuse what the reader may not know of, as if it were not there.

    Says nothing of an id that nothing has: whoever looks it up raises the same error.

    Raises:
        ProcedureNotFound: The reader may not read the routine. Equal in every word to that of a missing one.
        PersonNotFound: Nobody has the reader's id or name.
    """
    if procedure in hidden_procedures(session, reader, today):
        raise ProcedureNotFound(procedure=procedure)


def hidden_proposals(session: Session, reader: str | None, today: date) -> frozenset[str]:
    """
    Give the ids of the proposals that the reader may not know of: drafts of others, and exempt texts.

    A proposal that was once heard or sent is no secret any more, whatever state it is in now.

    Raises:
        PersonNotFound: Nobody has the reader's id or name.
    """
    who = reader_of(session, reader)
    opened = or_(
        col(ProposalRow.state).not_in(UNOPENED), col(ProposalRow.sent_at).is_not(None),
        exists().where(col(HearingRow.proposal_id) == col(ProposalRow.id)),
    )  # fmt: skip
    access = case((opened, func.coalesce(col(ProposalRow.access), AccessClass.OPEN.value)), else_=UNOPENED[0])
    networks = col(ProposalRow.network) + " " + col(ProposalRow.co_networks)
    rows = session.exec(
        select(  # type: ignore[call-overload]  # sqlmodel types four columns at most
            col(ProposalRow.id), col(ProposalRow.author_actor), networks, access, col(ProposalRow.hidden_from_author)
        ).where(access.in_([UNOPENED[0], AccessClass.EXEMPT.value]))
    )
    hidden = set()
    for proposal, author, theirs, shown_as, is_hidden in rows:
        was_opened = shown_as != UNOPENED[0]
        read_as = AccessClass(shown_as) if was_opened else AccessClass.EXEMPT
        if not may_read_proposal(
            who, read_as, author, theirs.split(), today, was_opened=was_opened, hidden_from_author=is_hidden
        ):
            hidden.add(proposal)
    return frozenset(hidden)


def require_readable_proposal(session: Session, proposal: str, reader: str | None, today: date) -> None:
    """
    Refuse a proposal that the reader may not know of, as if it were not there.

    Raises:
        ProposalNotFound: The reader may not read it. Equal in every word to that of a missing one.
        PersonNotFound: Nobody has the reader's id or name.
    """
    if proposal in hidden_proposals(session, reader, today):
        raise ProposalNotFound(proposal=proposal)


def networks_kept(front: FrontMatter) -> str:
    """Give the co-networks of a text as `co_networks` keeps them: ids with spaces between."""
    return " ".join(front.co_networks)
