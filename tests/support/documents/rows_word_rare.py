"""Word: words that are drawn, noted or changed in rare ways, and files whose parts are not where they use to be."""

from tests.support.documents.rows_word_kinds import DRAWN, graphic, said
from tests.support.documents.rows_word_text import word
from tests.support.documents.truth import Truth, case, row
from tests.support.documents.word import Piece, Word, packed, run
from tests.support.documents.word_pieces import WHO, deleted, inserted, text_box


def _shape_words(w):
    """Give a drawing whose words are DrawingML's own, as in a locked canvas that was pasted from slides."""
    inside = (
        f'<lc:lockedCanvas xmlns:lc="{DRAWN}/lockedCanvas"><a:sp><a:txSp><a:txBody><a:p><a:r><a:t>Ring 113</a:t></a:r>'
        "</a:p></a:txBody></a:txSp></a:sp></lc:lockedCanvas>"
    )
    return w.paragraph("Se:").raw(f"<w:p>{graphic('lockedCanvas', inside)}</w:p>")


def _word_art(w):
    xml = '<w:r><w:pict><v:shape id="s" type="#_x0000_t136"><v:textpath string="Ring alltid 113"/></v:shape></w:pict></w:r>'
    return w.paragraph("Se:").raw(f"<w:p>{xml}</w:p>")


def _box_in_box(w):
    inner = text_box("Ring 113").xml
    outer = text_box("Ved hjertestans").xml.replace("<w:p>", f"<w:p>{inner}", 1)
    return w.raw(f"<w:p>{run('Les:')}{outer}</w:p>", words=("Les:", "Ved hjertestans", "Ring 113"))


def _same_words(w):
    """Give two boxes of the same words: they stand there twice, and must come twice."""
    xml = text_box("Husk hansker").xml
    return w.raw(f"<w:p>{run('Les:')}{xml}{xml}</w:p>", words=("Les:", "Husk hansker", "Husk hansker"))


def _fallback_alone(w):
    spare = text_box("Ring 113", branches="old").xml.removeprefix("<w:r>").removesuffix("</w:r>")
    xml = f'<w:r><mc:AlternateContent><mc:Choice Requires="wps"/><mc:Fallback>{spare}</mc:Fallback></mc:AlternateContent></w:r>'
    return w.raw(f"<w:p>{run('Les:')}{xml}</w:p>", words=("Les:", "Ring 113"))


def _blocks_twice(w):
    """Give a paragraph that is written for new and for old readers."""
    new, old = (f"<w:p>{run('Ring 113 ved hjertestans')}</w:p>" for _ in range(2))
    xml = (
        f'<mc:AlternateContent><mc:Choice Requires="w14">{new}</mc:Choice><mc:Fallback>{old}</mc:Fallback>'
        "</mc:AlternateContent>"
    )
    return w.raw(xml, words=("Ring 113 ved hjertestans",))


def _box_in_note(w):
    w.paragraph("Følg dosen", w.note("NOTE"), ".")
    made = w._notes_xml("footnote").replace(run(" NOTE"), run(" Høyst ") + text_box("1 mg").xml)
    w.members["word/footnotes.xml"] = made
    w.truth = w.truth.__class__(words=("Følg dosen.", "Høyst", "1 mg"))
    return w


def _table_in_note(w):
    w.paragraph("Følg dosen", w.note("NOTE", "endnote"), ".")
    rows_ = f"<w:tr>{w.cell_xml('Barn')}{w.cell_xml('2 mg')}</w:tr>"
    made = w._notes_xml("endnote").replace(
        "</w:p></w:endnote></w:endnotes>", f"</w:p>{w.table_xml(rows_, columns=2)}<w:p/></w:endnote></w:endnotes>"
    )
    w.members["word/endnotes.xml"] = made.replace("NOTE", "Se tabell")
    w.truth = w.truth.__class__(words=("Følg dosen.", "Se tabell", "Barn", "2 mg"))
    return w


def _note_of_a_mark(w):
    """Give a footnote with a mark of its own instead of a number."""
    piece = w.note("Etter loven.")
    xml = piece.xml.replace('w:id="1"/>', 'w:customMarkFollows="1" w:id="1"/><w:t>*</w:t>')
    return w.paragraph("Leder har ansvaret", Piece(xml), ".")


def _row(w, *cells, marks="", form=""):
    return f"<w:tr>{f'<w:trPr>{marks}</w:trPr>' if marks else ''}{''.join(w.cell_xml(one, properties=form) for one in cells)}</w:tr>"


def _rows_changed(w):
    table = (
        _row(w, "Hva", "Når")
        + _row(w, "Gammel", "aldri", marks=f'<w:del w:id="7" {WHO}/>')
        + _row(w, "Ny", "alltid", marks=f'<w:ins w:id="8" {WHO}/>')
    )
    return w.raw(w.table_xml(table, columns=2), words=("Hva", "Når", "Ny", "alltid"))


def _cell_taken_out(w):
    gone = w.cell_xml("Gammel", properties=f'<w:cellDel w:id="9" {WHO}/>')
    table = _row(w, "Hva", "Når") + f"<w:tr>{w.cell_xml('Ny')}{w.cell_xml('alltid')}{gone}</w:tr>"
    return w.paragraph("Se:").raw(w.table_xml(table, columns=2), words=("Hva", "Når", "Ny", "alltid"))


def _moved_paragraph(w):
    mark = '<w:pPr><w:rPr><w:{} w:id="{}" {}/></w:rPr></w:pPr>'
    words = "Gi ikke mer enn 5 mg."
    gone = f'<w:p>{mark.format("moveFrom", 20, WHO)}<w:moveFrom w:id="21" {WHO}>{run(words)}</w:moveFrom></w:p>'
    come = f'<w:p>{mark.format("moveTo", 22, WHO)}<w:moveTo w:id="23" {WHO}>{run(words)}</w:moveTo></w:p>'
    return w.raw(gone).paragraph("Mellom.").raw(come, words=(words,))


def _formula_changed(w):
    gone = f'<w:del w:id="31" {WHO}><m:oMath>{said("2x")}</m:oMath></w:del>'
    come = f'<w:ins w:id="32" {WHO}><m:oMath>{said("3x")}</m:oMath></w:ins>'
    return w.raw(f"<w:p>{run('Dose = ')}{gone}{come}</w:p>", words=("Dose = 3x",))


def _table_changed(w):
    """Give a table put in by a change, with words taken out in a cell of it."""
    cell = w.cell_xml(blocks=f"<w:p>{run('Gi ')}{deleted('10', 41).xml}{inserted('1', 42).xml}{run(' mg')}</w:p>")
    return w.paragraph("Dose:").raw(
        w.table_xml(f"<w:tr>{w.cell_xml('Voksne')}{cell}</w:tr>", columns=2), words=("Voksne", "Gi 1 mg")
    )


def _runs_in_the_body(w):
    return w.paragraph("Før.").raw(run("Løst i teksten"), words=("Løst i teksten",))


def _unknown_wrapper(w):
    xml = f"<w:p>{run('Gi ')}<w:ukjent>{run('ikke mer enn ')}</w:ukjent>{run('5 mg')}</w:p>"
    return w.raw(xml, words=("Gi ikke mer enn 5 mg",))


def _words_of_another_space(w):
    xml = '<w:p><x:r xmlns:x="urn:annet"><x:t>aldri</x:t></x:r>' + run(" varm") + "</w:p>"
    return w.raw(xml, words=("varm",))


def _cell_without_paragraph(w):
    return w.raw(w.table_xml(f"<w:tr>{w.cell_xml('A')}<w:tc><w:tcPr/></w:tc></w:tr>", columns=2), words=("A",))


def _members(change, build=None):
    def made():
        members = (build or _plain)(Word()).parts()
        return packed(change(members))

    return made


def _plain(w):
    return w.heading(1, "Formål").paragraph("Gi 5 mg", w.note("Etter loven."), ".").item(1, "Vask").picture("Knapp")


def _moved(members):
    """Give the members with the document in another folder, by absolute addresses and another name."""
    rels = members.pop("word/_rels/document.xml.rels")
    for one in ("styles", "numbering", "footnotes", "endnotes", "comments", "settings"):
        rels = rels.replace(f'"{one}.xml"', f'"/deler/{one}7.xml"')
        members[f"deler/{one}7.xml"] = members.pop(f"word/{one}.xml")
    rels = rels.replace('"media/', '"/word/media/')
    members["hoved/document2.xml"] = members.pop("word/document.xml")
    members["hoved/_rels/document2.xml.rels"] = rels
    members["_rels/.rels"] = members["_rels/.rels"].replace('"word/document.xml"', '"/hoved/document2.xml"')
    types = members["[Content_Types].xml"].replace("/word/document.xml", "/hoved/document2.xml")
    for one in ("styles", "numbering", "footnotes", "endnotes", "comments", "settings"):
        types = types.replace(f"/word/{one}.xml", f"/deler/{one}7.xml")
    members["[Content_Types].xml"] = types
    return members


def _sixteen(members):
    return {
        name: data.replace('encoding="UTF-8"', 'encoding="UTF-16"').encode("utf-16")
        if name.startswith("word/") and isinstance(data, str)
        else data
        for name, data in members.items()
    }


def _backslashes(members):
    return {name.replace("/", "\\") if name.startswith("word/") else name: data for name, data in members.items()}


def _relation_lost(key, to):
    def change(members):
        name = "word/_rels/document.xml.rels"
        return {**members, name: members[name].replace(f'"{key}.xml"', f'"{to}"')}

    return change


def _without_part(name):
    return lambda members: {key: data for key, data in members.items() if key != name}


_WORDS = ("Formål", "Gi 5 mg.", "Vask", "Etter loven.")


def _whole(name, change, file="rutine.docx", **expected):
    return case(name, file, _members(change), truth=Truth(words=_WORDS, tree=False, pictures=("Knapp",)), **expected)


def rows():
    """Give the rows."""
    return (
        row(
            "word-drawn-words",
            "Words that are drawn: once, wherever they stand",
            word("of slides", _shape_words, warns=(("drawing", "text-box"),)),
            word("word art", _word_art, warns=(("drawing",),)),
            word("a box in a box", _box_in_box),
            word("twice the same", _same_words),
            word("only for old readers", _fallback_alone),
            word("paragraphs for two readers", _blocks_twice),
        ),
        row(
            "word-notes-rare",
            "Notes with boxes, tables and marks of their own",
            word("a box", _box_in_note),
            word("a table", _table_in_note),
            word("a mark of its own", _note_of_a_mark),
            word(
                "of both kinds with one number",
                lambda w: w.paragraph("A", w.note("Fot"), " B", w.note("Slutt", "endnote")),
            ),
        ),
        row(
            "word-changes-rare",
            "Changes of rows, cells, formulas and whole paragraphs",
            word(
                "rows",
                _rows_changed,
                lacks=("Gammel",),
                changes=(("row-deleted", "Gammel aldri"), ("row-inserted", "Ny alltid")),
            ),
            word("a cell", _cell_taken_out, lacks=("Gammel",), warns=(("changes-accepted",),)),
            word(
                "a paragraph moved",
                _moved_paragraph,
                changes=(("moved-away", "Gi ikke mer enn 5 mg."), ("moved-here", "Gi ikke mer enn 5 mg.")),
            ),
            word("a formula", _formula_changed, lacks=("2x",), warns=(("changes-accepted",),)),
            word("in a cell", _table_changed, lacks=("10",)),
        ),
        row(
            "word-against-the-rules",
            "Marks that no program should write, and some do",
            word("words outside a paragraph", _runs_in_the_body),
            word(
                "a formula outside a paragraph",
                lambda w: w.paragraph("Før.").raw(
                    f"<m:oMathPara><m:oMath>{said('2x')}</m:oMath></m:oMathPara>", words=("2x",)
                ),
                warns=(("formula",),),
            ),
            word("a mark nobody knows", _unknown_wrapper),
            word("of another language", _words_of_another_space, warns=(("words-missing",),)),
            word("a cell without paragraph", _cell_without_paragraph),
        ),
        row(
            "word-parts-elsewhere",
            "Parts with other names, in other folders, in another encoding",
            _whole("absolute and renamed", _moved),
            _whole("all in utf-16", _sixteen),
            _whole("stroke of Windows", _backslashes, refused=("damaged", "archive"), either=True),
        ),
        row(
            "word-parts-lost",
            "Parts that the text leans on and that are not there",
            case(
                "footnotes gone",
                "rutine.docx",
                _members(_without_part("word/footnotes.xml")),
                has=("Gi 5 mg",),
                warns=(("part-missing", "notes-missing"),),
            ),
            case(
                "footnotes lead elsewhere",
                "rutine.docx",
                _members(_relation_lost("footnotes", "styles.xml")),
                has=("Gi 5 mg",),
                warns=(("part-missing", "notes-missing"),),
            ),
            case(
                "footnotes lead to nothing",
                "rutine.docx",
                _members(_relation_lost("footnotes", "nei.xml")),
                has=("Gi 5 mg",),
                warns=(("part-missing", "notes-missing"),),
            ),
            case(
                "styles lead to nothing",
                "rutine.docx",
                _members(_relation_lost("styles", "nei.xml")),
                has=("Gi 5 mg",),
                warns=(("part-missing",),),
            ),
            case(
                "lists lead to nothing",
                "rutine.docx",
                _members(_relation_lost("numbering", "nei.xml")),
                has=("Vask",),
                warns=(("part-missing",),),
            ),
            case(
                "no relations",
                "rutine.docx",
                _members(_without_part("word/_rels/document.xml.rels")),
                has=("Gi 5 mg",),
                warns=(("part-missing",),),
            ),
        ),
    )
