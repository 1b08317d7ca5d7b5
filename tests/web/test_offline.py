"""What can be read without coverage, in a real browser with the server stopped; and what the server tells a browser to keep."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
import uvicorn

from samrutine.web.app import create_app
from samrutine.web.running import listening
from tests.support.stories import approve_with_everyone, change_with_everyone
from tests.support.texts import a_routine
from tests.web import conftest
from tests.web.conftest import PHRASE, listening_to, post
from tests.web.test_browser import complaints

CONTENTS = "/uten-nett/innhold"
IS_KEPT = """async () => {
    const one = await caches.match('/uten-nett/om');
    const said = one ? await one.json() : {};
    return Boolean(said.whole && !said.locked);
}"""
KEEPS_NOTHING = "async () => !(await caches.has('samrutine-kept'))"


class Running:
    """A library that is shown at an address, stopped and shown again there."""

    def __init__(self, home):
        self.home, self.port, self.ahead = home, 0, timedelta()
        self.start()

    def start(self):
        """Answer, at the same address as before."""
        with listening("127.0.0.1", self.port, or_free=False) as held:
            self.port = held.getsockname()[1]
            opened = held.dup()
        app = create_app(self.home.path, clock=lambda: datetime.now(UTC) + self.ahead)
        self._server = uvicorn.Server(uvicorn.Config(app, log_level="critical", access_log=False, ws="none"))
        self._thread = threading.Thread(target=self._server.run, args=([opened],), daemon=True)
        self._thread.start()
        return self

    def stop(self):
        """Answer nobody any more."""
        self._server.should_exit = self._server.force_exit = True
        self._thread.join()

    @property
    def address(self):
        """Where it is."""
        return f"http://127.0.0.1:{self.port}"


@pytest.fixture
def running(tmp_path, sqlite_templates):
    """A library of which Fauske and Beiarn use different routines, and one of them is exempt."""
    home = sqlite_templates.copied_to(tmp_path / "home", "routine")
    with home.opened() as library:
        approve_with_everyone(library, a_routine("vakt", title="Vaktskifte"))
        approve_with_everyone(library, a_routine("alarm", title="Personalalarm", sections={"Formål": "Rask hjelp.", "Lommekort": "Trykk og rop."}))  # fmt: skip
        approve_with_everyone(library, a_routine("isolat", title="Isolat", access="exempt"))
        for routine, where in (
            ("handhygiene", "fauske"),
            ("alarm", "fauske"),
            ("isolat", "fauske"),
            ("vakt", "beiarn"),
        ):
            library.adopt(routine, where, by=f"beslutter.{where}")
        library.add_addition(
            "handhygiene",
            "Fauske",
            "framgangsmate",
            "practical-note",
            "Hansker ligger i skap 3.",
            by="ansvarlig.fauske",
        )
        for login in ("beslutter.fauske", "ansatt.fauske"):
            library.set_password(login, PHRASE, by="redaktor")
    made = Running(home)
    yield made
    made.stop()


@pytest.fixture
def page(chromium, running):
    """A page on a telephone, on which the decider of Fauske is signed in and all is kept."""
    context = chromium.new_context(locale="nb-NO", viewport={"width": 390, "height": 800})
    opened = context.new_page()
    sign_in(opened, running.address, "beslutter.fauske")
    yield opened
    context.close()


def sign_in(page, address, login):
    """Sign in, and wait until the browser has all that it is to keep."""
    conftest.sign_in(page, address, login)
    wait_until_kept(page)


def wait_until_kept(page):
    """Wait until the browser has all that it is to keep. `wait_for_function` takes a promise for a yes, so it is asked here."""
    for _ in range(200):
        if page.evaluate(IS_KEPT):
            return
        page.wait_for_timeout(50)
    raise AssertionError("ten seconds, and not all is kept")


def main(page):
    """Give the words of a page, without the menu."""
    return page.inner_text("main")


@pytest.mark.service("chromium")
class TestWithoutCoverage:
    def test_what_applies_is_read_with_what_is_local_and_says_how_old_it_is(self, page, running):
        """
        In the basement there is no coverage, and somebody is bleeding.
        """
        running.stop()

        with listening_to(page) as said:
            page.goto(f"{running.address}/rutine/handhygiene")

        assert page.text_content("h1") == "Håndhygiene"
        assert "Hansker ligger i skap 3." in main(page)
        assert "Gjelder i Fauske" in main(page)
        assert "Du er uten nett. Dette er en kopi som er lagret på enheten." in main(page)
        assert "Sist kontrollert mot biblioteket" in main(page)
        assert "Beslutter.Fauske" not in page.content()
        assert [one for one in said if "ERR_CONNECTION_REFUSED" not in one] == []

    def test_every_page_leads_to_what_is_kept_with_emergencies_first(self, page, running):
        running.stop()
        found = {}

        for path in ("/", "/rutiner", "/uten-nett", "/forslag", "/rutine/vakt", "/rutine/handhygiene?versjon=1.0"):
            page.goto(running.address + path)
            links = [one.inner_text() for one in page.query_selector_all("#treff a")]
            found[path] = (links, "Sist kontrollert mot biblioteket" in main(page), complaints(page.context, page))

        assert set(map(str, found.values())) == {str((["Personalalarm", "Håndhygiene", "Personalalarm"], True, []))}

    def test_a_search_forgives_capitals_letters_and_a_slip(self, page, running):
        """
        Cold fingers write «haandhygene».
        """
        running.stop()
        hits = {}

        for words in (
            "håndhygiene",
            "HAANDHYG",
            "handhygene",
            "hygiene",
            "hendene",
            "skap 3",
            "trykk",
            "smitteverntiltak xyz",
        ):
            page.goto(f"{running.address}/sok")
            page.fill("#sokefelt", words)
            with page.expect_response("**/sok?q=*"):
                page.press("#sokefelt", "Enter")
            page.wait_for_selector("#treff [role=status]")
            hits[words] = [one.inner_text() for one in page.query_selector_all(".found a")][:1]

        assert hits == {
            **{
                one: ["Håndhygiene"]
                for one in ("håndhygiene", "HAANDHYG", "handhygene", "hygiene", "hendene", "skap 3")
            },
            "trykk": ["Personalalarm"],
            "smitteverntiltak xyz": [],
        }

    def test_hits_come_while_one_types(self, page, running):
        running.stop()
        page.goto(f"{running.address}/sok")

        page.type("#sokefelt", "hansk")
        page.wait_for_selector(".found a")

        assert [one.inner_text() for one in page.query_selector_all(".found a, .found mark")] == [
            "Håndhygiene",
            "Hansker",
        ]

    def test_what_is_exempt_is_never_kept_and_nor_is_what_applies_elsewhere(self, page, running):
        held = page.evaluate(
            "async () => (await (await caches.open('samrutine-kept')).keys()).map(one => new URL(one.url).pathname)"
        )

        assert sorted(held) == [
            "/uten-nett/om",
            "/uten-nett/ramme",
            "/uten-nett/rutine/alarm",
            "/uten-nett/rutine/handhygiene",
        ]


@pytest.mark.service("chromium")
class TestASharedTablet:
    def test_forgets_all_at_sign_out(self, page, running):
        """
        Whoever takes it next must not read what the one before could.
        """
        page.goto(f"{running.address}/meg")
        page.click("form[action='/logg-ut'] button")
        page.wait_for_url("**/logg-inn")
        gone = page.evaluate(KEEPS_NOTHING)
        running.stop()

        page.goto(f"{running.address}/rutine/handhygiene")

        assert gone
        assert "Ingenting er lagret på denne enheten" in main(page)

    def test_forgets_all_at_sign_out_without_coverage_too_and_says_what_is_left_to_do(self, page, running):
        page.goto(f"{running.address}/meg")
        running.stop()

        page.click("form[action='/logg-ut'] button")
        page.wait_for_selector("text=Slettet fra enheten")

        assert "Logg ut en gang til når du har nett." in main(page)
        assert page.evaluate(KEEPS_NOTHING)

    def test_forgets_all_when_another_place_is_chosen_and_keeps_what_applies_there(self, page, running):
        with page.expect_navigation():
            page.select_option("#valgt-kommune", "beiarn")
        wait_until_kept(page)
        running.stop()

        page.goto(f"{running.address}/uten-nett")

        assert [one.inner_text() for one in page.query_selector_all("#treff a")] == ["Vaktskifte"]
        assert page.evaluate("async () => !(await caches.match('/uten-nett/rutine/handhygiene'))")

    def test_shows_nothing_of_the_one_before_while_another_signs_in(self, page, running):
        """
        The session ran out, nobody signed out, and the next one comes.
        """
        page.context.clear_cookies()
        page.goto(f"{running.address}/rutine/handhygiene")
        running.stop()
        page.goto(f"{running.address}/rutine/handhygiene")
        locked = main(page)
        running.start()
        sign_in(page, running.address, "ansatt.fauske")
        running.stop()
        page.goto(f"{running.address}/rutine/handhygiene")

        assert "Ingenting er lagret på denne enheten som du kan lese nå." in locked
        assert page.text_content("h1") == "Håndhygiene"

    def test_keeps_nothing_when_somebody_chose_so(self, page, running):
        page.goto(f"{running.address}/uten-nett")
        page.click("text=Slett fra denne enheten")
        page.wait_for_selector("text=fordi noen har valgt det")
        dropped = page.evaluate(KEEPS_NOTHING)

        page.click("text=Lagre på denne enheten")
        page.wait_for_selector("text=2 rutiner som gjelder i Fauske, er lagret")

        assert dropped


@pytest.mark.service("chromium")
class TestKeepingUpToDate:
    def test_fetches_what_changed_and_nothing_else(self, page, running):
        """
        A nurse with one bar of coverage pays for each letter.
        """
        with running.home.opened() as library:
            answer = change_with_everyone(library, a_routine(extra="Og besøkende."))
            library.adopt("handhygiene", "Fauske", by="beslutter.fauske", version=answer.version)
        asked = []
        page.context.on("request", lambda one: asked.append(one.url.removeprefix(running.address).partition("?")[0]))

        page.goto(f"{running.address}/uten-nett")
        page.click("text=Hent på nytt")
        page.wait_for_event("load")
        running.stop()
        page.goto(f"{running.address}/rutine/handhygiene")

        assert "Og besøkende." in main(page)
        assert [one for one in asked if one.startswith("/uten-nett/")] == [CONTENTS, "/uten-nett/rutine/handhygiene"]

    def test_drops_what_does_not_apply_any_more(self, page, running):
        """
        The day after somebody ended it, and signed in anew: nobody is signed in for longer than a duty.
        """
        with running.home.opened() as library:
            library.end_use("alarm", "Fauske", reason="Dekket av en annen.", by="beslutter.fauske")
        running.ahead = timedelta(days=1)

        sign_in(page, running.address, "beslutter.fauske")
        page.goto(f"{running.address}/uten-nett")

        assert [one.inner_text() for one in page.query_selector_all("#treff a")] == ["Håndhygiene"]
        assert page.evaluate("async () => !(await caches.match('/uten-nett/rutine/alarm'))")

    def test_says_so_when_there_is_no_room(self, chromium, running):
        """
        A full telephone keeps what it has room for, and tells of the rest.
        """
        context = chromium.new_context(locale="nb-NO", viewport={"width": 390, "height": 800})
        page = context.new_page()
        sign_in(page, running.address, "beslutter.fauske")
        with running.home.opened() as library:
            approve_with_everyone(library, a_routine("lang", title="Langt", extra="\n\n".join(["Ord. " * 800] * 20)))
            library.adopt("lang", "Fauske", by="beslutter.fauske")
        used = page.evaluate("async () => (await navigator.storage.estimate()).usage")
        session = context.new_cdp_session(page)
        session.send("Storage.overrideQuotaForOrigin", {"origin": running.address, "quotaSize": used + 10_000})

        page.goto(f"{running.address}/uten-nett")
        page.click("text=Hent på nytt")
        page.wait_for_event("load")

        assert "Det er ikke plass til alle rutinene på enheten." in main(page)
        assert "2 rutiner som gjelder i Fauske, er lagret" in main(page)
        assert "Én rutine er ikke hentet ennå." in main(page)
        context.close()


class TestWhatAServerTells:
    def test_a_tag_of_each_so_that_what_is_there_is_not_sent_again(self, site):
        with site.home.opened() as library:
            library.adopt("handhygiene", "Fauske", by="beslutter.fauske")
        browser = site.signed_in("beslutter.fauske")
        told = browser.get(CONTENTS)
        said = told.json()
        address = f"/uten-nett/rutine/handhygiene?for={said['owner']}"
        document = browser.get(address)

        again = browser.get(CONTENTS, headers={"If-None-Match": told.headers["etag"]})
        unchanged = browser.get(address, headers={"If-None-Match": document.headers["etag"]})

        assert [one["id"] for one in said["documents"]] == ["handhygiene"]
        assert said["documents"][0]["tag"] == document.headers["etag"]
        assert (again.status_code, unchanged.status_code) == (304, 304)

    def test_no_document_on_behalf_of_another_person_or_place(self, site):
        """
        A tablet that asks for the one before gets nothing of them.
        """
        with site.home.opened() as library:
            library.adopt("handhygiene", "Fauske", by="beslutter.fauske")
        first, second = (site.signed_in(login) for login in ("beslutter.fauske", "ansatt.fauske"))
        owner = first.get(CONTENTS).json()["owner"]

        other = second.get(f"/uten-nett/rutine/handhygiene?for={owner}")
        post(first, "/valg", {"kommune": "beiarn"})
        elsewhere = first.get(f"/uten-nett/rutine/handhygiene?for={owner}")
        moved = first.get(CONTENTS).json()["owner"]

        assert (other.status_code, elsewhere.status_code) == (409, 409)
        assert first.get(f"/uten-nett/rutine/handhygiene?for={moved}").status_code == 404

    def test_nothing_that_is_exempt_also_to_whoever_may_read_it(self, site):
        with site.home.opened() as library:
            approve_with_everyone(library, a_routine("isolat", title="Isolat", access="exempt"))
            library.adopt("isolat", "Fauske", by="beslutter.fauske")
        browser = site.signed_in("beslutter.fauske")
        owner = browser.get(CONTENTS).json()["owner"]

        assert browser.get("/rutine/isolat").status_code == 200
        assert "Isolat" not in browser.get(CONTENTS).text + browser.get("/uten-nett").text
        assert browser.get(f"/uten-nett/rutine/isolat?for={owner}").status_code == 404
