"""Letters as they arrive at a real mail server: what stands in them, when they are sent, and that each is sent once."""

import re
import threading
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from sqlmodel import select

from samrutine.errors import InvalidRequest, LinkNotValid
from samrutine.letters.errors import MailNotSet, MailNotTaken, MailPasswordUnusable
from samrutine.letters.model import Kind, letter_of_hearing, next_try, week_of_letter
from samrutine.letters.post import Post
from samrutine.storage.rows import LetterLinkRow, LetterRow
from tests.letters.conftest import give_address, set_mail
from tests.support.stories import approve_with_everyone
from tests.support.texts import a_routine

FRIDAY = datetime(2026, 11, 27, 6, 30, tzinfo=UTC)
"""Half past seven in Norway."""
LINK = re.compile(r"http://localhost/i/([A-Za-z0-9_-]{43})")
DECIDER = "beslutter.fauske@fauske.example"


@pytest.fixture
def library(home):
    """The library on a Friday morning."""
    home.clock.now = FRIDAY
    with home.opened() as opened:
        yield opened


def body(letter, kind="plain"):
    """Give a part of a letter."""
    return letter.get_body((kind,)).get_content().replace("\r\n", "\n")


def letter_to(box, address):
    """Give the one letter that somebody got."""
    (found,) = [one for one in box.letters if one["To"] == address]
    return found


def rows(library):
    """Give what is written down of all letters."""
    with library._parts.database.reading() as session:
        return session.exec(select(LetterRow).order_by(LetterRow.key)).all()


class TestWhenOneIsDue:
    @pytest.mark.parametrize(
        ("now", "week"),
        [
            (datetime(2026, 11, 26, 23, 30, tzinfo=UTC), None),
            (datetime(2026, 11, 27, 5, 59, tzinfo=UTC), None),
            (datetime(2026, 11, 27, 6, 0, tzinfo=UTC), "2026-W48"),
            (datetime(2026, 7, 24, 4, 59, tzinfo=UTC), None),
            (datetime(2026, 7, 24, 5, 0, tzinfo=UTC), "2026-W30"),
            (datetime(2026, 11, 27, 22, 59, tzinfo=UTC), "2026-W48"),
            (datetime(2026, 11, 27, 23, 0, tzinfo=UTC), None),
            (datetime(2027, 1, 1, 9, 0, tzinfo=UTC), "2026-W53"),
            (datetime(2026, 3, 27, 6, 0, tzinfo=UTC), "2026-W13"),
            (datetime(2026, 4, 3, 5, 0, tzinfo=UTC), "2026-W14"),
        ],
        ids=["Friday night in Norway", "a minute to seven", "seven", "a minute to seven in summer", "seven in summer",
             "late", "Saturday in Norway", "week 53 in the next year", "the last in winter time", "the first in summer time"],
    )  # fmt: skip
    def test_it_is_friday_from_seven_in_norway(self, now, week):
        """
        It lies there when people come to work, summer and winter.
        """
        assert week_of_letter(now) == week

    @pytest.mark.parametrize(
        ("opened", "deadline", "kind"),
        [(0, 21, Kind.HEARING), (14, 7, Kind.HEARING), (15, 7, None), (10, 3, Kind.HEARING_SOON),
         (10, 0, Kind.HEARING_SOON), (10, -1, None), (2, 3, Kind.HEARING)],
        ids=["new", "two weeks old", "older", "three days left", "the last day", "too late", "new and short"],
    )  # fmt: skip
    def test_a_hearing_is_told_of_when_it_opens_and_before_its_last_day(self, opened, deadline, kind):
        today = date(2026, 11, 23)

        assert letter_of_hearing(today - timedelta(opened), today + timedelta(deadline), today) is kind

    def test_what_fails_is_tried_ever_later_and_then_given_up(self):
        times = [next_try(tries, FRIDAY) for tries in range(1, 9)]

        assert times[0] == FRIDAY + timedelta(minutes=5)
        assert all(a <= b for a, b in pairwise(times[:-1]))
        assert times[-1] is None


class TestFredagsbrev:
    def test_says_what_waits_in_both_parts_with_a_link_to_each(self, library, box):
        """
        A decision is a click away, in whichever program one reads letters.
        """
        sent = library.send_letters()

        letter = letter_to(box, DECIDER)
        assert (sent.sent, sent.waiting, sent.given_up) == (2, 0, 0)
        assert letter["Subject"] == "Fredagsbrev: én sak venter på deg"
        assert letter["From"] == "Felles rutiner <rutiner@salten.example>"
        assert body(letter).startswith("Hei, Kåre!\n\nGod fredag!")
        assert "Håndhygiene" in body(letter)
        assert "Ta stilling til · Fauske" in body(letter)
        assert set(LINK.findall(body(letter))) == set(LINK.findall(body(letter, "html")))
        assert "<img" not in body(letter, "html")

    def test_its_links_open_the_page_where_one_decides(self, library, box):
        library.send_letters()

        found = library.letter_link(LINK.search(body(letter_to(box, DECIDER)))[1])

        assert found.actor == library.person("beslutter.fauske").actor
        assert found.page == "/rutine/handhygiene/beslutning"

    def test_its_links_hold_for_two_weeks_and_only_their_hash_is_kept(self, library, home, box):
        library.send_letters()
        token = LINK.search(body(letter_to(box, DECIDER)))[1]

        with library._parts.database.reading() as session:
            assert token not in {one.id for one in session.exec(select(LetterLinkRow))}
        home.clock.now = datetime(2026, 12, 11, 22, 59, tzinfo=UTC)
        library.letter_link(token)
        home.clock.forward(minutes=2)
        for wrong in (token, "x" * 43, "../..", ""):
            with pytest.raises(LinkNotValid):
                library.letter_link(wrong)

    def test_comes_once_a_week_and_keeps_quiet_when_there_is_nothing(self, library, home, box):
        """
        A letter that says nothing teaches people not to read the next.
        """
        give_address(library, "skribent", "skribent@meloy.example")
        library.send_letters()
        home.clock.forward(hours=5)
        library.adopt("handhygiene", "fauske", by="beslutter.fauske")

        library.send_letters()

        assert "skribent@meloy.example" not in box.to
        assert len(box.to) == 2
        assert [one.state for one in rows(library)] == ["sent", "sent", "silent"]
        home.clock.forward(days=7, hours=-5)
        library.send_letters()
        assert len(box.to) > 2

    def test_none_is_written_on_other_days(self, library, home, box):
        home.clock.forward(days=1)

        assert library.send_letters().sent == 0
        assert rows(library) == []

    def test_only_the_first_twelve_are_named(self, library, home, box):
        for number in range(15):
            approve_with_everyone(library, a_routine(f"rutine-{number}", title=f"Rutine {number}"))
        library.send_letters()

        words = body(letter_to(box, DECIDER))

        assert letter_to(box, DECIDER)["Subject"] == "Fredagsbrev: 16 saker venter på deg"
        assert words.partition("Nytt for deg")[0].count("Ta stilling til") == 12
        assert "… og 4 til." in words

    def test_what_waits_is_not_told_as_new_too(self, library, box):
        library.send_letters()

        assert body(letter_to(box, DECIDER)).count("Håndhygiene") == 1

    def test_is_in_the_language_one_chose(self, library, box):
        library.choose_letters(weekly=True, language="nn", by="beslutter.fauske")
        library.choose_letters(weekly=True, language="en", by="ansvarlig.fauske")

        library.send_letters()

        assert "ventar på deg" in letter_to(box, DECIDER)["Subject"]
        assert "thing waits for you" in letter_to(box, "ansvarlig.fauske@fauske.example")["Subject"]
        with pytest.raises(InvalidRequest):
            library.choose_letters(weekly=True, language="se", by="beslutter.fauske")

    def test_one_says_no_by_a_link_in_it_without_signing_in(self, library, home, box):
        library.send_letters()
        letter = letter_to(box, DECIDER)
        stop = re.search(r"http://localhost/brev/(\S+)", body(letter))

        library.stop_letters(stop[1])

        assert letter["List-Unsubscribe"].strip() == f"<{stop[0]}>"
        assert not library.letter_choice(by="beslutter.fauske").weekly
        with pytest.raises(LinkNotValid):
            library.stop_letters(LINK.search(body(letter))[1])
        home.clock.forward(days=7)
        box.empty()
        library.send_letters()
        assert DECIDER not in box.to

    def test_nothing_in_a_name_or_title_begins_a_new_head(self, library, box):
        """
        Whoever writes a title must not write to others in the library's name.
        """
        give_address(library, "beslutter.fauske", DECIDER, "Kåre\r\nBcc: alle@annet.example")
        routine = a_routine("farlig", title="Farlig Bcc alle@annet.example")
        approve_with_everyone(library, routine)
        library.send_letters()

        letter = letter_to(box, DECIDER)

        assert letter["Bcc"] is None
        assert body(letter).startswith("Hei, Kåre!")
        assert sorted(box.to) == sorted([DECIDER, "ansvarlig.fauske@fauske.example"])

    def test_an_address_that_is_none_is_given_up_and_stops_nobody_elses(self, library, box):
        give_address(library, "beslutter.fauske", "a@b.example\r\nBcc: c@d.example")

        sent = library.send_letters()

        assert (sent.sent, sent.given_up) == (1, 1)
        assert box.to == ["ansvarlig.fauske@fauske.example"]


class TestWhatMayNotStandInOne:
    def test_the_title_of_what_is_exempt_is_not_sent(self, library, box):
        """
        Others may read a letter on its way.
        """
        approve_with_everyone(library, a_routine("nokkelskap", title="Nøkkelskapet i kjelleren", access="exempt"))
        library.send_letters()

        everything = "".join(body(one) + body(one, "html") + one["Subject"] for one in box.letters)

        assert "Nøkkelskap" not in everything
        assert "Noe som er unntatt offentlighet" in body(letter_to(box, DECIDER))

    def test_what_somebody_wrote_in_a_free_field_is_not_sent(self, library, box):
        give_address(library, "leder", "leder@fauske.example")
        library.wish("Hva gjør vi for Ola i 3B?", network="smittevern", by="skribent")
        library.send_letters()

        words = body(letter_to(box, "leder@fauske.example"))

        assert "Ola" not in words
        assert "Svare på ønske" in words

    def test_a_letter_that_waited_is_not_sent_when_its_reader_may_not_know_any_more(self, library, home, box):
        box.answers = ["450 later"] * 9
        approve_with_everyone(library, a_routine("nokkelskap", title="Nøkkelskap", access="exempt"))
        library.send_letters()
        box.empty()
        library.revoke("ansvarlig.fauske", "responsible", "municipality:1841", by="redaktor")
        home.clock.forward(hours=1)

        sent = library.send_letters()

        assert (sent.sent, sent.given_up) == (1, 1)
        assert box.to == [DECIDER]
        assert "hidden" in {one.fault for one in rows(library)}

    def test_no_letter_to_anybody_holds_a_title_that_they_may_not_read(self, library, box):
        """
        Whoever is let into more than one room must not carry titles from one to the other.
        """
        for person in library.people():
            give_address(library, person.login, f"{person.login}@her.example")
        library.add_person("andre", "Andre", email="andre@her.example", by="redaktor")
        library.grant("andre", "leader", "network:omsorg", by="redaktor")
        for access in ("open", "internal", "exempt"):
            approve_with_everyone(library, a_routine(f"r-{access}", title=f"Rutine {access}", access=access))
            library.propose(a_routine(f"u-{access}", title=f"Utkast {access}", access=access), by="leder")
            made = library.propose(a_routine(f"h-{access}", title=f"Hørt {access}", access=access), by="leder")
            parties = [f"municipality:{number}" for number in ("1839", "1841")]
            library.open_hearing(made.proposal, digest=made.digest, by="redaktor", parties=parties)

        library.send_letters()

        assert len(box.letters) > 15
        for letter in box.letters:
            words = letter["Subject"] + body(letter) + body(letter, "html")
            reader = letter["To"].partition("@")[0]
            known = {one.title for one in library.procedures(reader=reader)}
            known |= {one.title for one in library.proposals(reader=reader)}
            told = {
                f"{kind} {access}" for kind in ("Rutine", "Utkast", "Hørt") for access in ("open", "internal", "exempt")
            }
            assert {one for one in told if one in words} <= known
            assert "exempt" not in words

    def test_words_go_when_the_letter_is_gone(self, library):
        library.send_letters()

        assert {(one.subject, one.plain, one.html, one.stop) for one in rows(library)} == {("", "", "", "")}


class TestHearing:
    def _opened(self, library, **how):
        made = library.propose(a_routine("ny", title="Ny rutine"), by="skribent")
        library.open_hearing(
            made.proposal, digest=made.digest, by="leder", parties=["municipality:1841", "municipality:1839"], **how
        )
        return made.proposal

    def test_those_who_may_answer_are_invited_once_and_reminded_once(self, library, home, box):
        home.clock.now = FRIDAY - timedelta(days=4)
        proposal = self._opened(library)
        library.send_letters()
        library.send_letters()

        letter = letter_to(box, DECIDER)
        assert letter["Subject"] == "Høring: Ny rutine. Svar innen 14.12.2026"
        pages = {library.letter_link(one).page for one in LINK.findall(body(letter))}
        assert pages == {f"/forslag/{proposal}/horing", f"/forslag/{proposal}/ingen-merknader/municipality:1841"}
        assert len(box.to) == 2
        home.clock.now = datetime(2026, 12, 14, 20, tzinfo=UTC)
        assert library.letter_link(LINK.search(body(letter))[1])
        box.empty()
        home.clock.now = datetime(2026, 12, 12, 9, tzinfo=UTC)
        library.send_letters()
        assert letter_to(box, DECIDER)["Subject"] == "Husk høringen: Ny rutine. Siste dag er 14.12.2026"
        library.send_letters()
        assert len(box.to) == 2

    def test_nobody_is_reminded_of_what_their_own_have_answered(self, library, home, box):
        home.clock.now = FRIDAY - timedelta(days=4)
        proposal = self._opened(library)
        library.answer_hearing(proposal, "municipality:1841", no_remarks=True, by="beslutter.fauske")
        home.clock.now = datetime(2026, 12, 12, 9, tzinfo=UTC)

        library.send_letters()

        assert box.to == []


class TestServersThatFail:
    @pytest.mark.parametrize(
        ("answers", "at_data", "fault", "state"),
        [
            (["450 later"] * 2, None, "refused-now", "waiting"),
            (["550 no such box"] * 2, None, "refused", "given-up"),
            ([], "451 try again", "refused-now", "waiting"),
            ([], "554 spam", "refused", "given-up"),
            ([], "close", "unreachable", "waiting"),
        ],
        ids=["not now", "never", "not now, after all", "never, after all", "closes"],
    )
    def test_it_is_written_down_why_and_tried_again_where_that_may_help(
        self, library, home, box, answers, at_data, fault, state
    ):
        box.answers, box.at_data = answers, at_data
        library.send_letters()

        assert {(one.fault, one.state) for one in rows(library) if one.fault} == {(fault, state)}
        seen = library.letters(by="redaktor")
        assert seen.counts[state] >= 1
        assert {one.fault for one in seen.failed} == {fault}
        box.empty()
        home.clock.forward(hours=1)
        library.send_letters()
        assert len(box.to) == (2 if state == "waiting" else 0)

    def test_one_that_hangs_or_is_not_there_stops_nothing(self, library, home, box, monkeypatch):
        box.at_data = "hang"
        monkeypatch.setattr("samrutine.letters.post._SECONDS", 0.3)
        monkeypatch.setattr(Post.__init__, "__kwdefaults__", {"seconds": 0.3})

        assert library.send_letters().waiting == 1

        assert "too-slow" in {one.fault for one in rows(library)}
        library.adopt("handhygiene", "fauske", by="beslutter.fauske")
        set_mail(home, 1)
        with home.opened() as other:
            assert other.send_letters().waiting == 1
        assert "unreachable" in {one.fault for one in rows(library)}

    def test_it_is_given_up_in_the_end_and_shown(self, library, home, box):
        for _ in range(9):
            box.answers = ["450 later"] * 2
            library.send_letters()
            home.clock.forward(days=1)

        assert {one.state for one in rows(library) if one.key.startswith("weekly:2026-W48")} == {"given-up"}
        assert library.letters(by="redaktor").counts["given-up"] == 2
        assert library.letters(by="leder").counts is None

    def test_where_a_closed_way_is_asked_for_and_there_is_none_nothing_is_sent(self, library, home, box, smtp_server):
        set_mail(home, smtp_server[1], security="starttls")

        with home.opened() as other:
            other.send_letters()

        assert box.raw == []
        assert "not-secure" in {one.fault for one in rows(library)}


class TestOnce:
    def test_killed_after_it_was_sent_it_is_the_same_letter_again(self, library, home, box, monkeypatch):
        """
        Under the same Message-ID a mail program shows it once.
        """
        with killed_when(monkeypatch, sent=True):
            library.send_letters()
        home.clock.forward(minutes=11)

        library.send_letters()

        again = [one for one in box.raw if message_id(one) == message_id(box.raw[0])]
        assert len(again) == 2
        assert again[0] == again[1]
        assert len(box.raw) == 3

    def test_killed_before_it_was_sent_it_is_sent_once(self, library, home, box, monkeypatch):
        with killed_when(monkeypatch, sent=False):
            library.send_letters()
        home.clock.forward(minutes=11)

        library.send_letters()

        assert sorted(box.to) == sorted([DECIDER, "ansvarlig.fauske@fauske.example"])

    def test_two_who_send_at_once_send_each_letter_once(self, library, home, box):
        for number in range(6):
            login = f"ansatt.{number}"
            library.add_person(login, f"Ansatt {number}", email=f"{login}@fauske.example", by="redaktor")
            library.grant(login, "responsible", "municipality:1841", by="redaktor")
        start = threading.Barrier(2)

        def send():
            with home.opened() as mine:
                start.wait()
                mine.send_letters()

        threads = [threading.Thread(target=send) for _ in range(2)]
        for one in threads:
            one.start()
        for one in threads:
            one.join()

        assert len(box.to) == len(set(box.to)) == 8


class TestErasingAndSettings:
    def test_who_is_erased_gets_none_and_nothing_of_theirs_is_left(self, library, home, box):
        box.answers = ["450 later"] * 2
        library.send_letters()
        box.empty()
        library.erase_person("ansvarlig.fauske", reason="Slutter.", by="redaktor")
        home.clock.forward(hours=1)

        library.send_letters()

        assert box.to == [DECIDER]
        assert len(rows(library)) == 1

    def test_without_a_server_it_says_how_one_is_set(self, home_with_routine, box):
        with home_with_routine.opened() as library:
            assert not library.sends_letters
            for act in (library.send_letters, library.write_letters, lambda: library.try_letter(by="redaktor")):
                with pytest.raises(MailNotSet, match=r"mail\.server, mail\.sender, address"):
                    act()
            assert rows(library) == []

    def test_the_password_lies_outside_the_home_where_nobody_else_reads_it(
        self, home, tmp_path, monkeypatch, smtp_server
    ):
        outside, inside = tmp_path / "passord", home.path / "passord"
        for path in (outside, inside):
            path.write_text("hemmelig")
            path.chmod(0o600)
        for path, why in ((inside, "in_home"), (tmp_path / "ingen", "missing")):
            set_mail(home, smtp_server[1], user="rutiner", password_file=str(path))
            with home.opened() as library, pytest.raises(MailPasswordUnusable) as refused:
                library.send_letters()
            assert refused.value.why == why
        set_mail(home, smtp_server[1], user="rutiner", password_file=str(outside))
        with home.opened() as library:
            outside.chmod(0o644)
            with pytest.raises(MailPasswordUnusable):
                library.send_letters()
            monkeypatch.setenv("SAMRUTINE_MAIL_PASSWORD", "fra miljøet")
            library._letters()._post.require_set("x")

    def test_a_letter_to_try_tells_at_once_whether_it_was_taken(self, library, box):
        assert library.try_letter(by="redaktor", to="meg@her.example") == "meg@her.example"
        assert box.to == ["meg@her.example"]

        box.answers = ["550 no such box"]
        with pytest.raises(MailNotTaken, match="godtar ikke adressen"):
            library.try_letter(by="redaktor", to="meg@her.example")
        for wrong in (None, "ingen", "a@b\r\nBcc: c@d.example"):
            with pytest.raises(InvalidRequest):
                library.try_letter(by="redaktor", to=wrong)


def message_id(raw):
    """Give the Message-ID of the bytes of a letter."""
    return re.search(rb"(?im)^message-id: (\S+)", raw)[1]


class _Killed(BaseException):
    """No error of ours: nothing catches it."""


@contextmanager
def killed_when(monkeypatch, *, sent):
    """Be killed at the first letter: when the server has taken it, or before."""
    real = Post.send

    def send(post, message, to):
        if sent:
            real(post, message, to)
        raise _Killed

    with monkeypatch.context() as patched:
        patched.setattr(Post, "send", send)
        with pytest.raises(_Killed):
            yield
