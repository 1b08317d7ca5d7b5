"""ODT and RTF: the rarer things a file can hold, as office programs and years of editing leave them."""

import re

from tests.support.documents import odt
from tests.support.documents.rich import rtf
from tests.support.documents.truth import Truth, case, row

_WHO = "<office:change-info><dc:creator>Skribent Oppdiktet</dc:creator><dc:date>2024-02-01T10:00:00</dc:date></office:change-info>"


def _odt(name, body, *words, headings=(), **given):
    settings = {key: given.pop(key) for key in ("header", "footer", "tracked") if key in given}
    settings["more"] = given.pop("members", None)
    truth = Truth(words=words, headings=headings, **given.pop("truth", {}))
    return case(name, "rutine.odt", lambda: odt.odt(body, **settings), truth=truth, kind="odt", **given)


def _flat(name, body, *words, headings=(), **expected):
    def made():
        content = odt.parts(body)["content.xml"]
        return re.sub(
            r"office:document-content\b",
            f'office:document office:mimetype="{odt.MIME}"',
            content.replace("</office:document-content>", "</office:document>"),
            count=1,
        )

    return case(name, "rutine.fodt", made, truth=Truth(words=words, headings=headings), kind="odt", **expected)


def _rtf(name, body, *words, headings=(), head=None, **expected):
    def made():
        return f"{head}{body}}}".encode("latin-1") if head else rtf(body)

    truth = Truth(words=words, headings=headings, **expected.pop("truth", {}))
    return case(name, "rutine.rtf", made, truth=truth, kind="rtf", **expected)


def _span(text, name):
    return f"<text:span>{text}</text:span>" if not name else f'<text:{name} text:description="x">{text}</text:{name}>'


def _marked(kind, *said):
    names = 'xmlns:field="urn:openoffice:names:experimental:ooo-ms-interop:xmlns:field:1.0"'
    inside = "".join(f'<field:param field:name="{name}" field:value="{value}"/>' for name, value in said)
    mark = f'<field:fieldmark {names} field:type="vnd.oasis.opendocument.field.{kind}">{inside}</field:fieldmark>'
    return f"<text:p>{mark} Informert</text:p>"


def _form(kind, said, shown=""):
    inside = rf"{{\*\formfield{{{said}}}}}" if said else ""
    return rf"\pard {{\field{{\*\fldinst {{ FORM{kind} {inside}}}}}{{\fldrslt {shown}}}}} Informert\par"


def _hidden_above():
    own = (
        '<style:style style:name="Over" style:family="text"><style:text-properties text:display="none"/></style:style>'
        '<style:style style:name="Under" style:family="text" style:parent-style-name="Over"/>'
    )
    return {"styles.xml": odt.parts("")["styles.xml"].replace("<office:styles>", f"<office:styles>{own}", 1)}


_TRACKED = (
    f'<text:tracked-changes><text:changed-region text:id="a"><text:deletion>{_WHO}<text:p>Hele avsnittet bort</text:p>'
    f'<text:p/></text:deletion></text:changed-region><text:changed-region text:id="b"><text:insertion>{_WHO}'
    "</text:insertion></text:changed-region></text:tracked-changes>"
)
_MATH = '<math xmlns="http://www.w3.org/1998/Math/MathML"><mrow><mi>dose</mi><mo>=</mo><mn>5</mn></mrow></math>'
_FRAME = '<text:p>Se <draw:frame draw:name="Objekt1"><draw:object xlink:href="./Object 1"/></draw:frame></text:p>'
_P = odt.paragraph


def _code_page(page, text, encoding):
    said = "".join(chr(byte) if byte < 0x80 else f"\\'{byte:02x}" for byte in text.encode(encoding))
    return said, rf"{{\rtf1\ansi\ansicpg{page}\deff0{{\fonttbl{{\f0 Arial;}}}}\pard "


def _by_page(name, page, text, encoding=None):
    said, head = _code_page(page, text, encoding or f"cp{page}")
    return _rtf(name, said + r"\par", text, head=head, has=(text,))


def _table(*rows):
    edges = r"\cellx2000\cellx4000"
    return "".join(
        rf"\trowd{edges}" + "".join(rf"\pard\intbl {cell}\cell" for cell in cells) + r"\row" for cells in rows
    )


def rows():
    """Give the rows."""
    return (
        row(
            "odt-changes-more",
            "Changes of whole paragraphs in ODT",
            _odt(
                "a paragraph taken out",
                _P("Før.") + '<text:p><text:change text:change-id="a"/>Etter.</text:p>',
                "Før.",
                "Etter.",
                tracked=_TRACKED,
                changes=(("deleted", "Hele avsnittet bort"),),
            ),
            _odt(
                "put in over two paragraphs",
                '<text:p>Gi <text:change-start text:change-id="b"/>ikke</text:p><text:p>mer<text:change-end '
                'text:change-id="b"/> enn 5 mg</text:p>',
                "Gi ikke",
                "mer enn 5 mg",
                tracked=_TRACKED,
                warns=(("changes-accepted",),),
            ),
            _odt("a list of changes and none of them", _P("Tekst."), "Tekst.", tracked=_TRACKED, lacks=("avsnittet",)),
        ),
        row(
            "odt-sections",
            "Sections of ODT: shown, hidden, under a condition",
            _odt("shown", f'<text:section text:name="A">{_P("Vask hendene")}</text:section>', "Vask hendene"),
            _odt(
                "hidden",
                f'{_P("Gi 5 mg")}<text:section text:name="A" text:display="none">{_P("Skjult her")}</text:section>',
                "Gi 5 mg",
                lacks=("Skjult",),
                warns=(("hidden-text",),),
            ),
            _odt(
                "under a condition",
                f'<text:section text:name="A" text:display="condition" text:condition="ooow:1">{_P("Ved smitte")}</text:section>',
                "Ved smitte",
            ),
            _odt(
                "in a section, with a table and a list",
                '<text:section text:name="A"><text:section text:name="B">'
                f"{odt.table([['A', 'B']])}<text:list><text:list-item>{_P('Vask')}</text:list-item></text:list>"
                "</text:section></text:section>",
                "A",
                "B",
                "Vask",
            ),
        ),
        row(
            "odt-fields",
            "Fields of ODT as what they show",
            *(
                _odt(
                    name,
                    f"<text:p>Se {_span('vist tekst', name)} her</text:p>",
                    "Se vist tekst her",
                    has=("Se vist tekst her",),
                )
                for name in (
                    "placeholder",
                    "text-input",
                    "database-display",
                    "user-field-get",
                    "conditional-text",
                    "date",
                    "reference-ref",
                    "sequence",
                )
            ),
            _odt(
                "in ruby",
                "<text:p>Ord <text:ruby><text:ruby-base>grunn</text:ruby-base><text:ruby-text>hjelp</text:ruby-text></text:ruby></text:p>",
                "Ord grunn hjelp",
            ),
            _odt(
                "hidden by the style above its style",
                '<text:p>Ring <text:span text:style-name="Under">ikke </text:span>113</text:p>',
                "Ring 113",
                lacks=("ikke",),
                warns=(("hidden-text",),),
                more=True,
                members=_hidden_above(),
            ),
            _odt(
                "hidden text",
                '<text:p>Gi <text:hidden-text text:condition="ooow:1" text:string-value="ikke" text:is-hidden="true">ikke</text:hidden-text> 5 mg</text:p>',
                "Gi 5 mg",
                warns=(("hidden-text",),),
                more=True,
            ),
        ),
        row(
            "odt-form-marks",
            "Boxes and lists of Word's older forms, which LibreOffice keeps as marks without words",
            _odt(
                "a ticked box",
                _marked("FORMCHECKBOX", ("Checkbox_Checked", "true")),
                "Informert",
                boxes=((True, "Informert"),),
            ),
            _odt("an empty box", _marked("FORMCHECKBOX"), "Informert", boxes=((False, "Informert"),)),
            _odt(
                "what was chosen of a list",
                _marked(
                    "FORMDROPDOWN",
                    ("Dropdown_ListEntry", "5 mg"),
                    ("Dropdown_ListEntry", "10 mg"),
                    ("Dropdown_Selected", "1"),
                ),
                "10 mg Informert",
                has=("10 mg Informert",),
                warns=(("choices",),),
            ),
            _odt("a list without places", _marked("FORMDROPDOWN", ("Dropdown_Selected", "7")), "Informert"),
        ),
        row(
            "odt-frames",
            "Frames, drawn words and objects of ODT",
            _odt(
                "a shape",
                '<text:p>Se: <draw:custom-shape draw:name="F"><text:p>Ring 113</text:p></draw:custom-shape></text:p>',
                "Se:",
                "Ring 113",
            ),
            _odt(
                "a line and a circle with words",
                '<text:p>Se: <draw:ellipse draw:name="F"><text:p>Ring 113</text:p></draw:ellipse></text:p>',
                "Se:",
                "Ring 113",
                warns=(("text-box", "drawing"),),
            ),
            _odt(
                "a group",
                "<text:p>Se: <draw:g><draw:rect><text:p>Oppdag</text:p></draw:rect><draw:rect><text:p>Varsle</text:p></draw:rect></draw:g></text:p>",
                "Se:",
                "Oppdag",
                "Varsle",
                warns=(("text-box", "drawing"),),
            ),
            _odt(
                "a frame beside paragraphs",
                f'{_P("Før.")}<draw:frame draw:name="F" text:anchor-type="page"><draw:text-box>{_P("Ring 113")}</draw:text-box></draw:frame>',
                "Før.",
                "Ring 113",
            ),
            _odt(
                "a frame in a frame",
                f"<text:p>Se:<draw:frame><draw:text-box><text:p>Ytre<draw:frame><draw:text-box>{_P('Indre')}</draw:text-box></draw:frame></text:p></draw:text-box></draw:frame></text:p>",
                "Se:",
                "Ytre",
                "Indre",
            ),
            _odt(
                "a formula",
                _FRAME,
                "Se",
                members={"Object 1/content.xml": _MATH},
                warns=(("embedded-object", "formula"),),
            ),
        ),
        row(
            "odt-edges",
            "Notes, lists and tables of ODT at their edges",
            _odt(
                "endnote",
                f"<text:p>Gi 5 mg{odt.note('Etter loven', 1, 'endnote')}</text:p>",
                "Gi 5 mg",
                "Etter loven",
                truth={"notes": ("Etter loven",)},
            ),
            _odt(
                "a header in a list",
                f"<text:list><text:list-header>{_P('Utstyr')}</text:list-header><text:list-item>{_P('Hansker')}</text:list-item></text:list>",
                "Utstyr",
                "Hansker",
            ),
            _odt(
                "header rows",
                '<table:table><table:table-column table:number-columns-repeated="2"/><table:table-header-rows><table:table-row><table:table-cell><text:p>Hva</text:p></table:table-cell><table:table-cell><text:p>Når</text:p></table:table-cell></table:table-row></table:table-header-rows><table:table-row><table:table-cell><text:p>Vask</text:p></table:table-cell><table:table-cell><text:p>Nå</text:p></table:table-cell></table:table-row></table:table>',
                "Hva",
                "Når",
                "Vask",
                "Nå",
            ),
            _odt(
                "a paragraph with a number",
                '<text:numbered-paragraph text:level="1"><text:p>Vask hendene</text:p></text:numbered-paragraph>',
                "Vask hendene",
            ),
            _odt(
                "words in no paragraph",
                f"{_P('Gi 5 mg')}<text:p/>Løst i teksten",
                "Gi 5 mg",
                warns=(("words-missing",),),
            ),
            _odt(
                "an index of words",
                f'{_P("Gi 5 mg")}<text:alphabetical-index text:name="I"><text:index-body>{_P("Gi 3")}</text:index-body></text:alphabetical-index>',
                "Gi 5 mg",
                warns=(("contents-list-dropped",),),
            ),
        ),
        row(
            "odt-flat",
            "ODT in one file",
            _flat(
                "a routine",
                odt.heading(1, "Formål") + _P("Hindre fall."),
                "Formål",
                "Hindre fall.",
                headings=((1, "Formål"),),
            ),
            _flat("a table", odt.table([["Hva", "Når"], ["Vask", "Nå"]]), "Hva", "Når", "Vask", "Nå"),
            _flat(
                "a comment",
                "<text:p>Gi 5 mg<office:annotation><text:p>Stemmer dette?</text:p></office:annotation></text:p>",
                "Gi 5 mg",
                comments=("Stemmer dette?",),
            ),
            _flat(
                "a changed dose",
                _TRACKED + '<text:p>Gi <text:change text:change-id="a"/>5 mg</text:p>',
                "Gi 5 mg",
                changes=(("deleted", "Hele avsnittet bort"),),
            ),
        ),
        row(
            "rtf-pages",
            "RTF in the code pages of others",
            _by_page("central Europe", 1250, "Šárka čeká"),
            _by_page("Cyrillic", 1251, "Привет"),
            _by_page("Greek", 1253, "Δόση"),
            _by_page("of DOS", 850, "Håndhygiene på øya"),
            _by_page("of Mac", 10000, "Håndhygiene på øya", "mac_roman"),
            _rtf(
                "without one, and old Mac",
                rb"H\'8cndhygiene\par".decode(),
                "Håndhygiene",
                head=r"{\rtf1\mac\deff0{\fonttbl{\f0 Arial;}}\pard ",
                has=("Håndhygiene",),
            ),
            _rtf(
                "without one, and DOS",
                r"H\'86ndhygiene\par",
                "Håndhygiene",
                head=r"{\rtf1\pca\deff0{\fonttbl{\f0 Arial;}}\pard ",
                has=("Håndhygiene",),
            ),
            _rtf(
                "of a font",
                r"\f1 \'cf\'f0\par\f0 Gi 5 mg\par",
                "Пр",
                "Gi 5 mg",
                head=r"{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0\fcharset0 Arial;}{\f1\fcharset204 Arial Cyr;}}\pard ",
                has=("Пр",),
            ),
        ),
        row(
            "rtf-signs",
            "Signs of RTF's symbol fonts",
            _rtf("at least, by code", r"\pard Dose {\f1\'b3} 5 mg\par", "Dose ≥ 5 mg", has=("≥ 5 mg",)),
            _rtf("at least, by number", r"\pard Dose {\f1\u-3917 ?} 5 mg\par", "Dose ≥ 5 mg", has=("≥ 5 mg",)),
            _rtf(
                "a symbol field",
                r'\pard Dose {\field{\*\fldinst SYMBOL 179 \\f "Symbol" \\s 10}{\fldrslt\f1\'b3}} 5 mg\par',
                "Dose ≥ 5 mg",
                has=("≥ 5 mg",),
            ),
        ),
        row(
            "rtf-forms",
            "Boxes and lists of a form in RTF, whose state stands in the instruction",
            _rtf(
                "a ticked box",
                _form("CHECKBOX", r"\fftype1\ffres1\ffdefres0"),
                "Informert",
                boxes=((True, "Informert"),),
            ),
            _rtf(
                "ticked beforehand",
                _form("CHECKBOX", r"\fftype1\ffres25\ffdefres1"),
                "Informert",
                boxes=((True, "Informert"),),
            ),
            _rtf(
                "an empty box",
                _form("CHECKBOX", r"\fftype1\ffres25\ffdefres0"),
                "Informert",
                boxes=((False, "Informert"),),
            ),
            _rtf("a box that does not say", _form("CHECKBOX", ""), "Informert", warns=(("symbol-unknown",),)),
            _rtf(
                "what was chosen of a list",
                _form("DROPDOWN", r"\fftype2\ffres1{\*\ffl 5 mg}{\*\ffl p\'e5 10 mg}"),
                "på 10 mg Informert",
                has=("på 10 mg Informert",),
                warns=(("choices",),),
            ),
            _rtf(
                "what was written",
                _form("TEXT", r"\fftype0", "Ring 113"),
                "Ring 113 Informert",
                has=("Ring 113 Informert",),
            ),
        ),
        row(
            "rtf-blocks",
            "Headings, notes, tables and fields of RTF",
            _rtf(
                "headings and a note",
                r"\pard\plain\s1\outlinelevel0\b Form\u229?l\par\pard\plain Hindre fall{\super\chftn}{\footnote\pard\plain {\super\chftn} Etter loven}.\par\pard\plain\s2\outlinelevel1\b Ansvar\par\pard\plain Leder.\par",
                "Formål",
                "Hindre fall.",
                "Ansvar",
                "Leder.",
                "Etter loven",
                headings=((1, "Formål"), (2, "Ansvar")),
                truth={"notes": ("Etter loven",)},
            ),
            _rtf(
                "an endnote",
                r"\pard Gi 5 mg{\super\chftn}{\footnote\ftnalt\pard\plain {\super\chftn} Etter loven}.\par",
                "Gi 5 mg.",
                "Etter loven",
            ),
            _rtf(
                "a table",
                _table(("Hva", "N\\u229?r"), ("Vask", "Alltid")) + r"\pard Slutt.\par",
                "Hva",
                "Når",
                "Vask",
                "Alltid",
                "Slutt.",
            ),
            _rtf(
                "a merge field",
                r"\pard Hei {\field{\*\fldinst MERGEFIELD Navn}{\fldrslt \u171?Navn\u187?}}\par",
                "Hei «Navn»",
                has=("«Navn»",),
            ),
            _rtf(
                "a link",
                r'\pard Se {\field{\*\fldinst HYPERLINK "https://eksempel.no"}{\fldrslt siden}}\par',
                "Se siden",
                truth={"links": ("https://eksempel.no",)},
            ),
            _rtf(
                "a text box",
                r"\pard Les:{\shp{\*\shpinst{\sp{\sn shapeType}{\sv 202}}{\shptxt \pard Ring 113\par}}{\shprslt{\*\do\dptxbx{\dptxbxtext\pard Ring 113\par}}}}\par",
                "Les:",
                "Ring 113",
            ),
            _rtf(
                "a form field",
                r"\pard Sone: {\field{\*\fldinst FORMTEXT {\*\formfield{\fftype0{\*\ffname Tekst1}}}}{\fldrslt nord}}\par",
                "Sone: nord",
                has=("Sone: nord",),
            ),
            _rtf(
                "marks nobody knows",
                r"\pard Gi {\*\ukjent skjult }{\helteukjent ikke} mer enn 5 mg\par",
                "Gi ikke mer enn 5 mg",
            ),
            _rtf(
                "bytes as they are",
                "\\pard H\xe5ndhygiene\\par",
                "Håndhygiene",
                head=r"{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0 Arial;}}",
                has=("Håndhygiene",),
            ),
            _rtf(
                "raw bytes of data",
                "\\pard F\u00f8r{\\pict\\bin5 a{}\\b} etter\\par".replace("ø", "\\'f8"),
                "Før etter",
            ),
        ),
    )
