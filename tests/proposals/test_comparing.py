"""The verbs that compare: versions of a routine, and a proposal with what it would change."""

import pytest

from samrutine.errors import ProcedureNotFound, ProposalNotFound, VersionNotFound
from samrutine.proposals.prose_diff import Became
from samrutine.proposals.prose_words import PieceKind
from tests.support.stories import change_with_everyone
from tests.support.texts import a_routine


def new_words(diff):
    return [piece.text.strip() for one in diff.changes for piece in one.pieces if piece.kind is PieceKind.ADDED]


def test_two_versions_are_compared_whichever_is_older(any_library_with_routine):
    """
    Who decides on 1.1 reads what is new since 1.0; who looks back reads it the other way.
    """
    library = any_library_with_routine
    change_with_everyone(library, a_routine(extra="Gi 5 ml såpe."))

    forward, back = library.compare("handhygiene", "1.0"), library.compare("handhygiene", "1.1", "1.0")

    assert new_words(forward) == ["Gi 5 ml såpe."]
    assert [one.is_critical for one in forward.changes] == [True]
    assert new_words(back) == []
    assert library.compare("handhygiene", "1.1").is_nothing


def test_a_proposal_is_compared_with_the_version_it_was_begun_from(any_library_with_routine):
    """
    What somebody else got approved meanwhile is not what this proposal changes.
    """
    library = any_library_with_routine
    proposed = library.propose(a_routine(extra="Bruk krem."), by="skribent", changes="handhygiene")
    change_with_everyone(library, a_routine(extra="Gi 5 ml såpe."))

    diff = library.compare_proposal(proposed.proposal, reader="skribent")

    assert new_words(diff) == ["Bruk krem."]


def test_of_a_new_routine_everything_is_new(library):
    """
    There is nothing to compare with, and all of it is to be read.
    """
    proposed = library.propose(a_routine(), by="skribent")

    diff = library.compare_proposal(proposed.proposal, reader="skribent")

    assert {one.became for one in diff.changes} == {Became.ADDED}


def test_a_draft_of_somebody_else_is_not_found(library):
    """
    A comparison must not show what the draft itself does not.
    """
    proposed = library.propose(a_routine(), by="skribent")

    for reader in (None, "ansatt.fauske"):
        with pytest.raises(ProposalNotFound):
            library.compare_proposal(proposed.proposal, reader=reader)


def test_what_is_not_there_is_not_found(library_with_routine):
    """
    The error names the version that was asked for.
    """
    with pytest.raises(VersionNotFound, match=r"2\.0"):
        library_with_routine.compare("handhygiene", "1.0", "2.0")
    with pytest.raises(ProcedureNotFound):
        library_with_routine.compare("finnes-ikke", "1.0")
