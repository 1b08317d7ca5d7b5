"""Links by which people come in: to choose a password, or to enter themselves at a meeting."""

from datetime import timedelta

import pytest
from sqlmodel import select

from samrutine.actors import Role
from samrutine.errors import InvalidRequest, LinkNotValid, LoginTaken, NotAllowed, Refused
from samrutine.identity.links import PASSWORD_LINK_LASTS, LinkForOneself, MayNotHelp
from samrutine.identity.passwords import PasswordTooShort
from samrutine.recovery.outside import end_sessions
from samrutine.storage.rows import DecisionRow, MeetingLinkRow, PasswordLinkRow

PHRASE = "fire ord som er lange"
OTHER = "helt andre ord om morgenen"
FAUSKE, NETWORK = "municipality:1841", "network:smittevern"


def rows(library, table):
    """Give the rows of a table."""
    with library._parts.database.reading() as session:
        return session.exec(select(table)).all()


def entered(library, token, login="ola@fauske.example", password=PHRASE, **more):
    """Enter somebody by a link for a meeting."""
    return library.join(token, login, "Ola Ås", password, **more)


class TestALinkForAPassword:
    def test_opens_once_and_signs_in(self, any_library):
        """
        Who forgot the password may be known to somebody else who sits at the machine where they are signed in still.
        """
        any_library.set_password("leder", OTHER, by="redaktor")
        forgotten = any_library.sign_in("leder", OTHER)
        link = any_library.invite("leder", by="redaktor")

        seen = any_library.password_link(link.token)
        made = any_library.choose_password(link.token, PHRASE, device="Firefox")

        assert (seen.login, seen.is_new) == ("leder", False)
        assert any_library.signed_in(made.token).actor == any_library._actor("leder")
        assert any_library.signed_in(forgotten.token) is None
        assert any_library.sign_in("leder", PHRASE)
        for again in (any_library.password_link, lambda token: any_library.choose_password(token, OTHER)):
            with pytest.raises(LinkNotValid):
                again(link.token)

    def test_is_kept_as_nothing_that_opens_anything(self, any_library):
        link = any_library.invite("leder", by="redaktor")

        (row,) = rows(any_library, PasswordLinkRow)
        assert link.token not in (row.id, row.actor_id)
        for wrong in (row.id, row.id[:43], link.token[:-1], "", "å" * 43):
            with pytest.raises(LinkNotValid):
                any_library.password_link(wrong)

    def test_holds_when_the_password_was_too_short(self, any_library):
        """
        Else whoever tries a short one must go and ask again.
        """
        link = any_library.invite("leder", by="redaktor")

        with pytest.raises(Refused) as refused:
            any_library.choose_password(link.token, "kort")

        assert [type(one) for one in refused.value.reasons] == [PasswordTooShort]
        assert any_library.password_link(link.token).is_new
        assert any_library.choose_password(link.token, PHRASE)

    def test_is_replaced_by_the_next_and_over_after_a_week(self, any_library, clock):
        first = any_library.invite("leder", by="redaktor")
        second = any_library.invite("leder", by="redaktor")

        with pytest.raises(LinkNotValid):
            any_library.password_link(first.token)
        assert any_library.password_link(second.token)
        clock.forward(days=PASSWORD_LINK_LASTS.days, seconds=1)
        with pytest.raises(LinkNotValid):
            any_library.choose_password(second.token, PHRASE)

    def test_leaves_the_password_there_is_until_it_is_used(self, any_library):
        """
        A link that is made for somebody who did not ask locks nobody out.
        """
        any_library.set_password("leder", OTHER, by="redaktor")

        any_library.invite("leder", by="redaktor")

        assert any_library.sign_in("leder", OTHER)

    def test_is_made_by_those_alone_who_could_give_every_role_that_is_taken_over(self, any_library):
        """
        The editor works in Fauske too. Whoever is responsible there must not become the editor by a link.
        """
        library = any_library
        library.grant("redaktor", Role.EMPLOYEE, FAUSKE, by="redaktor")
        library.add_person("ny", "Ny Ansatt", by="ansvarlig.fauske")
        library.add_person("ny.i.beiarn", "Ny Annen", by="redaktor")

        assert library.invite("ansatt.fauske", by="ansvarlig.fauske").token
        assert library.invite("ny", by="ansvarlig.fauske").token
        for who in ("redaktor", "leder", "medlem.beiarn", "beslutter.beiarn", "ny.i.beiarn"):
            with pytest.raises(NotAllowed) as refused:
                library.invite(who, by="ansvarlig.fauske")
            assert refused.value.reasons == (MayNotHelp(),), who
        library.grant("ansatt.fauske", "member", NETWORK, by="redaktor", from_on=library.today + timedelta(days=9))
        with pytest.raises(NotAllowed):
            library.invite("ansatt.fauske", by="ansvarlig.fauske")

    def test_is_never_for_oneself(self, any_library):
        """
        A browser that somebody left open would else be enough to keep their account.
        """
        with pytest.raises(Refused) as refused:
            any_library.invite("redaktor", by="redaktor")

        assert refused.value.reasons == (LinkForOneself(),)


class TestALinkForAMeeting:
    def test_lets_those_who_are_there_enter_themselves_with_a_role(self, any_library):
        meeting = any_library.open_meeting(FAUSKE, "employee", by="ansvarlig.fauske")

        made = entered(any_library, meeting.token, " Ola@Fauske.example ")

        one = any_library.person("ola@fauske.example")
        assert any_library.signed_in(made.token).actor == one.actor
        assert (one.name, one.roles) == ("Ola Ås", ((Role.EMPLOYEE, FAUSKE),))
        assert any_library.sign_in("ola@fauske.example", PHRASE)
        kinds = [
            (each.kind, each.actor_id) for each in sorted(rows(any_library, DecisionRow), key=lambda row: row.number)
        ]
        maker = any_library._actor("ansvarlig.fauske")
        assert kinds[-2:] == [("person_added", maker), ("role_granted", maker)]

    def test_asks_a_network_s_member_where_they_work(self, any_library):
        """
        Agreement counts municipalities, so a member without one would count for nothing.
        """
        meeting = any_library.open_meeting(NETWORK, "member", by="redaktor")

        assert any_library.meeting(meeting.token).asks_for_municipality
        with pytest.raises(InvalidRequest):
            entered(any_library, meeting.token)
        entered(any_library, meeting.token, municipality="Hamarøy")

        assert set(any_library.person("ola@fauske.example").roles) == {
            (Role.EMPLOYEE, "municipality:1875"), (Role.MEMBER, NETWORK),
        }  # fmt: skip
        assert any_library.verify().faults == ()

    def test_sent_twice_enters_once(self, any_library):
        meeting = any_library.open_meeting(FAUSKE, "employee", by="redaktor", places=2)

        first = entered(any_library, meeting.token, decision_id="web-1")
        again = entered(any_library, meeting.token, decision_id="web-1")

        assert first.actor == again.actor
        assert any_library.meeting(meeting.token).places_left == 1
        with pytest.raises(NotAllowed):
            entered(any_library, meeting.token, password=OTHER, decision_id="web-1")

    def test_never_opens_the_account_of_somebody_who_is_there_already(self, any_library):
        any_library.set_password("leder", OTHER, by="redaktor")
        meeting = any_library.open_meeting(FAUSKE, "employee", by="redaktor", places=1)

        with pytest.raises(LoginTaken):
            entered(any_library, meeting.token, "leder")

        assert any_library.sign_in("leder", OTHER)
        assert any_library.meeting(meeting.token).places_left == 1

    def test_is_over_when_full_when_late_and_when_closed(self, any_library, clock):
        full = any_library.open_meeting(FAUSKE, "employee", by="redaktor", places=1)
        closed = any_library.open_meeting(FAUSKE, "employee", by="redaktor")
        late = any_library.open_meeting(FAUSKE, "employee", by="redaktor", hours=1)
        entered(any_library, full.token)
        others = (
            any_library.close_meeting(closed.key, by="ansvarlig.fauske"),
            any_library.close_meeting("", by="redaktor"),
        )
        mine = (
            any_library.close_meeting(closed.key, by="redaktor"),
            any_library.close_meeting(closed.key, by="redaktor"),
        )
        clock.forward(hours=1, seconds=1)

        assert (others, mine) == ((False, False), (True, False))
        for one in (full, closed, late):
            with pytest.raises(LinkNotValid):
                any_library.meeting(one.token)
            with pytest.raises(LinkNotValid):
                entered(any_library, one.token, "kari@fauske.example")
        assert [one.login for one in any_library.people() if one.login and "@" in one.login] == ["ola@fauske.example"]

    @pytest.mark.parametrize(
        ("body", "role"), [(FAUSKE, "responsible"), (FAUSKE, "decider"), (NETWORK, "leader"), ("library", "editor"), (FAUSKE, "member")]
    )  # fmt: skip
    def test_gives_no_role_that_decides_for_others(self, any_library, body, role):
        """
        A picture of the screen may be anywhere: who decides is given that by name.
        """
        with pytest.raises(InvalidRequest):
            any_library.open_meeting(body, role, by="redaktor")

    @pytest.mark.parametrize("more", [{"hours": 0}, {"hours": 13}, {"places": 0}, {"places": 61}])
    def test_lasts_as_long_as_a_meeting_and_no_longer(self, any_library, more):
        with pytest.raises(InvalidRequest):
            any_library.open_meeting(FAUSKE, "employee", by="redaktor", **more)

    def test_gives_nothing_once_whoever_made_it_may_not(self, any_library):
        meeting = any_library.open_meeting(FAUSKE, "employee", by="ansvarlig.fauske")
        any_library.revoke("ansvarlig.fauske", "responsible", FAUSKE, by="redaktor")

        with pytest.raises(NotAllowed):
            entered(any_library, meeting.token)

        assert "ola@fauske.example" not in [one.login for one in any_library.people()]

    def test_is_seen_by_whoever_made_it(self, any_library):
        made = any_library.open_meeting(FAUSKE, "employee", by="redaktor")

        (seen,) = any_library.meetings(by="redaktor")

        assert (seen.key, seen.body, seen.places_left) == (made.key, FAUSKE, 30)
        assert any_library.meetings(by="ansvarlig.fauske") == []


def test_no_link_opens_anything_in_a_library_that_was_put_back(any_library):
    """
    It may have been used, or taken back, after the backup was made.
    """
    password, meeting = (
        any_library.invite("leder", by="redaktor"),
        any_library.open_meeting(FAUSKE, "employee", by="redaktor"),
    )

    with any_library._parts.database.writing() as session:
        end_sessions(session.connection())

    assert rows(any_library, PasswordLinkRow) == rows(any_library, MeetingLinkRow) == []
    with pytest.raises(LinkNotValid):
        any_library.password_link(password.token)
    with pytest.raises(LinkNotValid):
        any_library.meeting(meeting.token)


def test_whoever_is_erased_leaves_no_link(any_library):
    any_library.add_person("annen.redaktor", "Annen", by="redaktor")
    any_library.grant("annen.redaktor", "editor", "library", by="redaktor")
    any_library.invite("leder", by="annen.redaktor")
    any_library.invite("annen.redaktor", by="redaktor")
    any_library.open_meeting(FAUSKE, "employee", by="annen.redaktor")

    any_library.erase_person("annen.redaktor", reason="Slutter.", by="redaktor")

    assert rows(any_library, PasswordLinkRow) == rows(any_library, MeetingLinkRow) == []
