"""A checklist that is followed, as its pages show it: with scripts and without, by those who take part."""

import re

import pytest

from tests.reading.test_checklists import the_list
from tests.support.stories import approve_with_everyone, change_with_everyone
from tests.web.conftest import Site, post


@pytest.fixture
def fauske(home_with_routine):
    """The pages of a library where Fauske uses a checklist."""
    with home_with_routine.opened() as library:
        approve_with_everyone(library, the_list())
        library.set_local_information("nyansatt", "fauske", {"vakttelefon": "75 00 00 01"}, by="ansvarlig.fauske")
        library.adopt("nyansatt", "fauske", by="beslutter.fauske")
    made = Site(home_with_routine)
    yield made
    made.app.state.libraries.close()


def opened(browser, **fields):
    """Open a list in a browser; gives its address."""
    answer = post(
        browser, "/rutine/nyansatt/sjekkliste", {"hvem": "Kari", **fields}, page="/rutine/nyansatt/sjekkliste"
    )
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def points(page):
    """The keys of the points of a page, as it shows them, with their state."""
    return re.findall(r'name="sett" value="([0-9a-f]{16}):([a-z-]+)"', page)


def fauske_id(fauske, login):
    """The id of a person, as a form sends it."""
    with fauske.home.opened() as library:
        return library.person(login).actor


def test_it_is_opened_ticked_off_and_finished_without_scripts(fauske):
    """
    An old machine at the ward opens forms, and that is enough.
    """
    browser = fauske.signed_in("ansatt.fauske")
    assert 'href="/rutine/nyansatt/sjekkliste"' in browser.get("/rutine/nyansatt").text
    where = opened(browser)
    page = browser.get(where).text
    shown = points(page)
    assert "Kari" in page
    assert "Ring 75 00 00 01 og meld fra" in page
    assert [state for _, state in shown] == ["open"] * 4

    seen = [f"{key}:{state}" for key, state in shown]
    post(browser, where, {"sett": seen, "gjort": [shown[0][0]], "ikke-aktuelt": shown[1][0]}, page=where)
    after = browser.get(where).text
    assert [state for _, state in points(after)] == ["done", "not-relevant", "open", "open"]
    left = post(browser, f"{where}/avslutt", {"hvordan": "ferdig"}, page=where)
    assert left.status_code == 422
    assert "punkt 3, 4" in left.text

    seen = [f"{key}:{state}" for key, state in points(after)]
    post(browser, where, {"sett": seen, "gjort": [key for key, _ in shown if key != shown[1][0]]}, page=where)
    assert post(browser, f"{where}/avslutt", {"hvordan": "ferdig"}, page=where).status_code == 303
    assert "Ferdig" in browser.get(where).text
    assert browser.get(f"{where}/utskrift.pdf").content.startswith(b"%PDF")


def test_what_another_ticked_off_while_the_page_was_open_stands(fauske):
    """
    Two who work on one list at one time must not undo each other.
    """
    leader = fauske.signed_in("ansatt.fauske")
    where = opened(leader, **{"hjelp.1": fauske_id(fauske, "leder")})
    mentor = fauske.signed_in("leder")
    old = points(leader.get(where).text)
    theirs = points(mentor.get(where).text)
    assert len(old) == len(theirs) == 2

    post(mentor, where, {"sett": [f"{theirs[0][0]}:open", f"{theirs[1][0]}:open"], "gjort": [theirs[0][0]]}, page=where)
    post(leader, where, {"sett": [f"{key}:open" for key, _ in old], "gjort": [old[0][0]]}, page=where)

    with fauske.home.opened() as library:
        run = library.followed_checklist(where.rpartition("/")[2], by="ansatt.fauske")
    assert [one.state.value for one in run.points] == ["done", "open", "done", "open"]


def test_another_ones_point_is_shown_and_cannot_be_ticked_off(fauske):
    """
    Whoever sees the list sees who does what.
    """
    leader = fauske.signed_in("ansatt.fauske")
    where = opened(leader, **{"hjelp.1": fauske_id(fauske, "leder")})
    with fauske.home.opened() as library:
        third = library.followed_checklist(where.rpartition("/")[2], by="leder").points[2].point.key

    refused = post(leader, where, {"sett": [f"{third}:open"], "gjort": [third]}, page=where)

    assert refused.status_code == 422
    assert "ingen krysser av for andre" in refused.text
    assert f'id="p-{third}" name="gjort" value="{third}" disabled' in refused.text


def test_what_was_ticked_off_is_still_ticked_off_where_the_day_is_none(fauske):
    """
    Whoever has ticked off twenty points does not do it again for a wrong date.
    """
    browser = fauske.signed_in("ansatt.fauske")
    where = opened(browser)
    first = points(browser.get(where).text)[0][0]

    wrong = post(browser, where, {"sett": [f"{first}:open"], "gjort": [first], "dag": "i går"}, page=where)

    assert wrong.status_code == 422
    assert f'name="gjort" value="{first}" checked' in wrong.text


def test_it_says_that_a_newer_version_applies(fauske):
    """
    The list keeps to its version, and whoever keeps it decides what of the new one is needed.
    """
    browser = fauske.signed_in("ansatt.fauske")
    where = opened(browser)
    with fauske.home.opened() as library:
        change_with_everyone(library, the_list(extra="Mer."), procedure="nyansatt")
        library.adopt("nyansatt", "fauske", by="beslutter.fauske")

    assert "Listen følger versjon 1.0. Versjon 1.1 gjelder nå." in browser.get(where).text


def test_the_responsible_hands_on_what_they_may_not_see(fauske):
    """
    Whoever kept it left; whom it is for is not told on the way.
    """
    where = opened(fauske.signed_in("ansatt.fauske"))
    responsible = fauske.signed_in("ansvarlig.fauske")
    listed = responsible.get("/sjekklister").text

    assert "Sjekkliste for nyansatte" in listed
    assert "Kari" not in listed
    assert responsible.get(where).status_code == 404
    given = post(responsible, f"{where}/videre", {"til": fauske_id(fauske, "beslutter.fauske")}, page="/sjekklister")
    assert given.status_code == 303
    assert "Kari" in fauske.signed_in("beslutter.fauske").get("/sjekklister").text


@pytest.mark.parametrize("hvem", ["", "<script>alert(1)</script>", "Kari {{ 7*7 }}"])
def test_what_is_written_of_whom_is_words_and_nothing_else(fauske, hvem):
    """
    A name is shown as it was written.
    """
    browser = fauske.signed_in("ansatt.fauske")
    answer = post(browser, "/rutine/nyansatt/sjekkliste", {"hvem": hvem}, page="/rutine/nyansatt/sjekkliste")
    if not hvem:
        assert answer.status_code == 422
        return

    page = browser.get(answer.headers["location"]).text

    assert "<script>alert" not in page
    assert ("&lt;script&gt;" in page) or ("{{ 7*7 }}" in page)
