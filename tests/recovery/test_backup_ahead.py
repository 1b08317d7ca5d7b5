"""What a register has beyond a backup, what must be erased again, and which restore a half-made home belongs to."""

import shutil
from collections import defaultdict
from dataclasses import replace
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from sqlmodel import select

from samrutine.errors import NotThisRegister
from samrutine.recovery import under_way
from samrutine.recovery.ahead import beyond
from samrutine.recovery.erasures import LaterErasure, later_erasures, not_done_here
from samrutine.recovery.manifest import write_backup_manifest
from samrutine.recovery.outside import is_reached, opens
from samrutine.recovery.sets import chosen_set
from samrutine.storage.rows import ActorRow, PersonRow
from samrutine.storage.sql import Database
from samrutine.storage.words import ERASING

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
SET = SimpleNamespace(number=3, hash="c")
ASKED = under_way.Asked("m", "d", "/register", from_register=True)


def links(hashes):
    """A register whose decisions have these hashes."""
    return [SimpleNamespace(number=number, hash=one) for number, one in enumerate(hashes, 1)]


class TestBeyond:
    @pytest.mark.parametrize(("hashes", "more"), [("abcde", "de"), ("abc", ""), ("ab", ""), ("", "")])
    def test_a_register_of_ours_has_more_or_nothing_more(self, hashes, more):
        """
        One that is older than the backup lacks nothing that the backup has not.
        """
        found = beyond(links(hashes), SET, {1: "a", 2: "b"}.get)

        assert [one.hash for one in found] == list(more)

    @pytest.mark.parametrize("hashes", ["xyz", "abx", "abxde", "ax", "x"])
    def test_one_that_went_another_way_is_refused(self, hashes):
        """
        Also when it is the shorter one: else it would pass for an old copy of ours.
        """
        with pytest.raises(NotThisRegister):
            beyond(links(hashes), SET, {1: "a", 2: "b"}.get)


class TestUnderWay:
    def test_a_home_knows_its_own_earlier_try_by_all_that_was_asked(self, tmp_path):
        """
        The rows in the database are the answer to one question; another question must not go on with them.
        """
        token = under_way.begin(tmp_path, ASKED)

        assert under_way.begin(tmp_path, ASKED) == token
        for other in (("x", "d", "/register", True), ("m", None, "/register", True), ("m", "d", None, True)):
            assert under_way.token_of(tmp_path, under_way.Asked(*other)) is None
        assert under_way.token_of(tmp_path, under_way.Asked("m", "d", "/register", from_register=False)) is None

    def test_a_database_knows_whose_it_is_and_answers_once(self):
        """
        What is done a second time finds nothing to do, and would say so.
        """
        database = Database("sqlite://")
        assert not under_way.is_ours(database, "t")
        with database.engine.begin() as connection:
            under_way.begin_on(connection, "t")

        told = [under_way.once(database, "links", lambda _, count=count: count) for count in (2, 0)]

        assert told == [2, 2]
        assert [under_way.is_ours(database, one) for one in ("t", "u", None)] == [True, False, False]


class TestOutside:
    def test_which_links_open_something(self):
        """
        The same rule says it before a restore and does it then.
        """
        rows = [(None, NOW), (None, NOW.replace(year=2025)), (7, NOW.replace(year=2027))]

        assert [opens({"revoked_number": one, "expires_at": at}, NOW) for one, at in rows] == [True, False, False]

    def test_which_targets_have_something_of_ours(self):
        """
        One that was ended waits until what lay there is taken away.
        """
        rows = [(None, None), (None, ""), (7, "{}"), (7, None), (7, "")]

        assert [is_reached({"ended_number": one, "manifest": held}) for one, held in rows] == [True] * 4 + [False]


class TestErasures:
    def test_each_kind_that_deletes_is_told_of(self, tmp_path):
        """
        A run of the rules of retention too: what it deleted is in the old backup.
        """
        about = defaultdict(lambda: "x", names=["reason"])
        told = [
            SimpleNamespace(kind=kind, hash=kind, known={"number": number, "kind": kind, "facts": about})
            for number, kind in enumerate([*ERASING, "adopted"], 4)
        ]
        (tmp_path / "sets").mkdir()

        found = later_erasures(tmp_path, SimpleNamespace(number=3, library="x"), told)

        assert [one.kind for one in found.found] == list(ERASING)
        assert found.unread == ()

    def test_a_newer_backup_that_cannot_tell_is_named(self, one_backup, tmp_path):
        """
        Else whoever puts the older one back believes that nothing was erased since.
        """
        folder = tmp_path / "kopi"
        shutil.copytree(one_backup, folder)
        newer = chosen_set(folder, None)
        older = SimpleNamespace(number=0, library=newer.library, name="000000")
        asked = [later_erasures(folder, older, ()).unread]
        decisions = folder / newer.tables["decision"].files[-1].path

        decisions.write_bytes(decisions.read_bytes()[:-9])
        # Its register tells the same.
        asked.append(later_erasures(folder, older, ()).unread)
        bundle = folder / newer.repositories["library.git"].bundles[0].path
        bundle.write_bytes(bundle.read_bytes()[:-9])
        asked.append(later_erasures(folder, older, ()).unread)
        (folder / "sets" / newer.name / "manifest.json").write_bytes(b"{")
        asked.append(later_erasures(folder, older, ()).unread)

        assert asked == [(), (), (newer.name,), (newer.name,)]

    @pytest.mark.parametrize("ahead", [True, False], ids=["register ahead of its rows", "rows damaged"])
    def test_the_register_of_a_newer_backup_is_asked_too(self, library_with_routine, folder, ahead):
        """
        Git is copied after the rows: an erasure made meanwhile stands on the register alone.
        """
        library = library_with_routine
        before = library.backup(folder)
        erased = library.erase_person("ansatt.fauske", reason="Sluttet.", by="redaktor")
        library.backup(folder)
        newer = chosen_set(folder, None)
        if ahead:
            # As one that was taken while the erasure was made: a set of the same rows, with a register that goes further.
            early = replace(newer, number=erased.number - 1, tables=chosen_set(folder, before.name).tables)
            (folder / "sets" / newer.name / "manifest.json").write_bytes(write_backup_manifest(early))
        else:
            (folder / newer.tables["decision"].files[-1].path).write_bytes(b"")

        found = later_erasures(folder, chosen_set(folder, before.name), ())

        for bundle in newer.repositories["library.git"].bundles:
            (folder / bundle.path).write_bytes(b"")
        silent = later_erasures(folder, chosen_set(folder, before.name), ())

        assert [(one.number, one.kind) for one in found.found] == [(erased.number, "person_erased")]
        assert found.unread == ()
        assert (silent.found, silent.unread) == ((), (newer.name,))

    def test_the_rows_say_what_must_be_done_again(self, library_with_routine):
        """
        The decision came back from the register, and what it erased came back from the backup.
        """
        library = library_with_routine
        declined = library.decline("handhygiene", "Beiarn", reason="Vi har vår egen.", by="beslutter.beiarn").number
        digest = library.versions("handhygiene")[-1].digest
        said = library.give_feedback("handhygiene", "Navn Navnesen falt.", by="skribent").feedback
        with library._parts.database.reading() as session:
            (actor, _) = session.exec(
                select(ActorRow.id, PersonRow.login).join(PersonRow).where(PersonRow.login == "ansatt.fauske")
            ).one()
        there = [
            LaterErasure(1, "person_erased", actor, "1"), LaterErasure(2, "text_erased", str(declined), "2", ("reason",)),
            LaterErasure(3, "words_redacted", digest, "3"), LaterErasure(4, "retention_run", "", "4"),
            LaterErasure(8, "writing_erased", said, "8", ("text",)),
        ]  # fmt: skip
        gone = [
            LaterErasure(5, "person_erased", "a-x", "5"), LaterErasure(6, "text_erased", str(declined), "6", ("basis",)),
            LaterErasure(7, "words_redacted", "1:" + "0" * 64, "7"), LaterErasure(9, "writing_erased", said, "9", ("answer",)),
        ]  # fmt: skip

        assert list(not_done_here(library._parts.database, [*there, *gone])) == there

        library.erase_person("ansatt.fauske", reason="Sluttet.", keep_name=True, by="redaktor")
        twice = [
            LaterErasure(1, "person_erased", actor, "1"),
            LaterErasure(10, "person_erased", actor, "10", ("name",)),
        ]
        assert list(not_done_here(library._parts.database, twice)) == twice[1:]

        library.erase_person(actor, reason="Sluttet.", by="redaktor")
        assert list(not_done_here(library._parts.database, twice)) == []
        library.erase_text(declined, reason="Feil sted.", by="redaktor")
        library.erase_text(said, reason="Feil sted.", by="redaktor")

        assert list(not_done_here(library._parts.database, there)) == there[2:4]
