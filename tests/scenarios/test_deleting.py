"""The story of a year's deleting: a person, a reason, words, and what was kept long enough, with the chain whole."""

from tests.support.stories import change_with_everyone
from tests.support.texts import a_routine

NAME = "Fru Oppdiktet Pasientsen"


def test_all_that_deletes_leaves_the_chain_whole_and_everybody_at_work(any_home_with_routine):
    """
    What must go goes, again and again; what was decided is still true, proved, and built upon.
    """
    with any_home_with_routine.opened() as library:
        clock = any_home_with_routine.clock
        change_with_everyone(library, a_routine(extra=f"Spør {NAME}."))
        slipped = library.versions("handhygiene")[-1].digest
        change_with_everyone(library, a_routine(extra="Spør avdelingslederen."))
        library.adopt("handhygiene", "fauske", by="beslutter.fauske")
        declined = library.decline("handhygiene", "meloy", reason=f"{NAME} vil ikke.", by="beslutter.meloy")
        draft = library.propose(a_routine("kladd", title="Kladd", extra=f"Spør {NAME}."), by="skribent")
        library.withdraw(draft.proposal, reason="Ble ikke noe av.", by="skribent")
        decided = library.verify().decisions

        library.erase_person("skribent", reason="Sluttet.", by="redaktor")
        assert library.verify().faults == ()
        library.erase_text(declined.number, reason="Personopplysning.", by="redaktor")
        assert library.verify().faults == ()
        library.redact(slipped, reason="Personopplysning.", by="redaktor")
        assert library.verify().faults == ()
        clock.forward(days=3 * 365)
        assert library.retention(by="redaktor", delete=True).count
        assert library.verify().faults == ()
        library.retention(by="redaktor", delete=True)
        assert library.verify().faults == ()

        assert library.traces(NAME, by="redaktor") == []
        assert [one.kind for one in library.erased(by="redaktor", since=decided)] == [
            "person_erased", "text_erased", "words_redacted", "retention_run", "retention_run",
        ]  # fmt: skip
        change_with_everyone(library, a_routine(extra="Spør avdelingslederen. Nytt."), by="redaktor")
        assert str(library.document("handhygiene", "fauske").header.version) == "1.2"
        assert library.verify().faults == ()
