"""Taking roles back: what somebody was allowed to do ends, and what they did stands."""

import pytest

from samrutine.errors import InvalidRequest, NotAllowed, Refused
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


class TestDelegating:
    @pytest.mark.parametrize("position", ["Kari 01819000049", "kari@gmail.com", "  ", "\x00"])
    def test_a_position_that_could_be_a_person_is_refused(self, library, position):
        """
        The position stands in the chain and on every document for ever.
        """
        library.add_person("vikar", "Vikar", by="redaktor")

        with pytest.raises(InvalidRequest):
            library.delegate("vikar", "1841", "head-of-service", position, by="redaktor")

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
