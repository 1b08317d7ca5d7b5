"""What is kept for a time only: shown before it is deleted, deleted in one act, and never what was decided."""

from datetime import date, timedelta

import pytest
from sqlmodel import SQLModel, func, select

from samrutine.errors import NotAllowed, TextDeleted
from samrutine.networks.retention_rules import RETENTION, TABLES, Kept
from samrutine.storage.rows import (
    DeadLetterRow,
    DecisionTextRow,
    FeedbackRow,
    HearingLinkRow,
    HearingPartyRow,
    HearingRow,
    NotificationRow,
    ProposalRow,
    RemarkRow,
    WaitingRow,
    WishRow,
    WishSupportRow,
)
from tests.support.clock import NOW
from tests.support.texts import a_routine

DAY = timedelta(days=1)


def counts(library):
    """Give how many rows each table has."""
    with library._parts.database.reading() as session:
        return {
            table.name: session.connection().execute(select(func.count()).select_from(table)).scalar_one()
            for table in SQLModel.metadata.sorted_tables
        }


def rows(library, table):
    """Give a table's rows."""
    with library._parts.database.reading() as session:
        return list(session.exec(select(table)))


def over(report):
    """Give how many are over by each rule that has any."""
    return {line.kept: line.count for line in report.lines if line.count}


def a_withdrawn_draft(library):
    """Give a draft that came to nothing."""
    draft = library.propose(a_routine("utkast"), by="skribent")
    library.withdraw(draft.proposal, reason="Dobbelt.", by="skribent")
    return draft.proposal


def a_closed_hearing(library):
    """Give a proposal that was heard, got a remark, and was given up."""
    draft = library.propose(a_routine("hort"), by="skribent")
    council = "outside:Prøvevik eldreråd"
    parties = ["municipality:1841", "municipality:1839", council]
    library.open_hearing(draft.proposal, digest=draft.digest, parties=parties, by="leder")
    library.invite_outsider(draft.proposal, council, by="leder")
    library.answer_hearing(draft.proposal, "municipality:1841", remarks=["Bedre slik."], by="ansatt.fauske")
    library.withdraw(draft.proposal, reason="Tas opp senere.", by="redaktor")
    return draft.proposal


def told_and_read(library):
    """Let somebody be told twice, and read the first."""
    library.grant("skribent", "member", "network:smittevern", by="redaktor")
    library.mark_read("skribent", [one.id for one in library.notifications("skribent")])
    library.revoke("skribent", "member", "network:smittevern", by="redaktor")


class TestTheRules:
    def test_reach_every_table_that_is_kept_for_a_time_and_no_other(self):
        """
        A rule on a permanent table would delete the municipality's own record; a table without one would grow for ever.
        """
        retention = {table.name: table.info["retention"] for table in SQLModel.metadata.sorted_tables}
        reached = {table for tables in TABLES.values() for table in tables}

        assert reached == {name for name, kept in retention.items() if kept not in {"permanent", "person", "derived"}}

    def test_there_is_one_for_every_kind(self):
        """
        What no rule names is never deleted, and nobody would know.
        """
        assert [rule.id for rule in RETENTION] == list(Kept)
        assert set(TABLES) == set(Kept)


class TestShowing:
    def test_says_how_many_are_over_since_when_and_deletes_nothing(self, any_library, clock):
        """
        The editor reads the list before anything goes.
        """
        library = any_library
        proposal = a_withdrawn_draft(library)
        clock.forward(days=731)
        before = counts(library)

        report = library.retention(by="redaktor")

        line = next(one for one in report.lines if one.kept is Kept.DRAFTS)
        assert (line.count, line.oldest, line.months) == (1, NOW.date(), 24)
        assert line.why
        assert (report.is_deleted, report.number) == (False, None)
        assert counts(library) == before
        assert library.get_proposal(proposal, reader="skribent")[1] != b""

    @pytest.mark.parametrize(("days", "expected"), [(729, 0), (730, 1)], ids=["the day before", "the day"])
    def test_the_last_day_is_the_same_day_of_the_month(self, library, clock, days, expected):
        """
        24 months from 23 November 2026 are over on 23 November 2028, which is 731 days because of the leap year.
        """
        a_withdrawn_draft(library)
        clock.forward(days=days + 1)

        assert library.today == date(2028, 11, 22) + (days - 729) * DAY
        assert over(library.retention(by="redaktor")).get(Kept.DRAFTS, 0) == expected

    @pytest.mark.parametrize("by", ["ansvarlig.fauske", "leder", "skribent"])
    def test_is_for_the_editor(self, library, by):
        """
        Who keeps order for all answers for it.
        """
        with pytest.raises(NotAllowed):
            library.retention(by=by)
        with pytest.raises(NotAllowed):
            library.retention(by=by, delete=True)


class TestDeleting:
    def test_the_words_of_a_draft_that_came_to_nothing_go_and_the_row_stays(self, any_library, clock):
        """
        That somebody proposed something stands in the chain; what it said need not.
        """
        library = any_library
        proposal = a_withdrawn_draft(library)
        approved = library.propose(a_routine("annen"), by="skribent")
        clock.forward(days=731)

        report = library.retention(by="redaktor", delete=True)

        assert over(report) | {Kept.DRAFTS: 1} == over(report)
        shown, text = library.get_proposal(proposal, reader="skribent")
        # What somebody called it is words of theirs too.
        assert (text, shown.title) == (b"", "–")
        assert library.look_at_proposal(proposal, reader="skribent").findings == ()
        assert library.get_proposal(approved.proposal, reader="skribent")[1] != b""
        assert library.verify().is_clean
        assert Kept.DRAFTS not in over(library.retention(by="redaktor"))

    def test_what_was_said_of_a_draft_that_came_to_nothing_goes_with_its_words(self, any_library_with_routine, clock):
        """
        What it meant and why it was given up are its words as much; nobody could erase them afterwards.
        """
        library = any_library_with_routine
        change = library.propose(
            a_routine(extra="Nytt."), changes="handhygiene", meaning="Alle bruker sprit.", by="skribent"
        )  # fmt: skip
        library.withdraw(change.proposal, reason="Innholdet er dekket.", by="skribent")
        kept = library.propose(a_routine(extra="Annet."), changes="handhygiene", meaning="Alle vasker.", by="skribent")
        clock.forward(days=731)

        library.retention(by="redaktor", delete=True)

        texts = {row.text for row in rows(library, DecisionTextRow)}
        assert not {"Alle bruker sprit.", "Innholdet er dekket."} & texts
        assert "Alle vasker." in texts
        assert library.get_proposal(kept.proposal, reader="skribent")[1] != b""
        assert library.verify().is_clean

    def test_a_text_that_is_gone_is_told_as_such(self, library, clock):
        """
        An empty file is no broken text, and whoever looks for it must learn where it went.
        """
        proposal = a_withdrawn_draft(library)
        digest = library.get_proposal(proposal, reader="skribent")[0].digest
        clock.forward(days=731)
        library.retention(by="redaktor", delete=True)

        for call in (
            lambda: library.compare_proposal(proposal, reader="skribent"),
            lambda: library.suggested_parties(proposal, reader="skribent"),
            lambda: library.send(proposal, digest=digest, by="redaktor"),
            lambda: library.hurry(proposal, digest=digest, reason="Utbrudd.", by="redaktor"),
        ):
            with pytest.raises(TextDeleted) as told:
                call()
            assert "24 måneder" in told.value.text("nb")

    def test_a_hearing_goes_with_all_that_was_answered(self, any_library, clock):
        """
        Five years after the matter was closed nobody asks who remarked what.
        """
        library = any_library
        a_closed_hearing(library)
        clock.forward(days=5 * 365)
        assert Kept.HEARINGS not in over(library.retention(by="redaktor"))
        clock.forward(days=3)

        report = library.retention(by="redaktor", delete=True)

        assert over(report)[Kept.HEARINGS] == 1
        assert [rows(library, table) for table in (HearingRow, HearingPartyRow, HearingLinkRow, RemarkRow)] == [[]] * 4
        assert [one.text for one in rows(library, DecisionTextRow) if one.name == "parties"] == [None]
        assert library.verify().is_clean

    def test_what_is_not_over_is_kept_however_old_it_is(self, any_library_with_routine, clock):
        """
        A wish nobody answered is a wish still.
        """
        library = any_library_with_routine
        wished = library.wish("Rutine for tvang i tannhelse", by="ansatt.fauske", municipality="fauske")
        library.give_feedback("handhygiene", "Feil nummer.", by="ansatt.fauske", municipality="fauske")
        draft = library.propose(a_routine("utkast"), by="skribent")
        clock.forward(days=4000)

        report = library.retention(by="redaktor", delete=True)

        assert not over(report).keys() & {Kept.WISHES, Kept.FEEDBACK, Kept.DRAFTS, Kept.HEARINGS}
        assert [one.id for one in rows(library, WishRow)] == [wished.wish]
        assert len(rows(library, FeedbackRow)) == 1
        assert library.get_proposal(draft.proposal, reader="skribent")[1] != b""

    def test_answered_wishes_and_feedback_go_two_years_later(self, any_library_with_routine, clock):
        """
        What was answered has been read by those who asked.
        """
        library = any_library_with_routine
        wished = library.wish("Rutine for tvang i tannhelse", by="ansatt.fauske", municipality="fauske")
        given = library.give_feedback("handhygiene", "Feil nummer.", by="ansatt.fauske", municipality="fauske")
        library.answer_wish(wished.wish, "Ikke nå.", by="redaktor")
        library.answer_feedback(given.feedback, "Rettet.", by="leder")
        clock.forward(days=732)

        library.retention(by="redaktor", delete=True)

        assert [rows(library, table) for table in (WishRow, WishSupportRow, FeedbackRow)] == [[], [], []]
        assert library.verify().is_clean

    def test_feedback_that_was_taken_up_is_kept_while_its_proposal_is_open(self, any_library_with_routine, clock):
        """
        Whoever said it should see what it became.
        """
        library = any_library_with_routine
        given = library.give_feedback("handhygiene", "Feil nummer.", by="ansatt.fauske", municipality="fauske")
        draft = library.propose(a_routine(extra="Rettet."), changes="handhygiene", meaning="Nytt.", by="skribent")
        library.take_up_feedback(given.feedback, draft.proposal, by="leder")
        clock.forward(days=2000)
        assert Kept.FEEDBACK not in over(library.retention(by="redaktor"))

        library.withdraw(draft.proposal, reason="Nei.", by="redaktor")

        assert Kept.FEEDBACK not in over(library.retention(by="redaktor"))

    def test_messages_go_half_a_year_after_they_were_read_and_else_after_a_year(self, any_library, clock):
        """
        A message is no archive.
        """
        library = any_library
        told_and_read(library)
        clock.forward(days=190)
        assert over(library.retention(by="redaktor"))[Kept.NOTIFICATIONS_READ] >= 1
        unread = len([one for one in rows(library, NotificationRow) if one.read_at is None])

        library.retention(by="redaktor", delete=True)

        assert len(rows(library, NotificationRow)) == unread
        clock.forward(days=190)
        library.retention(by="redaktor", delete=True)
        assert rows(library, NotificationRow) == []

    def test_what_waited_and_was_answered_goes_and_what_waits_stays(self, any_library_with_routine, clock):
        """
        Eight municipalities have still to answer; the ninth did a year ago.
        """
        library = any_library_with_routine
        library.adopt("handhygiene", "fauske", by="beslutter.fauske")
        clock.forward(days=366)

        library.retention(by="redaktor", delete=True)

        left = rows(library, WaitingRow)
        assert left
        assert all(one.closed_number is None for one in left)

    def test_an_error_that_was_looked_at_goes(self, any_library, clock):
        """
        The one that nobody has looked at stays until somebody has.
        """
        library = any_library
        with library._parts.database.writing() as session:
            for number, read_at in ((1, NOW), (2, None)):
                session.add(DeadLetterRow(consumer="x", number=number, error="Feil", since=NOW, read_at=read_at))
        clock.forward(days=366)

        library.retention(by="redaktor", delete=True)

        assert [one.number for one in rows(library, DeadLetterRow)] == [2]

    def test_nothing_permanent_is_touched_and_the_chain_holds(self, any_library_with_routine, clock):
        """
        Ten years on the library still shows who decided what, and proves it.
        """
        library = any_library_with_routine
        library.adopt("handhygiene", "fauske", by="beslutter.fauske")
        a_withdrawn_draft(library)
        a_closed_hearing(library)
        told_and_read(library)
        clock.forward(days=3700)
        retention = {table.name: table.info["retention"] for table in SQLModel.metadata.sorted_tables}
        before = counts(library)

        library.retention(by="redaktor", delete=True)

        changed = {name for name, count in counts(library).items() if count != before[name]}
        assert {retention[name] for name in changed - {"decision"}} <= {"working", "hearing", "reading", "derived"}
        assert counts(library)["decision"] == before["decision"] + 1
        assert counts(library)["proposal"] == before["proposal"]
        assert len(rows(library, ProposalRow)) == before["proposal"]
        assert library.verify().is_clean

    def test_the_same_act_twice_is_one_and_gives_the_same_answer(self, any_library, clock):
        """
        The line broke; what was deleted is still said.
        """
        library = any_library
        a_withdrawn_draft(library)
        clock.forward(days=731)

        first = library.retention(by="redaktor", delete=True, decision_id="d")

        assert library.retention(by="redaktor", delete=True, decision_id="d") == first
        assert over(first)[Kept.DRAFTS] == 1

    def test_follows_what_the_library_has_settled(self, library, clock):
        """
        How long is the municipalities' own decision.
        """
        a_withdrawn_draft(library)
        there = {one.path: one for one in library.settings()}["retention.toml"]
        shorter = there.content.replace(b"months = 24", b"months = 1", 1)
        library.settle(
            {"retention.toml": shorter}, read={"retention.toml": there.digest}, reason="Avtalt", by="redaktor"
        )
        clock.forward(days=32)

        assert over(library.retention(by="redaktor"))[Kept.DRAFTS] == 1
