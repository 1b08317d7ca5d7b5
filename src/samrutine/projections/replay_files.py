"""The files that belong to versions, made once more from the decisions and from the lists above the texts: a part of `replay`."""

import json
from collections.abc import Iterator
from typing import Any, Final

from sqlmodel import Session, col, select

from samrutine.errors import InvalidText
from samrutine.procedures.attached import unnamed
from samrutine.procedures.heads import files_in
from samrutine.procedures.model import VersionNumber
from samrutine.procedures.text import digest as digest_of
from samrutine.procedures.text import read
from samrutine.projections.scope import Scope
from samrutine.storage.rows import AttachmentRow, DecisionRow, WordsRow

_MADE: Final = ("version_approved", "version_hurried")


def files_due(session: Session, scope: Scope) -> Iterator[dict[str, Any]]:
    """
    Give the rows of files as the decisions have them: each digest and kind by its decision, each name by the text.

    Where the words of the version are gone, a file is called by which of them it is.
    """
    for procedure, version, files, names in _listed(session, scope):
        for (digest, media_type), name in zip(files, names or unnamed(len(files)), strict=False):
            yield {
                "procedure_id": procedure, "major": version.major, "minor": version.minor, "name": name,
                "media_type": media_type, "digest": digest,
            }  # fmt: skip


def file_differences(session: Session, scope: Scope) -> Iterator[str]:
    """
    Name the files that stand beside a version and are not as decided, too many and too few alike.

    Only where the words that name them are right, or were taken away: of others another check tells.
    """
    unsaid = {
        (procedure, version.major, version.minor)
        for procedure, version, _, names in _listed(session, scope)
        if names is None
    }
    due = {tuple(one.values()) for one in files_due(session, scope)}
    rows = session.exec(select(AttachmentRow).where(scope.routine(AttachmentRow.procedure_id)))
    shown = {(row.procedure_id, row.major, row.minor, row.name, row.media_type, row.digest) for row in rows}
    wrong = {one[:4] for one in due ^ shown if one[:3] not in unsaid}
    for procedure, major, minor, name in sorted(wrong):
        yield f"{procedure} {major}.{minor} {name}"


def _listed(
    session: Session, scope: Scope
) -> Iterator[tuple[str, VersionNumber, tuple[tuple[str, str], ...], list[str] | None]]:
    """Give the versions that have files, with these and what they are called; None where nobody can say."""
    records = session.exec(
        select(DecisionRow.record)
        .where(col(DecisionRow.kind).in_(_MADE), scope.decisions())
        .where(col(DecisionRow.record).contains('"files":'))
        .order_by(col(DecisionRow.number))
    )
    for record in records:
        facts = json.loads(record)["facts"]
        files = files_in(facts)
        yield (
            facts["procedure"],
            VersionNumber.parse(facts["version"]),
            files,
            _names(session, facts["digest"], len(files)),
        )


def _names(session: Session, digest: str, count: int) -> list[str] | None:
    """Give what the files of a text are called, in the order of its list; None where its words are others, or not there."""
    row = session.exec(
        select(WordsRow.content, WordsRow.redacted_number, WordsRow.lost_number).where(WordsRow.digest == digest)
    ).first()
    if row is not None and isinstance(row[0], bytes) and digest_of(row[0]) == digest:
        try:
            return [one.name for one in read(row[0], digest).front.attachments]
        except InvalidText:
            return None
    return list(unnamed(count)) if row is not None and row[1:] != (None, None) else None
