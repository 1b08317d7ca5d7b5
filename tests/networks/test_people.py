"""Who is in the library, in which roles, with which delegations, and who may say so."""

from datetime import timedelta

import pytest

from samrutine.errors import (
    DecisionIdReused,
    InvalidRequest,
    MunicipalityNotFound,
    NetworkNotFound,
    NotAllowed,
    PersonNotFound,
    Refused,
)
from tests.support.clock import NOW

TODAY = NOW.date()
DAY = timedelta(days=1)


def person(library, login):
    """Give the person with a sign-in name."""
    return next(one for one in library.people() if one.login == login)


class TestAddingAPerson:
    def test_gives_a_name_and_no_right(self, any_library):
        """
        To be in the library is not to have a say in it.
        """
        added = any_library.add_person("nina", "Nina Ny", email="nina@provevik.example", by="redaktor")

        found = person(any_library, "nina")
        assert (found.actor, found.name, found.roles, found.delegations) == (added.actor, "Nina Ny", (), ())
        assert any_library.verify().is_clean

    def test_the_same_id_again_is_the_same_person(self, any_library):
        """
        A form sent twice must not make two of one.
        """
        first = any_library.add_person("nina", "Nina Ny", by="redaktor", decision_id="d")

        assert any_library.add_person("nina", "Nina Ny", by="redaktor", decision_id="d") == first
        with pytest.raises(DecisionIdReused):
            any_library.add_person("nora", "Nora Ny", by="redaktor", decision_id="d")

    @pytest.mark.parametrize("login", ["", "leder", "to ord", "linje\nskift", "x" * 200, "a/b", "<b>"])
    def test_a_sign_in_name_is_one_word_and_nobodys_else(self, library, login):
        """
        It is typed, sorted and written in logs.
        """
        with pytest.raises(InvalidRequest):
            library.add_person(login, "Nina Ny", by="redaktor")

    @pytest.mark.parametrize(
        "email", ["nina", "nina@", "nina@provevik", "to ord@provevik.example", "a@b.no\nBcc: c@d.no"]
    )
    def test_an_address_is_one_that_a_letter_reaches(self, library, email):
        """
        Else the letters that she waits for go nowhere, and nobody knows.
        """
        with pytest.raises(InvalidRequest):
            library.add_person("nina", "Nina Ny", email=email, by="redaktor")

    def test_the_responsible_person_may_let_people_in_too(self, library):
        """
        A new nurse on Monday must not wait for the editor.
        """
        library.add_person("nina", "Nina Ny", by="ansvarlig.fauske")
        library.grant("nina", "employee", "municipality:1841", by="ansvarlig.fauske")

        assert [(str(role), body) for role, body in person(library, "nina").roles] == [
            ("employee", "municipality:1841")
        ]
        assert library.verify().is_clean

    @pytest.mark.parametrize("who", ["skribent", "leder", "medlem.beiarn", "beslutter.fauske"])
    def test_others_may_not(self, library, who):
        """
        Who is in the library is decided by those who answer for it.
        """
        with pytest.raises(NotAllowed):
            library.add_person("nina", "Nina Ny", by=who)


class TestGranting:
    def test_a_role_holds_from_its_day_until_the_day_before_its_end(self, any_library, clock):
        """
        A substitute for two weeks is a substitute for two weeks.
        """
        any_library.add_person("nina", "Nina Ny", by="redaktor")
        granted = any_library.grant(
            "nina", "employee", "municipality:1841", from_on=TODAY + DAY, until_on=TODAY + 3 * DAY, by="redaktor"
        )

        may = []
        from tests.support.texts import a_routine

        for n in range(4):
            try:
                may.append(bool(any_library.propose(a_routine(f"r-{n}"), by="nina")))
            except NotAllowed:
                may.append(False)
            clock.forward(days=1)

        assert granted.from_on == TODAY + DAY
        assert may == [False, True, True, False]

    @pytest.mark.parametrize(
        ("role", "body"),
        [
            ("member", "municipality:1841"),
            ("leader", "library"),
            ("employee", "network:smittevern"),
            ("decider", "network:smittevern"),
            ("editor", "municipality:1841"),
            ("editor", "network:smittevern"),
            ("employee", "library"),
            ("editor", "library:annet"),
            ("employee", "municipality"),
            ("employee", "kommune:1841"),
            ("employee", ""),
        ],
    )
    def test_a_role_belongs_to_its_kind_of_body(self, library, role, body):
        """
        A leader of a municipality is nothing the rules know, and so would have rights nobody meant.
        """
        with pytest.raises((InvalidRequest, Refused, MunicipalityNotFound)):
            library.grant("skribent", role, body, by="redaktor")

        assert library.verify().is_clean

    def test_in_what_does_not_exist_is_refused(self, library):
        """
        A right in a municipality that nobody has is a spelling mistake.
        """
        with pytest.raises(MunicipalityNotFound):
            library.grant("skribent", "employee", "municipality:9999", by="redaktor")
        with pytest.raises(NetworkNotFound):
            library.grant("skribent", "member", "network:finnes-ikke", by="redaktor")
        with pytest.raises(PersonNotFound):
            library.grant("ingen", "member", "network:smittevern", by="redaktor")
        with pytest.raises(PersonNotFound):
            library.grant("system", "editor", "library", by="redaktor")

    @pytest.mark.parametrize(
        ("who", "role", "body"),
        [
            ("ansvarlig.fauske", "employee", "municipality:1839"),
            ("ansvarlig.fauske", "member", "network:smittevern"),
            ("ansvarlig.fauske", "editor", "library"),
            ("leder", "member", "network:smittevern"),
            ("skribent", "editor", "library"),
        ],
    )
    def test_nobody_gives_what_is_not_theirs_to_give(self, library, who, role, body):
        """
        The shortest way to more rights than one has is to give them to oneself.
        """
        with pytest.raises(NotAllowed):
            library.grant(who, role, body, by=who)

    def test_the_same_id_again_is_the_same_role(self, library):
        """
        A form sent twice is one grant.
        """
        first = library.grant("skribent", "member", "network:smittevern", by="redaktor", decision_id="d")
        again = library.grant("skribent", "member", "network:smittevern", by="redaktor", decision_id="d")

        assert again == first
        assert len(person(library, "skribent").roles) == 2
        with pytest.raises(DecisionIdReused):
            library.grant("skribent", "leader", "network:smittevern", by="redaktor", decision_id="d")


class TestDelegating:
    def test_makes_a_decider_under_a_position(self, any_library):
        """
        The document prints the position; the register of delegations says where it stands.
        """
        given = any_library.delegate(
            "skribent", "Meløy", "unit-leader", " avdelingsleder ", reference="reglementet § 2", by="redaktor"
        )

        found = person(any_library, "skribent")
        assert (given.municipality, given.position) == ("1837", "avdelingsleder")
        assert ("1837", "unit-leader", "avdelingsleder") in found.delegations
        assert ("decider", "municipality:1837") in [(str(role), body) for role, body in found.roles]
        assert any_library.verify().is_clean

    def test_nobody_gives_themself_the_right_to_decide(self, library):
        """
        One person would have prepared, delegated and decided, and nobody else known.
        """
        with pytest.raises(NotAllowed) as caught:
            library.delegate("ansvarlig.fauske", "Fauske", "head-of-service", "leder", by="ansvarlig.fauske")

        assert [type(one).__name__ for one in caught.value.reasons] == ["DelegationToOneself"]

    def test_those_who_decide_there_are_told_of_another(self, library):
        """
        A new decider who nobody has heard of is seen at once.
        """
        library.delegate("skribent", "Fauske", "unit-leader", "avdelingsleder", by="ansvarlig.fauske")

        assert "delegated-another" in {one.what for one in library.notifications("beslutter.fauske")}
        assert "delegated-another" not in {one.what for one in library.notifications("skribent")}

    def test_of_a_deputy_end_with_the_deputys_place(self, any_library, clock):
        """
        The one who stood in over the summer decided on in the autumn, by a delegation without end.
        """
        end = clock.today + timedelta(days=30)
        body = "municipality:1841"
        any_library.grant("skribent", "decider", body, deputy_of="beslutter.fauske", until_on=end, by="redaktor")

        made = any_library.delegate("skribent", "Fauske", "unit-leader", "konst. leder", by="redaktor")

        found = person(any_library, "skribent")
        assert made.until_on == end
        assert [one.until_on for one in found.registered] == [end]
        assert [one.until_on for one in found.grants if one.body == body] == [end]
        assert any_library.verify().is_clean

    def test_a_second_delegation_gives_no_second_role(self, library):
        """
        A decider is a decider once.
        """
        before = len(person(library, "beslutter.fauske").roles)

        library.delegate("beslutter.fauske", "Fauske", "chief-executive", "kommunedirektør", by="ansvarlig.fauske")

        found = person(library, "beslutter.fauske")
        assert (len(found.roles), len(found.delegations)) == (before, 2)
        assert library.verify().is_clean

    def test_the_same_id_again_is_the_same_delegation(self, library):
        """
        A form sent twice is one delegation.
        """
        how = {"by": "redaktor", "decision_id": "d"}
        first = library.delegate("skribent", "Meløy", "unit-leader", "avdelingsleder", **how)

        assert library.delegate("skribent", "Meløy", "unit-leader", "avdelingsleder", **how) == first
        assert len(person(library, "skribent").delegations) == 1

    def test_refuses_a_delegation_nobody_may_give_or_read(self, library):
        """
        A decision under an empty position was decided by nobody.
        """
        with pytest.raises(InvalidRequest):
            library.delegate("skribent", "Meløy", "unit-leader", "   ", by="redaktor")
        with pytest.raises(MunicipalityNotFound):
            library.delegate("skribent", "Prøvevik", "unit-leader", "leder", by="redaktor")
        with pytest.raises(PersonNotFound):
            library.delegate("ingen", "Meløy", "unit-leader", "leder", by="redaktor")
        for who in ("skribent", "ansvarlig.fauske", "beslutter.meloy"):
            with pytest.raises(NotAllowed):
                library.delegate("skribent", "Meløy", "unit-leader", "leder", by=who)
