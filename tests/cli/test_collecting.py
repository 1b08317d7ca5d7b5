"""Collecting from the shell: ask, see who has sent, compare, choose, make the draft, take what is offered."""

import re

import pytest

from tests.support.collected import sent_in, three_alike


@pytest.fixture
def asked(at, home):
    """A collection in which three municipalities have sent what is one routine; gives its id and those of the documents."""
    made = at(
        home, "collect", "ask", "Alt om blodprøver", "--network", "smittevern", "--deadline", "2026-12-01", "--json",
        by="leder",
    ).answer  # fmt: skip
    with home.opened() as library:
        ids = three_alike(library, made["collection"])
    return made["collection"], ids


class TestAsking:
    def test_who_has_sent_and_who_is_missing_is_one_table(self, at, home, asked):
        """
        The leader sees in one look whom to call.
        """
        collection, _ = asked

        at(home, "collect", "done", collection, "-m", "Fauske", by="beslutter.fauske")
        none = at(
            home,
            "collect",
            "none",
            collection,
            "-m",
            "Meløy",
            "--reason",
            "Vi bruker sykehusets.",
            by="beslutter.meloy",
        )
        shown = at(home, "collect", "show", collection, by="leder")
        listed = at(home, "collect", "list")

        assert none.out == f"Meløy har ingen. Det er notert i innsamling {collection}.\n"
        assert "Bedt om 23.11.2026, frist 01.12.2026." in shown.out
        for line in (
            r"Fauske +har sendt alt",
            r"Beiarn +har sendt noe",
            r"Meløy +har ingen: Vi bruker sykehusets\.",
            r"Steigen +mangler",
        ):
            assert re.search(line, shown.out), line
        assert re.search(r"Alt om blodprøver +01\.12\.2026 +3 +5", listed.out)

    def test_a_reminder_names_those_who_are_reminded(self, at, home, asked):
        """
        Who is reminded is not a secret.
        """
        collection, _ = asked

        ran = at(home, "collect", "remind", collection, by="leder")

        assert ran.out == "Minnet på: Rødøy, Meløy, Gildeskål, Sørfold, Steigen, Hamarøy.\n"

    def test_a_closed_one_says_so(self, at, home, asked):
        """
        Nobody sends to a letter box that was taken down.
        """
        collection, _ = asked

        closed = at(home, "collect", "close", collection, by="leder")

        assert closed.out == f"Innsamling {collection} er avsluttet. 6 kommuner sendte ikke noe.\n"
        assert "Avsluttet 23.11.2026." in at(home, "collect", "show", collection).out
        assert at(home, "collect", "none", collection, "-m", "Meløy", by="beslutter.meloy").code == 3

    def test_one_that_all_have_answered_says_that(self, at, home, asked):
        """
        «0 kommuner sendte ikke noe» is how a machine counts.
        """
        collection, _ = asked
        for town in ("Rødøy", "Meløy", "Gildeskål", "Sørfold", "Steigen", "Hamarøy"):
            by = f"beslutter.{town.casefold().replace('ø', 'o').replace('å', 'a')}"
            assert at(home, "collect", "none", collection, "-m", town, by=by).code == 0

        closed = at(home, "collect", "close", collection, by="leder")

        assert closed.out == f"Innsamling {collection} er avsluttet. Alle som ble bedt, har svart.\n"


class TestMakingOne:
    def test_from_what_is_alike_to_what_is_offered(self, at, home, asked):
        """
        The whole way, with the numbers that people see on the screen.
        """
        collection, ids = asked
        documents = list(ids.values())

        alike = at(home, "collect", "alike", collection, by="leder")
        compared = at(home, "collect", "compare", *documents, by="leder")
        for one in documents:
            at(home, "collect", "triage", one, "slås sammen", by="leder")
        rows = re.findall(r"^(\d+)\. (?:Bare her|Ulikt|Likt der det står)", compared.out, re.MULTILINE)
        unchosen = at(home, "collect", "draft", *documents, by="redaktor")
        digest = re.search(r"sammenligningen: ([0-9a-f]{12})", compared.out)[1]
        choices = [part for row in rows for part in ("--choose", f"{row}=ingen")]
        made = at(home, "collect", "draft", *documents, *choices, "--read", digest, "--json", by="redaktor").answer
        offers = at(home, "collect", "offers", made["proposal"], "-m", "Beiarn", by="redaktor")

        # «Avsnitt 9» is the 9 that stands on the screen.
        assert unchosen.code == 3
        assert f"avsnitt: {', '.join(rows)}." in unchosen.err
        assert alike.out.startswith("Håndtering av blodprøver\n")
        assert "(Beiarn)" in alike.out
        assert "Bare lokale ord skiller" in compared.out
        assert "Har ikke dette: " in compared.out
        # What to look at first is said first; what all say is folded.
        assert compared.out.startswith("3 rutiner, ")
        assert f"Bare her: 1 ({rows[-1]})" in compared.out
        assert "aldri på forhånd" not in compared.out
        assert "aldri på forhånd" in at(home, "collect", "compare", *documents, "--all", by="leder").out
        assert "Beiarn (lokale opplysninger, telefon)" in offers.text
        assert "Send prøven med taxi etter klokka 15." in offers.out
        early = at(home, "collect", "take", re.search(r"o-[0-9a-f]{12}", offers.out)[0], by="beslutter.beiarn")
        assert early.code == 4  # a draft is a draft: Beiarn does not know of it yet

    def test_a_choice_that_is_none_is_explained(self, at, home, asked):
        """
        The form of a choice is learned from the message.
        """
        _, ids = asked

        ran = at(home, "collect", "draft", *ids.values(), "--choose", "første", by="leder")

        assert ran.code == 2
        assert "--choose 3=1" in ran.err

    def test_neither_a_collection_nor_a_network_is_a_mistake(self, at, home):
        """
        Everything that ever came is nobody's question.
        """
        assert at(home, "collect", "alike", by="leder").code == 2

    def test_the_page_stands_alone_and_says_who_says_what(self, at, home, asked, tmp_path):
        """
        It is opened on a screen in a meeting, with nothing installed.
        """
        _, ids = asked
        page = tmp_path / "side.html"

        at(home, "collect", "compare", *ids.values(), "--html", str(page), by="leder")

        html = page.read_text(encoding="utf-8")
        assert html.count('<th scope="col">') == 4
        assert '<html lang="nb"' in html
        assert "Har ikke dette" in html
        assert "<script" not in html
        assert "http" not in html.split("</style>")[1]

    def test_words_of_a_document_do_not_become_marks_of_the_page(self, at, home, asked):
        """
        What somebody sent in is text, whatever it looks like.
        """
        with home.opened() as library:
            one = sent_in(
                library, "Fauske", "<b>Tittel</b>", "## Formål\n\nHold deg til \\<script>alert(1)\\</script>.\n"
            )

        ran = at(home, "collect", "compare", one, "--html", "-", by="leder")

        assert "<script>" not in ran.out
        assert "&lt;script&gt;" in ran.out


class TestFootnotes:
    def test_stand_under_a_heading_of_their_own(self, at, home):
        """
        They come last, and stood below the last part as if they were its own.
        """
        with home.opened() as library:
            ids = [
                sent_in(library, town, "Sår", f"## Formål\n\nRens.[^1]\n\n[^1]: Høyst {n} ganger.\n")
                for n, town in enumerate(("fauske", "beiarn"), 2)
            ]

        ran = at(home, "collect", "compare", *ids, by="leder")

        assert "\nFotnoter\n" in ran.out
