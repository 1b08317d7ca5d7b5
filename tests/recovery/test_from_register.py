"""From nothing but the repository to a library that goes on."""

import shutil
import subprocess

import pytest
from sqlmodel import select

from samrutine import Library
from samrutine.errors import BackupBusy, HomeExists, NotThisRegister, RegisterBroken
from samrutine.projections.replay_hearings import hearing_differences
from samrutine.projections.replay_proposal_rows import proposal_differences
from samrutine.projections.scope import Scope
from samrutine.recovery import from_register
from samrutine.recovery.from_register import Stores, missing, read_register, rebuild, take_missing
from samrutine.recovery.from_register_tables import KINDS, RECOVERED, Left
from samrutine.storage.git import MAIN, REGISTER, Commit, GitStore
from samrutine.storage.rows import (
    ChainHeadRow,
    DecisionRow,
    DecisionTextRow,
    HearingRow,
    PersonRow,
    ProposalRow,
    TargetRow,
    WaitingRow,
    WishRow,
    WordsRow,
)
from samrutine.storage.sql import Database
from tests.recovery.everything import kinds_in, rows_in, tell_everything
from tests.support.clock import NOW
from tests.support.homes import Home
from tests.support.stories import APPROVERS, UNHEARD, not_projecting
from tests.support.texts import a_routine


@pytest.fixture(scope="module")
def everything(tmp_path_factory, sqlite_templates):
    """A home where every kind of decision was made. Made once, never changed."""
    place = tmp_path_factory.mktemp("everything")
    home = sqlite_templates.copied_to(place / "home", "people")
    tell_everything(home, place / "published")
    return home


@pytest.fixture(scope="module")
def original(everything):
    """Its database."""
    database = Database(everything.url)
    yield database
    database.close()


@pytest.fixture
def any_empty(tmp_path, database_kind, request):
    """An empty database of this release, on both databases."""
    url = request.getfixturevalue("postgresql_server").new() if database_kind == "postgresql" else None
    database = Database(url or f"sqlite:///{tmp_path / 'empty.db'}")
    database.migrate()
    yield database
    database.close()


@pytest.fixture
def empty(tmp_path):
    """An empty database of this release."""
    database = Database(f"sqlite:///{tmp_path / 'empty.db'}")
    database.migrate()
    yield database
    database.close()


@pytest.fixture(scope="module")
def rebuilt(everything, tmp_path_factory):
    """The answer to a rebuild of it into a new home. The home is changed by nobody."""
    return Library.rebuild_from_register(
        everything.path, tmp_path_factory.mktemp("rebuilt") / "home", clock=everything.clock
    )


def _stores(home, *, restricted=True):
    apart = GitStore(home.path / "restricted.git") if restricted else None
    return Stores(GitStore(home.path / "library.git"), apart)


def _lost(database):
    """The digests of words that are not what they were: redacted, or lost."""
    with database.reading() as session:
        rows = session.exec(select(WordsRow)).all()
        return frozenset(row.digest for row in rows if row.redacted_number is not None or row.content == b"")


def _copied(rebuilt, clock, tmp_path):
    shutil.copytree(rebuilt.home, tmp_path / "home")
    return Home(tmp_path / "home", clock)


class TestTheStory:
    def test_has_every_kind_of_decision(self, everything):
        """
        What is compared below is only worth something if nothing is left out.
        """
        with everything.opened() as library:
            assert kinds_in(library) == KINDS.keys() - {RECOVERED, "publishing_resumed"}


class TestAnEmptyDatabase:
    def test_gets_every_row_that_the_decisions_left(self, everything, original, any_empty):
        """
        Table by table and row by row: only what `TABLES` lists is not as it was.
        """
        recovered = rebuild(any_empty, _stores(everything), now=NOW)

        lost = _lost(any_empty)
        due, found = rows_in(original, lost=lost), rows_in(any_empty, until=recovered.last, lost=lost)
        for table in ("counter", "chain_head", "outbox_position"):
            # Its own decisions come on top; and the index is made anew by whoever brings it up to date.
            due.pop(table), found.pop(table)
        for table, rows in due.items():
            assert found[table] == rows, table

    def test_says_what_does_not_come_back_and_how_much(self, everything, empty):
        """
        Whoever tells the municipalities must be able to say what is gone.
        """
        recovered = rebuild(empty, _stores(everything), now=NOW)

        found = {one.what: one.count for one in recovered.not_back}
        with empty.reading() as session:
            texts = session.exec(select(DecisionTextRow).where(DecisionTextRow.number <= recovered.last)).all()
            people = session.exec(select(PersonRow)).all()
        assert found[Left.TEXTS] == len(texts)
        assert {row.text for row in texts} == {None}
        assert found[Left.PEOPLE] == len(people)
        assert {(row.login, row.name, row.email) for row in people} == {(None, None, None)}
        assert found[Left.EXEMPT_ADDITIONS] == 1
        assert found[Left.TARGETS] == 2
        assert found[Left.READERS] is None
        assert Left.EXEMPT_WORDS not in found

    def test_knows_from_the_chain_itself_that_it_was_rebuilt(self, everything, empty):
        """
        An auditor must see that there was a break, how far the register went, and what was ended because of it.
        """
        recovered = rebuild(empty, _stores(everything), now=NOW)

        with empty.reading() as session:
            rows = session.exec(
                select(DecisionRow).where(DecisionRow.number > recovered.last).order_by(DecisionRow.number)
            ).all()
            head = session.exec(select(ChainHeadRow)).one()
            targets = session.exec(select(TargetRow)).all()
        assert [rows[0].kind, rows[0].number] == [RECOVERED, recovered.number]
        assert [row.kind for row in rows[1:]].count("proposal_withdrawn") == len(recovered.ended)
        assert {row.actor_id for row in rows} == {"system"}
        assert (head.number, head.hash) == (rows[-1].number, rows[-1].hash)
        assert all(row.ended_number is not None for row in targets)

    def test_asks_again_what_nobody_has_answered(self, everything, empty):
        """
        The inbox is gone with the database, and a version that nobody looks at is a version that nobody uses.
        """
        rebuild(empty, _stores(everything), now=NOW)

        with empty.reading() as session:
            waits = {(row.body, row.subject, row.what) for row in session.exec(select(WaitingRow))}
        assert ("municipality:1875", "procedure:handhygiene", "consider-version") in waits
        assert ("municipality:1841", "procedure:handhygiene", "consider-version") not in waits
        assert ("municipality:1841", "procedure:smitte", "consider-version") in waits
        assert any(what == "approve-proposal" and body == "network:smittevern" for body, _, what in waits)

    def test_a_second_call_takes_nothing_twice_and_says_the_same_of_what_is_gone(self, everything, any_empty):
        """
        The first was killed after its commit: whoever calls again finds it done, and must know what did not come back.
        """
        first = rebuild(any_empty, _stores(everything), now=NOW)

        again = rebuild(any_empty, _stores(everything), now=NOW)

        assert (again.first, again.number) == (None, None)
        assert (again.ended, again.not_back) == (first.ended, first.not_back)
        with any_empty.reading() as session:
            assert session.exec(select(ChainHeadRow.number)).one() > first.last

    def test_two_that_take_at_once_are_one(self, home, tmp_path, monkeypatch):
        """
        Cron and a person. One of them does it, and the other is told that there is nothing left.
        """
        first, second = (Database(f"sqlite:///{tmp_path / 'empty.db'}") for _ in "ab")
        first.migrate()
        usual, others = from_register._act_of, []

        def meanwhile(head):
            monkeypatch.setattr(from_register, "_act_of", usual)
            others.append(rebuild(second, _stores(home), now=NOW))
            return usual(head)

        monkeypatch.setattr(from_register, "_act_of", meanwhile)
        mine = rebuild(first, _stores(home), now=NOW)

        assert others[0].number is not None
        assert (mine.number, mine.ended, mine.not_back) == (None, others[0].ended, others[0].not_back)
        first.close()
        second.close()

    def test_without_the_restricted_repository_all_but_exempt_words_comes_back(self, everything, empty):
        """
        Who may read open texts alone has no copy of the others, and the decisions about them are whole all the same.
        """
        recovered = rebuild(empty, _stores(everything, restricted=False), now=NOW)

        found = {one.what: one.count for one in recovered.not_back}
        with empty.reading() as session:
            kept = session.exec(select(WordsRow).where(WordsRow.content == b"")).all()
        assert found[Left.EXEMPT_WORDS] == 1
        assert len(kept) == found[Left.EXEMPT_WORDS] + found[Left.EXEMPT_ADDITIONS]

    def test_a_register_of_another_library_is_refused(self, everything, empty, home):
        """
        Two libraries have a first decision each, and one database has room for one.
        """
        with home.opened() as library:
            number = library.add_person("en", "Navn Navnesen En", by="redaktor").number
        rebuild(empty, _stores(everything), now=NOW)

        with pytest.raises(NotThisRegister) as caught:
            rebuild(empty, Stores(GitStore(home.path / "library.git")), now=NOW)

        assert caught.value.places["number"] == number

    def test_nothing_is_written_of_a_register_whose_words_are_gone(self, everything, empty, tmp_path):
        """
        A version without its words would be a routine that nobody can read.
        """
        alone = GitStore(tmp_path / "alone.git")
        alone.create()
        subprocess.run(
            [
                "git",
                "--git-dir",
                alone.folder,
                "fetch",
                "-q",
                everything.path / "library.git",
                f"{REGISTER}:{REGISTER}",
            ],
            check=True,
        )

        with pytest.raises(RegisterBroken) as caught:
            rebuild(empty, Stores(alone), now=NOW)

        assert caught.value.places["what"] == "words"
        with empty.reading() as session:
            assert session.exec(select(ChainHeadRow.number)).one() == 0
            assert session.exec(select(WordsRow)).first() is None


class TestAHome:
    def test_is_sound_but_for_what_it_was_said_to_lack(self, rebuilt):
        """
        `verify` holds every row against the chain: what it finds must follow from what is gone, and from nothing else.
        """
        assert rebuilt.unexplained == ()
        assert rebuilt.faults == ()

    def test_knows_lost_words_from_words_that_somebody_took(self, everything, rebuilt, tmp_path):
        """
        The chain says how many were lost, and each row names that decision; what says so beyond that was done since.
        """
        home = _copied(rebuilt, everything.clock, tmp_path)
        with home.opened() as library, library._parts.database.reading() as session:
            [lost] = session.exec(select(WordsRow).where(WordsRow.lost_number.is_not(None))).all()
            other = session.exec(select(WordsRow.digest).where(WordsRow.redacted_number.is_not(None))).one()
        with home.opened() as library:
            before = library.verify()
            with library._parts.database.writing() as session:
                row = session.get_one(WordsRow, other)
                row.content, row.redacted_number, row.lost_number = b"", None, lost.lost_number
                session.add(row)

            after = library.verify()

        assert (before.faults, [(one.code, one.detail) for one in before.notes]) == ((), [("words-lost", lost.digest)])
        assert {one.detail for one in after.faults if one.code == "words-changed"} == {lost.digest, other}
        assert after.notes == ()

    def test_goes_on_from_there(self, everything, rebuilt, tmp_path):
        """
        The point of it all: people come in again, propose, agree and decide, and the chain is one chain.
        """
        home = _copied(rebuilt, everything.clock, tmp_path)
        with home.opened() as library:
            editor = next(one.actor for one in library.people() if ("editor", "library") in one.roles)
            members = [one.actor for one in library.people() if ("member", "network:smittevern") in one.roles]
            leader = next(one.actor for one in library.people() if ("leader", "network:smittevern") in one.roles)
            decider = next(
                one.actor for one in library.people() if one.delegations and one.delegations[0][0] == "1841"
            )  # fmt: skip
            with not_projecting(library):
                made = library.propose(a_routine("etterpa", title="Etterpå"), by=editor)
                library.send(made.proposal, digest=made.digest, unheard=UNHEARD, by=editor)
                for one in (leader, *members):
                    answer = library.approve(made.proposal, digest=made.digest, by=one)
                    if answer.version is not None:
                        break
            used = library.adopt("etterpa", "Fauske", by=decider)

            found = library.verify()

        assert str(used.version) == "1.0"
        assert found.faults == rebuilt.faults
        assert len(read_register(GitStore(home.path / "library.git"))) == found.decisions

    def test_keeps_the_history_that_others_have_clones_of(self, everything, rebuilt):
        """
        A municipality that fetches gets what is new after what it has: no commit was made a second time.
        """
        before, now = GitStore(everything.path / "library.git"), GitStore(rebuilt.home / "library.git")

        for branch in (MAIN, REGISTER):
            assert now.is_ancestor(before.tip(branch), now.tip(branch))

    def test_is_made_from_an_ordinary_clone(self, home_with_routine, tmp_path):
        """
        What a municipality has at home is a clone, where only one branch was ever checked out.
        """
        git = ["git", "-c", "protocol.file.allow=always"]
        source = home_with_routine.path / "library.git"
        subprocess.run([*git, "clone", "-q", "--branch", "main", source, tmp_path / "klone"], check=True)

        rebuilt = Library.rebuild_from_register(tmp_path / "klone", tmp_path / "ny", clock=home_with_routine.clock)

        assert rebuilt.faults == ()
        assert not rebuilt.restricted
        with Library.open(rebuilt.home) as library:
            assert [str(one.version) for one in library.versions("handhygiene")] == ["1.0"]

    def test_a_dry_run_leaves_nothing(self, home, tmp_path):
        """
        First see what would come, then decide.
        """
        rebuilt = Library.rebuild_from_register(home.path, tmp_path / "ny", dry_run=True, clock=home.clock)

        assert rebuilt.home is None
        assert rebuilt.recovered.first == 1
        assert not (tmp_path / "ny").exists()

    def test_is_not_made_where_something_is(self, home):
        """
        A home that is there holds what no register has.
        """
        with pytest.raises(HomeExists):
            Library.rebuild_from_register(home.path, home.path)

    def test_is_not_made_by_two_at_once(self, home, tmp_path):
        """
        Each would remove what the other has put together so far.
        """
        told = []

        def another(part):
            if part == "verify":
                with pytest.raises(BackupBusy):
                    Library.rebuild_from_register(home.path, tmp_path / "ny", clock=home.clock)
                told.append(part)

        made = Library.rebuild_from_register(home.path, tmp_path / "ny", clock=home.clock, on_part=another)

        assert (made.is_sound, told) == (True, ["verify"])
        assert [one.name for one in tmp_path.glob("ny*")] == ["ny"]

    def test_is_not_made_of_a_forged_register(self, home, tmp_path):
        """
        A decision was changed, and the branch moved on: what and where is said, and there is no home.
        """
        store = GitStore(home.path / "library.git")
        tip = store.tip(REGISTER)
        path = next(one for one in store.tree(tip) if one.startswith("network/"))
        content = store.read(store.tree(tip)[path]).replace(b'"role":"member"', b'"role":"leader"', 1)
        store.append(REGISTER, tip, [Commit({path: content}, "x", NOW)], allowed=frozenset({tip}))

        with pytest.raises(RegisterBroken) as caught:
            Library.rebuild_from_register(home.path, tmp_path / "ny")

        assert caught.value.places["what"] == "hash"
        assert str(caught.value.places["where"]).startswith(path)
        assert not list(tmp_path.glob("ny*"))

    def test_is_not_made_of_a_register_that_lacks_what_somebody_noted(self, home, tmp_path):
        """
        Where the last decisions are cut off the rest is whole; only a hash that is printed somewhere tells.
        """
        with pytest.raises(RegisterBroken) as caught:
            Library.rebuild_from_register(home.path, tmp_path / "ny", witness="1:" + "a" * 64)

        assert caught.value.places["what"] == "witness"

    def test_is_not_made_of_a_folder_without_a_repository(self, tmp_path):
        """
        A slip of the hand in the path.
        """
        with pytest.raises(RegisterBroken) as caught:
            Library.rebuild_from_register(tmp_path, tmp_path / "ny")

        assert caught.value.places["what"] == "repository"


class TestADatabaseThatIsBehind:
    def test_gets_what_was_decided_since(self, any_home_with_routine, new_url, tmp_path):
        """
        The backup is ten decisions old. What was decided since is on the register, with all that follows from it.
        """
        home = any_home_with_routine
        with home.opened() as library:
            library.backup(tmp_path / "kopi")
            with not_projecting(library):
                _ten_decisions(library)
            library._parts.projections.bring_up_to_date()

        restored = Library.restore(
            tmp_path / "kopi", tmp_path / "ny", register=home.path, from_register=True, database_url=new_url,
            clock=home.clock,
        )  # fmt: skip

        assert restored.faults == ()
        before, after = Database(home.url), Database(new_url or f"sqlite:///{tmp_path / 'ny' / 'samrutine.db'}")
        last = restored.missing[-1].number
        due, found = rows_in(before), rows_in(after, until=last)
        assert len(restored.missing) == 10
        for table in ("counter", "chain_head", "outbox_position"):
            due.pop(table), found.pop(table)
        assert found == due
        with after.reading() as session:
            assert session.exec(select(PersonRow.name).where(PersonRow.login == "leder")).one() is not None
            waits = session.exec(
                select(WaitingRow).where(WaitingRow.body == "municipality:1841", WaitingRow.closed_number.is_(None))
            ).all()
        assert {row.what for row in waits} == set()
        before.close()
        after.close()

    def test_erases_again_who_was_erased_since(self, home, tmp_path):
        """
        The name is in the backup, and nobody may get it back by way of it; nor one in a wish or in a text that was heard.
        """
        with home.opened() as library:
            said = library.wish("Hva om Navn Navnesen faller?", by="ansatt.fauske").wish
            heard = library.propose(a_routine("hort", title="Navn Navnesen"), by="skribent")
            library.open_hearing(heard.proposal, digest=heard.digest, parties=["outside:Råd"], by="leder")
            library.withdraw(heard.proposal, by="skribent", reason="Nei.")
            gone = library.propose(a_routine("borte", title="Borte"), by="skribent").proposal
            library.withdraw(gone, by="skribent", reason="Nei.")
            library.erase_text(gone, reason="Personopplysning.", by="redaktor")
        shutil.copy(home.path / "samrutine.db", tmp_path / "old.db")
        with home.opened() as library:
            [round_] = [
                one.what.split()[0] for one in library.traces("Navnesen", by="redaktor") if one.lies == "hearing"
            ]
            for which in (said, heard.proposal, round_):
                library.erase_text(which, reason="Personopplysning.", by="redaktor")
            library.erase_person("skribent", reason="Sluttet.", by="redaktor")
        behind = Database(f"sqlite:///{tmp_path / 'old.db'}")

        take_missing(behind, _stores(home), now=NOW)

        with behind.reading() as session:
            erased = session.exec(select(PersonRow).where(PersonRow.erased_at.is_not(None))).all()
            assert [(one.login, one.name, one.email) for one in erased] == [(None, None, None)]
            assert session.get_one(WishRow, said).sentence is None
            # What was erased since, and what was erased before: each row says that it was.
            taken_out = [session.get_one(ProposalRow, one) for one in (heard.proposal, gone)]
            assert {one.title for one in taken_out} == {"Tekst tatt bort"}
            assert all(b"Tekst tatt bort" in one.text for one in taken_out)
            assert list(proposal_differences(session, Scope())) == []
            assert b"Navnesen" not in session.get_one(HearingRow, round_).text
            assert list(hearing_differences(session, Scope())) == []
        behind.close()

    def test_ends_drafts_that_were_changed_since_and_leaves_the_others(self, home, tmp_path):
        """
        The words of the changed one are nowhere any more; those of the other lie in the backup.
        """
        with home.opened() as library:
            kept = library.propose(a_routine("uendret", title="Uendret"), by="skribent")
            changed = library.propose(a_routine("endret", title="Endret"), by="skribent")
        shutil.copy(home.path / "samrutine.db", tmp_path / "old.db")
        with home.opened() as library:
            library.revise(
                changed.proposal, a_routine("endret", title="Endret", extra="Mer."), read_digest=changed.digest,
                by="skribent",
            )  # fmt: skip
        behind = Database(f"sqlite:///{tmp_path / 'old.db'}")

        taken = take_missing(behind, _stores(home), now=NOW)

        assert taken.ended == (changed.proposal,)
        assert kept.proposal not in taken.ended
        behind.close()

    def test_is_told_which_they_are_before_any_is_taken(self, home, tmp_path):
        """
        Look first: what is missing, and that it is this library's.
        """
        shutil.copy(home.path / "samrutine.db", tmp_path / "old.db")
        with home.opened() as library:
            library.add_person("ny", "Navn Navnesen Ny", by="redaktor")
        behind = Database(f"sqlite:///{tmp_path / 'old.db'}")

        found = missing(behind, GitStore(home.path / "library.git"))

        assert [link.kind for link in found] == ["person_added"]
        assert missing(Database(home.url), GitStore(home.path / "library.git")) == []
        behind.close()

    def test_that_went_another_way_is_left_alone(self, home, tmp_path):
        """
        Both decided something after the copy was made: nobody may choose between them but a person.
        """
        shutil.copytree(home.path, tmp_path / "andre")
        other = Home(tmp_path / "andre", home.clock)
        with home.opened() as library:
            library.add_person("en", "Navn Navnesen En", by="redaktor")
        with other.opened() as library:
            library.add_person("to", "Navn Navnesen To", by="redaktor")
            number = library.verify().decisions

        with pytest.raises(NotThisRegister) as caught:
            missing(Database(other.url), GitStore(home.path / "library.git"))

        assert caught.value.places["number"] == number


def _ten_decisions(library):
    library.adopt("handhygiene", "Fauske", by="beslutter.fauske")
    library.add_addition("handhygiene", "Fauske", "ansvar", "practical-note", "I hylla.", by="ansvarlig.fauske")
    made = library.propose(a_routine("avfall", title="Avfall"), by="skribent")
    library.send(made.proposal, digest=made.digest, unheard=UNHEARD, by="redaktor")
    for one in APPROVERS:
        library.approve(made.proposal, digest=made.digest, by=one)
    library.decline("avfall", "Fauske", reason="Dekket.", by="beslutter.fauske")
