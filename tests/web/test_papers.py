"""What is printed beside a routine, and the files that belong to it, as one gets them in a browser."""

import io
from urllib.parse import quote

import pikepdf
import pytest

from tests.support import files
from tests.support.stories import approve_with_everyone, change_with_everyone
from tests.support.texts import a_routine
from tests.web.conftest import post
from tests.web.test_pages import words

CARD = {"Formål": "Rask hjelp.", "Lommekort": "Trykk og rop.", "Framgangsmåte": "- [ ] Trykk\n- [ ] Rop"}
FORM = "Skjema på øya.pdf"


@pytest.fixture
def alarm(site):
    """A routine with a card, points to tick off and a file, in use in Fauske."""
    with site.home.opened() as library:
        approve_with_everyone(
            library, a_routine("alarm", title="Personalalarm", sections=CARD), attachments={FORM: files.pdf()}
        )
        library.adopt("alarm", "Fauske", by="beslutter.fauske")
    return site.signed_in("beslutter.fauske")


def pages_of(answer):
    """Give how many pages a PDF has."""
    with pikepdf.open(io.BytesIO(answer.content)) as opened:
        return len(opened.pages)


class TestPapers:
    def test_are_offered_where_the_routine_has_them(self, site, alarm):
        """
        A button that leads to «finnes ikke» teaches people not to press.
        """
        shown, other = words(alarm.get("/rutine/alarm").text), words(alarm.get("/rutine/handhygiene").text)

        assert all(one in shown for one in ("Lommekort", "Tom sjekkliste", "Vedlegg", FORM))
        assert not any(one in other for one in ("Lommekort", "Tom sjekkliste", "Vedlegg"))

    @pytest.mark.parametrize(
        ("address", "name"),
        [
            ("/rutine/alarm/lommekort.pdf", "alarm-1.0-fauske-lommekort.pdf"),
            ("/rutine/alarm/sjekkliste.pdf", "alarm-1.0-fauske-sjekkliste.pdf"),
            ("/rutine/alarm/lommekort.pdf?kommune=beiarn", "alarm-1.0-lommekort.pdf"),
        ],
    )
    def test_are_of_what_applies_there(self, alarm, address, name):
        answer = alarm.get(address)

        assert (answer.status_code, pages_of(answer)) == (200, 1)
        assert f'filename="{name}"' in answer.headers["content-disposition"]

    def test_say_what_changed(self, site):
        with site.home.opened() as library:
            change_with_everyone(library, a_routine(extra="Og besøkende."))
        browser = site.signed_in("beslutter.fauske")

        page = browser.get("/rutine/handhygiene/endret?fra=1.0&til=1.1").text
        answer = browser.get("/rutine/handhygiene/endret.pdf?fra=1.0&til=1.1")

        assert 'href="/rutine/handhygiene/endret.pdf?fra=1.0&amp;til=1.1"' in page
        assert (answer.status_code, pages_of(answer)) == (200, 1)

    @pytest.mark.parametrize("suffix", ["pdf", "docx"])
    def test_put_all_that_applies_in_one_file(self, alarm, suffix):
        answer = alarm.get(f"/handbok.{suffix}")

        assert answer.status_code == 200
        assert answer.headers["content-disposition"].startswith('attachment; filename="handbok-fauske-')
        assert answer.content[:2] == {"pdf": b"%P", "docx": b"PK"}[suffix]

    @pytest.mark.parametrize(
        "address", ["/handbok.exe", "/rutine/handhygiene/lommekort.pdf", "/rutine/handhygiene/sjekkliste.pdf"]
    )
    def test_that_are_not_are_told_of(self, alarm, address):
        answer = alarm.get(address)

        assert answer.status_code in {400, 404}
        assert "<h1>" in answer.text


class TestAttachments:
    def test_are_given_as_they_were_approved_under_their_own_names(self, alarm):
        """
        What somebody else made is kept by the browser, and never run here.
        """
        answer = alarm.get(f"/rutine/alarm/vedlegg/{quote(FORM)}")

        assert answer.content == files.pdf()
        assert answer.headers["content-type"] == "application/pdf"
        said = answer.headers["content-disposition"]
        assert said == f"attachment; filename=\"Skjema p_ _ya.pdf\"; filename*=UTF-8''{quote(FORM)}"
        assert answer.headers["x-content-type-options"] == "nosniff"

    def test_of_a_name_that_is_not_there_are_told_of(self, alarm):
        assert alarm.get("/rutine/alarm/vedlegg/annet.pdf").status_code == 404


class TestMadeKnown:
    def test_is_recorded_and_shown_with_what_nobody_was_told_of_first(self, site, alarm):
        """
        «Hvordan ble den gjort kjent?» is what an inspector asks.
        """
        with site.home.opened() as library:
            library.adopt("handhygiene", "Fauske", by="beslutter.fauske")
        form = {"rutine": "alarm 1.0", "hvordan": "meeting", "hvem": "Natteam sone 2", "dag": ""}

        made = post(alarm, "/kommune/gjort-kjent", form)

        assert made.headers["location"] == "/kommune/gjort-kjent"
        page = words(alarm.get("/kommune/gjort-kjent").text)
        assert "møte, Natteam sone 2 (Versjon 1.0)" in page
        assert page.index("Håndhygiene ikke gjort kjent") < page.index("Personalalarm gjort kjent")

    def test_is_refused_with_a_reason_and_what_was_written_stands(self, alarm):
        form = {"rutine": "alarm 1.0", "hvordan": "email", "hvem": "Natteam", "dag": "2099-01-01"}

        answer = post(alarm, "/kommune/gjort-kjent", form)

        assert answer.status_code == 422
        assert 'value="Natteam"' in answer.text
        assert '<option value="email" selected>' in answer.text

    def test_is_not_for_whoever_prepares_nothing(self, site, alarm):
        browser = site.signed_in("ansatt.fauske")

        page = browser.get("/kommune/gjort-kjent")
        answer = post(browser, "/kommune/gjort-kjent", {"rutine": "alarm 1.0", "hvordan": "meeting", "hvem": "Alle"})

        assert '<form method="post" action="/kommune/gjort-kjent">' not in page.text
        assert (answer.status_code, 'role="alert"' in answer.text) == (422, True)


class TestFeedback:
    @pytest.fixture
    def said(self, site):
        """Somebody said that something is wrong; gives its id."""
        with site.home.opened() as library:
            return library.give_feedback(
                "handhygiene", "Trinn 2 mangler såpe.", municipality="Fauske", by="ansatt.fauske"
            ).feedback

    def test_is_answered_by_whoever_leads(self, site, said):
        leader = site.signed_in("leder")
        shown = leader.get("/tilbakemeldinger").text

        made = post(leader, f"/tilbakemeldinger/{said}/svar", {"svar": "Takk, det retter vi."})

        assert "Trinn 2 mangler såpe." in shown
        assert made.headers["location"] == "/tilbakemeldinger"
        page = words(leader.get("/tilbakemeldinger").text)
        assert "Svar: Takk, det retter vi." in page
        assert f"/tilbakemeldinger/{said}/svar" not in leader.get("/tilbakemeldinger").text

    def test_is_followed_into_the_proposal_that_was_made_of_it(self, site, said):
        with site.home.opened() as library:
            proposal = library.propose(
                a_routine(extra="Med såpe."),
                changes="handhygiene",
                meaning="Bruk såpe.",
                from_version="1.0",
                by="skribent",
            ).proposal
        leader = site.signed_in("leder")

        made = post(leader, f"/tilbakemeldinger/{said}/forslag", {"forslag": proposal})

        assert made.status_code == 303
        assert f'href="/forslag/{proposal}"' in leader.get("/tilbakemeldinger").text

    def test_is_answered_by_nobody_else(self, site, said):
        reader = site.signed_in("ansatt.fauske")

        page = reader.get("/tilbakemeldinger").text
        answer = post(reader, f"/tilbakemeldinger/{said}/svar", {"svar": "Tull."})

        with site.home.opened() as library:
            assert library.feedback(reader="leder")[0].answer is None
        assert "Trinn 2 mangler såpe." in page
        assert "<textarea" not in page
        assert (answer.status_code, 'role="alert"' in answer.text) == (422, True)

    def test_waits_on_the_first_page_and_leads_here(self, site, said):
        assert 'href="/tilbakemeldinger"' in site.signed_in("leder").get("/").text


class TestReviews:
    def test_are_listed_and_recorded(self, site):
        """
        The day stands in the front matter; somebody must say that it was done.
        """
        with site.home.opened() as library:
            approve_with_everyone(library, a_routine("snart", title="Snart", months=6))
        leader = site.signed_in("leder")
        before = leader.get("/gjennomgang").text

        made = post(
            leader, "/gjennomgang/snart", {"versjon": "1.0", "utfall": "unchanged", "merknad": "Ingen endring."}
        )

        assert "Snart" in before
        assert made.headers["location"] == "/gjennomgang"
        with site.home.opened() as library:
            (left,) = (
                one for one in library.due_for_review(notice_days=700, reader="leder") if one.procedure == "snart"
            )
            assert left.days_left > 150

    def test_are_refused_with_a_reason(self, site):
        with site.home.opened() as library:
            approve_with_everyone(library, a_routine("snart", title="Snart", months=6))

        answer = post(
            site.signed_in("leder"), "/gjennomgang/snart", {"versjon": "1.0", "utfall": "kanskje", "merknad": "Hm."}
        )

        assert answer.status_code == 422
        assert 'value="Hm."' in answer.text

    def test_are_recorded_by_nobody_else(self, site):
        with site.home.opened() as library:
            approve_with_everyone(library, a_routine("snart", title="Snart", months=6))
        reader = site.signed_in("ansatt.fauske")

        assert 'action="/gjennomgang/snart"' not in reader.get("/gjennomgang").text
        answer = post(reader, "/gjennomgang/snart", {"versjon": "1.0", "utfall": "unchanged"})
        assert (answer.status_code, 'role="alert"' in answer.text) == (422, True)
