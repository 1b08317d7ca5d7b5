"""Collections in a browser: asked for, answered, compared paragraph by paragraph, and made into one."""

import re
from datetime import timedelta
from urllib.parse import urlencode

import pytest

from tests.support.collected import approved, chosen, merged, three_alike
from tests.web.conftest import HERE
from tests.web.test_deciding import fields_of
from tests.web.test_pages import words


@pytest.fixture
def asked(site):
    """What the network asks all municipalities for; gives its address."""
    with site.home.opened() as library:
        deadline = library.today + timedelta(days=14)
        return f"/innsamlinger/{library.ask_for_routines('smittevern', 'Rutiner for blodprøver', deadline=deadline, by='leder').collection}"


def send(browser, page, address, **given):
    """Fill in a form of a page as it is now, and send it."""
    return browser.post(address, data={**fields_of(browser.get(page).text), **given}, headers={"Origin": HERE})


def came(site, asked, **how):
    """Let three municipalities send the same; gives the documents and the address where they stand side by side."""
    with site.home.opened() as library:
        of = list(three_alike(library, asked.rpartition("/")[2], **how).values())
    return of, f"{asked}/flett?{urlencode([('dokument', one) for one in of])}"


class TestAsking:
    def test_a_leader_asks_once_and_all_see_who_is_missing(self, site):
        leader = site.signed_in("leder")

        none = send(leader, "/innsamlinger", "/innsamlinger", hva="Fall", nettverk="smittevern")
        made = send(leader, "/innsamlinger", "/innsamlinger", hva="Fall", nettverk="smittevern", frist="2030-01-31")

        assert (none.status_code, made.status_code) == (422, 303)
        assert "Fall" in words(site.signed_in("skribent").get("/innsamlinger").text)
        assert words(leader.get(made.headers["location"]).text).count("mangler 0") == 9

    def test_a_municipality_says_for_itself_that_it_has_none(self, site, asked):
        browser = site.signed_in("ansvarlig.fauske")

        other = send(browser, asked, f"{asked}/svar", kommune="1839", ingen="ja")
        made = send(browser, asked, f"{asked}/svar", kommune="1841", ingen="ja", grunn="Vi tar ingen.")

        assert (other.status_code, made.status_code) == (422, 303)
        assert "Fauske har ingen : Vi tar ingen." in words(browser.get(asked).text).replace("ingen:", "ingen :")

    def test_only_the_leader_reminds_and_closes(self, site, asked):
        leader, other = site.signed_in("leder"), site.signed_in("ansatt.fauske")

        answers = [
            send(one, asked, f"{asked}/{verb}").status_code for one in (other, leader) for verb in ("purr", "lukk")
        ]

        assert answers == [422, 422, 303, 303]
        assert "Innsamlingen er lukket" in words(leader.get(asked).text)

    def test_what_waits_leads_to_what_is_asked_for(self, site, asked):
        """
        A line that leads nowhere is a line that nobody answers.
        """
        assert f'href="{asked}"' in site.signed_in("ansvarlig.fauske").get("/").text


class TestMerging:
    def test_those_that_are_the_same_stand_together_for_the_network_alone(self, site, asked):
        of, _ = came(site, asked)

        network, sender = (words(site.signed_in(one).get(asked).text) for one in ("leder", "skribent"))

        assert "Rutiner som ligner" in network
        assert network.count("blodprøver") + network.count("Blodprøver") >= len(of)
        assert "Rutiner som ligner" not in sender

    def test_each_gets_its_answer_before_paragraphs_are_chosen(self, site, asked):
        of, page = came(site, asked)
        browser = site.signed_in("leder")
        before = browser.get(page).text

        unsaid = send(browser, page, f"{asked}/flett/triage", dokument=of, hvilken=of[0], utfall="drop")
        for one in of:
            made = send(browser, page, f"{asked}/flett/triage", dokument=of, hvilken=one, utfall="merge")

        assert unsaid.status_code == 422
        assert made.status_code == 303
        assert 'type="radio"' not in before
        assert 'type="radio"' in browser.get(made.headers["location"]).text

    def test_one_is_made_of_the_paragraphs_that_were_chosen_and_the_rest_is_offered(self, site, asked):
        """
        Nothing that somebody sent in is lost without a word.
        """
        of, page = came(site, asked)
        with site.home.opened() as library:
            merged(library, of)
        browser = site.signed_in("leder")
        shown = browser.get(page).text
        rows = set(re.findall(r'name="(rad-\d+)"', shown))
        safe = dict(re.findall(r'name="(rad-\d+)" id="[^"]+" value="(\w+)" checked', shown))
        address, given = f"{asked}/flett", {"dokument": of, **safe, "rolle": "avdelingsleder"}

        left = send(browser, page, address, **given)
        other = send(browser, page, address, **{**given, **dict.fromkeys(rows - set(safe), "none"), "lest": "0" * 64})
        made = send(browser, page, address, **{**given, **dict.fromkeys(rows - set(safe), "none")})

        assert safe
        assert rows - set(safe)
        assert [one.status_code for one in (left, other, made)] == [422, 422, 303], words(made.text)[:600]
        assert 'value="avdelingsleder"' in left.text
        offered = words(browser.get(made.headers["location"]).text)
        assert "taxi" in offered

    def test_what_differs_in_a_number_stands_first(self, site, asked):
        _, page = came(site, asked)

        shown = words(site.signed_in("leder").get(page).text)

        assert "Se på disse først" in shown
        assert shown.index("Se på disse først") < shown.index("Bare her")

    def test_a_municipality_keeps_what_it_is_offered_and_nobody_keeps_it_for_another(self, site):
        """
        The taxi after three o'clock is Beiarn's own, and stays theirs.
        """
        with site.home.opened() as library:
            of = list(three_alike(library).values())
            merged(library, of)
            made = library.draft_from(of, chosen(library, of), by="redaktor")
            approved(library, made)
            (offer,) = [one for one in library.offered(made.proposal, reader="leder") if "taxi" in (one.text or "")]
        page = f"/forslag/{made.proposal}/tilbud"
        given = {"slag": "practical-note"}

        other = send(site.signed_in("beslutter.fauske"), page, f"{page}/{offer.id}", **given)
        browser = site.signed_in("beslutter.beiarn")
        kept = send(browser, page, f"{page}/{offer.id}", **given)

        assert (other.status_code, kept.status_code) == (422, 303), words(kept.text)[:400]
        assert "tatt" in words(browser.get(page).text)
        assert f'href="{page}"' in browser.get(f"/forslag/{made.proposal}").text
