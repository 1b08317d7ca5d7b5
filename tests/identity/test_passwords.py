"""How a password is kept: so that whoever steals the database guesses for years."""

import pytest
from argon2 import PasswordHasher, Type

from samrutine import Refused
from samrutine.identity import passwords
from samrutine.storage.rows import AccountRow

PHRASE = "fire ord som er lange"


def test_it_is_kept_by_argon2id_with_much_memory(passwords_kept_as_they_should_be):
    """
    RFC 9106 asks for argon2id with 64 MiB and three passes where a machine has no more to give.
    """
    kept = passwords.hashed(PHRASE)
    hasher = passwords_kept_as_they_should_be

    assert kept.startswith("$argon2id$")
    assert (hasher.type, hasher.memory_cost, hasher.time_cost) == (Type.ID, 65_536, 3)
    assert PHRASE not in kept
    assert passwords.hashed(PHRASE) != kept


def test_one_that_is_kept_weaker_is_kept_anew_when_somebody_signs_in(passwords_kept_as_they_should_be, library):
    """
    What was enough ten years ago is not enough now, and only its owner knows the password.
    """
    library.set_password("skribent", PHRASE, by="redaktor")
    weak = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PHRASE)
    with library._parts.database.writing() as session:
        session.get_one(AccountRow, library.person("skribent").actor).password_hash = weak

    assert passwords.is_outdated(weak)
    library.sign_in("skribent", PHRASE)

    with library._parts.database.reading() as session:
        after = session.get_one(AccountRow, library.person("skribent").actor).password_hash
    assert not passwords.is_outdated(after)
    library.sign_in("skribent", PHRASE)


def test_a_wrong_one_and_nobodys_take_the_same_work(passwords_kept_as_they_should_be, library, monkeypatch):
    """
    Who is there must not be told by how long the answer takes.
    """
    library.set_password("skribent", PHRASE, by="redaktor")
    worked = []
    verify = PasswordHasher.verify
    monkeypatch.setattr(PasswordHasher, "verify", lambda self, *given: worked.append(self) or verify(self, *given))

    for login in ("skribent", "finnes.ikke"):
        with pytest.raises(Refused):
            library.sign_in(login, "helt feil passord her")

    assert len(worked) == 2
    assert all(one.memory_cost == passwords_kept_as_they_should_be.memory_cost for one in worked)
