"""Erasing what was written with a decision, and an account that tells of a delegation that was taken back."""

import io

from tests.support.texts import a_routine


class TestWords:
    def test_that_should_not_have_been_written_are_erased_by_number(self, at, home_with_routine, monkeypatch):
        """
        The editor has the number from the history; nobody needs a database administrator.
        """
        monkeypatch.setattr("sys.stdin", io.StringIO("oppdiktet\n"))
        why = "Fru Oppdiktet ba om det."
        at(
            home_with_routine,
            "decline",
            "handhygiene",
            "--municipality",
            "meloy",
            "--reason",
            why,
            by="beslutter.meloy",
        )
        with home_with_routine.opened() as library:
            number = library.history("handhygiene")[-1].number
            draft = library.propose(a_routine("ny", title="Ny", extra="Spør Oppdiktet."), by="skribent").proposal

        found = at(home_with_routine, "traces", by="redaktor").out
        ran = at(home_with_routine, "erase-text", str(number), "--reason", "Personopplysning.", by="redaktor")

        assert (ran.code, f"Teksten til beslutning {number} er slettet." in ran.out) == (0, True)
        # What a person reads is words; the name that `erase-text` takes stands behind.
        assert f"{number} begrunnelse (reason)" in found
        assert f"{draft} utkast" in found
        assert f"{number} begrunnelse" in at(home_with_routine, "erased", by="redaktor").out
        assert why not in at(home_with_routine, "history", "handhygiene", by="redaktor").out
        assert at(home_with_routine, "erase-text", str(number), "--reason", "Igjen.", by="redaktor").code == 3

    def test_that_were_said_and_not_decided_are_erased_by_the_id_that_is_shown(
        self, at, home_with_routine, monkeypatch
    ):
        """
        The search gives the id, and the id is what the next command is given.
        """
        monkeypatch.setattr("sys.stdin", io.StringIO("oppdiktet\n"))
        with home_with_routine.opened() as library:
            said = library.give_feedback("handhygiene", "Fru Oppdiktet falt.", by="ansatt.fauske").feedback
            library.delegate("skribent", "1841", "unit-leader", "Oppdiktets vikar", by="redaktor")

        found = at(home_with_routine, "traces", by="redaktor").out
        ran = at(home_with_routine, "erase-text", said, "--reason", "Personopplysning.", by="redaktor")

        assert said in found
        assert "kan ikke tas bort uten å bryte den" in found
        assert (ran.code, f"Det som var skrevet i {said}, er slettet." in ran.out) == (0, True)
        assert at(home_with_routine, "erase-text", "Oppdiktet", "--reason", "Igjen.", by="redaktor").code == 2


class TestAnAccount:
    def test_says_that_the_delegation_was_taken_back(self, at, home_with_routine):
        """
        Whoever asks on which authority it applies must hear that it has ended.
        """
        at(home_with_routine, "adopt", "handhygiene", "--municipality", "fauske", by="beslutter.fauske")
        with home_with_routine.opened() as library:
            library.revoke("beslutter.fauske", "decider", "municipality:1841", by="redaktor")

        ran = at(home_with_routine, "account", "handhygiene", "--municipality", "fauske", by="redaktor")

        assert "Delegasjonen er tatt tilbake" in ran.out, ran
