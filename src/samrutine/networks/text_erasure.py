"""Erase what somebody wrote: with a decision, which stands with the chain and its proof; or beside all decisions."""

import json
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from samrutine.actors import LIBRARY, ActorId, Verb, reasons_against, roles_for
from samrutine.arguments import require_text
from samrutine.errors import InvalidRequest
from samrutine.networks.directory import get_actor, people_known
from samrutine.networks.erasure import LONGEST_REASON
from samrutine.networks.model import names_somebody
from samrutine.networks.writing_erasure import (
    NAMELESS,
    empty,
    is_row_id,
    reasons_against_emptying,
    row_of,
    standing,
)
from samrutine.procedures.text import digest as digest_of
from samrutine.proposals.hearing import OUTSIDE
from samrutine.reasons import Because, refuse
from samrutine.storage.decisions import Act, DecisionId, Decisions
from samrutine.storage.rows import (
    AdoptionRow,
    DecisionRow,
    DecisionTextRow,
    DelegationRow,
    HearingPartyRow,
    HearingRow,
    ProposalRow,
    TargetRow,
    VersionRow,
)
from samrutine.storage.rows.publishing import TAKEN_AWAY


@dataclass(frozen=True, slots=True)
class TextErased:
    """
    Words are erased. `of` is the decision that they were given with, or the id of the row that they stood in.

    `names` is what each text was given as, or the column.
    """

    of: int | str
    names: tuple[str, ...]
    number: int
    projected: bool


@dataclass(frozen=True)
class NoTextToErase(Because):
    """The decision has no words, or they are erased already."""

    number: int


@dataclass(frozen=True)
class OtherTextsToErase(Because):
    """The decision has no words of that name, and has others."""

    number: int
    names: tuple[str, ...]

    def places_in(self, language: str) -> dict[str, object]:
        """Give the names in a row."""
        del language
        return {"number": self.number, "names": ", ".join(self.names)}


@dataclass(frozen=True)
class NoSuchDecision(Because):
    """No decision has the number."""

    number: int


@dataclass(frozen=True)
class PublishedThere(Because):
    """The words say where a municipality publishes, or where what it published may still lie."""

    number: int


@dataclass(frozen=True)
class NothingWrittenThere(Because):
    """There is no row of that id, or nothing that was written stands in it."""

    what: str


class TextErasure:
    """Erasing words."""

    def __init__(self, decisions: Decisions) -> None:
        self._decisions = decisions

    def erase_text(
        self, of: int | str, *, name: str | None, reason: str, by: ActorId, now: datetime, decision_id: DecisionId
    ) -> TextErased:
        """
        Erase what was written, such as a reason or a remark with a patient's name in it.

        Of a decision: it stands, and since the chain knows the words by a salted hash alone it can be proved all the same.
        Of a row that `traces` shows by its id: a remark, feedback, a wish, the text of a round of hearing, a draft that came to
        nothing. The row stays, without the words.

        Args:
            of: The decision's number, or the row's id.
            name: Only this text of it, such as `reason`; all of them when None.
            reason: Why, without names: it stays.

        Raises:
            Refused: There are no such words left; or the proposal or the round is open; or the words became a version's.
            NotAllowed: Not the editor.
            InvalidRequest: The reason is empty, too long, or names somebody; or it is neither a number nor such an id.
        """
        why = require_text("reason", reason, longest=LONGEST_REASON, may_be_empty=False).strip()
        if isinstance(of, str) and not is_row_id(of):
            raise InvalidRequest(what="number", value="…", expected="123, t-0123456789ab")
        request = {"number": of, "name": name or ""}
        with self._decisions.act(
            decision_id, "erase_text", request, by=by, now=now, texts={"reason": why}, frees=True
        ) as act:
            if not act.is_repeat:
                refuse(reasons_against(get_actor(act.session, by), Verb.KEEP_ORDER, LIBRARY, act.today))
                if names_somebody(why, people_known(act.session)):
                    raise InvalidRequest(what="reason", value="…", expected="personopplysning")
                if isinstance(of, int):
                    _erase(act, of, name)
                else:
                    _erase_writing(act, of, name)
        made = act.decisions[0]
        return TextErased(of, tuple(made.facts["names"]), made.number, act.projected)


def _erase_writing(act: Act, which: str, name: str | None) -> None:
    session = act.session
    row = row_of(session, which)
    names = standing(row) if row is not None else []
    if not isinstance(row, ProposalRow):
        # A draft's title is a part of its text: they go together.
        names = [one for one in names if name in {None, one}]
    if row is None or not names:
        refuse([NothingWrittenThere(which)])
        return
    refuse(reasons_against_emptying(row))
    number = act.head.number + 1
    instead = empty(session, row, names, number=number, on=act.today)
    act.record(
        "writing_erased", body=LIBRARY,
        role=roles_for(get_actor(session, act.by), Verb.KEEP_ORDER, LIBRARY, act.today)[0],
        facts={
            "row": which, "names": names, "on": act.today.isoformat(),
            "notice": digest_of(instead) if instead is not None else None,
        },
    )  # fmt: skip


def _erase(act: Act, of: int, name: str | None) -> None:
    session = act.session
    rows = session.exec(
        select(DecisionTextRow)
        .where(DecisionTextRow.number == of, col(DecisionTextRow.text).is_not(None))
        .order_by(DecisionTextRow.name)
    ).all()
    decision = session.get(DecisionRow, of)
    if decision is None:
        refuse([NoSuchDecision(of)])
        return
    if not rows:
        refuse([NoTextToErase(of)])
    chosen = [row for row in rows if name in {None, row.name}]
    if not chosen:
        refuse([OtherTextsToErase(of, tuple(row.name for row in rows))])
    target = _target_of(session, decision)
    if target is not None and (target.ended_number is None or target.manifest != TAKEN_AWAY):
        refuse([PublishedThere(of)])
    actor = get_actor(session, act.by)
    act.record(
        "text_erased", body=LIBRARY, role=roles_for(actor, Verb.KEEP_ORDER, LIBRARY, act.today)[0],
        facts={"number": of, "names": [row.name for row in chosen]},
    )  # fmt: skip
    for row in chosen:
        blank_copies(session, row)
        row.text, row.erased_at = None, act.now
        session.add(row)


def _target_of(session: Session, decision: DecisionRow) -> TargetRow | None:
    """Give the target that a decision set; None for other decisions."""
    return (
        session.get(TargetRow, json.loads(decision.record)["facts"]["target"])
        if decision.kind == "target_set"
        else None
    )


def blank_copies(session: Session, text: DecisionTextRow) -> None:
    """
    Blank what repeats the words elsewhere.

    An own routine's address, a delegation's reference, a meaning, who is heard, and where was published.
    """
    made = session.get_one(DecisionRow, text.number)
    target = _target_of(session, made)
    if target is not None and target.set_number == text.number:
        # As of a target that came from a register without its words: nothing of ours is looked for there.
        target.location = "" if text.name == "location" else target.location
        target.name = target.id if text.name == "name" else target.name
        target.manifest = TAKEN_AWAY
        session.add(target)
    for answer in session.exec(select(AdoptionRow).where(AdoptionRow.decided_number == text.number)):
        answer.own_link = None if text.name == "link" else answer.own_link
        session.add(answer)
    for delegation in session.exec(select(DelegationRow).where(DelegationRow.decided_number == text.number)):
        delegation.reference = None
        session.add(delegation)
    proposal = json.loads(made.record)["facts"].get("proposal")
    for row in session.exec(select(ProposalRow).where(ProposalRow.id == proposal, ProposalRow.meaning == text.text)):
        row.meaning = None
        session.add(row)
    versions = select(VersionRow).where(VersionRow.proposal_id == proposal, VersionRow.meaning == text.text)
    for version in session.exec(versions):
        version.meaning = None
        session.add(version)
    if made.kind == "hearing_opened" and text.name == "parties":
        named = (
            select(HearingPartyRow)
            .join(HearingRow, col(HearingRow.id) == col(HearingPartyRow.hearing_id))
            .where(HearingRow.opened_number == text.number, col(HearingPartyRow.party).is_(None))
            # A municipality and a network are called by their own names, which nobody wrote here.
            .where(col(HearingPartyRow.body).startswith(OUTSIDE))
        )
        for party in session.exec(named):
            party.name = NAMELESS
            session.add(party)
