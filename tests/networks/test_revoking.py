"""Taking roles back: what somebody was allowed to do ends, and what they did stands."""

from datetime import timedelta

import pytest

from samrutine.errors import InvalidRequest, NotAllowed, Refused
from samrutine.networks.service import LastEditor
from tests.support.git import git


class TestRevoking:
    def test_a_member_whose_role_is_taken_back_can_no_longer_approve(self, any_library_with_routine):
        """
        A nurse changes jobs, and must not go on deciding for the network.
        """
        library = any_library_with_routine
        person = next(one for one in library.people() if any(role == "member" for role, _ in one.roles))
        body = next(body for role, body in person.roles if role == "member")

        made = library.revoke(person.login, "member", body, by="redaktor")

        left = next(one for one in library.people() if one.actor == person.actor)
        assert made.body == body
        assert ("member", body) not in left.roles
        assert library.verify().is_clean

    def test_a_deciders_delegations_end_with_the_role(self, library):
        """
        A delegation without the role would be a right that nobody sees.
        """
        library.add_person("vikar", "Vikar", by="redaktor")
        library.delegate("vikar", "1841", "head-of-service", "kommunalsjef", by="redaktor")

        library.revoke("vikar", "decider", "municipality:1841", by="redaktor")

        left = next(one for one in library.people() if one.login == "vikar")
        assert (left.roles, left.delegations) == ((), ())

    def test_a_role_that_nobody_holds_cannot_be_taken_back(self, library):
        """
        Whoever asks has the wrong person or the wrong body, and should be told.
        """
        library.add_person("vikar", "Vikar", by="redaktor")

        with pytest.raises(Refused) as refused:
            library.revoke("vikar", "member", "network:smittevern", by="redaktor")

        assert "nettverksmedlem" in refused.value.text("nb")

    def test_an_employee_cannot_take_roles_back(self, library):
        """
        Rights are managed by those who have the task.
        """
        library.add_person("vikar", "Vikar", by="redaktor")
        library.grant("vikar", "employee", "municipality:1841", by="redaktor")

        with pytest.raises(NotAllowed):
            library.revoke("vikar", "employee", "municipality:1841", by="vikar")


class TestTheLastEditor:
    def test_stays_while_the_other_is_there_for_a_time_only(self, any_library, clock):
        """
        The day that the other's time is over nobody could let anybody in, and nobody could mend it.
        """
        any_library.add_person("vikar", "Vikar", by="redaktor")
        any_library.grant("vikar", "editor", "library", until_on=clock.today + timedelta(days=10), by="redaktor")

        with pytest.raises(Refused) as refused:
            any_library.revoke("redaktor", "editor", "library", by="vikar")

        assert [type(one) for one in refused.value.reasons] == [LastEditor]

    def test_may_go_when_another_follows_on_without_a_day_between(self, any_library, clock):
        """
        One for the summer and one from autumn on are enough: there is always somebody.
        """
        library, autumn = any_library, clock.today + timedelta(days=10)
        for login in ("sommer", "host"):
            library.add_person(login, login.title(), by="redaktor")
        library.grant("sommer", "editor", "library", until_on=autumn, by="redaktor")
        library.grant("host", "editor", "library", from_on=autumn, by="redaktor")

        library.revoke("redaktor", "editor", "library", by="sommer")

        assert library.verify().is_clean

    def test_stays_when_the_next_comes_a_day_too_late(self, library, clock):
        """
        A day without an editor is a day too many.
        """
        library.add_person("host", "Host", by="redaktor")
        library.grant("host", "editor", "library", from_on=clock.today + timedelta(days=1), by="redaktor")

        with pytest.raises(Refused):
            library.revoke("redaktor", "editor", "library", by="redaktor")


class TestDelegating:
    @pytest.mark.parametrize("position", ["Kari 01819000049", "kari@gmail.com", "  ", "\x00"])
    def test_a_position_that_could_be_a_person_is_refused(self, library, position):
        """
        The position stands in the chain and on every document for ever.
        """
        library.add_person("vikar", "Vikar", by="redaktor")

        with pytest.raises(InvalidRequest):
            library.delegate("vikar", "1841", "head-of-service", position, by="redaktor")

    @pytest.mark.parametrize(
        "position", ["Kari Eksempel", "kommunalsjef KARI M. EKSEMPEL", "Eksempel, Kari", "kommunalsjef (kari.eksempel)"]
    )
    def test_a_position_that_names_somebody_in_the_library_is_refused(self, any_library, position):
        """
        A name that stands where the position should be could never be erased.
        """
        any_library.add_person("kari.eksempel", "Kari Marie Eksempel", by="redaktor")

        with pytest.raises(InvalidRequest) as told:
            any_library.delegate("kari.eksempel", "1841", "head-of-service", position, by="redaktor")

        assert position not in told.value.text("nb")

    @pytest.mark.parametrize("position", ["leder", "enhetsleder Eksempel sykehjem", "kommunalsjef helse og omsorg"])
    def test_a_position_is_not_taken_for_a_person(self, library, position):
        """
        Places and posts are called what people are called.
        """
        library.add_person("kari.eksempel", "Kari Eksempel", by="redaktor")

        made = library.delegate("kari.eksempel", "1841", "head-of-service", position, by="redaktor")

        assert made.position == position

    def test_a_delegation_that_is_renewed_before_it_ends_goes_on(self, any_library_with_routine, clock):
        """
        Until a day, and then again from that day: on it the decider must be able to decide.
        """
        library, renewed = any_library_with_routine, clock.today + timedelta(days=30)
        library.add_person("vikar", "Vikar", by="redaktor")
        library.delegate("vikar", "1841", "head-of-service", "kommunalsjef", until_on=renewed, by="redaktor")
        library.delegate("vikar", "1841", "head-of-service", "kommunalsjef", from_on=renewed, by="redaktor")
        clock.forward(days=30)

        made = library.adopt("handhygiene", "1841", by="vikar")

        assert made.number
        assert library.verify().is_clean

    def test_a_delegation_that_outlasts_the_role_takes_the_role_with_it(self, any_library_with_routine, clock):
        """
        Being a decider next week is not being one for as long as the delegation says.
        """
        library, ends = any_library_with_routine, clock.today + timedelta(days=7)
        library.add_person("vikar", "Vikar", by="redaktor")
        library.grant("vikar", "decider", "municipality:1841", until_on=ends, by="redaktor")
        library.delegate("vikar", "1841", "head-of-service", "kommunalsjef", by="redaktor")
        clock.forward(days=7)

        made = library.adopt("handhygiene", "1841", by="vikar")

        assert made.number
        assert library.verify().is_clean

    def test_where_the_delegation_stands_is_not_on_the_register(self, home):
        """
        A reference is free text and may name somebody; members clone the register.
        """
        with home.opened() as library:
            library.add_person("vikar", "Vikar", by="redaktor")
            library.delegate(
                "vikar", "1841", "head-of-service", "kommunalsjef", reference="muntlig av Kari Eksempel", by="redaktor"
            )

        assert "Kari Eksempel" not in git(home, "log", "-p", "register")

    def test_the_same_id_with_another_end_day_is_another_act(self, library):
        """
        A delegation that ends is not the one without end that was registered first.
        """
        library.add_person("vikar", "Vikar", by="redaktor")
        library.delegate("vikar", "1841", "head-of-service", "kommunalsjef", by="redaktor", decision_id="d1")

        with pytest.raises(Exception, match="d1"):
            library.delegate(
                "vikar",
                "1841",
                "head-of-service",
                "kommunalsjef",
                until_on=library.today,
                by="redaktor",
                decision_id="d1",
            )

    def test_a_role_that_ends_before_it_begins_is_refused(self, library):
        """
        Such a role would look granted and never hold.
        """
        library.add_person("vikar", "Vikar", by="redaktor")

        with pytest.raises(InvalidRequest):
            library.grant("vikar", "employee", "municipality:1841", until_on=library.today, by="redaktor")
