"""A hearing from the shell: open, answer with and without an account, remind, reply, close, sum up."""

import re

import pytest

from tests.support.texts import a_routine


@pytest.fixture
def draft(at, home, tmp_path):
    """A draft that Skribent has kept; gives its id and its digest."""
    file = tmp_path / "handhygiene.md"
    file.write_bytes(a_routine())
    made = at(home, "propose", file, "--json", by="skribent").answer
    return made["proposal"], made["digest"]


@pytest.fixture
def heard(at, home, draft):
    """The draft on hearing, by Fauske and a doctor's office outside; gives its id and its digest."""
    proposal, digest = draft
    ran = at(
        home, "hearing", "open", proposal, "--digest", digest, "--party", "municipality:Fauske", "--party",
        "outside:Testnes legekontor", by="leder",
    )  # fmt: skip
    assert ran.code == 0
    return proposal, digest


@pytest.fixture
def link(at, home, heard):
    """The personal link of the doctor's office."""
    return at(home, "hearing", "invite", heard[0], "Testnes legekontor", "--json", by="leder").answer["token"]


def fauske(at, home, proposal, *words):
    return at(home, "hearing", "answer", proposal, "-m", "Fauske", *words, by="ansvarlig.fauske")


class TestHolding:
    def test_a_hearing_goes_from_open_to_sent_with_what_each_person_types(self, at, home, heard, link, monkeypatch):
        """
        Nobody should have to ask how the next step is typed: each answer leads to it.
        """
        proposal, digest = heard
        fauske(at, home, proposal, "--remark", "Si hvor lenge.", "--section", "Framgangsmåte", "--paragraph", "1")
        monkeypatch.setenv("SAMRUTINE_LINK", link)
        at(home, "answer-by-link", "--no-remarks")

        closed = at(home, "hearing", "close", proposal, by="leder")
        refused = at(home, "send", proposal, "--digest", digest, by="leder")
        remark = re.search(r"^k-\w+", at(home, "hearing", "show", proposal, by="leder").out, re.MULTILINE)[0]
        replied = at(home, "hearing", "reply", remark, "tatt til følge", by="leder")
        sent = at(home, "send", proposal, "--digest", digest, by="leder")

        assert "Med merknader: 1. Ingen merknader: 1." in closed.out
        assert "Svar med `samrutine hearing reply`. De er: k-" in closed.out
        assert refused.code == 3
        assert f"samrutine hearing show {proposal}" in refused.err
        assert f"Merknad {remark}: tatt til følge." in replied.out
        assert sent.code == 0

    @pytest.mark.parametrize(
        ("typed", "said"),
        [
            ("delvis", "delvis tatt til følge"),
            ("ikke", "ikke tatt til følge"),
            ("til orientering", "tatt til orientering"),
        ],
    )
    def test_a_reply_is_given_in_the_short_words_of_the_help(self, at, home, heard, typed, said):
        """
        What the help calls it is what people type.
        """
        remark = fauske(at, home, heard[0], "--remark", "Si hvor lenge.", "--json").answer["remarks"][0]

        ran = at(home, "hearing", "reply", remark, typed, "--reply", "Det står lenger nede.", by="leder")

        assert f"Merknad {remark}: {said}." in ran.out

    def test_says_the_day_it_was_closed_and_not_a_day_to_come(self, at, home, draft):
        """
        "Heard until 13 December", read the day after it closed in November, is not true.
        """
        proposal, digest = draft
        at(home, "hearing", "open", proposal, "--digest", digest, "--party", "municipality:Fauske", by="leder")
        fauske(at, home, proposal, "--no-remarks")
        at(home, "hearing", "close", proposal, by="leder")
        with home.opened() as library:
            today = f"{library.today:%d.%m.%Y}"

        assert f"Hørt, runde 1, lukket {today}:" in at(home, "proposal", proposal, by="leder").text
        assert f"ble lukket {today}. Fristen var" in at(home, "hearing", "show", proposal, by="leder").text

    def test_says_why_each_party_is_suggested(self, at, home, draft):
        """
        A reason that is tied to nobody helps nobody to choose.
        """
        ran = at(home, "hearing", "parties", draft[0], by="leder")

        assert re.search(r"Hvorfor disse foreslås: .+ \(Kommunene, .+\)", ran.text)
        assert "Kommuneoverlegen gjennom kommunen –" in ran.text

    def test_each_party_is_chosen_by_what_stands_beside_it_or_by_its_name(self, at, home, draft):
        """
        The police is not suggested for infections, and nobody can guess what to type.
        """
        proposal, digest = draft

        shown = at(home, "hearing", "parties", proposal, "--all", by="leder").text
        opened = at(
            home, "hearing", "open", proposal, "--digest", digest, "--party", "utenfor:fastlegene-1841",
            "--party", "politiet", "--party", "Fagnettverk for omsorgstjenester", "--json", by="leder",
        )  # fmt: skip

        assert "Politiet personlig lenke utenfor:politi" in shown
        assert "Fagnettverk for omsorgstjenester egen bruker fagnettverk:omsorg" in shown
        names = [one["name"] for one in at(home, "hearing", "show", proposal, "--json", by="leder").answer["parties"]]
        assert opened.answer["parties"] == 3
        assert names == ["Fagnettverk for omsorgstjenester", "Fastlegene, Fauske", "Politiet"]

    def test_shows_each_remark_with_the_heading_it_is_about(self, at, home, heard):
        """
        Whoever mends the text goes to the place, not to a key.
        """
        fauske(at, home, heard[0], "--remark", "Si hvor lenge.", "--section", "framgangsmate", "--paragraph", "1")

        ran = at(home, "hearing", "show", heard[0], by="leder")

        assert "Fauske: Framgangsmåte, avsnitt 1 Si hvor lenge. → ikke besvart ennå" in ran.text
        assert "Én merknad har ikke fått svar." in ran.text

    def test_says_who_needs_a_link_and_how_to_make_it(self, at, home, draft):
        """
        A party outside is in no inbox; forgotten, it is silent to the end.
        """
        proposal, digest = draft

        ran = at(
            home, "hearing", "open", proposal, "--digest", digest, "--party", "outside:Testnes legekontor", by="leder"
        )

        assert f"samrutine hearing invite {proposal} PART`:\n  Testnes legekontor\n" in ran.out

    def test_shows_whom_the_library_would_hear(self, at, home, draft):
        """
        The leader sees the list before it is sent to, and may shorten it.
        """
        ran = at(home, "hearing", "parties", draft[0], by="leder")

        assert "Fauske egen bruker" in ran.text
        assert "personlig lenke" in ran.text

    def test_the_text_that_is_heard_is_shown_to_a_party(self, at, home, heard):
        """
        A party answers about the words it was sent.
        """
        ran = at(home, "hearing", "show", heard[0], "--text", by="ansvarlig.fauske")

        assert "## Framgangsmåte" in ran.out

    def test_the_list_of_proposals_says_how_far_it_has_come(self, at, home, heard):
        """
        The leader looks down one list on Monday morning.
        """
        fauske(at, home, heard[0], "--no-remarks")

        assert "på høring: 1 av 2 har svart," in at(home, "proposals", by="leder").text
        assert "På høring, runde 1" in at(home, "proposal", heard[0], by="leder").text

    def test_the_summary_is_written_to_a_file(self, at, home, heard, tmp_path):
        """
        It goes into the case file as it is.
        """
        fauske(at, home, heard[0], "--remark", "Si hvor lenge.")
        file = tmp_path / "oppsummering.html"

        ran = at(home, "hearing", "summary", heard[0], "--format", "html", "-o", file, "--json", by="leder")

        assert ran.answer["size_bytes"] == file.stat().st_size
        assert "Si hvor lenge." in file.read_text()

    def test_reminds_whom_it_can_and_names_the_others(self, at, home, heard, link):
        """
        The library writes to no address outside; whoever reminds must.
        """
        del link
        home.clock.forward(days=20)

        ran = at(home, "hearing", "remind", heard[0], by="leder")

        assert "Purret: Fauske Disse får ikke" in ran.text
        assert "skriv til dem selv: Testnes legekontor" in ran.text


class TestAnswering:
    @pytest.mark.parametrize(
        ("words", "said"),
        [
            ((), "Svaret mangler."),
            (("--no-remarks", "--remark", "Noe."), "Velg enten `--remark` eller `--no-remarks`."),
            (("--remark", "Noe.", "--paragraph", "1"), "men delen mangler"),
            (("--remark", "Noe.", "--section", "Finnes ikke"), "Framgangsmåte"),
            (("--remark", "Noe.", "--paragraph", "0"), "--paragraph"),
        ],
        ids=["neither", "both", "a paragraph of nothing", "no such part", "no such paragraph"],
    )
    def test_an_answer_that_says_nothing_or_two_things_is_refused(self, at, home, heard, words, said):
        """
        An answer is counted; it must be one.
        """
        ran = fauske(at, home, heard[0], *words)

        assert ran.code == 2
        assert said in ran.err

    def test_asks_whom_the_answer_is_for(self, at, home, heard):
        """
        Somebody may hold roles in two bodies; the library never guesses which.
        """
        ran = at(home, "hearing", "answer", heard[0], "--no-remarks", by="ansvarlig.fauske")

        assert ran.code == 2
        assert "Det står ikke hvem svaret er fra." in ran.err

    @pytest.mark.parametrize("outcome", ["kanskje", "taken-back", "trukket av parten"])
    def test_a_reply_is_one_of_those_a_network_can_give(self, at, home, outcome):
        """
        Only the party itself takes its remark back.
        """
        ran = at(home, "hearing", "reply", "k-0000000000000000", outcome, by="leder")

        assert ran.code == 2
        assert "tatt til følge, delvis tatt til følge, ikke tatt til følge, tatt til orientering." in ran.err

    def test_taking_remarks_back_is_asked_about_first(self, at, home, heard):
        """
        «Ingen merknader», typed by a colleague in a hurry, would wipe out what the municipality had said.
        """
        fauske(at, home, heard[0], "--remark", "Si hvor lenge.")

        unsure = fauske(at, home, heard[0], "--no-remarks")
        before = at(home, "hearing", "show", heard[0], by="leder").text
        sure = fauske(at, home, heard[0], "--no-remarks", "--yes")

        assert unsure.code == 2
        assert "Du trekker én merknad som ikke er besvart." in unsure.err
        assert "Med merknader: 1." in before
        assert sure.code == 0

    def test_a_reply_to_what_was_taken_back_says_so(self, at, home, heard):
        """
        «Ferdig behandlet» would send the leader looking for who handled it.
        """
        made = fauske(at, home, heard[0], "--remark", "Si hvor lenge.", "--json").answer["remarks"][0]
        fauske(at, home, heard[0], "--no-remarks", "--yes")

        ran = at(home, "hearing", "reply", made, "tatt til følge", by="leder")

        assert ran.code == 3
        assert "har trukket merknad" in ran.err


class TestParties:
    @pytest.mark.parametrize("given", ["Fauske", "kommune:Fauske", "municipality:1841"])
    def test_are_named_as_people_name_them(self, at, home, draft, given):
        """
        Nobody writes «municipality:» in an e-mail.
        """
        ran = at(home, "hearing", "open", draft[0], "--digest", draft[1], "--party", given, by="leder")

        assert ran.code == 0, ran.err

    @pytest.mark.parametrize("given", ["Lillehammer", "lag:Testnes", "utenfor:"])
    def test_that_nobody_knows_are_refused_with_the_forms_there_are(self, at, home, draft, given):
        """
        Whoever meant a doctor's office learns how to name it.
        """
        ran = at(home, "hearing", "open", draft[0], "--digest", draft[1], "--party", given, by="leder")

        assert ran.code == 2
        assert "utenfor:Navn på part" in ran.err


class TestLinks:
    def test_without_a_link_it_says_that_the_link_is_missing(self, at, home, monkeypatch):
        """
        «Lenken gjelder ikke» would send somebody who pasted nothing back to the network for a new one.
        """
        import io

        monkeypatch.setattr("sys.stdin", io.StringIO(""))

        ran = at(home, "answer-by-link")

        assert ran.code == 2
        assert "Lenken mangler." in ran.err

    def test_shows_the_words_and_not_how_they_are_stored(self, at, home, link, monkeypatch):
        """
        Whoever has a link reads as a doctor reads, and knows nothing of front matter.
        """
        monkeypatch.setenv("SAMRUTINE_LINK", link)

        ran = at(home, "answer-by-link")

        assert "# Håndhygiene" in ran.out
        assert "review_interval_months" not in ran.out
        assert "{{" not in ran.out
        assert "--no-remarks" in ran.out

    def test_a_link_shows_the_text_and_takes_an_answer(self, at, home, heard, link, monkeypatch):
        """
        The doctor has no account and needs none.
        """
        monkeypatch.setenv("SAMRUTINE_LINK", link)

        read = at(home, "answer-by-link")
        answered = at(home, "answer-by-link", "--remark", "Nevn smykker.", "--section", "Omfang")

        assert "Du svarer for Testnes legekontor" in read.out
        assert "## Framgangsmåte" in read.out
        assert "Svaret er gitt: én merknad." in answered.out
        assert "Testnes legekontor: Omfang" in at(home, "hearing", "show", heard[0], by="leder").out

    def test_the_link_and_the_remark_may_both_come_on_standard_input(self, at, home, link, monkeypatch):
        """
        What stands among the arguments is seen by everybody on the machine, and kept in the shell's history.
        """
        import io

        monkeypatch.setattr("sys.stdin", io.StringIO(f"{link}\nNevn smykker.\n"))

        ran = at(home, "answer-by-link", "--remark", "-")

        assert ran.code == 0

    def test_the_link_is_found_in_the_message_it_came_with(self, at, home, link, monkeypatch):
        """
        People keep the whole e-mail in a file, not one line of it.
        """
        import io

        message = f"Hei. Dere kan lese og svare med denne lenken:\n\n  {link}\n\nHilsen RKK\n"
        monkeypatch.setattr("sys.stdin", io.StringIO(message))

        assert "Du svarer for Testnes legekontor" in at(home, "answer-by-link").out

    def test_no_argument_takes_a_link(self, at, home, link):
        """
        The habit must not even be possible.
        """
        assert at(home, "answer-by-link", link).code == 2

    def test_a_link_is_shown_once(self, at, home, heard):
        """
        Asked again by the same decision, the secret is gone: only its hash was kept.
        """
        line = ("hearing", "invite", heard[0], "Testnes legekontor", "--decision-id", "lenken")

        first, second = at(home, *line, by="leder"), at(home, *line, by="leder")

        assert re.search(r"l-[0-9a-f]{16}\.\S{20,}", first.out)
        assert not re.search(r"l-[0-9a-f]{16}\.\S{20,}", second.out)
        assert "kan ikke vises på nytt" in second.out

    def test_a_revoked_link_opens_nothing(self, at, home, link, monkeypatch):
        """
        It was sent to the wrong address: one command, and it is dead.
        """
        at(home, "hearing", "revoke-link", link.partition(".")[0], by="leder")
        monkeypatch.setenv("SAMRUTINE_LINK", link)

        ran = at(home, "answer-by-link")

        assert ran.code == 4
        assert link.partition(".")[2] not in ran.out + ran.err
