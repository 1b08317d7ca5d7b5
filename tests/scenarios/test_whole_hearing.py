"""A whole hearing: nine are not chased by e-mail, the council of the elderly answers by link, one never answers."""

from datetime import timedelta

import pytest

from samrutine import Refused
from samrutine.proposals.hearing import Remark, RemarkOutcome
from tests.support.stories import account_of, agree_until_enough, told, waits_for, why_not
from tests.support.texts import SECTIONS, a_routine

COUNCIL = "outside:Prøvevik eldreråd"
TEXT = a_routine("nattevakt", title="Nattevakt")
BETTER = a_routine(
    "nattevakt", title="Nattevakt", sections={**SECTIONS, "Ansvar": "Avdelingslederen har ansvaret, også om natten."}
)


def test_everybody_is_heard_answered_and_counted_as_they_answered(any_home):
    """
    A remark that got no reply was not heard; and silence is silence, not a yes.
    """
    clock = any_home.clock
    with any_home.opened() as library:
        draft = library.propose(TEXT, by="skribent")
        opened = library.open_hearing(
            draft.proposal, digest=draft.digest, by="leder",
            parties=["municipality:Fauske", "municipality:Beiarn", "municipality:Meløy", COUNCIL],
        )  # fmt: skip
        assert opened.deadline == clock.today + timedelta(weeks=3)
        asked = "svare på høring: Nattevakt"
        assert waits_for(library, "ansatt.fauske") == [f"{asked} (Fauske)"]

        # The council outside gets a link of its own, which opens this text and nothing else.
        link = library.invite_outsider(draft.proposal, COUNCIL, by="leder")
        seen = library.read_by_link(link.token)
        assert (seen.hearing.title, seen.party.name) == ("Nattevakt", "Prøvevik eldreråd")
        library.answer_by_link(link.token, remarks=["Skriv hvem pårørende kan ringe om natten."])

        # Fauske has a remark to one section. Meløy has none, in one click.
        library.answer_hearing(
            draft.proposal, "municipality:Fauske", by="ansatt.fauske",
            remarks=[Remark("Hvem har ansvaret om natten?", section_key="ansvar")],
        )  # fmt: skip
        library.answer_hearing(draft.proposal, "municipality:Meløy", no_remarks=True, by="skribent")
        assert waits_for(library, "ansatt.fauske") == []

        # Beiarn is reminded twice and says nothing.
        clock.forward(weeks=2)
        library.remind(draft.proposal, by="leder")
        clock.forward(days=1)
        library.remind(draft.proposal, by="leder")
        assert "Høringen venter på svar" in told(library, "medlem.beiarn")
        clock.forward(weeks=1)
        closed = library.close_hearing(draft.proposal, by="leder")
        assert (closed.no_remarks, closed.remarks, closed.silent, closed.none) == (1, 2, 1, 0)

        # The text cannot go on before each remark has its reply.
        with pytest.raises(Refused) as unanswered:
            library.send(draft.proposal, digest=draft.digest, by="leder")
        assert why_not(unanswered) == ["RemarksUnanswered"]
        better = library.revise(draft.proposal, BETTER, read_digest=draft.digest, by="skribent")
        view = library.hearing(draft.proposal, reader="leder")
        for party in view.parties:
            for one in party.remarks:
                taken = one.section_key == "ansvar"
                library.reply_to_remark(
                    one.id, RemarkOutcome.TAKEN if taken else RemarkOutcome.NOT_TAKEN,
                    reply=None if taken else "Det står i den lokale delen.", by="leder",
                )  # fmt: skip
        assert "Høringsmerknaden din har fått svar" in told(library, "ansatt.fauske")

        # The summary of remarks is a document that can be laid before a meeting.
        summary = library.hearing_summary(draft.proposal, reader="leder").decode()
        assert "Hvem har ansvaret om natten?" in summary
        assert "stilltiende tilslutning" in summary.lower()

        # Heard as it is, it goes to the members, and on to Fauske. The silent one has not agreed to anything.
        library.send(draft.proposal, digest=better.digest, by="leder")
        approved = agree_until_enough(library, better)
        assert str(approved.version) == "1.0"
        with pytest.raises(Refused) as too_late:
            library.answer_by_link(link.token, no_remarks=True)
        assert why_not(too_late) == ["HearingNotOpen"]
        library.adopt("nattevakt", "Fauske", by="beslutter.fauske")
        assert account_of(library, "nattevakt", "Fauske", clock.today) == (
            "1.0 fra 15.12.2026, besluttet av kommunalsjef helse og omsorg"
        )
        assert waits_for(library, "beslutter.fauske") == []
        assert waits_for(library, "beslutter.beiarn") == ["ta stilling til: Nattevakt (Beiarn)"]
        assert library.verify().is_clean
