"""
Search in what a municipality has added to the shared routines, and filled in: what its effective documents have beside them.

Nothing of it is in an index: it is read from where it stands, in the documents that apply that day, so words that were
taken away are found no more, and nobody finds what they may not read. A municipality has some hundred of these texts.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final, Self

from samrutine.adoptions.documents import Documents
from samrutine.adoptions.effective import AdditionKind, DocumentStatus, EffectiveDocument
from samrutine.adoptions.held import held_additions
from samrutine.adoptions.local_layer import local_layers
from samrutine.errors import ProcedureNotFound
from samrutine.networks.directory import get_municipality
from samrutine.procedures.hiding import HiddenTexts
from samrutine.procedures.model import ProcedureId
from samrutine.procedures.sections import plain_sections, sections
from samrutine.search.loose_texts import AskedOfTexts, TextKeys
from samrutine.search.meanings import Meanings
from samrutine.search.model import LocalHit, Query, QueryWord
from samrutine.search.snippet import plain, snippet
from samrutine.search.worth import Worth, rating
from samrutine.storage.sql import Database
from samrutine.storage.words import Words

MOST: Final = 10
_MOST_ROUTINES: Final = 10


class LocalSearch:
    """Search in local additions and local information."""

    def __init__(
        self,
        database: Database,
        words: Words,
        documents: Documents,
        meanings: Callable[[], Meanings],
        worths: Callable[[Query], Sequence[Worth]],
    ) -> None:
        self._database = database
        self._words = words
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
            day: The day the documents apply on.
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
        found: list[LocalHit] = []
        worths: Sequence[Worth] | None = None
        for procedure in _may_answer(asked, written):
            try:
                document = self._documents.document(
                    ProcedureId(procedure), municipality, day=day, version=None, hidden=hidden, today=today
                )
            except ProcedureNotFound:
                continue
            if document.header.status is DocumentStatus.IN_FORCE:
                worths = self._worths_of(query, asked) if worths is None else worths
                found.extend(_hits(document, asked, worths))
        return tuple(sorted(found, key=lambda hit: (-hit.score, -len(hit.matched_words), hit.title, hit.section_key)))[
            :MOST
        ]

    def _written(self, municipality: str, day: date) -> list["_Written"]:
        """Give what a municipality has added that holds on a day, and filled in."""
        with self._database.reading() as session:
            number = get_municipality(session, municipality).number
            held = [one for one in held_additions(session, municipality=number) if one.holds_on(day)]
            texts = self._words.read_many(session, {one.digest for one in held})
            layers = local_layers(session, number)
        found = [_Written.of(one.procedure, plain(texts[one.digest].decode("utf-8", "replace"))) for one in held]
        found += [
            _Written.of(procedure, f"{key.replace('-', ' ')}: {plain(value)}")
            for procedure, layer in layers.items()
            for key, value in layer.values.items()
        ]
        return found

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

    @classmethod
    def of(cls, procedure: str, text: str) -> Self:
        return cls(procedure, text, TextKeys.of(text))


def _may_answer(asked: AskedOfTexts, written: Iterable[_Written]) -> Sequence[str]:
    """Give the routines of which a text answers, the most words first; looked at closer afterwards."""
    rated: dict[str, int] = {}
    for one in written:
        rated[one.procedure] = max(rated.get(one.procedure, 0), len(asked.matched(one.text, one.keys)))
    return sorted((one for one, count in rated.items() if count), key=lambda one: (-rated[one], one))[:_MOST_ROUTINES]


def _hits(document: EffectiveDocument, asked: AskedOfTexts, worths: Sequence[Worth]) -> Iterator[LocalHit]:
    front = document.text.front
    body = document.text.body
    headings = {section.key: section.heading for section in plain_sections(body) or sections(body)}
    for kind, section_key, text in _local_texts(document):
        matched = asked.matched(text, TextKeys.of(text))
        if matched:
            header = document.header
            yield LocalHit(
                header.procedure_id,
                header.version,
                section_key,
                header.title,
                kind.value,
                snippet(text, asked.marked, said=[one.folded for one in asked.phrases if not one.words]),
                matched,
                rating(
                    worths,
                    title=front.title,
                    heading=headings.get(section_key, ""),
                    text=text,
                    also_called=front.also_called,
                ),
            )


def _local_texts(document: EffectiveDocument) -> Iterator[tuple[AdditionKind, str, str]]:
    for addition in document.additions:
        yield addition.kind, addition.section_key, plain(addition.text)
    labels = {one.key: one.label for one in document.text.front.local_information}
    for key, value in document.local_values:
        yield AdditionKind.LOCAL_INFORMATION, "", f"{labels.get(key, key)}: {plain(value)}"


def _in_words(query: Query) -> Query:
    """Give a query for the words of its phrases too, each by itself."""
    return replace(
        query, words=(*query.words, *(word for phrase in query.phrases for word in phrase.words)), phrases=()
    )
