"""
What people search for and do not find, so that the editor sees which routines are missing.

Kept are the words, folded, and how often on a day. Never who, where or at what time, and no search that may hold
something about a person: one with digits in it, with what looks like a name in capital or small letters, a phone or an
address, or with a word that no dictionary has. A misspelt word is no wish, so little is lost with these.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from samrutine.actors import LIBRARY, ActorId, Verb, reasons_against
from samrutine.days import OSLO, norwegian_day
from samrutine.errors import StoreUnavailable
from samrutine.procedures.personal_data import personal_data
from samrutine.reading.names import may_be_a_name
from samrutine.reasons import refuse
from samrutine.search.compounds import part_keys
from samrutine.search.model import Query
from samrutine.search.norwegian import fold, is_known

if TYPE_CHECKING:
    from samrutine.storage.sql import Database

MOST_WORDS: Final = 6
LONGEST: Final = 100
MOST_SHOWN: Final = 200
_WAIT_MS: Final = 200


@dataclass(frozen=True, slots=True)
class UnansweredSearch:
    """Words that were searched for in vain: folded, how often, and the first and last day."""

    words: str
    count: int
    first_on: date
    last_on: date


def words_to_keep(typed: str, query: Query) -> str | None:
    """Give the words of a search as they may be kept; None for one that may not."""
    words = [fold(word.typed) for phrase in query.phrases for word in phrase.words]
    words += [fold(word.typed) for word in query.words]
    joined = " ".join(dict.fromkeys(words))
    if not words or query.shortened or len(words) > MOST_WORDS or len(joined) > LONGEST:
        return None
    if (
        any(map(str.isdigit, typed))
        or "@" in typed
        or personal_data(typed)
        or _names_somebody(typed)
        or may_be_a_name(typed)
    ):
        return None
    return joined if all(_is_a_word(word) for word in words) else None


def _is_a_word(word: str) -> bool:
    return is_known(word) or bool(part_keys(word))


def _names_somebody(typed: str) -> bool:
    """Whether two words in a row begin with a capital, as names do; words all in capitals are short forms, or shouted."""
    capital = [word[:1].isupper() and not word.isupper() for word in typed.split()]
    return any(one and other for one, other in pairwise(capital))


class UnansweredSearches:
    """The searches that nothing answered."""

    def __init__(self, database: "Database") -> None:
        self._database = database

    def note(self, typed: str, query: Query, day: date) -> None:
        """Count a search that found nothing. What cannot be written at once is not: nobody waits for a count."""
        words = words_to_keep(typed, query)
        if words is None:
            return
        with suppress(StoreUnavailable):
            self._count(words, datetime.combine(day, time.min, OSLO).astimezone(UTC))

    def _count(self, words: str, day_at: datetime) -> None:
        # Imported here: a search that finds something does without, and people wait for it.
        from samrutine.storage.rows import UnansweredSearchRow

        with self._database.writing_if_free(_WAIT_MS) as session:
            row = session.get(UnansweredSearchRow, (day_at, words), with_for_update=True)
            if row is None:
                row = UnansweredSearchRow(day_at=day_at, words=words, count=0)
            row.count += 1
            session.add(row)

    def searches(self, *, by: ActorId, today: date) -> Sequence[UnansweredSearch]:
        """
        Give what was searched for in vain, what most searched for first; at most 200.

        Raises:
            NotAllowed: Only the leaders of networks and the editor, who answer wishes.
        """
        from sqlalchemy import func
        from sqlmodel import col, select

        from samrutine.networks.directory import get_actor
        from samrutine.storage.rows import UnansweredSearchRow as Row

        with self._database.reading() as session:
            refuse(reasons_against(get_actor(session, by), Verb.SEND, LIBRARY, today))
            often = func.sum(col(Row.count))
            rows = session.execute(
                select(col(Row.words), often, func.min(col(Row.day_at)), func.max(col(Row.day_at)))
                .group_by(col(Row.words))
                .order_by(often.desc(), col(Row.words))
                .limit(MOST_SHOWN)
            ).all()
        return [
            UnansweredSearch(words, int(count), norwegian_day(first), norwegian_day(last))
            for words, count, first, last in rows
        ]
