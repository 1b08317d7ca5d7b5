"""People of a municipality in a browser: let in, given a new password, entered at a meeting; and who may do none of it."""

import re

import pytest

from tests.web.conftest import PHRASE, post

OTHER = "helt andre ord om morgenen"


def link_in(page, kind):
    """Give the path of the link that a page shows this once."""
    return re.search(rf"http://localhost(/{kind}/[A-Za-z0-9_-]+)", page.text)[1]


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
            post(browser, f"/kommune/folk{part}", form).status_code for part in ("", "/lenke", "/mote", "/rolle")
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

        post(manager, "/kommune/folk/rolle", {"hvem": "ola", "rolle": "employee"})

        assert ">ola<" not in manager.get("/kommune/folk").text


@pytest.mark.parametrize("path", ["/passord/", "/mote/"])
@pytest.mark.parametrize("token", ["x", "å" * 43, "A" * 43, "x" * 4000])
def test_a_link_that_is_none_says_so_and_nothing_else(site, path, token):
    answer = site.anybody.get(f"{path}{token}")

    assert answer.status_code == 404
