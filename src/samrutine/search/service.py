"""The verb of finding: our own words in, the right section of what applies out."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from sqlalchemy import Boolean, Connection, Date, column, select, table

from samrutine.errors import IndexUnusable
from samrutine.networks.model import Municipality, MunicipalityNumber, municipality_named
from samrutine.procedures.hiding import PROCEDURES, HiddenTexts, hidden_on, reader_on
from samrutine.procedures.model import Digest, HurriedVersion, ProcedureId, ProcedureText, VersionNumber
from samrutine.search.engine import Engine
from samrutine.search.exempt import ExemptEngines, search_all
from samrutine.search.model import Filter, Query, SearchResult, SectionEntry
from samrutine.search.query import parse
from samrutine.storage.sql import Database

# The few columns a search reads. The tables' own classes (storage/rows.py) take 0.2 s to import, and people wait for
# a search from the shell; a test holds these against them.
MUNICIPALITIES: Final = table("municipality", column("number"), column("name"), column("slug"), column("sami_name"))
IN_FORCE: Final = table(
    "in_force", column("municipality"), column("digest"), column("from_on", Date), column("until_on", Date),
    column("superseded_number"),
)  # fmt: skip
STANDINGS: Final = table(
    "version", column("procedure_id"), column("digest"), column("hurried", Boolean), column("confirmed_number"),
    column("refused_number"),
)  # fmt: skip
WITHDRAWN: Final = table("procedure", column("id"), column("withdrawn_number"))


@dataclass(frozen=True, slots=True)
class HitStanding:
    """What to know before following a hit: how far a *hasteversjon* has come, and whether the routine is withdrawn."""

    hurried: HurriedVersion | None
    withdrawn: bool


@dataclass(frozen=True, slots=True)
class SearchAnswer:
    """
    What was found, for which question. `municipality` is the name when only what applies there was searched.

    `standings` are of the hits' versions, by digest: of those alone that are withdrawn, or were hurried.
    """

    query: Query
    result: SearchResult
    municipality: str | None
    standings: Mapping[Digest, HitStanding] = field(default_factory=dict)


class Searching:
    """
    Search.

    Args:
        engine: The index of all that is not exempt.
        exempt: The indexes of what is, looked into for those who may read it alone.
        heal: Builds the indexes anew, under the projector lock. Called when one is missing, damaged or of another form.
    """

    def __init__(self, database: Database, engine: Engine, exempt: ExemptEngines, heal: Callable[[], None]) -> None:
        self._database = database
        self._engine = engine
        self._exempt = exempt
        self._heal = heal

    def search(
        self,
        words: str,
        *,
        day: date,
        municipality: str | None = None,
        filters: tuple[Filter, ...] = (),
        limit: int = 20,
        reader: str | None = None,
        today: date | None = None,
    ) -> SearchAnswer:
        """
        Find routines by words.

        Args:
            words: Anything; our own small grammar (words, "phrases", -not, tema: nettverk: type:) is understood.
            day: The day it shall apply on, a day in Norway.
            municipality: Search what applies there on that day; the newest approved versions when None.
            limit: How many hits at most.
            reader: Whose eyes. What they may not read is neither found nor counted, and changes no order.
            today: The day on which the reader's roles must hold; `day` when None.

        Raises:
            MunicipalityNotFound: There is none of that name.
            PersonNotFound: There is no such reader.
        """
        with self._database.columns() as connection:
            hidden = hidden_on(connection, reader_on(connection, reader), today or day)
            allowed, name = _allowed(connection, day, municipality, hidden)
        query = parse(words)
        engines = [self._engine, *(self._exempt.engine(circle) for circle in sorted(hidden.circles))]
        try:
            result = search_all(engines, query, allowed=allowed, limit=limit, filters=filters)
        except IndexUnusable:
            self._heal()
            result = search_all(engines, query, allowed=allowed, limit=limit, filters=filters)
        with self._database.columns() as connection:
            standings = _standings(connection, [hit.version_digest for hit in result.hits])
        return SearchAnswer(query, result, name, standings)


def _standings(connection: Connection, digests: Sequence[Digest]) -> dict[Digest, HitStanding]:
    """Say of versions which are withdrawn, and how far those that were hurried have come."""
    version, routine = STANDINGS.c, WITHDRAWN.c
    rows = connection.execute(
        select(
            version.digest, version.hurried, version.confirmed_number, version.refused_number, routine.withdrawn_number
        )
        .select_from(STANDINGS.join(WITHDRAWN, routine.id == version.procedure_id))
        .where(version.digest.in_(digests), version.hurried | routine.withdrawn_number.is_not(None))
    )
    return {
        Digest(row.digest): HitStanding(
            HurriedVersion.of(hurried=row.hurried, confirmed=row.confirmed_number, refused=row.refused_number),
            row.withdrawn_number is not None,
        )
        for row in rows
    }


def _allowed(
    connection: Connection, day: date, municipality: str | None, hidden: HiddenTexts
) -> tuple[frozenset[Digest], str | None]:
    """Give the versions that may be found: the newest of each procedure, or what applies in a municipality on a day."""
    if municipality is None:
        newest = frozenset(Digest(row.digest) for row in connection.execute(select(PROCEDURES.c.digest)))
        return newest - hidden.digests, None
    members = [
        Municipality(MunicipalityNumber(row.number), row.name, row.slug, row.sami_name)
        for row in connection.execute(select(MUNICIPALITIES))
    ]
    where = municipality_named(municipality, members)
    found = connection.execute(
        select(IN_FORCE.c.digest).where(
            IN_FORCE.c.municipality == where.number, IN_FORCE.c.superseded_number.is_(None), IN_FORCE.c.from_on <= day,
            (IN_FORCE.c.until_on.is_(None)) | (IN_FORCE.c.until_on > day),
        )
    )  # fmt: skip
    return frozenset(Digest(row.digest) for row in found) - hidden.digests, where.name


def entries_of(
    procedure: ProcedureId, version: VersionNumber, digest: Digest, text: ProcedureText
) -> list[SectionEntry]:
    """Give what search keeps of one version: an entry for each section, and one for what stands before the first."""
    # Imported here: who searches reads no Markdown.
    from samrutine.procedures.sections import sections

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
