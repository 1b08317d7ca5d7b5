"""The words of a version, and what changed between two or in a proposal, for whoever may read them."""

from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from samrutine.errors import AttachmentNotFound, HearingNotFound, ProcedureNotFound, VersionNotFound
from samrutine.procedures.access import hidden_texts, require_readable, require_readable_proposal
from samrutine.procedures.model import Digest, ProcedureId, VersionNumber
from samrutine.procedures.text import digest, read
from samrutine.proposals.hearing_rows import last_heard, may_see_round
from samrutine.proposals.loading import get_row, require_text_kept
from samrutine.proposals.model import ProposalId
from samrutine.proposals.prose_diff import ProseDiff, compare
from samrutine.storage.rows import AttachmentRow, ProcedureRow, VersionRow
from samrutine.storage.sql import Database
from samrutine.storage.words import Words


@dataclass(frozen=True, slots=True)
class VersionText:
    """The words of one approved version as they are kept: Markdown with front matter, UTF-8. `digest` is of them."""

    procedure: ProcedureId
    version: VersionNumber
    digest: Digest
    text: bytes


@dataclass(frozen=True, slots=True)
class AttachedFile:
    """
    A file that belongs to a version, as it was approved with it. `digest` is of its bytes.

    `is_redacted` says that its bytes were taken away for good, and that `data` is the notice in their place.
    """

    procedure: ProcedureId
    version: VersionNumber
    name: str
    media_type: str
    digest: Digest
    data: bytes
    is_redacted: bool = False


class Comparing:
    """The words of a version, and what changed in a text, as values that a page or a terminal can show."""

    def __init__(self, database: Database, words: Words) -> None:
        self._database = database
        self._words = words

    def version_text(
        self, procedure: ProcedureId, version: VersionNumber | None = None, *, reader: str | None, today: date
    ) -> VersionText:
        """
        Give the words of an approved version, such as somebody begins a change from.

        Args:
            version: Which; the newest when None.
            reader: Whose eyes; see `access.require_readable`.

        Raises:
            ProcedureNotFound: There is none of that id, or the reader may not read it.
            VersionNotFound: It has no such version, or the reader may not read that one.
        """
        with self._database.reading() as session:
            row = self._procedure(session, procedure, reader, today)
            wanted = version or VersionNumber(row.major, row.minor)
            digest = self._digest(session, procedure, wanted, hidden_texts(session, reader, today).digests)
            return VersionText(procedure, wanted, Digest(digest), self._words.read(session, digest))

    def attachment(
        self, procedure: ProcedureId, version: VersionNumber | None, name: str, *, reader: str | None, today: date
    ) -> AttachedFile:
        """
        Give a file that belongs to an approved version.

        Args:
            version: Which; the newest when None.
            name: As the text lists it.
            reader: Whose eyes; see `access.require_readable`.

        Raises:
            ProcedureNotFound: There is none of that id, or the reader may not read it.
            VersionNotFound: It has no such version, or the reader may not read that one.
            AttachmentNotFound: The version lists no such file.
        """
        with self._database.reading() as session:
            row = self._procedure(session, procedure, reader, today)
            wanted = version or VersionNumber(row.major, row.minor)
            self._digest(session, procedure, wanted, hidden_texts(session, reader, today).digests)
            file = session.get(AttachmentRow, (procedure, wanted.major, wanted.minor, name))
            if file is None:
                raise AttachmentNotFound(procedure=procedure, version=str(wanted), file=name[:80])
            data = self._words.read_aside(session, file.digest)
            return AttachedFile(
                procedure, wanted, name, file.media_type, Digest(file.digest), data, digest(data) != file.digest
            )

    def compare(
        self,
        procedure: ProcedureId,
        old: VersionNumber,
        new: VersionNumber | None = None,
        *,
        reader: str | None,
        today: date,
    ) -> ProseDiff:
        """
        Say what changed from one approved version to another.

        Args:
            old: The version to compare from; it may also be the newer of the two.
            new: The version to compare with; the newest when None.
            reader: Whose eyes; see `access.require_readable`.

        Raises:
            ProcedureNotFound: There is none of that id, or the reader may not read it.
            VersionNotFound: It has no such version, or the reader may not read that one.
        """
        with self._database.reading() as session:
            row = self._procedure(session, procedure, reader, today)
            hidden = hidden_texts(session, reader, today).digests
            wanted = (old, new or VersionNumber(row.major, row.minor))
            digests = [self._digest(session, procedure, version, hidden) for version in wanted]
            words = self._words.read_many(session, digests)
        return compare(*(read(words[digest], procedure) for digest in digests))

    def compare_proposal(
        self, proposal: ProposalId, *, reader: str | None, today: date, since_heard: bool = False
    ) -> ProseDiff:
        """
        Say what a proposal changes in the version it was begun from; of a new routine everything is new.

        Args:
            reader: Whose eyes; see `access.require_readable_proposal`.
            since_heard: Say what was changed since the text was heard last instead.

        Raises:
            ProposalNotFound: There is none of that id, or the reader may not read it.
            TextDeleted: It came to nothing, and its text was kept for a time only.
            HearingNotFound: It has not been heard, or the reader may not read what was heard, and `since_heard` was asked
                for.
            VersionNotFound: The reader may not read the version that it was begun from, such as an exempt one of a routine
                that the proposal opens.
        """
        with self._database.reading() as session:
            require_readable_proposal(session, proposal, reader, today)
            row = get_row(session, proposal)
            require_text_kept(session, row)
            if since_heard:
                heard = last_heard(session, proposal)
                if heard is None or not may_see_round(session, row, heard, reader, today):
                    raise HearingNotFound(proposal=proposal)
                return compare(read(heard.text, row.id), read(row.text, row.id))
            if row.base_digest in hidden_texts(session, reader, today).digests:
                raise VersionNotFound(procedure=row.procedure_id, version=row.base_version or "")
            base = self._words.read(session, row.base_digest) if row.base_digest else None
            return compare(read(base, row.procedure_id) if base else None, read(row.text, row.id))

    @staticmethod
    def _procedure(session: Session, procedure: str, reader: str | None, today: date) -> ProcedureRow:
        require_readable(session, procedure, reader, today)
        row = session.get(ProcedureRow, procedure)
        if row is None:
            raise ProcedureNotFound(procedure=procedure)
        return row

    @staticmethod
    def _digest(session: Session, procedure: str, version: VersionNumber, hidden: frozenset[str]) -> str:
        row = session.get(VersionRow, (procedure, version.major, version.minor))
        if row is None or row.digest in hidden:
            raise VersionNotFound(procedure=procedure, version=str(version))
        return row.digest
