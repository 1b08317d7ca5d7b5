"""The verbs by which a municipality's record leaves the library: to its archive, and with the municipality."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from sqlmodel import Session, select

from samrutine.actors import ActorId, Verb, municipality_body, reasons_against
from samrutine.adoptions.documents import Documents
from samrutine.adoptions.effective import EffectiveDocument
from samrutine.adoptions.side_by_side import LocalLayers
from samrutine.archiving import records
from samrutine.archiving.folder import require_free, write_folder
from samrutine.days import norwegian_day
from samrutine.exchange import archive_message, decision_list, exit_pages
from samrutine.exchange.archive_message import MESSAGE_NAME, ArchivedFile, ArchiveMessage
from samrutine.exchange.decision_list import DecisionLine, DecisionList
from samrutine.exchange.exit_pages import Record, Routine
from samrutine.messages import say, shown
from samrutine.networks.directory import get_actor, get_municipality
from samrutine.networks.model import Municipality
from samrutine.procedures.attached import suffix_of
from samrutine.procedures.hiding import HiddenTexts, hidden_on, reader_on
from samrutine.procedures.model import AccessClass, ProcedureId, VersionNumber
from samrutine.reasons import Because, refuse
from samrutine.storage.rows import LibraryRow
from samrutine.storage.sql import Database
from samrutine.storage.words import Words

LIST_NAME = "beslutninger.pdf"
FORMATS = ("pdf", "html", "md")
_EXEMPT_BY = "offl."
"""By what a text is exempt that does not say it itself."""


@dataclass(frozen=True)
class NothingDecided(Because):
    """The municipality answered about no routine on that day, or in that list. `days` are the newest on which it did."""

    municipality: str
    days: tuple[date, ...]

    def places_in(self, language: str) -> dict[str, object]:
        """Write the days as people do."""
        return {**self.places, "days": ", ".join(shown(day, language) for day in self.days)}


@dataclass(frozen=True)
class NothingDecidedYet(Because):
    """The municipality has answered about no routine, or about none that whoever asks may read."""

    municipality: str


@dataclass(frozen=True, slots=True)
class Archived:
    """
    A message to the archive is written.

    Attributes:
        folder: Where.
        files: What lies there, by name.
        decisions: How many decisions it is about.
        left_out: How many routines it says nothing of, since whoever asked may not read them.
    """

    folder: Path
    files: tuple[str, ...]
    decisions: int
    left_out: int


@dataclass(frozen=True, slots=True)
class LeftWith:
    """
    A municipality's whole record is written.

    Attributes:
        folder: Where.
        files: What lies there, by path.
        versions: How many versions that it used are there.
        decisions: How many decisions.
        left_out: How many routines are not there, since whoever asked may not read them.
    """

    folder: Path
    files: tuple[str, ...]
    versions: int
    decisions: int
    left_out: int


class Archiving:
    """
    What leaves.

    Args:
        renderers: By suffix ("pdf", "html", "md"), what makes a document.
    """

    def __init__(
        self, database: Database, words: Words, documents: Documents, local_layers: LocalLayers,
        renderers: Mapping[str, Callable[[EffectiveDocument], bytes]],
    ) -> None:  # fmt: skip
        self._database = database
        self._words = words
        self._documents = documents
        self._local_layers = local_layers
        self._renderers = renderers

    def message(
        self, municipality: str, folder: Path, *, on: date | None, act: str | None, by: ActorId, today: date
    ) -> Archived:
        """
        Write a message to the municipality's archive: what was decided on a day or in a list, with every document put in use.

        A second message about the same decisions is the same, byte for byte.

        Args:
            folder: Empty, or not there yet.
            on: The day, in Norway; today when neither it nor `act` is given.
            act: The id of the act in which a list was decided.

        Raises:
            NotAllowed: Neither responsible nor decider in that municipality.
            Refused: Nothing was decided then.
            InvalidRequest, FolderUnusable: As `folder.write_folder`.
            DocumentUnavailable: A document could not be made.
        """
        where, hidden = self._may(municipality, by, today)
        require_free(folder)
        day = on or (today if act is None else None)
        with self._database.reading() as session:
            lines, left_out = records.decisions_of(session, where.number, hidden, on=day, act=act)
            names_exempt = records.names_exempt(session, lines)
            demo = session.exec(select(LibraryRow.demo)).one()
            days = () if lines else records.days_with_decisions(session, where.number, hidden)
        if not lines:
            refuse([NothingDecided(where.name, days) if days else NothingDecidedYet(where.name)])
        at = records.newest(lines)
        listed = DecisionList(where.name, norwegian_day(at), at, lines, demo)
        put_in_use = list(self._put_in_use(where, lines, at, hidden))
        # The list names each routine and says why: it is shielded as the gravest of what it names.
        exempt = next((one.exempt for one in put_in_use if one.exempt), _EXEMPT_BY) if names_exempt else None
        files = [self._list(listed, exempt), *put_in_use]
        told = ArchiveMessage(
            about=f"{where.number} {lines[0].hash} {lines[-1].hash} {len(lines)}",
            case=say("archive.case_title", "nb", municipality=where.name), title=files[0].title,
            municipality=f"{where.name} kommune", decided_on=norwegian_day(at), at=at, by=_position(lines), files=files,
        )  # fmt: skip
        written = [(MESSAGE_NAME, archive_message.write(told)), *((one.name, one.data) for one in files)]
        return Archived(folder, write_folder(folder, written, checksums=False), len(lines), len(left_out))

    def exit_package(self, municipality: str, folder: Path, *, by: ActorId, today: date) -> LeftWith:
        """
        Write all that is a municipality's own into a folder that reads without us.

        Args:
            folder: Empty, or not there yet.

        Raises:
            NotAllowed: Neither responsible nor decider in that municipality.
            InvalidRequest, FolderUnusable: As `folder.write_folder`.
            DocumentUnavailable: A document could not be made.
        """
        where, hidden = self._may(municipality, by, today)
        require_free(folder)
        with self._database.reading() as session:
            used, unseen = records.used_by(session, where.number, hidden, today)
            lines, untold = records.decisions_of(session, where.number, hidden)
            register = records.register_lines(session, where.number, hidden)
            demo = session.exec(select(LibraryRow.demo)).one()
            files = {(one.procedure, one.version): self._files(session, one) for one in used}
        left_out = len(unseen | untold)
        routines = [
            Routine(one.procedure, one.title, str(one.version), one.from_on, one.until_on,
                    tuple(files[one.procedure, one.version]), FORMATS)
            for one in used
        ]  # fmt: skip
        named = sorted({one.procedure for one in used} | {line.procedure for line in lines})
        record = Record(
            where.name, today, routines, lines, *self._local(where, named, by, today), left_out=left_out, demo=demo
        )

        # One document a version, as it was the last time.
        last_of = {(one.procedure, one.version): one for one in used}

        def everything() -> Iterator[tuple[str, bytes]]:
            for one in last_of.values():
                document = self._as_used(where, one, hidden, today)
                for suffix in FORMATS:
                    yield exit_pages.path_of(one.procedure, str(one.version), suffix), self._renderers[suffix](document)
                for n, (name, digest) in enumerate(files[one.procedure, one.version].items(), 1):
                    with self._database.reading() as session:
                        data = self._words.read_aside(session, digest)
                    yield exit_pages.path_of_file(one.procedure, str(one.version), n, name), data
            yield from ((f"register/{name}", data) for name, data in register.items())
            yield from exit_pages.pages(record)

        written = write_folder(folder, everything(), checksums=True)
        return LeftWith(folder, written, len(last_of), len(lines), left_out)

    def _may(self, municipality: str, by: ActorId, today: date) -> tuple[Municipality, HiddenTexts]:
        with self._database.reading() as session:
            where = get_municipality(session, municipality)
            refuse(reasons_against(get_actor(session, by), Verb.PUBLISH, municipality_body(where.number), today))
            connection = session.connection()
            return where, hidden_on(connection, reader_on(connection, by), today)

    def _list(self, listed: DecisionList, exempt: str | None) -> ArchivedFile:
        title = say("archive.list_title", "nb", day=listed.day)
        kind = say("archive.list_kind", "nb")
        return ArchivedFile(LIST_NAME, title, kind, "PDF/A-2a", "application/pdf", decision_list.render(listed), exempt)

    def _put_in_use(
        self, where: Municipality, lines: list[DecisionLine], at: datetime, hidden: HiddenTexts
    ) -> Iterator[ArchivedFile]:
        for line in lines:
            if line.version is None:
                continue
            version = VersionNumber.parse(line.version)
            day = max(line.from_on or norwegian_day(at), norwegian_day(at))
            document = self._documents.document(
                ProcedureId(line.procedure), where.number, day=day, version=version, known_at=at, hidden=hidden
            )
            front = document.text.front
            exempt = (front.access_basis or _EXEMPT_BY) if front.access is AccessClass.EXEMPT else None
            name, title = f"{line.procedure}-{line.version}", front.title
            yield ArchivedFile(
                f"{name}.pdf", say("archive.document_title", "nb", title=title, version=line.version),
                say("archive.document_kind", "nb"), "PDF/A-2a", "application/pdf", self._renderers["pdf"](document), exempt,
            )  # fmt: skip
            with self._database.reading() as session:
                for n, file in enumerate(records.files_of(session, line.procedure, version), 1):
                    suffix = suffix_of(file.media_type)
                    yield ArchivedFile(
                        f"{name}-vedlegg-{n}.{suffix}", say("archive.attachment_title", "nb", title=title, name=file.name),
                        say("archive.attachment_kind", "nb"), suffix.upper(), file.media_type,
                        self._words.read_aside(session, file.digest), exempt,
                    )  # fmt: skip

    def _as_used(self, where: Municipality, one: records.Used, hidden: HiddenTexts, today: date) -> EffectiveDocument:
        """Give a version as it was on the last day that it applied, or is today."""
        last = today if one.until_on is None or one.until_on > today else one.until_on - timedelta(days=1)
        return self._documents.document(
            ProcedureId(one.procedure), where.number, day=last, version=one.version, hidden=hidden, today=today
        )

    @staticmethod
    def _files(session: Session, one: records.Used) -> dict[str, str]:
        return {file.name: file.digest for file in records.files_of(session, one.procedure, one.version)}

    def _local(
        self, where: Municipality, named: list[str], by: ActorId, today: date
    ) -> tuple[list[dict[str, object]], list[dict[str, object]]]:
        """Give local information with its history, and the additions that stand, as rows of a table."""
        information: list[dict[str, object]] = []
        additions: list[dict[str, object]] = []
        for procedure in (ProcedureId(one) for one in named):
            information += [
                {"rutine": procedure, "felt": one.label, "verdi": one.value, "fra": one.set_at, "til": one.until,
                 "beslutning": one.decided_number}
                for one in self._local_layers.information_history(procedure, where.number, reader=by, today=today)
            ]  # fmt: skip
            additions += [
                {"rutine": procedure, "avsnitt": one.heading, "tekst": one.text, "begrunnelse": one.reason,
                 "faglig_forankring": one.source, "avviker_fra_felles_tekst": one.departs,
                 "besluttet": one.decided_at, "beslutning": one.decided_number}
                for one in self._local_layers.additions(procedure, where.number, reader=by, today=today)
            ]  # fmt: skip
        return information, additions


def _position(lines: list[DecisionLine]) -> str:
    """Give the position that decided; the municipality's word for it where no decision names one."""
    return next((line.position for line in lines if line.position), say("archive.list_kind", "nb"))
