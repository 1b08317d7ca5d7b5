"""Erase what somebody wrote with a decision: the words go, and the decision, the chain and its proof stand."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlmodel import Session, col, select

from samrutine.actors import LIBRARY, ActorId, Verb, reasons_against, roles_for
from samrutine.arguments import require_text
from samrutine.errors import InvalidRequest
from samrutine.networks.directory import get_actor, people_known
from samrutine.networks.erasure import LONGEST_REASON
from samrutine.networks.model import names_somebody
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
    VersionRow,
)

NEEDED: Final = frozenset({"target_set", "target_ended"})
"""Decisions whose words are where something is sent: another target is set instead."""

NAMELESS: Final = "–"
"""What stands for somebody outside whose name was erased."""


@dataclass(frozen=True, slots=True)
class TextErased:
    """Words that were given with a decision are erased. `of` is that decision, `names` what each text was given as."""

    of: int
    names: tuple[str, ...]
    number: int
    projected: bool


@dataclass(frozen=True)
class NoTextToErase(Because):
    """The decision has no such words, or they are erased already."""

    number: int


class TextErasure:
    """Erasing words."""

    def __init__(self, decisions: Decisions) -> None:
        self._decisions = decisions

    def erase_text(
        self, of: int, *, name: str | None, reason: str, by: ActorId, now: datetime, decision_id: DecisionId
    ) -> TextErased:
        """
        Erase what was written with a decision, such as a reason with a patient's name in it.

        The decision stands. The chain knows the words by a salted hash alone, so it can be proved all the same.

        Args:
            of: The decision's number.
            name: Only this text of it, such as `reason`; all of them when None.
            reason: Why, without names: it stays.

        Raises:
            Refused: The decision has no such words left.
            NotAllowed: Not the editor.
            InvalidRequest: The reason is empty, too long, or names somebody.
        """
        why = require_text("reason", reason, longest=LONGEST_REASON, may_be_empty=False).strip()
        request = {"number": of, "name": name or ""}
        with self._decisions.act(decision_id, "erase_text", request, by=by, now=now, texts={"reason": why}) as act:
            if not act.is_repeat:
                refuse(reasons_against(get_actor(act.session, by), Verb.KEEP_ORDER, LIBRARY, act.today))
                if names_somebody(why, people_known(act.session)):
                    raise InvalidRequest(what="reason", value="…", expected="personopplysning")
                _erase(act, of, name)
        made = act.decisions[0]
        return TextErased(made.facts["number"], tuple(made.facts["names"]), made.number, act.projected)


def _erase(act: Act, of: int, name: str | None) -> None:
    session = act.session
    rows = session.exec(
        select(DecisionTextRow)
        .where(DecisionTextRow.number == of, col(DecisionTextRow.text).is_not(None))
        .order_by(DecisionTextRow.name)
    ).all()
    rows = [row for row in rows if name in {None, row.name}]
    decision = session.get(DecisionRow, of)
    if not rows or decision is None or decision.kind in NEEDED:
        refuse([NoTextToErase(of)])
    actor = get_actor(session, act.by)
    act.record(
        "text_erased", body=LIBRARY, role=roles_for(actor, Verb.KEEP_ORDER, LIBRARY, act.today)[0],
        facts={"number": of, "names": [row.name for row in rows]},
    )  # fmt: skip
    for row in rows:
        blank_copies(session, row)
        row.text, row.erased_at = None, act.now
        session.add(row)


def blank_copies(session: Session, text: DecisionTextRow) -> None:
    """Blank what repeats the words elsewhere: an own routine's address, a delegation's reference, a meaning, who is heard."""
    made = session.get_one(DecisionRow, text.number)
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
