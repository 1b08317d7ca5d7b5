"""
What words may also mean, as the library last settled it, ready for a search.

Putting more than a thousand rows in the form that a search asks for takes half a second, and reading TOML some more. So
they are kept beside the index, under a name made of what they were made from: the digests of the settled files and the
word table. When the editor settles other words, the name is another, and the next search has the new ones.
"""

import hashlib
import marshal
import os
from contextlib import suppress
from pathlib import Path
from typing import Final

from sqlalchemy import column, select, table

from samrutine.search.meanings import Meanings
from samrutine.search.norwegian import analysis_version
from samrutine.storage.sql import Database

FOLDER: Final = "vocabulary/"
# The two columns that are needed; the tables' own classes take 0.2 s to import, and people wait for a search.
FILES: Final = table("library_file", column("path"), column("digest"))
_FORM: Final = 3


class SettledWords:
    """
    The library's words for search.

    Args:
        database: Where the settled files stand.
        folder: Where to keep them in a search's form; what is there can be lost without harm.
    """

    def __init__(self, database: Database, folder: Path) -> None:
        self._database = database
        self._folder = folder
        self._name = ""
        self._meanings = Meanings()

    def meanings(self) -> Meanings:
        """Give what words may also mean, as settled now."""
        name = self._settled()
        if name != self._name:
            self._meanings = self._kept(name) or self._made(name)
            self._name = name
        return self._meanings

    def _settled(self) -> str:
        with self._database.columns() as connection:
            rows = connection.execute(
                select(FILES.c.path, FILES.c.digest).where(FILES.c.path.startswith(FOLDER)).order_by(FILES.c.path)
            ).all()
        made_of = "\n".join((analysis_version(), *(f"{row.path} {row.digest}" for row in rows)))
        return f"meanings-{_FORM}-{hashlib.sha256(made_of.encode()).hexdigest()[:16]}"

    def _kept(self, name: str) -> Meanings | None:
        with suppress(OSError, ValueError, EOFError, TypeError, KeyError):
            return Meanings.unpacked(marshal.loads((self._folder / name).read_bytes()))  # noqa: S302  our own file
        return None

    def _made(self, name: str) -> Meanings:
        from samrutine.networks.settling import shared_library

        with self._database.reading() as session:
            made = Meanings.of(shared_library(session).vocabulary)
        # Whoever cannot write makes them anew next time.
        with suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True)
            beside = self._folder / f"{name}.{os.getpid()}"
            beside.write_bytes(marshal.dumps(made.packed()))
            beside.replace(self._folder / name)
            for other in self._folder.glob("meanings-*"):
                if other.name != name:
                    other.unlink(missing_ok=True)
        return made
