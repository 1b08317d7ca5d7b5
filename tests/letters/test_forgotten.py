"""Whoever forgot their password gets a link by e-mail, and nobody learns from it who is in the library."""

import re

import pytest

from samrutine.errors import LinkNotValid
from samrutine.letters.errors import MailNotSet
from tests.letters.conftest import ADDRESS, give_address
from tests.web.conftest import PHRASE, Site, post

WHO = "beslutter.fauske"
LINK = re.compile(rf"{ADDRESS}/passord/([A-Za-z0-9_-]{{43}})")


def asked(home, name):
    """Ask, and send; gives the links that came."""
    with home.opened() as library:
        library.forgot_password(name)
        library.send_letters()


def links(box):
    """Give the secret of the link in each letter that came, the oldest first."""
    return [LINK.search(one.get_body(("plain",)).get_content())[1] for one in box.letters]


@pytest.mark.parametrize("name", [WHO, WHO.upper(), f" {WHO}@fauske.example "])
def test_whoever_has_the_name_or_the_address_gets_a_link_that_opens_once(home, box, name):
    asked(home, name)

    (token,) = links(box)
    with home.opened() as library:
        seen = library.password_link(token)
        library.choose_password(token, PHRASE)
        with pytest.raises(LinkNotValid):
            library.password_link(token)
    assert (box.to, seen.login) == ([f"{WHO}@fauske.example"], WHO)
    assert str(box.letters[0]["subject"]) == "Nytt passord"
    assert token in box.letters[0].get_body(("html",)).get_content()


@pytest.mark.parametrize("name", ["", "ingen.her", "ansatt.fauske", "x" * 5000, "a\x00b", "%", "system"])
def test_nobody_else_gets_anything(home, box, name):
    """
    Who is not there, and who has no address.
    """
    asked(home, name)

    assert box.letters == []


def test_an_address_that_several_share_is_nobodys(home, box):
    """
    The post of a whole ward must not open anybody's account.
    """
    with home.opened() as library:
        give_address(library, "ansatt.fauske", "felles@fauske.example")
        give_address(library, "leder", "Felles@fauske.example")

    asked(home, "felles@fauske.example")
    assert box.letters == []
    asked(home, "leder")
    assert box.to == ["Felles@fauske.example"]


def test_one_an_hour_and_the_newest_link_alone_opens(home, box):
    asked(home, WHO)
    asked(home, WHO)
    home.clock.forward(hours=1)
    asked(home, WHO)

    first, second = links(box)
    with home.opened() as library:
        assert library.password_link(second).login == WHO
        with pytest.raises(LinkNotValid):
            library.password_link(first)
    home.clock.forward(days=1, hours=1)
    with home.opened() as library, pytest.raises(LinkNotValid):
        library.password_link(second)


def test_does_not_take_away_the_link_that_one_was_given_by_another(home, box):
    """
    Else anybody could keep a newcomer out by asking in their name.
    """
    with home.opened() as library:
        given = library.invite(WHO, by="redaktor")
    asked(home, WHO)

    with home.opened() as library:
        assert library.password_link(given.token).login == WHO


def test_the_page_says_the_same_whoever_is_asked_for(home, box):
    site = Site(home)
    told = [
        post(site.browser(), "/passord/glemt", {"brukernavn": name}, page="/passord/glemt")
        for name in (WHO, "ingen", "")
    ]
    site.app.state.libraries.close()

    assert len({(one.status_code, re.sub(r"[0-9a-f]{64}", "", one.text)) for one in told}) == 1
    assert "et brev på vei" in told[0].text
    with home.opened() as library:
        library.send_letters()
    assert box.to == [f"{WHO}@fauske.example"]


def test_where_no_letters_are_sent_the_page_says_whom_to_ask(home_with_routine):
    site = Site(home_with_routine)
    page = site.anybody.get("/passord/glemt").text
    made = post(site.browser(), "/passord/glemt", {"brukernavn": WHO}, page="/passord/glemt")
    led = site.anybody.get("/logg-inn").text
    site.app.state.libraries.close()

    assert "sender ikke brev" in page
    assert "sender ikke brev" in made.text
    assert 'href="/passord/glemt"' in led
    with home_with_routine.opened() as library, pytest.raises(MailNotSet):
        library.forgot_password(WHO)


def test_no_link_leads_past_the_second_step(home, box):
    """
    Whoever reads somebody's e-mail has not their telephone.
    """
    import pyotp

    with home.opened() as library:
        library.set_password(WHO, PHRASE, by="redaktor")
        begun = library.begin_second_step(PHRASE, by=WHO)
        library.confirm_second_step(pyotp.TOTP(begun.secret).at(home.clock()), by=WHO)
    asked(home, WHO)

    with home.opened() as library:
        got = library.choose_password(links(box)[0], f"{PHRASE} igjen")
    assert type(got).__name__ == "CodeAsked"
