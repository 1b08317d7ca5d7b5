"""Signed checkpoints: what others hold a copy of cannot be written anew unnoticed."""

import json
import os
import re
import shutil
import subprocess
import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from sqlalchemy import text

from samrutine.errors import CheckpointsNotSet, InvalidRequest, KeyUnusable, StoreDamaged, ToolMissing
from samrutine.proving import signing
from samrutine.proving.checkpoints import Kept
from samrutine.proving.timestamps import TimestampUnavailableError
from samrutine.storage.git import Commit, GitStore
from tests.proving.conftest import DECEMBER, adopt_with_an_addition, check, set_key, write
from tests.support.git import git, tips
from tests.support.services import not_here
from tests.support.stories import change_with_everyone
from tests.support.texts import a_routine

for program in ("ssh-keygen", "openssl"):
    if shutil.which(program) is None:
        not_here(program, f"apt install {'openssh-client' if program == 'ssh-keygen' else program}")

BRANCH = "refs/heads/checkpoints"


@pytest.fixture
def signed(home_with_routine, keys):
    """A home with a key, where Fauske has adopted."""
    set_key(home_with_routine, keys / "samrutine")
    with home_with_routine.opened() as library:
        adopt_with_an_addition(library)
    return home_with_routine


def signers(keys, tmp_path, name="samrutine"):
    """Give a file of keys that a reader trusts."""
    path = tmp_path / f"signers-{name}"
    path.write_bytes(signing.Signer(keys / name, tmp_path / "home").allowed_signers)
    return path


def faults(library):
    """Give the faults that verify finds, by code."""
    return {one.code for one in library.verify().faults}


class TestMaking:
    def test_names_the_chains_head_and_the_tips_of_the_branches(self, signed):
        """
        What is signed is all that the rest can be checked against.
        """
        with signed.opened() as library:
            made = library.checkpoint()
            head = library.verify().chain_head
        said = json.loads(git(signed, "show", f"{BRANCH}:000001.json"))

        assert (made.name, made.hash) == ("000001", head)
        assert said["chain"] == {"number": made.number, "hash": head}
        assert said["tips"]["register"] == made.register == tips(signed)["refs/heads/register"]
        assert said["previous"] is None

    def test_each_follows_the_one_before_and_names_it(self, signed):
        """
        A checkpoint that was taken away leaves a hole.
        """
        with signed.opened() as library:
            library.checkpoint()
            signed.clock.forward(days=1)
            made = library.checkpoint()
            clean = library.verify()
        files = git(signed, "ls-tree", "--name-only", BRANCH).splitlines()

        assert made.name == "000002"
        assert files == ["000001.json", "000001.sig", "000002.json", "000002.sig", "allowed-signers"]
        assert clean.is_clean, clean.faults

    def test_a_chain_that_does_not_hold_is_not_signed(self, signed):
        """
        The signature would vouch for the forgery: «it stood there, and the library itself signed it».
        """
        with signed.opened() as library:
            library.checkpoint()
            before = tips(signed)[BRANCH]
            with library._parts.database.writing() as session:
                forged = "UPDATE decision SET record = record || ' ' WHERE number = 9"
                session.connection().execute(text(forged))
            with pytest.raises(StoreDamaged):
                library.checkpoint()

        assert tips(signed)[BRANCH] == before

    def test_without_a_key_none_are_made(self, home_with_routine):
        """
        It is the operator's choice, and the message says how to make it.
        """
        with home_with_routine.opened() as library, pytest.raises(CheckpointsNotSet) as caught:
            library.checkpoint()

        assert "ssh-keygen" in caught.value.remedy()

    @pytest.mark.parametrize("why", ["missing", "in_home", "open", "refused"])
    def test_a_key_that_vouches_for_nothing_is_refused(self, home_with_routine, keys, tmp_path, why):
        """
        A key beside what it signs, or that others can read, is no proof of anything.
        """
        key = {"in_home": home_with_routine.path / "nokkel"}.get(why, tmp_path / "nokkel")
        if why != "missing":
            shutil.copy(keys / "samrutine", key)
            shutil.copy(keys / "samrutine.pub", f"{key}.pub")
            key.chmod(0o644 if why == "open" else 0o600)
        if why == "refused":
            key.write_text("ingen nøkkel")
        set_key(home_with_routine, key)

        with home_with_routine.opened() as library, pytest.raises(KeyUnusable) as caught:
            library.checkpoint()

        assert caught.value.why == why
        assert BRANCH not in tips(home_with_routine)

    def test_without_ssh_keygen_it_says_what_to_install(self, signed, monkeypatch):
        """
        A server may be bare.
        """
        monkeypatch.setattr(signing.subprocess, "run", _not_installed)

        with pytest.raises(ToolMissing) as caught:
            signing.Signer(Path("nokkel"), signed.path).sign(b"x")

        assert "openssh-client" in caught.value.remedy()

    def test_a_setting_that_is_misspelt_is_noticed(self, home_with_routine):
        """
        A key that is never used is worse than none.
        """
        set_key(home_with_routine, "/x/y", timestampurl="https://x.example")

        with pytest.raises(InvalidRequest) as caught:
            home_with_routine.opened()

        assert "checkpoints.timestampurl" in str(caught.value)


def _not_installed(*_, **__):
    raise FileNotFoundError


class TestVerify:
    def test_a_register_that_was_written_anew_is_named(self, signed):
        """
        With every hash in order nothing else shows it: that is what the signature is for.
        """
        with signed.opened() as library:
            library.checkpoint()
        tree = git(signed, "rev-parse", "register^{tree}")
        commit = git(signed, "commit-tree", tree, "-m", git(signed, "log", "-1", "--format=%B", "register"))
        git(signed, "update-ref", "refs/heads/register", commit)

        with signed.opened() as library:
            found = faults(library)

        assert "checkpoint-branch" in found

    def test_a_chain_that_was_written_anew_is_named(self, signed):
        """
        The database alone could be put in order again; the checkpoint remembers its head.
        """
        with signed.opened() as library:
            library.checkpoint()
            newest = library._parts.checkpoints.newest()
        changed = newest.content.replace(newest.hash.encode(), b"1:" + b"0" * 64)
        _put(signed, {"000001.json": changed})

        with signed.opened() as library:
            found = faults(library)

        assert {"checkpoint-chain", "checkpoint-signature"} <= found

    @pytest.mark.parametrize("what", ["removed", "forged", "another's"])
    def test_a_checkpoint_that_was_touched_is_named(self, signed, keys, what):
        """
        Whoever can write the branch cannot sign.
        """
        with signed.opened() as library:
            library.checkpoint()
            signed.clock.forward(days=1)
            library.checkpoint()
            newest = library._parts.checkpoints.newest()
        anothers = signing.Signer(keys / "annen", signed.path)
        changes = {
            "removed": {"000001.json": None, "000001.sig": None},
            "forged": {"000002.json": newest.content.replace(b"2026", b"2025", 1)},
            "another's": {"000002.sig": anothers.sign(newest.content), "allowed-signers": anothers.allowed_signers},
        }[what]
        _put(signed, changes)

        with signed.opened() as library:
            found = faults(library)

        assert found & {"checkpoint-broken", "checkpoint-signature"}

    def test_checkpoints_that_are_gone_are_missed(self, signed):
        """
        Two nights' signatures taken back, or all of them: the database knows which was the newest.
        """
        with signed.opened() as library:
            for _ in range(3):
                library.checkpoint()
                signed.clock.forward(days=1)
            sound = library.verify()
        whole = git(signed, "rev-parse", BRANCH)

        git(signed, "update-ref", BRANCH, f"{BRANCH}~2")
        with signed.opened() as library:
            back = faults(library)
        git(signed, "update-ref", "-d", BRANCH)
        with signed.opened() as library:
            gone = faults(library)
            library.checkpoint()
            hidden = faults(library)
        git(signed, "update-ref", BRANCH, whole)
        with signed.opened() as library:
            again = faults(library)

        assert sound.is_clean, sound.faults
        assert {"branch-moved-back", "checkpoint-broken"} <= back
        assert gone == {"checkpoint-broken"}
        assert "checkpoint-broken" in hidden
        assert "checkpoint-broken" not in again

    def test_a_key_that_is_changed_is_handed_over_and_the_old_signatures_hold(self, signed, keys, tmp_path):
        """
        Whoever has the old key learns the new one from what both have signed; whoever has the new one trusts the old ones.
        """
        with signed.opened() as library:
            library.checkpoint()
        set_key(signed, keys / "annen")
        with signed.opened() as library:
            unsaid = faults(library)
            with pytest.raises(KeyUnusable) as caught:
                library.checkpoint()
        set_key(signed, keys / "annen", former_key=keys / "samrutine")
        signed.clock.forward(days=1)
        with signed.opened() as library:
            before = library.verify()
            made = library.checkpoint()
            during = library.verify()
        set_key(signed, keys / "annen")
        signed.clock.forward(days=1)
        with signed.opened() as library:
            later = library.checkpoint()
            after = library.verify()
        (signed.path / "samrutine.toml").write_text(
            (signed.path / "samrutine.toml").read_text().partition("[checkpoints]")[0]
        )
        with signed.opened() as library:
            without = library.verify()
        names = ("000002.json", "000002.former", "allowed-signers")
        content, former, known = (git(signed, "show", f"{BRANCH}:{name}").encode() + b"\n" for name in names)
        old, new = (signing.Signer(keys / name, tmp_path) for name in ("samrutine", "annen"))

        assert (unsaid, caught.value.why) == ({"checkpoint-signature"}, "changed")
        assert "former_key" in caught.value.remedy()
        assert (made.handed_over, later.handed_over) == (True, None)
        assert [one.faults for one in (before, during, after, without)] == [()] * 4
        assert signing.is_signed(content, former, old.allowed_signers)
        assert json.loads(content)["key"] == new.public
        assert known == old.allowed_signers + new.allowed_signers

    def test_where_the_old_key_is_lost_its_public_half_is_enough(self, signed, keys, tmp_path):
        """
        Then the new key must be given to those who check some other way, and the operator is told.
        """
        shutil.copy(keys / "samrutine.pub", tmp_path / "tapt.pub")
        with signed.opened() as library:
            library.checkpoint()
        set_key(signed, keys / "annen", former_key=tmp_path / "tapt")
        signed.clock.forward(days=1)

        with signed.opened() as library:
            made = library.checkpoint()
            clean = library.verify()

        assert made.handed_over is False
        assert clean.is_clean, clean.faults

    def test_a_new_key_that_the_settings_do_not_name_vouches_for_nothing(self, signed, keys):
        """
        Whoever writes on the branch can sign with a key of their own, and name it.
        """
        with signed.opened() as library:
            library.checkpoint()
            first = library._parts.checkpoints.newest()
        anothers = signing.Signer(keys / "annen", signed.path)
        forged = first.content.replace(first.key.encode(), anothers.public.encode())
        _put(signed, {"000001.json": forged, "000001.sig": anothers.sign(forged)})

        with signed.opened() as library:
            found = faults(library)

        assert "checkpoint-signature" in found

    def test_words_that_were_redacted_are_no_rewriting(self, signed):
        """
        A decision took them away, and git knows which commit stands for which.
        """
        with signed.opened() as library:
            change_with_everyone(library, a_routine(extra="Ring Navn Navnesen."))
            digest = next(one.digest for one in library.versions("handhygiene") if str(one.version) == "1.1")
            before = library.checkpoint()
            change_with_everyone(library, a_routine(extra="Ring vakttelefonen."))
            library.redact(digest, reason="Et navn i teksten.", by="redaktor")
            redacted = library._parts.store.rewritten()
            found = faults(library)
            made = library.prove("handhygiene", "fauske", on=DECEMBER)

        assert redacted
        assert before.name == "000001"
        assert "checkpoint-branch" not in found
        assert made.in_force == "1.0"

        # As in a library that was made from a clone, which brings the branches alone.
        for ref in git(signed, "for-each-ref", "--format=%(refname)", "refs/samrutine/rewritten").split():
            git(signed, "update-ref", "-d", ref)
        with signed.opened() as library:
            assert not library._parts.store.rewritten()
            assert "checkpoint-branch" not in faults(library)

    def test_lost_ones_are_put_back_by_repair_or_said_to_be_lost_once(self, signed):
        """
        A hole that nobody can fill must not hide the next fault behind a red line for ever.
        """
        with signed.opened() as library:
            library.checkpoint()
            newest = library.checkpoint().name
        whole = git(signed, "rev-parse", BRANCH).strip()

        git(signed, "update-ref", "-d", BRANCH)
        with signed.opened() as library:
            put_back = library.repair()
        again = git(signed, "rev-parse", BRANCH).strip()
        # As the guide says: from whoever has a copy, and repair does the rest.
        elsewhere = signed.path.parent / "eksemplar.git"
        git(signed, "clone", "--quiet", "--bare", str(signed.path / "library.git"), str(elsewhere))
        git(signed, "update-ref", BRANCH, f"{whole}~1")
        for forgotten in ("reflog expire --expire=now --expire-unreachable=now --all", "gc --quiet --prune=now"):
            git(signed, *forgotten.split())
        git(signed, "fetch", "--quiet", str(elsewhere), "checkpoints")
        with signed.opened() as library:
            from_a_copy = library.repair()
        fetched = git(signed, "rev-parse", BRANCH).strip()
        (signed.path / "library.git" / "FETCH_HEAD").unlink()
        git(signed, "update-ref", BRANCH, f"{whole}~1")
        for forgotten in ("reflog expire --expire=now --expire-unreachable=now --all", "gc --quiet --prune=now"):
            git(signed, *forgotten.split())
        with signed.opened() as library:
            lost = library.repair()
            after = library.verify()
            made = library.checkpoint()

        assert (put_back.is_clean, again) == (True, whole)
        assert (from_a_copy.is_clean, from_a_copy.notes, fetched) == (True, (), whole)
        assert [(one.code, one.detail) for one in lost.notes] == [("checkpoint-lost", whole)]
        assert (lost.is_clean, after.is_clean, after.notes, made.name) == (True, True, (), newest)

    @pytest.mark.parametrize("what", ["head-gone", "head-empty", "packed-refs"])
    def test_a_few_damaged_bytes_beside_them_lose_none(self, signed, what):
        """
        Every signature lies whole in git: whoever wants them forgotten must not get it by changing one byte.
        """
        with signed.opened() as library:
            library.checkpoint()
            library.checkpoint()
        whole = git(signed, "rev-parse", BRANCH).strip()
        _damage(signed, what)

        with signed.opened() as library:
            repaired = library.repair()

        assert git(signed, "rev-parse", BRANCH).strip() == whole
        assert repaired.is_clean, repaired.faults
        assert "checkpoint-lost" not in {one.code for one in repaired.notes}

    def test_none_is_given_up_while_a_damaged_repository_beside_holds_it(self, signed):
        """
        What a repair could not read yesterday lies there still, and may be read today.
        """
        with signed.opened() as library:
            library.checkpoint()
        whole = git(signed, "rev-parse", BRANCH).strip()
        store = signed.path / "library.git"
        shutil.copytree(store, store.with_name("library.git.damaged-1"))
        (store.with_name("library.git.damaged-1") / "HEAD").unlink()
        _forget(signed)

        with signed.opened() as library:
            repaired = library.repair()

        assert (repaired.is_clean, repaired.notes) == (True, ())
        assert git(signed, "rev-parse", BRANCH).strip() == whole

    def test_what_was_given_up_can_be_brought_back_from_a_copy_and_is_missed_again(self, signed):
        """
        As the guide says, also by whoever ran repair first.
        """
        with signed.opened() as library:
            library.checkpoint()
            library.checkpoint()
        whole = git(signed, "rev-parse", BRANCH).strip()
        elsewhere = signed.path.parent / "eksemplar.git"
        git(signed, "clone", "--quiet", "--bare", str(signed.path / "library.git"), str(elsewhere))
        _forget(signed)
        with signed.opened() as library:
            given_up = library.repair()

        git(signed, "fetch", "--quiet", str(elsewhere), "checkpoints:checkpoints")
        with signed.opened() as library:
            back = library.repair()
        git(signed, "update-ref", "-d", BRANCH)
        with signed.opened() as library:
            missed = faults(library)

        assert [one.code for one in given_up.notes] == ["checkpoint-lost"]
        assert (back.is_clean, back.notes) == (True, ())
        assert missed == {"checkpoint-broken"}
        assert git(signed, "cat-file", "-t", whole).strip() == "commit"

    def test_what_others_write_in_is_named_never_built_on_and_set_aside_by_repair(self, signed):
        """
        Whoever can write on the branch can write anything, and one wrong word there must hide nothing else.
        """
        with signed.opened() as library:
            library.checkpoint()
            good = json.loads(library._parts.checkpoints.newest().content)
        unsigned = {**good, "previous": None}
        damaged = {**good, "chain": {**good["chain"], "number": {"a": 1}}}
        _put(
            signed,
            {"000003.json": _json(unsigned), "000003.sig": b"ikke noe", "x.json": b"{}", "000002.json": _json(damaged)},
        )

        with signed.opened() as library:
            found = {(one.code, one.detail) for one in library.verify().faults}
            proof = library.prove("handhygiene", "fauske", on=DECEMBER)
            with pytest.raises(StoreDamaged):
                library.checkpoint()
        _put(signed, {"x.json": None, "000002.json": None})
        with signed.opened() as library:
            with pytest.raises(StoreDamaged):
                library.checkpoint()
            library.repair()
            library._parts.checkpoints._authority = slow = _Asking(library)
            made = library.checkpoint()
            after = library.verify()

        assert {
            ("checkpoint-broken", f"{BRANCH} x"), ("checkpoint-broken", f"{BRANCH} 000002"),
            ("checkpoint-signature", "000003"),
        } <= found  # fmt: skip
        assert proof.checkpointed
        assert json.loads(proof.files["checkpoint.json"]) == good
        assert (made.name, after.faults) == ("000002", ())
        assert slow.others_may_work, "the lock was held while an authority outside was asked"

    def test_after_an_addition_was_redacted_proofs_are_taken_from_the_tip(self, signed, tmp_path):
        """
        The register was written anew, so the newest checkpoint names a commit that nobody has any more.
        """
        with signed.opened() as library:
            made = library.add_addition(
                "handhygiene", "saltdal", "", "practical-note", "Ring Navn Navnesen.", by="beslutter.saltdal"
            )
            library.checkpoint()
            library.drop_addition(made.addition, by="beslutter.saltdal")
            library.redact(made.digest, reason="Et navn.", by="redaktor")
            proof = library.prove("handhygiene", "fauske", on=DECEMBER)
        register = signed.path / "library.git"

        assert (proof.in_force, proof.checkpointed) == ("1.0", False)
        assert check(write(tmp_path / "bevis", proof.files), "--register", register)[0] == 0


SOUND = {
    "form": 1, "at": "2026-11-22T10:00:00.000000+00:00", "chain": {"number": 9, "hash": f"1:{'0' * 64}"},
    "tips": {"main": "0" * 40, "register": "1" * 40, "restricted": None}, "previous": "0" * 64,
    "key": "ssh-ed25519 AAAA", "authority": None,
}  # fmt: skip


@pytest.mark.parametrize(
    "wrong",
    [
        {"chain": {"number": "9", "hash": SOUND["chain"]["hash"]}}, {"chain": {"number": 2**80, "hash": SOUND["chain"]["hash"]}},
        {"chain": {"number": True, "hash": SOUND["chain"]["hash"]}}, {"chain": {"number": 9, "hash": ["a"]}}, {"chain": "a"},
        {"tips": {"main": ["a"]}}, {"tips": {"main": "--all"}}, {"tips": [["main", None]]}, {"at": "2026-11-22T10:00:00"},
        {"at": 9}, {"previous": 9}, {"authority": "../x"}, {"key": "ssh-ed25519 AAAA\n* ssh-ed25519 BBBB"},
    ],
)  # fmt: skip
def test_each_part_of_a_checkpoint_is_read_as_what_it_must_be(wrong):
    """
    What is of another form would be met deep in a database or in git, as a failure that names nothing.
    """
    Kept("000001", _json(SOUND), b"", None)
    for name, said in (("000001", {**SOUND, **wrong}), ("1", SOUND), ("../../x", SOUND)):
        with pytest.raises(StoreDamaged):
            Kept(name, _json(said), b"", None)


def _json(said):
    return json.dumps(said).encode()


class _Asking:
    """A time stamping authority that does not answer, and sees whether others may work while it is asked."""

    chain = b""
    others_may_work = False

    def __init__(self, library):
        self._library = library

    def stamp(self, content):
        with self._library._parts.checkpoints._held(0.2) as held:
            self.others_may_work = held
        raise TimestampUnavailableError("TimeoutError")


def _damage(home, what):
    """Damage one of the small files without which git reads nothing."""
    folder = home.path / "library.git"
    if what == "head-gone":
        (folder / "HEAD").unlink()
    elif what == "head-empty":
        (folder / "HEAD").write_bytes(b"")
    else:
        git(home, "pack-refs", "--all")
        packed = folder / "packed-refs"
        content = bytearray(packed.read_bytes())
        content[content.index(b"refs/heads/checkpoints") - 5] = 0
        packed.write_bytes(content)


def _forget(home):
    """Take the branch away, and have git forget what it held."""
    git(home, "update-ref", "-d", BRANCH)
    for forgotten in ("reflog expire --expire=now --expire-unreachable=now --all", "gc --quiet --prune=now"):
        git(home, *forgotten.split())


def _put(home, changes):
    """Write on the branch of checkpoints as somebody who can write in the home."""
    store = GitStore(home.path / "library.git")
    tip = store.tip(BRANCH)
    store.append(BRANCH, tip, [Commit(changes, "Rettet", home.clock.now)], allowed=frozenset({tip}))


class TestInAProof:
    def test_a_proof_carries_the_checkpoint_and_holds_against_the_key(self, signed, keys, tmp_path):
        """
        A key changes hands once; a commit would have to be asked for each time.
        """
        with signed.opened() as library:
            library.checkpoint()
            made = library.prove("handhygiene", "fauske", on=DECEMBER)
        folder = write(tmp_path / "bevis", made.files)

        code, said = check(folder, "--signers", signers(keys, tmp_path))

        assert made.checkpointed
        assert code == 0, said

    def test_another_key_is_refused(self, signed, keys, tmp_path):
        """
        Anybody can sign; only ours is ours.
        """
        with signed.opened() as library:
            library.checkpoint()
            made = library.prove("handhygiene", "fauske", on=DECEMBER)
        folder = write(tmp_path / "bevis", made.files)

        code, said = check(folder, "--signers", signers(keys, tmp_path, "annen"))

        assert code == 1
        assert "Underskriften holder ikke." in said

    def test_what_others_decided_since_does_not_take_it_away(self, signed):
        """
        A checkpoint a night is enough, as long as nobody decided about this routine here.
        """
        with signed.opened() as library:
            kept = library.checkpoint()
            library.adopt("handhygiene", "meloy", by="beslutter.meloy")
            here = library.prove("handhygiene", "fauske", on=DECEMBER)
            there = library.prove("handhygiene", "meloy", on=DECEMBER)

        assert (here.checkpointed, here.commit) == (True, kept.register)
        assert not there.checkpointed
        assert there.in_force == "1.0"

    def test_a_proof_without_a_checkpoint_is_refused_where_one_is_asked_for(self, folder, keys, tmp_path):
        """
        Asked for the signature, its lack is no yes.
        """
        assert check(folder, "--signers", signers(keys, tmp_path))[0] == 1


class TestTimeStamps:
    def test_an_authority_says_that_it_existed_then(self, signed, keys, authority, tmp_path):
        """
        The key could sign today with yesterday's date; a third party could not.
        """
        set_key(signed, keys / "samrutine", timestamp_url=authority.url, timestamp_ca=authority.ca)
        with signed.opened() as library:
            made = library.checkpoint()
            proof = library.prove("handhygiene", "fauske", on=DECEMBER)
            clean = library.verify()
        folder = write(tmp_path / "bevis", proof.files)
        how = ("--signers", signers(keys, tmp_path))

        assert made.stamped
        assert clean.is_clean, clean.faults
        assert check(folder, *how, "--tsa", authority.ca)[0] == 0
        assert check(folder, *how, "--tsa", authority.another_ca) == (
            1,
            "BEVISET HOLDER IKKE: Tidsstempelet holder ikke.\n",
        )

    @pytest.mark.parametrize("answers", ["nothing", "nonsense", "another's"])
    def test_an_authority_that_does_not_answer_is_no_reason_to_go_without(self, signed, keys, authority, answers):
        """
        The signature stands by itself, and the operator is told.
        """
        ca = authority.another_ca if answers == "another's" else authority.ca
        url = {"nothing": "http://127.0.0.1:9/", "nonsense": f"{authority.url}/tull"}.get(answers, authority.url)
        set_key(signed, keys / "samrutine", timestamp_url=url, timestamp_ca=ca)

        with signed.opened() as library:
            made = library.checkpoint()

        assert made.stamped is False
        assert made.not_stamped
        assert "000001.tsr" not in git(signed, "ls-tree", "--name-only", BRANCH)

    def test_a_stamp_holds_when_the_certificate_that_made_it_has_run_out(
        self, signed, keys, authority, tmp_path, monkeypatch
    ):
        """
        An authority's certificate lasts some years; what was in force is asked for longer. And others are asked since.
        """
        set_key(signed, keys / "samrutine", timestamp_url=authority.url, timestamp_ca=authority.ca)
        with signed.opened() as library:
            library.checkpoint()
            proof = library.prove("handhygiene", "fauske", on=DECEMBER)
        folder = write(tmp_path / "bevis", proof.files)
        monkeypatch.setenv("PATH", f"{_openssl_of_a_later_day(tmp_path / 'senere')}:{os.environ['PATH']}")
        set_key(signed, keys / "samrutine", timestamp_url=authority.url, timestamp_ca=authority.another_ca)

        with signed.opened() as library:
            clean = library.verify()
        code, said = check(folder, "--signers", signers(keys, tmp_path), "--tsa", authority.ca)

        assert clean.is_clean, clean.faults
        assert code == 0, said
        assert re.search(r"--tsa \S+ \(\w+ +\d+ [\d:]+ \d{4} UTC\)", said)

    def test_a_stamp_of_something_else_is_named_by_verify(self, signed, keys, authority):
        """
        It lies beside the checkpoint and is held against it.
        """
        set_key(signed, keys / "samrutine", timestamp_url=authority.url, timestamp_ca=authority.ca)
        with signed.opened() as library:
            library.checkpoint()
            signed.clock.forward(days=1)
            library.checkpoint()
            first = library._parts.checkpoints.all()[0][0]
        _put(signed, {"000002.tsr": first.timestamp})

        with signed.opened() as library:
            found = faults(library)

        assert "checkpoint-time" in found

    def test_an_address_that_is_none_is_refused(self, signed, keys):
        """
        A file on the server is no authority.
        """
        set_key(signed, keys / "samrutine", timestamp_url="file:///etc/passwd", timestamp_ca="x")

        with signed.opened() as library, pytest.raises(InvalidRequest):
            library.checkpoint()


LATER = """#!/bin/sh
case "$*" in
    *-attime*) exec {openssl} "$@" ;;
    *-verify*) exec {openssl} "$@" -attime {then} ;;
    *) exec {openssl} "$@" ;;
esac
"""


def _openssl_of_a_later_day(folder):
    """Put an openssl in a folder for which it is sixty days later, when the certificates here have run out."""
    folder.mkdir()
    program = folder / "openssl"
    program.write_text(LATER.format(openssl=shutil.which("openssl"), then=int(time.time()) + 60 * 86400))
    program.chmod(0o755)
    return folder


TSA_SETTINGS = """
[tsa]
default_tsa = tsa1
[tsa1]
serial = {folder}/serial
signer_cert = {folder}/tsa.pem
certs = {folder}/ca.pem
signer_key = {folder}/tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
ess_cert_id_alg = sha256
"""


class Authority:
    """A time stamping authority with a certificate of its own, behind a small server on this machine."""

    def __init__(self, folder):
        self.folder = folder
        self.ca, self.another_ca = (self._made_ca(name) for name in ("ca", "another"))
        _openssl("req", "-newkey", "rsa:2048", "-nodes", "-keyout", folder / "tsa.key", "-out", folder / "tsa.csr",
                 "-subj", "/CN=Tidsstempel Provevik")  # fmt: skip
        (folder / "extensions").write_text("extendedKeyUsage = critical,timeStamping\nkeyUsage = digitalSignature\n")
        _openssl("x509", "-req", "-in", folder / "tsa.csr", "-CA", self.ca, "-CAkey", folder / "ca.key", "-set_serial", "2",
                 "-days", "30", "-extfile", folder / "extensions", "-out", folder / "tsa.pem")  # fmt: skip
        (folder / "serial").write_text("01\n")
        (folder / "tsa.cnf").write_text(TSA_SETTINGS.format(folder=folder))
        self.server = HTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def _made_ca(self, name):
        path = self.folder / f"{name}.pem"
        _openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", self.folder / f"{name}.key", "-out", path,
                 "-days", "30", "-subj", f"/CN=Utsteder {name}")  # fmt: skip
        return path

    def _handler(self):
        folder = self.folder

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                query = self.rfile.read(int(self.headers["Content-Length"]))
                (folder / "query").write_bytes(query)
                _openssl(
                    "ts",
                    "-reply",
                    "-config",
                    folder / "tsa.cnf",
                    "-queryfile",
                    folder / "query",
                    "-out",
                    folder / "reply",
                )
                answer = b"tull" if self.path == "/tull" else (folder / "reply").read_bytes()
                self.send_response(200)
                self.send_header("Content-Type", "application/timestamp-reply")
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_):
                """Say nothing."""

        return Handler


def _openssl(*arguments):
    subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True, env={"PATH": os.environ["PATH"]})


@pytest.fixture(scope="session")
def authority(tmp_path_factory):
    """A time stamping authority."""
    made = Authority(tmp_path_factory.mktemp("tsa"))
    yield made
    made.server.shutdown()
    made.server.server_close()
