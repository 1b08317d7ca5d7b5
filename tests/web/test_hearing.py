"""A hearing in a browser: one click without remarks, remarks to the whole or a section, for a body or by a personal link."""

import pytest

from tests.support.texts import a_routine
from tests.web.conftest import HERE
from tests.web.test_deciding import fields_of
from tests.web.test_pages import words


@pytest.fixture
def heard(site):
    """A change that Fauske, Beiarn and somebody outside are asked about; gives the proposal and the link's secret."""
    with site.home.opened() as library:
        draft = library.propose(
            a_routine(extra="Og besøkende."),
            changes="handhygiene",
            meaning="Be besøkende vaske hendene.",
            from_version="1.0",
            by="skribent",
        )
        library.open_hearing(
            draft.proposal,
            digest=draft.digest,
            parties=["municipality:1841", "municipality:1839", "outside:Pasientutvalget"],
            by="leder",
        )
        party = next(
            one.id for one in library.hearing(draft.proposal, reader="leder").parties if one.name == "Pasientutvalget"
        )
        return draft.proposal, library.invite_outsider(draft.proposal, party, by="leder").token


def answers(site, proposal):
    """Give what each party has answered."""
    with site.home.opened() as library:
        return {
            one.name: (one.answer.value, [made.text for made in one.remarks])
            for one in library.hearing(proposal, reader="leder").parties
        }


def send(browser, address, **given):
    """Fill in the form of a page as it is now, and send it."""
    return browser.post(address, data={**fields_of(browser.get(address).text), **given}, headers={"Origin": HERE})


def test_no_remarks_is_one_click(site, heard):
    proposal, _ = heard
    browser = site.signed_in("beslutter.fauske")

    page = words(browser.get(f"/forslag/{proposal}/horing").text)
    made = send(browser, f"/forslag/{proposal}/horing", ingen="ja")

    assert "Du svarer for Fauske." in page
    assert "Og besøkende." in page
    assert made.status_code == 303
    assert answers(site, proposal)["Fauske"] == ("no-remarks", [])


def test_remarks_are_to_the_whole_or_to_a_section(site, heard):
    proposal, _ = heard
    browser = site.signed_in("beslutter.fauske")

    send(
        browser, f"/forslag/{proposal}/horing",
        **{"merknad-0": "Hvem er besøkende?", "del-0": "formal", "merknad-2": "Bra.\r\nVeldig bra."},
    )  # fmt: skip

    assert answers(site, proposal)["Fauske"] == ("remarks", ["Hvem er besøkende?", "Bra.\nVeldig bra."])


def test_somebody_outside_answers_by_the_link_without_signing_in(site, heard):
    """
    The patients' council has no account, and needs none.
    """
    proposal, token = heard

    page = site.anybody.get(f"/h/{token}")
    made = send(site.anybody, f"/h/{token}", **{"merknad-0": "Skriv det enklere."})

    assert "Du svarer for Pasientutvalget." in words(page.text)
    assert "Fauske" not in words(page.text)
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["referrer-policy"] == "same-origin"
    assert "Takk." in words(site.anybody.get(made.headers["location"]).text)
    assert answers(site, proposal)["Pasientutvalget"] == ("remarks", ["Skriv det enklere."])


@pytest.mark.parametrize("token", ["l-0000000000000000." + "x" * 43, "x", "l-0", "%00"])
def test_a_link_that_is_no_good_opens_nothing(site, heard, token):
    assert site.anybody.get(f"/h/{token}").status_code == 404
    assert site.anybody.post(f"/h/{token}", data={"ingen": "ja"}, headers={"Origin": HERE}).status_code == 404


def test_nobody_answers_for_others_or_says_nothing(site, heard):
    """
    By writing another's name into the form.
    """
    proposal, _ = heard
    address = f"/forslag/{proposal}/horing"

    other = send(site.signed_in("beslutter.fauske"), address, part="municipality:1839", ingen="ja")
    nothing = send(site.signed_in("beslutter.fauske"), address)
    both = send(site.signed_in("beslutter.fauske"), address, part="x:y", ingen="ja")

    assert [one.status_code for one in (other, nothing, both)] == [422, 422, 422]
    assert {name: answer for name, (answer, _) in answers(site, proposal).items()} == {
        "Fauske": "none", "Beiarn": "none", "Pasientutvalget": "none",
    }  # fmt: skip
