"""Who may read their own draft after its last words were found on the register."""

import pytest

from samrutine.projections.replay_proposals import ProposalDue
from samrutine.recovery.from_register_texts import _from_words
from samrutine.storage.rows import ProposalRow
from tests.support.clock import NOW
from tests.support.texts import a_routine


@pytest.mark.parametrize(
    ("others", "access", "hidden"),
    [(True, "exempt", True), (None, "exempt", True), (False, "exempt", False), (True, "open", False)],
    ids=["others' words are in it", "nobody can tell", "the author alone wrote it", "not exempt"],
)
def test_follows_from_the_decisions_and_in_doubt_it_is_hidden(others, access, hidden):
    """
    Who alone wrote an exempt draft reads it after a restore as before; what may be others' words waits for a role.
    """
    row = ProposalRow(id="f-1", procedure_id="handhygiene", hidden_from_author=False)
    known = ProposalDue("handhygiene", "n", "new", "a-1", 1, NOW, None, None, None, "1:0", 1, None, others)

    _from_words(row, a_routine(access=access), known)

    assert (row.hidden_from_author, row.access) == (hidden, access)
