"""The verb of finding: our own words in, the right section of what applies out."""

import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final, Protocol, TypeVar

from sqlalchemy import Boolean, Connection, column, select, table

from samrutine.errors import DatabaseBusy, IndexBusy, IndexUnusable
from samrutine.networks.model import Municipality, municipality_named
from samrutine.procedures.hiding import HiddenTexts, hidden_on, reader_on
from samrutine.procedures.model import Digest, HurriedVersion, ProcedureId, ProcedureText, VersionNumber
from samrutine.search.applying import (
    Asked,
    allowed,
    in_force_in_mine,
    members,
    not_in_use,
    understand,
    whose_own_texts,
)
from samrutine.search.choices import Choices, Completion
from samrutine.search.engine import Engine
from samrutine.search.exempt import ExemptEngines, search_all
from samrutine.search.model import (
    ATTACHED,
    Filter,
    Hit,
    LocalHit,
    NotUnderstood,
    Query,
    SearchResult,
    SectionEntry,
    SeveralSenses,
)
from samrutine.search.query import parse
from samrutine.search.snippet import filled_in
from samrutine.search.suggesting import Suggestion, chosen
from samrutine.search.worth import Worth
from samrutine.storage.sql import Database

_T = TypeVar("_T")

_FOR_NOW_SECONDS: Final = 5.0
"""So long, or as long as it took to make them, indexes answer that no decision reaches."""


class OwnTexts(Protocol):
    """What municipalities have written themselves; see `LocalSearch`."""

    def find(
        self, query: Query, municipality: str, *, day: date, today: date, hidden: HiddenTexts, routines: Collection[str]
    ) -> tuple[LocalHit, ...]:
        """Give what answers, the best first."""

    def filled_in(self, municipality: str, routines: Collection[str], *, day: date) -> Mapping[str, Mapping[str, str]]:
        """Give what it has filled in now, by routine and what the field is called."""


# The few columns a search reads. The tables' own classes (storage/rows.py) take 0.2 s to import, and people wait for
# a search from the shell; a test holds these against them.
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
    What was found, for which question.

    `municipality` is the name when only what applies there was searched; or, with `applies` False, what does not. `day` is the
    day of that, where another than today was asked for.
    `standings` are of the hits' versions, by digest: of those alone that are withdrawn, or were hurried.
    `not_understood` are conditions with a name or a value that we do not know: what is found is not narrowed by them.
    `mine` is the name of the municipality whose own came first, and `in_force_in_mine` the hits' versions that apply there.
    `local` is what answers of what the municipality that was named has added or filled in. `several_senses` are words
    that mean things which must not be mixed up; whoever asks may choose one of these. `not_in_use` are hits in routines that
    the municipality does not use and that answer as well as the best of what is shown, or better.
    """

    query: Query
    result: SearchResult
    municipality: str | None
    standings: Mapping[Digest, HitStanding] = field(default_factory=dict)
    not_understood: tuple[NotUnderstood, ...] = ()
    mine: str | None = None
    in_force_in_mine: frozenset[Digest] = frozenset()
    local: tuple[LocalHit, ...] = ()
    several_senses: tuple[SeveralSenses, ...] = ()
    applies: bool = True
    day: date | None = None
    not_in_use: tuple[Hit, ...] = ()

    @property
    def missing(self) -> tuple[str, ...]:
        """
        Give the words, as typed, that nothing that is shown has, nor anything that could be taken for them.

        Empty where nothing was found: then every word is missing.
        """
        shown: tuple[Hit | LocalHit, ...] = (*self.result.hits, *self.local)
        there = {word for one in shown for word in one.matched_words}
        there.update(taken.typed for hit in self.result.hits for taken in hit.why)
        return tuple(dict.fromkeys(one.typed for one in self.query.words if shown and one.typed not in there))

    @property
    def only_mentioned(self) -> bool:
        """Whether all that is shown but mentions what was asked for: it may be about something else, and the best there is."""
        return bool(self.result.hits) and not self.local and all(hit.in_passing for hit in self.result.hits)

    @property
    def in_order(self) -> tuple[Hit | LocalHit, ...]:
        """Give hits and what is local as one list: each local one before the first hit that answers less well than it."""
        merged: list[Hit | LocalHit] = []
        waiting = sorted(self.local, key=lambda one: -one.score)
        for hit in self.result.hits:
            while waiting and waiting[0].score > hit.score:
                merged.append(waiting.pop(0))
            merged.append(hit)
        return (*merged, *waiting)


class Indexes:
    """
    What is looked into.

    Args:
        engine: The index of all that is not exempt.
        exempt: The indexes of what is, looked into for those who may read it alone.
    """

    def __init__(self, engine: Engine, exempt: ExemptEngines) -> None:
        self.engine = engine
        self.exempt = exempt

    def of(self, hidden: HiddenTexts) -> list[Engine]:
        """Give those that a reader may look into."""
        return [self.engine, *(self.exempt.engine(circle) for circle in sorted(hidden.circles))]

    def close(self) -> None:
        """Close the files; they are opened again when they are used."""
        self.engine.close()
        self.exempt.close()


class Searching:
    """
    Search.

    Args:
        indexes: The lasting ones.
        heal: Builds the indexes anew, under the projector lock. Called when one is missing, damaged or of another form.
        for_now: Makes indexes beside them, for when another process holds that lock.
        unanswered: Told of what was searched for in the whole library and found nowhere: what was typed, and the day.
        own_texts: Asked for what answers of the texts of the one municipality that a search names, and for what it has filled
            in where the shared text leaves room.
    """

    def __init__(
        self,
        database: Database,
        indexes: Indexes,
        heal: Callable[[], None],
        for_now: Callable[[], Indexes],
        unanswered: Callable[[str, Query, date], None],
        own_texts: Callable[[], OwnTexts],
    ) -> None:
        self._database = database
        self._indexes = indexes
        self._heal = heal
        self._for_now = for_now
        self._now: Indexes | None = None
        self._now_until = 0.0
        self._unanswered = unanswered
        self._own_texts = own_texts

    def search(
        self,
        words: str,
        *,
        day: date,
        municipality: str | None = None,
        mine: str | None = None,
        filters: tuple[Filter, ...] = (),
        limit: int = 20,
        reader: str | None = None,
        today: date | None = None,
    ) -> SearchAnswer:
        """
        Find routines by words.

        Args:
            words: Anything; our own small grammar (words, "phrases", -not, tema: nettverk: type: kommune: gjelder:) is
                understood.
            day: The day it shall apply on, a day in Norway.
            municipality: Search what applies there on that day; the newest approved versions when None.
            mine: Search everything, but what applies in this municipality comes first where it answers well, in the version
                that applies there.
            limit: How many hits at most.
            reader: Whose eyes. What they may not read is neither found nor counted, and changes no order.
            today: The day on which the reader's roles must hold; `day` when None.

        Raises:
            MunicipalityNotFound: There is none of that name.
            PersonNotFound: There is no such reader.
        """
        query = parse(words)
        with self._database.columns() as connection:
            hidden = hidden_on(connection, reader_on(connection, reader), today or day)
            limits = self._limits(connection, query, day, municipality, mine)
            may_be_found = allowed(connection, limits.asked, hidden)
            first = in_force_in_mine(connection, limits.asked, hidden)
            unused = not_in_use(connection, limits.asked, hidden) if query.asks_for_words else {}
        wanted = replace(query, filters=limits.filters)
        digests = frozenset(may_be_found.values())
        result = self._healed(
            lambda indexes: search_all(
                indexes.of(hidden), wanted, allowed=digests, limit=limit, filters=filters, first=first
            )
        )
        local: tuple[LocalHit, ...] = ()
        whose = whose_own_texts(limits.asked)
        if whose is not None and query.asks_for_words:
            narrowed = bool(filters or limits.filters)
            routines = self._left_by(wanted, digests, hidden, filters) if narrowed else frozenset(may_be_found)
            local = self._own_texts().find(
                query, whose, day=limits.asked.day, today=today or day, hidden=hidden, routines=routines
            )
        with self._database.columns() as connection:
            standings = _standings(connection, [hit.version_digest for hit in result.hits])
        result = self._as_filled_in(result, limits.asked, whose, first, hidden, today or day)
        answer = SearchAnswer(
            query, result, limits.name, standings, (*query.not_understood, *limits.not_understood), limits.mine,
            frozenset(hit.version_digest for hit in result.hits if hit.version_digest in first),
            local, self._indexes.engine.several_senses(query), limits.asked.applies is not False,
            None if limits.asked.day == (today or day) else limits.asked.day,
            self._answering_elsewhere(wanted, unused, may_be_found, local, hidden, filters, limit),
        )  # fmt: skip
        # What the municipality has written itself answers, unless a word is nowhere in that either.
        own = bool(local) and (municipality is None or not answer.missing)
        if not (result.total or answer.not_in_use or own or filters or query.filters or query.applying):
            self._unanswered(words, query, today or day)
        return answer

    def _left_by(
        self, query: Query, digests: frozenset[Digest], hidden: HiddenTexts, filters: tuple[Filter, ...]
    ) -> frozenset[str]:
        """Give the routines that the conditions leave, whatever their words."""
        all_there = Query(filters=query.filters)
        found = self._healed(
            lambda indexes: search_all(
                indexes.of(hidden), all_there, allowed=digests, limit=len(digests), filters=filters
            )
        )
        return frozenset(hit.procedure_id for hit in found.hits)

    def _answering_elsewhere(
        self, query: Query, unused: Mapping[str, Digest], used: Mapping[str, Digest], local: Sequence[LocalHit],
        hidden: HiddenTexts, filters: tuple[Filter, ...], limit: int,
    ) -> tuple[Hit, ...]:  # fmt: skip
        """
        Give what answers of the routines that are not in use, but not what answers less well than the best of what is.

        Nobody should think that a routine is unwritten when it only is not in use where they work.
        """
        if not unused:
            return ()
        # Scores compare hits of one search, so what is in use is searched again beside it.
        either = frozenset((*used.values(), *unused.values()))
        found = self._healed(
            lambda indexes: search_all(indexes.of(hidden), query, allowed=either, limit=limit, filters=filters)
        ).hits
        here = [hit.score for hit in found if hit.procedure_id not in unused]
        least = max([*here, *(one.score for one in local)], default=0.0)
        return tuple(hit for hit in found if hit.procedure_id in unused and hit.score >= least)

    def suggest(
        self,
        typed: str,
        *,
        day: date,
        municipality: str | None = None,
        reader: str | None = None,
        today: date | None = None,
    ) -> tuple[Suggestion, ...]:
        """
        Say what somebody who is typing may be on the way to: titles, other names, headings and words.

        Args:
            typed: What is typed until now; its last word may be half, or misspelt.
            day: The day it shall apply on.
            municipality: Only of what applies there on that day; of the newest approved versions when None.
            reader: Whose eyes. What they may not read gives no suggestion.
            today: The day on which the reader's roles must hold; `day` when None.

        Returns:
            At most eight, the likeliest first.

        Raises:
            MunicipalityNotFound: There is none of that name.
            PersonNotFound: There is no such reader.
        """
        with self._database.columns() as connection:
            hidden = hidden_on(connection, reader_on(connection, reader), today or day)
            within = None
            if municipality is not None:
                within = municipality_named(municipality, members(connection)).number
            may_be_found = frozenset(allowed(connection, Asked(day, within), hidden).values())
        return self._healed(
            lambda indexes: chosen(
                one for engine in indexes.of(hidden) for one in engine.suggest(typed, allowed=may_be_found)
            )
        )

    def _as_filled_in(
        self,
        result: SearchResult,
        asked: Asked,
        whose: str | None,
        first: Collection[Digest],
        hidden: HiddenTexts,
        today: date,
    ) -> SearchResult:
        """Show hits that apply today in the municipality whose texts answer as they do there: with what it has filled in."""
        if whose is None or asked.day != today:
            return result
        # What was filled in beside a version that is hidden from the reader may be hidden too: only a document can tell.
        guarded = {one for one, *_ in hidden.versions}
        all_apply = asked.within == whose or asked.places == {whose}
        may_be = [
            hit.procedure_id
            for hit in result.hits
            if (all_apply or hit.version_digest in first)
            and hit.procedure_id not in guarded
            and any("[" in part.text for part in hit.snippet)
        ]
        if not may_be:
            return result
        values = self._own_texts().filled_in(whose, may_be, day=today)
        return replace(
            result,
            hits=tuple(
                replace(hit, snippet=filled_in(hit.snippet, values[hit.procedure_id]))
                if hit.procedure_id in may_be and hit.procedure_id in values
                else hit
                for hit in result.hits
            ),
        )

    def worths(self, query: Query) -> tuple[Worth, ...]:
        """Say what each word of a query is worth in the library, for texts that are not in its index."""
        return self._healed(lambda indexes: indexes.engine.worths(query))

    def _healed(self, asked: Callable[[Indexes], _T]) -> _T:
        """
        Ask the indexes, and once more when they had to be built anew.

        Where another process is at that, indexes of what is here now answer meanwhile, and are made anew when they are old.
        """
        try:
            found = asked(self._indexes)
        except IndexUnusable:
            if self._now is not None and time.monotonic() < self._now_until:
                return asked(self._now)
            try:
                self._heal()
            except (DatabaseBusy, IndexBusy):
                return asked(self._made_for_now())
            found = asked(self._indexes)
        self._let_go()
        return found

    def _made_for_now(self) -> Indexes:
        self._let_go()
        began = time.monotonic()
        self._now = self._for_now()
        done = time.monotonic()
        self._now_until = done + max(_FOR_NOW_SECONDS, done - began)
        return self._now

    def _let_go(self) -> None:
        if self._now is not None:
            self._now.close()
            self._now = None

    def close(self) -> None:
        """Let go of what was made meanwhile."""
        self._let_go()

    def complete(self, words: str, cursor: int | None = None) -> tuple[Completion, ...]:
        """
        Say what the condition that is being typed may become: `te` is `tema:`, and `tema:smi` is `tema:smittevern`.

        Args:
            words: All that is typed.
            cursor: How many characters stand before the cursor; all of them when None.

        Returns:
            At most twelve, in the library's order; none where a plain word is being typed.
        """
        with self._database.columns() as connection:
            choices = self._choices(members(connection))
        return choices.complete(words, cursor)

    def _choices(self, towns: Sequence[Municipality]) -> Choices:
        # Imported here: who searches by words alone waits for no settings.
        from samrutine.networks.settling import shared_library

        with self._database.reading() as session:
            return Choices.of(shared_library(session), towns)

    def _limits(
        self, connection: Connection, query: Query, day: date, municipality: str | None, mine: str | None
    ) -> "_Limits":
        some = municipality is not None or mine is not None or query.applying or query.filters
        towns = members(connection) if some else []
        within = None if municipality is None else municipality_named(municipality, towns)
        home = None if mine is None else municipality_named(mine, towns)
        asked = Asked(day, None if within is None else within.number, None if home is None else home.number)
        name = None if within is None else within.name
        at_home = None if home is None else home.name
        if not query.filters and not query.applying:
            return _Limits(asked, name, at_home, (), ())
        choices = self._choices(towns)
        strange = understand(query.applying, choices, asked)
        understood = [(one, choices.understood(one)) for one in query.filters]
        misspelt = [choices.strange(one.field, one.typed) for one, meant in understood if meant is None]
        if name is None and len(asked.places) == 1:
            name = next(one.name for one in towns if one.number in asked.places)
        return _Limits(asked, name, at_home, tuple(meant for _, meant in understood if meant), (*misspelt, *strange))


@dataclass(frozen=True, slots=True)
class _Limits:
    """What a search is narrowed to, the municipalities by name that limit it and come first, and what was not understood."""

    asked: Asked
    name: str | None
    mine: str | None
    filters: tuple[Filter, ...]
    not_understood: tuple[NotUnderstood, ...]


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


def entries_of(
    procedure: ProcedureId,
    version: VersionNumber,
    digest: Digest,
    text: ProcedureText,
    file_text: Callable[[Digest], str] | None = None,
) -> list[SectionEntry]:
    """
    Give what search keeps of one version: an entry for each section, one for what stands before the first, and one a file.

    A file that belongs to the text is found by its name, and by what `file_text` gives of it, which may be nothing.
    """
    # Imported here: who searches reads no Markdown.
    from samrutine.procedures.attached import suffix_of
    from samrutine.procedures.sections import sections

    front = text.front
    found = [(section.key, section.heading, section.text) for section in sections(text.body)]
    files = [] if file_text is None else [
        (f"{ATTACHED}{number}.{suffix_of(one.media_type)}", one.name, file_text(one.digest))
        for number, one in enumerate(front.attachments, 1)
    ]  # fmt: skip
    before = text.body.split("\n## ", 1)[0].strip() if not text.body.startswith("## ") else ""
    return [
        SectionEntry(
            procedure_id=procedure, version_digest=digest, version=version, section_key=key, title=front.title,
            heading=heading, text=words, network=front.network, subjects=front.subjects, kind=front.kind,
            language=front.language, audience=front.audience, also_called=front.also_called,
            labels=tuple((field.key, field.label) for field in front.local_information),
        )
        for key, heading, words in [*([("", "", before)] if before else []), *found, *files]
    ]  # fmt: skip
