"""Deciding in a browser: answer for a municipality, one or many, propose, approve; what is refused comes back with what was written."""

import re

import pytest

from samrutine.procedures.text import read
from tests.support.stories import APPROVERS, change_with_everyone
from tests.support.texts import a_routine
from tests.web.conftest import HERE, post
from tests.web.test_pages import words

ADDRESS = "/rutine/handhygiene/beslutning"
UNANSWERED = ("to-consider", "None")


def fields_of(html):
    """Give what the forms of a page hold without anybody writing: names and values of what is hidden."""
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', html))


def answered(browser, **given):
    """Answer for the municipality, as a person does who looks at the page first."""
    page = browser.get(ADDRESS).text
    return browser.post(ADDRESS, data={**fields_of(page), **given}, headers={"Origin": HERE})


def state_of(site, municipality="1841"):
    """Give what a municipality has answered, and the version that applies there."""
    with site.home.opened() as library:
        cell = library.matrix().cells.get(("handhygiene", municipality))
        return (cell.state.value, str(cell.version)) if cell else None


class TestAMunicipalitysAnswer:
    def test_is_given_in_a_minute_with_what_changed_and_what_it_means_here(self, site):
        """
        The decider sees in one glance what changed, and is done.
        """
        browser = site.signed_in("beslutter.fauske")
        answered(browser, svar="in-use")
        with site.home.opened() as library:
            change_with_everyone(library, a_routine(extra="Og besøkende."))

        page = browser.get(ADDRESS).text
        made = answered(browser, svar="in-use")

        assert "Fauske bruker 1.0. Versjon 1.1 er faglig godkjent." in words(page)
        assert "Den rører ingen lokale opplysninger eller tillegg." in words(page)
        assert re.search(r"<ins[^>]*>.*besøkende", page, re.DOTALL)
        assert made.headers["location"] == "/rutine/handhygiene?kommune=fauske"
        assert state_of(site) == ("in-use", "1.1")

    @pytest.mark.parametrize(
        ("given", "state"),
        [
            ({"svar": "deferred", "til": "2027-03-01", "grunn": "Etter ferien."}, "deferred"),
            ({"svar": "declined", "grunn": "Vi har ingen slik tjeneste."}, "declined"),
            ({"svar": "not-relevant", "grunn": "Nabokommunen gjør det."}, "not-relevant"),
            ({"svar": "own-routine", "lenke": "https://fauske.example/hender"}, "own-routine"),
        ],
    )
    def test_is_as_good_when_it_is_not_yes(self, site, given, state):
        assert answered(site.signed_in("beslutter.fauske"), **given).status_code == 303
        assert state_of(site)[0] == state

    @pytest.mark.parametrize(
        "given",
        [
            {"svar": "declined", "grunn": ""},
            {"svar": "deferred", "til": "", "grunn": "Senere."},
            {"svar": "deferred", "til": "i morgen", "grunn": "Senere."},
            {"svar": "own-routine", "lenke": "javascript:alert(1)"},
            {"svar": "in-use", "fra": "2199-01-01"},
            {"svar": "kanskje"},
            {},
        ],
    )
    def test_that_cannot_be_given_comes_back_with_what_was_written(self, site, given):
        """
        A form that forgets what one wrote is filled in once.
        """
        answer = answered(site.signed_in("beslutter.fauske"), **{"grunn": "", **given})

        assert answer.status_code == 422
        assert 'role="alert"' in answer.text
        assert given.get("grunn", "") in answer.text
        assert "`samrutine" not in answer.text
        assert state_of(site) == UNANSWERED

    def test_fills_in_what_the_routine_asks_for_on_the_way(self, site):
        """
        The duty telephone is missing, and whoever decides knows it.
        """
        with site.home.opened() as library:
            change_with_everyone(library, a_routine(required=("vakttelefon",)))
        browser = site.signed_in("beslutter.fauske")

        without = answered(browser, svar="in-use")
        made = answered(browser, svar="in-use", **{"felt-vakttelefon": "75 00 00 11"})

        assert (without.status_code, made.status_code) == (422, 303)
        assert "75 00 00 11" in words(browser.get("/rutine/handhygiene").text)

    def test_sent_twice_is_one_answer(self, site):
        """
        The button is pressed again when the bus drives into a tunnel.
        """
        browser = site.signed_in("beslutter.fauske")
        fields = {**fields_of(browser.get(ADDRESS).text), "svar": "in-use"}

        answers = [browser.post(ADDRESS, data=fields, headers={"Origin": HERE}).status_code for _ in range(2)]

        assert answers == [303, 303]
        with site.home.opened() as library:
            assert (
                len([one for one in library.history("handhygiene", municipality="fauske") if one.kind == "adopted"])
                == 1
            )

    @pytest.mark.parametrize("who", ["ansatt.fauske", "ansvarlig.fauske", "beslutter.beiarn", "leder", "redaktor"])
    def test_is_nobody_elses_to_give(self, site, who):
        """
        By another role, or from another municipality by choosing where one works.
        """
        browser = site.signed_in(who)
        post(browser, "/valg", {"kommune": "fauske"})

        answer = answered(browser, svar="in-use")

        assert answer.status_code == 422
        assert state_of(site) == UNANSWERED


class TestMany:
    def test_are_taken_into_use_at_once(self, site):
        with site.home.opened() as library:
            from tests.support.stories import approve_with_everyone

            approve_with_everyone(library, a_routine("hansker", title="Hansker"))
        browser = site.signed_in("beslutter.fauske")
        page = browser.get("/kommune").text
        offered = re.findall(r'name="rutine"[^>]*value="([^"]+)"', page)

        none = browser.post("/kommune/ta-i-bruk", data=fields_of(page), headers={"Origin": HERE})
        made = browser.post("/kommune/ta-i-bruk", data={**fields_of(page), "rutine": offered}, headers={"Origin": HERE})

        assert sorted(offered) == ["handhygiene 1.0", "hansker 1.0"]
        assert (none.status_code, made.status_code) == (422, 303)
        assert "Ingenting venter på svar." in words(browser.get("/kommune").text)

    def test_are_refused_together_when_one_may_not_be(self, site):
        browser = site.signed_in("ansatt.fauske")
        page = browser.get("/kommune").text

        answer = browser.post(
            "/kommune/ta-i-bruk", data={**fields_of(page), "rutine": ["handhygiene 1.0"]}, headers={"Origin": HERE}
        )

        assert answer.status_code == 422
        assert state_of(site) == UNANSWERED


class TestWhoUsesWhat:
    def test_is_a_page_and_a_table(self, site):
        answered(site.signed_in("beslutter.fauske"), svar="in-use")
        browser = site.signed_in("ansatt.fauske")

        page, table = browser.get("/hvem-bruker-hva").text, browser.get("/hvem-bruker-hva.csv")

        assert "Håndhygiene" in words(page)
        lines = table.content.decode("utf-8-sig").splitlines()
        assert lines[0].split(";")[2:] == [
            "Rødøy",
            "Meløy",
            "Gildeskål",
            "Beiarn",
            "Saltdal",
            "Fauske",
            "Sørfold",
            "Steigen",
            "Hamarøy",
        ]
        assert lines[1].split(";")[:2] == ["Håndhygiene", "v1.0"]
        assert lines[1].split(";")[7] == "1.0"


class TestFromAnErrorToAVersion:
    def test_somebody_says_what_is_wrong(self, site):
        browser = site.signed_in("ansatt.fauske")
        page = browser.get("/rutine/handhygiene/si-fra").text

        empty = browser.post(
            "/rutine/handhygiene/si-fra", data={**fields_of(page), "tekst": " "}, headers={"Origin": HERE}
        )
        done = browser.post(
            "/rutine/handhygiene/si-fra", data={**fields_of(page), "tekst": "Såpe mangler.", "del": "framgangsmate"},
            headers={"Origin": HERE},
        )  # fmt: skip

        assert (empty.status_code, done.status_code) == (422, 200)
        with site.home.opened() as library:
            (one,) = library.feedback(reader="leder")
            assert (one.text, one.section_key) == ("Såpe mangler.", "framgangsmate")

    def test_somebody_changes_a_word_and_the_network_agrees(self, site):
        """
        From the reading page to a new version, and nobody has seen git.
        """
        browser = site.signed_in("skribent")
        page = browser.get("/rutine/handhygiene/foresla").text
        text = re.search(r"<textarea[^>]*name=\"tekst\"[^>]*>\n(.*?)</textarea>", page, re.DOTALL)[1]
        fields = {**fields_of(page), "tittel": "Håndhygiene", "endring": "minor"}

        made = browser.post(
            "/rutine/handhygiene/foresla", data={**fields, "tekst": text.replace("godt", "svært godt").replace("\n", "\r\n")},
            headers={"Origin": HERE},
        )  # fmt: skip
        address = made.headers["location"].partition("?")[0]
        editor = site.signed_in("redaktor")
        sent = editor.post(
            f"{address}/send",
            data={**fields_of(editor.get(address).text), "grunn": "Drøftet."},
            headers={"Origin": HERE},
        )
        given = []
        for who in APPROVERS:
            reader = site.signed_in(who)
            fields = fields_of(reader.get(address).text)
            given.append(reader.post(f"{address}/godkjenn", data=fields, headers={"Origin": HERE}).status_code)

        assert sent.status_code == 303
        assert given == [303] * len(APPROVERS)
        with site.home.opened() as library:
            assert [str(one.version) for one in library.versions("handhygiene")] == ["1.0", "1.1"]
            old, new = (read(library.version_text("handhygiene", number).text, "x") for number in ("1.0", "1.1"))
        assert new.front == old.front
        assert new.body == old.body.replace("godt", "svært godt")

    def test_a_text_that_nobody_changed_is_no_proposal(self, site):
        browser = site.signed_in("skribent")
        page = browser.get("/rutine/handhygiene/foresla").text
        text = re.search(r"<textarea[^>]*name=\"tekst\"[^>]*>\n(.*?)</textarea>", page, re.DOTALL)[1]

        made = browser.post(
            "/rutine/handhygiene/foresla", data={**fields_of(page), "tekst": text}, headers={"Origin": HERE}
        )

        assert made.headers["location"].partition("?")[0] == "/rutine/handhygiene"
        with site.home.opened() as library:
            assert [one.state.value for one in library.proposals(reader="skribent")] == ["approved"]

    def test_what_cannot_be_kept_comes_back_with_every_word(self, site):
        """
        An identity number in a routine: it is said where, and an hour's work is not lost.
        """
        browser = site.signed_in("skribent")
        page = browser.get("/rutine/handhygiene/foresla").text
        text = "## Formål\n\nGjelder 13116900216.\n"

        answer = browser.post(
            "/rutine/handhygiene/foresla",
            data={**fields_of(page), "tekst": text, "betyr": "Min forklaring"},
            headers={"Origin": HERE},
        )

        assert answer.status_code == 422
        assert "Gjelder 13116900216." in answer.text
        assert "Min forklaring" in answer.text

    def test_an_approval_is_of_what_was_read(self, site):
        """
        The text was changed while somebody read it: the digest that came with the page is the old one's.
        """
        with site.home.opened() as library:
            made = library.propose(a_routine(extra="Mer."), changes="handhygiene", significance="minor", by="skribent")
            library.send(made.proposal, digest=made.digest, unheard="Drøftet.", by="redaktor")
        browser = site.signed_in("medlem.beiarn")
        fields = fields_of(browser.get(f"/forslag/{made.proposal}").text)

        answer = browser.post(
            f"/forslag/{made.proposal}/godkjenn",
            data={**fields, "kontrollsum": "1:" + "0" * 64},
            headers={"Origin": HERE},
        )

        assert answer.status_code == 422
        with site.home.opened() as library:
            assert library.get_proposal(made.proposal, reader="leder")[0].approvals == ()

    def test_a_proposal_is_shown_to_those_alone_who_may_see_it(self, site):
        with site.home.opened() as library:
            made = library.propose(a_routine("isolat", title="Isolat", access="exempt"), by="skribent")

        assert site.signed_in("ansatt.fauske").get(f"/forslag/{made.proposal}").status_code == 404
        assert "Isolat" not in site.signed_in("ansatt.fauske").get("/forslag").text
