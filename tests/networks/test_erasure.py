"""Erasing people: the name goes, what was decided stands, and whoever decided keeps the name."""

from datetime import timedelta

import pytest
from sqlmodel import select

from samrutine.errors import DecisionIdReused, InvalidRequest, NotAllowed, PersonNotFound, Refused
from samrutine.messages import catalogue
from samrutine.networks.erasure import SAID, DecidedSoNameIsKept, ErasedBefore, decided_by
from samrutine.networks.service import LastEditor
from samrutine.storage.rows import DecisionTextRow, NotificationRow, PersonRow, RoleGrantRow
from tests.support.git import git
from tests.support.homes import name_of
from tests.support.texts import a_routine

NETWORK = "network:smittevern"


def person(library, actor):
    """Give the person behind an actor id."""
    return next(one for one in library.people() if one.actor == actor)


def actor_of(library, login):
    """Give somebody's actor id."""
    return next(one.actor for one in library.people() if one.login == login)


class TestErasingAReader:
    def test_the_name_the_sign_in_and_the_address_are_gone(self, any_library):
        """
        A nurse who left asks to be forgotten, and the library has no reason to remember.
        """
        library = any_library
        added = library.add_person("nina", "Nina Ny", email="nina@provevik.example", by="redaktor")
        library.grant("nina", "employee", "municipality:1841", by="redaktor")
        proposed = library.propose(a_routine(), by="nina")

        answer = library.erase_person("nina", reason="Har sluttet.", by="redaktor")

        left = person(library, added.actor)
        assert (answer.actor, answer.kept_name, answer.roles_ended) == (added.actor, False, 1)
        assert (left.login, left.name, left.grants) == (None, None, ())
        assert library.get_proposal(proposed.proposal, reader="redaktor")[0].author == added.actor
        with library._parts.database.reading() as session:
            row = session.exec(select(PersonRow).where(PersonRow.erased_at.is_not(None))).one()
            told = session.exec(select(NotificationRow).where(NotificationRow.actor_id == added.actor)).all()
        assert (row.login, row.name, row.email, told) == (None, None, None, [])
        with pytest.raises(PersonNotFound):
            library.propose(a_routine("annen"), by="nina")
        assert library.verify().is_clean

    def test_a_person_may_erase_themself(self, any_library):
        """
        It is their name.
        """
        library = any_library
        actor = actor_of(library, "skribent")

        library.erase_person("skribent", reason="Jeg slutter.", by="skribent")

        assert person(library, actor).name is None
        assert library.verify().is_clean

    def test_one_without_any_role_may_too(self, library):
        """
        Whoever was let in and never used it has no role to do it in.
        """
        added = library.add_person("nina", "Nina Ny", by="redaktor")

        library.erase_person("nina", reason="Vil ikke.", by="nina")

        assert person(library, added.actor).name is None

    @pytest.mark.parametrize("by", ["ansatt.fauske", "ansvarlig.fauske", "leder", "beslutter.fauske"])
    def test_nobody_else_but_the_editor_may(self, library, by):
        """
        A colleague who is erased in a quarrel loses their rights.
        """
        with pytest.raises(NotAllowed):
            library.erase_person("skribent", reason="Rydding.", by=by)

    @pytest.mark.parametrize("by", ["skribent", "redaktor"])
    def test_asked_for_twice_is_one_act_even_by_the_name_that_is_gone(self, library, by):
        """
        The line broke after the answer was made, and the name leads nowhere now.
        """
        first = library.erase_person("skribent", reason="Slutter.", by=by, decision_id="d")

        assert library.erase_person("skribent", reason="Slutter.", by=by, decision_id="d") == first
        with pytest.raises(DecisionIdReused):
            library.erase_person("leder", reason="Slutter.", by="redaktor", decision_id="d")

        library.add_person("skribent", "En Annen", by="redaktor")
        if by == "redaktor":
            assert library.erase_person("skribent", reason="Slutter.", by=by, decision_id="d") == first

    def test_a_second_time_there_is_nothing_to_erase(self, library):
        """
        The editor has the wrong one before them.
        """
        actor = library.erase_person("skribent", reason="Slutter.", by="redaktor").actor

        with pytest.raises(Refused) as refused:
            library.erase_person(actor, reason="Slutter.", by="redaktor")

        assert refused.value.reasons == (ErasedBefore(),)

    def test_the_name_stands_nowhere_afterwards(self, home):
        """
        Not in the register that members clone, and not in the reason.
        """
        with home.opened() as library:
            with pytest.raises(InvalidRequest):
                library.erase_person("skribent", reason=f"{name_of('skribent')} har sluttet", by="redaktor")
            library.erase_person("skribent", reason="Har sluttet.", by="redaktor")

        assert name_of("skribent") not in git(home, "log", "-p", "--all")

    def test_the_freed_sign_in_name_may_be_given_to_another(self, library):
        """
        The next one in the post is called Nina too.
        """
        actor = library.erase_person("skribent", reason="Slutter.", by="redaktor").actor

        assert library.add_person("skribent", "Ny Skribent", by="redaktor").actor != actor

    def test_a_role_put_back_behind_the_decisions_back_is_found(self, any_library):
        """
        Whoever is erased holds nothing, and the chain says so.
        """
        library = any_library
        actor = library.erase_person("skribent", reason="Slutter.", by="redaktor").actor

        with library._parts.database.writing() as session:
            row = session.exec(select(RoleGrantRow).where(RoleGrantRow.actor_id == actor)).one()
            row.ended_number = None
            session.add(row)

        assert {fault.code for fault in library.verify().faults} == {"role"}

    def test_whoever_is_erased_comes_last_among_people(self, any_library):
        """
        The list of those who work here begins with somebody who does.
        """
        actor = any_library.erase_person("ansatt.fauske", reason="Slutter.", by="redaktor").actor

        assert any_library.people()[-1].actor == actor


class TestErasingWhoDecided:
    def test_is_refused_with_how_many_the_last_and_what_can_be_done(self, any_library_with_routine):
        """
        Who approved a routine must be known at supervision ten years on.
        """
        library = any_library_with_routine

        with pytest.raises(Refused) as refused:
            library.erase_person("medlem.beiarn", reason="Har sluttet.", by="redaktor")

        (reason,) = refused.value.reasons
        assert isinstance(reason, DecidedSoNameIsKept)
        assert (reason.decisions, reason.last.isoformat()) == (1, "2026-11-02")
        assert "har tatt én beslutning, den siste 02.11.2026" in refused.value.text("nb")
        assert DecidedSoNameIsKept(3, reason.last).places_in("nb")["decisions"] == "3 beslutninger"

    def test_the_sign_in_and_the_address_go_and_the_name_stays(self, any_library_with_routine):
        """
        The former member no longer signs in, and the approval still says who gave it.
        """
        library = any_library_with_routine
        actor = actor_of(library, "medlem.beiarn")

        answer = library.erase_person("medlem.beiarn", reason="Har sluttet.", keep_name=True, by="redaktor")

        left = person(library, actor)
        assert (answer.kept_name, left.login, left.name, left.grants) == (True, None, name_of("medlem.beiarn"), ())
        assert library.verify().is_clean

    def test_only_proposing_is_not_deciding(self, any_library, clock):
        """
        An idea is the employee's own, in whichever role they had it.
        """
        library = any_library
        library.propose(a_routine(), by="medlem.beiarn")
        clock.forward(days=1)

        assert not library.erase_person("medlem.beiarn", reason="Har sluttet.", by="redaktor").kept_name

    def test_the_only_editor_stays(self, library):
        """
        Nobody could put right what comes after.
        """
        with pytest.raises(Refused) as refused:
            library.erase_person("redaktor", reason="Slutter.", keep_name=True, by="redaktor")

        assert LastEditor() in refused.value.reasons

    def test_a_delegation_ends_with_the_person(self, any_library):
        """
        A right that nobody can use must not stand as if somebody could.
        """
        library = any_library
        actor = actor_of(library, "beslutter.beiarn")

        library.erase_person("beslutter.beiarn", reason="Har sluttet.", by="redaktor")

        assert person(library, actor).registered == ()
        assert library.verify().is_clean
        with library._parts.database.reading() as session:
            assert decided_by(session, actor) == []

    def test_the_reason_can_be_read_with_the_decision(self, library):
        """
        The archivist asks why a name is missing.
        """
        made = library.erase_person("skribent", reason="Ba om det selv.", by="redaktor")

        with library._parts.database.reading() as session:
            text = session.get(DecisionTextRow, (made.number, "reason"))
        assert text.text == "Ba om det selv."


def test_the_day_of_the_last_decision_is_the_norwegian_one(library_with_routine, clock):
    """
    A decision late at night belongs to the day on the wall.
    """
    library = library_with_routine
    clock.forward(hours=14, minutes=30)
    library.adopt("handhygiene", "fauske", by="beslutter.fauske")

    with pytest.raises(Refused) as refused:
        library.erase_person("beslutter.fauske", reason="Slutter.", by="redaktor")

    assert refused.value.reasons[0].last == library.today
    assert library.today - timedelta(days=1) != refused.value.reasons[0].last


def test_what_is_said_and_not_decided_are_kinds_of_decisions():
    """
    A kind that was renamed would make deciders of all who only proposed.
    """
    assert catalogue("nb", "register").keys() >= SAID
