"""What SQL says is hidden from whom, and how it is refused."""

import pytest

from samrutine.errors import ProcedureNotFound, ProposalNotFound
from samrutine.procedures.access import (
    hidden_procedures,
    hidden_proposals,
    require_readable,
    require_readable_proposal,
)
from tests.support.texts import a_routine

READ_IT = ("redaktor", "leder", "medlem.beiarn", "ansvarlig.fauske", "beslutter.beiarn")
MAY_NOT = (None, "ansatt.fauske", "skribent")


def _make_exempt(session, procedure="handhygiene"):
    from samrutine.storage.rows import ProcedureRow

    row = session.get_one(ProcedureRow, procedure)
    row.access = "exempt"
    session.add(row)


class TestRoutines:
    def test_an_exempt_routine_is_hidden_from_those_who_neither_write_nor_decide(self, any_library_with_routine):
        """
        Exempt from public access means most employees too: who has no need of it does not learn that it exists.
        """
        library = any_library_with_routine
        with library._parts.database.writing() as session:
            _make_exempt(session)

        with library._parts.database.reading() as session:
            hidden = {who: hidden_procedures(session, who, library.today) for who in (*READ_IT, *MAY_NOT)}

        assert hidden == {
            **dict.fromkeys(READ_IT, frozenset()), **dict.fromkeys(MAY_NOT, frozenset({"handhygiene"})),
        }  # fmt: skip

    def test_a_hidden_routine_is_refused_in_the_words_of_a_missing_one(self, library_with_routine):
        """
        "You may not see it" says that it is there.
        """
        library = library_with_routine
        with library._parts.database.writing() as session:
            _make_exempt(session)

        with library._parts.database.reading() as session, pytest.raises(ProcedureNotFound) as refused:
            require_readable(session, "handhygiene", "ansatt.fauske", library.today)
        with pytest.raises(ProcedureNotFound) as missing:
            library.versions("finnes-ikke")

        assert str(refused.value).replace("handhygiene", "finnes-ikke") == str(missing.value)


class TestProposals:
    def test_a_draft_is_hidden_until_it_is_sent(self, any_library):
        """
        Whoever writes shows it when it is ready, and then to all.
        """
        library = any_library
        draft = library.propose(a_routine("utkast"), by="skribent")

        with library._parts.database.reading() as session:
            before = {
                who: draft.proposal in hidden_proposals(session, who, library.today)
                for who in ("skribent", "leder", "medlem.beiarn", "redaktor", None, "ansatt.fauske", "beslutter.meloy")
            }
        with library._parts.database.reading() as session, pytest.raises(ProposalNotFound):
            require_readable_proposal(session, draft.proposal, "beslutter.meloy", library.today)

        assert [who for who, hides in before.items() if hides] == [None, "ansatt.fauske", "beslutter.meloy"]
