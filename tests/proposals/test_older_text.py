"""A text made from an older version: whoever proposes says so, or is asked, so that nothing is taken out unseen."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samrutine.errors import BaseMoved, Refused, VersionNotFound
from samrutine.procedures.model import VersionNumber
from samrutine.proposals.older_text import ReadsAsOlder, reads_as
from tests.support.stories import UNHEARD, change_with_everyone
from tests.support.texts import SECTIONS, a_routine

LATER = a_routine(sections={**SECTIONS, "Avvik": "Meld alle avvik.\n\nRing vakten først.\n\nSkriv ned klokkeslettet."})
FROM_FIRST = a_routine(extra="Gjelder også vikarer.")
MINOR = {"by": "skribent", "changes": "handhygiene", "significance": "minor"}
FIRST = VersionNumber(1, 0)
LINES = st.lists(st.sampled_from([f"Linje {number}." for number in range(12)]), unique=True, min_size=1)


def as_text(lines):
    return "\n".join(lines).encode()


class TestReadingAsOlder:
    def test_knows_a_text_that_undoes_all_that_came_later(self):
        """
        The file was fetched in March; the new paragraphs came in May.
        """
        found = reads_as(FROM_FIRST, LATER, [(FIRST, a_routine())])

        assert found == FIRST

    def test_says_nothing_of_a_text_made_from_the_newest(self):
        """
        Most are: nobody is to be asked for nothing.
        """
        made = LATER.replace(b"Meld alle avvik.", b"Meld hvert avvik.")

        assert reads_as(made, LATER, [(FIRST, a_routine())]) is None

    def test_says_nothing_of_a_text_that_is_new_throughout(self):
        """
        A text written from the beginning is like none of the versions.
        """
        made = as_text(f"Ny setning {number}." for number in range(9))

        assert reads_as(made, LATER, [(FIRST, a_routine())]) is None

    @given(newest=LINES, older=LINES)
    def test_the_newest_itself_never_reads_as_older(self, newest, older):
        """
        Nothing is nearer to a text than the text.
        """
        assert reads_as(as_text(newest), as_text(newest), [(FIRST, as_text(older))]) is None


class TestProposing:
    def test_refuses_a_text_that_takes_out_what_came_later_unseen(self, any_library_with_routine):
        """
        With one click the network would have agreed to losing what it agreed to in May.
        """
        library = any_library_with_routine
        change_with_everyone(library, LATER)

        with pytest.raises(Refused) as caught:
            library.propose(FROM_FIRST, **MINOR)

        (reason,) = caught.value.reasons
        assert reason == ReadsAsOlder("handhygiene", "1.0", "1.1")
        assert "--from-version 1.1" in caught.value.text("nb")

    def test_a_draft_from_an_older_version_is_refreshed_before_it_is_sent(self, any_library_with_routine):
        """
        The one who says where the text came from loses nothing: the machine puts the two together.
        """
        library = any_library_with_routine
        change_with_everyone(library, LATER)

        made = library.propose(FROM_FIRST, from_version="1.0", **MINOR)

        again = library.propose(FROM_FIRST, from_version="1.0", **MINOR)
        assert (again.proposal, again.unchanged) == (made.proposal, True)
        with pytest.raises(BaseMoved):
            library.send(made.proposal, digest=made.digest, unheard=UNHEARD, by="redaktor")
        library.refresh(made.proposal, read_digest=made.digest, by="skribent")
        text = library.get_proposal(made.proposal, reader="skribent")[1].decode()
        assert "Ring vakten først." in text
        assert "også vikarer" in text
        assert library.verify().is_clean

    def test_who_means_to_take_it_out_says_so(self, library_with_routine):
        """
        What was wrong may be taken out again, openly.
        """
        library = library_with_routine
        change_with_everyone(library, LATER)

        made = library.propose(FROM_FIRST, from_version="1.1", **MINOR)

        assert library.get_proposal(made.proposal, reader="skribent")[0].base_version == VersionNumber(1, 1)

    def test_a_version_there_is_not_is_refused(self, library_with_routine):
        """
        A slip of the finger starts from nothing.
        """
        with pytest.raises(VersionNotFound):
            library_with_routine.propose(FROM_FIRST, from_version="7.0", **MINOR)
