"""How often a page asks the database: as often where there are many routines as where there are few."""

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine

from tests.reading.test_checklists import the_list
from tests.support.stories import approve_with_everyone, not_projecting
from tests.support.texts import a_routine
from tests.web.conftest import Site

PAGES = [
    "/", "/rutiner", "/rutine/handhygiene", "/sok?q=hender", "/kommune", "/hvem-bruker-hva", "/oversikt", "/forslag",
    "/kommune/gjort-kjent", "/gjennomgang", "/tilbakemeldinger", "/onsker", "/sjekklister", "/tilsyn", "/uten-nett/innhold",
]  # fmt: skip
MORE = 9


def asked(site, browser, pages=PAGES):
    """How many statements each page sends, when it was asked for before."""
    sent, found = [], {}

    def note(connection, cursor, statement, *_):
        sent.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        for page in pages:
            assert browser.get(page).status_code == 200, page
            sent.clear()
            browser.get(page)
            found[page] = len(sent)
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    return found


@pytest.mark.parametrize("login", ["ansatt.fauske"])
def test_is_the_same_for_ten_routines_as_for_one(home_with_routine, login):
    """
    A page that asks once a routine is fast on the day it is made, and slow when the municipality has taken it into use.
    """
    with home_with_routine.opened() as library:
        library.adopt("handhygiene", "Fauske", by="beslutter.fauske")
    site = Site(home_with_routine)
    browser = site.signed_in(login)
    before = asked(site, browser)
    with home_with_routine.opened() as library, not_projecting(library):
        for number in range(MORE):
            approve_with_everyone(library, a_routine(f"hender-{number}", title=f"Hender {number}"))
            library.adopt(f"hender-{number}", "Fauske", by="beslutter.fauske")

    after = asked(site, browser)

    site.app.state.libraries.close()
    assert {page: (before[page], after[page]) for page in PAGES if before[page] != after[page]} == {}


def test_is_the_same_for_ten_lists_that_are_followed_as_for_one(home_with_routine):
    """
    A leader who takes in ten summer substitutes has ten lists open, and some of last year's that are over.
    """
    with home_with_routine.opened() as library:
        approve_with_everyone(library, the_list())
        library.set_local_information("nyansatt", "fauske", {"vakttelefon": "75 00 00 01"}, by="ansvarlig.fauske")
        library.adopt("nyansatt", "fauske", by="beslutter.fauske")
        library.open_checklist("nyansatt", "fauske", "A", by="ansatt.fauske", helpers={"Fadder": "leder"})
    site = Site(home_with_routine)
    browser = site.signed_in("ansatt.fauske")
    before = asked(site, browser, ["/sjekklister"])
    with home_with_routine.opened() as library:
        for number in range(MORE):
            run = library.open_checklist("nyansatt", "fauske", f"B{number}", by="ansatt.fauske").run
            first = library.followed_checklist(run, by="ansatt.fauske").points[0].point.key
            library.mark_points(run, {first: "done"}, by="ansatt.fauske")
        library.end_checklist(run, finished=False, by="ansatt.fauske")

    after = asked(site, browser, ["/sjekklister"])

    site.app.state.libraries.close()
    assert after == before
