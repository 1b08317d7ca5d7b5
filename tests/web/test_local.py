"""The municipality's own in a browser: what it fills in, what it adds, and what becomes of that when the text changes."""

import re

import pytest

from tests.support.stories import change_with_everyone
from tests.support.texts import a_routine
from tests.web.conftest import HERE, post
from tests.web.test_deciding import ADDRESS as DECIDING
from tests.web.test_deciding import answered, fields_of
from tests.web.test_pages import words

LOCAL = "/rutine/handhygiene/lokalt"
NOTE = {"del": "framgangsmate", "slag": "practical-note", "tekst": "Hansker ligger i skap 3."}


def additions(site, reader="ansvarlig.fauske"):
    """Give the sections and words of the additions that stand in Fauske."""
    with site.home.opened() as library:
        return [(one.section_key, one.text.strip()) for one in library.additions("handhygiene", "1841", reader=reader)]


def of_addition(html):
    """Give the address at which the first addition of a page is changed."""
    return re.search(rf'action="({LOCAL}/tillegg/[^"]+)"', html)[1]


class TestWhatTheRoutineAsksFor:
    @pytest.fixture(autouse=True)
    def asks(self, site):
        with site.home.opened() as library:
            change_with_everyone(library, a_routine(required=("vakttelefon",), optional=("skap",)))

    def test_is_filled_in_and_stands_in_the_text_at_once(self, site):
        browser = site.signed_in("ansvarlig.fauske")
        page = browser.get(LOCAL).text

        made = post(browser, f"{LOCAL}/opplysninger", {"felt-vakttelefon": " 75 00  00 11 ", "felt-skap": ""})

        assert "Vakttelefon (må fylles ut)" in words(page)
        assert made.headers["location"] == LOCAL
        assert 'value="75 00 00 11"' in browser.get(LOCAL).text

    def test_keeps_what_was_not_touched_when_another_field_is_changed(self, site):
        """
        One sends the whole form; only what differs is decided.
        """
        browser = site.signed_in("ansvarlig.fauske")
        post(browser, f"{LOCAL}/opplysninger", {"felt-vakttelefon": "75 00 00 11", "felt-skap": ""})
        post(browser, f"{LOCAL}/opplysninger", {"felt-vakttelefon": "75 00 00 11", "felt-skap": "75 00 00 12"})

        with site.home.opened() as library:
            told = [
                one
                for one in library.history("handhygiene", municipality="1841")
                if one.kind == "local_information_set"
            ]
            assert [one.facts["keys"] for one in told] == [["vakttelefon"], ["skap"]]

    def test_that_cannot_stand_comes_back_as_it_was_written(self, site):
        browser = site.signed_in("ansvarlig.fauske")

        answer = post(browser, f"{LOCAL}/opplysninger", {"felt-vakttelefon": "ring meg", "felt-skap": "75 00 00 12"})

        assert answer.status_code == 422
        assert 'role="alert"' in answer.text
        assert 'value="ring meg"' in answer.text
        assert 'value="75 00 00 12"' in answer.text

    def test_is_read_but_not_written_by_others(self, site):
        browser = site.signed_in("ansatt.fauske")

        page = browser.get(LOCAL).text
        answer = post(browser, f"{LOCAL}/opplysninger", {"felt-vakttelefon": "75 00 00 11"})

        assert "ikke fylt ut" in words(page)
        assert "<textarea" not in page
        assert answer.status_code == 422


class TestAnAddition:
    def test_is_written_changed_and_taken_away(self, site):
        browser = site.signed_in("ansvarlig.fauske")

        post(browser, f"{LOCAL}/tillegg", NOTE)
        first = additions(site)
        address = of_addition(browser.get(LOCAL).text)
        post(browser, address, {"tekst": "Hansker ligger\r\ni skap 4."})
        second = additions(site)
        post(browser, address, {"tekst": "", "bort": "ja"})

        assert first == [("framgangsmate", "Hansker ligger i skap 3.")]
        assert second == [("framgangsmate", "Hansker ligger\ni skap 4.")]
        assert additions(site) == []

    def test_of_professional_kind_needs_a_reason_and_a_source(self, site):
        browser = site.signed_in("beslutter.fauske")
        extra = {**NOTE, "slag": "professional-addition", "tekst": "Vask i førti sekunder."}

        without = post(browser, f"{LOCAL}/tillegg", extra)
        made = post(browser, f"{LOCAL}/tillegg", {**extra, "grunn": "Vann er kaldt.", "kilde": "Veileder 12"})

        assert (without.status_code, made.status_code) == (422, 303)
        assert "Vask i førti sekunder." in without.text
        assert "Veileder 12" in words(browser.get(LOCAL).text)

    def test_is_seen_by_the_others_and_changed_by_nobody_else(self, site):
        """
        Beiarn learns from Fauske, and does not write there, whatever the address says.
        """
        post(site.signed_in("ansvarlig.fauske"), f"{LOCAL}/tillegg", NOTE)
        with site.home.opened() as library:
            (one,) = library.additions("handhygiene", "1841", reader="ansvarlig.fauske")
        browser = site.signed_in("beslutter.beiarn")
        page = browser.get(LOCAL).text

        own = post(browser, f"{LOCAL}/tillegg/{one.addition}", {"tekst": "x"})
        post(browser, "/valg", {"kommune": "fauske"})
        chosen = post(browser, f"{LOCAL}/tillegg/{one.addition}", {"tekst": "x"})

        assert "Tillegg i andre kommuner" in words(page)
        assert "Hansker ligger i skap 3." in page
        assert (own.status_code, chosen.status_code) == (404, 422)
        assert additions(site) == [("framgangsmate", "Hansker ligger i skap 3.")]

    def test_holds_no_patient(self, site):
        browser = site.signed_in("ansvarlig.fauske")

        answer = post(browser, f"{LOCAL}/tillegg", {**NOTE, "tekst": "Gjelder 13116900216."})

        assert answer.status_code == 422
        assert "Gjelder 13116900216." in answer.text
        assert additions(site) == []

    def test_is_given_other_words_in_the_very_decision_on_a_version_that_changed_its_section(self, site):
        """
        Without leaving the page: keep, take away, or say it anew.
        """
        post(site.signed_in("ansvarlig.fauske"), f"{LOCAL}/tillegg", {**NOTE, "del": "formal"})
        browser = site.signed_in("beslutter.fauske")
        answered(browser, svar="in-use")
        with site.home.opened() as library:
            change_with_everyone(library, a_routine(extra="Og besøkende."))
            (one,) = library.additions("handhygiene", "1841", reader="ansvarlig.fauske")
        page = browser.get(DECIDING).text
        fields = {**fields_of(page), "svar": "in-use", f"tillegg-{one.addition}": "edit"}

        empty = browser.post(DECIDING, data={**fields, f"ord-{one.addition}": " "}, headers={"Origin": HERE})
        made = browser.post(DECIDING, data={**fields, f"ord-{one.addition}": "Skap 5."}, headers={"Origin": HERE})

        assert "Delen er endret i den nyeste versjonen." in words(page)
        assert (empty.status_code, made.status_code) == (422, 303)
        assert additions(site) == [("formal", "Skap 5.")]
