"""Word: corners where two things meet, which is where words are lost."""

from dataclasses import replace

from tests.support.documents.rows_word_text import word
from tests.support.documents.truth import row
from tests.support.documents.word import Piece, Word, run
from tests.support.documents.word_parts import BULLETS, HEAD, NUMBERS, numbering, styles
from tests.support.documents.word_pieces import LINE, WHO, bold, deleted, field, hidden, inserted, text_box


def _shape(xml, kind="wordprocessingShape"):
    uri = f"http://schemas.microsoft.com/office/word/2010/{kind}"
    return (
        '<w:r><w:drawing><wp:inline><wp:extent cx="9" cy="9"/><wp:docPr id="80" name="Form"/><a:graphic><a:graphicData '
        f'uri="{uri}">{xml}</a:graphicData></a:graphic></wp:inline></w:drawing></w:r>'
    )


def _group(w):
    group = "http://schemas.microsoft.com/office/word/2010/wordprocessingGroup"
    shapes = "".join(
        f"<wps:wsp><wps:txbx><w:txbxContent><w:p>{run(text)}</w:p></w:txbxContent></wps:txbx><wps:bodyPr/></wps:wsp>"
        for text in ("Mottak av melding", "Vurder alvor")
    )
    xml = _shape(f'<wpg:wgp xmlns:wpg="{group}">{shapes}</wpg:wgp>', "wordprocessingGroup")
    return w.paragraph("Flyt:").raw(f"<w:p>{xml}</w:p>", words=("Mottak av melding", "Vurder alvor"))


def _table_in_box(w):
    cells = "".join(f"<w:tr>{w.cell_xml(a)}{w.cell_xml(b)}</w:tr>" for a, b in (("Politi", "112"), ("Brann", "110")))
    inside = f"{w.table_xml(cells, columns=2)}<w:p/>"
    shape = _shape(f"<wps:wsp><wps:txbx><w:txbxContent>{inside}</w:txbxContent></wps:txbx><wps:bodyPr/></wps:wsp>")
    return w.paragraph("Ring:").raw(f"<w:p>{shape}</w:p>", words=("Politi", "112", "Brann", "110"))


def _items_in_box(w):
    items = "".join(
        f'<w:p><w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="{BULLETS}"/></w:numPr></w:pPr>{run(text)}</w:p>'
        for text in ("Hansker", "Frakk")
    )
    shape = _shape(f"<wps:wsp><wps:txbx><w:txbxContent>{items}</w:txbxContent></wps:txbx><wps:bodyPr/></wps:wsp>")
    return w.paragraph("Ta med:").raw(f"<w:p>{shape}</w:p>", words=("Hansker", "Frakk"))


def _joined(w):
    mark = f'<w:pPr><w:rPr><w:del w:id="60" {WHO}/></w:rPr></w:pPr>'
    return w.raw(
        f"<w:p>{mark}{run('Gi ikke ')}</w:p><w:p>{run('mer enn 5 mg.')}</w:p>", words=("Gi ikke mer enn 5 mg.",)
    )


def _changed_note(w):
    w.paragraph("Følg dosen", w.note("NOTE"), ".")
    made = w._notes_xml("footnote").replace(
        run(" NOTE"), run(" Høyst ") + deleted("10 mg", 61).xml + inserted("1 mg", 62).xml
    )
    w.members["word/footnotes.xml"] = made
    return _truth(w, words=("Følg dosen.", "Høyst 1 mg"), notes=("Høyst 1 mg",))


def _two_part_note(w):
    w.paragraph("Følg dosen", w.note("NOTE"), ".")
    again = f"{run(' Første del.')}</w:p><w:p>{run('Andre del.')}"
    w.members["word/footnotes.xml"] = w._notes_xml("footnote").replace(run(" NOTE"), again)
    return _truth(w, words=("Følg dosen.", "Første del. Andre del."), notes=("Første del. Andre del.",))


def _link_in_note(w):
    w.paragraph("Se veilederen", w.note("NOTE"), ".")
    link = f'{run(" I ")}<w:hyperlink r:id="rId1">{run("veilederen")}</w:hyperlink>'
    w.members["word/footnotes.xml"] = w._notes_xml("footnote").replace(run(" NOTE"), link)
    w.members["word/_rels/footnotes.xml.rels"] = (
        f'{HEAD}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
        'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink" '
        'Target="https://provevik.example/n" TargetMode="External"/></Relationships>'
    )
    w = _truth(w, words=("Se veilederen.", "I veilederen"), notes=("I veilederen",))
    w.truth = w.truth.plus(links=("https://provevik.example/n",))
    return w


def _truth(w, *, words, notes):
    w.truth = replace(w.truth, words=words, notes=notes)
    return w


def _levelled(w):
    number = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="0"/></w:numPr>'
    w.item(1, "Vask", kind=NUMBERS)
    w.raw(w._paragraph_xml(["Uten nummer"], style="Nummerertliste", properties=number), words=("Uten nummer",))
    return w.item(1, "Tørk", kind=NUMBERS)


def _start_at_five(w):
    key = w.another_list()
    w.item(1, "Femte punkt", kind=key).item(1, "Sjette punkt", kind=key)
    made = numbering(1).replace('<w:startOverride w:val="1"/>', '<w:startOverride w:val="5"/>')
    w.members["word/numbering.xml"] = made
    return w


def _two_tables(w):
    return w.table([["A", "B"], ["C", "D"]]).table([["E", "F", "G"], ["H", "I", "J"]])


def _rows_in_control(w):
    lines = "".join(f"<w:tr>{w.cell_xml(a)}{w.cell_xml(b)}</w:tr>" for a, b in ("CD", "EF"))
    first = f"<w:tr>{w.cell_xml('A')}{w.cell_xml('B')}</w:tr>"
    xml = w.table_xml(f"{first}<w:sdt><w:sdtPr/><w:sdtContent>{lines}</w:sdtContent></w:sdt>", columns=2)
    return w.raw(xml, words=tuple("ABCDEF"), tables=((("A", "B"), ("C", "D"), ("E", "F")),))


def _cell_in_control(w):
    held = f"<w:sdt><w:sdtPr/><w:sdtContent>{w.cell_xml('D')}</w:sdtContent></w:sdt>"
    xml = w.table_xml(f"<w:tr>{w.cell_xml('A')}{w.cell_xml('B')}</w:tr><w:tr>{w.cell_xml('C')}{held}</w:tr>", columns=2)
    return w.raw(xml, words=tuple("ABCD"), tables=((("A", "B"), ("C", "D")),))


def _heading_in_cell(w):
    head = w._paragraph_xml(["Ansvar"], style="Overskrift2")
    cells = w.cell_xml(blocks=head + f"<w:p>{run('Leder')}</w:p>") + w.cell_xml("Alltid")
    xml = w.table_xml(f"<w:tr>{w.cell_xml('Hva')}{w.cell_xml('Når')}</w:tr><w:tr>{cells}</w:tr>", columns=2)
    w.truth = w.truth.plus(tree=False)
    return w.heading(1, "Formål").raw(xml, words=("Hva", "Når", "Ansvar", "Leder", "Alltid"))


def _box_in_cell(w):
    return w.table([["Hva", "Når"], ["Ring", Piece(run("Nå ") + text_box("Før 5 min").xml, "Nå Før 5 min")]])


def _hidden_by_style(w):
    extra = (
        '<w:style w:type="character" w:styleId="Skjult"><w:name w:val="Skjult"/><w:rPr><w:vanish/></w:rPr></w:style>'
    )
    w.members["word/styles.xml"] = styles().replace("</w:styles>", f"{extra}</w:styles>")
    return w.paragraph("Ring ", Piece(run("ikke ", '<w:rStyle w:val="Skjult"/>')), "113")


def _struck_by_style(w):
    extra = (
        '<w:style w:type="character" w:styleId="Slettet"><w:name w:val="Slettet"/><w:rPr><w:strike/></w:rPr></w:style>'
    )
    w.members["word/styles.xml"] = styles().replace("</w:styles>", f"{extra}</w:styles>")
    return w.paragraph("Gi ", Piece(run("10 mg", '<w:rStyle w:val="Slettet"/>'), "10 mg"), " 5 mg")


def _old_picture(w):
    w.drawing("")
    key = f"rId{len(w._relations)}"
    xml = f'<w:r><w:pict><v:shape id="s1" alt="Kart over bygget"><v:imagedata r:id="{key}"/></v:shape></w:pict></w:r>'
    return w.paragraph("Se:").raw(f"<w:p>{xml}</w:p>", pictures=("Kart over bygget",))


def _changed_header(w):
    w.heading(1, "Formål").paragraph("Hindre fall.")
    return w.edge("header", f"<w:p>{run('Versjon: ')}{deleted('1.0', 70).xml}{inserted('2.0', 71).xml}</w:p>")


def _nested_field(w):
    inner = field("MERGEFIELD Navn", "Kari").xml
    xml = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> IF </w:instrText></w:r>'
        f'{inner}<w:r><w:instrText> = "x" "ja" "nei" </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>'
        f'{run("nei")}<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )
    return w.raw(f"<w:p>{run('Svar: ')}{xml}</w:p>", words=("Svar: nei",))


def _form_text(w):
    xml = (
        '<w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:textInput/></w:ffData></w:fldChar></w:r><w:r><w:instrText> '
        'FORMTEXT </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>'
        f'{run("sone nord")}<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )
    return w.raw(f"<w:p>{run('Sone: ')}{xml}</w:p>", words=("Sone: sone nord",))


def _latin_xml(w: Word):
    w.heading(1, "Formål").paragraph("Gjør én ting på kvelden.")
    w.document_xml = lambda: Word.document_xml(w).replace("UTF-8", "ISO-8859-1").encode("latin-1")
    return w


def _unspaced(w):
    xml = "<w:p><w:r><w:t>Gi</w:t></w:r><w:r><w:t> </w:t></w:r><w:r><w:t xml:space='preserve'> 5</w:t></w:r><w:r><w:t>mg</w:t></w:r></w:p>"
    return w.raw(xml, words=("Gi 5mg",))


def rows():
    """Give the rows."""
    return (
        row(
            "word-shapes",
            "Words in groups of shapes, and blocks in text boxes",
            word("a group", _group, warns=(("text-box", "drawing"),)),
            word("a table in a box", _table_in_box, warns=(("text-box",),)),
            word("items in a box", _items_in_box, warns=(("text-box",),)),
            word("a box in a cell", _box_in_cell, warns=(("text-box",),)),
        ),
        row(
            "word-notes-more",
            "Notes with changes, more paragraphs and links of their own",
            word(
                "a changed dose", _changed_note, lacks=("10 mg",), changes=(("deleted", "10 mg"), ("inserted", "1 mg"))
            ),
            word("two paragraphs", _two_part_note),
            word("a link", _link_in_note),
            word("in a heading", _noted_heading, ordered=False, has=("Etter loven.",), warns=(("notes-missing",),)),
            word("in an item", lambda w: w.item(1, "Vask").item(1, "Tørk", w.note("Med papir."))),
        ),
        row(
            "word-changes-more",
            "Changes of paragraph marks, in headers and of whole tables",
            word("two paragraphs made one", _joined, has=("Gi ikke mer enn 5 mg.",)),
            word("a version in the header", _changed_header, suggested={"version": "2.0"}),
            word(
                "a hidden change",
                lambda w: w.paragraph("Ring ", Piece(hidden("aldri ").xml), inserted("alltid ", 72), "113"),
            ),
        ),
        row(
            "word-lists-more",
            "Lists that begin at five, items without number, and words that only look like items",
            word("begins at five", _start_at_five, numbers=((5, "Femte punkt"), (6, "Sjette punkt"))),
            word("one without number", _levelled, numbers=((1, "Vask"), (2, "Tørk"))),
            word(
                "minus degrees",
                lambda w: w.paragraph("-2 °C er for kaldt.").paragraph("- 2 °C også."),
                has=("-2 °C er", "- 2 °C også"),
            ),
            word(
                "a date",
                lambda w: w.paragraph("Fristen er").paragraph("1. mai 2024").paragraph("10. mai 2024"),
                has=("1. mai 2024", "10. mai 2024"),
            ),
            word(
                "an item that begins with a number",
                lambda w: w.item(1, "1. mai er fri").item(1, "17. mai også"),
                has=("1. mai er fri",),
            ),
        ),
        row(
            "word-tables-more",
            "Tables side by side, in controls, with headings inside",
            word("two in a row", _two_tables),
            word("rows in a control", _rows_in_control),
            word("a cell in a control", _cell_in_control),
            word("a heading in a cell", _heading_in_cell),
        ),
        row(
            "word-runs",
            "Words cut into runs: no space is lost, none is added, and no mark of form shows",
            word("a dose in pieces", lambda w: w.paragraph("Gi ", bold("1"), "0 mg"), has=("Gi 10 mg",)),
            word(
                "bold up to a sign",
                lambda w: w.paragraph(bold("Obs!"), "Ring (", bold("113"), ")nå"),
                has=("Obs!Ring (113)nå",),
            ),
            word(
                "bold with spaces at the edge",
                lambda w: w.paragraph("Gi ", bold(" ikke "), "mer"),
                has=("Gi ikke mer",),
            ),
            word("spaces apart", _unspaced, has=("Gi 5mg",)),
            word(
                "bold over a line break",
                lambda w: w.paragraph(Piece(run("En", "<w:b/>") + LINE.xml + run("to", "<w:b/>"), "En to")),
                has=("En to",),
            ),
        ),
        row(
            "word-styles-that-hide",
            "Hidden and struck by a style, and old pictures",
            word("hidden by a style", _hidden_by_style, lacks=("ikke",), warns=(("hidden-text",),)),
            word("struck by a style", _struck_by_style, warns=(("struck-through",),)),
            word("a picture of old Word", _old_picture),
            word(
                "a heading that is empty",
                lambda w: w.raw(w._paragraph_xml([], style="Overskrift1")).heading(1, "Formål").paragraph("A."),
            ),
        ),
        row(
            "word-fields-more",
            "Fields in fields and old forms",
            word("a condition", _nested_field, lacks=("MERGEFIELD", "Kari")),
            word("a form's text", _form_text, has=("Sone: sone nord",)),
            word(
                "without a result",
                lambda w: w.paragraph("Se ", Piece('<w:fldSimple w:instr="REF x"/>'), "under."),
                has=("Se under.",),
            ),
            word("XML in another encoding", _latin_xml, has=("én ting på",)),
        ),
    )


def _noted_heading(w):
    # A heading holds no note, which would stand in the list of contents too: its words become a paragraph.
    xml = w._paragraph_xml(["Ansvar", w.note("Etter loven.")], style="Overskrift1")
    w.truth = replace(w.truth, notes=())
    return w.heading(1, "Formål").paragraph("A.").raw(xml, words=("Ansvar",), headings=((1, "Ansvar"),))
