"""
Give answers: look up what the rules ask for, and write what follows. One answer, or a list of hundreds, the same way.

Everything is read and written with one statement for each table, however many rows: that is what makes a list cheap.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from sqlmodel import Session, col, select

from samrutine.actors import Actor, ActorId, Role, Verb, municipality_body
from samrutine.adoptions.additions import Edit
from samrutine.adoptions.additions_at_adoption import AdditionsAsked, AdditionsChange
from samrutine.adoptions.answers import (
    KINDS,
    ListRow,
    Outcome,
    Situation,
    on_planned_day,
    outcome,
    reasons_against_answering,
    reasons_against_the_answer,
    require_answer,
)
from samrutine.adoptions.in_force import Written, intervals_in, write_changes
from samrutine.adoptions.local_layer import local_layers
from samrutine.adoptions.model import AdoptionState, PlannedWithAdditions, delegation_for, planned_before
from samrutine.errors import ProcedureNotFound, StoreDamaged
from samrutine.inbox.opening import wait_for, wait_to_consider
from samrutine.networks.model import Municipality
from samrutine.procedures.knowing import Eyes
from samrutine.procedures.model import DecisionLevel, Digest, FrontMatter, LocalInformation, VersionNumber
from samrutine.procedures.text import digest as digest_of
from samrutine.procedures.text import read
from samrutine.reasons import refuse
from samrutine.storage.decisions import Act, Decision, Entry, WordsRedacted
from samrutine.storage.rows import AdoptionRow, ProcedureRow, VersionRow, WaitingRow, WordsRow

DECLARES: bytes = b"\nlocal_information:"
"""How the stored form begins a list of local information. A text without these bytes declares none, and is not parsed."""

ASKS_AGAIN = ("consider-withdrawal", "hurried-refused", "consider-version")
"""What a municipality may be asked about a routine, the most pressing first: a deferral brings it back."""


@dataclass
class Desk:
    """What is known about some routines in one municipality, read once for all of them."""

    eyes: Eyes
    where: Municipality
    rows: Sequence[ListRow]
    procedures: dict[str, ProcedureRow] = field(default_factory=dict)
    versions: dict[tuple[str, VersionNumber], VersionRow] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Read it. What the actor may not know of is left out, and so is as what does not exist."""
        self.session = self.eyes.session
        asked = sorted({row.procedure for row in self.rows})
        found = self.session.exec(
            select(ProcedureRow, VersionRow)
            .join(
                VersionRow,
                (col(VersionRow.procedure_id) == col(ProcedureRow.id))
                & (col(VersionRow.major) == col(ProcedureRow.major))
                & (col(VersionRow.minor) == col(ProcedureRow.minor)),
            )
            .where(col(ProcedureRow.id).in_(asked))
        )
        for procedure, version in found:
            if not self.eyes.know(procedure):
                continue
            self.procedures[procedure.id] = procedure
            self.versions[procedure.id, VersionNumber(version.major, version.minor)] = version
        known = sorted(self.procedures)
        self._intervals = intervals_in(self.session, self.where.number, known)
        self._filled = local_layers(self.session, self.where.number, procedure=known[0] if len(known) == 1 else None)
        self.additions = AdditionsAsked(self.session, self.where, set(known))
        self._texts = self._words([row for row in self.rows if row.answer is AdoptionState.IN_USE])

    def situation(self, row: ListRow) -> Situation:
        """
        Give what the rules about a row rest on.

        Raises:
            ProcedureNotFound, VersionNotFound: As they say.
        """
        procedure = self.procedures.get(row.procedure)
        if procedure is None:
            raise ProcedureNotFound(procedure=row.procedure)
        newest = VersionNumber(procedure.major, procedure.minor)
        is_use = row.answer is AdoptionState.IN_USE
        number = (row.version if is_use else None) or newest
        version = self.versions.get((row.procedure, number)) or self.eyes.version(procedure, number)
        level = DecisionLevel(procedure.decision_level)
        if number != newest:
            level = read(self._content(version.digest), version.digest).front.decision_level
        return Situation(
            self.where, row.procedure, version.title, number, Digest(version.digest), version.approved_on, level,
            self._intervals.get(row.procedure, ()), self._missing(row, version.digest) if is_use else (),
            withdrawn=procedure.withdrawn_number is not None, replaced_by=self.eyes.replacement(procedure),
            refused=version.refused_number is not None,
        )  # fmt: skip

    def front(self, digest: str) -> FrontMatter:
        """Give the front matter of a version's words."""
        return read(self._content(digest), digest).front

    def _missing(self, row: ListRow, digest: str) -> list[LocalInformation]:
        content = self._content(digest)
        if DECLARES not in content:
            return []
        layer = self._filled.get(row.procedure)
        filled = layer.values if layer else {}
        declared = read(content, digest).front.local_information
        return [one for one in declared if one.required and not filled.get(one.key)]

    def _words(self, rows: Sequence[ListRow]) -> dict[str, bytes]:
        """Read the words of the newest versions. From SQL, never from git: an act makes no git call."""
        digests = {self.procedures[row.procedure].digest for row in rows if row.procedure in self.procedures}
        found = self.session.exec(
            select(WordsRow.digest, WordsRow.content).where(col(WordsRow.digest).in_(sorted(digests)))
        )
        return dict(found.all()) if digests else {}

    def _content(self, digest: str) -> bytes:
        content = self._texts.get(digest)
        if content is None:
            row = self.session.get(WordsRow, digest)
            if row is not None and row.redacted_number is not None:
                # A notice is no routine: nobody takes it into use.
                refuse([WordsRedacted(row.redacted_number)])
            content = row.content if row else None
        if content is None or digest_of(content) != digest:
            raise StoreDamaged(store="SQL", detail=f"words {digest}")
        return content


@dataclass(frozen=True, slots=True)
class Looked:
    """A row that nothing speaks against, with what it does."""

    row: ListRow
    now: Situation
    outcome: Outcome
    additions: AdditionsChange | None = None


def look(desk: Desk, row: ListRow, actor: Actor | None, today: date) -> Looked:
    """
    Look at one row as it would be decided: by the same rules, whether it is decided now or only looked at.

    Args:
        actor: Who decides; None as if whoever may did.

    Raises:
        NotAllowed, Refused: A rule says no.
        InvalidRequest, ProcedureNotFound, VersionNotFound: As they say.
    """
    require_answer(row)
    now = desk.situation(row)
    row = on_planned_day(row, now, today)
    reasons = (
        reasons_against_answering(row, now, actor, today)
        if actor is not None
        else reasons_against_the_answer(row, now, today)
    )
    answers, first = dict(row.additions), row.from_on or today
    if row.answer is AdoptionState.IN_USE and not any(one.about_who for one in reasons):
        planned = planned_before(now.intervals, now.version, first, today)
        if planned is not None and desk.additions.change_on(row.procedure, planned):
            refuse([PlannedWithAdditions(row.procedure, str(now.version), desk.where.name, planned)])
        reasons += desk.additions.reasons_against(row.procedure, now.version, first=first, today=today, answers=answers)
    refuse(reasons)
    delegation = delegation_for(actor, desk.where.number, now.level, today) if actor is not None else None
    made = outcome(row, now, delegation, today)
    if row.answer is not AdoptionState.IN_USE:
        if made.change is None:
            return Looked(row, now, made)
        called_off = desk.additions.change_at_end(row.procedure, date.fromisoformat(str(made.facts["until"])), today)
        return Looked(row, now, replace(made, facts={**made.facts, **called_off.facts}), called_off)
    front = desk.front(now.digest) if answers else None
    added = desk.additions.change(row.procedure, now.version, front, first=first, today=today, answers=answers)
    return Looked(row, now, replace(made, facts={**made.facts, **added.facts}), added)


def write(act: Act, desk: Desk, looked: Sequence[Looked], *, by: ActorId | None = None) -> list[Decision]:
    """
    Write answers that nothing speaks against: a decision for each, and all that follows from it.

    Args:
        by: Another actor than the act's own: the system, for what a standing decision says.
    """
    body = municipality_body(desk.where.number)
    for one in looked:
        if one.additions is not None:
            one.additions.keep_words(act)
    # The texts of a single answer are the act's own, and go with its first decision.
    in_list = bool(act.decisions)
    decisions = act.record_many(
        [
            Entry(
                KINDS[one.row.answer], body, Role.DECIDER, one.row.procedure, facts=one.outcome.facts,
                touches=(f"use:{desk.where.number}:{one.row.procedure}",),
                texts=texts_of(one.row) if in_list else {}, by=by,
            )
            for one in looked
        ]
    )  # fmt: skip
    pairs = list(zip(looked, decisions, strict=True))
    write_changes(
        act.session,
        (
            Written(desk.where.number, one.row.procedure, one.outcome.change, decision.number)
            for one, decision in pairs
            if one.outcome.change is not None
        ),
    )
    for one, decision in pairs:
        if one.additions is not None:
            one.additions.write(act, decision.number)
    keep_answers(act, desk.where.number, [(decision, one.outcome, one.row.link) for one, decision in pairs])
    return decisions


def checked_texts(rows: Sequence[ListRow]) -> dict[str, str]:
    """Give all words that the rows of a list would keep, by names of their own: looked at before anything is decided."""
    return {
        f"{name} {n}": text
        for n, row in enumerate(rows, 1)
        for name, text in (
            *texts_of(row).items(),
            *((addition, answer.text) for addition, answer in row.additions if isinstance(answer, Edit)),
        )
    }


def texts_of(row: ListRow) -> dict[str, str]:
    """Give the free text of a row, by name; what is empty is left out."""
    return {name: text for name, text in (("reason", row.reason), ("link", row.link)) if text}


def keep_answers(act: Act, municipality: str, answers: Sequence[tuple[Decision, Outcome, str | None]]) -> None:
    """Keep each answer as it stands now, close what waited for it, and ask again later where it was put off."""
    session = act.session
    procedures = [str(decision.subject) for decision, _, _ in answers]
    kept = {
        row.procedure_id: row
        for row in session.exec(
            select(AdoptionRow).where(
                AdoptionRow.municipality == municipality, col(AdoptionRow.procedure_id).in_(procedures)
            )
        )
    }
    asked, newest = _asked(session, municipality, procedures), _newest(session, procedures)
    first_answers = 0
    for decision, made, link in answers:
        procedure, state = str(decision.subject), str(decision.facts["state"])
        row = kept.get(procedure)
        was_answered = row is not None and row.state != AdoptionState.TO_CONSIDER.value
        first_answers += (state != AdoptionState.TO_CONSIDER.value) - was_answered
        if row is None:
            row = AdoptionRow(
                municipality=municipality, procedure_id=procedure, state=state, decided_number=decision.number
            )
        row.state, row.decided_number = state, decision.number
        row.major, row.minor = (made.version.major, made.version.minor) if made.version else (None, None)
        row.in_force_from, row.own_link, row.deferred_until = made.first, link, made.deferred_until
        session.add(row)
        # Whoever takes an earlier version into use has not answered about the newest: it may have been approved in the
        # very second in which they decided.
        is_behind = made.version is not None and (made.version.major, made.version.minor) < newest[procedure]
        for waiting in asked.get(procedure, ()):
            if not (is_behind and waiting.what == "consider-version"):
                waiting.closed_number = decision.number
                session.add(waiting)
        if state == AdoptionState.TO_CONSIDER.value:
            wait_to_consider(act, [(municipality, procedure, VersionNumber(*newest[procedure]))])
        if made.deferred_until is not None:
            _ask_again(act, decision, asked.get(procedure, ()), made.deferred_until)
    if first_answers:
        act.count("adoptions", first_answers)


def _asked(session: Session, municipality: str, procedures: Sequence[str]) -> dict[str, list[WaitingRow]]:
    found: dict[str, list[WaitingRow]] = {}
    rows = session.exec(
        select(WaitingRow).where(
            WaitingRow.body == municipality_body(municipality), col(WaitingRow.closed_number).is_(None),
            col(WaitingRow.subject).in_([f"procedure:{one}" for one in procedures]),
        )
    )  # fmt: skip
    for row in rows:
        found.setdefault(row.subject.removeprefix("procedure:"), []).append(row)
    return found


def _newest(session: Session, procedures: Sequence[str]) -> dict[str, tuple[int, int]]:
    heads = select(ProcedureRow.id, ProcedureRow.major, ProcedureRow.minor).where(col(ProcedureRow.id).in_(procedures))
    return {procedure: (major, minor) for procedure, major, minor in session.exec(heads)}


def _ask_again(act: Act, decision: Decision, closed: Sequence[WaitingRow], until: date) -> None:
    """Open anew what is put off: the same question, for the same person, on the day it comes back."""
    procedure = decision.facts["procedure"]
    what = {one.what for one in closed}
    wait_for(
        act, decision.body, next((one for one in ASKS_AGAIN if one in what), "consider-version"),
        f"procedure:{procedure}", verb=Verb.PREPARE, key=f"{procedure}:{decision.facts['version']}:{decision.number}",
        due_on=until, shown_from=until, number=decision.number,
        owner=next((ActorId(one.owner_actor) for one in closed if one.owner_actor), None),
    )  # fmt: skip
