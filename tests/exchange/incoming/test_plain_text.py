"""Plain text as people wrote it before there were word processors on every desk: headings, tables by tabs, lines."""

import pytest

from samrutine.exchange.incoming.kinds import kind_of
from samrutine.exchange.incoming.model import FileKind, Limits
from samrutine.exchange.incoming.opening import open_document

LONG = "Enhetsleder sørger for at adrenalin finnes og ikke er gått ut på dato, og sykepleier kontrollerer det hver mandag i måneden."


@pytest.fixture
def read(tmp_path):
    """Read a text in this process."""
    return lambda text: open_document(text.encode(), "rutine.txt", Limits(), tmp_path)


def told(incoming):
    """Give what was told."""
    return {one.code: one.detail for one in incoming.findings}


class TestHeadings:
    @pytest.mark.parametrize(
        "text",
        [
            "Fall\n\n1. Formål\nHindre fall.\n\n2. Bakgrunn\n\nMange faller.\n",
            "Fall\n\nFORMÅL\nHindre fall.\n\nBAKGRUNN\nMange faller.\n",
            "Fall\n\nFormål\n======\nHindre fall.\n\nBakgrunn\n--------\nMange faller.\n",
        ],
        ids=["numbers", "capitals", "a line of signs"],
    )
    def test_stand_alone_above_the_text(self, read, text):
        """
        «1. Formål Riktig legemiddel til riktig pasient.» was one item of a list.
        """
        incoming = read(text)

        assert incoming.title == "Fall"
        said = incoming.markdown.casefold()
        assert said == "## formål\n\nhindre fall.\n\n## bakgrunn\n\nmange faller.\n"
        assert "heading-guessed" in told(incoming)

    def test_are_known_by_the_parts_that_every_routine_has(self, read):
        incoming = read("Fall\n\nFormål\nHindre fall.\n\nNoe annet\nMer.\n\nAnsvar og roller\nLederen.\n")

        assert (
            incoming.markdown == "## Formål\n\nHindre fall.\n\nNoe annet\\\nMer.\n\n## Ansvar og roller\n\nLederen.\n"
        )

    @pytest.mark.parametrize(
        "text",
        [
            "1. Ring legen\n\n2. Vent på svar\n\n3. Skriv rapport\n",
            "1. Ring legen\n2. Vent på svar\n",
            "1. Tiltak vurderes\n2. Ansvar avklares\n\n1. Ring legen\n2. Ansvar avklares\n",
            "1. Ring legen\nog vent på svar\n\n2. Skriv rapport\nmed klokkeslett\n",
        ],
        ids=["items apart", "items", "items that are called as parts are", "items of two lines"],
    )
    def test_are_no_items_of_a_list(self, read, text):
        incoming = read(f"Fall\n\nHva du gjør, i rekkefølge.\n\n{text}")

        assert "#" not in incoming.markdown
        assert incoming.markdown.count("Ring legen") == 1

    def test_are_no_orders_with_a_number_before_them(self, read):
        """
        «1. Ring 113» is the first thing to do.
        """
        incoming = read(
            "Fall\n\nNår noen faller:\n\n1. Ring 113\nSi hvor du er.\n\n2. Stopp blødningen\nPress hardt.\n"
        )

        assert "#" not in incoming.markdown

    def test_are_no_shout_that_stands_alone(self, read):
        incoming = read("Fall\n\nVASK HENDENE\nHver gang.\n\nSlutt på rutinen.\n")

        assert "#" not in incoming.markdown


class TestTables:
    def test_are_lines_with_tabs(self, read):
        """
        «Morfin 2,5 mg Furesis 20 mg» in one line is read wrongly.
        """
        incoming = read("Fall\n\nDoser:\nLegemiddel\t\tDose\nMorfin\t\t\t2,5 mg\nFuresis\t\t\t20 mg\n\nSlutt.\n")

        assert incoming.markdown == (
            "Doser:\n\n| Legemiddel | Dose |\n| -- | -- |\n| Morfin | 2,5 mg |\n| Furesis | 20 mg |\n\nSlutt.\n"
        )
        assert told(incoming)["table-from-tabs"] == "Legemiddel | Dose"

    @pytest.mark.parametrize("text", ["Navn:\tDato:\n\nSlutt på skjemaet.", "Kl.\tHva\nVask hendene dine godt."])
    def test_are_not_one_line_with_tabs(self, read, text):
        assert "|" not in read(f"Fall\n\n{text}\n").markdown


class TestLines:
    def test_are_paragraphs_where_lines_are_never_broken(self, read):
        """
        «…alvorlig allergisk reaksjon1. Ansvar»: the heading was glued to the line above.
        """
        incoming = read(
            f"Fall\nFormål\nRask hjelp til den som får en alvorlig allergisk reaksjon i dag.\nAnsvar\n{LONG}\n"
        )

        assert incoming.markdown == (
            f"## Formål\n\nRask hjelp til den som får en alvorlig allergisk reaksjon i dag.\n\n## Ansvar\n\n{LONG}\n"
        )

    def test_are_put_together_where_the_program_broke_them(self, read):
        incoming = read(
            "Fall\n\nDen som finner noen som har falt, skal først se om personen er\nvåken, og så ringe etter hjelp.\n"
        )

        assert incoming.markdown == (
            "Den som finner noen som har falt, skal først se om personen er våken, og så ringe etter hjelp.\n"
        )


@pytest.mark.parametrize(
    ("text", "name", "kind"),
    [
        ("Fall\n\n- Vask\n- Tørk\n", "a.txt", FileKind.TEXT),
        ("Fall\n\n---\n\n> Sitat\n", "a.txt", FileKind.TEXT),
        ("Fall\n\n- Vask\n", "a.md", FileKind.MARKDOWN),
        ("# Fall\n\n- Vask\n", "a.txt", FileKind.MARKDOWN),
        ("Fall\n\n**Aldri** alene\n", "a.txt", FileKind.MARKDOWN),
    ],
)
def test_dashes_before_points_are_no_markdown_in_a_file_that_is_called_text(text, name, kind):
    assert kind_of(text.encode(), name, Limits()) is kind


class TestTablesByTabs:
    """Lines with tabs, some cells of which are empty: whose dose it is, hangs on one tab."""

    @pytest.mark.parametrize(
        "text",
        [
            "\tMorgen\tKveld\nParacet\t\t1 g\nIbux\t400 mg\t\n",
            "Medisin\tMorgen\tKveld\nParacet\t\t1 g\nIbux\t400 mg\t\n",
        ],
        ids=["an empty corner", "all names"],
    )
    def test_an_empty_cell_keeps_its_place(self, read, text):
        """
        The gram for the evening and the 400 mg for the morning came in one column.
        """
        rows = [
            line for line in read(f"Plan\n\n{text}\nSlutt.\n").markdown.splitlines() if "mg" in line or " g " in line
        ]

        assert rows == ["| Paracet |  | 1 g |", "| Ibux | 400 mg |  |"]

    def test_tabs_side_by_side_are_one_where_people_pressed_until_it_looked_right(self, read):
        incoming = read("Plan\n\nMedisin\t\tDose\nParacetamol\t1 g\n\nSlutt.\n")

        assert "| Paracetamol | 1 g |" in incoming.markdown
        assert "table-unclear" not in told(incoming)

    def test_where_nobody_sees_the_columns_somebody_must_look(self, read):
        incoming = read("Plan\n\nMedisin\tMorgen\tMiddag\tKveld\nParacet\t\t1 g\nIbux\t400 mg\n\nSlutt.\n")

        assert "table-unclear" in told(incoming)
        assert incoming.must_be_looked_at
        assert "400 mg" in incoming.markdown


def test_a_warning_at_the_top_is_no_title(read):
    """
    «IKKE GI INSULIN» left the text.
    """
    incoming = read("IKKE GI INSULIN\n\nRing lege først.\n\nSkriv det ned.\n")

    assert "IKKE GI INSULIN" in incoming.markdown
    assert incoming.title == ""


def test_a_first_line_that_becomes_the_title_is_told(read):
    assert told(read("Fall\n\nHindre fall.\n\nMer.\n"))["title-guessed"] == "Fall"
