"""Looking after routines from the shell: due, review, owner, orphans."""


class TestReviews:
    def test_a_routine_is_due_reviewed_and_due_again_later(self, at, home_with_routine):
        """
        The network's year: what is due, done, and when next.
        """
        home = home_with_routine
        home.clock.forward(days=730)

        due = at(home, "due", "--network", "smittevern")
        done = at(home, "review", "handhygiene", "--version", "1.0", "--note", "Lest i møte.", by="leder")

        assert "handhygiene" in due.out
        assert "handhygiene 1.0 er gjennomgått uten endring. Neste gjennomgang er" in done.out
        assert "Ingen rutiner skal gås gjennom" in at(home, "due").out

    def test_a_routine_to_change_keeps_its_day_and_says_how(self, at, home_with_routine):
        """
        Reading it did not mend it.
        """
        ran = at(
            home_with_routine,
            "review",
            "handhygiene",
            "--version",
            "1.0",
            "--outcome",
            "gjennomgått, skal endres",
            by="leder",
        )

        assert "samrutine propose --changes handhygiene" in ran.out

    def test_a_script_says_which_version_was_looked_through(self, at, home_with_routine):
        """
        The one that came the day before is not the one that was read in the meeting.
        """
        without = at(home_with_routine, "review", "handhygiene", by="leder")
        another = at(home_with_routine, "review", "handhygiene", "--version", "0.9", by="leder")
        older = at(home_with_routine, "review", "handhygiene", "--version", "1.1", by="leder")

        assert (without.code, another.code, older.code) == (2, 2, 5)
        assert "--version" in without.err
        assert "handhygiene har nå versjon 1.0" in older.err

    def test_a_routine_nobody_looks_after_is_listed_until_it_has_an_owner(self, at, home_with_routine):
        """
        What belongs to all is read by none.
        """
        home = home_with_routine
        before = at(home, "orphans", "--json").answer["orphans"]

        made = at(home, "owner", "set", "handhygiene", "--owner", "medlem.beiarn", by="leder")

        assert [one["procedure"] for one in before] == ["handhygiene"]
        assert "eier medlem.beiarn, stedfortreder ingen" in made.out
        assert at(home, "orphans").out == "Alle rutiner har noen som ser etter dem.\n"
