"""Word: the marks that hide, strike or stand for words, and what is no words at all."""

from tests.support.documents.rows_word_text import word
from tests.support.documents.truth import case, row
from tests.support.documents.word import Piece, Word, packed, run
from tests.support.documents.word_parts import HEAD, MACRO_TYPE
from tests.support.documents.word_pieces import (
    HARD_HYPHEN,
    SOFT_HYPHEN,
    bold,
    equation,
    hidden,
    symbol,
    word_art,
)

_UP = '<w:vertAlign w:val="superscript"/>'
_DOWN = '<w:vertAlign w:val="subscript"/>'


def _body(w):
    return w.heading(1, "Formål").paragraph("Hindre fall.")


def _object(w, kind):
    name = {"chart": "charts/chart1.xml", "ole": "embeddings/oleObject1.bin", "diagram": "diagrams/data1.xml"}[kind]
    a = "http://schemas.openxmlformats.org/drawingml/2006"
    w.members[f"word/{name}"] = {
        "chart": f'{HEAD}<c:chartSpace xmlns:c="{a}/chart" xmlns:a="{a}/main"><c:chart><c:title><c:tx><c:rich><a:p><a:r>'
        "<a:t>Fall per måned</a:t></a:r></a:p></c:rich></c:tx></c:title></c:chart></c:chartSpace>",
        "ole": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 200,
        "diagram": f'{HEAD}<dgm:dataModel xmlns:dgm="{a}/diagram" xmlns:a="{a}/main"><dgm:ptLst><dgm:pt modelId="1">'
        "<dgm:t><a:p><a:r><a:t>Mottak</a:t></a:r></a:p></dgm:t></dgm:pt></dgm:ptLst></dgm:dataModel>",
    }[kind]
    key = w.relation({"chart": "chart", "ole": "oleObject", "diagram": "diagramData"}[kind], name)
    graphic = {
        "chart": f'<c:chart xmlns:c="{a}/chart" r:id="{key}"/>',
        "diagram": f'<dgm:relIds xmlns:dgm="{a}/diagram" r:dm="{key}"/>',
    }
    if kind == "ole":
        xml = f'<w:r><w:object><o:OLEObject Type="Embed" ProgID="Excel.Sheet.12" ShapeID="s" r:id="{key}"/></w:object></w:r>'
    else:
        xml = (
            '<w:r><w:drawing><wp:inline><wp:extent cx="1" cy="1"/><wp:docPr id="70" name="Figur"/><a:graphic>'
            f'<a:graphicData uri="{a}/{kind}">{graphic[kind]}</a:graphicData></a:graphic></wp:inline></w:drawing></w:r>'
        )
    return w.paragraph("Se figuren:").raw(f"<w:p>{xml}</w:p>")


def _other_inside(w):
    w.members["word/afchunk.html"] = "<html><body><p>Limt inn fra en annen fil</p></body></html>"
    key = w.relation("aFChunk", "afchunk.html")
    return w.paragraph("Før.").raw(f'<w:altChunk r:id="{key}"/>').paragraph("Etter.")


def _wrapped(w, begin, end, text="Leder har ansvaret"):
    return w.raw(f"<w:p>{run('Vår ')}{begin}{run(text)}{end}{run('.')}</w:p>", words=(f"Vår {text}.",))


def _macros(main=MACRO_TYPE):
    def build(w):
        w.main_type = main
        w.members["word/vbaProject.bin"] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500
        w.relation("http://schemas.microsoft.com/office/2006/relationships/vbaProject", "vbaProject.bin")
        return _body(w)

    return build


def _strict():
    w = _body(Word())
    strict = "http://purl.oclc.org/ooxml/"
    out = {}
    for name, data in w.parts().items():
        text = data if isinstance(data, str) else data.decode("latin-1")
        for old, new in (
            ("http://schemas.openxmlformats.org/wordprocessingml/2006/main", f"{strict}wordprocessingml/main"),
            ("http://schemas.openxmlformats.org/officeDocument/2006/", f"{strict}officeDocument/"),
            ("http://schemas.openxmlformats.org/drawingml/2006/", f"{strict}drawingml/"),
        ):
            text = text.replace(old, new)
        out[name] = text
    return packed(out)


def _fraction(w):
    xml = "<m:oMath><m:f><m:num><m:r><m:t>vekt</m:t></m:r></m:num><m:den><m:r><m:t>høyde</m:t></m:r></m:den></m:f></m:oMath>"
    return w.raw(f"<w:p>{run('BMI = ')}{xml}</w:p>", words=("BMI vekt høyde",))


def _template(w):
    w.main_type = "application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml"
    return _body(w)


def rows():
    """Give the rows."""
    return (
        row(
            "word-links",
            "Links lead where they led; what could run a program leads nowhere",
            word(
                "to a page", lambda w: w.paragraph(w.link("Veilederen", "https://provevik.example/a?b=1&c=2"), " sier")
            ),
            word("to a mailbox", lambda w: w.paragraph("Skriv til ", w.link("vakta", "mailto:vakt@provevik.example"))),
            word(
                "to a place in the document",
                lambda w: w.raw(
                    f'<w:p><w:hyperlink w:anchor="Ansvar">{run("Se ansvar")}</w:hyperlink></w:p>', words=("Se ansvar",)
                ),
            ),
            word(
                "that would run",
                lambda w: w.raw(
                    f'<w:p><w:hyperlink r:id="{w.relation("hyperlink", "javascript:alert(1)", outside=True)}">'
                    f"{run('Trykk her')}</w:hyperlink></w:p>",
                    words=("Trykk her",),
                ),
                warns=(("link-dropped",),),
            ),
        ),
        row(
            "word-symbols",
            "Signs of symbol fonts become the letters they look like, or it is said that they cannot",
            word("a tick", lambda w: w.paragraph(symbol("F0FE"), " Informert"), boxes=((True, "Informert"),)),
            word("at least", lambda w: w.paragraph("Puls ", symbol("F0B3", "Symbol"), " 50"), has=("≥ 50",)),
            word("degrees", lambda w: w.paragraph("38 ", symbol("F0B0", "Symbol"), "C"), has=("38 °C",)),
            word(
                "of a font nobody knows",
                lambda w: w.paragraph("Gi ", symbol("F041", "Husfonten"), " 5"),
                warns=(("symbol-unknown",),),
            ),
            word("micro", lambda w: w.paragraph("5 ", symbol("F06D", "Symbol", "μ"), "g"), has=("μg",)),
        ),
        row(
            "word-hidden",
            "Hidden words are no text, and it is said that they were there",
            word(
                "in a line",
                lambda w: w.paragraph("Ring ", hidden("ikke "), "113"),
                lacks=("ikke",),
                warns=(("hidden-text",),),
            ),
            word(
                "a paragraph",
                lambda w: _body(w).paragraph(hidden("Intern merknad")),
                lacks=("Intern",),
                warns=(("hidden-text",),),
            ),
            word("in a cell", lambda w: w.table([["A", "B"], ["C", hidden("D")]]), warns=(("hidden-text",),)),
        ),
        row(
            "word-struck",
            "Words somebody struck by hand stay struck, and are told first",
            word(
                "a dose",
                lambda w: w.paragraph("Gi ", Piece(run("10 mg", "<w:strike/>"), "10 mg"), " 5 mg"),
                warns=(("struck-through",),),
            ),
            word(
                "twice",
                lambda w: w.paragraph("Gi ", Piece(run("10 mg", "<w:dstrike/>"), "10 mg"), " 5 mg"),
                warns=(("struck-through",),),
            ),
            word(
                "in an item",
                lambda w: w.item(1, "Hansker").item(1, Piece(run("Frakk", "<w:strike/>"), "Frakk")),
                warns=(("struck-through",),),
            ),
        ),
        row(
            "word-raised",
            "Raised and lowered signs: 10² is not 102",
            word("square", lambda w: w.paragraph("10", Piece(run("2", _UP), "²"), " m"), has=("10²",), lacks=("102",)),
            word("water", lambda w: w.paragraph("H", Piece(run("2", _DOWN), "₂"), "O"), lacks=("H2O",), has=("H₂O",)),
            word("a letter", lambda w: w.paragraph("1", Piece(run("a", _UP), "a"), " ledd"), has=("1a ledd",)),
            word(
                "a power",
                lambda w: w.paragraph("10", Piece(run("-3", _UP), "⁻³"), " g"),
                has=("10⁻³",),
                lacks=("10-3",),
            ),
        ),
        row(
            "word-hyphens",
            "What helps the line break is no part of a word",
            word("soft", lambda w: w.paragraph("hånd", SOFT_HYPHEN, "desinfeksjon"), has=("hånddesinfeksjon",)),
            word("soft, as a letter", lambda w: w.paragraph("hånd\u00addesinfeksjon"), has=("hånddesinfeksjon",)),
            word("hard", lambda w: w.paragraph("2", HARD_HYPHEN, "8 °C")),
            word(
                "hard spaces",
                lambda w: w.paragraph("75\u00a000\u00a000\u00a000 og 5\u00a0mg"),
                has=("75 00 00 00", "5 mg"),
            ),
            word("a word in pieces", lambda w: w.paragraph("a", bold("dre"), "nalin 1 mg"), has=("adrenalin 1 mg",)),
        ),
        row(
            "word-formulas",
            "A formula is text that says so",
            word("in a line", lambda w: w.paragraph("BMI er ", equation("vekt")), has=("vekt",), warns=(("formula",),)),
            word(
                "apart",
                lambda w: w.raw(f"<w:p><m:oMathPara>{equation('dose').xml}</m:oMathPara></w:p>", words=("dose",)),
                warns=(("formula",),),
            ),
            word("a fraction", _fraction, warns=(("formula",),)),
        ),
        row(
            "word-objects",
            "Spreadsheets, charts and drawings inside are named",
            word("a spreadsheet", lambda w: _object(w, "ole"), warns=(("embedded-object",),)),
            word("a chart", lambda w: _object(w, "chart"), warns=(("chart",),)),
            word("a diagram", lambda w: _object(w, "diagram"), has=("Mottak",), warns=(("diagram", "drawing"),)),
            word("another document", _other_inside, warns=(("embedded-document",),)),
            word(
                "a watermark",
                lambda w: _body(w).edge("header", f"<w:p>{word_art('UTKAST').xml}</w:p>"),
                lacks=("UTKAST",),
            ),
        ),
        row(
            "word-wrapped",
            "Marks around words that say nothing about them",
            word("smart tag", lambda w: _wrapped(w, '<w:smartTag w:uri="u" w:element="e">', "</w:smartTag>")),
            word("custom XML", lambda w: _wrapped(w, '<w:customXml w:uri="u" w:element="e">', "</w:customXml>")),
            word("direction", lambda w: _wrapped(w, '<w:dir w:val="ltr">', "</w:dir>")),
            word(
                "several inside each other",
                lambda w: _wrapped(
                    w, '<w:sdt><w:sdtContent><w:smartTag w:element="e">', "</w:smartTag></w:sdtContent></w:sdt>"
                ),
            ),
        ),
        row(
            "word-markdown-marks",
            "Signs that mean something in Markdown are only signs in Word",
            word(
                "stars and lines", lambda w: w.paragraph("*viktig* _nei_ ~~x~~ `y`"), has=("*viktig* _nei_ ~~x~~ `y`",)
            ),
            word(
                "beginnings",
                lambda w: w.paragraph("# Ikke overskrift").paragraph("> sitat").paragraph("---"),
                has=("# Ikke", "> sitat"),
            ),
            word(
                "tags",
                lambda w: w.paragraph("Puls <50 og >120 <b>ikke fet</b> &amp;"),
                has=("<50 og >120 <b>ikke fet</b> &amp;",),
            ),
            word("fields of ours", lambda w: w.paragraph("Ring {{vakttelefon}} nå"), warns=(("braces",),)),
            word(
                "links",
                lambda w: w.paragraph("[1] Se (her) [x](http://provevik.example) \\ ![a](b)"),
                has=("[x](http://provevik.example)",),
            ),
        ),
        row(
            "word-macros",
            "Macros are left out, and it is said",
            word("by its name", _macros(), file="skjema.docm", kind="docm", warns=(("macros-dropped",),)),
            word("named otherwise", _macros(), kind="docm", warns=(("macros-dropped",), ("name-and-content-differ",))),
            word("in what says it has none", _macros(Word().main_type), warns=(("macros-dropped",),)),
        ),
        row(
            "word-other-words",
            "Other programs' Word: by another standard, templates, and without the usual parts",
            case(
                "strict",
                "rutine.docx",
                _strict,
                has=("Hindre fall.",),
                kind="docx",
            ),
            word("a template", _template, file="mal.dotx"),
            word("empty paragraphs", lambda w: _body(w.raw("<w:p/>" * 40)).raw("<w:p><w:r/></w:p>" * 40)),
        ),
    )
