"""Signing in with another service, as its pages show it: there, back again, and everything on the way."""

import re
from html import unescape
from urllib.parse import urlsplit

import pytest

from samrutine.identity import openid
from samrutine.identity.openid import Services
from samrutine.web.pages.elsewhere import BEGUN
from tests.support.oidc_provider import CLIENT, SECRET, asked_at, running
from tests.web.conftest import HERE, Site, post

KARI = {"name": "Kari Prøve", "preferred_username": "kari@fauske.example", "org": "fauske"}


@pytest.fixture(scope="module")
def service():
    """A service, for all the tests here."""
    with running() as provider:
        yield provider


@pytest.fixture
def fauske(home_with_routine, service, monkeypatch):
    """The pages of a library whose people may sign in with the service."""
    service.claims, service.spoil = dict(KARI), {}
    monkeypatch.setattr(openid, "SERVICES", Services())
    secret = home_with_routine.path.parent / "hemmelig.txt"
    secret.write_text(SECRET)
    secret.chmod(0o600)
    settings = home_with_routine.path / "samrutine.toml"
    settings.write_text(
        settings.read_text()
        + f"""
[[sign_in]]
key = "fauske"
name = "Fauske kommune"
issuer = "{service.issuer}"
client_id = "{CLIENT}"
secret_file = "{secret}"
let_in_by = "redaktor"
organisation_claim = "org"
organisations = {{ fauske = "1841" }}
roles = {{ "*" = "employee" }}
"""
    )
    made = Site(home_with_routine)
    yield made
    made.app.state.libraries.close()


def there_and_back(browser, service, page="/logg-inn/med/fauske"):
    """Go to the service and come back; gives the answer."""
    away = browser.get(page)
    assert away.status_code == 303, away.text
    back = service.authorize(asked_at(away.headers["location"]))
    return browser.get(f"{urlsplit(back).path}?{urlsplit(back).query}")


def who(browser):
    """Who the browser is signed in as; None for nobody."""
    answer = browser.get("/meg")
    return re.search(r"<h1>(.*?)</h1>", answer.text)[1] if answer.status_code == 200 else None


def test_somebody_new_signs_in_and_is_led_to_where_they_wanted(fauske, service):
    """
    One press, and the password of every day.
    """
    browser = fauske.anybody
    page = browser.get("/logg-inn?neste=/rutine/handhygiene").text
    button = unescape(re.search(r'href="(/logg-inn/med/[^"]+)">Logg inn med Fauske kommune<', page)[1])

    back = there_and_back(browser, service, button)

    assert (back.status_code, back.headers["location"]) == (303, "/rutine/handhygiene")
    assert who(browser) == "Kari Prøve"


def test_the_way_there_says_what_it_must_and_nothing_of_anybody(fauske, service):
    """
    PKCE, a state and a nonce; the address of ours that it sends people back to.
    """
    away = fauske.anybody.get("/logg-inn/med/fauske")

    asked = asked_at(away.headers["location"])
    assert {name: asked[name] for name in ("response_type", "client_id", "code_challenge_method", "scope")} == {
        "response_type": "code", "client_id": CLIENT, "code_challenge_method": "S256", "scope": "openid profile email",
    }  # fmt: skip
    assert asked["redirect_uri"] == f"{HERE}/logg-inn/tilbake"
    assert all(len(asked[name]) == 43 for name in ("state", "nonce", "code_challenge"))
    kept = away.headers["set-cookie"]
    assert kept.startswith(f"{BEGUN}=")
    assert all(one in kept for one in ("HttpOnly", "SameSite=lax", "Max-Age=600"))


def test_it_leads_nobody_out_of_these_pages(fauske, service):
    """
    A link in a letter that signs one in and goes on to somebody else's page.
    """
    for next_ in ("https://ond.example/", "//ond.example", "/\\ond.example"):
        back = there_and_back(fauske.anybody, service, f"/logg-inn/med/fauske?neste={next_}")

        assert back.headers["location"] == "/"


def test_another_browser_that_comes_back_is_not_signed_in(fauske, service):
    """
    Whoever sends somebody the address that they came back by would see what that one writes.
    """
    away = fauske.anybody.get("/logg-inn/med/fauske")
    back = service.authorize(asked_at(away.headers["location"]))
    other = fauske.browser()

    answer = other.get(f"{urlsplit(back).path}?{urlsplit(back).query}")

    assert answer.status_code == 403
    assert "Innloggingen ble ikke fullført." in answer.text
    assert who(other) is None


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("", "Innloggingen ble ikke fullført"),
        ("?state=x&code=y", "Innloggingen ble ikke fullført"),
        ("?error=access_denied&error_description=<script>alert(1)</script>", "Innloggingen ble ikke fullført"),
        ("?state=%00&code=%ff", "Innloggingen ble ikke fullført"),
        (f"?state={'x' * 5000}", "Innloggingen ble ikke fullført"),
    ],
)
def test_who_comes_back_with_nonsense_is_told_what_to_do(fauske, query, words):
    """
    Never «Noe er galt hos oss», and never the words of somebody else.
    """
    answer = fauske.anybody.get(f"/logg-inn/tilbake{query}")

    assert answer.status_code == 403
    assert words in answer.text
    assert "<script>alert(1)" not in answer.text


def test_a_service_that_is_down_is_told_of_beside_the_password(fauske, service):
    """
    Whoever has a password is not kept out.
    """
    service.spoil["raw"] = b"<html>"

    answer = fauske.anybody.get("/logg-inn/med/fauske")

    assert answer.status_code == 503
    assert "Fauske kommune svarer ikke nå" in answer.text
    assert 'name="passord"' in answer.text


def test_somebody_who_is_here_connects_it_and_signs_in_with_it_afterwards(fauske, service):
    """
    From one's own page, by a form that no other page can send.
    """
    browser = fauske.signed_in("ansatt.fauske")
    assert "Koble til Fauske kommune" in browser.get("/meg").text
    shown = post(browser, "/meg/tjenester/fauske", {}, page="/meg").text
    address = unescape(re.search(r'href="([^"]+)">Gå videre til Fauske kommune<', shown)[1])
    back = service.authorize(asked_at(address))

    assert browser.get(f"{urlsplit(back).path}?{urlsplit(back).query}").headers["location"] == "/meg"
    page = browser.get("/meg").text
    assert "Koble fra Fauske kommune" in page

    other = fauske.browser()
    there_and_back(other, service)
    assert who(other) == who(browser)
    key = re.search(r'action="/meg/tjenester/(l-[0-9a-f]+)/av"', page)[1]
    post(browser, f"/meg/tjenester/{key}/av", {}, page="/meg")
    assert "Koble til Fauske kommune" in browser.get("/meg").text


def test_what_a_service_calls_somebody_is_words_and_nothing_else(fauske, service):
    """
    Its directory is not ours, and a name may be anything.
    """
    service.claims["name"] = "<b>Kari</b>"
    there_and_back(fauske.anybody, service)

    assert "<b>Kari</b>" not in fauske.anybody.get("/meg").text


def test_none_is_offered_where_there_is_none(home_with_routine):
    """
    Most libraries begin with passwords.
    """
    site = Site(home_with_routine)

    assert "/logg-inn/med/" not in site.anybody.get("/logg-inn").text
    assert site.anybody.get("/logg-inn/med/fauske").status_code == 404
    site.app.state.libraries.close()
