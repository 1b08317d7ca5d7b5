"""How a program is let in, and how it is answered: tokens, tags, pages, languages, and what is wrong."""

import re
from xml.etree import ElementTree as ET

import pytest
from starlette.testclient import TestClient

from samrutine.library import Library
from samrutine.web.api.limits import MOST_KNOWN, Limits
from samrutine.web.app import create_app
from samrutine.web.guarding import HEADERS, MOST_BYTES, UNSAFE
from tests.api.conftest import API, HERE, Programs
from tests.support.stories import approve_with_everyone
from tests.support.texts import a_routine
from tests.web.conftest import PHRASE, post

KNOWN = {"procedure": "handhygiene", "municipality": "1841", "network": "smittevern", "form": "md"}


def operations(programs):
    """Give the method and the path of each operation, with ids that there are or may be."""
    for path, methods in programs.api.openapi()["paths"].items():
        filled = re.sub(r"\{(\w+)\}", lambda found: KNOWN.get(found[1], "f-0000000000"), path)
        for method in methods:
            yield method.upper(), filled


class TestWhoMayAsk:
    def test_nobody_without_a_token_that_holds(self, programs):
        """
        Every operation: one that somebody forgot is the one that leaks.
        """
        ended = programs.of("leder")
        with programs.home.opened() as library:
            for one in library.tokens(by="leder"):
                library.end_token(one.key, by="leder")
        programs.api.state.limits_of_strangers = Limits(burst=1_000)

        for method, path in operations(programs):
            for program in (programs.anybody, ended, programs.program("samrutine_" + "0" * 51)):
                refused = program.request(method, path)
                assert refused.status_code == 401, (method, path)
                assert refused.json()["error"]["code"] == "no_token"
                assert refused.headers["www-authenticate"] == "Bearer"

    def test_no_browser_by_its_session(self, programs):
        """
        What a browser sends by itself, somebody else's page can make it send.
        """
        with programs.home.opened() as library:
            library.set_password("leder", PHRASE, by="redaktor")
        browser = programs.program(None)
        browser.base_url = HERE
        assert (
            post(browser, "/logg-inn", {"brukernavn": "leder", "passord": PHRASE}, page="/logg-inn").status_code == 200
        )
        assert browser.cookies

        assert browser.get(f"{API}/me").status_code == 401
        assert browser.post(f"{API}/proposals", json={"text": "x"}, headers={"Origin": HERE}).status_code == 401

    def test_one_that_only_reads_changes_nothing(self, programs):
        program = programs.of("beslutter.fauske", "read")

        for method, path in operations(programs):
            answered = program.request(method, path)
            if method in UNSAFE:
                assert answered.status_code == 403, (method, path)
                assert answered.json()["error"]["code"] == "only_reads"
            else:
                assert answered.status_code != 403, (method, path)
        assert program.get("/me").json()["login"] == "beslutter.fauske"

    def test_not_more_often_than_the_library_bears(self, programs):
        """
        A program that runs wild must not stand in the way of a nurse.
        """
        now = [0.0]
        programs.api.state.limits = Limits(burst=2, a_second=0.5, clock=lambda: now[0])
        program, other = programs.of("leder"), programs.of("redaktor")

        answers = [program.get("/networks") for _ in range(3)]
        beside = other.get("/networks")
        now[0] += 2

        assert [one.status_code for one in answers] == [200, 200, 429]
        assert answers[-1].headers["retry-after"] == "2"
        assert (beside.status_code, program.get("/networks").status_code) == (200, 200)

    def test_who_asks_seldom_is_forgotten(self):
        """
        Whoever makes up addresses must not fill the memory.
        """
        limits = Limits(burst=1)
        for number in range(MOST_KNOWN + 5):
            limits.wait(str(number))

        assert len(limits._left) == MOST_KNOWN

    def test_not_under_another_name_and_not_too_much(self, programs):
        program = programs.of("leder")

        elsewhere = program.get("/me", headers={"Host": "elsewhere.example", "Accept-Language": "en-GB"})
        large = program.post("/proposals", content=b"x" * (MOST_BYTES + 1))
        pieces = program.post("/proposals", content=(b"x" * 100_000 for _ in range(20)))

        assert (elsewhere.status_code, elsewhere.json()["error"]["fact"]) == (
            400,
            "The library is not reached by this name.",
        )
        assert [(one.status_code, one.json()["error"]["code"]) for one in (large, pieces)] == [(413, "too_large")] * 2
        assert {name: large.headers[name] for name in HEADERS} == HEADERS


class TestAnswers:
    def test_are_not_sent_again_when_the_program_has_them(self, programs):
        program = programs.of("ansatt.fauske", "read")

        for path in ("/procedures", "/procedures/handhygiene/document.pdf", "/procedures/handhygiene/document", "/me"):
            first = program.get(path)
            tag = first.headers["etag"]
            again = program.get(path, headers={"If-None-Match": f'"annet", W/{tag}'})
            assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag), path
            assert program.get(path, headers={"If-None-Match": '"annet"'}).content == first.content
            assert first.headers["cache-control"] == "private, no-cache"
            assert "Authorization" in first.headers["vary"]

    def test_have_another_tag_when_something_else_applies(self, programs):
        program, path = programs.of("beslutter.fauske"), "/procedures/handhygiene/document.md?municipality=fauske"

        before = program.get(path)
        program.post("/municipalities/fauske/procedures/handhygiene/adopt", json={})
        after = program.get(path)

        assert (before.status_code, after.status_code) == (404, 200)
        assert "kommunalsjef helse og omsorg" in after.text
        assert program.get(path, headers={"If-None-Match": after.headers["etag"]}).status_code == 304

    def test_come_in_pages(self, programs):
        program = programs.of("leder", "read")
        seen, after = [], None
        while True:
            found = program.get("/municipalities", params={"limit": 4, **({"after": after} if after else {})}).json()
            seen += [one["number"] for one in found["items"]]
            after = found["next"]
            if after is None:
                break

        assert (len(seen), len(set(seen)), found["total"]) == (9, 9, 9)
        assert program.get("/municipalities?after=0000").json()["error"]["code"] == "invalid_request"

    def test_are_what_the_command_line_prints(self, programs):
        from samrutine.plain import plain

        with programs.home.opened() as library:
            printed = plain(library.versions("handhygiene", reader="leder"))

        assert programs.of("leder").get("/procedures/handhygiene/versions").json()["items"] == printed

    def test_that_are_documents_run_nothing_where_they_are_opened(self, programs):
        """
        A page that a browser opens here would be a page of ours.
        """
        answered = programs.of("leder").get("/procedures/handhygiene/document.html")

        assert "sandbox" in answered.headers["content-security-policy"]
        assert answered.headers["content-disposition"] == 'attachment; filename="handhygiene-1.0.html"'

    def test_hide_what_the_person_may_not_read(self, programs):
        with programs.home.opened() as library:
            approve_with_everyone(library, a_routine("skap", title="Nøkkelskapet", access="exempt"))
        employee, decider = programs.of("ansatt.fauske"), programs.of("beslutter.fauske")

        listed = [[one["id"] for one in program.get("/procedures").json()["items"]] for program in (employee, decider)]
        hidden, missing = employee.get("/procedures/skap"), employee.get("/procedures/finnes-ikke")

        assert listed == [["handhygiene"], ["handhygiene", "skap"]]
        assert hidden.status_code == missing.status_code == 404
        assert hidden.text.replace("skap", "finnes-ikke") == missing.text

    def test_tell_other_systems_what_is_new_in_force(self, programs):
        program = programs.of("beslutter.fauske")
        empty = ET.fromstring(program.get("/municipalities/fauske/atom.xml").content)  # noqa: S314  our own
        program.post("/municipalities/fauske/procedures/handhygiene/adopt", json={})

        answered = program.get("/municipalities/fauske/atom.xml")

        names = {"a": "http://www.w3.org/2005/Atom"}
        feed = ET.fromstring(answered.content)  # noqa: S314  our own
        (entry,) = feed.findall("a:entry", names)
        assert answered.headers["content-type"].startswith("application/atom+xml")
        assert (empty.findall("a:entry", names), entry.findtext("a:title", "", names)) == ([], "Håndhygiene")
        assert feed.find("a:link", names).get("href") == f"{HERE}{API}/municipalities/1841/atom.xml"
        assert feed.findtext("a:updated", "", names) == entry.findtext("a:updated", "", names)
        link = entry.find("a:link", names).get("href").removeprefix(f"{HERE}{API}")
        assert program.get(link).json()["header"]["title"] == "Håndhygiene"

    def test_name_the_address_that_people_reach_the_library_by(self, programs):
        """
        Behind a proxy the request came by HTTP, from a name that nobody outside knows.
        """
        outside = create_app(programs.home.path, address="https://rutiner.example", clock=programs.home.clock)
        program = TestClient(
            outside, base_url=f"{HERE}{API}", headers={"Authorization": f"Bearer {programs.token('leder')}"}
        )

        feed = program.get("/municipalities/fauske/atom.xml").text
        outside.state.libraries.close()

        assert f'href="https://rutiner.example{API}/municipalities/1841/atom.xml"' in feed


class TestWhatIsWrong:
    @pytest.mark.parametrize(
        ("asked", "fact"),
        [
            ("en", "There is nothing at this address."),
            ("nn", "Det er ingenting på denne adressen."),
            ("", "Det er ingenting på denne adressen."),
        ],
    )
    def test_is_said_in_the_language_that_was_asked_for(self, programs, asked, fact):
        answered = programs.of("leder").get("/finnes-ikke", headers={"Accept-Language": asked})

        assert (answered.status_code, answered.json()["error"]["fact"]) == (404, fact)

    def test_of_rights_is_said_as_in_a_shell(self, programs):
        """
        With which role in which place would do, so that whoever runs the program can ask for it.
        """
        refused = programs.of("beslutter.fauske").post(
            "/municipalities/beiarn/procedures/handhygiene/decline", json={"reason": "Nei."}
        )

        (reason,) = refused.json()["error"]["reasons"]
        assert refused.status_code == 403
        assert (reason["code"], reason["places"]["named"]) == ("lacks_role", "Beiarn")
        assert "i Beiarn må du være beslutter" in refused.json()["error"]["fact"]

    def test_of_a_body_names_the_place(self, programs):
        """
        What is not named in the description is refused, and not left unread.
        """
        program = programs.of("beslutter.fauske")
        path = "/municipalities/fauske/procedures/handhygiene/defer"

        unknown = program.post(path, json={"until": "2027-01-01", "reason": "Vent.", "by": "redaktor"})
        no_day = program.post(path, json={"until": "2027-02-30", "reason": "Vent."})
        no_json = program.post(path, content=b"{", headers={"Content-Type": "application/json"})

        assert [one.status_code for one in (unknown, no_day, no_json)] == [422] * 3
        assert "body.by" in unknown.json()["error"]["fact"]
        assert "body.until" in no_day.json()["error"]["places"]["where"]

    def test_of_ours_is_said_without_a_trace(self, programs, monkeypatch):
        program = programs.of("leder")
        monkeypatch.setattr("samrutine.library.Library.networks", lambda *_: 1 / 0)

        answered = program.get("/networks")

        assert (answered.status_code, answered.json()["error"]["code"]) == (500, "our_mistake")
        assert "ZeroDivisionError" not in answered.text


def test_no_text_is_more_than_a_store_can_hold(any_home_with_routine):
    """
    A sign that one database keeps and another refuses is found by whoever looks for it.
    """
    programs = Programs(any_home_with_routine)
    program, bad = programs.of("beslutter.fauske"), "a\0b"
    here = "/municipalities/fauske/procedures/handhygiene"
    asked = [
        *(
            program.get(path)
            for path in (
                *(
                    "/search?q=a%00b",
                    "/search?q=%ff",
                    "/proposals?state=a%00b",
                    "/procedures?after=a%00b",
                    "/procedures/a%00b",
                ),
                *(
                    "/in-force?municipality=%00",
                    "/municipalities/%ff/inbox",
                    "/procedures/handhygiene/attachments/a%ffb",
                ),
            )
        ),
        program.post(f"{here}/decline", json={"reason": bad}),
        program.post(f"{here}/own-routine", json={"link": bad}),
        program.put(f"{here}/local-values", json={"values": {"x": bad}}),
        program.post(f"{here}/additions", json={"section_key": "", "kind": "practical-note", "text": bad}),
        program.post("/proposals", json={"text": bad}),
        program.post("/proposals", json={"text": a_routine("ny").decode(), "meaning": bad}),
        *(
            program.post("/proposals", content=data, headers={"Content-Type": "application/json"})
            for data in (b'{"text":"\\ud800"}', b'{"text":"\xff"}', b"[" * 100_000)
        ),
        program.post(f"{here}/decline", json={"reason": "Nei."}, headers={"Idempotency-Key": "to ord"}),
        program.get("/me", headers={"Authorization": b"Bearer \xff\xfe"}),
    ]
    programs.app.state.libraries.close()

    statuses = [one.status_code for one in asked]
    assert statuses[:2] == [200, 200]
    assert set(statuses[2:]) <= {400, 401, 404, 422}
    assert all(one.json()["error"]["fact"] for one in asked[2:])


def test_a_refusal_costs_no_opening_of_the_library(programs, monkeypatch):
    """
    Else whoever asks for what they may not have slows down everybody who may.
    """
    opened, open_it = [], Library.open
    monkeypatch.setattr(Library, "open", lambda home, **how: opened.append(home) or open_it(home, **how))
    reads, page = programs.of("leder", "read"), programs.program(None)
    page.base_url = HERE
    opened.clear()
    programs.anybody.get("/me")

    for _ in range(3):
        programs.anybody.get("/me")
        reads.post("/proposals", json={"text": "x"})
        reads.get("/procedures?limit=0")
        reads.get("/procedures/finnes-ikke")
        page.get("/rutiner", follow_redirects=False)
        page.post("/logg-inn", data={}, headers={"Origin": HERE})

    assert len(opened) == 1
