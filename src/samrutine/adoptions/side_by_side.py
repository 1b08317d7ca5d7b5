"""The local layers beside each other: what each municipality adds, where it is behind, and what a new version means for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

from sqlmodel import Session, col, select

from samrutine.adoptions.adding import version_here
from samrutine.adoptions.additions import (
    AnswerTo,
    Beside,
    FieldsChanged,
    Held,
    Placed,
    fields_changed,
    placed_in,
)
from samrutine.adoptions.additions_at_adoption import AdditionsAsked
from samrutine.adoptions.belonging import belonging, belongings, hidden_in
from samrutine.adoptions.effective import AdditionKind
from samrutine.adoptions.fields_used import fields_gone
from samrutine.adoptions.held import NO_GROUNDS, grounds_for, held_additions, section_history
from samrutine.adoptions.in_force import known_intervals
from samrutine.adoptions.local_layer import local_values
from samrutine.errors import ProcedureNotFound, VersionNotFound
from samrutine.networks.directory import get_municipality, municipalities
from samrutine.networks.model import Municipality
from samrutine.procedures.access import hidden_texts
from samrutine.procedures.hiding import HiddenTexts
from samrutine.procedures.model import FrontMatter, ProcedureId, VersionNumber
from samrutine.procedures.text import read
from samrutine.proposals.model import OriginKind
from samrutine.storage.rows import (
    DecisionRow,
    DecisionTextRow,
    LocalValueRow,
    ProcedureRow,
    ProposalOriginRow,
    VersionRow,
)
from samrutine.storage.sql import Database
from samrutine.storage.words import Words


@dataclass(frozen=True, slots=True)
class AdditionShown:
    """
    A municipality's addition as another one reads it.

    Attributes:
        addition: Its lasting id.
        municipality: Whose.
        procedure: The routine.
        kind: What sort of addition it is.
        section_key: Its section, as in the newest version; as before where that has none of it.
        heading: The section's heading; empty for the whole text.
        text: Markdown.
        reason: Why; None when none was given, or it was erased.
        source: What it rests on professionally.
        departs: It says something else than the shared text.
        beside: How it stands to the newest version: the same, or its section has changed or gone since somebody looked
            at the two together, or it shows local information that the version does not have.
        applies_in: The version in force in the municipality today; None when none is, and the addition waits with it.
        from_on: The first day, where an adoption from a day to come changed it.
        until_on: The day after the last day, likewise.
        decided_number: The decision behind the words.
        decided_on: Its day.
    """

    addition: str
    municipality: Municipality
    procedure: ProcedureId
    kind: AdditionKind
    section_key: str
    heading: str
    text: str
    reason: str | None
    source: str | None
    departs: bool
    beside: Beside
    applies_in: VersionNumber | None
    from_on: date | None
    until_on: date | None
    decided_number: int
    decided_at: datetime

    @property
    def is_behind(self) -> bool:
        """Whether the newest version says something else where it stands."""
        return self.beside is not Beside.SAME


@dataclass(frozen=True, slots=True)
class AdditionToAnswer:
    """
    An addition that an adoption of a version must answer, or may.

    Attributes:
        addition: Its lasting id.
        kind: What sort of addition it is.
        departs: It says something else than the shared text.
        section_key: Where it stands in the version; as before where the section is gone.
        heading: The section's heading.
        text: Its words.
        beside: What became of the section.
        must_answer: The adoption is refused without an answer.
        fields_gone: Local information that it shows and the version does not have: to keep it as it is will be refused.
        offered: What we suggest: to drop it when the network has taken it up into the version; None else.
    """

    addition: str
    kind: AdditionKind
    departs: bool
    section_key: str
    heading: str
    text: str
    beside: Beside
    must_answer: bool
    offered: AnswerTo | None
    fields_gone: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LocalEffect:
    """
    What a version means for one municipality's local layer: «hva betyr endringen for meg?».

    `additions` are all that stand, those to be answered first. `was` is the version in force; None when none is.
    """

    procedure: ProcedureId
    municipality: Municipality
    version: VersionNumber
    was: VersionNumber | None
    additions: tuple[AdditionToAnswer, ...]
    fields: FieldsChanged

    @property
    def touches_us(self) -> bool:
        """Whether anything local must be looked at."""
        return any(one.must_answer for one in self.additions) or any(
            (self.fields.new, self.fields.now_required, self.fields.gone, self.fields.missing)
        )


@dataclass(frozen=True, slots=True)
class LocalInformationChange:
    """
    One change of local information.

    `value` is None where it was cleared, or has been erased since. `until` is when the next change came.
    """

    key: str
    label: str
    value: str | None
    set_at: datetime
    until: datetime | None
    decided_number: int


class LocalLayers:
    """What is asked about local layers."""

    def __init__(self, database: Database, words: Words) -> None:
        self._database = database
        self._words = words

    def additions(
        self, procedure: ProcedureId, municipality: str | None, *, reader: str | None, today: date
    ) -> Sequence[AdditionShown]:
        """
        Show the additions to a routine side by side: open to all nine, so that a good one may become common.

        Args:
            municipality: Only its own; everybody's when None.
            reader: Whose eyes; see `access.hidden_texts`.
            today: The day in Norway.

        Returns:
            By section as in the newest version, then by municipality.

        Raises:
            ProcedureNotFound, MunicipalityNotFound: As they say.
        """
        with self._database.reading() as session:
            row, hidden = self._procedure(session, procedure, reader, today)
            only = get_municipality(session, municipality).number if municipality else None
            held = held_additions(session, municipality=only, procedure=procedure)
            layers = belongings(session, {(procedure, one.municipality) for one in held}, hidden_in(hidden))
            held = [
                one for one in held if not layers[procedure, one.municipality].hides(one.decided_number, None, today)
            ]
            if not held:
                return []
            history = section_history(session, [procedure])[procedure]
            newest = VersionNumber(row.major, row.minor)
            gone = fields_gone(session, held, row.digest)
            shown = [(one, placed_in(one, history, newest, gone.get(one.row, ()))) for one in held]
            order = {section.key: n for n, section in enumerate(history[newest].sections)} if newest in history else {}
            shown.sort(
                key=lambda pair: (order.get(pair[1].key, -1), pair[0].municipality, pair[0].decided_number, pair[0].row)
            )
            return self._shown(session, shown, hidden, today)

    def to_answer(
        self, procedure: ProcedureId, municipality: str, version: VersionNumber | None, *, from_on: date | None,
        reader: str | None, today: date,
    ) -> Sequence[AdditionToAnswer]:  # fmt: skip
        """
        Say which of a municipality's additions an adoption of a version must answer, and may.

        Args:
            version: The version to take into use; the newest when None.
            from_on: From which day; today when None.

        Returns:
            Those that must be answered first.

        Raises:
            ProcedureNotFound, VersionNotFound, MunicipalityNotFound: As they say.
        """
        with self._database.reading() as session:
            row, hidden = self._procedure(session, procedure, reader, today)
            where = get_municipality(session, municipality)
            wanted = self._version(session, row, version, hidden)
            return self._to_answer(session, where, procedure, wanted, hidden, from_on or today, today)

    def effect(
        self,
        procedure: ProcedureId,
        municipality: str,
        version: VersionNumber | None,
        *,
        reader: str | None,
        today: date,
    ) -> LocalEffect:
        """
        Say what a version means for a municipality's local layer.

        Args:
            version: The version; the newest when None.

        Raises:
            ProcedureNotFound, VersionNotFound, MunicipalityNotFound: As they say.
        """
        with self._database.reading() as session:
            row, hidden = self._procedure(session, procedure, reader, today)
            where = get_municipality(session, municipality)
            wanted = self._version(session, row, version, hidden)
            layer = belonging(session, procedure, where.number, hidden_in(hidden))
            filled = local_values(session, where.number, procedure, hides=partial(layer.hides, today=today))
            known = known_intervals(session, where.number, procedure)
            in_use = next((one for one in known if one.holds_on(today) and one.digest not in hidden.digests), None)
            before = self._front(session, in_use.digest).local_information if in_use else ()
            after = self._front(session, wanted.digest).local_information
            return LocalEffect(
                procedure, where, VersionNumber(wanted.major, wanted.minor), in_use.version if in_use else None,
                tuple(self._to_answer(session, where, procedure, wanted, hidden, today, today)),
                fields_changed(before, after, filled),
            )  # fmt: skip

    def information_history(
        self, procedure: ProcedureId, municipality: str, *, reader: str | None, today: date
    ) -> Sequence[LocalInformationChange]:
        """
        Give every change of a municipality's local information in a routine, by key, the newest first.

        Raises:
            ProcedureNotFound, MunicipalityNotFound: As they say.
        """
        with self._database.reading() as session:
            row, hidden = self._procedure(session, procedure, reader, today)
            where = get_municipality(session, municipality)
            layer = belonging(session, procedure, where.number, hidden_in(hidden))
            labels = self._labels(session, where.number, row, hidden, today)
            rows = session.exec(
                select(LocalValueRow, DecisionTextRow.text)
                .join(
                    DecisionTextRow,
                    (col(DecisionTextRow.number) == col(LocalValueRow.decided_number))
                    & (col(DecisionTextRow.name) == col(LocalValueRow.key)),
                    isouter=True,
                )
                .where(LocalValueRow.municipality == where.number, LocalValueRow.procedure_id == procedure)
                .order_by(LocalValueRow.key, col(LocalValueRow.decided_number).desc())
            ).all()
            until = _instants(session, {one.superseded_number for one, _ in rows if one.superseded_number is not None})
            return [
                LocalInformationChange(
                    one.key, labels.get(one.key, one.key), text, one.set_at,
                    until[one.superseded_number] if one.superseded_number is not None else None, one.decided_number,
                )
                for one, text in rows
                if not layer.hides(one.decided_number, one.superseded_number, today)
            ]  # fmt: skip

    def _shown(
        self, session: Session, shown: Sequence[tuple[Held, Placed]], hidden: HiddenTexts, today: date
    ) -> list[AdditionShown]:
        held = [one for one, _ in shown]
        words = self._words.read_many(session, {one.digest for one in held})
        told = grounds_for(session, held)
        instants = _instants(session, {one.decided_number for one in held})
        towns: dict[str, Municipality] = {one.number: one for one in municipalities(session)}
        in_use = {
            town: next(
                (
                    one.version
                    for one in known_intervals(session, town, held[0].procedure)
                    if one.holds_on(today) and one.digest not in hidden.digests
                ),
                None,
            )
            for town in {one.municipality for one in held}
        }
        return [
            AdditionShown(
                one.addition, towns[one.municipality], ProcedureId(one.procedure), one.kind, at.key, at.heading,
                words[one.digest].decode(), told.get(one.addition, NO_GROUNDS).reason,
                told.get(one.addition, NO_GROUNDS).source, one.departs, at.beside,
                in_use[one.municipality], one.from_on, one.until_on, one.decided_number, instants[one.decided_number],
            )
            for one, at in shown
        ]  # fmt: skip

    def _to_answer(
        self, session: Session, where: Municipality, procedure: str, wanted: VersionRow, hidden: HiddenTexts, first: date,
        today: date,
    ) -> list[AdditionToAnswer]:  # fmt: skip
        layer = belonging(session, procedure, where.number, hidden_in(hidden))
        version = VersionNumber(wanted.major, wanted.minor)
        standing = AdditionsAsked(session, where, [procedure]).placed(procedure, version, first=first, today=today)
        placed = [(one, at) for one, at in standing if not layer.hides(one.decided_number, None, today)]
        words = self._words.read_many(session, {one.digest for one, _ in placed})
        taken_up = _taken_up(session, [one.addition for one, _ in placed], procedure, version)
        found = [
            AdditionToAnswer(
                one.addition, one.kind, one.departs, at.key, at.heading, words[one.digest].decode(), at.beside,
                at.beside is not Beside.SAME, AnswerTo.DROP if one.addition in taken_up else None, at.fields_gone,
            )
            for one, at in placed
        ]  # fmt: skip
        return sorted(found, key=lambda one: (not one.must_answer, one.section_key, one.addition))

    def _labels(
        self, session: Session, municipality: str, row: ProcedureRow, hidden: HiddenTexts, today: date
    ) -> dict[str, str]:
        here = version_here(session, row.id, municipality, today)
        return {
            field.key: field.label
            for digest in (here.digest, row.digest)
            if digest not in hidden.digests
            for field in self._front(session, digest).local_information
        }

    def _front(self, session: Session, digest: str) -> FrontMatter:
        return read(self._words.read(session, digest), digest).front

    @staticmethod
    def _procedure(
        session: Session, procedure: str, reader: str | None, today: date
    ) -> tuple[ProcedureRow, HiddenTexts]:
        hidden = hidden_texts(session, reader, today)
        row = session.get(ProcedureRow, procedure)
        if row is None or procedure in hidden.procedures:
            raise ProcedureNotFound(procedure=procedure)
        return row, hidden

    @staticmethod
    def _version(session: Session, row: ProcedureRow, version: VersionNumber | None, hidden: HiddenTexts) -> VersionRow:
        wanted = version or VersionNumber(row.major, row.minor)
        found = session.get(VersionRow, (row.id, wanted.major, wanted.minor))
        if found is None or found.digest in hidden.digests:
            raise VersionNotFound(procedure=row.id, version=wanted)
        return found


ORIGIN: str = "addition"
"""The kind of a proposal's origin that is a municipality's addition."""


def _taken_up(session: Session, additions: Sequence[str], procedure: str, version: VersionNumber) -> set[str]:
    """Give those additions that a proposal brought into this version, or into one before it."""
    rows = session.exec(
        select(ProposalOriginRow.reference, VersionRow.major, VersionRow.minor)
        .join(VersionRow, col(VersionRow.proposal_id) == col(ProposalOriginRow.proposal_id))
        .where(
            ProposalOriginRow.kind == OriginKind.ADDITION.value, col(ProposalOriginRow.reference).in_(additions),
            VersionRow.procedure_id == procedure,
        )
    ).all()  # fmt: skip
    return {reference for reference, major, minor in rows if VersionNumber(major, minor) <= version}


def _instants(session: Session, numbers: set[int]) -> dict[int, datetime]:
    rows = session.exec(select(DecisionRow.number, DecisionRow.decided_at).where(col(DecisionRow.number).in_(numbers)))
    return dict(rows.all())
