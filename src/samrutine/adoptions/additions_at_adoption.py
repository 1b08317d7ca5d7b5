"""
What an adoption asks about the municipality's additions, and what becomes of them when it is decided.

Read once for all the routines of a list: most have no addition, and then this costs one question.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlmodel import Session

from samrutine.actors import Verb, municipality_body
from samrutine.adoptions.addition_text import stored_addition
from samrutine.adoptions.additions import (
    AdditionsShowNothing,
    AdditionsUnanswered,
    Answer,
    AnswerTo,
    Edit,
    Held,
    History,
    LayerChange,
    Placed,
    as_facts,
    change_when_adopted,
    change_when_ended,
    kept_in_vain,
    named,
    named_with_fields,
    placed_in,
    standing_before,
    unanswered,
)
from samrutine.adoptions.belonging import NOW, belongings, is_exempt_version
from samrutine.adoptions.fields_used import fields_gone
from samrutine.adoptions.held import held_additions, row_names, section_history, write_additions
from samrutine.adoptions.in_force import known_intervals
from samrutine.errors import AdditionNotFound
from samrutine.inbox.opening import close_waiting, wait_for
from samrutine.networks.model import Municipality
from samrutine.procedures.model import Digest, FrontMatter, VersionNumber
from samrutine.procedures.text import digest as digest_of
from samrutine.reasons import Because
from samrutine.storage.decisions import Act

ASKED: Final = "answer-for-additions"
"""The code of additions that a planned version asks about."""


@dataclass(frozen=True, slots=True)
class AdditionsChange:
    """What an adoption does to additions: facts for its decision, the rows to write after it, and the new words."""

    change: LayerChange
    answers: Mapping[str, str]
    words: Mapping[str, bytes]
    exempt: bool = False

    @property
    def facts(self) -> dict[str, Any]:
        """Facts for the decision; empty when nothing was said about additions and nothing becomes of any."""
        if self.change.is_empty and not self.answers:
            return {}
        return {"answers": dict(sorted(self.answers.items())), "additions": as_facts(self.change, exempt=self.exempt)}

    def keep_words(self, act: Act) -> None:
        """Keep the new words; before the decision that names their digests is recorded."""
        for digest, content in self.words.items():
            act.keep_words(digest, content)

    def write(self, act: Act, number: int) -> None:
        """Write the rows, once the decision has its number."""
        if not self.change.is_empty:
            write_additions(act.session, self.change, number)


class AdditionsAsked:
    """The additions of one municipality to some routines, as an adoption meets them."""

    def __init__(self, session: Session, where: Municipality, procedures: Collection[str]) -> None:
        self._session = session
        self._where = where
        self._held: dict[str, list[Held]] = {}
        only = next(iter(procedures)) if len(procedures) == 1 else None
        for one in held_additions(session, municipality=where.number, procedure=only) if procedures else ():
            if one.procedure in procedures:
                self._held.setdefault(one.procedure, []).append(one)
        self._sections = section_history(session, self._held) if self._held else {}
        self._layers = (
            belongings(session, [(one, where.number) for one in self._held], is_exempt_version) if self._held else {}
        )

    def has_any(self, procedure: str) -> bool:
        """Whether the municipality has an addition to the routine: then its use is a use with additions."""
        return procedure in self._held

    def change_on(self, procedure: str, day: date) -> bool:
        """Whether one of the additions is decided to begin or to end on that very day."""
        return any(day in {one.from_on, one.until_on} for one in self._held.get(procedure, ()))

    def touched(self, procedure: str, version: VersionNumber, *, first: date, today: date) -> list[tuple[Held, Placed]]:
        """Give the additions that the version asks about: see `Beside`."""
        return unanswered(self.placed(procedure, version, first=first, today=today), {})

    def placed(self, procedure: str, version: VersionNumber, *, first: date, today: date) -> list[tuple[Held, Placed]]:
        """Give every addition that stands when the version begins to apply, and where it stands in it."""
        history, standing = self._history(procedure), self._standing(procedure, first, today)
        there = history.get(version)
        gone = fields_gone(self._session, standing, there.digest) if there is not None and standing else {}
        return [(one, placed_in(one, history, version, gone.get(one.row, ()))) for one in standing]

    def reasons_against(
        self, procedure: str, version: VersionNumber, *, first: date, today: date, answers: Mapping[str, Answer]
    ) -> list[Because]:
        """
        Say why the version may not be taken into use because of additions; empty means it may.

        Raises:
            AdditionNotFound: An answer is about none of the municipality's additions to this routine.
        """
        placed = self.placed(procedure, version, first=first, today=today)
        for asked in sorted(answers.keys() - {one.addition for one, _ in placed}):
            raise AdditionNotFound(addition=asked)
        at = procedure, str(version), self._where.name
        reasons: list[Because] = []
        if left := unanswered(placed, answers):
            reasons.append(AdditionsUnanswered(*at, named(left), tuple(one.addition for one, _ in left)))
        if kept := kept_in_vain(placed, answers):
            reasons.append(AdditionsShowNothing(*at, named_with_fields(kept), tuple(one.addition for one, _ in kept)))
        return reasons

    def change(
        self, procedure: str, version: VersionNumber, front: FrontMatter | None, *, first: date, today: date,
        answers: Mapping[str, Answer],
    ) -> AdditionsChange:  # fmt: skip
        """
        Say what the adoption does to the additions, once `reasons_against` has none.

        Args:
            front: The version's, to check edited words against; may be None where no answer is an edit.

        Raises:
            InvalidText, InvalidRequest: The words of an edit may not be kept; see `stored_addition`.
        """
        held: Sequence[Held] = self._held.get(procedure, ())
        if not held:
            return AdditionsChange(LayerChange((), ()), {}, {})
        words: dict[str, bytes] = {}
        edited: dict[str, Digest] = {}
        for addition, answer in answers.items():
            if isinstance(answer, Edit) and front is not None:
                stored = stored_addition(answer.text, [front])
                edited[addition] = digest_of(stored)
                words[digest_of(stored)] = stored
        change = change_when_adopted(
            held, self._history(procedure), version, first=first, today=today, answers=answers, edited=edited,
            taken=row_names(self._session, self._where.number, procedure),
        )  # fmt: skip
        given = {one: answer.value if isinstance(answer, AnswerTo) else "edit" for one, answer in answers.items()}
        layer = self._layers[procedure, self._where.number]
        exempt = layer.is_guarded_in(version, NOW, first=first, day=today)
        return AdditionsChange(change, given, words, exempt)

    def change_at_end(self, procedure: str, ends_on: date, today: date) -> AdditionsChange:
        """Say what an answer that ends the use does to the additions; see `change_when_ended`."""
        held: Sequence[Held] = self._held.get(procedure, ())
        if not any(one.from_on or one.until_on for one in held):
            return AdditionsChange(LayerChange((), ()), {}, {})
        change = change_when_ended(held, ends_on, row_names(self._session, self._where.number, procedure))
        exempt = self._layers[procedure, self._where.number].is_guarded(NOW, today)
        return AdditionsChange(change, {}, {}, exempt)

    def _standing(self, procedure: str, first: date, today: date) -> list[Held]:
        return standing_before(self._held.get(procedure, ()), first, today)

    def _history(self, procedure: str) -> History:
        return self._sections.get(procedure, {})


def ask_about_planned(act: Act, where: Municipality, procedure: str) -> None:
    """
    Let the inbox say when a version that is planned already asks about the additions as they are now, and only then.

    Whoever planned it had no such addition, and would else learn of it on the day the version begins to apply. An answer
    about the routine closes it, as it closes all that waits.
    """
    act.session.flush()
    body, subject = municipality_body(where.number), f"procedure:{procedure}"
    close_waiting(act.session, subject, act.number, body=body, what=[ASKED])
    for one in known_intervals(act.session, where.number, procedure):
        if one.from_on <= act.today:
            continue
        asked = AdditionsAsked(act.session, where, [procedure])
        touched = asked.touched(procedure, one.version, first=one.from_on, today=act.today)
        # What ends on the first day was answered for when it was planned.
        if any(held.until_on != one.from_on for held, _ in touched):
            key = f"{procedure}:{one.version}"
            wait_for(act, body, ASKED, subject, verb=Verb.DECIDE_USE, key=key, due_on=one.from_on)


def as_request(answers: Mapping[str, Answer]) -> dict[str, str]:
    """Give answers as an act's request has them: an edit by the digest of its words, which are not kept as given."""
    return {
        addition: answer.value if isinstance(answer, AnswerTo) else str(digest_of(answer.text.encode()))
        for addition, answer in sorted(answers.items())
    }
