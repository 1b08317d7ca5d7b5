"""The pages in a real browser: nobody is shut out, nothing is wider than a telephone, and all works without scripts."""

import hashlib
import re
import threading
from datetime import timedelta
from pathlib import Path

import pyotp
import pytest

from samrutine.intake.originals import source_digest
from samrutine.intake.rows import id_of
from samrutine.letters.people import STOP, kept
from samrutine.storage.rows import LetterLinkRow
from samrutine.web.running import listening, run
from tests.reading.test_checklists import the_list
from tests.support.collected import a_shared_draft, three_alike
from tests.support.stories import approve_with_everyone, change_with_everyone
from tests.support.texts import a_routine
from tests.web.conftest import PHRASE, listening_to
from tests.web.test_routes import ANYBODY, SIGNED_IN

pytestmark = pytest.mark.service("chromium")
AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text(encoding="utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PROPOSAL = f"f-{hashlib.sha256(b'til-horing').hexdigest()[:10]}"
LIST = f"j-{hashlib.sha256(b'nyansatt').hexdigest()[:12]}"
DRAFT = f"f-{hashlib.sha256(b'utkast').hexdigest()[:10]}"
SENT_IN = (
    "<h1>Vask</h1><p>Gi 5 mg.</p><p><s>Gi 10 mg.</s></p><p>Eksempel: en kvinne på 84 år. Ring 900 00 000.</p>".encode()
)
PAGES = {
    "start": "/", "search": "/sok", "found": "/sok?q=hender", "nothing found": "/sok?q=xyzzy", "procedures": "/rutiner",
    "reading": "/rutine/handhygiene", "another version": "/rutine/handhygiene?versjon=1.1",
    "municipality": "/kommune", "deciding": "/rutine/handhygiene/beslutning", "matrix": "/hvem-bruker-hva", "overview": "/oversikt", "feedback": "/rutine/handhygiene/si-fra",
    "local": "/rutine/handhygiene/lokalt", "proposing": "/rutine/handhygiene/foresla", "proposals": "/forslag", "versions": "/rutine/handhygiene/versjoner", "changed": "/rutine/handhygiene/endret?fra=1.0&til=1.1",
    "applies": "/v/handhygiene/1.0?kommune=fauske", "replaced": "/v/handhygiene/1.1?kommune=fauske", "accessibility": "/tilgjengelighet", "checklists": "/sjekklister", "a checklist": f"/sjekklister/{LIST}", "opening a checklist": "/rutine/nyansatt/sjekkliste", "me": "/meg", "programs": "/meg/programmer", "second step": "/meg/to-trinn",
    "collections": "/innsamlinger", "wishes": "/onsker", "documents": "/dokumenter", "document": f"/dokumenter/{id_of('smittevern', '1841', source_digest(SENT_IN))}", "not there": "/rutine/finnes-ikke", "offline": "/uten-nett", "what was said": "/tilbakemeldinger", "reviews": "/gjennomgang", "made known": "/kommune/gjort-kjent", "people": "/kommune/folk", "calendar": "/meg/kalender", "no remarks": f"/forslag/{PROPOSAL}/ingen-merknader/municipality:1841", "a person": "/kommune/folk/person/PERSON", "inspection": "/tilsyn?dag=2026-11-23", "nothing kept": "/uten-nett/ingenting", "proposal": f"/forslag/{PROPOSAL}", "hearing": f"/forslag/{PROPOSAL}/horing", "opening a hearing": f"/forslag/{DRAFT}/apne", "draft": f"/forslag/{DRAFT}", "changing a draft": f"/forslag/{DRAFT}/endre",
}  # fmt: skip
LOOKS = [(1280, "light"), (390, "dark"), (320, "light")]


MADE: dict[str, str] = {}
"""The addresses that are known when their things are made: of collections, and of links, which open for whoever has them."""


def _of_links_and_collections(library):
    """Make what is collected and merged, and a link of each kind; gives the addresses by name."""
    asked = library.ask_for_routines("smittevern", "Alt om blodprøver", deadline=library.today, by="leder").collection
    documents = list(three_alike(library, asked).values())
    shared = a_shared_draft(library, documents)
    hearing = library.propose(a_routine("hort", title="Hørt"), by="skribent")
    library.open_hearing(hearing.proposal, digest=hearing.digest, parties=["outside:politi"], by="leder")
    library.set_password("ansatt.fauske", PHRASE, by="redaktor")
    begun = library.begin_second_step(PHRASE, by="ansatt.fauske")
    library.confirm_second_step(pyotp.TOTP(begun.secret).at(library._now()), by="ansatt.fauske")
    with library._parts.database.writing() as session:
        session.add(
            LetterLinkRow(
                id=kept("stopp"),
                actor_id=library._actor("leder"),
                address=STOP,
                expires_at=library._now() + timedelta(days=9),
            )
        )
    return {
        "a collection": f"/innsamlinger/{asked}",
        "merging": f"/innsamlinger/{asked}/flett?" + "&".join(f"dokument={one}" for one in documents),
        "offers": f"/forslag/{shared.proposal}/tilbud",
        "people of a network": "/fagnettverk/smittevern/folk",
        "somebody of a network": f"/fagnettverk/smittevern/folk/person/{library.person('leder').actor}",
        "by link: a hearing": f"/h/{library.invite_outsider(hearing.proposal, 'outside:politi', by='leder').token}",
        "by link: a meeting": f"/mote/{library.open_meeting('municipality:1841', 'employee', by='redaktor').token}",
        "by link: a password": f"/passord/{library.invite('leder', by='redaktor').token}",
        "by link: no more letters": "/brev/stopp",
    }


@pytest.fixture(scope="module")
def address(tmp_path_factory, sqlite_templates):
    """Where a library is shown, in which Fauske uses 1.0 of a routine and 1.1 is approved."""
    home = sqlite_templates.copied_to(tmp_path_factory.mktemp("browser") / "home", "routine")
    with home.opened() as library:
        library.adopt("handhygiene", "Fauske", by="beslutter.fauske")
        library.add_addition(
            "handhygiene",
            "Fauske",
            "framgangsmate",
            "practical-note",
            "Hansker ligger i skap 3.",
            by="ansvarlig.fauske",
        )
        change_with_everyone(library, a_routine(extra="Og besøkende."))
        library.set_password("beslutter.fauske", PHRASE, by="redaktor")
        draft = library.propose(
            a_routine("vakt", title="Vaktskifte"),
            by="skribent",
            decision_id="til-horing",
            meaning="Si fra ved vaktskifte.",
        )
        library.open_hearing(draft.proposal, digest=draft.digest, parties=["municipality:1841"], by="leder")
        library.answer_hearing(draft.proposal, "municipality:1841", remarks=["Hvem skal si fra?"], by="ansatt.fauske")
        library.propose(a_routine("hansker", title="Hansker"), by="skribent", decision_id="utkast")
        library.wish("Hva gjør vi når strømmen går?", network="smittevern", by="skribent")
        library.take_in([("vask.html", SENT_IN)], network="smittevern", municipality="Fauske", by="ansatt.fauske")
        approve_with_everyone(library, the_list())
        library.set_local_information("nyansatt", "Fauske", {"vakttelefon": "75 00 00 01"}, by="beslutter.fauske")
        library.adopt("nyansatt", "Fauske", by="beslutter.fauske")
        library.open_checklist(
            "nyansatt",
            "Fauske",
            "Kari",
            helpers={"Fadder": "ansatt.fauske"},
            by="beslutter.fauske",
            decision_id="nyansatt",
        )
        library.report_barrier("Tabellen leses ikke opp.", "/hvem-bruker-hva", by="beslutter.fauske")
        MADE.update(_of_links_and_collections(library))
        library.grant("beslutter.fauske", "leader", "network:smittevern", by="redaktor")
        library.grant("beslutter.fauske", "editor", "library", by="redaktor")
        library.grant("beslutter.fauske", "responsible", "municipality:1841", by="redaktor")
    with listening("127.0.0.1", 0, or_free=False) as opened:
        thread = threading.Thread(target=run, args=(home.path, opened), daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{opened.getsockname()[1]}"


@pytest.fixture(scope="module")
def signed_in(chromium, address):
    """What a browser holds in which the decider of Fauske is signed in."""
    context = chromium.new_context(locale="nb-NO")
    page = context.new_page()
    page.goto(f"{address}/logg-inn")
    page.fill("[name=brukernavn]", "beslutter.fauske")
    page.fill("[name=passord]", PHRASE)
    page.click("form[action='/logg-inn'] button")
    page.wait_for_url(f"{address}/")
    kept = context.storage_state()
    context.close()
    return kept


def sign_in_to_a_code(page):
    """Give the right password of somebody who signs in in two steps, on the page where one signs in."""
    page.fill("[name=brukernavn]", "ansatt.fauske")
    page.fill("[name=passord]", PHRASE)
    page.click("form[action='/logg-inn'] button")
    page.wait_for_url("**/logg-inn/kode*")


def complaints(context, page):
    """Let axe look at a page; gives what it finds, and what is wider than the page."""
    session = context.new_cdp_session(page)
    session.send("Runtime.evaluate", {"expression": AXE})
    asked = f"axe.run(document, {{runOnly: {RULES}}}).then(found => found.violations.map(one => one.id + ': ' + one.nodes[0].html))"
    answer = session.send("Runtime.evaluate", {"expression": asked, "awaitPromise": True, "returnByValue": True})
    wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    return [*answer["result"]["value"], *(["wider than the page"] if wide else [])]


@pytest.mark.parametrize(("width", "scheme"), LOOKS, ids=[f"{width} {scheme}" for width, scheme in LOOKS])
def test_no_page_shuts_anybody_out(chromium, address, signed_in, width, scheme):
    """
    The law asks it of every page, on every screen, by day and by night.
    """
    context = chromium.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, locale="nb-NO", storage_state=signed_in
    )
    page, found = context.new_page(), {}
    page.goto(f"{address}/kommune/folk")
    somebody = page.get_attribute("main li a", "href").rpartition("/")[2]
    with listening_to(page) as said:
        for name, path in [*PAGES.items(), *((one, path) for one, path in MADE.items() if "link" not in one)]:
            page.goto(address + path.replace("PERSON", somebody))
            if wrong := complaints(context, page):
                found[name] = wrong
    anybody = chromium.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page = anybody.new_page()
    for path in (
        "/passord/glemt",
        *(path for one, path in MADE.items() if "link" in one),
        "/logg-inn",
        "/logg-inn/tilbake",
    ):
        page.goto(address + path)
        found |= {path: wrong} if (wrong := complaints(anybody, page)) else {}
    sign_in_to_a_code(page)
    found |= {"code": wrong} if (wrong := complaints(anybody, page)) else {}
    context.close()
    anybody.close()

    assert found == {}
    assert [one for one in said if "404" not in one] == []


NO_PAGE = {
    # Files.
    "/rutine/{procedure}/fil.{suffix}", "/rutine/{procedure}/vedlegg/{name}", "/rutine/{procedure}/lommekort.pdf",
    "/rutine/{procedure}/sjekkliste.pdf", "/rutine/{procedure}/endret.pdf", "/handbok.{suffix}", "/hvem-bruker-hva.csv",
    "/forslag/{proposal}/horing/oppsummering.{suffix}", "/tilsyn/pakke.{suffix}", "/meg/lagret.json", "/kalender/{token}.ics",
    "/dokumenter/{document}/side/{number}", "/sjekklister/{checklist}/utskrift.pdf",
    # Parts that scripts put on a page, which is looked at with them; and what a watcher asks.
    "/sok/ord", "/uten-nett.js", "/uten-nett/innhold", "/uten-nett/ramme", "/uten-nett/rutine/{procedure}", "/liv", "/klar",
    # A link leads on.
    "/i/{token}", "/logg-inn/med/{service}",
}  # fmt: skip


def test_every_address_that_shows_a_page_is_looked_at(address):
    """
    The list is made of the addresses there are: a new page that nobody looked at fails here.
    """
    looked = [*PAGES.values(), *MADE.values(), "/logg-inn", "/logg-inn/kode", "/logg-inn/tilbake", "/passord/glemt"]
    pages = {re.sub(r"[?#].*", "", path) for path in looked}
    shown = {path for one in ANYBODY | SIGNED_IN for method, _, path in [one.partition(" ")] if method == "GET"}
    looked_at = {path for path in shown if any(re.fullmatch(re.sub(r"{\w+}", "[^/]+", path), one) for one in pages)}

    assert shown - looked_at == NO_PAGE


def test_all_of_it_works_without_scripts(chromium, address, signed_in):
    """
    An old telephone, a strict machine, a script that did not come: the routine must still be found.
    """
    context = chromium.new_context(java_script_enabled=False, locale="nb-NO", storage_state=signed_in)
    page = context.new_page()

    page.goto(address)
    page.fill("[name=q]", "vask hendenne")
    page.click("form[role=search] button")
    page.click(".found a")
    heading = page.text_content("h1")
    page.select_option("#valgt-kommune", "rodoy")
    page.click("form:has(#valgt-kommune) button")

    assert heading == "Håndhygiene"
    assert "Rutinen er ikke i bruk i Rødøy." in page.text_content("main")
    context.close()


def test_hits_come_while_one_types(chromium, address, signed_in):
    context = chromium.new_context(locale="nb-NO", storage_state=signed_in)
    page = context.new_page()
    with listening_to(page) as said:
        page.goto(f"{address}/sok")
        page.type("#sokefelt", "hender")
        page.wait_for_selector(".found a")
        page.wait_for_url("**/sok?q=hender*")

    assert "Håndhygiene" in page.text_content("#treff")
    assert page.evaluate("document.activeElement.id") == "sokefelt"
    assert said == []
    context.close()


def test_everything_is_reached_by_the_keyboard_with_the_text_first(chromium, address, signed_in):
    """
    Whoever uses no mouse must not go through the menu on each page.
    """
    context = chromium.new_context(locale="nb-NO", storage_state=signed_in)
    page = context.new_page()
    page.goto(f"{address}/rutine/handhygiene")

    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")

    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")
    context.close()


@pytest.mark.parametrize("width", [1280, 320])
def test_every_room_is_in_the_menu_once_and_its_rest_opens_and_goes_away_by_the_keyboard(
    chromium, address, signed_in, width
):
    context = chromium.new_context(
        viewport={"width": width, "height": 900}, locale="nb-NO", storage_state=signed_in
    )  # fmt: skip
    page = context.new_page()
    page.goto(f"{address}/sok")
    seen = "[...document.querySelectorAll('.rooms a')].filter(one => one.checkVisibility()).map(one => one.textContent)"
    at_first = page.evaluate(seen)

    page.focus(".more summary")
    page.keyboard.press("Enter")
    opened, wrong = page.evaluate(seen), complaints(context, page)
    page.keyboard.press("Tab")
    inside = page.evaluate("document.activeElement.closest('.more') !== null")
    page.keyboard.press("Escape")
    after, where = page.evaluate(seen), page.evaluate("document.activeElement.tagName")

    rest = ["Sjekklister", "Dokumenter", "Innsamlinger", "Ønsker", "Uten nett"]
    rare = ["Forslag", "Hvem bruker hva"]
    assert at_first == ["Søk", "Rutiner", "Fauske", *(rare if width > 1000 else [])]
    assert opened == ["Søk", "Rutiner", "Fauske", *rare, *rest]
    assert (wrong, inside, after, where) == ([], True, at_first, "SUMMARY")
    assert page.get_attribute(".rooms a[aria-current]", "href") == "/sok"
    context.close()


def test_a_point_is_saved_as_it_is_ticked_off_and_taken_back(chromium, address, signed_in):
    """
    A leader ticks off on a telephone in the corridor, and looks for no button.
    """
    context = chromium.new_context(storage_state=signed_in, locale="nb-NO", viewport={"width": 390, "height": 800})
    page = context.new_page()
    with listening_to(page) as said:
        page.goto(f"{address}/sjekklister/{LIST}")
        boxes = page.locator("input[name=gjort]")
        mine = [boxes.nth(n).is_enabled() for n in range(boxes.count())]
        boxes.first.focus()
        page.keyboard.press("Space")
        page.locator("#framdrift", has_text="1 av 4").wait_for()
        filled = page.eval_on_selector("#framdrift-strek", "one => one.value")
        boxes.first.uncheck()
        page.locator("#framdrift", has_text="0 av 4").wait_for()
    context.close()

    assert mine == [True, True, False, False]
    assert filled == 1
    assert said == []
