"""What is exempt from public access lies in a repository of its own, and nowhere that is shared."""

import shutil
import subprocess

from sqlmodel import select

from samrutine import Library
from samrutine.storage.rows import WordsRow
from tests.support.git import every_object, git
from tests.support.stories import approve_with_everyone, change_with_everyone
from tests.support.texts import a_routine

WORDS_APART = "Koden til nøkkelskapet henger bak klokka."
EXEMPT_TEXT = a_routine("nokkelskap", title="Nøkkelskap", access="exempt", extra=WORDS_APART)
RESTRICTED_PATH = "procedures/smittevern/nokkelskap.md"


def in_restricted(home, *arguments):
    """Run git in the restricted repository."""
    outcome = subprocess.run(
        ["git", "--git-dir", str(home.path / "restricted.git"), *arguments], capture_output=True, check=True
    )
    return outcome.stdout.decode()


def faults(library):
    """Give the codes and details of what verify finds."""
    return [(one.code, one.detail) for one in library.verify().faults]


class TestAnExemptRoutine:
    def test_is_in_the_restricted_repository_alone(self, any_library_with_routine, any_home_with_routine):
        """
        Who clones the shared repository must find the words nowhere in it: not in the tree, not in its history.
        """
        library, home = any_library_with_routine, any_home_with_routine

        approve_with_everyone(library, EXEMPT_TEXT)

        assert faults(library) == []
        assert WORDS_APART in in_restricted(home, "show", f"main:{RESTRICTED_PATH}")
        assert "nokkelskap" not in git(home, "ls-tree", "-r", "--name-only", "main")
        shared = every_object(home)
        assert WORDS_APART not in shared
        assert "Nøkkelskap" not in shared
        with library._parts.database.reading() as session:
            stores = {row.store for row in session.exec(select(WordsRow)) if WORDS_APART.encode() in row.content}
        assert stores == {"restricted"}
        assert WORDS_APART in library.document("nokkelskap", reader="redaktor").text.body

    def test_stands_in_no_other_file_and_no_log(self, library_with_routine, home_with_routine, caplog, capfd):
        """
        A backup of the index, or a log sent to whoever helps, must not take the words along.
        """
        library, home, rare = library_with_routine, home_with_routine, "tvillingnøkkelen"
        caplog.set_level("DEBUG")

        approve_with_everyone(
            library, a_routine("nokkelskap", title="Nøkkelskap", access="exempt", extra=f"Bruk {rare}.")
        )
        library.adopt("nokkelskap", "Fauske", by="beslutter.fauske")

        holds = {
            path.relative_to(home.path).parts[:2]
            for path in home.path.rglob("*")
            if path.is_file() and rare.encode() in path.read_bytes()
        }
        # What git and the index keep is compressed: the test above opens the one, and here the other is asked.
        assert {parts for parts in holds if not parts[0].startswith("samrutine.db")} <= {("index", "exempt")}
        assert "nokkelskap" not in library._parts.engine.contents()
        assert not library.search(rare).result.hits
        assert [hit.procedure_id for hit in library.search(rare, reader="redaktor").result.hits] == ["nokkelskap"]
        said = caplog.text + "".join(capfd.readouterr())
        assert rare not in said
        assert "okkelskap" not in said

    def test_leaves_the_shared_tree_when_it_was_open_before(self, library_with_routine, home_with_routine):
        """
        What everybody could read yesterday stays in the history; the words of today do not come there.
        """
        library, home = library_with_routine, home_with_routine

        change_with_everyone(library, a_routine(access="exempt", extra=WORDS_APART))

        assert faults(library) == []
        assert "handhygiene" not in git(home, "ls-tree", "-r", "--name-only", "main")
        assert WORDS_APART not in every_object(home)
        assert WORDS_APART in in_restricted(home, "show", "main:procedures/smittevern/handhygiene.md")

    def test_comes_into_the_shared_tree_when_it_is_opened(self, library_with_routine, home_with_routine):
        """
        An exemption may lapse. The words that were exempt stay apart.
        """
        library, home = library_with_routine, home_with_routine
        change_with_everyone(library, a_routine(access="exempt", extra=WORDS_APART))

        # By a member of the network: to others it is not there to be changed.
        change_with_everyone(library, a_routine(extra="Nå for alle."), by="medlem.saltdal")

        assert faults(library) == []
        assert "Nå for alle." in git(home, "show", "main:procedures/smittevern/handhygiene.md")
        assert WORDS_APART not in every_object(home)
        assert in_restricted(home, "ls-tree", "-r", "--name-only", "main") == ""


class TestHealing:
    def test_a_lost_restricted_repository_is_made_anew(self, home_with_routine):
        """
        It repeats what is decided, as the shared one does.
        """
        home = home_with_routine
        with home.opened() as library:
            approve_with_everyone(library, EXEMPT_TEXT)
        shutil.rmtree(home.path / "restricted.git" / "objects")
        (home.path / "restricted.git" / "objects").mkdir()

        with home.opened() as library:
            found = {code for code, _ in faults(library)}
            healed = library.repair()

            assert "git-objects" in found or "unreadable" in found
            assert healed.faults == ()
            assert WORDS_APART in in_restricted(home, "show", f"main:{RESTRICTED_PATH}")

    def test_words_that_stand_in_the_wrong_place_are_found(self, home_with_routine):
        """
        Somebody who puts the file on the restricted branch by hand has decided nothing.
        """
        home = home_with_routine
        with home.opened() as library:
            approve_with_everyone(library, EXEMPT_TEXT)
            tip = in_restricted(home, "rev-parse", "main").strip()
            tree = in_restricted(home, "rev-parse", "main^{tree}").strip()
            person = ("-c", "user.name=Fremmed", "-c", "user.email=fremmed@provevik.example")
            stray = in_restricted(home, *person, "commit-tree", tree, "-p", tip, "-m", "Fremmed").strip()
            in_restricted(home, "update-ref", "refs/heads/main", stray)

            found = {code for code, _ in faults(library)}
            healed = library.repair()

        assert found == {"restricted-tip"}
        assert healed.faults == ()

    def test_a_home_of_the_release_before_gets_the_repository_by_upgrading(self, home_with_routine):
        """
        Nobody should have to know that there now are two.
        """
        home = home_with_routine
        shutil.rmtree(home.path / "restricted.git")

        Library.upgrade(home.path)

        with home.opened() as library:
            approve_with_everyone(library, EXEMPT_TEXT)
            assert library.verify().faults == ()
