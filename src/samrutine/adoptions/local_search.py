"""
Search in what a municipality has added to the shared routines, and filled in: what its effective documents have beside them.

Nothing of it is in an index: it is read from where it stands, in the documents that apply that day, so words that were
taken away are found no more, and nobody finds what they may not read. A municipality has some hundred of these texts.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Final, Self

from samrutine.adoptions.local_texts import LOCAL_INFORMATION, LocalText, local_texts, local_values
from samrutine.errors import NotFound
from samrutine.procedures.hiding import HiddenTexts
from samrutine.procedures.model import ProcedureId, VersionNumber
from samrutine.search.loose_texts import AskedOfTexts, TextKeys
from samrutine.search.meanings import Meanings
from samrutine.search.model import LocalHit, Query, QueryWord
from samrutine.search.snippet import plain, snippet
from samrutine.search.worth import Worth, rating
from samrutine.storage.sql import Database

if TYPE_CHECKING:
    from samrutine.adoptions.documents import Documents
    from samrutine.adoptions.effective import EffectiveDocument
    from samrutine.procedures.model import FrontMatter

MOST: Final = 10

_MOST_ROUTINES: Final = 10
_MOST_REMEMBERED: Final = 4_096
"""Texts that are remembered as they are searched: those of nine municipalities, with room."""


class LocalSearch:
    """
    Search in local additions and local information.

    Args:
        documents: Gives what puts documents together. It takes half a second to import, so it is asked only where a text answers.
    """

    def __init__(
        self,
        database: Database,
        documents: "Callable[[], Documents]",
        meanings: Callable[[], Meanings],
        worths: Callable[[Query], Sequence[Worth]],
    ) -> None:
        self._database = database
        self._documents = documents
        self._meanings = meanings
        self._worths = worths

    def find(
        self,
        query: Query,
        municipality: str,
        *,
        day: date,
        today: date,
        hidden: HiddenTexts,
        routines: Collection[str],
    ) -> tuple[LocalHit, ...]:
        """
        Give what answers of what applies in a municipality on a day: the best first, at most ten.

        They are rated as the sections of the shared texts are, by what the words are worth among these.

        Args:
            query: As the search understood it; without words it finds nothing here.
            municipality: By number or name.
            day: The day the documents apply on. What has been replaced since then leads to nothing, also on a day when it stood.
            today: The day on which a reader's roles must hold.
            hidden: What the reader may not see.
            routines: Those that the search may find, by id.

        Raises:
            MunicipalityNotFound: There is none of that name.
        """
        written = [
            one
            for one in self._written(municipality, day)
            if one.procedure in routines and one.procedure not in hidden.procedures
        ]
        if not written:
            return ()
        asked = AskedOfTexts.of(query, self._meanings(), (one.keys for one in written))
        may_answer = [one for one in written if asked.matched(one.text, one.keys)]
        if not may_answer:
            return ()
        worths = self._worths_of(query, asked)
        guarded = {one for one, *_ in hidden.versions}
        standing: list[_Standing] = []
        for procedure, answers in _likeliest(may_answer, asked, worths).items():
            if day == today and procedure not in guarded and all(one.written.heading is not None for one in answers):
                # As it stands now, beside texts of which nothing is hidden.
                standing.extend(_standing_now(procedure, answers))
            else:
                standing.extend(self._standing_in_document(procedure, municipality, day, today, hidden))
        answering = [(one, matched) for one in standing if (matched := asked.matched(one.text, TextKeys.of(one.text)))]
        found = (one.hit(matched, asked, worths) for one, matched in answering)
        return tuple(sorted(found, key=lambda hit: (-hit.score, -len(hit.matched_words), hit.title, hit.section_key)))[
            :MOST
        ]

    def _standing_in_document(
        self, procedure: str, municipality: str, day: date, today: date, hidden: HiddenTexts
    ) -> "Iterator[_Standing]":
        """Give what stands beside a version as its document has it: on another day, or where some of it is hidden."""
        # Imported here: hardly any search asks for these.
        from samrutine.adoptions.effective import DocumentStatus

        try:
            document = self._documents().document(
                ProcedureId(procedure), municipality, day=day, version=None, hidden=hidden, today=today
            )
        except NotFound:  # nothing is in force there, or what is may not be read
            return
        if document.header.status is DocumentStatus.IN_FORCE:
            yield from _standing_in(document)

    def filled_in(self, municipality: str, routines: Collection[str], *, day: date) -> dict[str, dict[str, str]]:
        """
        Give what a municipality has filled in now in plain words, by routine and what the field is called.

        Args:
            municipality: By number or name.
            routines: Those that are asked for, by id; the reader may see them all.
            day: Today; the fields are called as in the version that applies then.

        Raises:
            MunicipalityNotFound: There is none of that name.
        """
        with self._database.columns() as connection:
            values = local_values(connection, municipality, day, routines)
        return {
            procedure: {called: plain(markdown) for called, markdown in fields.items()}
            for procedure, fields in values.items()
        }

    def _written(self, municipality: str, day: date) -> list["_Written"]:
        """Give what a municipality has added that holds on a day, and filled in."""
        with self._database.columns() as connection:
            return [_written(one) for one in local_texts(connection, municipality, day)]

    def _worths_of(self, query: Query, asked: AskedOfTexts) -> Sequence[Worth]:
        """Say what each word is worth, also by what it was taken for here and the index may not have."""
        worths = self._worths(_in_words(query))
        if not asked.guessed:
            return worths
        guesses = sorted({key for keys in asked.guessed.values() for key in keys})
        alone = {one.typed: one for one in self._worths(Query(tuple(QueryWord(key, (key,)) for key in guesses)))}
        return [
            replace(
                one,
                words={
                    **one.words,
                    **{key: weight * alone[key].words[key] for key, weight in asked.guessed.get(one.typed, {}).items()},
                },
            )
            for one in worths
        ]


@dataclass(frozen=True, slots=True)
class _Written:
    """A text that a municipality has written to a routine, in plain words."""

    procedure: str
    text: str
    keys: TextKeys
    written: LocalText

    @classmethod
    def of(cls, written: LocalText) -> Self:
        text = written.plain(plain)
        return cls(written.procedure, text, TextKeys.of(text), written)


@lru_cache(maxsize=_MOST_REMEMBERED)
def _written(written: LocalText) -> _Written:
    """Take a text as it is searched; equal texts are taken alike, so each is read once however often one searches."""
    return _Written.of(written)


def _likeliest(written: Iterable[_Written], asked: AskedOfTexts, worths: Sequence[Worth]) -> dict[str, list[_Written]]:
    """
    Give the routines of which these texts answer best, with them: by how many words, and then as they are rated themselves.

    Only the title and the names of the routine are not counted yet, since to read these takes long.
    """
    rated: dict[str, tuple[int, float]] = {}
    answers: dict[str, list[_Written]] = {}
    for one in written:
        count = len(asked.matched(one.text, one.keys))
        here = (count, rating(worths, title="", heading=one.written.heading or "", text=one.text))
        rated[one.procedure] = max(rated.get(one.procedure, here), here)
        answers.setdefault(one.procedure, []).append(one)
    best = sorted(rated, key=lambda one: (-rated[one][0], -rated[one][1], one))[:_MOST_ROUTINES]
    return {one: answers[one] for one in best}


@dataclass(frozen=True, slots=True)
class _Standing:
    """An addition or a piece of local information as it stands beside a version, in plain words."""

    front: "FrontMatter"
    version: VersionNumber | None
    kind: str
    section_key: str
    heading: str
    text: str

    def hit(self, matched: tuple[str, ...], asked: AskedOfTexts, worths: Sequence[Worth]) -> LocalHit:
        front = self.front
        said = [one.folded for one in asked.phrases if not one.words]
        return LocalHit(
            ProcedureId(front.id), self.version, self.section_key, front.title, self.kind,
            snippet(self.text, asked.marked, said=said), matched,
            rating(worths, title=front.title, heading=self.heading, text=self.text, also_called=front.also_called),
        )  # fmt: skip


def _standing_now(procedure: str, answers: Iterable[_Written]) -> Iterator[_Standing]:
    """Give what stands beside the version of a routine that applies, without a document of it."""
    # Imported here: most searches find nothing of these texts.
    from samrutine.procedures.text import read

    front = None
    for one in answers:
        written, used = one.written, one.written.used
        if used is None:
            continue
        front = read(used.data, procedure).front if front is None else front
        text = _called(front, written.key, written.markdown) if written.key else one.text
        yield _Standing(front, used.version, written.kind, written.section_key, written.heading or "", text)


def _standing_in(document: "EffectiveDocument") -> Iterator[_Standing]:
    from samrutine.procedures.sections import plain_sections, sections

    front, body, version = document.text.front, document.text.body, document.header.version
    headings = {section.key: section.heading for section in plain_sections(body) or sections(body)}
    for one in document.additions:
        heading = headings.get(one.section_key, "")
        yield _Standing(front, version, one.kind.value, one.section_key, heading, plain(one.text))
    for key, value in document.local_values:
        yield _Standing(front, version, LOCAL_INFORMATION, "", "", _called(front, key, value))


def _called(front: "FrontMatter", key: str, value: str) -> str:
    """Give what was filled in, with what the version calls it before it."""
    label = next((one.label for one in front.local_information if one.key == key), key)
    return f"{label}: {plain(value)}"


def _in_words(query: Query) -> Query:
    """Give a query for the words of its phrases too, each by itself."""
    return replace(
        query, words=(*query.words, *(word for phrase in query.phrases for word in phrase.words)), phrases=()
    )
