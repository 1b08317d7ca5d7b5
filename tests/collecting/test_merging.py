"""What was sent in becomes one routine: which are the same, what is kept, the draft, and what each municipality is left."""

import pytest
from sqlmodel import select

from samrutine import NotAllowed, Refused
from samrutine.collecting.errors import OfferNotFound
from samrutine.collecting.model import AnotherComparison, OfferAlreadyTaken, OfferTooEarly, OneAlone, name_of
from samrutine.errors import ArgumentMissing, DecisionIdReused, ProposalNotFound
from samrutine.exchange.incoming.model import Finding
from samrutine.intake.chosen import DosesOfSeveral, RowsUndecided
from samrutine.intake.errors import IncomingNotFound
from samrutine.intake.model import NotLookedAt, StillHeldBack
from samrutine.intake.quarantine import held_back
from samrutine.intake.report import Report, Reported
from samrutine.intake.triage import OneIsKept, TriageMissing, TriageStands, TriageUnexplained
from samrutine.intake.variants import Compared
from samrutine.proposals.prose_words import Critical
from samrutine.storage.rows import DecisionTextRow, IncomingDocumentRow, OfferRow, TriageRow
from tests.support.collected import a_local_routine, a_shared_draft, approved, chosen, merged, sent_in, three_alike
from tests.support.texts import a_routine

OTHER = "## Formål\n\nHindre brann i boliger.\n\n## Rutine\n\nSlukk stearinlys, rydd rømningsveier og prøv røykvarsleren hver måned.\n"


class TestWhatIsHeldBack:
    @pytest.mark.parametrize(
        ("extra", "report", "reason"),
        [
            ("- Ring Kari på 900 00 000 først.\n", Report(), StillHeldBack),
            ("- Ring først.\n", Report(findings=(Reported("f1", Finding("words-missing")),)), NotLookedAt),
        ],
        ids=["held back", "lost"],
    )
    def test_comes_into_no_draft_before_somebody_has_dealt_with_it(self, library, extra, report, reason):
        """
        What one document may not bring into the library by itself it may not bring along with others.
        """
        ids = list(three_alike(library).values())
        ids.append(sent_in(library, "Fauske", "Prøver", a_local_routine(extra=extra), report=report))
        merged(library, ids)

        with pytest.raises(Refused) as refused:
            library.draft_from(ids, chosen(library, ids), by="redaktor")

        assert [type(one) for one in refused.value.reasons] == [reason]


class TestAlike:
    def test_what_several_sent_in_is_one_group_with_names_and_why(self, library):
        """
        Three titles, three phones, one routine: nobody reads nine binders to find that out.
        """
        ids = three_alike(library)
        fire = sent_in(library, "Fauske", "Brannvern", OTHER)

        found = library.alike(network="smittevern", reader="leder")

        (group,) = found.groups
        assert group.name == "Håndtering av blodprøver"
        assert {one.municipality for one in group.members} == {"Fauske", "Beiarn", "Saltdal"}
        assert {one.id for one in group.members} == set(ids.values())
        assert {pair.one for pair in group.sections} >= {"Formål", "Framgangsmåte"}
        assert [one.id for one in found.alone] == [fire]
        assert not group.in_library

    def test_what_the_library_has_is_told(self, library_with_routine):
        """
        What is faglig godkjent already is not collected and written once more.
        """
        library = library_with_routine
        text = a_routine().decode().split("---\n", 2)[2]
        sent_in(library, "Fauske", "Håndhygiene i Fauske", text)

        (group,) = library.alike(network="smittevern", reader="leder").groups

        assert group.in_library
        assert group.name == "Håndhygiene"
        assert "procedure:handhygiene" in {one.id for one in group.members}

    def test_only_those_of_the_collection_are_grouped_when_one_is_named(self, library):
        """
        Last year's collection is no part of this year's.
        """
        asked = library.ask_for_routines("smittevern", "Blodprøver", deadline=library.today, by="leder").collection
        ids = three_alike(library, asked)
        sent_in(library, "Meløy", "Prøver", a_local_routine("75 71 00 00", "Lederen"))

        (group,) = library.alike(asked, reader="leder").groups

        assert {one.id for one in group.members} == set(ids.values())
        with pytest.raises(ArgumentMissing):
            library.alike(reader="leder")

    def test_others_documents_are_not_there_for_who_has_nothing_to_do_with_them(self, library):
        """
        A municipality's unfinished routines are its own, and the network's that it sent them to.
        """
        ids = three_alike(library)

        seen = {
            who: library.alike(network="smittevern", reader=who) for who in (None, "skribent", "ansatt.fauske", "leder")
        }

        assert {who: len(found.names) for who, found in seen.items()} == {
            None: 0,
            "skribent": 0,
            "ansatt.fauske": 1,
            "leder": 3,
        }
        with pytest.raises(IncomingNotFound):
            library.side_by_side([ids["fauske"], ids["beiarn"]], reader="ansatt.fauske")

    def test_of_equally_many_titles_the_shortest_is_the_name(self):
        """
        The group must be called something, and the same each time.
        """
        assert name_of(["Blodprøver", "Taking av blodprøver", "Prøver"]) == "Prøver"
        assert name_of(["Taking av blodprøver", "Taking av blodprøver", "Prøver"]) == "Taking av blodprøver"


class TestSideBySide:
    def test_each_paragraph_is_the_same_local_or_only_there(self, library):
        """
        What to talk about stands out from what all say.
        """
        ids = three_alike(library)

        compared = library.side_by_side(ids.values(), reader="leder")

        kinds = {row.wordings[0].text: row.compared for row in compared.rows}
        assert kinds["Merk røret ved pasienten, aldri på forhånd."] is Compared.SAME
        assert kinds["Send prøven med taxi etter klokka 15."] is Compared.ONLY_HERE
        assert [row.compared for row in compared.rows if "laboratoriet" in row.wordings[0].text] == [Compared.LOCAL]

    def test_in_any_order_the_rows_and_the_digest_are_the_same(self, library):
        """
        Row 7 must mean the same to all who sit around the table.
        """
        ids = list(three_alike(library).values())

        assert library.side_by_side(ids, reader="leder") == library.side_by_side(ids[::-1], reader="leder")

    def test_a_routine_of_the_library_can_stand_beside(self, library_with_routine):
        """
        Where the library has it, the question is what it lacks.
        """
        library = library_with_routine
        mine = sent_in(library, "Fauske", "Håndhygiene", "## Formål\n\nHindre smitte mellom pasienter og ansatte.\n")

        compared = library.side_by_side([mine, "procedure:handhygiene"], reader="leder")

        assert [one.procedure for one in compared.variants] == [None, "handhygiene"]
        assert Compared.SAME in {row.compared for row in compared.rows}


class TestTriage:
    def test_who_drops_a_routine_says_why(self, library):
        """
        The one who wrote it will ask.
        """
        ids = three_alike(library)

        with pytest.raises(Refused) as refusal:
            library.triage(ids["fauske"], "drop", by="medlem.beiarn")

        assert isinstance(refusal.value.reasons[0], TriageUnexplained)
        library.triage(ids["fauske"], "drop", reason="Dekket av den fra Beiarn.", by="medlem.beiarn")
        found = library.alike(network="smittevern", reader="leder")
        assert found.names[ids["fauske"]].triage == "drop"

    def test_answers_of_a_group_agree(self, library):
        """
        One is kept as it is, or several are merged: not both.
        """
        ids = three_alike(library)
        library.triage(ids["fauske"], "keep", by="leder")

        with pytest.raises(Refused) as refusal:
            library.triage(ids["beiarn"], "merge", beside=[ids["fauske"]], by="leder")

        assert refusal.value.reasons == (OneIsKept(ids["fauske"]),)

    def test_the_same_answer_again_is_the_same_answer(self, library):
        """
        A second click is no quarrel.
        """
        ids = three_alike(library)

        assert library.triage(ids["fauske"], "merge", by="leder") == library.triage(ids["fauske"], "merge", by="leder")

    @pytest.mark.parametrize(("by", "error"), [("ansatt.fauske", NotAllowed), ("skribent", IncomingNotFound)])
    def test_only_the_network_answers(self, library, by, error):
        """
        Who sent it in may read it and not judge it; others do not know of it.
        """
        ids = three_alike(library)

        with pytest.raises(error):
            library.triage(ids["fauske"], "merge", by=by)


class TestDrafting:
    def test_a_draft_has_what_was_chosen_and_offers_the_rest_to_its_municipality(self, any_library):
        """
        Nothing that somebody sent in is lost without a word.
        """
        library = any_library
        ids = three_alike(library)

        made = a_shared_draft(library, ids.values(), decision_id="utkast")

        proposal, text = library.get_proposal(made.proposal, reader="leder")
        assert (proposal.title, proposal.kind.value, proposal.state.value) == (
            "Håndtering av blodprøver",
            "merge",
            "draft",
        )
        assert b"taxi" not in text
        assert b"{{telefon}}" in text
        # What nine municipalities wrote for themselves is for everybody when somebody says so.
        assert b"access: internal" in text
        assert {one.reference.partition("-")[0] for one in proposal.origins} == {"1841", "1839", "1840"}
        offers = library.offered(made.proposal, "Beiarn", reader="leder")
        assert {(one.kind.value, one.field) for one in offers} >= {
            ("local-information", "telefon"),
            ("practical-note", ""),
        }
        assert "75 56 00 00" in {one.text for one in offers}
        assert any("taxi" in (one.text or "") for one in offers)
        assert {one.municipality for one in library.offered(made.proposal, reader="leder")} == {"1841", "1839", "1840"}
        assert library.verify().is_clean

    def test_the_title_of_one_that_was_dropped_is_kept_without_what_was_held_back(self, library):
        """
        It was dropped since it named a person; in the draft's decision it would be named for ever.
        """
        ids = list(three_alike(library).values())
        title = "Pasient Kari Nordmann, kvinne 84 år"
        dropped = sent_in(
            library, "Fauske", title, a_local_routine(extra="- Ring først.\n"), report=Report(held=held_back(title))
        )
        merged(library, ids)
        library.triage(dropped, "drop", reason="Personopplysninger.", by="leder")

        library.draft_from([*ids, dropped], chosen(library, ids), by="redaktor")

        with library._parts.database.reading() as session:
            kept = [row.text or "" for row in session.exec(select(DecisionTextRow))]
        assert not [text for text in kept if "Kari" in text]
        assert any("mulig pasientopplysning" in text for text in kept)

    def test_a_second_call_is_the_same_act_though_the_documents_are_gone(self, library):
        """
        The line broke; whoever asks again must learn that it was done.
        """
        ids = three_alike(library)
        merged(library, ids.values())
        choices = chosen(library, ids.values())
        first = library.draft_from(ids.values(), choices, by="leder", decision_id="utkast")
        with library._parts.database.writing() as session:
            for one in ids.values():
                session.delete(session.get_one(IncomingDocumentRow, one))

        again = library.draft_from(ids.values(), choices, by="leder", decision_id="utkast")

        assert (again.proposal, again.digest, again.number) == (first.proposal, first.digest, first.number)
        with pytest.raises(DecisionIdReused):
            library.draft_from(ids.values(), {}, by="leder", decision_id="utkast")

    def test_what_was_looked_at_in_each_may_be_put_together(self, library):
        """
        A comment in the margin of one of nine must not end the work: somebody looks, and says so.
        """
        lost = Report(findings=(Reported("f1", Finding("words-missing")),))
        ids = [*three_alike(library).values(), sent_in(library, "Fauske", "Prøver", a_local_routine(), report=lost)]
        merged(library, ids)
        with pytest.raises(Refused) as refused:
            library.draft_from(ids, chosen(library, ids), by="redaktor")
        read = library.incoming_document(ids[-1], reader="leder").digest

        library.look_at_incoming(ids[-1], ["f1"], read_digest=read, by="leder")
        made = library.draft_from(ids, chosen(library, ids), access="open", responsible_role="fagleder", by="redaktor")

        assert refused.value.reasons == (NotLookedAt(ids[-1], "Prøver.docx", ("f1",)),)
        assert f"samrutine intake looked-at {ids[-1]} f1" in str(refused.value)
        _, text = library.get_proposal(made.proposal, reader="leder")
        assert b"access: open" in text
        assert b"responsible_role: fagleder" in text

    def test_doses_of_several_routines_are_put_together_only_when_somebody_has_read_them(self, library):
        """
        The step of one beside the dose table of another is how a draft comes to contradict itself.
        """
        table = "\n## Doser\n\n| Hvem | Dose |\n| -- | -- |\n| Voksen | {} |\n"
        ids = [
            sent_in(
                library,
                town,
                "Anafylaksi",
                f"## Framgangsmåte\n\n1. Ring 113.\n2. Gi adrenalin {dose} i låret.\n{table.format(dose)}",
            )
            for town, dose in (("Beiarn", "0,5 mg"), ("Fauske", "0,3 mg"))
        ]
        merged(library, ids)
        rows = library.side_by_side(ids, reader="leder").rows
        step, row = (one.number for one in rows if Critical.DOSE in one.critical)
        says = {
            dose: {n.number: k for n in rows for k, one in enumerate(n.wordings) if dose in one.text}
            for dose in ("0,5 mg", "0,3 mg")
        }
        mixed = {step: says["0,5 mg"][step], row: says["0,3 mg"][row]}

        with pytest.raises(Refused) as refused:
            library.draft_from(ids, mixed, by="redaktor")
        meant = library.draft_from(ids, mixed, doses_read=True, by="redaktor")

        assert refused.value.reasons == (DosesOfSeveral(f"{step + 1} (Beiarn), {row + 1} (Fauske)", (step, row)),)
        assert meant.number

    def test_doses_of_one_routine_ask_for_nothing(self, library):
        ids = [
            sent_in(
                library,
                town,
                "Anafylaksi",
                f"## Framgangsmåte\n\n1. Ring 113.\n2. Gi adrenalin {dose} i låret.\n3. Gi {dose} igjen.\n",
            )
            for town, dose in (("Beiarn", "0,5 mg"), ("Fauske", "0,3 mg"), ("Saltdal", "0,5 mg"))
        ]
        merged(library, ids)

        assert library.draft_from(ids, chosen(library, ids), by="redaktor").number

    def test_nothing_is_drafted_before_all_are_answered_and_all_rows_are_chosen(self, library):
        """
        What nobody looked at must not disappear.
        """
        ids = three_alike(library)
        with pytest.raises(Refused) as unanswered:
            library.draft_from(ids.values(), {}, by="leder")
        merged(library, ids.values())
        with pytest.raises(Refused) as unchosen:
            library.draft_from(ids.values(), {}, by="leder")

        assert isinstance(unanswered.value.reasons[0], TriageMissing)
        assert isinstance(unchosen.value.reasons[0], RowsUndecided)
        assert library.proposals(reader="leder") == []

    def test_choices_made_of_other_words_are_refused(self, library):
        """
        Row 7 was another paragraph when it was read.
        """
        ids = three_alike(library)
        merged(library, ids.values())
        read = library.side_by_side(ids.values(), reader="leder").digest
        choices = chosen(library, ids.values())
        with library._parts.database.writing() as session:
            session.get_one(IncomingDocumentRow, ids["fauske"]).text += b"\nMer.\n"

        with pytest.raises(Refused) as refusal:
            library.draft_from(ids.values(), choices, read=read, by="leder")

        assert refusal.value.reasons == (AnotherComparison(),)

    def test_when_a_draft_is_made_the_answers_stand(self, library):
        """
        The draft was made of them.
        """
        ids = three_alike(library)
        a_shared_draft(library, ids.values())

        with pytest.raises(Refused) as refusal:
            library.triage(ids["fauske"], "drop", reason="Nei.", by="leder")

        assert refusal.value.reasons == (TriageStands(),)

    def test_one_that_is_kept_becomes_the_draft_as_it_is(self, library):
        """
        The best of them may be good enough, and the others said so.
        """
        ids = three_alike(library)
        library.triage(ids["fauske"], "keep", by="leder")
        for town in ("beiarn", "saltdal"):
            library.triage(ids[town], "drop", reason="Fauske sin er best.", by="leder")

        made = library.draft_from(ids.values(), {}, by="leder")

        _, text = library.get_proposal(made.proposal, reader="leder")
        assert b"75 60 00 00" in text
        assert library.offered(made.proposal, reader="leder") == []

    def test_one_document_alone_is_no_shared_draft(self, library):
        """
        It is taken in as it is, with its own report.
        """
        one = sent_in(library, "Fauske", "Blodprøver", a_local_routine())
        library.triage(one, "keep", by="leder")

        with pytest.raises(Refused) as refusal:
            library.draft_from([one], {}, by="leder")

        assert refusal.value.reasons == (OneAlone(1),)

    def test_of_a_draft_that_one_may_not_know_of_nothing_is_offered(self, library):
        """
        A draft is a draft until it is heard or sent.
        """
        made = a_shared_draft(library)

        with pytest.raises(ProposalNotFound):
            library.offered(made.proposal, "Fauske", reader="ansatt.fauske")
        offer = library.offered(made.proposal, "Fauske", reader="leder")[0]
        with pytest.raises(OfferNotFound):
            library.take_offer(offer.id, by="ansatt.fauske")

    def test_a_home_where_it_was_rejected_keeps_nothing_of_it_in_the_rows(self, library):
        """
        What stands in no draft stands in no other place either.
        """
        ids = three_alike(library)
        merged(library, ids.values())

        with pytest.raises(Refused):
            library.draft_from(ids.values(), {99: 0}, by="leder")

        with library._parts.database.reading() as session:
            assert session.exec(select(OfferRow)).all() == []
            assert {row.proposal_id for row in session.exec(select(TriageRow))} == {None}


class TestTakingOffers:
    def test_a_municipality_takes_back_what_it_had_and_nobody_does_it_for_the_neighbour(self, library):
        """
        Its phone is filled in and its habit is printed beside the shared step, each by its own decision.
        """
        made = a_shared_draft(library)
        procedure = approved(library, made)
        offers = {one.kind.value: one for one in library.offered(made.proposal, "Beiarn", reader="beslutter.beiarn")}
        phone = next(
            one for one in library.offered(made.proposal, "Beiarn", reader="beslutter.beiarn") if one.field == "telefon"
        )

        for by in ("beslutter.fauske", "leder", "redaktor"):
            with pytest.raises(NotAllowed):
                library.take_offer(phone.id, by=by)
        filled = library.take_offer(phone.id, by="beslutter.beiarn", decision_id="telefon")
        added = library.take_offer(offers["practical-note"].id, by="beslutter.beiarn")

        assert library.take_offer(phone.id, by="beslutter.beiarn", decision_id="telefon").number == filled.number
        values = {one.key: one.value for one in library.local_information(procedure, "Beiarn")}
        assert values["telefon"] == "75 56 00 00"
        assert [one.addition for one in library.additions(procedure, "Beiarn")] == [added.addition]
        left = library.offered(made.proposal, "Beiarn", reader="beslutter.beiarn")
        assert {one.taken_number for one in left} >= {filled.number, added.number}
        with pytest.raises(Refused) as refusal:
            library.take_offer(phone.id, by="beslutter.beiarn")
        assert refusal.value.reasons == (OfferAlreadyTaken(filled.number),)
        assert library.verify().is_clean

    def test_before_the_routine_is_approved_nothing_is_laid_over_it(self, library):
        """
        There is nothing to add to yet; the offer stands.
        """
        made = a_shared_draft(library)
        offer = library.offered(made.proposal, "Fauske", reader="leder")[0]

        with pytest.raises(Refused) as refusal:
            library.take_offer(offer.id, by="leder")

        assert refusal.value.reasons == (OfferTooEarly(made.proposal),)
