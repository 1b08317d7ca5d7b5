"""
Local information that additions show, and a version no longer leaves to the municipality.

An addition may say `{{vakttelefon}}`. In a version that does not declare it there is no value to print, and nobody can fill
one in: the paper would say that something is missing where a number stood yesterday.
"""

from collections.abc import Collection

from sqlmodel import Session

from samrutine.adoptions.additions import Held
from samrutine.procedures.markdown import markdown
from samrutine.procedures.text import read
from samrutine.storage.words import Words


def keys_used(words: bytes) -> frozenset[str]:
    """Give the keys of the local information that an addition shows."""
    if b"{{" not in words:
        # Nearly all of them; a text is not taken apart for nothing.
        return frozenset()
    tokens = markdown().parse(words.decode())
    return frozenset(child.content for token in tokens for child in token.children or () if child.type == "local_field")


def fields_gone(session: Session, held: Collection[Held], version_digest: str) -> dict[str, tuple[str, ...]]:
    """
    Give the keys that additions show and a version does not declare, by row; rows without any are left out.

    From SQL, never from git: an adoption asks this inside its act.
    """
    used = {one.row: keys for one in held if (keys := keys_used(Words.from_sql(session, one.digest)))}
    if not used:
        return {}
    front = read(Words.from_sql(session, version_digest), version_digest).front
    declared = {one.key for one in front.local_information}
    return {row: tuple(sorted(keys - declared)) for row, keys in used.items() if keys - declared}
