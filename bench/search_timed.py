"""
Search engines as `search_speed` times them: built on disk, opened again, asked with snippets, told of a changed routine.

Ours is the whole pipeline, from what is typed to hits with facets and snippets. The others give ten sections with a title and a
snippet each; they know no permissions, count no facets and find one procedure many times, so they do less.
"""

import re
import sqlite3
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final, Protocol

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

TOP: Final = 10
_WORD: Final = re.compile(r"\w+")

Row = dict[str, Any]


class Timed(Protocol):
    """An engine over a folder. Nothing heavy happens before `build` or `open`."""

    def build(self, rows: Iterable[Row]) -> None:
        """Make the index of all routines."""

    def open(self) -> None:
        """Open what was built, to read and to write."""

    def ask(self, query: str) -> int:
        """Find ten, with snippets; gives how many."""

    def change(self, row: Row, edition: int) -> None:
        """Put a new edition of a routine in place of the one there, durable as the engine does it."""

    def rest(self) -> None:
        """Do what it leaves for after a change is found."""

    def close(self) -> None:
        """Close it."""


class _Ours:
    """The product's engine; it is written through one and read through another, as two processes would."""

    def __init__(self, folder: Path) -> None:
        from bench.search_files import product_engine

        self._folder = folder / "index"
        self._reader, self._writer = product_engine(self._folder), product_engine(self._folder)
        self._allowed: set[Any] = set()

    def build(self, rows: Iterable[Row]) -> None:
        from bench.search_grown import entries_of_row

        self._reader.rebuild((entry for row in rows for entry in entries_of_row(row)), position=0)

    def open(self) -> None:
        from bench.search_grown import entries_of_row, rows_of

        # What may be found is asked of SQL in the product; that time is not the engine's.
        self._allowed = {entries_of_row(row)[0].version_digest for row in rows_of(self._folder.parent)}
        self._reader.open()

    def ask(self, query: str) -> int:
        from samrutine.search.query import parse

        return len(self._reader.search(parse(query), allowed=self._allowed, limit=TOP).hits)

    def change(self, row: Row, edition: int) -> None:
        from bench.search_grown import entries_of_row

        entries = entries_of_row(row, edition)
        self._allowed.add(entries[0].version_digest)
        # A position is a place in the outbox, and only grows.
        self._writer.replace(entries[0].procedure_id, entries, time.time_ns())

    def rest(self) -> None:
        # The projections do so when positions are written.
        self._writer.tidy()

    def close(self) -> None:
        self._reader.close()
        self._writer.close()


_PRAGMAS = ("journal_mode=WAL", "synchronous=NORMAL", "busy_timeout=10000")


class _Sqlite:
    """What the three of SQLite share. `places` says which rows are a routine's, since FTS5 has no index on that."""

    tokens = "unicode61"
    words = "title, heading, text"

    def __init__(self, folder: Path) -> None:
        self._path = folder / "fts5.sqlite"
        self._connection: sqlite3.Connection | None = None

    @property
    def connection(self) -> sqlite3.Connection:
        if self._connection is None:
            self._connection = sqlite3.connect(self._path)
            for pragma in _PRAGMAS:
                self._connection.execute(f"PRAGMA {pragma}")
        return self._connection

    def build(self, rows: Iterable[Row]) -> None:
        create = f"CREATE VIRTUAL TABLE texts USING fts5({self.words}, tokenize='{self.tokens}')"
        with self.connection as connection:
            connection.execute(create)
            connection.execute("INSERT INTO texts(texts, rank) VALUES ('rank', 'bm25(4.0, 2.0, 1.0)')")
            connection.execute("CREATE TABLE places (id INTEGER PRIMARY KEY, routine TEXT NOT NULL)")
            connection.execute("CREATE INDEX of_routine ON places (routine)")
            for row in rows:
                self._insert(connection, row)
        with self.connection as connection:
            connection.execute("INSERT INTO texts(texts) VALUES ('optimize')")
        self.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def open(self) -> None:
        self.connection.execute("SELECT count(*) FROM places").fetchone()

    def change(self, row: Row, edition: int) -> None:  # noqa: ARG002  it keeps no editions
        with self.connection as connection:
            for (place,) in connection.execute("SELECT id FROM places WHERE routine = ?", (row["id"],)).fetchall():
                connection.execute("DELETE FROM texts WHERE rowid = ?", (place,))
                connection.execute("DELETE FROM places WHERE id = ?", (place,))
            self._insert(connection, row)

    def _insert(self, connection: sqlite3.Connection, row: Row) -> None:
        columns = self.words.count(",") + 1
        statement = f"INSERT INTO texts VALUES ({', '.join('?' * columns)})"  # noqa: S608  only marks
        for _, heading, text in row["sections"]:
            place = connection.execute(statement, self._kept(row["title"], heading, text)).lastrowid
            connection.execute("INSERT INTO places VALUES (?, ?)", (place, row["id"]))

    def _kept(self, title: str, heading: str, text: str) -> tuple[str, ...]:
        return title, heading, text

    def ask(self, query: str) -> int:
        terms = self._terms(query)
        if not terms:
            return 0
        match = " OR ".join(f'"{term}"' for term in terms)
        return len(
            self.connection.execute(
                "SELECT title, heading, snippet(texts, 2, '[', ']', '…', 30) FROM texts WHERE texts MATCH ?"
                " ORDER BY rank LIMIT ?",
                (match, TOP),
            ).fetchall()
        )

    def _terms(self, query: str) -> list[str]:
        return list(dict.fromkeys(_WORD.findall(query)))

    def rest(self) -> None:
        """Leave nothing."""

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()


class _Fts5(_Sqlite):
    """FTS5 as it comes."""


class _Fts5Trigrams(_Sqlite):
    """FTS5 by trigrams, any of the query's."""

    tokens = "trigram"

    def _terms(self, query: str) -> list[str]:
        return list(dict.fromkeys(word[n : n + 3] for word in _WORD.findall(query) for n in range(len(word) - 2)))


class _Fts5Lemmas(_Sqlite):
    """FTS5 over the keys that our own analysis gives, made beforehand, and of the query; the snippet is cut by a pattern."""

    words = "title, heading, text, shown_title UNINDEXED, shown_heading UNINDEXED, shown UNINDEXED"

    def _kept(self, title: str, heading: str, text: str) -> tuple[str, ...]:
        return (*(" ".join(self._terms(words)) for words in (title, heading, text)), title, heading, text)

    def _terms(self, query: str) -> list[str]:
        from samrutine.search.norwegian import terms

        return [key for term in terms(query) for key in term.keys]

    def ask(self, query: str) -> int:
        keys = list(dict.fromkeys(self._terms(query)))
        if not keys:
            return 0
        match = " OR ".join(f'"{key}"' for key in keys)
        beginnings = {word[: max(3, len(word) - 3)] for word in _WORD.findall(query)}
        marked = re.compile(rf"\b(?:{'|'.join(map(re.escape, sorted(beginnings)))})\w*", re.IGNORECASE)
        rows = self.connection.execute(
            "SELECT shown_title, shown_heading, shown FROM texts WHERE texts MATCH ? ORDER BY rank LIMIT ?",
            (match, TOP),
        ).fetchall()
        for _, _, text in rows:
            first = marked.search(text)
            start = max(0, first.start() - 50) if first else 0
            marked.sub(lambda found: f"[{found[0]}]", text[start : start + 200])
        return len(rows)


class _Tantivy:
    """Tantivy with its Norwegian stemmer, and its own snippets."""

    def __init__(self, folder: Path) -> None:
        import tantivy  # not on every machine

        self._tantivy = tantivy
        steps = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
        for step in (tantivy.Filter.lowercase(), tantivy.Filter.stemmer("norwegian")):
            steps = steps.filter(step)
        self._analyser = steps.build()
        builder = tantivy.SchemaBuilder().add_text_field("routine", stored=False, tokenizer_name="raw")
        for name in ("title", "heading", "text"):
            builder = builder.add_text_field(name, stored=True, tokenizer_name="norsk")
        self._schema = builder.build()
        self._folder = folder / "tantivy"
        self._index: Any = None
        self._writer: Any = None

    def build(self, rows: Iterable[Row]) -> None:
        self._folder.mkdir()
        self._opened()
        writer = self._index.writer(heap_size=100_000_000, num_threads=1)
        for row in rows:
            for document in self._documents(row):
                writer.add_document(document)
        writer.commit()
        writer.wait_merging_threads()

    def _opened(self) -> None:
        self._index = self._tantivy.Index(self._schema, path=str(self._folder))
        self._index.register_tokenizer("norsk", self._analyser)

    def _documents(self, row: Row) -> Iterator[Any]:
        for _, heading, text in row["sections"]:
            yield self._tantivy.Document(routine=[row["id"]], title=[row["title"]], heading=[heading], text=[text])

    def open(self) -> None:
        self._opened()

    def ask(self, query: str) -> int:
        self._index.reload()
        searcher = self._index.searcher()
        words = " ".join(_WORD.findall(query))
        asked = self._index.parse_query(
            words, ["title", "heading", "text"], field_boosts={"title": 4.0, "heading": 2.0}
        )
        snippets = self._tantivy.SnippetGenerator.create(searcher, asked, self._schema, "text")
        hits = searcher.search(asked, limit=TOP).hits
        for _, address in hits:
            document = searcher.doc(address)
            document["title"], document["heading"], snippets.snippet_from_doc(document).to_html()
        return len(hits)

    def change(self, row: Row, edition: int) -> None:  # noqa: ARG002  it keeps no editions
        if self._writer is None:
            self._writer = self._index.writer(heap_size=50_000_000, num_threads=1)
        self._writer.delete_documents("routine", row["id"])
        for document in self._documents(row):
            self._writer.add_document(document)
        self._writer.commit()

    def rest(self) -> None:
        """Leave nothing."""

    def close(self) -> None:
        if self._writer is not None:
            self._writer.wait_merging_threads()


OURS: Final = "samrutine"
LEMMAS: Final = "FTS5, lemmas made beforehand"
PLAIN: Final = "FTS5 unicode61"
ENGINES: Final[dict[str, Callable[[Path], Timed]]] = {
    OURS: _Ours,
    PLAIN: _Fts5,
    LEMMAS: _Fts5Lemmas,
    "FTS5 trigrams": _Fts5Trigrams,
    "tantivy": _Tantivy,
}

COLD: Final = {
    OURS: """
from pathlib import Path
from samrutine.search.engine import Engine
from samrutine.search.query import parse
Engine(Path(FOLDER) / "index").search(parse(QUERY), limit=10)
""",
    PLAIN: """
import re, sqlite3
match = " OR ".join(f'"{word}"' for word in re.findall(r"\\w+", QUERY))
sqlite3.connect(FOLDER + "/fts5.sqlite").execute(
    "SELECT title, snippet(texts, 2, '[', ']', '…', 30) FROM texts WHERE texts MATCH ? ORDER BY rank LIMIT 10", (match,)
).fetchall()
""",
    "tantivy": """
import tantivy
steps = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
analyser = steps.filter(tantivy.Filter.lowercase()).filter(tantivy.Filter.stemmer("norwegian")).build()
index = tantivy.Index.open(FOLDER + "/tantivy")
index.register_tokenizer("norsk", analyser)
searcher = index.searcher()
query = index.parse_query(QUERY, ["title", "heading", "text"])
[searcher.doc(address) for _, address in searcher.search(query, limit=10).hits]
""",
}
"""A program for a new process, from nothing to the first answer; of those engines where it differs. See `product_engine`."""


def missing(name: str) -> str | None:
    """Say how to get an engine that is not on this machine; None when it is."""
    return "pip install tantivy" if name == "tantivy" and find_spec("tantivy") is None else None
