"""Put together the effective document: what an employee of one municipality reads on one day."""

from collections import OrderedDict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from threading import Lock
from typing import Final

from sqlmodel import Session, col, select

from samrutine.adoptions.additions import Held, History, placed_in
from samrutine.adoptions.belonging import Hides, hiding_layers
from samrutine.adoptions.effective import (
    ControlHeader,
    DocumentStatus,
    EffectiveDocument,
    Hurried,
    LocalAddition,
)
from samrutine.adoptions.held import NO_GROUNDS, Grounds, additions_known, grounds_for, in_order, section_history
from samrutine.adoptions.in_force import known_intervals
from samrutine.adoptions.local_layer import LocalLayer, local_layers
from samrutine.adoptions.overview import InForce, in_force_on, last_number_at
from samrutine.days import norwegian_day
from samrutine.errors import (
    BetweenUses,
    DocumentNotFound,
    NoLongerInForce,
    NotYetInForce,
    ProcedureNotFound,
    ReplacedByAnother,
    VersionNotFound,
)
from samrutine.networks.directory import get_municipality, get_network
from samrutine.networks.model import Municipality
from samrutine.procedures.hiding import NOTHING_HIDDEN, HiddenTexts
from samrutine.procedures.model import AccessClass, Digest, ProcedureId, ProcedureText, VersionNumber
from samrutine.procedures.review import ReviewOutcome, months_after
from samrutine.procedures.text import read
from samrutine.procedures.whereabouts import where_to_go
from samrutine.procedures.withdrawals import Withdrawal, withdrawn_after
from samrutine.storage.decisions import end_of_norwegian_day
from samrutine.storage.rows import (
    ChainHeadRow,
    DecisionRow,
    InForceRow,
    LibraryRow,
    ProcedureRow,
    ReviewRow,
    VersionRow,
)
from samrutine.storage.sql import Database
from samrutine.storage.words import Words

_MOST_MADE: Final = 300
"""Documents that are remembered in a process, those asked for last: as many as a municipality has."""


@dataclass(frozen=True, slots=True)
class Asked:
    """
    Which document somebody asks for.

    Attributes:
        municipality: Whose; None gives the shared text of `version`, or of the newest, as its network approved it.
        day: The day it applies on, a day in Norway. What applied is answered as known now; local information is
            what stood at the end of that day. Where the municipality decided later that the routine applied on that
            day, local information is what stood at that decision: nobody had filled it in for a routine that was
            not yet in use.
        version: Only this version. With a municipality, one that is not in force there says so in its header.
        known_at: As had been decided at this instant; with all that is known now when None.
        hidden: What the reader may not see: a version of it is not there, nor what a municipality laid over it.
        today: The day, in Norway, by which it has taken another version into use or not; `day` when None.
    """

    procedure: ProcedureId
    municipality: str | None
    day: date
    version: VersionNumber | None = None
    known_at: datetime | None = None
    hidden: HiddenTexts = NOTHING_HIDDEN
    today: date | None = None


class _Remembered:
    """Documents that were made, for all the libraries that a process has open: each of them is asked in turn."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._made: OrderedDict[tuple[object, ...], EffectiveDocument] = OrderedDict()

    def get(self, asked: tuple[object, ...]) -> EffectiveDocument | None:
        """Give what was made for a question; None when it was not asked, or others were asked since."""
        with self._lock:
            if (made := self._made.get(asked)) is not None:
                self._made.move_to_end(asked)
            return made

    def keep(self, asked: tuple[object, ...], made: EffectiveDocument) -> None:
        """Keep what was made, and let go of what nobody has asked for longest."""
        with self._lock:
            self._made[asked] = made
            if len(self._made) > _MOST_MADE:
                self._made.popitem(last=False)

    def clear(self) -> None:
        """Let go of all."""
        with self._lock:
            self._made.clear()


_REMEMBERED: Final = _Remembered()


class Documents:
    """
    Effective documents.

    Args:
        address: Where this library's pages stand, such as `https://rutiner.example`; the QR code leads there. Empty when
            readers cannot reach it: a square that leads nowhere is worse than none.
    """

    def __init__(self, database: Database, words: Words, address: str) -> None:
        self._database = database
        self._words = words
        self._address = address.rstrip("/")

    def document(
        self, procedure: ProcedureId, municipality: str | None, *, day: date, version: VersionNumber | None = None,
        known_at: datetime | None = None, hidden: HiddenTexts = NOTHING_HIDDEN, today: date | None = None,
    ) -> EffectiveDocument:  # fmt: skip
        """
        Give the effective document of a procedure. The arguments are those of `Asked`.

        Raises:
            DocumentNotFound: Nothing is in force there on that day, and no version was asked for. Which class of it says
                whether the day is too early, too late or between, or that another procedure is to be used.
            ProcedureNotFound, VersionNotFound, MunicipalityNotFound: As they say.
        """
        asked = Asked(procedure, municipality, day, version, known_at, hidden, today)
        return self.documents([asked])[0]

    def documents(self, asked: Iterable[Asked]) -> list[EffectiveDocument]:
        """
        Give documents in the order they were asked for, all of one state of the library.

        Raises:
            DocumentNotFound, ProcedureNotFound, VersionNotFound, MunicipalityNotFound: As `document`, for the first of them.
        """
        with self._database.reading() as session:
            # All that a document is made of is decided, so the same question about the same chain has the same answer.
            head = session.exec(select(ChainHeadRow.hash)).first()
            found = []
            for one in asked:
                of_this_library = (self._database.url, self._address, head, one)
                if (made := _REMEMBERED.get(of_this_library)) is None:
                    made = self._read(session, one)
                    _REMEMBERED.keep(of_this_library, made)
                found.append(made)
            return found

    def forget(self) -> None:
        """Forget what was made before: the next question is answered from the database, whoever asked it last."""
        _REMEMBERED.clear()

    def _read(self, session: Session, asked: Asked) -> EffectiveDocument:
        procedure, day, known_at, hidden = asked.procedure, asked.day, asked.known_at, asked.hidden
        row = session.get(ProcedureRow, procedure)
        if row is None or procedure in hidden.procedures:
            raise ProcedureNotFound(procedure=procedure)
        where = get_municipality(session, asked.municipality) if asked.municipality else None
        applies = (
            in_force_on(session, day, municipality=where.number, procedure=procedure, known_at=known_at)
            if where
            else []
        )
        version = asked.version
        if version is None and where is not None:
            if not applies:
                raise not_in_force(session, row, where, day, hidden)
            if applies[0].digest in hidden.digests:
                # An exempt version of a routine that was opened since.
                raise DocumentNotFound(procedure=procedure, municipality=where.name, day=day)
            version = applies[0].version
        wanted = version or VersionNumber(row.major, row.minor)
        found = session.get(VersionRow, (procedure, wanted.major, wanted.minor))
        if found is None or found.digest in hidden.digests:
            raise VersionNotFound(procedure=procedure, version=wanted)
        text = read(self._words.read(session, found.digest), procedure)
        in_use = next((one for one in applies if one.version == wanted), None)
        hides = hiding_layers(session, where.number, [procedure], hidden, asked.today or day) if where else None
        around = self._around(
            session, where, day, [found.decided_number], applies, procedure=procedure, known_at=known_at, hides=hides
        )
        return self._document(session, found, text, where, in_use, around)

    def all_in_force(
        self, municipality: str, day: date, *, hidden: HiddenTexts = NOTHING_HIDDEN, shown_only: bool = False
    ) -> list[EffectiveDocument]:
        """
        Give every effective document of a municipality on a day, by title.

        Args:
            hidden: What those who will read them may not see. What the municipality laid over such a version is left out
                of the document of a version that they may see. A document of a hidden version is given all the same: whoever
                asks says that it is left out.
            shown_only: Leave out the documents of hidden versions too, unread.
        """
        with self._database.reading() as session:
            where = get_municipality(session, municipality)
            applies = in_force_on(session, day, municipality=where.number, procedure=None)
            if shown_only:
                applies = [
                    one
                    for one in applies
                    if one.procedure not in hidden.procedures and one.digest not in hidden.digests
                ]
            words = self._words.read_many(session, [one.digest for one in applies])
            versions = _versions(session, applies)
            numbers = {row.decided_number for row in versions.values()} | {one.adopted_number for one in applies}
            hides = hiding_layers(session, where.number, [one.procedure for one in applies], hidden, day)
            around = self._around(session, where, day, numbers, applies, hides=hides)
            return [
                self._document(
                    session,
                    versions[one.procedure, one.version],
                    read(words[one.digest], one.procedure),
                    where,
                    one,
                    around,
                )
                for one in applies
            ]

    def _document(
        self, session: Session, row: VersionRow, text: ProcedureText, where: Municipality | None, in_use: InForce | None,
        around: "_Around",
    ) -> EffectiveDocument:  # fmt: skip
        version = VersionNumber(row.major, row.minor)
        used = in_use or (self._last_use(session, row, where.number) if where else None)
        decided = around.decided_at(row.decided_number)
        adopted = around.decided_at(used.adopted_number) if used else None
        layer = around.layers.get(row.procedure_id, LocalLayer({}, None))
        additions, about_additions = around.additions_in(row.procedure_id, version)
        hurried, about_hurry = _hurried(row, around.known)
        withdrawal = around.withdrawn.get(row.procedure_id)
        next_review, about_review = around.next_review(row, text)
        since = [around.decided_at(one) for one in (about_additions, about_hurry, about_review) if one]
        if withdrawal is not None:
            since.append(around.decided_at(withdrawal.number))
        header = ControlHeader(
            procedure_id=ProcedureId(row.procedure_id),
            title=text.front.title,
            kind=text.front.kind,
            version=version,
            version_digest=Digest(row.digest),
            approved_by=around.network(row.approved_by),
            approved_on=row.approved_on,
            municipality=where,
            in_force_from=used.from_on if used else None,
            in_force_until=used.until_on if used else None,
            decided_by_position=used.position if used else None,
            decided_on=norwegian_day(adopted) if adopted else None,
            next_review=next_review,
            status=_status(used, in_use),
            address=self._check_address(row.procedure_id, version, where),
            demo=around.demo,
            made_at=_newest(decided, adopted, layer.since, *since),
            hurried=hurried,
            withdrawn=withdrawal is not None,
            replaced_by=around.named(withdrawal.replaced_by) if withdrawal else None,
        )
        return EffectiveDocument(header, text, tuple(sorted(layer.values.items())), additions)

    def _around(
        self, session: Session, where: Municipality | None, day: date, numbers: Collection[int],
        applies: Sequence[InForce], *, procedure: str | None = None, known_at: datetime | None = None,
        hides: Hides | None = None,
    ) -> "_Around":  # fmt: skip
        # What the municipality had filled in and added by the end of that day: an auditor asks for the paper as it was.
        end = end_of_norwegian_day(day)
        known = last_number_at(session, end if known_at is None else min(end, known_at))
        layers: dict[str, LocalLayer] = {}
        held: dict[str, tuple[list[Held], int]] = {}
        if where is not None:
            layers = local_layers(session, where.number, procedure=procedure, known=known, hides=hides)
            held = additions_known(session, where.number, procedure=procedure, known=known, hides=hides)
        # But what was filled in so that the routine could be taken into use belongs to it from its first day, also when
        # that day lies before the decision: else the paper has gaps where no paper had any. So do its additions.
        later = {one.procedure: one for one in applies if one.adopted_number > known}
        for one in later.values():
            name, at = one.procedure, one.adopted_number
            layers |= local_layers(session, one.municipality, procedure=name, known=at, hides=hides)
            held |= additions_known(session, one.municipality, procedure=name, known=at, hides=hides)
        held = {name: ([each for each in rows if each.holds_on(day)], newest) for name, (rows, newest) in held.items()}
        added = [each for rows, _ in held.values() for each in rows]
        instants = session.exec(
            select(DecisionRow.number, DecisionRow.decided_at).where(col(DecisionRow.number).in_(numbers))
        )
        demo = session.exec(select(LibraryRow.demo)).one()
        around = _Around(session, demo, layers, dict(instants.all()), known, held)
        around.withdrawn = withdrawn_after(session, known, None if procedure is None else [procedure])
        if procedure is None:
            around.procedures = {row.id: row for row in session.exec(select(ProcedureRow))}
        if added:
            around.sections = section_history(session, {each.procedure for each in added})
            around.words = self._words.read_many(session, {each.digest for each in added})
            until = {each.procedure: known for each in added}
            until |= {name: one.adopted_number for name, one in later.items()}
            around.grounds = grounds_for(session, added, until)
        return around

    def _check_address(self, procedure: str, version: VersionNumber, where: Municipality | None) -> str:
        if not self._address:
            return ""
        query = f"?kommune={where.slug}" if where else ""
        return f"{self._address}/v/{procedure}/{version}{query}"

    @staticmethod
    def _last_use(session: Session, row: VersionRow, municipality: str) -> InForce | None:
        last = session.exec(
            select(InForceRow)
            .where(
                InForceRow.municipality == municipality, InForceRow.procedure_id == row.procedure_id,
                InForceRow.major == row.major, InForceRow.minor == row.minor, col(InForceRow.superseded_number).is_(None),
            )
            .order_by(col(InForceRow.from_on).desc())
        ).first()  # fmt: skip
        if last is None:
            return None
        return InForce(
            municipality, ProcedureId(row.procedure_id), row.title, VersionNumber(row.major, row.minor), Digest(row.digest),
            last.from_on, last.until_on, last.position, last.adopted_number,
        )  # fmt: skip


@dataclass
class _Around:
    """
    What stands around the texts of one municipality on one day, asked for once however many documents there are.

    A municipality publishes hundreds of them, and most of the time nothing has changed: a query for each part of each
    was four fifths of what such a run cost.
    """

    session: Session
    demo: bool
    layers: Mapping[str, LocalLayer]
    instants: dict[int, datetime]
    known: int
    additions: Mapping[str, tuple[list[Held], int]] = field(default_factory=dict)
    sections: Mapping[str, History] = field(default_factory=dict)
    words: Mapping[str, bytes] = field(default_factory=dict)
    grounds: Mapping[str, Grounds] = field(default_factory=dict)
    networks: dict[str, str] = field(default_factory=dict)
    procedures: dict[str, ProcedureRow] = field(default_factory=dict)
    withdrawn: Mapping[str, Withdrawal] = field(default_factory=dict)

    @cached_property
    def reviews(self) -> dict[tuple[str, str], tuple[date, int]]:
        """The last review that found a version unchanged: the day of the next one, and the decision's number."""
        unchanged = select(ReviewRow).where(
            ReviewRow.outcome == ReviewOutcome.UNCHANGED.value, col(ReviewRow.decided_number) <= self.known
        )
        rows = self.session.exec(unchanged.order_by(col(ReviewRow.decided_number)))
        return {(row.procedure_id, row.version): (row.next_review, row.decided_number) for row in rows}

    def next_review(self, row: VersionRow, text: ProcedureText) -> tuple[date, int]:
        """Give the day of a version's next review, and the number of the review that set it; 0 for none."""
        planned = months_after(row.approved_on, text.front.review_interval_months)
        return self.reviews.get((row.procedure_id, f"{row.major}.{row.minor}"), (planned, 0))

    def decided_at(self, number: int) -> datetime:
        """When a decision was made."""
        if number not in self.instants:
            self.instants[number] = self.session.get_one(DecisionRow, number).decided_at
        return self.instants[number]

    def procedure(self, which: str) -> ProcedureRow:
        """A procedure's row."""
        if which not in self.procedures:
            self.procedures[which] = self.session.get_one(ProcedureRow, which)
        return self.procedures[which]

    def named(self, replacement: str | None) -> ProcedureId | None:
        """What a routine is replaced by. Never one that is exempt: paper goes further than those who may know of it."""
        other = self.procedure(replacement) if replacement else None
        return ProcedureId(other.id) if other is not None and other.access != AccessClass.EXEMPT else None

    def additions_in(self, procedure: str, version: VersionNumber) -> tuple[tuple[LocalAddition, ...], int]:
        """Give the additions as they stand in a version, and the number of the newest decision about them; 0 for none."""
        held, newest = self.additions.get(procedure, ([], 0))
        told = self.grounds
        shown = (
            LocalAddition(
                one.kind, placed_in(one, self.sections[procedure], version).key, self.words[one.digest].decode(),
                told.get(one.addition, NO_GROUNDS).reason, told.get(one.addition, NO_GROUNDS).source, one.departs,
            )
            for one in in_order(held)
        )  # fmt: skip
        return tuple(shown), newest

    def network(self, which: str) -> str:
        """A network's name."""
        if which not in self.networks:
            self.networks[which] = get_network(self.session, which).name
        return self.networks[which]


def _hurried(row: VersionRow, known: int) -> tuple[Hurried | None, int]:
    """Say how far a *hasteversjon* had come after the decision of that number, and which decision settled it; 0 for none."""
    if not row.hurried:
        return None, 0
    if row.confirmed_number is not None and row.confirmed_number <= known:
        return None, row.confirmed_number
    if row.refused_number is not None and row.refused_number <= known:
        return Hurried.REFUSED, row.refused_number
    return Hurried.UNAPPROVED, 0


def not_in_force(
    session: Session, row: ProcedureRow, where: Municipality, day: date, hidden: HiddenTexts = NOTHING_HIDDEN
) -> DocumentNotFound:
    """
    Say of a day on which nothing is in force when something was or is to be, and where to go when another replaced it.

    An exempt replacement is never named: whoever may know of it asks `where_to_go`. A use of a version that is hidden from
    the reader is none.
    """
    known = [one for one in known_intervals(session, where.number, row.id) if one.digest not in hidden.digests]
    before = [one.until_on for one in known if one.until_on is not None and one.until_on <= day]
    after = [one.from_on for one in known if one.from_on > day]
    places: dict[str, object] = {"procedure": row.id, "municipality": where.name, "day": day}
    if before and after:
        return BetweenUses(**places, last_day=max(before) - timedelta(days=1), from_on=min(after))
    if after:
        return NotYetInForce(**places, from_on=min(after))
    unnamed = frozenset(session.exec(select(ProcedureRow.id).where(ProcedureRow.access == AccessClass.EXEMPT.value)))
    if (instead := where_to_go(session, row.id, hidden=unnamed - {row.id}).replaced_by) is not None:
        return ReplacedByAnother(**places, replaced_by=instead)
    if before:
        return NoLongerInForce(**places, last_day=max(before) - timedelta(days=1))
    return DocumentNotFound(**places)


def _versions(session: Session, applies: Sequence[InForce]) -> dict[tuple[str, VersionNumber], VersionRow]:
    """Give the rows of versions that apply, by procedure and version."""
    procedures = {one.procedure for one in applies}
    rows = session.exec(select(VersionRow).where(col(VersionRow.procedure_id).in_(procedures)))
    return {(row.procedure_id, VersionNumber(row.major, row.minor)): row for row in rows}


def _status(used: InForce | None, in_use: InForce | None) -> DocumentStatus:
    if in_use is not None:
        return DocumentStatus.IN_FORCE
    return DocumentStatus.ENDED if used is not None and used.until_on is not None else DocumentStatus.APPROVED


def _newest(*instants: datetime | None) -> datetime:
    return max(instant for instant in instants if instant is not None)
