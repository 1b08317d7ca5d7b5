"""Tokens of programs: what they look like, how long they hold, and whose they are."""

from datetime import timedelta

import pytest
from sqlmodel import select

from samrutine.errors import InvalidRequest, Refused
from samrutine.identity.tokens import (
    LONGEST_DAYS,
    MOST,
    PATTERN,
    Scope,
    TokenDayOver,
    TokenLastsTooLong,
    TooManyTokens,
    is_token,
)
from samrutine.recovery.outside import end_sessions
from samrutine.storage.rows import ApiTokenRow


def made(library, name="kvalitetssystemet", *, days=30, by="leder", scope="read"):
    """Make a token of somebody's."""
    return library.make_token(name, scope, last_day=library.today + timedelta(days=days), by=by)


def rows(library):
    """Give what is kept."""
    with library._parts.database.reading() as session:
        return session.exec(select(ApiTokenRow)).all()


class TestAToken:
    def test_is_kept_as_nothing_that_opens_anything(self, any_library):
        """
        Whoever reads the database, or a backup, gets no program in.
        """
        one = made(any_library)

        (row,) = rows(any_library)
        assert one.token not in (row.id, row.name)
        assert any_library.signed_in_by_token(row.id) is any_library.signed_in_by_token(one.key) is None
        assert any_library.signed_in_by_token(one.token).actor == any_library._actor("leder")

    def test_is_known_for_what_it_is_wherever_it_was_left(self, any_library):
        """
        A token in a script that was shared is found by those who look for secrets, and one with a wrong letter is no alarm.
        """
        token = made(any_library).token

        wrong = token[:-1] + ("0" if token[-1] != "0" else "1")

        assert PATTERN.fullmatch(token)
        assert token.startswith("samrutine_")
        assert (is_token(token), is_token(wrong), is_token(f"{token}\n")) == (True, False, False)
        assert [any_library.signed_in_by_token(one) for one in (wrong, "", "å" * 61)] == [None] * 3

    def test_holds_to_the_end_of_its_last_day_in_norway(self, any_library, clock):
        one = made(any_library, days=1)

        clock.forward(days=1)
        on_the_day = any_library.signed_in_by_token(one.token)
        clock.forward(days=1)

        assert on_the_day.key == one.key
        assert any_library.signed_in_by_token(one.token) is None
        assert any_library.tokens(by="leder") == []
        made(any_library, "et nytt")
        assert [row.name for row in rows(any_library)] == ["et nytt"]

    def test_says_when_it_was_last_used(self, any_library, clock):
        """
        One that nobody uses is to be ended, and whoever ends it must know.
        """
        one = made(any_library)
        (unused,) = any_library.tokens(by="leder")
        any_library.signed_in_by_token(one.token)
        (first,) = any_library.tokens(by="leder")
        clock.forward(minutes=10)
        any_library.signed_in_by_token(one.token)
        (again,) = any_library.tokens(by="leder")

        assert unused.seen_at is None
        assert again.seen_at - first.seen_at == timedelta(minutes=10)

    def test_is_seen_and_ended_by_whose_it_is_alone(self, any_library):
        one, scope = made(any_library, " fra  vaktlisten ", scope="write"), Scope.WRITE

        others = any_library.tokens(by="redaktor"), any_library.end_token(one.key, by="redaktor")
        (mine,) = any_library.tokens(by="leder")

        assert others == ([], False)
        assert (mine.name, mine.scope, mine.key) == ("fra vaktlisten", scope, one.key)
        assert not any_library.end_token("", by="leder")
        assert any_library.end_token(mine.key, by="leder")
        assert any_library.signed_in_by_token(one.token) is None
        assert not any_library.end_token(mine.key, by="leder")

    @pytest.mark.parametrize(
        ("days", "reason"), [(-1, TokenDayOver), (LONGEST_DAYS + 1, TokenLastsTooLong)], ids=["yesterday", "too long"]
    )
    def test_holds_a_year_at_the_most(self, any_library, days, reason):
        """
        Whoever made it may have left by then.
        """
        with pytest.raises(Refused) as refused:
            made(any_library, days=days)

        assert [type(one) for one in refused.value.reasons] == [reason]
        assert made(any_library, days=LONGEST_DAYS).last_day

    def test_is_one_of_twenty(self, any_library):
        for number in range(MOST):
            made(any_library, f"program {number}")

        with pytest.raises(Refused) as refused:
            made(any_library)

        assert refused.value.reasons == (TooManyTokens(MOST),)
        assert made(any_library, by="redaktor").token

    @pytest.mark.parametrize(("name", "scope"), [("", "read"), ("x" * 201, "read"), ("a\0b", "read"), ("a", "alt")])
    def test_has_a_name_and_a_scope_that_there_is(self, any_library, name, scope):
        with pytest.raises(InvalidRequest):
            made(any_library, name, scope=scope)

    def test_goes_with_whose_it_was(self, any_library):
        any_library.add_person("vikar", "Vikar", by="redaktor")
        one = made(any_library, by="vikar")

        data = any_library.own_data("vikar", by="vikar")
        any_library.erase_person("vikar", reason="Sluttet.", by="redaktor")

        assert [each["name"] for each in data["programs"]] == ["kvalitetssystemet"]
        assert any_library.signed_in_by_token(one.token) is None
        assert rows(any_library) == []

    def test_opens_nothing_after_a_restore(self, any_library):
        """
        One that was ended since the backup would be there again.
        """
        one = made(any_library)

        with any_library._parts.database.engine.begin() as connection:
            end_sessions(connection)

        assert any_library.signed_in_by_token(one.token) is None
        assert rows(any_library) == []
