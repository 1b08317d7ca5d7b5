"""Whatever is changed behind the decisions' back is found, and named by its code."""
# ruff: noqa: S608  the statements are our own, and made to do damage

import contextlib
import json
import os
import shutil
import sqlite3
import subprocess
import tomllib
from importlib import resources

import pytest
from sqlalchemy import text

from samrutine.cli.fault_words import in_words
from samrutine.messages import LANGUAGES
from samrutine.procedures.text import digest as digest_of
from samrutine.projections.faults import KINDS, Fault
from samrutine.projections.verify import REPEATED
from samrutine.publishing.model import MANIFEST_NAME
from samrutine.storage.git import MAIN, Commit, GitStore
from samrutine.storage.rows import VersionRow
from tests.support.clock import NOW, Clock
from tests.support.git import a_stray_commit, git
from tests.support.homes import Home
from tests.support.stories import approve_with_everyone, change_with_everyone
from tests.support.texts import a_routine

ADOPTED = "(SELECT number FROM decision WHERE kind = 'adopted')"
LAST = "(SELECT max(number) FROM decision)"


@pytest.fixture(scope="module")
def lived_in(tmp_path_factory, sqlite_templates):
    """A home where something of everything was decided."""
    home = sqlite_templates.copied_to(tmp_path_factory.mktemp("verify") / "home", "routine")
    with home.opened() as library:
        approve_with_everyone(library, a_routine("vakt", title="Vakt", required=["vakttelefon"]))
        library.set_local_information("vakt", "Fauske", {"vakttelefon": "75 00 00 00"}, by="ansvarlig.fauske")
        library.adopt("handhygiene", "Fauske", by="beslutter.fauske", reason="Vi trenger den.")
        change_with_everyone(library, a_routine(extra="Nytt."))
        library.review("vakt", version="1.0", by="leder")
        library.set_owner("vakt", "medlem.beiarn", by="leder")
        library.decline("handhygiene", "Beiarn", reason="Vi har en annen.", by="beslutter.beiarn")
        assert library.verify().is_clean
    return home


@pytest.fixture
def damaged(lived_in, tmp_path):
    """Give a way to damage a copy of the home, and what `verify` says then."""

    def codes(damage):
        copy = tmp_path / "home"
        shutil.copytree(lived_in.path, copy)
        home = Home(copy, Clock(NOW))
        statements = [damage] if isinstance(damage, str) else damage if isinstance(damage, list) else []
        if statements:
            # Past our own program, as whoever has the file can; so no rule of ours and no foreign key is in the way.
            with contextlib.closing(sqlite3.connect(home.path / "samrutine.db")) as connection:
                for statement in statements:
                    assert connection.execute(statement).rowcount > 0, statement
                connection.commit()
        else:
            damage(home)
        with home.opened() as library:
            before = _fingerprint(home)
            verified = library.verify()
            assert _fingerprint(home) == before, "verify changed something"
            assert all(fault.text(language).strip() for fault in verified.faults for language in LANGUAGES)
            assert verified.is_clean or not {fault.code for fault in verified.notes} & {
                one.code for one in verified.faults
            }
            return {fault.code for fault in (*verified.faults, *verified.notes)}

    return codes


def _fingerprint(home):
    refs = git(home, "for-each-ref") if (home.path / "library.git").exists() else None
    return (refs, (home.path / "samrutine.db").read_bytes())


def _stray_in_restricted(home):
    restricted = GitStore(home.path / "restricted.git")
    restricted.append(MAIN, None, [Commit({"fremmed.md": b"Fremmed.\n"}, "Fremmed", NOW)], allowed=frozenset({None}))
    return restricted.tip(MAIN)


def _stray_in_restricted_that_was_noted(home):
    tip = _stray_in_restricted(home)
    with home.opened() as library, library._parts.database.writing() as session:
        statement = text("UPDATE outbox_position SET mark = :tip WHERE consumer = 'restricted'")
        session.connection().execute(statement, {"tip": tip})


def _without_index(home):
    shutil.rmtree(home.path / "index")


def _stray(branch):
    def put(home):
        a_stray_commit(home, branch)

    return put


def _stray_that_was_noted(branch):
    """Somebody who changes the branch may change our note of it too; the tree still tells."""

    def put(home):
        tip = a_stray_commit(home, branch)
        with home.opened() as library, library._parts.database.writing() as session:
            statement = text("UPDATE outbox_position SET mark = :tip WHERE consumer = :name")
            session.connection().execute(statement, {"tip": tip, "name": branch})

    return put


def _older_index(home):
    with home.opened() as library:
        library._parts.engine.rebuild([], 3)


def _emptied_index(home):
    with home.opened() as library:
        engine = library._parts.engine
        engine.replace_many({"handhygiene": []}, engine.position)


def _cut_pack(home):
    pack = max((home.path / "library.git" / "objects" / "pack").glob("*.pack"), key=lambda path: path.stat().st_size)
    pack.chmod(0o644)
    pack.write_bytes(pack.read_bytes()[:60])


def _flipped_bit(home):
    pack = max((home.path / "library.git" / "objects" / "pack").glob("*.pack"), key=lambda path: path.stat().st_size)
    pack.chmod(0o644)
    content = bytearray(pack.read_bytes())
    content[len(content) // 2] ^= 1
    pack.write_bytes(content)


def _no_git(home):
    shutil.rmtree(home.path / "library.git")


def _git_case(*arguments, store="library.git", given=None):
    def put(home):
        subprocess.run(
            ["git", "--git-dir", str(home.path / store), *arguments], check=True, capture_output=True, input=given
        )

    return put


def _litter(home):
    lock = home.path / "library.git" / "refs" / "heads" / "main.lock"
    lock.write_bytes(b"")
    os.utime(lock, (0, 0))


def _forged_author(branch):
    """The same files, the same message, the same time, another name; and our note of it changed too."""

    def put(home):
        tip = git(home, "rev-parse", f"refs/heads/{branch}")
        raw = git(home, "cat-file", "commit", tip).replace("author samrutine <samrutine@", "author Ola <ola@", 1)
        forged = git(home, "hash-object", "-t", "commit", "-w", "--stdin", given=(raw + "\n").encode())
        git(home, "update-ref", f"refs/heads/{branch}", forged)
        _note(home, branch, forged)

    return put


def _forged_restricted(home):
    with home.opened() as library:
        approve_with_everyone(library, a_routine("nokkelskap", title="Nøkkelskap", access="exempt"))
    store = GitStore(home.path / "restricted.git")
    tip = store.tip(MAIN)
    store.append(MAIN, tip, [Commit({}, "Tomt", NOW)], allowed=frozenset({tip}))
    _note(home, "restricted", store.tip(MAIN))


def _note(home, consumer, tip):
    with home.opened() as library, library._parts.database.writing() as session:
        statement = text("UPDATE outbox_position SET mark = :tip WHERE consumer = :name")
        session.connection().execute(statement, {"tip": tip, "name": consumer})


def _moved_back(home):
    """Somebody forced the branch to another commit and back: the log knows."""
    tip = git(home, "rev-parse", "refs/heads/register")
    a_stray_commit(home, "register")
    git(home, "update-ref", "--create-reflog", "refs/heads/register", tip)


def _exempt_words_in_the_shared_store(home):
    with home.opened() as library:
        approve_with_everyone(library, a_routine("nokkelskap", title="Nøkkelskap", access="exempt"))
        with library._parts.database.reading() as session:
            words = session.connection().execute(text("SELECT content FROM words WHERE store = 'restricted'")).scalar()
    git(home, "hash-object", "-w", "--stdin", given=bytes(words))


def _open_words_in_the_restricted_store(home):
    words = git(home, "show", "main:procedures/smittevern/vakt.md") + "\n"
    _git_case("hash-object", "-w", "--stdin", store="restricted.git", given=words.encode())(home)


def _version_nobody_agreed_to(home):
    """Written with the program's own parts, by somebody who skipped the verb: a text with foreign line ends."""
    words = a_routine(extra="Aller nyest.").replace(b"\n", b"\r\n") if isinstance(a_routine(), bytes) else b""
    with (
        home.opened() as library,
        library._parts.decisions.act("d-snarvei", "approve", {}, by=library._actor("leder"), now=NOW) as act,
    ):
        digest = digest_of(words)
        act.keep_words(digest, words)
        row = act.session.get(VersionRow, ("handhygiene", 1, 1))
        facts = {
            "procedure": "handhygiene", "version": "1.2", "digest": digest, "text_form": 1, "folder": "smittevern",
            "previous_folder": "smittevern", "access": "open", "previous_access": "open", "significance": "minor",
            "proposal": row.proposal_id, "approvals": [],
        }  # fmt: skip
        made = act.record(
            "version_approved", body="network:smittevern", role="member", subject="handhygiene", facts=facts,
            touches=("procedure:handhygiene",),
        )  # fmt: skip
        act.session.add(VersionRow(**{**row.model_dump(), "minor": 2, "digest": digest, "decided_number": made.number}))


def _crowded(home):
    """A thousand files of settings in one folder: git writes them all anew for each."""
    with (
        home.opened() as library,
        library._parts.decisions.act("d-trangt", "settle", {}, by=library._actor("redaktor"), now=NOW) as act,
    ):
        act.keep_words(digest_of(b"x\n"), b"x\n")
        files = {f"templates/m{n}.md": digest_of(b"x\n") for n in range(1001)}
        act.record("library_settled", body="library", role="editor", facts={"files": files}, touches=("library",))


def _redacted_words_put_back(home):
    old = git(home, "show", "main~1:procedures/smittevern/handhygiene.md") + "\n"
    with home.opened() as library:
        library.adopt("handhygiene", "Fauske", by="beslutter.fauske")
        library.redact(digest_of(old.encode()), reason="Et tall som ikke skulle stå der.", by="redaktor")
    git(home, "hash-object", "-w", "--stdin", given=old.encode())
    return old.encode()


def _redacted_words_that_stand(home):
    old = _redacted_words_put_back(home)
    with contextlib.closing(sqlite3.connect(home.path / "samrutine.db")) as connection:
        connection.execute("UPDATE words SET content = ? WHERE redacted_number IS NOT NULL", [old])
        connection.commit()


def _published(damage, connector="folder", name="."):
    """Publish to a folder, and damage what lies there or what is kept of it."""

    def put(home):
        place = home.path.parent / "publisert"
        place.mkdir()
        with home.opened() as library:
            library._parts.renderers = {**library._parts.renderers, "pdf": lambda _: b"%PDF-1.7\n"}
            library.set_target("Fauske", "Intranett", connector, place / name, by="ansvarlig.fauske")
            library.publish("Fauske", by="ansvarlig.fauske").require_all()
            assert library.verify().faults == ()
        if callable(damage):
            damage(place)
        else:
            with contextlib.closing(sqlite3.connect(home.path / "samrutine.db")) as connection:
                assert connection.execute(damage).rowcount > 0
                connection.commit()

    return put


def _forged_manifest(place):
    manifest = place / MANIFEST_NAME
    value = json.loads(manifest.read_bytes())
    value["target"] = "t-000000000000"
    manifest.write_bytes(json.dumps(value).encode())


def _cut_package(place):
    """A ZIP file of which the share lost the end, where its own list of contents is."""
    package = place / "fauske.zip"
    package.write_bytes(package.read_bytes()[:-100])


def _dropped(what):
    """Take away a table or an index, as whoever has the file can."""

    def drop(home):
        with contextlib.closing(sqlite3.connect(home.path / "samrutine.db")) as connection:
            connection.execute(f"DROP {what}")

    return drop


def _torn_page(home):
    """One page of the file is overwritten, where an index that few ask begins."""
    path = home.path / "samrutine.db"
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        size = connection.execute("PRAGMA page_size").fetchone()[0]
        found = "SELECT rootpage FROM sqlite_master WHERE name = 'review_procedure'"
        root = connection.execute(found).fetchone()[0]
    with path.open("r+b") as file:
        file.seek((root - 1) * size)
        file.write(b"\xff" * size)


def _unfinished(home):
    """A publishing that was killed after its files were written, before its receipt."""
    place = home.path.parent / "publisert"
    _published(lambda _: None)(home)
    with contextlib.closing(sqlite3.connect(home.path / "samrutine.db")) as connection:
        before = connection.execute("SELECT manifest FROM publication_target").fetchone()[0]
        rows = connection.execute("SELECT * FROM publication").fetchall()
    with home.opened() as library:
        library._parts.renderers = {**library._parts.renderers, "pdf": lambda _: b"%PDF-1.7\n"}
        library.set_local_information("vakt", "Fauske", {"vakttelefon": "75 00 00 01"}, by="ansvarlig.fauske")
        library.adopt("vakt", "Fauske", by="beslutter.fauske", reason="Vi trenger den.")
        library.publish("Fauske", by="ansvarlig.fauske").require_all()
    assert place.is_dir()
    with contextlib.closing(sqlite3.connect(home.path / "samrutine.db")) as connection:
        connection.execute("UPDATE publication_target SET manifest = ?", (before,))
        connection.execute("DELETE FROM publication")
        marks = ",".join("?" * len(rows[0]))
        connection.executemany(f"INSERT INTO publication VALUES ({marks})", rows)
        connection.commit()


ELSEWHERE = {
    "words-lost",
    "writing-not-erased",
    "checkpoint-lost",
    "git-not-saved",
    "backup-bundle",
    *("manifest-missing", "target-elsewhere", "copy-stray", "register-ahead"),
    *("checkpoint-broken", "checkpoint-signature", "checkpoint-time", "checkpoint-chain", "checkpoint-branch"),
}
"""Provoked beside what they are about: test_planted_damage.py, test_older_database.py, tests/recovery/test_backup_publishing.py, test_backup_of_damaged_git.py, tests/procedures/test_redaction.py, tests/proving/test_checkpoints.py,
tests/recovery/test_from_register.py, tests/networks/test_writing_erasure.py."""

CASES = {
    "request": ["UPDATE decision SET request = 'annet' WHERE number = 7"],
    "database-pages": _torn_page,
    "table-missing": _dropped("TABLE made_known"),
    "sql-index-missing": _dropped("INDEX decision_subject"),
    "text-stray": [
        ("INSERT INTO decision_text (number, name, text, salt) SELECT 99999, name, text, salt FROM decision_text LIMIT 1")
    ],
    "text-gone": ["UPDATE decision_text SET text = NULL WHERE name = 'reason'"],
    "words-place": ["UPDATE words SET store = 'restricted' WHERE digest = (SELECT digest FROM procedure LIMIT 1)"],
    "words-gone": ["DELETE FROM words WHERE digest = (SELECT digest FROM procedure WHERE id = 'vakt')"],
    "not-agreed": _version_nobody_agreed_to,
    "words-form": _version_nobody_agreed_to,
    "attachment": [
        ("INSERT INTO attachment (procedure_id, major, minor, name, media_type, digest) SELECT procedure_id, major, minor,"
        " 'skjema.pdf', 'application/pdf', digest FROM version LIMIT 1")
    ],
    "actor": ["INSERT INTO actor (id, kind, created_number) VALUES ('a-fremmed', 'link', 7)"],
    "person": ["UPDATE person SET name = NULL, login = NULL WHERE login = 'skribent'"],
    "name-in-chain": ["UPDATE person SET name = 'Kommunalsjef Omsorg' WHERE login = 'skribent'"],
    "library": ["UPDATE library SET demo = 1 - demo"],
    "settled": ["UPDATE network SET policy = replace(policy, '\"approvals\": 4', '\"approvals\": 1')"],
    "waiting": ["UPDATE waiting SET closed_number = 99999"],
    "notification": ["UPDATE notification SET number = 99999"],
    "hearing": [
        ("INSERT INTO hearing (id, proposal_id, round, digest, text, opened_on, deadline, opened_number) SELECT 'h-x', id, 1,"
        " digest, text, '2026-11-02', '2026-12-02', opened_number FROM proposal LIMIT 1")
    ],
    "outbox": ["UPDATE outbox SET subjects = '[]' WHERE number = 7"],
    "position": ["UPDATE outbox_position SET consumer = 'ukjent' WHERE consumer = 'main'"],
    "main-history": _forged_author("main"),
    "register-history": _forged_author("register"),
    "restricted-history": _forged_restricted,
    "branch-moved-back": _moved_back,
    "folder-full": _crowded,
    "exempt-in-library": _exempt_words_in_the_shared_store,
    "redacted-in-git": _redacted_words_put_back,
    "words-not-redacted": _redacted_words_that_stand,
    "open-in-restricted": _open_words_in_the_restricted_store,
    "git-settings": _git_case("config", "core.fsync", "none"),
    "git-refs": _git_case("update-ref", "refs/heads/annen", "refs/heads/main"),
    "git-litter": _litter,
    "target": _published("UPDATE publication_target SET location = '/tmp'"),
    "publication": _published("UPDATE publication SET version = '7.0'"),
    "effective-document": _published("UPDATE effective_document SET version = '7.0'"),
    "copy-changed": _published(lambda place: next(place.glob("*.md")).write_text("Noe annet.", encoding="utf-8")),
    "copy-missing": _published(lambda place: next(place.glob("*.md")).unlink()),
    "manifest-forged": _published(_forged_manifest),
    "package-damaged": _published(_cut_package, "package", "fauske.zip"),
    "target-unreachable": _published(shutil.rmtree),
    "target-unfinished": _unfinished,
    "chain-number": [f"DELETE FROM decision WHERE number = {LAST} - 1"],
    "chain-hash": [f"UPDATE decision SET record = replace(record, '1841', '1839') WHERE number = {ADOPTED}"],
    "chain-link": [f"UPDATE decision SET hash = '1:0' WHERE number = {LAST} - 1"],
    "chain-columns": [f"UPDATE decision SET body = 'municipality:1839' WHERE number = {ADOPTED}"],
    "chain-head": ["UPDATE chain_head SET number = number - 1"],
    "chain-unreadable": [f"UPDATE decision SET record = '{{' WHERE number = {ADOPTED}"],
    "chain-time": [f"UPDATE decision SET decided_at = '2020-01-01 09:00:00.000000' WHERE number = {LAST}"],
    "outbox-missing": ["DELETE FROM outbox WHERE number = 7"],
    "text-changed": ["UPDATE decision_text SET text = 'En annen grunn.' WHERE name = 'reason'"],
    "words-changed": ["UPDATE words SET content = x'00' WHERE digest = (SELECT digest FROM procedure LIMIT 1)"],
    "versions": ["UPDATE version SET minor = 7 WHERE minor = 1"],
    "procedure-head": ["UPDATE procedure SET minor = 0 WHERE id = 'handhygiene'"],
    "in-force-overlap": [
        ("INSERT INTO in_force (municipality, procedure_id, from_on, major, minor, digest, position, adopted_number,"
        " decided_number) SELECT municipality, procedure_id, '2026-12-01', 1, 1, digest, position, adopted_number,"
        " decided_number FROM in_force")
    ],
    "in-force-undecided": ["UPDATE in_force SET from_on = '2026-11-20'"],
    "in-force-missing": ["DELETE FROM in_force"],
    "answer": ["UPDATE adoption SET state = 'declined' WHERE municipality = '1841' AND procedure_id = 'handhygiene'"],
    "role": [
        ("INSERT INTO role_grant (id, actor_id, body, role, from_on, decided_number) SELECT 'r-x', actor_id, 'library',"
        " 'editor', '2026-11-02', decided_number FROM role_grant WHERE body = 'municipality:1841' LIMIT 1")
    ],
    "delegation": ["UPDATE delegation SET level = 'political' WHERE municipality = '1839'"],
    "approval": ["UPDATE approval SET municipality = '1836' WHERE role = 'leader'"],
    "standing": [
        ("INSERT INTO standing_decision (id, municipality, level, position, from_on, until_on, decided_number)"
        " VALUES ('s-x', '1841', 'head-of-service', 'kommunalsjef', '2026-11-02', '2027-11-02', 1)")
    ],
    "made-known": [
        ("INSERT INTO made_known (decided_number, municipality, procedure_id, major, minor, told_on, how, actor_id)"
        " VALUES (1, '1841', 'handhygiene', 1, 0, '2026-11-02', 'meeting', 'a-x')")
    ],
    "addition": [
        ("INSERT INTO addition (id, municipality, procedure_id, section_key, kind, digest, decided_number, departs)"
        " VALUES ('t-x.1', '1841', 'handhygiene', 'ansvar', 'practical-note', '1:0', 1, 0)")
    ],
    "inventory": [
        ("INSERT INTO inventory (municipality, procedure_id, answer, decided_number)"
        " VALUES ('1841', 'handhygiene', 'lacks', 1)")
    ],
    "version": ["UPDATE version SET hurried = 1 WHERE minor = 1"],
    "withdrawn": ["UPDATE procedure SET replaced_by = 'vaktskifte' WHERE id = 'handhygiene'"],
    "review": ["UPDATE review SET outcome = 'to-change'"],
    "owner": ["UPDATE procedure SET owner_actor = deputy_actor WHERE owner_actor IS NOT NULL"],
    "proposal": ["UPDATE proposal SET state = 'approval' WHERE procedure_id = 'vakt'"],
    "procedure": ["UPDATE procedure SET decision_level = 'unit-leader' WHERE id = 'handhygiene'"],
    "section": ["UPDATE section SET earlier_key = 'avvik' WHERE minor = 1 AND key = 'ansvar'"],
    "origin": [
        ("INSERT INTO proposal_origin (proposal_id, kind, reference, decided_number) SELECT id, 'wish', 'o-1', opened_number"
        " FROM proposal LIMIT 1")
    ],
    "local-information": ["UPDATE local_value SET municipality = '1839'"],
    "settings": ["UPDATE library_file SET settled_number = 1"],
    "total": ["UPDATE counter SET value = value + 1 WHERE name = 'adoptions'"],
    "retention": ["DELETE FROM table_retention"],
    "behind": ["UPDATE outbox_position SET position = position - 1 WHERE consumer = 'main'"],
    "ahead": ["UPDATE outbox_position SET position = position + 1 WHERE consumer = 'main'"],
    "unreadable": _no_git,
    "main-tip": _stray("main"),
    "main-tree": _stray_that_was_noted("main"),
    "register-tip": _stray("register"),
    "register-tree": _stray_that_was_noted("register"),
    "restricted-tip": _stray_in_restricted,
    "restricted-tree": _stray_in_restricted_that_was_noted,
    "access": ["UPDATE version SET access = 'internal' WHERE procedure_id = 'handhygiene' AND minor = 0"],
    "index-unusable": _without_index,
    "index-position": _older_index,
    "index-contents": _emptied_index,
    "git-objects": _cut_pack,
}  # fmt: skip


def test_every_fault_has_a_case():
    """
    A fault that nobody ever provoked is a promise that nobody ever kept.
    """
    catalogue = resources.files("samrutine.messages").joinpath("nb", "faults.toml").read_text(encoding="utf-8")

    assert set(CASES) | ELSEWHERE == set(tomllib.loads(catalogue))
    assert set(CASES) | ELSEWHERE == set(KINDS)
    assert set(CASES) >= REPEATED


@pytest.mark.parametrize("code", CASES)
def test_finds(damaged, code):
    """
    What was decided is what is shown; anything else is found, by a name that says what to do.
    """
    assert code in damaged(CASES[code])


@pytest.mark.parametrize(
    ("damage", "code"),
    [
        *(
            (f"UPDATE decision SET {column} = {value} WHERE number = {ADOPTED}", "chain-columns")
            for column, value in (
                ("id", "'d-annen'"),
                ("act_id", "'d-annen'"),
                ("kind", "'declined'"),
                ("kind", "'noe-annet'"),
                ("subject", "'annen'"),
                ("actor_id", "'a-annen'"),
                ("role", "'editor'"),
                ("decided_at", "'2026-11-01 09:00:00.000000'"),
                ("register_folder", "'municipality/1839/2026-11'"),
            )
        ),
        (f"UPDATE decision SET record = 'ikke JSON' WHERE number = {ADOPTED}", "chain-unreadable"),
        (f"UPDATE decision SET record = '{{}}' WHERE number = {ADOPTED}", "chain-unreadable"),
        ("DELETE FROM decision_text", "text-changed"),
        ("UPDATE decision_text SET salt = '00'", "text-changed"),
        ("UPDATE decision_text SET name = 'annet'", "text-changed"),
        ("UPDATE in_force SET until_on = '2026-12-24'", "in-force-undecided"),
        ("UPDATE in_force SET position = 'rådmann'", "in-force-undecided"),
        ("UPDATE in_force SET minor = 1", "in-force-undecided"),
        ("UPDATE in_force SET superseded_number = decided_number", "in-force-missing"),
        ("UPDATE adoption SET own_link = 'https://annet.example'", "answer"),
        ("DELETE FROM adoption WHERE municipality = '1836'", "answer"),
        ("DELETE FROM approval", "approval"),
        ("UPDATE proposal SET network = 'omsorg'", "proposal"),
        ("UPDATE proposal SET digest = (SELECT digest FROM library_file LIMIT 1)", "proposal"),
        ("UPDATE proposal SET text = x'00'", "proposal"),
        ("UPDATE proposal SET text = x''", "proposal"),
        ("UPDATE proposal SET access = 'internal'", "proposal"),
        ("UPDATE proposal SET author_actor = 'system'", "proposal"),
        ("DELETE FROM proposal WHERE procedure_id = 'vakt'", "proposal"),
        ("UPDATE procedure SET title = 'Noe annet' WHERE id = 'vakt'", "procedure"),
        ("UPDATE procedure SET co_networks = 'omsorg' WHERE id = 'vakt'", "procedure"),
        ("UPDATE section SET text_digest = '1:0' WHERE key = 'ansvar'", "section"),
        ("DELETE FROM section WHERE key = 'ansvar' AND minor = 1", "section"),
        ("UPDATE section SET minor = 7 WHERE minor = 1", "section"),
        ("DELETE FROM role_grant WHERE role = 'leader'", "role"),
        ("UPDATE role_grant SET until_on = '2026-11-03' WHERE role = 'leader'", "role"),
        ("UPDATE role_grant SET from_on = '2020-01-01' WHERE role = 'decider'", "role"),
        ("DELETE FROM delegation WHERE municipality = '1836'", "delegation"),
        ("DELETE FROM local_value", "local-information"),
        ("UPDATE local_value SET set_at = (SELECT decided_at FROM decision WHERE number = 1)", "local-information"),
        ("UPDATE municipality SET name = 'Prøvevik' WHERE number = '1836'", "settled"),
        ("UPDATE library_file SET settled_number = 1", "settings"),
        ("UPDATE version SET digest = (SELECT digest FROM library_file LIMIT 1)", "versions"),
        ("DELETE FROM version WHERE minor = 1", "versions"),
        ("UPDATE procedure SET digest = '1:0'", "procedure-head"),
        (_flipped_bit, "git-objects"),
    ],
)
def test_finds_too(damaged, damage, code):
    """
    Every column that is believed has been tried, not one of each table.
    """
    assert code in damaged(damage)


def test_repair_heals_what_is_wrong_in_git(lived_in, tmp_path):
    """
    Whoever had the keys to the machine may have done all of it at once; afterwards everything stands as decided.
    """
    home = Home(tmp_path / "home", Clock(NOW))
    shutil.copytree(lived_in.path, home.path)
    wrong = ("git-settings", "git-refs", "branch-moved-back", "main-history", "restricted-history", "git-litter")
    for code in wrong:
        CASES[code](home)

    with home.opened() as library:
        found = {fault.code for fault in library.verify().faults}
        healed = library.repair()

        assert found == set(wrong)
        assert healed.faults == ()
        assert library.adopt("handhygiene", "Beiarn", by="beslutter.beiarn").projected


def test_a_chain_without_its_last_decision_is_found(damaged):
    """
    Whoever removes the newest decision and puts the head back leaves a chain that holds; git still remembers.
    """
    cut = [
        "DELETE FROM decision_text WHERE number = (SELECT max(number) FROM decision)",
        "DELETE FROM outbox WHERE number = (SELECT max(number) FROM decision)",
        "DELETE FROM decision WHERE number = (SELECT max(number) FROM decision)",
        "UPDATE chain_head SET number = number - 1, hash = (SELECT hash FROM decision ORDER BY number DESC LIMIT 1)",
        "UPDATE counter SET value = value - 1 WHERE name IN ('decisions', 'adoptions')",
        "UPDATE adoption SET state = 'to-consider' WHERE municipality = '1839' AND procedure_id = 'handhygiene'",
        "UPDATE outbox_position SET position = position - 1",
    ]

    codes = damaged(cut)

    assert "register-ahead" in codes
    assert "chain-head" not in codes


def test_a_broken_chain_hides_what_cannot_be_judged_without_it(damaged):
    """
    Whoever opens the report must see the chain first, not a hundred things that follow from it.
    """
    assert damaged(CASES["chain-hash"]) == {"chain-hash"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_fault_says_what_to_do(language):
    """
    A report at three in the morning must end in a command or a backup, and not in an error of its own.
    """
    for code in KINDS:
        fault = Fault(code, "D-E-T-A-L-J")

        assert fault.fact(language).count("D-E-T-A-L-J") == 1, code
        assert fault.remedy(language), code
        # Nobody fetches a backup for what a command mends in a second.
        assert not KINDS[code].healed or "`samrutine repair`" in fault.remedy(language), code
        assert in_words(fault, {}, language) == fault.fact(language), code


def test_is_clean_on_both_databases(any_library_with_routine):
    """
    A check that cries wolf is turned off.
    """
    any_library_with_routine.adopt("handhygiene", "Fauske", by="beslutter.fauske", reason="Ja.")

    verified = any_library_with_routine.verify()

    assert (verified.faults, verified.is_clean, verified.versions) == ((), True, 1)
    assert verified.chain_head.startswith("1:")
