"""Deputies: who acts in another's place, until when, and what stands empty without one."""

from datetime import timedelta

import pytest
from sqlmodel import select

from samrutine.actors import Role
from samrutine.errors import DecisionIdReused, NotAllowed, Refused
from samrutine.networks.directory import get_actor, members_in_post
from samrutine.networks.service import LastEditor, NobodyToStandInFor
from samrutine.networks.vacancies import Vacancy
from samrutine.storage.rows import NotificationRow, RoleGrantRow
from tests.support.stories import propose_and_send
from tests.support.texts import a_routine

NETWORK = "network:smittevern"
DAY = timedelta(days=1)


def person(library, login):
    """Give the person with a sign-in name."""
    return next(one for one in library.people() if one.login == login)


def in_post(library, login):
    """Give somebody's posts in the network today."""
    with library._parts.database.reading() as session:
        actor = get_actor(session, login).id
        return [one for one in members_in_post(session, ["smittevern"], library.today) if one.actor == actor]


class TestADeputy:
    def test_has_the_role_from_a_day_until_a_day_and_says_whose(self, any_library, clock):
        """
        The leader is on leave until Easter; somebody must be able to agree in their place, and only until then.
        """
        library = any_library
        until = library.today + 10 * DAY
        place = next(one for one in person(library, "leder").grants if one.role is Role.LEADER)

        granted = library.grant("skribent", "leader", NETWORK, deputy_of="leder", until_on=until, by="redaktor")

        held = next(one for one in person(library, "skribent").grants if one.role is Role.LEADER)
        assert (granted.is_deputy, held.is_deputy, held.deputy_of, held.until_on) == (True, True, place.id, until)
        assert [(one.role, one.is_deputy, one.municipality) for one in in_post(library, "skribent")] == [
            (Role.LEADER, True, "1837")
        ]
        assert library.verify().is_clean
        clock.forward(days=10)
        assert in_post(library, "skribent") == []

    def test_is_the_leader_for_the_policy(self, any_library):
        """
        A round must not wait for a leader who is ill, when there is one in their place.
        """
        library = any_library
        library.grant("ansatt.fauske", "leader", NETWORK, deputy_of="leder", by="redaktor")
        proposal = propose_and_send(library, a_routine())

        for one in ("medlem.beiarn", "medlem.gildeskal", "medlem.hamaroy"):
            library.approve(proposal.id, digest=proposal.digest, by=one)
        answer = library.approve(proposal.id, digest=proposal.digest, by="ansatt.fauske")

        assert str(answer.version) == "1.0"

    def test_may_be_named_by_the_others_grant(self, library):
        """
        Who holds a role twice, or has two roles, is told apart by the grant.
        """
        place = next(one for one in person(library, "leder").grants if one.role is Role.LEADER)

        library.grant("skribent", "leader", NETWORK, deputy_of=place.id, by="redaktor")

        assert person(library, "skribent").grants[-1].deputy_of == place.id

    def test_stays_when_the_others_role_is_taken_back(self, any_library):
        """
        The leader left before the leave was over; that is when the deputy is needed most.
        """
        library = any_library
        library.grant("skribent", "leader", NETWORK, deputy_of="leder", by="redaktor")

        library.revoke("leder", "leader", NETWORK, by="redaktor")

        assert [one.is_deputy for one in in_post(library, "skribent")] == [True]
        library.revoke("skribent", "leader", NETWORK, by="redaktor")
        assert in_post(library, "skribent") == []
        assert library.verify().is_clean

    @pytest.mark.parametrize(
        ("deputy", "of", "role", "body"),
        [
            ("leder", "leder", "leader", NETWORK),
            ("skribent", "medlem.beiarn", "leader", NETWORK),
            ("skribent", "ansvarlig.fauske", "responsible", "municipality:1839"),
            ("skribent", "vikar", "leader", NETWORK),
        ],
        ids=["their own", "one who is no leader", "in another municipality", "a deputy's"],
    )
    def test_stands_in_for_one_who_has_the_role_there(self, library, deputy, of, role, body):
        """
        A deputy of nobody is a role somebody was given by a slip.
        """
        library.add_person("vikar", "Vikar", by="redaktor")
        library.grant("vikar", "leader", NETWORK, deputy_of="leder", by="redaktor")

        with pytest.raises(Refused) as refused:
            library.grant(deputy, role, body, deputy_of=of, by="redaktor")

        assert isinstance(refused.value.reasons[0], NobodyToStandInFor)
        assert "stedfortreder" in refused.value.text("nb")

    def test_is_appointed_by_those_who_give_the_role(self, library):
        """
        Nobody hands their own rights to a colleague without anyone knowing.
        """
        with pytest.raises(NotAllowed):
            library.grant("ansatt.fauske", "leader", NETWORK, deputy_of="leder", by="leder")

    def test_asked_for_twice_is_one_and_with_another_is_another_act(self, library):
        """
        A form sent twice is one deputy.
        """
        how = {"deputy_of": "leder", "by": "redaktor", "decision_id": "d"}
        first = library.grant("skribent", "leader", NETWORK, **how)

        assert library.grant("skribent", "leader", NETWORK, **how) == first
        with pytest.raises(DecisionIdReused):
            library.grant("skribent", "leader", NETWORK, by="redaktor", decision_id="d")

    def test_whose_place_was_changed_behind_the_decisions_back_is_found(self, any_library):
        """
        Whose place somebody takes is in the chain, and the row must say the same.
        """
        library = any_library
        library.grant("skribent", "leader", NETWORK, deputy_of="leder", by="redaktor")

        with library._parts.database.writing() as session:
            row = session.exec(select(RoleGrantRow).where(RoleGrantRow.deputy_of.is_not(None))).one()
            row.deputy_of = None
            session.add(row)

        assert "role" in {fault.code for fault in library.verify().faults}


class TestBeingTold:
    def test_of_a_role_that_is_given_and_taken_back(self, any_library):
        """
        Somebody who suddenly may not approve should not have to find out by trying.
        """
        library = any_library

        library.grant("skribent", "member", NETWORK, by="redaktor")
        library.delegate("skribent", "1837", "unit-leader", "avdelingsleder", by="redaktor")
        library.revoke("skribent", "member", NETWORK, by="redaktor")

        with library._parts.database.reading() as session:
            actor = get_actor(session, "skribent").id
            told = session.exec(select(NotificationRow).where(NotificationRow.actor_id == actor)).all()
        assert {(one.what, one.subject) for one in told} == {
            ("role-granted", "municipality:1837"),
            ("role-granted", NETWORK),
            ("delegated", "municipality:1837"),
            ("role-revoked", NETWORK),
        }


class TestVacancies:
    def test_are_the_roles_that_nobody_holds_with_the_bodies_by_name(self, any_library):
        """
        The editor sees which networks and municipalities cannot do their part, before a round stands still.
        """
        found = any_library.vacancies()

        missing = {(one.body, one.role) for one in found}
        assert ("network:omsorg", Role.LEADER) in missing
        assert (NETWORK, Role.LEADER) not in missing
        assert ("municipality:1839", Role.RESPONSIBLE) in missing
        assert ("municipality:1841", Role.RESPONSIBLE) not in missing
        assert "Beiarn" in {one.name for one in found}

    def test_one_with_a_deputy_alone_says_so_and_until_when(self, library):
        """
        It goes on for now, and somebody must be found before the day.
        """
        until = library.today + 10 * DAY
        library.grant("skribent", "leader", NETWORK, deputy_of="leder", until_on=until, by="redaktor")
        library.revoke("leder", "leader", NETWORK, by="redaktor")

        today = next(one for one in library.vacancies() if one.body == NETWORK)
        then = next(one for one in library.vacancies(on=until) if one.body == NETWORK)

        assert today == Vacancy(NETWORK, "Fagnettverk for smittevern", Role.LEADER, True, until)
        assert (then.has_deputy, then.until_on) == (False, None)

    def test_the_last_editor_stays(self, library):
        """
        A library without an editor is one that nobody can put right.
        """
        with pytest.raises(Refused) as refused:
            library.revoke("redaktor", "editor", "library", by="redaktor")

        assert refused.value.reasons == (LastEditor(),)
        library.grant("skribent", "editor", "library", by="redaktor")
        library.revoke("redaktor", "editor", "library", by="redaktor")
        assert library.verify().is_clean
