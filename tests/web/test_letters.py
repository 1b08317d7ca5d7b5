"""What letters lead to in a browser: their links, saying no to them, answering in one click, and one's calendar."""

import html
import re
from datetime import UTC, datetime

import pytest

from tests.letters.conftest import box, give_address, set_mail, smtp_server  # noqa: F401  fixtures
from tests.support.texts import a_routine
from tests.web.conftest import HERE, post

FRIDAY = datetime(2026, 11, 27, 8, tzinfo=UTC)


@pytest.fixture
def sent(site, box, smtp_server):  # noqa: F811  the fixtures above
    """The letter that the decider of Fauske got this Friday, as plain text."""
    set_mail(site.home, smtp_server[1])
    site.home.clock.now = FRIDAY
    with site.home.opened() as library:
        give_address(library, "beslutter.fauske", "kare@fauske.example", "Kåre Ås")
        made = library.propose(a_routine("ny", title="Ny rutine"), by="skribent")
        library.open_hearing(made.proposal, digest=made.digest, by="leder", parties=["municipality:1841"])
        library.send_letters()
    return {one["Subject"].partition(":")[0]: one.get_body(("plain",)).get_content() for one in box.letters}


def paths(text, kind="i"):
    return re.findall(rf"http://localhost(/{kind}/[A-Za-z0-9_-]+)", text)


class TestLinks:
    def test_one_signs_in_first_and_is_then_right_there(self, site, sent):
        """
        A letter that is forwarded opens nothing.
        """
        pages = {site.signed_in("beslutter.fauske").get(one).headers["location"] for one in paths(sent["Fredagsbrev"])}

        asked = site.anybody.get(paths(sent["Fredagsbrev"])[0])

        assert "/rutine/handhygiene/beslutning" in pages
        assert asked.headers["location"].startswith("/logg-inn?neste=%2Fi%2F")
        assert "set-cookie" not in asked.headers

    def test_they_open_nothing_for_others_and_when_they_are_wrong(self, site, sent):
        leader = site.signed_in("leder")

        for path in (
            *paths(sent["Fredagsbrev"]),
            "/i/" + "x" * 43,
            paths(sent["Fredagsbrev"], "brev")[0].replace("brev", "i"),
        ):
            assert leader.get(path).status_code == 404

    def test_looking_at_the_page_that_says_no_changes_nothing_and_its_button_does(self, site, sent):
        """
        Filters follow every link in a letter before anybody reads it.
        """
        (path,) = paths(sent["Fredagsbrev"], "brev")
        with site.home.opened() as library:
            site.anybody.get(path)
            assert library.letter_choice(by="beslutter.fauske").weekly
            done = site.anybody.post(path, headers={"Origin": HERE})
            assert not library.letter_choice(by="beslutter.fauske").weekly

        assert "Du får ikke fredagsbrevet lenger" in done.text
        assert site.anybody.post("/brev/" + "x" * 43, headers={"Origin": HERE}).status_code == 404


class TestNoRemarks:
    def test_is_a_page_with_one_button_which_answers(self, site, sent):
        decider = site.signed_in("beslutter.fauske")
        path = decider.get(paths(sent["Høring"])[1]).headers["location"]

        shown = decider.get(path)
        with site.home.opened() as library:
            proposal = path.split("/")[2]
            assert library.hearing(proposal, reader="leder").parties[0].answer == "none"
            form = re.search(
                r'<form method="post" action="(/forslag/[^"]+/horing)">(.*?)</form>', shown.text, re.DOTALL
            )
            fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form[2]))
            answered = decider.post(form[1], data=fields, headers={"Origin": HERE})

            assert answered.status_code == 303
            assert library.hearing(proposal, reader="leder").parties[0].answer == "no-remarks"
        assert form[2].count("<button") == 1
        assert decider.get(path.replace("1841", "1839")).status_code == 404


class TestCalendarAndLetters:
    def test_the_address_is_shown_once_and_gives_a_calendar_to_whoever_has_it(self, site):
        decider = site.signed_in("beslutter.fauske")

        made = post(decider, "/meg/kalender/adresse", page="/meg/kalender")
        path = re.search(r'value="http://localhost(/kalender/[\w-]+\.ics)"', made.text)[1]
        answer = site.anybody.get(path)

        assert f"webcal://localhost{path}" in made.text
        assert path not in decider.get("/meg/kalender").text
        assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
        assert answer.content.startswith(b"BEGIN:VCALENDAR\r\n")
        assert site.anybody.get(path, headers={"If-None-Match": answer.headers["etag"]}).status_code == 304
        post(decider, "/meg/kalender/avslutt", page="/meg/kalender")
        assert site.anybody.get(path).status_code == 404

    def test_one_chooses_letters_and_their_language(self, site):
        decider = site.signed_in("beslutter.fauske")

        done = post(decider, "/meg/kalender", {"brevsprak": "nn"}, page="/meg/kalender")
        refused = post(decider, "/meg/kalender", {"brevsprak": "xx"}, page="/meg/kalender")

        assert (done.status_code, refused.status_code) == (303, 422)
        with site.home.opened() as library:
            choice = library.letter_choice(by="beslutter.fauske")
        assert (choice.weekly, choice.language) == (False, "nn")
        assert "kjenner ingen e-postadresse" in html.unescape(decider.get("/meg/kalender").text)
        assert "/meg/kalender" in decider.get("/meg").text
