"""What is kept of the words of versions beside them, made once more from the words: a part of `replay`."""

import json
from collections.abc import Iterator
from typing import Any, Final

from sqlalchemy import select as columns_of
from sqlmodel import Session, col, select

from samrutine.procedures.model import Section, VersionNumber
from samrutine.procedures.sections import plain_sections
from samrutine.procedures.text import digest as digest_of
from samrutine.procedures.text import section_moves, sections
from samrutine.projections.replay_heads import row_differences
from samrutine.projections.scope import Scope
from samrutine.storage.rows import DecisionRow, SectionRow
from samrutine.storage.words import whole_in_sql

NUMBERED: Final = ("version_approved", "version_hurried", "version_refused")
_FENCE: Final = "\n---\n"
_AT_ONCE: Final = 200

_SHOWN: Final = tuple(
    col(one)
    for one in (
        *(SectionRow.procedure_id, SectionRow.major, SectionRow.minor, SectionRow.key, SectionRow.position),
        *(SectionRow.heading, SectionRow.level, SectionRow.text_digest, SectionRow.earlier_key),
    )
)

SectionDue = tuple[str, int, str, int, str, str | None]
"""A section's key, place, heading, level and digest, and the key it had before."""


def words_differences(session: Session, scope: Scope) -> Iterator[tuple[str, str]]:
    """
    Give, by code, what is kept of the words and says something else than they do.

    Only where the words themselves are right, which another check says: what follows from others is held all the same.
    """
    yield from (("procedure", procedure) for procedure in row_differences(session, scope))
    yield from (("section", detail) for detail in _sections(session, scope))


def _sections(session: Session, scope: Scope) -> Iterator[str]:
    """Give the versions whose sections are others than those of their words, or came from elsewhere."""
    shown: dict[tuple[str, VersionNumber], set[SectionDue]] = {}
    # Columns and not rows: there are ten times as many as versions, and making an object of each takes longer than the rest.
    rows = session.execute(
        columns_of(*_SHOWN).where(scope.routine(SectionRow.procedure_id)).execution_options(yield_per=1000)
    )
    for procedure, major, minor, key, position, heading, level, digest, earlier in rows:
        at = procedure, VersionNumber(major, minor)
        shown.setdefault(at, set()).add((key, position, heading, level, digest, earlier))
    due: set[tuple[str, VersionNumber]] = set()
    for at, made, follows in sections_due(session, scope):
        due.add(at)
        if made is None:
            continue
        kept = shown.get(at, set())
        if kept != made if follows else {row[:-1] for row in kept} != {row[:-1] for row in made}:
            yield f"{at[0]} {at[1]}"
    for procedure, version in sorted(shown.keys() - due):
        yield f"{procedure} {version}"


def sections_due(
    session: Session, scope: Scope
) -> Iterator[tuple[tuple[str, VersionNumber], set[SectionDue] | None, bool]]:
    """
    Give the sections of every version as its words have them.

    None where the words are gone or not right. The last member says whether it is known which sections before they follow:
    not where the words of the version before were redacted, or are not right.
    """
    head: dict[str, tuple[Section, ...] | None] = {}
    kept: dict[tuple[str, str], tuple[Section, ...] | None] = {}
    for kind, facts, content in _numbered(session, scope):
        procedure = facts["procedure"]
        if kind == "version_refused":
            if facts["stands"] is not None:
                head[procedure] = kept.get((procedure, facts["stands"]), ())
            continue
        at = procedure, VersionNumber.parse(facts["version"])
        if content is None:
            # Which sections it had went with the words. How later ones follow them stays, and cannot be made once more.
            head[procedure] = kept[procedure, facts["version"]] = None
            yield at, None, False
            continue
        body = _body(content)
        plain = plain_sections(body)
        new = plain if plain is not None else sections(body)
        before = head.get(procedure, ())
        follows = before is not None
        yield at, _due(before if follows and procedure in head else None, new), follows
        head[procedure] = kept[procedure, facts["version"]] = new


def _numbered(session: Session, scope: Scope) -> Iterator[tuple[str, dict[str, Any], bytes | None]]:
    """Give the decisions about versions: the kind, the facts, and the words, None where these are gone or not right."""
    records = session.exec(
        select(DecisionRow.kind, DecisionRow.record)
        .where(col(DecisionRow.kind).in_(NUMBERED), scope.decisions())
        .order_by(col(DecisionRow.number))
    ).all()
    for at in range(0, len(records), _AT_ONCE):
        some = [(kind, json.loads(record)["facts"]) for kind, record in records[at : at + _AT_ONCE]]
        words = whole_in_sql(session, {facts["digest"] for _, facts in some})
        yield from ((kind, facts, words.get(facts["digest"])) for kind, facts in some)


def _due(old: tuple[Section, ...] | None, new: tuple[Section, ...]) -> set[SectionDue]:
    moves = section_moves(old, new) if old is not None else {}
    earlier = {after: before for before, after in moves.items() if after is not None}
    return {
        (one.key, n, one.heading, one.level, digest_of(one.text.encode()), earlier.get(one.key))
        for n, one in enumerate(new)
    }


def _body(content: bytes) -> str:
    """Give the body of stored words, as reading them gives it, without reading the front matter."""
    return content.decode().partition(_FENCE)[2].lstrip("\n").rstrip(" \t\n") + "\n"
