"""What is kept of the words of versions beside them, made once more from the words: a part of `replay`."""

import json
import re
from collections.abc import Iterator
from typing import Final

from sqlmodel import Session, col, select

from samrutine.procedures.model import Section, VersionNumber
from samrutine.procedures.sections import plain_sections
from samrutine.procedures.text import digest as digest_of
from samrutine.procedures.text import read, section_moves, sections
from samrutine.projections.scope import Scope
from samrutine.storage.rows import DecisionRow, ProcedureRow, SectionRow, VersionRow, WordsRow

NUMBERED: Final = ("version_approved", "version_hurried", "version_refused")
_FENCE: Final = "\n---\n"
_PLAIN: Final = re.compile(r"^(\w+): ([^\s\"'>|\[].*)$", re.MULTILINE)

Known = tuple[object, ...]


def words_differences(session: Session, scope: Scope) -> Iterator[tuple[str, str]]:
    """
    Give, by code, what is kept of the words and says something else than they do.

    Only where the words themselves are right, which another check says.
    """
    yield from (("procedure", procedure) for procedure in _procedures(session, scope))
    yield from (("section", detail) for detail in _sections(session, scope))


def _procedures(session: Session, scope: Scope) -> Iterator[str]:
    """Give the routines whose level, network or title is another than their words say: rights go by these columns."""
    other = col(VersionRow.title) != col(ProcedureRow.title)
    retitled = set(
        session.exec(
            select(VersionRow.procedure_id)
            .join(ProcedureRow, col(ProcedureRow.id) == col(VersionRow.procedure_id))
            .where(other, scope.routine(VersionRow.procedure_id))
        )
    )
    rows = session.exec(
        select(ProcedureRow, WordsRow)
        .join(WordsRow, col(WordsRow.digest) == col(ProcedureRow.digest))
        # A notice says nothing of the routine it stands for.
        .where(scope.routine(ProcedureRow.id), col(WordsRow.redacted_number).is_(None))
        .order_by(ProcedureRow.id)
        .execution_options(yield_per=200)
    )
    for row, words in rows:
        kept = {
            "id": row.id, "title": row.title, "kind": row.kind, "language": row.language, "network": row.network,
            "access": row.access, "decision_level": row.decision_level,
            "review_interval_months": str(row.review_interval_months),
        }  # fmt: skip
        # Reading YAML takes 20 ms; where every line stands as it is kept there is nothing to read.
        said = dict(_PLAIN.findall(words.content.decode().partition(_FENCE)[0]))
        plain = all(said.get(name) == value for name, value in kept.items())
        if row.retitled != (row.id in retitled):
            yield row.id
            continue
        if not (plain and "co_networks" not in said and not row.co_networks) and not _reads_as(row, words.content):
            yield row.id


def _reads_as(row: ProcedureRow, content: bytes) -> bool:
    front = read(content, row.id).front
    kept = (
        row.id, row.title, row.kind, row.language, row.network, row.access, row.decision_level,
        row.review_interval_months, row.co_networks,
    )  # fmt: skip
    return kept == (
        front.id, front.title, front.kind.value, front.language.value, front.network, front.access.value,
        front.decision_level.value, front.review_interval_months, " ".join(front.co_networks),
    )  # fmt: skip


def _sections(session: Session, scope: Scope) -> Iterator[str]:
    """Give the versions whose sections are others than those of their words, or came from elsewhere."""
    shown: dict[tuple[str, VersionNumber], set[Known]] = {}
    for row in session.exec(
        select(SectionRow).where(scope.routine(SectionRow.procedure_id)).execution_options(yield_per=1000)
    ):
        at = row.procedure_id, VersionNumber(row.major, row.minor)
        shown.setdefault(at, set()).add(
            (row.key, row.position, row.heading, row.level, row.text_digest, row.earlier_key)
        )
    due: set[tuple[str, VersionNumber]] = set()
    for at, made, follows in sections_due(session, scope):
        due.add(at)
        if made is None:
            continue
        rows = shown.get(at, set())
        if rows != made if follows else {row[:-1] for row in rows} != {row[:-1] for row in made}:
            yield f"{at[0]} {at[1]}"
    for procedure, version in sorted(shown.keys() - due):
        yield f"{procedure} {version}"


def sections_due(session: Session, scope: Scope) -> Iterator[tuple[tuple[str, VersionNumber], set[Known] | None, bool]]:
    """
    Give the sections of every version as its words have them: key, place, heading, level, digest, and the key before.

    None where the words are gone or not right. The last member says whether it is known which sections before they follow:
    not where the words of the version before were redacted.
    """
    head: dict[str, tuple[Section, ...] | None] = {}
    kept: dict[tuple[str, str], tuple[Section, ...] | None] = {}
    records = session.exec(
        select(DecisionRow.kind, DecisionRow.record)
        .where(col(DecisionRow.kind).in_(NUMBERED), scope.decisions())
        .order_by(col(DecisionRow.number))
    )
    for kind, record in records.all():
        facts = json.loads(record)["facts"]
        procedure = facts["procedure"]
        if kind == "version_refused":
            if facts["stands"] is not None:
                head[procedure] = kept.get((procedure, facts["stands"]), ())
            continue
        at = procedure, VersionNumber.parse(facts["version"])
        words = session.get(WordsRow, facts["digest"])
        if words is not None and words.redacted_number is not None:
            # Which sections it had went with the words. How later ones follow them stays, and cannot be made once more.
            head[procedure] = kept[procedure, facts["version"]] = None
            yield at, None, False
            continue
        if words is None or digest_of(words.content) != words.digest:
            yield at, None, False
            continue
        body = _body(words.content)
        plain = plain_sections(body)
        new = plain if plain is not None else sections(body)
        before = head.get(procedure, ())
        follows = before is not None
        yield at, _due(before if follows and procedure in head else None, new), follows
        head[procedure] = kept[procedure, facts["version"]] = new


def _due(old: tuple[Section, ...] | None, new: tuple[Section, ...]) -> set[Known]:
    moves = section_moves(old, new) if old is not None else {}
    earlier = {after: before for before, after in moves.items() if after is not None}
    return {
        (one.key, n, one.heading, one.level, digest_of(one.text.encode()), earlier.get(one.key))
        for n, one in enumerate(new)
    }


def _body(content: bytes) -> str:
    """Give the body of stored words, as reading them gives it, without reading the front matter."""
    return content.decode().partition(_FENCE)[2].lstrip("\n").rstrip(" \t\n") + "\n"
