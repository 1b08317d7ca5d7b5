"""Read without signing in, where the editor allows it: what is open, and nothing else."""

import re

import pytest

from samrutine.errors import NotAllowed
from tests.support.stories import approve_with_everyone, change_with_everyone
from tests.support.texts import a_routine
from tests.web.conftest import HERE, Site, post
from tests.web.test_routes import SIGNED_IN, filled

OPEN = {
    "GET /", "GET /sok", "GET /sok/ord", "GET /rutiner", "GET /rutine/{procedure}", "GET /rutine/{procedure}/versjoner",
    "GET /rutine/{procedure}/endret", "GET /rutine/{procedure}/endret.pdf", "GET /rutine/{procedure}/fil.{suffix}",
    "GET /rutine/{procedure}/lommekort.pdf", "GET /rutine/{procedure}/sjekkliste.pdf",
    "GET /rutine/{procedure}/vedlegg/{name}",
}  # fmt: skip
"""Of what is for those who are signed in, what anybody may ask for where the editor allows it."""
LACKING = {"GET /rutine/{procedure}/lommekort.pdf", "GET /rutine/{procedure}/sjekkliste.pdf", "GET /rutine/{procedure}/vedlegg/{name}"}  # fmt: skip
"""What the routine of these tests has not, so that whoever asks is led to where one signs in."""
ALLOWED = b"[[reading]]\nwithout_sign_in = true\n"


def let_anybody_read(library, content=ALLOWED, *, by="redaktor"):
    """Settle that one may read without signing in."""
    there = {one.path: one.digest for one in library.settings()}
    return library.settle(
        {"reading.toml": content}, read={"reading.toml": there["reading.toml"]}, reason="Vedtatt", by=by
    )


@pytest.fixture(scope="module")
def opened(tmp_path_factory, sqlite_templates):
    """An open library with a routine that Fauske uses, one that is exempt, and a draft."""
    home = sqlite_templates.copied_to(tmp_path_factory.mktemp("open") / "home", "routine")
    with home.opened() as library:
        library.adopt("handhygiene", "Fauske", by="beslutter.fauske")
        change_with_everyone(library, a_routine(extra="Og besøkende."))
        approve_with_everyone(library, a_routine("isolat", title="Isolat", access="exempt"))
        approve_with_everyone(library, a_routine("nokler", title="Nøkler", access="internal"))
        library.adopt("nokler", "Fauske", by="beslutter.fauske")
        library.add_addition(
            "nokler", "Fauske", "framgangsmate", "practical-note", "Kumlokket er grønt.", by="ansvarlig.fauske"
        )
        library.propose(a_routine("vakt", title="Vaktskifte"), by="skribent")
        let_anybody_read(library)
    made = Site(home)
    yield made
    made.app.state.libraries.close()


def test_nobody_reads_until_the_editor_says_so_and_a_leader_may_not(site):
    before = site.anybody.get("/rutine/handhygiene").status_code
    with site.home.opened() as library, pytest.raises(NotAllowed, match="who may read without signing in"):
        let_anybody_read(library, by="leder")
    refused = site.anybody.get("/rutine/handhygiene").status_code
    with site.home.opened() as library:
        let_anybody_read(library)
    after = site.anybody.get("/rutine/handhygiene").status_code
    with site.home.opened() as library:
        let_anybody_read(library, ALLOWED.replace(b"true", b"false"))

    assert (before, refused, after) == (303, 303, 200)
    assert site.anybody.get("/rutine/handhygiene").status_code == 303


def test_what_is_read_is_open_and_all_else_leads_to_signing_in(opened):
    for route in sorted(SIGNED_IN):
        method, address = filled(route)

        answer = opened.browser().request(method, address, headers={"Origin": HERE}, params={"fra": "1.0"})

        leads_away = answer.status_code == 303 and answer.headers["location"].startswith("/logg-inn")
        assert leads_away is (route not in OPEN - LACKING), (route, answer.status_code)
        assert leads_away or answer.status_code == 200, route


def test_anybody_sees_what_applies_where_they_chose(opened):
    browser = opened.browser()
    shared = browser.get("/rutine/handhygiene").text
    post(browser, "/valg", {"kommune": "fauske"})

    assert "Og besøkende." in shared
    assert "Gjelder i Fauske kommune." in browser.get("/rutine/handhygiene").text
    assert "Gjelder i Fauske" in browser.get("/sok", params={"q": "hender"}).text
    assert browser.get("/rutine/handhygiene/fil.pdf").content.startswith(b"%PDF-")


def test_what_is_for_those_inside_or_exempt_or_proposed_is_to_anybody_what_is_not_there(opened):
    """
    Whoever works there comes by a link, is led to sign in, and reads it then.
    """
    browser, inside = opened.browser(), opened.signed_in("ansatt.fauske")
    post(browser, "/valg", {"kommune": "fauske"})
    words = ("isolat", "vaktskifte", "nøkler", "kumlokk", "grønt")
    paths = ("/", "/rutiner", *(f"/sok?q={one}" for one in words), *(f"/sok?q={one}&her=ja" for one in words))
    paths += tuple(f"/sok/ord?q={one[:5]}" for one in words)
    shows = re.compile(r"Isolat|Vaktskifte|Nøkler|Kumlokk|rutine/(?:isolat|vakt|nokler)")

    assert [path for path in paths if shows.search(browser.get(path).text)] == []
    assert [one for one in words if "rutine/nokler" in inside.get(f"/sok?q={one}").text] == [
        "nøkler",
        "kumlokk",
        "grønt",
    ]
    for route in sorted(one for one in OPEN if "{procedure}" in one):
        answers = []
        for procedure in ("isolat", "vakt", "nokler", "finnes-ikke-her"):
            answer = browser.get(filled(route, procedure=procedure)[1], params={"fra": "1.0"})
            where = re.sub(r"isolat|vakt|nokler|finnes-ikke-her", "", answer.headers["location"])
            answers.append((answer.status_code, where, answer.text))
        assert len(set(answers)) == 1, route
        assert (answers[0][0], answers[0][1].partition("?")[0]) == (303, "/logg-inn"), route
    assert inside.get("/rutine/nokler").status_code == 200


def test_nothing_is_offered_that_one_must_be_signed_in_for_but_to_sign_in(opened):
    """
    A link that leads to a locked door is a link too many.
    """
    browser = opened.browser()
    post(browser, "/valg", {"kommune": "fauske"})
    pages = ("/", "/rutiner", "/sok?q=hender", "/rutine/handhygiene", "/rutine/handhygiene/versjoner")

    for page in pages:
        for address in sorted(set(re.findall(r'href="(/[^"#]*)', browser.get(page).text))):
            asked = address.replace("&amp;", "&")
            answer = browser.get(asked)
            assert answer.status_code == 200, (page, asked)
            assert asked.startswith("/logg-inn") or "/logg-inn" not in str(answer.url), (page, asked)
