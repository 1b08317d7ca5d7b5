"""The verb of finding: our own words in, the right section of what applies out."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select

from samrutine.errors import IndexUnusable
from samrutine.procedures.model import Digest, ProcedureId, ProcedureText, VersionNumber
from samrutine.procedures.sections import sections
from samrutine.search.engine import Engine
from samrutine.search.model import Filter, Query, SearchResult, SectionEntry
from samrutine.search.query import parse
from samrutine.storage.sql import Database


@dataclass(frozen=True, slots=True)
class SearchAnswer:
    """What was found, for which question. `municipality` is the name when only what applies there was searched."""

    query: Query
    result: SearchResult
    municipality: str | None


class Searching:
    """
    Search.

    Args:
        heal: Builds the index anew, under the projector lock. Called when it is missing, damaged or of another form.
    """

    def __init__(self, database: Database, engine: Engine, heal: Callable[[], None]) -> None:
        self._database = database
        self._engine = engine
        self._heal = heal

    def search(
        self, words: str, *, day: date, municipality: str | None = None, filters: tuple[Filter, ...] = (), limit: int = 20
    ) -> SearchAnswer:
        """
        Find routines by words.

        Args:
            words: Anything; our own small grammar (words, "phrases", -not, tema: nettverk: type:) is understood.
            day: The day it shall apply on, a day in Norway.
            municipality: Search what applies there on that day; the newest approved versions when None.
            limit: How many hits at most.

        Raises:
            MunicipalityNotFound: There is none of that name.
        """
        with self._database.reading() as session:
            allowed, name = _allowed(session, day, municipality)
        query = parse(words)
        try:
            result = self._engine.search(query, allowed=allowed, limit=limit, filters=filters)
        except IndexUnusable:
            self._heal()
            result = self._engine.search(query, allowed=allowed, limit=limit, filters=filters)
        return SearchAnswer(query, result, name)


def _allowed(session: Session, day: date, municipality: str | None) -> tuple[frozenset[Digest], str | None]:
    # Imported here: the tables take most of the start of a search from the shell, and are loaded by now anyway.
    from samrutine.networks.directory import get_municipality
    from samrutine.storage.rows import InForceRow, ProcedureRow

    if municipality is None:
        return frozenset(Digest(one) for one in session.exec(select(ProcedureRow.digest))), None
    where = get_municipality(session, municipality)
    found = session.exec(
        select(InForceRow.digest).where(
            InForceRow.municipality == where.number, col(InForceRow.superseded_number).is_(None), InForceRow.from_on <= day,
            (col(InForceRow.until_on).is_(None)) | (col(InForceRow.until_on) > day),
        )
    )  # fmt: skip
    return frozenset(Digest(one) for one in found), where.name


def entries_of(procedure: ProcedureId, version: VersionNumber, digest: Digest, text: ProcedureText) -> list[SectionEntry]:
    """Give what search keeps of one version: an entry for each section, and one for what stands before the first."""
    front = text.front
    found = [(section.key, section.heading, section.text) for section in sections(text.body)]
    before = text.body.split("\n## ", 1)[0].strip() if not text.body.startswith("## ") else ""
    return [
        SectionEntry(
            procedure_id=procedure, version_digest=digest, version=version, section_key=key, title=front.title,
            heading=heading, text=words, network=front.network, subjects=front.subjects, kind=front.kind,
            language=front.language, audience=front.audience, also_called=front.also_called,
            labels=tuple((field.key, field.label) for field in front.local_information),
        )
        for key, heading, words in [*([("", "", before)] if before else []), *found]
    ]  # fmt: skip
