"""Personal links: what they open, for how long, and what they never open."""

from datetime import timedelta

import pytest
from sqlmodel import select

from samrutine.errors import (
    DecisionIdReused,
    InvalidRequest,
    LinkNotValid,
    NotAllowed,
    PersonNotFound,
    Refused,
    SectionNotFound,
)
from samrutine.proposals.hearing import HearingAnswer, Remark
from samrutine.storage.rows import ActorRow, DecisionRow, HearingLinkRow
from tests.support.clock import NOW
from tests.support.stories import change_with_everyone
from tests.support.texts import NATIONAL_ID, a_routine

TODAY = NOW.date()
COUNCIL = "outside:Prøvevik eldreråd"
PARTIES = ["municipality:fauske", COUNCIL, "outside:Prøvevik ungdomsråd"]


def opened(library, procedure="vaktskifte", **how):
    """Open a hearing with two parties outside; gives its proposal's id."""
    draft = library.propose(a_routine(procedure), by="skribent")
    library.open_hearing(draft.proposal, digest=draft.digest, parties=PARTIES, by="leder", **how)
    return draft.proposal


def reasons_of(caught):
    """Give the names of the reasons in a refusal."""
    return [type(one).__name__ for one in caught.value.reasons]


class TestInviting:
    def test_a_link_is_given_once_and_is_kept_nowhere(self, any_library):
        """
        Whoever reads the database, or a backup that was lost on a train, has no link.
        """
        proposal = opened(any_library)

        invited = any_library.invite_outsider(proposal, COUNCIL, by="leder", decision_id="lenke")
        again = any_library.invite_outsider(proposal, COUNCIL, by="leder", decision_id="lenke")

        secret = invited.token.partition(".")[2]
        assert (again.token, again.link, again.number) == (None, invited.link, invited.number)
        assert invited.expires == TODAY + timedelta(weeks=5)
        with any_library._parts.database.reading() as session:
            (row,) = session.exec(select(HearingLinkRow)).all()
            records = [one.record for one in session.exec(select(DecisionRow))]
            (actor,) = session.exec(select(ActorRow).where(ActorRow.kind == "link")).all()
        assert secret not in repr(row)
        assert not any(secret in one or row.secret_hash in one or "Prøvevik" in one for one in records)
        assert (actor.id, actor.person_id) == (row.actor_id, None)
        assert any_library.verify().is_clean
        with pytest.raises(DecisionIdReused):
            any_library.invite_outsider(proposal, PARTIES[2], by="leder", decision_id="lenke")

    def test_who_works_in_a_municipality_needs_no_link(self, library):
        """
        They answer with their own account, and are known by it.
        """
        proposal = opened(library)

        with pytest.raises(Refused) as caught:
            library.invite_outsider(proposal, "municipality:1841", by="leder")

        assert reasons_of(caught) == ["AnswersByAccount"]

    def test_a_party_that_is_not_heard_gets_no_link(self, library):
        """
        A misspelt name must not become a link for nobody.
        """
        with pytest.raises(InvalidRequest):
            library.invite_outsider(opened(library), "Eldrerådet i nabobyen", by="leder")

    def test_a_link_lasts_no_longer_than_anybody_needs_it(self, library):
        """
        Old links lie in old mailboxes.
        """
        proposal = opened(library)

        for days in (-1, 400):
            with pytest.raises(Refused) as caught:
                library.invite_outsider(proposal, COUNCIL, expires=TODAY + timedelta(days=days), by="leder")
            assert reasons_of(caught) == ["ExpiryNotPossible"]


class TestUsing:
    def test_it_opens_the_heard_text_the_deadline_and_whether_one_has_answered(self, any_library):
        """
        The council's leader opens it on a phone, reads, and answers.
        """
        proposal = opened(any_library)
        token = any_library.invite_outsider(proposal, COUNCIL, by="leder").token

        before = any_library.read_by_link(token)
        answered = any_library.answer_by_link(token, remarks=[Remark("Hvem?", "ansvar")])
        after = any_library.read_by_link(token)

        assert (before.party.name, before.party.answer) == ("Prøvevik eldreråd", HearingAnswer.NONE)
        assert b"Vask hendene" in before.hearing.text
        assert before.hearing.deadline == TODAY + timedelta(weeks=3)
        assert answered.answer is HearingAnswer.REMARKS
        assert [one.text for one in after.party.remarks] == ["Hvem?"]
        assert any_library.verify().is_clean

    def test_the_answer_is_that_of_its_own_party_and_of_no_other(self, any_library):
        """
        A link cannot be turned into a voice for somebody else.
        """
        proposal = opened(any_library)
        token = any_library.invite_outsider(proposal, COUNCIL, by="leder").token

        any_library.answer_by_link(token, no_remarks=True)

        assert {one.name: one.answer.value for one in any_library.hearing(proposal).parties} == {
            "Fauske": "none", "Prøvevik eldreråd": "no-remarks", "Prøvevik ungdomsråd": "none",
        }  # fmt: skip

    def test_others_remarks_are_hidden_until_the_round_is_closed(self, library, clock):
        """
        As for everybody else.
        """
        proposal = opened(library)
        token = library.invite_outsider(proposal, COUNCIL, by="leder").token
        library.answer_hearing(proposal, "municipality:1841", remarks=["En."], by="ansatt.fauske")

        def seen():
            return [one.text for party in library.read_by_link(token).hearing.parties for one in party.remarks]

        assert seen() == []
        clock.forward(weeks=3, days=1)
        library.close_hearing(proposal, by="leder")
        assert seen() == ["En."]

    def test_a_closed_round_takes_no_more_answers(self, any_library, clock):
        """
        Also where another round is open: the link is for the one it was made for.
        """
        proposal = opened(any_library)
        token = any_library.invite_outsider(proposal, COUNCIL, by="leder").token
        clock.forward(weeks=3, days=1)
        any_library.close_hearing(proposal, by="leder")
        digest = any_library.hearing(proposal).digest

        for _ in range(2):
            with pytest.raises(Refused) as caught:
                any_library.answer_by_link(token, no_remarks=True)
            assert reasons_of(caught) == ["HearingNotOpen"]
            if any_library.hearing(proposal).rounds == 1:
                any_library.open_hearing(proposal, digest=digest, parties=PARTIES, by="leder")

        assert {one.answer.value for one in any_library.hearing(proposal).parties} == {"none"}

    def test_a_remark_is_looked_at_as_everybodys(self, library):
        """
        A stranger's text is no safer than a colleague's.
        """
        token = library.invite_outsider(opened(library), COUNCIL, by="leder").token

        with pytest.raises(Refused):
            library.answer_by_link(token, remarks=[f"Se {NATIONAL_ID}."])
        with pytest.raises(SectionNotFound):
            library.answer_by_link(token, remarks=[Remark("Hva?", "finnes-ikke")])
        with pytest.raises(InvalidRequest):
            library.answer_by_link(token, remarks=["\ud800"])

    def test_it_gives_no_other_right(self, library):
        """
        Whoever holds it is nobody the library knows: no name, no role, no verb.
        """
        proposal = opened(library)
        library.invite_outsider(proposal, COUNCIL, by="leder")
        with library._parts.database.reading() as session:
            actor = session.exec(select(ActorRow.id).where(ActorRow.kind == "link")).one()

        with pytest.raises(PersonNotFound):
            library.propose(a_routine("innbrudd"), by=actor)

    def test_a_second_call_is_the_same_answer(self, any_library):
        """
        The phone lost its coverage and sent it twice.
        """
        token = any_library.invite_outsider(opened(any_library), COUNCIL, by="leder").token

        first, second = (any_library.answer_by_link(token, remarks=["En."], decision_id="svar") for _ in range(2))

        assert (first.number, first.remarks) == (second.number, second.remarks)
        with pytest.raises(DecisionIdReused):
            any_library.answer_by_link(token, remarks=["To."], decision_id="svar")

    def test_one_with_a_link_is_reminded_and_counts_as_silent(self, library, clock):
        """
        They were asked and reminded as the others; whoever reminds must write to them.
        """
        proposal = opened(library)
        library.invite_outsider(proposal, COUNCIL, by="leder")
        clock.forward(weeks=2)
        reminded = [library.remind(proposal, by="leder")]
        clock.forward(days=1)
        reminded.append(library.remind(proposal, by="leder"))
        clock.forward(weeks=1)

        closed = library.close_hearing(proposal, by="leder")

        assert [len(one.outside) for one in reminded] == [1, 1]
        assert (closed.silent, closed.none) == (2, 1)


class TestMisuse:
    def test_wrong_expired_revoked_and_unknown_links_say_the_same(self, any_library, clock):
        """
        Whoever tries links must not learn which ones there are, or have been.
        """
        proposal = opened(any_library)
        good = any_library.invite_outsider(proposal, COUNCIL, by="leder").token
        other = any_library.invite_outsider(proposal, PARTIES[2], by="leder").token
        revoked = any_library.invite_outsider(proposal, COUNCIL, by="leder").token
        short = any_library.invite_outsider(proposal, COUNCIL, expires=TODAY, by="leder").token
        any_library.revoke_link(revoked, by="leder")
        clock.forward(days=1)
        tried = {
            "wrong secret": good[:-1] + ("A" if good[-1] != "A" else "B"),
            "another's secret": f"{good.partition('.')[0]}.{other.partition('.')[2]}",
            "expired": short, "revoked": revoked, "unknown": f"l-{'0' * 16}.{'A' * 43}", "nothing": "",
            "only the id": good.partition(".")[0], "broken": "\ud800\x00", "long": "l-" + "a" * 100_000,
        }  # fmt: skip

        said = set()
        for token in tried.values():
            for use in (any_library.read_by_link, lambda one: any_library.answer_by_link(one, no_remarks=True)):
                with pytest.raises(LinkNotValid) as caught:
                    use(token)
                said.add((caught.value.text("nb"), str(caught.value.places), caught.value.code))

        assert len(said) == 1
        assert any_library.read_by_link(good).party.answer is HearingAnswer.NONE

    def test_it_holds_to_midnight_in_norway_on_its_last_day(self, library, clock):
        """
        "Until Monday" means the whole of Monday, here.
        """
        token = library.invite_outsider(opened(library), COUNCIL, expires=TODAY, by="leder").token
        clock.now = NOW.replace(hour=22, minute=59)

        assert library.read_by_link(token).expires == TODAY
        clock.forward(minutes=2)
        with pytest.raises(LinkNotValid):
            library.read_by_link(token)

    def test_revoking_ends_it_at_once_and_leaves_the_answer(self, any_library):
        """
        The mail went to the wrong address.
        """
        proposal = opened(any_library)
        invited = any_library.invite_outsider(proposal, COUNCIL, by="leder")
        any_library.answer_by_link(invited.token, no_remarks=True)

        revoked = [any_library.revoke_link(invited.link, by="leder", decision_id="bort") for _ in range(2)]

        assert revoked[0].number == revoked[1].number
        with pytest.raises(LinkNotValid):
            any_library.answer_by_link(invited.token, remarks=["Nei."])
        assert {one.name: one.answer.value for one in any_library.hearing(proposal).parties}[
            "Prøvevik eldreråd"
        ] == "no-remarks"
        assert any_library.verify().is_clean

    def test_there_is_nothing_to_revoke_under_an_unknown_id(self, library):
        """
        The error is the same as for whoever tries links.
        """
        with pytest.raises(LinkNotValid):
            library.revoke_link("l-0000000000000000", by="leder")


class TestATextThatBecameExempt:
    def test_opens_for_nobody_outside_any_more(self, any_library_with_routine):
        """
        What may not be sent out when a hearing opens may not be read or invited to after a refresh either.
        """
        library = any_library_with_routine
        draft = library.propose(a_routine(extra="Alltid."), changes="handhygiene", meaning="Mer.", by="leder")
        library.open_hearing(draft.proposal, digest=draft.digest, parties=PARTIES, by="leder")
        token = library.invite_outsider(draft.proposal, COUNCIL, by="leder").token
        assert library.read_by_link(token)
        change_with_everyone(library, a_routine(access="exempt"))

        library.refresh(draft.proposal, read_digest=draft.digest, by="leder")

        with pytest.raises(LinkNotValid):
            library.read_by_link(token)
        with pytest.raises(LinkNotValid):
            library.answer_by_link(token, no_remarks=True)
        with pytest.raises(Refused) as caught:
            library.invite_outsider(draft.proposal, COUNCIL, by="leder")
        assert [type(one).__name__ for one in caught.value.reasons] == ["OutsidersMayNotRead"]


def test_a_second_call_long_after_is_still_the_same_act(library, clock):
    """
    The party's name was deleted when it had been kept long enough; the link was made all the same.
    """
    proposal = opened(library)
    first = library.invite_outsider(proposal, COUNCIL, by="leder", decision_id="lenke")
    library.withdraw(proposal, reason="Feil.", by="leder")
    clock.forward(days=365 * 8)
    library.retention(by="redaktor", delete=True)

    again = library.invite_outsider(proposal, COUNCIL, by="leder", decision_id="lenke")

    assert (again.link, again.number, again.token) == (first.link, first.number, None)


def test_one_link_takes_back_no_remarks_of_another(library):
    """
    Two who answer for one council each have their own words.
    """
    proposal = opened(library)
    one, other = (library.invite_outsider(proposal, COUNCIL, by="leder").token for _ in range(2))
    library.answer_by_link(one, remarks=["Husk trappen."])

    with pytest.raises(NotAllowed):
        library.answer_by_link(other, no_remarks=True)
