"""An older backup, and a register that says that words were taken away since."""

from datetime import timedelta

import pytest

from samrutine import Library
from samrutine.errors import NotThisRegister
from samrutine.storage import bundles
from samrutine.storage.git import MAIN, REGISTER, GitStore
from samrutine.storage.sql import Database
from tests.procedures.test_redaction import files_with, objects_with
from tests.recovery.everything import rows_in
from tests.support.clock import NOW, Clock
from tests.support.stories import UNHEARD, agree_until_enough, not_projecting
from tests.support.texts import SECTIONS, a_routine

EDITOR = "redaktor"
NAME = "Oppdiktetsen"
"""One word, since keys are made of headings."""


@pytest.fixture(scope="module")
def redacted(tmp_path_factory, sqlite_templates):
    """
    A home where a name lay in a title, a heading, a hearing and an addition; a backup from then; and all of it redacted since.

    Made once, never changed. Gives the home and the folder of the backup.
    """
    place = tmp_path_factory.mktemp("redacted")
    home = sqlite_templates.copied_to(place / "home", "routine")
    with home.opened() as library:
        with not_projecting(library):
            named = _heard(library, home.clock)
            library.adopt("handhygiene", "Fauske", by="beslutter.fauske")
            note = ("handhygiene", "Fauske", "formal", "practical-note", f"Spør {NAME}.")
            added = library.add_addition(*note, by="ansvarlig.fauske")
        library._parts.projections.bring_up_to_date()
        assert objects_with(home.path, NAME) == ["library.git"]
        library.backup(place / "kopi")
        with not_projecting(library):
            _changed(library, a_routine("uheldig", title="Uheldig", sections=SECTIONS))
            library.drop_addition(added.addition, by="ansvarlig.fauske")
        [note] = [one.digest for one in library.traces(f"Spør {NAME}.", by=EDITOR)]
        library._parts.projections.bring_up_to_date()
        with not_projecting(library):
            for digest in (named, note):
                library.redact(digest, reason="Personopplysning.", by=EDITOR)
            # The words of this one lie in the new epoch alone.
            _changed(library, a_routine("uheldig", title="Uheldig", sections=SECTIONS, extra="Nytt."))
        library._parts.projections.bring_up_to_date()
        assert library.traces(NAME, by=EDITOR) == []
    assert files_with(home.path, NAME) == []
    return home, place / "kopi"


def _heard(library, clock):
    """Take a text with a name in it through a hearing and a round; gives its digest."""
    sections = {**SECTIONS, f"Spør {NAME}": f"Ring {NAME} straks."}
    made = library.propose(a_routine("uheldig", title=f"Uheldig {NAME}", sections=sections), by="skribent")
    library.open_hearing(
        made.proposal, digest=made.digest, by=EDITOR, parties=["municipality:fauske"],
        deadline=library.today + timedelta(days=4),
    )  # fmt: skip
    clock.forward(days=5)
    library.close_hearing(made.proposal, by=EDITOR)
    library.send(made.proposal, digest=made.digest, by=EDITOR)
    agree_until_enough(library, made)
    return made.digest


def _changed(library, data):
    made = library.propose(data, by="skribent", changes="uheldig", significance="minor")
    library.send(made.proposal, digest=made.digest, unheard=UNHEARD, by=EDITOR)
    agree_until_enough(library, made)


@pytest.fixture(scope="module")
def restored(redacted, tmp_path_factory):
    """The answer to the old backup, put back with what the register has since. The new home is changed by nobody."""
    home, folder = redacted
    return Library.restore(
        folder, tmp_path_factory.mktemp("restored") / "ny", register=home.path, from_register=True, clock=home.clock
    )


class TestABackupFromBeforeARedaction:
    def test_is_brought_up_to_date_from_the_new_epoch_of_the_branches(self, redacted, restored):
        """
        The branches were written anew since, so theirs do not go on from those in the backup; the decisions do.
        """
        home, _ = redacted

        kinds = [one.kind for one in restored.missing]

        ours, theirs = GitStore(restored.home / "library.git"), GitStore(home.path / "library.git")
        assert restored.faults == ()
        assert (kinds.count("words_redacted"), kinds[-1]) == (2, "version_approved")
        assert ours.tip(MAIN) == theirs.tip(MAIN)
        assert ours.is_ancestor(theirs.tip(REGISTER), ours.tip(REGISTER))
        assert ours.rewritten() == theirs.rewritten()

    def test_gives_none_of_the_words_back(self, restored):
        """
        Titles, headings, keys made of them, what was heard and what was proposed: all of it lay in the backup.
        """
        assert objects_with(restored.home, NAME) == []
        assert files_with(restored.home, NAME) == []
        assert files_with(restored.home, NAME.lower()) == []

    def test_has_every_row_as_it_was(self, redacted, restored):
        """
        Taken from the register, the decision leaves what it left when it was made.
        """
        home, _ = redacted
        before, after = Database(home.url), Database(f"sqlite:///{restored.home / 'samrutine.db'}")

        due, found = rows_in(before), rows_in(after, until=restored.missing[-1].number)

        for table in ("counter", "chain_head", "outbox_position"):
            due.pop(table), found.pop(table)
        for table, rows in due.items():
            assert found[table] == rows, table
        before.close()
        after.close()

    def test_is_told_what_is_missing_and_left_as_it_was_when_nothing_is_to_be_taken(self, redacted, tmp_path):
        """
        Look first: then the words are there again, and it is said what must be erased once more.
        """
        home, folder = redacted

        told = Library.restore(folder, tmp_path / "ny", register=home.path, clock=home.clock)

        assert (told.taken, told.faults) == (False, ())
        assert len(told.missing) > 2
        assert [one.kind for one in told.erase_again] == ["words_redacted", "words_redacted"]
        assert not [ref for ref in bundles.refs(GitStore(tmp_path / "ny" / "library.git")) if "theirs" in ref]


class TestARegisterThatWentAnotherWay:
    def test_is_refused_when_it_is_named(self, redacted, tmp_path, clock_of_another):
        """
        Another library's, or one that went on by itself from some decision: nothing of it may be taken, nor passed over.
        """
        _, folder = redacted
        Library.init(tmp_path / "andre", editor_login="en", editor_name="En", clock=clock_of_another).close()

        with pytest.raises(NotThisRegister):
            Library.restore(folder, tmp_path / "ny", register=tmp_path / "andre", from_register=True, clock=Clock(NOW))
