"""Texts that meet another, or that cannot wait, from the shell: compare, refresh, hurry, reject, retire, merge."""

import pytest

from samrutine.procedures.text import digest
from tests.support.texts import a_routine

OTHERS = ("medlem.beiarn", "medlem.gildeskal")


def proposed(at, home, tmp_path, extra, *, by="skribent", name="ny"):
    """Propose a minor change of handhygiene; gives id and digest."""
    file = tmp_path / f"{name}.md"
    file.write_bytes(a_routine(extra=extra))
    made = at(home, "propose", file, "--changes", "handhygiene", "--significance", "minor", "--json", by=by).answer
    return made["proposal"], made["digest"]


def agreed(at, home, proposal, digest):
    """Send, and let all who must agree."""
    at(home, "send", proposal, "--digest", digest, by="leder")
    return [at(home, "approve", proposal, "--digest", digest, by=one) for one in (*OTHERS, "leder")]


class TestComparing:
    def test_shows_what_a_proposal_changes_with_marks_that_need_no_colour(self, at, home_with_routine, tmp_path):
        """
        A printed page and a screen reader have no red and green.
        """
        proposal, _ = proposed(at, home_with_routine, tmp_path, "Bruk hansker.")

        ran = at(home_with_routine, "compare", "--proposal", proposal, by="skribent")

        assert "{+Bruk hansker.+}" in ran.out
        assert "\x1b" not in ran.out

    def test_shows_the_newest_beside_the_one_before_when_none_is_named(self, at, home_with_routine, tmp_path):
        """
        "What is new?" is the question nearly always.
        """
        agreed(at, home_with_routine, *proposed(at, home_with_routine, tmp_path, "Bruk hansker."))

        ran = at(home_with_routine, "compare", "handhygiene")
        turned = at(home_with_routine, "compare", "handhygiene", "1.1", "1.0")

        assert "handhygiene: fra versjon 1.0 til 1.1" in ran.out
        assert "{+Bruk hansker.+}" in ran.out
        assert "[-Bruk hansker.-]" in turned.out

    def test_writes_a_page_for_those_without_a_terminal(self, at, home_with_routine, tmp_path):
        """
        It is sent round before the meeting.
        """
        proposal, _ = proposed(at, home_with_routine, tmp_path, "Bruk hansker.")
        page = tmp_path / "endring.html"

        ran = at(home_with_routine, "compare", "--proposal", proposal, "--html", page, by="skribent")

        assert ran.code == 0
        written = page.read_text()
        assert written.startswith("<!doctype html>")
        assert "Bruk hansker." in written
        assert "<script" not in written

    @pytest.mark.parametrize(
        ("line", "code"),
        [
            ((), 2), (("handhygiene",), 2), (("handhygiene", "--proposal", "f-0000000000"), 2), (("handhygiene", "9.9"), 4),
            (("handhygiene", "tull"), 2), (("--proposal", "f-0000000000"), 4),
        ],
        ids=["nothing", "only one version", "both", "no such version", "no version at all", "no such proposal"],
    )  # fmt: skip
    def test_says_what_can_be_compared(self, at, home_with_routine, line, code):
        """
        Two texts, or a proposal: anything else is a slip of the hand.
        """
        ran = at(home_with_routine, "compare", *line, by="leder")

        assert ran.code == code
        assert ran.err


class TestRefreshing:
    def test_names_the_places_where_two_chose_differently_and_holds_the_text_back(
        self, at, home_with_routine, tmp_path
    ):
        """
        No program can know which words are right; it can only refuse to guess.
        """
        home = home_with_routine
        mine, my_digest = proposed(at, home, tmp_path, "Bruk hansker.", by="ansatt.fauske")
        agreed(at, home, *proposed(at, home, tmp_path, "Bruk aldri hansker.", name="andre"))

        refused = at(home, "send", mine, "--digest", my_digest, by="leder")
        ran = at(home, "refresh", mine, "--digest", my_digest, by="ansatt.fauske")
        shown = at(home, "proposal", mine, by="ansatt.fauske")

        assert refused.code == 5
        assert "samrutine refresh" in refused.err
        assert "bygger nå på versjon 1.1" in ran.out
        assert "Bruk hansker. I den nyeste: Hindre" in ran.text
        assert "ansatte. Bruk aldri hansker. Teksten i forslaget står inntil videre." in ran.text
        assert "utkast, ett sted å velge tekst" in shown.out
        assert at(home, "send", mine, "--digest", my_digest, by="leder").code == 3


class TestHurrying:
    def test_tells_that_the_network_agrees_afterwards_and_does(self, at, home_with_routine, tmp_path):
        """
        The number is given tonight; the eyes come tomorrow, and both are said.
        """
        home = home_with_routine
        proposal, digest = proposed(at, home, tmp_path, "Bruk hansker.")

        made = at(home, "hurry", proposal, "--digest", digest, "--reason", "Nytt råd i dag.", by="leder")
        shown = at(home, "proposal", proposal, by="leder")
        answers = [at(home, "approve", proposal, "--digest", digest, by=one) for one in (*OTHERS, "leder")]

        assert "handhygiene 1.1 er hasteversjon fra nå." in made.out
        assert "til godkjenning, hasteversjon 1.1" in shown.out
        assert "Hvorfor det hastet: Nytt råd i dag." in shown.out
        assert "Godkjenninger: 1 av 2, mangler nettverksleder." in answers[0].out
        assert "er faglig godkjent i ettertid" in answers[-1].out

    def test_one_that_is_refused_says_which_version_stands(self, at, home_with_routine, tmp_path):
        """
        Whoever follows it must know tonight what to follow instead.
        """
        home = home_with_routine
        proposal, digest = proposed(at, home, tmp_path, "Bruk hansker.")
        at(home, "hurry", proposal, "--digest", digest, "--reason", "Nytt råd i dag.", by="leder")

        ran = at(home, "reject", proposal, "--reason", "Rådet var feil.", by="leder")

        assert "Hasteversjon 1.1 er stoppet. Rutinen er nå versjon" in ran.out
        assert (
            "stoppet av fagnettverket" in at(home, "proposals", "--state", "stoppet av fagnettverket", by="leder").out
        )


class TestRetiring:
    def test_a_routine_is_proposed_withdrawn_and_agreed_to_as_a_text_is(self, at, home_with_routine):
        """
        What nine municipalities follow is not taken away by one person.
        """
        home = home_with_routine
        made = at(home, "retire", "handhygiene", "--reason", "Dekket.", "--json", by="skribent").answer
        line = (made["proposal"], "--digest", made["digest"])
        at(home, "send", *line, "--unheard", "Drøftet.", by="leder")

        answers = [at(home, "approve", *line, by=one) for one in (*OTHERS, "medlem.hamaroy", "leder")]

        assert "tilbaketrekking av rutinen" in at(home, "proposals", by="leder").text
        assert "handhygiene er trukket tilbake." in answers[-1].out

    def test_a_replacement_must_be_there(self, at, home_with_routine):
        """
        A sign that points nowhere is worse than none.
        """
        ran = at(
            home_with_routine, "retire", "handhygiene", "--reason", "x", "--replaced-by", "finnes-ikke", by="skribent"
        )

        assert ran.code == 3


class TestMerging:
    def test_a_text_of_several_is_kept_with_where_it_came_from(self, at, home, tmp_path):
        """
        Two municipalities wrote it first; the shared one says so.
        """
        file = tmp_path / "felles.md"
        file.write_bytes(a_routine())

        ran = at(
            home, "merge", file, "--source", "Fauske=Rutine 1", "--source", "Beiarn=Rutine 2", "--json", by="skribent"
        )

        assert ran.code == 0
        shown = at(home, "proposal", ran.answer["proposal"], by="skribent")
        assert "sammenslåing av lokale rutiner" in shown.out

    def test_the_history_says_whose_each_of_them_was(self, at, home, tmp_path):
        """
        "source_1841-1" is what the program calls it, and nobody else.
        """
        file = tmp_path / "felles.md"
        file.write_bytes(a_routine())
        at(home, "merge", file, "--source", "Fauske=Rutine 1", "--source", "Beiarn=Rutine 2", by="skribent")

        ran = at(home, "history", "handhygiene", by="skribent")

        assert "rutinen i Fauske: Rutine 1" in ran.text
        assert "rutinen i Beiarn: Rutine 2" in ran.text

    @pytest.mark.parametrize(
        ("sources", "said"),
        [
            (("Fauske",), "Fauske=Rutine for avvik"), (("=x", "Fauske=y"), "Fauske=Rutine for avvik"),
            (("Fauske=x",), "to kommuner eller flere"),
        ],
        ids=["no routine", "no municipality", "only one"],
    )  # fmt: skip
    def test_says_how_a_source_is_written(self, at, home, tmp_path, sources, said):
        """
        One example is worth a page.
        """
        file = tmp_path / "felles.md"
        file.write_bytes(a_routine())

        ran = at(home, "merge", file, *(word for one in sources for word in ("--source", one)), by="skribent")

        assert ran.code == 2
        assert said in ran.err


class TestFetchingAText:
    def test_what_is_fetched_changed_and_proposed_is_a_change_of_the_routine(self, at, home_with_routine, tmp_path):
        """
        Whoever wants to mend a sentence must be able to get at it, without knowing where the library keeps its texts.
        """
        file = tmp_path / "ny.md"

        fetched = at(home_with_routine, "text", "handhygiene", "-o", file)
        file.write_text(file.read_text().replace("review_interval_months: 24", "review_interval_months: 12"))
        made = at(
            home_with_routine, "propose", file, "--changes", "handhygiene", "--significance", "minor", by="skribent"
        )

        assert f"samrutine propose {file} --changes handhygiene" in fetched.out
        assert made.code == 0

    def test_is_the_very_words_that_were_approved(self, at, home_with_routine):
        """
        A text that is fetched and proposed unchanged changes nothing, down to the last byte.
        """
        said = at(home_with_routine, "text", "handhygiene", "--json").answer

        assert digest(said["text"].encode()) == said["digest"]
        assert at(home_with_routine, "text", "handhygiene", "--version", "1.0").out == said["text"]

    def test_of_a_proposal_tells_how_to_keep_it(self, at, home_with_routine, tmp_path):
        """
        The one who mends a draft needs the digest of what they began from, and it is there to copy.
        """
        proposal, whole = proposed(at, home_with_routine, tmp_path, "Bruk hansker.")
        file = tmp_path / "utkast.md"

        ran = at(home_with_routine, "text", "--proposal", proposal, "-o", file, by="skribent")

        assert "Bruk hansker." in file.read_text()
        assert f"samrutine revise {proposal} {file} --digest {whole[2:14]}" in ran.out

    @pytest.mark.parametrize(
        ("line", "code"),
        [
            ((), 2), (("handhygiene", "--proposal", "f-0000000000"), 2), (("--proposal", "f-0000000000"), 4),
            (("handhygiene", "--version", "9.9"), 4), (("finnes-ikke",), 4), (("handhygiene", "-o", "-", "--json"), 2),
        ],
        ids=["nothing", "both", "no such proposal", "no such version", "no such routine", "both kinds of answer"],
    )  # fmt: skip
    def test_says_what_it_needs(self, at, home_with_routine, line, code):
        """
        The way out is in the answer.
        """
        assert at(home_with_routine, "text", *line, by="skribent").code == code
