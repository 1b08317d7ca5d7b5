"""What a proof says: what applied, by whose decision, and that nothing later was kept away."""

import subprocess
from datetime import date, timedelta

import pytest
from sqlalchemy import text

from samrutine.errors import DocumentNotFound, InvalidRequest, ProcedureNotFound, StoreDamaged
from tests.proving.conftest import DECEMBER, adopt_with_an_addition, check, holds, resealed, set_key, write
from tests.support.stories import approve_with_everyone, change_with_everyone
from tests.support.texts import a_routine


def says(tmp_path, library, *, tip=None, name="bevis", **asked):
    """Prove, check as an auditor does, and give the proof and what the checker says."""
    made = library.prove("handhygiene", asked.pop("municipality", "fauske"), **{"on": DECEMBER, **asked})
    code, said = check(write(tmp_path / name, made.files), "--tip", tip or made.commit)
    assert code == 0, said
    return made, said


class TestWhatItSays:
    def test_the_text_the_addition_and_every_decision_behind_them(self, tmp_path, any_library_with_routine):
        """
        An inspector asks what applied, who decided, and on whose delegation.
        """
        library = any_library_with_routine
        adopt_with_an_addition(library)

        made, said = says(tmp_path, library)

        assert made.in_force == "1.0"
        assert said.startswith(
            "ETTER DET SOM VAR BESTEMT TIL OG MED 23.11.2026 10:00 (besluttet senere: 0)\nGJALDT: handhygiene, 1841, 01.12.2026\n"
            "  Håndhygiene i Fauske 01.12.2026\n"
        )
        assert made.files["LES-MEG.txt"].decode().startswith("Håndhygiene i Fauske 01.12.2026\n")
        assert "faglig godkjent, 1.0" in said
        assert said.count("godkjenning\n") == 4
        assert "tatt i bruk, 1.0, fra 23.11.2026, kommunalsjef helse og omsorg" in said
        assert "1841: delegert" in said
        assert made.files["text.md"] == a_routine()
        assert [made.files[name] for name in made.files if name.startswith("additions/")] == [
            b"Sprit henger i gangen.\n"
        ]

    def test_the_same_in_english(self, folder, proof):
        """
        An auditor from abroad reads it too.
        """
        code, said = check(folder, "--tip", proof.commit, "--en")

        assert code == 0
        assert "\nAPPLIED: handhygiene, 1841, 01.12.2026\n" in said

    @pytest.mark.parametrize(
        ("municipality", "on"), [("meloy", DECEMBER), ("fauske", date(2026, 11, 22))],
        ids=["another municipality", "the day before"],
    )  # fmt: skip
    def test_that_nothing_applied_is_proven_too(self, tmp_path, adopted, municipality, on):
        """
        "You had no routine for this" is said at a supervision, and must be answered either way.
        """
        with adopted.opened() as library:
            made, said = says(tmp_path, library, municipality=municipality, on=on)

        assert made.in_force is None
        assert "INGENTING GJALDT: handhygiene, " in said
        assert said.startswith("ETTER DET SOM VAR BESTEMT") is (on == DECEMBER)
        assert "text.md" not in made.files

    def test_what_ended_the_use_is_named(self, tmp_path, adopted):
        """
        Until when it applied belongs to the answer.
        """
        with adopted.opened() as library:
            library.end_use(
                "handhygiene", "fauske", last_day=DECEMBER, reason="Sykehjemmet stenger.", by="beslutter.fauske"
            )
            made, said = says(tmp_path, library)
            _, after = says(tmp_path, library, name="etter", on=DECEMBER + timedelta(days=1))

        assert made.in_force == "1.0"
        assert "Neste endring:" in said
        assert "avsluttet" in said
        assert "\nINGENTING GJALDT" in after

    def test_as_had_been_decided_at_an_instant(self, tmp_path, adopted):
        """
        What was believed then is another question than what is known now.
        """
        clock = adopted.clock
        before = clock.now
        clock.forward(days=40)
        with adopted.opened() as library:
            library.decline("handhygiene", "fauske", reason="Egen.", by="beslutter.fauske")
            later = clock.now.date()
            now, _ = says(tmp_path, library, name="a", on=later)
            then, said = says(tmp_path, library, name="b", on=later, known_at=before)

        assert now.in_force is None
        assert then.in_force == "1.0"
        assert (now.later, then.later) == (0, 1)
        assert said.startswith(
            f"ETTER DET SOM VAR BESTEMT TIL OG MED 23.11.2026 10:00 (besluttet senere: 1)\nGJALDT: handhygiene, 1841, {later:%d.%m.%Y}\n"
            f"  Håndhygiene i Fauske {later:%d.%m.%Y}, etter det som var bestemt 23.11.2026 kl. 10:00\n"
        )
        assert "Alle beslutninger er lest, til og med 55\n" in said

    def test_a_newer_version_and_an_older_day(self, tmp_path, adopted):
        """
        Each day has the version of that day.
        """
        with adopted.opened() as library:
            adopted.clock.forward(days=30)
            change_with_everyone(library, a_routine(extra="Nytt."))
            library.adopt("handhygiene", "fauske", by="beslutter.fauske")
            old, before = says(tmp_path, library, name="a", on=DECEMBER)
            new, _ = says(tmp_path, library, name="b", on=adopted.clock.today)

        assert (old.in_force, new.in_force) == ("1.0", "1.1")
        assert "tatt i bruk, 1.1" in before.partition("Neste endring:")[2]

    def test_a_minor_correction_that_followed_by_itself(self, tmp_path, adopted):
        """
        Nobody decided that very version; a standing decision did, and it is shown with its delegation.
        """
        with adopted.opened() as library:
            library.set_standing("fauske", until=date(2027, 6, 1), by="beslutter.fauske")
            adopted.clock.forward(days=1)
            change_with_everyone(library, a_routine(extra="Vask godt."))
            made, said = says(tmp_path, library)

        assert made.in_force == "1.1"
        assert "stående beslutning" in said
        assert "tatt i bruk, 1.1" in said

    def test_a_hasteversjon_that_was_refused_is_said_to_be_whatever_is_kept_away(self, tmp_path, adopted, keys):
        """
        What applied had been refused by the network: neither a forger nor an older checkpoint of ours may hide that.
        """
        set_key(adopted, keys / "samrutine")
        with adopted.opened() as library:
            hurried = library.propose(
                a_routine(extra="Haster."),
                by="skribent",
                changes="handhygiene",
                significance="major",
                meaning="Haster.",
            )
            library.hurry(hurried.proposal, digest=hurried.digest, reason="Utbrudd.", by="leder")
            library.adopt("handhygiene", "fauske", by="beslutter.fauske")
            library.checkpoint()
            before = adopted.clock.now
            adopted.clock.forward(days=20)
            library.reject(hurried.proposal, reason="Nei.", by="leder")
            made, said = says(tmp_path, library, on=adopted.clock.today)
            _, then = says(tmp_path, library, name="da", on=adopted.clock.today, known_at=before)
        later = "register/network/smittevern/2026-12/001.jsonl"
        rest = {name: content for name, content in made.files.items() if name != later}
        about = check(write(tmp_path / "egen", made.files), "--register", adopted.path / "library.git")[1]

        assert "(nyere om municipality/1841: 0) (nyere om network/smittevern: 0)" in about
        assert (made.in_force, made.checkpointed) == ("2.0", False)
        assert "avvist i ettertid" in said
        assert "avvist i ettertid" not in then
        assert later in made.files
        assert not holds(resealed(made, rest), made.commit)

    def test_words_that_were_redacted_are_left_out_and_said_so(self, tmp_path, adopted):
        """
        That it applied stays proven; what stood there is gone for good.
        """
        with adopted.opened() as library:
            change_with_everyone(library, a_routine(extra="Ring Navn Navnesen."))
            library.adopt("handhygiene", "fauske", by="beslutter.fauske")
            digest = next(one.digest for one in library.versions("handhygiene") if str(one.version) == "1.1")
            adopted.clock.forward(days=30)
            change_with_everyone(library, a_routine(extra="Ring vakttelefonen."))
            library.adopt("handhygiene", "fauske", by="beslutter.fauske")
            library.redact(digest, reason="Et navn i teksten.", by="redaktor")
            made, said = says(tmp_path, library)

        assert (made.in_force, made.left_out) == ("1.1", (digest,))
        assert f"text.md er ikke lagt ved: {digest}" in said

    def test_of_a_demo_it_says_so_first(self, tmp_path, adopted):
        """
        What was invented must never lie in an archive as if it had applied.
        """
        with adopted.opened() as library:
            with library._parts.database.writing() as session:
                session.connection().execute(text("UPDATE library SET demo = 1"))
            made, said = says(tmp_path, library)

        assert made.files["LES-MEG.txt"].decode().startswith("DEMO, oppdiktet: Håndhygiene i Fauske 01.12.2026\n")
        assert "  DEMO, oppdiktet: Håndhygiene i Fauske 01.12.2026\n" in said


class TestOfADamagedLibrary:
    @pytest.mark.parametrize(
        "damage",
        [
            "UPDATE in_force SET minor = 7 WHERE municipality = '1841'",
            "UPDATE decision SET record = record || ' ' WHERE kind = 'adopted'",
        ],
        ids=["another version is shown", "the decision was changed"],
    )
    def test_what_it_rests_on_is_looked_at_first(self, adopted, damage):
        """
        The proof would hold, and the answer beside it would name a version that it does not prove.
        """
        with adopted.opened() as library:
            with library._parts.database.writing() as session:
                session.connection().execute(text(damage))
            with pytest.raises(StoreDamaged):
                library.prove("handhygiene", "fauske", on=DECEMBER)


class TestFromAnEarlierRegister:
    def test_it_is_taken_from_the_commit_that_the_receiver_knows(self, tmp_path, adopted, proof):
        """
        Whoever noted the register's tip last year holds the proof against that note.
        """
        with adopted.opened() as library:
            adopted.clock.forward(days=30)
            library.decline("handhygiene", "fauske", reason="Egen.", by="beslutter.fauske")
            made, _ = says(tmp_path, library, at=proof.commit, tip=proof.commit, on=date(2027, 1, 5))

        assert made.commit == proof.commit
        assert made.in_force == "1.0"

    def test_what_is_no_commit_of_the_register_is_refused(self, adopted):
        """
        Neither another branch nor a slip of the hand makes a proof.
        """
        with adopted.opened() as library:
            for wrong in ("0" * 40, "main", library._parts.store.tip("refs/heads/main")):
                with pytest.raises(InvalidRequest):
                    library.prove("handhygiene", "fauske", on=DECEMBER, at=wrong)


class TestHeldAgainstOnesOwnClone:
    def test_a_clone_that_has_the_commit_is_enough(self, tmp_path, adopted, folder):
        """
        Each municipality may hold a clone: then nobody need be trusted at all.
        """
        clone = tmp_path / "klone"
        subprocess.run(["git", "clone", "-q", "--bare", str(adopted.path / "library.git"), str(clone)], check=True)

        code, said = check(folder, "--register", clone)

        assert code == 0, said
        assert "nyere om municipality/1841: 0" in said

    def test_it_says_when_the_clone_knows_something_newer(self, tmp_path, adopted, folder):
        """
        An honest proof from an old register must not pass for what holds today.
        """
        with adopted.opened() as library:
            library.decline("handhygiene", "fauske", reason="Egen.", by="beslutter.fauske")

        code, said = check(folder, "--register", adopted.path / "library.git")

        assert code == 0
        assert "nyere om municipality/1841: 1" in said

    def test_another_library_does_not_have_it(self, home_with_routine, folder):
        """
        A register that was written anew has other commits.
        """
        code, said = check(folder, "--register", home_with_routine.path / "library.git")

        assert code == 1
        assert "Be om et bevis med --at." in said
        assert "HOLDER IKKE" not in said


class TestRights:
    def test_what_a_reader_may_not_know_of_is_not_there(self, library):
        """
        The answer is that of a missing routine, to the letter.
        """
        approve_with_everyone(library, a_routine("alarm", access="exempt"))

        with pytest.raises(ProcedureNotFound) as hidden:
            library.prove("alarm", "fauske", on=DECEMBER)
        with pytest.raises(ProcedureNotFound) as missing:
            library.prove("finnes-ikke", "fauske", on=DECEMBER)

        assert str(hidden.value).replace("alarm", "x") == str(missing.value).replace("finnes-ikke", "x")

    def test_whoever_may_read_it_may_prove_it(self, library, tmp_path):
        """
        The network's own members answer for it at a supervision.
        """
        approve_with_everyone(library, a_routine("alarm", access="exempt"))
        library.adopt("alarm", "fauske", by="beslutter.fauske")

        made = library.prove("alarm", "fauske", on=DECEMBER, reader="leder")

        assert made.in_force == "1.0"
        assert check(write(tmp_path / "b", made.files), "--tip", made.commit)[0] == 0

    def test_additions_that_the_reader_may_not_see_are_left_out_and_said_so(self, library_with_routine, tmp_path):
        """
        What stands beside a text that was exempt once is proven to have stood, and not shown.
        """
        library = library_with_routine
        library.adopt("handhygiene", "fauske", by="beslutter.fauske")
        change_with_everyone(library, a_routine(access="exempt"), significance="major", meaning="Unntatt.")
        library.add_addition("handhygiene", "fauske", "", "practical-note", "Koden er ny.", by="ansvarlig.fauske")
        change_with_everyone(library, a_routine(extra="Åpen."), by="redaktor", significance="major", meaning="Åpnet.")

        outside = library.prove("handhygiene", "fauske", on=DECEMBER)
        inside = library.prove("handhygiene", "fauske", on=DECEMBER, reader="beslutter.fauske")

        assert (len(outside.left_out), len(inside.left_out)) == (1, 0)
        assert not any(b"Koden er ny" in content for content in outside.files.values())
        assert any(b"Koden er ny" in content for content in inside.files.values())
        assert "er ikke lagt ved" in check(write(tmp_path / "b", outside.files), "--tip", outside.commit)[1]

    def test_an_exempt_version_of_a_routine_that_was_opened_since_is_not_there(self, library_with_routine):
        """
        Its words stay exempt, on paper as in a proof.
        """
        library = library_with_routine
        change_with_everyone(library, a_routine(access="exempt"), significance="major", meaning="Unntatt.")
        library.adopt("handhygiene", "fauske", by="beslutter.fauske")
        change_with_everyone(library, a_routine(extra="Åpen."), by="redaktor", significance="major", meaning="Åpnet.")

        with pytest.raises(DocumentNotFound):
            library.prove("handhygiene", "fauske", on=DECEMBER)
