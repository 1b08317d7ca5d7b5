"""A round of hearing as whoever asks may see it."""

import json
from datetime import date

from sqlmodel import Session, select

from samrutine.actors import RIGHTS, Verb, network_body, roles_for
from samrutine.days import norwegian_day
from samrutine.errors import HearingNotFound
from samrutine.networks.directory import get_actor, get_network
from samrutine.networks.settling import shared_library
from samrutine.procedures.access import require_readable_proposal
from samrutine.procedures.model import Digest, ProcedureId
from samrutine.procedures.text import read
from samrutine.proposals.hearing import HearingView
from samrutine.proposals.hearing_rows import heard, may_see_round, open_round, party_rows, rounds_of
from samrutine.proposals.loading import get_row
from samrutine.storage.rows import DecisionRow, HearingRow, LibraryRow, ProposalRow


def look_at(
    session: Session, proposal: str, *, reader: str | None, today: date, which: int | None = None,
    party: str | None = None,
) -> HearingView:  # fmt: skip
    """
    Give a round of hearing as `Hearings.hearing` does.

    Args:
        session: An open one.
        proposal: Its id.
        reader: Whose eyes; None for nobody known.
        today: The day on which roles must hold, a day in Norway.
        which: Which round; the newest when None.
        party: The party by whose link is asked; its eyes then, and not the reader's.
    """
    row = get_row(session, proposal)
    if party is None:
        require_readable_proposal(session, proposal, reader, today)
    rounds = rounds_of(session, proposal)
    number = len(rounds) if which is None else which
    if not 1 <= number <= len(rounds):
        raise HearingNotFound(proposal=proposal)
    hearing = rounds[number - 1]
    if party is None and not may_see_round(session, row, hearing, reader, today):
        raise HearingNotFound(proposal=proposal)
    current = open_round(session, row)
    is_open = current is not None and current.id == hearing.id
    own = _own_parties(session, hearing, reader, today) if party is None else frozenset({party})
    handles = party is None and _handles(session, row, reader, today)
    all_shown = handles or (not is_open and bool(own))
    parties = heard(session, hearing, today, shows=lambda one: all_shown or one.id in own)
    text = read(hearing.text, row.id)
    shared = shared_library(session)
    names = {one.id: one.name for one in shared.parties}
    opened = session.get_one(DecisionRow, hearing.opened_number)
    through = json.loads(opened.record)["facts"]["through"]
    return HearingView(
        row.id, ProcedureId(row.procedure_id), text.front.title, row.network, get_network(session, row.network).name,
        hearing.round, len(rounds), Digest(hearing.digest), hearing.text, hearing.opened_on, hearing.deadline, is_open,
        parties, tuple(names.get(one, one) for one in through), all_shown, demo=session.exec(select(LibraryRow.demo)).one(),
        meaning=row.meaning, closed_on=_closed_on(session, hearing),
    )  # fmt: skip


def _closed_on(session: Session, hearing: HearingRow) -> date | None:
    if hearing.closed_number is None:
        return None
    return norwegian_day(session.get_one(DecisionRow, hearing.closed_number).decided_at)


def _handles(session: Session, row: ProposalRow, reader: str | None, today: date) -> bool:
    if reader is None:
        return False
    return bool(roles_for(get_actor(session, reader), Verb.HEAR, network_body(row.network), today))


def _own_parties(session: Session, hearing: HearingRow, reader: str | None, today: date) -> frozenset[str]:
    """Give the parties that the reader belongs to."""
    if reader is None:
        return frozenset()
    actor = get_actor(session, reader)
    bodies = {grant.body for grant in actor.grants if grant.holds_on(today) and grant.role in RIGHTS[Verb.ANSWER]}
    return frozenset(one.id for one in party_rows(session, hearing) if one.body in bodies)
