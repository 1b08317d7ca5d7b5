"""Taking words away for good, from SQL and from git's history, while what was decided stands and can be proved."""

import contextlib
import shutil
import sqlite3
import subprocess

import pytest
from sqlmodel import select

from samrutine.errors import InvalidRequest, NotAllowed, Refused, StoreUnavailable
from samrutine.procedures.model import HurriedVersion, VersionNumber
from samrutine.procedures.redaction_rules import Lies
from samrutine.projections import words_back
from samrutine.projections.rewriting import rewritten_by
from samrutine.storage import guards, steps
from samrutine.storage.git import MAIN, REGISTER, GitStore
from samrutine.storage.rows import ProcedureRow, SectionRow, VersionRow, WordsRow
from tests.support.clock import NOW, Clock
from tests.support.homes import Home
from tests.support.stories import (
    agree_until_enough,
    approve_with_everyone,
    change_with_everyone,
    not_projecting,
    why_not,
)
from tests.support.texts import SECTIONS, a_routine

NAME = "Fru Oppdiktet Pasientsen"
WHY = "Teksten hadde en personopplysning."


def slipped_in(library, **how):
    """Approve a version with a patient's name in it, and after it one without; gives the digest of the first."""
    change_with_everyone(library, a_routine(extra=f"Spør {NAME}.", **how))
    digest = library.versions("handhygiene")[-1].digest
    change_with_everyone(library, a_routine(extra="Spør avdelingslederen.", **how))
    return digest


@pytest.fixture(scope="module")
def slipped(tmp_path_factory, sqlite_templates):
    """A home where a name slipped into version 1.1 and is gone from 1.2, made once; with the digest of 1.1."""
    made = sqlite_templates.copied_to(tmp_path_factory.mktemp("slipped") / "home", "routine")
    with made.opened() as library:
        return made.path, slipped_in(library)


@pytest.fixture
def slipped_home(tmp_path, slipped):
    """A copy of that home, with the digest."""
    path, digest = slipped
    shutil.copytree(path, tmp_path / "home")
    return Home(tmp_path / "home", Clock(NOW)), digest


@pytest.fixture
def slipped_library(slipped_home):
    """The library of such a copy, open, with the digest."""
    home, digest = slipped_home
    with home.opened() as library:
        yield library, digest


def is_withdrawn(library):
    """Whether the routine is."""
    with library._parts.database.reading() as session:
        return session.get_one(ProcedureRow, "handhygiene").withdrawn_number is not None


def objects_with(path, letters):
    """Give every git object of a home, reachable or not, that holds some letters."""
    found = []
    for repository in sorted(path.glob("*.git*")):
        git = ["git", "--git-dir", str(repository)]
        every = ["cat-file", "--batch-all-objects", "--buffer", "--batch"]
        told = subprocess.run([*git, *every], check=True, capture_output=True).stdout
        found += [repository.name] if letters.encode() in told else []
    return found


def files_with(path, letters):
    """Give every file below a folder whose bytes hold some letters."""
    return [str(one) for one in path.rglob("*") if one.is_file() and letters.encode() in one.read_bytes()]


def read_words(library, digest):
    """Read the words behind a digest as every reader does."""
    with library._parts.database.reading() as session:
        return library._parts.words.read(session, digest).decode()


class TestRedacting:
    def test_puts_a_notice_in_place_of_the_words_and_leaves_what_was_decided(self, any_home_with_routine):
        """
        A patient's name must go from every place we have; who approved what, and what applied, must not.
        """
        with any_home_with_routine.opened() as library:
            digest = slipped_in(library)
            assert objects_with(any_home_with_routine.path, NAME) == ["library.git"]
            before = [one.number for one in library.history("handhygiene")]

            made = library.redact(digest, reason=WHY, by="redaktor", decision_id="borte")
            again = library.redact(digest, reason=WHY, by="redaktor", decision_id="borte")

            assert (made.projected, again) == (True, made)
            assert f"med beslutning {made.number}" in read_words(library, digest)
            assert [one.number for one in library.history("handhygiene")] == before
            assert [one.digest for one in library.versions("handhygiene")][1] == digest
            assert library.verify().faults == ()
            assert library.traces(NAME, by="redaktor") == []
            assert files_with(any_home_with_routine.path, NAME) == []
        assert objects_with(any_home_with_routine.path, NAME) == []
        assert files_with(any_home_with_routine.path, NAME) == []

    def test_leaves_everybody_at_work(self, slipped_home):
        """
        The day after there is a new version, an answer and a search, as on any other day.
        """
        home, digest = slipped_home
        with home.opened() as library:
            library.redact(digest, reason=WHY, by="redaktor")

            change_with_everyone(library, a_routine(extra="Spør avdelingslederen. Nytt."))
            library.adopt("handhygiene", "fauske", by="beslutter.fauske")

            assert library.document("handhygiene", "fauske").header.version
            assert library.search("avdelingslederen").result.hits
            assert library.verify().faults == ()

    def test_does_not_wait_for_room_on_a_full_disk(self, slipped_home, monkeypatch):
        """
        What must not be read by anybody is gone for readers at once; git is written anew when there is room for it.
        """
        home, digest = slipped_home

        def is_full(*_):
            raise StoreUnavailable(store="git", detail="No space left on device")

        with home.opened() as library:
            with monkeypatch.context() as full:
                full.setattr(guards, "room_in", lambda _: guards.Room(guards.LEFT_TO_FREE_WITH, 10))
                full.setattr(GitStore, "write", is_full)
                made = library.redact(digest, reason=WHY, by="redaktor")
                shown = read_words(library, digest)
            library.repair()

            assert not made.projected
            assert NAME not in shown
            assert library.verify().faults == ()
        assert objects_with(home.path, NAME) == []

    def test_is_seen_by_whoever_had_read_the_words_before(self, slipped_home):
        """
        A process that serves pages keeps words in memory, and must not go on showing them.
        """
        home, digest = slipped_home
        with home.opened() as library, home.opened() as serving:
            assert NAME in read_words(serving, digest)

            library.redact(digest, reason=WHY, by="redaktor")

            assert NAME not in read_words(serving, digest)

    def test_shows_the_notice_wherever_the_version_is_read(self, slipped_library):
        """
        A document, a comparison and the list of versions tell that the words are gone; none of them fails.
        """
        library, digest = slipped_library
        number = library.redact(digest, reason=WHY, by="redaktor").number

        document = library.render(library.document("handhygiene", version="1.1"), "md").decode()
        compared = str(library.compare("handhygiene", "1.1", "1.2"))

        assert f"med beslutning {number}" in document
        assert NAME not in document + compared
        assert [str(one.version) for one in library.versions("handhygiene")] == ["1.0", "1.1", "1.2"]

    def test_takes_titles_and_headings_too(self, library_with_routine):
        """
        A name may stand in a heading, and keys are made of headings.
        """
        library = library_with_routine
        named = {**SECTIONS, f"Om {NAME}": "Ring først."}
        change_with_everyone(library, a_routine(title=f"Hygiene hos {NAME}", sections=named))
        digest = library.versions("handhygiene")[-1].digest
        change_with_everyone(library, a_routine())

        library.redact(digest, reason=WHY, by="redaktor")

        with library._parts.database.reading() as session:
            titles = session.exec(select(VersionRow.title)).all()
            sections = session.exec(select(SectionRow).where(SectionRow.minor == 1)).all()
        assert "Tekst tatt bort" in titles
        assert not any("Pasientsen" in one.heading or "pasientsen" in one.key for one in sections)
        assert library.traces("Pasientsen", by="redaktor") == []
        assert library.verify().faults == ()

    def test_takes_an_addition_away_from_the_register(self, any_home_with_routine):
        """
        What a municipality wrote lies in the register's history, which every member has.
        """
        with any_home_with_routine.opened() as library:
            library.adopt("handhygiene", "fauske", by="beslutter.fauske")
            added = library.add_addition(
                "handhygiene", "fauske", "formal", "practical-note", f"Spør {NAME}.", by="beslutter.fauske"
            )
            assert objects_with(any_home_with_routine.path, NAME) == ["library.git"]
            [trace] = library.traces(NAME, by="redaktor")
            with pytest.raises(Refused) as refused:
                library.redact(trace.digest, reason=WHY, by="redaktor")
            library.drop_addition(added.addition, by="beslutter.fauske")

            library.redact(trace.digest, reason=WHY, by="redaktor")

            assert why_not(refused) == ["AdditionStands"]
            assert library.verify().faults == ()
        assert objects_with(any_home_with_routine.path, NAME) == []
        assert files_with(any_home_with_routine.path, NAME) == []

    def test_takes_exempt_words_away_from_the_restricted_store(self, home_with_routine):
        """
        The store that few may read is a store like the other.
        """
        with home_with_routine.opened() as library:
            approve_with_everyone(library, a_routine("nokkelskap", access="exempt", extra=f"Spør {NAME}."))
            digest = library.versions("nokkelskap", reader="redaktor")[-1].digest
            change_with_everyone(
                library, a_routine("nokkelskap", access="exempt"), procedure="nokkelskap", by="redaktor"
            )

            library.redact(digest, reason=WHY, by="redaktor")

            assert library.verify().faults == ()
        assert objects_with(home_with_routine.path, NAME) == []

    def test_words_that_were_taken_away_do_not_come_back(self, slipped_library):
        """
        Somebody has the old file on their machine and sends it in again.
        """
        library, digest = slipped_library
        library.redact(digest, reason=WHY, by="redaktor")

        with pytest.raises(Refused) as refused:
            change_with_everyone(library, a_routine(extra=f"Spør {NAME}."))

        assert why_not(refused) == ["WordsRedacted"]

    def test_a_notice_is_not_taken_into_use(self, slipped_library):
        """
        A municipality may choose an older version, but not one that is gone.
        """
        library, digest = slipped_library
        library.redact(digest, reason=WHY, by="redaktor")

        with pytest.raises(Refused) as refused:
            library.adopt("handhygiene", "fauske", version="1.1", by="beslutter.fauske")

        assert why_not(refused) == ["WordsRedacted"]


class TestWhatIsRefused:
    def test_the_newest_version_and_one_that_applies_must_be_replaced_first(self, library_with_routine):
        """
        Nobody may look a routine up and find a notice.
        """
        library = library_with_routine
        change_with_everyone(library, a_routine(extra=f"Spør {NAME}."))
        digest = library.versions("handhygiene")[-1].digest
        library.adopt("handhygiene", "fauske", by="beslutter.fauske")

        with pytest.raises(Refused) as refused:
            library.redact(digest, reason=WHY, by="redaktor")

        assert why_not(refused) == ["StillNewest", "StillInForce"]
        assert "Fauske" in str(refused.value)
        assert library.redactable(digest, by="redaktor").reasons == tuple(refused.value.reasons)

    def test_an_open_proposal_that_starts_from_it_must_be_refreshed_first(self, library_with_routine):
        """
        Merged with a notice, somebody's draft would lose its words.
        """
        library = library_with_routine
        change_with_everyone(library, a_routine(extra=f"Spør {NAME}."))
        digest = library.versions("handhygiene")[-1].digest
        library.propose(a_routine(extra="Noe annet."), changes="handhygiene", significance="minor", by="skribent")
        change_with_everyone(library, a_routine(extra="Spør avdelingslederen."))

        with pytest.raises(Refused) as refused:
            library.redact(digest, reason=WHY, by="redaktor")

        assert why_not(refused) == ["OpenProposalRests"]

    def test_a_hasteversjon_is_enough_to_replace_it_and_refused_it_leads_back_to_no_notice(self, library_with_routine):
        """
        Whoever must have a name away tonight cannot wait fourteen days for the network to agree.
        """
        library = library_with_routine
        change_with_everyone(library, a_routine(extra=f"Spør {NAME}."))
        digest = library.versions("handhygiene")[-1].digest
        draft = library.propose(
            a_routine(extra="Spør avdelingslederen."), changes="handhygiene", significance="minor", by="skribent"
        )
        library.hurry(draft.proposal, digest=draft.digest, reason="Haster.", by="redaktor")

        library.redact(digest, reason=WHY, by="redaktor")
        assert library.verify().is_clean
        answer = library.reject(draft.proposal, reason="Ikke faglig grunnlag.", by="leder")

        assert (answer.refused, answer.stands) == (VersionNumber(1, 2), None)
        assert is_withdrawn(library)
        assert library.verify().faults == ()
        after = change_with_everyone(
            library, a_routine(extra="Spør avdelingslederen nå."), significance="major", meaning="Ny tekst."
        )
        assert after.version == VersionNumber(2, 0)
        assert not is_withdrawn(library)
        assert library.verify().faults == ()

    def test_agreed_to_afterwards_a_hasteversjon_stands_as_any_other(self, library_with_routine):
        """
        The network agrees to the text without the name, by comparing it with a notice.
        """
        library = library_with_routine
        change_with_everyone(library, a_routine(extra=f"Spør {NAME}."))
        digest = library.versions("handhygiene")[-1].digest
        draft = library.propose(
            a_routine(extra="Spør avdelingslederen."), changes="handhygiene", significance="minor", by="skribent"
        )
        library.hurry(draft.proposal, digest=draft.digest, reason="Haster.", by="redaktor")
        library.redact(digest, reason=WHY, by="redaktor")

        agree_until_enough(library, draft)

        assert library.versions("handhygiene")[-1].hurried is HurriedVersion.CONFIRMED
        assert library.verify().faults == ()

    def test_twice_unknown_not_a_digest_or_not_the_editor(self, slipped_library):
        """
        Whoever mistook the digest must not believe that it was done.
        """
        library, digest = slipped_library
        with pytest.raises(NotAllowed):
            library.redact(digest, reason=WHY, by="leder")
        with pytest.raises(InvalidRequest):
            library.redact(digest, reason="Navn Navnesen Leder ba om det.", by="redaktor")
        with library._parts.database.writing() as session:
            row = session.get_one(WordsRow, digest)
            row.content = row.content.replace(b"Fru", b"Frv")
            session.add(row)
        with pytest.raises(Refused) as damaged:
            library.redact(digest, reason=WHY, by="redaktor")
        shown = library.redactable(digest, by="redaktor").reasons
        assert library.repair().faults == ()
        library.redact(digest, reason=WHY, by="redaktor")

        with pytest.raises(Refused) as twice:
            library.redact(digest, reason=WHY, by="redaktor")
        with pytest.raises(Refused) as unknown:
            library.redact("1:" + "0" * 64, reason=WHY, by="redaktor")
        with pytest.raises(InvalidRequest):
            library.redact(NAME, reason=WHY, by="redaktor")

        assert (why_not(twice), why_not(unknown)) == (["RedactedBefore"], ["NoSuchWords"])
        # Else git would be told to let go of the damaged bytes, and keep the words for ever.
        assert (why_not(damaged), [type(one).__name__ for one in shown]) == (["WordsDamaged"], ["WordsDamaged"])
        assert library.redactable(digest, by="redaktor").number


class TestShowing:
    def test_lists_every_place_and_what_cannot_be_reached(self, library_with_routine, tmp_path):
        """
        The editor sees before it is done what goes, and what they must see to themselves.
        """
        library = library_with_routine
        place = tmp_path / "ut"
        place.mkdir()
        library.set_target("fauske", "mappe", connector="folder", location=str(place), by="beslutter.fauske")
        library.adopt("handhygiene", "fauske", by="beslutter.fauske")
        library.publish("fauske", by="beslutter.fauske")
        first = library.versions("handhygiene")[0].digest
        digest = slipped_in(library)

        found = library.redactable(digest, by="redaktor")
        of_first = library.redactable(first, by="redaktor")
        library.adopt("handhygiene", "fauske", by="beslutter.fauske")
        library.publish("fauske", by="beslutter.fauske")
        replaced = library.redactable(first, by="redaktor")

        kinds = {one.lies for one in found.places}
        assert {
            Lies.VERSION,
            Lies.PROPOSAL,
            Lies.BRANCH,
            Lies.INDEX,
            Lies.CLONES,
            Lies.BACKUPS,
        } <= kinds
        assert "handhygiene 1.1" in {one.what for one in found.places}
        # Nobody goes to look in a place where another version lies, and these words never did.
        assert Lies.PUBLISHED not in kinds
        assert "Fauske mappe: handhygiene 1.0" in {one.what for one in of_first.places}
        # What was replaced may be kept there: where they were, and what lies there now.
        assert "Fauske mappe: handhygiene 1.2" in {one.what for one in replaced.places}
        assert {one.what for one in found.places if one.lies is Lies.BRANCH} == {"main", "register"}
        assert (found.reasons, found.number) == ((), None)


class TestHistory:
    def test_begins_a_new_epoch_and_explains_the_old_tips(self, slipped_library):
        """
        Whoever holds an older tip, in a clone or a checkpoint, must learn why it is not in ours any more.
        """
        library, digest = slipped_library
        store = library._parts.store
        old = {branch: store.tip(branch) for branch in (MAIN, REGISTER)}
        first = store.commits(MAIN)[0][0]

        made = library.redact(digest, reason=WHY, by="redaktor")

        with library._parts.database.reading() as session:
            assert rewritten_by(session, store, old[MAIN]) == made.number
            assert rewritten_by(session, store, store.tip(MAIN)) is None
        assert store.tip(MAIN) != old[MAIN]
        assert not store.has_commit(old[MAIN])
        assert store.commits(MAIN)[0][0] == first
        assert store.is_ancestor(old[REGISTER], store.tip(REGISTER))

    @pytest.mark.parametrize(
        "step",
        [
            "redact: history written anew",
            "redact: packs written anew",
            *(
                pytest.param(one, marks=pytest.mark.slow)
                for one in (
                    "decide: committed", "project: objects written", "project: words read back", "project: branch moved",
                    "project: index written", "redact: reflog emptied", "redact: database written anew",
                    "project: position written, not committed",
                )
            ),
        ],
    )  # fmt: skip
    def test_killed_at_any_step_heals_to_the_same_state(self, slipped_home, step):
        """
        The decision is the moment; all the rest is done again by whoever comes next.
        """
        home, digest = slipped_home
        with home.opened() as library:

            def die(reached):
                if reached == step:
                    raise KeyboardInterrupt

            steps.watch(die)
            with pytest.raises(KeyboardInterrupt):
                library.redact(digest, reason=WHY, by="redaktor", decision_id="borte")
            steps.watch(None)

        with home.opened() as library:
            made = library.redact(digest, reason=WHY, by="redaktor", decision_id="borte")

            assert made.projected
            assert library.verify().faults == ()
        assert objects_with(home.path, NAME) == []
        assert files_with(home.path, NAME) == []

    def test_decided_before_git_followed_the_versions_it_is_the_same(self, home_with_routine):
        """
        A machine where git lags behind must not write the words down after they were taken away.
        """
        with home_with_routine.opened() as library:
            with not_projecting(library):
                approve_with_everyone(library, a_routine("avfall", title="Avfall"))
                digest = slipped_in(library)
                library.redact(digest, reason=WHY, by="redaktor")
            library.repair()

            assert library.verify().faults == ()
        assert objects_with(home_with_routine.path, NAME) == []

    def test_takes_what_was_set_aside_and_damaged_copies_too(self, slipped_home):
        """
        What was kept for safety's sake has the words as well.
        """
        home, digest = slipped_home
        with home.opened() as library:
            store = library._parts.store
            git = ["git", "--git-dir", str(store.folder)]
            subprocess.run([*git, "update-ref", f"refs/samrutine/set-aside/{store.tip(MAIN)}", MAIN], check=True)
            subprocess.run(["cp", "-r", str(store.folder), f"{store.folder}.damaged-1"], check=True)

            library.redact(digest, reason=WHY, by="redaktor")

            assert library.verify().faults == ()
        assert objects_with(home.path, NAME) == []


class TestVerifying:
    def test_finds_words_that_came_back_behind_the_decisions_back_and_repair_puts_the_notice_there(self, slipped_home):
        """
        A database put back from before the redaction, or a hand in SQL.
        """
        home, digest = slipped_home
        with home.opened() as library:
            with library._parts.database.reading() as session:
                content = session.exec(select(WordsRow.content).where(WordsRow.digest == digest)).one()
            library.redact(digest, reason=WHY, by="redaktor")

            for mark in (True, False):
                with library._parts.database.writing() as session:
                    row = session.get_one(WordsRow, digest)
                    row.content, row.redacted_number = content, row.redacted_number if mark else None
                    session.add(row)

                assert "words-not-redacted" in {one.code for one in library.verify().faults}

                assert library.repair().faults == ()
                assert "med beslutning" in read_words(library, digest)
        assert files_with(home.path, NAME) == []

    def test_repair_does_not_bring_back_words_that_are_taken_away_while_it_reads(self, slipped_home, monkeypatch):
        """
        The editor waits for no lock of the projections; and here the branches have not even heard of it.
        """
        home, digest = slipped_home
        with home.opened() as library, home.opened() as editor:
            with library._parts.database.reading() as session:
                content = session.exec(select(WordsRow.content).where(WordsRow.digest == digest)).one()
            kept_by = words_back._found

            def write(some):
                with library._parts.database.writing() as session:
                    row = session.get_one(WordsRow, digest)
                    row.content = some
                    session.add(row)

            def found_and_redacted_meanwhile(session, stores):
                found = list(kept_by(session, stores))
                session.rollback()
                write(content)
                with not_projecting(editor):
                    editor.redact(digest, reason=WHY, by="redaktor")
                return found

            write(content + b"x")
            monkeypatch.setattr(words_back, "_found", found_and_redacted_meanwhile)
            assert library._parts.projections.put_words_back() == []
            monkeypatch.setattr(words_back, "_found", kept_by)
            write(content)

            # The notice is on no branch yet, so it is written again.
            assert library._parts.projections.put_words_back() == [digest]
            assert library.repair().faults == ()
        assert objects_with(home.path, NAME) == []

    def test_finds_a_notice_that_is_gone_and_repair_puts_it_back_and_never_the_words(self, slipped_home):
        """
        What is taken from the branches is what stands there: the notice.
        """
        home, digest = slipped_home
        with home.opened() as library:
            library.redact(digest, reason=WHY, by="redaktor")
            with contextlib.closing(sqlite3.connect(home.path / "samrutine.db")) as behind_our_back:
                behind_our_back.execute("DELETE FROM words WHERE digest = ?", [digest])
                behind_our_back.commit()

            healed = library.repair()

            assert healed.faults == ()
            assert "med beslutning" in read_words(library, digest)
        assert files_with(home.path, NAME) == []

    def test_finds_words_that_came_back_to_git_and_repair_takes_them_away(self, slipped_home):
        """
        Somebody pushed from an old clone, or an object lies there that nothing leads to.
        """
        home, digest = slipped_home
        with home.opened() as library:
            content = read_words(library, digest).encode()
            library.redact(digest, reason=WHY, by="redaktor")
            git = ["git", "--git-dir", str(library._parts.store.folder)]
            subprocess.run([*git, "hash-object", "-w", "--stdin"], input=content, check=True, capture_output=True)

            assert [one.code for one in library.verify().faults] == ["redacted-in-git"]
            assert library.repair().is_clean
        assert objects_with(home.path, NAME) == []
