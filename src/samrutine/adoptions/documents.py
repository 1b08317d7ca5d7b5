"""Put together the effective document: what an employee of one municipality reads on one day."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlmodel import Session, col, select

from samrutine.adoptions.effective import ControlHeader, DocumentStatus, EffectiveDocument
from samrutine.adoptions.local_layer import LocalLayer, local_layers
from samrutine.adoptions.overview import InForce, in_force_on, last_number_at
from samrutine.days import norwegian_day
from samrutine.errors import DocumentNotFound, ProcedureNotFound, VersionNotFound
from samrutine.networks.directory import get_municipality, get_network
from samrutine.networks.model import Municipality
from samrutine.procedures.model import Digest, ProcedureId, ProcedureText, VersionNumber
from samrutine.procedures.review import months_after
from samrutine.procedures.text import read
from samrutine.storage.decisions import end_of_norwegian_day
from samrutine.storage.rows import DecisionRow, InForceRow, LibraryRow, ProcedureRow, VersionRow
from samrutine.storage.sql import Database
from samrutine.storage.words import Words


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
        self, procedure: ProcedureId, municipality: str | None, *, day: date, version: VersionNumber | None = None
    ) -> EffectiveDocument:
        """
        Give the effective document of a procedure.

        Args:
            municipality: Whose; None gives the shared text of `version`, or of the newest, as its network approved it.
            day: The day it applies on, a day in Norway. What applied is answered as known now; local information is
                what stood at the end of that day. Where the municipality decided later that the routine applied on that
                day, local information is what stood at that decision: nobody had filled it in for a routine that was
                not yet in use.
            version: Only this version. With a municipality, one that is not in force there says so in its header.

        Raises:
            DocumentNotFound: Nothing is in force there on that day, and no version was asked for.
            ProcedureNotFound, VersionNotFound, MunicipalityNotFound: As they say.
        """
        with self._database.reading() as session:
            row = session.get(ProcedureRow, procedure)
            if row is None:
                raise ProcedureNotFound(procedure=procedure)
            where = get_municipality(session, municipality) if municipality else None
            applies = in_force_on(session, day, municipality=where.number, procedure=procedure) if where else []
            if version is None and where is not None:
                if not applies:
                    raise DocumentNotFound(procedure=procedure, municipality=where.name, day=day)
                version = applies[0].version
            wanted = version or VersionNumber(row.major, row.minor)
            found = session.get(VersionRow, (procedure, wanted.major, wanted.minor))
            if found is None:
                raise VersionNotFound(procedure=procedure, version=wanted)
            text = read(self._words.read(session, found.digest), procedure)
            in_use = next((one for one in applies if one.version == wanted), None)
            around = _around(session, where, day, [found.decided_number], applies, procedure=procedure)
            return self._document(session, found, text, where, in_use, around)

    def all_in_force(self, municipality: str, day: date) -> list[EffectiveDocument]:
        """Give every effective document of a municipality on a day, by title."""
        with self._database.reading() as session:
            where = get_municipality(session, municipality)
            applies = in_force_on(session, day, municipality=where.number, procedure=None)
            words = self._words.read_many(session, [one.digest for one in applies])
            versions = _versions(session, applies)
            numbers = {row.decided_number for row in versions.values()} | {one.adopted_number for one in applies}
            around = _around(session, where, day, numbers, applies)
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
            next_review=months_after(row.approved_on, text.front.review_interval_months),
            status=_status(used, in_use),
            address=self._check_address(row.procedure_id, version, where),
            demo=around.demo,
            made_at=_newest(decided, adopted, layer.since),
        )
        return EffectiveDocument(header, text, tuple(sorted(layer.values.items())))

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
    networks: dict[str, str] = field(default_factory=dict)

    def decided_at(self, number: int) -> datetime:
        """When a decision was made."""
        if number not in self.instants:
            self.instants[number] = self.session.get_one(DecisionRow, number).decided_at
        return self.instants[number]

    def network(self, which: str) -> str:
        """A network's name."""
        if which not in self.networks:
            self.networks[which] = get_network(self.session, which).name
        return self.networks[which]


def _around(
    session: Session, where: Municipality | None, day: date, numbers: Collection[int], applies: Sequence[InForce], *,
    procedure: str | None = None,
) -> _Around:  # fmt: skip
    # What the municipality had filled in by the end of that day: an auditor asks for the paper as it was.
    known = last_number_at(session, end_of_norwegian_day(day))
    layers = local_layers(session, where.number, procedure=procedure, known=known) if where else {}
    # But what was filled in so that the routine could be taken into use belongs to it from its first day, also when
    # that day lies before the decision: else the paper has gaps where no paper had any.
    for one in applies:
        if one.adopted_number > known:
            layers |= local_layers(session, one.municipality, procedure=one.procedure, known=one.adopted_number)
    instants = session.exec(
        select(DecisionRow.number, DecisionRow.decided_at).where(col(DecisionRow.number).in_(numbers))
    )
    return _Around(session, session.exec(select(LibraryRow.demo)).one(), layers, dict(instants.all()))


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
