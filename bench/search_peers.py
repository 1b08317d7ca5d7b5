"""
What else a developer could have taken to search Norwegian texts, each set up as its own documents advise.

A peer is given the same words of the same files as the product: titles, other names, headings, text without marks. It may
be asked in several ways and hold sections or whole files; a bench tries all and lets the best stand.
"""

import re
import sqlite3
import sys
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.search_files import File
from samrutine.search.snippet import plain

COLUMNS = ("title", "names", "heading", "text")
BOOSTS = (4.0, 3.0, 2.0, 1.0)
_WORD = re.compile(r"\w+")
_LONGEST_QUERY = 2000


@dataclass(frozen=True, slots=True)
class Document:
    """What a peer holds: a section, or a whole file. `file` is the path that a hit leads to."""

    file: str
    title: str
    names: str
    heading: str
    text: str

    @property
    def words(self) -> tuple[str, str, str, str]:
        """The columns with words, in order."""
        return self.title, self.names, self.heading, self.text


def sections_of(file: File) -> Iterator[Document]:
    """Give a document for each section."""
    for one in file.entries:
        names = " ".join((*one.also_called, *one.subjects, *one.audience))
        yield Document(file.path, one.title, names, one.heading, plain(one.text, dict(one.labels)))


def whole(file: File) -> Iterator[Document]:
    """Give one document for all of the file."""
    parts = list(sections_of(file))
    heading, text = (
        " ".join(part for part in each if part) for each in zip(*((p.heading, p.text) for p in parts), strict=True)
    )
    yield Document(file.path, parts[0].title, parts[0].names, heading, text)


class Index(Protocol):
    """A peer with documents in it."""

    ways: tuple[str, ...]

    def ask(self, query: str, way: str) -> Iterable[str]:
        """Give paths, the best first; a path may come again."""

    def close(self) -> None:
        """Stop what was started."""


class Missing(Exception):
    """A peer is not on this machine; says how to get it."""


@dataclass(frozen=True, slots=True)
class Peer:
    """A peer by name. `make` builds its index of documents in a folder, or raises `Missing`."""

    name: str
    make: Callable[[Path, Sequence[Document]], Index]


def words_of(query: str) -> list[str]:
    """Give the words of a query, each once; what marks it has are nobody's grammar."""
    return list(dict.fromkeys(_WORD.findall(query[:_LONGEST_QUERY].replace("\0", " "))))


# --- SQLite -----------------------------------------------------------------------------------------------------------


_BY_BM25 = "SELECT file FROM texts WHERE texts MATCH ? ORDER BY bm25(texts, 0, 4.0, 3.0, 2.0, 1.0)"


class Fts5:
    """SQLite's FTS5 with bm25, the title counting most; any of the words."""

    def __init__(
        self,
        path: Path,
        documents: Iterable[Document],
        tokens: str,
        change: Callable[[str], str] = str,
        terms: Mapping[str, Callable[[str], list[str]]] | None = None,
    ) -> None:
        self._change = change
        self._terms = terms or {"words": words_of}
        self.ways = tuple(self._terms)
        self._connection = sqlite3.connect(path / "fts5.sqlite")
        self._connection.execute(
            f'CREATE VIRTUAL TABLE texts USING fts5(file UNINDEXED, {", ".join(COLUMNS)}, tokenize="{tokens}")'
        )
        with self._connection:
            self._connection.executemany(
                "INSERT INTO texts VALUES (?, ?, ?, ?, ?)",
                ((one.file, *(change(words) for words in one.words)) for one in documents),
            )

    def ask(self, query: str, way: str) -> Iterable[str]:
        """Give the paths by bm25."""
        terms = self._terms[way](self._change(query))
        if not terms:
            return
        match = " OR ".join(f'"{term}"' for term in terms)
        yield from (file for (file,) in self._connection.execute(_BY_BM25, (match,)))

    def close(self) -> None:
        """Close the file."""
        self._connection.close()


def trigrams_of_words(query: str) -> list[str]:
    """Give the trigrams of each word."""
    return list(dict.fromkeys(word[n : n + 3] for word in words_of(query) for n in range(len(word) - 2)))


def trigrams_of_text(query: str) -> list[str]:
    """Give the trigrams of the whole query, also those with a space."""
    text = " ".join(_WORD.findall(query[:_LONGEST_QUERY].replace("\0", " ")))
    return list(dict.fromkeys(text[n : n + 3] for n in range(len(text) - 2)))


@lru_cache(maxsize=1)
def stemmer() -> Callable[[str], str]:
    """Give Snowball's Norwegian stemmer for one word."""
    if find_spec("Stemmer") is None:
        raise Missing("pip install PyStemmer")
    import Stemmer  # not on every machine

    stem = Stemmer.Stemmer("norwegian").stemWord
    return lambda word: stem(word.lower())


def stemmed(text: str) -> str:
    """Put each word's stem in its place."""
    stem = stemmer()
    return _WORD.sub(lambda found: stem(found[0]), text)


def _unicode61(folder: Path, documents: Sequence[Document]) -> Index:
    return Fts5(folder, documents, "unicode61")


def _snowball(folder: Path, documents: Sequence[Document]) -> Index:
    stemmer()
    return Fts5(folder, documents, "unicode61", stemmed)


def _trigram(folder: Path, documents: Sequence[Document]) -> Index:
    ways = {"trigrams of words": trigrams_of_words, "trigrams of the text": trigrams_of_text}
    try:
        # As it can also fold letters since 3.45.
        folding = " remove_diacritics 1" if sqlite3.sqlite_version_info >= (3, 45) else ""
        return Fts5(folder, documents, f"trigram{folding}", terms=ways)
    except sqlite3.OperationalError as error:
        raise Missing(f"SQLite 3.34 or newer; this is {sqlite3.sqlite_version}") from error


# --- tantivy ----------------------------------------------------------------------------------------------------------


class Tantivy:
    """Tantivy with its Norwegian stemmer and plain letters; any of the words, and with `fuzzy` also what is one letter from them."""

    def __init__(self, folder: Path, documents: Iterable[Document], *, fuzzy: bool) -> None:
        if find_spec("tantivy") is None:
            raise Missing("pip install tantivy")
        import tantivy  # not on every machine

        self._tantivy = tantivy
        steps = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
        for step in (tantivy.Filter.lowercase(), tantivy.Filter.stemmer("norwegian"), tantivy.Filter.ascii_fold()):
            steps = steps.filter(step)
        self._analyser = steps.build()
        builder = tantivy.SchemaBuilder().add_text_field("file", stored=True, tokenizer_name="raw")
        for column in COLUMNS:
            builder = builder.add_text_field(column, stored=False, tokenizer_name="norsk")
        self._schema = builder.build()
        self._index = tantivy.Index(self._schema, path=str(folder))
        self._index.register_tokenizer("norsk", self._analyser)
        writer = self._index.writer(heap_size=50_000_000, num_threads=1)
        self._count = 0
        for one in documents:
            writer.add_document(
                tantivy.Document(
                    file=[one.file], **{name: [words] for name, words in zip(COLUMNS, one.words, strict=True)}
                )
            )
            self._count += 1
        writer.commit()
        writer.wait_merging_threads()
        self._index.reload()
        self.ways: tuple[str, ...] = ("beside", "instead") if fuzzy else ("words",)

    def ask(self, query: str, way: str) -> Iterable[str]:
        """Give the paths by BM25. What is nearly the word counts little, and always or only where the word is nowhere."""
        searcher = self._index.searcher()
        tokens = [token for word in words_of(query) for token in self._analyser.analyze(word)]
        parts = []
        for token in dict.fromkeys(tokens):
            exact = [
                self._boosted("term_query", name, token, boost) for name, boost in zip(COLUMNS, BOOSTS, strict=True)
            ]
            parts += exact
            known = any(searcher.doc_freq(name, token) for name in COLUMNS)
            if len(token) > 3 and (way == "beside" or (way == "instead" and not known)):
                little = 0.2 if way == "beside" else 1.0
                parts += [
                    self._boosted("fuzzy_term_query", name, token, boost * little)
                    for name, boost in zip(COLUMNS, BOOSTS, strict=True)
                ]
        if not parts or not self._count:
            return
        both = self._tantivy.Query.boolean_query([(self._tantivy.Occur.Should, part) for part in parts])
        for _, address in searcher.search(both, limit=self._count, count=False).hits:
            yield searcher.doc(address)["file"][0]

    def _boosted(self, kind: str, name: str, token: str, boost: float) -> Any:
        query = self._tantivy.Query
        return query.boost_query(getattr(query, kind)(self._schema, name, token), boost)

    def close(self) -> None:
        """Nothing to stop."""


def _tantivy(folder: Path, documents: Sequence[Document]) -> Index:
    return Tantivy(folder, documents, fuzzy=False)


def _tantivy_fuzzy(folder: Path, documents: Sequence[Document]) -> Index:
    return Tantivy(folder, documents, fuzzy=True)


# --- PostgreSQL -------------------------------------------------------------------------------------------------------

_MAKE = """
CREATE TABLE texts (id serial, file text NOT NULL, words text NOT NULL, found tsvector NOT NULL);
CREATE TABLE vocabulary (word text PRIMARY KEY);
"""
_FILL = """
INSERT INTO texts (file, words, found) VALUES (%s, %s,
  setweight(to_tsvector('norwegian', %s), 'A') || setweight(to_tsvector('norwegian', %s), 'B')
  || setweight(to_tsvector('norwegian', %s), 'C') || setweight(to_tsvector('norwegian', %s), 'D'))
"""
_ASK = """
SELECT file FROM texts, to_tsquery('norwegian', %s) AS asked
 WHERE found @@ asked ORDER BY ts_rank('{0.15, 0.4, 0.6, 1.0}', found, asked, %s) DESC, id LIMIT 2000
"""
_MOST_LETTERS = 100_000


class Postgresql:
    """PostgreSQL's Norwegian text search; a word that is nowhere becomes the nearest by pg_trgm, as its manual advises."""

    def __init__(self, documents: Iterable[Document]) -> None:
        import psycopg

        from tests.support.postgresql import HOW_TO_GET_IT, PostgresqlServer, programs

        where = programs()
        if where is None:
            raise Missing(HOW_TO_GET_IT)
        self._stop = ExitStack()
        server = PostgresqlServer(where)
        self._stop.callback(server.stop)
        url = server.new().replace("+psycopg", "")
        self._connection = psycopg.connect(url, autocommit=True)
        self._stop.callback(self._connection.close)
        self._trigrams = True
        try:
            self._connection.execute("CREATE EXTENSION pg_trgm")
        except psycopg.Error:
            self._trigrams = False
        self._connection.execute(_MAKE)
        with self._connection.transaction(), self._connection.cursor() as cursor:
            for one in documents:
                # A tsvector holds a megabyte at most.
                words = [column.replace("\0", " ")[:_MOST_LETTERS] for column in one.words]
                cursor.execute(_FILL, (one.file, " ".join(words), *words))
        self._connection.execute(
            "INSERT INTO vocabulary SELECT word FROM ts_stat('SELECT to_tsvector(''simple'', words) FROM texts')"
        )
        if self._trigrams:
            self._connection.execute("CREATE INDEX ON vocabulary USING gin (word gin_trgm_ops)")
        self.ways: tuple[str, ...] = (
            ("ts_rank", "ts_rank by length") if self._trigrams else ("ts_rank, without pg_trgm",)
        )

    def ask(self, query: str, way: str) -> Iterable[str]:
        """Give the paths by ts_rank; where no word is found, by how alike a text's words are."""
        words = words_of(query)
        if not words:
            return
        rows = self._rows(words, way)
        for word in words if self._trigrams else ():
            if not self._rows([word], way):
                words[words.index(word)] = self._nearest(word)
        rows = self._rows(words, way)
        if not rows and self._trigrams:
            rows = self._connection.execute(
                "SELECT file FROM texts WHERE %s <%% words ORDER BY word_similarity(%s, words) DESC, id LIMIT 2000",
                (query[:200].replace("\0", " "),) * 2,
            ).fetchall()
        yield from (file for (file,) in rows)

    def _rows(self, words: list[str], way: str) -> list[tuple[str]]:
        asked = " | ".join(f"'{word}'" for word in words)
        return self._connection.execute(_ASK, (asked, 1 if way.endswith("length") else 0)).fetchall()

    def _nearest(self, word: str) -> str:
        row = self._connection.execute(
            "SELECT word FROM vocabulary WHERE word %% %s ORDER BY similarity(word, %s) DESC, word LIMIT 1",
            (word.lower(),) * 2,
        ).fetchone()
        return word if row is None else str(row[0]).replace("'", "")

    def close(self) -> None:
        """Stop the server and remove its folder."""
        self._stop.close()


def _postgresql(_: Path, documents: Sequence[Document]) -> Index:
    return Postgresql(documents)


# --- Whoosh as it comes -----------------------------------------------------------------------------------------------


class StockWhoosh:
    """Whoosh by its own first pages: the analyser for Norwegian, its parser over several fields, any of the words."""

    ways: tuple[str, ...] = ("words",)

    def __init__(self, folder: Path, documents: Iterable[Document]) -> None:
        import samrutine.search.whoosh_parts  # noqa: F401  imports Whoosh without its warnings

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from whoosh import fields, index
            from whoosh.analysis import LanguageAnalyzer
            from whoosh.qparser import MultifieldParser, OrGroup

        analyser = LanguageAnalyzer("no")
        schema = fields.Schema(
            file=fields.STORED(),
            **{
                name: fields.TEXT(analyzer=analyser, field_boost=boost)
                for name, boost in zip(COLUMNS, BOOSTS, strict=True)
            },
        )
        self._index = index.create_in(str(folder), schema)
        writer = self._index.writer(limitmb=256)
        for one in documents:
            writer.add_document(file=one.file, **dict(zip(COLUMNS, one.words, strict=True)))
        writer.commit()
        self._searcher = self._index.searcher()
        self._parser = MultifieldParser(list(COLUMNS), schema, group=OrGroup)

    def ask(self, query: str, way: str) -> Iterable[str]:  # noqa: ARG002  there is one way
        """Give the paths by BM25F."""
        # Its grammar takes brackets, stars and hyphens; what its parser cannot take, it gets as words.
        for text in (query[:_LONGEST_QUERY], " ".join(words_of(query))):
            with suppress(Exception):
                yield from [hit["file"] for hit in self._searcher.search(self._parser.parse(text), limit=2000)]
                return

    def close(self) -> None:
        """Close the files."""
        self._searcher.close()
        self._index.close()


def _stock_whoosh(folder: Path, documents: Sequence[Document]) -> Index:
    return StockWhoosh(folder, documents)


PEERS = (
    Peer("FTS5 unicode61", _unicode61),
    Peer("FTS5 Snowball", _snowball),
    Peer("FTS5 trigrams by OR", _trigram),
    Peer("tantivy Norwegian", _tantivy),
    Peer("tantivy Norwegian, fuzzy", _tantivy_fuzzy),
    Peer("PostgreSQL norwegian, pg_trgm", _postgresql),
    Peer("Whoosh as it comes", _stock_whoosh),
)
