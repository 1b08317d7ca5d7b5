"""The verbs by which a municipality answers: take into use, put off, answer otherwise, end."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from samrutine.actors import ActorId, Verb
from samrutine.adoptions.additions import Answer
from samrutine.adoptions.additions_at_adoption import as_request
from samrutine.adoptions.answering import Desk, look, texts_of, write
from samrutine.adoptions.answers import KINDS, ListRow, require_answer
from samrutine.adoptions.model import AdoptionState, Planned
from samrutine.inbox.opening import tell
from samrutine.networks.directory import get_actor, get_municipality
from samrutine.procedures.knowing import Eyes
from samrutine.procedures.model import ProcedureId, VersionNumber
from samrutine.storage.decisions import Decision, DecisionId, Decisions


@dataclass(frozen=True, slots=True)
class Answered:
    """
    A municipality has answered.

    Attributes:
        version: The one that is answered about: what is taken into use, what ended, else the newest there was.
        from_on: The first day it applies; None where nothing is taken into use.
        until_on: The day after the last on which anything applied; None where the use goes on.
        position: The position that decided.
        number: The decision's place in the chain; the same for a second call.
        cancelled: What had been decided before and now falls away: a version that was to apply from a day, or the end
            of a use.
        deferred_until: The day an answer that was put off comes back.
        delegation: The registered delegation by which it was decided; None for decisions from before they were kept.
    """

    municipality: str
    procedure: ProcedureId
    state: AdoptionState
    version: VersionNumber | None
    from_on: date | None
    until_on: date | None
    position: str
    number: int
    projected: bool
    cancelled: tuple[Planned, ...] = ()
    deferred_until: date | None = None
    delegation: str | None = None


class Adoptions:
    """Answers of the municipalities, one at a time. `Lists` gives many at once."""

    def __init__(self, decisions: Decisions) -> None:
        self._decisions = decisions

    def adopt(
        self, procedure: ProcedureId, municipality: str, *, version: VersionNumber | None, from_on: date | None,
        case: str | None, reason: str | None, by: ActorId, now: datetime, decision_id: DecisionId,
        additions: Mapping[str, Answer] | None = None,
    ) -> Answered:  # fmt: skip
        """
        Take a version into use: from `from_on` it is what applies in the municipality.

        Args:
            version: An approved version; the newest when None.
            from_on: First day, a day in Norway; today when None. Not before the version was approved, and not more than
                ten years ahead. What was decided for that day and later falls away, and the answer names it.
            case: The council's case number, where the routine is decided politically: at most 60 letters, digits,
                spaces, `/`, `-` and `.`, with a digit among them.
            reason: Why, in the municipality's words. May be erased later; the chain still holds.
            additions: What becomes of the municipality's own additions, by id: keep, drop, or an `Edit` with other words.
                Needed for those whose section the version changes or does not have; the others are kept.

        Raises:
            NotAllowed: No registered delegation on the level that the routine asks for.
            AdditionNotFound: An answer is about none of the municipality's additions to the routine.
            Refused: An addition is not answered for (`AdditionsUnanswered`), local information is missing, the day is
                before the approval or too far ahead, the version is in force already, the network has withdrawn the
                routine or refused the version, or a text looks like a private person's number or address.
            InvalidRequest: The case is not a case's number.
            ProcedureNotFound, VersionNotFound, MunicipalityNotFound: As they say.
        """
        answers = dict(additions or {})
        row = ListRow(
            procedure, AdoptionState.IN_USE, version=version, from_on=from_on, reason=reason, case=case,
            additions=tuple(sorted(answers.items(), key=lambda one: one[0])),
        )  # fmt: skip
        request: dict[str, Any] = {
            "procedure": procedure, "municipality": municipality, "version": str(version), "from": str(from_on),
            "case": case or "",
        }  # fmt: skip
        if answers:
            request["additions"] = as_request(answers)
        return self._answer("adopt", row, municipality, request, by=by, now=now, decision_id=decision_id)

    def defer(
        self, procedure: ProcedureId, municipality: str, *, until: date, reason: str, by: ActorId, now: datetime,
        decision_id: DecisionId,
    ) -> Answered:  # fmt: skip
        """
        Put the answer off: what is in force goes on, and the question comes back on a day.

        So a routine that its network has withdrawn may go on for now, too.

        Args:
            until: The day it comes back: a day to come, at most two years ahead.
            reason: Why, for those who ask in two years.

        Raises:
            NotAllowed: No registered delegation on the level that the routine asks for.
            Refused: The day is not ahead, or too far ahead; or the reason is missing, or holds what looks like a private
                person's number or address.
        """
        row = ListRow(procedure, AdoptionState.DEFERRED, until=until, reason=reason)
        return self._otherwise(row, municipality, by=by, now=now, decision_id=decision_id)

    def decline(
        self, procedure: ProcedureId, municipality: str, *, reason: str, by: ActorId, now: datetime,
        decision_id: DecisionId,
    ) -> Answered:  # fmt: skip
        """
        Answer that the routine is not taken into use, and why. As good as yes: it is never shown red.

        What is in force ends today, and what was to come falls away.

        Raises:
            NotAllowed: No registered delegation on the level that the routine asks for.
            Refused: The reason is missing, or holds what looks like a private person's number or address.
        """
        row = ListRow(procedure, AdoptionState.DECLINED, reason=reason)
        return self._otherwise(row, municipality, by=by, now=now, decision_id=decision_id)

    def mark_not_relevant(
        self, procedure: ProcedureId, municipality: str, *, reason: str, by: ActorId, now: datetime,
        decision_id: DecisionId,
    ) -> Answered:  # fmt: skip
        """Answer that the routine concerns nothing the municipality does, and why. Rules and errors as `decline`."""
        row = ListRow(procedure, AdoptionState.NOT_RELEVANT, reason=reason)
        return self._otherwise(row, municipality, by=by, now=now, decision_id=decision_id)

    def use_own_routine(
        self, procedure: ProcedureId, municipality: str, *, link: str, reason: str | None, by: ActorId, now: datetime,
        decision_id: DecisionId,
    ) -> Answered:  # fmt: skip
        """
        Answer that the municipality follows a routine of its own, with its address. Rules and errors as `decline`.

        The address is kept as free text is: it may be erased, and the chain and the register know only its salted hash.

        Raises:
            InvalidRequest: The address is not one of http, https or file that a reader can follow.
        """
        row = ListRow(procedure, AdoptionState.OWN_ROUTINE, reason=reason, link=link)
        return self._otherwise(row, municipality, by=by, now=now, decision_id=decision_id)

    def end_use(
        self, procedure: ProcedureId, municipality: str, *, last_day: date | None, reason: str, by: ActorId, now: datetime,
        decision_id: DecisionId,
    ) -> Answered:  # fmt: skip
        """
        End the use: after `last_day` (today when None) the routine no longer applies in the municipality.

        Args:
            last_day: A day on which it is in force, not before the first day of a use that has begun since, and not more
                than ten years ahead. With None what applies ends today,
                and a use that has not begun is called off.
            reason: Why, for those who ask in two years.

        Returns:
            The version that ended, or was called off. Where it never began, and the municipality has used no other, there
            is no answer any more: the routine is to be considered again.

        Raises:
            Refused: It is not in force on that day, or the reason is missing or holds what looks like a private
                person's number or address.
            NotAllowed: No registered delegation on the level that the routine asks for.
        """
        row = ListRow(procedure, AdoptionState.ENDED, until=last_day, reason=reason)
        return self._otherwise(row, municipality, by=by, now=now, decision_id=decision_id)

    def _otherwise(
        self, row: ListRow, municipality: str, *, by: ActorId, now: datetime, decision_id: DecisionId
    ) -> Answered:
        request = {"procedure": row.procedure, "municipality": municipality, "last_day": str(row.until)}
        return self._answer(KINDS[row.answer], row, municipality, request, by=by, now=now, decision_id=decision_id)

    def _answer(
        self, verb: str, row: ListRow, municipality: str, request: Mapping[str, str], *, by: ActorId, now: datetime,
        decision_id: DecisionId,
    ) -> Answered:  # fmt: skip
        require_answer(row)
        with self._decisions.act(decision_id, verb, request, by=by, now=now, texts=texts_of(row)) as act:
            if not act.is_repeat:
                desk = Desk(Eyes.of(act), get_municipality(act.session, municipality), [row])
                looked = look(desk, row, get_actor(act.session, by), act.today)
                (decision,) = write(act, desk, [looked])
                tell(act, "answered", f"procedure:{row.procedure}", bodies=[(decision.body, Verb.PREPARE)])
        return answered(act.decisions[0], projected=act.projected)


def answered(made: Decision, *, projected: bool) -> Answered:
    """Say what a decision answered, from its facts: so a second call says the same."""
    facts = made.facts
    return Answered(
        facts["municipality"], ProcedureId(facts["procedure"]), AdoptionState(facts["state"]),
        VersionNumber.parse(facts["version"]), _day(facts.get("from")), _day(facts.get("until")), facts["position"],
        made.number, projected,
        cancelled_in(facts), _day(facts.get("deferred_until")), facts.get("delegation"),
    )  # fmt: skip


def cancelled_in(facts: Mapping[str, Any]) -> tuple[Planned, ...]:
    """Give what falls away with a decision, from its facts."""
    return tuple(
        Planned(VersionNumber.parse(one["version"]) if one["version"] else None, date.fromisoformat(one["from"]))
        for one in facts.get("cancels", ())
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
