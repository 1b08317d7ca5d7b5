"""People of a municipality in a browser: let in, given a new password, entered at a meeting; and who may do none of it."""

import re

import pytest

from tests.web.conftest import PHRASE, post

OTHER = "helt andre ord om morgenen"


def link_in(page, kind):
    """Give the path of the link that a page shows this once."""
    return re.search(rf"http://localhost(/{kind}/[A-Za-z0-9_-]+)", page.text)[1]


def page_of(browser, login, where="/kommune/folk"):
    """Give the path of the page about somebody, as the list of people leads to it."""
    found = re.findall(
        r'<a href="([^"]+)">[^<]*</a></strong>\s*<div class="quiet">([^<]+)</div>', browser.get(where).text
    )
    return {name: path for path, name in found}[login]


@pytest.fixture
def manager(site):
    """A browser of the one who looks after the people of Fauske."""
    return site.signed_in("ansvarlig.fauske")


class TestLettingIn:
    def test_gives_a_role_and_a_link_by_which_somebody_chooses_a_password(self, site, manager):
        """
        Nobody knows the password but whose it is.
        """
        form = {"navn": "Ola Ås", "brukernavn": "Ola@Fauske.example", "rolle": "employee"}
        made = post(manager, "/kommune/folk", form)
        path = link_in(made, "passord")
        newcomer = site.browser()

        chosen = newcomer.post(path, data={"nytt": PHRASE}, headers={"Origin": "http://localhost"})

        assert "<svg" in made.text
        assert "Ola Ås" in newcomer.get("/meg").text
        assert (chosen.status_code, chosen.headers["location"]) == (303, "/")
        assert newcomer.get(path).status_code == 404
        assert "ola@fauske.example" in manager.get("/kommune/folk").text

    def test_says_why_it_was_refused_and_keeps_what_was_written(self, manager):
        answer = post(manager, "/kommune/folk", {"navn": "Ola Ås", "brukernavn": "leder", "rolle": "employee"})

        assert answer.status_code == 422
        assert 'value="Ola Ås"' in answer.text
        assert "/passord/" not in answer.text

    def test_gives_no_role_that_decides(self, site, manager):
        post(manager, "/kommune/folk", {"navn": "Ola", "brukernavn": "ola", "rolle": "decider"})

        with site.home.opened() as library:
            assert library.person("ola").delegations == ()

    def test_a_short_password_is_refused_and_the_link_holds(self, site, manager):
        made = post(manager, "/kommune/folk", {"navn": "Ola", "brukernavn": "ola", "rolle": "employee"})
        path, newcomer = link_in(made, "passord"), site.browser()

        short = newcomer.post(path, data={"nytt": "kort"}, headers={"Origin": "http://localhost"})

        assert short.status_code == 422
        assert "kort" not in re.sub(r"<[^>]*>", "", short.text).split()
        assert newcomer.get(path).status_code == 200


class TestAMeeting:
    def test_is_entered_by_those_who_are_there(self, site, manager):
        """
        In under a minute: a square on the wall, a name, an address, a password.
        """
        path = link_in(post(manager, "/kommune/folk/mote", {"timer": "2", "plasser": "2"}), "mote")
        newcomer = site.browser()

        shown = newcomer.get(path)
        decision = re.search(r'name="beslutning" value="([^"]+)"', shown.text)[1]
        form = {"navn": "Ola Ås", "brukernavn": "ola@fauske.example", "nytt": PHRASE, "beslutning": decision}
        # Sent twice, before the browser has heard the first answer.
        first, again = (
            browser.post(path, data=form, headers={"Origin": "http://localhost"})
            for browser in (newcomer, site.browser())
        )

        assert "Fauske" in shown.text
        assert (first.status_code, again.status_code) == (303, 303)
        assert "Ola Ås" in newcomer.get("/meg").text
        assert "plass til 1 til" in manager.get("/kommune/folk").text

    def test_tells_those_who_are_known_already_that_they_are(self, site, manager):
        path = link_in(post(manager, "/kommune/folk/mote", {"timer": "2", "plasser": "2"}), "mote")

        form = {"navn": "En annen", "brukernavn": "leder", "nytt": PHRASE}
        answer = site.browser().post(path, data=form, headers={"Origin": "http://localhost"})

        assert answer.status_code == 422
        assert 'value="En annen"' in answer.text

    def test_that_is_closed_lets_nobody_in(self, site, manager):
        path = link_in(post(manager, "/kommune/folk/mote", {"timer": "2", "plasser": "2"}), "mote")
        key = re.search(r'name="lenke" value="([0-9a-f]+)"', manager.get("/kommune/folk").text)[1]

        post(manager, "/kommune/folk/mote/lukk", {"lenke": key})

        assert site.browser().get(path).status_code == 404

    @pytest.mark.parametrize("form", [{"timer": "99", "plasser": "2"}, {"timer": "x", "plasser": ""}])
    def test_of_odd_length_is_refused(self, manager, form):
        assert post(manager, "/kommune/folk/mote", form).status_code == 422


class TestWhoMay:
    @pytest.mark.parametrize("login", ["ansatt.fauske", "beslutter.beiarn", "leder"])
    def test_nobody_else_sees_or_changes_the_people(self, site, login):
        """
        A page can be hidden and an address found.
        """
        browser = site.signed_in(login)
        form = {"navn": "Ola", "brukernavn": "ola", "rolle": "employee", "hvem": "leder"}

        statuses = [browser.get("/kommune/folk").status_code] + [
            post(browser, f"/kommune/folk{part}", form).status_code for part in ("", "/kjent", "/lenke", "/mote")
        ]

        assert set(statuses) == {403}
        assert "/kommune/folk" not in browser.get("/kommune").text

    def test_no_link_takes_over_somebody_with_more_rights(self, site, manager):
        """
        The editor's account is worth more than all of Fauske's.
        """
        answer = post(manager, "/kommune/folk/lenke", {"hvem": "redaktor"})

        assert answer.status_code in {403, 422}
        assert "/passord/" not in answer.text

    def test_a_role_is_taken_back(self, site, manager):
        post(manager, "/kommune/folk", {"navn": "Ola", "brukernavn": "ola", "rolle": "employee"})

        who = page_of(manager, "ola")
        post(manager, f"{who}/ta-tilbake", {"rolle": "employee"})

        assert ">ola<" not in manager.get("/kommune/folk").text


@pytest.mark.parametrize("path", ["/passord/", "/mote/"])
@pytest.mark.parametrize("token", ["x", "å" * 43, "A" * 43, "x" * 4000])
def test_a_link_that_is_none_says_so_and_nothing_else(site, path, token):
    answer = site.anybody.get(f"{path}{token}")

    assert answer.status_code == 404


class TestOnePerson:
    def test_gets_a_role_for_some_days_in_another_place(self, site, manager):
        """
        The last day that is chosen is a day on which it holds.
        """
        who = page_of(manager, "ansatt.fauske")
        place = re.search(
            r'<option value="(\w[^"]*)">[^<]+</option>', manager.get(who).text.partition('name="for"')[2]
        )[1]

        days = {"fra": "2026-12-01", "til": "2026-12-31"}
        done = post(manager, who, {"rolle": "responsible", "for": place, **days})
        page = manager.get(who).text

        assert (done.status_code, done.headers["location"]) == (303, who)
        assert "ansvarlig fra 01.12.2026 til og med 31.12.2026" in page
        assert "Stedfortreder for" in page
        assert "stedfortredende ansvarlig" in manager.get("/kommune/folk").text
        with site.home.opened() as library:
            grant = next(one for one in library.person("ansatt.fauske").grants if one.role == "responsible")
        assert (grant.from_on.isoformat(), grant.until_on.isoformat(), grant.is_deputy) == (
            "2026-12-01",
            "2027-01-01",
            True,
        )

    def test_gets_a_delegation_and_may_decide_on_its_days(self, site, manager):
        who = page_of(manager, "ansatt.fauske")
        form = {
            "niva": "head-of-service",
            "stilling": "kommunalsjef velferd",
            "hjemmel": "26/117",
            "til": "2026-12-31",
        }

        done = post(manager, f"{who}/delegasjon", form)

        assert done.status_code == 303
        assert "Beslutter på nivået kommunalsjef, som kommunalsjef velferd," in manager.get(who).text
        with site.home.opened() as library:
            library.adopt("handhygiene", "Fauske", by="ansatt.fauske")

    @pytest.mark.parametrize(
        ("part", "form", "kept"),
        [
            ("/delegasjon", {"niva": "unit-leader", "stilling": "Ring 900 00 000"}, "Ring 900 00 000"),
            ("", {"rolle": "leder"}, ""),
            ("", {"rolle": "responsible", "fra": "i morgen"}, "i morgen"),
            ("", {"rolle": "responsible", "for": "g-finnes-ikke"}, ""),
            ("/ta-tilbake", {"rolle": "decider"}, ""),
        ],
    )
    def test_is_given_nothing_that_is_wrong_and_what_was_written_is_kept(self, manager, part, form, kept):
        who = page_of(manager, "ansatt.fauske")

        answer = post(manager, f"{who}{part}", form)

        assert answer.status_code in {404, 422}
        assert kept in answer.text

    def test_nobody_makes_themself_a_decider(self, manager):
        who = page_of(manager, "ansvarlig.fauske")

        refused = post(manager, f"{who}/delegasjon", {"niva": "unit-leader", "stilling": "enhetsleder"})

        assert f"{who}/delegasjon" not in manager.get(who).text
        assert refused.status_code == 422

    def test_who_has_nothing_to_do_here_is_not_here(self, site, manager):
        """
        Else the pages would tell of everybody in the other eight.
        """
        with site.home.opened() as library:
            other = library.person("beslutter.beiarn").actor

        assert manager.get(f"/kommune/folk/person/{other}").status_code == 404
        assert manager.get("/kommune/folk/person/a-finnes-ikke").status_code == 404
        assert post(manager, f"/kommune/folk/person/{other}", {"rolle": "employee"}).status_code == 404

    def test_who_is_in_the_library_already_gets_a_role_by_name(self, site, manager):
        """
        Somebody moves from Beiarn to Fauske, and keeps the name and the password.
        """
        unknown = post(manager, "/kommune/folk/kjent", {"kjent": "ingen.her", "rolle": "employee"})
        done = post(manager, "/kommune/folk/kjent", {"kjent": "Beslutter.Beiarn", "rolle": "employee"})

        assert (unknown.status_code, done.status_code) == (422, 303)
        assert "ingen.her" in unknown.text
        assert page_of(manager, "beslutter.beiarn")


class TestTheRolesOfANetwork:
    where = "/fagnettverk/smittevern/folk"

    def test_are_the_editors_to_give(self, site):
        editor = site.signed_in("redaktor")
        made = post(editor, self.where, {"navn": "Mia Ås", "brukernavn": "mia@fauske.example", "rolle": "member"})
        post(editor, page_of(editor, "mia@fauske.example", self.where), {"rolle": "leader", "til": "2026-12-31"})

        assert "/passord/" in made.text
        assert "nettverksleder til og med 31.12.2026" in editor.get(self.where).text
        assert "stilling" not in editor.get(page_of(editor, "mia@fauske.example", self.where)).text
        post(editor, "/valg", {"kommune": "fauske"})
        assert self.where in editor.get("/kommune/folk").text

    def test_are_nobody_elses_to_see_or_give(self, site):
        for login in ("ansvarlig.fauske", "leder"):
            browser = site.signed_in(login)
            assert browser.get(self.where).status_code == 403
            assert post(browser, self.where, {"navn": "A", "brukernavn": "a", "rolle": "leader"}).status_code == 403
        assert site.signed_in("redaktor").get("/fagnettverk/finnes-ikke/folk").status_code == 404

    def test_are_entered_at_a_meeting_by_members(self, site):
        path = link_in(post(site.signed_in("redaktor"), f"{self.where}/mote", {"timer": "2", "plasser": "9"}), "mote")
        newcomer = site.browser()
        decision = re.search(r'name="beslutning" value="([^"]+)"', newcomer.get(path).text)[1]
        form = {"navn": "Ola", "brukernavn": "ola", "nytt": PHRASE, "kommune": "1841", "beslutning": decision}

        assert newcomer.post(path, data=form, headers={"Origin": "http://localhost"}).status_code == 303
        with site.home.opened() as library:
            assert ("member", "network:smittevern") in library.person("ola").roles
