"""Wishes in a browser: wished, needed by others too, answered, and met."""

from tests.support.texts import NATIONAL_ID
from tests.web.conftest import HERE
from tests.web.test_deciding import fields_of
from tests.web.test_pages import words

SENTENCE = "Hva gjør vi når strømmen går"


def send(browser, address, **given):
    """Fill in a form of the page of wishes as it is now, and send it."""
    fields = {**fields_of(browser.get("/onsker").text), **given}
    return browser.post(address, data=fields, headers={"Origin": HERE})


def wished(site, **how):
    """Give what is wished for."""
    with site.home.opened() as library:
        return list(library.wishes(reader="redaktor"))


def test_what_is_missing_is_wished_for_in_a_sentence_and_what_says_the_same_is_told(site):
    """
    Two who wish for the same should know of each other.
    """
    send(site.signed_in("skribent"), "/onsker", setning=f"{SENTENCE}?", nettverk="smittevern")
    browser = site.signed_in("ansatt.fauske")
    given = {**fields_of(browser.get("/onsker").text), "setning": f"{SENTENCE} om natta?", "kommune": "1841"}

    made = [browser.post("/onsker", data=given, headers={"Origin": HERE}) for _ in range(2)]

    assert [one.status_code for one in made] == [200, 200]
    assert "Takk." in words(made[0].text)
    assert made[0].text.partition("</form>")[0].count(f"{SENTENCE}?</a>") == 1
    assert sorted((one.sentence, one.supporters) for one in wished(site)) == [
        (f"{SENTENCE} om natta?", ("Fauske",)), (f"{SENTENCE}?", ("Meløy",)),
    ]  # fmt: skip


def test_what_is_refused_comes_back_with_what_was_written(site):
    browser = site.signed_in("ansatt.fauske")

    made = send(browser, "/onsker", setning=f"Rutine for {NATIONAL_ID} <b>nå</b>", kommune="1841")

    assert made.status_code == 422
    assert f'value="Rutine for {NATIONAL_ID} &lt;b&gt;nå&lt;/b&gt;"' in made.text
    assert wished(site) == []


def test_another_municipality_says_that_it_needs_it_too_and_nobody_says_so_for_others(site):
    send(site.signed_in("skribent"), "/onsker", setning=f"{SENTENCE}?")
    (one,) = wished(site)
    browser = site.signed_in("ansatt.fauske")

    shown = words(browser.get("/onsker").text)
    made = [send(browser, f"/onsker/{one.id}/stott", kommune=number).status_code for number in ("1841", "1841", "1839")]

    assert "Fauske trenger den også" in shown
    assert made == [303, 303, 422]
    assert wished(site)[0].supporters == ("Fauske", "Meløy")
    assert "Fauske trenger den også" not in words(browser.get("/onsker").text)


def test_the_leader_answers_or_says_what_meets_it_and_nobody_else_does(site):
    """
    Whoever wished wants an answer, also when it is no.
    """
    send(site.signed_in("skribent"), "/onsker", setning=f"{SENTENCE}?", nettverk="smittevern")
    (one,) = wished(site)
    other, leader = site.signed_in("ansatt.fauske"), site.signed_in("leder")

    stranger = send(other, f"/onsker/{one.id}/svar", svar="Nei.")
    answered = send(leader, f"/onsker/{one.id}/svar", svar="Ikke i år.")
    neither = send(leader, f"/onsker/{one.id}/tatt-opp", oppfyller="")
    met = send(leader, f"/onsker/{one.id}/tatt-opp", oppfyller="rutine:handhygiene")

    assert [each.status_code for each in (stranger, answered, neither, met)] == [422, 303, 422, 303]
    assert "Si hva som oppfyller det" not in words(other.get("/onsker").text)
    page = other.get("/onsker").text
    assert "Ikke i år." in words(page)
    assert '<a href="/rutine/handhygiene">Se rutinen</a>' in page
