"""Every address there is, for whom it is: a page that nobody thought of is the one that leaks."""

import re

from fastapi.routing import APIRoute

from tests.support.stories import approve_with_everyone
from tests.support.texts import a_routine
from tests.web.conftest import HERE, post

ANYBODY = {
    "GET /logg-inn", "POST /logg-inn", "POST /logg-inn/demo", "POST /logg-ut", "POST /valg", "GET /liv", "GET /klar",
    "GET /v/{procedure}/{version}", "GET /h/{token}", "POST /h/{token}", "GET /uten-nett.js", "GET /uten-nett/ingenting",
    "GET /passord/glemt", "POST /passord/glemt", "GET /passord/{token}", "POST /passord/{token}", "GET /mote/{token}", "POST /mote/{token}",
    "GET /i/{token}", "GET /brev/{token}", "POST /brev/{token}", "GET /kalender/{token}.ics",
    "GET /logg-inn/med/{service}", "GET /logg-inn/tilbake",
    "GET /logg-inn/kode", "POST /logg-inn/kode", "GET /tilgjengelighet", "POST /tilgjengelighet",
}  # fmt: skip
SIGNED_IN = {
    "GET /", "POST /lest", "GET /sok", "GET /sok/ord", "GET /rutiner", "GET /rutine/{procedure}",
    "GET /rutine/{procedure}/versjoner", "GET /rutine/{procedure}/endret", "GET /rutine/{procedure}/fil.{suffix}",
    "GET /rutine/{procedure}/beslutning", "POST /rutine/{procedure}/beslutning", "GET /rutine/{procedure}/si-fra",
    "POST /rutine/{procedure}/si-fra", "GET /rutine/{procedure}/foresla", "POST /rutine/{procedure}/foresla", "POST /rutine/{procedure}/foresla/kontroll",
    "POST /likt", "GET /forslag/{proposal}/endre", "POST /forslag/{proposal}/endre", "POST /forslag/{proposal}/endre/kontroll", "GET /kommune",
    "POST /kommune/ta-i-bruk", "GET /forslag", "GET /forslag/{proposal}", "POST /forslag/{proposal}/godkjenn",
    "POST /forslag/{proposal}/send", "POST /forslag/{proposal}/stopp", "GET /hvem-bruker-hva", "GET /oversikt", "GET /hvem-bruker-hva.csv", "GET /forslag/{proposal}/horing", "POST /forslag/{proposal}/horing", "GET /rutine/{procedure}/lokalt",
    "POST /rutine/{procedure}/lokalt/opplysninger", "POST /rutine/{procedure}/lokalt/tillegg",
    "POST /rutine/{procedure}/lokalt/tillegg/{addition}", "GET /forslag/{proposal}/apne", "POST /forslag/{proposal}/apne",
    "POST /forslag/{proposal}/horing/purr", "POST /forslag/{proposal}/horing/lukk", "POST /forslag/{proposal}/horing/svar",
    "POST /forslag/{proposal}/horing/lenke", "GET /forslag/{proposal}/horing/oppsummering.{suffix}",
    "POST /forslag/{proposal}/trekk", "GET /rutine/{procedure}/vedlegg/{name}", "GET /rutine/{procedure}/lommekort.pdf", "GET /rutine/{procedure}/sjekkliste.pdf",
    "GET /rutine/{procedure}/endret.pdf", "GET /handbok.{suffix}", "GET /tilbakemeldinger", "POST /tilbakemeldinger/{feedback}/svar",
    "POST /tilbakemeldinger/{feedback}/forslag", "GET /gjennomgang", "POST /gjennomgang/{procedure}", "GET /kommune/gjort-kjent",
    "POST /kommune/gjort-kjent", "GET /tilsyn", "GET /tilsyn/pakke.{suffix}", "GET /uten-nett", "GET /uten-nett/innhold", "GET /uten-nett/ramme",
    "GET /uten-nett/rutine/{procedure}", "GET /meg", "POST /meg/avslutt", "GET /meg/programmer", "POST /meg/programmer", "POST /meg/programmer/avslutt", "GET /meg/lagret.json", "POST /meg/passord", "GET /meg/kalender", "POST /meg/kalender", "POST /meg/kalender/adresse",
    "POST /meg/kalender/avslutt", "GET /forslag/{proposal}/ingen-merknader/{body}",
    "POST /meg/tjenester/{service}", "POST /meg/tjenester/{connected}/av",
    "GET /meg/to-trinn", "POST /meg/to-trinn", "POST /meg/to-trinn/bekreft", "POST /meg/to-trinn/av",
    "GET /dokumenter", "POST /dokumenter", "GET /dokumenter/{document}", "GET /dokumenter/{document}/side/{number}", "POST /dokumenter/{document}/sett",
    "POST /dokumenter/{document}/fjern", "POST /dokumenter/{document}/slipp", "POST /dokumenter/{document}/tekst",
    "POST /dokumenter/{document}/avvis", "POST /dokumenter/{document}/godta", "GET /onsker", "POST /onsker",
    "GET /innsamlinger", "POST /innsamlinger", "GET /innsamlinger/{collection}",
    "POST /innsamlinger/{collection}/svar", "POST /innsamlinger/{collection}/purr", "POST /innsamlinger/{collection}/lukk",
    "GET /innsamlinger/{collection}/flett", "POST /innsamlinger/{collection}/flett", "POST /innsamlinger/{collection}/flett/triage",
    "GET /forslag/{proposal}/tilbud", "POST /forslag/{proposal}/tilbud/{offer}", "POST /onsker/{wish}/stott", "POST /onsker/{wish}/svar", "POST /onsker/{wish}/tatt-opp",
    *(
        route.replace("WHERE", where)
        for where in ("/kommune/folk", "/fagnettverk/{network}/folk")
        for route in (
            "GET WHERE", "POST WHERE", "POST WHERE/kjent", "POST WHERE/lenke", "POST WHERE/mote", "POST WHERE/mote/lukk",
            "GET WHERE/person/{person}", "POST WHERE/person/{person}", "POST WHERE/person/{person}/ta-tilbake",
            "POST WHERE/person/{person}/to-trinn",
        )
    ),
    "POST /kommune/folk/person/{person}/delegasjon",
    "POST /tilgjengelighet/{barrier}/svar", "GET /sjekklister", "GET /rutine/{procedure}/sjekkliste", "POST /rutine/{procedure}/sjekkliste", "GET /sjekklister/{checklist}",
    "POST /sjekklister/{checklist}", "POST /sjekklister/{checklist}/punkt/{point}", "POST /sjekklister/{checklist}/hjelp",
    "POST /sjekklister/{checklist}/videre", "POST /sjekklister/{checklist}/avslutt", "GET /sjekklister/{checklist}/utskrift.pdf",
}  # fmt: skip
"""Each by its method. Which of those who are signed in may do what, the verbs decide: see `tests/test_rights_of_verbs.py`."""


def routes(app):
    """Give the method and the path of every route of a page."""
    pages = [
        one
        for included in app.routes
        for one in getattr(getattr(included, "original_router", None), "routes", [included])
    ]
    return {f"{method} {one.path}" for one in pages if isinstance(one, APIRoute) for method in one.methods}


def filled(route, **how):
    """Give an address of a route."""
    method, _, path = route.partition(" ")
    values = {
        "procedure": "handhygiene",
        "version": "1.0",
        "suffix": "md",
        "proposal": "f-0000000000",
        "token": "l-0",
        "addition": "t-0000000000",
        "document": "i-000000000000",
        "number": "1",
        "wish": "w-000000000000",
        "collection": "s-000000000000",
        "offer": "o-000000000000",
        "feedback": "m-0000000000",
        "name": "skjema.pdf",
        "body": "municipality:1841",
        "barrier": "b-000000000000",
        "checklist": "j-000000000000",
        "service": "ingen",
        "connected": "l-0000000000000000",
        "point": "0123456789abcdef",
        "network": "smittevern",
        "person": "a-0000000000",
        **how,
    }
    return method, re.sub(r"{(\w+)}", lambda one: values[one[1]], path)


def test_each_is_said_to_be_for_somebody(site):
    assert routes(site.app) == ANYBODY | SIGNED_IN
    assert not ANYBODY & SIGNED_IN


def test_nobody_who_is_not_signed_in_gets_in(site):
    for route in sorted(SIGNED_IN):
        method, address = filled(route)

        answer = site.anybody.request(method, address, headers={"Origin": HERE})

        assert (answer.status_code, answer.headers["location"].partition("?")[0]) == (303, "/logg-inn"), route


def test_nothing_is_done_by_a_form_without_what_belongs_to_the_session(site):
    browser = site.signed_in("redaktor")
    for route in sorted(SIGNED_IN):
        method, address = filled(route)
        if method == "POST":
            assert browser.post(address, headers={"Origin": HERE}).status_code == 403, route


def test_none_breaks_for_somebody_who_may_do_nothing_or_asks_for_nonsense(site):
    """
    «Noe er galt hos oss» is for our own mistakes.
    """
    with site.home.opened() as library:
        library.add_person("uten.rolle", "Prøve", by="redaktor")
    browser = site.signed_in("uten.rolle")
    post(browser, "/valg", {"kommune": "fauske"})
    for route in sorted(SIGNED_IN - {"POST /meg/passord"}):
        for nonsense in (
            {},
            {"procedure": "%00", "proposal": "%2e%2e"},
            {"procedure": "x" * 300, "proposal": "f-" + "9" * 300, "suffix": "exe"},
        ):
            method, address = filled(route, **nonsense)
            asked = (
                {
                    "q": "\x00\ud800".encode("utf-8", "replace").decode(),
                    "versjon": "x",
                    "dag": "y",
                    "fra": "1",
                    "kommune": "z",
                }
                if nonsense
                else {}
            )
            if method == "GET":
                answer = browser.get(address, params=asked)
            else:
                answer = post(browser, address, {**asked, "svar": "in-use", "tekst": "x", "kontrollsum": "1:x"})
            assert answer.status_code < 500, (route, nonsense, answer.status_code)


def test_of_what_one_may_not_read_no_address_says_that_it_is_there(site):
    """
    What is exempt is, to those who may not read it, just as what is not there.
    """
    with site.home.opened() as library:
        approve_with_everyone(library, a_routine("isolat", title="Isolat", access="exempt"))
    browser = site.signed_in("ansatt.fauske")
    owner = browser.get("/uten-nett/innhold").json()["owner"]

    for route in sorted((SIGNED_IN | ANYBODY) - {"POST /meg/passord", "POST /logg-ut"}):
        if "{procedure}" not in route:
            continue
        answers = []
        for procedure in ("isolat", "finnes-ikke-her"):
            method, address = filled(route, procedure=procedure)
            answer = (
                browser.get(address, params={"fra": "1.0", "for": owner})
                if method == "GET"
                else post(browser, address, {"svar": "in-use", "tekst": "Feil.", "versjon": "1.0"})
            )
            answers.append(
                (answer.status_code, re.sub(r"isolat|finnes-ikke-her|web-[0-9a-f]+|[0-9a-f]{64}", "", answer.text))
            )
        assert answers[0] == answers[1], route
        assert answers[0][0] == 404, route
