"""Word: changes, comments, headers and footers."""

from tests.support.documents.rows_word_text import word
from tests.support.documents.truth import row
from tests.support.documents.word import Piece, run
from tests.support.documents.word_pieces import (
    WHO,
    deleted,
    field,
    inserted,
    moved_from,
    moved_to,
    text_box,
)

ACCEPTED = ("changes-accepted",)
HEADER = (("header-footer",),)


def _edge(*lines):
    return "".join(f"<w:p>{run(one)}</w:p>" for one in lines)


def _edge_table(w, pairs):
    lines = "".join(f"<w:tr>{w.cell_xml(name)}{w.cell_xml(value)}</w:tr>" for name, value in pairs)
    return w.table_xml(lines, columns=2) + "<w:p/>"


def _body(w):
    return w.heading(1, "Formål").paragraph("Hindre fall.")


def _deleted_paragraph(w):
    mark = f'<w:p><w:pPr><w:rPr><w:del w:id="7" {WHO}/></w:rPr></w:pPr>{deleted("Bruk ikke hansker.").xml}</w:p>'
    return w.paragraph("Vask hendene.").raw(mark).paragraph("Bruk hansker.")


def _row_changes(w):
    def line(cells, mark=""):
        return f"<w:tr>{f'<w:trPr>{mark}</w:trPr>' if mark else ''}{''.join(map(w.cell_xml, cells))}</w:tr>"

    gone = f'<w:del w:id="8" {WHO}/>'
    new = f'<w:ins w:id="9" {WHO}/>'
    kept = [line(["Middel", "Grad"]), line(["Insulin", "2–8 °C"])]
    out = w.cell_xml(deleted("Salve", 20)) + w.cell_xml(deleted("30 °C", 21))
    into = w.cell_xml(inserted("Øyedråper", 22)) + w.cell_xml(inserted("15 °C", 23))
    xml = "".join([*kept, f"<w:tr><w:trPr>{gone}</w:trPr>{out}</w:tr>", f"<w:tr><w:trPr>{new}</w:trPr>{into}</w:tr>"])
    grid = (("Middel", "Grad"), ("Insulin", "2–8 °C"), ("Øyedråper", "15 °C"))
    return w.raw(w.table_xml(xml, columns=2), words=tuple(c for g in grid for c in g), tables=(grid,))


def _format_change(w):
    old = f'<w:b/><w:rPrChange w:id="5" {WHO}><w:rPr/></w:rPrChange>'
    return w.raw(f"<w:p>{run('Ring 113', old)}</w:p>", words=("Ring 113",))


def rows():
    """Give the rows."""
    return (
        row(
            "word-changes",
            "Tracked changes: the text is as with all accepted, and each is listed",
            word(
                "a temperature",
                lambda w: w.paragraph("Oppbevares ved ", deleted("2–8 °C"), inserted("15–25 °C"), "."),
                has=("Oppbevares ved 15–25 °C.",),
                lacks=("2–8 °C",),
                changes=(("deleted", "2–8 °C"), ("inserted", "15–25 °C")),
                warns=(ACCEPTED,),
            ),
            word(
                "a negation",
                lambda w: w.paragraph("Pasienten skal ", inserted("ikke "), "flyttes."),
                has=("skal ikke flyttes",),
                changes=(("inserted", "ikke"),),
                warns=(ACCEPTED,),
            ),
            word(
                "a whole paragraph taken out",
                _deleted_paragraph,
                lacks=("Bruk ikke hansker",),
                changes=(("deleted", "Bruk ikke hansker."),),
                warns=(ACCEPTED,),
            ),
            word(
                "a dose in a cell",
                lambda w: w.table(
                    [["Middel", "Dose"], ["Morfin", Piece(deleted("10 mg").xml + inserted("1 mg").xml, "1 mg")]]
                ),
                lacks=("10 mg",),
                changes=(("deleted", "10 mg"), ("inserted", "1 mg")),
            ),
            word(
                "in a footnote and a text box",
                lambda w: w.paragraph("Se note", text_box("Boks")).raw(
                    f"<w:p>{inserted('Nytt avsnitt', 31).xml}</w:p>", words=("Nytt avsnitt",)
                ),
                changes=(("inserted", "Nytt avsnitt"),),
            ),
        ),
        row(
            "word-changes-moved",
            "What was moved stands where it was moved to, once",
            word(
                "a sentence",
                lambda w: w.paragraph(moved_from("Ring 113."), "Vent.").paragraph(moved_to("Ring 113.")),
                has=("Vent. Ring 113.",),
                changes=(("moved-away", "Ring 113."), ("moved-here", "Ring 113.")),
            ),
            word(
                "in a line",
                lambda w: w.paragraph(moved_to("Alltid "), "ring legen", moved_from(" alltid")),
                lacks=("legen alltid",),
            ),
            word(
                "with a change inside",
                lambda w: w.paragraph(moved_from("Gi 5 mg."), "Vent. ", moved_to("Gi "), inserted("2 mg", 55)),
                has=("Vent. Gi 2 mg",),
                lacks=("5 mg",),
            ),
        ),
        row(
            "word-changes-of-rows",
            "Changes of rows, of forms and of marks",
            word("rows", _row_changes, lacks=("Salve",), changes=(("row-deleted", "Salve 30 °C"),)),
            word("form only", _format_change, warns=(("format-changes",),)),
            word(
                "an inserted item",
                lambda w: w.item(1, "Hansker").item(1, inserted("Frakk")).item(1, "Maske"),
                changes=(("inserted", "Frakk"),),
            ),
        ),
        row(
            "word-comments",
            "Comments are listed and are no text; who wrote them is not kept",
            word(
                "one",
                lambda w: w.paragraph("Gi ", w.comment("5 mg", "Stemmer dette?"), "."),
                has=("Gi 5 mg",),
                lacks=("Stemmer dette",),
                comments=("Stemmer dette?",),
                warns=(("comments",),),
            ),
            word(
                "several",
                lambda w: (
                    w.heading(1, "A")
                    .paragraph(w.comment("En", "Første merknad"))
                    .paragraph(w.comment("To", "Andre merknad"))
                ),
                comments=("Første merknad", "Andre merknad"),
            ),
            word(
                "in a cell, with a change",
                lambda w: w.table([["A", "B"], [w.comment("C", "Hva er C?"), Piece(inserted("D").xml, "D")]]),
                comments=("Hva er C?",),
                changes=(("inserted", "D"),),
            ),
        ),
        row(
            "word-headers",
            "Headers and footers, which pandoc leaves out, give suggestions and are no text",
            word(
                "lines",
                lambda w: (
                    _body(w)
                    .edge("header", _edge("Dokumentnr.: HO-123", "Versjon: 2.1"))
                    .edge("footer", _edge("Godkjent av: Kommunalsjef helse", "Gyldig til: 01.03.2027"))
                ),
                lacks=("HO-123", "Kommunalsjef"),
                suggested={
                    "document_number": "HO-123",
                    "version": "2.1",
                    "approved_by": "Kommunalsjef helse",
                    "valid_to": "01.03.2027",
                },
                warns=HEADER,
            ),
            word(
                "a table",
                lambda w: _body(w).edge(
                    "header", _edge_table(w, [("Dokument-ID", "456-A"), ("Versjon", "3.0"), ("Eier", "Avdelingsleder")])
                ),
                suggested={"document_number": "456-A", "version": "3.0", "owner": "Avdelingsleder"},
                warns=HEADER,
            ),
            word(
                "in a text box",
                lambda w: _body(w).edge("header", f"<w:p>{text_box('Dok.nr: 77', 'Rev.: 4').xml}</w:p>"),
                suggested={"document_number": "77", "version": "4"},
                warns=HEADER,
            ),
            word(
                "first page apart",
                lambda w: (
                    _body(w)
                    .edge("header", _edge("Prøvevik kommune"), kind="first")
                    .edge("header", _edge("Versjon 1.4"))
                ),
                suggested={"version": "1.4"},
                warns=HEADER,
            ),
            word(
                "page numbers alone",
                lambda w: _body(w).edge("footer", f"<w:p>{run('Side ')}{field('PAGE', '1').xml}</w:p>"),
                lacks=("Side 1",),
            ),
        ),
        row(
            "word-control-table",
            "The document's own table of number, version and date, in the body: suggestions, and the table stays",
            word(
                "at the top",
                lambda w: _body(
                    w.table(
                        [["Dokumentnummer", "HO-9"], ["Versjon", "1.2"], ["Gyldig til", "31.12.2026"]], header=False
                    )
                ),
                suggested={"document_number": "HO-9", "version": "1.2", "valid_to": "31.12.2026"},
            ),
            word(
                "across",
                lambda w: _body(w.table([["Dok.nr", "Versjon", "Godkjent av"], ["12-3", "5", "Kommuneoverlegen"]])),
                suggested={"document_number": "12-3", "version": "5", "approved_by": "Kommuneoverlegen"},
            ),
            word(
                "as lines",
                lambda w: _body(w.paragraph("Dokumentnummer: HO-9").paragraph("Versjon: 1.2")),
                suggested={"document_number": "HO-9", "version": "1.2"},
            ),
        ),
    )
