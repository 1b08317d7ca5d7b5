"""Who is heard, until when, and what stands when a round is closed: the rules alone."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samrutine.actors import Verb
from samrutine.errors import InvalidRequest
from samrutine.networks.library_files import read_library
from samrutine.procedures.model import AccessClass, Section
from samrutine.proposals.hearing import HeardParty, HearingAnswer, RemarkOutcome, counted
from samrutine.proposals.hearing_parties import choose, named_parties, suggest
from samrutine.proposals.hearing_rules import (
    AnswersByAccount,
    AnswerStands,
    DeadlineNotPossible,
    ExpiryNotPossible,
    HearingNotOpen,
    HearingStillOpen,
    OutsidersMayNotRead,
    RemarkSettled,
    ReplyNeedsWords,
    answer_at_close,
    deadline_for,
    may_answer,
    paragraphs,
    reasons_against_answering,
    reasons_against_closing,
    reasons_against_deadline,
    reasons_against_link,
    reasons_against_parties,
    reasons_against_reply,
    to_remind,
)
from samrutine.proposals.transitions import ProposalState
from samrutine.shipped import shipped_library

TODAY = date(2026, 11, 23)
DEADLINE = date(2026, 12, 14)
HEARING, DRAFT = ProposalState.HEARING, ProposalState.DRAFT
ANSWERS = st.sampled_from(list(HearingAnswer))


@pytest.fixture(scope="module")
def shared():
    """The library as shipped."""
    return read_library(shipped_library())


def a_party(**how):
    """Give a party that has not answered."""
    return HeardParty(**{"id": "p-1", "body": "municipality:1841", "party": None, "name": "Fauske",
                         "answer": HearingAnswer.NONE, **how})  # fmt: skip


def parties():
    """Give parties in any state that a round may hold."""
    return st.lists(
        st.builds(
            a_party, answer=ANSWERS, reminders=st.integers(0, 4), may_answer=st.booleans(),
            reminded_on=st.none() | st.dates(date(2026, 12, 1), date(2026, 12, 20)),
        ),
        max_size=30,
    )  # fmt: skip


class TestDeadline:
    @pytest.mark.parametrize(("weeks", "days"), [(1, 7), (3, 21), (6, 42)], ids=["a week", "the common one", "six"])
    def test_follows_the_policy(self, weeks, days):
        """
        Those who are heard know how long they have from one hearing to the next.
        """
        assert deadline_for(TODAY, weeks) == TODAY + timedelta(days=days)
        assert reasons_against_deadline(deadline_for(TODAY, weeks), TODAY) == []

    def test_is_not_made_up_where_the_policy_asks_for_no_hearing(self):
        """
        A day is no hearing. Whoever wants to hear somebody all the same says how long they have.
        """
        assert deadline_for(TODAY, 0) is None

    @pytest.mark.parametrize("days", [-1, 0, 365])
    def test_is_a_day_to_come_within_the_year(self, days):
        """
        Today is no deadline, and next year is none either.
        """
        (reason,) = reasons_against_deadline(TODAY + timedelta(days=days), TODAY)

        assert isinstance(reason, DeadlineNotPossible)


class TestAnswering:
    @pytest.mark.parametrize("state", [one for one in ProposalState if one is not HEARING])
    def test_asks_for_an_open_round(self, state):
        """
        What is said outside a hearing is feedback, and goes there.
        """
        reasons = reasons_against_answering("f-1", state, a_party(), is_closed=False, deadline=DEADLINE, today=TODAY)

        assert reasons == [HearingNotOpen("f-1")]

    @pytest.mark.parametrize("answer", [HearingAnswer.REMARKS, HearingAnswer.NO_REMARKS])
    def test_what_was_answered_can_be_changed_to_the_end_of_the_last_day(self, answer):
        """
        From then on the network works on it.
        """
        party = a_party(answer=answer)

        def reasons(today):
            return reasons_against_answering("f-1", HEARING, party, is_closed=False, deadline=DEADLINE, today=today)

        assert reasons(DEADLINE) == []
        assert reasons(DEADLINE + timedelta(days=1)) == [AnswerStands("f-1", DEADLINE)]

    def test_a_first_answer_is_welcome_as_long_as_the_round_is_open(self):
        """
        Late is better than silent.
        """
        late = DEADLINE + timedelta(days=9)

        assert (
            reasons_against_answering("f-1", HEARING, a_party(), is_closed=False, deadline=DEADLINE, today=late) == []
        )


class TestReminding:
    @given(parties(), st.dates(date(2026, 11, 23), date(2027, 1, 10)))
    def test_reminds_nobody_who_answered_nobody_twice_a_day_and_nobody_who_cannot_read_it(self, found, today):
        """
        A reminder that is undeserved is the last one that anybody reads.
        """
        reminded = to_remind(found, DEADLINE, today)

        assert all(not one.has_answered and one.may_answer and one.reminded_on != today for one in reminded)
        assert not reminded or today >= date(2026, 12, 7)


class TestClosing:
    @given(parties())
    def test_the_four_answers_always_add_up_to_the_parties(self, found):
        """
        A party that falls between the columns is one whom nobody misses.
        """
        for answers in ([one.answer for one in found], [answer_at_close(one) for one in found]):
            counts = counted(answers)

            assert counts.no_remarks + counts.remarks + counts.silent + counts.none == counts.parties == len(found)

    @given(parties())
    def test_closing_never_changes_an_answer_that_was_given(self, found):
        """
        Silence is for the silent.
        """
        for one in found:
            if one.has_answered:
                assert answer_at_close(one) is one.answer
            else:
                assert (answer_at_close(one) is HearingAnswer.SILENT) == (one.reminders >= 2)

    def test_waits_for_the_deadline_or_for_everybody(self):
        """
        What people were promised is not cut short.
        """
        answered, silent = a_party(answer=HearingAnswer.REMARKS), a_party()

        assert reasons_against_closing("f-1", [answered, silent], DEADLINE, DEADLINE) == [
            HearingStillOpen("f-1", DEADLINE, 1)
        ]
        assert reasons_against_closing("f-1", [answered, silent], DEADLINE, DEADLINE + timedelta(days=1)) == []
        assert reasons_against_closing("f-1", [answered, answered], DEADLINE, TODAY) == []


class TestReplying:
    @pytest.mark.parametrize("state", list(ProposalState))
    def test_stands_once_the_text_is_sent(self, state):
        """
        Who approves has read the replies.
        """
        reasons = reasons_against_reply("k-1", state, None, RemarkOutcome.TAKEN, None)

        assert reasons == ([] if state in {HEARING, DRAFT} else [RemarkSettled("k-1")])

    def test_asks_for_words_when_the_remark_is_not_heeded(self):
        """
        "No" is no reply.
        """
        assert reasons_against_reply("k-1", DRAFT, None, RemarkOutcome.NOT_TAKEN, None) == [
            ReplyNeedsWords("not-taken")
        ]
        assert reasons_against_reply("k-1", DRAFT, RemarkOutcome.NOT_TAKEN, RemarkOutcome.NOT_TAKEN, "Nei, for …") == []


class TestLinks:
    def test_are_for_those_outside_and_for_a_year_at_most(self):
        """
        A link that never ends is found in an old mailbox some day.
        """
        body, later = "outside:politi", TODAY + timedelta(days=365)

        assert reasons_against_link("Politiet", body, TODAY, TODAY) == []
        assert [type(one) for one in reasons_against_link("Politiet", body, later, TODAY)] == [ExpiryNotPossible]
        assert [type(one) for one in reasons_against_link("Politiet", body, TODAY - timedelta(days=1), TODAY)] == [
            ExpiryNotPossible
        ]
        assert reasons_against_link("Fauske", "municipality:1841", TODAY, TODAY) == [AnswersByAccount("Fauske")]


class TestParties:
    def test_every_subject_hears_the_nine_municipalities_each_body_once(self, shared):
        """
        Whatever a text is about, the nine must use it.
        """
        for subject in shared.subjects:
            found = suggest(shared, [subject.id], "smittevern", ["omsorg"])

            bodies = [one.body for one in found.parties]
            assert sum(body.startswith("municipality:") for body in bodies) == 9
            assert len(bodies) == len(set(bodies))
            assert "network:omsorg" in bodies
            assert "network:smittevern" not in bodies
            assert found.why

    def test_each_municipality_has_its_own_general_practitioners_and_the_region_one_police(self, shared):
        """
        The doctors of Fauske do not answer for those of Rødøy.
        """
        found = suggest(shared, ["psykisk-helse-rus"], "psykisk-helse-rus", [])

        doctors = [one for one in found.parties if one.party == "fastlegene"]
        assert (len(doctors), doctors[0].is_outside, doctors[0].name.partition(", ")[0]) == (9, True, "Fastlegene")
        assert sum(one.party == "politi" for one in found.parties) == 1
        assert {"kommuneoverlegene", "psykisk-helse-og-rustjenestene"} <= set(found.through)

    def test_every_suggestion_can_be_asked_for_again_by_its_body(self, shared):
        """
        The leader takes the list, strikes two, and sends the rest.
        """
        for subject in shared.subjects:
            bodies = [one.body for one in suggest(shared, [subject.id], "smittevern", []).parties]

            known, names = named_parties(bodies)

            assert [one.body for one in choose(shared, known, names, "h")] == bodies

    def test_nobody_is_asked_to_answer_their_own_hearing(self, shared):
        """
        The leaders got a personal link to a hearing that they had opened themselves.
        """
        for network in shared.networks:
            found = suggest(shared, [one.id for one in shared.subjects], network.id, [])

            assert network.name not in {one.name for one in (*found.parties, *found.others)}
            assert network.name not in {name for _, names in found.grounds for name in names}

    def test_a_party_that_is_one_of_the_networks_answers_as_that_network(self, shared):
        """
        The leaders' network has an inbox of its own, and needs no link.
        """
        (leaders,) = choose(shared, ["party:ledernettverk"], [], "h")

        assert leaders.body == "network:ledelse"

    def test_a_reason_names_only_those_who_are_shown(self, shared):
        """
        A name that stands nowhere else is one that whoever reads cannot strike.
        """
        for subject in shared.subjects:
            found = suggest(shared, [subject.id], "smittevern", [])

            shown = {one.name for one in found.parties} | set(found.services) | {"Kommunene"}
            each = {one.name.rpartition(", ")[0] for one in found.parties}
            assert {name for _, names in found.grounds for name in names} <= shown | each

    @pytest.mark.parametrize(
        "typed", ["omsorg", "Fagnettverk for omsorgstjenester", "FAGNETTVERK FOR OMSORGSTJENESTER"]
    )
    def test_a_network_is_chosen_by_its_id_or_its_name(self, shared, typed):
        """
        Its name is what stands on the page.
        """
        assert [one.body for one in choose(shared, [f"network:{typed}"], [], "h")] == ["network:omsorg"]

    def test_every_party_of_the_library_can_be_asked_for(self, shared):
        """
        A party that nobody can choose is no party; "those affected" alone depends on the text.
        """
        for party in shared.parties:
            if party.id != "berorte-fagnettverk":
                assert choose(shared, [f"party:{party.id}"], [], "h"), party.id

    @given(st.lists(st.text(st.characters(codec="utf-8", categories=("L", "N")), min_size=1, max_size=20), max_size=8))
    def test_no_word_of_a_name_is_in_the_body_that_stands_in_the_chain(self, written):
        """
        The chain never forgets, and the party may be one person.
        """
        known, names = named_parties([f"outside:Navn {one}" for one in written])

        found = choose(read_library(shipped_library()), known, names, "h") if written else ()

        assert len(found) == len({f"Navn {one}".casefold() for one in written})
        assert all(set(one.body.removeprefix("outside:")) <= set("0123456789abcdef") for one in found)

    @pytest.mark.parametrize("asked", ["", "Fauske", "municipality:", "elever:alle", "outside: ", "x" * 300])
    def test_what_is_of_no_form_that_is_known_is_refused(self, asked):
        """
        A slip must not become a party that nobody can find.
        """
        with pytest.raises(InvalidRequest):
            named_parties([asked])

    @pytest.mark.parametrize("access", list(AccessClass))
    def test_an_exempt_text_is_sent_to_nobody_outside_and_asked_of_those_who_may_read_it(self, access):
        """
        A text about how the alarm works must not lie in a stranger's mailbox, nor be named in everybody's inbox.
        """
        exempt = access is AccessClass.EXEMPT

        assert reasons_against_parties("f-1", ["Politiet"], 3, access) == (
            [OutsidersMayNotRead("f-1", ("Politiet",))] if exempt else []
        )
        assert reasons_against_parties("f-1", [], 3, access) == []
        assert may_answer(access) is (Verb.READ_EXEMPT if exempt else Verb.ANSWER)


class TestParagraphs:
    def test_each_step_of_a_list_counts_and_what_hangs_below_it_belongs_to_it(self):
        """
        People say "step 2", and not "the second item of the first list".
        """
        text = "Først dette.\n\n1. Vask.\n   - Godt.\n2. Tørk.\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n> Husk."

        found = paragraphs(Section("k", "K", 2, 1, text))

        assert [one.splitlines()[0] for one in found] == [
            "Først dette.",
            "1. Vask.",
            "2. Tørk.",
            "| a | b |",
            "> Husk.",
        ]
