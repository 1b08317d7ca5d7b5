"""
What the codes in faults stand for: routines for digests, places for targets. Programs keep the codes; people get these.

Asked after everything was looked at, for what was found alone: a sound library is asked nothing.
"""

import re
from collections.abc import Iterable
from typing import Final

from sqlmodel import Session, col, select

from samrutine.errors import SamrutineError
from samrutine.storage.rows import AdditionRow, LibraryFileRow, MunicipalityRow, TargetRow, VersionRow
from samrutine.storage.sql import Database

MOST: Final = 300
"""How many codes are looked up: nobody reads more, and a ruined table has as many as it has rows."""
_DIGEST: Final = re.compile(r"1:[0-9a-f]{64}")
_TARGET: Final = re.compile(r"t-[0-9a-f]{12}")


def names_of(database: Database, details: Iterable[str]) -> dict[str, str]:
    """
    Give the names of the codes in details of faults; of those that nothing tells, and from a damaged database, none.

    Args:
        details: Each is words parted by spaces.
    """
    words = sorted({word for detail in details for word in detail.split(" ")})
    digests = [word for word in words if _DIGEST.fullmatch(word)][:MOST]
    targets = [word for word in words if _TARGET.fullmatch(word)][:MOST]
    if not digests and not targets:
        return {}
    try:
        with database.reading() as session:
            return {**_of_digests(session, digests), **_of_targets(session, targets)}
    except (SamrutineError, ValueError, TypeError):
        return {}


def _of_digests(session: Session, digests: list[str]) -> dict[str, str]:
    files = select(LibraryFileRow.digest, LibraryFileRow.path).where(col(LibraryFileRow.digest).in_(digests))
    found = {digest: str(path) for digest, path in session.exec(files)}
    additions = select(AdditionRow.digest, AdditionRow.procedure_id, MunicipalityRow.name).join(
        MunicipalityRow, col(MunicipalityRow.number) == col(AdditionRow.municipality)
    )
    for digest, procedure, town in session.exec(additions.where(col(AdditionRow.digest).in_(digests))):
        found[digest] = f"{procedure} ({town})"
    versions = select(VersionRow.digest, VersionRow.procedure_id, VersionRow.major, VersionRow.minor)
    of_these = versions.where(col(VersionRow.digest).in_(digests)).order_by(VersionRow.procedure_id)
    for digest, procedure, major, minor in session.exec(of_these):
        found[digest] = f"{procedure} {major}.{minor}"
    return found


def _of_targets(session: Session, targets: list[str]) -> dict[str, str]:
    query = select(TargetRow.id, TargetRow.name, MunicipalityRow.name).join(
        MunicipalityRow, col(MunicipalityRow.number) == col(TargetRow.municipality)
    )
    rows = session.exec(query.where(col(TargetRow.id).in_(targets)))
    return {target: f"{town} {name}" for target, name, town in rows}
