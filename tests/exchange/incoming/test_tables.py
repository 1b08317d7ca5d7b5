"""Tables of others as tables of ours: what the columns are called, what stood in several lines, a table inside a table."""

import pytest

from samrutine.exchange.incoming.cells import in_one_line
from samrutine.exchange.incoming.model import WEIGHTS, Limits, Weight
from samrutine.exchange.incoming.opening import open_document
from tests.support.documents.odt import odt, table
from tests.support.documents.word import Word


@pytest.fixture
def read(tmp_path):
    """Read a Word file in this process."""
    return lambda word: open_document(word.made(), "rutine.docx", Limits(), tmp_path)


def rows_of(incoming):
    """Give the rows of the only table, without the line under the names."""
    lines = [line for line in incoming.markdown.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in (lines[0], *lines[2:])]


def told(incoming, start="table-"):
    """Give what was told of tables."""
    return [(one.code, one.detail) for one in incoming.findings if one.code.startswith(start)]


class TestNamesOfColumns:
    @pytest.mark.parametrize(
        "rows",
        [
            [["Alder", "Dose"], ["Voksen", "0,5 mg"]],
            [["", "Dag", "Kveld"], ["Morfin", "5 mg", "10 mg"]],
            [["Vakt", "Uke 1", "Uke 2"], ["Lege", "Kari", "Ola"]],
            [["Alder", "Vekt", "Adrenalin 1 mg/ml"], ["Voksen", "over 30 kg", "0,5 ml"], ["Barn", "15 kg", "0,3 ml"]],
        ],
        ids=["no figures", "an empty corner", "figures in names", "a strength over figures"],
    )
    def test_are_the_first_row_where_it_looks_like_names_though_nobody_marked_it(self, read, rows):
        """
        Old Word files mark nothing, and an empty grey row over the names is read aloud as nothing.
        """
        incoming = read(Word().table(rows, header=False))

        assert rows_of(incoming) == rows
        assert told(incoming) == [("table-header-assumed", " | ".join(rows[0]).strip())]

    @pytest.mark.parametrize(
        "rows",
        [
            [["Vakttelefon", "75 00 00 11"], ["Legevakt", "116 117"]],
            [["Smerter", "Morfin 5 mg", "Ved behov"], ["Kvalme", "Afipran 10 mg", "Ved behov"]],
            [["5 mg", "10 mg"], ["Dag", "Kveld"]],
            [
                ["Ring legevakten og si fra til lederen som har vakt, og vent hos pasienten.", "Nå"],
                ["Skriv.", "Etterpå"],
            ],
        ],
        ids=["a name and its value", "a dose over words", "figures", "a sentence"],
    )
    def test_are_not_what_somebody_shall_do(self, read, rows):
        """
        A dose that stands as the name of a column is not given to anybody.
        """
        incoming = read(Word().table(rows, header=False))

        assert rows_of(incoming) == [[""] * len(rows[0]), *rows]
        assert told(incoming) == [("table-without-header", " | ".join(rows[0]))]

    @pytest.mark.parametrize("header", [True, False], ids=["marked", "not marked"])
    def test_that_stand_in_two_rows_are_put_together(self, read, header):
        """
        «Mengde» alone does not say of which strength.
        """
        made = Word()
        mark = "<w:trPr><w:tblHeader/></w:trPr>" if header else ""
        wide = made.cell_xml("Adrenalin 1 mg/ml", properties='<w:gridSpan w:val="2"/>')
        xml = (
            f"<w:tr>{mark}{made.cell_xml('Alder')}{wide}</w:tr>"
            f"<w:tr>{mark}{made.cell_xml()}{made.cell_xml('Dose')}{made.cell_xml('Mengde')}</w:tr>"
            f"<w:tr>{made.cell_xml('Voksen')}{made.cell_xml('0,5 mg')}{made.cell_xml('0,5 ml')}</w:tr>"
        )

        incoming = read(made.raw(made.table_xml(xml, columns=3)))

        assert rows_of(incoming) == [
            ["Alder", "Adrenalin 1 mg/ml: Dose", "Adrenalin 1 mg/ml: Mengde"], ["Voksen", "0,5 mg", "0,5 ml"],
        ]  # fmt: skip
        assert ("table-merged", "Adrenalin 1 mg/ml") in told(incoming)
        assert [detail for code, detail in told(incoming) if code == "table-names-joined"] == [
            "Alder | Adrenalin 1 mg/ml / Dose | Mengde"
        ]

    @pytest.mark.parametrize("header", [True, False], ids=["marked", "not marked"])
    def test_are_no_orders_in_a_row_below(self, read, header):
        """
        «Hvem: Ring lege» became what a column is called, and nobody was told to ring.
        """
        rows = [["Tiltak", "Hvem", ""], ["", "Ring lege", "Ring AMK"], ["Vask", "Alle", "Leder"]]

        incoming = read(Word().table(rows, header=header))

        assert "Hvem: Ring lege" not in incoming.markdown
        assert ["", "Ring lege", "Ring AMK"] in rows_of(incoming)

    def test_over_figures_are_put_together_also_where_nothing_says_what_they_cover(self, read):
        rows = [["Alder", "Adrenalin 1 mg/ml", ""], ["", "Dose", "Mengde"], ["Voksen", "0,5 mg", "0,5 ml"], ["Barn", "0,3 mg", "0,3 ml"]]  # fmt: skip

        incoming = read(Word().table(rows, header=False))

        assert rows_of(incoming)[0] == ["Alder", "Adrenalin 1 mg/ml: Dose", "Adrenalin 1 mg/ml: Mengde"]

    def test_a_wide_cell_over_values_is_a_row_of_its_own(self, read):
        """
        «Voksne» over «0,5 mg» is a group of rows, and no part of what the columns are called.
        """
        made = Word()
        wide = made.cell_xml("Voksne", properties='<w:gridSpan w:val="2"/>')
        xml = (
            f"<w:tr>{made.cell_xml('')}{wide}</w:tr>"
            f"<w:tr>{made.cell_xml('')}{made.cell_xml('0,5 mg')}{made.cell_xml('1 mg')}</w:tr>"
            f"<w:tr>{made.cell_xml('Barn')}{made.cell_xml('0,1 mg')}{made.cell_xml('0,2 mg')}</w:tr>"
        )

        rows = rows_of(read(made.raw(made.table_xml(xml, columns=3))))

        assert rows[1:] == [["", "Voksne", ""], ["", "0,5 mg", "1 mg"], ["Barn", "0,1 mg", "0,2 mg"]]


class TestWhatStoodInSeveralLines:
    @pytest.mark.parametrize(
        ("parts", "line"),
        [
            (["2,5–5 mg s.c.", "• gjentas", "• ikke ved GFR < 30"], "2,5–5 mg s.c. • gjentas • ikke ved GFR < 30"),
            (["Morfin", "oksykodon"], "Morfin; oksykodon"),
            (["Gi 5 mg", "10 mg om natten"], "Gi 5 mg; 10 mg om natten"),
            (["Ring 113.", "", "Vent"], "Ring 113. Vent"),
            (["Enten:", "gå", "(aldri løp)"], "Enten: gå (aldri løp)"),
            ([], ""),
        ],
    )
    def test_is_parted_by_no_stroke(self, parts, line):
        """
        «5 mg / 10 mg» reads as five milligrams per ten.
        """
        assert in_one_line(parts) == line

    def test_is_in_one_line_of_the_cell_and_told(self, read):
        made = Word()
        cell = made.cell_xml(
            blocks="<w:p><w:r><w:t>Morfin</w:t><w:br/><w:t>5 mg</w:t></w:r></w:p><w:p><w:r><w:t>Vent</w:t></w:r></w:p>"
        )
        xml = f"<w:tr>{made.cell_xml('Hva')}{made.cell_xml('Når')}</w:tr><w:tr>{cell}{made.cell_xml('Nå')}</w:tr>"

        incoming = read(made.raw(made.table_xml(xml, columns=2)))

        assert rows_of(incoming)[1] == ["Morfin; 5 mg; Vent", "Nå"]
        assert told(incoming, "cell-") == [("cell-flattened", "Morfin; 5 mg; Vent")]


class TestATableInATable:
    @pytest.mark.parametrize(
        ("dose", "code", "weight"),
        [("0,2 mg", "table-nested-values", Weight.DANGER), ("ved behov", "table-nested", Weight.CHANGED)],
    )
    def test_says_what_each_value_is_of_and_must_be_looked_at_when_it_has_any(self, read, dose, code, weight):
        """
        The dose of the inner table stands now in a column that is called «Legemiddel».
        """
        made = Word()
        inner = made.table_xml(
            f"<w:tr>{made.cell_xml('Robinul')}{made.cell_xml(dose)}</w:tr>"
            f"<w:tr>{made.cell_xml('Scopolamin')}{made.cell_xml('ved uro')}</w:tr>", columns=2,
        )  # fmt: skip
        cell = made.cell_xml(blocks=f"{inner}<w:p/>")
        xml = (
            f"<w:tr>{made.cell_xml('Plage')}{made.cell_xml('Hva')}</w:tr><w:tr>{made.cell_xml('Surkling')}{cell}</w:tr>"
        )

        incoming = read(made.raw(made.table_xml(xml, columns=2)))

        written = f"Robinul: {dose}; Scopolamin: ved uro"
        assert rows_of(incoming)[1] == ["Surkling", written]
        assert (code, written) in told(incoming)
        assert WEIGHTS[code] is weight

    @pytest.mark.parametrize("in_cell", [True, False], ids=["in a cell", "in an item"])
    def test_says_so_in_odt_too(self, tmp_path, in_cell):
        inner = table([["Robinul", "0,2 mg"], ["Scopolamin", "ved uro"]])
        outer = table([["Plage", "Hva"], ["Surkling", "HER"]]).replace(
            '<text:p text:style-name="Standard">HER</text:p>', inner
        )
        item = f"<text:list><text:list-item><text:p>Gi:</text:p>{inner}</text:list-item></text:list>"

        incoming = open_document(odt(outer if in_cell else item), "a.odt", Limits(), tmp_path)

        written = "Robinul: 0,2 mg; Scopolamin: ved uro"
        assert ("table-nested-values", written) in told(incoming)
        assert all(one in incoming.markdown for one in (written.split("; ") if not in_cell else [written]))
