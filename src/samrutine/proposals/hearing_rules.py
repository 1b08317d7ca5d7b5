"""Why a step of a hearing may not be taken, and what follows when it may: pure rules that give typed reasons."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from samrutine.actors import Actor, Role, Verb
from samrutine.errors import InvalidRequest, SectionNotFound
from samrutine.messages import word
from samrutine.procedures.markdown import markdown
from samrutine.procedures.model import AccessClass, ProcedureId, Section
from samrutine.procedures.sections import sections
from samrutine.proposals.hearing import OUTSIDE, HeardParty, HearingAnswer, Remark, RemarkOutcome
from samrutine.proposals.policy import LONGEST_HEARING_WEEKS
from samrutine.proposals.transitions import ProposalState
from samrutine.reasons import Because

REMINDERS_FOR_SILENCE: Final = 2
"""After so many reminders without an answer a party counts as silent."""

REMIND_FROM_DAYS: Final = 7
"""A deadline is near, and those who have not answered may be reminded, from so many days before it."""

LONGEST_REMARK: Final = 10_000
"""Characters in a remark, and in the reply to it."""

MOST_REMARKS: Final = 200
"""Remarks in one answer."""

REPLIES: Final = (RemarkOutcome.TAKEN, RemarkOutcome.PARTLY, RemarkOutcome.NOT_TAKEN, RemarkOutcome.NOTED)
"""The outcomes that a reply may give."""

ANSWERS_FOR: Final = frozenset({Role.RESPONSIBLE, Role.DECIDER, Role.LEADER})
"""Roles that answer for what others in the same body have said."""

NEEDS_WORDS: Final = frozenset({RemarkOutcome.PARTLY, RemarkOutcome.NOT_TAKEN})
"""Outcomes that nobody may give without saying why."""


@dataclass(frozen=True)
class DeadlineNotPossible(Because):
    """Whoever is heard needs a day at least, and nobody remembers a question for more than a year."""

    deadline: date
    first: date
    last: date


@dataclass(frozen=True)
class HearingNotAskedFor(Because):
    """The network's policy has no hearing for such a change, so whoever wants one all the same says how long it lasts."""

    proposal: str
    policy: str


@dataclass(frozen=True)
class RemarksMadeAlready(Because):
    """The same person has made remarks for the party before, in the same words about the same place."""

    same: int
    given: int


@dataclass(frozen=True)
class NobodyToHear(Because):
    """A hearing without parties hears nobody."""

    proposal: str


@dataclass(frozen=True)
class OutsidersMayNotRead(Because):
    """The text is exempt from public access, so nobody outside the municipalities may be sent it."""

    proposal: str
    parties: tuple[str, ...]

    def places_in(self, language: str) -> dict[str, object]:  # noqa: ARG002  names are the same in every language
        """Give the parties' names in a row."""
        return {"proposal": self.proposal, "parties": ", ".join(self.parties)}


@dataclass(frozen=True)
class HearingNotOpen(Because):
    """No hearing is open, so there is nothing to answer, remind of or close."""

    settled = True

    proposal: str


@dataclass(frozen=True)
class NotAParty(Because):
    """The body is not among those who are heard in this round."""

    about_who = True

    proposal: str
    name: str


@dataclass(frozen=True)
class AnswerStands(Because):
    """An answer can be changed until the deadline; afterwards it stands as it was given."""

    proposal: str
    deadline: date


@dataclass(frozen=True)
class ExpiryNotPossible(Because):
    """A link must last a day at least, and no longer than anybody needs it."""

    expires: date
    first: date
    last: date


@dataclass(frozen=True)
class AnswersByAccount(Because):
    """A personal link is for those outside; whoever works in a municipality or network answers there."""

    name: str


@dataclass(frozen=True)
class NobodyToRemind(Because):
    """Everybody has answered, was reminded today, cannot be reached, or has long still to go."""

    proposal: str
    from_day: date


@dataclass(frozen=True)
class HearingStillOpen(Because):
    """The deadline is not past, and somebody has not answered: what people were promised is not cut short."""

    proposal: str
    deadline: date
    missing: int


@dataclass(frozen=True)
class RemarkSettled(Because):
    """The text has been sent or decided since: the reply stands."""

    remark: str


@dataclass(frozen=True)
class RemarkTakenBack(Because):
    """The party took the remark back, so there is nothing to reply to."""

    remark: str


@dataclass(frozen=True)
class ReplyNeedsWords(Because):
    """Whoever is not heeded is told why."""

    outcome: str

    def places_in(self, language: str) -> dict[str, object]:
        """Give the outcome in words."""
        return {"outcome": word("remark_outcome", self.outcome, language)}


@dataclass(frozen=True)
class RemarksOfOthers(Because):
    """The party has remarks that somebody else made, which only they or whoever answers for the party may take back."""

    about_who = True

    name: str
    count: int


@dataclass(frozen=True)
class RemarksUnanswered(Because):
    """Whoever took the trouble to answer learns what became of it before anybody is asked to agree."""

    proposal: str
    count: int


@dataclass(frozen=True)
class RemarksNotForYou(Because):
    """Until the round is closed a remark is for the network's leader and the party itself; then for every party."""

    about_who = True

    proposal: str


def deadline_for(today: date, hearing_weeks: int) -> date | None:
    """Give the last day to answer under a policy: its weeks from today; None where it asks for no hearing."""
    return today + timedelta(weeks=hearing_weeks) if hearing_weeks else None


def reasons_against_deadline(deadline: date, today: date) -> list[Because]:
    """Say why a round may not last until that day; empty means it may."""
    first, last = today + timedelta(days=1), today + timedelta(weeks=LONGEST_HEARING_WEEKS)
    return [] if first <= deadline <= last else [DeadlineNotPossible(deadline, first, last)]


def may_answer(access: AccessClass) -> Verb:
    """Give the right that whoever is asked must have in the body: who may not read an exempt text is not told of it."""
    return Verb.READ_EXEMPT if access is AccessClass.EXEMPT else Verb.ANSWER


def reasons_against_parties(proposal: str, outside: Sequence[str], parties: int, access: AccessClass) -> list[Because]:
    """
    Say why these may not be heard; empty means they may.

    Args:
        proposal: Its id.
        outside: The names of those outside.
        parties: How many there are, inside and outside.
        access: The access class of the text.
    """
    if not parties:
        return [NobodyToHear(proposal)]
    if access is AccessClass.EXEMPT and outside:
        return [OutsidersMayNotRead(proposal, tuple(outside))]
    return []


def reasons_against_link(name: str, body: str, expires: date, today: date) -> list[Because]:
    """Say why a personal link for this party may not last until that day; empty means it may."""
    reasons: list[Because] = []
    if not body.startswith(OUTSIDE):
        reasons.append(AnswersByAccount(name))
    last = today + timedelta(weeks=LONGEST_HEARING_WEEKS)
    if not today <= expires <= last:
        reasons.append(ExpiryNotPossible(expires, today, last))
    return reasons


def reasons_against_answering(
    proposal: str, state: ProposalState, party: HeardParty, *, is_closed: bool, deadline: date, today: date
) -> list[Because]:
    """
    Say why a party may not answer now; empty means it may.

    A first answer is welcome as long as the round is open, also after the deadline: late is better than silent. An answer
    that was given can be changed until the deadline only, since the network works on it from then on.

    Args:
        proposal: Its id.
        state: Where the proposal stands.
        party: Who would answer, as it stands.
        is_closed: Whether the round was closed.
        deadline: The last day of the round, a day in Norway.
        today: The day in Norway.
    """
    if state is not ProposalState.HEARING or is_closed:
        return [HearingNotOpen(proposal)]
    if party.has_answered and today > deadline:
        return [AnswerStands(proposal, deadline)]
    return []


def reasons_against_taking_back(
    name: str, body: str, makers: Sequence[str], actor: Actor, today: date
) -> list[Because]:
    """
    Say why this actor may not answer that the party has no remarks; empty means they may.

    That takes back what has no reply yet. A remark is its maker's, and the body's: the maker may take it back, and whoever
    is responsible or decides in the municipality, or leads the network.

    Args:
        name: What people call the party.
        body: Its body.
        makers: Who made each of the remarks that would be taken back.
        actor: Who would answer.
        today: The day in Norway.
    """
    others = sum(one != actor.id for one in makers)
    if not others or actor.roles_in(body, today) & ANSWERS_FOR:
        return []
    return [RemarksOfOthers(name, others)]


def to_remind(parties: Iterable[HeardParty], deadline: date, today: date) -> tuple[HeardParty, ...]:
    """
    Give those to remind today: not answered, reachable, not reminded today, and the deadline is near or past.

    One whom nobody can answer for is not reminded: nobody would read it, and two unread reminders would make silence of
    an empty chair.
    """
    if today < reminders_from(deadline):
        return ()
    return tuple(
        one
        for one in parties
        if not one.has_answered and one.may_answer and (one.reminded_on is None or one.reminded_on < today)
    )


def reminders_from(deadline: date) -> date:
    """Give the first day on which somebody may be reminded."""
    return deadline - timedelta(days=REMIND_FROM_DAYS)


def reasons_against_closing(proposal: str, parties: Sequence[HeardParty], deadline: date, today: date) -> list[Because]:
    """Say why the round may not be closed; empty means it may: the deadline is past, or everybody has answered."""
    missing = sum(not one.has_answered for one in parties)
    return [HearingStillOpen(proposal, deadline, missing)] if missing and today <= deadline else []


def answer_at_close(party: HeardParty) -> HearingAnswer:
    """Say what stands for a party when the round is closed: silence counts as such after two reminders."""
    if party.has_answered:
        return party.answer
    return HearingAnswer.SILENT if party.reminders >= REMINDERS_FOR_SILENCE else HearingAnswer.NONE


def reasons_against_reply(
    remark: str, state: ProposalState, before: RemarkOutcome | None, outcome: RemarkOutcome, reply: str | None,
    *, is_hurried: bool = False,
) -> list[Because]:  # fmt: skip
    """
    Say why a remark may not get this reply; empty means it may.

    A reply may be changed as long as the text is heard or a draft. A hurry breaks the hearing off, so while a
    *hasteversjon* waits for its network what was said in it is still replied to.

    Args:
        remark: Its id.
        state: Where the proposal stands.
        before: What stands there already.
        outcome: What would become of it.
        reply: The words to the party, None for none.
        is_hurried: It is a hasteversjon.
    """
    reasons: list[Because] = []
    if before is RemarkOutcome.TAKEN_BACK:
        reasons.append(RemarkTakenBack(remark))
    elif state not in {ProposalState.HEARING, ProposalState.DRAFT} and not (
        is_hurried and state is ProposalState.APPROVAL
    ):
        reasons.append(RemarkSettled(remark))
    if outcome in NEEDS_WORDS and not reply:
        reasons.append(ReplyNeedsWords(outcome.value))
    return reasons


def paragraphs(section: Section) -> tuple[str, ...]:
    """
    Give the paragraphs of a section as Markdown, in order: each block, and each step of a list, by itself.

    What hangs below a step belongs to it.
    """
    lines = section.text.split("\n")
    tokens = markdown().parse(section.text, {})
    found = []
    for token in tokens:
        is_block = token.level == 0 and token.nesting >= 0 and not token.type.endswith("_list_open")
        is_step = token.level == 1 and token.type == "list_item_open"
        if (is_block or is_step) and token.map is not None:
            found.append("\n".join(lines[token.map[0] : token.map[1]]).strip("\n"))
    return tuple(found)


def require_remarks(remarks: Sequence[Remark], procedure: ProcedureId, body: str) -> None:
    """
    Look whether each remark is about something that stands in the text that is heard.

    Args:
        procedure: Whose text it is, for the message.
        body: The body of the text, as Markdown.

    Raises:
        SectionNotFound: The text has no section of that key.
        InvalidRequest: There is no such paragraph, a paragraph without a section, or too many remarks at once.
    """
    if not 1 <= len(remarks) <= MOST_REMARKS:
        raise InvalidRequest(what="remarks", value=len(remarks), expected=f"1–{MOST_REMARKS}")
    known = {one.key: one for one in sections(body)}
    for remark in remarks:
        if remark.section_key is None:
            if remark.paragraph is not None:
                raise InvalidRequest(what="paragraph", value=remark.paragraph, expected="section_key")
            continue
        section = known.get(remark.section_key)
        if section is None:
            raise SectionNotFound(procedure=procedure, section=remark.section_key[:100])
        if remark.paragraph is not None:
            there = len(paragraphs(section))
            if not 1 <= remark.paragraph <= there:
                raise InvalidRequest(what="paragraph", value=remark.paragraph, expected=f"1–{there}")
