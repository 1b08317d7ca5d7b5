"""
Search in what a municipality has added to the shared routines, and filled in: what its effective documents have beside them.

Nothing of it is in an index: it is read from where it stands, in the documents that apply that day, so words that were
taken away are found no more, and nobody finds what they may not read. A municipality has some hundred of these texts.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from samrutine.adoptions.documents import Documents
from samrutine.adoptions.effective import AdditionKind, DocumentStatus, EffectiveDocument
from samrutine.adoptions.held import held_additions
from samrutine.adoptions.local_layer import local_layers
from samrutine.errors import ProcedureNotFound
from samrutine.networks.directory import get_municipality
from samrutine.procedures.hiding import HiddenTexts
from samrutine.procedures.model import ProcedureId
from samrutine.procedures.sections import plain_sections, sections
from samrutine.search.compounds import part_keys
from samrutine.search.derived import derived
from samrutine.search.meanings import Meanings
from samrutine.search.model import LocalHit, Query
from samrutine.search.norwegian import terms
from samrutine.search.nynorsk import sisters
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
        self, query: Query, municipality: str, *, day: date, today: date, hidden: HiddenTexts
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

        Raises:
            MunicipalityNotFound: There is none of that name.
        """
        wanted = _wanted(query, self._meanings())
        if not wanted:
            return ()
        left_out = frozenset(key for word in query.excluded_words for key in word.keys)
        found: list[LocalHit] = []
        worths: Sequence[Worth] | None = None
        for procedure in self._may_answer(wanted, municipality, day, hidden):
            try:
                document = self._documents.document(
                    ProcedureId(procedure), municipality, day=day, version=None, hidden=hidden, today=today
                )
            except ProcedureNotFound:
                continue
            if document.header.status is DocumentStatus.IN_FORCE:
                worths = self._worths(_in_words(query)) if worths is None else worths
                found.extend(_hits(document, wanted, left_out, worths))
        return tuple(sorted(found, key=lambda hit: (-hit.score, -len(hit.matched_words), hit.title, hit.section_key)))[
            :MOST
        ]

    def _may_answer(
        self, wanted: Mapping[str, frozenset[str]], municipality: str, day: date, hidden: HiddenTexts
    ) -> Iterable[str]:
        """Give the routines whose local texts have a word, the most words first; looked at closer afterwards."""
        with self._database.reading() as session:
            number = get_municipality(session, municipality).number
            held = [one for one in held_additions(session, municipality=number) if one.holds_on(day)]
            texts = self._words.read_many(session, {one.digest for one in held})
            layers = local_layers(session, number)
        said: dict[str, list[str]] = {}
        for one in held:
            said.setdefault(one.procedure, []).append(texts[one.digest].decode("utf-8", "replace"))
        for procedure, layer in layers.items():
            said.setdefault(procedure, []).extend(
                f"{key.replace('-', ' ')} {value}" for key, value in layer.values.items()
            )
        rated = {
            procedure: max(len(_matched(wanted, _keys(text))) for text in of_it)
            for procedure, of_it in said.items()
            if procedure not in hidden.procedures
        }
        return sorted((one for one, count in rated.items() if count), key=lambda one: (-rated[one], one))[
            :_MOST_ROUTINES
        ]


def _hits(
    document: EffectiveDocument,
    wanted: Mapping[str, frozenset[str]],
    left_out: frozenset[str],
    worths: Sequence[Worth],
) -> Iterator[LocalHit]:
    front = document.text.front
    body = document.text.body
    headings = {section.key: section.heading for section in plain_sections(body) or sections(body)}
    for kind, section_key, text in _local_texts(document):
        there = _keys(text)
        matched = _matched(wanted, there)
        if matched and left_out.isdisjoint(there):
            header = document.header
            marked = frozenset(key for keys in wanted.values() for key in keys)
            yield LocalHit(
                header.procedure_id,
                header.version,
                section_key,
                header.title,
                kind.value,
                snippet(text, marked),
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


def _wanted(query: Query, meanings: Meanings) -> dict[str, frozenset[str]]:
    """Give, for each word that was typed, the keys that answer it."""
    found: dict[str, frozenset[str]] = {}
    for word in (*query.words, *(word for phrase in query.phrases for word in phrase.words)):
        keys = set(word.keys)
        for key in word.keys:
            keys.update(sisters(key))
        keys.update(derived(word.keys[0]))
        keys.update(one.keys[0] for one in meanings.of_word(word.keys) if len(one.keys) == 1)
        found[word.typed] = frozenset(keys)
    return found


def _in_words(query: Query) -> Query:
    """Give a query for the words of its phrases too, each by itself."""
    return replace(
        query, words=(*query.words, *(word for phrase in query.phrases for word in phrase.words)), phrases=()
    )


def _keys(text: str) -> frozenset[str]:
    found: set[str] = set()
    for term in terms(text):
        found.update(term.keys)
        if term.keys:
            found.update(part_keys(term.original))
    return frozenset(found)


def _matched(wanted: Mapping[str, frozenset[str]], there: frozenset[str]) -> tuple[str, ...]:
    return tuple(typed for typed, keys in wanted.items() if not keys.isdisjoint(there))
