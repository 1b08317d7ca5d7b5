"""Word in: what stands in the file stands in the text, or is named in the report."""

import io

import docx

from samrutine.exchange.incoming.reading import read_document


def read(document, name="rutine.docx"):
    """Read a document of python-docx."""
    held = io.BytesIO()
    document.save(held)
    return read_document(held.getvalue(), name)


def codes(incoming):
    """Give the codes of the findings."""
    return [one.code for one in incoming.findings]


class TestWords:
    def test_title_headings_lists_and_words_come_along(self):
        """
        The plainest routine must come in as it stands, with nothing to ask about.
        """
        document = docx.Document()
        document.add_paragraph("Rutine for lagring", style="Title")
        document.add_heading("Formål", 1)
        document.add_paragraph("Lagres ved 2–8 °C.")
        document.add_heading("Slik gjør du", 2)
        for text in ("Mål temperaturen", "Skriv den ned"):
            document.add_paragraph(text, style="List Number")
        document.add_paragraph("Kjøleskap", style="List Bullet")
        document.add_paragraph("Øverste hylle", style="List Bullet 2")

        came = read(document)

        assert came.title == "Rutine for lagring"
        assert came.markdown == (
            "## Formål\n\nLagres ved 2–8 °C.\n\n### Slik gjør du\n\n1. Mål temperaturen\n2. Skriv den ned\n\n"
            "- Kjøleskap\n  - Øverste hylle\n"
        )
        assert (came.recall, came.findings, came.readings) == (1.0, (), ())

    def test_a_raised_figure_stays_raised(self):
        """
        10⁹ that becomes 109 is another dose.
        """
        document = docx.Document()
        paragraph = document.add_paragraph("Gi 10")
        paragraph.add_run("9").font.superscript = True
        paragraph.add_run(" enheter.")

        came = read(document)

        assert came.markdown == "Gi 10⁹ enheter.\n"
