"""People, their own data, and what readers say, from the shell."""

import io
import json

import pytest


class TestDeputiesAndVacancies:
    def test_a_deputy_is_named_as_one(self, at, home):
        """
        Whoever looks for the leader must not find somebody who only stands in.
        """
        ran = at(
            home,
            "grant",
            "skribent",
            "nettverksleder",
            "--network",
            "smittevern",
            "--deputy-of",
            "leder",
            by="redaktor",
        )
        listed = at(home, "people")

        assert "skribent er stedfortreder for leder som nettverksleder i smittevern" in ran.out
        assert "(stedfortreder) i smittevern" in listed.text

    def test_a_role_and_a_delegation_with_an_end_say_it(self, at, home):
        """
        Who has the list thought that the deputy for the summer could decide for ever.
        """
        deputy = "ansatt.fauske", "decider", "-m", "Fauske", "--deputy-of", "beslutter.fauske"
        at(home, "grant", *deputy, "--until", "01.09.2027", by="redaktor")
        given = "--level", "kommunalsjef", "--position", "helsesjef, konst."

        made = at(home, "delegate", "ansatt.fauske", "-m", "Fauske", *given, by="redaktor")
        listed = at(home, "people").text.partition("ansatt.fauske")[2]

        assert "konst.." not in made.text
        assert listed.count("31.08.2027") == 2

    def test_posts_without_anybody_are_listed(self, at, home):
        """
        A routine that waits for nobody waits for ever.
        """
        ran = at(home, "vacancies", "--json")

        assert {"body": "municipality:1837", "role": "responsible"}.items() <= next(
            one for one in ran.answer["vacancies"] if one["body"] == "municipality:1837"
        ).items()


class TestOwnData:
    def test_are_shown_in_short_and_written_whole(self, at, home_with_routine, tmp_path):
        """
        A person's right is to all of it, and their wish is to see what it is.
        """
        path = tmp_path / "mine.json"
        shown = at(home_with_routine, "my-data", by="skribent")
        at(home_with_routine, "my-data", "--output", path, by="skribent")

        assert "Navn Navnesen Skribent" in shown.text
        assert "samrutine my-data --output" in shown.text
        assert json.loads(path.read_text(encoding="utf-8"))["person"]["login"] == "skribent"

    def test_in_a_file_are_explained(self, at, home, tmp_path):
        """
        «looks_after_as_deputy» says nothing to an employee who wants to know what is held.
        """
        file = tmp_path / "mine.json"

        at(home, "my-data", "-o", file, by="skribent")

        assert json.loads(file.read_text())["forklaring"]["roles"] == "roller"

    def test_are_not_for_others(self, at, home):
        """
        What is held about a colleague is the colleague's.
        """
        assert at(home, "my-data", "leder", by="skribent").code == 3

    def test_are_erased_with_a_reason(self, at, home):
        """
        The name goes from the one place where it lies.
        """
        ran = at(home, "erase", "ansatt.fauske", "--reason", "Sluttet.", "--yes", by="redaktor")

        assert "er slettet: navn, brukernavn og e-postadresse er borte, og én rolle er avsluttet." in ran.out
        assert "Ansatt.Fauske" not in at(home, "people").out

    def test_of_who_decided_keep_the_name_when_asked_to(self, at, home_with_routine):
        """
        Who decided is a part of what was decided.
        """
        at(home_with_routine, "adopt", "handhygiene", "-m", "Fauske", by="beslutter.fauske")

        unsure = at(home_with_routine, "erase", "beslutter.fauske", "--reason", "Sluttet.", by="redaktor")
        refused = at(home_with_routine, "erase", "beslutter.fauske", "--reason", "Sluttet.", "--yes", by="redaktor")
        kept = at(
            home_with_routine,
            "erase",
            "beslutter.fauske",
            "--reason",
            "Sluttet.",
            "--keep-name",
            "--yes",
            by="redaktor",
        )

        assert refused.code == 3
        assert (unsure.code, unsure.err) == (refused.code, refused.err)
        assert "Navnet står" in kept.out

    def test_are_not_erased_before_somebody_has_seen_what_ends(self, at, home):
        """
        A sign-in name typed wrong, and somebody else is gone for good.
        """
        at(home, "standing", "set", "-m", "Fauske", "--last-day", "2026-12-31", by="beslutter.fauske")

        ran = at(home, "erase", "beslutter.fauske", "--reason", "Sluttet.", "--keep-name", by="redaktor")
        nobody = at(home, "erase", "ansatt.fauske", "--reason", "Sluttet.", by="redaktor")

        assert (ran.code, nobody.code) == (2, 2)
        assert "Brukernavn og e-postadresse slettes" in ran.err
        assert "Navn, brukernavn og e-postadresse slettes" in nobody.err
        assert "Delegasjonen som" in ran.err
        assert "stående beslutning" in ran.err
        assert "Ingenting er gjort ennå." in ran.err
        assert "beslutter.fauske" in at(home, "people").out

    def test_of_a_decider_whose_role_is_taken_back_say_what_ends_with_it(self, at, home):
        """
        Else minor corrections stop following, and nobody knows why.
        """
        at(home, "standing", "set", "-m", "Fauske", "--last-day", "2026-12-31", by="beslutter.fauske")

        ran = at(home, "revoke", "beslutter.fauske", "beslutter", "-m", "Fauske", by="redaktor")

        shown = at(home, "standing", "show", "-m", "Fauske")

        assert "Ingenting følger lenger av stående beslutning" in ran.text
        assert "følges ikke lenger" in shown.text

    def test_that_are_not_too_old_are_no_decision_to_delete(self, at, home_with_routine):
        """
        «Slettet 0» would stand in the register for ever.
        """
        before = at(home_with_routine, "verify", "--json").answer["decisions"]

        ran = at(home_with_routine, "retention", "--delete", by="redaktor")

        assert "Ingenting er oppbevart for lenge." in ran.text
        assert at(home_with_routine, "verify", "--json").answer["decisions"] == before

    @pytest.mark.parametrize("words", [("inbox",), ("news",), ("my-data",), ("retention",)], ids=lambda one: one[0])
    def test_that_differ_by_reader_ask_who_reads(self, at, home, words):
        """
        Nothing is decided by reading, so the message must not say so.
        """
        ran = at(home, *words)

        assert ran.code == 2
        assert "Si hvem du er med `--as`" in ran.err

    def test_that_are_old_are_shown_before_they_are_deleted(self, at, home_with_routine):
        """
        What is deleted does not come back.
        """
        home_with_routine.clock.forward(days=400)

        shown = at(home_with_routine, "retention", by="redaktor")
        deleted = at(home_with_routine, "retention", "--delete", by="redaktor")
        after = at(home_with_routine, "retention", by="redaktor")

        assert "Ingenting er slettet." in shown.text
        assert "er slettet. Beslutning" in deleted.text
        assert "Ingenting er oppbevart for lenge." in after.text


class TestAdding:
    def test_a_sign_in_name_that_is_taken_says_so(self, at, home):
        """
        «Skriv det slik: a-z» would send somebody looking for a wrong letter.
        """
        ran = at(home, "person", "add", "leder", "--name", "Oppdiktet", by="redaktor")

        assert ran.code == 2
        assert "Brukernavnet «leder» er i bruk." in ran.err


class TestFeedback:
    def test_takes_the_heading_of_a_section(self, at, home_with_routine):
        """
        The reader sees headings, and never a key.
        """
        ran = at(
            home_with_routine, "feedback", "give", "handhygiene", "Det mangler noe.", "--section", "Framgangsmåte",
            by="ansatt.fauske",
        )  # fmt: skip

        assert ran.code == 0, ran.err

    def test_that_is_answered_is_told_with_the_answer(self, at, home_with_routine):
        """
        «Besvart», with the answer elsewhere, is half an answer.
        """
        given = at(
            home_with_routine, "feedback", "give", "handhygiene", "Det mangler noe.", "--json", by="ansatt.fauske"
        ).answer["feedback"]
        at(home_with_routine, "feedback", "answer", given, "Det står i neste versjon.", by="leder")

        ran = at(home_with_routine, "news", by="ansatt.fauske")

        assert f"Svaret på {given}: Det står i neste versjon." in ran.text

    @pytest.mark.parametrize("words", [(), ("--proposal", "f-0", "--procedure", "handhygiene")], ids=["none", "both"])
    def test_of_a_wish_is_met_by_one_thing(self, at, home_with_routine, words):
        """
        Whoever wished is told what to read.
        """
        ran = at(home_with_routine, "wish", "take-up", "w-0000000000", *words, by="leder")

        assert ran.code == 2
        assert "--procedure" in ran.err

    def test_goes_from_reader_to_leader_and_back(self, at, home_with_routine):
        """
        Who says that something is wrong and hears nothing, says it once.
        """
        home = home_with_routine
        given = at(home, "feedback", "give", "handhygiene", "Lenken virker ikke.", "--json", by="skribent").answer
        waits = at(home, "inbox", by="leder")
        at(home, "feedback", "answer", given["feedback"], "Takk, vi retter den.", by="leder")
        told = at(home, "news", by="skribent")
        mine = at(home, "feedback", "list", by="skribent")

        assert given["feedback"] in waits.text
        assert "Tilbakemeldingen din er besvart" in told.text
        assert "Svar: Takk, vi retter den." in mine.text

    def test_a_draft_can_be_tied_to_it_only_when_there_is_one(self, at, home_with_routine):
        """
        A trace that leads nowhere is worse than none.
        """
        given = at(home_with_routine, "feedback", "give", "handhygiene", "Feil.", "--json", by="skribent").answer

        assert at(home_with_routine, "feedback", "take-up", given["feedback"], "f-0000000000", by="leder").code == 4


class TestWishes:
    def test_like_ones_are_shown_and_supported(self, at, home):
        """
        Nine wishes for one routine are one wish with nine municipalities behind it.
        """
        first = at(home, "wish", "make", "Rutine for vold og trusler mot ansatte.", "--json", by="skribent").answer
        second = at(home, "wish", "make", "Vold og trusler mot ansatte.", by="ansatt.fauske")
        support = at(home, "wish", "support", first["wish"], "-m", "Fauske", by="ansatt.fauske")
        listed = at(home, "wish", "list")

        assert f"{first['wish']}: Rutine for vold og trusler mot ansatte." in second.text
        assert "Det gjør nå 2 kommuner." in support.out
        assert "Fauske, Meløy" in listed.text

    def test_is_answered(self, at, home):
        """
        No is an answer too.
        """
        made = at(home, "wish", "make", "Rutine for drivhus.", "--json", by="skribent").answer

        ran = at(home, "wish", "answer", made["wish"], "Ikke nå.", by="redaktor")

        assert ran.code == 0
        assert "besvart" in at(home, "wish", "list").text


class TestPassword:
    def test_is_read_from_what_comes_in_and_never_from_the_line(self, at, home, monkeypatch):
        """
        What is typed on the line is seen in the list of processes, and in the shell's history.
        """
        phrase = "fire ord som er lange"
        monkeypatch.setattr("sys.stdin", io.StringIO(f"{phrase}\n"))

        given = at(home, "person", "password", "leder", by="redaktor")
        monkeypatch.setattr("sys.stdin", io.StringIO("kort\n"))
        short = at(home, "person", "password", "leder", by="redaktor")
        monkeypatch.setattr("sys.stdin", io.StringIO(f"feil\n{phrase} igjen\n"))
        wrong = at(home, "person", "password", "leder", by="leder")
        monkeypatch.setattr("sys.stdin", io.StringIO(f"{phrase}\n{phrase} igjen\n"))
        own = at(home, "person", "password", "leder", by="leder")

        assert [ran.code for ran in (given, short, wrong, own)] == [0, 3, 3, 0]
        assert phrase not in given.out + given.err
        with home.opened() as library:
            assert library.sign_in("leder", f"{phrase} igjen").token


class TestTokens:
    def test_are_shown_once_listed_and_ended(self, at, home):
        """
        What opens the library for a program must not stand in any list.
        """
        nothing = at(home, "person", "token", "list", by="leder")
        made = at(home, "person", "token", "make", "vaktlisten", "--last-day", "31.12.2026", "--write", by="leder")
        token = made.out.split()[-1]
        listed = at(home, "person", "token", "list", by="leder")
        (one,) = at(home, "person", "token", "list", "--json", by="leder").answer["tokens"]
        ended = at(home, "person", "token", "end", one["key"], by="leder")
        again = at(home, "person", "token", "end", one["key"], by="leder")

        assert "Du har ingen adgangsord som gjelder." in nothing.out
        assert "«vaktlisten» er laget: lese og skrive, til og med 31.12.2026." in made.out
        assert token.startswith("samrutine_")
        assert ("vaktlisten" in listed.out, token in listed.out) == (True, False)
        assert f"Adgangsordet {one['key']} er avsluttet." in ended.out
        assert f"Du har ikke noe adgangsord {one['key']}." in again.out
