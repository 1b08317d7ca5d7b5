"""Word: the rarer things a file can hold, as other programs and years of editing leave them."""

from xml.sax.saxutils import escape

from tests.support.documents.rows_word_text import word
from tests.support.documents.truth import row
from tests.support.documents.word import Piece, Word, packed, run
from tests.support.documents.word_parts import HEAD, NAMESPACES
from tests.support.documents.word_pieces import control, equation, field, symbol

DRAWN = "http://schemas.openxmlformats.org/drawingml/2006"
_KINDS = f'xmlns:dgm="{DRAWN}/diagram" xmlns:c="{DRAWN}/chart" xmlns:a="{DRAWN}/main"'


def _chunk(name, data):
    def build(w):
        w.members[f"word/{name}"] = data
        key = w.relation("aFChunk", name)
        return w.paragraph("Før.").raw(f'<w:altChunk r:id="{key}"/>').paragraph("Etter.")

    return build


def graphic(kind, inside):
    return (
        '<w:r><w:drawing><wp:inline><wp:extent cx="1" cy="1"/><wp:docPr id="70" name="Figur"/><a:graphic>'
        f'<a:graphicData uri="{DRAWN}/{kind}">{inside}</a:graphicData></a:graphic></wp:inline></w:drawing></w:r>'
    )


def _diagram(*words):
    """Give SmartArt with its words in the model and once more in the picture of it that Word keeps beside."""

    def build(w):
        points = "".join(
            f'<dgm:pt modelId="{n}"><dgm:t><a:p><a:r><a:t>{text[:3]}</a:t></a:r><a:r><a:t>{text[3:]}</a:t></a:r></a:p>'
            "</dgm:t></dgm:pt>"
            for n, text in enumerate(words, 1)
        )
        w.members["word/diagrams/data1.xml"] = (
            f"{HEAD}<dgm:dataModel {_KINDS}><dgm:ptLst>{points}</dgm:ptLst></dgm:dataModel>"
        )
        key = w.relation("diagramData", "diagrams/data1.xml")
        xml = graphic("diagram", f'<dgm:relIds xmlns:dgm="{DRAWN}/diagram" r:dm="{key}"/>')
        return w.paragraph("Trinn:").raw(f"<w:p>{xml}</w:p>", words=words)

    return build


def _lost_diagram(w):
    xml = graphic("diagram", f'<dgm:relIds xmlns:dgm="{DRAWN}/diagram" r:dm="rId99"/>')
    return w.paragraph("Trinn:").raw(f"<w:p>{xml}</w:p>")


def _chart(*, book=False):
    def build(w):
        series = "".join(f"<c:pt><c:v>{one}</c:v></c:pt>" for one in ("Sone nord", "Sone sør"))
        w.members["word/charts/chart1.xml"] = (
            f"{HEAD}<c:chartSpace {_KINDS}><c:chart><c:title><c:tx><c:rich><a:p><a:r><a:t>Fall per måned</a:t></a:r>"
            f"</a:p></c:rich></c:tx></c:title><c:cat><c:strRef><c:strCache>{series}</c:strCache></c:strRef></c:cat>"
            "</c:chart></c:chartSpace>"
        )
        if book:
            w.members["word/embeddings/bok1.xlsx"] = packed({"xl/workbook.xml": "<x/>"})
            w.members["word/charts/_rels/chart1.xml.rels"] = (
                f'{HEAD}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship '
                'Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/package" '
                'Target="../embeddings/bok1.xlsx"/></Relationships>'
            )
        key = w.relation("chart", "charts/chart1.xml")
        xml = graphic("chart", f'<c:chart xmlns:c="{DRAWN}/chart" r:id="{key}"/>')
        return w.paragraph("Se:").raw(f"<w:p>{xml}</w:p>")

    return build


def _math(inside):
    return f"<w:p><m:oMathPara>{inside}</m:oMathPara></w:p>"


def said(text):
    return f"<m:r><m:t>{escape(text)}</m:t></m:r>"


def _matrix(w):
    rows_ = "".join(f"<m:mr><m:e>{said(a)}</m:e><m:e>{said(b)}</m:e></m:mr>" for a, b in (("a", "b"), ("c", "d")))
    return w.paragraph("Der:").raw(_math(f"<m:oMath><m:m>{rows_}</m:m></m:oMath>"), words=("a b c d",))


def _sum(w):
    xml = (
        f'<m:oMath><m:nary><m:naryPr><m:chr m:val="∑"/></m:naryPr><m:sub>{said("n")}</m:sub><m:sup>{said("N")}</m:sup>'
        f"<m:e>{said('dose')}</m:e></m:nary></m:oMath>"
    )
    return w.paragraph("Summen:").raw(_math(xml), words=("n N dose",))


def _words_in_math(w):
    xml = "<m:oMath><m:r><m:rPr><m:nor/></m:rPr><m:t>maksdose</m:t></m:r><m:r><m:t>=4</m:t></m:r></m:oMath>"
    return w.raw(f"<w:p>{run('Regn: ')}{xml}</w:p>", words=("Regn: maksdose =4",))


def _ruby(w):
    xml = f"<w:r><w:ruby><w:rubyPr/><w:rt>{run('hjelpetekst')}</w:rt><w:rubyBase>{run('grunntekst')}</w:rubyBase></w:ruby></w:r>"
    return w.raw(f"<w:p>{run('Ord ')}{xml}{run(' videre')}</w:p>", words=("Ord grunntekst hjelpetekst videre",))


def _glossary(w):
    w.members["word/glossary/document.xml"] = (
        f"{HEAD}<w:glossaryDocument {NAMESPACES}><w:docParts><w:docPart><w:docPartBody><w:p>{run('Standardtekst')}</w:p>"
        "</w:docPartBody></w:docPart></w:docParts></w:glossaryDocument>"
    )
    w.relation("glossaryDocument", "glossary/document.xml")
    return w.paragraph("Hindre fall.")


def _part_of_another(w):
    key = w.relation("subDocument", "kapittel.docx", outside=True)
    return w.paragraph("Før.").raw(f'<w:subDoc r:id="{key}"/>')


def _replies(w):
    first = w.comment("Gi 5 mg", "Stemmer dette?")
    w.paragraph(first, ".")
    w.paragraph(w.comment("Svar", "Ja, det stemmer."))
    w.members["word/commentsExtended.xml"] = (
        f'{HEAD}<w15:commentsEx xmlns:w15="http://schemas.microsoft.com/office/word/2012/wordml"><w15:commentEx '
        'w15:paraId="1" w15:done="0"/><w15:commentEx w15:paraId="2" w15:paraIdParent="1"/></w15:commentsEx>'
    )
    return w


def _comment_without_place(w):
    w.comment("ingen", "Hvem eier denne?")
    return w.paragraph("Hindre fall.")


def rows():
    """Give the rows."""
    return (
        row(
            "word-chunks",
            "Another document inside, which Word would only read in when it opens the file",
            word("HTML", _chunk("del.html", "<p>Ring 113</p>"), warns=(("embedded-document",),)),
            word("RTF", _chunk("del.rtf", r"{\rtf1 Ring 113}"), warns=(("embedded-document",),)),
            word(
                "Word",
                _chunk("del.docx", Word().paragraph("Ring 113").made()),
                warns=(("embedded-document",),),
            ),
            word("a part of a master document", _part_of_another, warns=(("embedded-document",),)),
        ),
        row(
            "word-diagrams",
            "The words of SmartArt and charts",
            word("three steps", _diagram("Oppdag", "Varsle leder", "Ring 113"), warns=(("diagram",),)),
            word("not in the file", _lost_diagram, warns=(("diagram", "drawing"),)),
            word("a chart", _chart(), warns=(("chart",),)),
            word("a chart with its book", _chart(book=True), warns=(("chart",),)),
        ),
        row(
            "word-formulas-more",
            "Formulas of several lines and with words in them",
            word("a matrix", _matrix, more=True, warns=(("formula",),)),
            word("a sum", _sum, warns=(("formula",),)),
            word("words", _words_in_math, warns=(("formula",),)),
            word(
                "two in a line",
                lambda w: w.paragraph("Når ", equation("x=2"), " er ", equation("y=3")),
                warns=(("formula",),),
            ),
        ),
        row(
            "word-signs",
            "Signs by their number, and words above words",
            word("a letter", lambda w: w.paragraph("Gi ", symbol("00B5", "Calibri", "µ"), "g"), has=("µg",)),
            word(
                "a number above the first 65,536",
                lambda w: w.paragraph("Se ", symbol("1F4A3", "Segoe UI Emoji", "")),
                has=("Se",),
            ),
            word("no number", lambda w: w.paragraph("Gi ", symbol("", "Symbol"), " 5"), warns=(("symbol-unknown",),)),
            word(
                "of a font for one house",
                lambda w: w.paragraph("Gi ", symbol("F041", "Husets"), " 5"),
                warns=(("symbol-unknown",),),
            ),
            word("words above words", _ruby),
        ),
        row(
            "word-beside",
            "What lies beside the text: building blocks, replies, comments put nowhere",
            word("building blocks", _glossary, lacks=("Standardtekst",), warns=(("building-blocks",),)),
            word("replies", _replies, comments=("Stemmer dette?", "Ja, det stemmer.")),
            word("a comment put nowhere", _comment_without_place, comments=("Hvem eier denne?",)),
        ),
        row(
            "word-fields-of-others",
            "Merge fields, old form fields and prompts",
            word(
                "merge",
                lambda w: w.paragraph("Hei ", field("MERGEFIELD Navn", "«Navn»"), ", velkommen"),
                has=("«Navn»",),
            ),
            word(
                "simple merge",
                lambda w: w.paragraph("Hei ", field("MERGEFIELD Navn", "«Navn»", simple=True)),
                has=("«Navn»",),
            ),
            word("a formula", lambda w: w.paragraph("Sum: ", field("=SUM(ABOVE)", "42")), has=("Sum: 42",)),
            word(
                "never ended",
                lambda w: w.paragraph(
                    "Se ",
                    Piece(
                        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>REF x</w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>'
                        + run("kapittel 2"),
                        "kapittel 2",
                    ),
                ),
            ),
            word(
                "begun and not shown",
                lambda w: w.paragraph(
                    "Gi ", Piece('<w:r><w:fldChar w:fldCharType="begin"/></w:r>' + run("ikke mer"), "ikke mer")
                ),
            ),
            word(
                "a control in a control",
                lambda w: w.paragraph(
                    "Gi ", Piece(control("X").xml.replace(run("X"), control("5 mg", tag="dose").xml), "5 mg")
                ),
            ),
        ),
    )
