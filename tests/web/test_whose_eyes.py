"""
Each address asks the library in the name of whoever is signed in, and of nobody else.

Who may do what is decided in the verbs (`tests/test_rights_of_verbs.py`: verb by role by own and other municipality). What is
left for a page to do wrong is to ask in no name, or in another's: then the verb would answer for the wrong one.
"""

import inspect
import re

import pytest

from samrutine import Library
from samrutine.actors import ANYBODY
from tests.test_rights_of_verbs import CASES
from tests.web.conftest import HERE, Site
from tests.web.test_routes import ANYBODY as FOR_ANYBODY
from tests.web.test_routes import SIGNED_IN, filled

WHOSE = ("by", "reader", "who")
"""Names of arguments that say whose eyes it is for, or who acts."""
SETS_UP = {
    "person",
    "signed_in",
    "get_municipality",
    "municipalities",
    "networks",
    "subjects",
    "settings",
    "sign_in_ways",
    "render",
    "today",
    "together",
}
"""What a page is made of before anybody asks for anything: it tells of no text and decides nothing."""
SIGNING_IN = {"GET /logg-inn/med/{service}", "GET /logg-inn/tilbake"}
"""Addresses by which somebody comes in: that nobody is in yet is what they are for, and they read no text."""
ALONE = {
    "POST /logg-ut", "POST /valg",
    # What a link opens, or a password: these act in the name of whoever holds it.
    *(one for one in FOR_ANYBODY if "{token}" in one), "POST /passord/glemt", "GET /passord/glemt", "GET /logg-inn", "POST /logg-inn",
    "POST /logg-inn/demo", *SIGNING_IN, "GET /logg-inn/kode", "POST /logg-inn/kode", "GET /liv", "GET /klar", "GET /uten-nett.js", "GET /uten-nett/ingenting",
}  # fmt: skip
SAYS_NOTHING = {
    "GET /uten-nett/ramme", "GET /uten-nett", "POST /likt",
    # Who has which role is kept by the page to those who let people in: tests/web/test_people.py.
    "GET /kommune/folk/person/{person}", "GET /fagnettverk/{network}/folk/person/{person}",
}  # fmt: skip
"""Addresses that have only words of their own, or compare what they are given."""


@pytest.fixture(scope="module")
def asked(tmp_path_factory, sqlite_templates):
    """The pages of a library, and a list of what each asks: the verb, and in whose name."""
    home = sqlite_templates.copied_to(tmp_path_factory.mktemp("eyes") / "home", "routine")
    with home.opened() as library:
        library.adopt("handhygiene", "Fauske", by="beslutter.fauske")
    said, kept = [], {}

    def spying(name, method):
        names = list(inspect.signature(method).parameters)

        def spied(self, *given, **named):
            bound = dict(zip(names[1:], given, strict=False)) | named
            whose = [bound[one] for one in WHOSE if one in bound]
            takes = [one for one in WHOSE if one in names]
            said.append((name, whose[0] if whose else None, bool(takes)))
            return method(self, *given, **named)

        return spied

    for name, method in inspect.getmembers(Library, inspect.isfunction):
        if not name.startswith("_") and name not in SETS_UP | {"close", "open", "init"}:
            kept[name] = Library.__dict__.get(name)
            setattr(Library, name, spying(name, method))
    made = Site(home)
    yield made, said
    made.app.state.libraries.close()
    for name, before in kept.items():
        if before is None:
            delattr(Library, name)
        else:
            setattr(Library, name, before)


@pytest.fixture(scope="module")
def browsers(asked):
    """A browser each of an employee, the municipality's responsible and the editor, with their own actors."""
    site, _ = asked
    with site.home.opened() as library:
        actors = {login: library.person(login).actor for login in ("ansatt.fauske", "ansvarlig.fauske", "redaktor")}
    made = []
    for login, actor in actors.items():
        browser = site.signed_in(login)
        browser.cookies.set("kommune", "fauske")
        token = re.search(r'name="_token" value="([0-9a-f]+)"', browser.get("/").text)[1]
        made.append((browser, actor, token, browser.get("/uten-nett/innhold").json()["owner"]))
    return made


FIELDS = {
    "svar": "in-use", "tekst": "Det er feil.", "versjon": "1.0", "kontrollsum": "1:x", "setning": "Rutine for flom.", "navn": "Ny",
    "hvem": "Kari", "rutine": "handhygiene 1.0", "hvordan": "meeting", "kommune": "1841", "nettverk": "smittevern",
    "utfall": "unchanged", "begrunnelse": "Dekket.", "dag": "2026-11-23", "q": "hender", "passord": "et langt nytt passord her",
    "nytt": "et langt nytt passord her", "kode": "123456", "rolle": "employee", "brukernavn": "ny.person", "brev": "ja", "sprak": "nb",
    "beslutning": "web-" + "0" * 32, "tittel": "Ny", "lest": "x",
}  # fmt: skip


@pytest.mark.parametrize("route", sorted(SIGNED_IN - ALONE - {"POST /meg/avslutt"}))
def test_every_verb_is_asked_in_the_name_of_whoever_is_signed_in(asked, browsers, route):
    """
    A page that asks as nobody shows what is exempt; one that asks as another acts as them.
    """
    site, said = asked
    with site.home.opened() as library:
        known = {login: library.person(login).actor for login in ("leder", "ansatt.fauske")}
    verbs = set()
    for browser, actor, token, owner in browsers:
        method, address = filled(
            route,
            procedure="handhygiene",
            suffix="pdf" if "tilsyn" in route else "md",
            person=known["leder" if "{network}" in route else "ansatt.fauske"],
        )
        said.clear()

        if method == "GET":
            browser.get(address, params={"fra": "1.0", "dag": "2026-11-23", "q": "hender", "for": owner})
        else:
            browser.post(address, data={**FIELDS, "_token": token}, headers={"Origin": HERE})

        assert [(name, whose) for name, whose, takes in said if takes and whose != actor] == []
        assert {name for name, _, takes in said if not takes} <= READ_NO_TEXT
        verbs |= {name for name, _, takes in said if takes}
    assert verbs <= set(CASES) | READS
    assert verbs or route in SAYS_NOTHING


READ_NO_TEXT = {
    "search", "suggest", "sends_letters", "complete", "holders", "letter_link", "is_read_by_anybody", "people", "vacancies", "signed_in_by_token",
}  # fmt: skip
READS = {"inbox", "notifications", "mark_read"} | {
    name
    for name, method in inspect.getmembers(Library, inspect.isfunction)
    if "reader" in inspect.signature(method).parameters
}
"""Methods that only show, or that are a person's own."""


def test_nobody_who_is_not_signed_in_asks_as_somebody_inside(asked):
    """
    `None` is somebody unknown inside, who reads what is internal: a page never means that.
    """
    site, said = asked
    said.clear()

    for route in sorted(one for one in FOR_ANYBODY - SIGNING_IN if one.startswith("GET ")):
        site.anybody.get(filled(route)[1])

    assert {whose for _, whose, takes in said if takes} <= {ANYBODY}
