"""
What is put together once for all tests, though each of them opens a home of its own.

SQLAlchemy keeps the statements it has put together by the dialect's own object, and each test opens databases of its own:
without this a third of what a test waits for SQL is the same statements put together anew. What words may also mean is
kept beside each home's index; most homes have the words that came with the first.
"""

from sqlalchemy import Engine
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.util import LRUCache

from samrutine.search.settled_words import SettledWords


def _same(one: DefaultDialect, other: object) -> bool:
    return type(one) is type(other) and _version(one) == _version(other)


def _version(dialect: object) -> object:
    # None until it is connected: what is put together before may differ.
    return getattr(dialect, "server_version_info", None) or id(dialect)


def _hash(dialect: DefaultDialect) -> int:
    return hash(type(dialect))


def share_statements() -> None:
    """Let dialects that talk to the same server be equal, and all databases remember in one place."""
    for dialect in (SQLiteDialect_pysqlite, PGDialect_psycopg):
        dialect.__eq__ = _same
        dialect.__hash__ = _hash
    remembered = LRUCache(3000)
    made = Engine.__init__

    def make(engine: Engine, *arguments: object, **named: object) -> None:
        made(engine, *arguments, **named)
        engine._compiled_cache = remembered

    Engine.__init__ = make


def share_meanings(*, read_too: bool = False) -> None:
    """
    Let homes with the same settled words have what they mean put together once.

    Args:
        read_too: Nor is what a home has kept beside its index read again, which those who test that keeping must do.
    """
    remembered: dict[str, object] = {}
    files: dict[str, bytes] = {}
    kept, made = SettledWords._kept, SettledWords._made

    def make(words: SettledWords, name: str) -> object:
        place = words._folder / name
        if name in files:
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(files[name])
        else:
            remembered[name] = made(words, name)
            if place.is_file():
                files[name] = place.read_bytes()
        return remembered[name]

    def read(words: SettledWords, name: str) -> object:
        return remembered.get(name) or kept(words, name)

    SettledWords._made = make
    if read_too:
        SettledWords._kept = read
