"""What stands before every page: headers, hosts, our own forms, bounded bodies, and pages of plain words when something is wrong."""

import pytest

from samrutine.web.guarding import HEADERS, MOST_BYTES, form_token, is_form_token
from samrutine.web.visit import is_local
from tests.web.conftest import HERE, PHRASE, post


class TestEveryAnswer:
    @pytest.mark.parametrize(
        "address", ["/", "/logg-inn", "/finnes-ikke", "/liv", "/s/0/app.css", "/v/finnes-ikke/1.0"]
    )
    def test_carries_the_strict_policy(self, site, address):
        """
        A page that somebody forgot is the one that is attacked.
        """
        answer = site.anybody.get(address)

        assert {name: answer.headers[name] for name in HEADERS} == HEADERS
        assert "unsafe" not in answer.headers["content-security-policy"]
        assert answer.headers["cache-control"] == "no-store"
        assert "server" not in answer.headers

    def test_has_no_script_and_no_style_of_its_own(self, site):
        """
        Else the policy would have to allow them, and what somebody smuggled in with them.
        """
        browser = site.signed_in("leder")

        for address in ("/", "/sok?q=hender", "/rutine/handhygiene", "/rutiner", "/meg", "/finnes-ikke"):
            html = browser.get(address).text
            assert " style=" not in html, address
            assert "<style" not in html, address
            assert " onclick=" not in html, address
            assert html.count("<script") == html.count('<script defer src="/s/'), address


class TestWhoMayAsk:
    @pytest.mark.parametrize(
        "host", ["elsewhere.example", "localhost.elsewhere.example", "", "localhost@elsewhere.example"]
    )
    def test_not_under_another_name(self, site, host):
        """
        Whoever leads people here by a name of their own would have our links lead back to them.
        """
        assert site.anybody.get("/logg-inn", headers={"Host": host}).status_code == 400

    @pytest.mark.parametrize(
        "headers",
        [
            {"Origin": "https://elsewhere.example"},
            {"Origin": "null"},
            {"Origin": HERE, "Sec-Fetch-Site": "cross-site"},
            {"Origin": HERE, "Sec-Fetch-Site": "same-site"},
            {"Referer": "https://elsewhere.example/logg-inn"},
            {},
        ],
    )
    def test_not_by_a_form_of_somebody_elses_page(self, site, headers):
        answer = site.anybody.post("/valg", data={"sprak": "nn"}, headers=headers)

        assert answer.status_code == 403
        assert "set-cookie" not in answer.headers

    def test_not_by_a_form_without_what_belongs_to_the_session(self, site):
        """
        A form that was open since before somebody signed in, or that is not ours.
        """
        browser = site.signed_in("leder")

        for token in ({}, {"_token": ""}, {"_token": "00" * 32}, {"_token": "ikke heksadesimalt"}):
            answer = browser.post("/logg-ut", data=token, headers={"Origin": HERE})
            assert (answer.status_code, "Skjemaet er for gammelt" in answer.text) == (403, True)
        assert browser.get("/").status_code == 200
        assert post(browser, "/logg-ut").status_code == 303
        assert browser.get("/").headers["location"] == "/logg-inn"

    def test_what_a_form_brings_is_another_each_time_and_of_one_session(self):
        one, other = form_token("a"), form_token("a")

        assert one != other
        assert is_form_token(one, "a")
        assert is_form_token(other, "a")
        assert not is_form_token(one, "b")

    @pytest.mark.parametrize("said", [MOST_BYTES + 1, "mye"])
    def test_not_with_more_than_a_form_holds(self, site, said):
        answer = site.anybody.post("/logg-inn", content=b"x", headers={"Origin": HERE, "Content-Length": str(said)})

        assert answer.status_code in {400, 413}

    def test_not_with_more_than_its_head_said(self, site):
        """
        A body in pieces says nothing of its length.
        """

        def pieces():
            for _ in range(20):
                yield b"passord=" + b"x" * 100_000

        kind = {"Origin": HERE, "Content-Type": "application/x-www-form-urlencoded"}
        assert site.anybody.post("/logg-inn", content=pieces(), headers=kind).status_code == 413


class TestSigningIn:
    def test_leads_back_to_where_one_was(self, site):
        """
        A colleague sends a link, and whoever follows it must sign in first.
        """
        browser = site.signed_in("leder")
        answer = site.anybody.get("/rutine/handhygiene?versjon=1.0")
        page = site.anybody.get(answer.headers["location"]).text

        assert answer.status_code == 303
        assert 'name="neste" value="/rutine/handhygiene?versjon=1.0"' in page
        made = post(site.browser(), "/logg-inn", {"brukernavn": "leder", "passord": PHRASE, "neste": "/rutiner"})
        assert made.headers["location"] == "/rutiner"
        assert browser.get("/logg-inn").headers["location"] == "/"

    @pytest.mark.parametrize(
        "address",
        [
            "https://elsewhere.example",
            "//elsewhere.example",
            "/\\elsewhere.example",
            "javascript:alert(1)",
            "\\x",
            "/a\nb",
            "",
        ],
    )
    def test_leads_nobody_elsewhere(self, site, address):
        """
        A link to us that ends somewhere else is how people are asked for their passwords.
        """
        site.signed_in("leder")
        answer = post(site.browser(), "/logg-inn", {"brukernavn": "leder", "passord": PHRASE, "neste": address})

        assert not is_local(address)
        assert answer.headers["location"] == "/"

    def test_gives_a_cookie_that_no_script_reads_and_no_other_page_sends(self, site):
        site.signed_in("leder")
        cookie = post(site.browser(), "/logg-inn", {"brukernavn": "leder", "passord": PHRASE}).headers["set-cookie"]

        assert "HttpOnly" in cookie
        assert "SameSite=lax" in cookie

    def test_never_takes_over_what_a_browser_had(self, site):
        """
        Whoever put a session into somebody's browser must not be in theirs afterwards.
        """
        site.signed_in("leder")
        browser = site.browser(cookies={"samrutine": "x" * 43})

        token = post(browser, "/logg-inn", {"brukernavn": "leder", "passord": PHRASE}).cookies["samrutine"]

        assert token != "x" * 43

    def test_says_the_same_of_a_wrong_name_and_a_wrong_password(self, site):
        site.signed_in("leder")
        texts = {
            post(site.browser(), "/logg-inn", {"brukernavn": login, "passord": word}).text.replace(login, "")
            for login, word in (("leder", "feil"), ("finnes.ikke", PHRASE))
        }

        assert len(texts) == 1
        assert "Brukernavnet eller passordet er feil." in texts.pop()

    def test_as_somebody_invented_is_for_the_demo_alone(self, site):
        answer = post(site.browser(), "/logg-inn/demo", {"brukernavn": "leder"})

        assert (answer.status_code, "set-cookie" in answer.headers) == (422, False)

    def test_with_another_password_means_signing_in_anew_everywhere(self, site):
        browser, other = site.signed_in("leder"), site.browser()
        post(other, "/logg-inn", {"brukernavn": "leder", "passord": PHRASE})

        wrong = post(browser, "/meg/passord", {"gammelt": "feil", "nytt": "helt andre ord i dag"}, page="/meg")
        short = post(browser, "/meg/passord", {"gammelt": PHRASE, "nytt": "kort"}, page="/meg")
        done = post(browser, "/meg/passord", {"gammelt": PHRASE, "nytt": "helt andre ord i dag"}, page="/meg")

        assert (wrong.status_code, short.status_code, done.status_code) == (422, 422, 303)
        assert "minst 15 tegn" in short.text.lower()
        assert [one.get("/").status_code for one in (browser, other)] == [303, 303]


class TestWhatIsWrong:
    def test_is_said_on_a_page_in_plain_words(self, site):
        """
        «404 Not Found» tells nobody what to do.
        """
        browser = site.signed_in("leder")

        answer = browser.get("/rutine/finnes-ikke")

        assert answer.status_code == 404
        assert "finnes-ikke" in answer.text
        assert "`samrutine" not in answer.text

    def test_is_said_without_a_trace_when_it_is_our_mistake(self, site, monkeypatch):
        browser = site.signed_in("leder")
        monkeypatch.setattr("samrutine.library.Library.inbox", lambda *_: 1 / 0)

        answer = browser.get("/")

        assert (answer.status_code, "Noe er galt hos oss" in answer.text) == (500, True)
        assert "ZeroDivisionError" not in answer.text
        monkeypatch.undo()
        assert browser.get("/").status_code == 200

    def test_what_somebody_wrote_is_never_markup(self, site):
        """
        In a search, an address, a name: all that comes back.
        """
        browser = site.signed_in("leder")
        bad = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>{{7*7}}"

        for address in ("/sok", "/rutine/x", "/v/handhygiene/1.0", "/rutine/handhygiene/endret", "/logg-inn"):
            html = browser.get(
                address, params={"q": bad, "fra": bad, "versjon": bad, "kommune": bad, "neste": f"/{bad}"}
            ).text
            assert "<script>alert" not in html, address
            assert "<img src=x" not in html, address
            assert ">49" not in html, address
        page = post(site.browser(), "/logg-inn", {"brukernavn": bad, "passord": "x"}).text
        assert "<img src=x" not in page

    def test_the_machine_is_asked_how_it_is_by_whoever_watches_it(self, site):
        assert [site.anybody.get(address).text for address in ("/liv", "/klar")] == ["ok\n", "ok\n"]
