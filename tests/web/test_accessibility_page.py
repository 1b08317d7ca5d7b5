"""The page that tells for whom the pages work: open to all, with a form that needs no signing in."""

import re

from samrutine.settings import SETTINGS_FILE
from tests.web.conftest import HERE, Site, post


def test_anybody_tells_of_what_shuts_them_out_and_the_editor_answers(site):
    """
    Whoever cannot get past the sign-in must be able to say so.
    """
    assert 'href="/tilgjengelighet"' in site.anybody.get("/logg-inn").text
    sent = site.anybody.post(
        "/tilgjengelighet", data={"tekst": "Koden leses ikke opp.", "side": "/logg-inn", "epost": "prove@provevik.example"},
        headers={"Origin": HERE},
    )  # fmt: skip
    editor = site.signed_in("redaktor")
    page = editor.get("/tilgjengelighet").text
    where = re.search(r'action="(/tilgjengelighet/b-[0-9a-f]+/svar)"', page)[1]

    assert "Takk" in sent.text
    assert "prove@provevik.example" in page
    assert post(editor, where, {"svar": "Rettet."}, page="/tilgjengelighet").status_code == 303
    assert "prove@provevik.example" not in editor.get("/tilgjengelighet").text
    assert "Koden leses" not in site.anybody.get("/tilgjengelighet").text


def test_what_is_wrong_comes_back_with_what_was_written(site):
    """
    Whoever struggles with a form is not to fill it in twice.
    """
    answer = site.anybody.post(
        "/tilgjengelighet", data={"tekst": "Leses ikke.", "epost": "ingen"}, headers={"Origin": HERE}
    )

    assert answer.status_code == 422
    assert "Leses ikke." in answer.text


def test_it_leads_to_the_statement_where_one_is_set(home_with_routine):
    """
    The law asks that the statement is found from the pages it is about.
    """
    with (home_with_routine.path / SETTINGS_FILE).open("a", encoding="utf-8") as file:
        file.write('accessibility_statement = "https://uustatus.no/nb/erklaringer/publisert/prove"\n')
    site = Site(home_with_routine)

    page = site.anybody.get("/tilgjengelighet").text

    site.app.state.libraries.close()
    assert 'href="https://uustatus.no/nb/erklaringer/publisert/prove"' in page
