"""ODT, RTF, Markdown and plain text."""

from tests.support.documents import odt
from tests.support.documents.odt import as_odt
from tests.support.documents.pictures import png
from tests.support.documents.rich import as_rtf, letters, rtf
from tests.support.documents.truth import Case, Truth, case, refused, row
from tests.support.documents.web import as_markdown, as_text
from tests.support.documents.whole import whole

_ODT_TRACKED = (
    '<text:tracked-changes><text:changed-region text:id="ct1"><text:deletion><office:change-info><dc:creator>Skribent '
    "Oppdiktet</dc:creator><dc:date>2024-02-01T10:00:00</dc:date></office:change-info><text:p>2–8 °C</text:p>"
    '</text:deletion></text:changed-region><text:changed-region text:id="ct2"><text:insertion><office:change-info>'
    "<dc:creator>Skribent Oppdiktet</dc:creator><dc:date>2024-02-01T10:00:00</dc:date></office:change-info>"
    "</text:insertion></text:changed-region></text:tracked-changes>"
)
_ODT_CHANGED = (
    '<text:p>Oppbevares ved <text:change text:change-id="ct1"/><text:change-start text:change-id="ct2"/>15–25 °C'
    '<text:change-end text:change-id="ct2"/>.</text:p>'
)
_ODT_BOX = (
    '<text:p>Les: <draw:frame draw:name="Ramme1" text:anchor-type="paragraph"><draw:text-box><text:p>Ring 113 først'
    "</text:p></draw:text-box></draw:frame></text:p>"
)
_ODT_COMMENT = (
    "<text:p>Gi 5 mg<office:annotation><dc:creator>Skribent Oppdiktet</dc:creator><dc:date>2024-02-01T10:00:00</dc:date>"
    "<text:p>Stemmer dette?</text:p></office:annotation>.</text:p>"
)
_TEN_NOTES = "".join(f"<text:p>Punkt {n}{odt.note(f'Note nummer {n}', n)}</text:p>" for n in range(1, 11))

WEAKER = ("weaker-reading",)


def _odt(name, body, *, words=(), headings=(), more=None, **given) -> Case:
    settings = {key: given.pop(key) for key in ("header", "footer", "tracked", "title") if key in given}
    truth = given.pop("truth", None) or Truth(words=tuple(words), headings=headings)
    return case(name, "rutine.odt", lambda: odt.odt(body, more=more, **settings), truth=truth, kind="odt", **given)


def _rtf(name, body, *, words=(), headings=(), **expected) -> Case:
    return case(
        name,
        "rutine.rtf",
        lambda: rtf(body),
        truth=Truth(words=tuple(words), headings=headings),
        kind="rtf",
        **expected,
    )


def _text(name, data, *, words=(), headings=(), file="rutine.txt", truth=None, **expected) -> Case:
    return case(name, file, lambda: data, truth=truth or Truth(words=tuple(words), headings=headings), **expected)


def _merged_odt():
    cell = '<table:table-cell table:number-columns-spanned="2">' + odt.paragraph("Temperatur") + "</table:table-cell>"
    plain = [f"<table:table-cell>{odt.paragraph(text)}</table:table-cell>" for text in ("Insulin", "2 °C", "8 °C")]
    return (
        '<table:table><table:table-column table:number-columns-repeated="3"/><table:table-row><table:table-cell>'
        f"{odt.paragraph('Middel')}</table:table-cell>{cell}<table:covered-table-cell/></table:table-row>"
        f"<table:table-row>{''.join(plain)}</table:table-row></table:table>"
    )


def _list(*items, more="", start=0, inside=""):
    value = f' text:start-value="{start}"' if start else ""
    lines = "".join(f"<text:list-item{value}>{odt.paragraph(item)}{inside}</text:list-item>" for item in items)
    return f'<text:list text:style-name="Tall"{more}>{lines}</text:list>'


def rows():
    """Give the rows."""
    return (
        row("odt-whole", "A whole routine as ODT", *whole("odt", "odt", as_odt)),
        row(
            "odt-changes",
            "Changes and comments of ODT",
            _odt(
                "a temperature",
                _ODT_CHANGED,
                tracked=_ODT_TRACKED,
                words=("Oppbevares ved 15–25 °C.",),
                lacks=("2–8 °C",),
                changes=(("deleted", "2–8 °C"), ("inserted", "15–25 °C")),
                warns=(("changes-accepted",),),
            ),
            _odt("a comment", _ODT_COMMENT, words=("Gi 5 mg.",), comments=("Stemmer dette?",), lacks=("Stemmer",)),
            _odt(
                "both",
                _ODT_CHANGED + _ODT_COMMENT,
                tracked=_ODT_TRACKED,
                words=("Oppbevares ved 15–25 °C.", "Gi 5 mg."),
                comments=("Stemmer dette?",),
                lacks=("2–8 °C",),
            ),
        ),
        row(
            "odt-other",
            "Headers, boxes, merged cells and many notes of ODT",
            _odt(
                "header and footer",
                odt.heading(1, "Formål") + odt.paragraph("Hindre fall."),
                header="Dokumentnr: HO-5",
                footer="Versjon: 3",
                words=("Formål Hindre fall.",),
                headings=((1, "Formål"),),
                suggested={"document_number": "HO-5", "version": "3"},
                lacks=("HO-5",),
            ),
            _odt("a text box", _ODT_BOX, words=("Les: Ring 113 først",), warns=(("text-box",),)),
            _odt(
                "merged cells",
                _merged_odt(),
                truth=Truth(
                    words=("Middel Temperatur Insulin 2 °C 8 °C",),
                    tables=((("Middel", "Temperatur"), ("Insulin", "2 °C", "8 °C")),),
                    exact=False,
                ),
                warns=(("table-merged",),),
            ),
            _odt(
                "two pictures of one file",
                odt.frame("Knapp ved døren") + odt.paragraph("og") + odt.frame("Knapp ved senga"),
                more={"Pictures/1.png": png()},
                truth=Truth(words=("og",), pictures=("Knapp ved døren", "Knapp ved senga")),
            ),
            _odt(
                "many notes",
                _TEN_NOTES,
                truth=Truth(
                    words=tuple(f"Punkt {n} Note nummer {n}" for n in range(1, 11)),
                    notes=tuple(f"Note nummer {n}" for n in range(1, 11)),
                ),
            ),
        ),
        row(
            "odt-more",
            "Lists, tables and fields of ODT inside each other",
            _odt(
                "goes on",
                _list("En", "To") + odt.paragraph("mellom") + _list("Tre", more=' text:continue-numbering="true"'),
                words=("En To mellom Tre",),
                numbers=((1, "En"), (3, "Tre")),
            ),
            _odt("begins at five", _list("Fem", start=5), words=("Fem",), numbers=((5, "Fem"),)),
            _odt("a table in an item", _list("En", inside=odt.table((("A", "B"),))), words=("En A B",)),
            _odt(
                "a table in a table",
                odt.table((("X", "Y"),)).replace(odt.paragraph("Y"), odt.table((("A", "B"),))),
                words=("X A B",),
            ),
            _odt(
                "filled in",
                '<text:p>Ring <text:text-input>vakta</text:text-input> på <text:user-field-get text:name="v">75 00 00 00</text:user-field-get></text:p>',
                words=("Ring vakta på 75 00 00 00",),
            ),
            _odt(
                "not shown",
                f'<text:section text:name="S" text:display="none">{odt.paragraph("Skjult 5 mg")}</text:section>{odt.paragraph("Synlig")}',
                words=("Synlig",),
                lacks=("5 mg",),
                warns=(("hidden-text",),),
            ),
        ),
        row(
            "rtf-whole",
            "A whole routine as RTF: the words come, and it is said that the form may not",
            *whole("rtf", "rtf", as_rtf, tree=False, pictures=False, warns=(WEAKER,)),
        ),
        row(
            "rtf-letters",
            "The ways RTF writes letters; one of them makes pandoc swallow the next one, and 15–25 °C becomes 15–5 °C",
            _rtf(
                "by number and letter",
                rf"\pard {letters('Ved 15–25 °C på kvelden')}\par",
                words=("Ved 15–25 °C på kvelden",),
                has=("15–25 °C",),
            ),
            _rtf(
                "by number and mark",
                rf"\pard {letters('Ved 15–25 °C på kvelden', form='mark')}\par",
                words=("Ved 15–25 °C på kvelden",),
                has=("15–25 °C",),
            ),
            _rtf(
                "by code page",
                rf"\pard {letters('Ved 15–25 °C på kvelden', form='page')}\par",
                words=("Ved 15–25 °C på kvelden",),
                has=("15–25 °C",),
            ),
            _rtf(
                "no replacement",
                rf"\uc0\pard {letters('Ved 15–25 °C', form='mark').replace('?', ' ')}\par",
                words=("Ved 15–25 °C",),
                has=("15–25 °C",),
            ),
            _rtf(
                "beyond the first plane", rf"\pard {letters('Merk 🚑 čŋđ')}\par", words=("Merk čŋđ",), has=("🚑 čŋđ",)
            ),
        ),
        row(
            "rtf-changes",
            "Changes in RTF: the deleted value never stands beside the new one in silence",
            _rtf(
                "both marked",
                r"\pard Ved {\deleted 2-8 C}{\revised 15-25 C}.\par",
                has=("15-25 C",),
                lacks=("2-8 C15-25 C",),
                warns=(("deleted-values-visible", "changes-accepted", "text-changed-visible"),),
            ),
            _rtf(
                "with an author",
                r"{\*\revtbl{Skribent Oppdiktet;}}\pard Gi {\deleted\revauthdel0 10 mg}{\revised\revauth0 1 mg}.\par",
                has=("1 mg",),
                lacks=("10 mg1 mg",),
                warns=(("deleted-values-visible", "changes-accepted", "text-changed-visible"),),
            ),
            _rtf(
                "struck",
                r"\pard Gi {\strike 10 mg} 5 mg.\par",
                words=("Gi 5 mg.",),
                warns=(("struck-through", "deleted-values-visible", "text-changed-visible"),),
            ),
        ),
        row(
            "rtf-other",
            "Hidden words, headers and objects in RTF",
            _rtf("hidden", r"\pard Ring {\v ikke }113.\par", words=("Ring 113.",), lacks=("ikke",)),
            _rtf(
                "header",
                r"{\header\pard Dokumentnr: HO-5\par}\pard Hindre fall.\par",
                words=("Hindre fall.",),
                lacks=("HO-5",),
            ),
            _rtf(
                "object",
                r"\pard Se: {\object\objemb{\*\objclass Excel.Sheet.12}{\*\objdata 0105}{\result Ark}}\par",
                words=("Se",),
                warns=(("embedded-object", "weaker-reading"),),
            ),
        ),
        row("markdown-whole", "A whole routine as Markdown", *whole("md", "markdown", as_markdown, pictures=False)),
        row(
            "markdown-other",
            "Markdown with marks of HTML, with front matter, and with lists written otherwise",
            _text(
                "front matter",
                "---\ntitle: Fall\nversjon: 2\n---\n\n## Formål\n\nHindre fall.\n",
                words=("Formål Hindre fall.",),
                headings=((1, "Formål"),),
                file="a.md",
                warns=(("front-matter-ignored",),),
            ),
            _text(
                "HTML",
                "## Formål\n\n<div>Hindre <b>fall</b>.</div>\n\n<script>alert(1)</script>\n",
                headings=((1, "Formål"),),
                file="a.md",
                has=("Hindre",),
            ),
            _text(
                "other marks",
                "Formål\n======\n\n* Hansker\n* Frakk\n\n1) Vask\n2) Tørk\n",
                words=("Formål Hansker Frakk Vask Tørk",),
                headings=((1, "Formål"),),
                file="a.md",
            ),
            _text(
                "picture beside",
                "## Se\n\nDette: ![Kart](kart.png)\n",
                words=("Se Dette",),
                headings=((1, "Se"),),
                file="a.md",
                warns=(("picture-elsewhere", "pictures-missing", "picture-unreadable"),),
            ),
            _text(
                "unused note",
                "## A\n\nTekst.\n\n[^1]: Gi aldri mer enn 5 mg.\n",
                words=("A Tekst. Gi aldri mer enn 5 mg.",),
                headings=((1, "A"),),
                file="a.md",
            ),
        ),
        row(
            "markdown-notes",
            "Notes of Markdown that are not as they should be",
            _text(
                "two of one name",
                "## A\n\nTekst[^1].\n\n[^1]: Gi 5 mg.\n\n[^1]: Gi 10 mg.\n",
                file="a.md",
                headings=((1, "A"),),
                has=("Gi 5 mg.", "Gi 10 mg."),
                warns=(("words-missing", "notes-missing", "form-simplified"),),
            ),
            _text("without its words", "## A\n\nTekst[^2].\n", file="a.md", headings=((1, "A"),), has=("Tekst",)),
            refused(
                "that refers to itself",
                "a.md",
                lambda: "## A\n\nTekst[^1].\n\n[^1]: Gi 5 mg[^1].\n",
                "took-too-long",
                "took-too-much",
                "unreadable",
                slow=True,
                has=("Gi 5 mg",),
            ),
        ),
        row(
            "text-whole",
            "A whole routine as plain text",
            *whole("txt", "", as_text, tree=False, notes=False, pictures=False),
        ),
        row(
            "text-letters",
            "Plain text in the encodings that are about",
            _text("utf-8 with a mark", "Gjør én ting čŋ".encode("utf-8-sig"), words=("Gjør én ting čŋ",)),
            _text(
                "latin-1",
                "Gjør én ting på kvelden".encode("latin-1"),
                words=("Gjør én ting på kvelden",),
                warns=(("encoding-guessed",),),
            ),
            _text(
                "1252",
                "Ved 15–25 °C «nå»".encode("cp1252"),
                words=("Ved 15–25 °C nå",),
                has=("15–25 °C «nå»",),
                warns=(("encoding-guessed",),),
            ),
            _text("utf-16", "Gjør én ting čŋ".encode("utf-16"), words=("Gjør én ting čŋ",)),
            _text("utf-16, big end first", b"\xfe\xff" + "Gjør én ting".encode("utf-16-be"), words=("Gjør én ting",)),
            _text("line ends of Windows and of old Macs", b"En\r\n\r\nTo\r\rTre\n", words=("En To Tre",)),
        ),
        row(
            "text-odd",
            "Plain text that is hard to hold",
            _text(
                "marks of Markdown",
                "Gi *aldri* mer enn <5 mg\n# 3 er ikke overskrift?\n",
                truth=Truth(words=("Gi aldri mer enn 5 mg", "3 er ikke overskrift"), tree=False),
                has=("<5 mg",),
            ),
            _text(
                "one word a line", "\n".join(f"ord{n}" for n in range(300)), words=tuple(f"ord{n}" for n in range(300))
            ),
            _text("indented", "    Vask hendene.\n\n        Tørk dem.\n", words=("Vask hendene. Tørk dem.",)),
            _text("page breaks", "Side en\n\fSide to\n", words=("Side en Side to",)),
        ),
    )
