"""A round of hearing led in a browser: opened, reminded, replied to, summed up and closed, by those alone who lead it."""

import re
from urllib.parse import urlsplit

import pytest

from tests.support.texts import a_routine
from tests.web.conftest import post
from tests.web.test_pages import words

PARTIES = ["municipality:1841", "municipality:1839"]


@pytest.fixture
def draft(site):
    """A change that is a draft still; gives its id."""
    with site.home.opened() as library:
        made = library.propose(
            a_routine(extra="Og besøkende."), changes="handhygiene", meaning="Be besøkende vaske hendene.",
            from_version="1.0", by="skribent",
        )  # fmt: skip
    return made.proposal


def opened(site, browser, draft, parties=PARTIES, **given):
    """Open a hearing as its leader does who looks at the page first."""
    page = browser.get(f"/forslag/{draft}/apne").text
    digest = re.search(r'name="kontrollsum" value="([^"]+)"', page)[1]
    return post(browser, f"/forslag/{draft}/apne", {"kontrollsum": digest, "part": parties, **given})


def answered(site, draft, *remarks):
    """Let Fauske answer."""
    with site.home.opened() as library:
        library.answer_hearing(
            draft, "municipality:1841", no_remarks=not remarks, remarks=list(remarks), by="ansatt.fauske"
        )


def view(site, draft):
    """Give the hearing as its leader sees it."""
    with site.home.opened() as library:
        return library.hearing(draft, reader="leder")


class TestOpening:
    def test_begins_with_those_whom_the_library_suggests(self, site, draft):
        """
        Nobody remembers nine municipalities by heart.
        """
        page = site.signed_in("leder").get(f"/forslag/{draft}/apne").text
        with site.home.opened() as library:
            suggested = [one.body for one in library.suggested_parties(draft, reader="leder").parties]

        checked = re.findall(r'name="part"[^>]*value="([^"]+)" checked', page)

        assert checked == suggested
        assert len(checked) >= 9

    def test_asks_those_who_were_chosen_until_the_day_that_was_set(self, site, draft):
        browser = site.signed_in("leder")

        made = opened(site, browser, draft, frist="2027-01-15")

        assert made.headers["location"] == f"/forslag/{draft}/horing"
        found = view(site, draft)
        assert ({one.body for one in found.parties}, str(found.deadline)) == (set(PARTIES), "2027-01-15")
        assert "0 av 2 har svart." in words(browser.get(f"/forslag/{draft}/horing").text)

    @pytest.mark.parametrize(
        ("given", "kept"),
        [({"part": []}, None), ({"frist": "i morgen"}, "i morgen"), ({"part": ["kommune:ingen"]}, None)],
    )
    def test_that_cannot_be_done_comes_back_as_it_was_filled_in(self, site, draft, given, kept):
        answer = opened(site, site.signed_in("leder"), draft, **given)

        assert answer.status_code == 422
        assert 'role="alert"' in answer.text
        assert kept is None or f'value="{kept}"' in answer.text

    @pytest.mark.parametrize("who", ["medlem.beiarn", "beslutter.fauske"])
    def test_is_the_leaders_alone(self, site, draft, who):
        browser = site.signed_in(who)
        with site.home.opened() as library:
            digest = library.get_proposal(draft, reader="leder")[0].digest

        answer = post(browser, f"/forslag/{draft}/apne", {"kontrollsum": digest, "part": PARTIES})

        assert answer.status_code in {404, 422}
        with site.home.opened() as library:
            assert library.get_proposal(draft, reader="leder")[0].state.value == "draft"


class TestLeading:
    @pytest.fixture
    def leader(self, site, draft):
        """A browser of the leader, with a round open."""
        browser = site.signed_in("leder")
        opened(site, browser, draft, [*PARTIES, "outside:Pasientutvalget"])
        return browser

    def test_makes_a_link_that_opens_the_hearing_for_one_outside_and_shows_it_once(self, site, draft, leader):
        page = leader.get(f"/forslag/{draft}/horing").text
        party = re.search(r'name="part" value="(p-[0-9a-f]+)"', page)[1]

        made = post(leader, f"/forslag/{draft}/horing/lenke", {"part": party}).text
        link = re.search(r"https?://[^\s<]+/h/[^\s<]+", made)[0]

        assert "Teksten som er på høring" in words(site.anybody.get(urlsplit(link).path).text)
        assert link not in leader.get(f"/forslag/{draft}/horing").text

    def test_says_what_becomes_of_each_remark_and_the_party_reads_it(self, site, draft, leader):
        answered(site, draft, "Hvem er besøkende?")
        page = leader.get(f"/forslag/{draft}/horing").text
        remark = re.search(r'name="merknad" value="(k-[0-9a-f]+)"', page)[1]
        given = {"merknad": remark, "utfall": "taken", "svar": "Det står nå i teksten."}

        without = post(leader, f"/forslag/{draft}/horing/svar", {**given, "utfall": "kanskje"})
        made = post(leader, f"/forslag/{draft}/horing/svar", given)

        assert "Én merknad venter på svar." in words(page)
        assert (without.status_code, made.status_code) == (422, 303)
        assert "Det står nå i teksten." in without.text
        read = words(site.signed_in("ansatt.fauske").get(f"/forslag/{draft}/horing").text)
        assert "tatt til følge: Det står nå i teksten." in read

    def test_a_remark_of_another_hearing_is_not_replied_to_from_here(self, site, draft, leader):
        answered(site, draft, "Hvem er besøkende?")
        with site.home.opened() as library:
            other = library.propose(a_routine("vakt", title="Vaktskifte"), by="skribent")
            library.open_hearing(other.proposal, digest=other.digest, parties=["municipality:1841"], by="leder")
        (fauske,) = [one for one in view(site, draft).parties if one.remarks]

        answer = post(
            leader, f"/forslag/{other.proposal}/horing/svar", {"merknad": fauske.remarks[0].id, "utfall": "taken"}
        )

        assert answer.status_code == 422
        assert view(site, draft).unreplied == 1

    def test_sums_up_and_closes_when_all_have_answered(self, site, draft, leader):
        answered(site, draft, "Hvem er besøkende?")
        early = post(leader, f"/forslag/{draft}/horing/lukk")
        with site.home.opened() as library:
            library.answer_hearing(draft, "municipality:1839", no_remarks=True, by="medlem.beiarn")
            party = next(one.id for one in library.hearing(draft, reader="leder").parties if one.is_outside)
            token = library.invite_outsider(draft, party, by="leder").token
            library.answer_by_link(token, no_remarks=True)

        closed = post(leader, f"/forslag/{draft}/horing/lukk")
        summed_up = leader.get(f"/forslag/{draft}/horing/oppsummering.md")

        assert (early.status_code, closed.status_code) == (422, 303)
        assert view(site, draft).closed_on is not None
        assert "Hvem er besøkende?" in summed_up.text
        assert summed_up.headers["content-disposition"].startswith("attachment")
        assert leader.get(f"/forslag/{draft}/horing/oppsummering.exe").status_code == 400

    def test_reminds_when_the_deadline_is_near(self, site, draft, leader, clock):
        clock.forward(days=18)
        browser = site.signed_in("leder")

        assert post(browser, f"/forslag/{draft}/horing/purr").status_code == 303
        assert "purret én gang" in words(browser.get(f"/forslag/{draft}/horing").text)

    def test_is_not_for_those_who_are_heard(self, site, draft, leader):
        browser = site.signed_in("beslutter.fauske")

        page = words(browser.get(f"/forslag/{draft}/horing").text)
        done = [post(browser, f"/forslag/{draft}/horing/{what}").status_code for what in ("purr", "lukk", "lenke")]

        assert "Lukk høringen" not in page
        assert done == [422, 422, 422]
        assert view(site, draft).is_open


class TestGivingUp:
    def test_is_for_whoever_wrote_it_and_says_why(self, site, draft):
        browser = site.signed_in("skribent")

        without = post(browser, f"/forslag/{draft}/trekk", {"grunn": ""})
        made = post(browser, f"/forslag/{draft}/trekk", {"grunn": "Skrevet to ganger."})

        assert (without.status_code, made.status_code) == (422, 303)
        assert "Trukket" in words(browser.get(f"/forslag/{draft}").text)

    def test_is_not_for_anybody_else(self, site, draft):
        answer = post(site.signed_in("medlem.beiarn"), f"/forslag/{draft}/trekk", {"grunn": "Jeg liker den ikke."})

        assert answer.status_code == 422
        with site.home.opened() as library:
            assert library.get_proposal(draft, reader="leder")[0].state.value == "draft"
