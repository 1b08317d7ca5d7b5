"""Signing in with another service: real HTTP and real keys, and everything that can be wrong with either."""

import threading

import pytest
from joserfc import jwk
from sqlmodel import select

from samrutine.actors import Role
from samrutine.errors import LoginTaken, NotAllowed, Refused
from samrutine.identity import openid
from samrutine.identity.elsewhere_errors import ServiceNotFound
from samrutine.identity.elsewhere_model import (
    ConnectedToAnother,
    NameTakenHere,
    NotKnownHere,
    ServiceSilent,
    SignInNotCompleted,
)
from samrutine.identity.openid import Services, is_safe
from samrutine.settings import SignInElsewhere
from samrutine.storage.rows import BegunElsewhereRow, ConnectedRow, PersonRow
from tests.support.oidc_provider import CLIENT, FIRST_KEY, SECRET, asked_at, running

BACK = "http://127.0.0.1:8000/logg-inn/tilbake"
FAUSKE = "municipality:1841"
KARI = {"name": "Kari Prøve", "preferred_username": "kari@fauske.example", "org": "fauske"}


@pytest.fixture(scope="module")
def service():
    """A service, for all the tests here: its keys take a while to make."""
    with running() as provider:
        yield provider


@pytest.fixture
def provider(service, monkeypatch):
    """The service, doing all as it should, and known to nobody yet."""
    service.claims, service.spoil, service.asked, service.codes = dict(KARI), {}, [], {}
    service.keys, service.signs_with, service.needs_secret = {"k1": FIRST_KEY}, "k1", True
    monkeypatch.setattr(openid, "SERVICES", Services())
    return service


@pytest.fixture
def library(any_library, provider):
    """A library whose people may sign in with it."""
    return let_in(any_library, provider)


def let_in(library, provider, **given):
    """Let a library know the service."""
    secret = library._parts.home.parent / "hemmelig.txt"
    secret.write_text(f"{SECRET}\n")
    secret.chmod(0o600)
    values = {
        "key": "fauske", "name": "Fauske kommune", "issuer": provider.issuer, "client_id": CLIENT, "secret_file": str(secret),
        "organisations": {"fauske": "1841"}, "roles": {"*": "employee", "leder": "decider"}, "organisation_claim": "org",
        "roles_claim": "roller", "let_in_by": "redaktor",
    } | given  # fmt: skip
    library._parts.settings.sign_in = [SignInElsewhere(**values)]
    return library


def away(library, provider, **begun):
    """Go to the service and sign in there; gives what the browser comes back with."""
    there = library.begin_sign_in_elsewhere("fauske", back=BACK, **begun)
    back = asked_at(provider.authorize(asked_at(there.address)))
    return there.token, back


def come_back(library, began, came, **changed):
    """Come back, perhaps with something changed on the way."""
    given = {
        "state": came["state"],
        "token": began,
        "code": came["code"],
        "said_issuer": came.get("iss"),
        "back": BACK,
    } | changed
    return library.come_back(given.pop("state"), given.pop("token"), **given)


def sign_in(library, provider, **changed):
    """Go there and come back."""
    return come_back(library, *away(library, provider), **changed)


def reasons(call):
    """Say why something is refused."""
    with pytest.raises(Refused) as refused:
        call()
    return [type(one) for one in refused.value.reasons]


def person(library, login):
    """A person by the sign-in name; None when there is nobody."""
    return next((one for one in library.people() if one.login == login), None)


def rows(library, table):
    """Give the rows of a table."""
    with library._parts.database.reading() as session:
        return session.exec(select(table)).all()


class TestSigningIn:
    def test_lets_somebody_new_in_with_the_role_that_the_settings_give(self, library, provider):
        """
        A nurse who began on Monday opens the pages, and is somebody.
        """
        back = sign_in(library, provider)

        seen = library.signed_in(back.signed_in.token)
        kari = person(library, "kari@fauske.example")
        assert (seen.actor, kari.name, kari.roles) == (kari.actor, "Kari Prøve", ((Role.EMPLOYEE, FAUSKE),))
        assert library.verify().is_clean

    def test_knows_them_the_next_time_whatever_they_are_called_by_then(self, library, provider):
        """
        Who marries has another name and another address, and is the same.
        """
        first = sign_in(library, provider).signed_in.actor
        provider.claims |= {"name": "Kari Gift", "preferred_username": "kari.gift@fauske.example"}

        assert sign_in(library, provider).signed_in.actor == first
        assert len(rows(library, ConnectedRow)) == 1

    def test_leads_on_to_where_they_wanted(self, library, provider):
        token, back = away(library, provider, next_page="/rutine/handhygiene")

        assert come_back(library, token, back).next_page == "/rutine/handhygiene"

    def test_gives_a_role_that_the_service_gives_now_and_ends_one_that_it_gives_no_more(self, library, provider):
        """
        Who was moved to another post decides there no more from the next time.
        """
        provider.claims["roller"] = ["leder"]
        actor = sign_in(library, provider).signed_in.actor
        held = [person(library, "kari@fauske.example").roles]
        provider.claims["roller"] = []
        sign_in(library, provider)
        held.append(person(library, "kari@fauske.example").roles)
        provider.claims["roller"] = "leder"
        sign_in(library, provider)
        held.append(person(library, "kari@fauske.example").roles)

        assert [sorted(role.value for role, _ in one) for one in held] == [
            ["decider", "employee"], ["employee"], ["decider", "employee"],
        ]  # fmt: skip
        assert person(library, "kari@fauske.example").actor == actor
        assert library.verify().is_clean

    def test_leaves_a_role_that_somebody_here_gave(self, library, provider):
        """
        What the editor gave by name is the editor's to take back.
        """
        actor = sign_in(library, provider).signed_in.actor
        library.grant(actor, "responsible", FAUSKE, by="redaktor")
        sign_in(library, provider)

        assert (Role.RESPONSIBLE, FAUSKE) in person(library, "kari@fauske.example").roles

    @pytest.mark.parametrize(
        "said", [{"org": "oslo"}, {"org": "–"}, {"name": "–"}], ids=["elsewhere", "nowhere", "nameless"]
    )
    def test_lets_nobody_in_who_belongs_to_no_municipality_here(self, library, provider, said):
        """
        A directory holds everybody who was ever given an address.
        """
        provider.claims |= said

        assert reasons(lambda: sign_in(library, provider)) == [NotKnownHere]
        assert person(library, "kari@fauske.example") is None

    def test_lets_nobody_in_where_nobody_answers_for_it(self, any_library, provider):
        let_in(any_library, provider, let_in_by="")

        assert reasons(lambda: sign_in(any_library, provider)) == [NotKnownHere]

    @pytest.mark.parametrize("maker", ["leder", "finnes.ikke"])
    def test_lets_nobody_in_by_one_who_may_not(self, any_library, provider, maker, caplog):
        """
        A responsible who left cannot go on letting people in; who runs the machine reads why.
        """
        let_in(any_library, provider, let_in_by=maker)

        assert reasons(lambda: sign_in(any_library, provider)) == [NotKnownHere]
        assert person(any_library, "kari@fauske.example") is None
        assert "let_in_by" in caplog.text

    def test_knows_those_who_are_here_also_when_nobody_may_give_roles_any_more(self, library, provider):
        """
        That the responsible left must keep nobody out.
        """
        actor = sign_in(library, provider).signed_in.actor
        let_in(library, provider, let_in_by="leder")
        provider.claims["roller"] = "leder"

        assert sign_in(library, provider).signed_in.actor == actor
        assert [role for role, _ in library.person(actor).roles] == [Role.EMPLOYEE]

    def test_does_not_give_back_what_somebody_here_took_back(self, library, provider):
        """
        A directory is slow, and whoever is responsible has decided.
        """
        actor = sign_in(library, provider).signed_in.actor
        library.revoke(actor, "employee", FAUSKE, by="redaktor")

        held = []
        for said in ("fauske", "–", "fauske"):
            provider.claims["org"] = said
            sign_in(library, provider)
            held.append([role for role, _ in library.person(actor).roles])

        # Taken away there and given anew, it is a new word.
        assert held == [[], [], [Role.EMPLOYEE]]

    @pytest.mark.parametrize("taken", ["login", "email"])
    def test_never_takes_a_name_for_a_person(self, library, provider, taken):
        """
        Whoever runs the directory could name somebody as the editor is named.
        """
        login, email = ("kari@fauske.example", None) if taken == "login" else ("kari", "kari@fauske.example")
        there = library.add_person(login, "Kari Her", email=email, by="redaktor")

        assert reasons(lambda: sign_in(library, provider)) == [NameTakenHere]
        assert library.connected_services(by=there.actor) == []

    def test_gives_a_name_without_meaning_to_one_without_a_usable_one(self, library, provider):
        provider.claims |= {"preferred_username": "Kari Prøve", "email": "–"}

        actor = sign_in(library, provider).signed_in.actor

        assert library.person(actor).login.startswith("fauske-")

    def test_keeps_nothing_by_which_somebody_is_found_there(self, any_library, provider):
        """
        Of Ansattporten it is a national identity number, and eleven figures are soon guessed.
        """
        let_in(
            any_library, provider, kind="ansattporten", organisations={"000000019": "1841"}, roles={"rutiner": "employee"},
            resources=["rutiner"],
        )  # fmt: skip
        details = [{"resource": "rutiner", "authorized_parties": [{"orgno": {"ID": "0192:000000019"}}]}]
        provider.claims |= {"pid": "00000000000", "authorization_details": details}

        sign_in(any_library, provider)

        (row,) = rows(any_library, ConnectedRow)
        assert "00000000000" not in repr(row)
        again = sign_in(any_library, provider).signed_in.actor
        assert again == row.actor_id

    def test_needs_no_secret_where_there_is_none(self, any_library, provider):
        provider.needs_secret = False
        let_in(any_library, provider, secret_file="")

        assert sign_in(any_library, provider).signed_in is not None

    @pytest.mark.parametrize("how", ["gone", "open to others", "in the home"])
    def test_is_refused_where_its_secret_is_not_kept_as_one(self, any_library, provider, how, caplog):
        """
        A secret that a backup takes along, or that others read, is none; who runs the machine reads it in the log.
        """
        home = any_library._parts.home
        secret = home / "hemmelig.txt" if how == "in the home" else home.parent / "annen.txt"
        if how != "gone":
            secret.write_text(SECRET)
            secret.chmod(0o644 if how == "open to others" else 0o600)
        let_in(any_library, provider, secret_file=str(secret))

        assert reasons(lambda: sign_in(any_library, provider)) == [ServiceSilent]
        assert {"gone": "missing", "open to others": "open", "in the home": "in_home"}[how] in caplog.text


class TestConnecting:
    def test_lets_somebody_who_is_here_sign_in_with_it(self, library, provider):
        """
        Only from within: an equal address is not enough.
        """
        actor = library.person("leder").actor
        token, back = away(library, provider, by="leder")

        assert come_back(library, token, back, by="leder").signed_in is None
        assert [one.name for one in library.connected_services(by="leder")] == ["Fauske kommune"]
        assert sign_in(library, provider).signed_in.actor == actor

    def test_is_refused_where_it_is_somebody_elses(self, library, provider):
        come_back(library, *away(library, provider, by="leder"), by="leder")

        token, back = away(library, provider, by="skribent")

        assert reasons(lambda: come_back(library, token, back, by="skribent")) == [ConnectedToAnother]

    @pytest.mark.parametrize("by", [None, "skribent"])
    def test_is_for_whoever_began_it(self, library, provider, by):
        """
        Who signs out meanwhile, and lets another sit down, connects nothing.
        """
        token, back = away(library, provider, by="leder")

        assert reasons(lambda: come_back(library, token, back, by=by)) == [SignInNotCompleted]
        assert library.connected_services(by="leder") == []

    def test_ends_when_one_says_so_and_nobody_else_can(self, library, provider):
        come_back(library, *away(library, provider, by="leder"), by="leder")
        (key,) = (one.key for one in library.connected_services(by="leder"))

        assert [library.disconnect_service(key, by=who) for who in ("skribent", "leder", "leder")] == [
            False,
            True,
            False,
        ]
        assert library.connected_services(by="leder") == []

    def test_goes_with_the_person(self, library, provider):
        """
        Who is erased is known by no service.
        """
        actor = sign_in(library, provider).signed_in.actor
        away(library, provider, by=actor)
        library.erase_person(actor, by="redaktor", reason="Sluttet.")

        assert rows(library, ConnectedRow) == rows(library, BegunElsewhereRow) == []


class TestMutated:
    """What came back is not what it must be: nobody is signed in, and nobody is let in."""

    @pytest.fixture
    def library(self, home, provider):
        """A library on SQLite: nothing of this is for the database to say."""
        with home.opened() as opened:
            yield let_in(opened, provider)

    def refused(self, library, call):
        found = reasons(call)
        assert person(library, "kari@fauske.example") is None
        assert rows(library, ConnectedRow) == []
        return found

    @pytest.mark.parametrize(
        "changed",
        [{"state": "x" * 43}, {"state": ""}, {"token": "x" * 43}, {"token": ""}, {"code": ""}, {"code": "x"}, {"back": BACK + "/annet"},
         {"said_issuer": "https://annen.example"}, {"said_issuer": None}],
        ids=["another state", "no state", "another browser", "no cookie", "refused there", "another code", "another address",
             "another service's answer", "an answer that does not say whose"],
    )  # fmt: skip
    def test_on_the_way_back(self, library, provider, changed):
        token, back = away(library, provider)

        assert self.refused(library, lambda: come_back(library, token, back, **changed)) == [SignInNotCompleted]

    @pytest.mark.parametrize(
        "said",
        [{"nonce": "annen"}, {"nonce": "–"}, {"aud": "annen"}, {"aud": [CLIENT, "annen"]}, {"iss": "https://annen.example"}, {"exp": 1},
         {"exp": "–"}, {"nbf": 4_000_000_000}, {"iat": 4_000_000_000}, {"azp": "annen"}, {"sub": "–"}],
        ids=lambda said: "-".join(f"{name}-{value}" for name, value in said.items()),
    )  # fmt: skip
    def test_in_what_is_said(self, library, provider, said):
        provider.spoil["claims"] = said

        assert self.refused(library, lambda: sign_in(library, provider)) == [SignInNotCompleted]

    @pytest.mark.parametrize(
        "how",
        [
            lambda _: {"header": {"alg": "none"}},
            lambda _: {"header": {"alg": "HS256"}},
            lambda _: {"header": {"alg": "RS512"}},
            lambda _: {"key": jwk.RSAKey.generate_key(2048, private=True)},
            lambda _: {"header": {"kid": "k9"}},
        ],
        ids=[
            "by nobody",
            "by what everybody knows",
            "by an algorithm that is not ours",
            "by another key",
            "by a key nobody has",
        ],
    )
    def test_in_how_it_is_signed(self, library, provider, how):
        provider.spoil["signed"] = how(provider)

        assert self.refused(library, lambda: sign_in(library, provider)) == [SignInNotCompleted]

    @pytest.mark.parametrize("answer", [{"id_token": "–"}, {"id_token": None}, {"id_token": 7}, {"id_token": "a.b.c"}])
    def test_in_the_answer_to_the_code(self, library, provider, answer):
        provider.spoil["answer"] = answer

        assert self.refused(library, lambda: sign_in(library, provider)) == [SignInNotCompleted]

    def test_a_second_time(self, library, provider):
        """
        Whoever finds the address in the browser's history.
        """
        token, back = away(library, provider)
        come_back(library, token, back)

        assert reasons(lambda: come_back(library, token, back)) == [SignInNotCompleted]

    def test_too_late(self, library, provider, clock):
        token, back = away(library, provider)
        clock.forward(minutes=10)

        assert self.refused(library, lambda: come_back(library, token, back)) == [SignInNotCompleted]

    def test_for_another_browser_leaves_the_one_that_began(self, library, provider):
        """
        Whoever guesses a state must not end somebody's sign-in.
        """
        token, back = away(library, provider)
        reasons(lambda: come_back(library, "x" * 43, back))

        assert come_back(library, token, back).signed_in is not None

    def test_with_a_code_that_was_given_to_another_browser(self, library, provider):
        """
        PKCE: a code is worth nothing without what only the browser that began holds.
        """
        _, stolen = away(library, provider)
        token, own = away(library, provider)

        assert self.refused(library, lambda: come_back(library, token, own, code=stolen["code"])) == [
            SignInNotCompleted
        ]


class TestTheService:
    @pytest.fixture
    def library(self, home, provider):
        """A library on SQLite: nothing of this is for the database to say."""
        with home.opened() as opened:
            yield let_in(opened, provider)

    def test_that_changes_its_keys_is_asked_for_them_once(self, library, provider):
        """
        Services change keys without telling anybody.
        """
        sign_in(library, provider)
        provider.keys, provider.signs_with = {"k2": jwk.RSAKey.generate_key(2048, {"kid": "k2"}, private=True)}, "k2"
        openid.SERVICES._known[provider.issuer].keys_at -= 60

        assert sign_in(library, provider).signed_in is not None
        assert provider.asked.count("/keys") == 2

    def test_is_not_asked_for_keys_again_and_again(self, library, provider):
        """
        Whoever sends tokens with made-up key names must not make us ask a thousand times.
        """
        sign_in(library, provider)
        provider.spoil["signed"] = {"header": {"kid": "k9"}}
        for _ in range(3):
            reasons(lambda: sign_in(library, provider))

        assert provider.asked.count("/keys") == 1

    @pytest.mark.parametrize(
        "spoil",
        [
            {"raw": b"{" + b" " * 300_000 + b"}"}, {"raw": b"<html>"}, {"raw": b"[]"}, {"discovery": {"issuer": "https://annen.example"}},
            {"discovery": {"token_endpoint": "ftp://127.0.0.1/"}}, {"discovery": {"jwks_uri": None}},
            {"headers": {"Content-Encoding": "gzip"}}, {"keys": "x"}, {"keys": [{"kty": "oct", "k": "YWJj"}]},
        ],
        ids=["huge", "no JSON", "a list", "of another", "an address of another sort", "without keys", "packed", "keys that are none",
             "keys that both would know"],
    )  # fmt: skip
    def test_that_answers_as_none_should_is_told_of_plainly(self, library, provider, spoil):
        provider.spoil = spoil

        with pytest.raises(Refused) as refused:
            sign_in(library, provider)

        assert type(refused.value.reasons[0]) in {ServiceSilent, SignInNotCompleted}
        assert person(library, "kari@fauske.example") is None

    def test_that_hangs_is_waited_for_once(self, library, provider, monkeypatch):
        """
        Forty people who wait for a directory that is down must not keep everybody else out.
        """
        monkeypatch.setattr(openid, "_SECONDS", 0.2)
        provider.spoil["seconds"] = 1.0

        for _ in range(3):
            assert reasons(lambda: library.begin_sign_in_elsewhere("fauske", back=BACK)) == [ServiceSilent]
        assert len(provider.asked) == 1

    def test_that_is_down_is_told_of_and_asked_again_later(self, library, provider, monkeypatch):
        now = [1_000.0]
        monkeypatch.setattr(openid, "SERVICES", Services(lambda: now[0]))
        provider.spoil["raw"] = b"<html>"
        reasons(lambda: library.begin_sign_in_elsewhere("fauske", back=BACK))
        provider.spoil = {}

        assert reasons(lambda: library.begin_sign_in_elsewhere("fauske", back=BACK)) == [ServiceSilent]
        now[0] += 30
        assert library.begin_sign_in_elsewhere("fauske", back=BACK).address.startswith(provider.issuer)

    def test_that_nobody_named_is_none(self, library):
        with pytest.raises(ServiceNotFound):
            library.begin_sign_in_elsewhere("annen", back=BACK)

    @pytest.mark.parametrize(
        ("address", "issuer", "safe"),
        [
            ("https://login.example/token", "https://login.example", True), ("http://login.example/token", "https://login.example", False),
            ("https://127.0.0.1/token", "https://login.example", False), ("https://localhost/x", "https://login.example", False),
            ("http://127.0.0.1:9/x", "http://127.0.0.1:9", True), ("https://a:b@login.example/", "https://login.example", False),
            ("file:///etc/passwd", "https://login.example", False), ("https://login.example/#x", "https://login.example", False),
        ],
    )  # fmt: skip
    def test_is_spoken_with_by_https_and_on_this_machine_only_where_it_is_here(self, address, issuer, safe):
        """
        What a service says of itself must not lead us to what only this machine reaches.
        """
        assert is_safe(address, issuer) is safe


def test_what_is_awaited_holds_no_secret_and_has_an_end(library, provider, monkeypatch):
    """
    Whoever reads the database, or asks ten thousand times, is nobody.
    """
    monkeypatch.setattr("samrutine.identity.elsewhere.MOST_BEGUN", 3)
    begun = [away(library, provider) for _ in range(5)]

    kept = rows(library, BegunElsewhereRow)
    assert len(kept) == 3
    assert all(token not in repr(one) and back["state"] not in repr(one) for one in kept for token, back in begun)


def test_two_windows_that_come_back_at_one_time_are_one_person(any_home, provider):
    """
    Who opens the link twice must not be two.
    """
    found, faults = [], []

    def come():
        with any_home.opened() as library:
            let_in(library, provider)
            try:
                found.append(sign_in(library, provider).signed_in.actor)
            except (LoginTaken, NotAllowed) as error:
                faults.append(error)

    windows = [threading.Thread(target=come) for _ in range(2)]
    for one in windows:
        one.start()
    for one in windows:
        one.join()

    with any_home.opened() as library:
        assert len(set(found)) == 1
        assert len([one for one in rows(library, PersonRow) if one.login == "kari@fauske.example"]) == 1
        assert library.verify().is_clean
