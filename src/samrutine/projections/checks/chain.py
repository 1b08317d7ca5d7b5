"""The chain itself, the free texts beside it, and what each decision left to be brought up to date."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlmodel import Session, col, select

from samrutine.adoptions.answers import KINDS
from samrutine.errors import SamrutineError
from samrutine.projections.decided import Link, columns_agree, links
from samrutine.projections.emptied import texts_erased
from samrutine.projections.retained import Retained, recovered
from samrutine.storage.decisions import GENESIS, canonical_json, link_hash, parsed, record_of, salted
from samrutine.storage.rows import ChainHeadRow, DecisionRow, DecisionTextRow, OutboxRow

PAGE: Final = 1000
_REQUEST: Final = re.compile(r"[0-9a-f]{64}")

_ABOUT_USE: Final = frozenset(
    {*KINDS.values(), "local_information_set", "addition_made", "addition_changed", "addition_dropped"}
)
_ABOUT_ROUTINE: Final = frozenset(
    {"version_approved", "version_hurried", "version_refused", "procedure_withdrawn", "reviewed"}
)


def touched_by(kind: str, body: str, facts: Mapping[str, Any]) -> frozenset[str]:
    """Give what a decision says must be brought up to date, which its outbox row repeats."""
    found = {f"body:{body}"}
    if kind in _ABOUT_USE:
        found.add(f"use:{facts['municipality']}:{facts['procedure']}")
    elif kind in _ABOUT_ROUTINE:
        found.add(f"procedure:{facts['procedure']}")
    elif kind == "library_settled":
        found.add("library")
    return frozenset(found)


def chain_faults(session: Session, after: int) -> Iterator[tuple[str, str]]:
    """
    Hash every record again, follow every link, and hold columns, texts and outbox rows against the record.

    What cannot be read at all is a fault like others, and the last that is found.

    Args:
        after: The number of the decision whose link is trusted; 0 for none.
    """
    try:
        yield from _chain_faults(session, after)
    except (SamrutineError, LookupError, ValueError, TypeError) as error:
        yield "chain-unreadable", type(error).__name__


def _chain_faults(session: Session, after: int) -> Iterator[tuple[str, str]]:
    trusted = session.get(DecisionRow, after) if after else None
    if after and (trusted is None or link_hash(trusted.record) != trusted.hash):
        yield ("chain-number" if trusted is None else "chain-hash"), str(after)
    previous, expected = (trusted.hash, after + 1) if trusted is not None else (GENESIS, 1)
    last_at: datetime | None = trusted.decided_at if trusted is not None else None
    act: tuple[str, str] | None = (trusted.act_id, trusted.request) if trusted is not None else None
    erased = _Erased(session)
    for page in _pages(session, after):
        if isinstance(page, int):
            yield "chain-unreadable", str(page)
            return
        beside = _Beside(session, page[0].number, page[-1].number, erased)
        for row in page:
            if row.number != expected:
                yield "chain-number", f"{expected} {row.number}"
            yield from _record_faults(row, previous, beside)
            if last_at is not None and row.decided_at < last_at:
                yield "chain-time", str(row.number)
            if not _REQUEST.fullmatch(row.request) or (act and act[0] == row.act_id and act[1] != row.request):
                yield "request", str(row.number)
            previous, expected, last_at, act = row.hash, row.number + 1, row.decided_at, (row.act_id, row.request)
    head = session.exec(select(ChainHeadRow)).first()
    if head is None or (head.number, head.hash) != (expected - 1, previous):
        yield "chain-head", f"{head.number if head else '–'} {expected - 1}"
    yield from erased.that_stand()
    yield from _about_no_decision(session, after)


def _record_faults(row: Link, previous: str, beside: "_Beside") -> Iterator[tuple[str, str]]:
    """Hold one decision against its own record, and what lies beside it too."""
    record = record_of(row.record, row.hash)
    if record is None:
        yield "chain-unreadable" if _is_garbled(row) else "chain-hash", str(row.number)
        return
    if record.get("previous") != previous:
        yield "chain-link", str(row.number)
    if not columns_agree(row, record):
        yield "chain-unreadable" if _is_garbled(row) else "chain-columns", str(row.number)
    else:
        yield from beside.faults(row, record)


def _is_garbled(row: Link) -> bool:
    """Whether a decision cannot be read, and was not only changed: `repair` writes it anew, so no other remedy is said."""
    return parsed(row.record) is None or any(isinstance(value, bytes) for value in row)


def _pages(session: Session, after: int) -> Iterator[Sequence[Link] | int]:
    """
    Give the decisions a page at a time: none is held longer, and no cursor stands open while others are asked.

    The last may be the number of one that cannot be read, such as where its instant has a thirteenth month.
    """
    while True:
        try:
            page = links(session, col(DecisionRow.number) > after, most=PAGE)
        except (ValueError, TypeError):
            before, unreadable = _until_unreadable(session, after)
            yield from [before] if before else []
            yield unreadable
            return
        if not page:
            return
        yield page
        after = page[-1].number


def _until_unreadable(session: Session, after: int) -> tuple[list[Link], int]:
    """Give the decisions that come before one that cannot be read, and the number of that one."""
    found: list[Link] = []
    numbers = session.exec(
        select(DecisionRow.number).where(DecisionRow.number > after).order_by(col(DecisionRow.number)).limit(PAGE)
    ).all()
    for number in numbers:
        try:
            found += links(session, col(DecisionRow.number) == number, most=1)
        except (ValueError, TypeError):
            return found, number
    return found, after


class _Beside:
    """The texts and outbox rows of some decisions that follow each other."""

    def __init__(self, session: Session, first: int, last: int, erased: "_Erased") -> None:
        texts = select(DecisionTextRow).where(DecisionTextRow.number >= first, DecisionTextRow.number <= last)
        self._texts: dict[int, dict[str, DecisionTextRow]] = {}
        for text in session.exec(texts):
            self._texts.setdefault(text.number, {})[text.name] = text
        left = select(OutboxRow.number, OutboxRow.subjects)
        left = left.where(OutboxRow.number >= first, OutboxRow.number <= last)
        self._left = dict(session.exec(left).all())
        self._erased = erased

    def faults(self, row: Link, record: dict[str, Any]) -> Iterator[tuple[str, str]]:
        number, known, kept = row.number, record["texts"], self._texts.get(row.number, {})
        for name in sorted(known.keys() | kept.keys()):
            text = kept.get(name)
            if text is None or name not in known:
                yield "text-changed", f"{number} {name}"
            elif text.text is None:
                if not self._erased.by_a_decision(text, row, record["facts"]):
                    yield "text-gone", f"{number} {name}"
            elif salted(text.salt, text.text) != known[name]:
                yield "text-changed", f"{number} {name}"
        subjects = self._left.get(number)
        if subjects is None:
            yield "outbox-missing", str(number)
        elif not _says(subjects, touched_by(row.kind, row.body, record["facts"])):
            yield "outbox", str(number)


class _Erased:
    """What decisions took away of the texts."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._one_by_one = texts_erased(session)
        self._recovered = recovered(session)
        self._retained = Retained(session)

    def that_stand(self) -> Iterator[tuple[str, str]]:
        """Give the texts that a decision erased by name and that stand all the same: an older database was put back."""
        for number, name in sorted(self._one_by_one):
            text = self._session.get(DecisionTextRow, (number, name))
            if text is not None and text.text is not None:
                yield "writing-not-erased", f"{number} {name}"

    def by_a_decision(self, text: DecisionTextRow, row: Link, facts: Mapping[str, Any]) -> bool:
        """
        Whether a decision took the text away: one that names it, or a run of the rules, where a rule is about it.

        Or it never was here: what was taken back from the register came without its texts.
        """
        if text.erased_at is None:
            return False
        came_without = any(text.number in numbers for numbers in self._recovered)
        named = (text.number, text.name) in self._one_by_one
        return came_without or named or self._retained.took_text(row, facts, text.erased_at)


def _says(subjects: str, due: Iterable[str]) -> bool:
    try:
        found = json.loads(subjects)
    except ValueError:
        return False
    return isinstance(found, list) and canonical_json(sorted({*map(str, found)})) == subjects and {*due} <= {*found}


def _about_no_decision(session: Session, after: int) -> Iterator[tuple[str, str]]:
    """Give the texts and outbox rows of decisions that there are not."""
    for code, number, name in (
        ("text-stray", col(DecisionTextRow.number), col(DecisionTextRow.name)),
        ("outbox", col(OutboxRow.number), col(OutboxRow.number)),
    ):
        there = select(DecisionRow.number).where(DecisionRow.number == number).exists()
        for one, what in session.exec(select(number, name).where(number > after, ~there)):
            yield code, f"{one} {what}" if code == "text-stray" else str(one)
