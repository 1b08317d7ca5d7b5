"""The overview in a browser: what its pictures say stands beside them in words."""

import re

from tests.web.conftest import post
from tests.web.test_pages import words


def test_says_of_each_municipality_how_far_it_has_come_and_draws_the_same(site):
    with site.home.opened() as library:
        library.adopt("handhygiene", "Fauske", by="beslutter.fauske")
    page = site.signed_in("ansatt.fauske").get("/oversikt").text
    read = words(page)

    assert "Fauske 1 av 1 i bruk" in read
    assert "Rødøy 0 av 1 i bruk 1 ikke svart" in read
    drawn = re.search(r"Fauske .*?</svg>", page, re.DOTALL)[0]
    assert re.findall(r'class="part-([a-z-]+)" x="0.000" y="0" width="100.000"', drawn) == ["newest"]
    assert "style=" not in page


def test_is_of_one_network_when_one_asks_and_of_none_that_is_not_there(site):
    browser = site.signed_in("ansatt.fauske")

    assert "Av 1 rutiner" in browser.get("/oversikt?nettverk=smittevern").text
    assert "Det er ingen rutiner her ennå." in browser.get("/oversikt?nettverk=helsestasjon").text
    assert browser.get("/oversikt?nettverk=finnes-ikke").status_code == 404


def test_counts_the_reviews_of_the_coming_year_by_month(site):
    site.home.clock.forward(days=700)
    browser = site.signed_in("ansatt.fauske")
    read = words(browser.get("/oversikt").text)

    assert re.search(
        r"(januar|februar|mars|april|mai|juni|juli|august|september|oktober|november|desember) 2028 1", read
    )
    site.home.clock.forward(days=100)
    assert "Over fristen 1" in words(site.signed_in("ansatt.fauske").get("/oversikt").text)


def test_is_said_in_nynorsk_and_english(site):
    browser = site.signed_in("ansatt.fauske")
    for language, said in (("nn", "Kor lenge det har gjelde"), ("en", "How long it has applied")):
        post(browser, "/valg", {"sprak": language})
        assert said in browser.get("/oversikt").text
