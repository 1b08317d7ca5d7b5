"""The second step in a browser: turned on, asked for, and never gone round."""

import re
from urllib.parse import urlsplit

import pyotp
import pytest

from samrutine.identity.model import CODE_AWAITED
from samrutine.storage.rows import AccountRow
from tests.web.conftest import PHRASE, post


@pytest.fixture
def two_steps(site):
    """A browser of the leader's who turned it on, what the telephone makes codes of, and the codes on paper."""
    browser = site.signed_in("leder")
    begun = post(browser, "/meg/to-trinn", {"passord": PHRASE}, page="/meg")
    secret = re.search(r'<p class="source">([A-Z2-7 ]+)</p>', begun.text)[1].replace(" ", "")
    shown = post(browser, "/meg/to-trinn/bekreft", {"kode": code(site, secret)}, page="/meg")
    site.home.clock.forward(minutes=5)
    return browser, secret, re.findall(r'<li class="source">([A-Z2-9-]+)</li>', shown.text)


def code(site, secret):
    """What the telephone shows."""
    return pyotp.TOTP(secret).at(site.home.clock.now)


def begun(site, address="/logg-inn", **fields):
    """A browser in which the right password was given."""
    browser = site.browser()
    given = {"brukernavn": "leder", "passord": PHRASE, **fields}
    return browser, post(browser, address, given, page="/logg-inn")


def test_it_is_turned_on_with_a_telephone_and_gives_ten_codes_on_paper(site):
    browser = site.signed_in("leder")
    assert "/meg/to-trinn" in browser.get("/meg").text

    wrong = post(browser, "/meg/to-trinn", {"passord": "noe helt annet enn det"}, page="/meg")
    shown = post(browser, "/meg/to-trinn", {"passord": PHRASE}, page="/meg")

    assert (wrong.status_code, "passordet er feil" in wrong.text) == (422, True)
    assert "<svg" in shown.text
    assert "style=" not in shown.text
    secret = re.search(r'<p class="source">([A-Z2-7 ]+)</p>', shown.text)[1].replace(" ", "")
    refused = post(browser, "/meg/to-trinn/bekreft", {"kode": "x"}, page="/meg")
    assert (refused.status_code, "Koden er feil" in refused.text, secret in refused.text) == (422, True, False)
    codes = post(browser, "/meg/to-trinn/bekreft", {"kode": code(site, secret)}, page="/meg").text
    assert len(set(re.findall(r'<li class="source">([A-Z2-9-]{19})</li>', codes))) == 10
    assert "Reservekoder som er igjen: 10" in browser.get("/meg/to-trinn").text


def test_the_code_is_asked_for_and_leads_on_to_where_one_was_going(site, two_steps):
    _, secret, _ = two_steps
    browser, answer = begun(site, neste="/rutiner?side=2")

    assert urlsplit(answer.headers["location"]).path == "/logg-inn/kode"
    assert browser.get("/meg").headers["location"].startswith("/logg-inn")
    page = browser.get(answer.headers["location"]).text
    assert ('autocomplete="one-time-code"' in page, "/rutiner?side=2" in page) == (True, True)
    wrong = post(browser, "/logg-inn/kode", {"kode": "000000", "neste": "/rutiner?side=2"}, page="/logg-inn")
    assert (wrong.status_code, "Koden er feil" in wrong.text, "/rutiner?side=2" in wrong.text) == (403, True, True)
    done = post(browser, "/logg-inn/kode", {"kode": code(site, secret), "neste": "/rutiner?side=2"}, page="/logg-inn")
    assert done.headers["location"] == "/rutiner?side=2"
    assert browser.get("/meg").status_code == 200
    assert "samrutine-kode" not in browser.cookies


def test_nobody_is_led_elsewhere_by_it(site, two_steps):
    _, secret, _ = two_steps
    for elsewhere in ("https://ond.example/", "//ond.example", "/\\ond.example"):
        browser, answer = begun(site, neste=elsewhere)
        assert answer.headers["location"] == "/logg-inn/kode"
        assert 'name="neste" value=""' in browser.get("/logg-inn/kode", params={"neste": elsewhere}).text
        wrong = post(browser, "/logg-inn/kode", {"kode": "x", "neste": elsewhere}, page="/logg-inn")
        assert 'name="neste" value=""' in wrong.text
        site.home.clock.forward(minutes=1)
        done = post(browser, "/logg-inn/kode", {"kode": code(site, secret), "neste": elsewhere}, page="/logg-inn")
        assert done.headers["location"] == "/"


def test_another_browser_has_no_part_in_it(site, two_steps):
    """
    Whoever knows a code, and no password, has nothing to give it with.
    """
    _, secret, _ = two_steps
    begun(site)
    other = site.browser()

    assert other.get("/logg-inn/kode").headers["location"] == "/logg-inn"
    answer = post(other, "/logg-inn/kode", {"kode": code(site, secret)}, page="/logg-inn")
    assert urlsplit(answer.headers["location"]).path == "/logg-inn"
    assert "samrutine" not in other.cookies


def test_who_took_too_long_is_told_and_begins_anew(site, two_steps):
    _, secret, _ = two_steps
    browser, _ = begun(site)
    site.home.clock.now += CODE_AWAITED

    answer = post(browser, "/logg-inn/kode", {"kode": code(site, secret), "neste": "/sok"}, page="/logg-inn")

    page = browser.get(answer.headers["location"]).text
    assert ("for lang tid" in page, "/sok" in page) == (True, True)


def test_a_code_on_paper_opens_in_its_place_and_turns_it_off(site, two_steps):
    browser, _, paper = two_steps
    one, _ = begun(site)
    assert post(one, "/logg-inn/kode", {"kode": paper[0]}, page="/logg-inn").status_code == 303
    assert "Reservekoder som er igjen: 9" in one.get("/meg/to-trinn").text

    wrong = post(one, "/meg/to-trinn/av", {"passord": PHRASE, "kode": paper[0]}, page="/meg")
    off = post(one, "/meg/to-trinn/av", {"passord": PHRASE, "kode": paper[1]}, page="/meg")

    assert (wrong.status_code, off.status_code) == (422, 303)
    assert "passord alene" in browser.get("/meg/to-trinn").text
    assert begun(site)[1].headers["location"] == "/"


def test_a_link_for_a_password_asks_for_the_code_too(site, two_steps):
    _, secret, _ = two_steps
    with site.home.opened() as library:
        token = library.invite("leder", by="redaktor").token
    browser = site.browser()

    answer = post(browser, f"/passord/{token}", {"nytt": PHRASE}, page=f"/passord/{token}")

    assert answer.headers["location"] == "/logg-inn/kode"
    assert post(browser, "/logg-inn/kode", {"kode": code(site, secret)}, page="/logg-inn").headers["location"] == "/"


def test_who_has_no_password_is_told_that_there_is_nothing_to_turn_on(site):
    """
    In a demonstration nobody has one.
    """
    browser = site.signed_in("leder")
    with site.home.opened() as library, library._parts.database.writing() as session:
        account = session.get_one(AccountRow, library._actor("leder"))
        account.password_hash = None
        session.add(account)

    page = browser.get("/meg/to-trinn").text

    assert "ikke noe å slå på" in page
    assert 'name="passord"' not in page


def test_the_responsible_takes_it_away_for_one_of_the_municipality_and_not_for_one_who_does_more(site, two_steps):
    """
    The leader works in Fauske, and decides for a whole network.
    """
    manager = site.signed_in("ansvarlig.fauske")
    with site.home.opened() as library:
        leader, employee = library._actor("leder"), library._actor("ansatt.fauske")
        library.set_password("ansatt.fauske", PHRASE, by="redaktor")
        secret = library.begin_second_step(PHRASE, by="ansatt.fauske").secret
        library.confirm_second_step(code(site, secret), by="ansatt.fauske")
    page = f"/kommune/folk/person/{employee}"

    assert f'action="{page}/to-trinn"' in manager.get(page).text
    assert post(manager, f"{page}/to-trinn").headers["location"] == page
    assert begun(site, brukernavn="ansatt.fauske")[1].headers["location"] == "/"
    again = post(manager, f"{page}/to-trinn")
    assert (again.status_code, "ikke slått på" in again.text) == (422, True)
    refused = post(manager, f"/kommune/folk/person/{leader}/to-trinn")
    assert (refused.status_code, "roller som du ikke kan gi" in refused.text) == (422, True)
    assert begun(site)[1].headers["location"] == "/logg-inn/kode"
