"""What is one's own in a browser: keys for programs, and all that is kept about oneself."""

import json
import re

from samrutine.identity.tokens import PATTERN
from tests.web.conftest import post
from tests.web.test_pages import words

WHERE = "/meg/programmer"


def test_a_key_is_shown_once_and_lets_a_program_in_until_it_is_ended(site):
    browser = site.signed_in("ansatt.fauske")
    made = post(browser, WHERE, {"navn": "kvalitetssystemet", "rett": "read", "til": "2026-12-31"})
    token = PATTERN.search(made.text)[0]

    def asked():
        return site.anybody.get("/api/v1/procedures", headers={"Authorization": f"Bearer {token}"}).status_code

    listed = browser.get(WHERE).text
    key = re.search(r'name="nokkel" value="([^"]+)"', listed)[1]
    before = asked()
    post(browser, f"{WHERE}/avslutt", {"nokkel": key})

    assert "kvalitetssystemet Lese · til og med 31.12.2026 · Aldri brukt" in words(listed)
    assert (PATTERN.search(listed), before, asked()) == (None, 200, 401)
    assert "Du har ingen nøkler." in browser.get(WHERE).text


def test_what_is_wrong_is_said_and_nothing_is_made(site):
    browser = site.signed_in("ansatt.fauske")
    for form in (
        {"navn": "", "rett": "read"},
        {"navn": "x", "rett": "alt"},
        {"navn": "<b>x", "rett": "read", "til": "2020-01-01"},
        {"navn": "x", "rett": "read", "til": "i morgen"},
    ):
        answer = post(browser, WHERE, form)
        assert (answer.status_code, PATTERN.search(answer.text), "<b>x" in answer.text) == (422, None, False), form
    assert "Du har ingen nøkler." in browser.get(WHERE).text


def test_nobody_ends_anothers_key(site):
    mine = site.signed_in("ansatt.fauske")
    post(mine, WHERE, {"navn": "mitt", "rett": "read"})
    key = re.search(r'name="nokkel" value="([^"]+)"', mine.get(WHERE).text)[1]

    post(site.signed_in("leder"), f"{WHERE}/avslutt", {"nokkel": key})

    assert "mitt" in mine.get(WHERE).text


def test_all_that_is_kept_about_oneself_comes_as_a_file(site):
    browser = site.signed_in("ansatt.fauske")

    answer = browser.get("/meg/lagret.json")

    assert 'filename="lagret-om-meg.json"' in answer.headers["content-disposition"]
    assert "ansatt.fauske" in json.dumps(json.loads(answer.content))
    assert "leder" not in {
        one["login"] for one in json.loads(answer.content).get("person", []) if isinstance(one, dict)
    }
