"""The rows of a hearing, read to values; and an answer written, which members and outsiders give alike."""

import hashlib
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date

from sqlmodel import Session, col, func, or_, select

from samrutine.actors import RIGHTS, Verb, network_body
from samrutine.days import norwegian_day
from samrutine.errors import DecisionIdReused, Refused
from samrutine.inbox.opening import close_waiting, tell, wait_for
from samrutine.procedures.access import reader_of
from samrutine.procedures.access_rules import may_read
from samrutine.procedures.model import AccessClass, ProcedureText
from samrutine.procedures.text import read
from samrutine.proposals.heard_text import is_another_text
from samrutine.proposals.hearing import (
    OUTSIDE,
    HeardParty,
    HearingAnswer,
    HearingPartyId,
    MadeRemark,
    Remark,
    RemarkId,
    RemarkOutcome,
)
from samrutine.proposals.hearing_rules import HearingNotOpen, RemarksMadeAlready, RemarksUnanswered, may_answer
from samrutine.proposals.transitions import ProposalState
from samrutine.reasons import Because, refuse
from samrutine.storage.decisions import Act
from samrutine.storage.rows import (
    DecisionRow,
    HearingLinkRow,
    HearingPartyRow,
    HearingRow,
    MunicipalityRow,
    NetworkRow,
    ProposalRow,
    RemarkRow,
    RoleGrantRow,
)

ANSWER_WAITS = "answer-hearing"
CLOSE_WAITS = "close-hearing"
REPLY_WAITS = "reply-to-remarks"


def opaque(kind: str, *parts: object) -> str:
    """Make an id of 16 hexadecimal digits from what it is the id of, so that a second call makes the same."""
    return f"{kind}-{hashlib.sha256(':'.join(map(str, parts)).encode()).hexdigest()[:16]}"


def remark_id(decision_id: str, n: int) -> RemarkId:
    """Give the id of one of the remarks of an answer. Those of one answer sort as they were written."""
    return RemarkId(f"{opaque('k', decision_id)[:-3]}{n:03x}")


def name_of(session: Session, body: str) -> str:
    """Give what people call a municipality or a network; the body itself when the library has none such."""
    kind, _, which = body.partition(":")
    if kind == "municipality":
        town = session.get(MunicipalityRow, which)
        return town.name if town is not None else body
    network = session.get(NetworkRow, which)
    return network.name if network is not None else body


def rounds_of(session: Session, proposal: str) -> Sequence[HearingRow]:
    """Give a proposal's rounds of hearing, the first one first."""
    query = select(HearingRow).where(HearingRow.proposal_id == proposal).order_by(col(HearingRow.round))
    return session.exec(query).all()


def last_heard(session: Session, proposal: str) -> HearingRow | None:
    """Give the newest round that was heard to its end; one that a decision broke off was not."""
    return session.exec(
        select(HearingRow)
        .join(DecisionRow, col(DecisionRow.number) == col(HearingRow.closed_number))
        .where(HearingRow.proposal_id == proposal, DecisionRow.kind == "hearing_closed")
        .order_by(col(HearingRow.round).desc())
    ).first()


def may_see_round(session: Session, row: ProposalRow, hearing: HearingRow, reader: str | None, today: date) -> bool:
    """
    Whether a reader of a proposal may see a round of it: the text that was heard, and what was said of it.

    A text that was exempt when it was heard stays so, whatever the proposal's text is now.

    Raises:
        PersonNotFound: Nobody has the reader's id or name.
    """
    if row.access == AccessClass.EXEMPT:
        return True  # Who may read the proposal may read what is exempt in it.
    access = read(hearing.text, row.id).front.access
    networks = (row.network, *row.co_networks.split())
    return access is not AccessClass.EXEMPT or may_read(reader_of(session, reader), access, networks, today)


def is_another_than_heard(session: Session, proposal: str, text: ProcedureText, *, now_there: bytes) -> bool:
    """
    Whether a text is another than the one that was heard last, and than the one that stands in the proposal now.

    What stands there was sent to approval with its reason, if it took one; mending it is not asked about once more.
    """
    heard = last_heard(session, proposal)
    if heard is None or not heard.text:
        return False
    before = [read(one, proposal) for one in {heard.text, now_there}]
    return all(is_another_text(one, text) for one in before)


def open_round(session: Session, row: ProposalRow) -> HearingRow | None:
    """Give the round that is open now; None when answers are not taken."""
    rounds = rounds_of(session, row.id)
    is_open = bool(rounds) and rounds[-1].closed_number is None and row.state == ProposalState.HEARING.value
    return rounds[-1] if is_open else None


def require_open_round(session: Session, row: ProposalRow) -> HearingRow:
    """
    Give the round that is open now.

    Raises:
        Refused: No hearing is open.
    """
    hearing = open_round(session, row)
    if hearing is None:
        raise Refused([HearingNotOpen(row.id)])
    return hearing


def party_rows(session: Session, hearing: HearingRow) -> Sequence[HearingPartyRow]:
    """Give a round's parties in the order in which they were named."""
    query = select(HearingPartyRow).where(HearingPartyRow.hearing_id == hearing.id)
    kinds = ("municipality:", "network:", OUTSIDE)

    def place(row: HearingPartyRow) -> tuple[int, str, str]:
        return next((n for n, kind in enumerate(kinds) if row.body.startswith(kind)), 9), row.body, row.id

    return sorted(session.exec(query), key=place)


def heard(
    session: Session, hearing: HearingRow, today: date, *, shows: Callable[[HearingPartyRow], bool] = lambda _: True
) -> tuple[HeardParty, ...]:
    """
    Give a round's parties with their answers.

    Args:
        session: An open one.
        hearing: The round.
        today: The day on which roles and links must hold for somebody to be able to answer, a day in Norway.
        shows: Whether a party's remarks may be shown.
    """
    rows = party_rows(session, hearing)
    made: dict[str, list[MadeRemark]] = {}
    query = select(RemarkRow).where(col(RemarkRow.party_id).in_([row.id for row in rows]))
    for remark in session.exec(query.order_by(col(RemarkRow.made_number), RemarkRow.id)):
        made.setdefault(remark.party_id, []).append(_made(remark))
    proposal = session.get_one(ProposalRow, hearing.proposal_id)
    held = _held(session, proposal, [row.body for row in rows], today)
    linked = _linked(session, [row.id for row in rows if row.body.startswith(OUTSIDE)], today)
    return tuple(
        HeardParty(
            HearingPartyId(row.id), row.body, row.party, row.name, HearingAnswer(row.answer), row.reminders, row.reminded_on,
            row.id in linked if row.body.startswith(OUTSIDE)
            else row.body in held,
            tuple(made.get(row.id, ())) if shows(row) else (),
            sum(one.outcome is not RemarkOutcome.TAKEN_BACK for one in made.get(row.id, ())),
        )
        for row in rows
    )  # fmt: skip


def keep_answer(
    act: Act, row: ProposalRow, hearing: HearingRow, party: HearingPartyRow, remarks: Sequence[Remark]
) -> None:
    """
    Write what a party answered in the act's newest decision: its remarks, or that it has none.

    An answer of no remarks takes those back that the party made before and nobody has replied to, and their makers are
    told. More remarks are added to those there are.
    """
    session, number = act.session, act.number
    party.answer = (HearingAnswer.REMARKS if remarks else HearingAnswer.NO_REMARKS).value
    party.answered_number = number
    session.add(party)
    if not remarks:
        taken_back = without_reply(session, party)
        for earlier in taken_back:
            earlier.outcome, earlier.replied_number = RemarkOutcome.TAKEN_BACK.value, number
            session.add(earlier)
        tell(act, "remark-taken-back", row.id, actors=[one.actor_id for one in taken_back])
    for n, remark in enumerate(remarks):
        session.add(
            RemarkRow(
                id=remark_id(act.id, n), party_id=party.id, actor_id=act.by, section_key=remark.section_key,
                paragraph=remark.paragraph, text=remark.text.strip(), made_number=number,
            )
        )  # fmt: skip
    session.flush()
    close_waiting(session, hearing.id, number, body=party.body, what=[ANSWER_WAITS])
    settle_replies(act, row, hearing)
    unheard = select(HearingPartyRow.id).where(
        HearingPartyRow.hearing_id == hearing.id, HearingPartyRow.answer == HearingAnswer.NONE.value
    )
    if session.exec(unheard).first() is None:
        # Everybody has answered, so it need not wait for the deadline.
        ask_to_close(act, row, hearing, from_day=None)


def refuse_same_remarks(session: Session, party: HearingPartyRow, by: str, remarks: Sequence[Remark]) -> None:
    """
    Refuse remarks that this very person has made for the party already, in the same words about the same place.

    Raises:
        Refused: Some are; nothing is kept of the others either, so that nobody has to find out which.
    """
    earlier = session.exec(
        select(RemarkRow).where(
            RemarkRow.party_id == party.id, RemarkRow.actor_id == by, col(RemarkRow.outcome).is_(None)
        )
    )
    there = {(one.section_key, one.paragraph, one.text) for one in earlier}
    same = sum((one.section_key, one.paragraph, one.text.strip()) in there for one in remarks)
    if same:
        refuse([RemarksMadeAlready(same, len(remarks))])


def without_reply(session: Session, party: HearingPartyRow) -> Sequence[RemarkRow]:
    """Give a party's remarks that nobody has replied to: those that an answer of none takes back."""
    return session.exec(select(RemarkRow).where(RemarkRow.party_id == party.id, col(RemarkRow.outcome).is_(None))).all()


def require_same_remarks(act: Act, party: str, remarks: Sequence[Remark]) -> None:
    """
    Refuse a second call with the id of the first and other remarks. One that was deleted since counts as the same.

    The act's own request cannot tell: it is kept for ever, and free text is not.

    Raises:
        DecisionIdReused: The remarks are others. Make a new id.
    """
    query = select(RemarkRow).where(RemarkRow.party_id == party, RemarkRow.made_number == act.decisions[0].number)
    kept = {row.id: row for row in act.session.exec(query)}
    for n, remark in enumerate(remarks):
        row = kept.get(remark_id(act.id, n))
        if row is not None and row.text is not None and row.text != remark.text.strip():
            raise DecisionIdReused(decision=act.id)


def asked_of(remarks: Sequence[Remark]) -> list[list[object]]:
    """Give where remarks stand, without their words: what may be part of a request."""
    return [[one.section_key, one.paragraph] for one in remarks]


def checked_texts(remarks: Sequence[Remark]) -> Mapping[str, str]:
    """Give the remarks' words by name, to be looked at for personal data before anything is decided."""
    return {f"remark {n}": one.text for n, one in enumerate(remarks, 1)}


def ask_to_close(act: Act, row: ProposalRow, hearing: HearingRow, *, from_day: date | None) -> None:
    """Put the closing of the round before the network, from a day on or at once."""
    wait_for(
        act, network_body(row.network), CLOSE_WAITS, hearing.id, verb=Verb.HEAR, key=hearing.id, due_on=from_day or act.today,
        shown_from=from_day,
    )  # fmt: skip


def settle_replies(act: Act, row: ProposalRow, hearing: HearingRow) -> None:
    """Put the replies before the network while a remark lacks one, and take them away when none does."""
    body = network_body(row.network)
    if unanswered(act.session, row.id):
        wait_for(act, body, REPLY_WAITS, row.id, verb=Verb.HEAR, key=hearing.id)
    else:
        close_waiting(act.session, row.id, act.number, what=[REPLY_WAITS])


def unanswered(session: Session, proposal: str) -> int:
    """Count the remarks, of all rounds of a proposal, that have no reply."""
    query = (
        select(func.count())
        .select_from(RemarkRow)
        .join(HearingPartyRow, col(HearingPartyRow.id) == col(RemarkRow.party_id))
        .join(HearingRow, col(HearingRow.id) == col(HearingPartyRow.hearing_id))
        .where(HearingRow.proposal_id == proposal, col(RemarkRow.outcome).is_(None))
    )
    return session.exec(query).one()


def reasons_against_leaving(session: Session, proposal: str) -> list[Because]:
    """Say why a proposal that was heard may not be sent to approval: a remark waits for its reply. Empty means it may."""
    count = unanswered(session, proposal)
    return [RemarksUnanswered(proposal, count)] if count else []


def _held(session: Session, proposal: ProposalRow, bodies: Collection[str], today: date) -> frozenset[str]:
    """
    Give those of the bodies in which somebody may answer on a day: one question, however many.

    Of an exempt text these are the ones in which somebody may read it: an answer nobody may give is not waited for.
    """
    verb = may_answer(AccessClass(proposal.access or AccessClass.OPEN))
    if verb is Verb.READ_EXEMPT:
        # A network that neither owns the text nor has a part in it may be asked, but none there may read it.
        theirs = {network_body(one) for one in (proposal.network, *proposal.co_networks.split())}
        bodies = [one for one in bodies if not one.startswith(network_body("")) or one in theirs]
    rows = session.exec(
        select(RoleGrantRow.body).where(
            col(RoleGrantRow.body).in_(list(bodies)), RoleGrantRow.from_on <= today,
            col(RoleGrantRow.ended_number).is_(None), col(RoleGrantRow.role).in_([one.value for one in RIGHTS[verb]]),
            or_(col(RoleGrantRow.until_on).is_(None), col(RoleGrantRow.until_on) > today),
        ).distinct()
    )  # fmt: skip
    return frozenset(rows)


def _linked(session: Session, parties: Collection[str], today: date) -> frozenset[str]:
    """Give those of the parties that have a link which holds on a day."""
    rows = session.exec(
        select(HearingLinkRow).where(
            col(HearingLinkRow.party_id).in_(list(parties)), col(HearingLinkRow.revoked_number).is_(None)
        )
    )
    return frozenset(row.party_id for row in rows if norwegian_day(row.expires_at) >= today)


def _made(row: RemarkRow) -> MadeRemark:
    return MadeRemark(
        RemarkId(row.id), row.section_key, row.paragraph, row.text,
        RemarkOutcome(row.outcome) if row.outcome else None, row.reply,
    )  # fmt: skip
