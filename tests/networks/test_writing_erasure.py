"""Erasing what was said and not decided, row by row: what nobody should have written must not wait for years."""

import pytest

from samrutine.errors import InvalidRequest, NotAllowed, Refused
from samrutine.networks.text_erasure import NothingWrittenThere
from samrutine.networks.writing_erasure import WRITINGS, BecameAVersion, NotEndedYet
from samrutine.storage.rows import (
    BarrierRow,
    ChecklistRunRow,
    FeedbackRow,
    HearingRow,
    IncomingDocumentRow,
    OfferRow,
    VersionRow,
)
from tests.procedures.test_redaction import files_with
from tests.support.clock import NOW
from tests.support.collected import sent_in
from tests.support.stories import agree_until_enough, not_projecting
from tests.support.texts import a_routine

NAME = "Oppdiktet Pasientsen"
WHY = "Det sto en personopplysning der."


def said_everywhere(library):
    """Let somebody write a name wherever people write and nothing is decided; gives the proposal that was heard."""
    heard = library.propose(
        a_routine(extra=f"Ring {NAME}."), changes="handhygiene", meaning="Ny.", by="skribent", from_version="1.0"
    )
    library.open_hearing(heard.proposal, digest=heard.digest, parties=["municipality:1841"], by="leder")
    answered = library.answer_hearing(
        heard.proposal, "municipality:1841", remarks=[f"{NAME} må bort herfra."], by="ansatt.fauske"
    )
    library.close_hearing(heard.proposal, by="leder")
    library.reply_to_remark(answered.remarks[0], "taken", reply=f"Ja, {NAME} skal bort.", by="leder")
    mended = library.revise(
        heard.proposal, a_routine(extra="Ring avdelingen."), read_digest=heard.digest, by="skribent"
    )
    library.send(heard.proposal, digest=mended.digest, unheard="Rettet.", by="leder")
    agree_until_enough(library, mended)
    gone = library.propose(a_routine("sak", title=f"Saken til {NAME}"), by="skribent")
    library.withdraw(gone.proposal, reason="Ikke vår.", by="skribent")
    library.give_feedback("handhygiene", f"{NAME} fikk feil.", by="ansatt.fauske")
    library.wish(f"Hva gjør vi med {NAME}?", by="ansatt.fauske")
    with library._parts.database.writing() as session:
        session.add(
            IncomingDocumentRow(
                id="i-0123456789ab", network="smittevern", name="sak.docx", source_digest="0", size=1, state="rejected",
                text=b"", report="{}", received_at=NOW, received_by=library._actor("skribent"), decided_at=NOW,
                reason=f"Saken til {NAME}.",
            )
        )  # fmt: skip
        session.add(
            OfferRow(
                id="o-0123456789ab", proposal_id=heard.proposal, municipality="1841", procedure_id="handhygiene", place=0,
                kind="practical-note", section_key="", field="", text=f"Ring {NAME}.", departs=False,
                document_id="i-0123456789ab",
            )
        )  # fmt: skip
        session.add(BarrierRow(id="b-0123456789ab", text=f"{NAME} ser ikke.", given_at=NOW))
        session.add(
            ChecklistRunRow(
                id="j-0123456789ab", procedure_id="handhygiene", version="1.0", municipality="1841", whom=NAME,
                opened_by=library._actor("skribent"), keeper=library._actor("skribent"), opened_at=NOW,
                opened_on=library.today, touched_at=NOW, state="open",
            )
        )  # fmt: skip
    asked = library.ask_for_routines("smittevern", f"Alt {NAME} har", deadline=library.today, by="leder").collection
    library.answer_collection(asked, "Fauske", has_none=True, reason=f"{NAME} har dem.", by="ansvarlig.fauske")
    document = sent_in(library, "Fauske", "Sår", "## Formål\n\nStelle sår.\n")
    library.triage(document, "drop", reason=f"{NAME} har en bedre.", by="leder")
    return heard.proposal


class TestErasingARow:
    def test_takes_a_name_away_wherever_it_was_written_and_leaves_the_row(self, any_library_with_routine):
        """
        The law gives 72 hours, and the rules of retention give five years. Each place is found, emptied, and can be proved.
        """
        library = any_library_with_routine
        with not_projecting(library):
            proposal = said_everywhere(library)
        found = {one.what.partition(" ")[0]: one.lies for one in library.traces(NAME, by="redaktor")}

        made = {which: library.erase_text(which, reason=WHY, by="redaktor", decision_id=f"s{which}") for which in found}

        assert {which[0]: lies for which, lies in found.items()} == {key: one.lies for key, one in WRITINGS.items()}
        assert library.traces(NAME, by="redaktor") == []
        assert files_with(library._parts.home, NAME) == []
        assert library.verify().faults == ()
        again = {
            which: library.erase_text(which, reason=WHY, by="redaktor", decision_id=f"s{which}") for which in found
        }
        assert again == made
        view = library.hearing(proposal, reader="leder")
        gone = next(which for which, lies in found.items() if lies == "draft")
        assert all(b"tatt bort" in text for text in (view.text, library.get_proposal(gone, reader="skribent")[1]))
        assert [remark.text for party in view.parties for remark in party.remarks] == [None]
        assert {one.kind for one in library.erased(by="redaktor")} == {"writing_erased"}
        for which in found:
            with pytest.raises(Refused) as refused:
                library.erase_text(which, reason=WHY, by="redaktor")
            assert refused.value.reasons == (NothingWrittenThere(which),)

    def test_is_found_out_when_an_older_database_is_put_back(self, library_with_routine):
        """
        Then the name stands again, and the decision says that it does not.
        """
        library = library_with_routine
        said = library.give_feedback("handhygiene", f"{NAME} fikk feil.", by="ansatt.fauske").feedback
        library.erase_text(said, reason=WHY, by="redaktor")
        with library._parts.database.writing() as session:
            row = session.get_one(FeedbackRow, said)
            row.text = f"{NAME} fikk feil."
            session.add(row)

        assert [(one.code, one.detail) for one in library.verify().faults] == [("writing-not-erased", said)]

    def test_waits_for_what_people_work_with_and_leaves_versions_to_their_own_verb(self, library_with_routine):
        """
        An open proposal is mended by its author. The words of a version lie in git too.
        """
        library = library_with_routine
        draft = library.propose(a_routine("ny", title="Ny"), by="skribent")
        library.open_hearing(draft.proposal, digest=draft.digest, parties=["municipality:1841"], by="leder")
        with library._parts.database.reading() as session:
            approved = session.get_one(VersionRow, ("handhygiene", 1, 0)).proposal_id
            round_ = next(row.id for row in session.exec(HearingRow.__table__.select()))

        for which, reason in (
            (draft.proposal, NotEndedYet(draft.proposal)), (round_, NotEndedYet(round_)),
            (approved, BecameAVersion(approved)), ("t-0123456789ab", NothingWrittenThere("t-0123456789ab")),
        ):  # fmt: skip
            with pytest.raises(Refused) as refused:
                library.erase_text(which, reason=WHY, by="redaktor")
            assert refused.value.reasons == (reason,)
        with pytest.raises(InvalidRequest):
            library.erase_text(NAME, reason=WHY, by="redaktor")
        with pytest.raises(NotAllowed):
            library.erase_text(draft.proposal, reason=WHY, by="leder")
