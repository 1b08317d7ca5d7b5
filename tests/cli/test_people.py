"""People, their own data, and what readers say, from the shell."""

import json


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

    def test_are_not_for_others(self, at, home):
        """
        What is held about a colleague is the colleague's.
        """
        assert at(home, "my-data", "leder", by="skribent").code == 3

    def test_are_erased_with_a_reason(self, at, home):
        """
        The name goes from the one place where it lies.
        """
        ran = at(home, "erase", "ansatt.fauske", "--reason", "Sluttet.", by="redaktor")

        assert "er slettet: navn, brukernavn og e-postadresse er borte, og én rolle er avsluttet." in ran.out
        assert "Ansatt.Fauske" not in at(home, "people").out

    def test_of_who_decided_keep_the_name_when_asked_to(self, at, home_with_routine):
        """
        Who decided is a part of what was decided.
        """
        at(home_with_routine, "adopt", "handhygiene", "-m", "Fauske", by="beslutter.fauske")

        refused = at(home_with_routine, "erase", "beslutter.fauske", "--reason", "Sluttet.", by="redaktor")
        kept = at(home_with_routine, "erase", "beslutter.fauske", "--reason", "Sluttet.", "--keep-name", by="redaktor")

        assert refused.code == 3
        assert "Navnet står" in kept.out

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


class TestFeedback:
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
