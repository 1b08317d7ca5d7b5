"""Propose, revise, send, approve: on a real database with a real repository beside it."""

import threading

import pytest
from sqlmodel import select

from samrutine.errors import (
    BaseMoved,
    DecisionIdReused,
    IdTaken,
    InvalidRequest,
    InvalidText,
    NetworkNotFound,
    NotAllowed,
    PersonNotFound,
    ProcedureNotFound,
    ProposalNotFound,
    Refused,
    TextChanged,
)
from samrutine.procedures.text import canonical, digest
from samrutine.proposals.model import ProposalState, Significance
from samrutine.storage.decisions import DecisionId
from samrutine.storage.rows import ApprovalRow, DecisionRow, DecisionTextRow, ProposalRow, SectionRow, WaitingRow
from tests.support.stories import APPROVERS, UNHEARD, approve_with_everyone, change_with_everyone, propose_and_send
from tests.support.texts import NATIONAL_ID, SECTIONS, a_routine

NEW = a_routine("vaktskifte", title="Vaktskifte")


def decided(library):
    """Give how many decisions there are."""
    return library.verify().decisions


def reasons_of(caught):
    """Give the names of the reasons in a refusal."""
    return [type(one).__name__ for one in caught.value.reasons]


class TestProposing:
    def test_keeps_the_text_as_a_draft_and_sends_nothing(self, any_library):
        """
        Saving never sends: a half-finished thought is nobody's inbox.
        """
        proposed = any_library.propose(NEW, by="skribent", name="vaktskifte.md")

        proposal, text = any_library.get_proposal(proposed.proposal, reader="redaktor")
        assert (proposal.state, proposal.author_municipality, proposal.base_version) == (
            ProposalState.DRAFT,
            "1837",
            None,
        )
        assert proposal.digest == proposed.digest
        assert b"Vaktskifte" in text
        assert proposed.projected
        assert any_library.procedures() == []

    def test_proposing_the_same_text_again_gives_the_same_draft(self, library):
        """
        A second click, or an import run twice, is not a second draft.
        """
        first = library.propose(NEW, by="skribent")
        before = decided(library)

        second = library.propose(NEW, by="skribent")

        assert (second.proposal, second.unchanged, second.number) == (first.proposal, True, None)
        assert not first.unchanged
        assert decided(library) == before

    def test_the_same_change_of_another_sort_is_another_proposal(self, library_with_routine):
        """
        A correction that turns out to be significant must not vanish into the draft of the correction.
        """
        library, text = library_with_routine, a_routine(extra="Ny.")
        minor = library.propose(text, changes="handhygiene", significance="minor", by="skribent")

        major = library.propose(text, changes="handhygiene", significance="major", meaning="Vask mer.", by="skribent")
        reworded = library.propose(text, changes="handhygiene", meaning="Vask oftere.", by="skribent")
        again = library.propose(text, changes="handhygiene", meaning="Vask mer.", by="skribent")

        assert len({minor.proposal, major.proposal, reworded.proposal}) == 3
        assert (again.proposal, again.unchanged) == (major.proposal, True)
        assert library.get_proposal(reworded.proposal, reader="redaktor")[0].meaning == "Vask oftere."

    def test_the_same_text_from_a_newer_version_is_a_new_draft(self, any_library_with_routine):
        """
        The stale draft can never be approved; whoever proposes again must not be handed it back.
        """
        library, text = any_library_with_routine, a_routine(extra="En.")
        stale = library.propose(text, changes="handhygiene", significance="minor", by="ansatt.fauske")
        change_with_everyone(library, a_routine(extra="To."))

        fresh = library.propose(text, changes="handhygiene", significance="minor", by="ansatt.fauske")

        assert fresh.proposal != stale.proposal
        assert str(library.get_proposal(fresh.proposal, reader="redaktor")[0].base_version) == "1.1"
        assert library.send(fresh.proposal, digest=fresh.digest, unheard=UNHEARD, by="leder").needed == 2

    def test_a_text_that_is_the_newest_version_already_is_nothing_new(self, any_library_with_routine):
        """
        There is nothing to agree to, and nothing wrong either.
        """
        library = any_library_with_routine
        before = decided(library)

        answers = [
            library.propose(a_routine(), by=who, changes=named)
            for who, named in (("leder", None), ("skribent", "handhygiene"))
        ]

        (approved,) = library.proposals(reader="redaktor")
        assert [(one.unchanged, str(one.version), one.proposal) for one in answers] == [(True, "1.0", approved.id)] * 2
        assert decided(library) == before

    def test_what_a_change_means_is_kept_beside_the_chain_and_not_in_it(self, library):
        """
        Free text may have to be erased one day, and the chain must hold all the same.
        """
        meaning = "Ring vakttelefonen først."
        draft = library.propose(NEW, by="skribent", meaning=meaning, decision_id="d-1")
        library.revise(
            draft.proposal,
            a_routine("vaktskifte", extra="x"),
            read_digest=draft.digest,
            meaning="Ring 113.",
            by="skribent",
        )

        with library._parts.database.reading() as session:
            texts = session.exec(
                select(DecisionTextRow.name, DecisionTextRow.text).order_by(DecisionTextRow.number)
            ).all()
            records = [row.record for row in session.exec(select(DecisionRow))]
        assert texts[-2:] == [("meaning", meaning), ("meaning", "Ring 113.")]
        assert not any(meaning in one or "Ring 113." in one for one in records)
        assert library.propose(NEW, by="skribent", meaning=meaning, decision_id="d-1").number == draft.number
        with pytest.raises(DecisionIdReused):
            library.propose(NEW, by="skribent", meaning="Noe annet.", decision_id="d-1")

    @pytest.mark.parametrize(
        ("meaning", "error"),
        [(f"Spør {NATIONAL_ID}.", Refused), ("Skriv til navn@gmail.com.", Refused), ("x" * 1001, InvalidRequest), ("a\0b", InvalidRequest)],
        ids=["national id", "private address", "too long", "a character no store holds"],
    )  # fmt: skip
    def test_what_a_change_means_is_a_few_lines_about_nobody(self, library, meaning, error):
        """
        It is printed with the version, for all nine and for good.
        """
        draft = library.propose(NEW, by="skribent")

        with pytest.raises(error):
            library.propose(a_routine("annet"), by="skribent", meaning=meaning)
        with pytest.raises(error):
            library.revise(draft.proposal, NEW, read_digest=draft.digest, by="skribent", meaning=meaning)

        assert len(library.proposals(reader="redaktor")) == 1

    def test_an_id_that_has_a_draft_is_taken(self, library):
        """
        Two drafts of one routine would meet at the approval, where one would be lost.
        """
        library.propose(NEW, by="skribent")

        with pytest.raises(IdTaken):
            library.propose(a_routine("vaktskifte", extra="Min egen."), by="ansatt.fauske")

    def test_an_id_that_is_approved_is_changed_by_name_only(self, library_with_routine):
        """
        A text must not take a routine over because somebody wrote its id in the front matter.
        """
        with pytest.raises(IdTaken):
            library_with_routine.propose(a_routine(extra="Ny."), by="skribent")
        with pytest.raises(IdTaken):
            library_with_routine.propose(NEW, changes="handhygiene", by="skribent")
        with pytest.raises(ProcedureNotFound):
            library_with_routine.propose(NEW, changes="vaktskifte", by="skribent")

    def test_a_routine_does_not_move_to_another_network_by_a_line_in_a_text(self, library_with_routine):
        """
        A network takes a routine over by a decision, in the open.
        """
        with pytest.raises(IdTaken):
            library_with_routine.propose(a_routine(network="omsorg"), changes="handhygiene", by="skribent")

    @pytest.mark.parametrize(
        ("data", "error"),
        [
            (b"---\ntitle: uten resten\n---\n", InvalidText),
            (a_routine(extra=f"Pasienten er {NATIONAL_ID}."), InvalidText),
            (a_routine(extra="<script>alert(1)</script>"), InvalidText),
            (a_routine(network="finnes-ikke"), NetworkNotFound),
        ],
        ids=["not whole", "a national id", "a script", "no such network"],
    )
    def test_keeps_nothing_of_what_must_not_be_kept(self, library, data, error):
        """
        A draft is read by others too: what must not be in the library must not be in a draft.
        """
        before = decided(library)

        with pytest.raises(error):
            library.propose(data, by="skribent")

        assert library.proposals(reader="redaktor") == []
        assert decided(library) == before

    def test_somebody_without_any_role_proposes_nothing(self, library):
        """
        A name in the library is not yet a place in it.
        """
        library.add_person("ny.ansatt", "Ny", by="redaktor")

        with pytest.raises(NotAllowed):
            library.propose(NEW, by="ny.ansatt")
        with pytest.raises(PersonNotFound):
            library.propose(NEW, by="ingen")
        with pytest.raises(PersonNotFound):
            library.propose(NEW, by="system")

    def test_names_what_must_be_mended_before_it_is_sent(self, library):
        """
        The writer may save what is not finished, and is told what is missing.
        """
        unfinished = a_routine("vaktskifte", subject="finnes-ikke")

        proposed = library.propose(unfinished, by="skribent")

        assert [one.key for one in proposed.findings] == ["subject-unknown"]
        with pytest.raises(Refused) as caught:
            library.send(proposed.proposal, digest=proposed.digest, unheard=UNHEARD, by="leder")
        assert reasons_of(caught) == ["TextHasFaults"]


class TestDecisionIds:
    def test_the_same_id_again_is_the_same_act(self, any_library):
        """
        When the network drops, the click is made again; it must not count twice.
        """
        first = any_library.propose(NEW, by="skribent", decision_id="d-1")
        again = any_library.propose(NEW, by="skribent", decision_id="d-1")
        sent = any_library.send(first.proposal, digest=first.digest, unheard=UNHEARD, by="leder", decision_id="d-2")
        sent_again = any_library.send(
            first.proposal, digest=first.digest, unheard=UNHEARD, by="leder", decision_id="d-2"
        )

        before = decided(any_library)
        answers = [
            any_library.approve(first.proposal, digest=first.digest, by=who, decision_id=f"d-{who}")
            for who in (*APPROVERS, *APPROVERS)
        ]

        assert (again.proposal, again.number) == (first.proposal, first.number)
        assert sent_again == sent
        assert answers[:4] == answers[4:]
        assert str(answers[-1].version) == "1.0"
        assert decided(any_library) == before + 5

    def test_the_same_id_for_another_act_is_refused(self, any_library):
        """
        An id reused by mistake would make the second act vanish without a word.
        """
        first = any_library.propose(NEW, by="skribent", decision_id="d-1")
        before = decided(any_library)

        with pytest.raises(DecisionIdReused):
            any_library.propose(a_routine("annen"), by="skribent", decision_id="d-1")
        with pytest.raises(DecisionIdReused):
            any_library.propose(NEW, by="ansatt.fauske", decision_id="d-1")
        with pytest.raises(DecisionIdReused):
            any_library.send(first.proposal, digest=first.digest, unheard=UNHEARD, by="leder", decision_id="d-1")

        assert decided(any_library) == before

    def test_an_id_that_names_a_part_of_another_act_is_refused(self, any_library):
        """
        The version that follows from an approval has an id of its own; nobody else may use it.
        """
        proposal = propose_and_send(any_library, NEW)
        for who in APPROVERS:
            any_library.approve(proposal.id, digest=proposal.digest, by=who, decision_id=f"yes-{who}")

        with pytest.raises(InvalidRequest):
            any_library.propose(a_routine("annen"), by="skribent", decision_id="yes-leder:1")

    def test_an_id_of_an_earlier_release_in_the_way_of_a_part_of_an_act_is_told_as_such(self, any_library):
        """
        «x:1» could be given once; an act called x that makes two decisions must not be told that the store is damaged.
        """
        proposal = propose_and_send(any_library, NEW)
        for who in APPROVERS[:-1]:
            any_library.approve(proposal.id, digest=proposal.digest, by=who)
        drafting, by, now = any_library._parts.drafting, any_library._actor("skribent"), any_library._now()
        drafting.propose(
            a_routine("annen"), "annen", changes=None, significance=Significance.MAJOR, meaning=None, by=by, now=now,
            decision_id=DecisionId("yes:1"),
        )  # fmt: skip

        with pytest.raises(DecisionIdReused):
            any_library.approve(proposal.id, digest=proposal.digest, by="leder", decision_id="yes")

        assert any_library.approve(proposal.id, digest=proposal.digest, by="leder").version is not None

    @pytest.mark.parametrize(
        "given", ["", "x" * 101, "to\nlinjer", "Navn Navnesen", "navn@samrutine.example", "p01819000049", "01819000049",
                  "a:1", "-a", "prøve"],
    )  # fmt: skip
    def test_an_id_is_one_short_word_that_is_nobodys(self, library, given):
        """
        It stands in the chain and in git for ever, where neither a name nor a number of a person can be erased.
        """
        with pytest.raises(InvalidRequest) as told:
            library.propose(NEW, by="skribent", decision_id=given)

        assert not given or given not in str(told.value)

    @pytest.mark.parametrize("given", ["0", "A.b_c-9", "x" * 100, "01819000-0491-4111-8111-018190000499"])
    def test_an_id_that_a_program_makes_is_taken(self, library, given):
        """
        A number of its own, a UUID: whatever digits happen to stand in it.
        """
        made = library.propose(NEW, by="skribent", decision_id=given)

        assert made.number is not None

    def test_a_refused_act_leaves_its_id_free(self, library):
        """
        Nothing was decided, so nothing was named.
        """
        draft = library.propose(NEW, by="skribent")
        with pytest.raises(NotAllowed):
            library.send(draft.proposal, digest=draft.digest, unheard=UNHEARD, by="skribent", decision_id="d-1")

        assert library.propose(a_routine("annen"), by="skribent", decision_id="d-1").number


class TestRevising:
    def test_another_text_voids_what_was_agreed_visibly(self, any_library):
        """
        Nobody may find their name under words they never read.
        """
        proposal = propose_and_send(any_library, NEW)
        any_library.approve(proposal.id, digest=proposal.digest, by="medlem.beiarn")

        revised = any_library.revise(
            proposal.id, a_routine("vaktskifte", extra="Nytt."), read_digest=proposal.digest, by="leder"
        )

        now, text = any_library.get_proposal(proposal.id, reader="redaktor")
        assert (now.state, now.digest) == (ProposalState.APPROVAL, revised.digest)
        assert (len(now.valid_approvals), len(now.void_approvals)) == (0, 1)
        assert b"Nytt." in text
        assert any_library.approve(proposal.id, digest=now.digest, by="medlem.beiarn").standing.given == 1

    def test_what_was_agreed_before_is_not_counted_with_what_is_agreed_after(self, library):
        """
        Three who read the old text and one who read the new are not four.
        """
        proposal = propose_and_send(library, NEW)
        for who in APPROVERS[:3]:
            library.approve(proposal.id, digest=proposal.digest, by=who)
        revised = library.revise(
            proposal.id, a_routine("vaktskifte", extra="Nytt."), read_digest=proposal.digest, by="skribent"
        )

        answer = library.approve(proposal.id, digest=revised.digest, by="leder")

        assert (answer.version, answer.standing.given) == (None, 1)

    def test_a_text_that_could_not_be_sent_does_not_come_into_the_round(self, library):
        """
        Else the round would be a way around every check that guards its opening.
        """
        proposal = propose_and_send(library, NEW)

        with pytest.raises(Refused) as caught:
            library.revise(
                proposal.id, a_routine("vaktskifte", subject="finnes-ikke"), read_digest=proposal.digest, by="leder"
            )

        assert reasons_of(caught) == ["TextHasFaults"]
        assert library.get_proposal(proposal.id, reader="redaktor")[0].digest == proposal.digest

    def test_a_new_meaning_beside_the_same_words_makes_nobody_their_writer(self, library):
        """
        The leader who adds the three lines still reads the text with fresh eyes.
        """
        draft = library.propose(NEW, by="skribent")
        library.revise(draft.proposal, NEW, read_digest=draft.digest, meaning="Ring først.", by="leder")

        assert library.get_proposal(draft.proposal, reader="redaktor")[0].revisers == ()

    def test_nobody_overwrites_words_they_have_not_read(self, library):
        """
        Two with the same draft open: the second must see what the first wrote.
        """
        draft = library.propose(NEW, by="skribent")
        library.revise(draft.proposal, a_routine("vaktskifte", extra="En."), read_digest=draft.digest, by="skribent")

        with pytest.raises(TextChanged):
            library.revise(draft.proposal, a_routine("vaktskifte", extra="To."), read_digest=draft.digest, by="leder")

    def test_a_proposal_stays_about_its_routine(self, library):
        """
        What the network was asked about is what it answers.
        """
        draft = library.propose(NEW, by="skribent")

        with pytest.raises(IdTaken):
            library.revise(draft.proposal, a_routine("annen"), read_digest=draft.digest, by="skribent")
        with pytest.raises(IdTaken):
            library.revise(
                draft.proposal, a_routine("vaktskifte", network="omsorg"), read_digest=draft.digest, by="skribent"
            )

    def test_refuses_those_who_may_not_and_texts_that_may_not(self, library):
        """
        A draft has few hands, and the rules for words hold for the second text as for the first.
        """
        draft = library.propose(NEW, by="skribent")

        with pytest.raises(NotAllowed):
            library.revise(draft.proposal, a_routine("vaktskifte"), read_digest=draft.digest, by="medlem.beiarn")
        with pytest.raises(InvalidText):
            library.revise(
                draft.proposal, a_routine("vaktskifte", extra=NATIONAL_ID), read_digest=draft.digest, by="skribent"
            )
        with pytest.raises(ProposalNotFound):
            library.revise("f-finnes-ikke", NEW, read_digest=draft.digest, by="skribent")

    def test_an_approved_text_is_not_revised(self, library_with_routine):
        """
        It is what nine municipalities were promised.
        """
        (proposal,) = library_with_routine.proposals(reader="redaktor")

        with pytest.raises(Refused) as caught:
            library_with_routine.revise(proposal.id, a_routine(extra="x"), read_digest=proposal.digest, by="leder")

        assert reasons_of(caught) == ["StepNotNow"]

    def test_the_same_id_again_is_the_same_revision(self, library):
        """
        Also when the text has been revised again since.
        """
        draft = library.propose(NEW, by="skribent")
        one, two = (a_routine("vaktskifte", extra=word) for word in ("En.", "To."))
        first = library.revise(draft.proposal, one, read_digest=draft.digest, by="skribent", decision_id="r-1")
        library.revise(draft.proposal, two, read_digest=first.digest, by="skribent")

        again = library.revise(draft.proposal, one, read_digest=draft.digest, by="skribent", decision_id="r-1")

        assert again.number == first.number
        assert b"To." in library.get_proposal(draft.proposal, reader="redaktor")[1]


class TestSending:
    def test_opens_the_round_and_pins_the_policy(self, any_library):
        """
        A round is judged by the rule it began with, and the network's inbox shows it.
        """
        draft = any_library.propose(NEW, by="skribent")

        sent = any_library.send(draft.proposal, digest=draft.digest, unheard=UNHEARD, by="leder")

        proposal, _ = any_library.get_proposal(draft.proposal, reader="redaktor")
        assert (proposal.state, sent.needed) == (ProposalState.APPROVAL, 4)
        assert proposal.policy is not None
        assert proposal.policy.id == "felles"
        with any_library._parts.database.reading() as session:
            (waiting,) = session.exec(select(WaitingRow)).all()
        assert (waiting.body, waiting.what, waiting.closed_number) == ("network:smittevern", "approve-proposal", None)

    def test_sends_the_text_that_was_read_and_no_other(self, library):
        """
        The leader with the page open must not send words that came after.
        """
        draft = library.propose(NEW, by="skribent")
        library.revise(draft.proposal, a_routine("vaktskifte", extra="Nytt."), read_digest=draft.digest, by="skribent")

        with pytest.raises(TextChanged):
            library.send(draft.proposal, digest=draft.digest, unheard=UNHEARD, by="leder")

    def test_refuses_those_who_do_not_lead(self, library):
        """
        A round takes the time of nine municipalities.
        """
        draft = library.propose(NEW, by="skribent")

        for who, error in (
            ("skribent", NotAllowed),
            ("medlem.beiarn", NotAllowed),
            ("beslutter.fauske", ProposalNotFound),
        ):
            with pytest.raises(error):
                library.send(draft.proposal, digest=draft.digest, unheard=UNHEARD, by=who)

    def test_a_significant_change_waits_for_its_three_lines(self, library_with_routine):
        """
        «Hva betyr endringen for meg?» is what an employee reads.
        """
        library = library_with_routine
        draft = library.propose(a_routine(extra="Alltid."), changes="handhygiene", significance="major", by="skribent")
        with pytest.raises(Refused) as caught:
            library.send(draft.proposal, digest=draft.digest, unheard=UNHEARD, by="leder")
        library.revise(
            draft.proposal, a_routine(extra="Alltid."), read_digest=draft.digest, meaning="Vask oftere.", by="skribent"
        )

        library.send(draft.proposal, digest=draft.digest, unheard=UNHEARD, by="leder")

        assert reasons_of(caught) == ["MeaningMissing"]

    def test_a_draft_whose_ground_moved_is_not_sent(self, library_with_routine):
        """
        It would take back what was approved meanwhile.
        """
        library = library_with_routine
        draft = library.propose(a_routine(extra="En."), changes="handhygiene", significance="minor", by="ansatt.fauske")
        change_with_everyone(library, a_routine(extra="To."))

        with pytest.raises(BaseMoved) as caught:
            library.send(draft.proposal, digest=draft.digest, unheard=UNHEARD, by="leder")

        assert (caught.value.places["base"], caught.value.places["current"]) == ("1.0", "1.1")


class TestApproving:
    def test_becomes_a_version_with_the_last_yes_that_is_needed_and_not_before(self, any_library):
        """
        «Nok godkjenninger: 4 av 4» and faglig godkjent are one and the same moment.
        """
        proposal = propose_and_send(any_library, NEW)

        answers = [any_library.approve(proposal.id, digest=proposal.digest, by=who) for who in APPROVERS]

        assert [one.version is not None for one in answers] == [False, False, False, True]
        assert [one.standing.given for one in answers] == [1, 2, 3, 4]
        (version,) = any_library.versions("vaktskifte")
        assert (str(version.version), version.digest, version.approved_by) == ("1.0", proposal.digest, "smittevern")
        assert any_library.verify().is_clean

    def test_four_members_without_the_leader_are_not_enough(self, library):
        """
        The policy asks for the leader and three others, and means it.
        """
        proposal = propose_and_send(library, NEW)

        for slug in ("beiarn", "gildeskal", "hamaroy", "saltdal"):
            last = library.approve(proposal.id, digest=proposal.digest, by=f"medlem.{slug}")

        assert last.version is None
        assert last.standing.leader_missing
        assert library.approve(proposal.id, digest=proposal.digest, by="leder").version is not None

    def test_approves_the_text_that_was_read_and_no_other(self, any_library):
        """
        What was read is what is approved: the digest travels with the form.
        """
        proposal = propose_and_send(any_library, NEW)
        any_library.revise(
            proposal.id, a_routine("vaktskifte", extra="Nytt."), read_digest=proposal.digest, by="skribent"
        )

        with pytest.raises(TextChanged):
            any_library.approve(proposal.id, digest=proposal.digest, by="leder")

        assert any_library.get_proposal(proposal.id, reader="redaktor")[0].approvals == ()

    def test_four_eyes(self, library):
        """
        Whoever wrote the text is the last to see what is wrong with it.
        """
        proposal = propose_and_send(library, NEW, by="medlem.beiarn")

        with pytest.raises(NotAllowed) as caught:
            library.approve(proposal.id, digest=proposal.digest, by="medlem.beiarn")

        assert reasons_of(caught) == ["AuthorCannotApprove"]

    def test_whoever_rewrote_the_text_is_not_among_those_who_approve_it(self, library):
        """
        Else a leader could write the words in somebody's draft and then find them sound.
        """
        draft = library.propose(NEW, by="skribent")
        own = library.revise(
            draft.proposal, a_routine("vaktskifte", extra="Mitt."), read_digest=draft.digest, by="leder"
        )
        last = library.revise(
            draft.proposal, a_routine("vaktskifte", extra="Mer."), read_digest=own.digest, by="skribent"
        )
        library.send(draft.proposal, digest=last.digest, unheard=UNHEARD, by="redaktor")

        with pytest.raises(NotAllowed) as caught:
            library.approve(draft.proposal, digest=last.digest, by="leder")

        assert reasons_of(caught) == ["AuthorCannotApprove"]
        (reviser, _) = library.get_proposal(draft.proposal, reader="redaktor")[0].revisers
        assert reviser.municipality == "1841"

    def test_the_revisers_colleague_does_not_count(self, library):
        """
        The common policy wants eyes from elsewhere, whoever held the pen.
        """
        library.grant("ansatt.fauske", "member", "network:smittevern", by="redaktor")
        draft = library.propose(NEW, by="skribent")
        text = a_routine("vaktskifte", extra="Mitt.")
        revised = library.revise(draft.proposal, text, read_digest=draft.digest, by="leder")
        library.send(draft.proposal, digest=revised.digest, unheard=UNHEARD, by="redaktor")

        with pytest.raises(NotAllowed) as caught:
            library.approve(draft.proposal, digest=revised.digest, by="ansatt.fauske")

        assert reasons_of(caught) == ["AuthorsMunicipalityDoesNotCount"]

    def test_a_round_does_not_remember_another_proposals_writers(self, library_with_routine):
        """
        Who wrote last year's change may judge this year's.
        """
        library = library_with_routine
        other = library.propose(a_routine(extra="En."), changes="handhygiene", significance="minor", by="ansatt.fauske")
        library.revise(other.proposal, a_routine(extra="To."), read_digest=other.digest, by="leder")

        answer = change_with_everyone(library, a_routine(extra="Tre."))

        assert str(answer.version) == "1.1"

    def test_the_last_yes_makes_no_version_of_a_text_that_may_not_be_one(self, library):
        """
        The rules and the library's settings may change while the round goes on; what is printed then must be right.
        """
        proposal = propose_and_send(library, NEW)
        faulty = canonical(a_routine("vaktskifte", subject="finnes-ikke"), "vaktskifte")
        with library._parts.database.writing() as session:
            row = session.get_one(ProposalRow, proposal.id)
            row.text, row.digest = faulty, digest(faulty)
        answers = [library.approve(proposal.id, digest=digest(faulty), by=who) for who in APPROVERS[:3]]

        with pytest.raises(Refused) as caught:
            library.approve(proposal.id, digest=digest(faulty), by="leder")

        assert [one.version for one in answers] == [None] * 3
        assert reasons_of(caught) == ["TextHasFaults"]
        assert library.procedures() == []
        assert len(library.get_proposal(proposal.id, reader="redaktor")[0].approvals) == 3

    def test_nothing_waits_for_the_network_when_it_has_decided(self, library_with_routine):
        """
        An inbox full of what is done is an inbox nobody opens.
        """
        with library_with_routine._parts.database.reading() as session:
            (waiting,) = session.exec(select(WaitingRow).where(WaitingRow.what == "approve-proposal")).all()

        assert waiting.closed_number is not None

    def test_the_authors_colleague_does_not_count(self, library):
        """
        The common policy wants eyes from elsewhere.
        """
        library.add_person("kollega", "Kollega", by="redaktor")
        library.grant("kollega", "employee", "municipality:1837", by="redaktor")
        library.grant("kollega", "member", "network:smittevern", by="redaktor")
        proposal = propose_and_send(library, NEW, by="skribent")

        with pytest.raises(NotAllowed) as caught:
            library.approve(proposal.id, digest=proposal.digest, by="kollega")

        assert reasons_of(caught) == ["AuthorsMunicipalityDoesNotCount"]

    def test_refuses_those_outside_twice_and_before_it_is_sent(self, library):
        """
        Each refusal says its own reason.
        """
        draft = library.propose(NEW, by="skribent")
        with pytest.raises(Refused) as before:
            library.approve(draft.proposal, digest=draft.digest, by="leder")
        library.send(draft.proposal, digest=draft.digest, unheard=UNHEARD, by="leder")
        with pytest.raises(NotAllowed) as outside:
            library.approve(draft.proposal, digest=draft.digest, by="redaktor")
        library.approve(draft.proposal, digest=draft.digest, by="leder")
        with pytest.raises(Refused) as twice:
            library.approve(draft.proposal, digest=draft.digest, by="leder")

        assert [reasons_of(one) for one in (before, outside, twice)] == [
            ["StepNotNow"],
            ["LacksRole"],
            ["AlreadyApproved"],
        ]

    def test_nothing_more_is_agreed_to_after_it_is_approved(self, library_with_routine):
        """
        The fifth yes comes too late to mean anything.
        """
        (proposal,) = library_with_routine.proposals(reader="redaktor")

        with pytest.raises(Refused) as caught:
            library_with_routine.approve(proposal.id, digest=proposal.digest, by="medlem.saltdal")

        assert reasons_of(caught) == ["StepNotNow"]

    def test_of_two_changes_in_their_rounds_the_slower_is_told_that_its_ground_moved(self, any_library_with_routine):
        """
        The second would silently take the first one back.
        """
        library = any_library_with_routine
        slow = propose_and_send(
            library, a_routine(extra="En."), changes="handhygiene", significance="minor", by="ansatt.fauske"
        )
        change_with_everyone(library, a_routine(extra="To."))

        with pytest.raises(BaseMoved):
            library.approve(slow.id, digest=slow.digest, by="medlem.beiarn")

        assert [str(one.version) for one in library.versions("handhygiene")] == ["1.0", "1.1"]

    def test_numbers_follow_from_how_much_it_changes(self, any_library_with_routine):
        """
        The number on the paper says whether it must be read again.
        """
        library = any_library_with_routine

        minor = change_with_everyone(library, a_routine(extra="En."))
        major = change_with_everyone(library, a_routine(extra="To."), significance="major", meaning="Vask mer.")
        after = change_with_everyone(library, a_routine(extra="Tre."))

        assert [str(one.version) for one in (minor, major, after)] == ["1.1", "2.0", "2.1"]
        assert [str(one.version) for one in library.versions("handhygiene")] == ["1.0", "1.1", "2.0", "2.1"]
        assert library.verify().is_clean

    def test_puts_the_version_into_every_municipalitys_inbox(self, any_library_with_routine):
        """
        Nine are asked; a newer version replaces the older question.
        """
        library = any_library_with_routine
        change_with_everyone(library, a_routine(extra="En."))

        with library._parts.database.reading() as session:
            rows = session.exec(select(WaitingRow).where(WaitingRow.what == "consider-version")).all()

        waiting = [row for row in rows if row.closed_number is None]
        assert (len(rows), len(waiting)) == (18, 9)
        assert {row.id.split(":")[1] for row in waiting} == {"1.1"}

    def test_remembers_where_a_section_came_from(self, any_library_with_routine):
        """
        A municipality's addition to a section follows the section when its heading changes.
        """
        library = any_library_with_routine
        renamed = {("Slik gjør du" if key == "Framgangsmåte" else key): words for key, words in SECTIONS.items()}
        change_with_everyone(library, a_routine(sections=renamed))

        with library._parts.database.reading() as session:
            rows = session.exec(select(SectionRow).where(SectionRow.minor == 1)).all()

        assert {row.key: row.earlier_key for row in rows}["slik-gjor-du"] == "framgangsmate"

    def test_a_routine_that_changes_subject_leaves_its_old_folder(self, any_library_with_routine):
        """
        The same routine in two folders would be two routines to whoever clones.
        """
        library = any_library_with_routine
        change_with_everyone(library, a_routine(subject="helsestasjon"))

        store = library._parts.documents._words._stores["library"]
        files = store.tree(store.tip("refs/heads/main"))

        assert [path for path in files if path.startswith("procedures/")] == ["procedures/helsestasjon/handhygiene.md"]

    def test_two_who_are_the_last_to_agree_make_one_version(self, any_home):
        """
        Both click at ten past two. There is one version, and both were heard.
        """
        with any_home.opened() as library:
            proposal = propose_and_send(library, NEW)
            for who in APPROVERS[:3]:
                library.approve(proposal.id, digest=proposal.digest, by=who)
        answers, ready = {}, threading.Barrier(2)

        def agree(who):
            with any_home.opened() as own:
                ready.wait()
                try:
                    answers[who] = own.approve(proposal.id, digest=proposal.digest, by=who).version is not None
                except Refused as refused:
                    answers[who] = reasons_of_error(refused)

        def reasons_of_error(refused):
            return [type(one).__name__ for one in refused.reasons]

        threads = [threading.Thread(target=agree, args=(who,)) for who in ("leder", "medlem.saltdal")]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        with any_home.opened() as library:
            assert len(library.versions("vaktskifte")) == 1
            assert library.verify().is_clean
            with library._parts.database.reading() as session:
                kept = session.exec(select(ApprovalRow)).all()
        assert answers["leder"] is True
        assert answers["medlem.saltdal"] in (False, ["StepNotNow"])
        assert len(kept) == (5 if answers["medlem.saltdal"] is False else 4)


class TestWithdrawing:
    def test_ends_a_draft_and_frees_its_id(self, any_library):
        """
        Somebody's forgotten draft must not keep a routine out for ever.
        """
        draft = any_library.propose(NEW, by="skribent")

        withdrawn = any_library.withdraw(draft.proposal, reason="Dekket av en annen.", by="skribent")

        assert (withdrawn.proposal, withdrawn.procedure) == (draft.proposal, "vaktskifte")
        assert any_library.get_proposal(draft.proposal, reader="redaktor")[0].state is ProposalState.WITHDRAWN
        theirs = any_library.propose(NEW, by="ansatt.fauske")
        mine = any_library.propose(a_routine("annen"), by="skribent")
        assert len({draft.proposal, theirs.proposal, mine.proposal}) == 3
        assert any_library.verify().is_clean

    def test_ends_an_open_round_and_nothing_waits(self, any_library):
        """
        The nine are not asked about what nobody wants any more.
        """
        proposal = propose_and_send(any_library, NEW)
        any_library.approve(proposal.id, digest=proposal.digest, by="medlem.beiarn")

        any_library.withdraw(proposal.id, reason="Loven er endret.", by="leder")

        with pytest.raises(Refused) as caught:
            any_library.approve(proposal.id, digest=proposal.digest, by="leder")
        assert reasons_of(caught) == ["StepNotNow"]
        with any_library._parts.database.reading() as session:
            (waiting,) = session.exec(select(WaitingRow)).all()
        assert waiting.closed_number is not None
        assert [one.kind for one in any_library.history("vaktskifte")][-1] == "proposal_withdrawn"

    def test_the_reason_is_known_and_can_be_erased(self, library):
        """
        Whoever agreed may ask why; the words are kept as every free text is.
        """
        draft = library.propose(NEW, by="skribent")

        made = library.withdraw(draft.proposal, reason="  Dekket av en annen. ", by="redaktor")

        with library._parts.database.reading() as session:
            (kept,) = session.exec(select(DecisionTextRow).where(DecisionTextRow.number == made.number)).all()
        assert (kept.name, kept.text) == ("reason", "Dekket av en annen.")

    def test_the_same_id_again_is_the_same_withdrawal(self, library):
        """
        The click that got no answer is made again.
        """
        draft = library.propose(NEW, by="skribent")

        first, again = (
            library.withdraw(draft.proposal, reason="Nei.", by="skribent", decision_id="w-1") for _ in range(2)
        )

        assert again == first

    def test_refuses_others_empty_reasons_and_what_is_decided(self, library_with_routine):
        """
        Each refusal leaves the proposal as it was.
        """
        library = library_with_routine
        (approved,) = library.proposals(reader="redaktor")
        draft = library.propose(NEW, by="skribent")

        with pytest.raises(NotAllowed):
            library.withdraw(draft.proposal, reason="Vil ikke ha den.", by="medlem.beiarn")
        with pytest.raises(ProposalNotFound):
            library.withdraw(draft.proposal, reason="Vil ikke ha den.", by="ansatt.fauske")
        with pytest.raises(InvalidRequest):
            library.withdraw(draft.proposal, reason="  ", by="skribent")
        with pytest.raises(Refused):
            library.withdraw(draft.proposal, reason=f"Gjelder {NATIONAL_ID}.", by="skribent")
        with pytest.raises(Refused) as caught:
            library.withdraw(approved.id, reason="Ombestemt.", by="leder")
        with pytest.raises(ProposalNotFound):
            library.withdraw("f-finnes-ikke", reason="Nei.", by="leder")

        assert reasons_of(caught) == ["StepNotNow"]
        assert library.get_proposal(draft.proposal, reader="redaktor")[0].state is ProposalState.DRAFT
        library.withdraw(draft.proposal, reason="Nei.", by="skribent")
        with pytest.raises(Refused):
            library.withdraw(draft.proposal, reason="Nei.", by="skribent")
        with pytest.raises(Refused):
            library.revise(draft.proposal, NEW, read_digest=draft.digest, by="skribent")


class TestImporting:
    def test_each_file_comes_in_on_its_own(self, library, tmp_path):
        """
        One bad file among forty must not keep thirty-nine out.
        """
        folder = tmp_path / "inn"
        (folder / "under").mkdir(parents=True)
        (folder / ".git").mkdir()
        (folder / "a.md").write_bytes(a_routine("en"))
        (folder / "under" / "b.md").write_bytes(a_routine("to"))
        (folder / "c.md").write_bytes(b"ikke en rutine")
        (folder / "d.md").write_bytes(a_routine("en", extra="Annen tekst."))
        (folder / ".git" / "e.md").write_bytes(a_routine("skjult"))
        (folder / "f.md").symlink_to(folder / "a.md")
        (folder / "g.txt").write_text("ikke Markdown")
        told = []

        brought = library.import_folder(folder, by="skribent", on_file=told.append)

        assert told == ["a.md", "c.md", "d.md", "under/b.md"]
        assert [one.file for one in brought.drafts] == ["a.md", "under/b.md"]
        assert [(one.file, type(one.error)) for one in brought.refused] == [("c.md", InvalidText), ("d.md", IdTaken)]

    def test_again_changes_nothing(self, library, tmp_path):
        """
        Whoever is unsure whether it worked runs it again.
        """
        (tmp_path / "inn").mkdir()
        (tmp_path / "inn" / "a.md").write_bytes(NEW)
        library.import_folder(tmp_path / "inn", by="skribent")
        before = decided(library)

        again = library.import_folder(tmp_path / "inn", by="skribent")

        assert [one.proposed.unchanged for one in again.drafts] == [True]
        assert decided(library) == before

    def test_what_is_approved_meanwhile_is_no_error(self, library, tmp_path):
        """
        The folder is the municipality's own copy; it is run again when a file in it was mended.
        """
        (tmp_path / "inn").mkdir()
        (tmp_path / "inn" / "a.md").write_bytes(NEW)
        (tmp_path / "inn" / "b.md").write_bytes(a_routine("annet"))
        approve_with_everyone(library, NEW)

        brought = library.import_folder(tmp_path / "inn", by="redaktor")

        assert [(one.file, str(one.proposed.version)) for one in brought.approved] == [("a.md", "1.0")]
        assert [one.file for one in brought.drafts] == ["b.md"]
        assert brought.refused == ()

    def test_no_such_folder_is_said(self, library, tmp_path):
        """
        A typing error must not look like an empty folder.
        """
        with pytest.raises(InvalidRequest):
            library.import_folder(tmp_path / "finnes-ikke", by="skribent")


class TestReading:
    def test_lists_by_state_and_network(self, library_with_routine):
        """
        A leader asks what waits in their own network.
        """
        library = library_with_routine
        library.propose(NEW, by="skribent")
        library.propose(a_routine("annet", network="omsorg"), by="skribent")

        assert [one.procedure_id for one in library.proposals(reader="redaktor")] == [
            "handhygiene",
            "vaktskifte",
            "annet",
        ]
        assert [one.procedure_id for one in library.proposals(state=ProposalState.DRAFT, reader="redaktor")] == [
            "vaktskifte",
            "annet",
        ]
        assert [one.procedure_id for one in library.proposals(network="omsorg", reader="redaktor")] == ["annet"]

    def test_history_tells_who_agreed_and_when(self, any_library):
        """
        In two years somebody asks who said yes.
        """
        approve_with_everyone(any_library, NEW)

        events = any_library.history("vaktskifte")

        assert [one.kind for one in events] == [
            "proposed",
            "proposal_sent",
            *["approval_given"] * 4,
            "version_approved",
        ]
        assert events[2].name == "Navn Navnesen Medlem.Beiarn"
        assert events[-1].name is None
        with pytest.raises(ProcedureNotFound):
            any_library.history("finnes-ikke")
