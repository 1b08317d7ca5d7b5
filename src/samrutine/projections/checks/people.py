"""Who acts: that each is known or was erased, that erasing was decided, and that names stand nowhere but in one table."""

import json
import re
from collections.abc import Iterable, Iterator
from typing import Final

from sqlmodel import Session, and_, col, select

from samrutine.actors import SYSTEM
from samrutine.networks.model import names_somebody
from samrutine.procedures.model import slug_of
from samrutine.storage.rows import ActorRow, DecisionRow, LibraryRow, PersonRow

_KINDS: Final = ("person_added", "person_erased", "library_opened", "decisions_recovered")
_TOKEN: Final = re.compile(r"[\w.@-]+")
_WORD: Final = re.compile(r"[^\W\d_]+")
_AT_ONCE: Final = 100
_WRITTEN: Final = ("position",)
"""Facts that somebody wrote. The others are chosen, counted, or have a form, as a case number has."""

Known = tuple[object, ...]


def people_faults(session: Session, after: int) -> Iterator[tuple[str, str]]:
    """
    Every actor is one that a decision brought in, everybody who decided is among them, and persons have their rows.

    Args:
        after: Outsiders, and those who decided, are looked for among the decisions after this number.
    """
    due: set[Known] = {(SYSTEM, "system", None)}
    erased: dict[str, bool] = {}
    opened: set[Known] = set()
    recovered: list[range] = []
    about_none = col(DecisionRow.subject).is_(None)
    of_people = and_(about_none, col(DecisionRow.kind).in_(_KINDS))
    of_outsiders = and_(DecisionRow.number > after, DecisionRow.kind == "outsider_invited")
    # Two questions: asked for both at once a database reads every decision there is.
    wanted = select(DecisionRow.number, DecisionRow.kind, DecisionRow.record)
    rows = [row for which in (of_people, of_outsiders) for row in session.exec(wanted.where(which))]
    for number, kind, record in sorted(rows, key=lambda row: row[0]):
        facts = json.loads(record)["facts"]
        match kind:
            case "person_added":
                due.add((facts["actor"], "person", number))
            case "outsider_invited":
                due.add((facts["actor"], "link", number))
            case "person_erased":
                erased[facts["actor"]] = facts["kept_name"]
            case "decisions_recovered":
                recovered.append(range(facts["first"], facts["last"] + 1))
            case _:
                opened.add((facts["demo"], facts["language"], number))
    actors = session.exec(select(ActorRow)).all()
    shown: set[Known] = {
        (row.id, row.kind, row.created_number)
        for row in actors
        if row.kind != "link" or (row.created_number or after + 1) > after
    }
    ids = {row.id for row in actors}
    acting = select(DecisionRow.actor_id).where(DecisionRow.number > after).distinct()
    strangers = {one for one in session.exec(acting) if one not in ids}
    yield from (("actor", one) for one in sorted({str(row[0]) for row in due ^ shown} | strangers))
    # No name stands on the register: whoever was taken back from it has none until somebody gives it.
    unnamed = {row.id for row in actors if any((row.created_number or 0) in numbers for numbers in recovered)}
    yield from _person_faults(session, actors, erased, unnamed)
    kept: set[Known] = {(row.demo, row.language, row.opened_number) for row in session.exec(select(LibraryRow))}
    if kept != opened:
        yield "library", "library"


def _person_faults(
    session: Session, actors: Iterable[ActorRow], erased: dict[str, bool], unnamed: set[str]
) -> Iterator[tuple[str, str]]:
    """A person has a name, or was erased by a decision; and whoever was erased left no address behind."""
    persons = {row.id: row for row in session.exec(select(PersonRow))}
    acting: dict[str, str] = {}
    for actor in actors:
        if actor.kind != "person":
            if actor.person_id is not None:
                yield "actor", actor.id
            continue
        person = persons.get(actor.person_id or "")
        if person is None or person.id in acting:
            yield "person", actor.id
            continue
        acting[person.id] = actor.id
        is_unnamed = actor.id in unnamed and (person.login, person.name, person.email) == (None, None, None)
        if not (is_unnamed and actor.id not in erased) and not _is_as_erased(person, erased.get(actor.id)):
            yield "person", actor.id
    yield from (("person", one) for one in sorted(persons.keys() - acting.keys()))


def _is_as_erased(person: PersonRow, kept_name: bool | None) -> bool:  # noqa: FBT001  what the decision says, or None
    if kept_name is None:
        return person.erased_at is None and person.name is not None and person.login is not None
    gone = person.erased_at is not None and person.login is None and person.email is None
    return gone and (kept_name or person.name is None)


class Names:
    """
    The names, addresses and sign-ins of everybody who is known, to be looked for in what is kept for ever.

    The rule is that of the verbs, see `names_somebody`; here a record is first looked at for any word of a name at all,
    since most hold none, and there are a million of them.

    A sign-in that is a number is looked for in what somebody wrote alone: a municipality has a number too, and a decision.
    """

    def __init__(self, session: Session) -> None:
        rows = session.exec(select(PersonRow.login, PersonRow.name, PersonRow.email)).all()
        self._by_word: dict[str, list[tuple[str | None, str | None]]] = {}
        self._marks: set[str] = set()
        self._numbers: set[str] = set()
        for login, name, email in rows:
            words = {one for one in _WORD.findall((name or "").casefold()) if len(one) > 1}
            for word in words if len(words) > 1 else ():
                # A name of one word is that of a role or a place as often as that of somebody.
                self._by_word.setdefault(word, []).append((None, name))
            if login and login.isdecimal():
                self._numbers.add(login)
            elif login and not login.isalpha():
                self._marks.add(login.casefold())
            if email:
                self._marks.add(email.casefold())
            if len(words) > 1 and name:
                self._marks.add(slug_of(name))

    def may_stand_in(self, texts: Iterable[str]) -> bool:
        """Whether any of some texts has a word of a name, an address or a sign-in: where none has, none names anybody."""
        tokens = _tokens("\n".join(texts))
        return bool(tokens & self._marks or tokens & self._numbers or _words_in(tokens) & self._by_word.keys())

    def stands_in(self, text: str) -> bool:
        """Whether a text names one of them."""
        tokens = _tokens(text)
        if tokens & self._marks or (tokens & self._numbers and self._is_written_in(text)):
            return True
        people = [one for word in _words_in(tokens) & self._by_word.keys() for one in self._by_word[word]]
        return bool(people) and names_somebody(text, people)

    def _is_written_in(self, record: str) -> bool:
        """Whether a sign-in that is a number stands in what somebody wrote."""
        facts = json.loads(record)["facts"]
        return any(_tokens(str(facts.get(name) or "")) & self._numbers for name in _WRITTEN)


def _tokens(text: str) -> set[str]:
    return {one.strip(".-") for one in set(_TOKEN.findall(text.casefold()))}


def _words_in(tokens: Iterable[str]) -> set[str]:
    return set(_WORD.findall(" ".join(tokens)))


def name_faults(session: Session, after: int) -> Iterator[tuple[str, str]]:
    """No record holds a name: register files, their paths and commit messages are made of records and our own words."""
    names = Names(session)
    rows = session.exec(
        select(DecisionRow.number, DecisionRow.record)
        .where(DecisionRow.number > after)
        .order_by(col(DecisionRow.number))
        .execution_options(yield_per=1000)
    )
    for some in rows.partitions(_AT_ONCE):
        # Most hold no word of any name, and that is asked of a hundred at once: they share nearly all of their words.
        if names.may_stand_in(record for _, record in some):
            yield from (("name-in-chain", str(number)) for number, record in some if names.stands_in(record))
