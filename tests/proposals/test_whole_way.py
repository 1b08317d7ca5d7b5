"""Hearing before approval, several networks, what a change means, what a proposal came of, and a stop by the network."""

import pytest
from sqlmodel import select

from samrutine import InvalidRequest, NotAllowed, Refused
from samrutine.actors import Role, network_body
from samrutine.errors import MunicipalityNotFound, NotFound
from samrutine.procedures.model import VersionNumber
from samrutine.proposals.model import Origin, OriginKind, ProposalKind, ProposalState, Significance
from samrutine.proposals.rules import (
    HearingMissing,
    MeaningTooLong,
    network_of,
    reasons_against_approving,
    reasons_against_leaving_out_hearing,
    reasons_against_meaning,
    reasons_against_rejecting,
)
from samrutine.proposals.transitions import StepNotNow
from samrutine.storage.rows import ApprovalRow, NotificationRow, ProposalOriginRow
from tests.support.builders import (
    NETWORK,
    PROVEVIK,
    TESTNES,
    TODAY,
    a_leader,
    a_member,
    a_policy,
    a_proposal,
    an_actor,
    an_editor,
)
from tests.support.stories import APPROVERS, UNHEARD, propose_and_send
from tests.support.texts import a_routine

NEW = a_routine("vaktskifte")
TWO_NETWORKS = a_routine("vaktskifte").replace(
    b"network: smittevern\n", b"network: smittevern\nco_networks: [omsorg]\n"
)


def reasons_of(caught):
    """Give the names of the reasons of a refusal."""
    return [type(one).__name__ for one in caught.value.reasons]


class TestTheHearing:
    @pytest.mark.parametrize(
        ("changed", "policy", "unheard", "missing"),
        [
            ({}, {}, None, True),
            ({}, {}, "Hastet.", False),
            ({"heard": True}, {}, None, False),
            ({}, {"hearing_weeks": 0}, None, False),
            ({"kind": ProposalKind.CHANGE, "significance": Significance.MINOR}, {}, None, False),
            ({"kind": ProposalKind.CHANGE}, {}, None, True),
            ({"kind": ProposalKind.NEW, "significance": Significance.MINOR}, {}, None, True),
            ({"kind": ProposalKind.MERGE, "significance": Significance.MINOR}, {}, None, True),
            ({"kind": ProposalKind.WITHDRAWAL, "significance": Significance.MINOR}, {}, None, True),
        ],
        ids=[
            "new",
            "new with a reason",
            "heard",
            "no weeks",
            "minor",
            "major",
            "new called minor",
            "merge",
            "withdrawal",
        ],
    )
    def test_is_asked_for_unless_the_change_is_minor(self, changed, policy, unheard, missing):
        """
        Who calls a new routine a small correction gets round nobody.
        """
        proposal = a_proposal(state=ProposalState.DRAFT, **changed)

        reasons = reasons_against_leaving_out_hearing(proposal, a_policy(**policy), unheard)

        assert reasons == ([HearingMissing(proposal.id, 3)] if missing else [])

    def test_is_left_out_only_with_a_reason_that_approvers_see(self, any_library):
        """
        The leader may have good grounds; those who agree must know that nobody else has read it.
        """
        draft = any_library.propose(NEW, by="skribent")
        with pytest.raises(Refused) as caught:
            any_library.send(draft.proposal, digest=draft.digest, by="leder")
        with pytest.raises(Refused):
            any_library.send(draft.proposal, digest=draft.digest, unheard="  ", by="leder")

        any_library.send(draft.proposal, digest=draft.digest, unheard="Lest på møtet.", by="leder")

        assert reasons_of(caught) == ["HearingMissing"]
        assert any_library.look_at_proposal(draft.proposal).unheard == "Lest på møtet."


class TestWhatAChangeMeans:
    @pytest.mark.parametrize(
        ("meaning", "reasons"),
        [
            (None, []),
            ("En.\nTo.\nTre.", []),
            ("En.\n\nTo.\n\nTre.\n", []),
            ("En.\nTo.\nTre.\nFire.", [MeaningTooLong(4)]),
        ],
        ids=["none", "three", "three with space between", "four"],
    )
    def test_takes_three_lines(self, meaning, reasons):
        """
        It is read between two patients.
        """
        assert reasons_against_meaning(meaning) == reasons

    def test_a_longer_one_is_not_kept(self, library):
        """
        Neither with the first text nor with a later one.
        """
        draft = library.propose(NEW, by="skribent")

        with pytest.raises(Refused) as proposed:
            library.propose(a_routine("annet"), meaning="1\n2\n3\n4", by="skribent")
        with pytest.raises(Refused) as revised:
            library.revise(draft.proposal, NEW, read_digest=draft.digest, meaning="1\n2\n3\n4", by="skribent")

        assert reasons_of(proposed) == reasons_of(revised) == ["MeaningTooLong"]


class TestSeveralNetworks:
    def test_a_member_of_a_co_network_may_agree_for_it(self):
        """
        A routine on two fields needs the eyes of both.
        """
        proposal = a_proposal(by="actor-kari", co_networks=("omsorg",))
        member = a_member("actor-ola", TESTNES, network="omsorg")

        assert reasons_against_approving(proposal, member, a_policy(), TODAY) == []
        assert network_of(proposal, member, TODAY) == "omsorg"

    def test_one_who_is_in_both_agrees_for_the_owner(self):
        """
        The owner's rule is the one with numbers.
        """
        proposal = a_proposal(co_networks=("omsorg",))
        both = an_actor("actor-ola", (Role.MEMBER, network_body("omsorg")), (Role.MEMBER, network_body(NETWORK)))

        assert network_of(proposal, both, TODAY) == NETWORK

    def test_a_member_of_any_other_may_not(self):
        """
        Nobody asked them.
        """
        stranger = a_member("actor-ola", TESTNES, network="boteam")

        assert network_of(a_proposal(co_networks=("omsorg",)), stranger, TODAY) is None

    def test_the_text_is_faglig_godkjent_when_each_has_said_yes(self, any_library):
        """
        Four from the owner are not enough while the other field has somebody who has not read it.
        """
        library = any_library
        library.grant("ansatt.fauske", "member", "network:omsorg", by="redaktor")
        proposal = propose_and_send(library, TWO_NETWORKS)
        for one in APPROVERS:
            answer = library.approve(proposal.id, digest=proposal.digest, by=one)

        last = library.approve(proposal.id, digest=proposal.digest, by="ansatt.fauske")

        assert (answer.version, answer.standing.networks_missing) == (None, ("omsorg",))
        assert last.version == VersionNumber(1, 0)
        with library._parts.database.reading() as session:
            assert set(session.exec(select(ApprovalRow.network))) == {"smittevern", "omsorg"}
        assert library.verify().is_clean

    def test_who_is_asked_does_not_change_in_an_open_round(self, library):
        """
        A network could else be written out of a text that it was about to refuse.
        """
        library.grant("ansatt.fauske", "member", "network:omsorg", by="redaktor")
        proposal = propose_and_send(library, TWO_NETWORKS)

        with pytest.raises(Refused) as caught:
            library.revise(proposal.id, NEW, read_digest=proposal.digest, by="skribent")

        assert reasons_of(caught) == ["CoNetworksStand"]


def _a_wish(library, sentence, **how):
    return Origin(OriginKind.WISH, library.wish(sentence, by="skribent", **how).wish)


class TestWhatItCameOf:
    @pytest.mark.parametrize("kind", [OriginKind.FEEDBACK, OriginKind.WISH, OriginKind.ADDITION])
    def test_what_is_not_there_is_no_origin(self, any_library, kind):
        """
        The reference is kept for ever: somebody's own words, or a name, must not come in by it.
        """
        with pytest.raises(NotFound):
            any_library.propose(NEW, origins=[Origin(kind, "Navn Navnesen klaget")], by="skribent")

        assert any_library.proposals(reader="skribent") == []

    def test_a_local_routine_comes_in_by_the_verb_that_keeps_its_words_apart(self, library):
        """
        What a municipality calls its own routine is free text.
        """
        with pytest.raises(InvalidRequest):
            library.propose(NEW, origins=[Origin(OriginKind.LOCAL_ROUTINE, "Perm hos Navn Navnesen")], by="skribent")

    def test_a_wish_that_is_met_or_meant_for_another_network_is_no_origin(self, any_library_with_routine):
        """
        Proposing is no way round what may be taken up.
        """
        library = any_library_with_routine
        met, others = _a_wish(library, "Hvem vasker?"), _a_wish(library, "Når vasker vi?", network="helsestasjon")
        library.take_up_wish(met.reference, procedure="handhygiene", by="leder")

        said = []
        for origin in (met, others):
            with pytest.raises(Refused) as caught:
                library.propose(a_routine("annen"), origins=[origin], by="leder")
            said += reasons_of(caught)

        assert said == ["DealtWith", "ForAnotherNetwork"]

    def test_feedback_is_an_origin_of_a_change_of_the_routine_it_is_about(self, any_library_with_routine):
        """
        What was said of hand hygiene is not answered by another routine.
        """
        library = any_library_with_routine
        given = library.give_feedback("handhygiene", "Uklart.", by="skribent").feedback

        with pytest.raises(Refused) as caught:
            library.propose(a_routine("annen"), origins=[Origin(OriginKind.FEEDBACK, given)], by="leder")

        assert reasons_of(caught) == ["ForAnotherRoutine"]

    def test_a_proposal_keeps_its_origins(self, any_library):
        """
        Whoever said that something was wrong shall find what became of it.
        """
        origins = (_a_wish(any_library, "Hvem vasker?"), _a_wish(any_library, "Når vasker vi?"))

        made = any_library.propose(NEW, origins=[*origins, *origins], by="skribent", decision_id="d-1")
        again = any_library.propose(NEW, origins=origins, by="skribent", decision_id="d-1")

        found, _ = any_library.get_proposal(made.proposal, reader="skribent")
        assert set(found.origins) == set(origins)
        assert made.number == again.number
        assert any_library.verify().is_clean

    def test_an_origin_that_was_changed_is_found(self, library):
        """
        What came of whose wish is part of what was decided.
        """
        library.propose(NEW, origins=[_a_wish(library, "Hvem vasker?")], by="skribent")

        with library._parts.database.writing() as session:
            session.delete(session.exec(select(ProposalOriginRow)).one())

        assert {one.code for one in library.verify().faults} == {"origin"}

    def test_one_routine_of_several_local_ones_names_them_all(self, any_library):
        """
        Fauske and Beiarn each had one; the shared one says where its words are from.
        """
        sources = [("fauske", "https://fauske.example/rutine"), ("Beiarn", "Hygieneperm, fane 3")]

        made = any_library.propose_merge(NEW, sources=sources, by="skribent")

        found, _ = any_library.get_proposal(made.proposal, reader="skribent")
        assert found.kind is ProposalKind.MERGE
        assert [one.reference for one in found.origins] == ["1839-2", "1841-1"]
        (event,) = any_library.history("vaktskifte", reader="skribent")
        assert event.texts["source_1839-2"] == "Hygieneperm, fane 3"
        assert b"Hygieneperm" not in b"".join(str(event.facts).encode() for _ in "1")
        assert any_library.verify().is_clean

    def test_a_merge_is_of_two_or_more_that_exist(self, library):
        """
        One routine alone is a routine sent in.
        """
        with pytest.raises(InvalidRequest):
            library.propose_merge(NEW, sources=[("fauske", "Vår")], by="skribent")
        with pytest.raises(MunicipalityNotFound):
            library.propose_merge(NEW, sources=[("fauske", "Vår"), ("Prøvevik", "Deres")], by="skribent")
        with pytest.raises(InvalidRequest):
            library.propose_merge(NEW, sources=[("fauske", "Vår"), ("beiarn", " ")], by="skribent")


class TestStopping:
    @pytest.mark.parametrize("who", [a_leader(), an_editor()], ids=["leader", "editor"])
    def test_the_leader_or_the_editor_may(self, who):
        """
        On the network's behalf, who has talked about it.
        """
        assert reasons_against_rejecting(a_proposal(), who, TODAY) == []

    def test_a_draft_is_not_stopped(self):
        """
        Nobody was asked about it yet; the author may go on writing.
        """
        draft = a_proposal(state=ProposalState.DRAFT)

        reasons = reasons_against_rejecting(draft, a_leader("actor-leder", PROVEVIK), TODAY)

        assert reasons == [StepNotNow(draft.id, "draft", "reject")]

    def test_ends_the_round_and_tells_the_author_why(self, any_library):
        """
        A no with a reason is what the next draft begins from; the id is free for it.
        """
        library = any_library
        proposal = propose_and_send(library, NEW)

        library.reject(proposal.id, reason="For vid. Del den i to.", by="leder")

        assert library.get_proposal(proposal.id)[0].state is ProposalState.REJECTED
        assert [one for one in library.waiting("network:smittevern") if one.what == "approve-proposal"] == []
        with library._parts.database.reading() as session:
            (told,) = session.exec(select(NotificationRow).where(NotificationRow.what == "proposal-rejected")).all()
        assert told.actor_id == proposal.author
        assert "For vid. Del den i to." in [one.texts.get("reason") for one in library.history("vaktskifte")]
        assert not library.propose(NEW, by="ansatt.fauske").unchanged
        assert library.verify().is_clean

    def test_needs_a_reason_and_the_right(self, library):
        """
        A no without a why helps nobody.
        """
        proposal = propose_and_send(library, NEW)

        with pytest.raises(InvalidRequest):
            library.reject(proposal.id, reason=" ", by="leder")
        with pytest.raises(NotAllowed):
            library.reject(proposal.id, reason="Nei.", by="medlem.beiarn")


def test_agreement_to_other_words_never_counts(library):
    """
    However the text comes and goes, only a yes to these very words is one.
    """
    draft = library.propose(NEW, by="skribent")
    library.send(draft.proposal, digest=draft.digest, unheard=UNHEARD, by="leder")
    library.approve(draft.proposal, digest=draft.digest, by="medlem.beiarn")
    other = library.revise(draft.proposal, a_routine("vaktskifte", extra="x"), read_digest=draft.digest, by="skribent")

    for by in ("medlem.gildeskal", "medlem.hamaroy", "leder"):
        answer = library.approve(draft.proposal, digest=other.digest, by=by)

    assert answer.version is None
    assert answer.standing.given == 3
